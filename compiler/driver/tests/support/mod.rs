//! Programs that are nowhere but in memory.

use dot_driver::{Files, Report, Session};
use std::io;
use std::path::{Path, PathBuf};

/// A file system of one file, `program.dot`.
struct OneFile<'a>(&'a str);

const NAME: &str = "program.dot";

impl Files for OneFile<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path == Path::new(NAME) {
            Ok(self.0.as_bytes().to_vec())
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    fn list(&self, _folder: &Path, _extension: &str) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }

    fn is_folder(&self, _path: &Path) -> bool {
        false
    }
}

/// What the compiler tells about a program of one file.
pub fn check(text: &str) -> Report {
    Session::open(&OneFile(text), Path::new(NAME)).expect("the file is there").check()
}
