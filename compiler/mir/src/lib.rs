//! The monomorphic, explicitly owned middle representation, its counts, its optimisations and its interpreter.
//!
//! What this layer must *not* know: source syntax, names and scopes, WebAssembly, the canonical ABI. It is
//! neutral about how values are represented: whether a record is a row of locals, a cell in memory or an object
//! of a garbage collector is the back end's business.

mod build;
pub mod cfg;
pub mod glue;
pub mod instances;
pub mod interp;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod ir;
pub mod lower;
mod operands;
pub mod passes;
pub mod print;
pub mod program;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod queries;
pub mod recursion;
pub mod repr;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod suspend;
pub mod verify;
mod visit;

pub use instances::{Instances, Level, compiled, instances, item_of};
pub use ir::{Block, BlockId, Function, Instance, InstanceKind, Op, Terminator, Value};
pub use program::Program;
pub use queries::{
    counted, counted_release, has_counts, has_handles, is_boxed, lowered, optimised, passing, refusals,
};
