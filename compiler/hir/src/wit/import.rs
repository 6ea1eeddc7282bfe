//! What is known of an imported function besides its declaration in Dot.

use super::export::is_export_module;
use super::lend::Lend;
use super::rendered_interface;
use crate::attribute::string_argument;
use crate::query::{item_signature, items_of};
use crate::words_of;
use dot_db::{Db, Item};
use dot_syntax::ItemKind;
use smol_str::SmolStr;

/// A function of an imported interface, or of one that is exported.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImportedFunction {
    /// The interface's full name, `wasi:io/streams@0.2.12`; or that of the world in which it stands.
    pub interface: SmolStr,
    /// The module that a core module imports it from, which is the interface's name but for what stands in a world.
    pub core_module: SmolStr,
    /// The function's name in it as components spell it: `read-directory`, `[method]output-stream.write`.
    pub name: SmolStr,
    /// What kind of function it is.
    pub kind: ImportKind,
    /// Whether it is an `async func`.
    pub is_async: bool,
    /// Whether a call may wait: it is asynchronous, or waits by its contract, as functions of WASI 0.2 do.
    pub waits: bool,
    /// By parameter: whether it only lends its handles for the call (`borrow<T>`), all of them.
    pub lends: Vec<bool>,
    /// By parameter: which of its handles it lends.
    pub lent: Vec<Lend>,
    /// The features of the target that it needs, by the names that a manifest calls them.
    pub needs: Vec<&'static str>,
    /// The name in Dot, to tell functions apart.
    pub(super) dot_name: SmolStr,
}

/// The kinds of functions that an interface has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ImportKind {
    /// A function of the interface.
    Freestanding,
    /// A function of a resource that takes a handle.
    Method {
        /// The resource's name in WIT.
        resource: SmolStr,
    },
    /// A function of a resource that takes none.
    Static {
        /// The resource's name in WIT.
        resource: SmolStr,
    },
    /// A resource's constructor, `Type.new` in Dot.
    Constructor {
        /// The resource's name in WIT.
        resource: SmolStr,
    },
}

impl ImportKind {
    /// The name in WIT of the resource that it is a function of; empty if it is of none.
    #[must_use]
    pub fn resource(&self) -> &str {
        match self {
            Self::Freestanding => "",
            Self::Method { resource } | Self::Static { resource } | Self::Constructor { resource } => {
                resource
            }
        }
    }
}

/// What an item of an imported interface is over there; none for functions with a body, and for types.
pub fn import_of<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<&'db ImportedFunction> {
    declared_function(db, item).filter(|_| !is_export_module(db, item.module(db)))
}

/// What an item of an interface is in WIT, whether that is imported or exported; none for functions with a body, and for
/// types.
#[salsa::tracked(returns(as_ref))]
pub fn declared_function<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<ImportedFunction> {
    let module = item.module(db);
    if module.file(db).is_some() || item.kind(db) != ItemKind::Fn {
        return None;
    }
    // The functions of the rendered text stand in the order of this table.
    let mut functions = items_of(db, module).iter().filter(|item| item.kind(db) == ItemKind::Fn);
    let index = functions.position(|function| *function == item)?;
    let function = rendered_interface(db, module).functions.get(index)?;
    (function.dot_name == *item.name(db)).then(|| function.clone())
}

/// An item's name in WIT: what `@wit("…")` says, or else its own in kebab-case. Resources of an imported interface
/// and all that is exported have one.
pub fn wit_name<'db>(db: &'db dyn Db, item: Item<'db>) -> SmolStr {
    let attributes = &item_signature(db, item).attributes;
    string_argument(attributes, "wit").cloned().unwrap_or_else(|| kebab_case(item.name(db)))
}

/// A Dot name as WIT spells it: `open_at` and `OpenAt` are `open-at`.
#[must_use]
pub fn kebab_case(name: &str) -> SmolStr {
    words_of(name).join("-").into()
}
