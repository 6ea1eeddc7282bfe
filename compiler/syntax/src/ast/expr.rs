//! Expressions and statements.

use dot_diagnostics::{Reported, TextRange};
use smol_str::SmolStr;

use super::{BinaryOp, Name, Path, Pattern, Type, TypeArg, UnaryOp};

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expr {
    /// Which expression.
    pub kind: ExprKind,
    /// Where it stands.
    pub range: TextRange,
}

impl Expr {
    /// The expression `kind` at `range`.
    pub fn new(kind: ExprKind, range: TextRange) -> Expr {
        Expr { kind, range }
    }
}

/// The forms of expressions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExprKind {
    /// `1`, `1.5`, `'x'`, `"text"`, `b"bytes"`, `true`
    Literal(Literal),
    /// `"{n} of {total}"`: texts and expressions, at least one expression.
    String(Vec<StringPart>),
    /// A name of any case, `self` included.
    Name(Name),
    /// `ok`, `err`, `some`, `none`, as values; what they are applied to stands in the call.
    Builtin(BuiltinCase),
    /// `(e)`
    Paren(Box<Expr>),
    /// `()`, `(a,)`, `(a, b)`
    Tuple(Vec<Expr>),
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
        base: Box<Expr>,
        /// The name after it; missing while it is being typed.
        name: Name,
    },
    /// `e.0`
    TupleField {
        /// What stands before the dot.
        base: Box<Expr>,
        /// The number after it.
        index: u32,
        /// Where the number stands.
        index_range: TextRange,
    },
    /// `e[i]`, `m[k, or: d]`
    Index {
        /// What stands before the bracket.
        base: Box<Expr>,
        /// What stands in it, at least one.
        args: Vec<Arg>,
    },
    /// `f(a)`, `f<T>(a)`, `Expr.Num(1.0)`, `(r.f)(a)`
    Call {
        /// What is called. Not a [`ExprKind::Field`] with a name in lower case: see `MethodCall`.
        callee: Box<Expr>,
        /// What stands between `<` and `>`.
        type_args: Vec<TypeArg>,
        /// What stands in parentheses.
        args: Vec<Arg>,
    },
    /// `e.name(a)`, `json.decode<T>(a)`: a method, or a function of a module or type.
    MethodCall {
        /// What stands before the dot.
        receiver: Box<Expr>,
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
        value: Box<Expr>,
        /// What is called: a name, a built-in case, or [`ExprKind::Field`]s of one.
        callee: Box<Expr>,
        /// What stands between `<` and `>`.
        type_args: Vec<TypeArg>,
        /// The other arguments.
        args: Vec<Arg>,
    },
    /// `e?`
    Try(Box<Expr>),
    /// `-e`, `!e`, `~e`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// What it applies to.
        operand: Box<Expr>,
    },
    /// `a + b` and the like, `&&` and `||` included.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Where the operator stands.
        op_range: TextRange,
        /// What stands left of it.
        left: Box<Expr>,
        /// What stands right of it.
        right: Box<Expr>,
    },
    /// `a ?? b`, where `b` may be a jump.
    Coalesce {
        /// The option.
        value: Box<Expr>,
        /// What comes in its place if it is `none`.
        fallback: Box<Expr>,
    },
    /// `a..b`, `a..=b`, `a..`
    Range {
        /// The first value.
        start: Box<Expr>,
        /// The last value, or the one after it.
        end: Option<Box<Expr>>,
        /// Whether it is `..=`.
        inclusive: bool,
    },
    /// `e is p`
    Is {
        /// The value.
        value: Box<Expr>,
        /// What it may match; its names are bound where the condition holds.
        pattern: Box<Pattern>,
    },
    /// `{ … }`
    Block(Block),
    /// `if c { … } else { … }`; the other branch is a block or an `if`.
    If {
        /// The condition.
        condition: Box<Expr>,
        /// Where it holds.
        then: Block,
        /// Where it does not.
        otherwise: Option<Box<Expr>>,
    },
    /// `match e { … }`
    Match {
        /// Where `inout` stands, if it does.
        inout: Option<TextRange>,
        /// What is matched.
        scrutinee: Box<Expr>,
        /// The arms, in order.
        arms: Vec<Arm>,
    },
    /// `|x| e`
    Closure(Box<Closure>),
    /// `par { a, b }`
    Par(Vec<Expr>),
    /// `par for x in xs { … }`
    ParFor {
        /// What each element matches.
        pattern: Box<Pattern>,
        /// What is gone through.
        iterable: Box<Expr>,
        /// What is done for each.
        body: Block,
    },
    /// `with http.get = f { … }`
    With {
        /// The effect, or one function of it.
        effect: Path,
        /// What replaces it.
        value: Box<Expr>,
        /// Where it is replaced.
        body: Block,
    },
    /// `return`, `return e`
    Return(Option<Box<Expr>>),
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// A statement where a closure's or an arm's body stands: `Quoted => state = Plain`. Its value is `()`.
    Do(Box<Stmt>),
    /// What could not be read as an expression.
    Error(Reported),
}

