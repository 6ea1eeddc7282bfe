//! `deprecated`: uses of what its author says should no longer be used.

use crate::body::TypedBody;
use crate::thir::{Callee, ExprKind};
use crate::{Diagnostics, TyKind, adt};
use dot_db::{Anchor, Db, Diagnostic, Item};
use dot_diagnostics::{Span, codes};
use dot_hir::attribute::{Attribute, find, string_argument};
use dot_hir::item_signature;
use dot_hir::signature::RecordMember;

/// Tells what a body calls, reads or builds that is deprecated, unless the item itself is.
pub(crate) fn check<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    typed: &TypedBody<'db>,
    out: &mut Diagnostics<'db>,
) {
    if find(&item_signature(db, item).attributes, "deprecated").is_some() {
        return;
    }
    for (expr, range) in typed.body.exprs.iter().zip(&typed.map.exprs) {
        let used = match &expr.kind {
            ExprKind::Const(used)
            | ExprKind::FnValue { item: used, .. }
            | ExprKind::Call { callee: Callee::Item { item: used, .. }, .. } => of_item(db, *used),
            ExprKind::Field { base, index } => match typed.body.expr(*base).ty.kind(db) {
                TyKind::Adt(record, _) => of_field(db, *record, *index as usize),
                _ => None,
            },
            ExprKind::Case { case, .. } => match expr.ty.kind(db) {
                TyKind::Adt(variant, _) => {
                    of_case(db, *variant, *case as usize).or_else(|| of_item(db, *variant))
                }
                _ => None,
            },
            ExprKind::Record(_) => match expr.ty.kind(db) {
                TyKind::Adt(record, _) => of_item(db, *record),
                _ => None,
            },
            _ => None,
        };
        let Some((used, attributes, name)) = used.filter(|(used, ..)| *used != item) else { continue };
        if find(attributes, "deprecated").is_none() {
            continue;
        }
        let span = Span::new(Anchor::Item(item), *range);
        let title = format!("`{name}` is deprecated");
        let mut diagnostic = Diagnostic::warning(codes::DEPRECATED, title, span);
        if let Some(note) = string_argument(attributes, "deprecated") {
            diagnostic = diagnostic.with_note(note.to_string());
        }
        if used.module(db).file(db).is_some() {
            diagnostic = diagnostic.with_label(dot_hir::declared_span(db, used), "its declaration");
        }
        out.push(diagnostic);
    }
}

/// An item, the attributes of what is used of it, and how that is called.
type Used<'db> = (Item<'db>, &'db [Attribute], String);

fn of_item<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Used<'db>> {
    Some((item, &item_signature(db, item).attributes, item.name(db).to_string()))
}

fn of_field<'db>(db: &'db dyn Db, record: Item<'db>, index: usize) -> Option<Used<'db>> {
    let (item, member) = adt::field_declaration(db, record, index)?;
    match item_signature(db, item).members().get(member)? {
        RecordMember::Field(field) => Some((item, &field.attributes, field.name.text.to_string())),
        RecordMember::Include(_) => None,
    }
}

fn of_case<'db>(db: &'db dyn Db, variant: Item<'db>, index: usize) -> Option<Used<'db>> {
    let case = item_signature(db, variant).cases().get(index)?;
    find(&case.attributes, "deprecated")?;
    Some((variant, &case.attributes, case.name.text.to_string()))
}
