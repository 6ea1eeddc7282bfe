//! From a manifest to all packages that a build takes: folders are followed, versions chosen, the lock file held to.

mod folder;
mod locking;
mod workspace;

pub(crate) use folder::Folder;
pub use locking::LockChange;
pub use workspace::workspace_members;

use crate::files::{Files, Location, Locations};
use crate::lock::{LOCK, Lock};
use crate::manifest::{Dependency, ManifestError, PackageManifest, Source};
use crate::project::OpenError;
use crate::registry::{FolderRegistry, Registry};
use crate::resolve::{Candidates, Chosen, Needs, Subject, Unresolved, WORKSPACE, on_line, resolve};
use crate::version::{Line, Version};
use pubgrub::Ranges;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// More packages than this in one project are refused.
pub const MAX_PACKAGES: usize = 1000;

/// The packages that a build of one takes.
pub(crate) struct Graph {
    /// Each once, behind those that it depends on; the last one is built.
    pub(crate) packages: Vec<GraphPackage>,
    /// The components among them, each once.
    pub(crate) components: Vec<Location>,
    /// The lock file as it should be, if it isn't.
    pub(crate) lock: Option<LockChange>,
}

/// A package of a graph.
pub(crate) struct GraphPackage {
    pub(crate) manifest: PackageManifest,
    /// The text that the manifest was read from.
    pub(crate) text: String,
    pub(crate) folder: Location,
    /// By the names that its code calls them.
    pub(crate) dependencies: Vec<(String, Target)>,
}

/// What a package depends on, by its place in the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Package(usize),
    Component(usize),
}

/// The packages of the project that `root` is a part of, as far as a build of `root` takes them. With `update` versions
/// are chosen as if there were no lock file.
pub(crate) fn load(
    files: &dyn Files,
    locations: &Locations,
    root: &Location,
    update: bool,
) -> Result<Graph, OpenError> {
    let own = Folder::read(files, root)?;
    let workspace = workspace::workspace_of(files, locations, root)?;
    let home = workspace.as_ref().map_or(root, |workspace| &workspace.folder);
    let registry = match (&own.registry, &workspace) {
        (Some(path), _) => Some(locations.below(root, path)),
        (None, Some(workspace)) => workspace.registry.clone(),
        (None, None) => None,
    };
    let lock_path = home.shown.join(LOCK);
    let lock_text = files.read(&lock_path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let lock = match lock_text.as_deref().filter(|_| !update) {
        Some(text) => Lock::parse(text)
            .map_err(|error| OpenError::Manifest(lock_path.clone(), text.to_owned(), error))?,
        None => Lock::default(),
    };
    let mut project = Project {
        files,
        locations,
        registry: registry.map(|folder| FolderRegistry::new(files, folder.shown)),
        folders: BTreeMap::new(),
        fetched: RefCell::default(),
        lock,
    };
    let members =
        workspace.as_ref().map_or_else(|| vec![root.clone()], |workspace| workspace.members.clone());
    project.read_folders(&members)?;
    let chosen = project.choose(root, &members)?;
    let mut walk = Walk {
        project: &project,
        chosen: &chosen,
        open: Vec::new(),
        done: Vec::new(),
        components: Vec::new(),
    };
    walk.visit(project.folder(root)?)?;
    let (packages, components) = (walk.done, walk.components);
    let lock = project.locked(home, &members, &chosen, lock_text.as_deref(), lock_path)?;
    Ok(Graph { packages, components, lock })
}

/// A project while its versions are chosen.
struct Project<'a> {
    files: &'a dyn Files,
    locations: &'a Locations,
    registry: Option<FolderRegistry<'a>>,
    /// The packages in folders, by where they are.
    folders: BTreeMap<PathBuf, Folder>,
    /// The packages of the registry that were looked at.
    fetched: RefCell<BTreeMap<(String, Version), Folder>>,
    lock: Lock,
}

