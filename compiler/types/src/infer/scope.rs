//! Which local a name means, innermost first.

use crate::thir::LocalId;
use smol_str::SmolStr;

/// The locals in scope, outermost first.
#[derive(Default)]
pub(super) struct Scopes {
    bound: Vec<(SmolStr, LocalId)>,
}

/// How many locals were in scope when a scope began.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize);

impl Scopes {
    /// Begins a scope; [`Self::leave`] ends it.
    pub(super) fn enter(&self) -> Mark {
        Mark(self.bound.len())
    }

    /// Forgets what was bound since `mark`.
    pub(super) fn leave(&mut self, mark: Mark) {
        self.bound.truncate(mark.0);
    }

    pub(super) fn bind(&mut self, name: SmolStr, local: LocalId) {
        self.bound.push((name, local));
    }

    pub(super) fn find(&self, name: &str) -> Option<LocalId> {
        self.bound.iter().rev().find(|(bound, _)| bound == name).map(|(_, local)| *local)
    }

    /// The names in scope, innermost first, for suggestions.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.bound.iter().rev().map(|(name, _)| name.as_str())
    }
}
