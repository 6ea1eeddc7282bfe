//! What a component made from a package exports: its dots, or its tests.

use dot_component::interface::Export;
use dot_component::names::kebab;
use dot_db::{Db, Item, Module, Package, modules_of};
use dot_syntax::ItemKind;

/// Exports by module, in the order of the source.
pub type Exports<'db> = Vec<(Module<'db>, Vec<Export<'db>>)>;

/// The dots of a package.
pub fn dots(db: &dyn Db, package: Package) -> Exports<'_> {
    by_module(db, package, ItemKind::Dot, |_, item| kebab(item.name(db)))
}

/// The tests of a package, as functions `test-0`, `test-1`, … of each module. A property, which has parameters, is
/// not among them: its inputs have to be made.
pub fn tests(db: &dyn Db, package: Package) -> Exports<'_> {
    by_module(db, package, ItemKind::Test, |index, _| format!("test-{index}"))
}

fn by_module<'db>(
    db: &'db dyn Db,
    package: Package,
    kind: ItemKind,
    name: impl Fn(usize, Item<'db>) -> String,
) -> Exports<'db> {
    let mut exports = Vec::new();
    for module in modules_of(db, package) {
        let items = dot_hir::items_of(db, *module).iter().filter(|item| item.kind(db) == kind);
        let named: Vec<_> =
            items.enumerate().map(|(index, item)| Export { item: *item, name: name(index, *item) }).collect();
        if !named.is_empty() {
            exports.push((*module, named));
        }
    }
    exports
}
