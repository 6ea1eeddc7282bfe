//! Programs that are nowhere but in memory.
#![allow(dead_code, reason = "each test file uses its part")]

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

    fn folders(&self, _folder: &Path) -> io::Result<Vec<String>> {
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

/// Checks one program after the other, as an editor does.
pub struct Checker {
    session: Session,
}

impl Checker {
    pub fn new() -> Self {
        Self { session: Session::open(&OneFile(""), Path::new(NAME)).expect("the file is there") }
    }

    pub fn check(&mut self, text: &str) -> Report {
        let file = self.session.file(NAME).expect("the file is there");
        self.session.set_text(file, text);
        self.session.check()
    }
}
