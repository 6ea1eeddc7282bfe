//! What nothing needs: `unused-use` and `unused-item`.
//!
//! A `use` is needed for the names that it binds, for the cases of the types among them, and for the methods of its
//! module. A private function or constant is needed when a dot, a `pub` function, a test or a declaration leads to it.
//! Where something is wrong, it may be what would have needed it; so then nothing is told.

use crate::thir::ExprKind;
use crate::{Diagnostics, typed_body, typed_default};
use dot_db::{Anchor, Db, Diagnostic, Item, Module, Package, modules_of};
use dot_diagnostics::{Span, TextRange, codes};
use dot_hir::signature::{SignatureKind, UseDeclaration, UseName};
use dot_hir::{
    Def, is_public, item_header, item_signature, items_of, names_mentioned, resolve_name,
    signature_source_map, types_mentioned, used_module,
};
use dot_syntax::ItemKind;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

/// Methods that the language calls itself.
const CALLED_BY_THE_LANGUAGE: [&str; 6] = ["eq", "compare", "hash", "show", "each", "drop"];

/// Whether something is wrong in an item. Unlike what is wrong, this seldom changes.
#[salsa::tracked(returns(copy))]
fn is_wrong<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    crate::check::own_diagnostics(db, item).iter().any(Diagnostic::is_error)
}

/// Tells an item that nothing needs.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    // Of the standard library the compiler itself needs parts that nothing in it leads to.
    if dot_hir::is_std(db, item.module(db)) {
        return;
    }
    match &item_signature(db, item).kind {
        SignatureKind::Use(declaration) if !item_signature(db, item).is_pub => {
            check_use(db, item, declaration, out);
        }
        SignatureKind::Function(_) | SignatureKind::Const { .. } => check_needed(db, item, out),
        _ if crate::lookup::is_type(db, item) => check_type(db, item, out),
        _ => {}
    }
}

// Imports.

fn check_use<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    declaration: &UseDeclaration,
    out: &mut Diagnostics<'db>,
) {
    let module = item.module(db);
    let Some(used) = used_module(db, module, declaration) else { return };
    if items_of(db, module).iter().any(|item| is_wrong(db, *item)) {
        return;
    }
    let is_mentioned = |name: &str| is_mentioned(db, module, name);
    let unused: Vec<&UseName> =
        declaration.names.iter().filter(|name| !is_name_needed(db, module, name)).collect();
    let needs_module =
        is_mentioned(item.name(db)) || brings_method(db, module, used) || declares_duplicate(db, item);
    if unused.len() == declaration.names.len() && !needs_module {
        let map = signature_source_map(db, item);
        let title = format!("`{}` is never used", item.name(db));
        let whole = Span::new(Anchor::Item(item), map.item);
        out.push(Diagnostic::warning(codes::UNUSED_USE, title, dot_hir::declared_span(db, item)).with_fix(
            "remove the `use`",
            whole,
            "",
        ));
        return;
    }
    // One at a time: the fixes of neighbours would meet at the comma between them.
    if let Some(name) = unused.first() {
        out.push(unused_name(db, item, name));
    }
}

fn is_mentioned<'db>(db: &'db dyn Db, module: Module<'db>, name: &str) -> bool {
    items_of(db, module).iter().any(|item| names_mentioned(db, *item).contains(name))
}

fn is_name_needed<'db>(db: &'db dyn Db, module: Module<'db>, name: &UseName) -> bool {
    let bound = name.bound();
    if bound.is_missing() || is_mentioned(db, module, bound.as_str()) {
        return true;
    }
    match resolve_name(db, module, bound.as_str()) {
        Ok(Def::Item(found)) => {
            item_header(db, found).cases.iter().any(|case| is_mentioned(db, module, case))
        }
        Ok(Def::Module(_)) => false,
        Err(_) => true,
    }
}

/// Whether a method of this name is called that the used module may be needed for.
fn brings_method<'db>(db: &'db dyn Db, module: Module<'db>, used: Module<'db>) -> bool {
    if used.package(db) == module.package(db) {
        return false;
    }
    let members = items_of(db, used).iter().filter(|item| item_header(db, **item).is_method);
    members.into_iter().any(|item| is_mentioned(db, module, item.name(db)))
}

/// Whether another `use` binds the same name, so that which of them is not needed is another question.
fn declares_duplicate<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    let others = items_of(db, item.module(db)).iter();
    others.filter(|other| other.kind(db) == ItemKind::Use && other.name(db) == item.name(db)).count() > 1
}

fn unused_name<'db>(db: &'db dyn Db, item: Item<'db>, name: &UseName) -> Diagnostic<'db> {
    let map = signature_source_map(db, item);
    let at = map.name(name.name.id).join(map.name(name.bound().id));
    let span = |range| Span::new(Anchor::Item(item), range);
    let title = format!("`{}` is never used", name.bound().text);
    let diagnostic = Diagnostic::warning(codes::UNUSED_USE, title, span(at));
    diagnostic.with_fix("remove the name", span(with_comma(item.text(db), at)), "")
}

