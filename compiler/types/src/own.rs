//! The operations that opaque types define for themselves.
//!
//! All other data has structural operations. An opaque type hides its structure, so it has only those that its
//! file defines, as methods of fixed names and signatures:
//!
//! ```text
//! fn eq(self: T, other: T) -> bool             ==, !=
//! fn compare(self: T, other: T) -> Ordering    <, compare, min, sorted, …
//! fn hash(self: T) -> u64                      with the two above: keys of maps, elements of sets
//! fn show(self: T) -> string                   interpolation
//! ```
//!
//! Wherever an engine meets such a type in a value that it compares, orders, hashes or prints, it calls the method. What
//! a type doesn't define it lacks, but that its own file prints and encodes it by its structure; see [`lacking`].

use crate::bounds::{implies, parts_of};
use crate::table::decompose;
use crate::{Mode, Ty, TyKind, adt, fn_signature};
use dot_db::{Db, Item, Module};
use dot_hir::{Owner, item_header};
use dot_syntax::ItemKind;
use rustc_hash::FxHashSet;

/// What is done with the structure of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `==`
    Equal,
    /// The total order.
    Compare,
    /// The hash.
    Hash,
    /// Printing.
    Show,
    /// Encoding and decoding, which no type defines for itself.
    Encode,
}

impl Operation {
    /// Every one.
    pub(crate) const ALL: [Self; 5] = [Self::Equal, Self::Compare, Self::Hash, Self::Show, Self::Encode];

    /// The name of the method that does it, and its signature for a type of this name.
    pub(crate) fn method(self, name: &str) -> Option<(&'static str, String)> {
        Some(match self {
            Self::Equal => ("eq", format!("fn eq(self: {name}, other: {name}) -> bool")),
            Self::Compare => ("compare", format!("fn compare(self: {name}, other: {name}) -> Ordering")),
            Self::Hash => ("hash", format!("fn hash(self: {name}) -> u64")),
            Self::Show => ("show", format!("fn show(self: {name}) -> string")),
            Self::Encode => return None,
        })
    }

    /// What it is called in messages.
    pub(crate) const fn doing(self) -> &'static str {
        match self {
            Self::Equal => "comparing",
            Self::Compare => "ordering",
            Self::Hash => "hashing",
            Self::Show => "printing",
            Self::Encode => "encoding",
        }
    }
}

/// The methods by which a type does what other types do by their structure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, salsa::SalsaValue)]
struct OwnOperations<'db> {
    equal: Option<Item<'db>>,
    compare: Option<Item<'db>>,
    hash: Option<Item<'db>>,
    show: Option<Item<'db>>,
}

/// The operations of a declared type's own; none unless it is opaque. Changes with the signatures of its file's methods
/// of these names.
#[salsa::tracked(returns(copy))]
fn own_operations<'db>(db: &'db dyn Db, item: Item<'db>) -> OwnOperations<'db> {
    if !is_opaque(db, item) {
        return OwnOperations::default();
    }
    let find = |op: Operation| {
        let (name, _) = op.method("")?;
        let is_it = |found: &Item<'db>| {
            found.kind(db) == ItemKind::Fn
                && found.name(db) == name
                && *dot_hir::receiver_of(db, *found) == Some(Owner::Item(item))
                && is_operation(db, item, *found, op)
        };
        dot_hir::items_of(db, item.module(db)).iter().copied().find(is_it)
    };
    OwnOperations {
        equal: find(Operation::Equal),
        compare: find(Operation::Compare),
        hash: find(Operation::Hash),
        show: find(Operation::Show),
    }
}

fn is_opaque<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    let declares_type = crate::lookup::is_type(db, item) && item.kind(db) != ItemKind::Type;
    declares_type && item_header(db, item).is_opaque
}

/// Whether a method has the signature of an operation, for all instances of the type.
fn is_operation<'db>(db: &'db dyn Db, item: Item<'db>, method: Item<'db>, op: Operation) -> bool {
    let signature = fn_signature(db, method);
    let own = adt::generics(db, item);
    let args = (0..).zip(&own).map(|(index, _)| Ty::new(db, TyKind::Param(index)));
    let this = Ty::new(db, TyKind::Adt(item, args.collect()));
    let operands = if matches!(op, Operation::Equal | Operation::Compare) { 2 } else { 1 };
    let gives = match (op, signature.ret.kind(db)) {
        (Operation::Equal, TyKind::Bool) | (Operation::Show, TyKind::String) => true,
        (Operation::Hash, TyKind::Int(kind)) => *kind == crate::IntKind::U64,
        (Operation::Compare, TyKind::Adt(ordering, _)) => is_ordering(db, *ordering),
        _ => false,
    };
    gives
        && signature.params.len() == operands
        && signature.params.iter().all(|param| param.ty == this && param.mode == Mode::In)
        && signature.generics.len() == own.len()
        && signature.generics.iter().zip(&own).all(|(wanted, own)| implies(own.bound, wanted.bound))
}

