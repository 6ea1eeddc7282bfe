//! Definition, type definition, references, highlights.

use crate::names::{Target, declaration_of, everywhere, item_at, name_at, occurrences, targets_at};
use crate::view::views;
use dot_db::{Db, Item, SourceFile};
use dot_diagnostics::TextRange;
use dot_types::{Ty, TyKind};

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: SourceFile,
    /// What is meant, with all that belongs to it.
    pub whole: TextRange,
    /// The name in it.
    pub name: TextRange,
}

/// A place where something is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The file.
    pub file: SourceFile,
    /// The name.
    pub range: TextRange,
    /// Whether it is declared there.
    pub is_declaration: bool,
    /// Whether it is changed there.
    pub is_write: bool,
}

/// Where the name at an offset is declared: two places for `{ x }`. What has no source has none.
#[must_use]
pub fn definition(db: &dyn Db, file: SourceFile, offset: u32) -> Vec<Place> {
    let targets = targets_at(db, file, offset);
    let places = targets.iter().filter_map(|target| declaration_of(db, target));
    places.map(|(file, whole, name)| Place { file, whole, name }).collect()
}

/// Everything in the project that means what the name at an offset does, in the order of files and text.
#[must_use]
pub fn references(db: &dyn Db, file: SourceFile, offset: u32, with_declaration: bool) -> Vec<Reference> {
    let Some((_, found)) = name_at(db, file, offset) else { return Vec::new() };
    let all = everywhere(db, &found.target).into_iter().filter_map(|(item, occurrence)| {
        Some(Reference {
            file: item.module(db).file(db)?,
            range: occurrence.range.shifted(item.offset(db)),
            is_declaration: occurrence.is_declaration,
            is_write: occurrence.is_write,
        })
    });
    all.filter(|reference| with_declaration || !reference.is_declaration).collect()
}

/// The places of a file that mean what the name at an offset does.
#[must_use]
pub fn highlights(db: &dyn Db, file: SourceFile, offset: u32) -> Vec<Reference> {
    let (Some(item), Some((_, found))) = (item_at(db, file, offset), name_at(db, file, offset)) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for other in dot_hir::items_of(db, item.module(db)) {
        for occurrence in occurrences(db, *other).into_iter().filter(|other| other.target == found.target) {
            all.push(Reference {
                file,
                range: occurrence.range.shifted(other.offset(db)),
                is_declaration: occurrence.is_declaration,
                is_write: occurrence.is_write,
            });
        }
    }
    all
}

/// Where the type is declared of what stands at an offset; of what a list, an option and the like hold.
#[must_use]
pub fn type_definition(db: &dyn Db, file: SourceFile, offset: u32) -> Vec<Place> {
    let Some(item) = item_at(db, file, offset) else { return Vec::new() };
    let at = offset - item.offset(db);
    let found = views(db, item).into_iter().find_map(|view| {
        let around = view.map.exprs.iter().filter(|range| range.touches(at) && !range.is_empty());
        let narrow = around.min_by_key(|range| range.len()).and_then(|range| view.type_at(*range));
        let pats = (0u32..).map(dot_hir::body::PatId).zip(&view.map.pats);
        let pat = pats.filter(|(_, range)| range.touches(at)).min_by_key(|(_, range)| range.len());
        narrow.or_else(|| view.pattern_type(pat?.0))
    });
    let place = found.and_then(|ty| declared(db, ty, MAX_TYPE_DEPTH)).and_then(|item| {
        let (file, whole, name) = declaration_of(db, &Target::Item(item))?;
        Some(Place { file, whole, name })
    });
    place.into_iter().collect()
}

/// Types nested deeper than this are not looked into.
const MAX_TYPE_DEPTH: u32 = 16;

/// The declared type that a type is or holds.
fn declared<'db>(db: &'db dyn Db, ty: Ty<'db>, depth: u32) -> Option<Item<'db>> {
    let depth = depth.checked_sub(1)?;
    match ty.kind(db) {
        TyKind::Adt(item, _) | TyKind::Handle(item) => Some(*item),
        TyKind::List(inner)
        | TyKind::FixedList(inner, _)
        | TyKind::Option(inner)
        | TyKind::Set(inner)
        | TyKind::Stream(inner)
        | TyKind::Future(inner) => declared(db, *inner, depth),
        TyKind::Result(first, second) | TyKind::Map(first, second) => {
            declared(db, *first, depth).or_else(|| declared(db, *second, depth))
        }
        TyKind::Tuple(parts) => parts.iter().find_map(|part| declared(db, *part, depth)),
        _ => None,
    }
}
