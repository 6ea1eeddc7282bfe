//! All WIT that a package can import from, resolved.

use crate::signature::WitPath;
use dot_db::{Db, Package, Project, WitFile};
use rustc_hash::FxHasher;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use wit_parser::decoding::DecodedWasm;
use wit_parser::{
    InterfaceId, PackageName, Resolve, SourceMap, UnresolvedPackage, UnresolvedPackageGroup, WorldId,
    WorldItem, WorldKey,
};

/// The WIT packages that a Dot package can import from.
#[derive(Clone, Debug, Default)]
pub struct WitUniverse {
    /// The packages, as the WIT tools have them.
    pub resolve: Resolve,
    /// What was wrong in the files, as text with places in them.
    pub errors: Vec<String>,
    units: BTreeMap<SmolStr, Unit>,
    /// Those of `units` that the package's own files declare, or the component shows.
    declared: BTreeSet<SmolStr>,
}

/// What a path of WIT names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// An interface: `wasi:http/types@0.2.12`.
    Interface(InterfaceId),
    /// A world, for the functions and types that stand in it: `wasi:cli/command@0.2.12`.
    World(WorldId),
    /// An interface that has a name in a world only: `demo:app/plugin/log`. What is imported and what is exported under
    /// one name may be two.
    Inner {
        /// The one that the world imports.
        import: Option<InterfaceId>,
        /// The one that it exports.
        export: Option<InterfaceId>,
    },
}

/// Why a path names no interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WitError {
    /// There is no such interface; these have the same package and name or, failing that, the same package.
    Unknown {
        /// Paths of interfaces that may have been meant.
        similar: Vec<SmolStr>,
        /// What is wrong in the WIT files, which may be why.
        errors: Vec<String>,
    },
    /// The path has no version, and these are all there.
    Ambiguous {
        /// The paths with their versions.
        candidates: Vec<SmolStr>,
    },
}

/// The WIT of `package`, of what it depends on, and of std, resolved; that of a component alone. Runs again when a WIT file
/// changes.
///
/// What a component shows of a WIT package is the part that it needs. So components come last: where WIT files have
/// the whole package, that is taken.
#[salsa::tracked(no_eq)]
pub fn wit_universe(db: &dyn Db, package: Package) -> WitUniverse {
    if let Some(component) = package.component(db) {
        return WitUniverse::of_component(&component.bytes);
    }
    let std = Project::try_get(db).map(|project| project.std(db)).filter(|std| *std != package);
    let mut universe = std.map(|std| wit_universe(db, std).clone()).unwrap_or_default();
    let dependencies = || package.dependencies(db).iter().map(|dependency| dependency.package);
    let is_component = |dependency: &Package| dependency.component(db).is_some();
    for dependency in dependencies().filter(|dependency| !is_component(dependency)) {
        if brings_wit(db, dependency) {
            universe.merge(wit_universe(db, dependency));
        }
    }
    universe.add(package.wit(db));
    for dependency in dependencies().filter(is_component) {
        universe.merge(wit_universe(db, dependency));
    }
    universe
}

/// Whether a package or one that it depends on, std apart, has WIT.
#[salsa::tracked(returns(copy))]
fn brings_wit(db: &dyn Db, package: Package) -> bool {
    let has_own = !package.wit(db).is_empty() || package.component(db).is_some();
    has_own || package.dependencies(db).iter().any(|dependency| brings_wit(db, dependency.package))
}

/// The full names of the interfaces that a package's own WIT files declare, or that a component shows.
pub(super) fn declared_interfaces(db: &dyn Db, package: Package) -> &BTreeSet<SmolStr> {
    &wit_universe(db, package).declared
}

impl WitUniverse {
    /// The interface with this full name, `ns:package/interface@version`.
    #[must_use]
    pub fn interface(&self, id: &str) -> Option<InterfaceId> {
        match self.units.get(id)? {
            Unit::Interface(interface) => Some(*interface),
            Unit::World(_) | Unit::Inner { .. } => None,
        }
    }

    /// The world with this full name, `ns:package/world@version`.
    #[must_use]
    pub fn world(&self, id: &str) -> Option<WorldId> {
        match self.units.get(id)? {
            Unit::World(world) => Some(*world),
            Unit::Interface(_) | Unit::Inner { .. } => None,
        }
    }

    /// What has this full name.
    #[must_use]
    pub fn unit(&self, id: &str) -> Option<Unit> {
        self.units.get(id).copied()
    }

