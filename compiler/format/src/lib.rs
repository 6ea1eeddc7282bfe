//! The formatter: one style, no options.
//!
//! [`format()`] parses a file, prints each item from its tree and its tokens (`printer`) as a document
//! (`doc`), lays that out in lines (`render`), and compares what came out with what went in (`verify`): a file never
//! means anything else afterwards. The style is described in `docs/formatting.md`.
//!
//! What this layer must not know: files, modules, names, types.

mod doc;
mod edits;
mod file;
mod printer;
mod range;
mod render;
mod tokens;
mod verify;

pub use edits::{TextEdit, apply, line_edits, unified_diff};
pub use range::format_range;
pub use verify::is_same_file;

use dot_diagnostics::Diagnostic;

/// Lines have at most so many characters, where that can be.
pub const WIDTH: usize = 120;

/// So many spaces a line is indented by for each level.
pub const STEP: usize = 2;

/// Formats a file.
///
/// # Errors
///
/// When it can't be parsed: its errors, in the order of the text, with ranges in the file.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic<()>>> {
    let parsed = dot_syntax::parse(text);
    let errors = parsed.all_errors();
    if errors.is_empty() { Ok(file::print_file(text, &parsed)) } else { Err(errors) }
}

/// The items that [`format()`] leaves as they are because what it made of them would mean something else: defects of the
/// formatter, and there is no known one.
#[must_use]
pub fn kept(text: &str) -> Vec<&str> {
    let parsed = dot_syntax::parse(text);
    let items = parsed.items.iter().filter_map(|(chunk, item)| {
        let source = chunk.range.slice(text);
        let item = item.item.as_ref()?;
        file::print_checked(source, item).is_none().then_some(source)
    });
    items.collect()
}
