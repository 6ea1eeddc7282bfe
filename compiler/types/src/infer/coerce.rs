//! Whether what is expected is met; implicit widening; joining the types of branches.

use super::{Expected, Infer, Typed, Why};
use crate::table::{Con, TypeId, UnifyError, VarKind};
use crate::thir::{ConvertMode, ExprId, ExprKind};
use crate::{Diagnostic, FloatKind};
use dot_db::Anchor;
use dot_diagnostics::{Edit, TextRange, codes};
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
                let blamed = self.blamed(typed.id);
                let range = self.range_of(blamed);
                self.report_mismatch(blamed, typed.ty, expected, error);
                self.emit_error(range)
            }
        }
    }

    /// What gives an expression its type: the last expression of a block.
    fn blamed(&self, mut id: ExprId) -> ExprId {
        while let (ExprKind::Block { tail: Some(tail), .. }, _) = &self.exprs[id.0 as usize] {
            id = *tail;
        }
        id
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

    /// Tells that the expression `id`, of type `actual`, is not of the expected type.
    pub(super) fn report_mismatch(
        &mut self,
        id: ExprId,
        actual: TypeId,
        expected: Expected<'db>,
        error: UnifyError,
    ) {
        let range = self.range_of(id);
        if matches!(expected.why, Why::Statement | Why::Return)
            && self.is_unit(expected.ty)
            && error != UnifyError::TooLarge
        {
            let ends_function = matches!(expected.why, Why::Return) && self.frames.len() == 1;
            return self.report_unused_value(actual, range, ends_function);
        }
        let Some(diagnostic) = self.mismatch(actual, expected, range, error) else { return };
        let diagnostic = self.suggest(diagnostic, id, actual, expected.ty, range);
        self.report(diagnostic);
    }

    /// The diagnostic of a type that is not the expected one; nothing if something else has been told.
    pub(super) fn mismatch(
        &mut self,
        actual: TypeId,
        expected: Expected<'db>,
        range: TextRange,
        error: UnifyError,
    ) -> Option<Diagnostic<'db>> {
        if error == UnifyError::TooLarge {
            let diagnostic = self.error(codes::TYPE_TOO_LARGE, "a type here is too large", range);
            self.report(diagnostic.with_note("Types may nest 64 deep. Declare a record for the parts."));
            return None;
        }
        let difference = self.difference(expected.ty, actual);
        let (want, got) = (&difference.expected, &difference.found);
        let message = match &difference.inner {
            Some((want, got)) => format!("{got} where {want} is expected"),
            None => format!("this is {got}"),
        };
        let mut diagnostic = self
            .error(codes::TYPE_MISMATCH, format!("expected {want}, found {got}"), range)
            .with_message(message);
        if let Some((want, got)) = &difference.homes {
            diagnostic = diagnostic.with_note(format!(
                "They are two types of one name: one of the module `{want}`, one of `{got}`."
            ));
        }
        if error == UnifyError::Infinite {
            diagnostic = diagnostic.with_note("A type can't contain itself.");
        }
        Some(self.explain_expectation(diagnostic, expected))
    }

    /// Tells a value that a statement drops, or a function without a result.
    pub(super) fn report_unused_value(&mut self, ty: TypeId, range: TextRange, ends_function: bool) {
        let shown = self.show(ty);
        let diagnostic =
            self.error(codes::UNUSED_VALUE, format!("this value of type {shown} is not used"), range);
        // A literal that nothing decides is an `s64` or `f64`.
        let given = match self.table.var_kind(ty) {
            Some(VarKind::Number | VarKind::Int) => "`s64`",
            Some(VarKind::Float) => "`f64`",
            Some(VarKind::General) | None => &shown,
        };
        let result = if ends_function { self.result_edit(given) } else { None };
        // It is told once, of the first value that the function gives.
        if result.is_some() && std::mem::replace(&mut self.lacks_result, true) {
            return;
        }
        let diagnostic = match self.broken_line(range) {
            Some(edits) => {
                self.note_broken_line(range);
                diagnostic
                .with_note("A line that begins with `-`, `(` or `[` is a statement of its own.")
                .with_edits("join it with the line that it goes with", edits)
            }
            None if result.is_some() => diagnostic
                .with_note("A function without `->` gives nothing. Say what it gives, or drop the value by `let _ =`.")
                .with_edits("give the value", result.into_iter().collect()),
            None => self.suggest_drop(
                diagnostic.with_note(
                    "A statement's value is dropped, so it must be `()`. Write `let _ =` to drop another.",
                ),
                range,
            ),
        };
        self.report(diagnostic);
    }

    /// Notes the variable of the statement in front of a line that should go on with it: it has another value than is
    /// meant.
    fn note_broken_line(&mut self, range: TextRange) {
        let before = self
            .item
            .text(self.db)
            .get(..range.start as usize)
            .unwrap_or_default()
            .trim_end_matches([' ', '(']);
        let line = before.trim_end().rsplit('\n').next().unwrap_or_default().trim_start();
        let declared = line.strip_prefix("let ").or_else(|| line.strip_prefix("var "));
        let name = declared.and_then(|rest| rest.split([' ', ':', '=']).next()).unwrap_or_default();
        if !name.is_empty() {
            self.broken_lines.push((range.end, name.into()));
        }
    }

    /// The edit that writes what a function gives which doesn't say so; none for what is no such function.
    fn result_edit(&self, shown: &str) -> Option<Edit<Anchor<'db>>> {
        let ty = shown.strip_prefix('`')?.strip_suffix('`')?;
        let signature = dot_hir::item_signature(self.db, self.item).function()?;
        if signature.ret.is_some() {
            return None;
        }
        let before = self.item.text(self.db).get(..self.map.expr(self.hir.root).start as usize)?.trim_end();
        let (at, text) = match dot_hir::signature_source_map(self.db, self.item).uses {
            Some(uses) => (uses.start, format!("-> {ty} ")),
            None => (u32::try_from(before.len()).ok()?, format!(" -> {ty}")),
        };
        Some(Edit { span: self.span(TextRange::empty(at)), replacement: text })
    }

    /// Adds `let _ =` where a statement may stand: at a statement's begin as it is, as an arm's or a closure's body in
    /// braces.
    fn suggest_drop(&self, diagnostic: Diagnostic<'db>, range: TextRange) -> Diagnostic<'db> {
        let text = self.item.text(self.db);
        let before = text.get(..range.start as usize).unwrap_or_default().trim_end_matches([' ', '\t']);
        let at = |offset| self.span(TextRange::empty(offset));
        if before.ends_with(['\n', '{', ';']) {
            return diagnostic.with_fix("drop the value", at(range.start), "let _ = ");
        }
        if !before.ends_with("=>") {
            return diagnostic;
        }
        let edit = |offset, text: &str| Edit { span: at(offset), replacement: text.to_owned() };
        diagnostic.with_edits("drop the value", vec![edit(range.start, "{ let _ = "), edit(range.end, " }")])
    }

    /// The edits that mend an expression broken into two lines at a place where the first of them ends a statement,
    /// where a value that is not used seems to be one of the two.
    fn broken_line(&self, range: TextRange) -> Option<Vec<Edit<Anchor<'db>>>> {
        let text = self.item.text(self.db);
        let length = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX);
        let edit = |from, to, text: &str| Edit {
            span: self.span(TextRange::new(from, to)),
            replacement: text.into(),
        };
        // The range of `(x)` is that of `x`.
        let opened = text.get(..range.start as usize)?.trim_end_matches(' ').strip_suffix('(');
        let range = opened.map_or(range, |opened| TextRange::new(length(opened), range.end));
        // The places where the line before ends and where the next one begins.
        let (end, next) = match range.slice(text).chars().next()? {
            '-' | '(' | '[' => (length(text.get(..range.start as usize)?.trim_end()), range.start),
            _ => {
                let rest = text.get(range.end as usize..)?;
                let is_name =
                    range.slice(text).chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c));
                let next = rest.trim_start();
                (next.starts_with("- ") || is_name && next.starts_with('(')).then_some(())?;
                (range.end, length(text) - length(rest.trim_start()))
            }
        };
        let gap = TextRange::new(end, next).slice(text);
        let ends_value =
            text.get(..end as usize)?.ends_with(|c: char| c.is_alphanumeric() || ")]\"_".contains(c));
        if !gap.contains('\n') || !ends_value {
            return None;
        }
        let after = text.get(next as usize..)?;
        Some(match after.strip_prefix('-') {
            Some(operand) => {
                let operand = operand.trim_start_matches(' ');
                vec![edit(end, end, " -"), edit(next, length(text) - length(operand), "")]
            }
            None => vec![edit(end, next, "")],
        })
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
}
