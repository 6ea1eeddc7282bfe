//! Operators.

use super::coerce::Fit;
use super::{Expected, Infer, Typed, Why};
use crate::table::{Con, TypeId, VarKind};
use crate::thir::{self, ExprKind, UnaryOp};
use crate::{Bound, IntKind};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body::{self as hir, BinaryOp, Literal};

/// What an operator wants of its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operands {
    /// Numbers.
    Number,
    /// Integers.
    Integer,
    /// Integers, bools or flags.
    Bits,
}

fn operands_of(op: thir::BinaryOp) -> Operands {
    use thir::BinaryOp as Op;
    match op {
        Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem => Operands::Number,
        Op::And | Op::Or | Op::Xor => Operands::Bits,
        _ => Operands::Integer,
    }
}

/// The arithmetic operation of an operator, if it is one.
pub(super) fn arithmetic(op: BinaryOp) -> Option<thir::BinaryOp> {
    Some(match op {
        BinaryOp::Add => thir::BinaryOp::Add,
        BinaryOp::Sub => thir::BinaryOp::Sub,
        BinaryOp::Mul => thir::BinaryOp::Mul,
        BinaryOp::Div => thir::BinaryOp::Div,
        BinaryOp::Rem => thir::BinaryOp::Rem,
        BinaryOp::AddWrap => thir::BinaryOp::WrappingAdd,
        BinaryOp::SubWrap => thir::BinaryOp::WrappingSub,
        BinaryOp::MulWrap => thir::BinaryOp::WrappingMul,
        BinaryOp::AddSaturate => thir::BinaryOp::SaturatingAdd,
        BinaryOp::SubSaturate => thir::BinaryOp::SaturatingSub,
        BinaryOp::MulSaturate => thir::BinaryOp::SaturatingMul,
        BinaryOp::Shl => thir::BinaryOp::Shl,
        BinaryOp::Shr => thir::BinaryOp::Shr,
        BinaryOp::BitAnd => thir::BinaryOp::And,
        BinaryOp::BitOr => thir::BinaryOp::Or,
        BinaryOp::BitXor => thir::BinaryOp::Xor,
        BinaryOp::Eq
        | BinaryOp::Ne
        | BinaryOp::Lt
        | BinaryOp::Le
        | BinaryOp::Gt
        | BinaryOp::Ge
        | BinaryOp::And
        | BinaryOp::Or => return None,
    })
}

