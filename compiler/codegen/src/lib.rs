//! MIR to WebAssembly functions, and their deterministic link into a core module.

pub mod emit;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod lir;
