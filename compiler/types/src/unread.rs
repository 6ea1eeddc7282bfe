//! What seems wrong in an item because a part of it couldn't be read.
//!
//! The parser leaves out what it can't read and goes on. What is left is checked, so that mistakes elsewhere are told in
//! the same run; but some of what is found there only follows from what was left out: a name that was declared in it, a
//! value that it would have given, a use of a variable.

use dot_db::{Db, Diagnostic, Diagnostics, Item};
use dot_diagnostics::{TextRange, codes};
use rustc_hash::FxHashSet;

/// What couldn't be read of an item.
pub(crate) struct Unread<'a> {
    /// Where the errors are.
    errors: Vec<TextRange>,
    /// From the beginning of the statement that each is in to the end of its line.
    statements: Vec<TextRange>,
    /// The words in these.
    words: FxHashSet<&'a str>,
    text: &'a str,
}

/// A statement is looked for in so many lines before the error.
const LINES: usize = 10;

impl<'a> Unread<'a> {
    pub(crate) fn new<'db: 'a>(db: &'db dyn Db, item: Item<'db>, syntax: &Diagnostics<'_>) -> Self {
        let text = item.text(db);
        let errors: Vec<TextRange> =
            syntax.iter().filter(|told| told.is_error()).map(|told| told.primary.span.range).collect();
        let around = errors.iter().map(|range| statement_at(text, *range));
        let statements: Vec<TextRange> =
            around.chain(dot_db::item_tree(db, item).unread.iter().copied()).collect();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words = statements.iter().flat_map(|range| range.slice(text).split(move |c| !is_part(c)));
        let words = words.filter(|word| !word.is_empty()).collect();
        Self { errors, statements, words, text }
    }

    /// Whether what is told follows, or may follow, from what couldn't be read.
    pub(crate) fn explains(&self, told: &Diagnostic<'_>) -> bool {
        if self.errors.is_empty() {
            return false;
        }
        // What could not be read may be what would have used a variable.
        if !told.is_error() {
            return true;
        }
        let range = told.primary.span.range;
        let is_near = |other: &TextRange| range.start <= other.end && other.start <= range.end;
        if self.statements.iter().any(is_near) {
            return true;
        }
        match told.code {
            codes::UNKNOWN_NAME => self.words.contains(range.slice(self.text)),
            // The arm that is missing may be the one that was left out.
            codes::NON_EXHAUSTIVE_MATCH => {
                let added = told.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span.range.end);
                added
                    .max()
                    .is_some_and(|end| self.errors.iter().any(|at| range.start < at.start && at.end <= end))
            }
            _ => false,
        }
    }
}

/// From the beginning of the line that begins the statement at an error to the end of the error's line.
fn statement_at(text: &str, error: TextRange) -> TextRange {
    let (at, end) = (error.start as usize, error.end as usize);
    let end = text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |more| end + more);
    let mut start = line_start(text, at);
    for _ in 0..LINES {
        let line = text.get(start..end).unwrap_or("").trim_start();
        let begins = ["let ", "var ", "for ", "if ", "while ", "match ", "return ", "assert ", "with "];
        if start == 0 || begins.iter().any(|word| line.starts_with(word)) {
            break;
        }
        let before = line_start(text, start - 1);
        // A line that ends a statement or opens a block has nothing to do with the next one.
        let line_before = text.get(before..start).unwrap_or("").trim_end();
        if line_before.is_empty() || line_before.ends_with(['{', '}', ';', ')']) {
            break;
        }
        start = before;
    }
    TextRange::from_usize(start, end)
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_begins_at_its_first_line() {
        let text = "fn f() {\n  a()\n  let x = b +\n    c ++ d\n  e\n}";
        let at = text.find("++").unwrap_or_default();
        let range = statement_at(text, TextRange::from_usize(at, at + 2));
        assert_eq!(range.slice(text), "  let x = b +\n    c ++ d");
    }
}
