//! Patterns: first tests, then bindings.
//!
//! [`Lowerer::test`] finds out whether a value fits, [`Lowerer::bind`] projects what the pattern's locals are to
//! hold. They are kept apart so that the projections for bindings stand together at the point where the decision
//! has been made: there the counts can take a value apart that nobody needs any more. Alternatives (`|`) and string
//! patterns are the exception: which parts they bind is known only while testing, so the test binds them.

use super::Lowerer;
use crate::ir::{BlockId, Op, Terminator, Value};
use crate::repr::{Shape, shape};
use dot_types::thir::{BinaryOp, CompareOp, Literal, Pattern, TextPiece};
use dot_types::{Intrinsic, Ty, TyKind};

impl<'db> Lowerer<'_, 'db> {
    /// Binds a pattern that is known to fit every value.
    pub(super) fn destructure(&mut self, pattern: &Pattern, value: Value) -> Option<()> {
        if is_bound_by_test(pattern) {
            let fail = self.b.block();
            self.test(pattern, value, fail)?;
            let fits = self.b.current();
            if self.b.go_sealed(fail).is_some() {
                self.b.end(Terminator::Unreachable);
            }
            self.b.go(fits?);
        }
        self.bind(pattern, value)
    }

    /// Goes on here if the value fits, else at `fail`.
    pub(super) fn test(&mut self, pattern: &Pattern, value: Value, fail: BlockId) -> Option<()> {
        match pattern {
            Pattern::Wildcard | Pattern::Bind(_, None) => {}
            Pattern::Bind(_, Some(inner)) => self.test(inner, value, fail)?,
            Pattern::Literal(literal) => {
                let ty = self.b.ty(value);
                let expected = self.literal(literal, ty);
                let equal = self.equal(value, expected);
                self.go_on_if(equal, fail);
            }
            Pattern::Equals(constant) => {
                let expected = self.expr(*constant)?;
                let equal = self.equal(value, expected);
                self.go_on_if(equal, fail);
            }
            Pattern::Range { start, end, inclusive } => {
                self.test_bound(CompareOp::Ge, value, start, fail);
                if let Some(end) = end {
                    let op = if *inclusive { CompareOp::Le } else { CompareOp::Lt };
                    self.test_bound(op, value, end, fail);
                }
            }
            Pattern::Case { case, parts } => {
                if !self.is_only_case(value) {
                    let is_case = self.has_case(value, *case);
                    self.go_on_if(is_case, fail);
                }
                self.test_parts(*case, parts, value, fail)?;
            }
            Pattern::Fields(fields) => {
                for (index, inner) in fields.iter().filter(|(_, inner)| is_tested(inner)) {
                    let part = self.part(value, None, *index)?;
                    self.test(inner, part, fail)?;
                }
            }
            Pattern::List { before, rest, after } => {
                self.test_list(before, rest.is_some(), after, value, fail)?
            }
            Pattern::Text(pieces) => self.test_text(pieces, value, fail)?,
            Pattern::Or(alternatives) => self.test_alternatives(alternatives, value, fail)?,
        }
        self.b.current().map(drop)
    }

    /// Tests the parts of a value that is known to be of a case.
    pub(super) fn test_parts(
        &mut self,
        case: u32,
        parts: &[Pattern],
        value: Value,
        fail: BlockId,
    ) -> Option<()> {
        for (index, inner) in parts.iter().enumerate().filter(|(_, inner)| is_tested(inner)) {
            let part = self.part(value, Some(case), index as u32)?;
            self.test(inner, part, fail)?;
        }
        Some(())
    }

    fn test_bound(&mut self, op: CompareOp, value: Value, bound: &Literal, fail: BlockId) {
        let (ty, bool_ty) = (self.b.ty(value), self.bool_ty());
        let bound = self.literal(bound, ty);
        let holds = self.emit(Op::Compare(op, value, bound), bool_ty);
        self.go_on_if(holds, fail);
    }

    fn test_list(
        &mut self,
        before: &[Pattern],
        open: bool,
        after: &[Pattern],
        list: Value,
        fail: BlockId,
    ) -> Option<()> {
        let bool_ty = self.bool_ty();
        let len = self.list_len(list);
        let least = self.const_u32((before.len() + after.len()) as u32);
        let op = if open { CompareOp::Ge } else { CompareOp::Eq };
        let fits = self.emit(Op::Compare(op, len, least), bool_ty);
        self.go_on_if(fits, fail);
        for (index, inner) in before.iter().enumerate().filter(|(_, inner)| is_tested(inner)) {
            let item = self.item_from_start(list, index)?;
            self.test(inner, item, fail)?;
        }
        for (index, inner) in after.iter().enumerate().filter(|(_, inner)| is_tested(inner)) {
            let item = self.item_from_end(list, after.len() - index)?;
            self.test(inner, item, fail)?;
        }
        Some(())
    }

    /// Tests alternatives one after the other and binds the first that fits.
    fn test_alternatives(&mut self, alternatives: &[Pattern], value: Value, fail: BlockId) -> Option<()> {
        let fits = self.b.block();
        for alternative in alternatives {
            if self.b.current().is_none() {
                break;
            }
            let next = self.b.block();
            if self.test(alternative, value, next).is_some() && self.bind(alternative, value).is_some() {
                self.b.jump(fits);
            }
            let _ = self.b.go_sealed(next);
        }
        self.b.jump(fail);
        self.b.go_sealed(fits)
    }

    /// Projects what the pattern's locals hold, for a value that fits.
    pub(super) fn bind(&mut self, pattern: &Pattern, value: Value) -> Option<()> {
        match pattern {
            Pattern::Wildcard
            | Pattern::Literal(_)
            | Pattern::Equals(_)
            | Pattern::Range { .. }
            | Pattern::Or(_) => {}
            Pattern::Bind(local, inner) => {
                self.write_local(*local, value);
                if let Some(inner) = inner {
                    self.bind(inner, value)?;
                }
            }
            Pattern::Case { case, parts } => {
                for (index, inner) in parts.iter().enumerate().filter(|(_, inner)| is_bound(inner)) {
                    let part = self.part(value, Some(*case), index as u32)?;
                    self.bind(inner, part)?;
                }
            }
            Pattern::Fields(fields) => {
                for (index, inner) in fields.iter().filter(|(_, inner)| is_bound(inner)) {
                    let part = self.part(value, None, *index)?;
                    self.bind(inner, part)?;
                }
            }
            Pattern::List { before, rest, after } => self.bind_list(before, *rest, after, value)?,
            Pattern::Text(pieces) => {
                if let [TextPiece::Hole(inner)] = pieces.as_slice() {
                    self.bind(inner, value)?;
                }
            }
        }
        Some(())
    }

    fn bind_list(
        &mut self,
        before: &[Pattern],
        rest: Option<Option<dot_types::thir::LocalId>>,
        after: &[Pattern],
        list: Value,
    ) -> Option<()> {
        for (index, inner) in before.iter().enumerate().filter(|(_, inner)| is_bound(inner)) {
            let item = self.item_from_start(list, index)?;
            self.bind(inner, item)?;
        }
        if let Some(Some(local)) = rest {
            let start = self.const_u32(before.len() as u32);
            let len = self.list_len(list);
            let behind = self.const_u32(after.len() as u32);
            let end = self.u32_binary(BinaryOp::WrappingSub, len, behind);
            let ty = self.b.ty(list);
            let middle = self.emit(Op::Intrinsic(Intrinsic::ListSlice, vec![list, start, end]), ty);
            self.write_local(local, middle);
        }
        for (index, inner) in after.iter().enumerate().filter(|(_, inner)| is_bound(inner)) {
            let item = self.item_from_end(list, after.len() - index)?;
            self.bind(inner, item)?;
        }
        Some(())
    }

    /// A part of a record or tuple, or of a case.
    fn part(&mut self, base: Value, case: Option<u32>, part: u32) -> Option<Value> {
        let ty = match (shape(self.program, self.b.ty(base)), case) {
            (Shape::Record(parts), None) => parts.get(part as usize).copied(),
            (Shape::Variant(cases), Some(case)) => {
                cases.get(case as usize).and_then(|parts| parts.get(part as usize)).copied()
            }
            _ => None,
        };
        let Some(ty) = ty else { return self.refuse("a pattern that doesn't go with its value") };
        let ty = crate::repr::lower_ty(self.program, ty);
        Some(match case {
            Some(case) => self.emit(Op::CasePart { base, case, part }, ty),
            None => self.emit(Op::Field(base, part), ty),
        })
    }

    /// The type of a list's elements.
    pub(super) fn element_ty(&mut self, list: Value) -> Option<Ty<'db>> {
        match self.b.ty(list).kind(self.program.db()) {
            TyKind::List(item) | TyKind::FixedList(item, _) => Some(*item),
            _ => self.refuse("a list operation on something else"),
        }
    }

    pub(super) fn list_len(&mut self, list: Value) -> Value {
        let ty = self.u32_ty();
        self.emit(Op::Intrinsic(Intrinsic::ListLen, vec![list]), ty)
    }

    fn item_from_start(&mut self, list: Value, index: usize) -> Option<Value> {
        let ty = self.element_ty(list)?;
        let index = self.const_u32(index as u32);
        Some(self.emit(Op::ListGet(list, index), ty))
    }

    fn item_from_end(&mut self, list: Value, back: usize) -> Option<Value> {
        let ty = self.element_ty(list)?;
        let index = self.index_from_end(list, back as u32);
        Some(self.emit(Op::ListGet(list, index), ty))
    }

    /// The index of an element counted from the end of a list that has it.
    pub(super) fn index_from_end(&mut self, list: Value, back: u32) -> Value {
        let (len, back) = (self.list_len(list), self.const_u32(back));
        self.u32_binary(BinaryOp::WrappingSub, len, back)
    }

    /// Goes on in a new block where the condition holds, else at `fail`.
    pub(super) fn go_on_if(&mut self, condition: Value, fail: BlockId) {
        let on = self.b.block();
        self.b.branch(condition, on, fail);
        let _ = self.b.go_sealed(on);
    }

    fn is_only_case(&self, value: Value) -> bool {
        matches!(shape(self.program, self.b.ty(value)), Shape::Variant(cases) if cases.len() == 1)
    }
}

