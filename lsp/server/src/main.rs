//! dot-lsp: the language server.
//!
//! The server only speaks the protocol. What a hover says or which diagnostics a file has is `dot-ide`'s to
//! know. Three rooms:
//!
//! - [`order`]: edits are taken off the wire in the order of arrival, before any handler runs.
//! - [`workspace`]: one thread owns the database and is its only writer; questions are answered on snapshots.
//! - [`backend`]: one function per request, which converts and asks.

mod backend;
mod convert;
mod document;
mod order;
mod uri;
mod workspace;

use std::process::ExitCode;
use tower_lsp_server::{LspService, Server};

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
    match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => {
            runtime.block_on(serve());
            // A question that is still being answered does not keep the process alive.
            runtime.shutdown_background();
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("can't start: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() {
    let (service, socket) = LspService::build_with_lifecycle_methods(backend::Backend::new)
        .custom_method("textDocument/hover", backend::Backend::hover)
        .custom_method("textDocument/didOpen", backend::Backend::acknowledged)
        .custom_method("textDocument/didChange", backend::Backend::acknowledged)
        .custom_method("textDocument/didClose", backend::Backend::acknowledged)
        .finish();
    let workspace = service.inner().workspace().clone();
    let ordered = order::InOrder::new(service, workspace);
    Server::new(tokio::io::stdin(), tokio::io::stdout(), socket).serve(ordered).await;
}
