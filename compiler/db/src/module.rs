//! Which modules a package has.

use crate::{Db, Module, Package, Project, SourceFile};

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

/// The module of the project that `file` is, if it is one.
#[salsa::tracked(returns(copy))]
pub fn module_of_file<'db>(db: &'db dyn Db, file: SourceFile) -> Option<Module<'db>> {
    let project = Project::try_get(db)?;
    let packages = [project.root(db), project.std(db)];
    let mut modules = packages.into_iter().flat_map(|package| modules_of(db, package).iter().copied());
    modules.find(|module| module.file(db) == Some(file))
}
