//! The salsa database: inputs, source files, and parsing by item.
//!
//! What this layer must *not* know: names, types, or anything else about what an item means. It knows
//! which files a package has, which items a file has, and each item's tree.
//!
//! Two kinds of things live here. *Inputs* ([`SourceFile`], [`Package`]) are set from outside, by the
//! driver or the language server. *Items* ([`Item`]) are found by splitting a file; an item's identity is its
//! module, kind, name and disambiguator, never its position, so that an item that only moved is the same
//! item and nothing that was computed about it runs again.

mod database;
mod diagnostics;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
mod input;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
mod item;
mod memory;
mod module;
mod parse;
mod place;

pub use database::{Database, Db, EventLog};
pub use diagnostics::{Diagnostic, Diagnostics};
pub use input::{
    ComponentFile, Dependency, FileStatus, ModuleFile, Origin, Package, Project, SourceFile, WitFile,
};
pub use item::{Anchor, Item, Module};
pub use memory::{PackageTexts, new_project};
pub use module::{module_named, module_of_file, modules_of, packages_of};
pub use parse::{
    create_items, file_chunks, file_diagnostics, item_syntax_diagnostics, item_tree, module_items,
};
pub use place::{LineColumn, LineIndex, line_index, resolve};