impl Project<'_> {
    /// Reads the packages in these folders and in those that they depend on.
    fn read_folders(&mut self, roots: &[Location]) -> Result<(), OpenError> {
        let mut todo: Vec<Location> = roots.to_vec();
        while let Some(location) = todo.pop() {
            if self.folders.contains_key(&location.absolute) {
                continue;
            }
            let folder = Folder::read(self.files, &location)?;
            for dependency in &folder.manifest.dependencies {
                match &dependency.source {
                    Source::Folder(path) => {
                        let target = self.locations.below(&location, path);
                        self.check_folder(&folder, dependency, &target)?;
                        todo.push(target);
                    }
                    Source::Registry if self.registry.is_none() => {
                        let message = "there is no registry to take it from: name one by `[registry]` with `path = \"…\"`, or give the dependency a `path`";
                        return Err(folder.wrong(dependency, message));
                    }
                    Source::Registry => self.check_registry(&folder, dependency)?,
                    Source::Component(_) => {}
                }
            }
            if self.folders.len() == MAX_PACKAGES {
                return Err(
                    folder.wrong_at(&(0..0), format!("the project has more than {MAX_PACKAGES} packages"))
                );
            }
            self.folders.insert(location.absolute.clone(), folder);
        }
        self.check_doubles()
    }

    fn check_registry(&self, of: &Folder, dependency: &Dependency) -> Result<(), OpenError> {
        match self.registry.as_ref().map(FolderRegistry::path) {
            Some(path) if !self.files.is_folder(path) => {
                let shown = path.display();
                let message = format!(
                    "the registry to take it from, `{shown}`, is no folder: `[registry]` has its `path`"
                );
                Err(of.wrong(dependency, message))
            }
            _ => Ok(()),
        }
    }

    fn check_folder(&self, of: &Folder, dependency: &Dependency, target: &Location) -> Result<(), OpenError> {
        let shown = target.shown.display();
        if !self.files.is_folder(&target.shown) {
            return Err(of.wrong(
                dependency,
                format!("there is no folder `{shown}`: `path` is relative to this manifest"),
            ));
        }
        let found = match Folder::read(self.files, target) {
            Err(OpenError::NoManifest(_)) => {
                let message = format!("the folder `{shown}` is no package: it has no `Dot.toml`");
                return Err(of.wrong(dependency, message));
            }
            found => found?,
        };
        match &dependency.package {
            Some(name) if *name != found.manifest.name => {
                let actual = &found.manifest.name;
                Err(of.wrong(
                    dependency,
                    format!("the package in `{shown}` is `{actual}`, not `{name}`: name it so"),
                ))
            }
            _ => Ok(()),
        }
    }

    /// Tells one version of one package in two folders.
    fn check_doubles(&self) -> Result<(), OpenError> {
        let mut seen: BTreeMap<(&str, &Version), &Folder> = BTreeMap::new();
        for folder in self.folders.values() {
            let key = (folder.manifest.name.as_str(), &folder.manifest.version);
            if let Some(first) = seen.insert(key, folder) {
                let (name, version) = key;
                let other = first.location.shown.display();
                let message = format!(
                    "`{name}` {version} is in `{other}` too: depend on one of the folders, or give this one another version"
                );
                return Err(folder.wrong_at(&(0..0), message));
            }
        }
        Ok(())
    }

    /// The package in a folder of the project.
    fn folder(&self, location: &Location) -> Result<&Folder, OpenError> {
        self.folders.get(&location.absolute).ok_or_else(|| OpenError::NoManifest(location.shown.clone()))
    }

    /// The package in a folder of the project with this name and version.
    fn folder_named(&self, name: &str, version: &Version) -> Option<&Folder> {
        self.folders
            .values()
            .find(|folder| folder.manifest.name == name && folder.manifest.version == *version)
    }

    fn choose(&self, root: &Location, members: &[Location]) -> Result<Chosen, OpenError> {
        let own = self.folder(root)?;
        let is_alone = members == [root.clone()];
        let (name, version, needs) = if is_alone {
            (own.manifest.name.clone(), own.manifest.version.clone(), self.needs_of(own)?)
        } else {
            let all = members.iter().map(|member| Ok(need_of_folder(self.folder(member)?, None)));
            (WORKSPACE.to_owned(), own.manifest.version.clone(), all.collect::<Result<Needs, OpenError>>()?)
        };
        if needs.is_empty() {
            return Ok(Chosen::new());
        }
        resolve(self, &name, &version, needs).map_err(|unresolved| match unresolved {
            Unresolved::Failed(error) => error,
            Unresolved::GivenUp => {
                let message = "which versions of its dependencies fit together is too hard to find out: say more exactly which are wanted, as in `=1.2.3`";
                own.wrong_at(&(0..0), message.to_owned())
            }
            Unresolved::Conflict(explanation, subjects) => self.conflict(own, &explanation, &subjects),
        })
    }

    /// The error that no versions fit together, at a line of a manifest that has a part in it.
    fn conflict(&self, root: &Folder, explanation: &str, subjects: &[Subject]) -> OpenError {
        let names: Vec<&str> = subjects
            .iter()
            .filter_map(|subject| match subject {
                Subject::Package(name, _) => Some(name.as_str()),
                Subject::Root(_) => None,
            })
            .collect();
        let mut message = format!("no versions fit together.\n{explanation}");
        for folder in self.folders.values().filter(|folder| names.contains(&folder.manifest.name.as_str())) {
            let PackageManifest { name, version, .. } = &folder.manifest;
            message.push_str(&format!("\n`{}` has `{name}` {version}.", folder.location.shown.display()));
        }
        for (name, versions) in self.known(&names) {
            message.push_str(&format!("\nThe registry has `{name}` {versions}."));
        }
        message.push_str("\nChange a requirement, or the version that doesn't meet it.");
        let has_part = |dependency: &&Dependency| match (&dependency.source, &dependency.package) {
            (Source::Folder(path), _) => {
                let target = self.locations.below(&root.location, path);
                self.folder(&target).is_ok_and(|folder| names.contains(&folder.manifest.name.as_str()))
            }
            (_, Some(package)) => names.contains(&package.as_str()),
            (_, None) => false,
        };
        if let Some((folder, dependency)) = self.unmet(&names) {
            return folder.wrong(dependency, message);
        }
        match root.manifest.dependencies.iter().find(has_part) {
            Some(dependency) => root.wrong(dependency, message),
            None => root.wrong_at(&(0..0), message),
        }
    }

    /// The first requirement, of these packages, that no version meets: then it alone is the mistake.
    fn unmet(&self, names: &[&str]) -> Option<(&Folder, &Dependency)> {
        let is_unmet = |folder: &Folder, dependency: &&Dependency| {
            let Some(requirement) = &dependency.requirement else { return false };
            let package = match &dependency.source {
                Source::Folder(path) => {
                    let target = self.folder(&self.locations.below(&folder.location, path));
                    target.ok().map(|target| target.manifest.name.as_str())
                }
                _ => dependency.package.as_deref(),
            };
            package.filter(|package| names.contains(package)).is_some_and(|package| {
                let versions = self.versions(package, requirement.line).unwrap_or_default();
                !versions.iter().any(|version| requirement.versions.contains(version))
            })
        };
        self.folders.values().find_map(|folder| {
            let dependency = folder.manifest.dependencies.iter().find(|one| is_unmet(folder, one))?;
            Some((folder, dependency))
        })
    }

    /// The versions that the registry has of these packages, as text.
    fn known(&self, names: &[&str]) -> Vec<(String, String)> {
        let Some(registry) = &self.registry else { return Vec::new() };
        let mut names: Vec<&str> = names.to_vec();
        names.dedup();
        let versions = |name: &&str| {
            let mut versions = registry.versions(name).unwrap_or_default();
            versions.sort();
            versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        let all = names.iter().map(|name| ((*name).to_owned(), versions(name)));
        all.filter(|(_, versions)| !versions.is_empty()).collect()
    }

    /// What a package needs.
    fn needs_of(&self, folder: &Folder) -> Result<Needs, OpenError> {
        let mut needs = Needs::new();
        for dependency in &folder.manifest.dependencies {
            match (&dependency.source, &dependency.package, &dependency.requirement) {
                (Source::Folder(path), ..) => {
                    let target = self.folder(&self.locations.below(&folder.location, path))?;
                    needs.push(need_of_folder(target, Some(dependency)));
                }
                (Source::Registry, Some(package), Some(requirement)) => {
                    let subject = Subject::Package(package.clone(), requirement.line);
                    needs.push((subject, requirement.versions.clone()));
                }
                _ => {}
            }
        }
        Ok(needs)
    }

    /// A package of the registry.
    fn fetch(&self, package: &str, version: &Version) -> Result<Folder, OpenError> {
        let key = (package.to_owned(), version.clone());
        if let Some(folder) = self.fetched.borrow().get(&key) {
            return Ok(folder.clone());
        }
        let registry = self.registry.as_ref().ok_or_else(|| OpenError::NoManifest(PathBuf::from(package)))?;
        let path = registry
            .folder(package, version)
            .map_err(|error| OpenError::Unreadable(PathBuf::from(package), error))?;
        let folder = Folder::read(self.files, &self.locations.of(&path)).map_err(|error| match error {
            OpenError::NoManifest(folder) => {
                let what = format!("the registry has no manifest of `{package}` {version} there");
                OpenError::Unreadable(folder, std::io::Error::new(std::io::ErrorKind::NotFound, what))
            }
            error => error,
        })?;
        folder.check_fetched(package, version)?;
        self.fetched.borrow_mut().insert(key, folder.clone());
        Ok(folder)
    }

    /// The package that a dependency means.
    fn target(&self, of: &Folder, dependency: &Dependency, chosen: &Chosen) -> Result<Folder, OpenError> {
        match (&dependency.source, &dependency.package, &dependency.requirement) {
            (Source::Registry, Some(package), Some(requirement)) => {
                let version = chosen.get(&(package.clone(), requirement.line));
                let version = version.ok_or_else(|| of.wrong(dependency, "no version was chosen for it"))?;
                match self.folder_named(package, version) {
                    Some(folder) => Ok(folder.clone()),
                    None => self.fetch(package, version),
                }
            }
            (Source::Folder(path), ..) => self.folder(&self.locations.below(&of.location, path)).cloned(),
            _ => Err(of.wrong(dependency, "it is no package")),
        }
    }
}

