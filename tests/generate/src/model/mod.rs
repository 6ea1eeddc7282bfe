//! A program as a tree of text with typed holes.

mod decl;
mod tree;
mod ty;

pub use decl::{Bound, Case, Decl, Field, Function, Param, Part as CasePart, Shape, Visited, World};
pub use tree::{Block, Body, Expr, Hole, Item, Many, Piece, Stmt, Wants};
pub use ty::{FloatTy, IntTy, Type};

/// A call of one of the program's dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The dot.
    pub dot: String,
    /// Its arguments, as JSON.
    pub args: Vec<String>,
}

/// A program, and calls of its dots.
#[derive(Clone, Debug)]
pub struct Program {
    /// What the trees name.
    pub world: World,
    /// Its items, in order.
    pub items: Vec<Item>,
    /// What is called.
    pub calls: Vec<Call>,
}
