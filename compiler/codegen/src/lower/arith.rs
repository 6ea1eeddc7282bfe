//! Arithmetic on one width after another, and the checks that make it exact.
//!
//! Integers of 8 and 16 bits are computed in 32, where sums and products don't overflow, and then compared with
//! their range. For 32 and 64 bits overflow shows in the result itself: an unsigned sum is smaller than an
//! operand; a signed one has the wrong sign (Warren, *Hacker's Delight*, 2-13); a 32-bit product is computed in 64;
//! a 64-bit product of two numbers of 32 bits fits, and any other is checked by its upper half.

use super::{Lower, Outcome};
use crate::lir::{Helper, NumOp, Reg, TrapId, Val};
use dot_types::thir::{BinaryOp, TrapKind};
use dot_types::{FloatKind, IntKind, trap_text};

/// An integer's core instructions.
pub(super) struct Ops {
    pub add: NumOp,
    pub sub: NumOp,
    pub mul: NumOp,
    pub and: NumOp,
    pub or: NumOp,
    pub xor: NumOp,
    pub shl: NumOp,
    pub shr_s: NumOp,
    pub shr_u: NumOp,
    pub div_s: NumOp,
    pub div_u: NumOp,
    pub rem_s: NumOp,
    pub rem_u: NumOp,
    pub eq: NumOp,
    pub ne: NumOp,
    pub lt_s: NumOp,
    pub lt_u: NumOp,
    pub le_s: NumOp,
    pub le_u: NumOp,
    pub gt_s: NumOp,
    pub gt_u: NumOp,
    pub ge_s: NumOp,
    pub ge_u: NumOp,
}

macro_rules! ops {
    ($($field:ident $narrow:ident $wide:ident,)+) => {
        /// The instructions on 32 bits.
        const NARROW: Ops = Ops { $($field: NumOp::$narrow,)+ };
        /// The instructions on 64 bits.
        const WIDE: Ops = Ops { $($field: NumOp::$wide,)+ };
    };
}

ops! {
    add I32Add I64Add, sub I32Sub I64Sub, mul I32Mul I64Mul,
    and I32And I64And, or I32Or I64Or, xor I32Xor I64Xor,
    shl I32Shl I64Shl, shr_s I32ShrS I64ShrS, shr_u I32ShrU I64ShrU,
    div_s I32DivS I64DivS, div_u I32DivU I64DivU, rem_s I32RemS I64RemS, rem_u I32RemU I64RemU,
    eq I32Eq I64Eq, ne I32Ne I64Ne,
    lt_s I32LtS I64LtS, lt_u I32LtU I64LtU, le_s I32LeS I64LeS, le_u I32LeU I64LeU,
    gt_s I32GtS I64GtS, gt_u I32GtU I64GtU, ge_s I32GeS I64GeS, ge_u I32GeU I64GeU,
}

/// The instructions for an integer type.
pub(super) const fn ops(kind: IntKind) -> &'static Ops {
    if kind.bits() == 64 { &WIDE } else { &NARROW }
}

/// The core type of an integer type.
pub(super) const fn val(kind: IntKind) -> Val {
    if kind.bits() == 64 { Val::I64 } else { Val::I32 }
}

