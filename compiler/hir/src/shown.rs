//! The types that go out with a package's dots: those that their signatures mention, and the parts of these.

use crate::query::{item_signature, items_of};
use crate::resolve::{Def, resolve_path};
use crate::type_ref::TypeRef;
use dot_db::{Db, Item, Package, modules_of};
use dot_syntax::ItemKind;
use rustc_hash::FxHashSet;

/// The declared types that the dots of a package show, of whatever module. What a resource is made of stays inside.
/// Runs again when a signature changes.
#[salsa::tracked]
pub fn shown_types<'db>(db: &'db dyn Db, package: Package) -> FxHashSet<Item<'db>> {
    let all = modules_of(db, package).iter().flat_map(|module| items_of(db, *module)).copied();
    let mut todo: Vec<Item<'db>> = all.filter(|item| item.kind(db) == ItemKind::Dot).collect();
    let mut shown = FxHashSet::default();
    while let Some(item) = todo.pop() {
        if item.kind(db) == ItemKind::Resource {
            continue;
        }
        for ty in &item_signature(db, item).types {
            let TypeRef::Named { path, .. } = ty else { continue };
            if let Ok(found) = resolve_path(db, item.module(db), &path.texts())
                && let Def::Item(found) = found.def
                && shown.insert(found)
            {
                todo.push(found);
            }
        }
    }
    shown
}
