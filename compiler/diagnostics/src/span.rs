//! Ranges of bytes, and ranges with an anchor.

use std::fmt;

/// A range of bytes, `start..end`, in some text that is known from elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct TextRange {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset of the byte after the last.
    pub end: u32,
}

impl TextRange {
    /// The range `start..end`. An `end` before `start` gives the empty range at `start`.
    pub const fn new(start: u32, end: u32) -> TextRange {
        TextRange { start, end: if end < start { start } else { end } }
    }

    /// The range `start..end` from indices; what lies beyond 4 GiB is cut off.
    pub fn from_usize(start: usize, end: usize) -> TextRange {
        let cut = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        TextRange::new(cut(start), cut(end))
    }

    /// The empty range at `offset`.
    pub const fn empty(offset: u32) -> TextRange {
        TextRange { start: offset, end: offset }
    }

    /// The number of bytes.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether no byte is in the range.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether `offset` is in the range or directly at its end, as a cursor may be.
    pub const fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// Whether all of `other` lies in this range.
    pub const fn covers(self, other: TextRange) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest range that holds both.
    pub fn join(self, other: TextRange) -> TextRange {
        TextRange { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range, `by` bytes further on.
    pub const fn shifted(self, by: u32) -> TextRange {
        TextRange { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }

    /// The text in the range, or `""` if the range does not fit the text.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

impl fmt::Debug for TextRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A range of bytes from an anchor: an item's identity inside the database, a file at the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span<A> {
    /// What `range` counts from.
    pub anchor: A,
    /// The bytes, counted from the anchor's start.
    pub range: TextRange,
}

impl<A> Span<A> {
    /// The span of `range` from `anchor`.
    pub const fn new(anchor: A, range: TextRange) -> Span<A> {
        Span { anchor, range }
    }
}
