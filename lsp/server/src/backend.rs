//! One function per request: converts, asks, converts.

use crate::convert;
use crate::document::Encoding;
use crate::uri;
use crate::workspace::{Snapshot, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use tower_lsp_server::gen_lsp_types::{
    self as lsp, Contents, Hover, HoverParams, InitializeParams, InitializeResult, LspAny, MarkupContent,
    MarkupKind, PositionEncodingKind, ServerCapabilities, ServerInfo, TextDocumentSyncKind, Uri,
};
use tower_lsp_server::jsonrpc::Result;
use tower_lsp_server::{Client, LanguageServer};

/// What the protocol library calls.
pub struct Backend {
    workspace: Workspace,
}

impl Backend {
    /// A backend that publishes diagnostics to `client`.
    pub fn new(client: Client) -> Self {
        let runtime = tokio::runtime::Handle::current();
        let shown = Mutex::new(BTreeSet::new());
        let publish = move |snapshot: Snapshot| {
            // Held until all is sent, so that what an older state says never comes after a newer one.
            let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
            let publications = publications(&snapshot, &shown);
            drop(snapshot);
            *shown =
                publications.iter().filter(|p| !p.diagnostics.is_empty()).map(|p| p.path.clone()).collect();
            for Publication { path, version, diagnostics } in publications {
                let uri = Uri::from(uri::from_path(&path));
                runtime.block_on(client.publish_diagnostics(uri, diagnostics, version));
            }
        };
        Self { workspace: Workspace::start(Box::new(publish)) }
    }

    /// The writer behind this backend.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// What there is left to do for an edit: nothing; see [`crate::order`].
    pub async fn acknowledged(&self, _: LspAny) {}

    /// `textDocument/hover`
    pub async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let place = params.text_document_position_params;
        self.workspace
            .ask(move |snapshot| {
                let path = uri::to_path(place.text_document.uri.as_ref());
                let document = snapshot.documents.get(&path)?;
                let offset = document.offset(snapshot.encoding, place.position);
                let (session, file) = snapshot.packages.file(&path)?;
                let hover = dot_ide::hover(session.db(), file, offset)?;
                Some(Hover {
                    contents: Contents::MarkupContent(MarkupContent {
                        kind: MarkupKind::Markdown,
                        value: hover.markdown,
                    }),
                    range: Some(document.protocol_range(snapshot.encoding, hover.range)),
                })
            })
            .await
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let offered = params.capabilities.general.and_then(|general| general.position_encodings);
        let utf8 = offered.is_some_and(|kinds| kinds.contains(&PositionEncodingKind::UTF8));
        self.workspace.set_encoding(if utf8 { Encoding::Utf8 } else { Encoding::Utf16 });
        Ok(InitializeResult {
            server_info: Some(ServerInfo {
                name: "dot-lsp".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            capabilities: ServerCapabilities {
                position_encoding: Some(if utf8 {
                    PositionEncodingKind::UTF8
                } else {
                    PositionEncodingKind::UTF16
                }),
                text_document_sync: Some(TextDocumentSyncKind::Incremental.into()),
                hover_provider: Some(true.into()),
                ..ServerCapabilities::default()
            },
        })
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

/// The diagnostics of one file.
struct Publication {
    path: PathBuf,
    version: Option<i32>,
    diagnostics: Vec<lsp::Diagnostic>,
}

/// What is wrong in every file. Open documents, and files of which something was shown before, are told even when
/// nothing is wrong with them any more.
fn publications(snapshot: &Snapshot, shown: &BTreeSet<PathBuf>) -> Vec<Publication> {
    let known = snapshot.documents.keys().chain(shown);
    let mut by_path: BTreeMap<PathBuf, Vec<_>> = known.map(|path| (path.clone(), Vec::new())).collect();
    for report in snapshot.packages.reports() {
        for diagnostic in report.diagnostics() {
            let path = PathBuf::from(report.sources().name(diagnostic.primary.span.anchor));
            let converted = convert::diagnostic(report.sources(), snapshot.encoding, diagnostic);
            by_path.entry(path).or_default().push(converted);
        }
    }
    let version = |path: &PathBuf| snapshot.documents.get(path).and_then(|document| document.version);
    by_path
        .into_iter()
        .map(|(path, diagnostics)| Publication { version: version(&path), path, diagnostics })
        .collect()
}
