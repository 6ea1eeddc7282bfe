//! Loops.
//!
//! A range loop counts without overflow checks where its bound proves that none can happen: below an excluded
//! bound there is always a next number, and at an included one the loop ends before counting on. A loop over a list
//! borrows the list and indexes it; a change of the variable it came from changes a copy, as values do.

use super::{LoopBlocks, Lowerer};
use crate::ir::{BlockId, Op, Terminator, Value};
use dot_types::thir::{BinaryOp, CompareOp, ConvertMode, ExprId, Iter, LocalId, Pattern};
use dot_types::{IntKind, Intrinsic, Ty, TyKind};

impl<'db> Lowerer<'_, 'db> {
    pub(super) fn while_loop(&mut self, cond: ExprId, body: ExprId) -> Option<Value> {
        let (head, inside, leave) = (self.b.block(), self.b.block(), self.b.block());
        let held = self.certainly_held();
        self.b.jump(head);
        self.go_head(head, held);
        self.condition(cond, inside, leave);
        if self.b.go_sealed(inside).is_some() {
            self.loops.push(LoopBlocks { leave, next: head, scopes: self.scopes.len() });
            if self.expr(body).is_some() {
                self.b.jump(head);
            }
            self.loops.pop();
        }
        self.b.seal(head);
        self.b.go_sealed(leave)?;
        Some(self.unit())
    }

    /// Goes to the head of a loop, where ways back are still to come. What was held before the loop is held at every
    /// turn: the check of moves lets no turn begin without it.
    fn go_head(&mut self, head: BlockId, held: Vec<LocalId>) {
        self.b.go(head);
        held.into_iter().for_each(|local| self.filled(local));
    }

    /// `break` and `continue`.
    pub(super) fn leave_loop(&mut self, again: bool) -> Option<Value> {
        let Some(blocks) = self.loops.last() else { return self.leave_turn(again) };
        let (target, scopes) = (if again { blocks.next } else { blocks.leave }, blocks.scopes);
        self.leave_withs(scopes);
        self.drop_scopes(scopes);
        self.b.jump(target);
        None
    }

    pub(super) fn for_loop(
        &mut self,
        id: ExprId,
        pattern: &Pattern,
        iter: Iter,
        body: ExprId,
    ) -> Option<Value> {
        match iter {
            Iter::Range { start, end, inclusive } => {
                let start = self.expr(start)?;
                let end = match end {
                    Some(end) => Some(self.expr(end)?),
                    None => None,
                };
                self.range_loop(pattern, start, end, inclusive, body)
            }
            Iter::List(list) => {
                let list = self.expr(list)?;
                self.list_loop(pattern, list, body)
            }
            Iter::Map(map) | Iter::Set(map) => {
                let map = self.expr(map)?;
                let TyKind::Adt(_, args) = self.b.ty(map).kind(self.program.db()) else {
                    return self.refuse("a map without the standard library");
                };
                let args = args.clone();
                let is_map = matches!(iter, Iter::Map(_));
                let entry = match args.as_slice() {
                    [item] if !is_map => *item,
                    _ => self.kind_ty(TyKind::Tuple(args.clone())),
                };
                let ty = self.kind_ty(TyKind::List(entry));
                let entries = if is_map { "entries" } else { "set_items" };
                let list = self.call_std(("map_impl", entries), args, vec![map], &[ty])?[0];
                self.list_loop(pattern, list, body)
            }
            Iter::Chars(text) => {
                let text = self.expr(text)?;
                self.chars_loop(pattern, text, body)
            }
            Iter::Each(call) => self.each_loop(id, call),
        }
    }

    fn range_loop(
        &mut self,
        pattern: &Pattern,
        start: Value,
        end: Option<Value>,
        inclusive: bool,
        body: ExprId,
    ) -> Option<Value> {
        let (ty, bool_ty) = (self.b.ty(start), self.bool_ty());
        let counter = self.b.variable(ty, None);
        self.b.write(counter, start);
        let (head, next, leave) = (self.b.block(), self.b.block(), self.b.block());
        let held = self.certainly_held();
        match end {
            Some(end) if inclusive => {
                let some = self.emit(Op::Compare(CompareOp::Le, start, end), bool_ty);
                self.b.branch(some, head, leave);
            }
            _ => self.b.jump(head),
        }
        self.go_head(head, held);
        let here = self.b.read(counter);
        if let (Some(end), false) = (end, inclusive) {
            let more = self.emit(Op::Compare(CompareOp::Lt, here, end), bool_ty);
            self.go_on_if(more, leave);
        }
        self.loops.push(LoopBlocks { leave, next, scopes: self.scopes.len() });
        self.loop_body(pattern, here, body, next);
        self.loops.pop();
        if self.b.go_sealed(next).is_some() {
            if let (Some(end), true) = (end, inclusive) {
                let last = self.emit(Op::Compare(CompareOp::Eq, here, end), bool_ty);
                let on = self.b.block();
                self.b.branch(last, leave, on);
                let _ = self.b.go_sealed(on);
            }
            let op = if end.is_some() { BinaryOp::WrappingAdd } else { BinaryOp::Add };
            let one = self.emit(Op::Const(1), ty);
            let following = self.emit(Op::Binary(op, here, one), ty);
            self.b.write(counter, following);
            self.b.jump(head);
        }
        self.b.seal(head);
        self.b.go_sealed(leave)?;
        Some(self.unit())
    }

    fn list_loop(&mut self, pattern: &Pattern, list: Value, body: ExprId) -> Option<Value> {
        let element = self.element_ty(list)?;
        if self.program.has_handles(element) {
            return self.taking_loop(pattern, list, element, body);
        }
        let len = self.list_len(list);
        self.indexed_loop(pattern, len, body, &mut |this, index| {
            let one = this.const_u32(1);
            let item = this.emit(Op::ListGet(list, index), element);
            (item, this.u32_binary(BinaryOp::WrappingAdd, index, one))
        })
    }

    /// A loop over a list with handles, which takes the list apart: each turn owns its element, and what is left when the
    /// loop is left early is dropped then. The list is turned around once, so that what is next can be popped.
    fn taking_loop(
        &mut self,
        pattern: &Pattern,
        list: Value,
        element: Ty<'db>,
        body: ExprId,
    ) -> Option<Value> {
        let (list_ty, option) = (self.b.ty(list), self.kind_ty(TyKind::Option(element)));
        if !matches!(list_ty.kind(self.program.db()), TyKind::List(_)) {
            return self.refuse("a loop over a list of fixed length with handles");
        }
        let (unit, u32_ty, bool_ty) = (Ty::unit(self.program.db()), self.u32_ty(), self.bool_ty());
        let turned = self.call_std(("list", "reverse"), vec![element], vec![list], &[unit, list_ty])?[1];
        self.scopes.push(Vec::new());
        let rest = self.hold(turned);
        let (head, leave) = (self.b.block(), self.b.block());
        let held = self.certainly_held();
        self.b.jump(head);
        self.go_head(head, held);
        let list = self.read_local(rest);
        let len = self.list_len(list);
        let none = self.emit(Op::Const(0), u32_ty);
        let more = self.emit(Op::Compare(CompareOp::Lt, none, len), bool_ty);
        self.go_on_if(more, leave);
        let site = self.site();
        let pop = Op::Intrinsic(Intrinsic::ListPop, vec![list]);
        let popped = self.b.emit_all(pop, &[option, list_ty], site);
        self.write_local(rest, popped[1]);
        let value = self.emit(Op::CasePart { base: popped[0], case: 1, part: 0 }, element);
        self.loops.push(LoopBlocks { leave, next: head, scopes: self.scopes.len() });
        self.loop_body(pattern, value, body, head);
        self.loops.pop();
        self.b.seal(head);
        let left = self.b.go_sealed(leave);
        self.end_scope();
        left?;
        Some(self.unit())
    }

    fn chars_loop(&mut self, pattern: &Pattern, text: Value, body: ExprId) -> Option<Value> {
        let len = self.byte_len(text);
        self.indexed_loop(pattern, len, body, &mut |this, index| this.char_at(text, index))
    }

    /// Visits indices from 0 up to `len`; `item` gives what is visited there and the next index.
    fn indexed_loop(
        &mut self,
        pattern: &Pattern,
        len: Value,
        body: ExprId,
        item: &mut dyn FnMut(&mut Self, Value) -> (Value, Value),
    ) -> Option<Value> {
        let (u32_ty, bool_ty) = (self.u32_ty(), self.bool_ty());
        let counter = self.b.variable(u32_ty, None);
        let zero = self.const_u32(0);
        self.b.write(counter, zero);
        let (head, next, leave) = (self.b.block(), self.b.block(), self.b.block());
        let held = self.certainly_held();
        self.b.jump(head);
        self.go_head(head, held);
        let index = self.b.read(counter);
        let more = self.emit(Op::Compare(CompareOp::Lt, index, len), bool_ty);
        self.go_on_if(more, leave);
        let (value, following) = item(self, index);
        self.loops.push(LoopBlocks { leave, next, scopes: self.scopes.len() });
        self.loop_body(pattern, value, body, next);
        self.loops.pop();
        if self.b.go_sealed(next).is_some() {
            self.b.write(counter, following);
            self.b.jump(head);
        }
        self.b.seal(head);
        self.b.go_sealed(leave)?;
        Some(self.unit())
    }

    /// One turn: binds the element in a scope of its own.
    fn loop_body(&mut self, pattern: &Pattern, element: Value, body: ExprId, next: BlockId) {
        self.scopes.push(Vec::new());
        if self.destructure(pattern, element).is_some() && self.expr(body).is_some() {
            self.drop_scopes(self.scopes.len() - 1);
            self.b.jump(next);
        }
        self.scopes.pop();
    }

    /// The char that starts at a byte of a string, and the index of the next one. The string is valid UTF-8, so
    /// the first byte says how many follow, and six bits of each of those count.
    fn char_at(&mut self, text: Value, index: Value) -> (Value, Value) {
        let (u32_ty, bool_ty) = (self.u32_ty(), self.bool_ty());
        let (code, after) = (self.b.variable(u32_ty, None), self.b.variable(u32_ty, None));
        let done = self.b.block();
        let first = self.byte_as_u32(text, index);
        // (first byte below, bits of it that count, bytes that follow)
        for (below, mask, following) in [(0x80, 0x7f, 0), (0xe0, 0x1f, 1), (0xf0, 0x0f, 2), (0xf8, 0x07, 3)] {
            let other = self.b.block();
            if following < 3 {
                let limit = self.const_u32(below);
                let short = self.emit(Op::Compare(CompareOp::Lt, first, limit), bool_ty);
                self.go_on_if(short, other);
            }
            let mask = self.const_u32(mask);
            let mut bits = self.u32_binary(BinaryOp::And, first, mask);
            let one = self.const_u32(1);
            let mut at = self.u32_binary(BinaryOp::WrappingAdd, index, one);
            for _ in 0..following {
                let (shift, low) = (self.const_u32(6), self.const_u32(0x3f));
                let byte = self.byte_as_u32(text, at);
                let byte = self.u32_binary(BinaryOp::And, byte, low);
                let high = self.u32_binary(BinaryOp::Shl, bits, shift);
                bits = self.u32_binary(BinaryOp::Or, high, byte);
                at = self.u32_binary(BinaryOp::WrappingAdd, at, one);
            }
            self.b.write(code, bits);
            self.b.write(after, at);
            self.b.jump(done);
            let _ = self.b.go_sealed(other);
        }
        let _ = self.b.go_sealed(done);
        let (code, after) = (self.b.read(code), self.b.read(after));
        let char_ty = self.kind_ty(TyKind::Char);
        (self.emit(Op::Intrinsic(Intrinsic::CharFromCodeUnchecked, vec![code]), char_ty), after)
    }

    fn byte_as_u32(&mut self, text: Value, index: Value) -> Value {
        let byte = self.byte_at(text, index);
        debug_assert_eq!(self.b.ty(byte), self.kind_ty(TyKind::Int(IntKind::U8)));
        let ty = self.u32_ty();
        self.emit(Op::Convert(ConvertMode::Widen, byte), ty)
    }

    /// Ends a block that control never leaves.
    pub(super) fn never(&mut self) -> Option<Value> {
        self.b.end(Terminator::Unreachable);
        None
    }
}
