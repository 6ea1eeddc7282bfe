//! Definition, references, highlights.

use crate::names::{declaration_of, everywhere, item_at, name_at, occurrences, targets_at};
use dot_db::{Db, SourceFile};
use dot_diagnostics::TextRange;

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
