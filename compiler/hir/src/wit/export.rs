//! Interfaces of others that a package exports.
//!
//! ```text
//! export demo:kv/store as store        the module `exported:demo:kv/store`, called `store` here
//!
//! resource Bucket { … }                the resource `bucket` of that interface
//! dot Bucket.new() -> Bucket { … }     its constructor
//! dot store.open(…) -> … { … }         the function `open`
//! ```
//!
//! The module has the interface's types. Those that hold no resource of an exported interface are the very types that an
//! importer of the interface has; the resources are the package's own; what holds one of these is declared anew. Its
//! functions say what the package's dots have to look like; they themselves are never called.

use super::content::Content;
use super::import::declared_function;
use super::universe::{Unit, wit_universe};
use super::{ImportKind, ImportedFunction, Side, rendered_interface, wit_name};
use crate::members::{Owner, receiver_of};
use crate::query::{item_signature, items_of};
use crate::signature::{SignatureKind, WitPath};
use dot_db::{Db, Item, Module, Origin, Package, modules_of};
use dot_syntax::ItemKind;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use wit_parser::{InterfaceId, WorldItem, WorldKey};

/// What the path of a module begins with that stands for an interface as it is exported. No path in a source file does.
pub(super) const EXPORTED: &str = "exported:";

/// An `export` of a package.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct ExportDeclaration<'db> {
    /// The item.
    pub item: Item<'db>,
    /// The full name of the interface or world: `demo:kv/store@1.0.0`.
    pub id: SmolStr,
    /// The module that stands for it.
    pub module: Module<'db>,
}

/// A function of an exported interface.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct ExportedFunction<'db> {
    /// Its declaration among the items of the interface's module.
    pub declared: Item<'db>,
    /// The dot that it is; none if that is missing.
    pub dot: Option<Item<'db>>,
}

/// A resource of an exported interface.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct SuppliedResource<'db> {
    /// Its name in Dot.
    pub name: SmolStr,
    /// The resource of the package that it is; none if that is missing.
    pub item: Option<Item<'db>>,
}

/// What an exported interface asks of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq, salsa::SalsaValue)]
pub struct Demand<'db> {
    /// Its functions, in the order of the WIT.
    pub functions: Vec<ExportedFunction<'db>>,
    /// Its resources.
    pub resources: Vec<SuppliedResource<'db>>,
    /// Dots that stand under the interface's name or are a resource's, and are no function of it.
    pub spare: Vec<Item<'db>>,
}

/// Whether a module stands for an interface that is exported.
pub fn is_export_module<'db>(db: &'db dyn Db, module: Module<'db>) -> bool {
    module.file(db).is_none() && module.path(db).starts_with(EXPORTED)
}

/// The path of a module that stands for an exported interface, where a rendered interface names one.
pub(super) fn rendered_path(path: &WitPath) -> Option<SmolStr> {
    let is_one = format!("{}:", path.namespace) == EXPORTED && path.package.contains(':');
    let version = path.version.as_ref().map_or_else(String::new, |version| format!("@{version}"));
    is_one.then(|| format!("{EXPORTED}{}/{}{version}", path.package, path.interface).into())
}

/// What a package exports of others, in the order of its modules and their text; what can't be found is left out.
#[salsa::tracked]
pub fn exports_of<'db>(db: &'db dyn Db, package: Package) -> Vec<ExportDeclaration<'db>> {
    // The standard library exports nothing, and to find that out would be to take all of it apart.
    if package.origin(db) == Origin::Std {
        return Vec::new();
    }
    let items = modules_of(db, package).iter().flat_map(|module| items_of(db, *module)).copied();
    let exports = items.filter(|item| item.kind(db) == ItemKind::Export);
    exports.filter_map(|item| declaration(db, item)).collect()
}

fn declaration<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<ExportDeclaration<'db>> {
    let SignatureKind::Export { path, .. } = &item_signature(db, item).kind else { return None };
    let package = item.module(db).package(db);
    let universe = wit_universe(db, package);
    let id = universe.find(path, package.wit_versions(db)).ok()?;
    if matches!(universe.unit(&id)?, Unit::Inner { export: None, .. }) {
        return None;
    }
    let module = Module::new(db, package, SmolStr::from(format!("{EXPORTED}{id}")), None);
    Some(ExportDeclaration { item, id, module })
}

