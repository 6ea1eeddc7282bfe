//! The functions without source: dup and drop of a type, entries of closures, lists made unique.
//!
//! # Freeing without bound on depth
//!
//! Dropping the last owner of a cell frees the cell and drops what it holds, which may free cells of the same type,
//! and so on for as long as data nests. The stack doesn't nest that deep, so:
//!
//! * Every type whose cells can hold cells of that type (boxed types, closures, lists of such lists) has a *free
//!   function*, which takes a dead cell, drops what it holds and gives the memory back.
//! * When a drop finds a cell dead and fewer than [`DEPTH`] frees are under way, it calls the free function.
//! * Otherwise it puts the cell on a chain and returns. The chain runs through the headers of the dead cells: the
//!   count's place holds the address of the next one plus 1, so that it is no 0, which a free block has; the capacity's
//!   place holds the number of the free function, shifted, with the lowest bit set. A list needs its capacity and its length later; so they go, with the free
//!   function, to the 8 bytes that such lists keep free at the end, and its capacity stays, whose lowest bit is 0.
//! * The outermost drop empties the chain. So depth is bounded, and no memory is needed to free memory.

use crate::counts::{Context, Memory, capacity_of, count_of, increment, set_capacity, set_count};
use crate::lir::{
    Address, Builder, Func, Global, Helper, LoadOp, NumOp, Reg, RuntimeFn, Sig, StoreOp, Symbol, Val,
};
use crate::repr::Repr;
use dot_mir::ir::{Function, Instance, Passing, ValueTy};
use dot_types::Ty;

/// How many frees may be under way at once.
pub const DEPTH: i32 = 100;

const ADDRESS: Val = Val::I32;

