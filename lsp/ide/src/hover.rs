//! Hover: what is under the cursor, its type, and its documentation.

use dot_db::{Db, Item, SourceFile, module_of_file};
use dot_diagnostics::TextRange;
use dot_types::thir::{Body, Callee, ExprId, ExprKind, LocalId, SourceMap};
use dot_types::{Generic, Ty, display_type, fn_signature};

/// What is shown about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub range: TextRange,
    /// What is said, in Markdown.
    pub markdown: String,
}

/// What is known about the byte at `offset` of `file`: the narrowest expression or variable there, or the item.
#[must_use]
pub fn hover(db: &dyn Db, file: SourceFile, offset: u32) -> Option<Hover> {
    let module = module_of_file(db, file)?;
    let item = *dot_hir::items_of(db, module).iter().rfind(|item| item.offset(db) <= offset)?;
    let start = item.offset(db);
    let length = u32::try_from(item.text(db).len()).unwrap_or(u32::MAX);
    let relative = offset - start;
    if relative > length {
        return None;
    }
    let inside = hover_body(db, item, relative);
    let hover = inside.or_else(|| hover_item(db, item, relative))?;
    Some(Hover { range: hover.range.shifted(start), ..hover })
}

/// What is under the cursor in an item's body.
fn hover_body(db: &dyn Db, item: Item<'_>, offset: u32) -> Option<Hover> {
    let body = dot_types::thir_body(db, item)?.as_ref().ok()?;
    let map = dot_types::thir_source_map(db, item)?;
    let generics = generics(db, item);
    let local = narrowest(&map.locals, offset);
    let expr = narrowest(&map.exprs, offset);
    match (local, expr) {
        (Some((index, range)), Some((_, of_expr))) if range.len() <= of_expr.len() => {
            Some(hover_local(db, body, LocalId(index), range, generics))
        }
        (Some((index, range)), None) => Some(hover_local(db, body, LocalId(index), range, generics)),
        (_, Some((index, range))) => Some(hover_expr(db, body, map, ExprId(index), range, generics)),
        (None, None) => None,
    }
}

/// The narrowest of these ranges that is not empty and covers the offset, with its index.
fn narrowest(ranges: &[TextRange], offset: u32) -> Option<(u32, TextRange)> {
    let covering = (0u32..).zip(ranges).filter(|(_, range)| !range.is_empty() && range.touches(offset));
    covering.min_by_key(|(_, range)| range.len()).map(|(index, range)| (index, *range))
}

fn hover_local(
    db: &dyn Db,
    body: &Body<'_>,
    local: LocalId,
    range: TextRange,
    generics: &[Generic],
) -> Hover {
    let local = body.local(local);
    Hover { range, markdown: code(&format!("{}: {}", local.name, type_text(db, local.ty, generics))) }
}

fn hover_expr(
    db: &dyn Db,
    body: &Body<'_>,
    map: &SourceMap,
    id: ExprId,
    range: TextRange,
    generics: &[Generic],
) -> Hover {
    let expr = body.expr(id);
    let ty = type_text(db, expr.ty, generics);
    match &expr.kind {
        ExprKind::Local(local) => hover_local(db, body, *local, range, generics),
        ExprKind::Call { callee: Callee::Item { item, .. }, .. } | ExprKind::FnValue { item, .. } => {
            Hover { range, markdown: format!("{}{}", code(&signature_text(db, *item)), docs(db, *item)) }
        }
        ExprKind::Const(item) => {
            let text = format!("const {}: {ty}", item.name(db));
            Hover { range, markdown: format!("{}{}", code(&text), docs(db, *item)) }
        }
        _ => Hover { range: *map.exprs.get(id.0 as usize).unwrap_or(&range), markdown: code(&ty) },
    }
}

/// The item itself, when the cursor is on its name.
fn hover_item(db: &dyn Db, item: Item<'_>, offset: u32) -> Option<Hover> {
    let tree = dot_db::item_tree(db, item).item.as_ref()?;
    let name = tree.body.name().filter(|name| name.range.touches(offset))?;
    let text = match &tree.body {
        dot_syntax::ast::ItemBody::Function(_) => signature_text(db, item),
        _ => name.range.slice(item.text(db)).to_owned(),
    };
    Some(Hover { range: name.range, markdown: format!("{}{}", code(&text), docs(db, item)) })
}

/// A function's signature as it is declared, with types resolved.
fn signature_text(db: &dyn Db, item: Item<'_>) -> String {
    let signature = fn_signature(db, item);
    let generics = &signature.generics;
    let params: Vec<_> = signature
        .params
        .iter()
        .map(|param| {
            let inout = if param.mode == dot_types::Mode::InOut { "inout " } else { "" };
            format!("{inout}{}: {}", param.name, type_text(db, param.ty, generics))
        })
        .collect();
    let names: Vec<_> = generics.iter().map(|generic| generic.name.as_str()).collect();
    let type_params = if names.is_empty() { String::new() } else { format!("<{}>", names.join(", ")) };
    let owner = item.owner(db);
    let owner = if owner.is_empty() { String::new() } else { format!("{owner}.") };
    let keyword = if item.kind(db) == dot_syntax::ItemKind::Dot { "dot" } else { "fn" };
    let result = type_text(db, signature.ret, generics);
    let result = if result == "()" { String::new() } else { format!(" -> {result}") };
    let uses = match &signature.uses {
        Some(uses) if !uses.is_empty() => format!(" uses {}", uses.join(" + ")),
        _ => String::new(),
    };
    format!("{keyword} {owner}{}{type_params}({}){result}{uses}", item.name(db), params.join(", "))
}

fn generics<'db>(db: &'db dyn Db, item: Item<'db>) -> &'db [Generic] {
    match item.kind(db) {
        dot_syntax::ItemKind::Fn | dot_syntax::ItemKind::Dot => &fn_signature(db, item).generics,
        _ => &[],
    }
}

fn type_text(db: &dyn Db, ty: Ty<'_>, generics: &[Generic]) -> String {
    display_type(db, ty, generics).to_string()
}

fn docs(db: &dyn Db, item: Item<'_>) -> String {
    let docs = &dot_hir::item_docs(db, item).text;
    if docs.is_empty() { String::new() } else { format!("\n---\n{docs}\n") }
}

fn code(text: &str) -> String {
    format!("```dot\n{text}\n```\n")
}
