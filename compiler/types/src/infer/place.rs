//! Places: what can be assigned to, or passed to an `inout` parameter.
//!
//! A place is first inferred as an expression like any other; [`Infer::place_of`] reads the typed expression
//! back as a place. The expression itself is then left unused in the arena.

use super::list::IndexArgs;
use super::{Expected, Infer, Mutability, Typed, Why};
use crate::Diagnostic;
use crate::table::Con;
use crate::thir::{self, ExprKind, Place, Projection};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body as hir;

impl<'db> Infer<'db> {
    /// `xs[i]`, `m[k]`, `m[k, or: d]`.
    pub(super) fn infer_index(&mut self, base: hir::ExprId, args: &[hir::Arg], range: TextRange) -> Typed {
        let base = self.infer(base, None);
        self.infer_index_of(base, args, range)
    }

    fn infer_index_of(&mut self, base: Typed, args: &[hir::Arg], range: TextRange) -> Typed {
        let Some(read) = IndexArgs::read(args) else {
            let diagnostic = self.error(
                codes::WRONG_ARGUMENTS,
                "an index is `[i]`, or `[key, or: default]` of a map",
                range,
            );
            self.report(diagnostic);
            return self.emit_error(range);
        };
        let parts = self.table.args(base.ty).to_vec();
        match (self.table.head(base.ty).cloned(), parts.as_slice()) {
            (Some(Con::List | Con::FixedList(_)), [item]) => {
                let index = self.check_list_index(read.index);
                if read.default.is_some() {
                    let title = "a list has no entries that could be missing";
                    let diagnostic = self.error(codes::WRONG_ARGUMENTS, title, range);
                    self.report(
                        diagnostic.with_note("`or:` gives what a missing entry of a map starts from."),
                    );
                }
                self.emit(ExprKind::Index { base: base.id, index: index.id }, *item, range)
            }
            (Some(Con::Map), [key, value]) => {
                let index = self.check(read.index, Expected { ty: *key, why: Why::Plain });
                let typed = self.emit(ExprKind::Index { base: base.id, index: index.id }, *value, range);
                if let Some(default) = read.default {
                    let default = self.check(default, Expected { ty: *value, why: Why::Plain });
                    self.index_defaults.insert(typed.id, default.id);
                }
                typed
            }
            (Some(Con::Error), _) => self.emit_error(range),
            (None, _) => self.type_unknown("what is indexed", self.range_of(base.id)),
            (Some(head), _) => {
                let shown = self.show(base.ty);
                let mut diagnostic =
                    self.error(codes::NOT_INDEXABLE, format!("{shown} has no elements to index"), range);
                if head == Con::String {
                    diagnostic = diagnostic.with_note(
                        "What is counted in a string is named: `byte_at`, `chars()`, `bytes()[i]`.",
                    );
                }
                self.report(diagnostic);
                self.emit_error(range)
            }
        }
    }

    /// An expression that is to become a place: an `or:` stays with it.
    pub(super) fn infer_place(&mut self, place: hir::ExprId) -> Typed {
        crate::stack::ensure(|| self.infer_place_form(place))
    }

    fn infer_place_form(&mut self, place: hir::ExprId) -> Typed {
        match self.hir.expr(place) {
            hir::Expr::Index { base, args } => {
                let range = self.expr_range(place);
                let base = self.infer_place(*base);
                self.infer_index_of(base, args, range)
            }
            hir::Expr::Field { base, name } if self.named(*base).is_none() => {
                let range = self.expr_range(place);
                let base = self.infer_place(*base);
                self.infer_field_of(base, name, range)
            }
            hir::Expr::TupleField { base, index } => {
                let range = self.expr_range(place);
                let base = self.infer_place(*base);
                self.infer_tuple_field_of(base, *index, range)
            }
            _ => self.infer(place, None),
        }
    }

