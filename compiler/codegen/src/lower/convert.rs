//! Conversions between numbers.

use super::arith::{ops, val};
use super::{Lower, Outcome};
use crate::lir::{NumOp, Reg, RuntimeFn, TrapId, TrapValue, Val};
use crate::repr::Scalar;
use dot_types::thir::{ConvertMode, TrapKind};
use dot_types::{FloatKind, IntKind, trap_text};

impl<'db> Lower<'_, 'db> {
    /// Converts a number; for mode `Try` the second register says whether it fits.
    pub(super) fn convert(
        &mut self,
        mode: ConvertMode,
        from: Scalar,
        to: Scalar,
        value: Reg,
    ) -> Outcome<'db, (Reg, Option<Reg>)> {
        let (result, outside) = match (from, from.int(), to, to.int()) {
            (_, Some(from), _, Some(to)) => self.int_to_int(mode, from, to, value),
            (_, Some(from), Scalar::Float(to), _) => (self.int_to_float(from, to, value), None),
            (Scalar::Float(from), _, _, Some(to)) => self.float_to_int(mode, from, to, value),
            (Scalar::Float(from), _, Scalar::Float(to), _) => (self.float_to_float(from, to, value), None),
            _ => return Err(self.unsupported("this conversion")),
        };
        if mode == ConvertMode::Try {
            return Ok((
                result,
                Some(match outside {
                    Some(outside) => self.b.num(NumOp::I32Eqz, &[outside]),
                    None => self.b.i32(1),
                }),
            ));
        }
        Ok((result, None))
    }

    /// A trap that tells the number which doesn't fit.
    fn conversion_trap(&mut self, value: Reg, ty: &'static str, to: IntKind) -> TrapId {
        let values = vec![TrapValue { name: "value".into(), reg: value, length: None, ty }];
        self.trap_with(TrapKind::Conversion.name(), &trap_text::conversion(to), values)
    }

    /// The value, and for mode `Try` whether it was out of range.
    fn int_to_int(
        &mut self,
        mode: ConvertMode,
        from: IntKind,
        to: IntKind,
        value: Reg,
    ) -> (Reg, Option<Reg>) {
        if mode == ConvertMode::Wrap || from.widens_to(to) {
            return (self.low_bits(from, to, value), None);
        }
        match mode {
            ConvertMode::Saturate => {
                let clamped = self.clamp(from, to, value);
                (self.low_bits(from, to, clamped), None)
            }
            ConvertMode::Try => {
                let outside = self.outside(from, to, value);
                (self.low_bits(from, to, value), Some(outside))
            }
            _ => {
                let outside = self.outside(from, to, value);
                let trap = self.conversion_trap(value, from.name(), to);
                self.b.trap_if(outside, trap);
                // In range, only the core width has to change.
                (self.widen_core(from, val(to), value), None)
            }
        }
    }

    fn widen_core(&mut self, from: IntKind, to: Val, value: Reg) -> Reg {
        match (val(from), to) {
            (Val::I32, Val::I64) if from.is_signed() => self.b.num(NumOp::I64ExtendI32S, &[value]),
            (Val::I32, Val::I64) => self.b.num(NumOp::I64ExtendI32U, &[value]),
            (Val::I64, Val::I32) => self.b.num(NumOp::I32WrapI64, &[value]),
            _ => value,
        }
    }

    /// The value of the target type that has the same low bits.
    fn low_bits(&mut self, from: IntKind, to: IntKind, value: Reg) -> Reg {
        let resized = self.widen_core(from, val(to), value);
        if from.widens_to(to) { resized } else { self.normalise(to, resized) }
    }

    /// Whether an integer is out of another type's range, which doesn't contain all of its own.
    fn outside(&mut self, from: IntKind, to: IntKind, value: Reg) -> Reg {
        let o = ops(from);
        let zero = self.int(from, 0);
        match (from.is_signed(), to.is_signed()) {
            (true, false) if to.max() >= from.max() => self.b.num(o.lt_s, &[value, zero]),
            // Seen as unsigned, negative numbers are beyond every maximum.
            (_, false) | (false, true) => {
                let max = self.int(from, to.max());
                self.b.num(o.gt_u, &[value, max])
            }
            (true, true) => {
                let low = match (from.bits(), to) {
                    (64, IntKind::S32) => self.b.num(NumOp::I64Extend32S, &[value]),
                    (64, IntKind::S16) => self.b.num(NumOp::I64Extend16S, &[value]),
                    (64, _) => self.b.num(NumOp::I64Extend8S, &[value]),
                    (_, IntKind::S16) => self.b.num(NumOp::I32Extend16S, &[value]),
                    _ => self.b.num(NumOp::I32Extend8S, &[value]),
                };
                self.b.num(o.ne, &[low, value])
            }
        }
    }

    /// The nearest number in the target's range, still in the source's core type.
    fn clamp(&mut self, from: IntKind, to: IntKind, value: Reg) -> Reg {
        let o = ops(from);
        let mut value = value;
        if from.min() < to.min() {
            let min = self.int(from, to.min());
            let below = self.b.num(o.lt_s, &[value, min]);
            value = self.b.select(min, value, below);
        }
        if from.max() > to.max() {
            let max = self.int(from, to.max());
            let above = self.b.num(if from.is_signed() { o.gt_s } else { o.gt_u }, &[value, max]);
            value = self.b.select(max, value, above);
        }
        value
    }

    fn int_to_float(&mut self, from: IntKind, to: FloatKind, value: Reg) -> Reg {
        let op = match (to, val(from), from.is_signed()) {
            (FloatKind::F32, Val::I64, true) => NumOp::F32ConvertI64S,
            (FloatKind::F32, Val::I64, false) => NumOp::F32ConvertI64U,
            (FloatKind::F32, _, true) => NumOp::F32ConvertI32S,
            (FloatKind::F32, _, false) => NumOp::F32ConvertI32U,
            (FloatKind::F64, Val::I64, true) => NumOp::F64ConvertI64S,
            (FloatKind::F64, Val::I64, false) => NumOp::F64ConvertI64U,
            (FloatKind::F64, _, true) => NumOp::F64ConvertI32S,
            (FloatKind::F64, _, false) => NumOp::F64ConvertI32U,
        };
        self.b.num(op, &[value])
    }

    fn float_to_float(&mut self, from: FloatKind, to: FloatKind, value: Reg) -> Reg {
        match (from, to) {
            (FloatKind::F32, FloatKind::F64) => self.b.num(NumOp::F64PromoteF32, &[value]),
            (FloatKind::F64, FloatKind::F32) => self.b.num(NumOp::F32DemoteF64, &[value]),
            _ => value,
        }
    }

    fn float_to_int(
        &mut self,
        mode: ConvertMode,
        from: FloatKind,
        to: IntKind,
        value: Reg,
    ) -> (Reg, Option<Reg>) {
        match mode {
            ConvertMode::Wrap => {
                let wide = self.float_to_float(from, FloatKind::F64, value);
                let bits = self.b.runtime(RuntimeFn::WrapF64, &[wide])[0];
                (self.low_bits(IntKind::U64, to, bits), None)
            }
            ConvertMode::Saturate => {
                let full = full_width(to);
                let truncated = self.b.num(truncate_saturating(from, full), &[value]);
                (self.clamp(full, to, truncated), None)
            }
            ConvertMode::Try => {
                let outside = self.float_outside(from, to, value);
                let truncated = self.b.num(truncate_saturating(from, full_width(to)), &[value]);
                (truncated, Some(outside))
            }
            ConvertMode::Trap | ConvertMode::Widen => {
                let trap = self.conversion_trap(value, from.name(), to);
                if to.bits() >= 32 {
                    return (self.b.num_or_trap(truncate(from, to), &[value], trap), None);
                }
                let outside = self.float_outside(from, to, value);
                self.b.trap_if(outside, trap);
                (self.b.num(truncate_saturating(from, full_width(to)), &[value]), None)
            }
        }
    }

    /// Whether a float's truncated value is out of an integer type's range; NaN is.
    fn float_outside(&mut self, from: FloatKind, to: IntKind, value: Reg) -> Reg {
        let narrow = from == FloatKind::F32;
        let pick = |f32_op, f64_op| if narrow { f32_op } else { f64_op };
        // All of these bounds are exact in both types.
        let whole = self.b.num(pick(NumOp::F32Trunc, NumOp::F64Trunc), &[value]);
        let (low, high) = (to.min() as f64, (to.max() + 1) as f64);
        let mut bound = |bound: f64| {
            if narrow { self.b.f32((bound as f32).to_bits()) } else { self.b.f64(bound.to_bits()) }
        };
        let (low, high) = (bound(low), bound(high));
        let above = self.b.num(pick(NumOp::F32Ge, NumOp::F64Ge), &[whole, low]);
        let below = self.b.num(pick(NumOp::F32Lt, NumOp::F64Lt), &[whole, high]);
        let inside = self.b.num(NumOp::I32And, &[above, below]);
        self.b.num(NumOp::I32Eqz, &[inside])
    }
}

