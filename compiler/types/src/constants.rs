//! Constants that need each other in a circle: `recursive-constant`.
//!
//! A constant needs the constants that its expression reads and the functions that it calls, which need others in
//! turn. Whether a circle is really run through when it is evaluated is not asked: the call alone is enough.

use crate::thir::ExprKind;
use crate::unused::needs;
use crate::{Diagnostics, typed_body};
use dot_db::{Anchor, Db, Diagnostic, Item, Package, modules_of};
use dot_diagnostics::{Span, codes};
use dot_hir::items_of;
use dot_syntax::ItemKind;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;

/// Tells a constant that needs itself. Of several in one circle, the first in order is told.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    if item.kind(db) != ItemKind::Const {
        return;
    }
    let Some(circle) = circles(db, item.module(db).package(db)).get(&item) else { return };
    let title = format!("the constant `{}` needs its own value", item.name(db));
    let mut diagnostic =
        Diagnostic::error(codes::RECURSIVE_CONSTANT, title, dot_hir::declared_span(db, item)).with_note(
            "Constants are computed when the program is compiled, each after those that it needs.",
        );
    for (from, to) in circle.iter().zip(circle.iter().skip(1).chain([&item])) {
        if let Some(span) = place_of_need(db, *from, *to) {
            let (from, to) = (from.name(db), to.name(db));
            diagnostic = diagnostic.with_label(span, format!("`{from}` needs `{to}`"));
        }
    }
    out.push(diagnostic);
}

/// Where a body reads or calls an item for the first time.
fn place_of_need<'db>(db: &'db dyn Db, from: Item<'db>, to: Item<'db>) -> Option<Span<Anchor<'db>>> {
    let typed = typed_body(db, from)?;
    let read =
        typed.body.exprs.iter().zip(&typed.map.exprs).find(|(expr, _)| expr.kind == ExprKind::Const(to));
    let called = || typed.calls.iter().find(|call| call.callee == to).map(|call| call.range);
    let range = read.map(|(_, range)| *range).or_else(called)?;
    Some(Span::new(Anchor::Item(from), range))
}

/// For the first constant of each circle, what is needed on the way around, itself first.
#[salsa::tracked]
fn circles<'db>(db: &'db dyn Db, package: Package) -> FxHashMap<Item<'db>, Vec<Item<'db>>> {
    let mut circles: FxHashMap<Item<'db>, Vec<Item<'db>>> = FxHashMap::default();
    let mut told: FxHashSet<Item<'db>> = FxHashSet::default();
    let items = modules_of(db, package).iter().flat_map(|module| items_of(db, *module));
    for item in items.filter(|item| item.kind(db) == ItemKind::Const) {
        if told.contains(item) {
            continue;
        }
        if let Some(circle) = way_back(db, *item) {
            told.extend(&circle);
            circles.insert(*item, circle);
        }
    }
    circles
}

/// The shortest way from an item back to itself, itself first.
fn way_back<'db>(db: &'db dyn Db, start: Item<'db>) -> Option<Vec<Item<'db>>> {
    let mut came_from: FxHashMap<Item<'db>, Item<'db>> = FxHashMap::default();
    let mut reached = vec![start];
    let mut next = 0;
    while let Some(&item) = reached.get(next) {
        next += 1;
        for &needed in needs(db, item) {
            if needed == start {
                let mut way = vec![item];
                while let Some(before) = came_from.get(way.last()?) {
                    way.push(*before);
                }
                way.reverse();
                return Some(way);
            }
            if let Entry::Vacant(new) = came_from.entry(needed) {
                new.insert(item);
                reached.push(needed);
            }
        }
    }
    None
}
