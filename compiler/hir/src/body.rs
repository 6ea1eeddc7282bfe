//! Bodies without types and without spans, and the source maps that stand beside them.
//!
//! A body is the code of one function, test or constant, or one default value. It keeps the sugar of the text
//! (what sugar means depends on types) except where nothing is lost: parentheses are gone (`(r.f)(x)` is a
//! [`Expr::Call`] of a [`Expr::Field`], where `r.f(x)` is a [`Expr::MethodCall`]), and `{ x }` for `{ x: x }` is
//! written out in literals and patterns.
//!
//! Names stay as they are written. A single name may be a local; locals are bound in the order of the text, and
//! `is` binds through `&&`. What is not a local is looked up in the module (see [`crate::resolve_name`]).

use crate::type_ref::{TypeArg, TypeRef, TypeRefId};
use crate::{Name, NameId, Path};
use dot_diagnostics::TextRange;
use smol_str::SmolStr;

pub use dot_syntax::ast::{BinaryOp, BuiltinCase, Literal, UnaryOp};

/// An expression of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

/// A pattern of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatId(pub u32);

/// The code of an item, or of one default value in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Body {
    /// Every expression. Subexpressions come before what they are part of.
    pub exprs: Vec<Expr>,
    /// Every pattern.
    pub pats: Vec<Pat>,
    /// Every type that is written in the code.
    pub types: Vec<TypeRef>,
    /// The expression that gives the value; for a function and a test, an [`Expr::Block`].
    pub root: ExprId,
}

/// Where the parts of a body stand, relative to the item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BodySourceMap {
    /// By expression.
    pub exprs: Vec<TextRange>,
    /// By pattern.
    pub pats: Vec<TextRange>,
    /// By type.
    pub types: Vec<TextRange>,
    /// By name.
    pub names: Vec<TextRange>,
    /// By binary or assigning operator: the id that [`Expr::Binary`] and [`Stmt::Assign`] carry.
    pub ops: Vec<TextRange>,
}

/// The place of an operator within its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OpId(pub u32);

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// `1`, `1.5`, `'x'`, `"text"`, `b"bytes"`, `true`
    Literal(Literal),
    /// `"{n} of {total}"`: texts and expressions, at least one expression.
    String(Vec<StringPart>),
    /// A name of any case, `self` included.
    Name(Name),
    /// `ok`, `err`, `some`, `none`, as values; what they are applied to stands in the call.
    Builtin(BuiltinCase),
    /// `()`, `(a,)`, `(a, b)`
    Tuple(Vec<ExprId>),
    /// `[a, ..b]`, `[]`
    List(Vec<ListEntry>),
    /// `["k": v, ..m]`, `[:]`
    Map(Vec<MapEntry>),
    /// `{ a: 1, b, ..r }`, `Point { x, y }`
    Record {
        /// The type's (or case's) name, if it is written.
        path: Option<Path>,
        /// What stands in the braces.
        inits: Vec<RecordInit>,
    },
    /// `e.name`, where no call follows. `name` may be a type, a case or a constant.
    Field {
        /// What stands before the dot.
        base: ExprId,
        /// The name after it; missing while it is being typed.
        name: Name,
    },
    /// `e.0`
    TupleField {
        /// What stands before the dot.
        base: ExprId,
        /// The number after it.
        index: u32,
    },
    /// `e[i]`, `m[k, or: d]`
    Index {
        /// What stands before the bracket.
        base: ExprId,
        /// What stands in it, at least one.
        args: Vec<Arg>,
    },
    /// `f(a)`, `f<T>(a)`, `Expr.Num(1.0)`, `(r.f)(a)`
    Call {
        /// What is called. A [`Expr::Field`] with a name in lower case was in parentheses: a stored function.
        callee: ExprId,
        /// What stands between `<` and `>`.
        type_args: Vec<TypeArg>,
        /// What stands in parentheses.
        args: Vec<Arg>,
    },
    /// `e.name(a)`, `json.decode<T>(a)`: a method, or a function of a module or type.
    MethodCall {
        /// What stands before the dot.
        receiver: ExprId,
        /// The name in lower case after it.
        name: Name,
        /// What stands between `<` and `>`.
        type_args: Vec<TypeArg>,
        /// What stands in parentheses.
        args: Vec<Arg>,
    },
    /// `x |> f(a)`, `x |> f`: a call of `f` with `x` before the other arguments.
    Pipe {
        /// The first argument.
        value: ExprId,
        /// What is called: a name, a built-in case, or [`Expr::Field`]s of one.
        callee: ExprId,
        /// What stands between `<` and `>`.
        type_args: Vec<TypeArg>,
        /// The other arguments.
        args: Vec<Arg>,
    },
    /// `e?`
    Try(ExprId),
    /// `-e`, `!e`, `~e`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// What it applies to.
        operand: ExprId,
    },
    /// `a + b` and the like, `&&` and `||` included.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Where the operator stands.
        op_id: OpId,
        /// What stands left of it.
        left: ExprId,
        /// What stands right of it.
        right: ExprId,
    },
    /// `a ?? b`, where `b` may be a jump.
    Coalesce {
        /// The option.
        value: ExprId,
        /// What comes in its place if it is `none`.
        fallback: ExprId,
    },
    /// `a..b`, `a..=b`, `a..`
    Range {
        /// The first value.
        start: ExprId,
        /// The last value, or the one after it.
        end: Option<ExprId>,
        /// Whether it is `..=`.
        inclusive: bool,
    },
    /// `e is p`
    Is {
        /// The value.
        value: ExprId,
        /// What it may match; its names are bound where the condition holds.
        pat: PatId,
    },
    /// `{ … }`
    Block(Block),
    /// `if c { … } else { … }`; the other branch is a block or an `if`.
    If {
        /// The condition.
        condition: ExprId,
        /// Where it holds: an [`Expr::Block`].
        then: ExprId,
        /// Where it does not.
        otherwise: Option<ExprId>,
    },
    /// `match e { … }`
    Match {
        /// Whether its patterns may change what is matched.
        inout: bool,
        /// What is matched.
        scrutinee: ExprId,
        /// The arms, in order.
        arms: Vec<Arm>,
    },
    /// `|x| e`
    Closure(Closure),
    /// `par { a, b }`
    Par(Vec<ExprId>),
    /// `par for x in xs { … }`
    ParFor {
        /// What each element matches.
        pat: PatId,
        /// What is gone through.
        iterable: ExprId,
        /// What is done for each: an [`Expr::Block`].
        body: ExprId,
    },
    /// `with http.get = f { … }`
    With {
        /// The effect, or one function of it.
        effect: Path,
        /// What replaces it.
        value: ExprId,
        /// Where it is replaced: an [`Expr::Block`].
        body: ExprId,
    },
    /// `return`, `return e`
    Return(Option<ExprId>),
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// A statement where a closure's or an arm's body stands: `Quoted => state = Plain`. Its value is `()`.
    Do(Box<Stmt>),
    /// What could not be read as an expression; this has been reported.
    Error,
}