/// The integer type of the same signedness that fills a core type.
const fn full_width(kind: IntKind) -> IntKind {
    match kind {
        IntKind::S8 | IntKind::S16 => IntKind::S32,
        IntKind::U8 | IntKind::U16 => IntKind::U32,
        full => full,
    }
}

const fn truncate(from: FloatKind, to: IntKind) -> NumOp {
    match (from, to) {
        (FloatKind::F32, IntKind::U32) => NumOp::I32TruncF32U,
        (FloatKind::F32, IntKind::S64) => NumOp::I64TruncF32S,
        (FloatKind::F32, IntKind::U64) => NumOp::I64TruncF32U,
        (FloatKind::F32, _) => NumOp::I32TruncF32S,
        (FloatKind::F64, IntKind::U32) => NumOp::I32TruncF64U,
        (FloatKind::F64, IntKind::S64) => NumOp::I64TruncF64S,
        (FloatKind::F64, IntKind::U64) => NumOp::I64TruncF64U,
        (FloatKind::F64, _) => NumOp::I32TruncF64S,
    }
}

const fn truncate_saturating(from: FloatKind, to: IntKind) -> NumOp {
    match (from, to) {
        (FloatKind::F32, IntKind::U32) => NumOp::I32TruncSatF32U,
        (FloatKind::F32, IntKind::S64) => NumOp::I64TruncSatF32S,
        (FloatKind::F32, IntKind::U64) => NumOp::I64TruncSatF32U,
        (FloatKind::F32, _) => NumOp::I32TruncSatF32S,
        (FloatKind::F64, IntKind::U32) => NumOp::I32TruncSatF64U,
        (FloatKind::F64, IntKind::S64) => NumOp::I64TruncSatF64S,
        (FloatKind::F64, IntKind::U64) => NumOp::I64TruncSatF64U,
        (FloatKind::F64, _) => NumOp::I32TruncSatF64S,
    }
}
