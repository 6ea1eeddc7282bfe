//! Which modules a package has.

use crate::{Db, Module, Package, Project, SourceFile};
use rustc_hash::FxHashSet;

/// The modules of a package that are files, sorted by path. Runs again when the package gains or loses a file.
#[salsa::tracked]
pub fn modules_of<'db>(db: &'db dyn Db, package: Package) -> Vec<Module<'db>> {
    let mut modules: Vec<Module<'db>> = package
        .modules(db)
        .iter()
        .map(|module| Module::new(db, package, module.path.clone(), Some(module.file)))
        .collect();
    modules.sort_by(|a, b| a.path(db).cmp(b.path(db)));
    modules
}

/// The module at `path` below the package, if it is there.
pub fn module_named<'db>(db: &'db dyn Db, package: Package, path: &str) -> Option<Module<'db>> {
    let modules = modules_of(db, package);
    let index = modules.binary_search_by(|module| module.path(db).as_str().cmp(path)).ok()?;
    modules.get(index).copied()
}

/// All packages of the project, each once, behind those that it depends on: the standard library first, the root last.
///
/// Runs again when a package gains or loses a dependency.
pub fn packages_of(db: &dyn Db) -> &[Package] {
    Project::try_get(db).map_or(&[], |project| packages_of_project(db, project))
}

#[salsa::tracked]
fn packages_of_project(db: &dyn Db, project: Project) -> Vec<Package> {
    let mut found = vec![project.std(db)];
    // Depth first, without recursion: a package and how many of its dependencies have been looked at.
    let mut open = vec![(project.root(db), 0)];
    let mut seen: FxHashSet<Package> = found.iter().copied().chain([project.root(db)]).collect();
    while let Some((package, next)) = open.last_mut() {
        match package.dependencies(db).get(*next) {
            Some(dependency) => {
                *next += 1;
                if seen.insert(dependency.package) {
                    open.push((dependency.package, 0));
                }
            }
            None => {
                found.push(*package);
                open.pop();
            }
        }
    }
    found
}

/// The module of the project that `file` is, if it is one.
#[salsa::tracked(returns(copy))]
pub fn module_of_file<'db>(db: &'db dyn Db, file: SourceFile) -> Option<Module<'db>> {
    let packages = packages_of(db).iter().rev();
    let mut modules = packages.flat_map(|package| modules_of(db, *package).iter().copied());
    modules.find(|module| module.file(db) == Some(file))
}
