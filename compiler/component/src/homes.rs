//! What the interfaces of a component are called.
//!
//! An interface of the package itself has the name of its module. One that owns types of another package has that
//! package's name before it; where that is taken, by a module of the package or by a package of the same name, more of
//! what tells packages apart.

use crate::names::stem_identifier;
use dot_db::{Db, Module, Package, Project, modules_of};
use rustc_hash::FxHashMap;

/// The names of the interfaces of a component, as they are given out.
pub(crate) struct Homes<'db> {
    root: Package,
    given: FxHashMap<Module<'db>, String>,
    /// Names of the package's own modules, whether they have an interface or not.
    own: Vec<String>,
}

impl<'db> Homes<'db> {
    /// The interfaces of the component made from `root`.
    pub(crate) fn new(db: &'db dyn Db, root: Package) -> Self {
        let own = modules_of(db, root).iter().map(|module| stem_identifier(module.path(db))).collect();
        Self { root, given: FxHashMap::default(), own }
    }

    /// The name of the interface of a module; the same each time.
    pub(crate) fn name_of(&mut self, db: &'db dyn Db, module: Module<'db>) -> String {
        if let Some(name) = self.given.get(&module) {
            return name.clone();
        }
        let path = stem_identifier(module.path(db));
        let package = module.package(db);
        let name = if package == self.root {
            path
        } else if Project::try_get(db).is_some_and(|project| project.std(db) == package) {
            format!("std-{path}")
        } else {
            let candidates = names_of_package(db, package).map(|name| format!("{name}-{path}"));
            let free =
                |name: &String| !self.own.contains(name) && !self.given.values().any(|other| other == name);
            // The last one has the version, which tells all packages of a build apart.
            let mut candidates = candidates.into_iter();
            candidates.clone().find(free).or(candidates.next_back()).unwrap_or_default()
        };
        self.given.insert(module, name.clone());
        name
    }
}

/// Names for a package, shortest first: `geo`, `acme-geo`, `acme-geo-v1x2x0`.
fn names_of_package(db: &dyn Db, package: Package) -> [String; 3] {
    let name = package.name(db);
    let (space, short) = name.split_once(':').unwrap_or(("", name));
    let version = package.version(db).as_ref().map_or_else(String::new, ToString::to_string);
    let numbers: String = version.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { 'x' }).collect();
    let whole = stem_identifier(&format!("{space}-{short}"));
    [stem_identifier(short), whole.clone(), format!("{whole}-v{}", numbers.to_ascii_lowercase())]
}
