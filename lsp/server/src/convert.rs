//! Plain data to protocol types.

use crate::document::{Encoding, protocol_range};
use crate::uri;
use dot_diagnostics::{Diagnostic, FileId, Label, Severity, Sources};
use dot_ide::LineIndex;
use std::collections::BTreeMap;
use std::path::Path;
use tower_lsp_server::gen_lsp_types::{
    self as lsp, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Uri,
};

/// Converts the diagnostics of one report.
pub struct Converter<'a> {
    sources: &'a Sources,
    encoding: Encoding,
    /// The URI of each file that an editor can show, by the name that the report has for it.
    uris: &'a BTreeMap<String, Uri>,
    /// Files that were pointed into so far.
    lines: BTreeMap<FileId, LineIndex>,
}

impl<'a> Converter<'a> {
    /// A converter for what points into `sources`.
    pub fn new(sources: &'a Sources, encoding: Encoding, uris: &'a BTreeMap<String, Uri>) -> Self {
        Self { sources, encoding, uris, lines: BTreeMap::new() }
    }

    /// A diagnostic as the protocol has it; its other places become related information. A place that no editor can
    /// show, in std or in an interface, is told in words.
    pub fn diagnostic(&mut self, diagnostic: &Diagnostic<FileId>) -> lsp::Diagnostic {
        let mut lines = vec![diagnostic.title.clone()];
        lines.push(diagnostic.primary.message.clone());
        let mut related = Vec::new();
        for label in &diagnostic.labels {
            match self.location(label) {
                Some(location) => {
                    related.push(DiagnosticRelatedInformation { location, message: label.message.clone() });
                }
                None => lines.push(format!("{}: {}", self.sources.name(label.span.anchor), label.message)),
            }
        }
        lines.extend(diagnostic.notes.iter().cloned());
        lines.retain(|line| !line.is_empty());
        let severity = match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
        };
        lsp::Diagnostic {
            range: self.range(&diagnostic.primary),
            severity: Some(severity),
            code: Some(lsp::Code::String(diagnostic.code.as_str().to_owned())),
            source: Some("dot".to_owned()),
            message: lines.join("\n").into(),
            related_information: (!related.is_empty()).then_some(related),
            ..lsp::Diagnostic::default()
        }
    }

    fn location(&mut self, label: &Label<FileId>) -> Option<Location> {
        let uri = self.uris.get(self.sources.name(label.span.anchor))?.clone();
        Some(Location { uri, range: self.range(label) })
    }

    fn range(&mut self, label: &Label<FileId>) -> lsp::Range {
        let text = self.sources.text(label.span.anchor);
        let lines = self.lines.entry(label.span.anchor).or_insert_with(|| LineIndex::new(text));
        protocol_range(text, lines, self.encoding, label.span.range)
    }
}

/// An error about a whole package.
pub fn package_error(message: String, range: lsp::Range) -> lsp::Diagnostic {
    lsp::Diagnostic {
        range,
        severity: Some(DiagnosticSeverity::Error),
        source: Some("dot".to_owned()),
        message: message.into(),
        ..lsp::Diagnostic::default()
    }
}

/// The URI of a file that no editor has opened.
pub fn uri_of(path: &Path) -> Uri {
    Uri::from(uri::from_path(path))
}
