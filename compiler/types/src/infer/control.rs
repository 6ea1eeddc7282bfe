//! `if`, `match`, `while`, `for`, `return`, `break` and `continue`.

use super::{Expected, Infer, Mutability, PatternCheck, PatternCheckKind, Typed, Why};
use crate::table::{Con, TypeId};
use crate::thir::{self, Arm, ExprKind, Iter, Stmt};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body::{self as hir, Expr};

impl<'db> Infer<'db> {
    pub(super) fn infer_if(
        &mut self,
        condition: hir::ExprId,
        then: hir::ExprId,
        otherwise: Option<hir::ExprId>,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let mark = self.scopes.enter();
        let cond = self.check_condition(condition);
        let Some(otherwise) = otherwise else {
            let ty = self.unit_type();
            let needs_value = hint.filter(|hint| self.needs_value(hint.ty));
            let then = match needs_value {
                // The missing `else` is told below; what the branch gives is not the mistake.
                Some(hint) => self.infer(then, Some(hint)),
                None => self.check(then, Expected { ty, why: Why::Statement }),
            };
            self.scopes.leave(mark);
            if needs_value.is_some() {
                let diagnostic = self
                    .error(codes::MISSING_ELSE, "this `if` has no `else`, but a value is expected", range)
                    .with_note("An `if` gives a value only where both branches do.");
                self.report(diagnostic);
                return self.emit_error(range);
            }
            let kind = ExprKind::If { cond: cond.id, then_branch: then.id, else_branch: None };
            return self.emit(kind, ty, range);
        };
        let then = self.infer(then, hint);
        self.scopes.leave(mark);
        let hint_else = self.branch_hint(hint, &[then]);
        let otherwise = self.infer(otherwise, hint_else);
        let (parts, ty) = self.join(vec![then, otherwise], hint);
        let kind = ExprKind::If { cond: cond.id, then_branch: parts[0].id, else_branch: Some(parts[1].id) };
        self.emit(kind, ty, range)
    }

    /// Whether a value of some known type other than `()` is expected.
    fn needs_value(&self, ty: TypeId) -> bool {
        !self.is_unit(ty) && !matches!(self.table.head(ty), None | Some(Con::Never | Con::Error))
    }

    pub(super) fn infer_match(
        &mut self,
        inout: bool,
        scrutinee: hir::ExprId,
        arms: &[hir::Arm],
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let (trail, stmts, scrutinee) = if inout {
            self.infer_matched_place(scrutinee)
        } else {
            (None, Vec::new(), self.infer(scrutinee, None))
        };
        let mut bodies: Vec<Typed> = Vec::new();
        let mut parts = Vec::new();
        for arm in arms {
            let mark = self.scopes.enter();
            let (first_expr, first_local) = (self.exprs.len(), self.locals.len());
            let pattern = self.check_arm_pattern(arm.pat, scrutinee.ty, inout, trail.clone());
            let bound = first_local..self.locals.len();
            let guard = arm.guard.map(|guard| self.check_guard(guard));
            let hint = self.branch_hint(hint, &bodies);
            bodies.push(self.infer(arm.body, hint));
            self.scopes.leave(mark);
            if let Some(trail) = &trail {
                self.check_exclusive(trail, first_expr, bound);
            }
            parts.push((pattern, guard));
        }
        let ranges = arms.iter().map(|arm| self.map.pat(arm.pat)).collect();
        let (bodies, ty) = self.join(bodies, hint);
        let arms = parts
            .into_iter()
            .zip(bodies)
            .map(|((pattern, guard), body)| Arm { pattern, guard, body: body.id })
            .collect();
        let typed = self.emit(ExprKind::Match { scrutinee: scrutinee.id, arms }, ty, range);
        let at = self.range_of(scrutinee.id);
        let kind = PatternCheckKind::Match(typed.id, ranges);
        self.pattern_checks.push(PatternCheck { ty: scrutinee.ty, range: at, kind });
        self.emit_after(stmts, typed)
    }

