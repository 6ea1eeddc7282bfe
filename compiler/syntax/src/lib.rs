//! Text to tokens to items to syntax trees, item by item, whatever the bytes.

/// What kind of item a keyword opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    /// `fn`
    Fn,
}
