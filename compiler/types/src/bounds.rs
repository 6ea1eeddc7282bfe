//! Bounds: which types may stand for a type parameter, and which types have structural operations.
//!
//! The set of bounds is closed. Whether a type meets one is a question about its structure, and a recursive type
//! meets a bound when nothing in it speaks against: the greatest fixpoint, found by taking for granted what is
//! being asked already.

use crate::{AdtShape, Bound, Generic, Ty, TyKind, adt_def};
use dot_db::{Db, Item};
use rustc_hash::FxHashSet;

/// Whether whatever meets `own` meets `wanted` too.
pub(crate) fn implies(own: Bound, wanted: Bound) -> bool {
    match wanted {
        Bound::Any => true,
        Bound::Data => own != Bound::Any,
        Bound::Key => matches!(own, Bound::Key | Bound::Integer),
        Bound::Number => matches!(own, Bound::Number | Bound::Integer | Bound::Float),
        Bound::Integer => own == Bound::Integer,
        Bound::Float => own == Bound::Float,
    }
}

/// Every bound.
pub(crate) const ALL: [Bound; 6] =
    [Bound::Data, Bound::Key, Bound::Number, Bound::Integer, Bound::Float, Bound::Any];

/// The name of a bound in source.
#[must_use]
pub fn name(bound: Bound) -> &'static str {
    match bound {
        Bound::Any => "any",
        Bound::Data => "data",
        Bound::Key => "key",
        Bound::Number => "number",
        Bound::Integer => "integer",
        Bound::Float => "float",
    }
}

/// What a bound admits, as a sentence.
pub(crate) fn admits(bound: Bound) -> &'static str {
    match bound {
        Bound::Any => "`any` admits every type.",
        Bound::Data => "`data` admits every type without functions and handles.",
        Bound::Key => {
            "`key` admits data without floats, and opaque types with `eq`, `compare` and `hash`: what keys of maps and values of sets are."
        }
        Bound::Number => "`number` admits integers and floats.",
        Bound::Integer => "`integer` admits the integer types.",
        Bound::Float => "`float` admits `f32` and `f64`.",
    }
}

/// The part of a type that keeps it from meeting a bound; none if it meets it. `generics` are the type parameters
/// that are in scope where the type stands.
pub fn obstacle<'db>(db: &'db dyn Db, ty: Ty<'db>, bound: Bound, generics: &[Generic]) -> Option<Ty<'db>> {
    Search { db, bound, generics, seen: FxHashSet::default() }.visit(ty)
}

/// Whether values of a type are moved rather than copied: it is, or holds, a handle.
#[must_use]
pub fn is_affine<'db>(db: &'db dyn Db, ty: Ty<'db>, generics: &[Generic]) -> bool {
    let is_handle =
        |kind: &TyKind<'db>| matches!(kind, TyKind::Handle(_) | TyKind::Stream(_) | TyKind::Future(_));
    may_hold(db, ty, generics, &is_handle, &mut FxHashSet::default())
}

/// Whether a value of a type may be, or hold, a function.
pub(crate) fn holds_function<'db>(db: &'db dyn Db, ty: Ty<'db>, generics: &[Generic]) -> bool {
    may_hold(db, ty, generics, &|kind| matches!(kind, TyKind::Fn(..)), &mut FxHashSet::default())
}

