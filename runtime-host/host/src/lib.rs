//! The sandbox: a thin wasmtime host for components, whoever made them.
//!
//! A component is loaded ([`Program`]), tells what it can do ([`Program::dots`]), and is called
//! ([`Program::call`]) with values read from JSON ([`from_json`]) or words ([`from_word`]) and written as Dot
//! literals ([`show`]) or JSON ([`to_json`]). Each call has an instance of its own, within [`Limits`] and with
//! what [`Grants`] give it, and ends in a value or a [`Failure`] that says whose it is to mend.
//!
//! This crate knows nothing of the Dot compiler. What the compiler has to tell comes in two custom sections,
//! whose shapes are defined here: [`meta`] and [`trap_table`].

mod call;
pub mod constraint;
mod document;
mod engine;
mod failure;
mod follow;
mod grants;
mod json;
mod limits;
pub mod meta;
pub mod names;
mod nominal;
mod order;
mod precompiled;
mod print;
mod program;
pub mod property;
mod secret;
mod sections;
mod trap;
pub mod trap_table;
mod ty;
mod values;
mod wasi;
mod words;
mod written;

pub use wasmtime::component::Val;

pub use crate::call::Settings;
pub use crate::document::read_json;
pub use crate::engine::{Engine, EngineOptions, Metering, WASM_STACK};
pub use crate::failure::{Failure, Frame, Resource, ResourceKind, Span, Trap};
pub use crate::grants::{GRANTS, Grants, Missing, grant_of};
pub use crate::json::{JsonError, from_json, to_json};
pub use crate::limits::Limits;
pub use crate::print::{float32, float64, literal, show};
pub use crate::program::{Dot, Param, Program};
pub use crate::secret::{HIDDEN, conceal};
pub use crate::ty::{Member, Named, Ty};
pub use crate::words::{example, from_word};
