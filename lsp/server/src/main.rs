//! dot-lsp: the language server.

fn main() {}
