//! Encoding: a value's bytes, appended to a list. The spec's chapter on the encoding lays them down; numbers and
//! texts are written by std's `encoding`.

use super::Glue;
use super::walk::{Inside, Operation, Place, walk};
use crate::build::Variable;
use crate::ir::{Instance, InstanceKind, Op, Value};
use crate::repr::Shape;
use dot_types::thir::ConvertMode;
use dot_types::{FloatKind, IntKind, Intrinsic, Ty, TyKind, own};

impl<'db> Glue<'_, 'db> {
    pub(super) fn encode_body(&mut self, ty: Ty<'db>) -> Option<Ty<'db>> {
        let bytes = self.bytes_ty();
        let (start, value) = (self.b.param(bytes, None), self.b.param(ty, None));
        let out = self.b.variable(bytes, None);
        self.b.write(out, start);
        let mut encode = Encode { out };
        match (self.shape(ty), ty.kind(self.program.db())) {
            (Shape::Scalar, _) | (_, TyKind::String) => {
                encode.leaf(self, &[value])?;
                encode.finish(self)?;
            }
            (Shape::Handle, _) | (_, TyKind::Fn(..)) => return None,
            _ => walk(self, &mut encode, &[value])?,
        }
        Some(bytes)
    }

    pub(super) fn bytes_ty(&self) -> Ty<'db> {
        self.list_ty(self.kind_ty(TyKind::Int(IntKind::U8)))
    }
}

/// Appends the bytes of a value, part by part.
struct Encode {
    out: Variable,
}

impl Encode {
    /// Appends by a function of std.
    fn push<'db>(&self, glue: &mut Glue<'_, 'db>, by: &str, args: &[Value]) -> Option<()> {
        let out = glue.b.read(self.out);
        let item = glue.program.std_item("encoding", by)?;
        let instance = Instance::new(glue.program.db(), InstanceKind::Item(item), Vec::new());
        let tys = [Ty::unit(glue.program.db()), glue.b.ty(out)];
        let args = std::iter::once(out).chain(args.iter().copied()).collect();
        let out = glue.b.emit_all(Op::Call(instance, args), &tys, None)[1];
        glue.b.write(self.out, out);
        Some(())
    }

    fn push_number(&self, glue: &mut Glue<'_, '_>, value: Value) -> Option<()> {
        let wide = glue.kind_ty(TyKind::Int(IntKind::U64));
        let value = if glue.b.ty(value) == wide {
            value
        } else {
            glue.emit(Op::Convert(ConvertMode::Widen, value), wide)
        };
        self.push(glue, "push_unsigned", &[value])
    }

    fn push_byte(&self, glue: &mut Glue<'_, '_>, value: Value) {
        glue.push_to(self.out, value);
    }

    fn push_zero(&self, glue: &mut Glue<'_, '_>) {
        let byte = glue.kind_ty(TyKind::Int(IntKind::U8));
        let zero = glue.emit(Op::Const(0), byte);
        self.push_byte(glue, zero);
    }
}

impl<'db> Operation<'db> for Encode {
    fn width(&self) -> usize {
        1
    }

    fn kind(&self) -> own::Operation {
        own::Operation::Encode
    }

    fn sees_sets(&self) -> bool {
        true
    }

    fn leaf(&mut self, glue: &mut Glue<'_, 'db>, values: &[Value]) -> Option<()> {
        let value = *values.first()?;
        let ty = glue.b.ty(value);
        let (u32_ty, u64_ty) = (glue.u32_ty(), glue.kind_ty(TyKind::Int(IntKind::U64)));
        match (ty.kind(glue.program.db()), glue.shape(ty)) {
            (TyKind::Int(IntKind::U8), _) => self.push_byte(glue, value),
            (TyKind::Int(IntKind::S8), _) => {
                let byte = glue.kind_ty(TyKind::Int(IntKind::U8));
                let value = glue.emit(Op::Convert(ConvertMode::Wrap, value), byte);
                self.push_byte(glue, value);
            }
            (TyKind::Int(kind), _) if kind.is_signed() => {
                let wide = glue.kind_ty(TyKind::Int(IntKind::S64));
                let value =
                    if ty == wide { value } else { glue.emit(Op::Convert(ConvertMode::Widen, value), wide) };
                self.push(glue, "push_signed", &[value])?;
            }
            (TyKind::Int(_), _) => self.push_number(glue, value)?,
            (TyKind::Float(FloatKind::F64), _) => {
                let (bits, size) =
                    (glue.emit(Op::Intrinsic(Intrinsic::F64Bits, vec![value]), u64_ty), glue.const_u32(8));
                self.push(glue, "push_bits", &[bits, size])?;
            }
            (TyKind::Float(FloatKind::F32), _) => {
                let bits = glue.emit(Op::Intrinsic(Intrinsic::F32Bits, vec![value]), u32_ty);
                let bits = glue.emit(Op::Convert(ConvertMode::Widen, bits), u64_ty);
                let size = glue.const_u32(4);
                self.push(glue, "push_bits", &[bits, size])?;
            }
            (TyKind::Bool, _) => self.push(glue, "push_bool", &[value])?,
            (TyKind::Char, _) => {
                let code = glue.emit(Op::Intrinsic(Intrinsic::CharCode, vec![value]), u32_ty);
                self.push_number(glue, code)?;
            }
            (TyKind::String, _) => self.push(glue, "push_text", &[value])?,
            (TyKind::Adt(..), Shape::Scalar) => {
                let tag = glue.emit(Op::Tag(value), u32_ty);
                self.push_number(glue, tag)?;
            }
            (_, Shape::Handle) | (TyKind::Fn(..), _) => return None,
            _ => {
                let out = glue.b.read(self.out);
                let instance = Instance::new(glue.program.db(), InstanceKind::EncodeGlue, vec![ty]);
                let out = glue.emit(Op::Call(instance, vec![out, value]), glue.b.ty(out));
                glue.b.write(self.out, out);
            }
        }
        Some(())
    }

    fn open(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>, values: &[Value]) -> Option<()> {
        let value = *values.first()?;
        match (place.inside, place.node.ty.kind(glue.program.db())) {
            (Inside::Variant(_), _) => {
                let ty = glue.u32_ty();
                let tag = glue.emit(Op::Tag(value), ty);
                self.push_number(glue, tag)
            }
            (Inside::List(_), TyKind::FixedList(_, len)) => {
                if *len == 0 {
                    self.push_zero(glue);
                }
                Some(())
            }
            (Inside::List(_), _) => {
                let len = glue.len(value, Intrinsic::ListLen);
                self.push_number(glue, len)
            }
            (Inside::Record(parts), _) if parts.is_empty() => {
                self.push_zero(glue);
                Some(())
            }
            _ => Some(()),
        }
    }

    fn finish(&mut self, glue: &mut Glue<'_, 'db>) -> Option<()> {
        let out = glue.b.read(self.out);
        glue.ret(out);
        Some(())
    }
}
