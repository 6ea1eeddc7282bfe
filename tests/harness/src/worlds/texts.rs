//! Files in memory that were made by a program.

use crate::texts::Texts;
use dot_driver::Files;
use std::io;
use std::path::{Path, PathBuf};

/// Files by path.
#[derive(Clone, Debug)]
pub struct OwnedTexts(pub Vec<(String, String)>);

impl OwnedTexts {
    fn borrowed<T>(&self, act: impl FnOnce(&Texts<'_>) -> T) -> T {
        let files: Vec<(&str, &str)> =
            self.0.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        act(&Texts(&files))
    }
}

impl Files for OwnedTexts {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.borrowed(|files| files.read(path))
    }

    fn list(&self, folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
        self.borrowed(|files| files.list(folder, extension))
    }

    fn folders(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.borrowed(|files| files.folders(folder))
    }

    fn is_folder(&self, path: &Path) -> bool {
        self.borrowed(|files| files.is_folder(path))
    }
}
