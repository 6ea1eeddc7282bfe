//! Types without end: `type-too-large` and `endless-type`.
//!
//! Two things keep walks over types short. A written type has a limited depth and number of parts ([`measure`]).
//! And a declared type has finitely many instances: in a group of types that hold each other, each mentions the
//! others with its own type parameters as they are, or with types that hold none. So `list<Tree<T>>` inside
//! `Tree<T>` is fine, and `Tree<(T, T)>`, which would need `Tree<((T, T), (T, T))>`, and so on, [`grows`].

use crate::adt::raw_adt_def;
use crate::{AdtDef, AdtShape, Ty, TyKind};
use dot_db::{Db, Item};
use rustc_hash::FxHashSet;

/// Written types may nest this deep.
const MAX_DEPTH: u32 = 64;
/// Written types may have this many parts, shared ones counted each time.
const MAX_SIZE: u32 = 10_000;

/// Whether a written type is too deep or has too many parts to be worked with.
#[must_use]
pub fn is_too_large<'db>(db: &'db dyn Db, ty: Ty<'db>) -> bool {
    let (depth, size) = measure(db, ty);
    depth > MAX_DEPTH || size > MAX_SIZE
}

/// The depth of a type and the number of its parts.
#[salsa::tracked(returns(copy))]
fn measure<'db>(db: &'db dyn Db, ty: Ty<'db>) -> (u32, u32) {
    let (_, parts) = crate::table::decompose(ty.kind(db));
    let mut total = (0_u32, 1_u32);
    for part in parts {
        let (depth, size) = measure(db, part);
        total = (total.0.max(depth), total.1.saturating_add(size));
    }
    (total.0.saturating_add(1), total.1)
}

/// Calls `visit` with each declared type that a type mentions, and its arguments.
fn for_each_adt<'db>(db: &'db dyn Db, ty: Ty<'db>, visit: &mut dyn FnMut(Item<'db>, &[Ty<'db>])) {
    let (con, parts) = crate::table::decompose(ty.kind(db));
    if let crate::table::Con::Adt(item) = con {
        visit(item, &parts);
    }
    for part in parts {
        for_each_adt(db, part, visit);
    }
}

fn types_of<'a, 'db>(def: &'a mut AdtDef<'db>) -> Vec<&'a mut Ty<'db>> {
    match &mut def.shape {
        AdtShape::Record(fields) | AdtShape::Resource(fields) => {
            fields.iter_mut().map(|field| &mut field.ty).collect()
        }
        AdtShape::Variant(cases) => {
            cases.iter_mut().flat_map(|case| &mut case.parts).map(|part| &mut part.ty).collect()
        }
        AdtShape::Flags(_) => Vec::new(),
    }
}

/// The declared types that a declared type mentions.
#[salsa::tracked]
pub(crate) fn mentioned<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Item<'db>> {
    let mut def = raw_adt_def(db, item).clone();
    let mut out = Vec::new();
    for ty in types_of(&mut def) {
        for_each_adt(db, *ty, &mut |item, _| {
            if !out.contains(&item) {
                out.push(item);
            }
        });
    }
    out
}

/// Whether values of one of the types `from` can hold values of `to`, by their declarations.
pub(crate) fn reaches<'db>(db: &'db dyn Db, from: &[Item<'db>], to: Item<'db>) -> bool {
    let (mut seen, mut todo) = (FxHashSet::default(), from.to_vec());
    while let Some(item) = todo.pop() {
        if item == to {
            return true;
        }
        if seen.insert(item) {
            todo.extend(mentioned(db, item));
        }
    }
    false
}

pub(crate) fn mentions_param<'db>(db: &'db dyn Db, ty: Ty<'db>) -> bool {
    let (con, parts) = crate::table::decompose(ty.kind(db));
    matches!(con, crate::table::Con::Param(_)) || parts.into_iter().any(|part| mentions_param(db, part))
}

/// Whether a part of `owner` of this type needs ever larger instances of it.
fn part_grows<'db>(db: &'db dyn Db, owner: Item<'db>, ty: Ty<'db>) -> bool {
    let mut found = false;
    for_each_adt(db, ty, &mut |item, args| {
        let is_larger = |arg: &Ty<'db>| !matches!(arg.kind(db), TyKind::Param(_)) && mentions_param(db, *arg);
        found = found || (args.iter().any(is_larger) && reaches(db, &[item], owner));
    });
    found
}

/// Whether instances of a declared type need ever larger instances of it.
#[salsa::tracked(returns(copy))]
pub(crate) fn grows<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    let mut def = raw_adt_def(db, item).clone();
    !def.generics.is_empty() && types_of(&mut def).into_iter().any(|ty| part_grows(db, item, *ty))
}

/// Takes the parts that grow out of a declaration.
pub(crate) fn cut<'db>(db: &'db dyn Db, def: &mut AdtDef<'db>) {
    let item = def.item;
    for ty in types_of(def) {
        if part_grows(db, item, *ty) {
            *ty = Ty::new(db, TyKind::Error);
        }
    }
}
