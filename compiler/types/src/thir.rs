//! Typed HIR: a body after checking, desugared and complete.
//!
//! This is the contract between what a program means and everything that runs it. The evaluator walks it as it
//! is; MIR is lowered from it. So it has no names to look up, no types to infer, no defaults to fill in and no
//! sugar: `?`, `??`, method calls, named and default arguments, spreads, interpolation's conversions and
//! implicit widening have all been spelled out.
//!
//! Order of evaluation is left to right as written in this tree. A body is generic: its types may mention
//! `TyKind::Param`, which callers substitute.
//!
//! Expressions live in one arena per body and hold no spans; [`SourceMap`] stands beside.

mod operator;
mod pattern;

pub use operator::{BinaryOp, CompareOp, ConvertMode, TrapKind, UnaryOp};
pub use pattern::{Literal, Pattern, TextPiece};

use crate::{Intrinsic, Mode, Ty};
use dot_db::Item;
use dot_diagnostics::TextRange;
use smol_str::SmolStr;

/// An expression of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

/// Ids from here on stand for parameters.
const FIRST_PARAM: u32 = 1 << 31;

impl ExprId {
    /// The n-th parameter of a function as a place in the source: what is told of an argument is told there. It is no
    /// expression of the body, which has fewer than two billion.
    #[must_use]
    pub const fn of_param(n: u32) -> Self {
        Self(FIRST_PARAM | n)
    }

    /// The parameter that the id stands for.
    #[must_use]
    pub const fn as_param(self) -> Option<u32> {
        if self.0 < FIRST_PARAM { None } else { Some(self.0 - FIRST_PARAM) }
    }
}

/// A local variable of a body: a parameter, a binding of `let`, `var`, a pattern or a closure's parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalId(pub u32);

/// The body of a function, dot, test, constant, or default value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Body<'db> {
    /// The parameters, in order; their values are locals.
    pub params: Vec<Param>,
    /// The type of the value it gives.
    pub ret: Ty<'db>,
    /// Every local, closures' ones included.
    pub locals: Vec<Local<'db>>,
    /// Every expression.
    pub exprs: Vec<Expr<'db>>,
    /// The one that is evaluated.
    pub root: ExprId,
}

/// Where each expression and local of a body was written, relative to its item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SourceMap {
    /// By expression.
    pub exprs: Vec<TextRange>,
    /// By local.
    pub locals: Vec<TextRange>,
    /// Where places that are assigned to stand, by the expression that gives the value, in order.
    pub places: Vec<(ExprId, TextRange)>,
}

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Param {
    /// Where its value is put. A parameter that is a pattern is destructured by the body's first statement.
    pub local: LocalId,
    /// How it is passed; what an `InOut` local holds at the end is given back.
    pub mode: Mode,
}

/// A local variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Local<'db> {
    /// Its name; empty for one that the desugaring made.
    pub name: SmolStr,
    /// Its type.
    pub ty: Ty<'db>,
}

/// An expression with its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Expr<'db> {
    /// What it does.
    pub kind: ExprKind<'db>,
    /// The type of its value.
    pub ty: Ty<'db>,
}