impl<'db> Infer<'db> {
    pub(super) fn infer_binary(
        &mut self,
        id: hir::ExprId,
        op: BinaryOp,
        left: hir::ExprId,
        right: hir::ExprId,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            return self.infer_scoped(|this| this.infer_condition(id));
        }
        let Some(arithmetic) = arithmetic(op) else { return self.infer_compare(op, left, right, range) };
        self.infer_chain(arithmetic, left, right, hint, range)
    }

    /// A chain of operators leans left and may be long, so its left spine is walked by a loop.
    fn infer_chain(
        &mut self,
        op: thir::BinaryOp,
        left: hir::ExprId,
        right: hir::ExprId,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let mut pending = vec![(op, right, range)];
        let mut first = left;
        while let hir::Expr::Binary { op, left, right, .. } = self.hir.expr(first) {
            let Some(op) = arithmetic(*op) else { break };
            pending.push((op, *right, self.expr_range(first)));
            first = *left;
        }
        let mut typed = self.infer(first, hint.filter(|hint| self.is_numeric(hint.ty)));
        while let Some((op, right, range)) = pending.pop() {
            let hint = Expected { ty: typed.ty, why: Why::Sibling(self.range_of(typed.id)) };
            let shift = matches!(op, thir::BinaryOp::Shl | thir::BinaryOp::Shr);
            let right = self.infer(right, (!shift && self.is_numeric(typed.ty)).then_some(hint));
            typed = self.emit_arithmetic(op, typed, right, range);
        }
        typed
    }

    fn is_numeric(&self, ty: TypeId) -> bool {
        matches!(self.table.head(ty), Some(Con::Int(_) | Con::Float(_) | Con::Adt(_)))
    }

    pub(super) fn emit_arithmetic(
        &mut self,
        op: thir::BinaryOp,
        left: Typed,
        right: Typed,
        range: TextRange,
    ) -> Typed {
        if matches!(op, thir::BinaryOp::Shl | thir::BinaryOp::Shr) {
            return self.emit_shift(op, left, right, range);
        }
        let Some((left, right)) = self.meet(left, right) else {
            self.report_operands(op_text(op), left, right, range);
            return self.emit_error(range);
        };
        if !self.supports(op, left.ty) {
            self.report_operator(op, left, Some(right), range);
            return self.emit_error(range);
        }
        let ty = if self.table.is_never(left.ty) { right.ty } else { left.ty };
        self.emit(ExprKind::Binary { op, left: left.id, right: right.id }, ty, range)
    }

    fn emit_shift(&mut self, op: thir::BinaryOp, left: Typed, right: Typed, range: TextRange) -> Typed {
        if matches!(self.table.var_kind(right.ty), Some(VarKind::Number | VarKind::Int)) {
            // A literal's type is open, so it can be made this one; a count that traps is a number all the same.
            let fits = match &self.exprs[right.id.0 as usize].0 {
                ExprKind::Literal(thir::Literal::Int(value)) => u32::try_from(*value).is_ok(),
                _ => true,
            };
            let kind = if fits { IntKind::U32 } else { IntKind::S64 };
            let count = self.table.con(Con::Int(kind));
            let _ = self.table.unify(right.ty, count);
        }
        for side in [left, right] {
            if !self.supports(op, side.ty) {
                self.report_operator(op, side, None, range);
                return self.emit_error(range);
            }
        }
        self.emit(ExprKind::Binary { op, left: left.id, right: right.id }, left.ty, range)
    }

    /// Both operands as ones of one type, by widening one or by unification; nothing if that can't be.
    pub(super) fn meet(&mut self, left: Typed, right: Typed) -> Option<(Typed, Typed)> {
        if self.table.is_never(left.ty) || self.table.is_never(right.ty) {
            return Some((left, right));
        }
        match (self.numeric_fit(left.ty, right.ty), self.numeric_fit(right.ty, left.ty)) {
            (Some(Fit::Same), _) => Some((left, right)),
            (Some(Fit::Widens), _) => Some((self.widen(left, right.ty), right)),
            (_, Some(Fit::Widens)) => Some((left, self.widen(right, left.ty))),
            _ => self.table.unify(left.ty, right.ty).is_ok().then_some((left, right)),
        }
    }

    /// Whether an operator exists for operands of a type; an unknown type is left to be found out.
    fn supports(&mut self, op: thir::BinaryOp, ty: TypeId) -> bool {
        let wanted = operands_of(op);
        match self.table.head(ty) {
            Some(Con::Int(_) | Con::Never | Con::Error) => true,
            Some(Con::Float(_)) => wanted == Operands::Number,
            Some(Con::Bool) => wanted == Operands::Bits,
            Some(Con::Adt(item)) => wanted == Operands::Bits && crate::adt::is_flags(self.db, *item),
            Some(Con::Param(index)) => {
                let bound = self.generics.get(*index as usize).map(|generic| generic.bound);
                match wanted {
                    Operands::Number => matches!(bound, Some(Bound::Number | Bound::Integer | Bound::Float)),
                    Operands::Integer | Operands::Bits => bound == Some(Bound::Integer),
                }
            }
            Some(_) => false,
            None if wanted != Operands::Number => self.table.restrict_to_int(ty),
            None => self.table.var_kind(ty) != Some(VarKind::General),
        }
    }

    pub(super) fn report_operands(&mut self, op: &str, left: Typed, right: Typed, range: TextRange) {
        let (a, b) = (self.show(left.ty), self.show(right.ty));
        let (at_left, at_right) = (self.range_of(left.id), self.range_of(right.id));
        let mut diagnostic = self
            .error(codes::TYPE_MISMATCH, format!("the sides of `{op}` have different types"), range)
            .with_label(self.span(at_left), format!("this is {a}"))
            .with_label(self.span(at_right), format!("this is {b}"));
        let ints = |ty| matches!(self.table.head(ty), Some(Con::Int(_)));
        if ints(left.ty) && ints(right.ty) {
            diagnostic = diagnostic.with_note(
                "Neither type holds all values of the other. Convert one side: `s64(…)`, `u32(…)`.",
            );
        }
        let diagnostic = self.suggest_for_operands(diagnostic, op, left, right);
        self.report(diagnostic);
    }

    /// Tells an operator that does not exist for an operand's type.
    fn report_operator(
        &mut self,
        op: thir::BinaryOp,
        operand: Typed,
        right: Option<Typed>,
        range: TextRange,
    ) {
        let ty = operand.ty;
        if self.table.var_kind(ty) == Some(VarKind::General) {
            self.type_unknown("an operand", range);
            return;
        }
        let (shown, sign) = (self.show(ty), op_text(op));
        let mut diagnostic =
            self.error(codes::UNSUPPORTED_OPERATOR, format!("`{sign}` does not exist for {shown}"), range);
        diagnostic = match self.table.head(ty) {
            Some(Con::String) if op == thir::BinaryOp::Add => {
                diagnostic = diagnostic.with_note(
                    "Strings are put together by interpolation, `\"{a}{b}\"`, or in place by `a += b`.",
                );
                match right {
                    Some(right) => self.suggest_interpolation(diagnostic, operand, right),
                    None => diagnostic,
                }
            }
            Some(Con::Param(_)) => diagnostic.with_note(
                "A type parameter has the operators of its bound: `number` has `+ - * / %`, `integer` all.",
            ),
            _ => diagnostic,
        };
        self.report(diagnostic);
    }

    pub(super) fn infer_unary(
        &mut self,
        op: hir::UnaryOp,
        operand: hir::ExprId,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        if let (hir::UnaryOp::Neg, hir::Expr::Literal(literal)) = (op, self.hir.expr(operand)) {
            match literal {
                Literal::Int(value) => return self.emit_int(-i128::from(*value), hint, range),
                Literal::Float(_) => return self.infer_negative_float(literal, range),
                _ => {}
            }
        }
        match op {
            hir::UnaryOp::Not => {
                let ty = self.bool_type();
                let operand = self.check(operand, Expected { ty, why: Why::Condition });
                self.emit(ExprKind::Unary { op: UnaryOp::Not, operand: operand.id }, ty, range)
            }
            hir::UnaryOp::Neg | hir::UnaryOp::BitNot => {
                let hint = hint.filter(|hint| self.is_numeric(hint.ty));
                let operand = self.infer(operand, hint);
                let op = if op == hir::UnaryOp::Neg { UnaryOp::Neg } else { UnaryOp::BitNot };
                self.emit_unary(op, operand, range)
            }
        }
    }

    fn infer_negative_float(&mut self, literal: &Literal, range: TextRange) -> Typed {
        let ty = self.literal_type(literal);
        let value = self.literal_value(literal, true, range);
        let typed = self.emit(ExprKind::Literal(value), ty, range);
        self.patches.insert(typed.id, super::Patch::Number);
        typed
    }

    fn emit_unary(&mut self, op: UnaryOp, operand: Typed, range: TextRange) -> Typed {
        let negates = op == UnaryOp::Neg;
        let fits = match self.table.head(operand.ty) {
            Some(Con::Never | Con::Error) => true,
            Some(Con::Int(kind)) => !negates || kind.is_signed(),
            Some(Con::Float(_)) => negates,
            Some(Con::Param(index)) => {
                let bound = self.generics.get(*index as usize).map(|generic| generic.bound);
                if negates { bound == Some(Bound::Float) } else { bound == Some(Bound::Integer) }
            }
            Some(_) => false,
            None if self.table.var_kind(operand.ty) == Some(VarKind::General) => {
                return self.type_unknown("the operand", range);
            }
            None => negates || self.table.restrict_to_int(operand.ty),
        };
        if fits {
            return self.emit(ExprKind::Unary { op, operand: operand.id }, operand.ty, range);
        }
        let (sign, shown) = (if negates { "-" } else { "~" }, self.show(operand.ty));
        let title = format!("`{sign}` does not exist for {shown}");
        let mut diagnostic = self.error(codes::UNSUPPORTED_OPERATOR, title, range);
        if matches!(self.table.head(operand.ty), Some(Con::Int(_))) {
            diagnostic =
                diagnostic.with_note("An unsigned number has no negative. Convert it first: `-s64(x)`.");
        }
        self.report(diagnostic);
        self.emit_error(range)
    }
}

/// An operator as it is written.
fn op_text(op: thir::BinaryOp) -> &'static str {
    use thir::BinaryOp as Op;
    match op {
        Op::Add => "+",
        Op::Sub => "-",
        Op::Mul => "*",
        Op::Div => "/",
        Op::Rem => "%",
        Op::WrappingAdd => "+%",
        Op::WrappingSub => "-%",
        Op::WrappingMul => "*%",
        Op::SaturatingAdd => "+|",
        Op::SaturatingSub => "-|",
        Op::SaturatingMul => "*|",
        Op::And => "&",
        Op::Or => "|",
        Op::Xor => "^",
        Op::Shl => "<<",
        Op::Shr => ">>",
    }
}