/// Statements. The value is that of the last one, if that is a [`Stmt::Expr`] with a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    /// The statements, in order.
    pub stmts: Vec<Stmt>,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stmt {
    /// `let p: T = e else { … }`
    Let {
        /// What the value matches.
        pat: PatId,
        /// Its type, if it is written.
        ty: Option<TypeRefId>,
        /// The value.
        value: ExprId,
        /// Where the value does not match: an [`Expr::Block`].
        otherwise: Option<ExprId>,
    },
    /// `var p: T = e`
    Var {
        /// What the value matches; its names may be assigned to.
        pat: PatId,
        /// Its type, if it is written.
        ty: Option<TypeRefId>,
        /// The value.
        value: ExprId,
    },
    /// `place = e`, `place += e`
    Assign {
        /// What is assigned to.
        place: ExprId,
        /// `+` in `+=`.
        op: Option<BinaryOp>,
        /// Where the operator with its `=` stands.
        op_id: OpId,
        /// The value.
        value: ExprId,
    },
    /// `for p in e { … }`
    For {
        /// What each element matches.
        pat: PatId,
        /// What is gone through.
        iterable: ExprId,
        /// What is done for each: an [`Expr::Block`].
        body: ExprId,
    },
    /// `while c { … }`
    While {
        /// The condition.
        condition: ExprId,
        /// What is done while it holds: an [`Expr::Block`].
        body: ExprId,
    },
    /// `assert e`
    Assert(ExprId),
    /// `yield e`
    Yield(ExprId),
    /// An expression, perhaps an `if` without `else`.
    Expr(ExprId),
    /// What could not be read as a statement; this has been reported.
    Error,
}

/// A piece of an interpolated string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StringPart {
    /// Text, decoded; not empty.
    Text(SmolStr),
    /// The expression between `{` and `}`.
    Expr(ExprId),
}

/// One entry of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListEntry {
    /// An element.
    Element(ExprId),
    /// `..e`: the elements of another list.
    Spread(ExprId),
}

/// One entry of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MapEntry {
    /// `k: v`
    Pair(ExprId, ExprId),
    /// `..e`: the entries of another map.
    Spread(ExprId),
}

/// One entry of a record literal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RecordInit {
    /// `a: 1`, or `a` for `a: a`.
    Field {
        /// The field.
        name: Name,
        /// Its value.
        value: ExprId,
    },
    /// `..e`: the fields of another record.
    Spread(ExprId),
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arg {
    /// `limit` in `limit: 20`.
    pub label: Option<Name>,
    /// Whether `inout` stands before it.
    pub inout: bool,
    /// The value.
    pub value: ExprId,
}

/// `pattern if guard => body`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Arm {
    /// What must match.
    pub pat: PatId,
    /// What must hold besides.
    pub guard: Option<ExprId>,
    /// The value.
    pub body: ExprId,
}

