//! What was chosen, compared with what the lock file says.

use super::{Folder, Project};
use crate::files::{Location, relative};
use crate::lock::{self, Lock, LockedPackage};
use crate::manifest::{Located, ManifestError, Source};
use crate::project::{OpenError, display_path};
use crate::resolve::Chosen;
use std::path::{Path, PathBuf};

/// A lock file that isn't as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockChange {
    /// Where it belongs.
    pub path: PathBuf,
    /// What should stand in it.
    pub text: String,
}

impl Project<'_> {
    /// The lock file of a choice, if the one that is there is another.
    pub(super) fn locked(
        &self,
        home: &Location,
        members: &[Location],
        chosen: &Chosen,
        before: Option<&str>,
        path: PathBuf,
    ) -> Result<Option<LockChange>, OpenError> {
        let mut lock = Lock::default();
        for ((name, _), version) in chosen {
            let own = self.folder_named(name, version);
            let folder = match own {
                Some(folder) => folder.clone(),
                None => self.fetch(name, version)?,
            };
            let key = (name.clone(), version.clone());
            let hash = match own {
                Some(_) => None,
                None => Some(folder.hash(self.files)?),
            };
            let known = self.lock.packages.get(&key).and_then(|known| known.hash.as_ref());
            if let (Some(known), Some(hash)) = (known, &hash) {
                verify(&format!("`{name}` {version}"), known, hash, before, &path)?;
            }
            let locked = LockedPackage {
                path: own.map(|own| display_path(&relative(&own.location.absolute, &home.absolute))),
                hash: hash.map(|value| Located { value, range: 0..0 }),
                dependencies: self.names_of_dependencies(&folder, chosen, home)?,
            };
            lock.packages.insert(key, locked);
        }
        let roots = members.iter().filter_map(|member| self.folder(member).ok());
        for folder in roots.chain(self.folders.values()) {
            self.lock_components(folder, home, &mut lock, before, &path)?;
        }
        let text = lock.text();
        let is_as_before = before.map_or(lock.is_empty(), |before| before == text);
        Ok((!is_as_before).then_some(LockChange { path, text }))
    }

    fn names_of_dependencies(
        &self,
        folder: &Folder,
        chosen: &Chosen,
        home: &Location,
    ) -> Result<Vec<String>, OpenError> {
        let mut names = Vec::new();
        for dependency in &folder.manifest.dependencies {
            names.push(match &dependency.source {
                Source::Component(path) => {
                    let location = self.locations.below(&folder.location, path);
                    display_path(&relative(&location.absolute, &home.absolute))
                }
                _ => {
                    let target = self.target(folder, dependency, chosen)?;
                    format!("{} {}", target.manifest.name, target.manifest.version.full())
                }
            });
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// Adds the components of a package in a folder. (The hash of a package of the registry covers its own.)
    fn lock_components(
        &self,
        folder: &Folder,
        home: &Location,
        lock: &mut Lock,
        before: Option<&str>,
        path: &Path,
    ) -> Result<(), OpenError> {
        for dependency in &folder.manifest.dependencies {
            let Source::Component(written) = &dependency.source else { continue };
            let location = self.locations.below(&folder.location, written);
            let name = display_path(&relative(&location.absolute, &home.absolute));
            if lock.components.contains_key(&name) {
                continue;
            }
            let bytes = self.files.read(&location.shown).map_err(|error| {
                let shown = location.shown.display();
                folder.wrong(dependency, format!("the component `{shown}` can't be read: {error}"))
            })?;
            let hash = lock::hash_of(&bytes);
            if let Some(known) = self.lock.components.get(&name) {
                verify(&format!("the component `{name}`"), known, &hash, before, path)?;
            }
            lock.components.insert(name, Located { value: hash, range: 0..0 });
        }
        Ok(())
    }
}

/// Refuses what is not what was locked.
fn verify(
    what: &str,
    known: &Located<String>,
    hash: &str,
    text: Option<&str>,
    path: &Path,
) -> Result<(), OpenError> {
    if known.value == hash {
        return Ok(());
    }
    let message = format!(
        "{what} is not what was locked: its hash is {hash}. If it was meant to change, `dotc update` takes it as it is now"
    );
    let error = ManifestError::new(&known.range, message);
    Err(OpenError::Manifest(path.to_owned(), text.unwrap_or_default().to_owned(), error))
}
