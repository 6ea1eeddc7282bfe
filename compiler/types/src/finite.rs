//! Types without a finite value: `endless-type`.
//!
//! A record or variant may hold itself as long as building a value of it can come to an end: through a list that may
//! be empty, an option that may be none, or a case that doesn't need another one. Which declared types have a value
//! is a least fixpoint: none is taken to have one, until all parts of it (or of one of its cases) are found to.

use crate::growth::{mentioned, reaches};
use crate::{AdtShape, Ty, TyKind, adt_def};
use dot_db::{Db, Item};
use rustc_hash::FxHashSet;

/// Whether a declared type has no finite value because it holds itself. One that merely holds such a type is not to
/// blame for it.
#[salsa::tracked(returns(copy))]
pub(crate) fn is_endless<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    // Most types need no other for a value.
    !has_value(db, item, &FxHashSet::default())
        && reaches(db, mentioned(db, item), item)
        && !buildable(db, item).contains(&item)
}

/// Whether a value of this type could be built if only the declared types in `known` could.
fn is_buildable<'db>(db: &'db dyn Db, ty: Ty<'db>, known: &FxHashSet<Item<'db>>) -> bool {
    match ty.kind(db) {
        TyKind::Tuple(parts) => parts.iter().all(|part| is_buildable(db, *part, known)),
        TyKind::FixedList(item, length) => *length == 0 || is_buildable(db, *item, known),
        TyKind::Result(ok, err) => is_buildable(db, *ok, known) || is_buildable(db, *err, known),
        TyKind::Adt(item, _) => known.contains(item),
        _ => true,
    }
}

/// The declared types, of those that `item` reaches, that have a finite value.
fn buildable<'db>(db: &'db dyn Db, item: Item<'db>) -> FxHashSet<Item<'db>> {
    let mut reached = FxHashSet::default();
    let mut todo = vec![item];
    while let Some(next) = todo.pop() {
        if reached.insert(next) {
            todo.extend(mentioned(db, next));
        }
    }
    let mut known = FxHashSet::default();
    loop {
        let more: Vec<Item<'db>> = reached
            .iter()
            .copied()
            .filter(|item| !known.contains(item) && has_value(db, *item, &known))
            .collect();
        if more.is_empty() {
            return known;
        }
        known.extend(more);
    }
}

fn has_value<'db>(db: &'db dyn Db, item: Item<'db>, known: &FxHashSet<Item<'db>>) -> bool {
    match &adt_def(db, item).shape {
        AdtShape::Record(fields) | AdtShape::Resource(fields) => {
            fields.iter().all(|field| is_buildable(db, field.ty, known))
        }
        // One without cases is told as such.
        AdtShape::Variant(cases) => {
            cases.is_empty()
                || cases.iter().any(|case| case.parts.iter().all(|part| is_buildable(db, part.ty, known)))
        }
        AdtShape::Flags(_) => true,
    }
}

/// The first field of a record whose value can't be built: what an `option` around it would mend.
pub(crate) fn endless_field<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<usize> {
    let known = buildable(db, item);
    match &adt_def(db, item).shape {
        AdtShape::Record(fields) | AdtShape::Resource(fields) => {
            fields.iter().position(|field| !is_buildable(db, field.ty, &known))
        }
        AdtShape::Variant(_) | AdtShape::Flags(_) => None,
    }
}
