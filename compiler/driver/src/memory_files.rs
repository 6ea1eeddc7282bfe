//! Files that are only in memory.

use crate::files::Files;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Files by path. A folder is there when a file is below it; the empty path is always one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryFiles(pub BTreeMap<PathBuf, Vec<u8>>);

impl MemoryFiles {
    /// The files with these paths and texts.
    pub fn of_texts(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(texts.into_iter().map(|(path, text)| (PathBuf::from(path), text.into_bytes())).collect())
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
        let wanted =
            |path: &&PathBuf| path.starts_with(folder) && path.extension().is_some_and(|e| e == extension);
        Ok(self.0.keys().filter(wanted).cloned().collect())
    }

    fn folders(&self, folder: &Path) -> io::Result<Vec<String>> {
        let below = self.0.keys().filter_map(|path| path.strip_prefix(folder).ok());
        let is_folder = |below: &&Path| below.components().count() > 1;
        let first = below.filter(is_folder).filter_map(|below| below.components().next());
        let mut found: Vec<String> =
            first.map(|name| name.as_os_str().to_string_lossy().into_owned()).collect();
        found.dedup();
        Ok(found)
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.as_os_str().is_empty()
            || self.0.keys().any(|file| file.as_path() != path && file.starts_with(path))
    }
}
