//! Patterns.

use dot_diagnostics::{Reported, TextRange};
use smol_str::SmolStr;

use super::{BuiltinCase, Literal, Name, Path};

/// A pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// Which pattern.
    pub kind: PatternKind,
    /// Where it stands.
    pub range: TextRange,
}

/// The forms of patterns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PatternKind {
    /// `_`
    Wildcard,
    /// `x`, `inout x`
    Bind {
        /// Where `inout` stands, if it does.
        inout: Option<TextRange>,
        /// The new name.
        name: Name,
    },
    /// `p as x`
    As {
        /// What must match.
        pattern: Box<Pattern>,
        /// The name of the whole.
        name: Name,
    },
    /// `p | q | r`: two or more.
    Or(Vec<Pattern>),
    /// `1`, `-1`, `'x'`, `b'x'`, `"text"`, `b"bytes"`, `1.5`, `true`
    Literal(PatternLiteral),
    /// `'0'..='9'`, `1..5`, `1..`
    Range {
        /// The first value.
        start: PatternLiteral,
        /// The last value, or the one after it.
        end: Option<PatternLiteral>,
        /// Whether it is `..=`.
        inclusive: bool,
    },
    /// `"# {title}"`: texts and captures, at least one capture.
    String(Vec<StringPatternPart>),
    /// `ok(x)`, `err(e)`, `some(x)`, `none`
    Builtin {
        /// Which of them.
        case: BuiltinCase,
        /// What stands in parentheses; none for `none`.
        args: Vec<Pattern>,
    },
    /// `Num(n)`, `Expr.Binary(op, right: r, ..)`, and a bare `Leaf`.
    Case {
        /// The case, or a constant's name.
        path: Path,
        /// What stands in parentheses, `None` if there are none.
        args: Option<Vec<CasePattern>>,
        /// Where `..` stands, if it does.
        rest: Option<TextRange>,
    },
    /// `{ x, y: p, .. }`, `Point { x, y }`
    Record {
        /// The type's name, if it is written.
        path: Option<Path>,
        /// The fields.
        fields: Vec<FieldPattern>,
        /// Where `..` stands, if it does.
        rest: Option<TextRange>,
    },
    /// `()`, `(p,)`, `(p, q)`
    Tuple(Vec<Pattern>),
    /// `[a, ..rest, b]`
    List(Vec<ListPattern>),
    /// What could not be read as a pattern.
    Error(Reported),
}

/// A literal, perhaps with a minus sign, in a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PatternLiteral {
    /// Whether a `-` stands before it.
    pub negative: bool,
    /// The literal.
    pub literal: Literal,
    /// Where both stand.
    pub range: TextRange,
}

/// A piece of a string pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StringPatternPart {
    /// Text that must stand there.
    Text(SmolStr),
    /// A pattern for what stands between the texts.
    Capture(Pattern),
}

/// One argument of a case pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CasePattern {
    /// `right` in `right: r`.
    pub label: Option<Name>,
    /// The pattern.
    pub pattern: Pattern,
}

/// One field of a record pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldPattern {
    /// Where `inout` stands before a name alone, if it does.
    pub inout: Option<TextRange>,
    /// The field.
    pub name: Name,
    /// The pattern after the colon; without one the field's name is bound.
    pub pattern: Option<Pattern>,
}

/// One element of a list pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ListPattern {
    /// Exactly one element.
    Element(Pattern),
    /// `..` or `..name`: any number of elements.
    Rest(Option<Name>, TextRange),
}
