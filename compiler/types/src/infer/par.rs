//! `par`: bodies that don't depend on one another's changes, so that they may run side by side.
//!
//! They are spelled out as what they mean, one body after the other: a tuple, or a loop that fills a list. `?` in a
//! body leaves the function, so the first error in order is the one that is given. What a body could do to another,
//! changing a variable from outside or jumping away, is refused here.

use super::{Expected, Infer, Mutability, Patch, Typed};
use crate::Intrinsic;
use crate::table::{Con, TypeId};
use crate::thir::{Arg, Callee, ExprKind, ListPart, Place, Stmt};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body as hir;

impl<'db> Infer<'db> {
    /// `par { a, b }`: a tuple.
    pub(super) fn infer_par(
        &mut self,
        bodies: &[hir::ExprId],
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let (mut parts, mut types) = (Vec::new(), Vec::new());
        for (index, body) in bodies.iter().enumerate() {
            let hint = self.part_hint(hint, &Con::Tuple, index);
            let part = self.infer_par_body(|this| match hint {
                Some(hint) => this.check(*body, hint),
                None => this.infer(*body, None),
            });
            parts.push(part.id);
            types.push(part.ty);
        }
        let ty = self.table.app(Con::Tuple, types);
        self.emit(ExprKind::Tuple(parts), ty, range)
    }

    /// `par for x in xs { … }`: a list in the order of what is visited.
    pub(super) fn infer_par_for(
        &mut self,
        pat: hir::PatId,
        iterable: hir::ExprId,
        body: hir::ExprId,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let found = self.infer_iterable(iterable);
        let mark = self.scopes.enter();
        let element = found.as_ref().map(|(_, element)| *element).unwrap_or_else(|| self.error_type());
        let pattern = self.check_irrefutable(pat, element, Mutability::Fixed);
        let hint = self.part_hint(hint, &Con::List, 0);
        let value = self.infer_par_body(|this| match hint {
            Some(hint) => this.check(body, hint),
            None => this.infer(body, None),
        });
        self.scopes.leave(mark);
        let Some((iter, _)) = found else { return self.emit_error(range) };
        let item = match hint {
            Some(hint) => hint.ty,
            None if self.table.is_never(value.ty) => self.fresh(),
            None => value.ty,
        };
        self.emit_collecting(item, range, |this, push| {
            let body = push(this, value);
            let unit = this.unit_type();
            this.emit(ExprKind::For { pattern, iter, body: body.id }, unit, range)
        })
    }

    /// A list that a loop fills: `fill` gets a function that makes the expression which adds a value.
    fn emit_collecting(
        &mut self,
        item: TypeId,
        range: TextRange,
        fill: impl FnOnce(&mut Self, &dyn Fn(&mut Self, Typed) -> Typed) -> Typed,
    ) -> Typed {
        let ty = self.table.app(Con::List, vec![item]);
        let empty = self.emit(ExprKind::List(Vec::<ListPart>::new()), ty, range);
        let (list, bind) = self.bind_temporary(empty);
        let ExprKind::Local(root) = self.exprs[list.id.0 as usize].0 else { return self.emit_error(range) };
        let filled = fill(self, &|this, value| {
            let args = vec![Arg::InOut(Place { root, path: Vec::new() }), Arg::Value(value.id)];
            let callee = Callee::Intrinsic { op: Intrinsic::ListPush, type_args: Vec::new() };
            let unit = this.unit_type();
            let typed = this.emit(ExprKind::Call { callee, args }, unit, range);
            this.patches.insert(typed.id, Patch::TypeArgs(vec![item]));
            typed
        });
        self.emit_after(vec![bind, Stmt::Expr(filled.id)], list)
    }

    /// Infers a body that changes nothing outside and is left only by its value or `?`.
    fn infer_par_body(&mut self, infer: impl FnOnce(&mut Self) -> Typed) -> Typed {
        let floor = u32::try_from(self.locals.len()).unwrap_or(u32::MAX);
        let Some(frame) = self.frames.last_mut() else { return infer(self) };
        let around = (frame.par_floor.replace(floor), std::mem::take(&mut frame.loops));
        let typed = infer(self);
        if let Some(frame) = self.frames.last_mut() {
            (frame.par_floor, frame.loops) = around;
        }
        typed
    }

    /// Tells that a `par` body leaves by `return`. Whether it does.
    pub(super) fn refuse_return_in_par(&mut self, range: TextRange) -> bool {
        let in_par = self.frames.last().is_some_and(|frame| frame.par_floor.is_some());
        if in_par {
            let diagnostic = self
                .error(codes::PAR_BODY, "`return` in the body of a `par`", range)
                .with_note("The other bodies may be running. A body ends with its value, or leaves by `?`.");
            self.report(diagnostic);
        }
        in_par
    }

    /// Whether a local belongs to what is around the `par` body that is being inferred.
    pub(super) fn is_outside_of_par(&self, local: crate::thir::LocalId) -> bool {
        self.frames.last().and_then(|frame| frame.par_floor).is_some_and(|floor| local.0 < floor)
    }
}