/// The module that the name of an `export` stands for.
pub fn export_module<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Module<'db>> {
    let exports = exports_of(db, item.module(db).package(db));
    exports.iter().find(|export| export.item == item).map(|export| export.module)
}

/// The interfaces that a package exports of others, as its universe numbers them.
pub(super) fn exported_ids(db: &dyn Db, package: Package) -> FxHashSet<InterfaceId> {
    let universe = wit_universe(db, package);
    let ids = exports_of(db, package).iter().filter_map(|export| match universe.unit(&export.id)? {
        Unit::Interface(id) | Unit::Inner { export: Some(id), .. } => Some(id),
        Unit::World(_) | Unit::Inner { export: None, .. } => None,
    });
    ids.collect()
}

/// The `export` whose module this is.
fn export_of<'db>(db: &'db dyn Db, module: Module<'db>) -> Option<&'db ExportDeclaration<'db>> {
    exports_of(db, module.package(db)).iter().find(|export| export.module == module)
}

/// The dot that stands under the name of an exported interface, `dot store.get(…)`. Goes by the text alone.
pub(crate) fn exported_dot<'db>(db: &'db dyn Db, module: Module<'db>, name: &str) -> Option<Item<'db>> {
    let export = export_of(db, module)?;
    let items = items_of(db, export.item.module(db));
    items.iter().copied().find(|item| is_dot_of(db, *item, export.item) && item.name(db) == name)
}

fn is_dot_of<'db>(db: &'db dyn Db, item: Item<'db>, export: Item<'db>) -> bool {
    item.kind(db) == ItemKind::Dot && item.owner(db) == export.name(db)
}

/// The resources of an exported interface that its package supplies, by their names in Dot.
#[salsa::tracked]
pub(crate) fn supplied_items<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<SuppliedResource<'db>> {
    let Some(export) = export_of(db, module) else { return Vec::new() };
    let items = items_of(db, export.item.module(db));
    let resources: Vec<Item<'db>> =
        items.iter().copied().filter(|item| item.kind(db) == ItemKind::Resource).collect();
    let supplied = rendered_interface(db, module).supplied.iter().map(|(name, wit)| {
        let named = resources.iter().copied().find(|item| item.name(db) == name);
        let item = named.or_else(|| resources.iter().copied().find(|item| wit_name(db, *item) == *wit));
        SuppliedResource { name: name.clone(), item }
    });
    supplied.collect()
}

/// What the interface of an `export` asks for, and what of that is there. Runs again when a dot of its file changes its
/// name or receiver.
#[salsa::tracked]
pub fn demands_of<'db>(db: &'db dyn Db, export: Item<'db>) -> Demand<'db> {
    let Some(module) = export_module(db, export) else { return Demand::default() };
    let resources = supplied_items(db, module).clone();
    let items = items_of(db, export.module(db)).iter().copied();
    let dots: Vec<Item<'db>> = items.filter(|item| item.kind(db) == ItemKind::Dot).collect();
    let resource_named = |wit: &str| {
        let names = &rendered_interface(db, module).supplied;
        let index = names.iter().position(|(_, name)| name == wit)?;
        resources.get(index)?.item
    };
    let is_of = |dot: &Item<'db>, resource: Item<'db>| *receiver_of(db, *dot) == Some(Owner::Item(resource));
    let mut functions = Vec::new();
    for declared in items_of(db, module).iter().copied() {
        let Some(function) = declared_function(db, declared) else { continue };
        let name = declared.name(db);
        let found = |dot: &Item<'db>| match &function.kind {
            ImportKind::Freestanding => is_dot_of(db, *dot, export) && dot.name(db) == name,
            kind => resource_named(kind.resource()).is_some_and(|resource| {
                let is_method = matches!(kind, ImportKind::Method { .. });
                is_of(dot, resource) && dot.name(db) == name && dot.owner(db).is_empty() == is_method
            }),
        };
        functions.push(ExportedFunction { declared, dot: dots.iter().copied().find(found) });
    }
    let used = |dot: &Item<'db>| functions.iter().any(|function| function.dot == Some(*dot));
    let is_drop = |dot: &Item<'db>| dot.name(db) == "drop" && dot.owner(db).is_empty();
    let is_spare = |dot: &Item<'db>| {
        let resource =
            resources.iter().filter_map(|supplied| supplied.item).find(|resource| is_of(dot, *resource));
        !used(dot) && (is_dot_of(db, *dot, export) || resource.is_some() && !is_drop(dot))
    };
    let spare = dots.iter().copied().filter(is_spare).collect();
    Demand { functions, resources, spare }
}

