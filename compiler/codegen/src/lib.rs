//! MIR to WebAssembly functions, and their deterministic link into a core module.

pub mod adapter;
pub mod counts;
mod crossing;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod emit;
pub mod glue;
pub mod link;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod lir;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod lower;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod query;
pub mod repr;
pub mod resource;
mod settle;
mod simplify;

pub use adapter::{ExportFn, ImportFn};
pub use link::{CoreModule, LinkError, LinkInput, Place, Source, SourceResolver, link};
pub use lir::ResourceFn;
pub use query::QuerySource;
pub use resource::{ExportResource, Receiver};
