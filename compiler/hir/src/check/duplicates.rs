//! `duplicate-item` for what a module declares, and `reserved-name` for what it can't declare.

use super::{declared_span, name_span};
use crate::builtin::is_builtin_type;
use crate::members::rivals_of;
use crate::query::{item_signature, items_of};
use crate::scope::{Binding, ScopeEntry, is_member, module_scope};
use crate::signature::SignatureKind;
use dot_db::{Anchor, Db, Diagnostic, Diagnostics, Item, Module};
use dot_diagnostics::{Span, codes};
use dot_syntax::ItemKind;

pub(super) fn check<'db>(db: &'db dyn Db, module: Module<'db>, out: &mut Diagnostics<'db>) {
    let scope = module_scope(db, module);
    for entry in scope.duplicates() {
        let diagnostic = duplicate(&entry.name, binding_span(db, entry));
        out.push(match scope.get(&entry.name) {
            Some(first) => {
                let first = ScopeEntry { name: entry.name.clone(), binding: first.clone() };
                diagnostic.with_label(binding_span(db, &first), "it is declared here first")
            }
            None => diagnostic,
        });
    }
    for &item in items_of(db, module) {
        if matches!(item.kind(db), ItemKind::Fn | ItemKind::Dot) && is_member(db, item) {
            check_member(db, item, out);
        }
    }
    for entry in scope.entries() {
        let is_value = matches!(entry.binding, Binding::Item(item)
            if matches!(item.kind(db), ItemKind::Fn | ItemKind::Dot));
        if is_builtin_type(&entry.name) && (is_value || matches!(entry.binding, Binding::Module { .. })) {
            let title = format!("`{}` is the name of a built-in type", entry.name);
            let note = "A built-in name means the same everywhere. Choose another; a `use` renames by `as`.";
            out.push(Diagnostic::error(codes::RESERVED_NAME, title, binding_span(db, entry)).with_note(note));
        }
    }
}

fn check_member<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let rivals = rivals_of(db, item);
    if let Some(first) = rivals.first().filter(|first| **first != item && rivals.contains(&item)) {
        out.push(
            duplicate(item.name(db), declared_span(db, item))
                .with_label(declared_span(db, *first), "the type has it from here already"),
        );
    }
}

fn duplicate<'db>(name: &str, at: Span<Anchor<'db>>) -> Diagnostic<'db> {
    Diagnostic::error(codes::DUPLICATE_ITEM, format!("`{name}` is declared twice"), at)
}

/// Where a name is bound: at the declaration, or in the `use`.
fn binding_span<'db>(db: &'db dyn Db, entry: &ScopeEntry<'db>) -> Span<Anchor<'db>> {
    let by = entry.binding.declared_by();
    if let (Binding::Import { .. }, SignatureKind::Use(used)) = (&entry.binding, &item_signature(db, by).kind)
        && let Some(name) = used.names.iter().find(|name| name.bound().text == entry.name)
    {
        return name_span(db, by, name.bound().id);
    }
    declared_span(db, by)
}
