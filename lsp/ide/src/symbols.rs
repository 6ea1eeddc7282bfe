//! Symbols: what a file, or the project, declares.

use dot_db::{Db, Item, Origin, SourceFile, module_of_file, modules_of, packages_of};
use dot_diagnostics::TextRange;
use dot_hir::signature::RecordMember;
use dot_hir::{item_signature, signature_source_map};
use dot_syntax::ItemKind;

/// What kind of thing a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// `fn`
    Function,
    /// A function with `self`, or of a type.
    Method,
    /// `dot`
    Dot,
    /// `record`
    Record,
    /// `variant`
    Variant,
    /// `enum` or `flags`
    Enum,
    /// `resource`
    Resource,
    /// `type`
    Alias,
    /// `const`
    Const,
    /// `test`
    Test,
    /// A field.
    Field,
    /// A case or flag.
    Case,
}

/// Something that is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its file.
    pub file: SourceFile,
    /// Its name; for `fn Type.name`, both.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it, documentation included.
    pub whole: TextRange,
    /// Its name.
    pub place: TextRange,
    /// Its fields or cases.
    pub members: Vec<Symbol>,
}

/// What a file declares, in the order of the text.
#[must_use]
pub fn symbols(db: &dyn Db, file: SourceFile) -> Vec<Symbol> {
    let Some(module) = module_of_file(db, file) else { return Vec::new() };
    dot_hir::items_of(db, module).iter().filter_map(|item| symbol(db, file, *item)).collect()
}

/// The declarations of the project's own packages whose names have the letters of `query` in its order, whatever their
/// case; those that begin with it come first.
#[must_use]
pub fn workspace_symbols(db: &dyn Db, query: &str) -> Vec<Symbol> {
    let own = packages_of(db).iter().filter(|package| package.origin(db) == Origin::User);
    let modules = own.flat_map(|package| modules_of(db, *package));
    let mut found: Vec<Symbol> = modules
        .filter_map(|module| module.file(db))
        .flat_map(|file| symbols(db, file))
        .filter(|symbol| has_letters(&symbol.name, query))
        .collect();
    let begins = |symbol: &Symbol| symbol.name.to_lowercase().starts_with(&query.to_lowercase());
    found.sort_by_key(|symbol| (!begins(symbol), symbol.name.len()));
    found
}

/// Whether the letters of `query` stand in `name` in this order.
pub(crate) fn has_letters(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().flat_map(char::to_lowercase).all(|wanted| letters.any(|letter| letter == wanted))
}

fn symbol(db: &dyn Db, file: SourceFile, item: Item<'_>) -> Option<Symbol> {
    let is_member = dot_hir::item_header(db, item).is_method || !item.owner(db).is_empty();
    let kind = match item.kind(db) {
        ItemKind::Dot => SymbolKind::Dot,
        ItemKind::Fn if is_member => SymbolKind::Method,
        ItemKind::Fn => SymbolKind::Function,
        ItemKind::Record => SymbolKind::Record,
        ItemKind::Variant => SymbolKind::Variant,
        ItemKind::Enum | ItemKind::Flags => SymbolKind::Enum,
        ItemKind::Resource => SymbolKind::Resource,
        ItemKind::Type => SymbolKind::Alias,
        ItemKind::Const => SymbolKind::Const,
        ItemKind::Test => SymbolKind::Test,
        ItemKind::Use | ItemKind::Export => return None,
    };
    let (map, start) = (signature_source_map(db, item), item.offset(db));
    let owner = item.owner(db);
    let name =
        if owner.is_empty() { item.name(db).to_string() } else { format!("{owner}.{}", item.name(db)) };
    let length = u32::try_from(item.text(db).len()).unwrap_or(u32::MAX);
    let whole = TextRange::new(0, length).shifted(start);
    (!item.name(db).is_empty()).then(|| Symbol {
        file,
        name,
        kind,
        whole,
        place: map.item_name.shifted(start),
        members: members(db, file, item),
    })
}

fn members(db: &dyn Db, file: SourceFile, item: Item<'_>) -> Vec<Symbol> {
    let (signature, map, start) = (item_signature(db, item), signature_source_map(db, item), item.offset(db));
    let names: Vec<(usize, &dot_hir::Name, SymbolKind)> = signature
        .members()
        .iter()
        .enumerate()
        .filter_map(|(index, member)| match member {
            RecordMember::Field(field) => Some((index, &field.name, SymbolKind::Field)),
            RecordMember::Include(_) => None,
        })
        .chain(
            signature.cases().iter().enumerate().map(|(index, case)| (index, &case.name, SymbolKind::Case)),
        )
        .collect();
    let symbols = names.into_iter().filter(|(_, name, _)| !name.is_missing()).map(|(index, name, kind)| {
        let place = map.name(name.id).shifted(start);
        let whole = map.members.get(index).map_or(place, |range| range.shifted(start).join(place));
        Symbol { file, name: name.text.to_string(), kind, whole, place, members: Vec::new() }
    });
    symbols.collect()
}