/// What an expression does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum ExprKind<'db> {
    /// A literal of a scalar type or a string.
    Literal(Literal),
    /// The value of a constant.
    Const(Item<'db>),
    /// The value of a local: a copy, or a move for a handle.
    Local(LocalId),
    /// Statements, then a value; without a tail the value is unit. Locals that its statements bind end with it.
    Block {
        /// What is done first.
        stmts: Vec<Stmt>,
        /// What gives the value.
        tail: Option<ExprId>,
    },
    /// `cond` is a `bool`; a missing `else` gives unit.
    If {
        /// The condition. Locals that it binds by `Is` are in scope in `then_branch`.
        cond: ExprId,
        /// When it holds.
        then_branch: ExprId,
        /// When it doesn't.
        else_branch: Option<ExprId>,
    },
    /// The first arm whose pattern fits and whose guard holds. Checked to be exhaustive.
    Match {
        /// What is matched.
        scrutinee: ExprId,
        /// The arms.
        arms: Vec<Arm>,
    },
    /// Whether the value fits the pattern; if it does, the pattern's locals are bound. Gives `bool`.
    Is {
        /// What is tested.
        scrutinee: ExprId,
        /// The pattern.
        pattern: Pattern,
    },
    /// `&&` (`and`) or `||`: the right side is evaluated only if the left one doesn't decide.
    ShortCircuit {
        /// Whether it is `&&`.
        and: bool,
        /// The left side.
        left: ExprId,
        /// The right side.
        right: ExprId,
    },
    /// Repeats `body` while `cond` holds.
    While {
        /// The condition; its `Is` bindings are in scope in `body`.
        cond: ExprId,
        /// What is repeated.
        body: ExprId,
    },
    /// Visits what `iter` yields, in order; `iter` is evaluated once.
    For {
        /// What each element is matched with; irrefutable.
        pattern: Pattern,
        /// What is visited.
        iter: Iter,
        /// What is done for each.
        body: ExprId,
    },
    /// Leaves the innermost loop.
    Break,
    /// Goes on with the innermost loop's next turn.
    Continue,
    /// Leaves the innermost closure, or the function.
    Return(Option<ExprId>),
    /// Arithmetic on two operands of one numeric type (for shifts the right one may be of any integer type).
    Binary {
        /// The operation.
        op: BinaryOp,
        /// The left side.
        left: ExprId,
        /// The right side.
        right: ExprId,
    },
    /// A comparison of two operands of one type, structural on data. Gives `bool`.
    Compare {
        /// The comparison.
        op: CompareOp,
        /// The left side.
        left: ExprId,
        /// The right side.
        right: ExprId,
    },
    /// An operation on one operand.
    Unary {
        /// The operation.
        op: UnaryOp,
        /// The operand.
        operand: ExprId,
    },
    /// A conversion between numeric types (or of a `char` to an integer type), to this expression's type; for
    /// `Try` to an option of the target.
    Convert {
        /// How what doesn't fit is treated.
        mode: ConvertMode,
        /// What is converted.
        operand: ExprId,
    },
    /// A record or resource value, all fields in order of declaration.
    Record(Vec<ExprId>),
    /// A case of a variant, enum, `option` or `result`, by the case's index.
    Case {
        /// The index of the case; see `TyKind` for `option` and `result`.
        case: u32,
        /// What it carries.
        args: Vec<ExprId>,
    },
    /// A flags value with these bits.
    Flags(u32),
    /// A tuple; unit without parts.
    Tuple(Vec<ExprId>),
    /// A list, a fixed-length list, or a set.
    List(Vec<ListPart>),
    /// A map; a later entry of the same key wins and keeps the first one's place.
    Map(Vec<(ExprId, ExprId)>),
    /// A field of a record by index, or a part of a tuple.
    Field {
        /// The record or tuple.
        base: ExprId,
        /// The index.
        index: u32,
    },
    /// A part of a case that the value is known to be of.
    Part {
        /// The value.
        base: ExprId,
        /// The index of its case.
        case: u32,
        /// The index of the part.
        index: u32,
    },
    /// An element of a list that is known to be there, counted from the end.
    FromEnd {
        /// The list.
        base: ExprId,
        /// 1 is the last one.
        back: u32,
    },
    /// An element of a list (traps `index`) or the value of a map's key (traps `key`).
    Index {
        /// The list or map.
        base: ExprId,
        /// The index (of any integer type) or key.
        index: ExprId,
    },
    /// A string put together from text and printed values; see the spec's chapter on printing.
    Interpolate(Vec<Piece>),
    /// A call.
    Call {
        /// What is called.
        callee: Callee<'db>,
        /// The arguments, one for each parameter.
        args: Vec<Arg>,
    },
    /// A closure. Its captures are evaluated (copied) now.
    Closure(Box<Closure<'db>>),
    /// A named function as a value.
    FnValue {
        /// The function.
        item: Item<'db>,
        /// Its type arguments.
        type_args: Vec<Ty<'db>>,
    },
    /// The body of the loop whose `each` is called, as the function that `each` takes. It is no value: it stands only in
    /// the call of an [`Iter::Each`].
    Visitor,
    /// Functions of effects are replaced in a block: by a function value, or by a value with methods for them. It is
    /// evaluated first and lives as long as the block. What the block calls, and what that calls, is bound to it
    /// wherever it would have called one of those functions, closures by where they are written; the
    /// replacement's own code is not.
    With {
        /// What stands for the functions.
        value: ExprId,
        /// What is replaced.
        replaced: Vec<Replaced<'db>>,
        /// Where.
        body: ExprId,
    },
    /// Ends the program with a trap.
    Trap {
        /// Which.
        kind: TrapKind,
        /// A `string` that says why, evaluated first.
        message: ExprId,
    },
    /// Something was wrong here and has been reported; bodies with errors are never run.
    Error,
}

/// A function that is replaced in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Replaced<'db> {
    /// The function.
    pub function: Item<'db>,
    /// By what.
    pub by: Replacement<'db>,
}

/// What stands for a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Replacement<'db> {
    /// The value itself, a function value of the function's type.
    Value,
    /// A method of the value, which it may change.
    Method(Item<'db>),
}

