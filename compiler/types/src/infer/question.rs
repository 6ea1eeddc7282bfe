//! `?` and `??`, spelled out as matches.

use super::{Expected, Infer, Mutability, Typed, Why};
use crate::table::{Con, TypeId, VarKind};
use crate::thir::{Arm, ExprKind, Pattern};
use crate::{AdtShape, adt_def};
use dot_db::{Anchor, Item};
use dot_diagnostics::{Span, TextRange, codes};
use dot_hir::body as hir;
use smol_str::SmolStr;

impl<'db> Infer<'db> {
    /// `e?`: the value, or an early return of `none` or the error.
    pub(super) fn infer_try(&mut self, value: hir::ExprId, range: TextRange) -> Typed {
        let scrutinee = self.infer(value, None);
        let parts = self.table.args(scrutinee.ty).to_vec();
        match (self.table.head(scrutinee.ty).cloned(), parts.as_slice()) {
            (Some(Con::Option), [item]) => self.try_option(scrutinee, *item, range),
            (Some(Con::Result), [ok, err]) => self.try_result(scrutinee, *ok, *err, range),
            (Some(Con::Error | Con::Never), _) => self.emit_error(range),
            (None, _) if self.table.var_kind(scrutinee.ty) == Some(VarKind::General) => {
                self.type_unknown("what stands before the `?`", self.range_of(scrutinee.id))
            }
            _ => {
                let shown = self.show(scrutinee.ty);
                let title = format!("`?` needs an `option` or a `result`, this is {shown}");
                let diagnostic = self.error(codes::INVALID_TRY, title, range);
                self.report(diagnostic);
                self.emit_error(range)
            }
        }
    }

    fn try_option(&mut self, scrutinee: Typed, item: TypeId, range: TextRange) -> Typed {
        let Some(ret) = self.frames.last().map(|frame| frame.ret) else { return self.emit_error(range) };
        let inner = self.fresh();
        let wanted = self.table.app(Con::Option, vec![inner]);
        if self.table.unify(ret.ty, wanted).is_err() {
            return self.report_try_target(ret, "an `option`", range);
        }
        let none = self.emit(ExprKind::Case { case: 0, args: Vec::new() }, ret.ty, range);
        let leave = self.emit_return(none, range);
        let (pattern, value) = self.bind_case(1, item, range);
        let arms = vec![
            Arm { pattern, guard: None, body: value.id },
            Arm { pattern: Pattern::Case { case: 0, parts: Vec::new() }, guard: None, body: leave.id },
        ];
        self.emit(ExprKind::Match { scrutinee: scrutinee.id, arms }, item, range)
    }

    fn try_result(&mut self, scrutinee: Typed, ok: TypeId, err: TypeId, range: TextRange) -> Typed {
        let Some(ret) = self.frames.last().map(|frame| frame.ret) else { return self.emit_error(range) };
        if self.table.head(ret.ty).is_none() {
            let (ok, err) = (self.fresh(), self.fresh());
            let result = self.table.app(Con::Result, vec![ok, err]);
            // The result's type was open.
            let _ = self.table.unify(ret.ty, result);
        }
        let target = match (self.table.head(ret.ty), self.table.args(ret.ty)) {
            (Some(Con::Result), [_, target]) => *target,
            _ => return self.report_try_target(ret, "a `result`", range),
        };
        let (error_pattern, error) = self.bind_case(1, err, range);
        let Some(error) = self.convert_error(error, target, range) else { return self.emit_error(range) };
        let failed = self.emit(ExprKind::Case { case: 1, args: vec![error.id] }, ret.ty, range);
        let leave = self.emit_return(failed, range);
        let (ok_pattern, value) = self.bind_case(0, ok, range);
        let arms = vec![
            Arm { pattern: ok_pattern, guard: None, body: value.id },
            Arm { pattern: error_pattern, guard: None, body: leave.id },
        ];
        self.emit(ExprKind::Match { scrutinee: scrutinee.id, arms }, ok, range)
    }

    fn emit_return(&mut self, value: Typed, range: TextRange) -> Typed {
        let ty = self.never_type();
        self.emit(ExprKind::Return(Some(value.id)), ty, range)
    }

    /// A pattern that binds what a case carries, and the local as an expression.
    fn bind_case(&mut self, case: u32, ty: TypeId, range: TextRange) -> (Pattern, Typed) {
        let local = self.new_local(SmolStr::default(), ty, range, Mutability::Fixed);
        let pattern = Pattern::Case { case, parts: vec![Pattern::Bind(local, None)] };
        (pattern, self.emit_local(local, range))
    }

    fn report_try_target(&mut self, ret: Expected<'db>, what: &str, range: TextRange) -> Typed {
        if self.table.is_error(ret.ty) {
            return self.emit_error(range);
        }
        let shown = self.show(ret.ty);
        let in_closure = self.frames.len() > 1;
        let place = if in_closure { "the closure" } else { "the function" };
        let title = format!("`?` leaves {place} with {what}, but its result is {shown}");
        let mut diagnostic = self.error(codes::INVALID_TRY, title, range);
        if !in_closure && let Some(at) = crate::signature::return_span(self.db, self.item) {
            diagnostic = diagnostic.with_label(self.span(at), "the result is declared here");
        }
        self.report(diagnostic);
        self.emit_error(range)
    }

