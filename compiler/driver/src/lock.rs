//! `Dot.lock`: which packages a build takes, and what they were.
//!
//! The file is made from a resolution and nothing else, so the same packages give the same bytes. What lies outside the
//! project, a package of the registry or a component, has a hash; a build that meets another content is refused.

use crate::manifest::{Located, ManifestError};
use crate::version::{Line, Version};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use toml::Spanned;

/// The lock file's name.
pub const LOCK: &str = "Dot.lock";

const HEAD: &str = "\
# Which packages are taken, made by dotc. Keep it with the sources; `dotc update` makes it anew.
version = 1
";

/// What a lock file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    /// By name and version.
    pub(crate) packages: BTreeMap<(String, Version), LockedPackage>,
    /// The hashes of components, by path from the lock file's folder.
    pub(crate) components: BTreeMap<String, Located<String>>,
}

/// A package that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LockedPackage {
    /// Its folder, from the lock file's on; none for one of the registry.
    pub(crate) path: Option<String>,
    /// The hash of its files; none for one in a folder, which is the project's own.
    pub(crate) hash: Option<Located<String>>,
    /// What it depends on: `acme:units 1.0.0`, or a component's path.
    pub(crate) dependencies: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    version: Spanned<u32>,
    #[serde(default)]
    package: Vec<RawPackage>,
    #[serde(default)]
    component: Vec<RawComponent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPackage {
    name: String,
    version: Spanned<String>,
    path: Option<String>,
    hash: Option<Spanned<String>>,
    #[serde(default)]
    dependencies: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawComponent {
    path: String,
    hash: Spanned<String>,
}

impl Lock {
    /// Reads a lock file.
    pub(crate) fn parse(text: &str) -> Result<Self, ManifestError> {
        let next = "`dotc update` makes the file anew";
        if let Some(at) = merge_mark(text) {
            let message = format!("here are the marks of a merge that was not finished; {next}");
            return Err(ManifestError::new(&(at..at), message));
        }
        let raw: Raw = toml::from_str(text).map_err(|error| ManifestError {
            message: format!("{}; {next}", error.message()),
            range: error.span().unwrap_or(0..0),
        })?;
        if *raw.version.get_ref() != 1 {
            let message = format!("the lock file is of version {}; {next}", raw.version.get_ref());
            return Err(ManifestError::new(&raw.version.span(), message));
        }
        let mut lock = Self::default();
        for package in raw.package {
            let Some(version) = Version::parse(package.version.get_ref()) else {
                let message = format!("`{}` is not a version; {next}", package.version.get_ref());
                return Err(ManifestError::new(&package.version.span(), message));
            };
            let locked = LockedPackage {
                path: package.path,
                hash: package.hash.map(Located::from),
                dependencies: package.dependencies,
            };
            lock.packages.insert((package.name, version), locked);
        }
        let components = raw.component.into_iter();
        lock.components = components.map(|component| (component.path, component.hash.into())).collect();
        Ok(lock)
    }

    /// The version that was taken on a line of a package.
    pub(crate) fn version(&self, package: &str, line: Line) -> Option<Version> {
        let mut taken =
            self.packages.keys().filter(|(name, version)| name == package && version.line() == line);
        taken.next().map(|(_, version)| version.clone())
    }

    /// The file's text.
    pub(crate) fn text(&self) -> String {
        let mut out = HEAD.to_owned();
        for ((name, version), package) in &self.packages {
            let _ = write!(out, "\n[[package]]\nname = {name:?}\nversion = \"{}\"\n", version.full());
            if let Some(path) = &package.path {
                let _ = writeln!(out, "path = {path:?}");
            }
            if let Some(hash) = &package.hash {
                let _ = writeln!(out, "hash = {:?}", hash.value);
            }
            if !package.dependencies.is_empty() {
                let names: Vec<String> =
                    package.dependencies.iter().map(|name| format!("{name:?}")).collect();
                let _ = writeln!(out, "dependencies = [{}]", names.join(", "));
            }
        }
        for (path, hash) in &self.components {
            let _ = write!(out, "\n[[component]]\npath = {path:?}\nhash = {:?}\n", hash.value);
        }
        out
    }

    /// Whether there is anything to lock.
    pub(crate) fn is_empty(&self) -> bool {
        self.packages.is_empty() && self.components.is_empty()
    }
}

/// Where the first line stands that a version control system leaves where two changes meet.
fn merge_mark(text: &str) -> Option<usize> {
    let mut at = 0;
    text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        ["<<<<<<< ", ">>>>>>> ", "|||||||"].iter().any(|mark| line.starts_with(mark)).then_some(start)
    })
}

/// The hash of some bytes, as text.
#[must_use]
pub fn hash_of(bytes: &[u8]) -> String {
    hash(std::iter::once(("", bytes)))
}

/// The hash of some files, by path; in order of the paths.
pub(crate) fn hash<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut hash = Sha256::new();
    for (path, bytes) in files {
        for part in [path.as_bytes(), bytes] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    let mut out = "sha256:".to_owned();
    for byte in hash.finalize() {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Lock, hash};

    #[test]
    fn a_lock_file_is_what_it_was_made_of() {
        let text = format!(
            "{}\n[[package]]\nname = \"acme:geo\"\nversion = \"1.2.0\"\nhash = \"sha256:00\"\ndependencies = [\"acme:units 1.0.0\"]\n\n[[package]]\nname = \"acme:units\"\nversion = \"1.0.0\"\npath = \"../units\"\n\n[[component]]\npath = \"vendor/e.wasm\"\nhash = \"sha256:11\"\n",
            super::HEAD
        );
        assert_eq!(Lock::parse(&text).map(|lock| lock.text()), Ok(text));
    }

    #[test]
    fn a_hash_tells_names_and_contents_apart() {
        let of = |files: &[(&str, &str)]| hash(files.iter().map(|(path, text)| (*path, text.as_bytes())));
        assert_ne!(of(&[("a", "bc")]), of(&[("ab", "c")]));
        assert_ne!(of(&[("a", "b"), ("c", "d")]), of(&[("a", "bcd")]));
        // SHA-256 of nothing, as FIPS 180-4's examples have it.
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(of(&[]), format!("sha256:{nothing}"));
    }
}
