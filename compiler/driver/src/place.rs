//! Places for people: file, line and column of an expression.

use dot_db::{Anchor, Db, Item, line_index, resolve};
use dot_diagnostics::{Span, TextRange};
use dot_types::thir::ExprId;

/// A stretch of a file; lines from 1, columns from 1 in chars.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file as it is shown; empty where there is none.
    pub file: String,
    /// The first line and column.
    pub start: (u32, u32),
    /// The line and column after the last.
    pub end: (u32, u32),
}

/// Where an expression of an item's body, or a parameter, is written.
pub fn of_expr(db: &dyn Db, item: Item<'_>, expr: ExprId) -> Place {
    let range = match expr.as_param() {
        Some(param) => dot_hir::signature_source_map(db, item).members.get(param as usize),
        None => dot_types::thir_source_map(db, item).and_then(|map| map.exprs.get(expr.0 as usize)),
    };
    range.map_or_else(Place::default, |range| of_range(db, item, *range))
}

/// Where a stretch of an item is.
pub fn of_range(db: &dyn Db, item: Item<'_>, range: TextRange) -> Place {
    let Some((file, range)) = resolve(db, Span::new(Anchor::Item(item), range)) else {
        return Place::default();
    };
    let text = file.text(db);
    let index = line_index(db, file);
    let position = |offset| {
        let place = index.line_column(offset);
        let start = index.line_range(place.line).start;
        let before = text.get(start as usize..(start + place.column) as usize).unwrap_or("");
        (place.line + 1, u32::try_from(before.chars().count()).unwrap_or(u32::MAX).saturating_add(1))
    };
    Place { file: file.path(db).to_string(), start: position(range.start), end: position(range.end) }
}

/// A function's name as a backtrace shows it: `module.name`, `module.Type.name`.
pub fn function_name(db: &dyn Db, item: Item<'_>) -> String {
    let owner = item.owner(db);
    let dot = if owner.is_empty() { "" } else { "." };
    format!("{}.{owner}{dot}{}", item.module(db).path(db), item.name(db))
}

/// The path of an item's file as components tell it: relative to the package, wherever that lies.
pub fn stable_path(db: &dyn Db, item: Item<'_>) -> String {
    let module = item.module(db);
    let package = module.package(db);
    let is_root = dot_db::Project::try_get(db).is_some_and(|project| project.root(db) == package);
    let folder = match package.origin(db) {
        dot_db::Origin::Std => "std/".to_owned(),
        _ if package.name(db).starts_with("local:") => String::new(),
        _ if is_root => "src/".to_owned(),
        _ => {
            let version = package.version(db).as_ref().map_or_else(String::new, |v| format!("@{v}"));
            format!("{}{version}/src/", package.name(db))
        }
    };
    format!("{folder}{}.dot", module.path(db))
}
