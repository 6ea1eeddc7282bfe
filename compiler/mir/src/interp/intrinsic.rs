//! The operations that std declares and every engine implements itself.

use super::heap::{Data, Heap, Val, check_len};
use super::number::int_of;
use super::{Failure, Machine, Step, malformed};
use dot_eval::number::{round, wrap};
use dot_eval::structural::total_float;
use dot_types::thir::TrapKind;
use dot_types::{FloatKind, IntKind, Intrinsic, Ty, TyKind};
use std::rc::Rc;

fn trap<'db, T>(kind: TrapKind, message: String) -> Step<'db, T> {
    Err(Failure::Trap { kind, message: Some(message), site: None })
}

fn option(value: Option<Val>) -> Val {
    match value {
        Some(value) => Val::Case(1, Rc::from([value])),
        None => Val::Case(0, Rc::from([])),
    }
}

/// The bytes that an element is taken to need.
const ELEMENT: u64 = 16;

impl<'db> Machine<'_, '_, 'db> {
    /// Does an operation. `first` is the type of the first operand, `result` that of the first result.
    pub(super) fn intrinsic(
        &mut self,
        op: Intrinsic,
        first: Option<Ty<'db>>,
        result: Option<Ty<'db>>,
        args: Vec<Val>,
    ) -> Step<'db, Vec<Val>> {
        let db = self.code.program.db();
        let kind = |ty: Option<Ty<'db>>| ty.map(|ty| ty.kind(db).clone());
        match op {
            Intrinsic::ListLen => Ok(vec![Val::Bits(self.heap.list_len(arg(&args, 0)?)? as u64)]),
            Intrinsic::ListPush
            | Intrinsic::ListPop
            | Intrinsic::ListSwap
            | Intrinsic::ListTruncate
            | Intrinsic::ListReserve
            | Intrinsic::ListAppend => self.change_list(op, args),
            Intrinsic::ListOf => Ok(vec![self.repeat(&args)?]),
            Intrinsic::ListSlice => {
                let list = arg(&args, 0)?;
                let (start, end) = bounds(&args, self.heap.list_len(list)?)?;
                Ok(vec![self.part_of_list(list, start, end)?])
            }
            Intrinsic::StringByteLen => Ok(vec![Val::Bits(self.heap.byte_len(arg(&args, 0)?)? as u64)]),
            Intrinsic::StringBytes
            | Intrinsic::StringFromUtf8Unchecked
            | Intrinsic::StringByteAt
            | Intrinsic::StringByteSlice
            | Intrinsic::StringPush
            | Intrinsic::StringAppend => self.string_op(op, args),
            Intrinsic::Drop => {
                self.heap.drop_value(arg(&args, 0)?.clone())?;
                Ok(vec![Val::unit()])
            }
            Intrinsic::CharCode | Intrinsic::CharFromCodeUnchecked => Ok(vec![arg(&args, 0)?.clone()]),
            _ => match kind(first) {
                Some(TyKind::Float(float)) => float_op(op, float, &args),
                Some(TyKind::Int(int)) => match kind(result) {
                    Some(TyKind::Float(float)) => from_bits(op, float, &args),
                    _ => int_op(op, int, &args),
                },
                _ => malformed("an operation that exists only below values"),
            }
            .map(|value| vec![value]),
        }
    }

    fn change_list(&mut self, op: Intrinsic, args: Vec<Val>) -> Step<'db, Vec<Val>> {
        let limit = self.limits.bytes;
        let len = self.heap.list_len(arg(&args, 0)?)?;
        let mut args = args.into_iter();
        let Some(list) = args.next() else { return malformed("operands") };
        let rest: Vec<Val> = args.collect();
        let mut value = Val::unit();
        let id = match op {
            Intrinsic::ListPush => {
                check_len(len + 1, ELEMENT, limit)?;
                let id = self.heap.own_list(list)?;
                self.heap.items(id)?.push(arg(&rest, 0)?.clone());
                id
            }
            Intrinsic::ListPop => {
                let id = self.heap.own_list(list)?;
                value = option(self.heap.items(id)?.pop());
                id
            }
            Intrinsic::ListSwap => {
                let (i, j) = (index(arg(&rest, 0)?, len)?, index(arg(&rest, 1)?, len)?);
                let id = self.heap.own_list(list)?;
                self.heap.items(id)?.swap(i, j);
                id
            }
            Intrinsic::ListTruncate => {
                let id = self.heap.own_list(list)?;
                let keep = (arg(&rest, 0)?.bits()? as usize).min(len);
                for item in self.heap.items(id)?.split_off(keep) {
                    self.heap.drop_value(item)?;
                }
                id
            }
            Intrinsic::ListReserve => self.heap.own_list(list)?,
            _ => {
                let other = arg(&rest, 0)?;
                let more = self.heap.elements(other, 0, self.heap.list_len(other)?)?;
                check_len(len + more.len(), ELEMENT, limit)?;
                for item in &more {
                    self.heap.dup(item)?;
                }
                let id = self.heap.own_list(list)?;
                self.heap.items(id)?.extend(more);
                id
            }
        };
        Ok(vec![value, Val::Object(id)])
    }

    /// A list of so many times the same value.
    fn repeat(&mut self, args: &[Val]) -> Step<'db, Val> {
        let count = arg(args, 0)?.bits()? as usize;
        check_len(count, ELEMENT, self.limits.bytes)?;
        let value = arg(args, 1)?;
        for _ in 1..count {
            self.heap.dup(value)?;
        }
        if count == 0 {
            self.heap.drop_value(value.clone())?;
        }
        Ok(self.heap.alloc(Data::List(vec![value.clone(); count])))
    }

    fn part_of_list(&mut self, list: &Val, start: usize, end: usize) -> Step<'db, Val> {
        let items = self.heap.elements(list, start, end)?;
        for item in &items {
            self.heap.dup(item)?;
        }
        Ok(self.heap.alloc(Data::List(items)))
    }

    /// A part of a list or string where it is: the operands are that and the bounds.
    pub(super) fn view(&mut self, args: &[Val], is_text: bool, checked: bool) -> Step<'db, Val> {
        let base = arg(args, 0)?;
        let (start, end) = match (is_text, checked) {
            (true, true) => self.text_bounds(args)?,
            (true, false) => bounds(args, self.heap.byte_len(base)?)?,
            (false, _) => bounds(args, self.heap.list_len(base)?)?,
        };
        Ok(Heap::view(base, start, end))
    }

    /// A part of a list or string that is taken for it: itself where that is all of it.
    pub(super) fn cut(&mut self, args: Vec<Val>, is_text: bool) -> Step<'db, Val> {
        let base = arg(&args, 0)?;
        let len = if is_text { self.heap.byte_len(base)? } else { self.heap.list_len(base)? };
        let (start, end) = bounds(&args, len)?;
        if start == 0 && end == len {
            return Ok(base.clone());
        }
        let part = if is_text {
            let bytes = self.heap.with_bytes(base, |bytes| bytes[start..end].to_vec())?;
            self.heap.alloc(Data::Bytes(bytes))
        } else {
            self.part_of_list(base, start, end)?
        };
        self.heap.drop_value(base.clone())?;
        Ok(part)
    }

    /// The bounds of a part of a string.
    fn text_bounds(&mut self, args: &[Val]) -> Step<'db, (usize, usize)> {
        let text = arg(args, 0)?;
        let (start, end) = bounds(args, self.heap.byte_len(text)?)?;
        let is_whole = self.heap.with_bytes(text, |bytes| {
            std::str::from_utf8(bytes).is_ok_and(|text| text.get(start..end).is_some())
        })?;
        match is_whole {
            true => Ok((start, end)),
            false => trap(TrapKind::InvalidUtf8, "a bound of the slice is inside a char".to_owned()),
        }
    }

    fn string_op(&mut self, op: Intrinsic, args: Vec<Val>) -> Step<'db, Vec<Val>> {
        let text = arg(&args, 0)?;
        Ok(match op {
            Intrinsic::StringBytes => {
                let items = self.heap.bytes(text)?.into_iter().map(|b| Val::Bits(u64::from(b))).collect();
                self.heap.drop_value(text.clone())?;
                vec![self.heap.alloc(Data::List(items))]
            }
            Intrinsic::StringFromUtf8Unchecked => {
                let items = self.heap.elements(text, 0, self.heap.list_len(text)?)?;
                let bytes: Step<'db, Vec<u8>> = items.iter().map(|item| Ok(item.bits()? as u8)).collect();
                self.heap.drop_value(text.clone())?;
                vec![self.heap.alloc(Data::Bytes(bytes?))]
            }
            Intrinsic::StringByteAt => {
                let at = index(arg(&args, 1)?, self.heap.byte_len(text)?)?;
                vec![Val::Bits(self.heap.with_bytes(text, |bytes| bytes[at])?.into())]
            }
            Intrinsic::StringByteSlice => {
                let (start, end) = self.text_bounds(&args)?;
                let slice = self.heap.with_bytes(text, |bytes| bytes[start..end].to_vec())?;
                vec![self.heap.alloc(Data::Bytes(slice))]
            }
            _ => {
                let more = match arg(&args, 1)? {
                    Val::Bits(code) => {
                        let c = char::from_u32(*code as u32).unwrap_or(char::REPLACEMENT_CHARACTER);
                        c.to_string().into_bytes()
                    }
                    other => self.heap.bytes(other)?,
                };
                check_len(self.heap.byte_len(text)? + more.len(), 1, self.limits.bytes)?;
                let id = self.heap.own_string(text.clone())?;
                self.heap.text(id)?.extend(more);
                vec![Val::unit(), Val::Object(id)]
            }
        })
    }
}

