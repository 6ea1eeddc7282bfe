//! The name before the dot of `fn Type.name`: `unknown-name` where it names no type, `reserved-name` where it names a
//! built-in one outside std.

use super::span;
use crate::builtin::is_builtin_type;
use crate::members::owner_of;
use crate::query::{item_signature, signature_source_map};
use crate::resolve::{Missing, resolve_name, unknown_name};
use crate::scope::is_std;
use dot_db::{Db, Diagnostic, Diagnostics, Item};
use dot_diagnostics::codes;

pub(super) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let Some(owner) = item_signature(db, item).function().and_then(|function| function.owner.as_ref()) else {
        return;
    };
    let at = || span(item, signature_source_map(db, item).name(owner.id));
    if owner.is_missing() {
        return;
    }
    if is_builtin_type(&owner.text) {
        if !is_std(db, item.module(db)) {
            let title = format!("`{}` is a built-in type, to which only std adds functions", owner.text);
            out.push(
                Diagnostic::error(codes::RESERVED_NAME, title, at())
                    .with_note("A method with `self` can be added to any type."),
            );
        }
        return;
    }
    if owner_of(db, item).is_some() {
        return;
    }
    match resolve_name(db, item.module(db), &owner.text) {
        Err(Missing::Reported) => {}
        Err(Missing::Unknown) => out.push(unknown_name(db, item.module(db), &owner.text, &[], at())),
        Ok(_) => {
            let title = format!("`{}` is not a type", owner.text);
            out.push(Diagnostic::error(codes::UNKNOWN_NAME, title, at()));
        }
    }
}
