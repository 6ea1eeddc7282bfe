//! Patterns, and the literals in them and in expressions.

use super::{ExprId, LocalId};
use smol_str::SmolStr;
use std::sync::Arc;

/// A pattern. Alternatives of an `Or` bind the same locals.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Fits everything.
    Wildcard,
    /// Fits everything and binds it; with a pattern inside, what fits that (`p as x`).
    Bind(LocalId, Option<Box<Pattern>>),
    /// A scalar or string equal to this one. Floats compare as `==` does.
    Literal(Literal),
    /// Data equal, as `==` compares, to the value of this expression, which is a constant.
    Equals(ExprId),
    /// A scalar between two bounds.
    Range {
        /// The least value.
        start: Literal,
        /// The bound; none means no upper one.
        end: Option<Literal>,
        /// Whether the bound itself fits.
        inclusive: bool,
    },
    /// A case whose parts all fit.
    Case {
        /// The index of the case.
        case: u32,
        /// A pattern for each part.
        parts: Vec<Pattern>,
    },
    /// Fields of a record or parts of a tuple, by index; those not named fit.
    Fields(Vec<(u32, Pattern)>),
    /// A list of which `before` fit the first elements and `after` the last. Without `rest` the lengths are
    /// equal; with it, what is between is bound to it (a list) if it is `Some(Some(_))`.
    List {
        /// The first elements.
        before: Vec<Pattern>,
        /// Whether more may come between, and the local it is bound to.
        rest: Option<Option<LocalId>>,
        /// The last elements.
        after: Vec<Pattern>,
    },
    /// A string of these pieces: each hole takes the shortest text before the leftmost next piece, the last one
    /// takes what is left. Two holes never touch.
    Text(Vec<TextPiece>),
    /// The first of these that fits.
    Or(Vec<Pattern>),
}

/// A piece of a string pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TextPiece {
    /// Text as it is.
    Text(SmolStr),
    /// Text that the pattern inside must fit.
    Hole(Pattern),
}

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// `true`, `false`
    Bool(bool),
    /// An integer that is in the range of its type.
    Int(i128),
    /// A float, by its `f64` bits; of an `f32` type it is exactly representable there.
    Float(u64),
    /// A char.
    Char(char),
    /// A string.
    String(SmolStr),
    /// Bytes, a `list<u8>`.
    Bytes(Arc<[u8]>),
    /// Flags with these bits, in a pattern.
    Flags(u32),
}
