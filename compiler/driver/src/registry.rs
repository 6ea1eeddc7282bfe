//! Where packages come from that don't lie beside each other.

use crate::files::Files;
use crate::version::Version;
use std::io;
use std::path::{Path, PathBuf};

/// A source of packages by name and version. What it gives for a name and a version never changes; the lock file holds it
/// to that.
pub trait Registry {
    /// The versions that there are of a package, in any order; none of one that it doesn't know.
    ///
    /// # Errors
    ///
    /// When it can't be asked.
    fn versions(&self, package: &str) -> io::Result<Vec<Version>>;

    /// The folder that holds a version's files, as a package has them: `Dot.toml`, `src/`, `wit/`.
    ///
    /// # Errors
    ///
    /// When it can't be had.
    fn folder(&self, package: &str, version: &Version) -> io::Result<PathBuf>;
}

/// A folder with packages: `acme/geo/1.2.0/Dot.toml` is version 1.2.0 of `acme:geo`.
pub struct FolderRegistry<'a> {
    files: &'a dyn Files,
    path: PathBuf,
}

impl<'a> FolderRegistry<'a> {
    /// The registry in this folder.
    #[must_use]
    pub fn new(files: &'a dyn Files, path: PathBuf) -> Self {
        Self { files, path }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn package(&self, package: &str) -> PathBuf {
        let (space, name) = package.split_once(':').unwrap_or(("", package));
        self.path.join(space).join(name)
    }
}

impl Registry for FolderRegistry<'_> {
    fn versions(&self, package: &str) -> io::Result<Vec<Version>> {
        let folder = self.package(package);
        if !self.files.is_folder(&folder) {
            return Ok(Vec::new());
        }
        let names = self.files.folders(&folder)?;
        Ok(names.iter().filter_map(|name| Version::parse(name)).collect())
    }

    fn folder(&self, package: &str, version: &Version) -> io::Result<PathBuf> {
        Ok(self.package(package).join(version.full()))
    }
}
