//! Diagnostics for programs: one stable shape of JSON.
//!
//! Offsets, lines and columns count bytes of UTF-8; offsets from 0, lines and columns from 1. The
//! shape only grows: a field keeps its name and meaning.

use serde::Serialize;

use crate::{Diagnostic, FileId, Position, Severity, Sources, Span};

/// One diagnostic, ready to be serialised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JsonDiagnostic {
    /// The stable code.
    pub code: &'static str,
    /// `"error"` or `"warning"`.
    pub severity: &'static str,
    /// What is wrong.
    pub title: String,
    /// Where it is wrong.
    #[serde(flatten)]
    pub place: JsonPlace,
    /// What is said at that place.
    pub message: String,
    /// Related places.
    pub labels: Vec<JsonLabel>,
    /// The reason.
    pub notes: Vec<String>,
    /// How to mend it, or null.
    pub fix: Option<JsonFix>,
}

/// A range in a named file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JsonPlace {
    /// The file's name, as the tool was given it.
    pub file: String,
    /// The first byte.
    pub start: Position,
    /// The byte after the last.
    pub end: Position,
}

/// A related place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JsonLabel {
    /// Where.
    #[serde(flatten)]
    pub place: JsonPlace,
    /// What is said there.
    pub message: String,
}

/// A fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JsonFix {
    /// What it does.
    pub title: String,
    /// The replacements, which belong together.
    pub edits: Vec<JsonEdit>,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JsonEdit {
    /// The text that goes.
    #[serde(flatten)]
    pub place: JsonPlace,
    /// The text that comes.
    pub replacement: String,
}

/// The diagnostics in their JSON shape, in the order given.
pub fn to_json(sources: &Sources, diagnostics: &[Diagnostic<FileId>]) -> Vec<JsonDiagnostic> {
    diagnostics.iter().map(|diagnostic| one_to_json(sources, diagnostic)).collect()
}

/// The diagnostics as JSON, one object a line.
pub fn to_json_text(sources: &Sources, diagnostics: &[Diagnostic<FileId>]) -> String {
    let line = |one: &JsonDiagnostic| serde_json::to_string(one).unwrap_or_default() + "\n";
    to_json(sources, diagnostics).iter().map(line).collect()
}

fn one_to_json(sources: &Sources, diagnostic: &Diagnostic<FileId>) -> JsonDiagnostic {
    JsonDiagnostic {
        code: diagnostic.code.as_str(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        title: diagnostic.title.clone(),
        place: place(sources, diagnostic.primary.span),
        message: diagnostic.primary.message.clone(),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| JsonLabel { place: place(sources, label.span), message: label.message.clone() })
            .collect(),
        notes: diagnostic.notes.clone(),
        fix: diagnostic.fix.as_ref().map(|fix| JsonFix {
            title: fix.title.clone(),
            edits: fix
                .edits
                .iter()
                .map(|edit| JsonEdit {
                    place: place(sources, edit.span),
                    replacement: edit.replacement.clone(),
                })
                .collect(),
        }),
    }
}

fn place(sources: &Sources, span: Span<FileId>) -> JsonPlace {
    JsonPlace {
        file: sources.name(span.anchor).to_owned(),
        start: sources.position(span.anchor, span.range.start),
        end: sources.position(span.anchor, span.range.end),
    }
}
