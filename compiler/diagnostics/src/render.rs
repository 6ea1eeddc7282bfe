//! Diagnostics on a terminal.

use codespan_reporting::diagnostic as shown;
use codespan_reporting::term::{self, termcolor};

use crate::excerpt::{Excerpt, Place, shortened};
use crate::{Diagnostic, FileId, Fix, Label, Severity, Sources};

/// Whether colours are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// ANSI escape sequences.
    Always,
}

/// Shows the diagnostics, in the order given, each followed by an empty line.
pub fn render(sources: &Sources, diagnostics: &[Diagnostic<FileId>], colour: Colour) -> String {
    let mut out = Vec::new();
    let config = term::Config::default();
    for diagnostic in diagnostics {
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.labels);
        let ranges: Vec<_> =
            labels.map(|l| (l.span.anchor, sources.clamp(l.span.anchor, l.span.range))).collect();
        let files = Excerpt::new(sources, &ranges);
        let shown = to_codespan(&files, &ranges, diagnostic);
        // Writing to memory fails only if a span doesn't fit its file, and `clamp` sees to that.
        let _ = match colour {
            Colour::Never => term::emit_to_io_write(&mut out, &config, &files, &shown),
            Colour::Always => {
                let mut ansi = termcolor::Ansi::new(&mut out);
                term::emit_to_write_style(&mut ansi, &config, &files, &shown)
            }
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The diagnostic as the renderer takes it; `ranges` has the primary label's place and those of the others.
fn to_codespan(
    files: &Excerpt,
    ranges: &[Place],
    diagnostic: &Diagnostic<FileId>,
) -> shown::Diagnostic<FileId> {
    let severity = match diagnostic.severity {
        Severity::Error => shown::Severity::Error,
        Severity::Warning => shown::Severity::Warning,
    };
    let label = |((file, range), (index, label)): (&Place, (usize, &Label<FileId>))| {
        let style = if index == 0 { shown::LabelStyle::Primary } else { shown::LabelStyle::Secondary };
        shown::Label::new(style, *file, files.range(*file, range.clone()))
            .with_message(shortened(&label.message))
    };
    let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.labels);
    let fix = diagnostic.fix.as_ref().map(describe_fix);
    shown::Diagnostic::new(severity)
        .with_code(diagnostic.code)
        .with_message(shortened(&diagnostic.title))
        .with_labels(ranges.iter().zip(labels.enumerate()).map(label).collect())
        .with_notes_iter(diagnostic.notes.iter().chain(&fix).map(|note| shortened(note).into_owned()))
}

/// A fix in one line: its title, and the text to write if the title doesn't show it already.
fn describe_fix(fix: &Fix<FileId>) -> String {
    match fix.edits.as_slice() {
        [edit]
            if !edit.replacement.trim().is_empty()
                && !edit.replacement.contains('\n')
                && !fix.title.contains(edit.replacement.trim()) =>
        {
            format!("fix: {}: `{}`", fix.title, edit.replacement.trim())
        }
        _ => format!("fix: {}", fix.title),
    }
}