    /// The full name of an interface that has none of its own: that of the world in which it stands, and its name there.
    pub(super) fn inner_name(&self, interface: InterfaceId) -> Option<&SmolStr> {
        let is_it = |unit: &Unit| match unit {
            Unit::Inner { import, export } => [*import, *export].contains(&Some(interface)),
            Unit::Interface(_) | Unit::World(_) => false,
        };
        self.units.iter().find(|(_, unit)| is_it(unit)).map(|(name, _)| name)
    }

    /// The full names of all interfaces, in alphabetical order.
    pub fn interface_names(&self) -> impl Iterator<Item = &SmolStr> {
        self.units.iter().filter(|(_, unit)| matches!(unit, Unit::Interface(_))).map(|(name, _)| name)
    }

    /// The full names of all worlds, in alphabetical order.
    pub fn world_names(&self) -> impl Iterator<Item = &SmolStr> {
        self.units.iter().filter(|(_, unit)| matches!(unit, Unit::World(_))).map(|(name, _)| name)
    }

    /// The full name of the interface or world that `path` means. A path without version means that which `given` has for the
    /// path's package (`wasi:io`), or else the only one there is.
    ///
    /// # Errors
    ///
    /// When there is none, or there are several.
    pub fn find(&self, path: &WitPath, given: &[(SmolStr, SmolStr)]) -> Result<SmolStr, WitError> {
        let package = format!("{}:{}", path.namespace, path.package);
        let given = given.iter().find(|(name, _)| *name == package).map(|(_, version)| version);
        let package = format!("{package}/");
        let base = format!("{package}{}", path.interface);
        let version = path.version.as_ref().or(given);
        if let Some(version) = version {
            let id = SmolStr::from(format!("{base}@{version}"));
            if self.units.contains_key(&id) {
                return Ok(id);
            }
        }
        let starting = |prefix: &str| -> Vec<SmolStr> {
            let names = self.units.keys().filter(|name| name.starts_with(prefix));
            names.cloned().collect()
        };
        let mut same = starting(&format!("{base}@"));
        same.extend(self.units.get_key_value(base.as_str()).map(|(name, _)| name.clone()));
        match (version, same.as_slice()) {
            // A package without a version is meant where none is said.
            (None, same) if same.contains(&SmolStr::from(base.as_str())) => Ok(base.into()),
            (None, [only]) => Ok(only.clone()),
            (None, [_, ..]) => Err(WitError::Ambiguous { candidates: same }),
            (_, []) => Err(WitError::Unknown { similar: starting(&package), errors: self.errors.clone() }),
            (Some(_), _) => Err(WitError::Unknown { similar: same, errors: self.errors.clone() }),
        }
    }

    /// All that a component imports and exports.
    fn of_component(bytes: &[u8]) -> Self {
        let mut universe = Self::default();
        match wit_parser::decoding::decode(bytes) {
            Ok(DecodedWasm::Component(resolve, world)) => {
                universe.resolve = with_own_world(resolve, world, bytes)
            }
            Ok(DecodedWasm::WitPackage(resolve, _)) => universe.resolve = resolve,
            Err(error) => universe.errors.push(format!("{error:#}")),
        }
        universe.index();
        universe.declared = universe.units.keys().cloned().collect();
        universe
    }

    /// Adds what another universe has, which becomes its part of packages that both have.
    fn merge(&mut self, other: &Self) {
        // A failed merge leaves a `Resolve` half changed.
        let mut next = self.resolve.clone();
        match next.merge(other.resolve.clone()) {
            Ok(_) => self.resolve = next,
            Err(error) => self.errors.push(format!("{error:#}")),
        }
        self.errors.extend(other.errors.iter().cloned());
        self.index();
    }

    /// Adds the packages in `files`. A file belongs to the package that its `package …;` names; one without belongs to
    /// its folder's, if that has just one.
    fn add(&mut self, files: &[WitFile]) {
        let mut packages: BTreeMap<(&str, &str), SourceMap> = BTreeMap::new();
        for file in files {
            let folder = folder_of(file);
            let declared = declared_package(&file.text).unwrap_or_else(|| {
                let in_folder = files.iter().filter(|other| folder_of(other) == folder);
                let mut names: Vec<&str> =
                    in_folder.filter_map(|other| declared_package(&other.text)).collect();
                names.dedup();
                if let [only] = names.as_slice() { only } else { "" }
            });
            packages.entry((folder, declared)).or_default().push_str(&file.path, &*file.text);
        }
        let mut pending: Vec<UnresolvedPackageGroup> = Vec::new();
        for (_, sources) in packages {
            match sources.parse() {
                Ok(group) => pending.push(group),
                Err((sources, error)) => self.errors.push(error.render(&sources)),
            }
        }
        pending.retain(|group| !self.resolve.package_names.contains_key(&group.main.name));
        self.resolve_all(pending);
        let before = std::mem::take(&mut self.units);
        self.index();
        let new = self.units.keys().filter(|name| !before.contains_key(*name));
        self.declared = new.cloned().collect();
    }