/// A statement of a block.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stmt {
    /// Binds a pattern. Without `otherwise` it is irrefutable; with it, `otherwise` is evaluated when the value
    /// doesn't fit, and never gives a value.
    Let {
        /// What is bound.
        pattern: Pattern,
        /// The value.
        init: ExprId,
        /// The `else` block.
        otherwise: Option<ExprId>,
    },
    /// Evaluates and drops the value.
    Expr(ExprId),
    /// Writes to a place. The place's indices are evaluated first, then the value, then the place is read (if
    /// there is an operator) and written.
    Assign {
        /// What is written to.
        place: Place,
        /// The operator of a compound assignment. For `+=` on strings and lists, see [`AssignOp`].
        op: Option<AssignOp>,
        /// The right side.
        value: ExprId,
    },
}

/// The operator of a compound assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AssignOp {
    /// An arithmetic one.
    Binary(BinaryOp),
    /// `+=` on a string: appends text in place.
    Append,
}

/// A place: a local variable, or a part of what is in one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The variable.
    pub root: LocalId,
    /// The way from there, outermost part first.
    pub path: Vec<Projection>,
}

/// One step into a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Projection {
    /// A field of a record or part of a tuple.
    Field(u32),
    /// A part of a case that the value is known to be of.
    Part {
        /// The index of the case.
        case: u32,
        /// The index of the part.
        index: u32,
    },
    /// An element of a list. Traps `index`.
    Index(ExprId),
    /// An element of a list that is known to be there, counted from the end; 1 is the last one.
    FromEnd(u32),
    /// The value of a map's key. Assigning as a whole inserts; stepping into it or reading it traps `key` where
    /// there is none, unless `default` gives what a missing entry starts from (evaluated only then).
    Key {
        /// The key.
        key: ExprId,
        /// `or:`
        default: Option<ExprId>,
    },
}

/// An element of a list literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListPart {
    /// One element.
    Item(ExprId),
    /// All elements of a list.
    Spread(ExprId),
}

/// A piece of an interpolated string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Text as it is.
    Text(SmolStr),
    /// A value, printed by its type; strings and chars raw.
    Value(ExprId),
}

/// What a `for` visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Iter {
    /// Integers from `start` up to `end`, excluded unless `inclusive`; without an end, until a trap `overflow`.
    Range {
        /// The first.
        start: ExprId,
        /// The bound.
        end: Option<ExprId>,
        /// Whether the bound is visited too.
        inclusive: bool,
    },
    /// A list's elements.
    List(ExprId),
    /// A map's entries as tuples, in order of insertion.
    Map(ExprId),
    /// A set's elements, in order of insertion.
    Set(ExprId),
    /// A string's chars.
    Chars(ExprId),
    /// What an `each` method visits, by a call of it: the receiver, then [`ExprKind::Visitor`]. That is called with the
    /// parts of an element, or with an element.
    Each(ExprId),
}

/// What is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Callee<'db> {
    /// A function, dot or imported function.
    Item {
        /// The function.
        item: Item<'db>,
        /// Its type arguments.
        type_args: Vec<Ty<'db>>,
    },
    /// An operation that std declares and every engine implements.
    Intrinsic {
        /// The operation.
        op: Intrinsic,
        /// Its type arguments.
        type_args: Vec<Ty<'db>>,
    },
    /// A function value.
    Value(ExprId),
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Arg {
    /// A value.
    Value(ExprId),
    /// A place that the callee may change: its indices are evaluated here, it is read before the call and
    /// written after it.
    InOut(Place),
}

/// A closure.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Closure<'db> {
    /// The parameters.
    pub params: Vec<Param>,
    /// What it captures: a local outside, and the local inside that its copy is put in.
    pub captures: Vec<(LocalId, LocalId)>,
    /// What it returns.
    pub ret: Ty<'db>,
    /// Its body, in the same arena.
    pub body: ExprId,
}

/// An arm of a `match`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arm {
    /// What the value must fit.
    pub pattern: Pattern,
    /// What must hold besides, evaluated with the pattern's locals bound.
    pub guard: Option<ExprId>,
    /// The value.
    pub body: ExprId,
}

impl<'db> Body<'db> {
    /// The expression with this id.
    ///
    /// # Panics
    ///
    /// When the id is not of this body.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> &Expr<'db> {
        &self.exprs[id.0 as usize]
    }

    /// The local with this id.
    ///
    /// # Panics
    ///
    /// When the id is not of this body.
    #[must_use]
    pub fn local(&self, id: LocalId) -> &Local<'db> {
        &self.locals[id.0 as usize]
    }
}
