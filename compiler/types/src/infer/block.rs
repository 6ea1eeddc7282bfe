//! Blocks and statements.

use super::{Expected, Infer, Mutability, Patch, Typed, Why};
use crate::Diagnostic;
use crate::table::{Con, TypeId};
use crate::thir;
use crate::thir::{AssignOp, ExprKind, Piece, Stmt, TrapKind};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body::{self as hir, BinaryOp, Expr};

/// What a failed assertion says where there is no more to tell.
pub(super) const ASSERTION_FAILED: &str = "assertion failed";

impl<'db> Infer<'db> {
    pub(super) fn infer_block(
        &mut self,
        block: &hir::Block,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let mark = self.scopes.enter();
        let mut stmts = Vec::new();
        let mut never = false;
        let mut tail = None;
        for (index, stmt) in block.stmts.iter().enumerate() {
            let before = never;
            match stmt {
                hir::Stmt::Expr(expr) if index + 1 == block.stmts.len() => {
                    tail = Some(self.infer(*expr, hint));
                }
                stmt => never |= self.infer_settled(stmt, &mut stmts),
            }
            if never && !before {
                self.check_reached(&block.stmts[index + 1..]);
            }
        }
        self.scopes.leave(mark);
        let ty = match tail {
            Some(tail) if !never => tail.ty,
            None if !never => self.unit_type(),
            _ => self.never_type(),
        };
        self.emit(ExprKind::Block { stmts, tail: tail.map(|tail| tail.id) }, ty, range)
    }

    /// Tells that what comes after a statement that never ends is not reached.
    fn check_reached(&mut self, rest: &[hir::Stmt]) {
        let mut ranges = rest.iter().filter_map(|stmt| self.stmt_range(stmt));
        let Some(first) = ranges.next() else { return };
        let range = ranges.fold(first, TextRange::join);
        let diagnostic =
            Diagnostic::warning(codes::UNREACHABLE_CODE, "this is never reached", self.span(range))
                .with_note("What stands before it returns, leaves the loop, or traps.");
        self.diagnostics.push(diagnostic);
    }

    /// From the first part of a statement that has a place to its end.
    fn stmt_range(&self, stmt: &hir::Stmt) -> Option<TextRange> {
        let (pat, expr) = (|id| self.map.pat(id), |id| self.expr_range(id));
        Some(match stmt {
            hir::Stmt::Let { pat: p, value, otherwise, .. } => {
                pat(*p).join(expr(otherwise.unwrap_or(*value)))
            }
            hir::Stmt::Var { pat: p, value, .. } => pat(*p).join(expr(*value)),
            hir::Stmt::Assign { place, value, .. } => expr(*place).join(expr(*value)),
            hir::Stmt::For { pat: p, body, .. } => pat(*p).join(expr(*body)),
            hir::Stmt::While { condition, body } => expr(*condition).join(expr(*body)),
            hir::Stmt::Assert(value) | hir::Stmt::Yield(value) | hir::Stmt::Expr(value) => expr(*value),
            hir::Stmt::Error => return None,
        })
    }

    /// Infers a statement; the types of its literals that nothing has decided by its end are settled. Returns
    /// whether it never ends.
    fn infer_settled(&mut self, stmt: &hir::Stmt, out: &mut Vec<Stmt>) -> bool {
        let open = self.table.open_literals();
        let never = self.infer_stmt(stmt, out);
        self.table.settle_literals(open);
        never
    }

    fn infer_stmt(&mut self, stmt: &hir::Stmt, out: &mut Vec<Stmt>) -> bool {
        match stmt {
            hir::Stmt::Let { pat, ty, value, otherwise } => {
                self.infer_let(*pat, *ty, *value, *otherwise, Mutability::Fixed, out)
            }
            hir::Stmt::Var { pat, ty, value } => {
                self.infer_let(*pat, *ty, *value, None, Mutability::Var, out)
            }
            hir::Stmt::Assign { place, op, op_id, value } => {
                let range = self.map.op(*op_id);
                if let Some(stmt) = self.infer_assign(*place, *op, *value, range) {
                    out.push(stmt);
                }
                false
            }
            hir::Stmt::For { pat, iterable, body } => {
                let range = self.expr_range(*iterable);
                let typed = self.infer_for(*pat, *iterable, *body, range);
                out.push(Stmt::Expr(typed.id));
                false
            }
            hir::Stmt::While { condition, body } => {
                let range = self.expr_range(*condition);
                let typed = self.infer_while(*condition, *body, range);
                out.push(Stmt::Expr(typed.id));
                false
            }
            hir::Stmt::Assert(condition) => {
                let typed = self.infer_assert(*condition);
                out.push(Stmt::Expr(typed.id));
                false
            }
            hir::Stmt::Yield(value) => {
                let typed = self.infer_yield(*value);
                out.push(Stmt::Expr(typed.id));
                false
            }
            hir::Stmt::Expr(expr) => {
                let typed = self.infer_statement_expr(*expr);
                out.push(Stmt::Expr(typed.id));
                self.table.is_never(typed.ty)
            }
            hir::Stmt::Error => {
                let typed = self.emit_error(TextRange::default());
                out.push(Stmt::Expr(typed.id));
                false
            }
        }
    }

