//! Plain data to protocol types.

use crate::document::Document;
use crate::document::Encoding;
use crate::uri;
use dot_diagnostics::{Diagnostic, FileId, Label, Severity, Sources};
use std::path::Path;
use tower_lsp_server::gen_lsp_types::{
    self as lsp, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Uri,
};

/// A diagnostic as the protocol has it; its places in other files become related information.
pub fn diagnostic(sources: &Sources, encoding: Encoding, diagnostic: &Diagnostic<FileId>) -> lsp::Diagnostic {
    let location = |label: &Label<FileId>| location(sources, encoding, label);
    let mut message = diagnostic.title.clone();
    for line in
        std::iter::once(&diagnostic.primary.message).chain(&diagnostic.notes).filter(|m| !m.is_empty())
    {
        message.push('\n');
        message.push_str(line);
    }
    let related = diagnostic
        .labels
        .iter()
        .map(|label| DiagnosticRelatedInformation {
            location: location(label),
            message: label.message.clone(),
        })
        .collect::<Vec<_>>();
    lsp::Diagnostic {
        range: location(&diagnostic.primary).range,
        severity: Some(match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
        }),
        code: Some(lsp::Code::String(diagnostic.code.as_str().to_owned())),
        source: Some("dot".to_owned()),
        message: message.into(),
        related_information: (!related.is_empty()).then_some(related),
        ..lsp::Diagnostic::default()
    }
}

fn location(sources: &Sources, encoding: Encoding, label: &Label<FileId>) -> Location {
    let file = label.span.anchor;
    let document = Document::new(None, sources.text(file).to_owned());
    Location {
        uri: Uri::from(uri::from_path(Path::new(sources.name(file)))),
        range: document.protocol_range(encoding, label.span.range),
    }
}
