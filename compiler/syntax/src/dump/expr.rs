//! Expressions, statements and patterns as S-expressions.

use super::item::{name, path, ty, type_args};
use super::{Sexpr, atom, node};
use crate::ast::*;

pub(super) fn list<T>(items: &[T], show: impl FnMut(&T) -> Sexpr) -> Vec<Sexpr> {
    items.iter().map(show).collect()
}

pub(super) fn expr(value: &Expr) -> Sexpr {
    match &value.kind {
        ExprKind::Literal(value) => literal(value),
        ExprKind::String(parts) => {
            let part = |part: &StringPart| match part {
                StringPart::Text(text) => atom(format!("{:?}", text.as_str())),
                StringPart::Expr(inner) => expr(inner),
            };
            node("string", list(parts, part))
        }
        ExprKind::Name(named) => name(named),
        ExprKind::Builtin(case) => atom(case.as_str()),
        ExprKind::Paren(inner) => node("paren", [expr(inner)]),
        ExprKind::Tuple(parts) => node("tuple", list(parts, expr)),
        ExprKind::List(entries) => {
            let entry = |entry: &ListEntry| match entry {
                ListEntry::Element(inner) => expr(inner),
                ListEntry::Spread(inner) => node("..", [expr(inner)]),
            };
            node("list", list(entries, entry))
        }
        ExprKind::Map(entries) => {
            let entry = |entry: &MapEntry| match entry {
                MapEntry::Pair(key, value) => Sexpr::List(vec![expr(key), expr(value)]),
                MapEntry::Spread(inner) => node("..", [expr(inner)]),
            };
            node("map", list(entries, entry))
        }
        ExprKind::Record { path: named, inits } => {
            let named = named.as_ref().map_or(atom("_"), path);
            node("new", [named].into_iter().chain(list(inits, init)))
        }
        ExprKind::Field { base, name: field } => node(".", [expr(base), name(field)]),
        ExprKind::TupleField { base, index, .. } => node(".", [expr(base), atom(index.to_string())]),
        ExprKind::Index { base, args } => node("index", [expr(base)].into_iter().chain(list(args, arg))),
        ExprKind::Call { callee, type_args, args } => call("call", callee, type_args, args),
        ExprKind::MethodCall { receiver, name, type_args, args } => {
            call(&format!(".{}", name.text), receiver, type_args, args)
        }
        ExprKind::Pipe { value, callee, type_args: types, args } => {
            let mut parts = vec![expr(value), expr(callee)];
            parts.extend(shown_type_args(types));
            parts.extend(list(args, arg));
            node("|>", parts)
        }
        ExprKind::Try(inner) => node("?", [expr(inner)]),
        ExprKind::Unary { op, operand } => node(op.as_str(), [expr(operand)]),
        ExprKind::Binary { op, left, right, .. } => node(op.as_str(), [expr(left), expr(right)]),
        ExprKind::Coalesce { value, fallback } => node("??", [expr(value), expr(fallback)]),
        ExprKind::Range { start, end, inclusive } => {
            let end = end.iter().map(|end| expr(end));
            node(if *inclusive { "..=" } else { ".." }, [expr(start)].into_iter().chain(end))
        }
        ExprKind::Is { value, pattern: what } => node("is", [expr(value), pattern(what)]),
        _ => control(value),
    }
}

/// The expressions that hold statements or leave.
fn control(value: &Expr) -> Sexpr {
    match &value.kind {
        ExprKind::Block(inner) => block(inner),
        ExprKind::If { condition, then, otherwise } => {
            let otherwise = otherwise.iter().map(|otherwise| expr(otherwise));
            node("if", [expr(condition), block(then)].into_iter().chain(otherwise))
        }
        ExprKind::Match { inout, scrutinee, arms } => {
            let inout = inout.iter().map(|_| atom("inout"));
            node("match", inout.chain([expr(scrutinee)]).chain(list(arms, arm)))
        }
        ExprKind::Closure(closure) => {
            let params = list(&closure.params, |param: &ClosureParam| match &param.ty {
                None => pattern(&param.pattern),
                Some(typed) => node(":", [pattern(&param.pattern), ty(typed)]),
            });
            let result = closure.result.iter().map(|result| node("->", [ty(result)]));
            node("closure", [Sexpr::List(params)].into_iter().chain(result).chain([expr(&closure.body)]))
        }
        ExprKind::Par(branches) => node("par", list(branches, expr)),
        ExprKind::ParFor { pattern: what, iterable, body } => {
            node("par-for", [pattern(what), expr(iterable), block(body)])
        }
        ExprKind::With { effect, value, body } => node("with", [path(effect), expr(value), block(body)]),
        ExprKind::Return(inner) => node("return", inner.iter().map(|inner| expr(inner))),
        ExprKind::Break => node("break", []),
        ExprKind::Continue => node("continue", []),
        ExprKind::Do(inner) => node("do", [stmt(inner)]),
        _ => node("error", []),
    }
}

fn call(head: &str, first: &Expr, types: &[TypeArg], args: &[Arg]) -> Sexpr {
    let mut parts = vec![expr(first)];
    parts.extend(shown_type_args(types));
    parts.extend(list(args, arg));
    node(head, parts)
}

fn shown_type_args(types: &[TypeArg]) -> Option<Sexpr> {
    (!types.is_empty()).then(|| node("types", type_args(types)))
}

