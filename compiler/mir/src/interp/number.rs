//! Arithmetic, comparisons and conversions, by type.

use super::heap::Val;
use super::{Failure, Step, malformed};
use dot_eval::number::{
    NumberTrap, float_binary, float_to_int, int_binary, int_neg, int_not, int_to_float, int_to_int, round,
};
use dot_types::thir::{BinaryOp, CompareOp, ConvertMode, UnaryOp};
use dot_types::{FloatKind, IntKind, TyKind};
use std::rc::Rc;

fn trap<'db>(trap: NumberTrap) -> Failure<'db> {
    Failure::Trap { kind: trap.kind, message: Some(trap.message), site: None }
}

/// The number that bits stand for.
pub(super) fn int_of(bits: u64, kind: IntKind) -> i128 {
    if kind.is_signed() { i128::from(bits as i64) } else { i128::from(bits) }
}

fn float_of<'db>(value: &Val) -> Step<'db, f64> {
    match value {
        Val::Float(value) => Ok(*value),
        _ => malformed("a float is expected"),
    }
}

/// `left op right`; for shifts the right type may be another one.
pub(super) fn binary<'db>(
    op: BinaryOp,
    kind: &TyKind<'_>,
    right_kind: &TyKind<'_>,
    left: &Val,
    right: &Val,
) -> Step<'db, Val> {
    match (kind, right_kind) {
        (TyKind::Int(kind), TyKind::Int(right_kind)) => {
            let (left, right) = (int_of(left.bits()?, *kind), int_of(right.bits()?, *right_kind));
            int_binary(op, *kind, left, right).map(|value| Val::Bits(value as u64)).map_err(trap)
        }
        (TyKind::Float(kind), _) => match float_binary(op, *kind, float_of(left)?, float_of(right)?) {
            Some(value) => Ok(Val::Float(value)),
            None => malformed("an operation that floats don't have"),
        },
        _ => {
            let (left, right) = (left.bits()?, right.bits()?);
            match op {
                BinaryOp::And => Ok(Val::Bits(left & right)),
                BinaryOp::Or => Ok(Val::Bits(left | right)),
                BinaryOp::Xor => Ok(Val::Bits(left ^ right)),
                _ => malformed("arithmetic on something else than numbers"),
            }
        }
    }
}

/// A comparison of two scalars.
pub(super) fn compare<'db>(op: CompareOp, kind: &TyKind<'_>, left: &Val, right: &Val) -> Step<'db, bool> {
    let order = match kind {
        TyKind::Float(_) => float_of(left)?.partial_cmp(&float_of(right)?),
        TyKind::Int(kind) => Some(int_of(left.bits()?, *kind).cmp(&int_of(right.bits()?, *kind))),
        _ => Some(left.bits()?.cmp(&right.bits()?)),
    };
    Ok(match op {
        CompareOp::Eq => order.is_some_and(|o| o.is_eq()),
        CompareOp::Ne => !order.is_some_and(|o| o.is_eq()),
        CompareOp::Lt => order.is_some_and(|o| o.is_lt()),
        CompareOp::Le => order.is_some_and(|o| o.is_le()),
        CompareOp::Gt => order.is_some_and(|o| o.is_gt()),
        CompareOp::Ge => order.is_some_and(|o| o.is_ge()),
    })
}

/// `-x`, `!x`, `~x`
pub(super) fn unary<'db>(op: UnaryOp, kind: &TyKind<'_>, value: &Val) -> Step<'db, Val> {
    Ok(match (op, kind) {
        (UnaryOp::Not, _) => Val::Bits(value.bits()? ^ 1),
        (UnaryOp::Neg, TyKind::Float(_)) => Val::Float(-float_of(value)?),
        (UnaryOp::Neg, TyKind::Int(kind)) => {
            Val::Bits(int_neg(*kind, int_of(value.bits()?, *kind)).map_err(trap)? as u64)
        }
        (UnaryOp::BitNot, TyKind::Int(kind)) => {
            Val::Bits(int_not(*kind, int_of(value.bits()?, *kind)) as u64)
        }
        _ => return malformed("an operation on another type"),
    })
}

/// A conversion; `to` is the number type, also for `Try`.
pub(super) fn convert<'db>(
    mode: ConvertMode,
    from: &TyKind<'_>,
    to: &TyKind<'_>,
    value: &Val,
) -> Step<'db, Val> {
    let converted = match (from, to) {
        (TyKind::Float(_), TyKind::Float(to)) => Some(Val::Float(round(*to, float_of(value)?))),
        (TyKind::Float(_), TyKind::Int(to)) => {
            float_to_int(mode, *to, float_of(value)?).map_err(trap)?.map(|value| Val::Bits(value as u64))
        }
        (from, TyKind::Float(to)) => Some(Val::Float(int_to_float(*to, number(from, value)?))),
        (from, TyKind::Int(to)) => {
            int_to_int(mode, *to, number(from, value)?).map_err(trap)?.map(|value| Val::Bits(value as u64))
        }
        _ => return malformed("a conversion between other types"),
    };
    Ok(match (mode, converted) {
        (ConvertMode::Try, Some(value)) => Val::Case(1, Rc::from([value])),
        (ConvertMode::Try, None) => Val::Case(0, Rc::from([])),
        (_, Some(value)) => value,
        (_, None) => return malformed("a conversion without a value"),
    })
}

fn number<'db>(kind: &TyKind<'_>, value: &Val) -> Step<'db, i128> {
    match kind {
        TyKind::Int(kind) => Ok(int_of(value.bits()?, *kind)),
        _ => Ok(i128::from(value.bits()?)),
    }
}

/// A float of a kind from the bits of an `f64`.
pub(super) fn float(kind: FloatKind, bits: u64) -> f64 {
    round(kind, f64::from_bits(bits))
}
