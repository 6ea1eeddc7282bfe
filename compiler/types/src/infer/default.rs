//! Default values: the default's own typed body, put in where it is left out.
//!
//! A default value belongs to the declaration: it is checked once, there, and sees nothing of the place where it
//! is filled in. So its typed body is copied: expressions and locals get new ids, types their type arguments.

use super::{Infer, LocalData, Mutability, Patch, Typed};
use crate::Ty;
use crate::remap::{Renumber, renumber};
use crate::table::TypeId;
use crate::thir::{self, Callee, ExprKind};
use dot_db::Item;
use dot_diagnostics::TextRange;

impl<'db> Infer<'db> {
    /// The default value of a function's parameter or a record's field.
    pub(super) fn emit_default(
        &mut self,
        item: Item<'db>,
        index: usize,
        vars: &[TypeId],
        range: TextRange,
    ) -> Typed {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let found = crate::stack::ensure(|| crate::default_value_body(self.db, item, index));
        let Some(body) = found else {
            return self.emit_error(range);
        };
        let shift = Renumber {
            exprs: u32::try_from(self.exprs.len()).unwrap_or(u32::MAX),
            locals: u32::try_from(self.locals.len()).unwrap_or(u32::MAX),
        };
        let depth = self.frames.len().saturating_sub(1);
        for local in &body.locals {
            let ty = self.table.import(local.ty, vars);
            let (name, mutability) = (local.name.clone(), Mutability::Fixed);
            self.locals.push(LocalData { name, ty, range, mutability, depth, used: true });
        }
        for expr in &body.exprs {
            let ty = self.table.import(expr.ty, vars);
            let mut kind = expr.kind.clone();
            renumber(&mut kind, shift);
            let patch = self.take_types(&mut kind, vars);
            let typed = self.emit(kind, ty, range);
            if let Some(patch) = patch {
                self.patches.insert(typed.id, patch);
            }
        }
        let id = thir::ExprId(body.root.0 + shift.exprs);
        Typed { id, ty: self.exprs[id.0 as usize].1 }
    }

    /// Takes the types out of an expression, as what is put in again at the end.
    fn take_types(&mut self, kind: &mut ExprKind<'db>, vars: &[TypeId]) -> Option<Patch> {
        let import = |this: &mut Self, types: &mut Vec<Ty<'db>>| {
            let types = std::mem::take(types);
            Patch::TypeArgs(types.into_iter().map(|ty| this.table.import(ty, vars)).collect())
        };
        match kind {
            ExprKind::Call { callee: Callee::Item { item, type_args }, .. } => {
                let patch = import(self, type_args);
                self.note_call(*item, TextRange::default());
                Some(patch)
            }
            ExprKind::FnValue { item, type_args } => {
                let patch = import(self, type_args);
                self.note_call(*item, TextRange::default());
                Some(patch)
            }
            ExprKind::Call { callee: Callee::Intrinsic { type_args, .. }, .. } => {
                Some(import(self, type_args))
            }
            ExprKind::Closure(closure) => Some(Patch::ClosureRet(self.table.import(closure.ret, vars))),
            _ => None,
        }
    }
}
