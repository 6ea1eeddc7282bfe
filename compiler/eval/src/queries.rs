//! The program that the database holds.

use crate::program::Program;
use dot_db::{Db, Item};
use dot_types::thir::Body;
use dot_types::{AdtDef, Intrinsic};

/// The checked program of a database: every question is a query.
#[derive(Clone, Copy)]
pub struct Queries<'db>(pub &'db dyn Db);

impl<'db> Program<'db> for Queries<'db> {
    fn db(&self) -> &'db dyn Db {
        self.0
    }

    fn body(&self, item: Item<'db>) -> Option<&'db Body<'db>> {
        dot_types::thir_body(self.0, item)?.as_ref().ok()
    }

    fn default_body(&self, item: Item<'db>, index: u32) -> Option<&'db Body<'db>> {
        dot_types::default_value_body(self.0, item, index)
    }

    fn adt(&self, item: Item<'db>) -> Option<&'db AdtDef<'db>> {
        declares_type(self.0, item).then(|| dot_types::adt_def(self.0, item))
    }

    fn intrinsic(&self, item: Item<'db>) -> Option<Intrinsic> {
        dot_types::intrinsic_of(self.0, item)
    }
}

fn declares_type(db: &dyn Db, item: Item<'_>) -> bool {
    use dot_syntax::ItemKind::{Enum, Flags, Record, Resource, Variant};
    matches!(item.kind(db), Record | Variant | Enum | Flags | Resource)
}
