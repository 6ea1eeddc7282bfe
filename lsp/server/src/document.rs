//! An open document: its text, and how the protocol's positions fall on it.

use dot_diagnostics::TextRange;
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
    /// The client's version, if it is open there.
    pub version: Option<i32>,
    text: String,
    line_starts: Vec<u32>,
}

impl Document {
    /// A document of this text.
    pub fn new(version: Option<i32>, text: String) -> Self {
        let line_starts = line_starts(&text);
        Self { version, text, line_starts }
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
            self.line_starts = line_starts(&self.text);
        }
    }

    /// The byte at a position. A position past a line's end is its end; past the last line, the text's end.
    pub fn offset(&self, encoding: Encoding, position: Position) -> u32 {
        let Some(&start) = self.line_starts.get(position.line as usize) else {
            return length(&self.text);
        };
        let line = self.line(position.line as usize);
        let within = match encoding {
            Encoding::Utf8 => line.floor_char_boundary(position.character as usize),
            Encoding::Utf16 => utf16_to_byte(line, position.character),
        };
        start + u32::try_from(within).unwrap_or(u32::MAX)
    }

    /// The position of a byte.
    pub fn position(&self, encoding: Encoding, offset: u32) -> Position {
        let offset = self.text.floor_char_boundary(offset as usize);
        let line = self.line_starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let start = self.line_starts.get(line).map_or(0, |start| *start as usize);
        let before = &self.text[start..offset];
        let character = match encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.encode_utf16().count(),
        };
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: small(line), character: small(character) }
    }

    /// The bytes of a protocol range; an inverted one is empty.
    pub fn range(&self, encoding: Encoding, range: Range) -> TextRange {
        TextRange::new(self.offset(encoding, range.start), self.offset(encoding, range.end))
    }

    /// The protocol range of bytes.
    pub fn protocol_range(&self, encoding: Encoding, range: TextRange) -> Range {
        Range { start: self.position(encoding, range.start), end: self.position(encoding, range.end) }
    }

    /// A line without its end.
    fn line(&self, line: usize) -> &str {
        let start = self.line_starts.get(line).map_or(self.text.len(), |s| *s as usize);
        let end = self.line_starts.get(line + 1).map_or(self.text.len(), |s| *s as usize);
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(newlines.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// The byte of the char in which the n-th UTF-16 unit is.
fn utf16_to_byte(line: &str, units: u32) -> usize {
    let mut seen = 0;
    for (at, c) in line.char_indices() {
        if seen >= units as usize {
            return at;
        }
        seen += c.len_utf16();
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::{Document, Encoding};
    use tower_lsp_server::gen_lsp_types::{
        Position, Range, TextDocumentContentChangeEvent, TextDocumentContentChangePartial,
    };

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn positions_count_as_the_client_asked() {
        // `𝄞` is four bytes and two UTF-16 units, `é` two bytes and one unit.
        let document = Document::new(None, "a𝄞é\r\nb".to_owned());
        assert_eq!(document.offset(Encoding::Utf16, at(0, 3)), 5);
        assert_eq!(document.offset(Encoding::Utf8, at(0, 5)), 5);
        assert_eq!(document.position(Encoding::Utf16, 7), at(0, 4));
        assert_eq!(document.position(Encoding::Utf8, 7), at(0, 7));
        assert_eq!(document.offset(Encoding::Utf16, at(0, 99)), 7, "the line's end, before its break");
        assert_eq!(document.offset(Encoding::Utf16, at(9, 0)), 10, "the text's end");
    }

    #[test]
    fn changes_apply_one_after_the_other() {
        let mut document = Document::new(Some(1), "fn a\nfn b\n".to_owned());
        #[allow(deprecated, reason = "the field must be given")]
        let edit = |start, end, text: &str| {
            TextDocumentContentChangeEvent::TextDocumentContentChangePartial(
                TextDocumentContentChangePartial {
                    range: Range { start, end },
                    range_length: None,
                    text: text.to_owned(),
                },
            )
        };
        let first = edit(at(0, 3), at(0, 4), "long\nname");
        let second = edit(at(2, 3), at(2, 4), "c");
        document.apply(Encoding::Utf16, vec![first, second]);
        assert_eq!(document.text(), "fn long\nname\nfn c\n");
    }
}
