//! Every name in an item, and what it means.
//!
//! This is what definition, references, highlights, rename and semantic tokens stand on: two names mean the same if their
//! [`Target`]s are equal.
//!
//! | file | which names |
//! |---|---|
//! | `head` | of declarations: an item's own, parameters, fields, cases, types, what a `use` imports |
//! | `body` | in code |
//! | `pattern` | in patterns |

mod body;
mod head;
mod pattern;

use crate::view::views;
use dot_db::{Db, Item, Module, SourceFile, module_of_file, modules_of, packages_of};
use dot_diagnostics::TextRange;
use dot_hir::signature::RecordMember;
use dot_hir::{item_signature, signature_source_map};
use smol_str::SmolStr;

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Target<'db> {
    /// An item.
    Item(Item<'db>),
    /// A module.
    Module(Module<'db>),
    /// A built-in type.
    Builtin(SmolStr),
    /// A type parameter, by number.
    Generic(Item<'db>, usize),
    /// A variable or parameter of an item, by the place of its declaration.
    Local(Item<'db>, TextRange),
    /// A field, by the record that declares it.
    Field(Item<'db>, SmolStr),
    /// A case or flag of a type.
    Case(Item<'db>, SmolStr),
    /// A labelled part of a case.
    Part(Item<'db>, SmolStr, SmolStr),
}

/// A name in an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence<'db> {
    /// Where it stands, relative to the item; with backticks, if it has them.
    pub(crate) range: TextRange,
    /// What it means.
    pub(crate) target: Target<'db>,
    /// Whether it declares that.
    pub(crate) is_declaration: bool,
    /// Whether what it means is changed there.
    pub(crate) is_write: bool,
    /// Whether it stands for a field and a variable at once, as in `{ x }`.
    pub(crate) is_shorthand: bool,
}

/// The names of an item that mean something, in the order of the text. A name that stands for two things has two
/// entries, the variable first.
pub(crate) fn occurrences<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Occurrence<'db>> {
    let mut found = Vec::new();
    head::collect(db, item, &mut found);
    for view in views(db, item) {
        body::collect(&view, &mut found);
    }
    found.retain(|occurrence| !occurrence.range.is_empty());
    // A variable of a shorthand comes before its field; otherwise the order in which they were found is kept.
    found.sort_by_key(|occurrence| (occurrence.range, !matches!(occurrence.target, Target::Local(..))));
    found.dedup_by(|second, first| first.range == second.range && first.target == second.target);
    found
}

/// The item whose text is at this offset, or ends there.
pub(crate) fn item_at<'db>(db: &'db dyn Db, file: SourceFile, offset: u32) -> Option<Item<'db>> {
    let items = dot_hir::items_of(db, module_of_file(db, file)?);
    let after = items.partition_point(|item| item.offset(db) <= offset);
    let item = *items.get(after.checked_sub(1)?)?;
    let length = u32::try_from(item.text(db).len()).unwrap_or(u32::MAX);
    (offset - item.offset(db) <= length).then_some(item)
}

/// The name at an offset of a file, with its item. Of `a.b`, a cursor between `.` and `b` is on `b`; one between `a` and
/// `.` is on `a`.
pub(crate) fn name_at<'db>(
    db: &'db dyn Db,
    file: SourceFile,
    offset: u32,
) -> Option<(Item<'db>, Occurrence<'db>)> {
    let item = item_at(db, file, offset)?;
    let at = offset - item.offset(db);
    let all = occurrences(db, item);
    let on = all.iter().find(|occurrence| occurrence.range.start <= at && at < occurrence.range.end);
    let found = on.or_else(|| all.iter().find(|occurrence| occurrence.range.touches(at)))?;
    Some((item, found.clone()))
}

/// Every entry for the name at an offset: two for a shorthand.
pub(crate) fn targets_at<'db>(db: &'db dyn Db, file: SourceFile, offset: u32) -> Vec<Target<'db>> {
    let Some((item, first)) = name_at(db, file, offset) else { return Vec::new() };
    let all = occurrences(db, item).into_iter();
    all.filter(|occurrence| occurrence.range == first.range).map(|occurrence| occurrence.target).collect()
}