    /// The error as one of the type that the function gives: the same, or wrapped in the one case marked `@from`.
    fn convert_error(&mut self, error: Typed, target: TypeId, range: TextRange) -> Option<Typed> {
        if self.same_error(error.ty, target) && self.table.unify(target, error.ty).is_ok() {
            return Some(error);
        }
        if let Some(Con::Adt(item)) = self.table.head(target) {
            let item = *item;
            if let Some((case, ty)) = self.case_marked_from(item, target, error.ty) {
                // The case was chosen because the types are equal.
                let _ = self.table.unify(ty, error.ty);
                return Some(self.emit(ExprKind::Case { case, args: vec![error.id] }, target, range));
            }
        }
        let (from, to) = (self.show(error.ty), self.show(target));
        let mut diagnostic = self
            .error(codes::ERROR_CONVERSION, format!("`?` can't turn the error {from} into {to}"), range)
            .with_note(
                "The errors' types are the same, or one case of the target is marked `@from` and carries it.",
            );
        if let Some(Con::Adt(item)) = self.table.head(target)
            && let Some(span) = crate::signature::name_span(self.db, *item)
        {
            diagnostic = diagnostic.with_label(span, format!("{to} has no such case"));
            let item = *item;
            if let Some(at) = self.case_to_mark(item, target, error.ty) {
                diagnostic = diagnostic.with_fix("mark the case", at, "@from ");
            }
        }
        self.report(diagnostic);
        None
    }

    /// Whether two error types could be one.
    fn same_error(&self, error: TypeId, target: TypeId) -> bool {
        match (self.table.head(error), self.table.head(target)) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        }
    }

    fn case_marked_from(&mut self, item: Item<'db>, target: TypeId, error: TypeId) -> Option<(u32, TypeId)> {
        let AdtShape::Variant(cases) = &adt_def(self.db, item).shape else { return None };
        let args = self.table.args(target).to_vec();
        let mut found = Vec::new();
        for (index, case) in cases.iter().enumerate() {
            if let (true, [part]) = (case.from, case.parts.as_slice()) {
                let ty = self.table.import(part.ty, &args);
                if self.equal(ty, error) {
                    found.push((u32::try_from(index).ok()?, ty));
                }
            }
        }
        match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Where `@from` would go before the one case that carries the error and isn't marked.
    fn case_to_mark(&self, item: Item<'db>, target: TypeId, error: TypeId) -> Option<Span<Anchor<'db>>> {
        let AdtShape::Variant(cases) = &adt_def(self.db, item).shape else { return None };
        item.module(self.db).file(self.db)?;
        let is_it = |case: &crate::CaseDef<'db>| match case.parts.as_slice() {
            [part] => {
                let (con, args) = crate::table::decompose(part.ty.kind(self.db));
                self.table.head(error) == Some(&con) && args.is_empty()
            }
            _ => false,
        };
        let mut found = (0..).zip(cases).filter(|(_, case)| is_it(case));
        let (index, case) = found.next().filter(|(_, case)| !case.from)?;
        let is_only = found.next().is_none() && self.table.args(target).is_empty();
        let written: &dot_hir::signature::CaseSignature =
            dot_hir::item_signature(self.db, item).cases().get(index).filter(|_| is_only)?;
        debug_assert_eq!(written.name.text, case.name);
        let range = dot_hir::signature_source_map(self.db, item).name(written.name.id);
        Some(Span::new(Anchor::Item(item), TextRange::empty(range.start)))
    }

    /// Whether two types are the same as far as they are known.
    pub(super) fn equal(&self, a: TypeId, b: TypeId) -> bool {
        match (self.table.head(a), self.table.head(b)) {
            (Some(left), Some(right)) => {
                left == right
                    && self.table.args(a).len() == self.table.args(b).len()
                    && self.table.args(a).iter().zip(self.table.args(b)).all(|(a, b)| self.equal(*a, *b))
            }
            _ => true,
        }
    }

    /// What an option holds, or else the fallback.
    pub(super) fn emit_unwrap_or(
        &mut self,
        option: Typed,
        item: TypeId,
        fallback: crate::thir::ExprId,
        range: TextRange,
    ) -> Typed {
        let (pattern, value) = self.bind_case(1, item, range);
        let arms = vec![
            Arm { pattern, guard: None, body: value.id },
            Arm { pattern: Pattern::Case { case: 0, parts: Vec::new() }, guard: None, body: fallback },
        ];
        self.emit(ExprKind::Match { scrutinee: option.id, arms }, item, range)
    }

    /// `opt ?? fallback`.
    pub(super) fn infer_coalesce(
        &mut self,
        value: hir::ExprId,
        fallback: hir::ExprId,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let scrutinee = self.infer(value, None);
        let item = match (self.table.head(scrutinee.ty), self.table.args(scrutinee.ty)) {
            (Some(Con::Option), [item]) => *item,
            (Some(Con::Error | Con::Never), _) => {
                self.infer(fallback, hint);
                return self.emit_error(range);
            }
            (None, _) => {
                return self.type_unknown("what stands before the `??`", self.range_of(scrutinee.id));
            }
            _ => {
                let shown = self.show(scrutinee.ty);
                let title = format!("`??` needs an `option` on its left, this is {shown}");
                let diagnostic = self.error(codes::TYPE_MISMATCH, title, self.range_of(scrutinee.id));
                self.report(diagnostic);
                self.infer(fallback, hint);
                return self.emit_error(range);
            }
        };
        let (pattern, value) = self.bind_case(1, item, range);
        let expected = Expected { ty: item, why: Why::Sibling(self.range_of(scrutinee.id)) };
        let fallback = self.infer(fallback, Some(expected));
        let (parts, ty) = self.join(vec![value, fallback], None);
        // A fallback that never gives a value leaves the option's own type.
        let ty = if self.table.is_never(ty) { item } else { ty };
        let arms = vec![
            Arm { pattern, guard: None, body: parts[0].id },
            Arm { pattern: Pattern::Case { case: 0, parts: Vec::new() }, guard: None, body: parts[1].id },
        ];
        self.emit(ExprKind::Match { scrutinee: scrutinee.id, arms }, ty, range)
    }
}
