//! The operations that std asks for by name.

use super::arith::{ops, val};
use super::{Lower, Outcome};
use crate::lir::{Address, Global, Helper, LoadOp, NumOp, Op, Reg, RuntimeFn, StoreOp, Trap, Val};
use crate::repr::Scalar;
use dot_mir::ir::Value;
use dot_types::{FloatKind, IntKind, Intrinsic};

impl<'db> Lower<'_, 'db> {
    pub(super) fn intrinsic(
        &mut self,
        op: Intrinsic,
        args: &[Value],
        results: &[Value],
    ) -> Outcome<'db, Vec<Reg>> {
        if op.is_low_level() {
            return self.low_level(op, args);
        }
        match op {
            Intrinsic::Unreachable | Intrinsic::UnwrapFailed => {
                let kind = if op == Intrinsic::Unreachable { "unreachable" } else { "unwrap" };
                let trap = self.explicit_trap(kind, args.first().copied());
                self.b.trap_now(trap);
                // What follows is never reached, but its values must exist.
                let vals: Vec<Val> =
                    results.iter().flat_map(|v| super::flat_of(self.context, self.function, *v)).collect();
                Ok(vals.into_iter().map(|val| self.b.zero(val)).collect())
            }
            Intrinsic::Drop => {
                for arg in args {
                    let (ty, value) = (self.ty(*arg), self.regs(*arg));
                    self.context.drop(&mut self.b, ty, &value);
                }
                Ok(Vec::new())
            }
            Intrinsic::StringBytes
            | Intrinsic::StringFromUtf8Unchecked
            | Intrinsic::CharCode
            | Intrinsic::CharFromCodeUnchecked => Ok(self.args(args)),
            Intrinsic::NumberOf => {
                let to = results.first().and_then(|result| self.scalar(*result));
                match (args, to) {
                    ([value], Some(to)) => {
                        let reg = self.reg(*value);
                        let from = Scalar::Int(IntKind::U8);
                        // At most 127, so it fits every type.
                        let mode = dot_types::thir::ConvertMode::Wrap;
                        Ok(vec![self.convert(mode, from, to, reg)?.0])
                    }
                    _ => Err(self.unsupported("`number.of`")),
                }
            }
            Intrinsic::Compare
            | Intrinsic::Hash
            | Intrinsic::Show
            | Intrinsic::Encode
            | Intrinsic::Decode
            | Intrinsic::Shape => {
                Err(self.unsupported(format!("`{}` on a type without that operation", op.name())))
            }
            _ => match args {
                [list, rest @ ..] if is_list_op(op) => self.list_intrinsic(op, *list, rest),
                [a, rest @ ..] => self.number_intrinsic(op, *a, rest.first().copied()),
                [] => Err(self.unsupported(format!("`{}`", op.name()))),
            },
        }
    }

    fn list_intrinsic(&mut self, op: Intrinsic, list: Value, rest: &[Value]) -> Outcome<'db, Vec<Reg>> {
        if op == Intrinsic::ListOf {
            let Some(value) = rest.first() else { return Err(self.unsupported("`list.of`")) };
            let (item, regs) = (self.ty(*value), self.regs(*value));
            let (payload, len) = self.repeat(item, list, &regs);
            return Ok(vec![payload, len]);
        }
        let item = self.item(list)?;
        let own = self.list(list);
        let pair = |(payload, len)| vec![payload, len];
        Ok(match (op, rest) {
            (Intrinsic::ListLen | Intrinsic::StringByteLen, _) => vec![own.1],
            (Intrinsic::ListPush, [value]) => {
                let value = self.regs(*value);
                pair(self.push(item, own, &value))
            }
            (Intrinsic::ListPop, _) => self.pop(item, own),
            (Intrinsic::ListSwap, [i, j]) => pair(self.swap(item, own, *i, *j)),
            (Intrinsic::ListTruncate, [to]) => {
                let to = self.index(*to);
                pair(self.truncate(item, own, to))
            }
            (Intrinsic::ListReserve, [extra]) => {
                let extra = self.index(*extra);
                vec![self.reserve(item, own, extra), own.1]
            }
            (Intrinsic::ListSlice, [start, end]) => pair(self.slice(item, own, *start, *end)),
            (Intrinsic::ListAppend | Intrinsic::StringAppend, [other]) => {
                let other = self.list(*other);
                pair(self.append(item, own, other))
            }
            (Intrinsic::StringByteAt, [index]) => vec![self.byte_at(own, *index)],
            (Intrinsic::StringByteSlice, [start, end]) => pair(self.byte_slice(own, *start, *end)),
            (Intrinsic::StringPush, [c]) => {
                let c = self.reg(*c);
                self.b.runtime(RuntimeFn::PushChar, &[own.0, own.1, c])
            }
            _ => return Err(self.unsupported(format!("`{}`", op.name()))),
        })
    }

    fn number_intrinsic(&mut self, op: Intrinsic, a: Value, b: Option<Value>) -> Outcome<'db, Vec<Reg>> {
        let scalar = self.scalar(a);
        let reg = self.reg(a);
        let other = b.map(|b| self.reg(b));
        let result = match (op, scalar, other) {
            (
                Intrinsic::IntLeadingZeros
                | Intrinsic::IntTrailingZeros
                | Intrinsic::IntCountOnes
                | Intrinsic::IntRotateLeft
                | Intrinsic::IntRotateRight,
                Some(Scalar::Int(kind)),
                _,
            ) => self.bit_op(op, kind, reg, other),
            (Intrinsic::U64MulHigh, _, Some(other)) => {
                self.b.helper(Helper::MulHigh, &[reg, other], &[Val::I64])[0]
            }
            (Intrinsic::F64FromBits, ..) => self.b.num(NumOp::F64ReinterpretI64, &[reg]),
            (Intrinsic::F32FromBits, ..) => self.b.num(NumOp::F32ReinterpretI32, &[reg]),
            (Intrinsic::F64Bits, ..) => {
                let bits = self.b.num(NumOp::I64ReinterpretF64, &[reg]);
                let nan = self.b.i64(0x7ff8_0000_0000_0000);
                let is_nan = self.b.num(NumOp::F64Ne, &[reg, reg]);
                self.b.select(nan, bits, is_nan)
            }
            (Intrinsic::F32Bits, ..) => {
                let bits = self.b.num(NumOp::I32ReinterpretF32, &[reg]);
                let nan = self.b.i32(0x7fc0_0000);
                let is_nan = self.b.num(NumOp::F32Ne, &[reg, reg]);
                self.b.select(nan, bits, is_nan)
            }
            (_, Some(Scalar::Float(kind)), _) => {
                let Some(op) = float_op(op, kind) else {
                    return Err(self.unsupported(format!("`{}`", op.name())));
                };
                let args: Vec<Reg> = [reg].into_iter().chain(other).collect();
                self.b.num(op, &args)
            }
            _ => return Err(self.unsupported(format!("`{}`", op.name()))),
        };
        Ok(vec![result])
    }

    /// Operations on the bits of an integer, of whose core value the upper bits may be copies of the sign.
    fn bit_op(&mut self, op: Intrinsic, kind: IntKind, value: Reg, by: Option<Reg>) -> Reg {
        let wide = kind.bits() == 64;
        let pick = |narrow_op, wide_op| if wide { wide_op } else { narrow_op };
        let bits = if kind.bits() < 32 {
            let mask = self.b.i32((1 << kind.bits()) - 1);
            self.b.num(NumOp::I32And, &[value, mask])
        } else {
            value
        };
        let count = match op {
            Intrinsic::IntLeadingZeros => {
                let zeros = self.b.num(pick(NumOp::I32Clz, NumOp::I64Clz), &[bits]);
                let unused = self.int(kind, i128::from(if wide { 0 } else { 32 - kind.bits() }));
                self.b.num(ops(kind).sub, &[zeros, unused])
            }
            Intrinsic::IntTrailingZeros => {
                // A bit above the width ends the search.
                let stop = if kind.bits() < 32 { 1 << kind.bits() } else { 0 };
                let stop = self.int(kind, stop);
                let stopped = if kind.bits() < 32 { self.b.num(NumOp::I32Or, &[bits, stop]) } else { bits };
                self.b.num(pick(NumOp::I32Ctz, NumOp::I64Ctz), &[stopped])
            }
            Intrinsic::IntCountOnes => self.b.num(pick(NumOp::I32Popcnt, NumOp::I64Popcnt), &[bits]),
            _ => return self.rotate(op == Intrinsic::IntRotateLeft, kind, bits, by),
        };
        self.resize(count, Val::I32)
    }

    fn rotate(&mut self, left: bool, kind: IntKind, bits: Reg, by: Option<Reg>) -> Reg {
        let by = by.unwrap_or(bits);
        let by = self.resize(by, val(kind));
        if kind.bits() >= 32 {
            let op = match (left, kind.bits() == 64) {
                (true, true) => NumOp::I64Rotl,
                (false, true) => NumOp::I64Rotr,
                (true, false) => NumOp::I32Rotl,
                (false, false) => NumOp::I32Rotr,
            };
            return self.b.num(op, &[bits, by]);
        }
        let mask = self.b.u32(kind.bits() - 1);
        let by = self.b.num(NumOp::I32And, &[by, mask]);
        let width = self.b.u32(kind.bits());
        let back = self.b.num(NumOp::I32Sub, &[width, by]);
        let (up, down) = if left { (by, back) } else { (back, by) };
        let high = self.b.num(NumOp::I32Shl, &[bits, up]);
        let low = self.b.num(NumOp::I32ShrU, &[bits, down]);
        let both = self.b.num(NumOp::I32Or, &[high, low]);
        self.normalise(kind, both)
    }

    // The low-level dialect

    fn low_level(&mut self, op: Intrinsic, args: &[Value]) -> Outcome<'db, Vec<Reg>> {
        let regs = self.args(args);
        Ok(match (op, regs.as_slice()) {
            (Intrinsic::MemLoad8, [at]) => vec![self.b.load(LoadOp::I32U8, *at, 0)],
            (Intrinsic::MemLoad16, [at]) => vec![self.b.load(LoadOp::I32U16, *at, 0)],
            (Intrinsic::MemLoad32, [at]) => vec![self.b.load(LoadOp::I32, *at, 0)],
            (Intrinsic::MemLoad64, [at]) => vec![self.b.load(LoadOp::I64, *at, 0)],
            (Intrinsic::MemStore8, [at, value]) => self.low_store(StoreOp::I32As8, *at, *value),
            (Intrinsic::MemStore16, [at, value]) => self.low_store(StoreOp::I32As16, *at, *value),
            (Intrinsic::MemStore32, [at, value]) => self.low_store(StoreOp::I32, *at, *value),
            (Intrinsic::MemStore64, [at, value]) => self.low_store(StoreOp::I64, *at, *value),
            (Intrinsic::MemCopy, [to, from, bytes]) => {
                self.b.copy(*to, *from, *bytes);
                Vec::new()
            }
            (Intrinsic::MemFill, _) => self.b.inst(Op::MemoryFill, regs, &[]),
            (Intrinsic::MemGrow, _) => self.b.inst(Op::MemoryGrow, regs, &[Val::I32]),
            (Intrinsic::MemSize, _) => self.b.inst(Op::MemorySize, regs, &[Val::I32]),
            (Intrinsic::MemHeapBase, _) => vec![self.b.address(Address::HeapBase)],
            (Intrinsic::MemExhausted, _) => {
                let site = self.b.site;
                let message = "the program ran out of memory".into();
                let trap = Trap { kind: "memory", message, site, values: Vec::new(), overflow: None };
                let trap = self.b.trap(trap);
                self.b.trap_now(trap);
                Vec::new()
            }
            (Intrinsic::MemGlobalGet, [index]) => {
                let global = self.runtime_global(*index)?;
                vec![self.b.global(global)]
            }
            (Intrinsic::MemGlobalSet, [index, value]) => {
                let global = self.runtime_global(*index)?;
                self.b.set_global(global, *value);
                Vec::new()
            }
            _ => return Err(self.unsupported(format!("`{}`", op.name()))),
        })
    }

    fn low_store(&mut self, op: StoreOp, at: Reg, value: Reg) -> Vec<Reg> {
        self.b.store(op, at, 0, value);
        Vec::new()
    }

    fn runtime_global(&mut self, index: Reg) -> Outcome<'db, Global> {
        match self.b.constant(index) {
            Some(index @ 0..32) => Ok(Global::Runtime(index as u32)),
            _ => Err(self.unsupported("a global whose number is not a literal below 32")),
        }
    }
}