    /// A guard: what is bound outside of it can't be changed in it.
    fn check_guard(&mut self, guard: hir::ExprId) -> thir::ExprId {
        let outer = self.guard.replace(self.locals.len());
        let cond = self.check_condition(guard);
        self.guard = outer;
        self.guards.push(self.range_of(cond.id));
        cond.id
    }

    pub(super) fn infer_while(
        &mut self,
        condition: hir::ExprId,
        body: hir::ExprId,
        range: TextRange,
    ) -> Typed {
        let mark = self.scopes.enter();
        let cond = self.check_condition(condition);
        let body = self.check_loop_body(body);
        self.scopes.leave(mark);
        let ty = self.unit_type();
        self.emit(ExprKind::While { cond: cond.id, body: body.id }, ty, range)
    }

    fn check_loop_body(&mut self, body: hir::ExprId) -> Typed {
        let unit = self.unit_type();
        if let Some(frame) = self.frames.last_mut() {
            frame.loops += 1;
        }
        let typed = self.check(body, Expected { ty: unit, why: Why::Statement });
        if let Some(frame) = self.frames.last_mut() {
            frame.loops -= 1;
        }
        typed
    }

    pub(super) fn infer_for(
        &mut self,
        pat: hir::PatId,
        iterable: hir::ExprId,
        body: hir::ExprId,
        range: TextRange,
    ) -> Typed {
        let found = self.infer_iterable(iterable);
        let mark = self.scopes.enter();
        let element = match &found {
            Some((_, element)) => *element,
            None => self.error_type(),
        };
        let pattern = self.check_irrefutable(pat, element, Mutability::Fixed);
        let body = self.check_loop_body(body);
        self.scopes.leave(mark);
        let Some((iter, _)) = found else { return self.emit_error(range) };
        let ty = self.unit_type();
        self.emit(ExprKind::For { pattern, iter, body: body.id }, ty, range)
    }

    /// What a `for` visits, and the type of what it yields; nothing if an error was told.
    pub(super) fn infer_iterable(&mut self, iterable: hir::ExprId) -> Option<(Iter, TypeId)> {
        if let Expr::Range { start, end, inclusive } = self.hir.expr(iterable) {
            return self.infer_range(*start, *end, *inclusive);
        }
        let typed = self.infer(iterable, None);
        let range = self.range_of(typed.id);
        let args = self.table.args(typed.ty).to_vec();
        match (self.table.head(typed.ty).cloned(), args.as_slice()) {
            (Some(Con::List | Con::FixedList(_)), [item]) => Some((Iter::List(typed.id), *item)),
            (Some(Con::Set), [item]) => Some((Iter::Set(typed.id), *item)),
            (Some(Con::String), _) => Some((Iter::Chars(typed.id), self.table.con(Con::Char))),
            (Some(Con::Map), [key, value]) => {
                let entry = self.table.app(Con::Tuple, vec![*key, *value]);
                Some((Iter::Map(typed.id), entry))
            }
            (Some(Con::Error | Con::Never), _) => None,
            (None, _) => {
                self.type_unknown("what `for` visits", range);
                None
            }
            (Some(Con::Stream), [item]) => {
                Some((Iter::Each(self.not_yet("a loop over a stream", range).id), *item))
            }
            (Some(head), _) => {
                match crate::lookup::method(self.db, self.module, &head, &self.generics, "each") {
                    Some(each) => self.infer_each(typed, each, range),
                    None => {
                        self.report_not_iterable(typed.ty, range);
                        None
                    }
                }
            }
        }
    }

    fn report_not_iterable(&mut self, ty: TypeId, range: TextRange) {
        let shown = self.show(ty);
        let mut diagnostic = self
            .error(codes::NOT_ITERABLE, format!("`for` can't visit {shown}"), range)
            .with_note("`for` takes ranges, lists, maps, sets, strings, and types with an `each` method.");
        if matches!(self.table.head(ty), Some(Con::Int(_))) {
            let start = self.span(TextRange::empty(range.start));
            diagnostic = diagnostic.with_fix("visit the numbers below it", start, "0..");
        }
        self.report(diagnostic);
    }

