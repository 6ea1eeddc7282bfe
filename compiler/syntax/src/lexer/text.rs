//! The text of strings: where it ends, and how far it is indented.

use dot_diagnostics::TextRange;

use super::Flavour;

/// Why the text of a string stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The closing quote stands here.
    Close,
    /// The `{` of an expression stands here.
    Brace,
    /// The line, or the text as a whole, is at its end.
    End,
}

/// Goes through the text of a string from `from` on, to where it stops.
pub(super) fn scan(text: &str, from: usize, flavour: Flavour) -> (usize, Stop) {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if flavour != Flavour::Triple => return (at, Stop::Close),
            b'"' if bytes[at..].starts_with(b"\"\"\"") => return (at, Stop::Close),
            b'{' if matches!(flavour, Flavour::Plain | Flavour::Triple) => return (at, Stop::Brace),
            b'\n' if flavour != Flavour::Triple => return (at, Stop::End),
            // What is escaped is skipped, but no line end: it still ends the string.
            // The brace of `\u{…}` begins no expression.
            b'\\' if flavour != Flavour::Raw && bytes[at..].starts_with(b"\\u{") => at += 3,
            b'\\' if flavour != Flavour::Raw && bytes.get(at + 1).is_some_and(|next| *next != b'\n') => {
                at += 2
            }
            _ => at += 1,
        }
    }
    (text.len(), Stop::End)
}

/// Where a `"""` string whose text begins at `from` ends at the latest.
///
/// If a line in it begins an item, then either the string holds a piece of program, or its end was
/// forgotten and the next `"""` opens another string. It holds a piece of program if that `"""` is the
/// first thing on its line. Otherwise the string ends before that line, so that one forgotten quote
/// spoils one item.
pub(super) fn limit(text: &str, from: usize) -> usize {
    let closing = find_close(text, from);
    let inside = &text[from..closing.unwrap_or(text.len())];
    let closes_alone = closing.is_some_and(|at| {
        let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        line >= from && text[line..at].bytes().all(|byte| matches!(byte, b' ' | b'\t'))
    });
    if closes_alone {
        return text.len();
    }
    first_item_line(inside).map_or(text.len(), |at| from + at)
}

fn find_close(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' if bytes[at..].starts_with(b"\"\"\"") => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// The offset of the first line that begins an item, or of the docs and attributes directly before it.
fn first_item_line(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut prefix = None;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        // The first piece is the rest of the line with the opening quote.
        if index > 0 {
            if begins_item(line) {
                return Some(prefix.unwrap_or(at));
            }
            let belongs = line.starts_with("///") || line.starts_with('@');
            prefix = if belongs { prefix.or(Some(at)) } else { None };
        }
        at += line.len();
    }
    None
}

fn begins_item(line: &str) -> bool {
    const WORDS: [&str; 12] = [
        "use", "export", "record", "variant", "enum", "flags", "resource", "type", "const", "fn", "dot",
        "test",
    ];
    let mut line = line;
    while let Some(rest) = line.strip_prefix("pub ").or(line.strip_prefix("opaque ")) {
        line = rest.trim_start_matches(' ');
    }
    let Some((word, rest)) = line.split_once(' ') else { return false };
    WORDS.contains(&word)
        && rest.trim_start().starts_with(|c: char| c.is_ascii_alphabetic() || c == '"' || c == '`')
}

/// The white space that all lines of a `"""` string begin with, as a place where it stands.
///
/// Lines of white space alone don't count, except the last one if the closing quote stands on it. What
/// follows the opening quote on its line doesn't count either.
pub(super) fn indent(text: &str, from: usize) -> Option<TextRange> {
    let end = find_close(text, from).unwrap_or(text.len());
    let mut common: Option<(usize, usize)> = None;
    let mut at = from;
    let body = &text[from..end];
    let last = body.split('\n').count().saturating_sub(1);
    for (index, line) in body.split('\n').enumerate() {
        let white = line.len() - line.trim_start_matches([' ', '\t']).len();
        let blank = line.trim_end_matches('\r').len() == white;
        if index > 0 && (!blank || index == last) {
            common = Some(match common {
                None => (at, at + white),
                Some((start, stop)) => {
                    let same = text[start..stop].bytes().zip(line[..white].bytes());
                    (start, start + same.take_while(|(left, right)| left == right).count())
                }
            });
        }
        at += line.len() + 1;
    }
    common.map(|(start, stop)| TextRange::from_usize(start, stop))
}
