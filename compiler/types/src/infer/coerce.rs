//! Whether what is expected is met; implicit widening; joining the types of branches.

use super::{Expected, Infer, Typed, Why};
use crate::table::{Con, TypeId, UnifyError};
use crate::thir::{ConvertMode, ExprKind};
use crate::{Diagnostic, FloatKind};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body as hir;

/// How one numeric type relates to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Same,
    Widens,
    No,
}

impl<'db> Infer<'db> {
    /// Infers an expression and coerces it to what is expected.
    pub(super) fn check(&mut self, expr: hir::ExprId, expected: Expected<'db>) -> Typed {
        let typed = self.infer(expr, Some(expected));
        self.coerce(typed, expected)
    }

    /// The expression as one of the expected type: itself, widened, or an error.
    pub(super) fn coerce(&mut self, typed: Typed, expected: Expected<'db>) -> Typed {
        if self.table.is_never(typed.ty) {
            return typed;
        }
        match self.numeric_fit(typed.ty, expected.ty) {
            Some(Fit::Widens) => return self.widen(typed, expected.ty),
            Some(Fit::Same) => return typed,
            Some(Fit::No) | None => {}
        }
        match self.table.unify(expected.ty, typed.ty) {
            Ok(()) => typed,
            Err(error) => {
                let range = self.blamed_range(typed.id);
                self.report_mismatch(typed.ty, expected, range, error);
                self.emit_error(range)
            }
        }
    }

    /// The place that gives an expression its type: the last expression of a block.
    fn blamed_range(&self, mut id: crate::thir::ExprId) -> TextRange {
        while let (ExprKind::Block { tail: Some(tail), .. }, _) = &self.exprs[id.0 as usize] {
            id = *tail;
        }
        self.range_of(id)
    }

    /// How the numeric type `from` relates to `to`, if both are known.
    pub(super) fn numeric_fit(&self, from: TypeId, to: TypeId) -> Option<Fit> {
        Some(match (self.table.head(from)?, self.table.head(to)?) {
            (Con::Int(a), Con::Int(b)) if a == b => Fit::Same,
            (Con::Int(a), Con::Int(b)) if a.widens_to(*b) => Fit::Widens,
            (Con::Float(a), Con::Float(b)) if a == b => Fit::Same,
            (Con::Float(FloatKind::F32), Con::Float(FloatKind::F64)) => Fit::Widens,
            (Con::Int(_) | Con::Float(_), Con::Int(_) | Con::Float(_)) => Fit::No,
            _ => return None,
        })
    }

    pub(super) fn widen(&mut self, typed: Typed, to: TypeId) -> Typed {
        let range = self.range_of(typed.id);
        self.emit(ExprKind::Convert { mode: ConvertMode::Widen, operand: typed.id }, to, range)
    }

    /// The type that all of `parts` can be coerced to, and the parts so coerced. What is expected wins; else the
    /// first part that gives a value, widened where a later number needs it.
    pub(super) fn join(
        &mut self,
        parts: Vec<Typed>,
        expected: Option<Expected<'db>>,
    ) -> (Vec<Typed>, TypeId) {
        let known = expected.filter(|expected| self.table.head(expected.ty).is_some());
        let target = match known {
            Some(expected) => Some(expected),
            None => self.join_target(&parts),
        };
        let Some(target) = target else {
            let ty = self.never_type();
            return (parts, ty);
        };
        let all_never = parts.iter().all(|part| self.table.is_never(part.ty));
        let parts = parts.into_iter().map(|part| self.coerce(part, target)).collect();
        let ty = if all_never { self.never_type() } else { target.ty };
        (parts, ty)
    }

