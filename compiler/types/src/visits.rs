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
use rustc_hash::{FxHashMap, FxHashSet};

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
        } else if has_no_end(db, item, each) {
            let map = crate::thir_source_map(db, item);
            let range = map.and_then(|map| map.exprs.get(index).copied()).unwrap_or_default();
            let title = format!("`{}` is needed for bodies of loops that nest too deep", each.name(db));
            let diagnostic =
                Diagnostic::error(codes::ENDLESS_INSTANTIATION, title, Span::new(Anchor::Item(item), range)).with_note(
                    "A function that a loop's body is passed on to is compiled for that body; these may nest 12 deep. \
                     In an `each`, pass `visit` itself on: `self.left.each(visit)`.",
                );
            out.push(diagnostic);
        }
    }
}

/// How deep bodies, and closures that pass them on, may nest in the functions that they are passed on to.
const DEEPEST: u32 = 12;

/// Whether the body of a loop over an `each` in `item` is passed on in ever more bodies and closures. Where the mistake
/// is in a loop of a function that it is passed on to, that loop is told, and this one isn't.
fn has_no_end<'db>(db: &'db dyn Db, item: Item<'db>, each: Item<'db>) -> bool {
    let mut deepest: FxHashMap<(Item<'db>, usize), u32> = FxHashMap::default();
    let mut todo = vec![((each, 1), 1)];
    let mut exceeds = false;
    while let Some((node, depth)) = todo.pop() {
        if depth > DEEPEST {
            exceeds = true;
            continue;
        }
        if deepest.get(&node).is_some_and(|known| *known >= depth) {
            continue;
        }
        deepest.insert(node, depth);
        let Some(typed) = typed_body(db, node.0) else { continue };
        todo.extend(loops_of(&typed.body).map(|each| ((each, 1), depth + 1)));
        let Some(param) = typed.body.params.get(node.1) else { continue };
        let mut passed = Vec::new();
        let _ = kept_in(&typed.body, param.local, &mut passed);
        todo.extend(passed.into_iter().map(|pass| (pass.to, depth + u32::from(pass.in_closure))));
    }
    let has_loop =
        |other: Item<'db>| typed_body(db, other).is_some_and(|typed| loops_of(&typed.body).next().is_some());
    exceeds && (deepest.keys().any(|node| node.0 == item) || !deepest.keys().any(|node| has_loop(node.0)))
}

/// The `each` methods that the loops of a body call.
fn loops_of<'a, 'db>(body: &'a Body<'db>) -> impl Iterator<Item = Item<'db>> + use<'a, 'db> {
    body.exprs.iter().filter_map(|expr| {
        let ExprKind::For { iter: Iter::Each(call), .. } = expr.kind else { return None };
        match body.expr(call).kind {
            ExprKind::Call { callee: Callee::Item { item, .. }, .. } => Some(item),
            _ => None,
        }
    })
}

/// A function that a body is passed on to.
struct Pass<'db> {
    /// The function and its parameter.
    to: (Item<'db>, usize),
    /// Whether it is passed in a closure that captured it.
    in_closure: bool,
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
        let mut passed = Vec::new();
        if let Some(at) = kept_in(&typed.body, param.local, &mut passed) {
            return Some((item, at));
        }
        todo.extend(passed.into_iter().map(|pass| pass.to));
    }
    None
}

/// Where a body keeps a function; those that it passes it on to are added to `passed`.
fn kept_in<'db>(body: &Body<'db>, function: LocalId, passed: &mut Vec<Pass<'db>>) -> Option<ExprId> {
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
                            passed.push(Pass { to: (*item, index), in_closure: false });
                            fine.insert(*arg);
                        } else if let Some(inner) = captures(*arg) {
                            passed.push(Pass { to: (*item, index), in_closure: true });
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
