//! Diagnostics on a terminal.

use codespan_reporting::diagnostic as shown;
use codespan_reporting::term::{self, termcolor};

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
        let shown = to_codespan(sources, diagnostic);
        // Writing to memory fails only if a span doesn't fit its file, and `clamp` sees to that.
        let _ = match colour {
            Colour::Never => term::emit_to_io_write(&mut out, &config, sources, &shown),
            Colour::Always => {
                let mut ansi = termcolor::Ansi::new(&mut out);
                term::emit_to_write_style(&mut ansi, &config, sources, &shown)
            }
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn to_codespan(sources: &Sources, diagnostic: &Diagnostic<FileId>) -> shown::Diagnostic<FileId> {
    let severity = match diagnostic.severity {
        Severity::Error => shown::Severity::Error,
        Severity::Warning => shown::Severity::Warning,
    };
    let label = |style, label: &Label<FileId>| {
        let file = label.span.anchor;
        let range = sources.clamp(file, label.span.range);
        shown::Label::new(style, file, range).with_message(&label.message)
    };
    let primary = label(shown::LabelStyle::Primary, &diagnostic.primary);
    let related = diagnostic.labels.iter().map(|related| label(shown::LabelStyle::Secondary, related));
    shown::Diagnostic::new(severity)
        .with_code(diagnostic.code)
        .with_message(&diagnostic.title)
        .with_labels(std::iter::once(primary).chain(related).collect())
        .with_notes(diagnostic.notes.clone())
        .with_notes_iter(diagnostic.fix.as_ref().map(describe_fix))
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
