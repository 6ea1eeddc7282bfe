//! `empty-type`: an enum, variant or flags type without cases.

use super::declared_span;
use crate::query::item_signature;
use crate::signature::SignatureKind;
use dot_db::{Db, Diagnostic, Diagnostics, Item, item_syntax_diagnostics};
use dot_diagnostics::codes;

pub(super) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let (what, cases, missing) = match &item_signature(db, item).kind {
        SignatureKind::Enum { cases } => ("enum", cases, "cases"),
        SignatureKind::Variant { cases, .. } => ("variant", cases, "cases"),
        SignatureKind::Flags { cases } => ("flags type", cases, "flags"),
        _ => return,
    };
    // Cases that could not be read have been told.
    if !cases.is_empty() || item_syntax_diagnostics(db, item).iter().any(Diagnostic::is_error) {
        return;
    }
    let title = format!("the {what} `{}` has no {missing}", item.name(db));
    out.push(
        Diagnostic::error(codes::EMPTY_TYPE, title, declared_span(db, item))
            .with_note("It would have no value, and WIT has no such type. A record may be empty."),
    );
}
