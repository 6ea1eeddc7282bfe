//! Interfaces of WIT as modules of Dot.
//!
//! `use wasi:io/streams@0.2.12 as streams` binds a module whose items are written out as Dot declarations
//! (see `wit/render.rs`) and then split and parsed like any file, so that nothing above knows the difference. What a
//! declaration can't say stands beside the item in an [`ImportedFunction`].
//!
//! Interfaces come from the WIT files of the package, of what it depends on, and of the standard library. Where several
//! have a package of one name and version, the first of the project is taken (std, then dependencies before what
//! depends on them), so that a type has one identity whoever uses it.

mod content;
mod export;
pub mod features;
mod import;
mod lend;
mod render;
mod spell;
mod stub;
mod universe;

use content::Side;
use export::EXPORTED;
pub use export::{
    Demand, ExportDeclaration, ExportedFunction, SuppliedResource, demands_of, export_module, exports_of,
    implemented, is_export_module, is_of_world, supplied_resource, world_exports,
};
pub(crate) use export::{exported_dot, supplied_items};
pub use import::{ImportKind, ImportedFunction, declared_function, import_of, kebab_case, wit_name};
pub use lend::Lend;
pub use stub::{Stub, stub_of};
use universe::declared_interfaces;
pub use universe::{Unit, WitError, WitUniverse, wit_universe};

use crate::signature::WitPath;
use dot_db::{ComponentFile, Db, Dependency, Item, Module, Package, Project, create_items, packages_of};
use render::Rendered;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// The module that stands for the interface at `path`, as a module of `package` names it.
pub fn interface_module<'db>(
    db: &'db dyn Db,
    package: Package,
    path: &WitPath,
) -> Result<Module<'db>, WitError> {
    if let Some(path) = export::rendered_path(path) {
        return Ok(Module::new(db, package, path, None));
    }
    let id = wit_universe(db, package).find(path, package.wit_versions(db))?;
    Ok(interface_named(db, package, id))
}

/// The features of the target that the whole of an interface needs, for which a module stands.
pub fn needs_of<'db>(db: &'db dyn Db, module: Module<'db>) -> &'db [&'static str] {
    &rendered_interface(db, module).needs
}

/// The module that a core module imports the functions of a module from, which stands for an interface or world.
pub fn core_module<'db>(db: &'db dyn Db, module: Module<'db>) -> &'db SmolStr {
    &rendered_interface(db, module).core_module
}

/// The module that stands for the interface with this full name, which `package` can import.
fn interface_named<'db>(db: &'db dyn Db, package: Package, id: SmolStr) -> Module<'db> {
    let provider = Project::try_get(db).and_then(|project| providers(db, project).get(&id).copied());
    if let Some(provider) = provider {
        return Module::new(db, provider, id, None);
    }
    let declares = |other: &&Package| declared_interfaces(db, **other).contains(&id);
    let (components, packages): (Vec<Package>, Vec<Package>) =
        packages_of(db).iter().partition(|other| other.component(db).is_some());
    let home = packages.iter().chain(&components).find(declares).copied().unwrap_or(package);
    Module::new(db, home, id, None)
}

/// The modules of the interfaces of which a component imports functions: what calling any of its own may touch.
#[salsa::tracked]
pub fn component_effects<'db>(db: &'db dyn Db, component: Package) -> Vec<Module<'db>> {
    let imports = component.component(db).iter().flat_map(|component| &component.imports);
    let modules = imports.map(|id| interface_named(db, component, id.clone()));
    // What it imports from another component of the project, that one does.
    let mut seen: Vec<Module<'db>> = Vec::new();
    let mut todo: Vec<Module<'db>> = modules.collect();
    let mut found = Vec::new();
    while let Some(module) = todo.pop() {
        if seen.contains(&module) {
            continue;
        }
        seen.push(module);
        match provider_of(db, module) {
            Some(other) => {
                let imports = other.component(db).iter().flat_map(|component| &component.imports);
                todo.extend(imports.map(|id| interface_named(db, other, id.clone())));
            }
            None => found.push(module),
        }
    }
    found.sort_by(|a, b| a.path(db).cmp(b.path(db)));
    found
}

/// By full name, the interfaces that components of the project export. A call of their functions is one of the component.
#[salsa::tracked]
fn providers(db: &dyn Db, _project: Project) -> FxHashMap<SmolStr, Package> {
    let mut found = FxHashMap::default();
    for package in packages_of(db) {
        for id in package.component(db).iter().flat_map(|component| &component.exports) {
            found.entry(id.clone()).or_insert(*package);
        }
    }
    found
}

/// The component of the project that exports the interface which a module stands for, if one does: then its functions
/// are that component's, and not the host's.
pub fn provider_of<'db>(db: &'db dyn Db, module: Module<'db>) -> Option<Package> {
    if module.file(db).is_some() {
        return None;
    }
    providers(db, Project::try_get(db)?).get(module.path(db)).copied()
}

/// The module for `path` below the name of a component on which `package` depends: an interface that it exports, spelled
/// as Dot spells names. None, too, where what the component says of WIT isn't what others say.
pub(crate) fn exported_module<'db>(
    db: &'db dyn Db,
    package: Package,
    component: &ComponentFile,
    path: &str,
) -> Option<Module<'db>> {
    let id = component.exports.iter().find(|id| snake_interface(id) == path)?;
    wit_universe(db, package).interface(id)?;
    Some(interface_named(db, package, id.clone()))
}

/// The paths of the interfaces that a dependency exports, if it is a component.
pub(crate) fn exported_interfaces(db: &dyn Db, dependency: &Dependency) -> impl Iterator<Item = String> {
    let component = dependency.package.component(db).as_ref();
    component.into_iter().flat_map(|component| component.exports.iter().map(|id| snake_interface(id)))
}

/// `fast_math` for `acme:engine/fast-math@1.0.0`.
fn snake_interface(id: &str) -> String {
    let name = id.rsplit_once('/').map_or(id, |(_, name)| name);
    let name = name.split_once('@').map_or(name, |(name, _)| name);
    crate::NameCase::Snake.convert(name)
}

/// An interface in Dot. Runs again when the WIT of its package changes.
#[salsa::tracked]
pub(crate) fn rendered_interface<'db>(db: &'db dyn Db, module: Module<'db>) -> Rendered {
    let universe = wit_universe(db, module.package(db));
    match module.path(db).strip_prefix(EXPORTED) {
        Some(id) => render::render(universe, id, &Side::Export(export::exported_ids(db, module.package(db)))),
        None => render::render(universe, module.path(db), &Side::Import),
    }
}

/// The items of an interface. Runs again when its text changes.
#[salsa::tracked]
pub(crate) fn interface_items<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<Item<'db>> {
    let text = &rendered_interface(db, module).text;
    create_items(db, module, text, &dot_syntax::split(text))
}

/// The documentation of an interface.
pub(crate) fn interface_docs<'db>(db: &'db dyn Db, module: Module<'db>) -> SmolStr {
    rendered_interface(db, module).docs.clone()
}

/// The declarations that an interface was turned into, as Dot text; nothing for a module that is a file. For an
/// editor that shows where an imported name comes from.
pub fn interface_text<'db>(db: &'db dyn Db, module: Module<'db>) -> Option<&'db str> {
    module.file(db).is_none().then(|| rendered_interface(db, module).text.as_str())
}