/// Whether a value of a type may be, or hold, one of a kind of types that only `any` admits.
fn may_hold<'db>(
    db: &'db dyn Db,
    ty: Ty<'db>,
    generics: &[Generic],
    is_it: &dyn Fn(&TyKind<'db>) -> bool,
    seen: &mut FxHashSet<Ty<'db>>,
) -> bool {
    if !seen.insert(ty) {
        return false;
    }
    let mut any = |tys: &[Ty<'db>]| tys.iter().any(|ty| may_hold(db, *ty, generics, is_it, seen));
    match ty.kind(db) {
        kind if is_it(kind) => true,
        TyKind::Param(index) => {
            generics.get(*index as usize).is_some_and(|generic| generic.bound == Bound::Any)
        }
        TyKind::Tuple(parts) => any(parts),
        TyKind::List(item) | TyKind::FixedList(item, _) | TyKind::Option(item) | TyKind::Set(item) => {
            any(&[*item])
        }
        TyKind::Result(a, b) | TyKind::Map(a, b) => any(&[*a, *b]),
        TyKind::Adt(item, args) => any(&parts_of(db, *item, args)),
        _ => false,
    }
}

/// The types of all that values of a declared type hold.
pub(crate) fn parts_of<'db>(db: &'db dyn Db, item: Item<'db>, args: &[Ty<'db>]) -> Vec<Ty<'db>> {
    match &adt_def(db, item).shape {
        AdtShape::Record(fields) | AdtShape::Resource(fields) => {
            fields.iter().map(|field| field.ty.substitute(db, args)).collect()
        }
        AdtShape::Variant(cases) => {
            let parts = cases.iter().flat_map(|case| &case.parts);
            parts.map(|part| part.ty.substitute(db, args)).collect()
        }
        AdtShape::Flags(_) => Vec::new(),
    }
}

struct Search<'a, 'db> {
    db: &'db dyn Db,
    bound: Bound,
    generics: &'a [Generic],
    seen: FxHashSet<Ty<'db>>,
}

impl<'db> Search<'_, 'db> {
    fn visit(&mut self, ty: Ty<'db>) -> Option<Ty<'db>> {
        if matches!(ty.kind(self.db), TyKind::Error | TyKind::Never) {
            return None;
        }
        if let TyKind::Param(index) = ty.kind(self.db) {
            let own = self.generics.get(*index as usize).map_or(Bound::Data, |generic| generic.bound);
            return (!implies(own, self.bound)).then_some(ty);
        }
        let fits = match self.bound {
            Bound::Any => true,
            Bound::Number => matches!(ty.kind(self.db), TyKind::Int(_) | TyKind::Float(_)),
            Bound::Integer => matches!(ty.kind(self.db), TyKind::Int(_)),
            Bound::Float => matches!(ty.kind(self.db), TyKind::Float(_)),
            Bound::Data | Bound::Key => return self.visit_structure(ty),
        };
        (!fits).then_some(ty)
    }

    fn visit_structure(&mut self, ty: Ty<'db>) -> Option<Ty<'db>> {
        // A recursive type that grows as it recurs has no end of instances; so many are never written.
        if !self.seen.insert(ty) || self.seen.len() > 2_000 {
            return None;
        }
        match ty.kind(self.db) {
            TyKind::Fn(..) | TyKind::Handle(_) | TyKind::Stream(_) | TyKind::Future(_) => Some(ty),
            TyKind::Float(_) if self.bound == Bound::Key => Some(ty),
            TyKind::Tuple(parts) => self.visit_all(parts),
            TyKind::List(item) | TyKind::FixedList(item, _) | TyKind::Option(item) | TyKind::Set(item) => {
                self.visit(*item)
            }
            TyKind::Result(a, b) | TyKind::Map(a, b) => self.visit_all(&[*a, *b]),
            TyKind::Adt(item, args) => match self.bound {
                // Of an opaque key nothing is looked at but what its file defines.
                Bound::Key if crate::own::is_key(self.db, *item) == Some(false) => Some(ty),
                Bound::Key if crate::own::is_key(self.db, *item) == Some(true) => {
                    obstacle(self.db, ty, Bound::Data, self.generics)
                }
                _ => self.visit_all(&parts_of(self.db, *item, args)),
            },
            _ => None,
        }
    }

    fn visit_all(&mut self, tys: &[Ty<'db>]) -> Option<Ty<'db>> {
        tys.iter().find_map(|ty| self.visit(*ty))
    }
}
