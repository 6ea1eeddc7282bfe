//! What an editor asks of the language, as plain data, with no protocol.
//!
//! What this layer must *not* know: the Language Server Protocol, URIs, UTF-16. Places are bytes of a file. Each
//! request has a file of its own.

mod actions;
mod completion;
mod folding;
mod formatting;
mod hints;
mod hover;
mod locals;
mod names;
mod navigation;
mod rename;
mod semantic;
mod signature_help;
mod symbols;
mod view;

pub use actions::{Action, actions};
pub use completion::{Completion, CompletionKind, completions};
pub use dot_db::{LineColumn, LineIndex, SourceFile};
pub use dot_format::TextEdit;
pub use folding::{Fold, FoldKind, folds, selections};
pub use formatting::{format_file, format_part};
pub use hints::{Hint, hints};
pub use hover::{Hover, hover};
pub use navigation::{Place, Reference, definition, highlights, references, type_definition};
pub use rename::{Renaming, prepare_rename, rename};
pub use semantic::{SemanticToken, TokenKind, semantic_tokens};
pub use signature_help::{SignatureHelp, signature_help};
pub use symbols::{Symbol, SymbolKind, symbols, workspace_symbols};
