//! The end of inference: types are resolved, and what could not be checked before is checked.

use super::{CallSite, EffectRead, Infer, Patch, PatternCheckKind};
use crate::display::display_type;
use crate::exhaustive::{ArmPattern, check_arms, missing_arms};
use crate::own::{self, Operation};
use crate::table::{Resolved, TypeId};
use crate::thir::{Body, Callee, Expr, ExprKind, Literal, Local, Param, Piece, SourceMap};
use crate::{Diagnostic, FloatKind, Ty, TyKind, bounds};
use dot_db::Anchor;
use dot_diagnostics::{Edit, TextRange, codes};
use dot_hir::body::{Pat, PatId};
use smol_str::SmolStr;

/// A body that has been inferred.
pub(crate) struct Finished<'db> {
    pub(crate) body: Body<'db>,
    pub(crate) map: SourceMap,
    pub(crate) calls: Vec<CallSite<'db>>,
    pub(crate) reads: Vec<EffectRead<'db>>,
    pub(crate) guards: Vec<TextRange>,
    pub(crate) lacks_result: bool,
    /// Whether a `with` is wrong, so that what it should replace isn't.
    pub(crate) lacks_replacement: bool,
    pub(crate) diagnostics: Vec<Diagnostic<'db>>,
}

impl<'db> Infer<'db> {
    pub(super) fn finish(
        mut self,
        params: Vec<Param>,
        ret: TypeId,
        root: crate::thir::ExprId,
    ) -> Finished<'db> {
        let mut memo = Resolved::default();
        self.check_resolved(&mut memo);
        let ret = self.table.resolve(ret, &mut memo);
        self.check_obligations(&mut memo);
        self.check_literals(&mut memo);
        let body = self.resolve_body(params, ret, root, &mut memo);
        self.check_patterns(&body, &mut memo);
        self.check_unused();
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span.range);
        self.keep_causes();
        let map = SourceMap {
            exprs: std::mem::take(&mut self.ranges),
            locals: self.locals.iter().map(|local| local.range).collect(),
            places: {
                self.places.sort_unstable_by_key(|(value, _)| *value);
                self.places
            },
        };
        let Self { calls, reads, guards, lacks_result, lacks_replacement, diagnostics, .. } = self;
        Finished { body, map, calls, reads, guards, lacks_result, lacks_replacement, diagnostics }
    }

    /// Leaves out that the whole of an expression doesn't fit, where something is wrong with a part of it on the same
    /// line: what it will be once that is mended, nobody knows.
    fn keep_causes(&mut self) {
        let text = self.item.text(self.db);
        let told: Vec<(bool, TextRange)> =
            self.diagnostics.iter().map(|told| (told.is_error(), told.primary.span.range)).collect();
        let has_cause = |whole: TextRange| {
            let first = told.partition_point(|(_, range)| range.start < whole.start);
            let near = told[first..].iter().take_while(|(_, range)| range.start <= whole.end);
            let mut parts = near.filter(|(is_error, range)| *is_error && *range != whole);
            !whole.slice(text).contains('\n') && parts.any(|(_, range)| whole.covers(*range))
        };
        let of_a_broken_line = |range: TextRange| {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let mentions = |name: &SmolStr| range.slice(text).split(|c| !is_part(c)).any(|word| word == name);
            self.broken_lines.iter().any(|(end, name)| range.start >= *end && mentions(name))
        };
        self.diagnostics.retain(|told| {
            if of_a_broken_line(told.primary.span.range) {
                return false;
            }
            let of_the_whole = [
                codes::TYPE_MISMATCH,
                codes::UNUSED_VALUE,
                codes::UNSUPPORTED_OPERATOR,
                codes::BOUND_NOT_MET,
            ];
            let whole = told.primary.span.range;
            // Two parts that don't go together are told with a label at each.
            let of_parts = told.labels.iter().any(|label| whole.covers(label.span.range));
            !of_the_whole.contains(&told.code) || of_parts || !has_cause(whole)
        });
    }

    /// Tells the first type that nothing decides.
    fn check_resolved(&mut self, memo: &mut Resolved<'db>) {
        let locals = self.locals.iter().map(|local| (local.ty, local.range));
        let exprs = self.exprs.iter().zip(&self.ranges).map(|((_, ty), range)| (*ty, *range));
        let mut unknown: Option<TextRange> = None;
        let mut too_large: Option<TextRange> = None;
        for (ty, range) in locals.chain(exprs) {
            self.table.resolve(ty, memo);
            if std::mem::take(&mut memo.unknown) && unknown.is_none() {
                unknown = Some(range);
            }
            if std::mem::take(&mut memo.too_large) && too_large.is_none() {
                too_large = Some(range);
            }
        }
        if let Some(range) = too_large {
            let diagnostic = self
                .error(codes::TYPE_TOO_LARGE, "a type here is too large", range)
                .with_note("Types may nest 64 deep. Declare a record for the parts.");
            self.report(diagnostic);
        }
        // Where something else is wrong, that is often why a type is unknown.
        if let Some(range) = unknown
            && !self.diagnostics.iter().any(Diagnostic::is_error)
        {
            self.type_unknown("this", range);
        }
    }

    fn check_obligations(&mut self, memo: &mut Resolved<'db>) {
        let mut told: Vec<(Ty<'db>, TextRange)> = Vec::new();
        for obligation in std::mem::take(&mut self.obligations) {
            let ty = self.table.resolve(obligation.ty, memo);
            let part = bounds::obstacle(self.db, ty, obligation.bound, &self.generics);
            if part.is_none()
                && let Some(op) = obligation.structure
            {
                self.check_structure(ty, op, obligation.range);
            }
            let Some(part) = part else { continue };
            // What is asked of a value is asked of what it is put in, too.
            let range = obligation.range;
            let meets = |other: &(Ty<'db>, TextRange)| {
                other.0 == part && (other.1.covers(range) || range.covers(other.1))
            };
            if told.iter().any(meets) {
                continue;
            }
            told.push((part, range));
            let shown = display_type(self.db, ty, &self.generics).to_string();
            let title = format!("`{shown}` does not meet the bound `{}`", bounds::name(obligation.bound));
            let mut diagnostic = self
                .error(codes::BOUND_NOT_MET, title, obligation.range)
                .with_note(format!("It is needed here: {}.", obligation.reason));
            if part != ty {
                let inner = display_type(self.db, part, &self.generics).to_string();
                diagnostic = diagnostic.with_note(format!("What speaks against is `{inner}` in it."));
            }
            self.report(diagnostic);
        }
    }

    /// Refuses to look into opaque types that hide their structure here and don't say what they do instead.
    fn check_structure(&mut self, ty: Ty<'db>, op: Operation, range: TextRange) {
        let Some(hidden) = own::lacking(self.db, self.module, ty, op) else { return };
        let name = hidden.name(self.db);
        let shown = display_type(self.db, ty, &self.generics).to_string();
        let is_itself = matches!(ty.kind(self.db), TyKind::Adt(item, _) if *item == hidden);
        let title = match op {
            Operation::Show if is_itself => format!("`{name}` doesn't say how it prints"),
            Operation::Show => format!("`{shown}` holds `{name}`, which doesn't say how it prints"),
            _ if is_itself => format!("`{name}` defines no such comparison"),
            _ => format!("`{shown}` holds `{name}`, which defines no such comparison"),
        };
        let diagnostic = self.error(codes::OPAQUE_TYPE, title, range);
        let diagnostic = crate::looks::with_reason(self.db, diagnostic, op, hidden);
        self.report(diagnostic);
    }

    fn check_literals(&mut self, memo: &mut Resolved<'db>) {
        for check in std::mem::take(&mut self.literals) {
            let ty = self.table.resolve(check.ty, memo);
            if let TyKind::Float(kind) = ty.kind(self.db) {
                self.check_exact(check.value, *kind, check.range);
            }
            let TyKind::Int(kind) = *ty.kind(self.db) else { continue };
            if check.value >= kind.min() && check.value <= kind.max() {
                continue;
            }
            let title = format!("`{}` does not fit in `{}`", check.value, kind.name());
            let range = format!("`{}` holds {} to {}.", kind.name(), kind.min(), kind.max());
            let diagnostic = self.error(codes::LITERAL_OUT_OF_RANGE, title, check.range).with_note(range);
            self.report(diagnostic);
        }
    }

    /// Tells an integer that a float type has no value for.
    fn check_exact(&mut self, value: i128, kind: FloatKind, range: TextRange) {
        let digits = match kind {
            FloatKind::F32 => f32::MANTISSA_DIGITS,
            FloatKind::F64 => f64::MANTISSA_DIGITS,
        };
        let size = value.unsigned_abs();
        let significant = if size == 0 { 0 } else { 128 - size.leading_zeros() - size.trailing_zeros() };
        if significant > digits {
            let title = format!("`{value}` has more digits than `{}` holds", kind.name());
            let diagnostic = self.error(codes::LITERAL_OUT_OF_RANGE, title, range).with_note(
                "An integer is taken for a float only if it is one exactly. Write it with a `.0`.",
            );
            self.report(diagnostic);
        }
    }

    fn resolve_body(
        &mut self,
        params: Vec<Param>,
        ret: Ty<'db>,
        root: crate::thir::ExprId,
        memo: &mut Resolved<'db>,
    ) -> Body<'db> {
        let locals = self
            .locals
            .iter()
            .map(|local| Local { name: local.name.clone(), ty: self.table.resolve(local.ty, memo) })
            .collect();
        let mut exprs = Vec::with_capacity(self.exprs.len());
        for (index, (mut kind, ty)) in std::mem::take(&mut self.exprs).into_iter().enumerate() {
            let ty = self.table.resolve(ty, memo);
            let id = crate::thir::ExprId(u32::try_from(index).unwrap_or(u32::MAX));
            if let Some(patch) = self.patches.get(&id) {
                self.apply(patch, &mut kind, ty, memo);
            }
            exprs.push(Expr { kind, ty });
        }
        Body { params, ret, locals, exprs, root }
    }

    fn apply(&self, patch: &Patch, kind: &mut ExprKind<'db>, ty: Ty<'db>, memo: &mut Resolved<'db>) {
        match (patch, kind) {
            (
                Patch::TypeArgs(vars),
                ExprKind::FnValue { type_args, .. }
                | ExprKind::Call {
                    callee: Callee::Item { type_args, .. } | Callee::Intrinsic { type_args, .. },
                    ..
                },
            ) => *type_args = vars.iter().map(|var| self.table.resolve(*var, memo)).collect(),
            (Patch::ClosureRet(ret), ExprKind::Closure(closure)) => {
                closure.ret = self.table.resolve(*ret, memo);
            }
            (Patch::Told(compared), ExprKind::Interpolate(pieces)) => {
                let compared = self.table.resolve(*compared, memo);
                if own::lacking(self.db, self.module, compared, Operation::Show).is_some() {
                    *pieces = vec![Piece::Text(super::block::ASSERTION_FAILED.into())];
                }
            }
            (Patch::Number, ExprKind::Literal(literal)) => {
                if let TyKind::Float(kind) = ty.kind(self.db) {
                    *literal = float_literal(literal, *kind);
                }
            }
            _ => {}
        }
    }

    fn check_patterns(&mut self, body: &Body<'db>, memo: &mut Resolved<'db>) {
        for check in std::mem::take(&mut self.pattern_checks) {
            let ty = self.table.resolve(check.ty, memo);
            if *ty.kind(self.db) == TyKind::Error {
                continue;
            }
            match check.kind {
                PatternCheckKind::Irrefutable(pattern) => {
                    let arms = [ArmPattern { pattern: &pattern, guarded: false }];
                    match check_arms(self.db, ty, &arms) {
                        Ok(report) if !report.missing.is_empty() => {
                            let missing: Vec<String> =
                                report.missing.iter().map(|witness| format!("`{witness}`")).collect();
                            let title = format!("this pattern does not fit {}", missing.join(", "));
                            let diagnostic =
                                self.error(codes::REFUTABLE_PATTERN, title, check.range).with_note(
                                    "Here every value must fit. `let … else` and `match` take the others.",
                                );
                            self.report(diagnostic);
                        }
                        Ok(_) => {}
                        Err(_) => self.report_too_complex(check.range),
                    }
                }
                PatternCheckKind::Match(id, ranges) => self.check_match(body, ty, id, &ranges, check.range),
            }
        }
    }

    fn check_match(
        &mut self,
        body: &Body<'db>,
        ty: Ty<'db>,
        id: crate::thir::ExprId,
        ranges: &[TextRange],
        scrutinee: TextRange,
    ) {
        let ExprKind::Match { arms, .. } = &body.expr(id).kind else { return };
        let patterns: Vec<ArmPattern<'_>> = arms
            .iter()
            .map(|arm| ArmPattern { pattern: &arm.pattern, guarded: arm.guard.is_some() })
            .collect();
        let Ok(report) = check_arms(self.db, ty, &patterns) else {
            return self.report_too_complex(scrutinee);
        };
        // A pattern with a mistake fits everything; what it seems to hide is not to be told.
        let faulty = self.diagnostics.iter().any(|diagnostic| {
            diagnostic.is_error() && ranges.iter().any(|range| range.covers(diagnostic.primary.span.range))
        });
        if faulty {
            return;
        }
        if !report.missing.is_empty() {
            let shown: Vec<String> = report.missing.iter().map(|witness| format!("`{witness}`")).collect();
            let title = format!("this `match` has no arm for {}", shown.join(", "));
            let mut diagnostic = self
                .error(codes::NON_EXHAUSTIVE_MATCH, title, scrutinee)
                .with_message(format!("a value of type `{}`", display_type(self.db, ty, &self.generics)));
            if arms.iter().any(|arm| arm.guard.is_some()) {
                diagnostic = diagnostic.with_note("An arm with a guard may let a value pass.");
            }
            let missing = missing_arms(self.db, ty, &patterns);
            let diagnostic = self.with_arms(diagnostic, self.range_of(id), missing);
            self.report(diagnostic);
        }
        for arm in report.unreachable {
            let Some(range) = ranges.get(arm) else { continue };
            let diagnostic =
                Diagnostic::warning(codes::UNREACHABLE_ARM, "this arm is never reached", self.span(*range))
                    .with_note("The arms before it fit every value that it fits.");
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds arms for these patterns, or for all that is left, at the end of the `match` that stands at `whole`.
    fn with_arms(
        &self,
        diagnostic: Diagnostic<'db>,
        whole: TextRange,
        missing: Option<Vec<String>>,
    ) -> Diagnostic<'db> {
        let text = self.item.text(self.db);
        let Some(before) = text.get(..whole.end as usize).and_then(|text| text.strip_suffix('}')) else {
            return diagnostic;
        };
        let missing = missing.unwrap_or_else(|| vec!["_".to_owned()]);
        let arms = missing.iter().map(|pattern| format!("{pattern} => unreachable(\"not written yet\")"));
        let arms: Vec<String> = arms.collect();
        let kept = before.trim_end();
        let gap = &before[kept.len()..];
        let (at, added) = match gap.rsplit_once('\n') {
            // The brace stands on a line of its own.
            Some((_, indentation)) => {
                let lines = arms.iter().map(|arm| format!("  {arm}\n{indentation}"));
                (before.len(), lines.collect::<String>())
            }
            None if kept.ends_with('{') => (kept.len(), format!(" {} ", arms.join(", "))),
            None if kept.ends_with(',') => (kept.len(), format!(" {}", arms.join(", "))),
            None => (kept.len(), format!(", {}", arms.join(", "))),
        };
        let title = if arms.len() == 1 { "add the missing arm" } else { "add the missing arms" };
        let at = TextRange::empty(u32::try_from(at).unwrap_or(u32::MAX));
        diagnostic.with_fix(title, self.span(at), added)
    }

    fn report_too_complex(&mut self, range: TextRange) {
        let title = "these patterns are too many or too deep to be checked";
        let diagnostic = self.error(codes::MATCH_TOO_COMPLEX, title, range).with_note(
            "Whether every value has an arm can't be found out in reasonable time. Split the match.",
        );
        self.report(diagnostic);
    }

    /// The edits by which a variable says that it is not used: a `_` before its name, in each alternative of its
    /// pattern; `x: _` for a field `x` in a record's pattern.
    fn unused_edits(&self, name: &SmolStr, range: TextRange) -> Vec<Edit<Anchor<'db>>> {
        let outermost = (0_u32..).zip(&self.hir.pats).filter(|(_, pat)| matches!(pat, Pat::Or(_)));
        let outermost = outermost.map(|(id, _)| self.map.pat(PatId(id))).filter(|or| or.covers(range));
        let around = outermost.max_by_key(|or| or.len()).unwrap_or(range);
        let names = self.hir.pats.iter().filter_map(|pat| match pat {
            Pat::Bind { name: bound, .. } | Pat::As { name: bound, .. } if bound.text == *name => {
                Some(self.map.name(bound.id)).filter(|bound| around.covers(*bound))
            }
            _ => None,
        });
        let is_field = |at: TextRange| {
            self.hir.pats.iter().any(|pat| match pat {
                Pat::Record { fields, .. } => fields
                    .iter()
                    .any(|field| self.map.name(field.name.id) == at && self.map.pat(field.pat) == at),
                _ => false,
            })
        };
        let mut places: Vec<TextRange> = names.collect();
        places.sort_unstable();
        places.dedup();
        let edit = |offset, text: &str| Edit {
            span: self.span(TextRange::empty(offset)),
            replacement: text.to_owned(),
        };
        let edits =
            places.into_iter().map(|at| if is_field(at) { edit(at.end, ": _") } else { edit(at.start, "_") });
        edits.collect()
    }

    fn check_unused(&mut self) {
        // What is refused may be what would have used it.
        if self.diagnostics.iter().any(Diagnostic::is_error) {
            return;
        }
        for local in &self.locals {
            let ignored = local.used || local.name.is_empty() || local.name.starts_with('_');
            if ignored || local.range.is_empty() {
                continue;
            }
            let title = format!("`{}` is never used", local.name);
            let mut diagnostic = Diagnostic::warning(codes::UNUSED_VARIABLE, title, self.span(local.range))
                .with_note("A name that begins with `_` says that it is not used on purpose.");
            let edits = self.unused_edits(&local.name, local.range);
            if !edits.is_empty() {
                diagnostic = diagnostic.with_edits("say that it is not used", edits);
            }
            self.diagnostics.push(diagnostic);
        }
    }
}

/// A number literal as one of a float type.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "an integer has been found to be exact, and a float literal is rounded to its type"
)]
pub(super) fn float_literal(literal: &Literal, kind: FloatKind) -> Literal {
    let value = match literal {
        Literal::Int(value) => *value as f64,
        Literal::Float(bits) => f64::from_bits(*bits),
        other => return other.clone(),
    };
    let rounded = match kind {
        FloatKind::F32 => f64::from(value as f32),
        FloatKind::F64 => value,
    };
    Literal::Float(rounded.to_bits())
}