    /// `yield e`: the next element of the stream that the function gives.
    fn infer_yield(&mut self, value: hir::ExprId) -> Typed {
        let range = self.expr_range(value);
        let in_function = self.frames.len() == 1;
        let Some(item) = self.frames.first().and_then(|frame| frame.yields).filter(|_| in_function) else {
            self.infer(value, None);
            let diagnostic = self
                .error(codes::OUTSIDE_PRODUCER, "`yield` outside of a function that gives a stream", range)
                .with_note("`yield` gives the next element, in a function whose result is a `stream`.");
            self.report(diagnostic);
            return self.emit_error(range);
        };
        self.check(value, Expected { ty: item, why: Why::Return });
        self.not_yet("`yield`", range)
    }

    /// What the function's body yields, if its result is a stream and it yields at all.
    pub(super) fn yielded(&self, ret: crate::table::TypeId) -> Option<crate::table::TypeId> {
        let yields = |stmt: &hir::Stmt| matches!(stmt, hir::Stmt::Yield(_));
        let is_producer = self.hir.exprs.iter().any(|expr| match expr {
            Expr::Block(block) => block.stmts.iter().any(yields),
            Expr::Do(stmt) => yields(stmt),
            _ => false,
        });
        match (self.table.head(ret), self.table.args(ret)) {
            (Some(Con::Stream), [item]) if is_producer => Some(*item),
            _ => None,
        }
    }

    /// An expression whose value is dropped, so it must be `()`.
    fn infer_statement_expr(&mut self, expr: hir::ExprId) -> Typed {
        let unit = self.unit_type();
        let expected = Expected { ty: unit, why: Why::Statement };
        let branches = matches!(self.hir.expr(expr), Expr::If { .. } | Expr::Match { .. } | Expr::Block(_));
        if branches {
            // So that the branch whose value is not used is the one that is told.
            return self.check(expr, expected);
        }
        let typed = self.infer(expr, None);
        match self.table.head(typed.ty) {
            Some(Con::Never | Con::Error) => typed,
            _ if self.is_unit(typed.ty) => typed,
            _ => {
                let range = self.range_of(typed.id);
                self.report_unused_value(typed.ty, range, false);
                typed
            }
        }
    }

    fn infer_let(
        &mut self,
        pat: hir::PatId,
        ty: Option<dot_hir::TypeRefId>,
        value: hir::ExprId,
        otherwise: Option<hir::ExprId>,
        mutability: Mutability,
        out: &mut Vec<Stmt>,
    ) -> bool {
        let init = match ty {
            Some(written) => {
                let ty = self.lower_type(written);
                let why = Why::Annotation(self.map.type_ref(written));
                let typed = self.check(value, Expected { ty, why });
                Typed { id: typed.id, ty }
            }
            None => self.infer(value, None),
        };
        let never = self.table.is_never(self.exprs[init.id.0 as usize].1);
        // The `else` block doesn't see what the pattern binds.
        let otherwise = otherwise.map(|block| self.check_diverges(block));
        let pattern = if otherwise.is_some() {
            self.check_pattern(pat, init.ty, mutability)
        } else {
            self.check_irrefutable(pat, init.ty, mutability)
        };
        out.push(Stmt::Let { pattern, init: init.id, otherwise });
        never
    }

    fn check_diverges(&mut self, block: hir::ExprId) -> thir::ExprId {
        let typed = self.infer(block, None);
        if !matches!(self.table.head(typed.ty), Some(Con::Never | Con::Error)) {
            let range = self.range_of(typed.id);
            let diagnostic = self
                .error(codes::ELSE_MUST_DIVERGE, "this `else` must not come to its end", range)
                .with_note(
                    "After `let … else` the names are bound, so the block leaves by `return`, `break`, …",
                );
            self.report(diagnostic);
        }
        typed.id
    }

    pub(super) fn infer_do(&mut self, stmt: &hir::Stmt, range: TextRange) -> Typed {
        let mut stmts = Vec::new();
        let never = self.infer_stmt(stmt, &mut stmts);
        let ty = if never { self.never_type() } else { self.unit_type() };
        self.emit(ExprKind::Block { stmts, tail: None }, ty, range)
    }

    fn infer_assign(
        &mut self,
        place: hir::ExprId,
        op: Option<BinaryOp>,
        value: hir::ExprId,
        op_range: TextRange,
    ) -> Option<Stmt> {
        let target = self.infer_place(place);
        let at = self.range_of(target.id);
        let stmt = self.infer_assign_to(target, at, op, value, op_range)?;
        if let Stmt::Assign { value, .. } = &stmt {
            self.places.push((*value, at));
        }
        Some(stmt)
    }

