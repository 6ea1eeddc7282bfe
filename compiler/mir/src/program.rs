//! What MIR asks about a program, as one door.
//!
//! Everything here stands on this trait instead of on the queries of `types`, so that a function made by hand can
//! go through every pass. [`crate::queries`] implements it over the database.

use crate::repr;
use dot_db::{Db, Item};
use dot_types::thir::Body;
use dot_types::{AdtDef, FnSignature, Intrinsic, Ty};

/// The questions about a program.
pub trait Program<'db> {
    /// The database, for interning.
    fn db(&self) -> &'db dyn Db;

    /// What a declared type is made of; none for an item that declares no type.
    fn adt(&self, item: Item<'db>) -> Option<&'db AdtDef<'db>>;

    /// The signature of a function.
    fn signature(&self, item: Item<'db>) -> Option<&'db FnSignature<'db>>;

    /// The typed body of a function, test or constant; none for imported ones and for what is no function.
    fn body(&self, item: Item<'db>) -> Option<&'db Body<'db>>;

    /// The operation that a function of std stands for.
    fn intrinsic(&self, item: Item<'db>) -> Option<Intrinsic>;

    /// An item of the standard library by module and name, such as `map_impl`, `HashMap`.
    fn std_item(&self, module: &str, name: &str) -> Option<Item<'db>>;

    /// The value of a constant, as the evaluator finds it; none if that ends in a failure.
    fn const_value(&self, item: Item<'db>) -> Option<dot_eval::Value<'db>>;

    /// See [`crate::is_boxed`].
    fn is_boxed(&self, ty: Ty<'db>) -> bool {
        repr::compute_is_boxed(self.as_program(), ty)
    }

    /// See [`crate::has_counts`].
    fn has_counts(&self, ty: Ty<'db>) -> bool {
        repr::compute_has_counts(self.as_program(), ty)
    }

    /// See [`crate::has_handles`].
    fn has_handles(&self, ty: Ty<'db>) -> bool {
        repr::compute_has_handles(self.as_program(), ty)
    }

    /// Whether an imported function only borrows its n-th argument for the call.
    fn lends(&self, import: Item<'db>, n: usize) -> bool {
        dot_hir::import_of(self.db(), import).is_some_and(|import| import.lends.get(n) == Some(&true))
    }

    /// This, as a trait object.
    fn as_program(&self) -> &dyn Program<'db>;
}