    fn infer_range(
        &mut self,
        start: hir::ExprId,
        end: Option<hir::ExprId>,
        inclusive: bool,
    ) -> Option<(Iter, TypeId)> {
        let first = self.infer(start, None);
        let mut start = first;
        let mut last = None;
        if let Some(end) = end {
            let hint = Expected { ty: first.ty, why: Why::Sibling(self.range_of(first.id)) };
            let end = self.infer(end, Some(hint));
            let Some((from, to)) = self.meet(first, end) else {
                let range = self.range_of(first.id).join(self.range_of(end.id));
                self.report_operands("..", first, end, range);
                return None;
            };
            start = from;
            last = Some(to.id);
        }
        let is_int = match self.table.head(start.ty) {
            Some(Con::Int(_)) => true,
            Some(Con::Error | Con::Never) => return None,
            Some(Con::Param(index)) => {
                let bound = self.generics.get(*index as usize).map(|generic| generic.bound);
                bound == Some(crate::Bound::Integer)
            }
            Some(_) => false,
            None => self.table.restrict_to_int(start.ty),
        };
        if !is_int {
            let (shown, range) = (self.show(start.ty), self.range_of(start.id));
            let title = format!("a range of {shown} can't be visited");
            let diagnostic = self.error(codes::NOT_ITERABLE, title, range);
            self.report(diagnostic.with_note("`for` counts through ranges of integers."));
            return None;
        }
        Some((Iter::Range { start: start.id, end: last, inclusive }, start.ty))
    }

    /// A range that stands elsewhere than after `in`.
    pub(super) fn report_range(&mut self, range: TextRange) -> Typed {
        let diagnostic = self
            .error(codes::NOT_A_VALUE, "a range is not a value", range)
            .with_note("It stands after `in` and in patterns. `x is a..b` asks whether a number is in it.");
        self.report(diagnostic);
        self.emit_error(range)
    }

    pub(super) fn infer_return(&mut self, value: Option<hir::ExprId>, range: TextRange) -> Typed {
        let Some(ret) = self.frames.last().map(|frame| frame.ret) else { return self.emit_error(range) };
        let value = match value {
            Some(value) => Some(self.check(value, ret).id),
            None => {
                let unit = self.emit_unit(range);
                self.coerce(unit, ret);
                None
            }
        };
        if self.refuse_return_in_par(range) {
            return self.emit_error(range);
        }
        let ty = self.never_type();
        self.emit(ExprKind::Return(value), ty, range)
    }

    pub(super) fn infer_jump(&mut self, kind: ExprKind<'db>, name: &str, range: TextRange) -> Typed {
        if self.frames.last().is_none_or(|frame| frame.loops == 0) {
            let title = format!("`{name}` outside of a loop");
            let diagnostic = self.error(codes::OUTSIDE_LOOP, title, range);
            self.report(
                diagnostic.with_note("The body of a closure or of a `par` is not part of a loop around it."),
            );
            return self.emit_error(range);
        }
        let ty = self.never_type();
        self.emit(kind, ty, range)
    }

    /// Checks a pattern that must fit every value.
    pub(super) fn check_irrefutable(
        &mut self,
        pat: hir::PatId,
        ty: TypeId,
        mutability: Mutability,
    ) -> thir::Pattern {
        let pattern = self.check_pattern(pat, ty, mutability);
        if !matches!(pattern, thir::Pattern::Wildcard | thir::Pattern::Bind(_, None)) {
            let range = self.map.pat(pat);
            let kind = PatternCheckKind::Irrefutable(pattern.clone());
            self.pattern_checks.push(PatternCheck { ty, range, kind });
        }
        pattern
    }

    /// The statements and then the value, as one expression; the value alone without statements.
    pub(super) fn emit_after(&mut self, stmts: Vec<Stmt>, value: Typed) -> Typed {
        if stmts.is_empty() {
            return value;
        }
        let range = self.range_of(value.id);
        self.emit(ExprKind::Block { stmts, tail: Some(value.id) }, value.ty, range)
    }
}
