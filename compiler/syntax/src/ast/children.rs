//! The expressions directly inside an expression, a block, a statement.

use super::{Block, Expr, ExprKind, ListEntry, MapEntry, RecordInit, Stmt, StmtKind, StringPart};

impl ExprKind {
    /// Calls `visit` with each expression directly inside this one, in the order of the text.
    pub fn for_each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match self {
            ExprKind::Literal(_)
            | ExprKind::Name(_)
            | ExprKind::Builtin(_)
            | ExprKind::Break
            | ExprKind::Continue
            | ExprKind::Error(_) => {}
            ExprKind::String(parts) => parts.iter().for_each(|part| match part {
                StringPart::Text(_) => {}
                StringPart::Expr(inner) => visit(inner),
            }),
            ExprKind::Tuple(elements) | ExprKind::Par(elements) => elements.iter().for_each(visit),
            ExprKind::List(entries) => entries.iter().for_each(|entry| match entry {
                ListEntry::Element(inner) | ListEntry::Spread(inner) => visit(inner),
            }),
            ExprKind::Map(entries) => entries.iter().for_each(|entry| match entry {
                MapEntry::Spread(inner) => visit(inner),
                MapEntry::Pair(key, value) => {
                    visit(key);
                    visit(value);
                }
            }),
            ExprKind::Record { inits, .. } => inits.iter().for_each(|init| match init {
                RecordInit::Field { value, .. } => value.iter().for_each(&mut *visit),
                RecordInit::Spread(inner) => visit(inner),
            }),
            ExprKind::Paren(inner)
            | ExprKind::Try(inner)
            | ExprKind::Field { base: inner, .. }
            | ExprKind::TupleField { base: inner, .. }
            | ExprKind::Unary { operand: inner, .. }
            | ExprKind::Is { value: inner, .. } => visit(inner),
            ExprKind::Index { base: first, args }
            | ExprKind::Call { callee: first, args, .. }
            | ExprKind::MethodCall { receiver: first, args, .. } => {
                visit(first);
                args.iter().for_each(|arg| visit(&arg.value));
            }
            ExprKind::Pipe { value, callee, args, .. } => {
                visit(value);
                visit(callee);
                args.iter().for_each(|arg| visit(&arg.value));
            }
            ExprKind::Binary { left, right, .. } | ExprKind::Coalesce { value: left, fallback: right } => {
                visit(left);
                visit(right);
            }
            ExprKind::Range { start, end, .. } => {
                visit(start);
                end.iter().for_each(|end| visit(end));
            }
            ExprKind::Block(block) => block.for_each_expr(visit),
            ExprKind::If { condition, then, otherwise } => {
                visit(condition);
                then.for_each_expr(visit);
                otherwise.iter().for_each(|otherwise| visit(otherwise));
            }
            ExprKind::Match { scrutinee, arms, .. } => {
                visit(scrutinee);
                for arm in arms {
                    arm.guard.iter().for_each(&mut *visit);
                    visit(&arm.body);
                }
            }
            ExprKind::Closure(closure) => visit(&closure.body),
            ExprKind::ParFor { iterable: first, body, .. } | ExprKind::With { value: first, body, .. } => {
                visit(first);
                body.for_each_expr(visit);
            }
            ExprKind::Return(value) => value.iter().for_each(|value| visit(value)),
            ExprKind::Do(stmt) => stmt.for_each_expr(visit),
        }
    }
}

impl Block {
    /// Calls `visit` with each expression directly inside the block's statements.
    pub fn for_each_expr<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        self.stmts.iter().for_each(|stmt| stmt.for_each_expr(visit));
    }
}

impl Stmt {
    /// Calls `visit` with each expression directly inside this statement.
    pub fn for_each_expr<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match &self.kind {
            StmtKind::Let { value, otherwise, .. } => {
                visit(value);
                otherwise.iter().for_each(|block| block.for_each_expr(visit));
            }
            StmtKind::Assign { place: first, value: second, .. } => {
                visit(first);
                visit(second);
            }
            StmtKind::For { iterable: first, body, .. } | StmtKind::While { condition: first, body } => {
                visit(first);
                body.for_each_expr(visit);
            }
            StmtKind::Var { value: inner, .. }
            | StmtKind::Assert(inner)
            | StmtKind::Yield(inner)
            | StmtKind::Expr(inner) => visit(inner),
            StmtKind::Error(_) => {}
        }
    }
}
