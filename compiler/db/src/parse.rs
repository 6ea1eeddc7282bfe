//! Files into items, items into trees.

use crate::{Anchor, Db, Diagnostic, Diagnostics, FileStatus, Item, Module, SourceFile};
use dot_diagnostics::{Span, TextRange, codes};
use dot_syntax::{ItemKind, ParsedItem, Split};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::sync::Arc;

/// The chunks of a file, one for each item. Runs again whenever the file's text changes; ask
/// [`module_items`] instead, whose value changes only when an item comes, goes or is renamed.
#[salsa::tracked]
pub fn file_chunks(db: &dyn Db, file: SourceFile) -> Split {
    dot_syntax::split(file.text(db))
}

/// The items of a module in order of appearance. An interface of WIT has no file and no items here.
///
/// Runs again whenever the file's text changes, but its value stays the same as long as the same items stand
/// in the same order: what is inside them and where they stand belongs to each item.
#[salsa::tracked]
pub fn module_items<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<Item<'db>> {
    let Some(file) = module.file(db) else { return Vec::new() };
    create_items(db, module, file.text(db), file_chunks(db, file))
}

/// Makes an item of each chunk of `text`. Only a tracked function may call this; the items are its own.
pub fn create_items<'db>(db: &'db dyn Db, module: Module<'db>, text: &str, split: &Split) -> Vec<Item<'db>> {
    let mut seen: FxHashMap<(ItemKind, SmolStr, SmolStr), u32> = FxHashMap::default();
    let mut items = Vec::with_capacity(split.chunks.len());
    for chunk in &split.chunks {
        let owner = chunk.owner.clone().unwrap_or_default();
        let name = chunk.name.clone().unwrap_or_default();
        let count = seen.entry((chunk.kind, owner.clone(), name.clone())).or_default();
        let disambiguator = *count;
        *count += 1;
        let chunk_text: Arc<str> = Arc::from(chunk.range.slice(text));
        items.push(Item::new(
            db,
            module,
            chunk.kind,
            owner,
            name,
            disambiguator,
            chunk_text,
            chunk.range.start,
        ));
    }
    items
}

/// An item's tree and what was wrong in its text. Runs again when the item's text changes, not when the item
/// moves. Trees hold spans, so next to nothing should depend on them: signatures and bodies are made from them
/// once and compared.
#[salsa::tracked]
pub fn item_tree<'db>(db: &'db dyn Db, item: Item<'db>) -> ParsedItem {
    dot_syntax::parse_item(item.text(db))
}

/// What was wrong in an item's text, anchored at the item.
pub fn item_syntax_diagnostics<'db>(db: &'db dyn Db, item: Item<'db>) -> Diagnostics<'db> {
    let anchor = Anchor::Item(item);
    let found = item_tree(db, item).errors.iter();
    found.map(|diagnostic| diagnostic.clone().map_anchor(|()| anchor)).collect::<Vec<_>>().into()
}

/// What is wrong with a file apart from its items: it is gone, it is not UTF-8, text stands outside items.
#[salsa::tracked]
pub fn file_diagnostics<'db>(db: &'db dyn Db, file: SourceFile) -> Diagnostics<'db> {
    let anchor = Anchor::File(file);
    let mut found: Vec<Diagnostic<'db>> = Vec::new();
    match file.status(db) {
        FileStatus::Present => {}
        FileStatus::Missing => {
            let title = format!("there is no file `{}`", file.path(db));
            found.push(Diagnostic::error(codes::MISSING_FILE, title, Span::new(anchor, TextRange::empty(0))));
        }
        FileStatus::InvalidUtf8 { offset } => {
            let title = "this file is not UTF-8";
            let range = TextRange::new(*offset, offset.saturating_add(1));
            found.push(
                Diagnostic::error(codes::INVALID_UTF8, title, Span::new(anchor, range))
                    .with_message("the first byte that does not fit"),
            );
        }
    }
    let outside = dot_syntax::outside_errors(file.text(db), &file_chunks(db, file).outside);
    found.extend(outside.into_iter().map(|diagnostic| diagnostic.map_anchor(|()| anchor)));
    found.into()
}
