//! What a diagnostic shows of a file whose lines are too long for a terminal.
//!
//! A line of a generated or hostile file can have megabytes. [`Excerpt`] stands between the files and the
//! renderer: it has the same lines by the same numbers, but of a line that is too long only the part around the
//! label.

use codespan_reporting::files::{Error, Files};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::{FileId, Sources};

/// The bytes of a line that are shown whole.
const LONGEST: usize = 300;
/// What is shown before a label in a line that is cut, in bytes.
const BEFORE: usize = 60;
/// What is shown from a label's start on in a line that is cut, in bytes.
const AFTER: usize = 160;
/// What stands where something was left out.
const GAP: &str = "…";

/// A range of bytes in a file.
pub(crate) type Place = (FileId, Range<usize>);

/// A line that is shown in part.
struct Cut {
    /// The bytes of the file that are shown.
    shown: Range<usize>,
    /// Where the text that stands for the line begins in the excerpt, and where its shown bytes do.
    line: Range<usize>,
    text: usize,
}

/// The lines of one file that a diagnostic touches, the long ones cut.
struct Lines {
    first: usize,
    /// By line, from `first` on: its place in `text`, its bytes in the file, and what was left out.
    cuts: Vec<Cut>,
    text: String,
}

/// The files of a diagnostic, as they are shown.
pub(crate) struct Excerpt<'a> {
    sources: &'a Sources,
    cut: BTreeMap<FileId, Lines>,
}

impl<'a> Excerpt<'a> {
    /// What is shown for labels at these ranges, the most important first. Linear in the lines that they touch,
    /// and nothing is copied where none of them is too long.
    pub(crate) fn new(sources: &'a Sources, labels: &[Place]) -> Excerpt<'a> {
        let mut by_file: BTreeMap<FileId, Vec<Range<usize>>> = BTreeMap::new();
        for (file, range) in labels {
            by_file.entry(*file).or_default().push(range.clone());
        }
        let cut = by_file
            .into_iter()
            .filter_map(|(file, ranges)| Some((file, Lines::new(sources, file, &ranges)?)))
            .collect();
        Excerpt { sources, cut }
    }

    /// Where a range of the file is in what is shown.
    pub(crate) fn range(&self, file: FileId, range: Range<usize>) -> Range<usize> {
        let Some(lines) = self.cut.get(&file) else { return range };
        let start = lines.place(self.sources.line_index_at(file, range.start as u32), range.start);
        let end = lines.place(self.sources.line_index_at(file, range.end as u32), range.end);
        start..end.max(start)
    }
}

impl Lines {
    fn new(sources: &Sources, file: FileId, ranges: &[Range<usize>]) -> Option<Lines> {
        let line_of = |offset: usize| sources.line_index_at(file, offset as u32);
        let first = ranges.iter().map(|range| line_of(range.start)).min()?;
        let last = ranges.iter().map(|range| line_of(range.end)).max()?;
        if (first..=last).all(|line| sources.line_bytes(file, line).len() <= LONGEST) {
            return None;
        }
        let text = sources.text(file);
        let mut lines = Lines { first, cuts: Vec::new(), text: String::new() };
        for line in first..=last {
            let bytes = sources.line_bytes(file, line);
            let label = ranges.iter().find(|range| line_of(range.start) == line);
            lines.push(text, bytes.clone(), label.map_or(bytes.start, |range| range.start));
        }
        Some(lines)
    }

    /// Adds a line, in part if it is too long: the part around `centre`.
    fn push(&mut self, file: &str, bytes: Range<usize>, centre: usize) {
        let shown = if bytes.len() <= LONGEST {
            bytes.clone()
        } else {
            let start = file.floor_char_boundary(centre.saturating_sub(BEFORE).max(bytes.start));
            let end = file.floor_char_boundary((centre + AFTER).min(bytes.end));
            start..end
        };
        let start = self.text.len();
        if shown.start > bytes.start {
            self.text.push_str(GAP);
        }
        let text = self.text.len();
        self.text.push_str(&file[shown.clone()]);
        if shown.end < bytes.end {
            self.text.push_str(GAP);
            self.text.push('\n');
        }
        self.cuts.push(Cut { shown, line: start..self.text.len(), text });
    }

    /// Where an offset of the file, which is in `line`, is in the text.
    fn place(&self, line: usize, offset: usize) -> usize {
        let Some(cut) = self.cuts.get(line.saturating_sub(self.first)) else { return self.text.len() };
        cut.text + offset.clamp(cut.shown.start, cut.shown.end) - cut.shown.start
    }
}

impl<'a> Files<'a> for Excerpt<'_> {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, file: FileId) -> Result<&'a str, Error> {
        Ok(self.sources.name(file))
    }

    fn source(&'a self, file: FileId) -> Result<&'a str, Error> {
        Ok(self.cut.get(&file).map_or_else(|| self.sources.text(file), |lines| &lines.text))
    }

    fn line_index(&'a self, file: FileId, offset: usize) -> Result<usize, Error> {
        let Some(lines) = self.cut.get(&file) else {
            return Ok(self.sources.line_index_at(file, offset as u32));
        };
        let line = lines.cuts.partition_point(|cut| cut.line.start <= offset).saturating_sub(1);
        Ok(lines.first + line)
    }

    fn line_range(&'a self, file: FileId, line: usize) -> Result<Range<usize>, Error> {
        let Some(lines) = self.cut.get(&file) else { return Ok(self.sources.line_bytes(file, line)) };
        let cut = line.checked_sub(lines.first).and_then(|index| lines.cuts.get(index));
        Ok(cut.map_or(lines.text.len()..lines.text.len(), |cut| cut.line.clone()))
    }

    /// The column in the file, and not in what is shown of it.
    fn column_number(&'a self, file: FileId, line: usize, offset: usize) -> Result<usize, Error> {
        let Some(lines) = self.cut.get(&file) else {
            let bytes = self.sources.line_bytes(file, line);
            return Ok(columns(self.sources.text(file), bytes.start, offset));
        };
        let cut = line.checked_sub(lines.first).and_then(|index| lines.cuts.get(index));
        Ok(cut.map_or(1, |cut| {
            let at = cut.shown.start + offset.saturating_sub(cut.text);
            columns(self.sources.text(file), self.sources.line_bytes(file, line).start, at)
        }))
    }
}

/// The characters from `start` to `offset`, from 1.
fn columns(text: &str, start: usize, offset: usize) -> usize {
    text.get(start..offset.max(start)).map_or(1, |before| before.chars().count() + 1)
}

/// A text whose lines are too long for a terminal, its lines cut in the middle.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    /// The bytes of a line of a message that are shown whole.
    const LONGEST_MESSAGE: usize = 2_000;
    /// The bytes that are kept on either side.
    const KEPT: usize = 120;
    if text.split('\n').all(|line| line.len() <= LONGEST_MESSAGE) {
        return Cow::Borrowed(text);
    }
    let shorten = |line: &str| {
        if line.len() <= LONGEST_MESSAGE {
            return line.to_string();
        }
        let (head, tail) = (line.floor_char_boundary(KEPT), line.ceil_char_boundary(line.len() - KEPT));
        format!("{}{GAP}{}", &line[..head], &line[tail..])
    };
    Cow::Owned(text.split('\n').map(shorten).collect::<Vec<_>>().join("\n"))
}
