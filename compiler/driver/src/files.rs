//! The one door to the file system. Everything below the driver is pure.

use std::io;
use std::path::{Path, PathBuf};

/// What the driver asks of a file system. The language server lays open editors' texts over the real one.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// When it can't be read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The files below a folder whose name ends in `.EXTENSION`, sorted by path. Links are not followed.
    ///
    /// # Errors
    ///
    /// When the folder can't be listed.
    fn list(&self, folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>>;

    /// Whether there is a folder of that name.
    fn is_folder(&self, path: &Path) -> bool;
}

/// The real file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsFiles;

/// Folders nested deeper than this below a package are not searched for modules.
const MAX_FOLDER_DEPTH: usize = 32;

impl Files for OsFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list(&self, folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let mut folders = vec![(folder.to_path_buf(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                let kind = entry.file_type()?;
                if kind.is_dir() && depth < MAX_FOLDER_DEPTH {
                    folders.push((entry.path(), depth + 1));
                } else if kind.is_file() && entry.path().extension().is_some_and(|e| e == extension) {
                    found.push(entry.path());
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }
}
