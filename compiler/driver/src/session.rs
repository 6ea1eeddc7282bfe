//! One package, opened: its database, and what can be asked of it.

use crate::files::Files;
use crate::project::{self, OpenError};
use crate::report::Report;
use dot_db::{Database, FileStatus, Package, Project, SourceFile};
use salsa::Setter;
use std::path::{Path, PathBuf};

/// A package and its database. A clone is a snapshot: it shares everything, and a change to the original waits
/// until the clone is dropped, cancelling what still runs on it.
#[derive(Clone)]
pub struct Session {
    db: Database,
    path: PathBuf,
}

impl Session {
    /// Opens the package at `path`: a `.dot` file, or a folder with a manifest.
    ///
    /// # Errors
    ///
    /// When there is none, or it can't be read. Mistakes in source files are no errors here; see [`Self::check`].
    pub fn open(files: &dyn Files, path: &Path) -> Result<Self, OpenError> {
        let mut db = Database::default();
        project::open(&mut db, files, path)?;
        Ok(Self { db, path: path.to_owned() })
    }

    /// Reads the package again. What did not change is not touched, so nothing that depends on it runs again.
    ///
    /// # Errors
    ///
    /// As for [`Self::open`]; the session then stays as it was.
    pub fn refresh(&mut self, files: &dyn Files) -> Result<(), OpenError> {
        project::refresh(&mut self.db, files, &self.path)
    }

    /// Turns to another package in the same database: what both share, the standard library foremost, stays checked.
    ///
    /// # Errors
    ///
    /// As for [`Self::open`]; the session then stays as it was.
    pub fn turn_to(&mut self, files: &dyn Files, path: &Path) -> Result<(), OpenError> {
        project::refresh(&mut self.db, files, path)?;
        path.clone_into(&mut self.path);
        Ok(())
    }

    /// Replaces the text of one file of the package by what an editor shows of it.
    pub fn set_text(&mut self, file: SourceFile, text: &str) {
        if **file.text(&self.db) != *text {
            file.set_text(&mut self.db).to(text.into());
        }
        if *file.status(&self.db) != FileStatus::Present {
            file.set_status(&mut self.db).to(FileStatus::Present);
        }
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Database {
        &self.db
    }

    /// The path that was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The package.
    #[must_use]
    pub fn package(&self) -> Package {
        Project::get(&self.db).root(&self.db)
    }

    /// The package's file that is shown under this path.
    #[must_use]
    pub fn file(&self, shown: &str) -> Option<SourceFile> {
        let modules = self.package().modules(&self.db);
        modules.iter().map(|module| module.file).find(|file| file.path(&self.db) == shown)
    }

    /// Everything that is wrong with the package.
    #[must_use]
    pub fn check(&self) -> Report {
        let found = dot_types::package_diagnostics(&self.db, self.package());
        let constants = crate::constants::diagnostics(&self.db, self.package());
        Report::new(&self.db, found.into_iter().chain(constants))
    }
}
