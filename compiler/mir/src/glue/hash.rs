//! The structural hash: a value as a sequence of 64-bit words, each taken in by the step of FxHash,
//! `state = (rotate_left(state, 5) ^ word) * K`.

use super::Glue;
use super::walk::{At, Inside, Node, Operation, Place, Role, walk};
use crate::build::Variable;
use crate::ir::{Instance, InstanceKind, Op, Value};
use crate::repr::Shape;
use dot_types::thir::{BinaryOp, CompareOp, ConvertMode};
use dot_types::{IntKind, Intrinsic, Ty, TyKind, own};

/// The multiplier of Firefox's and rustc's FxHash.
const K: u64 = 0x517c_c1b7_2722_0a95;

impl<'db> Glue<'_, 'db> {
    pub(super) fn hash_body(&mut self, ty: Ty<'db>) -> Option<Ty<'db>> {
        let u64_ty = self.u64_ty();
        let (state, value) = (self.b.param(u64_ty, None), self.b.param(ty, None));
        match (self.shape(ty), ty.kind(self.program.db())) {
            _ if self.is_own(own::Operation::Hash, ty) => {
                let state = self.hash_part(state, value);
                self.ret(state);
            }
            (Shape::Scalar, _) => {
                let state = self.hash_scalar(state, value)?;
                self.ret(state);
            }
            (_, TyKind::String) => {
                let state = self.hash_string(state, value)?;
                self.ret(state);
            }
            _ => {
                let [now, outer, sum] = [(); 3].map(|()| self.b.variable(u64_ty, None));
                self.b.write(now, state);
                walk(self, &mut Hash { state: now, outer, sum }, &[value])?;
            }
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

    fn hash_part(&mut self, state: Value, part: Value) -> Value {
        let (ty, u64_ty) = (self.b.ty(part), self.u64_ty());
        if let Some(word) = self.call_own(own::Operation::Hash, &[part], u64_ty) {
            return self.mix(state, word);
        }
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
}

/// Takes in the words of a value one after the other.
struct Hash {
    state: Variable,
    /// Of a map that is being looked at: the state before its entries.
    outer: Variable,
    /// Of a map: the sum of every entry's own hash, so that the order of insertion doesn't matter.
    sum: Variable,
}

impl Hash {
    fn mix(&self, glue: &mut Glue<'_, '_>, word: Value) {
        let state = glue.b.read(self.state);
        let mixed = glue.mix(state, word);
        glue.b.write(self.state, mixed);
    }
}

impl<'db> Operation<'db> for Hash {
    fn width(&self) -> usize {
        1
    }

    fn kind(&self) -> own::Operation {
        own::Operation::Hash
    }

    fn lists_entries_by(&self) -> &'static str {
        "entries"
    }

    fn leaf(&mut self, glue: &mut Glue<'_, 'db>, values: &[Value]) -> Option<()> {
        let state = glue.b.read(self.state);
        let state = glue.hash_part(state, *values.first()?);
        glue.b.write(self.state, state);
        Some(())
    }

    fn open(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>, values: &[Value]) -> Option<()> {
        let value = *values.first()?;
        let word = match place.inside {
            Inside::Variant(_) => {
                let ty = glue.u32_ty();
                glue.emit(Op::Tag(value), ty)
            }
            Inside::List(_) => glue.len(value, Intrinsic::ListLen),
            _ => return Some(()),
        };
        let word = glue.widen(word);
        self.mix(glue, word);
        if place.node.role == Role::Entries {
            let (outer, zero) = (glue.b.read(self.state), glue.const_u64(0));
            glue.b.write(self.outer, outer);
            glue.b.write(self.sum, zero);
        }
        Some(())
    }

    fn before(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>, _: At) -> Option<()> {
        if place.node.role == Role::Entries {
            let start = glue.const_u64(0);
            glue.b.write(self.state, start);
        }
        Some(())
    }

    fn after_element(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>) {
        if place.node.role == Role::Entries {
            let (own, sum) = (glue.b.read(self.state), glue.b.read(self.sum));
            let half = glue.const_u32(32);
            let upper = glue.u64_op(BinaryOp::Shr, own, half);
            let folded = glue.u64_op(BinaryOp::Xor, own, upper);
            let sum = glue.u64_op(BinaryOp::WrappingAdd, sum, folded);
            glue.b.write(self.sum, sum);
        }
    }

    fn close(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>, _: &[Value]) -> Option<()> {
        if place.node.role == Role::Entries {
            let (outer, sum) = (glue.b.read(self.outer), glue.b.read(self.sum));
            glue.b.write(self.state, outer);
            self.mix(glue, sum);
        }
        Some(())
    }

    fn state_of(&self, node: Node<'db>) -> Vec<Variable> {
        if node.role == Role::Entries { vec![self.outer, self.sum] } else { Vec::new() }
    }

    fn finish(&mut self, glue: &mut Glue<'_, 'db>) -> Option<()> {
        let state = glue.b.read(self.state);
        glue.ret(state);
        Some(())
    }
}
