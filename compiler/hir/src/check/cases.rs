//! `invalid-name`: declared names in a case that their kind doesn't have, as far as the parser leaves them alone.
//!
//! The parser sees to items, fields, parameters and cases. What is left are local variables, labels, type
//! parameters and what a `use` binds, which it reads as mere names.

use crate::body::{Body, BodySourceMap, ListPat, Pat};
use crate::query::{
    body_source_map, default_bodies, default_source_maps, item_body, item_signature, signature_source_map,
};
use crate::signature::{ItemSignature, RecordMember, SignatureKind};
use crate::{Name, NameCase};
use dot_db::{Db, Diagnostic, Diagnostics, Item};
use dot_diagnostics::{TextRange, codes};

pub(super) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    for (name, case) in declared_names(item_signature(db, item)) {
        check_name(item, name, case, || signature_source_map(db, item).name(name.id), out);
    }
    if let Some(body) = item_body(db, item) {
        check_locals(item, body, || body_source_map(db, item), out);
    }
    if has_defaults(item_signature(db, item)) {
        for (index, body) in default_bodies(db, item).iter().enumerate() {
            if let Some(body) = body {
                let map = || default_source_maps(db, item).get(index)?.as_deref();
                check_locals(item, body, map, out);
            }
        }
    }
}

fn has_defaults(signature: &ItemSignature) -> bool {
    let is_set = |member: &RecordMember| matches!(member, RecordMember::Field(field) if field.has_default);
    signature.params().iter().any(|param| param.has_default) || signature.members().iter().any(is_set)
}

fn declared_names(signature: &ItemSignature) -> Vec<(&Name, NameCase)> {
    let mut names: Vec<(&Name, NameCase)> = Vec::new();
    names.extend(signature.generics().iter().map(|generic| (&generic.name, NameCase::Pascal)));
    for case in signature.cases() {
        let labels = case.parts.iter().filter_map(|part| part.label.as_ref());
        names.extend(labels.map(|label| (label, NameCase::Snake)));
    }
    match &signature.kind {
        SignatureKind::Use(used) => names.extend(used.alias.iter().map(|alias| (alias, NameCase::Snake))),
        SignatureKind::Export { alias, .. } => names.push((alias, NameCase::Snake)),
        _ => {}
    }
    names
}

/// The map is asked for only where something is wrong, since it changes with nearly every edit.
fn check_locals<'db>(
    item: Item<'db>,
    body: &Body,
    map: impl Fn() -> Option<&'db BodySourceMap>,
    out: &mut Diagnostics<'db>,
) {
    let mut local = |name: &Name| {
        check_name(
            item,
            name,
            NameCase::Snake,
            || map().map_or_else(TextRange::default, |map| map.name(name.id)),
            out,
        )
    };
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
    name: &Name,
    case: NameCase,
    place: impl FnOnce() -> TextRange,
    out: &mut Diagnostics<'db>,
) {
    if name.is_missing() || case.fits(&name.text) {
        return;
    }
    let title = format!("`{}` should be in {} case", name.text, case.describe());
    out.push(
        Diagnostic::error(codes::INVALID_NAME, title, super::span(item, place()))
            .with_message(format!("write it `{}`", case.convert(&name.text))),
    );
}
