//! The sandbox: a thin wasmtime host for components, whoever made them.

pub mod meta;
pub mod trap_table;
