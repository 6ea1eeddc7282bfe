//! Arithmetic and conversions, exactly.
//!
//! Integers are computed in 128 bits, where no operation on two 64-bit operands overflows, and then brought back
//! to their type as the operation says. Floats are IEEE 754 with round-to-nearest-even; an `f32` result is
//! computed in 64 bits and rounded once more, which gives the same as computing in 32 (a double's 53 bits are
//! more than twice 24 plus two).

use crate::float_text::float_text;
use dot_types::thir::{BinaryOp, ConvertMode, TrapKind};
use dot_types::{FloatKind, IntKind, trap_text};

/// Why an operation has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberTrap {
    /// The kind of trap.
    pub kind: TrapKind,
    /// What the message says.
    pub message: String,
}

/// Integer arithmetic. For shifts, `right` may be of any integer type.
///
/// # Errors
///
/// The trap that the operation ends in.
pub fn int_binary(op: BinaryOp, kind: IntKind, left: i128, right: i128) -> Result<i128, NumberTrap> {
    exact(op, kind, left, right).map_err(|trap| NumberTrap {
        kind: trap,
        message: trap_text::fill(&trap_text::binary(op, kind, trap), &[("left", &left), ("right", &right)]),
    })
}

fn exact(op: BinaryOp, kind: IntKind, left: i128, right: i128) -> Result<i128, TrapKind> {
    match op {
        BinaryOp::Add => checked(kind, left + right),
        BinaryOp::Sub => checked(kind, left - right),
        BinaryOp::Mul => {
            left.checked_mul(right).map_or(Err(TrapKind::Overflow), |product| checked(kind, product))
        }
        BinaryOp::WrappingAdd => Ok(wrap(kind, left + right)),
        BinaryOp::WrappingSub => Ok(wrap(kind, left - right)),
        BinaryOp::WrappingMul => Ok(wrap(kind, left.wrapping_mul(right))),
        BinaryOp::SaturatingAdd => Ok(saturate(kind, left + right)),
        BinaryOp::SaturatingSub => Ok(saturate(kind, left - right)),
        // Only two large unsigned numbers overflow 128 bits.
        BinaryOp::SaturatingMul => Ok(saturate(kind, left.saturating_mul(right))),
        BinaryOp::Div | BinaryOp::Rem if right == 0 => Err(TrapKind::DivideByZero),
        BinaryOp::Div => checked(kind, left / right),
        BinaryOp::Rem => Ok(left % right),
        BinaryOp::And => Ok(left & right),
        BinaryOp::Or => Ok(left | right),
        BinaryOp::Xor => Ok(left ^ right),
        BinaryOp::Shl => Ok(wrap(kind, left << shift_count(kind, right)?)),
        BinaryOp::Shr => Ok(left >> shift_count(kind, right)?),
    }
}

fn shift_count(kind: IntKind, count: i128) -> Result<u32, TrapKind> {
    match u32::try_from(count) {
        Ok(count) if count < kind.bits() => Ok(count),
        _ => Err(TrapKind::Shift),
    }
}

fn checked(kind: IntKind, value: i128) -> Result<i128, TrapKind> {
    if fits(kind, value) { Ok(value) } else { Err(TrapKind::Overflow) }
}

/// Whether a value is in the range of a type.
#[must_use]
pub fn fits(kind: IntKind, value: i128) -> bool {
    (kind.min()..=kind.max()).contains(&value)
}

/// The value whose low bits are those of `value`.
#[must_use]
pub fn wrap(kind: IntKind, value: i128) -> i128 {
    let unused = 128 - kind.bits();
    let high = value << unused;
    if kind.is_signed() { high >> unused } else { (high as u128 >> unused) as i128 }
}

/// The value of the type nearest to `value`.
#[must_use]
pub fn saturate(kind: IntKind, value: i128) -> i128 {
    value.clamp(kind.min(), kind.max())
}

/// `-` on an integer.
///
/// # Errors
///
/// `overflow`.
pub fn int_neg(kind: IntKind, value: i128) -> Result<i128, NumberTrap> {
    checked(kind, -value).map_err(|trap| NumberTrap {
        kind: trap,
        message: trap_text::fill(&trap_text::negation(kind), &[("value", &value)]),
    })
}

/// `~` on an integer.
#[must_use]
pub fn int_not(kind: IntKind, value: i128) -> i128 {
    wrap(kind, !value)
}

