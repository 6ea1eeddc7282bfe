//! How an evaluation ends without a value.

use dot_db::Item;
use dot_types::thir::{ExprId, TrapKind};
use std::fmt;

/// Why an evaluation gave no value, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure<'db> {
    /// Why.
    pub cause: Cause,
    /// The calls that were open, innermost first: the item, and the expression in its body that was evaluated.
    /// At most [`Failure::MAX_TRACE`] of them.
    pub trace: Vec<(Item<'db>, ExprId)>,
}

/// Why an evaluation gave no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The program ended itself.
    Trap {
        /// Which trap.
        kind: TrapKind,
        /// What it says.
        message: String,
    },
    /// A limit was reached: a resource failure, which says nothing about the program's meaning.
    Limit(Limit),
    /// The program calls an imported function, which exists only in a host.
    Import {
        /// Its name.
        name: String,
    },
    /// A body that was not checked, or the low-level dialect: whoever called the evaluator made a mistake.
    Internal(String),
}

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Too many nested calls of functions that can reach themselves.
    Depth,
    /// Too many steps.
    Fuel,
    /// Too large a list or string.
    Memory,
}

impl Limit {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Depth => "depth",
            Self::Fuel => "fuel",
            Self::Memory => "memory",
        }
    }
}

/// What an evaluation may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps: one for each expression evaluated, and one for each element copied.
    pub fuel: u64,
    /// Nested calls of functions that can reach themselves.
    pub depth: u32,
    /// Bytes of one list or string.
    pub bytes: u64,
}

impl Limits {
    /// For a constant, which is evaluated while somebody waits for the editor.
    pub const CONSTANT: Self = Self { fuel: 10_000_000, ..Self::PROGRAM };

    /// For a program that someone runs and can stop.
    pub const PROGRAM: Self = Self { fuel: u64::MAX, depth: 4096, bytes: 4 << 30 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::PROGRAM
    }
}

impl<'db> Failure<'db> {
    /// How many calls a trace keeps.
    pub const MAX_TRACE: usize = 64;

    /// A failure whose place is not known yet.
    pub(crate) const fn new(cause: Cause) -> Self {
        Self { cause, trace: Vec::new() }
    }

    /// The innermost place.
    #[must_use]
    pub fn place(&self) -> Option<(Item<'db>, ExprId)> {
        self.trace.first().copied()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trap { kind, message } => write!(f, "trap {}: {message}", kind.name()),
            Self::Limit(limit) => write!(f, "resource limit: {}", limit.name()),
            Self::Import { name } => write!(f, "the imported function `{name}` needs a host"),
            Self::Internal(what) => write!(f, "internal error: {what}"),
        }
    }
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl std::error::Error for Failure<'_> {}
