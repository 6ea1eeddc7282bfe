//! Functions that need ever larger instances of themselves: `endless-instantiation`.
//!
//! Generic functions are instantiated for each set of type arguments they are called with. One that calls itself
//! with a type made *from* its type parameter (`f<list<T>>` inside `f<T>`) would need instances without end. Such
//! a function is found by instantiating it for its own type parameters, following the calls, and seeing whether
//! types outgrow the limit.

use crate::growth::is_too_large;
use crate::thir::{Callee, ExprKind};
use crate::{Diagnostics, Ty, TyKind, adt, typed_body};
use dot_db::{Anchor, Db, Diagnostic, Item};
use dot_diagnostics::{Span, TextRange, codes};
use rustc_hash::FxHashSet;

/// So many instances of what one function calls are looked at.
const MAX_INSTANCES: usize = 5_000;

/// A call of a generic function.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub(crate) struct GenericCall<'db> {
    pub(crate) callee: Item<'db>,
    pub(crate) type_args: Vec<Ty<'db>>,
}

/// The generic functions that a body calls, with the types it calls them with, each once.
#[salsa::tracked]
pub(crate) fn generic_calls<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<GenericCall<'db>> {
    let mut seen = FxHashSet::default();
    calls_with_places(db, item).map(|(call, _)| call).filter(|call| seen.insert(call.clone())).collect()
}

/// The calls of generic functions in a body, and where they stand.
pub(crate) fn calls_with_places<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
) -> impl Iterator<Item = (GenericCall<'db>, TextRange)> {
    typed_body(db, item).into_iter().flat_map(|typed| {
        typed.body.exprs.iter().zip(&typed.map.exprs).filter_map(|(expr, range)| match &expr.kind {
            ExprKind::Call { callee: Callee::Item { item, type_args }, .. }
            | ExprKind::FnValue { item, type_args }
                if !type_args.is_empty() =>
            {
                Some((GenericCall { callee: *item, type_args: type_args.clone() }, *range))
            }
            _ => None,
        })
    })
}

/// Whether a type is made from a type parameter, and larger than it.
fn is_larger<'db>(db: &'db dyn Db, ty: Ty<'db>) -> bool {
    !matches!(ty.kind(db), TyKind::Param(_)) && crate::growth::mentions_param(db, ty)
}

/// Tells a function whose instances have no end.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let calls = generic_calls(db, item);
    if !calls.iter().any(|call| call.type_args.iter().any(|ty| is_larger(db, *ty))) {
        return;
    }
    if !outgrows(db, item) {
        return;
    }
    let growing =
        calls_with_places(db, item).find(|(call, _)| call.type_args.iter().any(|ty| is_larger(db, *ty)));
    let Some((call, range)) = growing else { return };
    let title = format!("`{}` would need ever larger instances of itself", item.name(db));
    let callee = call.callee.name(db);
    out.push(
        Diagnostic::error(codes::ENDLESS_INSTANTIATION, title, Span::new(Anchor::Item(item), range))
            .with_message(format!("`{callee}` is called with a type made from a type parameter"))
            .with_note("A generic function is compiled once for each type it is called with; types nest at most 64 deep."),
    );
}

fn outgrows<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    let own = (0..).zip(adt::generics(db, item)).map(|(index, _)| Ty::new(db, TyKind::Param(index)));
    let start = (item, own.collect::<Vec<_>>());
    let mut seen = FxHashSet::default();
    let mut todo = vec![start.clone()];
    let (mut too_large, mut again) = (false, false);
    while let Some((current, args)) = todo.pop() {
        if args.iter().any(|ty| is_too_large(db, *ty)) || seen.len() > MAX_INSTANCES {
            too_large = true;
            continue;
        }
        again |= current == item && args != start.1;
        if !seen.insert((current, args.clone())) {
            continue;
        }
        for call in generic_calls(db, current) {
            let args = call.type_args.iter().map(|ty| ty.substitute(db, &args)).collect();
            todo.push((call.callee, args));
        }
    }
    too_large && again
}
