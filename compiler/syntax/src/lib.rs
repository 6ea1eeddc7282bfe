//! Text to tokens to items to syntax trees, item by item, whatever the bytes.
//!
//! A file is `split` into chunks, one for each item, and each chunk is parsed alone by `parse_item`:
//! so one broken function can't spoil the next, and an item that only moved need not be parsed again.
//! Both always give a result *and* errors, never one instead of the other.
//!
//! What this layer must not know: files, modules, what any name means.

pub mod ast;

/// Brackets may stand in one another this deep.
pub const MAX_NESTING: usize = 256;

/// Expressions may stand in one another this deep, operators of a long chain included.
pub const MAX_DEPTH: u16 = 512;

/// What kind of item a keyword opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    /// `use`
    Use,
    /// `export`
    Export,
    /// `record`
    Record,
    /// `variant`
    Variant,
    /// `enum`
    Enum,
    /// `flags`
    Flags,
    /// `resource`
    Resource,
    /// `type`
    Type,
    /// `const`
    Const,
    /// `fn`
    Fn,
    /// `dot`
    Dot,
    /// `test`
    Test,
}
