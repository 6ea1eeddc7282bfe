//! String patterns: `"# {title}"`.
//!
//! Each hole takes the shortest text before the leftmost place where the next piece of text stands; the last one
//! takes all that is left before the text that ends the pattern. Nothing is ever tried again, so matching is linear in what is searched. Text is searched
//! byte by byte: in UTF-8 the bytes of a valid text are found only where its chars are.

use super::Lowerer;
use crate::ir::{BlockId, Op, Value};
use dot_types::Intrinsic;
use dot_types::thir::{BinaryOp, CompareOp, Pattern, TextPiece};

impl<'db> Lowerer<'_, 'db> {
    /// Tests a string against pieces and binds what the holes bind.
    pub(super) fn test_text(&mut self, pieces: &[TextPiece], text: Value, fail: BlockId) -> Option<()> {
        if let [TextPiece::Hole(inner)] = pieces {
            return self.test(inner, text, fail);
        }
        let len = self.byte_len(text);
        let mut at = self.const_u32(0);
        let mut open: Option<&Pattern> = None;
        for (index, piece) in pieces.iter().enumerate() {
            match piece {
                TextPiece::Hole(inner) => open = Some(inner),
                TextPiece::Text(expected) => {
                    let found = match open.take() {
                        None => {
                            self.text_at(text, len, at, expected, fail)?;
                            at
                        }
                        Some(inner) => {
                            let found = if index + 1 == pieces.len() {
                                self.ending_text(text, len, at, expected, fail)?
                            } else {
                                self.find_text(text, len, at, expected, fail)?
                            };
                            self.fill_hole(inner, text, at, found, fail)?;
                            found
                        }
                    };
                    let size = self.const_u32(expected.len() as u32);
                    at = self.u32_binary(BinaryOp::WrappingAdd, found, size);
                }
            }
        }
        match open {
            Some(inner) => self.fill_hole(inner, text, at, len, fail),
            None => {
                let bool_ty = self.bool_ty();
                let whole = self.emit(Op::Compare(CompareOp::Eq, at, len), bool_ty);
                self.go_on_if(whole, fail);
                Some(())
            }
        }
    }

    fn fill_hole(
        &mut self,
        inner: &Pattern,
        text: Value,
        start: Value,
        end: Value,
        fail: BlockId,
    ) -> Option<()> {
        let ty = self.string_ty();
        let part = self.emit(Op::Intrinsic(Intrinsic::StringByteSlice, vec![text, start, end]), ty);
        self.test(inner, part, fail)?;
        self.bind(inner, part)
    }

    pub(super) fn byte_len(&mut self, text: Value) -> Value {
        let ty = self.u32_ty();
        self.emit(Op::Intrinsic(Intrinsic::StringByteLen, vec![text]), ty)
    }

    pub(super) fn byte_at(&mut self, text: Value, index: Value) -> Value {
        let ty = self.kind_ty(dot_types::TyKind::Int(dot_types::IntKind::U8));
        self.emit(Op::Intrinsic(Intrinsic::StringByteAt, vec![text, index]), ty)
    }

    /// Goes on if `expected` stands at `at`, which is at most `len`; else at `no`.
    fn text_at(&mut self, text: Value, len: Value, at: Value, expected: &str, no: BlockId) -> Option<()> {
        let (u32_ty, bool_ty) = (self.u32_ty(), self.bool_ty());
        let size = self.const_u32(expected.len() as u32);
        let room = self.u32_binary(BinaryOp::WrappingSub, len, at);
        let fits = self.emit(Op::Compare(CompareOp::Ge, room, size), bool_ty);
        self.go_on_if(fits, no);
        let pattern = self.static_string(expected);
        let (zero, one) = (self.const_u32(0), self.const_u32(1));
        let index = self.b.variable(u32_ty, None);
        self.b.write(index, zero);
        let (head, done) = (self.b.block(), self.b.block());
        self.b.jump(head);
        self.b.go(head);
        let i = self.b.read(index);
        let more = self.emit(Op::Compare(CompareOp::Lt, i, size), bool_ty);
        let compare = self.b.block();
        self.b.branch(more, compare, done);
        self.b.go_sealed(compare)?;
        let place = self.u32_binary(BinaryOp::WrappingAdd, at, i);
        let (a, b) = (self.byte_at(text, place), self.byte_at(pattern, i));
        let same = self.emit(Op::Compare(CompareOp::Eq, a, b), bool_ty);
        self.go_on_if(same, no);
        let next = self.u32_binary(BinaryOp::WrappingAdd, i, one);
        self.b.write(index, next);
        self.b.jump(head);
        self.b.seal(head);
        self.b.go_sealed(done)
    }

    /// The place, not before `from`, from which on nothing but `expected` stands; at `fail` if there is none.
    fn ending_text(
        &mut self,
        text: Value,
        len: Value,
        from: Value,
        expected: &str,
        fail: BlockId,
    ) -> Option<Value> {
        let bool_ty = self.bool_ty();
        let size = self.const_u32(expected.len() as u32);
        let room = self.u32_binary(BinaryOp::WrappingSub, len, from);
        let fits = self.emit(Op::Compare(CompareOp::Ge, room, size), bool_ty);
        self.go_on_if(fits, fail);
        let place = self.u32_binary(BinaryOp::WrappingSub, len, size);
        self.text_at(text, len, place, expected, fail)?;
        Some(place)
    }

    /// The first place from `from` on where `expected` stands; at `fail` if there is none.
    fn find_text(
        &mut self,
        text: Value,
        len: Value,
        from: Value,
        expected: &str,
        fail: BlockId,
    ) -> Option<Value> {
        let (u32_ty, bool_ty) = (self.u32_ty(), self.bool_ty());
        let place = self.b.variable(u32_ty, None);
        self.b.write(place, from);
        let (head, miss) = (self.b.block(), self.b.block());
        self.b.jump(head);
        self.b.go(head);
        let at = self.b.read(place);
        self.text_at(text, len, at, expected, miss)?;
        let found = self.b.current();
        self.b.go_sealed(miss)?;
        let more = self.emit(Op::Compare(CompareOp::Lt, at, len), bool_ty);
        self.go_on_if(more, fail);
        let one = self.const_u32(1);
        let next = self.u32_binary(BinaryOp::WrappingAdd, at, one);
        self.b.write(place, next);
        self.b.jump(head);
        self.b.seal(head);
        self.b.go(found?);
        Some(at)
    }
}