impl<'db> Context<'_, '_, 'db> {
    /// The drop of a type.
    pub fn drop_glue(&self, ty: Ty<'db>) -> Func<'db> {
        let mut b = Builder::new(format!("drop {}", self.name(ty)), &self.reprs.flat(ty), &[]);
        let value = b.params();
        let b_ref = &mut b;
        if self.options.memory == Memory::Arena {
            b_ref.ret(&[]);
            return b.finish();
        }
        match &*self.reprs.repr(ty) {
            Repr::List(Some(item)) if !self.is_plain(*item) => self.drop_list(b_ref, *item, ty, &value),
            Repr::Boxed => {
                self.unless_last(b_ref, value[0]);
                self.free_now_or_later(b_ref, value[0], Helper::Free(ty), None);
            }
            Repr::Variant(cases) => {
                self.of_case(b_ref, cases, &value, &mut |b, part, value| self.drop(b, part, value));
            }
            _ => self.drop(b_ref, ty, &value),
        }
        b.ret(&[]);
        b.finish()
    }

    /// The dup of a type: `fn(borrowed T) -> ()` on the same value.
    pub fn dup_glue(&self, ty: Ty<'db>) -> Func<'db> {
        let mut b = Builder::new(format!("dup {}", self.name(ty)), &self.reprs.flat(ty), &[]);
        let value = b.params();
        match &*self.reprs.repr(ty) {
            Repr::Variant(cases) => {
                self.of_case(&mut b, cases, &value, &mut |b, part, value| self.dup(b, part, value));
            }
            _ => self.dup(&mut b, ty, &value),
        }
        b.ret(&[]);
        b.finish()
    }

    fn name(&self, ty: Ty<'db>) -> String {
        dot_mir::print::type_name(self.reprs.program().db(), ty)
    }

    /// Returns unless the caller is the last owner of a payload; what isn't counted has no last owner.
    fn unless_last(&self, b: &mut Builder<'db>, payload: Reg) {
        let (counted, last, shared, done) = (b.block(&[]), b.block(&[]), b.block(&[]), b.block(&[]));
        let heap = self.on_heap(b, payload);
        b.branch(heap, (counted, &[]), (done, &[]));
        b.at(counted);
        let count = count_of(b, payload);
        let less = b.offset(count, -1);
        b.branch(less, (shared, &[]), (last, &[]));
        b.at(shared);
        set_count(b, payload, less);
        b.jump(done, &[]);
        b.at(done);
        b.ret(&[]);
        b.at(last);
    }

    /// Frees a dead cell, or chains it when too many frees are under way; empties the chain when it is the outermost.
    fn free_now_or_later(&self, b: &mut Builder<'db>, cell: Reg, free: Helper<'db>, len: Option<Reg>) {
        let (now, later, after) = (b.block(&[]), b.block(&[]), b.block(&[]));
        // A list's length is where its free function looks for it, whoever calls that.
        let tail = len.map(|len| {
            let capacity = capacity_of(b, cell);
            let end = b.num(NumOp::I32Add, &[cell, capacity]);
            let tail = b.offset(end, -8);
            b.store(StoreOp::I32, tail, 0, len);
            tail
        });
        let depth = b.global(Global::FreeDepth);
        let limit = b.i32(DEPTH);
        let shallow = b.num(NumOp::I32LtU, &[depth, limit]);
        b.branch(shallow, (now, &[]), (later, &[]));
        b.at(now);
        let more = b.offset(depth, 1);
        b.set_global(Global::FreeDepth, more);
        b.helper(free, &[cell], &[]);
        self.leave_free(b, depth);
        b.jump(after, &[]);
        b.at(later);
        let index = b.address(Address::Table(Symbol::Helper(free)));
        match tail {
            Some(tail) => b.store(StoreOp::I32, tail, 4, index),
            None => {
                let one = b.i32(1);
                let shifted = b.num(NumOp::I32Shl, &[index, one]);
                let marked = b.num(NumOp::I32Or, &[shifted, one]);
                set_capacity(b, cell, marked);
            }
        }
        chain(b, cell);
        b.jump(after, &[]);
        b.at(after);
    }

    /// After a free: the outermost one empties the chain.
    fn leave_free(&self, b: &mut Builder<'db>, depth: Reg) {
        let outermost = b.num(NumOp::I32Eqz, &[depth]);
        b.when(outermost, |b| {
            let waiting = b.global(Global::Dead);
            b.when(waiting, |b| drop(b.helper(Helper::Drain, &[], &[])));
        });
        b.set_global(Global::FreeDepth, depth);
    }

    fn drop_list(&self, b: &mut Builder<'db>, item: Ty<'db>, list: Ty<'db>, value: &[Reg]) {
        let (payload, len) = (value[0], value[1]);
        self.unless_last(b, payload);
        if self.reprs.nests(item) {
            self.free_now_or_later(b, payload, Helper::Free(list), Some(len));
        } else {
            self.free_elements(b, item, payload, len);
            b.runtime(RuntimeFn::Free, &[payload]);
        }
    }

    fn free_elements(&self, b: &mut Builder<'db>, item: Ty<'db>, payload: Reg, len: Reg) {
        self.walk_elements(b, item, payload, len, &mut |b, at| {
            let element = self.reprs.load(b, item, at, 0);
            self.drop(b, item, &element);
        });
    }

    /// Visits the address of each element.
    pub fn walk_elements(
        &self,
        b: &mut Builder<'db>,
        item: Ty<'db>,
        payload: Reg,
        len: Reg,
        visit: &mut dyn FnMut(&mut Builder<'db>, Reg),
    ) {
        let size = self.reprs.layout(item).size;
        if size == 0 {
            return;
        }
        let step = b.u32(size);
        let bytes = b.num(NumOp::I32Mul, &[len, step]);
        let end = b.num(NumOp::I32Add, &[payload, bytes]);
        b.walk(payload, end, size, |b, at| visit(b, at));
    }

    /// Makes a helper. `function` gives the MIR of an instance.
    pub fn helper(&self, helper: Helper<'db>, callee: Option<&Function<'db>>) -> Func<'db> {
        match helper {
            Helper::Retain => {
                let mut b = Builder::new("retain", &[ADDRESS], &[]);
                let payload = b.params()[0];
                let heap = self.on_heap(&mut b, payload);
                b.when(heap, |b| increment(b, payload));
                b.ret(&[]);
                b.finish()
            }
            Helper::Free(ty) => self.free_cell(ty),
            Helper::FreeClosure(_, count) => self.free_closure(callee, count),
            Helper::DropClosure => self.drop_closure(),
            Helper::Drain => drain(),
            Helper::ClosureEntry(instance, count) => self.closure_entry(instance, count, callee),
            Helper::Unique(item) => self.unique_list(item),
            Helper::Reserve(item) => self.reserve_list(item),
            Helper::MulHigh => mul_high(),
        }
    }

    /// The free function of a boxed type or of a list whose drop may nest.
    fn free_cell(&self, ty: Ty<'db>) -> Func<'db> {
        let mut b = Builder::new(format!("free {}", self.name(ty)), &[ADDRESS], &[]);
        let cell = b.params()[0];
        if let Repr::List(Some(item)) = &*self.reprs.repr(ty) {
            let capacity = capacity_of(&mut b, cell);
            let end = b.num(NumOp::I32Add, &[cell, capacity]);
            let tail = b.offset(end, -8);
            let len = b.load(LoadOp::I32, tail, 0);
            self.free_elements(&mut b, *item, cell, len);
        } else {
            let body = self.reprs.body(ty);
            self.drop_body(&mut b, &body, cell);
            // The capacity's place may have held the free function.
            let size = b.u32(cell_capacity(self.reprs.layout_of(&body).size));
            set_capacity(&mut b, cell, size);
        }
        b.runtime(RuntimeFn::Free, &[cell]);
        b.ret(&[]);
        b.finish()
    }

    /// Drops what a cell holds, straight out of memory.
    fn drop_body(&self, b: &mut Builder<'db>, body: &Repr<'db>, cell: Reg) {
        match body {
            Repr::Record(fields) => {
                let offsets = self.reprs.record(fields, 0).offsets;
                self.drop_parts(b, fields, &offsets, cell);
            }
            Repr::Variant(cases) => {
                let layout = self.reprs.variant(cases);
                let tag = b.load(crate::repr::memory::tag_access(layout.tag).0, cell, 0);
                let owners = cases.iter().zip(&layout.cases).enumerate();
                for (n, (case, offsets)) in
                    owners.filter(|(_, (case, _))| case.iter().any(|part| !self.is_plain(*part)))
                {
                    let index = b.i32(n as i32);
                    let is_it = b.num(NumOp::I32Eq, &[tag, index]);
                    b.when(is_it, |b| self.drop_parts(b, case, offsets, cell));
                }
            }
            _ => {}
        }
    }

    fn drop_parts(&self, b: &mut Builder<'db>, parts: &[Ty<'db>], offsets: &[u32], cell: Reg) {
        for (part, at) in parts.iter().zip(offsets).filter(|(part, _)| !self.is_plain(**part)) {
            let value = self.reprs.load(b, *part, cell, *at);
            self.drop(b, *part, &value);
        }
    }

    // Closures

    fn drop_closure(&self) -> Func<'db> {
        let mut b = Builder::new("drop closure", &[ADDRESS], &[]);
        let cell = b.params()[0];
        self.unless_last(&mut b, cell);
        let (now, later, done) = (b.block(&[]), b.block(&[]), b.block(&[]));
        let free = b.load(LoadOp::I32, cell, 4);
        let depth = b.global(Global::FreeDepth);
        let limit = b.i32(DEPTH);
        let shallow = b.num(NumOp::I32LtU, &[depth, limit]);
        b.branch(shallow, (now, &[]), (later, &[]));
        b.at(now);
        let more = b.offset(depth, 1);
        b.set_global(Global::FreeDepth, more);
        b.call_indirect(Sig { params: vec![ADDRESS], results: Vec::new() }, &[cell], free, None);
        self.leave_free(&mut b, depth);
        b.jump(done, &[]);
        b.at(later);
        let one = b.i32(1);
        let shifted = b.num(NumOp::I32Shl, &[free, one]);
        let marked = b.num(NumOp::I32Or, &[shifted, one]);
        set_capacity(&mut b, cell, marked);
        chain(&mut b, cell);
        b.jump(done, &[]);
        b.at(done);
        b.ret(&[]);
        b.finish()
    }

    fn free_closure(&self, callee: Option<&Function<'db>>, count: u32) -> Func<'db> {
        let mut b = Builder::new("free closure", &[ADDRESS], &[]);
        let cell = b.params()[0];
        let captures = captures(callee, count);
        let layout = self.reprs.record(&captures, 8);
        self.drop_parts(&mut b, &captures, &layout.offsets, cell);
        let size = b.u32(cell_capacity(layout.layout.size));
        set_capacity(&mut b, cell, size);
        b.runtime(RuntimeFn::Free, &[cell]);
        b.ret(&[]);
        b.finish()
    }

    /// What the table holds for a function value: takes the cell, calls the function with the captures.
    fn closure_entry(
        &self,
        instance: Instance<'db>,
        count: u32,
        callee: Option<&Function<'db>>,
    ) -> Func<'db> {
        let Some(callee) = callee else {
            return Builder::new("missing closure", &[ADDRESS], &[]).finish();
        };
        let captures = captures(Some(callee), count);
        let params = param_types(callee);
        let own = &params[captures.len()..];
        let flat: Vec<Val> = [ADDRESS].into_iter().chain(self.reprs.flat_all(own)).collect();
        let results = self.reprs.flat_all(&callee.results);
        let mut b = Builder::new(format!("enter {}", callee.name), &flat, &results);
        let given = b.params();
        let layout = self.reprs.record(&captures, 8);
        let mut args = Vec::new();
        for ((ty, at), passing) in captures.iter().zip(&layout.offsets).zip(&callee.params) {
            let value = self.reprs.load(&mut b, *ty, given[0], *at);
            if *passing == Passing::Owned {
                self.dup(&mut b, *ty, &value);
            }
            args.extend(value);
        }
        args.extend(&given[1..]);
        let values = b.call(Symbol::Instance(instance), &args, &results, None);
        // The arguments came with their ownership; what the function only borrowed is let go here.
        let mut rest = &given[1..];
        for (ty, passing) in own.iter().zip(&callee.params[captures.len()..]) {
            let (mine, others) = rest.split_at(self.reprs.flat(*ty).len());
            if *passing == Passing::Borrowed {
                self.drop(&mut b, *ty, mine);
            }
            rest = others;
        }
        b.ret(&values);
        b.finish()
    }

    // Lists

    fn unique_list(&self, item: Ty<'db>) -> Func<'db> {
        let mut b =
            Builder::new(format!("unique list<{}>", self.name(item)), &[ADDRESS, ADDRESS], &[ADDRESS]);
        let (payload, len) = (b.params()[0], b.params()[1]);
        let (unique, shared) = (b.block(&[]), b.block(&[]));
        self.branch_unique(&mut b, payload, unique, shared);
        b.at(unique);
        b.ret(&[payload]);
        b.at(shared);
        let need = self.list_bytes(&mut b, item, len);
        let new = self.copy_list(&mut b, item, payload, len, need);
        b.ret(&[new]);
        b.finish()
    }

    fn reserve_list(&self, item: Ty<'db>) -> Func<'db> {
        let mut b = Builder::new(
            format!("reserve list<{}>", self.name(item)),
            &[ADDRESS, ADDRESS, ADDRESS],
            &[ADDRESS],
        );
        let (payload, len, extra) = (b.params()[0], b.params()[1], b.params()[2]);
        let wide = |b: &mut Builder<'db>, n| b.num(NumOp::I64ExtendI32U, &[n]);
        let (wide_len, wide_extra) = (wide(&mut b, len), wide(&mut b, extra));
        let total = b.num(NumOp::I64Add, &[wide_len, wide_extra]);
        let need = self.list_bytes_of(&mut b, item, total);
        let (unique, shared) = (b.block(&[]), b.block(&[]));
        self.branch_unique(&mut b, payload, unique, shared);
        b.at(unique);
        let used = self.used_bytes(&mut b, item, len);
        let grown = b.runtime(RuntimeFn::Grow, &[payload, used, need]);
        b.ret(&grown);
        b.at(shared);
        let new = self.copy_list(&mut b, item, payload, len, need);
        b.ret(&[new]);
        b.finish()
    }

    /// A new list with the same elements, which get one more owner; the old list has one less.
    fn copy_list(&self, b: &mut Builder<'db>, item: Ty<'db>, payload: Reg, len: Reg, need: Reg) -> Reg {
        let used = self.used_bytes(b, item, len);
        let new = b.runtime(RuntimeFn::Alloc, &[need])[0];
        b.copy(new, payload, used);
        self.dup_elements(b, item, new, len);
        // It is shared, so this owner is not the last.
        let heap = self.on_heap(b, payload);
        b.when(heap, |b| {
            let count = count_of(b, payload);
            let less = b.offset(count, -1);
            set_count(b, payload, less);
        });
        new
    }

    /// One owner more of what each element holds.
    pub fn dup_elements(&self, b: &mut Builder<'db>, item: Ty<'db>, payload: Reg, len: Reg) {
        if self.is_plain(item) {
            return;
        }
        self.walk_elements(b, item, payload, len, &mut |b, at| {
            let element = self.reprs.load(b, item, at, 0);
            self.dup(b, item, &element);
        });
    }

    /// The bytes that so many elements take; they are in memory already.
    pub fn used_bytes(&self, b: &mut Builder<'db>, item: Ty<'db>, len: Reg) -> Reg {
        let size = b.u32(self.reprs.layout(item).size);
        b.num(NumOp::I32Mul, &[len, size])
    }

    /// The capacity that a list of so many elements needs; beyond what memory can hold, the largest number.
    pub fn list_bytes(&self, b: &mut Builder<'db>, item: Ty<'db>, len: Reg) -> Reg {
        if let Some(len) = b.constant(len) {
            let bytes = (len as u32 as u64) * u64::from(self.reprs.layout(item).size)
                + u64::from(self.reprs.reserve(item));
            return b.u32(u32::try_from(bytes).unwrap_or(u32::MAX));
        }
        let wide = b.num(NumOp::I64ExtendI32U, &[len]);
        self.list_bytes_of(b, item, wide)
    }

    fn list_bytes_of(&self, b: &mut Builder<'db>, item: Ty<'db>, len: Reg) -> Reg {
        let size = b.i64(i64::from(self.reprs.layout(item).size));
        let bytes = b.num(NumOp::I64Mul, &[len, size]);
        let reserve = b.i64(i64::from(self.reprs.reserve(item)));
        let bytes = b.num(NumOp::I64Add, &[bytes, reserve]);
        saturate_u32(b, bytes)
    }
}

/// A 64-bit number of bytes as 32 bits; one that is too large becomes the largest, which can't be allocated.
pub fn saturate_u32(b: &mut Builder<'_>, wide: Reg) -> Reg {
    let max = b.i64(i64::from(u32::MAX));
    let over = b.num(NumOp::I64GtU, &[wide, max]);
    let low = b.num(NumOp::I32WrapI64, &[wide]);
    let all = b.i32(-1);
    b.select(all, low, over)
}

/// The capacity of a cell of this size: that of the size class, see `std/rt`.
pub fn cell_capacity(size: u32) -> u32 {
    let step = if size <= 64 { 8 } else { 1 << ((size - 1).ilog2() - 2) };
    size.next_multiple_of(step)
}

/// The types of a closure's captures: the first parameters of its function.
fn captures<'db>(callee: Option<&Function<'db>>, count: u32) -> Vec<Ty<'db>> {
    callee.map(param_types).unwrap_or_default().into_iter().take(count as usize).collect()
}

/// The types of a function's parameters.
pub fn param_types<'db>(function: &Function<'db>) -> Vec<Ty<'db>> {
    let params = function.blocks.first().map(|entry| entry.params.as_slice()).unwrap_or_default();
    let ty = |value: &dot_mir::Value| match function.values[value.0 as usize].ty {
        ValueTy::Data(ty) | ValueTy::Token(ty) => ty,
    };
    params.iter().map(ty).collect()
}

