//! `for` over a type with an `each` method.

use super::{Expected, Infer, Patch, Typed, Why};
use crate::table::{Con, TypeId};
use crate::thir::{Arg, Callee, ExprKind, Iter};
use crate::{FnSignature, Mode, Ty, TyKind, fn_signature};
use dot_db::Item;
use dot_diagnostics::{TextRange, codes};

impl<'db> Infer<'db> {
    /// The call of `each` that a loop is, and the type of what it visits: what the function that `each` takes is called
    /// with, as a tuple where that is not one value.
    pub(super) fn infer_each(
        &mut self,
        receiver: Typed,
        each: Item<'db>,
        range: TextRange,
    ) -> Option<(Iter, TypeId)> {
        let signature = fn_signature(self.db, each);
        if !self.can_visit(signature) {
            self.report_unfit_each(receiver.ty, each, range);
            return None;
        }
        let [this, visit] = signature.params.as_slice() else { return None };
        let vars = self.instantiate(&signature.generics, &[], range);
        let (this, visit) = (self.table.import(this.ty, &vars), self.table.import(visit.ty, &vars));
        let receiver = self.coerce(receiver, Expected { ty: this, why: Why::Plain });
        let visitor = self.emit(ExprKind::Visitor, visit, range);
        let unit = self.unit_type();
        let callee = Callee::Item { item: each, type_args: Vec::new() };
        let args = vec![Arg::Value(receiver.id), Arg::Value(visitor.id)];
        let call = self.emit(ExprKind::Call { callee, args }, unit, range);
        self.patches.insert(call.id, Patch::TypeArgs(vars));
        self.note_call(each, range);
        let element = match self.table.args(visit).split_last() {
            Some((_, [one])) => *one,
            Some((_, many)) => {
                let many = many.to_vec();
                self.table.app(Con::Tuple, many)
            }
            None => unit,
        };
        Some((Iter::Each(call.id), element))
    }

    /// Whether a method is `fn each(self: T, visit: fn(A, …))`.
    fn can_visit(&self, signature: &FnSignature<'db>) -> bool {
        let unit = Ty::unit(self.db);
        let [this, visit] = signature.params.as_slice() else { return false };
        let TyKind::Fn(params, ret) = visit.ty.kind(self.db) else { return false };
        signature.ret == unit
            && *ret == unit
            && [this.mode, visit.mode]
                .into_iter()
                .chain(params.iter().map(|param| param.mode))
                .all(|mode| mode == Mode::In)
    }

    fn report_unfit_each(&mut self, ty: TypeId, each: Item<'db>, range: TextRange) {
        let shown = self.show(ty);
        let mut diagnostic = self
            .error(codes::NOT_ITERABLE, format!("`for` can't visit {shown} by its method `each`"), range)
            .with_note("`for` needs `fn each(self: T, visit: fn(A))`: one function, and no results.");
        if let Some(span) = crate::signature::name_span(self.db, each) {
            diagnostic = diagnostic.with_label(span, "declared here");
        }
        self.report(diagnostic);
    }
}
