//! Interfaces of WIT as modules of Dot.
//!
//! `use wasi:io/streams@0.2.12 as streams` binds a module whose items are written out as Dot declarations
//! (see `wit/render.rs`) and then split and parsed like any file, so that nothing above knows the difference. What a
//! declaration can't say stands beside the item in an [`ImportedFunction`].
//!
//! Interfaces come from the WIT files of the package and of the standard library. Where both have a package of one
//! name and version, std's is taken, so that a type has one identity whoever uses it.

mod import;
mod render;
mod universe;

pub use import::{ImportKind, ImportedFunction, import_of, kebab_case, wit_name};
pub use universe::{WitError, WitUniverse, wit_universe};

use crate::signature::WitPath;
use dot_db::{Db, Item, Module, Package, Project, create_items};
use render::Rendered;
use smol_str::SmolStr;

/// The module that stands for the interface at `path`, as a module of `package` names it.
pub fn interface_module<'db>(
    db: &'db dyn Db,
    package: Package,
    path: &WitPath,
) -> Result<Module<'db>, WitError> {
    let id = wit_universe(db, package).find(path)?;
    let std = Project::try_get(db).map(|project| project.std(db));
    let home = std.filter(|std| wit_universe(db, *std).interface(&id).is_some()).unwrap_or(package);
    Ok(Module::new(db, home, id, None))
}

/// An interface in Dot. Runs again when the WIT of its package changes.
#[salsa::tracked]
pub(crate) fn rendered_interface<'db>(db: &'db dyn Db, module: Module<'db>) -> Rendered {
    let universe = wit_universe(db, module.package(db));
    match universe.interface(module.path(db)) {
        Some(interface) => render::render(&universe.resolve, interface),
        None => Rendered::default(),
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
