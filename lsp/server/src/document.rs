//! An open document: its text, and how the protocol's positions fall on it.
//!
//! A line ends after `\n`, as everywhere in Dot; a `\r` before it belongs to the break and no position is inside.

use dot_diagnostics::TextRange;
use dot_ide::{LineColumn, LineIndex};
use tower_lsp_server::gen_lsp_types::{Position, Range, TextDocumentContentChangeEvent};

/// What the protocol's `character` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what every client understands.
    Utf16,
}

/// A text with an index of its lines.
#[derive(Clone, Debug)]
pub struct Document {
    /// The client's version.
    pub version: i32,
    text: String,
    lines: LineIndex,
}

impl Document {
    /// A document of this text.
    pub fn new(version: i32, text: String) -> Self {
        let lines = LineIndex::new(&text);
        Self { version, text, lines }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Applies a client's changes, one after the other.
    pub fn apply(&mut self, encoding: Encoding, changes: Vec<TextDocumentContentChangeEvent>) {
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let range = self.range(encoding, part.range);
                    self.text.replace_range(range.start as usize..range.end as usize, &part.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    self.text = whole.text;
                }
            }
            self.lines = LineIndex::new(&self.text);
        }
    }

    /// The byte at a position. A position past a line's end is its end; past the last line, the text's end.
    pub fn offset(&self, encoding: Encoding, position: Position) -> u32 {
        let place = LineColumn { line: position.line, column: position.character };
        match encoding {
            Encoding::Utf8 => self.lines.offset(&self.text, place),
            Encoding::Utf16 => self.lines.offset_utf16(&self.text, place),
        }
    }

    /// The protocol range of bytes.
    pub fn protocol_range(&self, encoding: Encoding, range: TextRange) -> Range {
        protocol_range(&self.text, &self.lines, encoding, range)
    }

    /// The bytes of a protocol range; an inverted one is empty.
    fn range(&self, encoding: Encoding, range: Range) -> TextRange {
        TextRange::new(self.offset(encoding, range.start), self.offset(encoding, range.end))
    }
}

/// The protocol range of bytes of `text`, of which `lines` is the index.
pub fn protocol_range(text: &str, lines: &LineIndex, encoding: Encoding, range: TextRange) -> Range {
    let position = |offset| position(text, lines, encoding, offset);
    Range { start: position(range.start), end: position(range.end) }
}

fn position(text: &str, lines: &LineIndex, encoding: Encoding, offset: u32) -> Position {
    let place = match encoding {
        Encoding::Utf8 => {
            let whole = text.floor_char_boundary(offset as usize);
            lines.line_column(u32::try_from(whole).unwrap_or(u32::MAX))
        }
        Encoding::Utf16 => lines.line_column_utf16(text, offset),
    };
    Position { line: place.line, character: place.column }
}

#[cfg(test)]
mod tests {
    use super::{Document, Encoding, TextRange};
    use tower_lsp_server::gen_lsp_types::{
        Position, Range, TextDocumentContentChangeEvent, TextDocumentContentChangePartial,
    };

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[allow(deprecated, reason = "the field must be given")]
    fn edit(start: Position, end: Position, text: &str) -> TextDocumentContentChangeEvent {
        TextDocumentContentChangeEvent::TextDocumentContentChangePartial(TextDocumentContentChangePartial {
            range: Range { start, end },
            range_length: None,
            text: text.to_owned(),
        })
    }

    fn after(text: &str, encoding: Encoding, changes: Vec<TextDocumentContentChangeEvent>) -> String {
        let mut document = Document::new(1, text.to_owned());
        document.apply(encoding, changes);
        document.text().to_owned()
    }

    #[test]
    fn positions_count_as_the_client_asked() {
        // `𝄞` is four bytes and two UTF-16 units, `é` two bytes and one unit.
        let document = Document::new(1, "a𝄞é\r\nb".to_owned());
        assert_eq!(document.offset(Encoding::Utf16, at(0, 3)), 5);
        assert_eq!(document.offset(Encoding::Utf8, at(0, 5)), 5);
        assert_eq!(document.offset(Encoding::Utf8, at(0, 3)), 1, "inside a char is its start");
        let end = |encoding| document.protocol_range(encoding, TextRange::empty(7)).start;
        assert_eq!(end(Encoding::Utf16), at(0, 4));
        assert_eq!(end(Encoding::Utf8), at(0, 7));
        assert_eq!(document.offset(Encoding::Utf16, at(0, 99)), 7, "the line's end, before its break");
        assert_eq!(document.offset(Encoding::Utf16, at(9, 0)), 10, "the text's end");
    }

    #[test]
    fn changes_apply_one_after_the_other() {
        let first = edit(at(0, 3), at(0, 4), "long\nname");
        let second = edit(at(2, 3), at(2, 4), "c");
        assert_eq!(after("fn a\nfn b\n", Encoding::Utf16, vec![first, second]), "fn long\nname\nfn c\n");
    }

    #[test]
    fn ranges_that_do_not_fit_are_cut() {
        let beyond = edit(at(1, 40), at(70, 2), "!");
        assert_eq!(after("a\nb\n", Encoding::Utf16, vec![beyond]), "a\nb!", "to the text's end");
        let inverted = edit(at(1, 1), at(0, 0), "!");
        assert_eq!(after("a\nb\n", Encoding::Utf8, vec![inverted]), "a\nb!\n", "nothing goes");
        let huge = edit(at(u32::MAX, u32::MAX), at(u32::MAX, u32::MAX), "!");
        assert_eq!(after("a\n", Encoding::Utf16, vec![huge]), "a\n!");
    }

    #[test]
    fn a_line_break_of_two_bytes_is_replaced_as_one() {
        let joined = edit(at(0, 1), at(1, 0), " ");
        assert_eq!(after("a\r\nb\r\n", Encoding::Utf16, vec![joined]), "a b\r\n");
    }
}
