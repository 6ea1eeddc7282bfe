//! What the tools tell a person: codes, spans, labels, fixes, and how they are rendered.
//!
//! A [`Diagnostic`] has a stable [`Code`], a terse title, labelled [`Span`]s, notes that give the
//! reason, and a [`Fix`] where one exists. It is plain data and says nothing about how it is shown;
//! [`render`] shows it on a terminal and [`json`] writes it for programs.
//!
//! Spans are relative. A [`Span`] is a range of bytes from an *anchor*, and what an anchor is, is a
//! parameter: inside the compiler it is the identity of an item, so that an item that merely moved
//! gives the same diagnostics as before; at the edge it is a file of [`Sources`]. [`Diagnostic::map_spans`]
//! leads from one to the other.
//!
//! What this layer must not know: syntax, types, files on disk, salsa.

mod apply;
mod diagnostic;
mod excerpt;
pub mod json;
mod registry;
pub mod render;
mod sources;
mod span;

pub use apply::{apply_all, apply_fixes, meet};
pub use diagnostic::{Diagnostic, Edit, Fix, Label, Reported, Severity};
pub use registry::{ALL_CODES, Code, CodeEntry, codes, explain};
pub use sources::{FileId, Position, Sources};
pub use span::{Span, TextRange};
