//! What the grammar's actions call: makers of tree nodes.
//!
//! Those that can find a mistake, or that leave an error node, are methods of [`Context`]; see
//! `build/checks.rs` and `build/recovery.rs`.

mod checks;
mod recovery;

use dot_diagnostics::{Reported, TextRange};
use smol_str::SmolStr;

use crate::ast::*;
pub(crate) use recovery::{Context, Stumble, Told};

/// What the parser gives.
pub(crate) enum Parsed {
    Item(Box<Item>),
    Expr(Expr),
}

/// One entry between `[` and `]`.
pub(crate) enum Entry {
    Element(Expr),
    Spread(Expr),
    Pair(Expr, Expr),
}

/// One argument of a case pattern, or its `..`.
pub(crate) enum CaseArg {
    Pattern(CasePattern),
    Rest(TextRange),
}

/// One field of a record pattern, or its `..`.
pub(crate) enum FieldItem {
    Field(FieldPattern),
    Rest(TextRange),
}

/// What stands after `|>`.
pub(crate) struct Stage {
    callee: Expr,
    type_args: Vec<TypeArg>,
    args: Vec<Arg>,
    end: u32,
    /// Where each `?` ends.
    tries: Vec<u32>,
}

impl Stage {
    pub(crate) fn new(callee: Expr, type_args: Vec<TypeArg>, args: Vec<Arg>, end: u32) -> Stage {
        Stage { callee, type_args, args, end, tries: Vec::new() }
    }

    pub(crate) fn tried(mut self, end: u32) -> Stage {
        self.tries.push(end);
        self
    }
}

pub(crate) fn at(start: u32, end: u32) -> TextRange {
    TextRange::new(start, end)
}

/// An error node stands for what the lexer has reported.
pub(crate) fn told() -> Reported {
    Reported::earlier()
}

// ---- lists ----

pub(crate) fn list<T>(mut list: Vec<T>, last: Option<T>) -> Vec<T> {
    list.extend(last);
    list
}

pub(crate) fn push<T>(mut list: Vec<T>, one: T) -> Vec<T> {
    list.push(one);
    list
}

pub(crate) fn first<T>(first: T, rest: Vec<T>) -> Vec<T> {
    let mut list = vec![first];
    list.extend(rest);
    list
}

/// The entries that could be read.
pub(crate) fn present<T>(list: Vec<Option<T>>) -> Vec<T> {
    list.into_iter().flatten().collect()
}

/// The list without boxes. On the parser's stack large nodes are boxed, since all symbols there are as
/// large as the largest.
pub(crate) fn unboxed<T>(list: Vec<Box<T>>) -> Vec<T> {
    list.into_iter().map(|one| *one).collect()
}

// ---- names and items ----

pub(crate) fn path(segments: Vec<Name>) -> Path {
    let none = TextRange::default();
    let start = segments.first().map_or(none, |first| first.range);
    let end = segments.last().map_or(none, |last| last.range);
    Path { range: start.join(end), segments }
}

pub(crate) fn longer_path(mut longer: Path, name: Name) -> Path {
    longer.segments.push(name);
    path(longer.segments)
}

pub(crate) fn module_path(segments: Vec<Name>) -> UsePath {
    UsePath::Module(path(segments))
}

pub(crate) fn attribute(name: Name, args: Option<Vec<Arg>>, range: TextRange) -> Attribute {
    Attribute { name, args: args.unwrap_or_default(), range }
}

pub(crate) fn item(
    docs: Vec<DocLine>,
    attributes: Vec<Attribute>,
    visibility: Option<TextRange>,
    opaque: Option<TextRange>,
    body: ItemBody,
    range: TextRange,
) -> Item {
    let visibility = visibility.map_or(Visibility::Package, Visibility::Public);
    Item { docs, attributes, visibility, opaque, body, range }
}

pub(crate) fn function(
    kind: FunctionKind,
    (owner, name): (Option<Name>, Name),
    type_params: Vec<TypeParam>,
    params: Vec<Option<Box<Param>>>,
    result: Option<Type>,
    uses: Option<Uses>,
    body: Block,
) -> Function {
    let params = unboxed(present(params));
    Function { kind, owner, name, type_params, params, result, uses, body }
}