/// The name by which a target is called where it is declared.
pub(crate) fn name_of<'db>(db: &'db dyn Db, target: &Target<'db>) -> SmolStr {
    match target {
        Target::Item(item) => item.name(db).clone(),
        Target::Module(module) => module.path(db).rsplit('/').next().unwrap_or_default().into(),
        Target::Generic(item, index) => item_signature(db, *item)
            .generics()
            .get(*index)
            .map(|param| param.name.text.clone())
            .unwrap_or_default(),
        Target::Local(item, place) => place.slice(item.text(db)).trim_matches('`').into(),
        Target::Builtin(name) | Target::Field(_, name) | Target::Case(_, name) | Target::Part(_, _, name) => {
            name.clone()
        }
    }
}

/// Where a target is declared: the file, the whole declaration, and the name in it, with ranges in the file. None for what
/// has no source.
pub(crate) fn declaration_of<'db>(
    db: &'db dyn Db,
    target: &Target<'db>,
) -> Option<(SourceFile, TextRange, TextRange)> {
    let (item, whole, name) = match target {
        Target::Module(module) => {
            let start = TextRange::empty(0);
            return Some((module.file(db)?, start, start));
        }
        Target::Builtin(name) => {
            let start = TextRange::empty(0);
            return Some((dot_hir::builtin_home(db, name)?.file(db)?, start, start));
        }
        Target::Item(item) => {
            let map = signature_source_map(db, *item);
            (*item, map.item, map.item_name)
        }
        Target::Generic(item, index) => {
            let param = item_signature(db, *item).generics().get(*index)?;
            let range = signature_source_map(db, *item).name(param.name.id);
            (*item, range, range)
        }
        Target::Local(item, place) => (*item, *place, *place),
        Target::Field(item, field) => {
            let members = item_signature(db, *item).members().iter().enumerate();
            let (index, name) = members.into_iter().find_map(|(index, member)| match member {
                RecordMember::Field(found) if found.name.text == *field => Some((index, &found.name)),
                _ => None,
            })?;
            let map = signature_source_map(db, *item);
            (*item, map.members.get(index).copied().unwrap_or_default(), map.name(name.id))
        }
        Target::Case(item, case) => {
            let cases = item_signature(db, *item).cases();
            let index = cases.iter().position(|found| found.name.text == *case)?;
            let map = signature_source_map(db, *item);
            (*item, map.members.get(index).copied().unwrap_or_default(), map.name(cases.get(index)?.name.id))
        }
        Target::Part(item, case, label) => {
            let cases = item_signature(db, *item).cases().iter();
            let mut parts = cases.filter(|found| found.name.text == *case).flat_map(|found| &found.parts);
            let label = parts.find_map(|part| part.label.as_ref().filter(|found| found.text == *label))?;
            let range = signature_source_map(db, *item).name(label.id);
            (*item, range, range)
        }
    };
    let (file, start) = (item.module(db).file(db)?, item.offset(db));
    Some((file, whole.join(name).shifted(start), name.shifted(start)))
}

/// Every place of the project where a target is named, declarations included, in the order of files and text.
///
/// Only items whose text has the name are looked into.
pub(crate) fn everywhere<'db>(db: &'db dyn Db, target: &Target<'db>) -> Vec<(Item<'db>, Occurrence<'db>)> {
    let own = match target {
        Target::Local(item, _) if !is_parameter(db, target) => Some(*item),
        Target::Generic(item, _) => Some(*item),
        _ => None,
    };
    let name = name_of(db, target);
    let mut found = Vec::new();
    let mut look = |item: Item<'db>| {
        if name.is_empty() || !item.text(db).contains(name.as_str()) {
            return;
        }
        let all = occurrences(db, item).into_iter();
        found.extend(all.filter(|occurrence| occurrence.target == *target).map(|found| (item, found)));
    };
    if let Some(item) = own {
        look(item);
        return found;
    }
    let modules = packages_of(db).iter().flat_map(|package| modules_of(db, *package));
    for module in modules {
        dot_hir::items_of(db, *module).iter().for_each(|item| look(*item));
    }
    found
}

/// Whether a target is a parameter that calls may name.
fn is_parameter<'db>(db: &'db dyn Db, target: &Target<'db>) -> bool {
    let Target::Local(item, place) = target else { return false };
    let map = signature_source_map(db, *item);
    item_signature(db, *item).params().iter().any(|param| map.name(param.name.id) == *place)
}
