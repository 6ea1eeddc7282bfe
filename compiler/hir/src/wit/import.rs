//! What is known of an imported function besides its declaration in Dot.

use super::rendered_interface;
use crate::attribute::string_argument;
use crate::query::{item_signature, items_of};
use crate::words_of;
use dot_db::{Db, Item};
use dot_syntax::ItemKind;
use smol_str::SmolStr;

/// A function of an imported interface.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImportedFunction {
    /// The interface's full name, `wasi:io/streams@0.2.12`.
    pub interface: SmolStr,
    /// The function's name in it as components spell it: `read-directory`, `[method]output-stream.write`.
    pub name: SmolStr,
    /// What kind of function it is.
    pub kind: ImportKind,
    /// Whether it is an `async func`.
    pub is_async: bool,
    /// Whether a call may wait: it is asynchronous, or waits by its contract, as functions of WASI 0.2 do.
    pub waits: bool,
    /// By parameter: whether it lends its handles for the call (`borrow<T>`) rather than giving them away.
    pub lends: Vec<bool>,
    /// What in its type can't be imported so far; calls are refused.
    pub unsupported: Option<SmolStr>,
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

/// What an item of an imported interface is over there; none for functions with a body, and for types.
#[salsa::tracked(returns(as_ref))]
pub fn import_of<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<ImportedFunction> {
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