pub(crate) fn test(
    name: SmolStr,
    name_range: TextRange,
    params: Option<Vec<Option<Box<Param>>>>,
    body: Block,
) -> Test {
    Test { name, name_range, params: unboxed(present(params.unwrap_or_default())), body }
}

// ---- types ----

pub(crate) fn named_type(path: Path, args: Option<Vec<TypeArg>>, range: TextRange) -> Type {
    Type { kind: TypeKind::Named { path, args: args.unwrap_or_default() }, range }
}

pub(crate) fn function_type(
    pure: Option<TextRange>,
    params: Vec<FunctionTypeParam>,
    result: Option<Type>,
    uses: Option<Uses>,
    range: TextRange,
) -> Type {
    let function = FunctionType { pure, params, result, uses };
    Type { kind: TypeKind::Function(Box::new(function)), range }
}

// ---- statements and expressions ----

pub(crate) fn stmt(kind: StmtKind, start: u32, end: u32) -> Box<Stmt> {
    Box::new(Stmt { kind, range: at(start, end) })
}

pub(crate) fn do_(stmt: Stmt) -> Expr {
    let range = stmt.range;
    match stmt.kind {
        StmtKind::Expr(value) => value,
        _ => Expr::new(ExprKind::Do(Box::new(stmt)), range),
    }
}

pub(crate) fn block(block: Block) -> Expr {
    let range = block.range;
    Expr::new(ExprKind::Block(block), range)
}

pub(crate) fn if_(condition: Expr, then: Block, otherwise: Option<Expr>, range: TextRange) -> Expr {
    let (condition, otherwise) = (Box::new(condition), otherwise.map(Box::new));
    Expr::new(ExprKind::If { condition, then, otherwise }, range)
}

pub(crate) fn coalesce(value: Expr, fallback: Expr) -> Expr {
    let range = value.range.join(fallback.range);
    Expr::new(ExprKind::Coalesce { value: Box::new(value), fallback: Box::new(fallback) }, range)
}

pub(crate) fn closure(params: Vec<ClosureParam>, result: Option<Type>, body: Expr, range: TextRange) -> Expr {
    Expr::new(ExprKind::Closure(Box::new(Closure { params, result, body })), range)
}

/// `x |> f(a)?` is `f(x, a)?`: the `?`s go around the whole.
pub(crate) fn pipe(value: Expr, stage: Stage) -> Expr {
    let start = value.range.start;
    let Stage { callee, type_args, args, end, tries } = stage;
    let kind = ExprKind::Pipe { value: Box::new(value), callee: Box::new(callee), type_args, args };
    let piped = Expr::new(kind, at(start, end));
    tries.into_iter().fold(piped, try_)
}

pub(crate) fn range(start: Expr, end: Option<Expr>, inclusive: bool, stop: u32) -> Expr {
    let stop = end.as_ref().map_or(stop, |end| end.range.end);
    let range = at(start.range.start, stop);
    Expr::new(ExprKind::Range { start: Box::new(start), end: end.map(Box::new), inclusive }, range)
}

pub(crate) fn binary(left: Expr, op: BinaryOp, op_range: TextRange, right: Expr) -> Expr {
    let range = left.range.join(right.range);
    Expr::new(ExprKind::Binary { op, op_range, left: Box::new(left), right: Box::new(right) }, range)
}

pub(crate) fn is(value: Expr, pattern: Pattern) -> Expr {
    let range = value.range.join(pattern.range);
    Expr::new(ExprKind::Is { value: Box::new(value), pattern: Box::new(pattern) }, range)
}

pub(crate) fn unary(start: u32, op: UnaryOp, operand: Expr) -> Expr {
    let range = at(start, operand.range.end);
    Expr::new(ExprKind::Unary { op, operand: Box::new(operand) }, range)
}

pub(crate) fn name(name: Name) -> Expr {
    let range = name.range;
    Expr::new(ExprKind::Name(name), range)
}

pub(crate) fn field(base: Expr, name: Name) -> Expr {
    let range = base.range.join(name.range);
    Expr::new(ExprKind::Field { base: Box::new(base), name }, range)
}

