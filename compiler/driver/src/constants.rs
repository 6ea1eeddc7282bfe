//! `constant-trap`: constants are evaluated when a package is checked.
//!
//! This is the lowest room that knows both the checked program and the evaluator. A constant that needs another whose
//! evaluation fails is not told: the other one is.

use dot_db::{Anchor, Db, Diagnostic, Diagnostics, Item, Origin, Package, modules_of};
use dot_diagnostics::{Span, codes};
use dot_eval::{Cause, Failure, Limit, Limits, Queries, eval_const};
use dot_syntax::ItemKind;

/// So many calls on the way to a trap are shown.
const MAX_LABELS: usize = 6;

/// What is wrong with the values of a package's constants.
pub fn diagnostics<'db>(db: &'db dyn Db, package: Package) -> impl Iterator<Item = Diagnostic<'db>> {
    let items = modules_of(db, package).iter().flat_map(|module| dot_hir::items_of(db, *module));
    let constants = items.filter(|item| item.kind(db) == ItemKind::Const);
    constants.flat_map(|item| of_constant(db, *item).iter().cloned())
}

/// What is wrong with the value of a constant. Runs again when a body or type changes that its evaluation looked at.
#[salsa::tracked]
fn of_constant<'db>(db: &'db dyn Db, item: Item<'db>) -> Diagnostics<'db> {
    let mut out = Diagnostics::default();
    if let Err(failure) = eval_const(&Queries(db), item, Limits::CONSTANT) {
        out.extend(describe(db, item, &failure));
    }
    out
}

fn describe<'db>(db: &'db dyn Db, item: Item<'db>, failure: &Failure<'db>) -> Option<Diagnostic<'db>> {
    let name = item.name(db);
    let title = match &failure.cause {
        Cause::Trap { message, .. } => format!("computing the constant `{name}` traps: {message}"),
        Cause::Limit(Limit::Fuel) => {
            format!("computing the constant `{name}` takes more than {} steps", Limits::CONSTANT.fuel)
        }
        Cause::Limit(Limit::Depth) => format!("computing the constant `{name}` nests too many calls"),
        Cause::Limit(Limit::Memory) => format!("computing the constant `{name}` takes too much memory"),
        // What is wrong there has been told.
        Cause::Import { .. } | Cause::Internal(_) => return None,
    };
    let blamed = failure.trace.iter().find(|(open, _)| open.kind(db) == ItemKind::Const);
    if blamed.is_some_and(|(constant, _)| *constant != item) {
        return None;
    }
    let is_own = |open: &Item<'db>| open.module(db).package(db).origin(db) == Origin::User;
    let mut places = failure.trace.iter().filter(|(open, _)| is_own(open)).filter_map(|(open, expr)| {
        let range = *dot_types::thir_source_map(db, *open)?.exprs.get(expr.0 as usize)?;
        Some((*open, Span::new(Anchor::Item(*open), range)))
    });
    let (steps, own): (Vec<_>, Vec<_>) = places.by_ref().partition(|(open, _)| *open != item);
    let at = own.last().map_or_else(|| dot_hir::declared_span(db, item), |(_, span)| *span);
    let mut diagnostic = Diagnostic::error(codes::CONSTANT_TRAP, title, at)
        .with_note("A constant is computed when the program is compiled, by the rules of running code.");
    for (index, (open, span)) in steps.into_iter().take(MAX_LABELS).enumerate() {
        let what = if index == 0 { "it happens" } else { "this call is" };
        diagnostic = diagnostic.with_label(span, format!("{what} in `{}`", open.name(db)));
    }
    Some(diagnostic)
}
