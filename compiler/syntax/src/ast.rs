//! The syntax tree: plain data, typed, one item at a time.
//!
//! Every node has a [`TextRange`] that counts bytes from the start of its item's chunk of text, so a
//! tree doesn't change when its item moves. Comments are not in the tree (they stand in a table beside
//! it); doc comments are. Where the text could not be read there is an error node with the witness that
//! an error was told, and a name that is missing is the empty [`Name`].
//!
//! The tree says what was written and decides nothing: `http.get(x)` is a method call on the name
//! `http` whatever `http` turns out to be, and parentheses are kept, since `(r.f)(x)` calls what is
//! stored in `r.f` where `r.f(x)` calls the method `f`.
//!
//! No expression is deeper than [`MAX_DEPTH`](crate::MAX_DEPTH), so recursion over a tree, dropping it
//! included, needs a bounded stack.

mod children;
mod expr;
mod item;
mod operator;
mod pattern;
mod types;

use dot_diagnostics::TextRange;
use smol_str::SmolStr;

pub use expr::{
    Arg, Arm, Block, BuiltinCase, Closure, ClosureParam, Expr, ExprKind, ListEntry, Literal, MapEntry,
    RecordInit, Stmt, StmtKind, StringPart,
};
pub use item::{
    Case, CasePart, Const, Enum, EnumCase, Export, Field, Function, FunctionKind, Item, ItemBody, Param,
    Record, RecordMember, Resource, Test, TypeAlias, Use, UseName, UsePath, Variant, Visibility, WitPath,
};
pub use operator::{BinaryOp, UnaryOp};
pub use pattern::{
    CasePattern, FieldPattern, ListPattern, Pattern, PatternKind, PatternLiteral, StringPatternPart,
};
pub use types::{Effect, FunctionType, FunctionTypeParam, Type, TypeArg, TypeKind, TypeParam, Uses};

/// A name where it is written. Its text is empty where a name was missing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name, without backticks.
    pub text: SmolStr,
    /// Where it stands, backticks included.
    pub range: TextRange,
}

impl Name {
    /// The name `text` at `range`.
    pub fn new(text: impl Into<SmolStr>, range: TextRange) -> Name {
        Name { text: text.into(), range }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a name was missing here, which has been reported.
    pub fn is_missing(&self) -> bool {
        self.text.is_empty()
    }
}

/// Names joined by dots (`fs.ErrorCode`) or, in a `use`, by slashes (`std/http`); at least one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The names, from left to right.
    pub segments: Vec<Name>,
    /// From the first name to the last.
    pub range: TextRange,
}

impl Path {
    /// The last name, which is the one that the path names.
    pub fn last(&self) -> Option<&Name> {
        self.segments.last()
    }
}

/// One line of documentation, `/// …` or `//! …`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocLine {
    /// What follows the mark and one space.
    pub text: SmolStr,
    /// The whole comment.
    pub range: TextRange,
}

/// The text of a doc comment, its lines joined by newlines.
pub fn doc_text(lines: &[DocLine]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// `@name` or `@name(args)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attribute {
    /// The name after the `@`.
    pub name: Name,
    /// The arguments; none without parentheses.
    pub args: Vec<Arg>,
    /// From the `@` to the end.
    pub range: TextRange,
}
