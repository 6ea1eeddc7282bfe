//! The packages that an editor has files of.

use crate::files::Files;
use crate::project::MANIFEST;
use crate::report::Report;
use crate::session::Session;
use dot_db::SourceFile;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Packages by the path they were opened at. A clone is a snapshot.
#[derive(Clone, Default)]
pub struct Packages {
    sessions: BTreeMap<PathBuf, Session>,
}

impl Packages {
    /// Takes note that the file at `path` may have changed: opens or refreshes the package it belongs to. A
    /// package that can't be opened (its manifest is broken, say) stays as it was.
    pub fn refresh(&mut self, files: &dyn Files, path: &Path) {
        let root = package_of(files, path);
        if let Some(session) = self.sessions.get_mut(&root) {
            // What can't be read now is told by whoever asks for the package by name.
            let _ = session.refresh(files);
        } else if let Ok(session) = Session::open(files, &root) {
            self.sessions.insert(root, session);
        }
    }

    /// The package of a file, and the file in it.
    #[must_use]
    pub fn file(&self, path: &Path) -> Option<(&Session, SourceFile)> {
        let shown = path.to_str()?;
        self.sessions.values().find_map(|session| Some((session, session.file(shown)?)))
    }

    /// What is wrong with each package.
    pub fn reports(&self) -> impl Iterator<Item = Report> {
        self.sessions.values().map(Session::check)
    }
}

/// The folder of the package that a file is part of, or the file itself where it stands alone.
fn package_of(files: &dyn Files, path: &Path) -> PathBuf {
    let folders = path.ancestors().skip(1);
    let with_manifest =
        |folder: &&Path| path.starts_with(folder.join("src")) && files.read(&folder.join(MANIFEST)).is_ok();
    folders.into_iter().find(with_manifest).map_or_else(|| path.to_owned(), Path::to_path_buf)
}