/// What depending on a package in a folder needs: the version that is there, or one that meets what is written.
fn need_of_folder(target: &Folder, dependency: Option<&Dependency>) -> (Subject, Ranges<Version>) {
    let PackageManifest { name, version, .. } = &target.manifest;
    let written = dependency.and_then(|dependency| dependency.requirement.as_ref());
    let range =
        written.map_or_else(|| Ranges::singleton(version.clone()), |written| written.versions.clone());
    (Subject::Package(name.clone(), version.line()), range)
}

impl Candidates for Project<'_> {
    type Error = OpenError;

    fn versions(&self, package: &str, line: Line) -> Result<Vec<Version>, OpenError> {
        let own = self.folders.values().map(|folder| &folder.manifest).filter(|own| own.name == package);
        let own: Vec<Version> = own.map(|own| own.version.clone()).filter(|own| own.line() == line).collect();
        match &self.registry {
            // What lies in the project is taken before what the registry has.
            Some(registry) if own.is_empty() => on_line(registry, package, line)
                .map_err(|error| OpenError::Unreadable(PathBuf::from(package), error)),
            _ => Ok(own),
        }
    }

    fn needs(&self, package: &str, version: &Version) -> Result<Needs, OpenError> {
        match self.folder_named(package, version) {
            Some(folder) => self.needs_of(folder),
            None => self.needs_of(&self.fetch(package, version)?),
        }
    }

    fn locked(&self, package: &str, line: Line) -> Option<Version> {
        self.lock.version(package, line)
    }
}

