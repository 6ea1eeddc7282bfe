//! One package, opened: its database, and what can be asked of it.

use crate::files::Files;
use crate::graph::LockChange;
use crate::profiles::Settings;
use crate::project::{self, OpenError, Opened, RootManifest};
use crate::report::Report;
use dot_db::{Database, Diagnostic, FileStatus, Origin, Package, Project, SourceFile};
use salsa::Setter;
use std::path::{Path, PathBuf};

/// A package and its database. A clone is a snapshot: it shares everything, and a change to the original waits
/// until the clone is dropped, cancelling what still runs on it.
#[derive(Clone)]
pub struct Session {
    db: Database,
    path: PathBuf,
    opened: Opened,
}

impl Session {
    /// Opens the package at `path`: a `.dot` file, or a folder with a manifest.
    ///
    /// # Errors
    ///
    /// When there is none, or it can't be read. Mistakes in source files are no errors here; see [`Self::check`].
    pub fn open(files: &dyn Files, path: &Path) -> Result<Self, OpenError> {
        Self::open_with(files, path, false)
    }

    /// Opens a package as if it had no lock file: versions of dependencies are chosen anew.
    ///
    /// # Errors
    ///
    /// As for [`Self::open`].
    pub fn open_updated(files: &dyn Files, path: &Path) -> Result<Self, OpenError> {
        Self::open_with(files, path, true)
    }

    fn open_with(files: &dyn Files, path: &Path, update: bool) -> Result<Self, OpenError> {
        let mut db = Database::default();
        let opened = project::open(&mut db, files, path, update)?;
        Ok(Self { db, path: path.to_owned(), opened })
    }

    /// Reads the package again. What did not change is not touched, so nothing that depends on it runs again.
    ///
    /// # Errors
    ///
    /// As for [`Self::open`]; the session then stays as it was.
    pub fn refresh(&mut self, files: &dyn Files) -> Result<(), OpenError> {
        project::refresh(&mut self.db, files, &self.path, &mut self.opened)
    }

    /// Turns to another package in the same database: what both share, the standard library foremost, stays checked.
    ///
    /// # Errors
    ///
    /// As for [`Self::open`]; the session then stays as it was.
    pub fn turn_to(&mut self, files: &dyn Files, path: &Path) -> Result<(), OpenError> {
        project::turn_to(&mut self.db, files, path, &mut self.opened)?;
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

    /// The file of the package, or of one that it depends on, that is shown under this path.
    #[must_use]
    pub fn file(&self, shown: &str) -> Option<SourceFile> {
        let packages = dot_db::packages_of(&self.db).iter().rev();
        let mut modules = packages.flat_map(|package| package.modules(&self.db));
        modules.find(|module| module.file.path(&self.db) == shown).map(|module| module.file)
    }

    /// The names of the files of the package and of those that it depends on, as they are shown.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        let packages = dot_db::packages_of(&self.db).iter();
        let own = packages.filter(|package| package.origin(&self.db) == Origin::User);
        let modules = own.flat_map(|package| package.modules(&self.db));
        modules.map(|module| module.file.path(&self.db).to_string()).collect()
    }

    /// A hash of all that a build of the package reads: sources, manifests' parts, WIT and components of it and of what it
    /// depends on, whether they are right or wrong. Two packages of one fingerprint build to the same bytes.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
        for package in dot_db::packages_of(&self.db) {
            let name = package.name(&self.db);
            let facts = (
                package.version(&self.db),
                package.features(&self.db),
                package.wit_versions(&self.db),
                package.world(&self.db),
                package.ambient(&self.db),
            );
            let names = package.dependencies(&self.db).iter().map(|dependency| &dependency.name);
            parts.push((format!("{name} {facts:?} {:?}", names.collect::<Vec<_>>()), Vec::new()));
            for module in package.modules(&self.db) {
                parts.push((module.path.to_string(), module.file.text(&self.db).as_bytes().to_vec()));
            }
            for file in package.wit(&self.db) {
                parts.push((file.path.to_string(), file.text.as_bytes().to_vec()));
            }
            if let Some(component) = package.component(&self.db) {
                parts.push((component.path.to_string(), component.bytes.to_vec()));
            }
        }
        let budget = self.manifest().map(|manifest| &manifest.package.budget);
        parts.push((format!("{budget:?}"), Vec::new()));
        crate::lock::hash(parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
    }

    /// Whether the package has dots, so that there is a component to build.
    #[must_use]
    pub fn has_dots(&self) -> bool {
        !crate::exports::dots(&self.db, self.package()).is_empty()
    }

    /// The lock file as it should be, if it isn't: whoever builds writes it.
    #[must_use]
    pub fn lock_change(&self) -> Option<&LockChange> {
        self.opened.lock.as_ref()
    }

    /// What the profile of this name comes to in the package's manifest; a lone file has `debug` and `release`.
    ///
    /// # Errors
    ///
    /// With the names that there are, when there is none of this name.
    pub fn profile(&self, name: &str) -> Result<Settings, String> {
        let written = self.manifest().map(|manifest| manifest.package.profiles.clone());
        let entries = match written {
            Some(entries) => entries,
            None => crate::profiles::all(Default::default()).map_err(|error| error.message)?,
        };
        let found = entries.iter().find(|entry| entry.name == name).map(|entry| entry.settings);
        found.ok_or_else(|| {
            let names: Vec<String> = entries.iter().map(|entry| format!("`{}`", entry.name)).collect();
            format!("there is no profile `{name}`: there are {}", names.join(", "))
        })
    }

    /// Whether what is at an absolute path belongs to the package or to one that it depends on.
    #[must_use]
    pub fn reads(&self, path: &Path) -> bool {
        self.opened.inputs.keys().any(|home| path.starts_with(home))
    }

    /// The manifest of the package; none for a lone file.
    pub(crate) fn manifest(&self) -> Option<&RootManifest> {
        self.opened.manifest.as_ref()
    }

    /// Everything that is wrong with the package, and what is an error in one that it depends on.
    #[must_use]
    pub fn check(&self) -> Report {
        let others = dot_db::packages_of(&self.db)
            .iter()
            .filter(|package| package.origin(&self.db) == Origin::User && **package != self.package());
        let of_others = others.flat_map(|package| self.diagnostics_of(*package)).filter(Diagnostic::is_error);
        Report::new(&self.db, of_others.chain(self.diagnostics_of(self.package())))
    }

    fn diagnostics_of(&self, package: Package) -> impl Iterator<Item = Diagnostic<'_>> {
        let found = dot_types::package_diagnostics(&self.db, package);
        found.into_iter().chain(crate::constants::diagnostics(&self.db, package))
    }
}
