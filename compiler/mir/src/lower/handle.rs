//! Handles are dropped where their scope ends, in reverse order.
//!
//! Plain data dies at its last use, which the counts find; a handle that nobody has moved away lives on to the end of
//! the block that bound it, since dropping a resource can be observed. Beside each local that holds handles stands a
//! variable that says whether it still does; at the end of the scope a local that does on every path is dropped.
//! Where that depends on the path, the counts drop the handle at the end of the branch that doesn't move it.

use super::Lowerer;
use crate::ir::{Op, Value};
use crate::repr::{Shape, shape};
use dot_types::thir::{ExprId, ExprKind, LocalId};

impl<'db> Lowerer<'_, 'db> {
    /// A local has been bound: if it holds handles, this scope will drop it.
    pub(super) fn bound(&mut self, local: LocalId) {
        let ty = self.local_ty(local);
        if self.program.has_handles(ty) {
            self.set_held(local, true);
            if let Some(scope) = self.scopes.last_mut() {
                scope.push(local);
            }
        }
    }

    /// Gives a value with handles to the innermost scope, as a local without a name: it drops what the local holds then.
    pub(super) fn hold(&mut self, value: Value) -> LocalId {
        // Behind the locals of the source, and behind those held before: each of them is known to `held`.
        let local = LocalId((self.body.locals.len() + self.held.len()) as u32);
        let variable = self.b.variable(self.b.ty(value), None);
        self.b.write(variable, value);
        self.locals.insert(local, variable);
        self.set_held(local, true);
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(local);
        }
        local
    }

    fn set_held(&mut self, local: LocalId, held: bool) {
        let bool_ty = self.bool_ty();
        let variable = match self.held.get(&local) {
            Some(variable) => *variable,
            None => {
                let variable = self.b.variable(bool_ty, None);
                self.held.insert(local, variable);
                variable
            }
        };
        let value = self.emit(Op::Const(held.into()), bool_ty);
        self.b.write(variable, value);
    }

    /// A local has been assigned to as a whole: it holds something again.
    pub(super) fn filled(&mut self, local: LocalId) {
        if self.held.contains_key(&local) {
            self.set_held(local, true);
        }
    }

    /// The value of a local that goes elsewhere: a copy, or a move for handles.
    pub(super) fn moved(&mut self, local: LocalId) -> Value {
        let value = self.read_local(local);
        if self.held.contains_key(&local) {
            self.set_held(local, false);
        }
        value
    }

    /// The value of an expression that is only looked at: a local isn't moved.
    pub(super) fn lent(&mut self, expr: ExprId) -> Option<Value> {
        match self.body.expr(expr).kind {
            ExprKind::Local(local) => {
                self.b.current()?;
                Some(self.read_local(local))
            }
            _ => self.expr(expr),
        }
    }

    /// The locals that hold handles here, whatever the way.
    pub(super) fn certainly_held(&mut self) -> Vec<LocalId> {
        let locals: Vec<LocalId> = self.scopes.iter().flatten().copied().collect();
        locals.into_iter().filter(|local| self.is_held(*local)).collect()
    }

    /// Whether a local holds what it was bound to, whatever the way.
    fn is_held(&mut self, local: LocalId) -> bool {
        let Some(flag) = self.held.get(&local).copied() else { return false };
        let held = self.b.read(flag);
        self.b.constant(held) == Some(1)
    }

    /// Drops what the scopes from the `outermost` on still hold, innermost first, each in reverse order.
    pub(super) fn drop_scopes(&mut self, outermost: usize) {
        if self.b.current().is_none() {
            return;
        }
        let locals: Vec<LocalId> = self.scopes[outermost..].iter().flatten().copied().collect();
        for local in locals.into_iter().rev() {
            if !self.is_held(local) {
                continue;
            }
            let value = self.read_local(local);
            let op = match shape(self.program, self.b.ty(value)) {
                Shape::Handle => Op::DropHandle(value),
                _ => Op::Drop(value),
            };
            let site = self.site();
            self.b.emit_all(op, &[], site);
        }
    }

    /// Ends the innermost scope.
    pub(super) fn end_scope(&mut self) {
        self.drop_scopes(self.scopes.len().saturating_sub(1));
        self.scopes.pop();
    }
}
