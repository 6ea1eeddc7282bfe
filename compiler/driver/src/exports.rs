//! What a component made from a package exports: its dots, or its tests.

use crate::session::Session;
use dot_component::interface::Export;
use dot_component::names::wit_item;
use dot_component::surface;
use dot_db::{Db, Item, Module, Package, modules_of};
use dot_syntax::ItemKind;

/// A test of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestEntry {
    /// The name that its author gave it.
    pub name: String,
    /// The full WIT name of the interface that exports it in a test build: `local:hello/hello`.
    pub interface: String,
    /// The WIT name of its function.
    pub export: String,
    /// Whether it is a property, with parameters whose values have to be made.
    pub is_property: bool,
}

impl Session {
    /// The tests of the package, in the order of the source.
    #[must_use]
    pub fn tests(&self) -> Vec<TestEntry> {
        let db = self.db();
        let surface = surface(db, self.package(), &tests(db, self.package()));
        let entries = surface.interfaces.iter().flat_map(|interface| {
            interface.dots.iter().map(|dot| TestEntry {
                name: dot.item.name(db).to_string(),
                interface: dot.core_name.split('#').next().unwrap_or_default().to_owned(),
                export: dot.name.clone(),
                is_property: !dot.params.is_empty(),
            })
        });
        entries.collect()
    }
}

/// Exports by module, in the order of the source.
pub type Exports<'db> = Vec<(Module<'db>, Vec<Export<'db>>)>;

/// The dots of a package.
pub fn dots(db: &dyn Db, package: Package) -> Exports<'_> {
    by_module(db, package, ItemKind::Dot, |_, item| wit_item(db, item))
}

/// The tests of a package, as functions `test-0`, `test-1`, … of each module.
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
