//! `duplicate-item` for the fields, cases, parameters and type parameters of one item, and `self` in the wrong place.

use super::name_span;
use crate::Name;
use crate::attribute::string_argument;
use crate::query::item_signature;
use crate::signature::{ItemSignature, RecordMember};
use dot_db::{Db, Diagnostic, Diagnostics, Item};
use dot_diagnostics::codes;
use std::collections::BTreeMap;

pub(super) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let signature = item_signature(db, item);
    for names in groups(signature) {
        let mut seen: BTreeMap<&str, &Name> = BTreeMap::new();
        for name in names.into_iter().filter(|name| !name.is_missing() && name.text != "_") {
            match seen.get(name.as_str()) {
                Some(first) => out.push(
                    Diagnostic::error(
                        codes::DUPLICATE_ITEM,
                        format!("`{}` is declared twice", name.text),
                        name_span(db, item, name.id),
                    )
                    .with_label(name_span(db, item, first.id), "it is declared here first"),
                ),
                None => {
                    seen.insert(name.as_str(), name);
                }
            }
        }
    }
    check_json_names(db, item, out);
    let is_function = signature.function().is_some();
    for (index, param) in signature.params().iter().enumerate() {
        if param.name.text == "self" && (index > 0 || !is_function) {
            let at = name_span(db, item, param.name.id);
            let title = "only the first parameter of a function can be `self`";
            out.push(Diagnostic::error(codes::RESERVED_NAME, title, at));
        }
    }
}

/// Tells two members that `@json` gives one name.
fn check_json_names<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let signature = item_signature(db, item);
    let fields = signature.members().iter().filter_map(|member| match member {
        RecordMember::Field(field) => Some((&field.name, field.attributes.as_slice())),
        RecordMember::Include(_) => None,
    });
    let cases = signature.cases().iter().map(|case| (&case.name, case.attributes.as_slice()));
    let mut seen: BTreeMap<&str, &Name> = BTreeMap::new();
    for (name, attributes) in fields.chain(cases).filter(|(name, _)| !name.is_missing()) {
        let json = string_argument(attributes, "json").map_or(name.as_str(), |json| json.as_str());
        match seen.get(json) {
            Some(first) if first.text != name.text => out.push(
                Diagnostic::error(
                    codes::DUPLICATE_ITEM,
                    format!("`{}` and `{}` are both named `{json}` in JSON", first.text, name.text),
                    name_span(db, item, name.id),
                )
                .with_label(name_span(db, item, first.id), "the other one"),
            ),
            _ => {
                seen.insert(json, name);
            }
        }
    }
}

/// The names that must differ from each other, group by group.
fn groups(signature: &ItemSignature) -> Vec<Vec<&Name>> {
    let fields = signature.members().iter().filter_map(|member| match member {
        RecordMember::Field(field) => Some(&field.name),
        RecordMember::Include(_) => None,
    });
    let mut groups = vec![
        signature.generics().iter().map(|generic| &generic.name).collect(),
        fields.collect(),
        signature.cases().iter().map(|case| &case.name).collect(),
        signature.params().iter().map(|param| &param.name).collect::<Vec<_>>(),
    ];
    for case in signature.cases() {
        groups.push(case.parts.iter().filter_map(|part| part.label.as_ref()).collect());
    }
    groups
}
