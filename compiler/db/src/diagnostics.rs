//! Diagnostics as values of queries.

use crate::Anchor;

/// A diagnostic whose places are relative to items; see [`Anchor`].
pub type Diagnostic<'db> = dot_diagnostics::Diagnostic<Anchor<'db>>;

/// The diagnostics that a query found, in the order in which they are told.
///
/// Queries return their diagnostics like any other part of their value: so they are found again without
/// running, and change nothing above when they are the same as before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Diagnostics<'db>(
    // The layer of diagnostics doesn't know salsa. A diagnostic is plain data that holds its anchors by value,
    // so it can be kept from one revision to the next exactly when an anchor can, which is what is proved here.
    #[salsa_value(unsafe(prove(Anchor<'db>: salsa::SalsaValue)))] Vec<Diagnostic<'db>>,
);

impl<'db> Diagnostics<'db> {
    /// Adds one at the end.
    pub fn push(&mut self, diagnostic: Diagnostic<'db>) {
        self.0.push(diagnostic);
    }

    /// The diagnostics as the vector that [`dot_diagnostics::Reported::tell`] adds to.
    pub fn as_mut_vec(&mut self) -> &mut Vec<Diagnostic<'db>> {
        &mut self.0
    }
}

impl<'db> std::ops::Deref for Diagnostics<'db> {
    type Target = [Diagnostic<'db>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'db> From<Vec<Diagnostic<'db>>> for Diagnostics<'db> {
    fn from(diagnostics: Vec<Diagnostic<'db>>) -> Self {
        Self(diagnostics)
    }
}

impl<'db> Extend<Diagnostic<'db>> for Diagnostics<'db> {
    fn extend<I: IntoIterator<Item = Diagnostic<'db>>>(&mut self, diagnostics: I) {
        self.0.extend(diagnostics);
    }
}

impl<'a, 'db> IntoIterator for &'a Diagnostics<'db> {
    type Item = &'a Diagnostic<'db>;
    type IntoIter = std::slice::Iter<'a, Diagnostic<'db>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