/// Float arithmetic; `None` for an operation that floats don't have.
#[must_use]
pub fn float_binary(op: BinaryOp, kind: FloatKind, left: f64, right: f64) -> Option<f64> {
    Some(round(
        kind,
        match op {
            BinaryOp::Add => left + right,
            BinaryOp::Sub => left - right,
            BinaryOp::Mul => left * right,
            BinaryOp::Div => left / right,
            // The C library's `fmod`: exact, with the sign of the dividend.
            BinaryOp::Rem => left % right,
            _ => return None,
        },
    ))
}

/// The nearest value of the type.
#[must_use]
pub fn round(kind: FloatKind, value: f64) -> f64 {
    match kind {
        FloatKind::F64 => value,
        FloatKind::F32 => f64::from(value as f32),
    }
}

/// A conversion between integer types. `None` is what `try` gives for a value that doesn't fit.
///
/// # Errors
///
/// `conversion`.
pub fn int_to_int(mode: ConvertMode, to: IntKind, value: i128) -> Result<Option<i128>, NumberTrap> {
    match mode {
        ConvertMode::Wrap => Ok(Some(wrap(to, value))),
        ConvertMode::Saturate => Ok(Some(saturate(to, value))),
        _ if fits(to, value) => Ok(Some(value)),
        ConvertMode::Try => Ok(None),
        ConvertMode::Widen | ConvertMode::Trap => Err(conversion_trap(to, &value)),
    }
}

fn conversion_trap(to: IntKind, value: &dyn std::fmt::Display) -> NumberTrap {
    let message = trap_text::fill(&trap_text::conversion(to), &[("value", value)]);
    NumberTrap { kind: TrapKind::Conversion, message }
}

/// An integer as a float: the nearest one, ties to even. Every integer is in the range of both types.
#[must_use]
pub fn int_to_float(to: FloatKind, value: i128) -> f64 {
    match to {
        FloatKind::F64 => value as f64,
        FloatKind::F32 => f64::from(value as f32),
    }
}

/// A float as an integer: truncated towards zero, then as the mode says. NaN and what is out of range don't fit;
/// `wrap` keeps the low bits of the truncated value, and gives 0 for NaN and infinities.
///
/// # Errors
///
/// `conversion`.
pub fn float_to_int(mode: ConvertMode, to: IntKind, value: f64) -> Result<Option<i128>, NumberTrap> {
    let truncated = value.trunc();
    // Both bounds are exact as floats; the upper one is one past the largest value.
    let fits = truncated >= to.min() as f64 && truncated < (to.max() + 1) as f64;
    match mode {
        _ if fits => Ok(Some(truncated as i128)),
        ConvertMode::Wrap => Ok(Some(wrap(to, low_bits(truncated)))),
        ConvertMode::Saturate if value.is_nan() => Ok(Some(0)),
        ConvertMode::Saturate => Ok(Some(if value < 0.0 { to.min() } else { to.max() })),
        ConvertMode::Try => Ok(None),
        ConvertMode::Widen | ConvertMode::Trap => {
            Err(conversion_trap(to, &float_text(value, FloatKind::F64)))
        }
    }
}