    /// A place that is read as a value. `m[k, or: d]` then asks for the entry and takes `d` if there is none.
    pub(super) fn read_default(&mut self, place: Typed) -> Typed {
        if self.index_defaults.is_empty() {
            return place;
        }
        let (base, index) = match self.exprs[place.id.0 as usize].0 {
            ExprKind::Field { base, .. } | ExprKind::Part { base, .. } | ExprKind::FromEnd { base, .. } => {
                (base, None)
            }
            ExprKind::Index { base, index } => (base, Some(index)),
            _ => return place,
        };
        let ty = self.exprs[base.0 as usize].1;
        let read = crate::stack::ensure(|| self.read_default(Typed { id: base, ty })).id;
        if let ExprKind::Field { base, .. }
        | ExprKind::Part { base, .. }
        | ExprKind::FromEnd { base, .. }
        | ExprKind::Index { base, .. } = &mut self.exprs[place.id.0 as usize].0
        {
            *base = read;
        }
        let (Some(index), Some(default)) = (index, self.index_defaults.remove(&place.id)) else {
            return place;
        };
        let (base, range) = (read, self.range_of(place.id));
        let get = crate::lookup::method(self.db, self.module, &Con::Map, &self.generics, "get");
        let Some(get) = get else { return self.not_yet("`or:` where a value is read", range) };
        let base = Typed { id: base, ty: self.exprs[base.0 as usize].1 };
        let index = Typed { id: index, ty: self.exprs[index.0 as usize].1 };
        let entry = self.call_with_values(get, &[base, index], range);
        let option = self.table.app(Con::Option, vec![place.ty]);
        let entry = self.coerce(entry, Expected { ty: option, why: Why::Plain });
        self.emit_unwrap_or(entry, place.ty, default, range)
    }

    fn check_list_index(&mut self, index: hir::ExprId) -> Typed {
        let typed = self.infer(index, None);
        let fits = match self.table.head(typed.ty) {
            Some(Con::Int(_) | Con::Error | Con::Never) => true,
            Some(_) => false,
            // What is wrong with it has been told.
            None if self.is_told(self.range_of(typed.id)) => true,
            None => self.table.restrict_to_int(typed.ty),
        };
        if !fits {
            let (shown, range) = (self.show(typed.ty), self.range_of(typed.id));
            let diagnostic =
                self.error(codes::TYPE_MISMATCH, format!("a list's index is an integer, not {shown}"), range);
            self.report(diagnostic);
        }
        typed
    }

    /// The place that a typed expression names; an error is told if it is none, or may not be changed.
    pub(super) fn place_of(&mut self, expr: thir::ExprId, what: &str) -> Option<Place> {
        let mut path = Vec::new();
        let mut current = expr;
        loop {
            let (kind, _) = &self.exprs[current.0 as usize];
            match kind {
                ExprKind::Local(local) => {
                    let root = *local;
                    self.check_mutable(root, what, self.range_of(current))?;
                    path.reverse();
                    return Some(Place { root, path });
                }
                ExprKind::Field { base, index } => {
                    path.push(Projection::Field(*index));
                    current = *base;
                }
                ExprKind::Part { base, case, index } => {
                    path.push(Projection::Part { case: *case, index: *index });
                    current = *base;
                }
                ExprKind::FromEnd { base, back } => {
                    path.push(Projection::FromEnd(*back));
                    current = *base;
                }
                ExprKind::Index { base, index } => {
                    let (base, index) = (*base, *index);
                    let base_ty = self.exprs[base.0 as usize].1;
                    path.push(if self.table.head(base_ty) == Some(&Con::Map) {
                        let default = self.index_defaults.remove(&current);
                        Projection::Key { key: index, default }
                    } else {
                        Projection::Index(index)
                    });
                    current = base;
                }
                ExprKind::Error => return None,
                _ => {
                    let range = self.range_of(expr);
                    let diagnostic = self
                        .error(codes::NOT_A_PLACE, format!("this can't be {what}"), range)
                        .with_note("A place is a `var`, or a field, part, element or entry of one.");
                    self.report(diagnostic);
                    return None;
                }
            }
        }
    }