/// The paths of all that a world exports, each with a name for it: its interfaces, and the world itself if it exports
/// functions. None where there is no such world.
pub fn world_exports(db: &dyn Db, package: Package, world: &str) -> Option<Vec<(SmolStr, SmolStr)>> {
    let universe = wit_universe(db, package);
    let resolve = &universe.resolve;
    let items = &resolve.worlds[universe.world(world)?].exports;
    let mut found = Vec::new();
    let snake = |name: &str| SmolStr::from(crate::NameCase::Snake.convert(name));
    if items.values().any(|item| matches!(item, WorldItem::Function(_))) {
        let name = world.rsplit_once('/').map_or(world, |(_, name)| name);
        let name = name.split_once('@').map_or(name, |(name, _)| name);
        found.push((SmolStr::from(world), snake(name)));
    }
    for (key, item) in items {
        let WorldItem::Interface { id, .. } = item else { continue };
        let (path, name) = match key {
            WorldKey::Interface(_) => (resolve.id_of(*id)?, resolve.interfaces[*id].name.clone()?),
            WorldKey::Name(label) => {
                let (path, version) = world
                    .split_once('@')
                    .map_or((world, String::new()), |(path, version)| (path, format!("@{version}")));
                (format!("{path}/{label}{version}"), label.clone())
            }
        };
        found.push((path.into(), snake(&name)));
    }
    Some(found)
}

/// Whether a module stands for a world, or for an interface that has a name in a world only.
pub fn is_of_world<'db>(db: &'db dyn Db, module: Module<'db>) -> bool {
    if module.file(db).is_some() {
        return false;
    }
    let id = module.path(db).strip_prefix(EXPORTED).unwrap_or(module.path(db));
    matches!(wit_universe(db, module.package(db)).unit(id), Some(Unit::World(_) | Unit::Inner { .. }))
}

/// The function of an exported interface that a dot is, and the `export`; none for a dot of the package's own interfaces.
pub fn implemented<'db>(
    db: &'db dyn Db,
    dot: Item<'db>,
) -> Option<(&'db ExportDeclaration<'db>, &'db ImportedFunction)> {
    let module = dot.module(db);
    let exports = exports_of(db, module.package(db)).iter().filter(|export| export.item.module(db) == module);
    exports.into_iter().find_map(|export| {
        let functions = &demands_of(db, export.item).functions;
        let function = functions.iter().find(|function| function.dot == Some(dot))?;
        Some((export, declared_function(db, function.declared)?))
    })
}

/// The exported interface, and the name in it, of a resource that a package supplies; none for its other resources.
pub fn supplied_resource<'db>(
    db: &'db dyn Db,
    resource: Item<'db>,
) -> Option<(&'db ExportDeclaration<'db>, &'db SmolStr)> {
    let module = resource.module(db);
    module.file(db)?;
    let exports = exports_of(db, module.package(db)).iter().filter(|export| export.item.module(db) == module);
    exports.into_iter().find_map(|export| {
        let index =
            supplied_items(db, export.module).iter().position(|supplied| supplied.item == Some(resource))?;
        let (_, wit) = rendered_interface(db, export.module).supplied.get(index)?;
        Some((export, wit))
    })
}

/// The functions and types of an exported interface, as its package's universe has them.
pub(super) fn content<'db>(db: &'db dyn Db, export: &ExportDeclaration<'db>) -> Option<Content<'db>> {
    let package = export.module.package(db);
    Content::of(wit_universe(db, package), &export.id, &Side::Export(FxHashSet::default()))
}
