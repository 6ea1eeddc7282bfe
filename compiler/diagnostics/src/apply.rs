//! Fixes, applied to texts.

use std::collections::BTreeMap;

use crate::{Diagnostic, Edit, FileId, Fix, Sources};

/// The texts of the files that the diagnostics' fixes change, after as many of them as can be applied together.
///
/// Fixes are taken in the order of the diagnostics, each as a whole or not at all: one that would change a place that
/// an earlier one changes, or put something at the same place, is left for the next round.
#[must_use]
pub fn apply_fixes<'a>(
    sources: &Sources,
    fixes: impl IntoIterator<Item = &'a Fix<FileId>>,
) -> BTreeMap<FileId, String> {
    let mut taken: Vec<&Edit<FileId>> = Vec::new();
    for fix in fixes {
        if !fix.edits.iter().any(|edit| taken.iter().any(|other| meet(edit, other))) {
            taken.extend(&fix.edits);
        }
    }
    taken.sort_by_key(|edit| (edit.span.anchor, edit.span.range));
    let mut texts: BTreeMap<FileId, (String, usize)> = BTreeMap::new();
    for edit in taken {
        let source = sources.text(edit.span.anchor);
        let (text, done) = texts.entry(edit.span.anchor).or_default();
        let range = sources.clamp(edit.span.anchor, edit.span.range);
        text.push_str(source.get(*done..range.start).unwrap_or_default());
        text.push_str(&edit.replacement);
        *done = range.end;
    }
    texts
        .into_iter()
        .map(|(file, (mut text, done))| {
            text.push_str(sources.text(file).get(done..).unwrap_or_default());
            (file, text)
        })
        .collect()
}

/// Whether two edits can't both be made: they change a common stretch, or insert at one place.
#[must_use]
pub fn meet(a: &Edit<FileId>, b: &Edit<FileId>) -> bool {
    let (ours, theirs) = (a.span.range, b.span.range);
    let same_place = ours.is_empty() && theirs.is_empty() && ours.start == theirs.start;
    let overlap = ours.start < theirs.end && theirs.start < ours.end;
    a.span.anchor == b.span.anchor && (same_place || overlap)
}

/// The texts of all diagnostics' fixes applied; see [`apply_fixes`].
#[must_use]
pub fn apply_all(sources: &Sources, diagnostics: &[Diagnostic<FileId>]) -> BTreeMap<FileId, String> {
    apply_fixes(sources, diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Span, TextRange};

    fn edit(file: FileId, start: u32, end: u32, replacement: &str) -> Edit<FileId> {
        Edit { span: Span::new(file, TextRange::new(start, end)), replacement: replacement.to_owned() }
    }

    fn fix(edits: Vec<Edit<FileId>>) -> Fix<FileId> {
        Fix { title: String::new(), edits }
    }

    #[test]
    fn what_does_not_meet_is_applied_together() {
        let mut sources = Sources::new();
        let file = sources.add("a", "one two three");
        let fixes =
            [fix(vec![edit(file, 4, 7, "2"), edit(file, 13, 13, "!")]), fix(vec![edit(file, 0, 3, "1")])];
        assert_eq!(apply_fixes(&sources, &fixes)[&file], "1 2 three!");
    }

    #[test]
    fn what_meets_waits_as_a_whole() {
        let mut sources = Sources::new();
        let file = sources.add("a", "one two three");
        let first = fix(vec![edit(file, 4, 7, "2")]);
        let second = fix(vec![edit(file, 0, 3, "1"), edit(file, 6, 9, "")]);
        assert_eq!(apply_fixes(&sources, [&first, &second])[&file], "one 2 three");
        let insert = |text| fix(vec![edit(file, 3, 3, text)]);
        assert_eq!(apply_fixes(&sources, [&insert(","), &insert(";")])[&file], "one, two three");
    }
}
