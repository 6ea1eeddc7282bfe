//! `wrong-case`: declared names in a case that their kind doesn't have.
//!
//! The grammar tells names that begin with a small letter from those that begin with a capital, and reports what
//! stands in the wrong place; what is left are names like `openAt`, `Http_Error` and `const Limit`.

use crate::body::{Body, BodySourceMap, ListPat, Pat};
use crate::query::{
    body_source_map, default_bodies, default_source_maps, item_body, item_signature, signature_source_map,
};
use crate::signature::{ItemSignature, RecordMember};
use crate::{Name, NameCase};
use dot_db::{Db, Diagnostic, Diagnostics, Item};
use dot_diagnostics::{TextRange, codes};
use dot_syntax::ItemKind;

pub(super) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    if let Some(case) = case_of_item(item.kind(db)) {
        check_name(item, item.name(db), case, || signature_source_map(db, item).item_name, out);
    }
    for (name, case) in declared_names(item_signature(db, item)) {
        check_name(item, &name.text, case, || signature_source_map(db, item).name(name.id), out);
    }
    if let (Some(body), Some(map)) = (item_body(db, item), body_source_map(db, item)) {
        check_locals(item, body, map, out);
    }
    for (body, map) in default_bodies(db, item).iter().zip(default_source_maps(db, item)) {
        if let (Some(body), Some(map)) = (body, map) {
            check_locals(item, body, map, out);
        }
    }
}

fn case_of_item(kind: ItemKind) -> Option<NameCase> {
    match kind {
        ItemKind::Fn | ItemKind::Dot => Some(NameCase::Snake),
        ItemKind::Const => Some(NameCase::Screaming),
        ItemKind::Record
        | ItemKind::Variant
        | ItemKind::Enum
        | ItemKind::Flags
        | ItemKind::Resource
        | ItemKind::Type => Some(NameCase::Pascal),
        ItemKind::Use | ItemKind::Export | ItemKind::Test => None,
    }
}

fn declared_names(signature: &ItemSignature) -> Vec<(&Name, NameCase)> {
    let mut names: Vec<(&Name, NameCase)> = Vec::new();
    names.extend(signature.generics().iter().map(|generic| (&generic.name, NameCase::Pascal)));
    names.extend(signature.params().iter().map(|param| (&param.name, NameCase::Snake)));
    for member in signature.members() {
        if let RecordMember::Field(field) = member {
            names.push((&field.name, NameCase::Snake));
        }
    }
    for case in signature.cases() {
        names.push((&case.name, NameCase::Pascal));
        names.extend(
            case.parts.iter().filter_map(|part| part.label.as_ref()).map(|label| (label, NameCase::Snake)),
        );
    }
    names
}

fn check_locals<'db>(item: Item<'db>, body: &Body, map: &BodySourceMap, out: &mut Diagnostics<'db>) {
    let mut local = |name: &Name| check_name(item, &name.text, NameCase::Snake, || map.name(name.id), out);
    for pat in &body.pats {
        match pat {
            Pat::Bind { name, .. } | Pat::As { name, .. } => local(name),
            Pat::List(parts) => parts.iter().for_each(|part| {
                if let ListPat::Rest(Some(name)) = part {
                    local(name);
                }
            }),
            _ => {}
        }
    }
}

fn check_name<'db>(
    item: Item<'db>,
    name: &str,
    case: NameCase,
    place: impl FnOnce() -> TextRange,
    out: &mut Diagnostics<'db>,
) {
    if name.is_empty() || case.fits(name) {
        return;
    }
    let title = format!("`{name}` should be in {} case", case.describe());
    out.push(
        Diagnostic::error(codes::WRONG_CASE, title, super::span(item, place()))
            .with_message(format!("write it `{}`", case.convert(name))),
    );
}
