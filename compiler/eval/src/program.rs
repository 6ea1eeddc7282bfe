//! What the evaluator asks about a program.

use dot_db::{Db, Item};
use dot_types::thir::Body;
use dot_types::{AdtDef, Intrinsic};

/// A checked program, as the evaluator sees it: bodies and shapes by item.
pub trait Program<'db> {
    /// The database that types and items live in.
    fn db(&self) -> &'db dyn Db;

    /// The typed body of a function, dot, test or constant; none for an imported function, and for a body with
    /// errors.
    fn body(&self, item: Item<'db>) -> Option<&'db Body<'db>>;

    /// The default value of a parameter or field, by index; none if it has none, as in a program made by hand.
    fn default_body(&self, _item: Item<'db>, _index: u32) -> Option<&'db Body<'db>> {
        None
    }

    /// The shape of a declared type; none for anything else.
    fn adt(&self, item: Item<'db>) -> Option<&'db AdtDef<'db>>;

    /// The operation that a function of std stands for.
    fn intrinsic(&self, item: Item<'db>) -> Option<Intrinsic>;
}
