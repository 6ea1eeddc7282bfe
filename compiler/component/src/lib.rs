//! Core module to component: WIT, canonical ABI, metadata.
//!
//! What this layer must *not* know: how a function's code is made. It knows which dots a package exports, what
//! their types are called in WIT ([`interface`]), how that reads as text ([`wit`]), what else is told about them
//! ([`meta`]), and how a core module becomes a component ([`mod@encode`]).

pub mod change;
pub mod compose;
pub mod encode;
mod exported;
mod homes;
pub mod interface;
pub mod json;
pub mod meta;
pub mod names;
pub mod outline;
pub mod shape;
mod type_text;
pub mod wit;
pub mod world;

pub use encode::{EncodeError, encode};
pub use interface::{ExportedDot, Surface, surface};
