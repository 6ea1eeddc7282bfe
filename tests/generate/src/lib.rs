//! Random well-typed programs of Dot: made from a seed, printed, and made smaller while they still fail.
//!
//! This crate knows the language's rules, from `spec/`, and no compiler: what it makes is right by its own account, so
//! a compiler that refuses one of its programs disagrees with it, and that is a finding. What the programs mean
//! it doesn't know either: four engines of the harness have to agree on that.
//!
//! * [`model`]: a program as a tree of text with typed holes;
//! * [`make`]: programs from a seed, by type, within a budget;
//! * [`mod@print`]: the tree as source;
//! * [`shrink`]: smaller trees.
//!
//! # A tree of text with typed holes
//!
//! An expression is what is written, with holes for its parts, and its type:
//!
//! ```text
//! min(▢, ▢) : u8      with a `u8` in each hole
//! ```
//!
//! So a form of the language is one line where it is made; printing fills the holes; and shrinking knows all
//! it needs: what stands in a hole may be replaced by any expression of the same type, above all by one of its
//! own parts. A hole also says whether its place tells the type to what stands in it ([`model::Wants`]): where it
//! doesn't, an expression like `none`, whose type doesn't show, is printed with its type beside it.

pub mod make;
pub mod model;
pub mod print;
pub mod random;
pub mod shrink;

pub use make::{Options, program};
pub use model::Program;
pub use random::Random;
