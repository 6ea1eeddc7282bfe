//! Patterns: what `@pattern` and `@format` say about a text. The spec's chapter on constraints is the law.
//!
//! ```text
//! "^[a-z]+$" ── parse ──▶ Pattern ── automaton ──▶ Automaton ── to_bytes ──▶ table in a component
//!                            │                         │
//!                         describes                 accepts
//!                     (what it means)            (how it is done)
//! ```
//!
//! A pattern is parsed into a tree of sets of chars ([`Pattern::parse`]). What it means is [`Pattern::describes`],
//! which follows the tree and nothing else. What decides it where it matters is an automaton over the bytes of
//! UTF-8 ([`Pattern::automaton`]), minimal, without backtracking: one step a byte, whatever the pattern.
//!
//! The compiler checks patterns and puts their tables into components; the host reads patterns out of a
//! component's metadata, and checks values before a call. So both stand on this crate, and it stands on none.

mod automaton;
mod chars;
mod format;
mod machine;
mod meaning;
mod sample;
mod syntax;
mod utf8;

pub use automaton::Automaton;
pub use format::{FORMATS, Format};
pub use syntax::{Pattern, PatternError};