/// A literal, decoded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// An integer. The sign is an operator's.
    Int(u64),
    /// A float, as written but without underscores.
    Float(SmolStr),
    /// `'x'`
    Char(char),
    /// `b'x'`, a `u8`
    Byte(u8),
    /// A string without interpolation
    String(SmolStr),
    /// `b"…"`
    Bytes(Vec<u8>),
    /// `true`, `false`
    Bool(bool),
}

/// A piece of an interpolated string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StringPart {
    /// Text, decoded; not empty.
    Text(SmolStr),
    /// The expression between `{` and `}`.
    Expr(Expr),
}

/// The cases that are keywords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BuiltinCase {
    /// `ok`
    Ok,
    /// `err`
    Err,
    /// `some`
    Some,
    /// `none`
    None,
}

impl BuiltinCase {
    /// The keyword.
    pub fn as_str(self) -> &'static str {
        match self {
            BuiltinCase::Ok => "ok",
            BuiltinCase::Err => "err",
            BuiltinCase::Some => "some",
            BuiltinCase::None => "none",
        }
    }
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ListEntry {
    /// An element.
    Element(Expr),
    /// `..e`: the elements of another list.
    Spread(Expr),
}

/// One entry of a map.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MapEntry {
    /// `k: v`
    Pair(Expr, Expr),
    /// `..e`: the entries of another map.
    Spread(Expr),
}

/// One entry of a record literal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RecordInit {
    /// `a: 1`, or `a` alone.
    Field {
        /// The field.
        name: Name,
        /// Its value; without one, the variable of that name.
        value: Option<Expr>,
    },
    /// `..e`: the fields of another record.
    Spread(Expr),
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arg {
    /// `limit` in `limit: 20`.
    pub label: Option<Name>,
    /// Where `inout` stands, if it does.
    pub inout: Option<TextRange>,
    /// The value.
    pub value: Expr,
}

/// `pattern if guard => body`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arm {
    /// What must match.
    pub pattern: Pattern,
    /// What must hold besides.
    pub guard: Option<Expr>,
    /// The value.
    pub body: Expr,
    /// The whole arm.
    pub range: TextRange,
}

/// `|x, (k, v), inout a: T| -> R { … }`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Closure {
    /// Its parameters.
    pub params: Vec<ClosureParam>,
    /// Its result, if it is written; the body is a block then.
    pub result: Option<Type>,
    /// Its body.
    pub body: Expr,
}

/// A parameter of a closure.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClosureParam {
    /// What the argument matches; `inout` is in the pattern.
    pub pattern: Pattern,
    /// Its type, if it is written.
    pub ty: Option<Type>,
}

/// `{ … }` with statements. Its value is that of the last one, if that is an expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    /// The statements, in order.
    pub stmts: Vec<Stmt>,
    /// From brace to brace.
    pub range: TextRange,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stmt {
    /// Which statement.
    pub kind: StmtKind,
    /// Where it stands.
    pub range: TextRange,
}

/// The forms of statements.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StmtKind {
    /// `let p: T = e else { … }`
    Let {
        /// What the value matches.
        pattern: Pattern,
        /// Its type, if it is written.
        ty: Option<Type>,
        /// The value.
        value: Expr,
        /// Where the value does not match.
        otherwise: Option<Block>,
    },
    /// `var p: T = e`
    Var {
        /// What the value matches; its names may be assigned to.
        pattern: Pattern,
        /// Its type, if it is written.
        ty: Option<Type>,
        /// The value.
        value: Expr,
    },
    /// `place = e`, `place += e`
    Assign {
        /// What is assigned to.
        place: Expr,
        /// `+` in `+=`.
        op: Option<BinaryOp>,
        /// The operator with its `=`.
        op_range: TextRange,
        /// The value.
        value: Expr,
    },
    /// `for p in e { … }`
    For {
        /// What each element matches.
        pattern: Pattern,
        /// What is gone through.
        iterable: Expr,
        /// What is done for each.
        body: Block,
    },
    /// `while c { … }`
    While {
        /// The condition.
        condition: Expr,
        /// What is done while it holds.
        body: Block,
    },
    /// `assert e`
    Assert(Expr),
    /// `yield e`
    Yield(Expr),
    /// An expression, perhaps an `if` without `else`.
    Expr(Expr),
    /// What could not be read as a statement.
    Error(Reported),
}
