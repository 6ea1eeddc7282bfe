//! Every form of expression.

use super::{Expected, Infer, Typed};
use dot_hir::body::{self as hir, Expr};

impl<'db> Infer<'db> {
    /// Infers an expression. What is expected is a hint: the answer need not be of that type.
    pub(super) fn infer(&mut self, id: hir::ExprId, hint: Option<Expected<'db>>) -> Typed {
        crate::stack::ensure(|| self.infer_form(id, hint))
    }

    fn infer_form(&mut self, id: hir::ExprId, hint: Option<Expected<'db>>) -> Typed {
        let range = self.expr_range(id);
        let hir = self.hir;
        match hir.expr(id) {
            Expr::Literal(literal) => self.infer_literal(literal, hint, range),
            Expr::String(parts) => self.infer_string(parts, range),
            Expr::Name(name) => self.infer_name(name, hint, range),
            Expr::Builtin(case) => self.infer_builtin_case(*case, hint, range),
            Expr::Tuple(parts) => self.infer_tuple(parts, hint, range),
            Expr::List(entries) => self.infer_list(entries, hint, range),
            Expr::Map(entries) => self.infer_map(entries, hint, range),
            Expr::Record { path, inits } => self.infer_record(path.as_ref(), inits, hint, range),
            Expr::Field { base, name } => self.infer_field(*base, name, hint, range),
            Expr::TupleField { base, index } => self.infer_tuple_field(*base, *index, range),
            Expr::Index { base, args } => {
                let typed = self.infer_index(*base, args, range);
                self.read_default(typed)
            }
            Expr::Call { callee, type_args, args } => self.infer_call(*callee, type_args, args, hint, range),
            Expr::MethodCall { receiver, name, type_args, args } => {
                self.infer_method_call(*receiver, name, type_args, args, hint, range)
            }
            Expr::Pipe { value, callee, type_args, args } => {
                self.infer_pipe(*value, *callee, type_args, args, hint, range)
            }
            Expr::Try(value) => self.infer_try(*value, range),
            Expr::Unary { op, operand } => self.infer_unary(*op, *operand, hint, range),
            Expr::Binary { op, left, right, .. } => self.infer_binary(id, *op, *left, *right, hint, range),
            Expr::Coalesce { value, fallback } => self.infer_coalesce(*value, *fallback, hint, range),
            Expr::Range { .. } => self.report_range(range),
            Expr::Is { value, pat } => self.infer_scoped(|this| this.infer_is(*value, *pat, range)),
            Expr::Block(block) => self.infer_block(block, hint, range),
            Expr::If { condition, then, otherwise } => {
                self.infer_if(*condition, *then, *otherwise, hint, range)
            }
            Expr::Match { inout, scrutinee, arms } => self.infer_match(*inout, *scrutinee, arms, hint, range),
            Expr::Closure(closure) => self.infer_closure(closure, hint, range),
            Expr::Par(bodies) => self.infer_par(bodies, hint, range),
            Expr::ParFor { pat, iterable, body } => self.infer_par_for(*pat, *iterable, *body, hint, range),
            Expr::With { effect, value, body } => self.infer_with(effect, *value, *body, hint, range),
            Expr::Return(value) => self.infer_return(*value, range),
            Expr::Break => self.infer_jump(crate::thir::ExprKind::Break, "break", range),
            Expr::Continue => self.infer_jump(crate::thir::ExprKind::Continue, "continue", range),
            Expr::Do(stmt) => self.infer_do(stmt, range),
            Expr::Error => self.emit_error(range),
        }
    }

    /// Infers in a scope of its own.
    pub(super) fn infer_scoped(&mut self, infer: impl FnOnce(&mut Self) -> Typed) -> Typed {
        let mark = self.scopes.enter();
        let typed = infer(self);
        self.scopes.leave(mark);
        typed
    }
}
