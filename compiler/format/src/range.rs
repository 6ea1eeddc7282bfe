//! A part of a file.

use crate::edits::{TextEdit, apply, line_edits};
use crate::{file, verify};
use dot_diagnostics::{Diagnostic, TextRange};

/// The edits that format the lines that `range` touches.
///
/// Where these alone would change what an item means, all of the item's lines are formatted. Other items are left
/// alone, and may have errors.
///
/// # Errors
///
/// When an item that the range touches can't be parsed: its errors, with ranges in the file.
pub fn format_range(text: &str, range: TextRange) -> Result<Vec<TextEdit>, Vec<Diagnostic<()>>> {
    let mut parsed = dot_syntax::parse(text);
    let touches = |other: TextRange| other.start <= range.end && range.start <= other.end;
    parsed.items.retain(|(chunk, _)| touches(chunk.range));
    parsed.errors.retain(|error| touches(error.primary.span.range));
    let errors = parsed.all_errors();
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut edits = Vec::new();
    for (chunk, item) in parsed.items {
        let source = chunk.range.slice(text);
        let Some(printed) = item.item.and_then(|item| file::print_checked(source, &item)) else { continue };
        let all = line_edits(source, &printed);
        let inside = |edit: &TextEdit| touches(edit.range.shifted(chunk.range.start));
        let some: Vec<TextEdit> = all.iter().filter(|edit| inside(edit)).cloned().collect();
        let is_enough = verify::is_same_item(source, &apply(source, &some));
        let taken = if is_enough { some } else { all };
        edits.extend(taken.into_iter().map(|edit| TextEdit {
            range: edit.range.shifted(chunk.range.start),
            replacement: edit.replacement,
        }));
    }
    Ok(edits)
}