/// Puts a dead cell on the chain.
fn chain(b: &mut Builder<'_>, cell: Reg) {
    let next = b.global(Global::Dead);
    let link = b.offset(next, 1);
    set_count(b, cell, link);
    b.set_global(Global::Dead, cell);
}

/// Frees the chained cells, one after another.
fn drain<'db>() -> Func<'db> {
    let mut b = Builder::new("drain", &[], &[]);
    let (head, marked, list, call, done) =
        (b.block(&[]), b.block(&[]), b.block(&[]), b.block(&[ADDRESS]), b.block(&[]));
    b.jump(head, &[]);
    b.at(head);
    let cell = b.global(Global::Dead);
    let some = b.block(&[]);
    b.branch(cell, (some, &[]), (done, &[]));
    b.at(some);
    let link = count_of(&mut b, cell);
    let next = b.offset(link, -1);
    b.set_global(Global::Dead, next);
    let word = capacity_of(&mut b, cell);
    let one = b.i32(1);
    let mark = b.num(NumOp::I32And, &[word, one]);
    b.branch(mark, (marked, &[]), (list, &[]));
    b.at(marked);
    let free = b.num(NumOp::I32ShrU, &[word, one]);
    b.jump(call, &[free]);
    b.at(list);
    let end = b.num(NumOp::I32Add, &[cell, word]);
    let tail = b.offset(end, -4);
    let free = b.load(LoadOp::I32, tail, 0);
    b.jump(call, &[free]);
    b.at(call);
    let free = b.params_of(call)[0];
    b.call_indirect(Sig { params: vec![ADDRESS], results: Vec::new() }, &[cell], free, None);
    b.jump(head, &[]);
    b.at(done);
    b.ret(&[]);
    b.finish()
}

