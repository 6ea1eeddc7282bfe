//! Code actions: what can be done at a place with one choice.

use dot_db::{Db, SourceFile, module_of_file, resolve};
use dot_diagnostics::TextRange;
use dot_format::TextEdit;
use dot_syntax::ItemKind;

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What is shown.
    pub title: String,
    /// The code of the diagnostic that it mends; none for one that is there without.
    pub code: Option<&'static str>,
    /// The edits of each file.
    pub edits: Vec<(SourceFile, Vec<TextEdit>)>,
}

/// What can be done where `range` is: the fixes of the diagnostics that touch it, and sorting the `use`s.
#[must_use]
pub fn actions(db: &dyn Db, file: SourceFile, range: TextRange) -> Vec<Action> {
    let diagnostics = module_of_file(db, file).map(|module| dot_types::module_diagnostics(db, module));
    let touches = |other: TextRange| other.start <= range.end && range.start <= other.end;
    let mut found = Vec::new();
    for diagnostic in diagnostics.iter().flat_map(|diagnostics| diagnostics.iter()) {
        let here =
            resolve(db, diagnostic.primary.span).is_some_and(|(at, place)| at == file && touches(place));
        let Some(fix) = diagnostic.fix.as_ref().filter(|_| here) else { continue };
        let mut edits: Vec<(SourceFile, Vec<TextEdit>)> = Vec::new();
        for edit in &fix.edits {
            let Some((file, range)) = resolve(db, edit.span) else { continue };
            let edit = TextEdit { range, replacement: edit.replacement.clone() };
            match edits.iter_mut().find(|(other, _)| *other == file) {
                Some((_, edits)) => edits.push(edit),
                None => edits.push((file, vec![edit])),
            }
        }
        let action = Action { title: fix.title.clone(), code: Some(diagnostic.code.as_str()), edits };
        if !found.contains(&action) {
            found.push(action);
        }
    }
    found.extend(organise(db, file, range));
    found
}

/// Sorts each run of `use`s that stand together, where `range` touches one.
fn organise(db: &dyn Db, file: SourceFile, range: TextRange) -> Option<Action> {
    let text = file.text(db);
    let items = dot_hir::items_of(db, module_of_file(db, file)?);
    let place = |item: &dot_db::Item<'_>| {
        let length = u32::try_from(item.text(db).len()).unwrap_or(u32::MAX);
        TextRange::new(0, length).shifted(item.offset(db))
    };
    let at = items.iter().position(|item| {
        let here = place(item);
        item.kind(db) == ItemKind::Use && here.start <= range.end && range.start <= here.end
    })?;
    let follows = |first: usize, second: usize| {
        let (Some(above), Some(below)) = (items.get(first), items.get(second)) else { return false };
        let both = above.kind(db) == ItemKind::Use && below.kind(db) == ItemKind::Use;
        both && TextRange::new(place(above).end, place(below).start).slice(text).trim_matches(' ') == "\n"
    };
    let first = (0..at).rev().take_while(|index| follows(*index, index + 1)).last().unwrap_or(at);
    let last = (at + 1..items.len()).take_while(|index| follows(index - 1, *index)).last().unwrap_or(at);
    let mut lines: Vec<&str> = items.get(first..=last)?.iter().map(|item| &**item.text(db)).collect();
    let before = lines.clone();
    lines.sort_unstable();
    lines.dedup();
    if lines == before {
        return None;
    }
    let whole = place(items.get(first)?).join(place(items.get(last)?));
    let edit = TextEdit { range: whole, replacement: lines.join("\n") };
    Some(Action { title: "sort the `use`s".to_owned(), code: None, edits: vec![(file, vec![edit])] })
}
