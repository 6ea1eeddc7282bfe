//! Fixes for a value of another type than what is expected, as edits of the text.

use super::coerce::Fit;
use super::{Infer, Typed};
use crate::table::{Con, TypeId, VarKind};
use crate::thir::{ExprId, ExprKind};
use crate::{Diagnostic, FloatKind};
use dot_diagnostics::{Edit, TextRange};
use smol_str::SmolStr;

/// A change of the text of one expression.
struct Change {
    title: String,
    before: String,
    after: String,
}

impl Change {
    fn new(title: impl Into<String>, before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { title: title.into(), before: before.into(), after: after.into() }
    }
}

impl<'db> Infer<'db> {
    /// Adds the change that makes a value one of the expected type, if there is one that is likely meant.
    pub(super) fn suggest(
        &self,
        diagnostic: Diagnostic<'db>,
        id: ExprId,
        actual: TypeId,
        expected: TypeId,
        range: TextRange,
    ) -> Diagnostic<'db> {
        let diagnostic = match self.numeric_fit(actual, expected) {
            Some(Fit::No) => {
                diagnostic.with_note("Only a widening that loses nothing is done without being asked for.")
            }
            _ => diagnostic,
        };
        match self.change_to(id, actual, expected, range) {
            Some(change) => self.with_change(diagnostic, change, range),
            None => self.with_ways_out(diagnostic, actual, expected),
        }
    }

    /// Says how to get at the value in an option or result, where `?` can't.
    fn with_ways_out(
        &self,
        diagnostic: Diagnostic<'db>,
        actual: TypeId,
        expected: TypeId,
    ) -> Diagnostic<'db> {
        let (Some(head), Some(inner)) = (self.table.head(actual), self.table.args(actual).first()) else {
            return diagnostic;
        };
        match head {
            Con::Option if self.would_fit(*inner, expected) => diagnostic.with_note(
                "There may be none: `x ?? 0` says what then, `match` takes both apart. `?` works in a function that gives an `option`.",
            ),
            Con::Result if self.would_fit(*inner, expected) => diagnostic.with_note(
                "It may be an error: `match` takes both apart. `?` works in a function that gives a `result` with that error.",
            ),
            _ => diagnostic,
        }
    }

    fn with_change(&self, diagnostic: Diagnostic<'db>, change: Change, range: TextRange) -> Diagnostic<'db> {
        let edit = |at: u32, replacement: String| Edit { span: self.span(TextRange::empty(at)), replacement };
        let edits = [edit(range.start, change.before), edit(range.end, change.after)];
        let edits = edits.into_iter().filter(|edit| !edit.replacement.is_empty()).collect();
        diagnostic.with_edits(change.title, edits)
    }

    fn change_to(&self, id: ExprId, actual: TypeId, expected: TypeId, range: TextRange) -> Option<Change> {
        self.empty_record(actual, expected, range)
            .or_else(|| self.conversion(actual, expected))
            .or_else(|| self.unwrapping(id, actual, expected))
            .or_else(|| self.wrapping(actual, expected))
            .or_else(|| self.printing(actual, expected, range))
    }

    /// `Point {}` for `{}`, which is a block.
    fn empty_record(&self, actual: TypeId, expected: TypeId, range: TextRange) -> Option<Change> {
        let Con::Adt(item) = self.table.head(expected)? else { return None };
        let is_record = matches!(crate::adt_def(self.db, *item).shape, crate::AdtShape::Record(_));
        let text = range.slice(self.item.text(self.db));
        let inside = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let is_empty = inside.is_some_and(|inside| inside.trim().is_empty());
        let name = item.name(self.db);
        (is_record && is_empty && self.is_unit(actual))
            .then(|| Change::new(format!("write `{name} {{}}`: `{{}}` is a block"), format!("{name} "), ""))
    }

    /// `u8(x)`
    fn conversion(&self, actual: TypeId, expected: TypeId) -> Option<Change> {
        self.numeric_fit(actual, expected).filter(|fit| *fit == Fit::No)?;
        let (target, title) = match self.table.head(expected)? {
            Con::Int(kind) => (
                kind.name(),
                format!("convert with `{}(…)`, which traps if the value doesn't fit", kind.name()),
            ),
            Con::Float(kind) => (kind.name(), format!("convert with `{}(…)`", kind.name())),
            _ => return None,
        };
        Some(Change::new(title, format!("{target}("), ")"))
    }

    /// `x?`, where the function can be left so.
    fn unwrapping(&self, id: ExprId, actual: TypeId, expected: TypeId) -> Option<Change> {
        let inner = self.inside(actual)?;
        if !self.would_fit(inner, expected) {
            return None;
        }
        let title = "take the value out with `?`, which leaves the function otherwise";
        let kind = &self.exprs[id.0 as usize].0;
        let binds_tightly = matches!(
            kind,
            ExprKind::Call { .. }
                | ExprKind::Local(_)
                | ExprKind::Field { .. }
                | ExprKind::Index { .. }
                | ExprKind::Const(_)
                | ExprKind::Case { .. }
        );
        Some(if binds_tightly { Change::new(title, "", "?") } else { Change::new(title, "(", ")?") })
    }

    /// What `?` takes out of a value here; nothing where it can't be used.
    pub(super) fn inside(&self, ty: TypeId) -> Option<TypeId> {
        let ret = self.frames.last()?.ret.ty;
        match (self.table.head(ty)?, self.table.args(ty), self.table.head(ret)?, self.table.args(ret)) {
            (Con::Option, [inner], Con::Option, _) => Some(*inner),
            (Con::Result, [inner, error], Con::Result, [_, target])
                if self.equal(*error, *target) || self.is_wrapped(*error, *target) =>
            {
                Some(*inner)
            }
            _ => None,
        }
    }

    /// Whether the target has one case marked `@from` that carries the error.
    fn is_wrapped(&self, error: TypeId, target: TypeId) -> bool {
        let Some(Con::Adt(item)) = self.table.head(target) else { return false };
        let crate::AdtShape::Variant(cases) = &crate::adt_def(self.db, *item).shape else { return false };
        let carries = |case: &&crate::CaseDef<'db>| match case.parts.as_slice() {
            [part] => {
                case.from && self.table.head(error) == Some(&crate::table::decompose(part.ty.kind(self.db)).0)
            }
            _ => false,
        };
        cases.iter().filter(carries).count() == 1
    }

    /// Whether a value of one type would be taken for the other.
    fn would_fit(&self, actual: TypeId, expected: TypeId) -> bool {
        match self.numeric_fit(actual, expected) {
            Some(fit) => fit != Fit::No,
            None => self.equal(actual, expected),
        }
    }

    /// `some(x)`, `ok(x)`, `err(x)`
    fn wrapping(&self, actual: TypeId, expected: TypeId) -> Option<Change> {
        let is_known = |ty| self.table.head(ty).is_some();
        let wrap = |name: &str| Change::new(format!("write `{name}(…)`"), format!("{name}("), ")");
        match (self.table.head(expected)?, self.table.args(expected)) {
            (Con::Option, [inner]) if is_known(*inner) && self.would_fit(actual, *inner) => {
                Some(wrap("some"))
            }
            (Con::Result, [ok, _]) if is_known(*ok) && self.would_fit(actual, *ok) => Some(wrap("ok")),
            (Con::Result, [_, err]) if is_known(*err) && self.would_fit(actual, *err) => Some(wrap("err")),
            _ => None,
        }
    }

    /// `"{x}"`, and a literal in other quotes.
    fn printing(&self, actual: TypeId, expected: TypeId, range: TextRange) -> Option<Change> {
        let text = range.slice(self.item.text(self.db));
        if self.table.head(expected) != Some(&Con::String) || text.contains('\n') {
            return None;
        }
        let prints = match self.table.head(actual) {
            Some(head) => matches!(head, Con::Bool | Con::Int(_) | Con::Float(_) | Con::Char),
            None => self.table.var_kind(actual) != Some(VarKind::General),
        };
        prints.then(|| Change::new("print it in a string", "\"{", "}\""))
    }

    /// Adds the change of one side of an operator that makes both sides of one type.
    pub(super) fn suggest_for_operands(
        &self,
        diagnostic: Diagnostic<'db>,
        op: &str,
        left: Typed,
        right: Typed,
    ) -> Diagnostic<'db> {
        let is_text = |side: Typed| self.table.head(side.ty) == Some(&Con::String);
        if op == "+" && (is_text(left) || is_text(right)) {
            return self.suggest_interpolation(diagnostic, left, right);
        }
        for (side, other) in [(left, right), (right, left)] {
            let change =
                self.to_float(side.ty, other.ty).or_else(|| self.unwrapping(side.id, side.ty, other.ty));
            if let Some(change) = change {
                return self.with_change(diagnostic, change, self.range_of(side.id));
            }
        }
        let compares = matches!(op, "==" | "!=" | "<" | "<=" | ">" | ">=");
        for (side, other) in [(left, right), (right, left)] {
            if !compares {
                continue;
            }
            if self.table.head(other.ty) == Some(&Con::Option)
                && let Some(change) = self.wrapping(side.ty, other.ty)
            {
                return self.with_change(diagnostic, change, self.range_of(side.id));
            }
        }
        let diagnostic = self.with_ways_out(diagnostic, left.ty, right.ty);
        self.with_ways_out(diagnostic, right.ty, left.ty)
    }

    /// Adds the arguments that a call at `range` lacks, as values that are yet to be written. `by_name` where others
    /// are given so.
    pub(super) fn suggest_arguments(
        &self,
        diagnostic: Diagnostic<'db>,
        range: TextRange,
        missing: &[Option<SmolStr>],
        by_name: bool,
    ) -> Diagnostic<'db> {
        self.suggest_parts(diagnostic, range, ('(', ')'), missing, by_name)
    }

    /// Adds what is missing before the bracket that ends a call or literal.
    pub(super) fn suggest_parts(
        &self,
        diagnostic: Diagnostic<'db>,
        range: TextRange,
        (open, close): (char, char),
        missing: &[Option<SmolStr>],
        by_name: bool,
    ) -> Diagnostic<'db> {
        let text = range.slice(self.item.text(self.db));
        let Some(before) = text.strip_suffix(close) else { return diagnostic };
        let kept = before.trim_end();
        let values = missing.iter().map(|name| match name {
            Some(name) if by_name => format!("{name}: unreachable(\"{name}\")"),
            Some(name) => format!("unreachable(\"{name}\")"),
            None => "unreachable(\"not written yet\")".to_owned(),
        });
        let values = values.collect::<Vec<_>>().join(", ");
        let (at, added) = match kept.as_bytes().last() {
            Some(last) if char::from(*last) == open => {
                (kept.len(), if open == '{' { format!(" {values}") } else { values })
            }
            Some(b',') => (kept.len(), format!(" {values}")),
            _ => (kept.len(), format!(", {values}")),
        };
        let at = TextRange::empty(range.start + u32::try_from(at).unwrap_or(0));
        diagnostic.with_fix("add what is missing", self.span(at), added)
    }

    /// `f64(n)` for an integer beside a float.
    fn to_float(&self, ty: TypeId, other: TypeId) -> Option<Change> {
        let is_int = matches!(self.table.head(ty), Some(Con::Int(_)));
        let kind = match self.table.head(other) {
            Some(Con::Float(kind)) => *kind,
            _ if self.table.var_kind(other) == Some(VarKind::Float) => FloatKind::F64,
            _ => return None,
        };
        let name = kind.name();
        is_int.then(|| Change::new(format!("convert with `{name}(…)`"), format!("{name}("), ")"))
    }

    /// `"{a}{b}"` for `a + b`, where a literal gives its text.
    pub(super) fn suggest_interpolation(
        &self,
        diagnostic: Diagnostic<'db>,
        left: Typed,
        right: Typed,
    ) -> Diagnostic<'db> {
        let (at, to) = (self.range_of(left.id), self.range_of(right.id));
        let text = self.item.text(self.db);
        let is_literal = |range: TextRange| {
            let text = range.slice(text);
            text.len() >= 2 && text.starts_with('"') && text.ends_with('"') && !text.starts_with("\"\"\"")
        };
        // What stands between the sides is the operator alone, no parenthesis.
        let between = TextRange::new(at.end, to.start);
        if between.slice(text).trim() != "+" || at.slice(text).contains('\n') || to.slice(text).contains('\n')
        {
            return diagnostic;
        }
        let quote = |range: TextRange| u32::from(is_literal(range));
        let middle = TextRange::new(at.end - quote(at), to.start + quote(to));
        let (close, open) = (if is_literal(at) { "" } else { "}" }, if is_literal(to) { "" } else { "{" });
        let mut edits = Vec::new();
        let mut edit = |range: TextRange, replacement: &str| {
            edits.push(Edit { span: self.span(range), replacement: replacement.to_owned() });
        };
        if !is_literal(at) {
            edit(TextRange::empty(at.start), "\"{");
        }
        edit(middle, &format!("{close}{open}"));
        if !is_literal(to) {
            edit(TextRange::empty(to.end), "}\"");
        }
        diagnostic.with_edits("put them together by interpolation", edits)
    }
}