/// The upper half of a 64-bit product, by four products of halves.
fn mul_high<'db>() -> Func<'db> {
    let mut b = Builder::new("mul_high", &[Val::I64, Val::I64], &[Val::I64]);
    let (x, y) = (b.params()[0], b.params()[1]);
    let mask = b.i64(0xffff_ffff);
    let half = b.i64(32);
    let low = |b: &mut Builder<'db>, v| b.num(NumOp::I64And, &[v, mask]);
    let high = |b: &mut Builder<'db>, v| b.num(NumOp::I64ShrU, &[v, half]);
    let (x0, x1, y0, y1) = (low(&mut b, x), high(&mut b, x), low(&mut b, y), high(&mut b, y));
    let mul = |b: &mut Builder<'db>, a, c| b.num(NumOp::I64Mul, &[a, c]);
    let add = |b: &mut Builder<'db>, a, c| b.num(NumOp::I64Add, &[a, c]);
    let p00 = mul(&mut b, x0, y0);
    let p10 = mul(&mut b, x1, y0);
    let p01 = mul(&mut b, x0, y1);
    let p11 = mul(&mut b, x1, y1);
    let carry = high(&mut b, p00);
    let middle = add(&mut b, p10, carry);
    let middle_low = low(&mut b, middle);
    let middle_high = high(&mut b, middle);
    let other = add(&mut b, p01, middle_low);
    let other_high = high(&mut b, other);
    let sum = add(&mut b, p11, middle_high);
    let result = add(&mut b, sum, other_high);
    b.ret(&[result]);
    b.finish()
}
