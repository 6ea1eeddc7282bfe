//! The difference between two texts as edits, line by line.

use dot_diagnostics::TextRange;
use similar::{Algorithm, DiffOp, TextDiff};
use std::ops::Range;

/// Text in place of other text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What goes; whole lines.
    pub range: TextRange,
    /// What comes.
    pub replacement: String,
}

/// The edits that make `before` into `after`: whole lines, as few as can be, in order, none meeting another.
#[must_use]
pub fn line_edits(before: &str, after: &str) -> Vec<TextEdit> {
    let diff = diff(before, after);
    let starts = |text: &str| -> Vec<usize> {
        let mut starts = vec![0];
        starts.extend(text.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        }));
        starts
    };
    let (old, new) = (starts(before), starts(after));
    let at = |starts: &[usize], line: usize| starts.get(line).or(starts.last()).copied().unwrap_or_default();
    let edit = |gone: Range<usize>, come: Range<usize>| {
        let replacement = after.get(at(&new, come.start)..at(&new, come.end)).unwrap_or_default().to_owned();
        TextEdit { range: TextRange::from_usize(at(&old, gone.start), at(&old, gone.end)), replacement }
    };
    let mut edits = Vec::new();
    for op in diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. })) {
        let (gone, come) = (op.old_range(), op.new_range());
        if gone.len() == come.len() {
            // As many lines as before: most likely line by line the same with other white space.
            edits.extend(gone.zip(come).map(|(old, new)| edit(old..old + 1, new..new + 1)));
        } else {
            edits.push(edit(gone, come));
        }
    }
    edits
}

/// The difference in the unified form of diff(1), headed by `name`; empty where there is none.
#[must_use]
pub fn unified_diff(name: &str, before: &str, after: &str) -> String {
    diff(before, after).unified_diff().header(name, name).to_string()
}

/// The text with edits made that are in order and don't meet.
#[must_use]
pub fn apply<'a>(text: &str, edits: impl IntoIterator<Item = &'a TextEdit>) -> String {
    let (mut out, mut done) = (String::new(), 0);
    for edit in edits {
        out.push_str(TextRange::new(done, edit.range.start).slice(text));
        out.push_str(&edit.replacement);
        done = edit.range.end;
    }
    out.push_str(text.get(done as usize..).unwrap_or_default());
    out
}

fn diff<'a>(before: &'a str, after: &'a str) -> TextDiff<'a, 'a, 'a, str> {
    TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(before, after)
}
