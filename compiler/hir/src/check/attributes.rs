//! `unknown-attribute` and `invalid-attribute`: the closed table of attributes, where each may stand, and what it takes.

use super::name_span;
use crate::attribute::{Attribute, AttributeValue};
use crate::query::item_signature;
use crate::resolve::with_nearest;
use crate::scope::is_std;
use crate::signature::{ItemSignature, RecordMember, SignatureKind};
use dot_db::{Db, Diagnostic, Diagnostics, Item};
use dot_diagnostics::codes;

/// Where attributes stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Type,
    Function,
    Dot,
    OtherItem,
    Field,
    VariantCase,
    OtherCase,
    /// Of a dot or test.
    Param,
    /// Of another function.
    FnParam,
}

/// What an attribute takes.
#[derive(Clone, Copy)]
enum Takes {
    Nothing,
    Number,
    Count,
    Text,
    TextOrNothing,
    TextOrName,
    Route,
}

struct Known {
    name: &'static str,
    places: &'static [Place],
    takes: Takes,
}

const VALUES: &[Place] = &[Place::Field, Place::Param];
const EVERYWHERE: &[Place] = &[
    Place::Type,
    Place::Function,
    Place::Dot,
    Place::OtherItem,
    Place::Field,
    Place::VariantCase,
    Place::OtherCase,
    Place::Param,
    Place::FnParam,
];

const fn known(name: &'static str, places: &'static [Place], takes: Takes) -> Known {
    Known { name, places, takes }
}

const ATTRIBUTES: &[Known] = &[
    known("min", VALUES, Takes::Number),
    known("max", VALUES, Takes::Number),
    known("len", VALUES, Takes::Count),
    known("min_len", VALUES, Takes::Count),
    known("max_len", VALUES, Takes::Count),
    known("pattern", VALUES, Takes::Text),
    known("format", VALUES, Takes::Text),
    known("secret", VALUES, Takes::Nothing),
    known("unit", &[Place::Type, Place::Field, Place::Param, Place::FnParam], Takes::Text),
    known("deprecated", EVERYWHERE, Takes::TextOrNothing),
    known("json", &[Place::Field, Place::VariantCase, Place::OtherCase], Takes::Text),
    known("key", &[Place::Field], Takes::Nothing),
    known("from", &[Place::VariantCase], Takes::Nothing),
    known("wit", EVERYWHERE, Takes::TextOrName),
    known("get", &[Place::Dot], Takes::Route),
    known("post", &[Place::Dot], Takes::Route),
    known("intrinsic", &[Place::Function], Takes::Text),
];

pub(super) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    for (attributes, place) in placed_attributes(item_signature(db, item)) {
        for (index, attribute) in attributes.iter().enumerate().filter(|(_, one)| !one.name.is_missing()) {
            out.extend(check_one(db, item, attribute, place));
            if let Some(first) =
                attributes[..index].iter().find(|other| other.name.text == attribute.name.text)
            {
                out.push(twice(db, item, attribute, first));
            }
        }
    }
}

fn twice<'db>(db: &'db dyn Db, item: Item<'db>, attribute: &Attribute, first: &Attribute) -> Diagnostic<'db> {
    let title = format!("`@{}` stands here twice", attribute.name.text);
    Diagnostic::error(codes::INVALID_ATTRIBUTE, title, name_span(db, item, attribute.name.id))
        .with_label(name_span(db, item, first.name.id), "the other one")
}

/// The attributes of each place of an item that can have some.
fn placed_attributes(signature: &ItemSignature) -> Vec<(&[Attribute], Place)> {
    let own = match &signature.kind {
        SignatureKind::Function(function) if function.is_dot => Place::Dot,
        SignatureKind::Function(_) => Place::Function,
        SignatureKind::Record { .. }
        | SignatureKind::Resource { .. }
        | SignatureKind::Variant { .. }
        | SignatureKind::Enum { .. }
        | SignatureKind::Flags { .. }
        | SignatureKind::Alias { .. } => Place::Type,
        _ => Place::OtherItem,
    };
    let case = match &signature.kind {
        SignatureKind::Variant { .. } => Place::VariantCase,
        _ => Place::OtherCase,
    };
    let mut all: Vec<(&[Attribute], Place)> = vec![(&signature.attributes, own)];
    let param_place = if own == Place::Function { Place::FnParam } else { Place::Param };
    all.extend(signature.params().iter().map(|param| (param.attributes.as_slice(), param_place)));
    for member in signature.members() {
        if let RecordMember::Field(field) = member {
            all.push((&field.attributes, Place::Field));
        }
    }
    all.extend(signature.cases().iter().map(|declared| (declared.attributes.as_slice(), case)));
    all
}

fn check_one<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    attribute: &Attribute,
    place: Place,
) -> Option<Diagnostic<'db>> {
    let name = attribute.name.as_str();
    let at = name_span(db, item, attribute.name.id);
    let Some(known) = ATTRIBUTES.iter().find(|known| known.name == name) else {
        let title = format!("there is no attribute `@{name}`");
        let diagnostic = Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, title, at);
        let candidates = ATTRIBUTES.iter().map(|known| known.name).filter(|name| *name != "intrinsic");
        return Some(with_nearest(diagnostic, name, candidates, at));
    };
    let invalid = |title: String| Some(Diagnostic::error(codes::INVALID_ATTRIBUTE, title, at));
    if name == "intrinsic" && !is_std(db, item.module(db)) {
        return invalid("only the standard library has intrinsics".to_owned());
    }
    if !known.places.contains(&place) {
        return invalid(format!("`@{name}` says nothing here"));
    }
    match wanted(known.takes, &attribute.args) {
        None => None,
        Some(wanted) => invalid(format!("`@{name}` takes {wanted}")),
    }
}

/// What should have stood in the parentheses, if it doesn't.
fn wanted(takes: Takes, args: &[AttributeValue]) -> Option<&'static str> {
    use AttributeValue::{Float, Int, Name, String, Template};
    let (fits, wanted) = match (takes, args) {
        (Takes::Nothing, args) => (args.is_empty(), "no arguments"),
        (Takes::Number, args) => (matches!(args, [Int(_) | Float(_)]), "one number"),
        (Takes::Count, args) => {
            (matches!(args, [Int(count)] if u32::try_from(*count).is_ok()), "one length, a `u32`")
        }
        // Braces in a string that isn't raw hold expressions.
        (Takes::Text, [Template(_)]) => (false, "one string; with braces in it a raw one, `r\"…\"`"),
        (Takes::Text, args) => (matches!(args, [String(_)]), "one string"),
        (Takes::TextOrNothing, args) => (matches!(args, [] | [String(_)]), "a string or nothing"),
        (Takes::Route, args) => (matches!(args, [String(_) | Template(_)]), "one path, `\"/places/{id}\"`"),
        (Takes::TextOrName, args) => {
            let is_json = matches!(args, [Name(name)] if name == "json");
            (is_json || matches!(args, [String(_)]), "one string, or `json`")
        }
    };
    (!fits).then_some(wanted)
}