    fn check_mutable(&mut self, local: thir::LocalId, what: &str, range: TextRange) -> Option<()> {
        let data = &self.locals[local.0 as usize];
        let (name, declared) = (data.name.clone(), data.range);
        let outer = self.copy_of.get(&local);
        let mutability = match outer {
            Some(_) => Mutability::Fixed,
            None => data.mutability,
        };
        if mutability != Mutability::Fixed && self.is_outside_of_par(local) {
            let diagnostic = self
                .error(codes::PAR_BODY, format!("`{name}` can't be {what} in the body of a `par`"), range)
                .with_label(self.span(declared), "declared outside of the `par`")
                .with_note("The bodies may run side by side, so none sees what another one changes.");
            self.report(diagnostic);
            return None;
        }
        if mutability != Mutability::Fixed {
            return self.check_guarded(local, what, range);
        }
        let diagnostic = if outer.is_some() {
            self.error(
                codes::CAPTURED_VARIABLE,
                format!("`{name}` is captured, so it can't be {what}"),
                range,
            )
            .with_label(self.span(declared), "declared outside of the closure")
            .with_note("A closure has a copy of what it captures; changing the copy would be lost.")
        } else {
            let diagnostic = self
                .error(codes::NOT_MUTABLE, format!("`{name}` can't be {what}"), range)
                .with_label(self.span(declared), format!("`{name}` does not change"))
                .with_note("Only a `var` and an `inout` parameter can be changed.");
            self.suggest_var(diagnostic, &name, declared)
        };
        self.report(diagnostic);
        None
    }

    /// Adds the change of a `let` to a `var`, or the variable that begins with a parameter's value.
    fn suggest_var(&self, diagnostic: Diagnostic<'db>, name: &str, declared: TextRange) -> Diagnostic<'db> {
        let text = self.item.text(self.db);
        let code = self.map.expr(self.hir.root);
        if declared.end <= code.start && declared.slice(text) == name && code.slice(text).starts_with('{') {
            let in_lines = code.slice(text).trim_start_matches(['{', ' ', '\t']).starts_with('\n');
            let added =
                if in_lines { format!("\n  var {name} = {name}") } else { format!(" var {name} = {name};") };
            let at = self.span(TextRange::empty(code.start + 1));
            return diagnostic.with_fix(format!("begin a variable with `{name}`"), at, added);
        }
        let before = self.item.text(self.db).get(..declared.start as usize).unwrap_or_default().trim_end();
        match before.strip_suffix("let").filter(|rest| rest.ends_with([' ', '\t', '\n', '{', ';'])) {
            Some(rest) => {
                let (start, end) = (rest.len(), before.len());
                diagnostic.with_fix("make it a `var`", self.span(TextRange::from_usize(start, end)), "var")
            }
            None => diagnostic,
        }
    }

    /// Tells the change of a variable by a guard, unless the guard itself binds it.
    fn check_guarded(&mut self, local: thir::LocalId, what: &str, range: TextRange) -> Option<()> {
        if self.guard.is_none_or(|mark| local.0 as usize >= mark) {
            return Some(());
        }
        let data = &self.locals[local.0 as usize];
        let title = format!("`{}` can't be {what} in a guard", data.name);
        let declared = self.span(data.range);
        let diagnostic = self
            .error(codes::GUARD_CHANGES, title, range)
            .with_label(declared, "declared outside of the guard")
            .with_note(
                "A guard only asks whether its arm applies. Do what changes things before the `match`.",
            );
        self.report(diagnostic);
        None
    }

    /// Tells overlapping places among those that one call may change.
    pub(super) fn check_overlap(&mut self, places: &[(Place, TextRange)]) {
        for (index, (place, range)) in places.iter().enumerate() {
            let earlier = places[..index].iter().find(|(other, _)| overlap(place, other));
            if let Some((_, other)) = earlier {
                let diagnostic = self
                    .error(codes::INOUT_OVERLAP, "two places that this call changes overlap", *range)
                    .with_label(self.span(*other), "the other place")
                    .with_note(
                        "What one argument writes, the other would overwrite. `xs.swap(i, j)` exists.",
                    );
                self.report(diagnostic);
            }
        }
    }
}

/// Whether two places may share a part. Indices are not compared: only fields and parts tell places apart.
pub(super) fn overlap(a: &Place, b: &Place) -> bool {
    a.root == b.root
        && a.path.iter().zip(&b.path).all(|steps| match steps {
            (Projection::Field(a), Projection::Field(b)) => a == b,
            (Projection::Part { index: a, .. }, Projection::Part { index: b, .. }) => a == b,
            _ => true,
        })
}
