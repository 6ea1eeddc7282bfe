//! The variables that can be named, and what may be done with them.

use super::{Frame, Maker};
use crate::model::Type;

/// A variable.
#[derive(Clone, Debug)]
pub(super) struct Var {
    pub(super) name: String,
    pub(super) ty: Type,
    /// Whether it is a `var` or an `inout` parameter that no stored closure has captured.
    pub(super) is_mutable: bool,
    /// Whether it can't be used here: a `match inout` has it open.
    pub(super) is_open: bool,
}

impl Frame {
    /// The variables that no later one hides, by index.
    pub(super) fn visible(&self) -> Vec<usize> {
        let hidden = |at: usize| self.scope[at + 1..].iter().any(|later| later.name == self.scope[at].name);
        (0..self.scope.len()).filter(|at| !self.scope[*at].is_open && !hidden(*at)).collect()
    }

    /// The visible variables that may be changed here.
    pub(super) fn changeable(&self) -> Vec<usize> {
        let may = |at: &usize| *at >= self.barrier && self.scope[*at].is_mutable;
        self.visible().into_iter().filter(may).collect()
    }
}

impl Maker {
    /// Adds a variable.
    pub(super) fn bind(&mut self, name: &str, ty: &Type, is_mutable: bool) {
        self.frame.scope.push(Var { name: name.to_owned(), ty: ty.clone(), is_mutable, is_open: false });
    }

    pub(super) fn bind_all(&mut self, bindings: &[(String, Type)]) {
        for (name, ty) in bindings {
            self.bind(name, ty, false);
        }
    }

    /// Runs `make` in a scope of its own.
    pub(super) fn scoped<T>(&mut self, make: impl FnOnce(&mut Maker) -> T) -> T {
        let before = self.frame.scope.len();
        let made = make(self);
        self.frame.scope.truncate(before);
        made
    }

    /// Runs `make` where nothing from outside may be changed, in a scope of its own.
    pub(super) fn behind_barrier<T>(&mut self, make: impl FnOnce(&mut Maker) -> T) -> T {
        let before = self.frame.barrier;
        self.frame.barrier = self.frame.scope.len();
        let made = self.scoped(make);
        self.frame.barrier = before;
        // What was bound inside is gone.
        let left = self.frame.scope.len();
        self.frame.captured.retain(|at| *at < left);
        made
    }

    /// A name for a new variable: now and then one that hides another. What the type parameters' values are called stays
    /// visible, since nothing else may have those types.
    pub(super) fn variable_name(&mut self) -> String {
        if self.chance(6) {
            let hideable =
                |var: &&Var| var.name.starts_with('v') && !matches!(var.ty, Type::Param(_) | Type::Fn(..));
            let names: Vec<_> =
                self.frame.scope.iter().filter(hideable).map(|var| var.name.clone()).collect();
            if let Some(name) = self.random.pick(&names) {
                return name.clone();
            }
        }
        self.name("v")
    }

    /// Takes note that a variable is used.
    pub(super) fn note_use(&mut self, at: usize) {
        if at < self.frame.barrier && !self.frame.captured.contains(&at) {
            self.frame.captured.push(at);
        }
    }
}
