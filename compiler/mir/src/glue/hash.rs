//! The structural hash: a value as a sequence of 64-bit words, each taken in by the step of FxHash,
//! `state = (rotate_left(state, 5) ^ word) * K`.

use super::Glue;
use crate::ir::{Instance, InstanceKind, Op, Value};
use crate::repr::Shape;
use dot_types::thir::{BinaryOp, CompareOp, ConvertMode};
use dot_types::{IntKind, Intrinsic, Ty, TyKind};

/// The multiplier of Firefox's and rustc's FxHash.
const K: u64 = 0x517c_c1b7_2722_0a95;

impl<'db> Glue<'_, 'db> {
    pub(super) fn hash_body(&mut self, ty: Ty<'db>) -> Option<Ty<'db>> {
        let u64_ty = self.u64_ty();
        let (state, value) = (self.b.param(u64_ty, None), self.b.param(ty, None));
        if let Some(args) = super::map_args(self.program, ty) {
            let state = self.hash_map(state, value, &args)?;
            self.ret(state);
            return Some(u64_ty);
        }
        match self.shape(ty) {
            Shape::Scalar => {
                let state = self.hash_scalar(state, value)?;
                self.ret(state);
            }
            Shape::Record(parts) => {
                let parts = self.fields(value, &parts);
                let state = self.hash_parts(state, &parts);
                self.ret(state);
            }
            Shape::Variant(cases) => {
                let u32_ty = self.u32_ty();
                let tag = self.emit(Op::Tag(value), u32_ty);
                let tag = self.widen(tag);
                let state = self.mix(state, tag);
                self.switch(value, &cases, &mut |this, case, parts| {
                    let parts = this.case_parts(value, case, parts);
                    let state = this.hash_parts(state, &parts);
                    this.ret(state);
                    Some(())
                })?;
            }
            Shape::Counted => {
                let state = match ty.kind(self.program.db()) {
                    TyKind::String => self.hash_string(state, value)?,
                    TyKind::List(item) | TyKind::FixedList(item, _) => self.hash_list(state, value, *item)?,
                    _ => return None,
                };
                self.ret(state);
            }
            Shape::Handle => return None,
        }
        Some(u64_ty)
    }

    fn u64_ty(&self) -> Ty<'db> {
        self.kind_ty(TyKind::Int(IntKind::U64))
    }

    fn u64_op(&mut self, op: BinaryOp, a: Value, b: Value) -> Value {
        let ty = self.u64_ty();
        self.emit(Op::Binary(op, a, b), ty)
    }

    fn const_u64(&mut self, number: u64) -> Value {
        let ty = self.u64_ty();
        self.emit(Op::Const(number), ty)
    }

    fn widen(&mut self, value: Value) -> Value {
        let ty = self.u64_ty();
        self.emit(Op::Convert(ConvertMode::Widen, value), ty)
    }

    fn mix(&mut self, state: Value, word: Value) -> Value {
        let ty = self.u64_ty();
        let by = self.const_u32(5);
        let turned = self.emit(Op::Intrinsic(Intrinsic::IntRotateLeft, vec![state, by]), ty);
        let mixed = self.u64_op(BinaryOp::Xor, turned, word);
        let k = self.const_u64(K);
        self.u64_op(BinaryOp::WrappingMul, mixed, k)
    }

    fn hash_parts(&mut self, state: Value, parts: &[Value]) -> Value {
        parts.iter().fold(state, |state, part| self.hash_part(state, *part))
    }

    fn hash_part(&mut self, state: Value, part: Value) -> Value {
        let (ty, u64_ty) = (self.b.ty(part), self.u64_ty());
        let glue = Instance::new(self.program.db(), InstanceKind::HashGlue, vec![ty]);
        self.emit(Op::Call(glue, vec![state, part]), u64_ty)
    }

    /// One word: an integer's value as 64 bits in two's complement, a char's code, an enum's or bool's number.
    fn hash_scalar(&mut self, state: Value, value: Value) -> Option<Value> {
        let db = self.program.db();
        let (u32_ty, u64_ty) = (self.u32_ty(), self.u64_ty());
        let word = match self.b.ty(value).kind(db) {
            TyKind::Int(kind) if kind.is_signed() => self.emit(Op::Convert(ConvertMode::Wrap, value), u64_ty),
            TyKind::Int(IntKind::U64) => value,
            TyKind::Int(_) => self.widen(value),
            TyKind::Char => {
                let code = self.emit(Op::Intrinsic(Intrinsic::CharCode, vec![value]), u32_ty);
                self.widen(code)
            }
            TyKind::Bool => return Some(self.hash_bool(state, value)),
            TyKind::Adt(..) => {
                let tag = self.emit(Op::Tag(value), u32_ty);
                self.widen(tag)
            }
            _ => return None,
        };
        Some(self.mix(state, word))
    }

    fn hash_bool(&mut self, state: Value, value: Value) -> Value {
        let u64_ty = self.u64_ty();
        let word = self.b.variable(u64_ty, None);
        let (yes, no, join) = (self.b.block(), self.b.block(), self.b.block());
        self.b.branch(value, yes, no);
        for (block, number) in [(yes, 1), (no, 0)] {
            let _ = self.b.go_sealed(block);
            let number = self.const_u64(number);
            self.b.write(word, number);
            self.b.jump(join);
        }
        let _ = self.b.go_sealed(join);
        let word = self.b.read(word);
        self.mix(state, word)
    }

    fn hash_list(&mut self, state: Value, list: Value, item: Ty<'db>) -> Option<Value> {
        let len = self.len(list, Intrinsic::ListLen);
        let word = self.widen(len);
        let state = self.mix(state, word);
        self.count(len, Some(state), &mut |this, index, state| {
            let item = this.emit(Op::ListGet(list, index), item);
            Some(this.hash_part(state?, item))
        })
    }

    /// The length, then the bytes in groups of eight, little-endian, the last one filled with zeros: each byte is
    /// put in its place of a word, and the word is taken in when it is full or the last.
    fn hash_string(&mut self, state: Value, text: Value) -> Option<Value> {
        let (u32_ty, u64_ty, bool_ty) = (self.u32_ty(), self.u64_ty(), self.bool_ty());
        let len = self.len(text, Intrinsic::StringByteLen);
        let word = self.widen(len);
        let state = self.mix(state, word);
        let word = self.b.variable(u64_ty, None);
        let zero = self.const_u64(0);
        self.b.write(word, zero);
        self.count(len, Some(state), &mut |this, index, state| {
            let byte = this.byte_at(text, index);
            let byte = this.widen(byte);
            let (seven, eight, one) = (this.const_u32(7), this.const_u32(8), this.const_u32(1));
            let place = this.emit(Op::Binary(BinaryOp::And, index, seven), u32_ty);
            let shift = this.emit(Op::Binary(BinaryOp::WrappingMul, place, eight), u32_ty);
            let byte = this.u64_op(BinaryOp::Shl, byte, shift);
            let old = this.b.read(word);
            let filled = this.u64_op(BinaryOp::Or, old, byte);
            let next = this.emit(Op::Binary(BinaryOp::WrappingAdd, index, one), u32_ty);
            let full = this.emit(Op::Compare(CompareOp::Eq, place, seven), bool_ty);
            let last = this.emit(Op::Compare(CompareOp::Eq, next, len), bool_ty);
            let full = this.emit(Op::Binary(BinaryOp::Or, full, last), bool_ty);
            let (take, wait, join) = (this.b.block(), this.b.block(), this.b.block());
            let after = this.b.variable(u64_ty, None);
            this.b.branch(full, take, wait);
            this.b.go_sealed(take)?;
            let mixed = this.mix(state?, filled);
            let empty = this.const_u64(0);
            this.b.write(word, empty);
            this.b.write(after, mixed);
            this.b.jump(join);
            this.b.go_sealed(wait)?;
            this.b.write(word, filled);
            this.b.write(after, state?);
            this.b.jump(join);
            this.b.go_sealed(join)?;
            Some(this.b.read(after))
        })
    }

    /// The length, then the sum of every entry's own hash, so that the order of insertion doesn't matter.
    fn hash_map(&mut self, state: Value, map: Value, args: &[Ty<'db>]) -> Option<Value> {
        let entry = self.kind_ty(TyKind::Tuple(args.to_vec()));
        let list_ty = self.kind_ty(TyKind::List(entry));
        let entries = self.call_map("entries", args.to_vec(), vec![map], list_ty)?;
        let len = self.len(entries, Intrinsic::ListLen);
        let word = self.widen(len);
        let state = self.mix(state, word);
        let zero = self.const_u64(0);
        let sum = self.count(len, Some(zero), &mut |this, index, sum| {
            let start = this.const_u64(0);
            let item = this.emit(Op::ListGet(entries, index), entry);
            let own = this.hash_part(start, item);
            let half = this.const_u32(32);
            let upper = this.u64_op(BinaryOp::Shr, own, half);
            let folded = this.u64_op(BinaryOp::Xor, own, upper);
            Some(this.u64_op(BinaryOp::WrappingAdd, sum?, folded))
        })?;
        Some(self.mix(state, sum))
    }
}
