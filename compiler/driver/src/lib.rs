//! The compiler as a library: what dotc, dot and dot-lsp ask for.
