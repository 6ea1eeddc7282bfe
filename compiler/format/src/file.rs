//! A file: its items, one after the other, with the comments between them.

use crate::printer::print_item;
use crate::tokens::{line_breaks, trimmed};
use crate::verify;
use dot_diagnostics::TextRange;
use dot_syntax::ParsedFile;
use dot_syntax::ast::Item;

/// Something that stands in a file outside of all else.
struct Entry {
    range: TextRange,
    text: Text,
}

enum Text {
    ModuleDoc,
    Comment,
    Item(String),
}

/// The file's text, formatted. It has no errors.
pub(crate) fn print_file(text: &str, parsed: &ParsedFile) -> String {
    let entries = entries(text, parsed);
    let mut out = String::new();
    // What the last lines are: an item with a comment behind it is still that item.
    let mut before: Option<&Entry> = None;
    let mut end = 0;
    for entry in &entries {
        if let Some(before) = before {
            let breaks = line_breaks(text, end, entry.range.start);
            match wanted(before, entry, breaks) {
                0 => out.push(' '),
                1 => out.push('\n'),
                _ => out.push_str("\n\n"),
            }
        }
        match &entry.text {
            Text::Item(item) => out.push_str(item),
            _ => out.push_str(trimmed(text, entry.range).slice(text)),
        }
        let is_behind = matches!(entry.text, Text::Comment) && line_breaks(text, end, entry.range.start) == 0;
        if before.is_none() || !is_behind {
            before = Some(entry);
        }
        end = entry.range.end;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// How many line breaks are to stand between two entries, where now there are `breaks`.
fn wanted(before: &Entry, entry: &Entry, breaks: usize) -> usize {
    let spans_lines = |entry: &Entry| matches!(&entry.text, Text::Item(item) if item.contains('\n'));
    let is_comment = matches!(entry.text, Text::Comment);
    if is_comment && breaks == 0 {
        return 0;
    }
    let ends_docs = matches!(before.text, Text::ModuleDoc) && !matches!(entry.text, Text::ModuleDoc);
    let apart = spans_lines(before) || (spans_lines(entry) && matches!(before.text, Text::Item(..)));
    if ends_docs || apart { 2 } else { breaks.clamp(1, 2) }
}

/// So often an item is printed until it stays as it is.
const ROUNDS: usize = 5;

/// An item, formatted; none where that would mean something else, which is a defect: rather no change than that one.
///
/// Line breaks that are kept are facts for the next round, so what the first one makes of a tangle of closures and
/// literals may be laid out better by the second. Nearly always the second changes nothing.
pub(crate) fn print_checked(source: &str, item: &Item) -> Option<String> {
    let mut printed = print_item(source, item)?;
    for _ in 1..ROUNDS {
        let next = print_item(&printed, dot_syntax::parse_item(&printed).item.as_ref()?)?;
        if next == printed {
            break;
        }
        printed = next;
    }
    verify::is_same_item(source, &printed).then_some(printed)
}

fn entries(text: &str, parsed: &ParsedFile) -> Vec<Entry> {
    let docs = parsed.module_docs.iter().map(|doc| Entry { range: doc.range, text: Text::ModuleDoc });
    let items = parsed.items.iter().map(|(chunk, item)| {
        let source = chunk.range.slice(text);
        let kept = item.item.as_ref().and_then(|item| print_checked(source, item));
        Entry { range: chunk.range, text: Text::Item(kept.unwrap_or_else(|| source.to_owned())) }
    });
    let mut inside = parsed.items.iter().map(|(chunk, _)| chunk.range).peekable();
    let mut between = Vec::new();
    for comment in &parsed.comments {
        while inside.next_if(|range| range.end <= comment.start).is_some() {}
        if inside.peek().is_none_or(|range| comment.start < range.start) {
            between.push(Entry { range: trimmed(text, *comment), text: Text::Comment });
        }
    }
    let mut entries: Vec<Entry> = docs.chain(items).chain(between).collect();
    entries.sort_by_key(|entry| entry.range);
    entries
}
