//! Messages in arrival order.
//!
//! The protocol library polls handlers concurrently, so two handlers of `didChange` could reach the database
//! in the wrong order. But it *calls* the service one message at a time, in the order of the wire. So edits are
//! taken here, in the call, and put into the workspace's queue; their handlers have nothing left to do.
//!
//! A question is not asked before its handler is polled, and by then newer edits may be in the queue, to which the
//! position in the question does not belong. So each handler runs with the number of edits that came before it
//! ([`edits_before`]), and the writer refuses a question that comes too late.

use crate::workspace::Workspace;
use serde_json::Value as Json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::task::futures::TaskLocalFuture;
use tower_lsp_server::gen_lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams,
};
use tower_lsp_server::jsonrpc::Request;
use tower_service::Service;

tokio::task_local! {
    static EDITS_BEFORE: u64;
}

/// How many edits came before the message that is being handled.
pub fn edits_before() -> u64 {
    EDITS_BEFORE.try_with(|edits| *edits).unwrap_or(0)
}

/// A service that hands edits to the workspace before it passes the message on.
pub struct InOrder<S> {
    inner: S,
    workspace: Workspace,
    shut_down: Arc<AtomicBool>,
}

impl<S> InOrder<S> {
    /// Wraps `inner`. `shut_down` becomes true when the client asks for shutdown.
    pub fn new(inner: S, workspace: Workspace, shut_down: Arc<AtomicBool>) -> Self {
        Self { inner, workspace, shut_down }
    }
}

impl<S> Service<Request> for InOrder<S>
where
    S: Service<Request>,
    S::Future: Future<Output = Result<S::Response, S::Error>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = TaskLocalFuture<u64, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if request.method() == "shutdown" {
            self.shut_down.store(true, Ordering::Relaxed);
        }
        if let Some(params) = request.params() {
            self.take_edit(request.method(), params);
        }
        EDITS_BEFORE.scope(self.workspace.edits(), self.inner.call(request))
    }
}

impl<S> InOrder<S> {
    /// Queues the edit in a message, if it is one. Parameters that don't fit are no edit.
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
                    let uri = &id.text_document_identifier.uri;
                    self.workspace.change(uri, id.version, changed.content_changes);
                }
            }
            "textDocument/didClose" => {
                if let Ok(closed) = serde_json::from_value::<DidCloseTextDocumentParams>(params.clone()) {
                    self.workspace.close(&closed.text_document.uri);
                }
            }
            "textDocument/didSave" => {
                if let Ok(saved) = serde_json::from_value::<DidSaveTextDocumentParams>(params.clone()) {
                    self.workspace.changed_on_disk([&saved.text_document.uri]);
                }
            }
            "workspace/didChangeWatchedFiles" => {
                if let Ok(watched) = serde_json::from_value::<DidChangeWatchedFilesParams>(params.clone()) {
                    self.workspace.changed_on_disk(watched.changes.iter().map(|change| &change.uri));
                }
            }
            _ => {}
        }
    }
}
