//! How a client is greeted, and hover; the other requests stand in `requests`.

use crate::document::Encoding;
use crate::workspace::Workspace;
use serde_json::json;
use std::sync::OnceLock;
use tower_lsp_server::gen_lsp_types::{
    CompletionOptions, Contents, Hover, HoverParams, InitializeParams, InitializeResult, InitializedParams,
    LspAny, MarkupContent, MarkupKind, PositionEncodingKind, Registration, RenameOptions, Save,
    SemanticTokensOptions, ServerCapabilities, ServerInfo, SignatureHelpOptions, TextDocumentSyncKind,
    TextDocumentSyncOptions,
};
use tower_lsp_server::jsonrpc::Result;
use tower_lsp_server::{Client, LanguageServer};

/// What the protocol library calls.
pub struct Backend {
    client: Client,
    workspace: Workspace,
    /// Whether the client can be asked to watch files.
    watches_files: OnceLock<bool>,
}

impl Backend {
    /// A backend that answers from `workspace`.
    pub fn new(client: Client, workspace: Workspace) -> Self {
        Self { client, workspace, watches_files: OnceLock::new() }
    }

    /// The way to the documents.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// What there is left to do for an edit: nothing; see [`crate::order`].
    pub async fn acknowledged(&self, _: LspAny) {}

    /// `textDocument/hover`
    pub async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let place = params.text_document_position_params;
        let position = place.position;
        self.workspace
            .ask(&place.text_document.uri, move |snapshot| {
                let offset = snapshot.document.offset(snapshot.encoding, position);
                let hover = dot_ide::hover(snapshot.session.db(), snapshot.file, offset)?;
                Some(Hover {
                    contents: Contents::MarkupContent(MarkupContent {
                        kind: MarkupKind::Markdown,
                        value: hover.markdown,
                    }),
                    range: Some(snapshot.document.protocol_range(snapshot.encoding, hover.range)),
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
        let watched = params.capabilities.workspace.and_then(|workspace| workspace.did_change_watched_files);
        let _ = self.watches_files.set(watched.is_some_and(|able| able.dynamic_registration == Some(true)));
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(Save::Bool(true)),
            ..TextDocumentSyncOptions::default()
        };
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
                text_document_sync: Some(sync.into()),
                hover_provider: Some(true.into()),
                definition_provider: Some(true.into()),
                type_definition_provider: Some(true.into()),
                references_provider: Some(true.into()),
                inlay_hint_provider: Some(true.into()),
                semantic_tokens_provider: Some(
                    SemanticTokensOptions {
                        legend: crate::requests::legend(),
                        full: Some(true.into()),
                        ..SemanticTokensOptions::default()
                    }
                    .into(),
                ),
                signature_help_provider: Some(SignatureHelpOptions {
                    trigger_characters: Some(vec!["(".to_owned(), ",".to_owned()]),
                    ..SignatureHelpOptions::default()
                }),
                document_highlight_provider: Some(true.into()),
                document_symbol_provider: Some(true.into()),
                folding_range_provider: Some(true.into()),
                selection_range_provider: Some(true.into()),
                document_formatting_provider: Some(true.into()),
                document_range_formatting_provider: Some(true.into()),
                code_action_provider: Some(true.into()),
                rename_provider: Some(
                    RenameOptions { prepare_provider: Some(true), ..RenameOptions::default() }.into(),
                ),
                completion_provider: Some(CompletionOptions {
                    trigger_characters: Some(vec![".".to_owned()]),
                    ..CompletionOptions::default()
                }),
                ..ServerCapabilities::default()
            },
        })
    }

    /// Asks the client to tell when files come, change or go on disk.
    async fn initialized(&self, _: InitializedParams) {
        if self.watches_files.get() != Some(&true) {
            return;
        }
        let watchers: Vec<LspAny> = ["**/*.dot", "**/*.wit", "**/*.wasm", "**/Dot.toml", "**/Dot.lock"]
            .map(|glob| json!({ "globPattern": glob }))
            .into();
        let registration = Registration {
            id: "files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(json!({ "watchers": watchers })),
        };
        // A client that refuses still tells what is opened, closed and saved.
        let _ = self.client.register_capability(vec![registration]).await;
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}
