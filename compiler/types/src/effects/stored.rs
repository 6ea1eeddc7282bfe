//! Functions that are stored or returned: they have the effects that the type there says, and no others.

use super::{effects_of_call, missing_names, said};
use crate::closures::{Sink, Source, Stored};
use crate::{Diagnostics, TypedBody};
use dot_db::{Anchor, Db, Diagnostic, Item, Module};
use dot_diagnostics::{Span, TextRange, codes};
use dot_hir::type_ref::TypeRef;
use dot_hir::{TypeRefId, item_signature, signature_source_map};

/// Tells functions in a body that are stored where the type doesn't say what they touch.
pub(super) fn check<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    typed: &TypedBody<'db>,
    out: &mut Diagnostics<'db>,
) {
    let mut told: Vec<TextRange> = Vec::new();
    for stored in &typed.stored {
        let said = said_there(db, item, stored.sink);
        let missing: Vec<Module<'db>> =
            touched(db, item, typed, stored).into_iter().filter(|effect| !said.contains(effect)).collect();
        if !missing.is_empty() && !told.contains(&stored.range) {
            told.push(stored.range);
            out.push(describe(db, item, stored, &missing));
        }
    }
}

/// What calling a function value touches.
fn touched<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    typed: &TypedBody<'db>,
    stored: &Stored<'db>,
) -> Vec<Module<'db>> {
    let package = item.module(db).package(db);
    let mut out = Vec::new();
    match stored.source {
        Source::Named(function) => out.extend(effects_of_call(db, function, &[], package)),
        Source::TakenOut => {
            let reads = typed.reads.iter().filter(|read| stored.range == read.range);
            out.extend(reads.flat_map(|read| read.effects.iter().copied()));
        }
        Source::Closure => {
            let calls = typed.calls.iter().filter(|call| stored.range.covers(call.range));
            out.extend(calls.flat_map(|call| effects_of_call(db, call.callee, &call.replaced, package)));
            let reads = typed.reads.iter().filter(|read| stored.range.covers(read.range));
            out.extend(reads.flat_map(|read| read.effects.iter().copied()));
        }
    }
    super::sort(db, &mut out);
    out
}

fn said_there<'db>(db: &'db dyn Db, item: Item<'db>, sink: Sink<'db>) -> Vec<Module<'db>> {
    match sink {
        Sink::Field(record, index) => said::of_field(db, record, index),
        Sink::Part(variant, case, part) => said::of_part(db, variant, case, part),
        Sink::Result => {
            let Some(function) = item_signature(db, item).function() else { return Vec::new() };
            let places = function.params.iter().filter(|param| param.inout).map(|param| param.ty);
            said::of_types(db, places.chain(function.ret).map(|ty| (item, ty)).collect())
        }
    }
}

fn describe<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    stored: &Stored<'db>,
    missing: &[Module<'db>],
) -> Diagnostic<'db> {
    let names: Vec<String> = missing.iter().map(|module| format!("`{}`", module.path(db))).collect();
    let (done, place) = match stored.sink {
        Sink::Field(record, index) => ("stored", said::written_field(db, record, index)),
        Sink::Part(variant, case, part) => {
            ("stored", said::written_part(db, variant, case, part).map(|ty| (variant, ty)))
        }
        Sink::Result => {
            let ret = item_signature(db, item).function().and_then(|function| function.ret);
            ("given back", ret.map(|ty| (item, ty)))
        }
    };
    let title = format!("a function that uses {} is {done} as one that touches nothing", names.join(", "));
    let at = Span::new(Anchor::Item(item), stored.range);
    let diagnostic = Diagnostic::error(codes::UNDECLARED_EFFECT, title, at)
        .with_note("Who calls it later must know what it touches: a function type says so after `uses`.");
    match place {
        Some((declared, ty)) if declared.module(db).file(db).is_some() => {
            say_so(db, declared, ty, missing, diagnostic)
        }
        _ => diagnostic,
    }
}

/// Shows the type that says nothing, with a fix where it is a function type that has no `uses`.
fn say_so<'db>(
    db: &'db dyn Db,
    declared: Item<'db>,
    ty: TypeRefId,
    missing: &[Module<'db>],
    diagnostic: Diagnostic<'db>,
) -> Diagnostic<'db> {
    let range = signature_source_map(db, declared).type_ref(ty);
    let span = |range| Span::new(Anchor::Item(declared), range);
    let diagnostic = diagnostic.with_label(span(range), "this type does not say so");
    match (item_signature(db, declared).type_ref(ty), missing_names(db, declared, missing)) {
        (TypeRef::Function(function), Some(names)) if function.uses.is_none() && !function.pure => {
            let end = span(TextRange::empty(range.end));
            diagnostic.with_fix("say so in the type", end, format!(" uses {names}"))
        }
        _ => diagnostic,
    }
}