/// The low 64 bits of a whole number; 0 when it is not finite.
fn low_bits(value: f64) -> i128 {
    if !value.is_finite() {
        return 0;
    }
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1075;
    let mantissa = i128::from(bits & ((1 << 52) - 1) | 1 << 52);
    let magnitude = match exponent {
        // Beyond, the lowest bit that can be set is above the 64 we keep.
        64.. => 0,
        0..64 => mantissa << exponent,
        _ => value.abs() as i128,
    };
    if value < 0.0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;
    use IntKind::{S8, S64, U8, U64};
    use proptest::prelude::*;

    fn kind_of(result: Result<i128, NumberTrap>) -> Option<TrapKind> {
        result.err().map(|trap| trap.kind)
    }

    #[test]
    fn edges_of_integers() {
        use BinaryOp::{Div, Mul, Rem, SaturatingMul, Shl, Shr, WrappingMul};
        let max = i128::from(u64::MAX);
        assert_eq!(kind_of(int_binary(Mul, U64, max, max)), Some(TrapKind::Overflow));
        assert_eq!(int_binary(SaturatingMul, U64, max, max), Ok(max));
        // (2^64 - 1)^2 = 2^128 - 2^65 + 1
        assert_eq!(int_binary(WrappingMul, U64, max, max), Ok(1));
        let min = i128::from(i64::MIN);
        assert_eq!(kind_of(int_binary(Div, S64, min, -1)), Some(TrapKind::Overflow));
        assert_eq!(int_binary(Rem, S64, min, -1), Ok(0));
        assert_eq!(int_binary(Div, S8, -7, 2), Ok(-3));
        assert_eq!(int_binary(Rem, S8, -7, 2), Ok(-1));
        assert_eq!(int_binary(Rem, S8, 7, -2), Ok(1));
        assert_eq!(kind_of(int_binary(Rem, U8, 1, 0)), Some(TrapKind::DivideByZero));
        assert_eq!(kind_of(int_binary(Div, U8, 1, 0)), Some(TrapKind::DivideByZero));
        assert_eq!(int_binary(Shl, S8, 1, 7), Ok(-128));
        assert_eq!(int_binary(Shl, U8, 0xff, 4), Ok(0xf0));
        assert_eq!(int_binary(Shr, S8, -128, 7), Ok(-1));
        assert_eq!(kind_of(int_binary(Shl, U8, 1, 8)), Some(TrapKind::Shift));
        assert_eq!(kind_of(int_binary(Shr, U8, 1, -1)), Some(TrapKind::Shift));
        assert_eq!(kind_of(int_neg(S8, -128)), Some(TrapKind::Overflow));
        assert_eq!(int_not(U8, 0), 255);
        assert_eq!(int_not(S8, 0), -1);
    }

    #[test]
    fn floats_as_integers() {
        use ConvertMode::{Saturate, Trap, Try, Wrap};
        assert_eq!(float_to_int(Trap, U8, 255.9), Ok(Some(255)));
        assert_eq!(float_to_int(Trap, U8, -0.9), Ok(Some(0)));
        assert!(float_to_int(Trap, U8, 256.0).is_err());
        assert!(float_to_int(Trap, U8, f64::NAN).is_err());
        assert_eq!(float_to_int(Try, S64, 9_223_372_036_854_775_808.0), Ok(None));
        assert_eq!(float_to_int(Trap, S64, -9_223_372_036_854_775_808.0), Ok(Some(i128::from(i64::MIN))));
        assert_eq!(float_to_int(Saturate, U64, 1e300), Ok(Some(i128::from(u64::MAX))));
        assert_eq!(float_to_int(Saturate, S8, f64::NEG_INFINITY), Ok(Some(-128)));
        assert_eq!(float_to_int(Saturate, S8, f64::NAN), Ok(Some(0)));
        assert_eq!(float_to_int(Wrap, U8, 257.0), Ok(Some(1)));
        assert_eq!(float_to_int(Wrap, U8, -1.0), Ok(Some(255)));
        assert_eq!(float_to_int(Wrap, U64, 1e300), Ok(Some(0)));
        // 2^64 + 2^12 is a double; its low 64 bits are 2^12.
        assert_eq!(float_to_int(Wrap, U64, 18_446_744_073_709_555_712.0), Ok(Some(4096)));
    }

    #[test]
    fn integers_as_floats() {
        assert_eq!(int_to_float(FloatKind::F64, (1 << 53) + 1), 9_007_199_254_740_992.0);
        assert_eq!(int_to_float(FloatKind::F32, 16_777_217), 16_777_216.0);
        assert_eq!(int_to_float(FloatKind::F32, 16_777_219), 16_777_220.0);
    }

    fn any_kind() -> impl Strategy<Value = IntKind> {
        proptest::sample::select(IntKind::ALL.to_vec())
    }

    proptest! {
        /// Against Rust's own operations on the concrete types.
        #[test]
        fn as_rust_on_u64(a: u64, b: u64) {
            let (x, y) = (i128::from(a), i128::from(b));
            let checked = |op| int_binary(op, U64, x, y).ok();
            prop_assert_eq!(checked(BinaryOp::Add), a.checked_add(b).map(i128::from));
            prop_assert_eq!(checked(BinaryOp::Sub), a.checked_sub(b).map(i128::from));
            prop_assert_eq!(checked(BinaryOp::Mul), a.checked_mul(b).map(i128::from));
            prop_assert_eq!(checked(BinaryOp::Div), a.checked_div(b).map(i128::from));
            prop_assert_eq!(checked(BinaryOp::Rem), a.checked_rem(b).map(i128::from));
            prop_assert_eq!(checked(BinaryOp::WrappingMul), Some(a.wrapping_mul(b).into()));
            prop_assert_eq!(checked(BinaryOp::SaturatingMul), Some(a.saturating_mul(b).into()));
            prop_assert_eq!(checked(BinaryOp::Xor), Some((a ^ b).into()));
        }

        #[test]
        fn as_rust_on_s64(a: i64, b: i64) {
            let (x, y) = (i128::from(a), i128::from(b));
            let checked = |op| int_binary(op, S64, x, y).ok();
            prop_assert_eq!(checked(BinaryOp::Add), a.checked_add(b).map(i128::from));
            prop_assert_eq!(checked(BinaryOp::Mul), a.checked_mul(b).map(i128::from));
            prop_assert_eq!(checked(BinaryOp::WrappingSub), Some(a.wrapping_sub(b).into()));
            prop_assert_eq!(checked(BinaryOp::WrappingMul), Some(a.wrapping_mul(b).into()));
            prop_assert_eq!(checked(BinaryOp::SaturatingSub), Some(a.saturating_sub(b).into()));
            prop_assert_eq!(checked(BinaryOp::SaturatingMul), Some(a.saturating_mul(b).into()));
            prop_assert_eq!(checked(BinaryOp::And), Some((a & b).into()));
            let by = u32::from(b as u8 & 63);
            prop_assert_eq!(int_binary(BinaryOp::Shl, S64, x, by.into()).ok(), Some((a << by).into()));
            prop_assert_eq!(int_binary(BinaryOp::Shr, S64, x, by.into()).ok(), Some((a >> by).into()));
        }

        #[test]
        fn as_rust_on_s8(a: i8, b: i8) {
            let (x, y) = (i128::from(a), i128::from(b));
            let checked = |op| int_binary(op, S8, x, y).ok();
            prop_assert_eq!(checked(BinaryOp::Mul), a.checked_mul(b).map(i128::from));
            prop_assert_eq!(checked(BinaryOp::Div), a.checked_div(b).map(i128::from));
            prop_assert_eq!(checked(BinaryOp::WrappingAdd), Some(a.wrapping_add(b).into()));
            prop_assert_eq!(checked(BinaryOp::SaturatingAdd), Some(a.saturating_add(b).into()));
        }

        /// A result is in range or a trap, whatever the type.
        #[test]
        fn results_are_in_range(kind in any_kind(), a: i64, b: i64) {
            let (a, b) = (wrap(kind, a.into()), wrap(kind, b.into()));
            for op in [BinaryOp::Add, BinaryOp::Sub, BinaryOp::Mul, BinaryOp::Div, BinaryOp::Rem, BinaryOp::Shl,
                       BinaryOp::WrappingMul, BinaryOp::SaturatingSub, BinaryOp::Or, BinaryOp::Shr] {
                if let Ok(value) = int_binary(op, kind, a, b) {
                    prop_assert!(fits(kind, value), "{op:?} {kind:?} {a} {b} = {value}");
                }
            }
        }

        /// Rust's `as` saturates, which is an independent implementation.
        #[test]
        fn float_to_integer_saturates_as_rust(bits: u64) {
            let value = f64::from_bits(bits);
            let saturate = |to| float_to_int(ConvertMode::Saturate, to, value).ok().flatten();
            prop_assert_eq!(saturate(S64), Some((value as i64).into()));
            prop_assert_eq!(saturate(U8), Some((value as u8).into()));
            prop_assert_eq!(saturate(U64), Some((value as u64).into()));
        }

        /// Rust computes f32 in 32 bits.
        #[test]
        fn f32_arithmetic_rounds_once(a: f32, b: f32) {
            for (op, expected) in [(BinaryOp::Add, a + b), (BinaryOp::Sub, a - b), (BinaryOp::Mul, a * b),
                                   (BinaryOp::Div, a / b), (BinaryOp::Rem, a % b)] {
                let found = float_binary(op, FloatKind::F32, a.into(), b.into()).unwrap_or(0.0);
                prop_assert!(found == f64::from(expected) || found.is_nan() && expected.is_nan());
            }
        }
    }
}