    fn join_target(&self, parts: &[Typed]) -> Option<Expected<'db>> {
        let mut values = parts
            .iter()
            .filter(|part| !self.table.is_never(part.ty) && !self.table.is_error(part.ty))
            .map(|part| Expected { ty: part.ty, why: Why::Sibling(self.range_of(part.id)) });
        let first = values.next().or_else(|| {
            let error = parts.iter().find(|part| self.table.is_error(part.ty))?;
            Some(Expected { ty: error.ty, why: Why::Plain })
        })?;
        Some(values.fold(first, |target, next| match self.numeric_fit(target.ty, next.ty) {
            Some(Fit::Widens) => next,
            _ => target,
        }))
    }

    /// What is hinted at the next branch, given the earlier ones.
    pub(super) fn branch_hint(
        &self,
        expected: Option<Expected<'db>>,
        earlier: &[Typed],
    ) -> Option<Expected<'db>> {
        expected
            .filter(|expected| self.table.head(expected.ty).is_some())
            .or_else(|| self.join_target(earlier))
    }

    pub(super) fn report_mismatch(
        &mut self,
        actual: TypeId,
        expected: Expected<'db>,
        range: TextRange,
        error: UnifyError,
    ) {
        if error == UnifyError::TooLarge {
            let diagnostic = self.error(codes::TYPE_TOO_LARGE, "a type here is too large", range);
            self.report(diagnostic.with_note("Types may nest 64 deep. Declare a record for the parts."));
            return;
        }
        if matches!(expected.why, Why::Statement | Why::Return) && self.is_unit(expected.ty) {
            return self.report_unused_value(actual, range);
        }
        let (want, got) = (self.show(expected.ty), self.show(actual));
        let mut diagnostic = self
            .error(codes::TYPE_MISMATCH, format!("expected {want}, found {got}"), range)
            .with_message(format!("this is {got}"));
        if error == UnifyError::Infinite {
            diagnostic = diagnostic.with_note("A type can't contain itself.");
        }
        let diagnostic = self.explain_expectation(diagnostic, expected);
        let diagnostic = self.suggest_conversion(diagnostic, actual, expected.ty, range);
        self.report(diagnostic);
    }

    pub(super) fn report_unused_value(&mut self, ty: TypeId, range: TextRange) {
        let shown = self.show(ty);
        let diagnostic = self
            .error(codes::UNUSED_VALUE, format!("this value of type {shown} is not used"), range)
            .with_note("A statement's value is dropped, so it must be `()`. Write `let _ =` to drop another.")
            .with_fix("drop the value", self.span(TextRange::empty(range.start)), "let _ = ");
        self.report(diagnostic);
    }

    fn explain_expectation(&self, diagnostic: Diagnostic<'db>, expected: Expected<'db>) -> Diagnostic<'db> {
        let want = self.show(expected.ty);
        match expected.why {
            Why::Plain | Why::Statement => diagnostic,
            Why::Condition => diagnostic.with_note("A condition is a `bool`."),
            Why::Annotation(range) => {
                diagnostic.with_label(self.span(range), "expected because of this type")
            }
            Why::Sibling(range) => diagnostic.with_label(self.span(range), format!("this is {want}")),
            Why::Place(range) => diagnostic.with_label(self.span(range), format!("this place holds {want}")),
            Why::Return => match crate::signature::return_span(self.db, self.item) {
                Some(range) => {
                    diagnostic.with_label(self.span(range), format!("the result is declared as {want}"))
                }
                None => diagnostic.with_note(format!("The value here is declared as {want}.")),
            },
            Why::Parameter(item, index) => {
                let Some((span, name)) = crate::signature::param_span(self.db, item, index) else {
                    return diagnostic;
                };
                let function = item.name(self.db);
                diagnostic.with_label(span, format!("the parameter `{name}` of `{function}`"))
            }
            Why::Field(item) => {
                diagnostic.with_note(format!("The field of `{}` is declared as {want}.", item.name(self.db)))
            }
        }
    }

    fn suggest_conversion(
        &self,
        diagnostic: Diagnostic<'db>,
        actual: TypeId,
        expected: TypeId,
        range: TextRange,
    ) -> Diagnostic<'db> {
        let target = match self.table.head(expected) {
            Some(Con::Int(kind)) => kind.name(),
            Some(Con::Float(kind)) => kind.name(),
            _ => return diagnostic,
        };
        let (before, after) = (TextRange::empty(range.start), TextRange::empty(range.end));
        let edit = |range, text: String| dot_diagnostics::Edit { span: self.span(range), replacement: text };
        match self.table.head(actual) {
            Some(Con::Int(_) | Con::Float(_)) => diagnostic
                .with_note("Only a widening that loses nothing is done without being asked for.")
                .with_edits(
                    format!("convert with `{target}(…)`, which traps if the value doesn't fit"),
                    vec![edit(before, format!("{target}(")), edit(after, ")".to_owned())],
                ),
            _ => diagnostic,
        }
    }
}