fn is_ordering<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    item.name(db) == "Ordering" && dot_hir::is_std(db, item.module(db))
}

/// The method by which values of a type do this, and its type arguments; none for what is done by their structure.
#[must_use]
pub fn own_operation<'db>(
    db: &'db dyn Db,
    ty: Ty<'db>,
    op: Operation,
) -> Option<(Item<'db>, &'db [Ty<'db>])> {
    let TyKind::Adt(item, args) = ty.kind(db) else { return None };
    let own = own_operations(db, *item);
    let method = match op {
        Operation::Equal => own.equal,
        Operation::Compare => own.compare,
        Operation::Hash => own.hash,
        Operation::Show => own.show,
        Operation::Encode => None,
    };
    Some((method?, args))
}

/// Whether an item is a method by which its type does what others do by their structure.
pub(crate) fn is_own_operation<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    let Some(Owner::Item(ty)) = dot_hir::receiver_of(db, item) else { return false };
    let own = own_operations(db, *ty);
    [own.equal, own.compare, own.hash, own.show].contains(&Some(item))
}

/// Whether values of a type are, or hold, such of a type with an operation of its own.
#[salsa::tracked(returns(copy))]
pub fn holds_own<'db>(db: &'db dyn Db, ty: Ty<'db>) -> bool {
    let mut search = Search { db, seen: FxHashSet::default() };
    let found = search.find(ty, &mut |item| {
        if own_operations(db, item) == OwnOperations::default() { Met::Structure } else { Met::Found }
    });
    found.is_some()
}

/// An opaque type that keeps code in `module` from doing this with values of a type: it is in there and doesn't say how.
/// Only printing and encoding go by its structure then, where that can be seen.
pub(crate) fn lacking<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    ty: Ty<'db>,
    op: Operation,
) -> Option<Item<'db>> {
    let mut search = Search { db, seen: FxHashSet::default() };
    let by_structure = matches!(op, Operation::Show | Operation::Encode);
    search.find(ty, &mut |item| {
        if own_operation(db, Ty::new(db, TyKind::Adt(item, Vec::new())), op).is_some() {
            Met::Own
        } else if by_structure && dot_hir::is_structure_visible_from(db, item, module) {
            Met::Structure
        } else {
            Met::Found
        }
    })
}

/// Whether an opaque type may be a key: it says what is equal, in what order, and of which hash. A type that isn't opaque
/// is asked for its parts instead.
pub(crate) fn is_key<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<bool> {
    let own = own_operations(db, item);
    is_opaque(db, item).then(|| own.equal.is_some() && own.compare.is_some() && own.hash.is_some())
}

/// What is done about an opaque type that a search meets.
enum Met {
    /// It is what was looked for.
    Found,
    /// It does it itself, as far as what it is made for does.
    Own,
    /// Its parts are looked at.
    Structure,
}

/// So many types are looked at in a type; one that grows as it recurs has no end of them.
const MOST: usize = 2_000;

struct Search<'db> {
    db: &'db dyn Db,
    seen: FxHashSet<Ty<'db>>,
}

impl<'db> Search<'db> {
    fn find(&mut self, ty: Ty<'db>, meet: &mut dyn FnMut(Item<'db>) -> Met) -> Option<Item<'db>> {
        let mut todo = vec![ty];
        while let Some(ty) = todo.pop() {
            if self.seen.len() > MOST || !self.seen.insert(ty) {
                continue;
            }
            match ty.kind(self.db) {
                TyKind::Adt(item, args) if is_opaque(self.db, *item) => match meet(*item) {
                    Met::Found => return Some(*item),
                    Met::Own => todo.extend(args),
                    Met::Structure => todo.extend(parts_of(self.db, *item, args)),
                },
                TyKind::Adt(item, args) => todo.extend(parts_of(self.db, *item, args)),
                TyKind::Fn(..) => {}
                kind => todo.extend(decompose(kind).1),
            }
        }
        None
    }
}
