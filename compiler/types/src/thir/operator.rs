//! What operators do, and how a program ends itself.

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`; traps `overflow` on integers.
    Add,
    /// `-`; traps `overflow` on integers.
    Sub,
    /// `*`; traps `overflow` on integers.
    Mul,
    /// `/`; on integers truncates, traps `divide-by-zero` and `overflow`.
    Div,
    /// `%`; on integers has the sign of the dividend and traps `divide-by-zero`.
    Rem,
    /// `+%`
    WrappingAdd,
    /// `-%`
    WrappingSub,
    /// `*%`
    WrappingMul,
    /// `+|`
    SaturatingAdd,
    /// `-|`
    SaturatingSub,
    /// `*|`
    SaturatingMul,
    /// `&`, on integers, bools and flags.
    And,
    /// `|`, on integers, bools and flags.
    Or,
    /// `^`, on integers, bools and flags.
    Xor,
    /// `<<`; traps `shift`.
    Shl,
    /// `>>`; arithmetic on signed integers; traps `shift`.
    Shr,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// Operations on one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-`; traps `overflow` on signed integers.
    Neg,
    /// `!` on a bool.
    Not,
    /// `~` on an integer.
    BitNot,
}

/// How a conversion treats what doesn't fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConvertMode {
    /// Everything fits.
    Widen,
    /// Traps `conversion`.
    Trap,
    /// Keeps the low bits.
    Wrap,
    /// Takes the nearest value that fits; NaN gives 0.
    Saturate,
    /// Gives `none`.
    Try,
}

/// Why a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TrapKind {
    /// An integer result out of range.
    Overflow,
    /// Integer division by zero.
    DivideByZero,
    /// A shift by the width or more.
    Shift,
    /// A list index out of range.
    Index,
    /// A map without that key.
    Key,
    /// A number that doesn't fit.
    Conversion,
    /// `unwrap` or `expect` on nothing.
    Unwrap,
    /// An assertion that doesn't hold.
    Assert,
    /// `unreachable` was reached.
    Unreachable,
    /// Bytes that are no string.
    InvalidUtf8,
    /// A value outside what its constraints allow.
    Constraint,
}

impl TrapKind {
    /// The stable name in the spec, in messages and in the component's trap table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overflow => "overflow",
            Self::DivideByZero => "divide-by-zero",
            Self::Shift => "shift",
            Self::Index => "index",
            Self::Key => "key",
            Self::Conversion => "conversion",
            Self::Unwrap => "unwrap",
            Self::Assert => "assert",
            Self::Unreachable => "unreachable",
            Self::InvalidUtf8 => "invalid-utf8",
            Self::Constraint => "constraint",
        }
    }
}