fn arg<'db>(args: &[Val], n: usize) -> Step<'db, &Val> {
    args.get(n).map_or_else(|| malformed("an operation without an operand"), Ok)
}

fn index<'db>(value: &Val, len: usize) -> Step<'db, usize> {
    let at = value.bits()?;
    match usize::try_from(at) {
        Ok(at) if at < len => Ok(at),
        _ => trap(TrapKind::Index, format!("index {at} is out of range for a list of length {len}")),
    }
}

fn bounds<'db>(args: &[Val], len: usize) -> Step<'db, (usize, usize)> {
    let (start, end) = (arg(args, 1)?.bits()? as usize, arg(args, 2)?.bits()? as usize);
    if start <= end && end <= len {
        return Ok((start, end));
    }
    trap(TrapKind::Index, format!("slice {start}..{end} is out of range for length {len}"))
}

/// The unsigned integer type of a width.
fn unsigned(kind: IntKind) -> IntKind {
    match kind.bits() {
        8 => IntKind::U8,
        16 => IntKind::U16,
        32 => IntKind::U32,
        _ => IntKind::U64,
    }
}

fn int_op<'db>(op: Intrinsic, kind: IntKind, args: &[Val]) -> Step<'db, Val> {
    let value = arg(args, 0)?.bits()?;
    let bits = wrap(unsigned(kind), int_of(value, kind)) as u64;
    let width = kind.bits();
    Ok(Val::Bits(match op {
        Intrinsic::IntLeadingZeros => u64::from(bits.leading_zeros() - (64 - width)),
        Intrinsic::IntTrailingZeros => u64::from(bits.trailing_zeros().min(width)),
        Intrinsic::IntCountOnes => u64::from(bits.count_ones()),
        Intrinsic::IntRotateLeft | Intrinsic::IntRotateRight => {
            let by = (arg(args, 1)?.bits()? % u64::from(width)) as u32;
            let left = if op == Intrinsic::IntRotateLeft { by } else { (width - by) % width };
            let wide = u128::from(bits) << left;
            wrap(kind, (wide | wide >> width) as i128) as u64
        }
        Intrinsic::U64MulHigh => ((u128::from(value) * u128::from(arg(args, 1)?.bits()?)) >> 64) as u64,
        _ => return malformed("an operation that exists only below values"),
    }))
}

