//! What an `each` may do with the function that it is given: `not-iterable` where it does more.
//!
//! The body of a loop over an `each` is no function value: it may change variables around the loop and leave it. So
//! where it comes in as a parameter, that is only called, passed on to another function (where the same holds), or
//! captured by a closure that is passed on. Then every way that it takes through a program is known, and `each` can be
//! compiled for it.

use crate::thir::{Arg, Body, Callee, ExprId, ExprKind, Iter, LocalId};
use crate::{Diagnostics, typed_body};
use dot_db::{Anchor, Db, Diagnostic, Item};
use dot_diagnostics::{Span, codes};
use rustc_hash::FxHashSet;

/// Checks every loop over an `each` in a body.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let Some(typed) = typed_body(db, item) else { return };
    for (index, expr) in typed.body.exprs.iter().enumerate() {
        let ExprKind::For { iter: Iter::Each(call), .. } = expr.kind else { continue };
        let ExprKind::Call { callee: Callee::Item { item: each, .. }, .. } = typed.body.expr(call).kind
        else {
            continue;
        };
        if let Some((keeper, at)) = kept(db, each) {
            let span = |item: Item<'db>, id: ExprId| {
                let map = crate::thir_source_map(db, item);
                let range = map.and_then(|map| map.exprs.get(id.0 as usize).copied()).unwrap_or_default();
                Span::new(Anchor::Item(item), range)
            };
            let id = ExprId(u32::try_from(index).unwrap_or(u32::MAX));
            let title = "this can't be visited: its method `each` keeps the function that it is given";
            let diagnostic = Diagnostic::error(codes::NOT_ITERABLE, title, span(item, id))
                .with_label(span(keeper, at), "it is more than called or passed on here")
                .with_note("The body of a loop is no value: an `each` calls it, or passes it on.");
            out.push(diagnostic);
        }
    }
}

/// Where a method `each` does something else with its function than calling it and passing it on.
fn kept<'db>(db: &'db dyn Db, each: Item<'db>) -> Option<(Item<'db>, ExprId)> {
    let mut seen = FxHashSet::default();
    let mut todo = vec![(each, 1)];
    while let Some((item, param)) = todo.pop() {
        if !seen.insert((item, param)) {
            continue;
        }
        let Some(typed) = typed_body(db, item) else { continue };
        let Some(param) = typed.body.params.get(param) else { continue };
        if let Some(at) = kept_in(&typed.body, param.local, &mut todo) {
            return Some((item, at));
        }
    }
    None
}

/// Where a body keeps a function; those that it passes it on to are added to `todo`.
fn kept_in<'db>(body: &Body<'db>, function: LocalId, todo: &mut Vec<(Item<'db>, usize)>) -> Option<ExprId> {
    let mut locals = vec![function];
    let mut next = 0;
    while let Some(local) = locals.get(next).copied() {
        next += 1;
        let mut fine = FxHashSet::default();
        let is_local = |id: ExprId| body.expr(id).kind == ExprKind::Local(local);
        let captures = |id: ExprId| match &body.expr(id).kind {
            ExprKind::Closure(closure) => {
                closure.captures.iter().find(|(outer, _)| *outer == local).map(|(_, inner)| *inner)
            }
            _ => None,
        };
        for expr in &body.exprs {
            let ExprKind::Call { callee, args } = &expr.kind else { continue };
            match callee {
                Callee::Value(callee) if is_local(*callee) => {
                    fine.insert(*callee);
                }
                Callee::Item { item, .. } => {
                    for (index, arg) in args.iter().enumerate() {
                        let Arg::Value(arg) = arg else { continue };
                        if is_local(*arg) {
                            todo.push((*item, index));
                            fine.insert(*arg);
                        } else if let Some(inner) = captures(*arg) {
                            todo.push((*item, index));
                            fine.insert(*arg);
                            locals.push(inner);
                        }
                    }
                }
                Callee::Value(_) | Callee::Intrinsic { .. } => {}
            }
        }
        let ids = (0..body.exprs.len()).filter_map(|id| u32::try_from(id).ok()).map(ExprId);
        let kept =
            ids.into_iter().find(|id| !fine.contains(id) && (is_local(*id) || captures(*id).is_some()));
        if kept.is_some() {
            return kept;
        }
    }
    None
}
