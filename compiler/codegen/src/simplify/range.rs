//! Bounds of integers: seen as unsigned and as signed numbers of 32 or 64 bits.

use crate::lir::{LoadOp, NumOp, Val};

/// Between which numbers an integer is, both ends included. What is unsigned and what is signed says the same twice, each
/// where it is the sharper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    /// The least and the greatest as an unsigned number.
    pub(super) u: (u64, u64),
    /// The least and the greatest as a signed number.
    pub(super) s: (i64, i64),
}

impl Range {
    /// Any number of a type. Floats have the range of their bits, which nothing asks for.
    pub(super) const fn of(val: Val) -> Self {
        match val {
            Val::I32 | Val::F32 => Self { u: (0, u32::MAX as u64), s: (i32::MIN as i64, i32::MAX as i64) },
            Val::I64 | Val::F64 => Self { u: (0, u64::MAX), s: (i64::MIN, i64::MAX) },
        }
    }

    /// One number.
    pub(super) const fn exactly(val: Val, bits: i64) -> Self {
        let u = match val {
            Val::I32 | Val::F32 => bits as u32 as u64,
            Val::I64 | Val::F64 => bits as u64,
        };
        Self { u: (u, u), s: (bits, bits) }
    }

    /// From 0 up to a number that isn't negative as a signed one.
    pub(super) fn up_to(most: u64) -> Self {
        Self { u: (0, most), s: (0, most as i64) }
    }

    /// The number, if there is only one.
    pub(super) fn only(self) -> Option<i64> {
        if self.s.0 == self.s.1 { Some(self.s.0) } else { None }
    }

    /// What is in both; none if nothing is, which is so only where control never comes.
    pub(super) fn and(self, other: Self, val: Val) -> Option<Self> {
        let mut both = Self {
            u: (self.u.0.max(other.u.0), self.u.1.min(other.u.1)),
            s: (self.s.0.max(other.s.0), self.s.1.min(other.s.1)),
        };
        let most = Self::of(val).s.1;
        // On either side of zero, the two views are the same up to a constant.
        if both.s.0 >= 0 || both.u.1 <= most as u64 {
            let low = both.u.0.max(both.s.0.max(0) as u64);
            let high = both.u.1.min(both.s.1.max(0) as u64);
            if both.s.1 < 0 {
                return None;
            }
            both = Self { u: (low, high), s: (low as i64, high as i64) };
        }
        (both.u.0 <= both.u.1 && both.s.0 <= both.s.1).then_some(both)
    }

    /// What is in one or the other.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            u: (self.u.0.min(other.u.0), self.u.1.max(other.u.1)),
            s: (self.s.0.min(other.s.0), self.s.1.max(other.s.1)),
        }
    }
}

/// Bounds of what arithmetic gives, for bounds of its operands.
pub(super) fn of_num(op: NumOp, args: &[Range]) -> Range {
    use NumOp::*;
    let val = op.result();
    let any = Range::of(val);
    let a = args.first().copied().unwrap_or(any);
    let b = args.get(1).copied().unwrap_or(a);
    match op {
        I32Add | I64Add => sum(any, a, b),
        I32Sub | I64Sub => difference(any, a, b),
        I32Mul | I64Mul => match a.u.1.checked_mul(b.u.1) {
            Some(most) if most <= any.s.1 as u64 => {
                Range { u: (a.u.0 * b.u.0, most), s: ((a.u.0 * b.u.0) as i64, most as i64) }
            }
            _ => any,
        },
        I32And | I64And => below(any, a.u.1.min(b.u.1)),
        I32Or | I64Or | I32Xor | I64Xor => {
            let bits = (a.u.1 | b.u.1).checked_ilog2().map_or(0, |top| u64::MAX >> (63 - top));
            below(any, bits)
        }
        I32ShrU | I64ShrU => match b.only() {
            Some(by @ 0..64) => below(any, a.u.1 >> by),
            _ => below(any, a.u.1),
        },
        I32Shl | I64Shl => match b.only() {
            Some(by @ 0..32) => match a.u.1.checked_mul(1 << by) {
                Some(most) if most <= any.s.1 as u64 => below(any, most),
                _ => any,
            },
            _ => any,
        },
        I32RemU | I64RemU => below(any, a.u.1.min(b.u.1.saturating_sub(1))),
        I32DivU | I64DivU => below(any, a.u.1 / b.u.0.max(1)),
        I64ExtendI32U => Range::up_to(a.u.1).and(Range { u: a.u, s: any.s }, val).unwrap_or(any),
        I64ExtendI32S => Range { u: any.u, s: a.s }.and(any, val).unwrap_or(any),
        I32WrapI64 if a.u.1 <= any.u.1 => Range { u: a.u, s: any.s }.and(any, val).unwrap_or(any),
        I32WrapI64 if a.s.0 >= any.s.0 && a.s.1 <= any.s.1 => {
            Range { u: any.u, s: a.s }.and(any, val).unwrap_or(any)
        }
        I32Extend8S | I64Extend8S => Range { u: any.u, s: (-128, 127) },
        I32Extend16S | I64Extend16S => Range { u: any.u, s: (-32768, 32767) },
        I32Clz | I32Ctz | I32Popcnt => Range::up_to(32),
        I64Clz | I64Ctz | I64Popcnt => Range::up_to(64),
        _ if is_comparison(op) => Range::up_to(1),
        _ => any,
    }
}

/// From 0 to a bound, as far as the type has such numbers.
fn below(any: Range, most: u64) -> Range {
    if most <= any.s.1 as u64 { Range::up_to(most) } else { Range { u: (0, most.min(any.u.1)), s: any.s } }
}

fn sum(any: Range, a: Range, b: Range) -> Range {
    let mut out = any;
    if let (Some(low), Some(high)) = (a.u.0.checked_add(b.u.0), a.u.1.checked_add(b.u.1))
        && high <= any.u.1
    {
        out.u = (low, high);
    }
    if let (Some(low), Some(high)) = (a.s.0.checked_add(b.s.0), a.s.1.checked_add(b.s.1))
        && low >= any.s.0
        && high <= any.s.1
    {
        out.s = (low, high);
    }
    sharpened(any, out)
}

fn difference(any: Range, a: Range, b: Range) -> Range {
    let mut out = any;
    if a.u.0 >= b.u.1 {
        out.u = (a.u.0 - b.u.1, a.u.1 - b.u.0);
    }
    if let (Some(low), Some(high)) = (a.s.0.checked_sub(b.s.1), a.s.1.checked_sub(b.s.0))
        && low >= any.s.0
        && high <= any.s.1
    {
        out.s = (low, high);
    }
    sharpened(any, out)
}

fn sharpened(any: Range, range: Range) -> Range {
    let val = if any.u.1 == u64::MAX { Val::I64 } else { Val::I32 };
    range.and(any, val).unwrap_or(any)
}

/// Bounds of what is loaded.
pub(super) fn of_load(op: LoadOp) -> Range {
    match op {
        LoadOp::I32U8 | LoadOp::I64U8 => Range::up_to(0xff),
        LoadOp::I32U16 | LoadOp::I64U16 => Range::up_to(0xffff),
        LoadOp::I64U32 => Range::up_to(0xffff_ffff),
        other => Range::of(other.spec().1),
    }
}

/// Whether an instruction compares integers.
pub(super) fn is_comparison(op: NumOp) -> bool {
    matches!(op.opcode(), 0x45..=0x5a)
}
