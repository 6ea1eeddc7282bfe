//! What is done to a function after lowering.

pub(crate) mod bitset;
pub(crate) mod tidy;