/// The walk over the packages that one needs.
struct Walk<'a> {
    project: &'a Project<'a>,
    chosen: &'a Chosen,
    /// The packages that are being visited.
    open: Vec<(PathBuf, String)>,
    done: Vec<GraphPackage>,
    components: Vec<Location>,
}

impl Walk<'_> {
    /// Visits a package behind those that it depends on, and gives its place. The recursion is as deep as the longest chain
    /// of packages, of which there are at most [`MAX_PACKAGES`] and what the registry has.
    fn visit(&mut self, folder: &Folder) -> Result<usize, OpenError> {
        self.open.push((folder.location.absolute.clone(), folder.manifest.name.clone()));
        let mut dependencies = Vec::new();
        for dependency in &folder.manifest.dependencies {
            let target = match &dependency.source {
                Source::Component(path) => Target::Component(self.component(folder, path)),
                _ => Target::Package(self.dependency(folder, dependency)?),
            };
            dependencies.push((dependency.name.clone(), target));
        }
        self.open.pop();
        self.done.push(GraphPackage {
            manifest: folder.manifest.clone(),
            text: folder.text.clone(),
            folder: folder.location.clone(),
            dependencies,
        });
        Ok(self.done.len() - 1)
    }

    fn dependency(&mut self, of: &Folder, dependency: &Dependency) -> Result<usize, OpenError> {
        let target = self.project.target(of, dependency, self.chosen)?;
        let known = self.done.iter().position(|done| done.folder.absolute == target.location.absolute);
        if let Some(known) = known {
            return Ok(known);
        }
        if let Some(start) = self.open.iter().position(|(path, _)| *path == target.location.absolute) {
            let names: Vec<&str> = self.open[start..].iter().map(|(_, name)| name.as_str()).collect();
            let circle = format!("{} → {}", names.join(" → "), target.manifest.name);
            let message = format!(
                "packages depend on each other in a circle: {circle}. Move what both need into a package of its own"
            );
            return Err(of.wrong(dependency, message));
        }
        if self.open.len() > MAX_PACKAGES {
            return Err(of.wrong(
                dependency,
                format!("more than {MAX_PACKAGES} packages depend on each other in a row"),
            ));
        }
        self.visit(&target)
    }

    fn component(&mut self, of: &Folder, path: &str) -> usize {
        let location = self.project.locations.below(&of.location, path);
        let known = self.components.iter().position(|other| other.absolute == location.absolute);
        known.unwrap_or_else(|| {
            self.components.push(location);
            self.components.len() - 1
        })
    }
}

impl Folder {
    /// The error that something is wrong with a dependency of this package.
    pub(crate) fn wrong(&self, dependency: &Dependency, message: impl Into<String>) -> OpenError {
        self.wrong_at(&dependency.range, format!("dependency `{}`: {}", dependency.name, message.into()))
    }

    /// The error that something is wrong at a place of this package's manifest.
    pub(crate) fn wrong_at(&self, range: &std::ops::Range<usize>, message: String) -> OpenError {
        let path = self.location.shown.join(crate::project::MANIFEST);
        OpenError::Manifest(path, self.text.clone(), ManifestError::new(range, message))
    }
}
