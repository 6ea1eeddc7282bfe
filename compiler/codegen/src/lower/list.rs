//! Lists and strings: an address and a length; what changes one in place makes it unique first.

use super::{Lower, Outcome};
use crate::counts::{Memory, capacity_of};
use crate::glue::saturate_u32;
use crate::lir::{Address, Builder, Helper, LoadOp, NumOp, Reg, RuntimeFn, StoreOp, Val};
use crate::repr::Repr;
use dot_mir::ir::{Op, Value};
use dot_types::{IntKind, Ty};

/// An address and a length.
pub(super) type List = (Reg, Reg);

impl<'db> Lower<'_, 'db> {
    pub(super) fn list_op(&mut self, op: &Op<'db>, result: Option<Value>) -> Outcome<'db, Vec<Reg>> {
        Ok(match op {
            Op::StaticString(bytes) => {
                let address = match bytes.len() {
                    0 => self.b.i32(0),
                    _ => self.b.address(Address::Data { bytes: bytes.clone(), align: 1 }),
                };
                vec![address, self.b.u32(bytes.len() as u32)]
            }
            Op::MakeList(parts) => self.make_list(result, parts),
            Op::ListGet(list, index) => {
                let item = self.item(*list)?;
                let (payload, len) = self.list(*list);
                let at = self.element(item, payload, len, *index);
                self.context.reprs.load(&mut self.b, item, at, 0)
            }
            Op::ListSet { list, index, value } => self.list_set(*list, *index, *value)?,
            Op::ListTake(list, index) => {
                let item = self.item(*list)?;
                let (payload, len) = self.list(*list);
                let offset = self.element_offset(item, len, *index);
                let payload = self.unique(item, (payload, len));
                let at = self.b.num(NumOp::I32Add, &[payload, offset]);
                let mut results = vec![payload, len];
                results.extend(self.context.reprs.load(&mut self.b, item, at, 0));
                results
            }
            Op::ListPut { list, index, value } => {
                let item = self.item(*list)?;
                let (payload, len) = self.list(*list);
                let index = self.index(*index);
                let offset = self.scaled(item, index);
                let at = self.b.num(NumOp::I32Add, &[payload, offset]);
                let value = self.regs(*value);
                self.context.reprs.store(&mut self.b, item, at, 0, &value);
                vec![payload, len]
            }
            Op::View { base, start, end, checked } => {
                let item = self.item(*base)?;
                let list = self.list(*base);
                let (start, end) = match (checked, self.is_text(*base)) {
                    (false, _) => (self.index(*start), self.index(*end)),
                    (true, true) => self.check_text_bounds(list, *start, *end),
                    (true, false) => self.check_bounds(list.1, *start, *end),
                };
                let (payload, len) = self.part(item, list.0, start, end);
                vec![payload, len]
            }
            Op::Cut { base, start, end } => {
                let (item, ty) = (self.item(*base)?, self.ty(*base));
                let list = self.list(*base);
                let (start, end) = (self.index(*start), self.index(*end));
                self.cut(ty, item, list, (start, end))
            }
            Op::Concat(parts) => self.concat(parts),
            _ => return Err(self.unsupported("this operation on lists")),
        })
    }

    /// A list's address and length.
    pub(super) fn list(&mut self, list: Value) -> List {
        match self.regs(list).as_slice() {
            [payload, len] => (*payload, *len),
            _ => (self.b.i32(0), self.b.i32(0)),
        }
    }

    /// The type of a list's elements; of a string, bytes.
    pub(super) fn item(&self, list: Value) -> Outcome<'db, Ty<'db>> {
        match *self.context.reprs.repr(self.ty(list)) {
            Repr::List(Some(item)) => Ok(item),
            Repr::List(None) => Ok(self.byte()),
            _ => Err(self.unsupported("an operation of lists on another type")),
        }
    }

    fn byte(&self) -> Ty<'db> {
        Ty::new(self.context.reprs.program().db(), dot_types::TyKind::Int(IntKind::U8))
    }

    /// An index as a `u32`; one that is negative or beyond becomes the largest, which no list has.
    pub(super) fn index(&mut self, index: Value) -> Reg {
        let reg = self.reg(index);
        if self.b.val(reg) == Val::I64 { saturate_u32(&mut self.b, reg) } else { reg }
    }

    /// A number of elements as bytes, for elements that are in memory.
    fn scaled(&mut self, item: Ty<'db>, index: Reg) -> Reg {
        let size = self.b.u32(self.context.reprs.layout(item).size);
        self.b.num(NumOp::I32Mul, &[index, size])
    }

    /// The offset of an element; traps `index`.
    fn element_offset(&mut self, item: Ty<'db>, len: Reg, index: Value) -> Reg {
        let index = self.index(index);
        self.check_index(index, len);
        self.scaled(item, index)
    }

    pub(super) fn check_index(&mut self, index: Reg, len: Reg) {
        let outside = self.b.num(NumOp::I32GeU, &[index, len]);
        let values =
            vec![self.trap_value("index", index, IntKind::U32), self.trap_value("length", len, IntKind::U32)];
        let trap =
            self.trap_with("index", "index {index} is out of range for a list of length {length}", values);
        self.b.trap_if(outside, trap);
    }

    /// The address of an element; traps `index`.
    fn element(&mut self, item: Ty<'db>, payload: Reg, len: Reg, index: Value) -> Reg {
        let offset = self.element_offset(item, len, index);
        self.b.num(NumOp::I32Add, &[payload, offset])
    }

    /// Makes a list unique.
    pub(super) fn unique(&mut self, item: Ty<'db>, (payload, len): List) -> Reg {
        let context = self.context;
        let b = &mut self.b;
        let (unique, shared, after) = (b.block(&[]), b.block(&[]), b.block(&[Val::I32]));
        context.branch_unique(b, payload, unique, shared);
        b.at(unique);
        b.jump(after, &[payload]);
        b.at(shared);
        let copy = if context.is_plain(item) {
            let used = context.used_bytes(b, item, len);
            b.runtime(RuntimeFn::Unique, &[payload, used])[0]
        } else {
            b.helper(Helper::Unique(item), &[payload, len], &[Val::I32])[0]
        };
        b.jump(after, &[copy]);
        b.at(after);
        b.params_of(after)[0]
    }

    /// Makes a list unique, with room for `extra` elements more.
    pub(super) fn reserve(&mut self, item: Ty<'db>, (payload, len): List, extra: Reg) -> Reg {
        let context = self.context;
        let b = &mut self.b;
        if !context.is_plain(item) {
            return b.helper(Helper::Reserve(item), &[payload, len, extra], &[Val::I32])[0];
        }
        let used = context.used_bytes(b, item, len);
        let need = match (b.constant(extra), context.reprs.layout(item).size) {
            // What is in memory has room for one more below 4 GiB.
            (Some(1), size) if size < 1 << 16 => b.offset(used, size as i32),
            _ => {
                let (wide_len, wide_extra) =
                    (b.num(NumOp::I64ExtendI32U, &[len]), b.num(NumOp::I64ExtendI32U, &[extra]));
                let total = b.num(NumOp::I64Add, &[wide_len, wide_extra]);
                let size = b.i64(i64::from(context.reprs.layout(item).size));
                let bytes = b.num(NumOp::I64Mul, &[total, size]);
                saturate_u32(b, bytes)
            }
        };
        b.runtime(RuntimeFn::Grow, &[payload, used, need])[0]
    }

    /// Appends an element; in place when the list is unique and has room.
    pub(super) fn push(&mut self, item: Ty<'db>, (payload, len): List, value: &[Reg]) -> List {
        let context = self.context;
        let reprs = context.reprs;
        let size = reprs.layout(item).size;
        let used = self.scaled(item, len);
        let b = &mut self.b;
        let (unique, slow, after) = (b.block(&[]), b.block(&[]), b.block(&[Val::I32]));
        context.branch_unique(b, payload, unique, slow);
        b.at(unique);
        let capacity = capacity_of(b, payload);
        let need = b.offset(used, (size + reprs.reserve(item)).cast_signed());
        let full = b.num(NumOp::I32GtU, &[need, capacity]);
        b.branch(full, (slow, &[]), (after, &[payload]));
        b.at(slow);
        let one = b.i32(1);
        let grown = self.reserve(item, (payload, len), one);
        self.b.jump(after, &[grown]);
        self.b.at(after);
        let payload = self.b.params_of(after)[0];
        let at = self.b.num(NumOp::I32Add, &[payload, used]);
        reprs.store(&mut self.b, item, at, 0, value);
        (payload, self.b.offset(len, 1))
    }

    fn make_list(&mut self, result: Option<Value>, parts: &[Value]) -> Vec<Reg> {
        let item = result.and_then(|result| self.item(result).ok());
        let Some(item) = item.filter(|_| !parts.is_empty()) else {
            return vec![self.b.i32(0), self.b.i32(0)];
        };
        let len = self.b.u32(parts.len() as u32);
        if let Some(bytes) = self.static_elements(item, parts) {
            let align = self.context.reprs.layout(item).align;
            return vec![self.b.address(Address::Data { bytes: bytes.into(), align }), len];
        }
        let bytes = self.context.list_bytes(&mut self.b, item, len);
        let payload = self.b.runtime(RuntimeFn::Alloc, &[bytes])[0];
        let size = self.context.reprs.layout(item).size;
        for (n, part) in parts.iter().enumerate() {
            let value = self.regs(*part);
            self.context.reprs.store(&mut self.b, item, payload, n as u32 * size, &value);
        }
        vec![payload, len]
    }

    /// The bytes of elements that are all integer constants: such a list is static data.
    fn static_elements(&self, item: Ty<'db>, parts: &[Value]) -> Option<Vec<u8>> {
        let Repr::Scalar(scalar) = *self.context.reprs.repr(item) else { return None };
        scalar.int()?;
        let mut bytes = Vec::new();
        for part in parts {
            let [reg] = self.values[part.0 as usize].as_slice() else { return None };
            bytes.extend(&self.b.constant(*reg)?.to_le_bytes()[..scalar.size() as usize]);
        }
        Some(bytes)
    }

    fn list_set(&mut self, list: Value, index: Value, value: Value) -> Outcome<'db, Vec<Reg>> {
        let item = self.item(list)?;
        let (payload, len) = self.list(list);
        let offset = self.element_offset(item, len, index);
        let payload = self.unique(item, (payload, len));
        let at = self.b.num(NumOp::I32Add, &[payload, offset]);
        let value = self.regs(value);
        if !self.context.is_plain(item) && self.context.options.memory == Memory::Counted {
            // The new value is in place before the old one goes: a drop may free much, but sees a whole list.
            let old = self.context.reprs.load(&mut self.b, item, at, 0);
            self.context.reprs.store(&mut self.b, item, at, 0, &value);
            self.context.drop(&mut self.b, item, &old);
        } else {
            self.context.reprs.store(&mut self.b, item, at, 0, &value);
        }
        Ok(vec![payload, len])
    }

    /// One string out of several.
    fn concat(&mut self, parts: &[Value]) -> Vec<Reg> {
        let lists: Vec<List> = parts.iter().map(|part| self.list(*part)).collect();
        let total = self.total_len(&lists);
        let payload = self.b.runtime(RuntimeFn::Alloc, &[total])[0];
        let mut at = payload;
        for (from, len) in &lists {
            copy_bytes(&mut self.b, at, *from, *len);
            at = self.b.num(NumOp::I32Add, &[at, *len]);
        }
        vec![payload, total]
    }

    /// The sum of the lengths; of several that are not known, the sum may be more than memory holds.
    fn total_len(&mut self, lists: &[List]) -> Reg {
        let unknown = lists.iter().filter(|(_, len)| self.b.constant(*len).is_none()).count();
        if unknown <= 1 {
            let known: i64 = lists.iter().filter_map(|(_, len)| self.b.constant(*len)).sum();
            let known = self.b.i32(known as i32);
            let open = lists.iter().map(|(_, len)| *len).find(|len| self.b.constant(*len).is_none());
            return match open {
                Some(len) => self.b.num(NumOp::I32Add, &[len, known]),
                None => known,
            };
        }
        let mut total = self.b.i64(0);
        for (_, len) in lists {
            let wide = self.b.num(NumOp::I64ExtendI32U, &[*len]);
            total = self.b.num(NumOp::I64Add, &[total, wide]);
        }
        saturate_u32(&mut self.b, total)
    }

    // What the intrinsics of lists do

    /// Takes the last element off.
    pub(super) fn pop(&mut self, item: Ty<'db>, (payload, len): List) -> Vec<Reg> {
        let context = self.context;
        let reprs = context.reprs;
        let flat = reprs.flat(item);
        let vals: Vec<Val> =
            [Val::I32].into_iter().chain(flat.iter().copied()).chain([Val::I32, Val::I32]).collect();
        let (some, none, after) = (self.b.block(&[]), self.b.block(&[]), self.b.block(&vals));
        self.b.branch(len, (some, &[]), (none, &[]));
        self.b.at(some);
        // Plain elements may stay behind the end of a shared list; others must move out of a unique one.
        let payload_some = if context.is_plain(item) { payload } else { self.unique(item, (payload, len)) };
        let less = self.b.offset(len, -1);
        let offset = self.scaled(item, less);
        let at = self.b.num(NumOp::I32Add, &[payload_some, offset]);
        let mut values = vec![self.b.i32(1)];
        values.extend(reprs.load(&mut self.b, item, at, 0));
        values.extend([payload_some, less]);
        self.b.jump(after, &values);
        self.b.at(none);
        let mut values = vec![self.b.i32(0)];
        values.extend(flat.iter().map(|val| self.b.zero(*val)).collect::<Vec<_>>());
        values.extend([payload, len]);
        self.b.jump(after, &values);
        self.b.at(after);
        self.b.params_of(after)
    }

    /// Exchanges two elements.
    pub(super) fn swap(&mut self, item: Ty<'db>, (payload, len): List, i: Value, j: Value) -> List {
        let i = self.element_offset(item, len, i);
        let j = self.element_offset(item, len, j);
        let payload = self.unique(item, (payload, len));
        let reprs = self.context.reprs;
        let (at_i, at_j) =
            (self.b.num(NumOp::I32Add, &[payload, i]), self.b.num(NumOp::I32Add, &[payload, j]));
        let one = reprs.load(&mut self.b, item, at_i, 0);
        let other = reprs.load(&mut self.b, item, at_j, 0);
        reprs.store(&mut self.b, item, at_i, 0, &other);
        reprs.store(&mut self.b, item, at_j, 0, &one);
        (payload, len)
    }

    /// Drops what is beyond a length.
    pub(super) fn truncate(&mut self, item: Ty<'db>, (payload, len): List, to: Reg) -> List {
        let context = self.context;
        let shorter = self.b.num(NumOp::I32LtU, &[to, len]);
        if context.is_plain(item) {
            return (payload, self.b.select(to, len, shorter));
        }
        let (cut, after) = (self.b.block(&[]), self.b.block(&[Val::I32, Val::I32]));
        self.b.branch(shorter, (cut, &[]), (after, &[payload, len]));
        self.b.at(cut);
        let unique = self.unique(item, (payload, len));
        let offset = self.scaled(item, to);
        let start = self.b.num(NumOp::I32Add, &[unique, offset]);
        let rest = self.b.num(NumOp::I32Sub, &[len, to]);
        context.walk_elements(&mut self.b, item, start, rest, &mut |b, at| {
            let element = context.reprs.load(b, item, at, 0);
            context.drop(b, item, &element);
        });
        self.b.jump(after, &[unique, to]);
        self.b.at(after);
        let params = self.b.params_of(after);
        (params[0], params[1])
    }

    /// A copy of the elements `start..end`; traps `index`.
    pub(super) fn slice(&mut self, item: Ty<'db>, (payload, len): List, start: Value, end: Value) -> List {
        let (start, end) = self.check_bounds(len, start, end);
        let part = self.part(item, payload, start, end);
        self.copied(item, part)
    }

    /// The address and the number of the elements `start..end`.
    fn part(&mut self, item: Ty<'db>, payload: Reg, start: Reg, end: Reg) -> List {
        let count = self.b.num(NumOp::I32Sub, &[end, start]);
        let offset = self.scaled(item, start);
        (self.b.num(NumOp::I32Add, &[payload, offset]), count)
    }

    /// A copy of elements that are in memory.
    fn copied(&mut self, item: Ty<'db>, (from, count): List) -> List {
        let context = self.context;
        let need = context.list_bytes(&mut self.b, item, count);
        let used = context.used_bytes(&mut self.b, item, count);
        let new = self.alloc_unless_empty(count, need);
        copy_bytes(&mut self.b, new, from, used);
        context.dup_elements(&mut self.b, item, new, count);
        (new, count)
    }

    /// Takes a list and gives the elements `start..end`: itself where they are all, else a copy.
    fn cut(&mut self, ty: Ty<'db>, item: Ty<'db>, list: List, (start, end): (Reg, Reg)) -> Vec<Reg> {
        let (whole, some, after) =
            (self.b.block(&[]), self.b.block(&[]), self.b.block(&[Val::I32, Val::I32]));
        let missing = self.b.num(NumOp::I32Sub, &[list.1, end]);
        let left_out = self.b.num(NumOp::I32Or, &[start, missing]);
        self.b.branch(left_out, (some, &[]), (whole, &[]));
        self.b.at(whole);
        self.b.jump(after, &[list.0, list.1]);
        self.b.at(some);
        let part = self.part(item, list.0, start, end);
        let copy = self.copied(item, part);
        self.context.drop(&mut self.b, ty, &[list.0, list.1]);
        self.b.jump(after, &[copy.0, copy.1]);
        self.b.at(after);
        self.b.params_of(after)
    }

    /// The bounds of a slice; traps `index` unless `start <= end <= len`.
    pub(super) fn check_bounds(&mut self, len: Reg, start: Value, end: Value) -> (Reg, Reg) {
        let (start, end) = (self.index(start), self.index(end));
        let crossed = self.b.num(NumOp::I32GtU, &[start, end]);
        let beyond = self.b.num(NumOp::I32GtU, &[end, len]);
        let outside = self.b.num(NumOp::I32Or, &[crossed, beyond]);
        let values = vec![
            self.trap_value("start", start, IntKind::U32),
            self.trap_value("end", end, IntKind::U32),
            self.trap_value("length", len, IntKind::U32),
        ];
        let message = "slice {start}..{end} is out of range for length {length}";
        let trap = self.trap_with("index", message, values);
        self.b.trap_if(outside, trap);
        (start, end)
    }

    /// Memory for a list, or the address of empty ones.
    fn alloc_unless_empty(&mut self, count: Reg, bytes: Reg) -> Reg {
        self.b.either(count, &[Val::I32], |b| b.runtime(RuntimeFn::Alloc, &[bytes]), |b| vec![b.i32(0)])[0]
    }

    /// Appends copies of another list's elements.
    pub(super) fn append(&mut self, item: Ty<'db>, list: List, other: List) -> List {
        let context = self.context;
        let payload = self.reserve(item, list, other.1);
        let used = self.scaled(item, list.1);
        let at = self.b.num(NumOp::I32Add, &[payload, used]);
        let bytes = self.scaled(item, other.1);
        copy_bytes(&mut self.b, at, other.0, bytes);
        context.dup_elements(&mut self.b, item, at, other.1);
        (payload, self.b.num(NumOp::I32Add, &[list.1, other.1]))
    }

    /// A list of so many times the same value, which is consumed.
    pub(super) fn repeat(&mut self, item: Ty<'db>, count: Value, value: &[Reg]) -> List {
        let count = self.index(count);
        let context = self.context;
        let need = context.list_bytes(&mut self.b, item, count);
        let payload = self.alloc_unless_empty(count, need);
        if self.context.reprs.layout(item).size == 1
            && let [byte] = value
        {
            self.b.inst(crate::lir::Op::MemoryFill, vec![payload, *byte, count], &[]);
            return (payload, count);
        }
        context.walk_elements(&mut self.b, item, payload, count, &mut |b, at| {
            context.dup(b, item, value);
            context.reprs.store(b, item, at, 0, value);
        });
        context.drop(&mut self.b, item, value);
        (payload, count)
    }

    /// A byte of a string; traps `index`.
    pub(super) fn byte_at(&mut self, (payload, len): List, index: Value) -> Reg {
        let index = self.index(index);
        self.check_index(index, len);
        let at = self.b.num(NumOp::I32Add, &[payload, index]);
        self.b.load(LoadOp::I32U8, at, 0)
    }

    /// A part of a string; traps `index`, and `invalid-utf8` when a bound is inside a char.
    pub(super) fn byte_slice(&mut self, (payload, len): List, start: Value, end: Value) -> List {
        let (start, end) = self.check_text_bounds((payload, len), start, end);
        let part = self.part(self.byte(), payload, start, end);
        self.copied(self.byte(), part)
    }

    /// The bounds of a part of a string; traps `index`, and `invalid-utf8` when one is inside a char.
    fn check_text_bounds(&mut self, (payload, len): List, start: Value, end: Value) -> (Reg, Reg) {
        let (start, end) = self.check_bounds(len, start, end);
        let inside_start = self.inside_char((payload, len), start);
        let inside_end = self.inside_char((payload, len), end);
        let inside = self.b.num(NumOp::I32Or, &[inside_start, inside_end]);
        let trap = self.trap("invalid-utf8", "a bound of the slice is inside a char");
        self.b.trap_if(inside, trap);
        (start, end)
    }

    /// Whether a value is a string.
    fn is_text(&self, list: Value) -> bool {
        matches!(*self.context.reprs.repr(self.ty(list)), Repr::List(None))
    }

    /// Whether the byte at a place continues a char; the end doesn't.
    fn inside_char(&mut self, (payload, len): List, at: Reg) -> Reg {
        let before_end = self.b.num(NumOp::I32LtU, &[at, len]);
        self.b.either(
            before_end,
            &[Val::I32],
            |b| {
                let address = b.num(NumOp::I32Add, &[payload, at]);
                let byte = b.load(LoadOp::I32S8, address, 0);
                // Bytes of the form 10xxxxxx are below -64 as signed numbers.
                let limit = b.i32(-64);
                vec![b.num(NumOp::I32LtS, &[byte, limit])]
            },
            |b| vec![b.i32(0)],
        )[0]
    }
}

/// Copies bytes; one byte by a load and a store.
fn copy_bytes(b: &mut Builder<'_>, to: Reg, from: Reg, bytes: Reg) {
    match b.constant(bytes) {
        Some(0) => {}
        Some(1) => {
            let byte = b.load(LoadOp::I32U8, from, 0);
            b.store(StoreOp::I32As8, to, 0, byte);
        }
        _ => b.copy(to, from, bytes),
    }
}
