//! Formatting: the edits that give a file, or a part of it, the one style.

use dot_db::{Db, SourceFile};
use dot_diagnostics::TextRange;
use dot_format::{TextEdit, line_edits};

/// The edits that format a file; none if it can't be parsed.
#[must_use]
pub fn format_file(db: &dyn Db, file: SourceFile) -> Option<Vec<TextEdit>> {
    let text = file.text(db);
    let formatted = dot_format::format(text).ok()?;
    Some(line_edits(text, &formatted))
}

/// The edits that format the lines that a range touches; none if an item there can't be parsed.
#[must_use]
pub fn format_part(db: &dyn Db, file: SourceFile, range: TextRange) -> Option<Vec<TextEdit>> {
    dot_format::format_range(file.text(db), range).ok()
}
