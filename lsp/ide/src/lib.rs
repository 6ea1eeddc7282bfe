//! What an editor asks of the language, as plain data, with no protocol.
//!
//! What this layer must *not* know: the Language Server Protocol, URIs, UTF-16. Places are bytes of a file. Each
//! request has a file of its own.

mod hover;

pub use dot_db::{LineColumn, LineIndex, SourceFile};
pub use hover::{Hover, hover};
