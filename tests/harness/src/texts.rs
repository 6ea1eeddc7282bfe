//! A package whose files are texts in memory.

use dot_driver::{BuildError, Emit, Files, Profile, Session};
use std::io;
use std::path::{Path, PathBuf};

/// Files by path: `Dot.toml`, `src/main.dot`, `wit/things.wit`, or a lone `hello.dot`.
pub struct Texts<'a>(pub &'a [(&'a str, &'a str)]);

impl Files for Texts<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let found = self.0.iter().find(|(name, _)| Path::new(name) == path);
        found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
        let paths = self.0.iter().map(|(name, _)| PathBuf::from(name));
        let wanted =
            |path: &PathBuf| path.starts_with(folder) && path.extension().is_some_and(|e| e == extension);
        let mut found: Vec<PathBuf> = paths.filter(wanted).collect();
        found.sort();
        Ok(found)
    }

    fn folders(&self, folder: &Path) -> io::Result<Vec<String>> {
        let below = self.0.iter().filter_map(|(name, _)| Path::new(name).strip_prefix(folder).ok());
        let is_folder = |below: &&Path| below.components().count() > 1;
        let first = below.filter(is_folder).filter_map(|below| below.components().next());
        let mut found: Vec<String> =
            first.map(|name| name.as_os_str().to_string_lossy().into_owned()).collect();
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.as_os_str().is_empty()
            || self.0.iter().any(|(name, _)| Path::new(name) != path && Path::new(name).starts_with(path))
    }
}

impl Texts<'_> {
    /// Opens the package, or the lone file.
    ///
    /// # Panics
    ///
    /// When it can't be opened, which is a mistake of the test.
    #[must_use]
    pub fn open(&self) -> Session {
        let lone = self.0.first().filter(|(name, _)| {
            !name.contains('/') && Path::new(name).extension().is_some_and(|e| e == "dot")
        });
        let path = lone.map_or("", |(name, _)| name);
        Session::open(self, Path::new(path)).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Opens the package in a folder.
    ///
    /// # Errors
    ///
    /// What the compiler says.
    pub fn open_at(&self, folder: &str) -> Result<Session, String> {
        Session::open(self, Path::new(folder)).map_err(|error| error.to_string())
    }

    /// Opens and builds it.
    ///
    /// # Panics
    ///
    /// When it does not compile, which is a mistake of the test or a failure.
    #[must_use]
    pub fn build(&self, profile: Profile, emit: Emit) -> Vec<u8> {
        match self.open().build(profile, emit, false) {
            Ok(built) => built.bytes,
            Err(BuildError::DoesNotCompile(report)) => {
                panic!("{}", report.render(dot_diagnostics::render::Colour::Never))
            }
            Err(BuildError::Refused(what) | BuildError::Defect(what)) => panic!("a defect: {what}"),
        }
    }
}
