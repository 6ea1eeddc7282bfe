//! Modules and items: what a file is made of.

use crate::{Package, SourceFile};
use smol_str::SmolStr;
use std::sync::Arc;

/// One module: a file of a package, or an interface of WIT rendered as one.
#[salsa::interned(debug)]
pub struct Module<'db> {
    /// The package it belongs to.
    #[returns(copy)]
    pub package: Package,
    /// Its path below the package (`places`), or the interface's path (`wasi:io/streams@0.2.12`).
    pub path: SmolStr,
    /// Its source; an interface of WIT has none.
    #[returns(copy)]
    pub file: Option<SourceFile>,
}

/// One item. Its identity is all but what is marked as tracked.
#[salsa::tracked(debug)]
pub struct Item<'db> {
    /// The module it stands in.
    #[returns(copy)]
    pub module: Module<'db>,
    /// What kind of item its keyword says it is.
    #[returns(copy)]
    pub kind: dot_syntax::ItemKind,
    /// What stands before the dot in `fn Type.name`; empty for all else.
    pub owner: SmolStr,
    /// Its name, empty where it is missing; `fn Type.name` has only `name` here. A `use` and an `export` have the
    /// name that they bind, a test its text.
    pub name: SmolStr,
    /// Tells items of one kind, owner and name in one module apart, in order of appearance.
    #[returns(copy)]
    pub disambiguator: u32,
    /// Its text, docs and attributes included. Spans in its tree are relative to the start of this text.
    #[tracked]
    pub text: Arc<str>,
    /// Where that text starts in its file. Only what shows something to a person may read this.
    #[tracked]
    #[returns(copy)]
    pub offset: u32,
}

/// What a span is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Anchor<'db> {
    /// The start of an item's text.
    Item(Item<'db>),
    /// The start of a file.
    File(SourceFile),
}