/// Whether a pattern may fail to fit, or binds while it is tested.
fn is_tested(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Wildcard | Pattern::Bind(_, None) => false,
        Pattern::Bind(_, Some(inner)) => is_tested(inner),
        Pattern::Fields(fields) => fields.iter().any(|(_, inner)| is_tested(inner)),
        _ => true,
    }
}

/// Whether there is anything for [`Lowerer::bind`] to do.
fn is_bound(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Wildcard
        | Pattern::Literal(_)
        | Pattern::Equals(_)
        | Pattern::Range { .. }
        | Pattern::Or(_) => false,
        Pattern::Bind(..) => true,
        Pattern::Case { parts, .. } => parts.iter().any(is_bound),
        Pattern::Fields(fields) => fields.iter().any(|(_, inner)| is_bound(inner)),
        Pattern::List { before, rest, after } => {
            matches!(rest, Some(Some(_))) || before.iter().chain(after).any(is_bound)
        }
        Pattern::Text(pieces) => matches!(pieces.as_slice(), [TextPiece::Hole(inner)] if is_bound(inner)),
    }
}

/// Whether some of a pattern's locals are bound while testing.
fn is_bound_by_test(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Wildcard
        | Pattern::Literal(_)
        | Pattern::Equals(_)
        | Pattern::Range { .. }
        | Pattern::Bind(_, None) => false,
        Pattern::Bind(_, Some(inner)) => is_bound_by_test(inner),
        Pattern::Case { parts, .. } => parts.iter().any(is_bound_by_test),
        Pattern::Fields(fields) => fields.iter().any(|(_, inner)| is_bound_by_test(inner)),
        Pattern::List { before, after, .. } => before.iter().chain(after).any(is_bound_by_test),
        Pattern::Text(_) | Pattern::Or(_) => true,
    }
}
