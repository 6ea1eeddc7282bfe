//! Equality and the total order.

use super::walk::{Inside, Operation, Place, nests, walk};
use super::{Glue, ordering_ty};
use crate::ir::{BlockId, Instance, InstanceKind, Op, Value};
use crate::repr::Shape;
use dot_types::thir::{BinaryOp, CompareOp, ConvertMode};
use dot_types::{FloatKind, IntKind, Intrinsic, Ty, TyKind, own};

/// `Less`, `Equal`, `Greater`.
const LESS: u64 = 0;
const EQUAL: u64 = 1;
const GREATER: u64 = 2;

impl<'db> Glue<'_, 'db> {
    /// `==`: on the first difference, false.
    pub(super) fn equal_body(&mut self, ty: Ty<'db>) -> Option<Ty<'db>> {
        let (a, b) = (self.b.param(ty, None), self.b.param(ty, None));
        let bool_ty = self.bool_ty();
        let differ = self.b.block();
        if let Some(same) = self.call_own(own::Operation::Equal, &[a, b], bool_ty) {
            self.ret(same);
            return Some(bool_ty);
        }
        match (super::map_args(self.program, ty), self.shape(ty)) {
            (Some(args), _) if !nests(self.program, ty) => self.equal_maps(&args, a, b, differ)?,
            (_, Shape::Scalar) => {
                let same = self.emit(Op::Compare(CompareOp::Eq, a, b), bool_ty);
                self.ret(same);
            }
            _ if *ty.kind(self.program.db()) == TyKind::String => self.equal_strings(a, b, differ),
            _ => walk(self, &mut Equality { differ }, &[a, b])?,
        }
        if self.b.go_sealed(differ).is_some() {
            self.ret_bool(false);
        }
        Some(bool_ty)
    }

    fn ret_bool(&mut self, value: bool) {
        let ty = self.bool_ty();
        let value = self.emit(Op::Const(value.into()), ty);
        self.ret(value);
    }

    /// Goes on where two values are equal, else at `differ`.
    fn need_equal(&mut self, a: Value, b: Value, differ: BlockId) {
        let (ty, bool_ty) = (self.b.ty(a), self.bool_ty());
        let op = match self.shape(ty) {
            Shape::Scalar if !self.is_own(own::Operation::Equal, ty) => Op::Compare(CompareOp::Eq, a, b),
            _ => {
                let glue = Instance::new(self.program.db(), InstanceKind::EqGlue, vec![ty]);
                Op::Call(glue, vec![a, b])
            }
        };
        let same = self.emit(op, bool_ty);
        let on = self.b.block();
        self.b.branch(same, on, differ);
        let _ = self.b.go_sealed(on);
    }

    fn equal_strings(&mut self, a: Value, b: Value, differ: BlockId) {
        let (len_a, len_b) = (self.len(a, Intrinsic::StringByteLen), self.len(b, Intrinsic::StringByteLen));
        self.need_equal(len_a, len_b, differ);
        self.count(len_a, None, &mut |this, index, _| {
            let (x, y) = (this.byte_at(a, index), this.byte_at(b, index));
            this.need_equal(x, y, differ);
            None
        });
        self.ret_bool(true);
    }

    /// Two maps are equal when they have as many entries and each key of one has an equal value in the other.
    fn equal_maps(&mut self, args: &[Ty<'db>], a: Value, b: Value, differ: BlockId) -> Option<()> {
        let [key_ty, value_ty] = args else { return None };
        let (u32_ty, bool_ty) = (self.u32_ty(), self.bool_ty());
        let option = self.kind_ty(TyKind::Option(*value_ty));
        let entry = self.kind_ty(TyKind::Tuple(args.to_vec()));
        let list = self.kind_ty(TyKind::List(entry));
        let len = self.call_map("len", args.to_vec(), vec![a], u32_ty)?;
        let other = self.call_map("len", args.to_vec(), vec![b], u32_ty)?;
        self.need_equal(len, other, differ);
        let entries = self.call_map("entries", args.to_vec(), vec![a], list)?;
        self.count(len, None, &mut |this, index, _| {
            let item = this.emit(Op::ListGet(entries, index), entry);
            let key = this.emit(Op::Field(item, 0), *key_ty);
            let value = this.emit(Op::Field(item, 1), *value_ty);
            let found = this.call_map("get", args.to_vec(), vec![b, key], option)?;
            let tag = this.emit(Op::Tag(found), u32_ty);
            let some = this.const_u32(1);
            let is_some = this.emit(Op::Compare(CompareOp::Eq, tag, some), bool_ty);
            let on = this.b.block();
            this.b.branch(is_some, on, differ);
            this.b.go_sealed(on)?;
            let other = this.emit(Op::CasePart { base: found, case: 1, part: 0 }, *value_ty);
            this.need_equal(value, other, differ);
            None
        });
        self.ret_bool(true);
        Some(())
    }

    /// The total order: the first difference decides.
    pub(super) fn compare_body(&mut self, ty: Ty<'db>) -> Option<Ty<'db>> {
        let ordering = ordering_ty(self.program)?;
        let (a, b) = (self.b.param(ty, None), self.b.param(ty, None));
        if let Some(order) = self.call_own(own::Operation::Compare, &[a, b], ordering) {
            self.ret(order);
            return Some(ordering);
        }
        match (self.shape(ty), ty.kind(self.program.db())) {
            (Shape::Scalar, TyKind::Float(kind)) => {
                let (a, b) = (self.float_key(a, *kind), self.float_key(b, *kind));
                self.scalar_order(a, b);
            }
            (Shape::Scalar, _) => self.scalar_order(a, b),
            (_, TyKind::String) => self.compare_strings(a, b, ordering)?,
            _ => walk(self, &mut Order { ordering }, &[a, b])?,
        }
        Some(ordering)
    }

    fn ret_order(&mut self, order: u64) {
        if let Some(ty) = ordering_ty(self.program) {
            let value = self.emit(Op::Const(order), ty);
            self.ret(value);
        }
    }

    /// Returns the order of two scalars.
    fn scalar_order(&mut self, a: Value, b: Value) {
        self.return_if_ordered(a, b);
        self.ret_order(EQUAL);
    }

    /// Returns the order of two scalars unless they are equal.
    fn return_if_ordered(&mut self, a: Value, b: Value) {
        let bool_ty = self.bool_ty();
        for (op, order) in [(CompareOp::Lt, LESS), (CompareOp::Gt, GREATER)] {
            let holds = self.emit(Op::Compare(op, a, b), bool_ty);
            let (yes, no) = (self.b.block(), self.b.block());
            self.b.branch(holds, yes, no);
            let _ = self.b.go_sealed(yes);
            self.ret_order(order);
            let _ = self.b.go_sealed(no);
        }
    }

    /// An integer that orders as the float does in IEEE 754's totalOrder: of a negative one, whose bits grow
    /// downwards, all bits but the sign are turned over. There is one NaN, and it is positive.
    fn float_key(&mut self, value: Value, kind: FloatKind) -> Value {
        let u32_ty = self.u32_ty();
        let (bits_ty, key_ty, op, width) = match kind {
            FloatKind::F32 => (u32_ty, IntKind::S32, Intrinsic::F32Bits, 32),
            FloatKind::F64 => (self.kind_ty(TyKind::Int(IntKind::U64)), IntKind::S64, Intrinsic::F64Bits, 64),
        };
        let key_ty = self.kind_ty(TyKind::Int(key_ty));
        let bits = self.emit(Op::Intrinsic(op, vec![value]), bits_ty);
        let signed = self.emit(Op::Convert(ConvertMode::Wrap, bits), key_ty);
        let all_but_one = self.const_u32(width - 1);
        let sign = self.emit(Op::Binary(BinaryOp::Shr, signed, all_but_one), key_ty);
        let sign = self.emit(Op::Convert(ConvertMode::Wrap, sign), bits_ty);
        let one = self.const_u32(1);
        let turned = self.emit(Op::Binary(BinaryOp::Shr, sign, one), bits_ty);
        let turned = self.emit(Op::Convert(ConvertMode::Wrap, turned), key_ty);
        self.emit(Op::Binary(BinaryOp::Xor, signed, turned), key_ty)
    }

    /// Returns the order of the first two parts that differ; goes on where none do.
    fn first_difference(&mut self, left: &[Value], right: &[Value], ordering: Ty<'db>) {
        let bool_ty = self.bool_ty();
        for (a, b) in left.iter().zip(right) {
            let glue = Instance::new(self.program.db(), InstanceKind::CompareGlue, vec![self.b.ty(*a)]);
            let order = self.emit(Op::Call(glue, vec![*a, *b]), ordering);
            let equal = self.emit(Op::Const(EQUAL), ordering);
            let same = self.emit(Op::Compare(CompareOp::Eq, order, equal), bool_ty);
            let (on, differ) = (self.b.block(), self.b.block());
            self.b.branch(same, on, differ);
            let _ = self.b.go_sealed(differ);
            self.ret(order);
            let _ = self.b.go_sealed(on);
        }
    }

    /// The first difference, then the shorter first.
    fn compare_strings(&mut self, a: Value, b: Value, ordering: Ty<'db>) -> Option<()> {
        let (bool_ty, u32_ty) = (self.bool_ty(), self.u32_ty());
        let (len_a, len_b) = (self.len(a, Intrinsic::StringByteLen), self.len(b, Intrinsic::StringByteLen));
        let shorter = self.b.variable(u32_ty, None);
        let (a_first, b_first, join) = (self.b.block(), self.b.block(), self.b.block());
        let less = self.emit(Op::Compare(CompareOp::Lt, len_a, len_b), bool_ty);
        self.b.branch(less, a_first, b_first);
        for (block, len) in [(a_first, len_a), (b_first, len_b)] {
            self.b.go_sealed(block)?;
            self.b.write(shorter, len);
            self.b.jump(join);
        }
        self.b.go_sealed(join)?;
        let common = self.b.read(shorter);
        self.count(common, None, &mut |this, index, _| {
            let (x, y) = (this.byte_at(a, index), this.byte_at(b, index));
            this.first_difference(&[x], &[y], ordering);
            None
        });
        self.scalar_order(len_a, len_b);
        Some(())
    }
}

/// Goes on at `differ` at the first difference.
struct Equality {
    differ: BlockId,
}

impl<'db> Operation<'db> for Equality {
    fn width(&self) -> usize {
        2
    }

    fn kind(&self) -> own::Operation {
        own::Operation::Equal
    }

    fn leaf(&mut self, glue: &mut Glue<'_, 'db>, values: &[Value]) -> Option<()> {
        let [a, b] = values else { return None };
        glue.need_equal(*a, *b, self.differ);
        Some(())
    }

    fn open(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>, values: &[Value]) -> Option<()> {
        let [a, b] = values else { return None };
        if let Some((a, b)) = glue.tags_or_lengths(place, *a, *b) {
            glue.need_equal(a, b, self.differ);
        }
        Some(())
    }

    fn finish(&mut self, glue: &mut Glue<'_, 'db>) -> Option<()> {
        glue.ret_bool(true);
        Some(())
    }
}

/// Returns the order of the first difference.
struct Order<'db> {
    ordering: Ty<'db>,
}

impl<'db> Operation<'db> for Order<'db> {
    fn width(&self) -> usize {
        2
    }

    fn kind(&self) -> own::Operation {
        own::Operation::Compare
    }

    fn lengths_agree(&self) -> bool {
        false
    }

    fn leaf(&mut self, glue: &mut Glue<'_, 'db>, values: &[Value]) -> Option<()> {
        let [a, b] = values else { return None };
        glue.first_difference(&[*a], &[*b], self.ordering);
        Some(())
    }

    fn open(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>, values: &[Value]) -> Option<()> {
        let [a, b] = values else { return None };
        if let (Inside::Variant(_), Some((a, b))) = (place.inside, glue.tags_or_lengths(place, *a, *b)) {
            glue.return_if_ordered(a, b);
        }
        Some(())
    }

    /// Of two lists that agree as far as both go, the shorter is first.
    fn close(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>, values: &[Value]) -> Option<()> {
        let [a, b] = values else { return None };
        if let (Inside::List(_), Some((a, b))) = (place.inside, glue.tags_or_lengths(place, *a, *b)) {
            glue.return_if_ordered(a, b);
        }
        Some(())
    }

    fn finish(&mut self, glue: &mut Glue<'_, 'db>) -> Option<()> {
        glue.ret_order(EQUAL);
        Some(())
    }
}

impl<'db> Glue<'_, 'db> {
    /// What tells two variants or two lists apart at once: their cases, their lengths.
    fn tags_or_lengths(&mut self, place: &Place<'_, 'db>, a: Value, b: Value) -> Option<(Value, Value)> {
        let ty = self.u32_ty();
        match place.inside {
            Inside::Variant(_) => Some((self.emit(Op::Tag(a), ty), self.emit(Op::Tag(b), ty))),
            Inside::List(_) => Some((self.len(a, Intrinsic::ListLen), self.len(b, Intrinsic::ListLen))),
            _ => None,
        }
    }
}
