//! The scope of a module: which names its own items and its `use`s bind.
//!
//! There are three kinds of names, told apart by their case: types and cases in `Pascal`, functions and modules
//! in `lower_snake`, constants in `SCREAMING`. Since no name belongs to two kinds, one table holds them all.
//! Cases are found through their types and methods through their receivers; neither stands here.
//!
//! The table of one module says nothing of what is in another: an imported name is kept as module and name, and
//! followed only when someone asks ([`crate::resolve`]). So modules may use each other in a circle.

use crate::query::{item_header, item_signature, items_of};
use crate::signature::{SignatureKind, UseDeclaration, UsePath};
use crate::wit;
use crate::{Name, Path};
use dot_db::{Db, Item, Module, Origin, Package, Project, module_named};
use dot_syntax::ItemKind;
use smol_str::SmolStr;

/// What a name of a module's scope stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Binding<'db> {
    /// An item that is declared here.
    Item(Item<'db>),
    /// A module that is used.
    Module {
        /// The module.
        module: Module<'db>,
        /// The `use`.
        by: Item<'db>,
    },
    /// An item of another module, by the name it has there.
    Import {
        /// The other module.
        module: Module<'db>,
        /// The name over there.
        name: SmolStr,
        /// The `use`.
        by: Item<'db>,
    },
    /// The `use` names a module that isn't there, which is reported with the `use`.
    Broken {
        /// The `use`.
        by: Item<'db>,
    },
}

/// A name and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct ScopeEntry<'db> {
    /// The name.
    pub name: SmolStr,
    /// What it stands for.
    pub binding: Binding<'db>,
}

/// The names that a module's items and `use`s bind, sorted. Of several bindings of one name the first counts;
/// the others are reported.
#[derive(Clone, Debug, Default, PartialEq, Eq, salsa::SalsaValue)]
pub struct ModuleScope<'db> {
    entries: Vec<ScopeEntry<'db>>,
    duplicates: Vec<ScopeEntry<'db>>,
}

impl<'db> ModuleScope<'db> {
    /// What `name` stands for.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Binding<'db>> {
        let index = self.entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        self.entries.get(index).map(|entry| &entry.binding)
    }

    /// All names, in alphabetical order.
    pub fn entries(&self) -> impl Iterator<Item = &ScopeEntry<'db>> {
        self.entries.iter()
    }

    /// Bindings of names that were bound before, in alphabetical order.
    pub fn duplicates(&self) -> impl Iterator<Item = &ScopeEntry<'db>> {
        self.duplicates.iter()
    }
}

impl<'db> Binding<'db> {
    /// The item that binds: the declaration itself, or the `use`.
    #[must_use]
    pub fn declared_by(&self) -> Item<'db> {
        match self {
            Self::Item(item) => *item,
            Self::Module { by, .. } | Self::Import { by, .. } | Self::Broken { by } => *by,
        }
    }
}

/// The scope of a module. Runs again when an item comes or goes, when a `use` changes, and when a function becomes
/// a method; look names up with [`crate::resolve_name`], which shields from all but changes of that name.
#[salsa::tracked]
pub fn module_scope<'db>(db: &'db dyn Db, module: Module<'db>) -> ModuleScope<'db> {
    let mut all: Vec<ScopeEntry<'db>> = Vec::new();
    for &item in items_of(db, module) {
        match item.kind(db) {
            ItemKind::Test => {}
            ItemKind::Use => bind_use(db, item, &mut all),
            ItemKind::Export => bind_export(db, item, &mut all),
            // What an exported interface asks for; the dots that are its functions stand in a file.
            ItemKind::Fn if wit::is_export_module(db, module) => {}
            ItemKind::Fn | ItemKind::Dot if is_member(db, item) => {}
            _ if item.name(db).is_empty() => {}
            _ => all.push(ScopeEntry { name: item.name(db).clone(), binding: Binding::Item(item) }),
        }
    }
    if wit::is_export_module(db, module) {
        let supplied = wit::supplied_items(db, module).iter();
        let bind = |item, name: &SmolStr| ScopeEntry { name: name.clone(), binding: Binding::Item(item) };
        all.extend(supplied.filter_map(|supplied| Some(bind(supplied.item?, &supplied.name))));
    }
    // Stable: of equal names the first in the text stays first. A module's own items win over what a rendered
    // interface imports by the way.
    all.sort_by(|a, b| a.name.cmp(&b.name));
    let mut scope = ModuleScope::default();
    for entry in all {
        match scope.entries.last() {
            Some(first) if first.name == entry.name => {
                if !is_same_module(&first.binding, &entry.binding) {
                    scope.duplicates.push(entry);
                }
            }
            _ => scope.entries.push(entry),
        }
    }
    scope
}

