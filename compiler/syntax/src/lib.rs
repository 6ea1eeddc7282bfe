//! Text to tokens to items to syntax trees, item by item, whatever the bytes.
//!
//! A file is [`split`](split()) into chunks, one for each item, and each chunk is parsed alone by [`parse_item`]:
//! so one broken function can't spoil the next, and an item that only moved need not be parsed again.
//! Both always give a result *and* errors, never one instead of the other.
//!
//! What this layer must not know: files, modules, what any name means.

pub mod ast;
mod brackets;
mod build;
pub mod dump;
mod examples;
mod explain;
mod layout;
pub mod lexer;
mod literal;
mod parser;
mod split;
pub mod token;

pub use examples::example_module;
pub use parser::{
    ParsedExpr, ParsedFile, ParsedItem, decode_utf8, module_doc, outside_errors, parse, parse_expr,
    parse_item, tokens,
};
pub use split::{Chunk, ItemKind, Split, split};

/// Brackets may stand in one another this deep.
pub const MAX_NESTING: usize = 256;

/// Expressions may stand in one another this deep, operators of a long chain included.
pub const MAX_DEPTH: u16 = 512;
