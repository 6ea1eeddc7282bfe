//! From relative places to absolute ones: only for what is about to be shown.

use crate::{Anchor, Db, SourceFile};
use dot_diagnostics::{Span, TextRange};

/// The file and range that a span means now. None for a place in an interface of WIT, which has no Dot file.
///
/// A query must not call this: its value would change whenever anything above the place is edited.
pub fn resolve<'db>(db: &'db dyn Db, span: Span<Anchor<'db>>) -> Option<(SourceFile, TextRange)> {
    match span.anchor {
        Anchor::File(file) => Some((file, span.range)),
        Anchor::Item(item) => Some((item.module(db).file(db)?, span.range.shifted(item.offset(db)))),
    }
}

/// Where the lines of a file begin. Runs again when the text changes.
#[salsa::tracked]
pub fn line_index(db: &dyn Db, file: SourceFile) -> LineIndex {
    LineIndex::new(file.text(db))
}

/// Where the lines of a text begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    len: u32,
}

/// A place as editors count: both numbers from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line.
    pub line: u32,
    /// The column, in bytes or in UTF-16 code units: the function that gives or takes it says which.
    pub column: u32,
}

impl LineIndex {
    /// The lines of `text`. A line ends after its `\n`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let offset = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| offset(at + 1))).collect();
        Self { starts, len: offset(text.len()) }
    }

    /// The number of lines; an empty text has one.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// The range of a line with its end; the end of the text for a line past the last.
    #[must_use]
    pub fn line_range(&self, line: u32) -> TextRange {
        let start = |line: u32| self.starts.get(line as usize).copied().unwrap_or(self.len);
        TextRange::new(start(line), start(line.saturating_add(1)))
    }

    /// Line and column, in bytes, of an offset; past the end it is the end.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let offset = offset.min(self.len);
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        LineColumn { line: u32::try_from(line).unwrap_or(u32::MAX), column: offset - start }
    }

    /// Line and column, in UTF-16 code units, of an offset into `text`, of which this is the index.
    #[must_use]
    pub fn line_column_utf16(&self, text: &str, offset: u32) -> LineColumn {
        let place = self.line_column(offset);
        let start = self.line_range(place.line).start;
        let end = text.floor_char_boundary((start + place.column) as usize);
        let before = text.get(start as usize..end).unwrap_or("");
        let units = before.encode_utf16().count();
        LineColumn { line: place.line, column: u32::try_from(units).unwrap_or(u32::MAX) }
    }

    /// The offset of a place counted in bytes; a column past the line's end is that end, one inside a char its start.
    #[must_use]
    pub fn offset(&self, text: &str, place: LineColumn) -> u32 {
        let range = self.line_range(place.line);
        let line = range.slice(text).trim_end_matches(['\n', '\r']);
        let column = line.floor_char_boundary(place.column as usize);
        range.start + u32::try_from(column).unwrap_or(u32::MAX)
    }

    /// The offset of a place counted in UTF-16 code units; a column past the line's end is that end.
    #[must_use]
    pub fn offset_utf16(&self, text: &str, place: LineColumn) -> u32 {
        let range = self.line_range(place.line);
        let line = range.slice(text).trim_end_matches(['\n', '\r']);
        let mut units = 0;
        for (at, c) in line.char_indices() {
            if units >= place.column as usize {
                return range.start + u32::try_from(at).unwrap_or(u32::MAX);
            }
            units += c.len_utf16();
        }
        range.start + u32::try_from(line.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_bytes_or_utf16_units() {
        let text = "a\n𝄞é!\r\nlast";
        let index = LineIndex::new(text);
        assert_eq!(index.line_count(), 3);
        // U+1D11E is four bytes and two units; U+00E9 two bytes and one unit.
        let bang = u32::try_from(text.find('!').expect("there is one")).expect("small");
        assert_eq!(index.line_column(bang), LineColumn { line: 1, column: 6 });
        assert_eq!(index.line_column_utf16(text, bang), LineColumn { line: 1, column: 3 });
        assert_eq!(index.offset_utf16(text, LineColumn { line: 1, column: 3 }), bang);
        assert_eq!(index.offset(text, LineColumn { line: 1, column: 6 }), bang);
        assert_eq!(index.offset(text, LineColumn { line: 1, column: 3 }), 2, "inside the clef is its start");
        assert_eq!(index.offset(text, LineColumn { line: 1, column: 99 }), bang + 1, "before the break");
    }

    #[test]
    fn places_outside_the_text_are_its_end() {
        let text = "ab\ncd";
        let index = LineIndex::new(text);
        assert_eq!(index.line_column(99), LineColumn { line: 1, column: 2 });
        assert_eq!(index.offset_utf16(text, LineColumn { line: 0, column: 99 }), 2);
        assert_eq!(index.offset_utf16(text, LineColumn { line: 9, column: 9 }), 5);
        assert_eq!(LineIndex::new("").line_column(0), LineColumn { line: 0, column: 0 });
    }
}