fn is_list_op(op: Intrinsic) -> bool {
    matches!(
        op,
        Intrinsic::ListLen
            | Intrinsic::ListPush
            | Intrinsic::ListPop
            | Intrinsic::ListSwap
            | Intrinsic::ListTruncate
            | Intrinsic::ListReserve
            | Intrinsic::ListSlice
            | Intrinsic::ListAppend
            | Intrinsic::ListOf
            | Intrinsic::StringByteLen
            | Intrinsic::StringByteAt
            | Intrinsic::StringByteSlice
            | Intrinsic::StringPush
            | Intrinsic::StringAppend
    )
}

fn float_op(op: Intrinsic, kind: FloatKind) -> Option<NumOp> {
    let narrow = kind == FloatKind::F32;
    let pick = |f32_op, f64_op| Some(if narrow { f32_op } else { f64_op });
    match op {
        Intrinsic::FloatSqrt => pick(NumOp::F32Sqrt, NumOp::F64Sqrt),
        Intrinsic::FloatFloor => pick(NumOp::F32Floor, NumOp::F64Floor),
        Intrinsic::FloatCeil => pick(NumOp::F32Ceil, NumOp::F64Ceil),
        Intrinsic::FloatTrunc => pick(NumOp::F32Trunc, NumOp::F64Trunc),
        Intrinsic::FloatRoundEven => pick(NumOp::F32Nearest, NumOp::F64Nearest),
        Intrinsic::FloatAbs => pick(NumOp::F32Abs, NumOp::F64Abs),
        Intrinsic::FloatCopysign => pick(NumOp::F32Copysign, NumOp::F64Copysign),
        Intrinsic::FloatMin => pick(NumOp::F32Min, NumOp::F64Min),
        Intrinsic::FloatMax => pick(NumOp::F32Max, NumOp::F64Max),
        _ => None,
    }
}