    /// Resolves packages after those that they depend on. What is left when none can go on has dependencies that
    /// are missing or run in a circle, and is given to the resolver all the same, for its message.
    fn resolve_all(&mut self, mut pending: Vec<UnresolvedPackageGroup>) {
        while !pending.is_empty() {
            let ready = pending.iter().position(|group| self.has_dependencies(group)).unwrap_or(0);
            let group = pending.remove(ready);
            // A failed push leaves a `Resolve` half changed.
            let mut next = self.resolve.clone();
            match next.push_group(group) {
                Ok(_) => self.resolve = next,
                Err(error) => self.errors.push(error.render(&next.source_map)),
            }
        }
    }

    fn has_dependencies(&self, group: &UnresolvedPackageGroup) -> bool {
        let own: Vec<&PackageName> =
            std::iter::once(&group.main).chain(&group.nested).map(|package| &package.name).collect();
        let is_there =
            |name: &PackageName| own.contains(&name) || self.resolve.package_names.contains_key(name);
        let met = |package: &UnresolvedPackage| package.foreign_deps.keys().all(is_there);
        met(&group.main) && group.nested.iter().all(met)
    }

    fn index(&mut self) {
        let mut units = BTreeMap::new();
        for (id, interface) in self.resolve.interfaces.iter() {
            // One that is written inside a world has no name of its own.
            if let (Some(_), Some(name)) = (&interface.name, self.resolve.id_of(id)) {
                units.insert(SmolStr::from(name), Unit::Interface(id));
            }
        }
        for (id, world) in self.resolve.worlds.iter() {
            let Some(package) = world.package else { continue };
            units.insert(self.resolve.id_of_name(package, &world.name).into(), Unit::World(id));
            let labels = world.imports.keys().chain(world.exports.keys());
            for label in
                labels.filter_map(|key| if let WorldKey::Name(label) = key { Some(label) } else { None })
            {
                let there = |side: &wit_parser::IndexMap<WorldKey, WorldItem>| match side
                    .get(&WorldKey::Name(label.clone()))
                {
                    Some(WorldItem::Interface { id, .. }) => Some(*id),
                    _ => None,
                };
                let (import, export) = (there(&world.imports), there(&world.exports));
                if import.is_some() || export.is_some() {
                    let name = self.resolve.id_of_name(package, &format!("{}/{label}", world.name));
                    units.insert(name.into(), Unit::Inner { import, export });
                }
            }
        }
        self.units = units;
    }
}

/// What a component was decoded to, with its world in a package of a name of its own: all are decoded to worlds of one
/// name, and could not be merged.
fn with_own_world(mut resolve: Resolve, world: WorldId, bytes: &[u8]) -> Resolve {
    if let Some(package) = resolve.worlds[world].package {
        let mut hasher = FxHasher::default();
        bytes.hash(&mut hasher);
        let name = &mut resolve.packages[package].name;
        resolve.package_names.shift_remove(name);
        name.name = format!("component-{:x}", hasher.finish());
        resolve.package_names.insert(name.clone(), package);
    }
    resolve
}

fn folder_of(file: &WitFile) -> &str {
    file.path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What the `package …;` at the head of a WIT file says; none for a file without one.
fn declared_package(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        if rest.starts_with("//") {
            rest = rest.split_once('\n')?.1.trim_start();
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/")?.1.trim_start();
        } else {
            let after = rest.strip_prefix("package")?;
            let (name, _) = after.split_once(';')?;
            return (after.starts_with(char::is_whitespace) && !name.contains('{')).then(|| name.trim());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_file_names_its_package() {
        assert_eq!(declared_package("package a:b@1.0.0;\ninterface x {}"), Some("a:b@1.0.0"));
        assert_eq!(declared_package("// one\n/// two\n/* three */ package a:b;"), Some("a:b"));
        assert_eq!(declared_package("interface package-like {} package a:b;"), None);
        assert_eq!(declared_package("package a:b { interface x {} } package c:d;"), None);
        assert_eq!(declared_package("packaged a:b;"), None);
        assert_eq!(declared_package("/* never closed"), None);
    }
}
