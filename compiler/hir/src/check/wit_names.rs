//! `wit-name-collision`: two names that are one in the interface of a module. What no dot shows is in none.

use super::{declared_span, name_span};
use crate::Name;
use crate::attribute::{Attribute, string_argument};
use crate::members::{Owner, receiver_of};
use crate::query::{item_signature, items_of};
use crate::shown::shown_types;
use crate::signature::{ItemSignature, RecordMember, SignatureKind};
use crate::wit::{kebab_case, supplied_resource, wit_name};
use dot_db::{Anchor, Db, Diagnostic, Diagnostics, Item, Module};
use dot_diagnostics::{Span, codes};
use dot_syntax::ItemKind;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// A module without dots has no interface, so that nothing can collide in it.
pub(super) fn check<'db>(db: &'db dyn Db, module: Module<'db>, out: &mut Diagnostics<'db>) {
    let items = items_of(db, module);
    if !items.iter().any(|item| item.kind(db) == ItemKind::Dot) {
        return;
    }
    let shown = shown_types(db, module.package(db));
    let mut seen: FxHashMap<(Option<Item<'db>>, SmolStr), Item<'db>> = FxHashMap::default();
    for &item in items {
        if item.kind(db) != ItemKind::Dot && !shown.contains(&item) || is_of_others(db, item) {
            continue;
        }
        check_members(db, item, out);
        let Some(space) = space(db, item).filter(|_| !item.name(db).is_empty()) else { continue };
        let name = wit_name(db, item);
        match seen.get(&(space, told_apart_by(&name))) {
            // Two of one name and kind of place are `duplicate-item` already.
            Some(first) if first.name(db) == item.name(db) && !is_dot_method(db, item) => {}
            Some(first) => out.push(
                collision(
                    (item.name(db), &name),
                    (first.name(db), &wit_name(db, *first)),
                    declared_span(db, item),
                )
                .with_label(declared_span(db, *first), "the other one"),
            ),
            None => {
                seen.insert((space, told_apart_by(&name)), item);
            }
        }
    }
}

/// Where an item's name stands: among those of the module's interface, or below a resource. An alias stands nowhere, and
/// what an `export` names belongs to another interface.
fn space<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Option<Item<'db>>> {
    match item.kind(db) {
        ItemKind::Record | ItemKind::Variant | ItemKind::Enum | ItemKind::Flags | ItemKind::Resource => {
            Some(None)
        }
        ItemKind::Dot => match receiver_of(db, item) {
            Some(Owner::Item(owner)) if owner.kind(db) == ItemKind::Resource => Some(Some(*owner)),
            _ => item.owner(db).is_empty().then_some(None),
        },
        _ => None,
    }
}

/// Whether an item's name belongs to an interface of others that is exported, which has its own names for it.
fn is_of_others<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    match (item.kind(db), receiver_of(db, item)) {
        (ItemKind::Resource, _) => supplied_resource(db, item).is_some(),
        (ItemKind::Dot, Some(Owner::Item(owner))) => {
            owner.kind(db) == ItemKind::Export || supplied_resource(db, *owner).is_some()
        }
        _ => false,
    }
}

fn is_dot_method<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    item.kind(db) == ItemKind::Dot && receiver_of(db, item).is_some()
}

/// What WIT tells names apart by: hyphens and the case of letters don't count.
fn told_apart_by(name: &str) -> SmolStr {
    name.chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).collect()
}

/// Two names, each with what it is in WIT.
fn collision<'db>(
    (name, wit): (&str, &str),
    (other, other_wit): (&str, &str),
    at: Span<Anchor<'db>>,
) -> Diagnostic<'db> {
    let title = if wit != other_wit {
        format!("`{name}` and `{other}` are `{wit}` and `{other_wit}` in WIT, where hyphens don't count")
    } else if name == other {
        format!("two dots are both named `{wit}` in WIT")
    } else {
        format!("`{name}` and `{other}` are both named `{wit}` in WIT")
    };
    Diagnostic::error(codes::WIT_NAME_COLLISION, title, at)
        .with_note("Rename one of them, or give one another name in WIT with `@wit(\"…\")`.")
}

/// Fields, cases and parameters of one item.
fn check_members<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let mut seen: BTreeMap<SmolStr, (&Name, SmolStr)> = BTreeMap::new();
    for (name, attributes) in crossing_members(item_signature(db, item)) {
        if name.is_missing() {
            continue;
        }
        let wit = string_argument(attributes, "wit").cloned().unwrap_or_else(|| kebab_case(&name.text));
        match seen.get(&told_apart_by(&wit)) {
            Some((first, _)) if first.text == name.text => {}
            Some((first, other)) => out.push(
                collision((&name.text, &wit), (&first.text, other), name_span(db, item, name.id))
                    .with_label(name_span(db, item, first.id), "the other one"),
            ),
            None => {
                seen.insert(told_apart_by(&wit), (name, wit));
            }
        }
    }
}

fn crossing_members(signature: &ItemSignature) -> Vec<(&Name, &[Attribute])> {
    match &signature.kind {
        SignatureKind::Record { members, .. } => members
            .iter()
            .filter_map(|member| match member {
                RecordMember::Field(field) => Some((&field.name, field.attributes.as_slice())),
                RecordMember::Include(_) => None,
            })
            .collect(),
        SignatureKind::Function(function) if function.is_dot => {
            function.params.iter().map(|param| (&param.name, param.attributes.as_slice())).collect()
        }
        _ => signature.cases().iter().map(|case| (&case.name, case.attributes.as_slice())).collect(),
    }
}
