//! `deprecated`: uses of what its author says should no longer be used.

use crate::body::TypedBody;
use crate::thir::{Callee, Expr, ExprKind};
use crate::{Diagnostics, TyKind, adt, typed_body};
use dot_db::{Anchor, Db, Diagnostic, Item};
use dot_diagnostics::{Span, TextRange, codes};
use dot_hir::attribute::{Attribute, find, string_argument};
use dot_hir::body::Pat;
use dot_hir::signature::RecordMember;
use dot_hir::{
    Def, Path, TypeRef, body_source_map, item_body, item_signature, resolve_path, signature_source_map,
};

/// Tells what an item calls, reads, builds or names that is deprecated, unless the item itself is.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    if find(&item_signature(db, item).attributes, "deprecated").is_some() {
        return;
    }
    let in_types =
        types_named(db, item).into_iter().filter_map(|(used, range)| Some((of_item(db, used)?, range)));
    let in_code = typed_body(db, item).into_iter().flat_map(|typed| uses_in(db, typed));
    for (used, range) in in_types.chain(in_code).filter(|((used, ..), _)| *used != item) {
        out.extend(lint(db, Span::new(Anchor::Item(item), range), used));
    }
}

fn lint<'db>(
    db: &'db dyn Db,
    span: Span<Anchor<'db>>,
    (used, attributes, name): Used<'db>,
) -> Option<Diagnostic<'db>> {
    find(attributes, "deprecated")?;
    let mut diagnostic = Diagnostic::warning(codes::DEPRECATED, format!("`{name}` is deprecated"), span);
    if let Some(note) = string_argument(attributes, "deprecated") {
        diagnostic = diagnostic.with_note(note.to_string());
    }
    if used.module(db).file(db).is_some() {
        diagnostic = diagnostic.with_label(dot_hir::declared_span(db, used), "its declaration");
    }
    Some(diagnostic)
}

/// What a body calls, reads and builds, and where.
fn uses_in<'db>(db: &'db dyn Db, typed: &'db TypedBody<'db>) -> impl Iterator<Item = (Used<'db>, TextRange)> {
    let used = move |expr: &Expr<'db>| match &expr.kind {
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
    typed.body.exprs.iter().zip(&typed.map.exprs).filter_map(move |(expr, range)| Some((used(expr)?, *range)))
}

/// The types that an item names, in its declaration, in annotations and in patterns, and where.
fn types_named<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<(Item<'db>, TextRange)> {
    let signature = &item_signature(db, item).types;
    let mut paths: Vec<(&Path, TextRange)> =
        named(signature, &signature_source_map(db, item).types).collect();
    let code = item_body(db, item).zip(body_source_map(db, item));
    if let Some((body, map)) = code {
        paths.extend(named(&body.types, &map.types));
        let written = body.pats.iter().zip(&map.pats).filter_map(|(pat, range)| match pat {
            Pat::Case { path, .. } | Pat::Record { path: Some(path), .. } => Some((path, *range)),
            _ => None,
        });
        paths.extend(written);
    }
    let module = item.module(db);
    let resolved = |(path, range): (&Path, TextRange)| {
        let texts = path.texts();
        // Before the name of a case stands that of its type.
        let types = [texts.as_slice(), texts.get(..texts.len().saturating_sub(1))?];
        let found =
            types.into_iter().filter(|texts| !texts.is_empty()).find_map(|texts| {
                match resolve_path(db, module, texts).ok()?.def {
                    Def::Item(found) => crate::lookup::is_type(db, found).then_some(found),
                    Def::Module(_) => None,
                }
            });
        Some((found?, range))
    };
    paths.into_iter().filter_map(resolved).collect()
}

fn named<'a>(types: &'a [TypeRef], ranges: &'a [TextRange]) -> impl Iterator<Item = (&'a Path, TextRange)> {
    types.iter().zip(ranges).filter_map(|(ty, range)| match ty {
        TypeRef::Named { path, .. } => Some((path, *range)),
        _ => None,
    })
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