/// A call; of a method, if what is called is a name in lower case after a dot.
pub(crate) fn call(callee: Expr, type_args: Vec<TypeArg>, args: Vec<Arg>, end: u32) -> Expr {
    let range = at(callee.range.start, end);
    let kind = match callee.kind {
        ExprKind::Field { base: receiver, name }
            if !name.text.starts_with(|c: char| c.is_ascii_uppercase()) =>
        {
            ExprKind::MethodCall { receiver, name, type_args, args }
        }
        _ => ExprKind::Call { callee: Box::new(callee), type_args, args },
    };
    Expr::new(kind, range)
}

pub(crate) fn index(base: Expr, args: Vec<Arg>, end: u32) -> Expr {
    let range = at(base.range.start, end);
    Expr::new(ExprKind::Index { base: Box::new(base), args }, range)
}

pub(crate) fn try_(value: Expr, end: u32) -> Expr {
    let range = at(value.range.start, end);
    Expr::new(ExprKind::Try(Box::new(value)), range)
}

pub(crate) fn string(
    first: SmolStr,
    value: Expr,
    rest: Vec<(SmolStr, Expr)>,
    last: SmolStr,
    range: TextRange,
) -> Expr {
    let mut parts = Vec::with_capacity(2 * rest.len() + 3);
    let text = |text: SmolStr| (!text.is_empty()).then_some(StringPart::Text(text));
    parts.extend(text(first));
    parts.push(StringPart::Expr(value));
    for (middle, value) in rest {
        parts.extend(text(middle));
        parts.push(StringPart::Expr(value));
    }
    parts.extend(text(last));
    Expr::new(ExprKind::String(parts), range)
}

pub(crate) fn match_(
    inout: Option<TextRange>,
    scrutinee: Expr,
    arms: Vec<Option<Box<Arm>>>,
    range: TextRange,
) -> Expr {
    let arms = unboxed(present(arms));
    Expr::new(ExprKind::Match { inout, scrutinee: Box::new(scrutinee), arms }, range)
}

pub(crate) fn par_for(pattern: Pattern, iterable: Expr, body: Block, range: TextRange) -> Expr {
    let (pattern, iterable) = (Box::new(pattern), Box::new(iterable));
    Expr::new(ExprKind::ParFor { pattern, iterable, body }, range)
}

pub(crate) fn with(effect: Path, value: Expr, body: Block, range: TextRange) -> Expr {
    Expr::new(ExprKind::With { effect, value: Box::new(value), body }, range)
}

pub(crate) fn anonymous(init: RecordInit, rest: Option<Vec<Option<RecordInit>>>, range: TextRange) -> Expr {
    let inits = first(init, present(rest.unwrap_or_default()));
    Expr::new(ExprKind::Record { path: None, inits }, range)
}

// ---- patterns ----

pub(crate) fn pattern(kind: PatternKind, start: u32, end: u32) -> Pattern {
    Pattern { kind, range: at(start, end) }
}

pub(crate) fn alternatives(mut list: Vec<Pattern>) -> Pattern {
    match (list.len(), list.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            let range = list.first().map_or(last.range, |first| first.range.join(last.range));
            list.push(last);
            Pattern { kind: PatternKind::Or(list), range }
        }
        (_, None) => Pattern { kind: PatternKind::Or(Vec::new()), range: TextRange::default() },
    }
}

pub(crate) fn pattern_as(pattern: Pattern, name: Name) -> Pattern {
    let range = pattern.range.join(name.range);
    Pattern { kind: PatternKind::As { pattern: Box::new(pattern), name }, range }
}

pub(crate) fn string_literal_pattern(text: SmolStr, start: u32, end: u32) -> Pattern {
    let range = at(start, end);
    let literal = PatternLiteral { negative: false, literal: Literal::String(text), range };
    Pattern { kind: PatternKind::Literal(literal), range }
}

pub(crate) fn string_pattern(
    first: SmolStr,
    capture: Pattern,
    rest: Vec<(SmolStr, Pattern)>,
    last: SmolStr,
    start: u32,
    end: u32,
) -> Pattern {
    let mut parts = Vec::with_capacity(2 * rest.len() + 3);
    let text = |text: SmolStr| (!text.is_empty()).then_some(StringPatternPart::Text(text));
    parts.extend(text(first));
    parts.push(StringPatternPart::Capture(capture));
    for (middle, capture) in rest {
        parts.extend(text(middle));
        parts.push(StringPatternPart::Capture(capture));
    }
    parts.extend(text(last));
    pattern(PatternKind::String(parts), start, end)
}