pub(super) fn arg(arg: &Arg) -> Sexpr {
    let value = expr(&arg.value);
    match (&arg.label, arg.inout) {
        (Some(label), _) => node(&format!("{}:", label.text), [value]),
        (None, Some(_)) => node("inout", [value]),
        (None, None) => value,
    }
}

fn init(init: &RecordInit) -> Sexpr {
    match init {
        RecordInit::Field { name: field, value: None } => name(field),
        RecordInit::Field { name, value: Some(value) } => node(&format!("{}:", name.text), [expr(value)]),
        RecordInit::Spread(inner) => node("..", [expr(inner)]),
    }
}

fn arm(arm: &Arm) -> Sexpr {
    let guard = arm.guard.iter().map(|guard| node("if", [expr(guard)]));
    node("=>", [pattern(&arm.pattern)].into_iter().chain(guard).chain([expr(&arm.body)]))
}

pub(super) fn block(block: &Block) -> Sexpr {
    node("block", list(&block.stmts, stmt))
}

fn stmt(stmt: &Stmt) -> Sexpr {
    let binding = |keyword, what: &Pattern, typed: &Option<Type>, value: &Expr, otherwise: Option<&Block>| {
        let typed = typed.iter().map(|typed| node(":", [ty(typed)]));
        let otherwise = otherwise.map(|otherwise| node("else", [block(otherwise)]));
        node(keyword, [pattern(what)].into_iter().chain(typed).chain([expr(value)]).chain(otherwise))
    };
    match &stmt.kind {
        StmtKind::Let { pattern, ty, value, otherwise } => {
            binding("let", pattern, ty, value, otherwise.as_ref())
        }
        StmtKind::Var { pattern, ty, value } => binding("var", pattern, ty, value, None),
        StmtKind::Assign { place, op, value, .. } => {
            let op = op.map_or("", BinaryOp::as_str);
            node(&format!("{op}="), [expr(place), expr(value)])
        }
        StmtKind::For { pattern: what, iterable, body } => {
            node("for", [pattern(what), expr(iterable), block(body)])
        }
        StmtKind::While { condition, body } => node("while", [expr(condition), block(body)]),
        StmtKind::Assert(value) => node("assert", [expr(value)]),
        StmtKind::Yield(value) => node("yield", [expr(value)]),
        StmtKind::Expr(value) => expr(value),
        StmtKind::Error(_) => node("error", []),
    }
}

fn literal(literal: &Literal) -> Sexpr {
    atom(match literal {
        Literal::Int(value) => value.to_string(),
        Literal::Float(text) => text.to_string(),
        Literal::Char(value) => format!("{value:?}"),
        Literal::Byte(value) => format!("b'{}'", value.escape_ascii()),
        Literal::String(text) => format!("{:?}", text.as_str()),
        Literal::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        Literal::Bool(value) => value.to_string(),
    })
}

fn signed(value: &PatternLiteral) -> Sexpr {
    let shown = literal(&value.literal);
    if value.negative { node("-", [shown]) } else { shown }
}

fn pattern(what: &Pattern) -> Sexpr {
    match &what.kind {
        PatternKind::Wildcard => atom("_"),
        PatternKind::Bind { inout: None, name: bound } => name(bound),
        PatternKind::Bind { inout: Some(_), name: bound } => node("inout", [name(bound)]),
        PatternKind::As { pattern: inner, name: bound } => node("as", [pattern(inner), name(bound)]),
        PatternKind::Or(alternatives) => node("|", list(alternatives, pattern)),
        PatternKind::Literal(value) => signed(value),
        PatternKind::Range { start, end, inclusive } => node(
            if *inclusive { "..=" } else { ".." },
            [signed(start)].into_iter().chain(end.iter().map(signed)),
        ),
        PatternKind::String(parts) => {
            let part = |part: &StringPatternPart| match part {
                StringPatternPart::Text(text) => atom(format!("{:?}", text.as_str())),
                StringPatternPart::Capture(inner) => pattern(inner),
            };
            node("string", list(parts, part))
        }
        PatternKind::Builtin { case, args } if args.is_empty() && *case == BuiltinCase::None => atom("none"),
        PatternKind::Builtin { case, args } => node(case.as_str(), list(args, pattern)),
        PatternKind::Case { path: named, args: None, .. } => path(named),
        PatternKind::Case { path: named, args: Some(args), rest } => {
            let args = list(args, |arg: &CasePattern| match &arg.label {
                None => pattern(&arg.pattern),
                Some(label) => node(&format!("{}:", label.text), [pattern(&arg.pattern)]),
            });
            node("case", [path(named)].into_iter().chain(args).chain(rest.map(|_| atom(".."))))
        }
        PatternKind::Record { path: named, fields, rest } => {
            let fields = list(fields, |field: &FieldPattern| match (&field.pattern, field.inout) {
                (None, None) => name(&field.name),
                (None, Some(_)) => node("inout", [name(&field.name)]),
                (Some(inner), _) => node(&format!("{}:", field.name.text), [pattern(inner)]),
            });
            let named = named.as_ref().map_or(atom("_"), path);
            node("fields", [named].into_iter().chain(fields).chain(rest.map(|_| atom(".."))))
        }
        PatternKind::Tuple(parts) => node("tuple", list(parts, pattern)),
        PatternKind::List(elements) => {
            let element = |element: &ListPattern| match element {
                ListPattern::Element(inner) => pattern(inner),
                ListPattern::Rest(None, _) => atom(".."),
                ListPattern::Rest(Some(bound), _) => node("..", [name(bound)]),
            };
            node("list", list(elements, element))
        }
        PatternKind::Error(_) => node("error", []),
    }
}
