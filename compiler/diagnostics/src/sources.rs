//! The files that spans at the edge refer to.

use crate::TextRange;

/// A file of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A place in a file, as people and editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Position {
    /// Bytes from the start of the file.
    pub offset: u32,
    /// Lines, from 1.
    pub line: u32,
    /// Bytes of UTF-8 from the start of the line, from 1.
    pub column: u32,
}

#[derive(Clone, Debug)]
struct Source {
    name: String,
    text: String,
    line_starts: Vec<u32>,
}

/// Names and texts of the files that diagnostics point into.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// No files.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Adds a file; `name` is what is shown for it.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let text = text.into();
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(newlines.map(|(at, _)| at as u32 + 1)).collect();
        self.files.push(Source { name: name.into(), text, line_starts });
        FileId(self.files.len() as u32 - 1)
    }

    /// The name of a file, `""` if it is of another `Sources`.
    pub fn name(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("", |file| &file.name)
    }

    /// The text of a file, `""` if it is of another `Sources`.
    pub fn text(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("", |file| &file.text)
    }

    /// Line and column of an offset; an offset past the end is the end.
    pub fn position(&self, file: FileId, offset: u32) -> Position {
        let offset = offset.min(self.text(file).len() as u32);
        let line = self.line_index_at(file, offset);
        let start = self.line_start(file, line);
        Position { offset, line: line as u32 + 1, column: offset - start + 1 }
    }

    /// `range`, cut to the file and widened to whole characters.
    pub(crate) fn clamp(&self, file: FileId, range: TextRange) -> std::ops::Range<usize> {
        let text = self.text(file);
        let start = text.floor_char_boundary((range.start as usize).min(text.len()));
        let end = text.ceil_char_boundary((range.end as usize).clamp(start, text.len()));
        start..end
    }

    /// The index of the line of an offset, from 0.
    pub(crate) fn line_index_at(&self, file: FileId, offset: u32) -> usize {
        self.files
            .get(file.0 as usize)
            .map_or(0, |file| file.line_starts.partition_point(|start| *start <= offset).saturating_sub(1))
    }

    /// The bytes of a line, with its line break.
    pub(crate) fn line_bytes(&self, file: FileId, line: usize) -> std::ops::Range<usize> {
        self.line_start(file, line) as usize..self.line_start(file, line + 1) as usize
    }

    fn line_start(&self, file: FileId, line: usize) -> u32 {
        let Some(file) = self.files.get(file.0 as usize) else { return 0 };
        file.line_starts.get(line).copied().unwrap_or(file.text.len() as u32)
    }
}