fn from_bits<'db>(op: Intrinsic, kind: FloatKind, args: &[Val]) -> Step<'db, Val> {
    let bits = arg(args, 0)?.bits()?;
    match (op, kind) {
        (Intrinsic::F64FromBits, _) => Ok(Val::Float(f64::from_bits(bits))),
        (Intrinsic::F32FromBits, _) => Ok(Val::Float(f64::from(f32::from_bits(bits as u32)))),
        _ => malformed("an operation that exists only below values"),
    }
}

fn float<'db>(args: &[Val], n: usize) -> Step<'db, f64> {
    match arg(args, n)? {
        Val::Float(value) => Ok(*value),
        _ => malformed("a float is expected"),
    }
}

fn float_op<'db>(op: Intrinsic, kind: FloatKind, args: &[Val]) -> Step<'db, Val> {
    let x = float(args, 0)?;
    Ok(Val::Float(match op {
        Intrinsic::FloatSqrt => round(kind, x.sqrt()),
        Intrinsic::FloatFloor => x.floor(),
        Intrinsic::FloatCeil => x.ceil(),
        Intrinsic::FloatTrunc => x.trunc(),
        Intrinsic::FloatRoundEven => x.round_ties_even(),
        Intrinsic::FloatAbs => x.abs(),
        Intrinsic::FloatCopysign => x.copysign(float(args, 1)?),
        Intrinsic::FloatMin | Intrinsic::FloatMax => {
            let y = float(args, 1)?;
            let order = total_float(x, y);
            let x_wins = if op == Intrinsic::FloatMin { order.is_le() } else { order.is_ge() };
            match (x.is_nan() || y.is_nan(), x_wins) {
                (true, _) => f64::NAN,
                (false, true) => x,
                (false, false) => y,
            }
        }
        Intrinsic::F64Bits if x.is_nan() => return Ok(Val::Bits(0x7ff8_0000_0000_0000)),
        Intrinsic::F64Bits => return Ok(Val::Bits(x.to_bits())),
        Intrinsic::F32Bits if x.is_nan() => return Ok(Val::Bits(0x7fc0_0000)),
        Intrinsic::F32Bits => return Ok(Val::Bits((x as f32).to_bits().into())),
        _ => return malformed("an operation that exists only below values"),
    }))
}
