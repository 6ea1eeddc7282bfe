//! What generic functions do with the structure of their type parameters' values.
//!
//! `list.contains` compares elements, whatever they are; so a call of it for a list of values that can't be compared has
//! to be told, and by its own place, not by that in `contains`. Which operations a function leads to for which of its
//! type parameters is a least fixpoint over calls, as effects are.

use crate::instances::{calls_with_places, generic_calls};
use crate::own::{Operation, lacking};
use crate::thir::{Callee, ExprKind, Piece};
use crate::{Diagnostics, Intrinsic, Ty, TyKind, adt, display_type, typed_body};
use dot_db::{Anchor, Db, Diagnostic, Item, Package, modules_of};
use dot_diagnostics::{Span, codes};
use dot_hir::items_of;
use rustc_hash::{FxHashMap, FxHashSet};

/// A set of operations, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, salsa::SalsaValue)]
struct Operations(u8);

impl Operations {
    fn holds(self, op: Operation) -> bool {
        self.0 & 1 << op as u8 != 0
    }

    fn add(&mut self, other: Self) -> bool {
        let before = self.0;
        self.0 |= other.0;
        self.0 != before
    }
}

impl From<Operation> for Operations {
    fn from(op: Operation) -> Self {
        Self(1 << op as u8)
    }
}

/// The operations of each type parameter of a function.
type ByParam = Vec<Operations>;

/// The type parameters that a type mentions.
fn params_in<'db>(db: &'db dyn Db, ty: Ty<'db>) -> Vec<u32> {
    let (mut found, mut seen, mut todo) = (Vec::new(), FxHashSet::default(), vec![ty]);
    while let Some(ty) = todo.pop() {
        match ty.kind(db) {
            TyKind::Param(index) => found.push(*index),
            kind if seen.insert(ty) => todo.extend(crate::table::decompose(kind).1),
            _ => {}
        }
    }
    found
}

/// The operations that a body does itself, by the type that they are done for.
fn own_looks<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<(Operation, Ty<'db>)> {
    let Some(typed) = typed_body(db, item) else { return Vec::new() };
    let body = &typed.body;
    let mut out = Vec::new();
    for expr in &body.exprs {
        match &expr.kind {
            ExprKind::Compare { op, left, .. } => {
                let equality = matches!(op, crate::thir::CompareOp::Eq | crate::thir::CompareOp::Ne);
                let op = if equality { Operation::Equal } else { Operation::Compare };
                out.push((op, body.expr(*left).ty));
            }
            ExprKind::Interpolate(pieces) => out.extend(pieces.iter().filter_map(|piece| match piece {
                Piece::Value(value) => Some((Operation::Show, body.expr(*value).ty)),
                Piece::Text(_) => None,
            })),
            ExprKind::Call { callee: Callee::Intrinsic { op, type_args }, .. } => {
                let op = match op {
                    Intrinsic::Compare => Operation::Compare,
                    Intrinsic::Hash => Operation::Hash,
                    Intrinsic::Show => Operation::Show,
                    Intrinsic::Encode | Intrinsic::Decode | Intrinsic::Shape => Operation::Encode,
                    _ => continue,
                };
                out.extend(type_args.first().map(|ty| (op, *ty)));
            }
            _ => {}
        }
    }
    out
}

/// What a function does itself for its type parameters.
#[salsa::tracked]
fn looks_of<'db>(db: &'db dyn Db, item: Item<'db>) -> ByParam {
    let mut out = vec![Operations::default(); adt::generics(db, item).len()];
    if !out.is_empty() {
        for (op, ty) in own_looks(db, item) {
            for param in params_in(db, ty) {
                if let Some(ops) = out.get_mut(param as usize) {
                    ops.add(op.into());
                }
            }
        }
    }
    out
}

/// What each generic function of a package leads to for its type parameters. One query for all, since a chain of calls
/// may be longer than queries should nest.
#[salsa::tracked]
fn package_looks<'db>(db: &'db dyn Db, package: Package) -> FxHashMap<Item<'db>, ByParam> {
    let mut looks: FxHashMap<Item<'db>, ByParam> = FxHashMap::default();
    let mut callers: FxHashMap<Item<'db>, Vec<Item<'db>>> = FxHashMap::default();
    let mut todo = Vec::new();
    for item in modules_of(db, package).iter().flat_map(|module| items_of(db, *module)) {
        let own = looks_of(db, *item);
        if own.is_empty() {
            continue;
        }
        looks.insert(*item, own.clone());
        todo.push(*item);
        for call in generic_calls(db, *item) {
            if call.callee.module(db).package(db) == package {
                callers.entry(call.callee).or_default().push(*item);
            }
        }
    }
    while let Some(item) = todo.pop() {
        let mut own = looks.get(&item).cloned().unwrap_or_default();
        let mut changed = false;
        for call in generic_calls(db, item) {
            let Some(of_callee) = looks_at(db, call.callee, package, &looks) else { continue };
            for (ty, ops) in call.type_args.iter().zip(of_callee) {
                for param in params_in(db, *ty) {
                    changed |= own.get_mut(param as usize).is_some_and(|own| own.add(*ops));
                }
            }
        }
        if changed {
            looks.insert(item, own);
            todo.extend(callers.get(&item).into_iter().flatten());
        }
    }
    looks
}

fn looks_at<'a, 'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    package: Package,
    own: &'a FxHashMap<Item<'db>, ByParam>,
) -> Option<&'a ByParam>
where
    'db: 'a,
{
    let home = item.module(db).package(db);
    if home == package { own.get(&item) } else { package_looks(db, home).get(&item) }
}

/// Tells calls that lead to an operation which an opaque type among the type arguments hides.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let module = item.module(db);
    for (call, range) in calls_with_places(db, item) {
        let lacks = |ty: &Ty<'db>| {
            Operation::ALL.into_iter().find_map(|op| {
                let hidden = lacking(db, module, *ty, op)?;
                let home = call.callee.module(db).package(db);
                let looks = package_looks(db, home).get(&call.callee)?;
                let at = call.type_args.iter().position(|other| other == ty)?;
                looks.get(at)?.holds(op).then_some((op, hidden))
            })
        };
        if let Some((op, hidden)) = call.type_args.iter().find_map(lacks) {
            let callee = call.callee.name(db);
            let title = format!("`{callee}` leads to {} values of `{}`", op.doing(), hidden.name(db));
            let span = Span::new(Anchor::Item(item), range);
            out.push(with_reason(db, Diagnostic::error(codes::OPAQUE_TYPE, title, span), op, hidden));
        }
    }
}

/// Says what the file of an opaque type would have to define.
pub(crate) fn with_reason<'db>(
    db: &'db dyn Db,
    diagnostic: Diagnostic<'db>,
    op: Operation,
    hidden: Item<'db>,
) -> Diagnostic<'db> {
    let params = (0..).zip(adt::generics(db, hidden)).map(|(index, _)| Ty::new(db, TyKind::Param(index)));
    let this = Ty::new(db, TyKind::Adt(hidden, params.collect()));
    let name = display_type(db, this, &adt::generics(db, hidden)).to_string();
    match op.method(&name) {
        Some((_, signature)) => {
            diagnostic.with_note(format!("An opaque type can do it if its file defines `{signature}`."))
        }
        None => diagnostic.with_note("What an opaque type is made of is known to its own file only."),
    }
}
