//! dot-lsp: the language server.
//!
//! The server only speaks the protocol. What a hover says or which diagnostics a file has is `dot-ide`'s to
//! know. The rooms, in the order in which an edit goes through them:
//!
//! - [`order`]: edits are taken off the wire in the order of arrival, before any handler runs.
//! - [`workspace`]: one queue, in which edits and questions keep that order.
//! - [`writer`]: one thread that owns the [`packages`] and alone changes them; questions are answered on snapshots.
//! - [`publish`]: packages that an edit touched are checked, and the client is told what changed.
//! - [`backend`] and [`requests`]: one function per request, which converts and asks.

mod backend;
mod convert;
mod document;
mod order;
mod packages;
mod publish;
mod requests;
mod uri;
mod workspace;
mod writer;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use tower_lsp_server::{Client, LspService, Server};

/// The stack of a thread that runs queries: what is nested as deep as the language allows must fit.
const STACK: usize = 64 << 20;

/// So many requests may wait for their answers at once; a cancellation is not kept waiting behind them.
const CONCURRENT_REQUESTS: usize = 64;

const USAGE: &str = "dot-lsp [--stdio]\n\nThe language server of Dot. It speaks the Language Server Protocol over \
                     standard input and output.";

fn main() -> ExitCode {
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--stdio" => {}
            "--version" => {
                println!("dot-lsp {}", env!("CARGO_PKG_VERSION"));
                return ExitCode::SUCCESS;
            }
            "--help" | "-h" => {
                println!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            _ => {
                eprintln!("unknown argument `{argument}`\n\n{USAGE}");
                return ExitCode::from(2);
            }
        }
    }
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        // The protocol wants it told when a client leaves without a word.
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("can't start: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until the client leaves; tells whether it asked for shutdown before.
fn run() -> std::io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let orderly = runtime.block_on(serve(runtime.handle().clone()));
    // A question that is still being answered does not keep the process alive.
    runtime.shutdown_background();
    orderly
}

async fn serve(runtime: tokio::runtime::Handle) -> std::io::Result<bool> {
    let client: Arc<OnceLock<Client>> = Arc::default();
    let told = Arc::clone(&client);
    let publisher = publish::Publisher::start(move |uri, file| {
        if let Some(client) = told.get() {
            runtime.block_on(client.publish_diagnostics(uri, file.diagnostics, file.version));
        }
    })?;
    let workspace = workspace::Workspace::start(publisher)?;
    let start = |connected: Client| {
        let _ = client.set(connected.clone());
        backend::Backend::new(connected, workspace.clone())
    };
    let (service, socket) = LspService::build_with_lifecycle_methods(start)
        .custom_method("textDocument/hover", backend::Backend::hover)
        .custom_method("textDocument/definition", backend::Backend::definition)
        .custom_method("textDocument/typeDefinition", backend::Backend::type_definition)
        .custom_method("textDocument/signatureHelp", backend::Backend::signature_help)
        .custom_method("textDocument/inlayHint", backend::Backend::inlay_hint)
        .custom_method("textDocument/semanticTokens/full", backend::Backend::semantic_tokens)
        .custom_method("textDocument/references", backend::Backend::references)
        .custom_method("textDocument/documentHighlight", backend::Backend::highlight)
        .custom_method("textDocument/formatting", backend::Backend::formatting)
        .custom_method("textDocument/rangeFormatting", backend::Backend::range_formatting)
        .custom_method("textDocument/prepareRename", backend::Backend::prepare_rename)
        .custom_method("textDocument/rename", backend::Backend::rename)
        .custom_method("textDocument/completion", backend::Backend::completion)
        .custom_method("textDocument/codeAction", backend::Backend::code_action)
        .custom_method("textDocument/documentSymbol", backend::Backend::document_symbol)
        .custom_method("textDocument/foldingRange", backend::Backend::folding_range)
        .custom_method("textDocument/selectionRange", backend::Backend::selection_range)
        .custom_method("textDocument/didOpen", backend::Backend::acknowledged)
        .custom_method("textDocument/didChange", backend::Backend::acknowledged)
        .custom_method("textDocument/didClose", backend::Backend::acknowledged)
        .custom_method("textDocument/didSave", backend::Backend::acknowledged)
        .custom_method("workspace/didChangeWatchedFiles", backend::Backend::acknowledged)
        .finish();
    let shut_down = Arc::new(AtomicBool::new(false));
    let ordered = order::InOrder::new(service, workspace, Arc::clone(&shut_down));
    Server::new(tokio::io::stdin(), tokio::io::stdout(), socket)
        .concurrency_level(CONCURRENT_REQUESTS)
        .serve(ordered)
        .await;
    Ok(shut_down.load(Ordering::Relaxed))
}
