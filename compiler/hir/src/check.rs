//! What is wrong with names and attributes, one check a file.
//!
//! An item's own diagnostics look at nothing outside it; a module's look at other modules too. Neither repeats what
//! the parser said: a name that is missing or an error node is passed over in silence.

mod attributes;
mod cases;
mod duplicates;
mod empty;
mod members;
mod owners;
mod uses;
mod wit_names;

use crate::NameId;
use crate::query::{items_of, signature_source_map};
use dot_db::{Anchor, Db, Diagnostics, Item, Module};
use dot_diagnostics::{Span, TextRange};

/// What is wrong with the names of a module: its `use`s, duplicates, collisions in WIT. Nothing for an imported
/// interface.
#[salsa::tracked]
pub fn module_diagnostics<'db>(db: &'db dyn Db, module: Module<'db>) -> Diagnostics<'db> {
    let mut out = Diagnostics::default();
    if module.file(db).is_none() {
        return out;
    }
    for &item in items_of(db, module) {
        uses::check(db, item, &mut out);
        owners::check(db, item, &mut out);
    }
    duplicates::check(db, module, &mut out);
    wit_names::check(db, module, &mut out);
    out
}

/// What is wrong with an item by itself, apart from its syntax and its types: cases of names, reserved names,
/// members of one name, types without cases, attributes.
#[salsa::tracked]
pub fn item_diagnostics<'db>(db: &'db dyn Db, item: Item<'db>) -> Diagnostics<'db> {
    let mut out = Diagnostics::default();
    cases::check(db, item, &mut out);
    members::check(db, item, &mut out);
    empty::check(db, item, &mut out);
    attributes::check(db, item, &mut out);
    out
}

/// The place of a range in an item.
fn span<'db>(item: Item<'db>, range: TextRange) -> Span<Anchor<'db>> {
    Span::new(Anchor::Item(item), range)
}

/// Where a name of an item's signature stands.
fn name_span<'db>(db: &'db dyn Db, item: Item<'db>, name: NameId) -> Span<Anchor<'db>> {
    span(item, signature_source_map(db, item).name(name))
}

/// Where an item says what it is called. Only for messages: it changes with nearly every edit inside the item.
pub fn declared_span<'db>(db: &'db dyn Db, item: Item<'db>) -> Span<Anchor<'db>> {
    span(item, signature_source_map(db, item).item_name)
}
