//! Code that has no effects: guards and default values. (Constants have none either; see [`super::check`].)

use super::effects_of_call;
use crate::{Diagnostics, TypedBody, typed_body, typed_default};
use dot_db::{Anchor, Db, Diagnostic, Item, Module};
use dot_diagnostics::{Span, TextRange, codes};
use dot_hir::item_signature;

/// Tells effects in the guards of an item's body and in its default values.
pub(super) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    if let Some(typed) = typed_body(db, item) {
        for guard in &typed.guards {
            check_place(db, item, typed, |range| guard.covers(range), "a guard", out);
        }
    }
    let signature = item_signature(db, item);
    let defaults = signature.params().len().max(signature.members().len());
    for index in 0..u32::try_from(defaults).unwrap_or(u32::MAX) {
        // An included field's default is told with the record that declares it.
        let is_own = crate::body::declares_default(db, item, index);
        if let (true, Some(typed)) = (is_own, typed_default(db, item, index)) {
            check_place(db, item, typed, |_| true, "a default value", out);
        }
    }
}

/// Tells the first effect of what stands in some part of a body.
fn check_place<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    typed: &TypedBody<'db>,
    is_inside: impl Fn(TextRange) -> bool,
    what: &str,
    out: &mut Diagnostics<'db>,
) {
    let package = item.module(db).package(db);
    let calls = typed.calls.iter().filter(|call| is_inside(call.range)).filter_map(|call| {
        let effects = effects_of_call(db, call.callee, &call.replaced, package);
        Some((call.range, *effects.first()?, Some(call.callee)))
    });
    let reads = typed.reads.iter().filter(|read| is_inside(read.range));
    let reads = reads.filter_map(|read| Some((read.range, *read.effects.first()?, None)));
    if let Some((range, effect, callee)) = calls.chain(reads).next() {
        out.push(describe(db, item, range, effect, callee, what));
    }
}

fn describe<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    range: TextRange,
    effect: Module<'db>,
    callee: Option<Item<'db>>,
    what: &str,
) -> Diagnostic<'db> {
    let title = format!("{what} must not touch the outside world");
    let diagnostic = Diagnostic::error(codes::UNDECLARED_EFFECT, title, Span::new(Anchor::Item(item), range))
        .with_message(format!("this uses `{}`", effect.path(db)))
        .with_note("It is evaluated where nobody sees it. Do what has effects before, by a statement.");
    match callee {
        Some(callee) => super::explain(db, callee, &[effect], diagnostic),
        None => diagnostic,
    }
}