    fn infer_assign_to(
        &mut self,
        target: Typed,
        at: TextRange,
        op: Option<BinaryOp>,
        value: hir::ExprId,
        op_range: TextRange,
    ) -> Option<Stmt> {
        let hint = Expected { ty: target.ty, why: Why::Place(at) };
        let Some(op) = op else {
            let value = self.check(value, hint);
            let place = self.place_of(target.id, "assigned to")?;
            return Some(Stmt::Assign { place, op: None, value: value.id });
        };
        let typed = self.infer(value, Some(hint));
        if op == BinaryOp::Add && self.table.head(target.ty) == Some(&Con::String) {
            let value = self.coerce(typed, hint);
            let place = self.place_of(target.id, "assigned to")?;
            return Some(Stmt::Assign { place, op: Some(AssignOp::Append), value: value.id });
        }
        let op = super::operator::arithmetic(op)?;
        let shift = matches!(op, thir::BinaryOp::Shl | thir::BinaryOp::Shr);
        let value = if shift { typed } else { self.coerce(typed, hint) };
        // Typed as the operation that it stands for, so that the operator is known to exist; for a shift, so
        // that a literal count gets its type.
        self.emit_arithmetic(op, target, value, op_range);
        let place = self.place_of(target.id, "assigned to")?;
        Some(Stmt::Assign { place, op: Some(AssignOp::Binary(op)), value: value.id })
    }

    /// `assert c`: a trap unless `c` holds. Of a comparison both sides are evaluated first, for the message.
    fn infer_assert(&mut self, condition: hir::ExprId) -> Typed {
        let range = self.expr_range(condition);
        let hir = self.hir;
        if let Expr::Binary { op, left, right, .. } = hir.expr(condition)
            && let Some(compare) = super::compare::compare_op(*op)
        {
            return self.infer_assert_compare(compare, op.as_str(), *left, *right, range);
        }
        let mark = self.scopes.enter();
        let cond = self.check_condition(condition);
        self.scopes.leave(mark);
        let message = vec![Piece::Text(ASSERTION_FAILED.into())];
        self.emit_assert(Vec::new(), cond, (message, None), range)
    }

    fn infer_assert_compare(
        &mut self,
        op: thir::CompareOp,
        sign: &str,
        left: hir::ExprId,
        right: hir::ExprId,
        range: TextRange,
    ) -> Typed {
        let left = self.infer(left, None);
        let hint = Expected { ty: left.ty, why: Why::Sibling(self.range_of(left.id)) };
        let right = self.infer(right, Some(hint));
        let Some((left, right)) = self.meet(left, right) else {
            self.report_operands(sign, left, right, range);
            return self.emit_error(range);
        };
        let (left, bind_left) = self.bind_temporary(left);
        let (right, bind_right) = self.bind_temporary(right);
        let cond = self.emit_compare(op, sign, left, right, range);
        let (shown_left, shown_right) = (self.emit_again(left), self.emit_again(right));
        let message = vec![
            Piece::Text("assertion failed: ".into()),
            Piece::Value(shown_left),
            Piece::Text(format!(" {sign} ").into()),
            Piece::Value(shown_right),
        ];
        self.emit_assert(vec![bind_left, bind_right], cond, (message, Some(left.ty)), range)
    }

    /// Another occurrence of an expression that stands for a local.
    pub(super) fn emit_again(&mut self, local: Typed) -> thir::ExprId {
        let (kind, ty) = self.exprs[local.id.0 as usize].clone();
        let range = self.range_of(local.id);
        self.emit(kind, ty, range).id
    }

    /// `compared` is the type of the values in the message.
    fn emit_assert(
        &mut self,
        mut stmts: Vec<Stmt>,
        cond: Typed,
        (message, compared): (Vec<Piece>, Option<TypeId>),
        range: TextRange,
    ) -> Typed {
        let string = self.table.con(Con::String);
        let message = self.emit(ExprKind::Interpolate(message), string, range);
        if let Some(ty) = compared {
            self.patches.insert(message.id, Patch::Told(ty));
        }
        let never = self.never_type();
        let kind = ExprKind::Trap { kind: TrapKind::Assert, message: message.id };
        let trap = self.emit(kind, never, range);
        let holds = self.emit_unit(range);
        let unit = self.unit_type();
        let kind = ExprKind::If { cond: cond.id, then_branch: holds.id, else_branch: Some(trap.id) };
        let check = self.emit(kind, unit, range);
        if stmts.is_empty() {
            return check;
        }
        stmts.push(Stmt::Expr(check.id));
        self.emit(ExprKind::Block { stmts, tail: None }, unit, range)
    }
}