/// An element of a list in braces with the comma that separates it from its neighbour.
fn with_comma(text: &str, at: TextRange) -> TextRange {
    let (before, after) = (&text[..at.start as usize], &text[at.end as usize..]);
    let length = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX);
    if let Some(rest) = after.trim_start().strip_prefix(',') {
        let rest = rest.trim_start_matches(' ');
        return TextRange::new(at.start, at.end + length(after) - length(rest));
    }
    match before.trim_end().strip_suffix(',') {
        Some(rest) => TextRange::new(length(rest), at.end),
        None => at,
    }
}

// Types.

/// Tells a private type that no other item of the package names, neither it nor a case of it.
fn check_type<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let header = item_header(db, item);
    let names = std::iter::once(item.name(db)).chain(&header.cases);
    let names: Vec<&SmolStr> = names.filter(|name| !name.is_empty()).collect();
    if header.is_public || names.is_empty() {
        return;
    }
    let package = item.module(db).package(db);
    let naming = naming(db, package);
    let by_others = |name: &SmolStr| {
        let word = Word { text: name.clone() };
        naming.get(&word).is_some_and(|only| *only != Some(item))
    };
    if names.into_iter().any(by_others) || !has_root(db, package) || is_any_wrong(db, package) {
        return;
    }
    let title = format!("`{}` is never used", item.name(db));
    out.push(
        Diagnostic::warning(codes::UNUSED_ITEM, title, dot_hir::declared_span(db, item))
            .with_note("No other item of the package names it."),
    );
}

/// A name, as the key of what names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
struct Word {
    text: SmolStr,
}

/// By name, the item of a package that names it, if it is the only one.
#[salsa::tracked]
fn naming<'db>(db: &'db dyn Db, package: Package) -> FxHashMap<Word, Option<Item<'db>>> {
    let mut out: FxHashMap<Word, Option<Item<'db>>> = FxHashMap::default();
    for item in all(db, package) {
        for name in types_mentioned(db, item) {
            out.entry(Word { text: name.clone() }).and_modify(|only| *only = None).or_insert(Some(item));
        }
    }
    out
}

fn all<'db>(db: &'db dyn Db, package: Package) -> impl Iterator<Item = Item<'db>> {
    modules_of(db, package).iter().flat_map(|module| items_of(db, *module)).copied()
}

/// Whether a package has anything that is needed for its own sake.
#[salsa::tracked(returns(copy))]
fn has_root(db: &dyn Db, package: Package) -> bool {
    all(db, package).any(|item| is_root(db, item))
}

#[salsa::tracked(returns(copy))]
fn is_any_wrong(db: &dyn Db, package: Package) -> bool {
    all(db, package).any(|item| is_wrong(db, item))
}

// Functions and constants.

fn check_needed<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let spared = item.name(db).starts_with('_')
        || item.name(db).is_empty()
        || CALLED_BY_THE_LANGUAGE.contains(&item.name(db).as_str());
    if spared || is_root(db, item) || !unneeded(db, item.module(db).package(db)).contains(&item) {
        return;
    }
    let title = format!("`{}` is never used", item.name(db));
    out.push(
        Diagnostic::warning(codes::UNUSED_ITEM, title, dot_hir::declared_span(db, item))
            .with_note("No dot, `pub` function or test leads to it."),
    );
}

fn is_root<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    item.kind(db) == ItemKind::Test || is_public(db, item)
}

/// The functions and constants that a body calls, takes as values or reads, each once.
#[salsa::tracked]
pub(crate) fn needs<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Item<'db>> {
    let mut seen = FxHashSet::default();
    let mut out = Vec::new();
    let count = item_signature(db, item).params().len().max(item_signature(db, item).members().len());
    let defaults = (0..u32::try_from(count).unwrap_or(u32::MAX)).filter_map(|at| typed_default(db, item, at));
    for typed in typed_body(db, item).into_iter().chain(defaults) {
        let constants = typed.body.exprs.iter().filter_map(|expr| match &expr.kind {
            ExprKind::Const(constant) => Some(*constant),
            _ => None,
        });
        let calls = typed.calls.iter().map(|call| call.callee);
        out.extend(constants.chain(calls).filter(|needed| seen.insert(*needed)));
    }
    out
}

/// The items of a package that nothing leads to; none if it has nothing to begin with, or something is wrong.
#[salsa::tracked]
fn unneeded<'db>(db: &'db dyn Db, package: Package) -> FxHashSet<Item<'db>> {
    let all = || all(db, package);
    let mut todo: Vec<Item<'db>> = all().filter(|item| is_root(db, *item)).collect();
    if todo.is_empty() || is_any_wrong(db, package) {
        return FxHashSet::default();
    }
    let is_code = |item: &Item<'db>| matches!(item.kind(db), ItemKind::Fn | ItemKind::Const);
    // What a type's defaults need is needed, and what the language calls.
    todo.extend(
        all().filter(|item| !is_code(item) || CALLED_BY_THE_LANGUAGE.contains(&item.name(db).as_str())),
    );
    let mut reached = FxHashSet::default();
    while let Some(item) = todo.pop() {
        if reached.insert(item) && item.module(db).package(db) == package {
            todo.extend(needs(db, item));
        }
    }
    all().filter(|item| is_code(item) && !reached.contains(item)).collect()
}
