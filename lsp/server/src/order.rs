//! Edits in arrival order.
//!
//! The protocol library polls handlers concurrently, so two handlers of `didChange` could reach the database
//! in the wrong order. But it *calls* the service one message at a time, in the order of the wire. So edits are
//! taken here, in the call, and put into the workspace's queue; their handlers have nothing left to do.

use crate::workspace::Workspace;
use serde_json::Value as Json;
use std::task::{Context, Poll};
use tower_lsp_server::gen_lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
};
use tower_lsp_server::jsonrpc::Request;
use tower_service::Service;

/// A service that hands edits to the workspace before it passes the message on.
pub struct InOrder<S> {
    inner: S,
    workspace: Workspace,
}

impl<S> InOrder<S> {
    /// Wraps `inner`.
    pub fn new(inner: S, workspace: Workspace) -> Self {
        Self { inner, workspace }
    }
}

impl<S: Service<Request>> Service<Request> for InOrder<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if let Some(params) = request.params() {
            self.take_edit(request.method(), params);
        }
        self.inner.call(request)
    }
}

impl<S> InOrder<S> {
    /// Queues the edit in a message, if it is one. Parameters that don't fit are left to the handler to refuse.
    fn take_edit(&self, method: &str, params: &Json) {
        match method {
            "textDocument/didOpen" => {
                if let Ok(opened) = serde_json::from_value::<DidOpenTextDocumentParams>(params.clone()) {
                    let document = opened.text_document;
                    self.workspace.open(document.uri, document.version, document.text);
                }
            }
            "textDocument/didChange" => {
                if let Ok(changed) = serde_json::from_value::<DidChangeTextDocumentParams>(params.clone()) {
                    let id = changed.text_document;
                    self.workspace.change(
                        id.text_document_identifier.uri,
                        id.version,
                        changed.content_changes,
                    );
                }
            }
            "textDocument/didClose" => {
                if let Ok(closed) = serde_json::from_value::<DidCloseTextDocumentParams>(params.clone()) {
                    self.workspace.close(closed.text_document.uri);
                }
            }
            _ => {}
        }
    }
}
