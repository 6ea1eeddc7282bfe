//! A folder with a package, as its manifest has it.

use crate::files::{Files, Location};
use crate::lock;
use crate::manifest::{Manifest, ManifestError, PackageManifest, Source};
use crate::project::{MANIFEST, OpenError};
use crate::version::Version;
use std::io;
use std::path::Path;

/// Longer manifests than this are refused: 1 MiB.
const MAX_MANIFEST_BYTES: usize = 1 << 20;

/// A package's folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    pub(crate) location: Location,
    pub(crate) manifest: PackageManifest,
    /// The manifest's text.
    pub(crate) text: String,
    /// The registry that the manifest names, as written.
    pub(crate) registry: Option<String>,
}

impl Folder {
    /// Reads the manifest of a package's folder.
    pub(crate) fn read(files: &dyn Files, location: &Location) -> Result<Self, OpenError> {
        let (text, manifest) = read_manifest(files, &location.shown)?;
        let registry = manifest.registry.map(|registry| registry.value);
        match manifest.package {
            Some(package) => Ok(Self { location: location.clone(), manifest: package, text, registry }),
            None => Err(OpenError::OnlyWorkspace(location.shown.clone())),
        }
    }

    /// Whether this is what the registry was asked for, and a package that can stand in a registry.
    pub(super) fn check_fetched(&self, name: &str, version: &Version) -> Result<(), OpenError> {
        if self.manifest.name != name || self.manifest.version != *version {
            let message = format!(
                "the registry has `{}` {} where `{name}` {version} should be",
                self.manifest.name, self.manifest.version
            );
            return Err(self.wrong_at(&(0..0), message));
        }
        for dependency in &self.manifest.dependencies {
            let leaves = |path: &str| {
                let path = Path::new(path);
                path.is_absolute() || path.components().any(|part| part.as_os_str() == "..")
            };
            match &dependency.source {
                Source::Folder(_) => {
                    return Err(self
                        .wrong(dependency, "a package of the registry takes packages of the registry only"));
                }
                Source::Component(path) if leaves(path) => {
                    return Err(
                        self.wrong(dependency, "a component of a package of the registry lies in its folder")
                    );
                }
                Source::Component(_) | Source::Registry => {}
            }
        }
        Ok(())
    }

    /// The hash of all that a build may read of the package.
    pub(super) fn hash(&self, files: &dyn Files) -> Result<String, OpenError> {
        let folder = &self.location.shown;
        let unreadable = |error| OpenError::Unreadable(folder.clone(), error);
        let mut paths = vec![folder.join(MANIFEST)];
        for extension in ["dot", "wit", "wasm"] {
            paths.extend(files.list(folder, extension).map_err(unreadable)?);
        }
        paths.sort();
        let mut contents = Vec::new();
        for path in paths {
            let bytes = files.read(&path).map_err(|error| OpenError::Unreadable(path.clone(), error))?;
            let below = path.strip_prefix(folder).unwrap_or(&path);
            contents.push((crate::project::display_path(below), bytes));
        }
        Ok(lock::hash(contents.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))))
    }
}

/// The text of the manifest in a folder, and what it says.
pub(crate) fn read_manifest(files: &dyn Files, folder: &Path) -> Result<(String, Manifest), OpenError> {
    let path = folder.join(MANIFEST);
    let bytes = match files.read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(OpenError::NoManifest(folder.to_owned()));
        }
        Err(error) => return Err(OpenError::Unreadable(path, error)),
    };
    if bytes.len() > MAX_MANIFEST_BYTES {
        let what =
            format!("it is over {} MiB, and no manifest has a use for so much", MAX_MANIFEST_BYTES >> 20);
        return Err(OpenError::Unreadable(path, io::Error::new(io::ErrorKind::FileTooLarge, what)));
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let wrong = ManifestError::new(&(start..start), "the manifest is not UTF-8: save it as UTF-8");
            return Err(OpenError::Manifest(path, text, wrong));
        }
    };
    match Manifest::parse(&text) {
        Ok(manifest) => Ok((text, manifest)),
        Err(error) => Err(OpenError::Manifest(path, text, error)),
    }
}
