//! Expressions and statements.

use super::{Names, next_id};
use crate::body::{
    Arg, Arm, Block, Body, BodySourceMap, Closure, ClosureParam, Expr, ExprId, ListEntry, MapEntry, OpId,
    Pat, RecordInit, Stmt, StringPart,
};
use dot_diagnostics::TextRange;
use dot_syntax::ast;

/// The body whose value `root` gives.
pub(crate) fn lower_body(root: Root<'_>) -> (Body, BodySourceMap) {
    let mut builder = BodyBuilder::default();
    let root = match root {
        Root::Block(block) => builder.block(block),
        Root::Expr(expr) => builder.expr(expr),
    };
    let BodyBuilder { names, exprs, body_pats, mut map } = builder;
    map.types = names.type_ranges;
    map.names = names.name_ranges;
    (Body { exprs, pats: body_pats, types: names.types, root }, map)
}

/// What a body is made from.
#[derive(Clone, Copy)]
pub(crate) enum Root<'a> {
    /// The braces of a function or test.
    Block(&'a ast::Block),
    /// A constant's or default's value.
    Expr(&'a ast::Expr),
}

/// A body under construction.
#[derive(Default)]
pub(super) struct BodyBuilder {
    pub(super) names: Names,
    exprs: Vec<Expr>,
    pub(super) body_pats: Vec<Pat>,
    pub(super) map: BodySourceMap,
}

impl BodyBuilder {
    fn push(&mut self, expr: Expr, range: TextRange) -> ExprId {
        let id = ExprId(next_id(&self.exprs));
        self.exprs.push(expr);
        self.map.exprs.push(range);
        id
    }

    fn op(&mut self, range: TextRange) -> OpId {
        let id = OpId(next_id(&self.map.ops));
        self.map.ops.push(range);
        id
    }

    fn block(&mut self, block: &ast::Block) -> ExprId {
        let stmts = block.stmts.iter().map(|stmt| self.stmt(stmt)).collect();
        self.push(Expr::Block(Block { stmts }), block.range)
    }

    fn exprs(&mut self, exprs: &[ast::Expr]) -> Vec<ExprId> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn args(&mut self, args: &[ast::Arg]) -> Vec<Arg> {
        args.iter()
            .map(|arg| Arg {
                label: arg.label.as_ref().map(|label| self.names.name(label)),
                inout: arg.inout.is_some(),
                value: self.expr(&arg.value),
            })
            .collect()
    }

    fn expr(&mut self, expr: &ast::Expr) -> ExprId {
        let lowered = match &expr.kind {
            ast::ExprKind::Paren(inner) => return self.expr(inner),
            ast::ExprKind::Block(block) => return self.block(block),
            ast::ExprKind::Literal(literal) => Expr::Literal(literal.clone()),
            ast::ExprKind::Name(name) => Expr::Name(self.names.name(name)),
            ast::ExprKind::Builtin(case) => Expr::Builtin(*case),
            ast::ExprKind::Break => Expr::Break,
            ast::ExprKind::Continue => Expr::Continue,
            ast::ExprKind::Error(_) => Expr::Error,
            ast::ExprKind::String(_)
            | ast::ExprKind::Tuple(_)
            | ast::ExprKind::List(_)
            | ast::ExprKind::Map(_)
            | ast::ExprKind::Record { .. } => self.construction(&expr.kind),
            ast::ExprKind::Field { .. }
            | ast::ExprKind::TupleField { .. }
            | ast::ExprKind::Index { .. }
            | ast::ExprKind::Call { .. }
            | ast::ExprKind::MethodCall { .. }
            | ast::ExprKind::Pipe { .. } => self.postfix(&expr.kind),
            ast::ExprKind::Try(_)
            | ast::ExprKind::Unary { .. }
            | ast::ExprKind::Binary { .. }
            | ast::ExprKind::Coalesce { .. }
            | ast::ExprKind::Range { .. }
            | ast::ExprKind::Is { .. } => self.operation(&expr.kind),
            ast::ExprKind::If { .. }
            | ast::ExprKind::Match { .. }
            | ast::ExprKind::Closure(_)
            | ast::ExprKind::Par(_)
            | ast::ExprKind::ParFor { .. }
            | ast::ExprKind::With { .. }
            | ast::ExprKind::Return(_)
            | ast::ExprKind::Do(_) => self.control(&expr.kind),
        };
        self.push(lowered, expr.range)
    }

    /// Literals with parts.
    fn construction(&mut self, kind: &ast::ExprKind) -> Expr {
        match kind {
            ast::ExprKind::String(parts) => Expr::String(
                parts
                    .iter()
                    .map(|part| match part {
                        ast::StringPart::Text(text) => StringPart::Text(text.clone()),
                        ast::StringPart::Expr(inner) => StringPart::Expr(self.expr(inner)),
                    })
                    .collect(),
            ),
            ast::ExprKind::Tuple(parts) => Expr::Tuple(self.exprs(parts)),
            ast::ExprKind::List(entries) => Expr::List(
                entries
                    .iter()
                    .map(|entry| match entry {
                        ast::ListEntry::Element(inner) => ListEntry::Element(self.expr(inner)),
                        ast::ListEntry::Spread(inner) => ListEntry::Spread(self.expr(inner)),
                    })
                    .collect(),
            ),
            ast::ExprKind::Map(entries) => Expr::Map(
                entries
                    .iter()
                    .map(|entry| match entry {
                        ast::MapEntry::Pair(key, value) => MapEntry::Pair(self.expr(key), self.expr(value)),
                        ast::MapEntry::Spread(inner) => MapEntry::Spread(self.expr(inner)),
                    })
                    .collect(),
            ),
            ast::ExprKind::Record { path, inits } => Expr::Record {
                path: path.as_ref().map(|path| self.names.path(path)),
                inits: inits.iter().map(|init| self.record_init(init)).collect(),
            },
            _ => Expr::Error,
        }
    }

    fn record_init(&mut self, init: &ast::RecordInit) -> RecordInit {
        match init {
            ast::RecordInit::Spread(inner) => RecordInit::Spread(self.expr(inner)),
            ast::RecordInit::Field { name: field, value } => {
                let name = self.names.name(field);
                let value = match value {
                    Some(value) => self.expr(value),
                    None => {
                        let variable = self.names.name(field);
                        self.push(Expr::Name(variable), field.range)
                    }
                };
                RecordInit::Field { name, value }
            }
        }
    }

    /// What stands after an expression, and calls.
    fn postfix(&mut self, kind: &ast::ExprKind) -> Expr {
        match kind {
            ast::ExprKind::Field { base, name } => {
                Expr::Field { base: self.expr(base), name: self.names.name(name) }
            }
            ast::ExprKind::TupleField { base, index, .. } => {
                Expr::TupleField { base: self.expr(base), index: *index }
            }
            ast::ExprKind::Index { base, args } => {
                Expr::Index { base: self.expr(base), args: self.args(args) }
            }
            ast::ExprKind::Call { callee, type_args, args } => Expr::Call {
                callee: self.expr(callee),
                type_args: self.names.type_args(type_args),
                args: self.args(args),
            },
            ast::ExprKind::MethodCall { receiver, name, type_args, args } => Expr::MethodCall {
                receiver: self.expr(receiver),
                name: self.names.name(name),
                type_args: self.names.type_args(type_args),
                args: self.args(args),
            },
            ast::ExprKind::Pipe { value, callee, type_args, args } => Expr::Pipe {
                value: self.expr(value),
                callee: self.expr(callee),
                type_args: self.names.type_args(type_args),
                args: self.args(args),
            },
            _ => Expr::Error,
        }
    }

    /// Operators.
    fn operation(&mut self, kind: &ast::ExprKind) -> Expr {
        match kind {
            ast::ExprKind::Try(inner) => Expr::Try(self.expr(inner)),
            ast::ExprKind::Unary { op, operand } => Expr::Unary { op: *op, operand: self.expr(operand) },
            ast::ExprKind::Binary { op, op_range, left, right } => Expr::Binary {
                op: *op,
                left: self.expr(left),
                op_id: self.op(*op_range),
                right: self.expr(right),
            },
            ast::ExprKind::Coalesce { value, fallback } => {
                Expr::Coalesce { value: self.expr(value), fallback: self.expr(fallback) }
            }
            ast::ExprKind::Range { start, end, inclusive } => Expr::Range {
                start: self.expr(start),
                end: end.as_ref().map(|end| self.expr(end)),
                inclusive: *inclusive,
            },
            ast::ExprKind::Is { value, pattern } => {
                Expr::Is { value: self.expr(value), pat: self.pat(pattern) }
            }
            _ => Expr::Error,
        }
    }

    /// What decides what runs.
    fn control(&mut self, kind: &ast::ExprKind) -> Expr {
        match kind {
            ast::ExprKind::If { condition, then, otherwise } => Expr::If {
                condition: self.expr(condition),
                then: self.block(then),
                otherwise: otherwise.as_ref().map(|otherwise| self.expr(otherwise)),
            },
            ast::ExprKind::Match { inout, scrutinee, arms } => Expr::Match {
                inout: inout.is_some(),
                scrutinee: self.expr(scrutinee),
                arms: arms.iter().map(|arm| self.arm(arm)).collect(),
            },
            ast::ExprKind::Closure(closure) => Expr::Closure(self.closure(closure)),
            ast::ExprKind::Par(parts) => Expr::Par(self.exprs(parts)),
            ast::ExprKind::ParFor { pattern, iterable, body } => {
                Expr::ParFor { iterable: self.expr(iterable), pat: self.pat(pattern), body: self.block(body) }
            }
            ast::ExprKind::With { effect, value, body } => Expr::With {
                effect: self.names.path(effect),
                value: self.expr(value),
                body: self.block(body),
            },
            ast::ExprKind::Return(value) => Expr::Return(value.as_ref().map(|value| self.expr(value))),
            ast::ExprKind::Do(stmt) => Expr::Do(Box::new(self.stmt(stmt))),
            _ => Expr::Error,
        }
    }

    fn arm(&mut self, arm: &ast::Arm) -> Arm {
        Arm {
            pat: self.pat(&arm.pattern),
            guard: arm.guard.as_ref().map(|guard| self.expr(guard)),
            body: self.expr(&arm.body),
        }
    }

    fn closure(&mut self, closure: &ast::Closure) -> Closure {
        Closure {
            params: closure
                .params
                .iter()
                .map(|param| ClosureParam {
                    pat: self.pat(&param.pattern),
                    ty: param.ty.as_ref().map(|ty| self.names.ty(ty)),
                })
                .collect(),
            ret: closure.result.as_ref().map(|result| self.names.ty(result)),
            body: self.expr(&closure.body),
        }
    }

    fn stmt(&mut self, stmt: &ast::Stmt) -> Stmt {
        match &stmt.kind {
            ast::StmtKind::Let { pattern, ty, value, otherwise } => Stmt::Let {
                value: self.expr(value),
                otherwise: otherwise.as_ref().map(|otherwise| self.block(otherwise)),
                pat: self.pat(pattern),
                ty: ty.as_ref().map(|ty| self.names.ty(ty)),
            },
            ast::StmtKind::Var { pattern, ty, value } => Stmt::Var {
                value: self.expr(value),
                pat: self.pat(pattern),
                ty: ty.as_ref().map(|ty| self.names.ty(ty)),
            },
            ast::StmtKind::Assign { place, op, op_range, value } => Stmt::Assign {
                place: self.expr(place),
                op: *op,
                op_id: self.op(*op_range),
                value: self.expr(value),
            },
            ast::StmtKind::For { pattern, iterable, body } => {
                Stmt::For { iterable: self.expr(iterable), pat: self.pat(pattern), body: self.block(body) }
            }
            ast::StmtKind::While { condition, body } => {
                Stmt::While { condition: self.expr(condition), body: self.block(body) }
            }
            ast::StmtKind::Assert(value) => Stmt::Assert(self.expr(value)),
            ast::StmtKind::Yield(value) => Stmt::Yield(self.expr(value)),
            ast::StmtKind::Expr(value) => Stmt::Expr(self.expr(value)),
            ast::StmtKind::Error(_) => Stmt::Error,
        }
    }
}
