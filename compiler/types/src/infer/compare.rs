//! Comparisons, conditions and `is`.

use super::{Expected, Infer, Typed, Why};
use crate::own::Operation;
use crate::thir::{Arg, Callee, CompareOp, ExprKind};
use dot_db::Item;
use dot_diagnostics::TextRange;
use dot_hir::body::{self as hir, BinaryOp, Expr};

impl<'db> Infer<'db> {
    pub(super) fn infer_compare(
        &mut self,
        op: BinaryOp,
        left: hir::ExprId,
        right: hir::ExprId,
        range: TextRange,
    ) -> Typed {
        let Some(compare) = compare_op(op) else { return self.emit_error(range) };
        let left = self.infer(left, None);
        let hint = Expected { ty: left.ty, why: Why::Sibling(self.range_of(left.id)) };
        let right = self.infer(right, Some(hint));
        self.emit_compare(compare, op.as_str(), left, right, range)
    }

    pub(super) fn emit_compare(
        &mut self,
        op: CompareOp,
        sign: &str,
        left: Typed,
        right: Typed,
        range: TextRange,
    ) -> Typed {
        let Some((left, right)) = self.meet(left, right) else {
            self.report_operands(sign, left, right, range);
            return self.emit_error(range);
        };
        let operation = match op {
            CompareOp::Eq | CompareOp::Ne => Operation::Equal,
            _ => Operation::Compare,
        };
        self.require_structure(left.ty, operation, range, "comparisons look at the structure of data");
        let ty = self.bool_type();
        self.emit(ExprKind::Compare { op, left: left.id, right: right.id }, ty, range)
    }

    /// A call of a function with arguments that have been inferred already.
    pub(super) fn call_with_values(
        &mut self,
        function: Item<'db>,
        values: &[Typed],
        range: TextRange,
    ) -> Typed {
        let signature = crate::fn_signature(self.db, function);
        let vars = self.instantiate(&signature.generics, &[], range);
        let mut args = Vec::new();
        for (param, value) in signature.params.iter().zip(values) {
            let ty = self.table.import(param.ty, &vars);
            args.push(Arg::Value(self.coerce(*value, Expected { ty, why: Why::Plain }).id));
        }
        let ret = self.table.import(signature.ret, &vars);
        self.note_call(function, range);
        let callee = Callee::Item { item: function, type_args: Vec::new() };
        let typed = self.emit(ExprKind::Call { callee, args }, ret, range);
        self.patches.insert(typed.id, super::Patch::TypeArgs(vars));
        typed
    }

    /// A condition. What its `is` bind stays in scope, for the code that runs where it holds.
    pub(super) fn check_condition(&mut self, id: hir::ExprId) -> Typed {
        let ty = self.bool_type();
        let typed = self.infer_condition(id);
        self.coerce(typed, Expected { ty, why: Why::Condition })
    }

    /// Infers an expression that may bind through `&&`.
    pub(super) fn infer_condition(&mut self, id: hir::ExprId) -> Typed {
        let range = self.expr_range(id);
        let hir = self.hir;
        match hir.expr(id) {
            Expr::Is { value, pat } => self.infer_is(*value, *pat, range),
            Expr::Binary { op: BinaryOp::And, .. } => self.infer_conjunction(id),
            Expr::Binary { op: BinaryOp::Or, left, right, .. } => {
                let ty = self.bool_type();
                let expected = Expected { ty, why: Why::Condition };
                let left = self.check(*left, expected);
                let right = self.check(*right, expected);
                let kind = ExprKind::ShortCircuit { and: false, left: left.id, right: right.id };
                self.emit(kind, ty, range)
            }
            _ => self.infer(id, None),
        }
    }

    /// `a && b && c`: leans left and may be long.
    fn infer_conjunction(&mut self, id: hir::ExprId) -> Typed {
        let hir = self.hir;
        let mut first = id;
        let mut pending = Vec::new();
        while let Expr::Binary { op: BinaryOp::And, left, right, .. } = hir.expr(first) {
            pending.push((*right, self.expr_range(first)));
            first = *left;
        }
        let mut typed = self.check_condition(first);
        let ty = self.bool_type();
        while let Some((right, range)) = pending.pop() {
            let right = self.check_condition(right);
            let kind = ExprKind::ShortCircuit { and: true, left: typed.id, right: right.id };
            typed = self.emit(kind, ty, range);
        }
        typed
    }

    pub(super) fn infer_is(&mut self, value: hir::ExprId, pat: hir::PatId, range: TextRange) -> Typed {
        let scrutinee = self.infer(value, None);
        let pattern = self.check_pattern(pat, scrutinee.ty, super::Mutability::Fixed);
        let ty = self.bool_type();
        self.emit(ExprKind::Is { scrutinee: scrutinee.id, pattern }, ty, range)
    }
}

/// The comparison of an operator, if it is one.
pub(super) fn compare_op(op: BinaryOp) -> Option<CompareOp> {
    Some(match op {
        BinaryOp::Eq => CompareOp::Eq,
        BinaryOp::Ne => CompareOp::Ne,
        BinaryOp::Lt => CompareOp::Lt,
        BinaryOp::Le => CompareOp::Le,
        BinaryOp::Gt => CompareOp::Gt,
        BinaryOp::Ge => CompareOp::Ge,
        _ => return None,
    })
}