/// `|x, (k, v), inout a: T| -> R { … }`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Closure {
    /// Its parameters.
    pub params: Vec<ClosureParam>,
    /// Its result, if it is written; the body is a block then.
    pub ret: Option<TypeRefId>,
    /// Its body.
    pub body: ExprId,
}

/// A parameter of a closure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClosureParam {
    /// What the argument matches; `inout` is in the pattern.
    pub pat: PatId,
    /// Its type, if it is written.
    pub ty: Option<TypeRefId>,
}

/// A pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pat {
    /// `_`
    Wildcard,
    /// `x`, `inout x`
    Bind {
        /// Whether `inout` stands before it.
        inout: bool,
        /// The new name.
        name: Name,
    },
    /// `p as x`
    As {
        /// What must match.
        pat: PatId,
        /// The name of the whole.
        name: Name,
    },
    /// `p | q | r`: two or more.
    Or(Vec<PatId>),
    /// `1`, `-1`, `'x'`, `b'x'`, `"text"`, `b"bytes"`, `1.5`, `true`
    Literal(PatLiteral),
    /// `'0'..='9'`, `1..5`, `1..`
    Range {
        /// The first value.
        start: PatLiteral,
        /// The last value, or the one after it.
        end: Option<PatLiteral>,
        /// Whether it is `..=`.
        inclusive: bool,
    },
    /// `"# {title}"`: texts and captures, at least one capture.
    String(Vec<StringPatPart>),
    /// `ok(x)`, `err(e)`, `some(x)`, `none`
    Builtin {
        /// Which of them.
        case: BuiltinCase,
        /// What stands in parentheses; none for `none`.
        args: Vec<PatId>,
    },
    /// `Num(n)`, `Expr.Binary(op, right: r, ..)`, and a bare `Leaf`.
    Case {
        /// The case, or a constant's name.
        path: Path,
        /// What stands in parentheses, `None` if there are none.
        args: Option<Vec<CasePatArg>>,
        /// Whether `..` stands last.
        rest: bool,
    },
    /// `{ x, y: p, .. }`, `Point { x, y }`
    Record {
        /// The type's name, if it is written.
        path: Option<Path>,
        /// The fields.
        fields: Vec<FieldPat>,
        /// Whether `..` stands last.
        rest: bool,
    },
    /// `()`, `(p,)`, `(p, q)`
    Tuple(Vec<PatId>),
    /// `[a, ..rest, b]`
    List(Vec<ListPat>),
    /// What could not be read as a pattern; this has been reported.
    Error,
}

/// A literal, perhaps with a minus sign, in a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PatLiteral {
    /// Whether a `-` stands before it.
    pub negative: bool,
    /// The literal.
    pub literal: Literal,
}

/// A piece of a string pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StringPatPart {
    /// Text that must stand there.
    Text(SmolStr),
    /// A pattern for what stands between the texts.
    Capture(PatId),
}

/// One argument of a case pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CasePatArg {
    /// `right` in `right: r`.
    pub label: Option<Name>,
    /// The pattern.
    pub pat: PatId,
}

/// One field of a record pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldPat {
    /// The field.
    pub name: Name,
    /// What its value must match.
    pub pat: PatId,
}

/// One element of a list pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ListPat {
    /// Exactly one element.
    Element(PatId),
    /// `..` or `..name`: any number of elements.
    Rest(Option<Name>),
}

impl Body {
    /// The expression with this id.
    ///
    /// # Panics
    ///
    /// When the id is not of this body.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    /// The pattern with this id.
    ///
    /// # Panics
    ///
    /// When the id is not of this body.
    #[must_use]
    pub fn pat(&self, id: PatId) -> &Pat {
        &self.pats[id.0 as usize]
    }

    /// The type with this id.
    ///
    /// # Panics
    ///
    /// When the id is not of this body.
    #[must_use]
    pub fn type_ref(&self, id: TypeRefId) -> &TypeRef {
        &self.types[id.0 as usize]
    }
}

impl BodySourceMap {
    /// Where an expression stands; empty at the start if it is of another body.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> TextRange {
        self.exprs.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Where a pattern stands.
    #[must_use]
    pub fn pat(&self, id: PatId) -> TextRange {
        self.pats.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Where a type stands.
    #[must_use]
    pub fn type_ref(&self, id: TypeRefId) -> TextRange {
        self.types.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Where a name stands.
    #[must_use]
    pub fn name(&self, id: NameId) -> TextRange {
        self.names.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Where an operator stands.
    #[must_use]
    pub fn op(&self, id: OpId) -> TextRange {
        self.ops.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Where a path stands, from its first name to its last.
    #[must_use]
    pub fn path(&self, path: &Path) -> TextRange {
        match (path.segments.first(), path.segments.last()) {
            (Some(first), Some(last)) => self.name(first.id).join(self.name(last.id)),
            _ => TextRange::default(),
        }
    }
}