impl<'db> Lower<'_, 'db> {
    /// An integer constant of a type's core width.
    pub(super) fn int(&mut self, kind: IntKind, value: i128) -> Reg {
        self.b.int(val(kind), value as i64)
    }

    fn n(&mut self, op: NumOp, args: &[Reg]) -> Reg {
        self.b.num(op, args)
    }

    /// Brings what was computed in 32 bits back to the range of a narrower type by its low bits.
    pub(super) fn normalise(&mut self, kind: IntKind, value: Reg) -> Reg {
        match kind {
            IntKind::U8 | IntKind::U16 => {
                let mask = self.b.i32(kind.max() as i32);
                self.n(NumOp::I32And, &[value, mask])
            }
            IntKind::S8 => self.n(NumOp::I32Extend8S, &[value]),
            IntKind::S16 => self.n(NumOp::I32Extend16S, &[value]),
            _ => value,
        }
    }

    /// Whether a value, exact in 32 bits, is out of a narrower type's range.
    fn outside_narrow(&mut self, kind: IntKind, value: Reg) -> Reg {
        if kind.is_signed() {
            let low = self.normalise(kind, value);
            self.n(NumOp::I32Ne, &[low, value])
        } else {
            let max = self.b.i32(kind.max() as i32);
            self.n(NumOp::I32GtU, &[value, max])
        }
    }

    /// Arithmetic on integers. A shift's count may be of another integer type.
    pub(super) fn int_binary(
        &mut self,
        op: BinaryOp,
        kind: IntKind,
        (a, b): (Reg, Reg),
        count: IntKind,
    ) -> Outcome<'db, Reg> {
        let o = ops(kind);
        Ok(match op {
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul => {
                let (result, outside) = self.exact(op, kind, a, b);
                let trap = self.operands_trap(op, kind, TrapKind::Overflow, (a, b), kind);
                self.b.trap_if(outside, trap);
                result
            }
            BinaryOp::WrappingAdd => {
                let result = self.n(o.add, &[a, b]);
                self.normalise(kind, result)
            }
            BinaryOp::WrappingSub => {
                let result = self.n(o.sub, &[a, b]);
                self.normalise(kind, result)
            }
            BinaryOp::WrappingMul => {
                let result = self.n(o.mul, &[a, b]);
                self.normalise(kind, result)
            }
            BinaryOp::SaturatingAdd => self.saturating(BinaryOp::Add, kind, a, b),
            BinaryOp::SaturatingSub => self.saturating(BinaryOp::Sub, kind, a, b),
            BinaryOp::SaturatingMul => self.saturating(BinaryOp::Mul, kind, a, b),
            BinaryOp::Div => self.divide(kind, a, b),
            BinaryOp::Rem => {
                let trap = self.operands_trap(op, kind, TrapKind::DivideByZero, (a, b), kind);
                self.b.num_or_trap(if kind.is_signed() { o.rem_s } else { o.rem_u }, &[a, b], trap)
            }
            BinaryOp::And => self.n(o.and, &[a, b]),
            BinaryOp::Or => self.n(o.or, &[a, b]),
            BinaryOp::Xor => self.n(o.xor, &[a, b]),
            BinaryOp::Shl | BinaryOp::Shr => {
                let width = self.int(count, i128::from(kind.bits()));
                let outside = self.n(ops(count).ge_u, &[b, width]);
                let trap = self.operands_trap(op, kind, TrapKind::Shift, (a, b), count);
                self.b.trap_if(outside, trap);
                let by = self.resize(b, val(kind));
                match (op, kind.is_signed()) {
                    (BinaryOp::Shl, _) => {
                        let shifted = self.n(o.shl, &[a, by]);
                        self.normalise(kind, shifted)
                    }
                    (_, true) => self.n(o.shr_s, &[a, by]),
                    (_, false) => self.n(o.shr_u, &[a, by]),
                }
            }
        })
    }

    /// An integer's low bits in another core width; the upper ones don't matter.
    pub(super) fn resize(&mut self, value: Reg, to: Val) -> Reg {
        match (self.b.val(value), to) {
            (Val::I64, Val::I32) => self.n(NumOp::I32WrapI64, &[value]),
            (Val::I32, Val::I64) => self.n(NumOp::I64ExtendI32U, &[value]),
            _ => value,
        }
    }

    fn divide(&mut self, kind: IntKind, a: Reg, b: Reg) -> Reg {
        let o = ops(kind);
        let trap = self.operands_trap(BinaryOp::Div, kind, TrapKind::DivideByZero, (a, b), kind);
        if !kind.is_signed() {
            return self.b.num_or_trap(o.div_u, &[a, b], trap);
        }
        // In full width the machine traps by itself for the smallest number divided by -1. The table then has two
        // reasons for one instruction, and the machine knows which it was.
        let overflow = self.operands_trap(BinaryOp::Div, kind, TrapKind::Overflow, (a, b), kind);
        let traps = &mut self.b.func_mut().traps;
        if kind.bits() >= 32 {
            traps[trap.0 as usize].overflow = Some(traps[overflow.0 as usize].message.clone());
        }
        let result = self.b.num_or_trap(o.div_s, &[a, b], trap);
        if kind.bits() < 32 {
            let outside = self.outside_narrow(kind, result);
            self.b.trap_if(outside, overflow);
        }
        result
    }

    /// A sum, difference or product by its low bits, and whether it is out of range.
    pub(super) fn exact(&mut self, op: BinaryOp, kind: IntKind, a: Reg, b: Reg) -> (Reg, Reg) {
        let o = ops(kind);
        match (op, kind.bits() < 32, kind.is_signed()) {
            (BinaryOp::Mul, _, _) => self.exact_product(kind, a, b),
            (BinaryOp::Sub, _, false) => {
                let outside = self.n(o.lt_u, &[a, b]);
                (self.n(o.sub, &[a, b]), outside)
            }
            (_, true, _) => {
                let result = self.n(if op == BinaryOp::Add { o.add } else { o.sub }, &[a, b]);
                let outside = self.outside_narrow(kind, result);
                (result, outside)
            }
            (_, false, false) => {
                let sum = self.n(o.add, &[a, b]);
                (sum, self.n(o.lt_u, &[sum, a]))
            }
            (_, false, true) => self.exact_signed(op, kind, a, b),
        }
    }

    fn exact_signed(&mut self, op: BinaryOp, kind: IntKind, a: Reg, b: Reg) -> (Reg, Reg) {
        let o = ops(kind);
        let adds = op == BinaryOp::Add;
        let result = self.n(if adds { o.add } else { o.sub }, &[a, b]);
        if let Some(known) = self.b.constant(b) {
            // One comparison tells whether the result went the wrong way.
            let down = (known < 0) == adds;
            return (result, self.n(if down { o.gt_s } else { o.lt_s }, &[result, a]));
        }
        // Adding: both operands differ in sign from the result. Subtracting: the operands differ, and the result
        // differs from the first.
        let one = self.n(o.xor, &[a, result]);
        let other = if adds { self.n(o.xor, &[b, result]) } else { self.n(o.xor, &[a, b]) };
        let both = self.n(o.and, &[one, other]);
        let zero = self.int(kind, 0);
        (result, self.n(o.lt_s, &[both, zero]))
    }

    fn exact_product(&mut self, kind: IntKind, a: Reg, b: Reg) -> (Reg, Reg) {
        match kind {
            IntKind::U8 | IntKind::S8 | IntKind::U16 | IntKind::S16 => {
                let result = self.n(NumOp::I32Mul, &[a, b]);
                let outside = self.outside_narrow(kind, result);
                (result, outside)
            }
            IntKind::U32 | IntKind::S32 => {
                let extend = if kind.is_signed() { NumOp::I64ExtendI32S } else { NumOp::I64ExtendI32U };
                let (wide_a, wide_b) = (self.n(extend, &[a]), self.n(extend, &[b]));
                let wide = self.n(NumOp::I64Mul, &[wide_a, wide_b]);
                let result = self.n(NumOp::I32WrapI64, &[wide]);
                let again = self.n(extend, &[result]);
                (result, self.n(NumOp::I64Ne, &[again, wide]))
            }
            IntKind::U64 | IntKind::S64 => {
                let result = self.n(NumOp::I64Mul, &[a, b]);
                let outside = match (self.b.constant(b), self.b.constant(a)) {
                    (Some(known), _) if known != 0 && known != -1 => self.outside_quotients(kind, a, known),
                    (_, Some(known)) if known != 0 && known != -1 => self.outside_quotients(kind, b, known),
                    _ => self.wide_product_outside(kind, a, b, result),
                };
                (result, outside)
            }
        }
    }

    /// Whether `a * by` is out of range: `a` is not between two quotients known now.
    fn outside_quotients(&mut self, kind: IntKind, a: Reg, by: i64) -> Reg {
        if kind == IntKind::U64 {
            let most = self.b.i64((u64::MAX / by as u64) as i64);
            return self.n(NumOp::I64GtU, &[a, most]);
        }
        // Both quotients truncate towards zero, which is inwards.
        let (low, high) =
            if by > 0 { (i64::MIN / by, i64::MAX / by) } else { (i64::MAX / by, i64::MIN / by) };
        let low_reg = self.b.i64(low);
        let above = self.n(NumOp::I64Sub, &[a, low_reg]);
        let span = self.b.i64(high.wrapping_sub(low));
        self.n(NumOp::I64GtU, &[above, span])
    }

    /// Whether a 64-bit product is out of range. Two operands of 32 bits need no look at the upper half.
    fn wide_product_outside(&mut self, kind: IntKind, a: Reg, b: Reg, result: Reg) -> Reg {
        let signed = kind.is_signed();
        let half = self.b.i64(1 << 31);
        let fold = |this: &mut Self, v: Reg| if signed { this.n(NumOp::I64Add, &[v, half]) } else { v };
        let (fold_a, fold_b) = (fold(self, a), fold(self, b));
        let either = self.n(NumOp::I64Or, &[fold_a, fold_b]);
        let bits = self.b.i64(32);
        let upper = self.n(NumOp::I64ShrU, &[either, bits]);
        let small = self.n(NumOp::I64Eqz, &[upper]);
        self.b.either(
            small,
            &[Val::I32],
            |code| vec![code.i32(0)],
            |code| {
                let mut high = code.helper(Helper::MulHigh, &[a, b], &[Val::I64])[0];
                let zero = code.i64(0);
                if !signed {
                    return vec![code.num(NumOp::I64Ne, &[high, zero])];
                }
                // The upper half of the signed product, from that of the unsigned one.
                for (factor, other) in [(a, b), (b, a)] {
                    let negative = code.num(NumOp::I64LtS, &[factor, zero]);
                    let part = code.select(other, zero, negative);
                    high = code.num(NumOp::I64Sub, &[high, part]);
                }
                let by = code.i64(63);
                let spread = code.num(NumOp::I64ShrS, &[result, by]);
                vec![code.num(NumOp::I64Ne, &[high, spread])]
            },
        )[0]
    }

    fn saturating(&mut self, op: BinaryOp, kind: IntKind, a: Reg, b: Reg) -> Reg {
        let (result, outside) = self.exact(op, kind, a, b);
        let limit = match (op, kind.is_signed()) {
            (BinaryOp::Sub, false) => self.int(kind, 0),
            (_, false) => self.int(kind, kind.max()),
            (_, true) => {
                // The limit on the side of the exact result: by the first operand's sign, for products by both.
                let o = ops(kind);
                let sign = if op == BinaryOp::Mul { self.n(o.xor, &[a, b]) } else { a };
                let by = self.int(kind, i128::from(if kind.bits() == 64 { 63 } else { 31 }));
                let spread = self.n(o.shr_s, &[sign, by]);
                let max = self.int(kind, kind.max());
                self.n(o.xor, &[spread, max])
            }
        };
        self.b.select(limit, result, outside)
    }

    /// Arithmetic on floats.
    pub(super) fn float_binary(
        &mut self,
        op: BinaryOp,
        kind: FloatKind,
        a: Reg,
        b: Reg,
    ) -> Outcome<'db, Reg> {
        let narrow = kind == FloatKind::F32;
        let pick = |f32_op, f64_op| if narrow { f32_op } else { f64_op };
        let op = match op {
            BinaryOp::Add => pick(NumOp::F32Add, NumOp::F64Add),
            BinaryOp::Sub => pick(NumOp::F32Sub, NumOp::F64Sub),
            BinaryOp::Mul => pick(NumOp::F32Mul, NumOp::F64Mul),
            BinaryOp::Div => pick(NumOp::F32Div, NumOp::F64Div),
            BinaryOp::Rem => return Ok(self.float_rem(narrow, a, b)),
            _ => return Err(self.unsupported("this operation on floats")),
        };
        Ok(self.n(op, &[a, b]))
    }

    fn float_rem(&mut self, narrow: bool, a: Reg, b: Reg) -> Reg {
        use crate::lir::RuntimeFn::RemF64;
        if !narrow {
            return self.b.runtime(RemF64, &[a, b])[0];
        }
        // The remainder of two floats is exact in the wider type, and fits the narrower one.
        let (a, b) = (self.n(NumOp::F64PromoteF32, &[a]), self.n(NumOp::F64PromoteF32, &[b]));
        let rem = self.b.runtime(RemF64, &[a, b])[0];
        self.n(NumOp::F32DemoteF64, &[rem])
    }

    /// `-` on an integer.
    pub(super) fn int_neg(&mut self, kind: IntKind, a: Reg) -> Reg {
        let zero = self.int(kind, 0);
        let result = self.n(ops(kind).sub, &[zero, a]);
        let outside = if kind.bits() < 32 {
            self.outside_narrow(kind, result)
        } else if kind.is_signed() {
            let min = self.int(kind, kind.min());
            self.n(ops(kind).eq, &[a, min])
        } else {
            self.n(ops(kind).ne, &[a, zero])
        };
        let values = vec![self.trap_value("value", a, kind)];
        let trap = self.trap_with(TrapKind::Overflow.name(), &trap_text::negation(kind), values);
        self.b.trap_if(outside, trap);
        result
    }

    /// A trap of arithmetic on two operands, which it tells. A shift's count may be of another type.
    fn operands_trap(
        &mut self,
        op: BinaryOp,
        kind: IntKind,
        trap: TrapKind,
        (a, b): (Reg, Reg),
        right: IntKind,
    ) -> TrapId {
        let values = vec![self.trap_value("left", a, kind), self.trap_value("right", b, right)];
        self.trap_with(trap.name(), &trap_text::binary(op, kind, trap), values)
    }
}