/// Whether two `use`s bind one module, as `use std/http.{Request}` and `use std/http.{Response}` do.
fn is_same_module(a: &Binding<'_>, b: &Binding<'_>) -> bool {
    match (a, b) {
        (Binding::Module { module: a, .. }, Binding::Module { module: b, .. }) => a == b,
        (Binding::Broken { .. }, _) | (_, Binding::Broken { .. }) => true,
        _ => false,
    }
}

/// Whether a function is found through a type: it has `self`, or its name is `Type.name`.
pub(crate) fn is_member<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    !item.owner(db).is_empty() || item_header(db, item).is_method
}

fn bind_export<'db>(db: &'db dyn Db, by: Item<'db>, all: &mut Vec<ScopeEntry<'db>>) {
    let name = by.name(db).clone();
    let binding = match wit::export_module(db, by) {
        Some(module) => Binding::Module { module, by },
        None => Binding::Broken { by },
    };
    if !name.is_empty() {
        all.push(ScopeEntry { name, binding });
    }
}

fn bind_use<'db>(db: &'db dyn Db, by: Item<'db>, all: &mut Vec<ScopeEntry<'db>>) {
    let SignatureKind::Use(declaration) = &item_signature(db, by).kind else { return };
    let target = used_module(db, by.module(db), declaration);
    if let Some(name) = module_name(declaration) {
        let binding = match target {
            Some(module) => Binding::Module { module, by },
            None => Binding::Broken { by },
        };
        all.push(ScopeEntry { name, binding });
    }
    for used in &declaration.names {
        let binding = match target {
            Some(module) => Binding::Import { module, name: used.name.text.clone(), by },
            None => Binding::Broken { by },
        };
        if !used.bound().is_missing() {
            all.push(ScopeEntry { name: used.bound().text.clone(), binding });
        }
    }
}

/// The name by which a `use` binds the module.
pub(crate) fn module_name(declaration: &UseDeclaration) -> Option<SmolStr> {
    let name = match (&declaration.alias, &declaration.path) {
        (Some(alias), _) => alias.text.clone(),
        (None, UsePath::Module(path)) => path.last()?.text.clone(),
        (None, UsePath::Wit(path)) => crate::NameCase::Snake.convert(&path.interface).into(),
    };
    (!name.is_empty()).then_some(name)
}

/// The module that a `use` names, if it is there.
pub fn used_module<'db>(
    db: &'db dyn Db,
    from: Module<'db>,
    declaration: &UseDeclaration,
) -> Option<Module<'db>> {
    match &declaration.path {
        UsePath::Module(path) => dot_module(db, from, path),
        UsePath::Wit(path) => wit::interface_module(db, from.package(db), path).ok(),
    }
}

/// The module that a path such as `std/http` or `geo/places` names: its first name is `std`, the package's own name
/// without its namespace, or that of a dependency.
fn dot_module<'db>(db: &'db dyn Db, from: Module<'db>, path: &Path) -> Option<Module<'db>> {
    let (package_name, rest) = path.segments.split_first()?;
    let below = rest.iter().map(Name::as_str).collect::<Vec<_>>().join("/");
    let package = from.package(db);
    if package_name.text == short_name(package.name(db)) {
        return module_named(db, package, &below);
    }
    if package_name.text == "std" {
        return module_named(db, Project::try_get(db)?.std(db), &below);
    }
    let dependency = dependency_named(db, package, &package_name.text)?;
    match dependency.component(db) {
        Some(component) => wit::exported_module(db, package, component, &below),
        None => module_named(db, dependency, &below),
    }
}

/// The package that another one's code calls `name`.
pub(crate) fn dependency_named(db: &dyn Db, package: Package, name: &str) -> Option<Package> {
    let dependencies = package.dependencies(db);
    let index = dependencies.binary_search_by(|dependency| dependency.name.as_str().cmp(name)).ok()?;
    dependencies.get(index).map(|dependency| dependency.package)
}

/// The name by which a package's own modules name it: `map_tiles` for `acme:map-tiles`.
pub(crate) fn short_name(package: &str) -> String {
    package.split_once(':').map_or(package, |(_, name)| name).replace('-', "_")
}

/// The module whose public names are in scope everywhere, if the project has a standard library with one.
pub fn prelude<'db>(db: &'db dyn Db) -> Option<Module<'db>> {
    std_module(db, "prelude")
}

/// The module of the standard library at `path`.
pub fn std_module<'db>(db: &'db dyn Db, path: &str) -> Option<Module<'db>> {
    module_named(db, Project::try_get(db)?.std(db), path)
}

/// Whether a module belongs to the standard library, which alone may declare intrinsics.
pub fn is_std<'db>(db: &'db dyn Db, module: Module<'db>) -> bool {
    module.package(db).origin(db) == Origin::Std
}
