//! The operations that std declares and every engine implements itself.
//!
//! Arguments come in order; the first of an operation on `inout self` is changed in place.

use crate::encoding;
use crate::expr::index_message;
use crate::failure::{Cause, Failure};
use crate::machine::{Exit, Flow, Machine, Number};
use crate::number;
use crate::show::show;
use crate::structural;
use crate::value::{Parts, Value};
use dot_types::thir::TrapKind;
use dot_types::{FloatKind, IntKind, Intrinsic, Ty};
use std::cmp::Ordering;

type Outcome<'db> = Result<Value<'db>, Cause>;

fn malformed<T>() -> Result<T, Cause> {
    Err(Cause::Internal("an intrinsic with the wrong arguments".to_owned()))
}

fn trap<T>(kind: TrapKind, message: impl Into<String>) -> Result<T, Cause> {
    Err(Cause::Trap { kind, message: message.into() })
}

impl<'db> Machine<'_, 'db> {
    /// Performs an operation.
    pub(crate) fn intrinsic(
        &mut self,
        op: Intrinsic,
        type_args: &[Ty<'db>],
        args: &mut [Value<'db>],
    ) -> Outcome<'db> {
        if op.is_low_level() {
            return Err(Cause::Internal(format!("`{}` needs linear memory", op.name())));
        }
        match op {
            Intrinsic::ListLen
            | Intrinsic::ListPush
            | Intrinsic::ListPop
            | Intrinsic::ListSwap
            | Intrinsic::ListTruncate
            | Intrinsic::ListReserve
            | Intrinsic::ListSlice
            | Intrinsic::ListAppend
            | Intrinsic::ListOf => self.list_op(op, args),
            Intrinsic::StringBytes
            | Intrinsic::StringFromUtf8Unchecked
            | Intrinsic::StringByteLen
            | Intrinsic::StringByteAt
            | Intrinsic::StringByteSlice
            | Intrinsic::StringPush
            | Intrinsic::StringAppend => self.string_op(op, args),
            Intrinsic::MapLen
            | Intrinsic::MapGet
            | Intrinsic::MapInsert
            | Intrinsic::MapRemove
            | Intrinsic::MapEntries => self.map_op(op, args),
            Intrinsic::SetLen
            | Intrinsic::SetContains
            | Intrinsic::SetInsert
            | Intrinsic::SetRemove
            | Intrinsic::SetItems => self.set_op(op, args),
            Intrinsic::IntLeadingZeros
            | Intrinsic::IntTrailingZeros
            | Intrinsic::IntCountOnes
            | Intrinsic::IntRotateLeft
            | Intrinsic::IntRotateRight
            | Intrinsic::U64MulHigh => int_op(op, self.number_arg(type_args), args),
            Intrinsic::Compare
            | Intrinsic::Hash
            | Intrinsic::Show
            | Intrinsic::Unreachable
            | Intrinsic::UnwrapFailed
            | Intrinsic::Drop
            | Intrinsic::NumberOf
            | Intrinsic::CharCode
            | Intrinsic::CharFromCodeUnchecked => self.data_op(op, type_args, args),
            _ => float_op(op, self.number_arg(type_args), args),
        }
    }

    fn number_arg(&self, type_args: &[Ty<'db>]) -> Number {
        type_args.first().map_or(Number::None, |ty| Number::of(self.db, *ty))
    }

    fn data_op(&mut self, op: Intrinsic, type_args: &[Ty<'db>], args: &[Value<'db>]) -> Outcome<'db> {
        match (op, args) {
            (Intrinsic::Compare, [a, b]) => Ok(ordering(structural::compare(a, b))),
            (Intrinsic::Hash, [value]) => Ok(Value::int(structural::hash(value))),
            (Intrinsic::Show, [value]) => {
                let Some(ty) = type_args.first() else { return malformed() };
                let text = show(self.program, value, *ty);
                self.grow_string(text.len(), text.len())?;
                Ok(Value::string(text))
            }
            (Intrinsic::Unreachable, [Value::String(message)]) => {
                trap(TrapKind::Unreachable, message.as_str())
            }
            (Intrinsic::UnwrapFailed, [Value::String(message)]) => trap(TrapKind::Unwrap, message.as_str()),
            (Intrinsic::Drop, [_]) => Ok(Value::Unit),
            (Intrinsic::NumberOf, [Value::Int(value)]) => Ok(match self.number_arg(type_args) {
                Number::Float(_) => Value::Float(value.get() as f64),
                Number::Int(_) | Number::None => Value::Int(*value),
            }),
            (Intrinsic::CharCode, [Value::Char(c)]) => Ok(Value::int(u32::from(*c))),
            (Intrinsic::CharFromCodeUnchecked, [Value::Int(code)]) => {
                let c = u32::try_from(code.get()).ok().and_then(char::from_u32);
                c.map(Value::Char).ok_or_else(|| Cause::Internal("no scalar value".to_owned()))
            }
            _ => malformed(),
        }
    }

    /// Encodes a value behind what is encoded already, or decodes one.
    pub(crate) fn encoding_op(
        &mut self,
        op: Intrinsic,
        type_args: &[Ty<'db>],
        args: &mut [Value<'db>],
    ) -> Flow<'db> {
        let failed = |cause| Exit::Fail(Box::new(Failure::new(cause)));
        let (program, Some(ty), [bytes, operand]) = (self.program, type_args.first(), args) else {
            return malformed().map_err(failed);
        };
        let Value::List(list) = &bytes else { return malformed().map_err(failed) };
        if op == Intrinsic::Encode {
            let mut more = Vec::new();
            self.by_methods(|ways| encoding::encode(program, ways, &mut more, operand, *ty))?;
            let more = Value::list(more.into_iter().map(Value::int).collect());
            self.append(bytes, &more).map_err(failed)?;
            return Ok(Value::Unit);
        }
        let raw = |value: &Value<'db>| value.as_int().and_then(|byte| u8::try_from(byte).ok()).unwrap_or(0);
        let raw: Vec<u8> = list.0.iter().map(raw).collect();
        self.burn(raw.len()).map_err(failed)?;
        let at = usize::try_from(operand.as_int().unwrap_or(0)).unwrap_or(usize::MAX);
        let decoded = self.by_methods(|ways| encoding::decode(program, ways, &raw, at, *ty))?;
        let (value, at) = match decoded {
            Ok((value, next)) => (Value::some(value), next),
            Err(at) => (Value::none(), at),
        };
        Ok(Value::tuple(vec![value, Value::int(at as u64)]))
    }

    fn list_op(&mut self, op: Intrinsic, args: &mut [Value<'db>]) -> Outcome<'db> {
        match (op, args) {
            (Intrinsic::ListLen, [Value::List(items)]) => Ok(Value::int(items.0.len() as u64)),
            (Intrinsic::ListPush, [Value::List(items), value]) => {
                self.grow_list(items.0.len() + 1, 1)?;
                let value = std::mem::replace(value, Value::Unit);
                self.own(items, |items| items.0.len())?.0.push(value);
                Ok(Value::Unit)
            }
            (Intrinsic::ListPop, [Value::List(items)]) => {
                Ok(Value::option(self.own(items, |items| items.0.len())?.0.pop()))
            }
            (Intrinsic::ListSwap, [Value::List(items), i, j]) => {
                let i = list_index(i, items.0.len())?;
                let j = list_index(j, items.0.len())?;
                self.own(items, |items| items.0.len())?.0.swap(i, j);
                Ok(Value::Unit)
            }
            (Intrinsic::ListTruncate, [Value::List(items), len]) => {
                let len = usize::try_from(len.as_int().unwrap_or(0)).unwrap_or(usize::MAX);
                if len < items.0.len() {
                    // Whatever is removed may nest deeply: let `Parts` free it.
                    drop(Parts(self.own(items, |items| items.0.len())?.0.split_off(len)));
                }
                Ok(Value::Unit)
            }
            (Intrinsic::ListReserve, [Value::List(_), _]) => Ok(Value::Unit),
            (Intrinsic::ListSlice, [Value::List(items), start, end]) => {
                let (start, end) = bounds(start, end, items.0.len())?;
                self.grow_list(end - start, end - start)?;
                Ok(Value::list(items.0[start..end].to_vec()))
            }
            (Intrinsic::ListAppend, [list, other]) => {
                let other = std::mem::replace(other, Value::Unit);
                self.append(list, &other)?;
                Ok(Value::Unit)
            }
            (Intrinsic::ListOf, [count, value]) => {
                let count = usize::try_from(count.as_int().unwrap_or(0)).unwrap_or(usize::MAX);
                self.grow_list(count, count)?;
                Ok(Value::list(vec![value.clone(); count]))
            }
            _ => malformed(),
        }
    }

    fn string_op(&mut self, op: Intrinsic, args: &mut [Value<'db>]) -> Outcome<'db> {
        match (op, args) {
            (Intrinsic::StringBytes, [Value::String(text)]) => {
                self.grow_list(text.len(), text.len())?;
                Ok(Value::list(text.bytes().map(Value::int).collect()))
            }
            (Intrinsic::StringFromUtf8Unchecked, [Value::List(bytes)]) => {
                self.burn(bytes.0.len())?;
                let bytes = bytes.0.iter().map(|byte| u8::try_from(byte.as_int().unwrap_or(0)).unwrap_or(0));
                String::from_utf8(bytes.collect())
                    .map(Value::string)
                    .map_err(|_| Cause::Internal("std made a string of what is not UTF-8".to_owned()))
            }
            (Intrinsic::StringByteLen, [Value::String(text)]) => Ok(Value::int(text.len() as u64)),
            (Intrinsic::StringByteAt, [Value::String(text), index]) => {
                Ok(Value::int(text.as_bytes()[list_index(index, text.len())?]))
            }
            (Intrinsic::StringByteSlice, [Value::String(text), start, end]) => {
                let (start, end) = bounds(start, end, text.len())?;
                self.burn((end - start) / 8)?;
                match text.get(start..end) {
                    Some(slice) => Ok(Value::string(slice)),
                    None => trap(TrapKind::InvalidUtf8, "a bound of the slice is inside a char"),
                }
            }
            (Intrinsic::StringPush, [Value::String(text), Value::Char(c)]) => {
                self.grow_string(text.len() + c.len_utf8(), 1)?;
                self.own(text, |text| text.len() / 8)?.push(*c);
                Ok(Value::Unit)
            }
            (Intrinsic::StringAppend, [text, other]) => {
                let other = std::mem::replace(other, Value::Unit);
                self.append(text, &other)?;
                Ok(Value::Unit)
            }
            _ => malformed(),
        }
    }

    fn map_op(&mut self, op: Intrinsic, args: &mut [Value<'db>]) -> Outcome<'db> {
        match (op, args) {
            (Intrinsic::MapLen, [Value::Map(map)]) => Ok(Value::int(map.len() as u64)),
            (Intrinsic::MapGet, [Value::Map(map), key]) => Ok(Value::option(map.get(key).cloned())),
            (Intrinsic::MapInsert, [Value::Map(map), key, value]) => {
                self.grow_list(map.len() + 1, 1)?;
                let key = std::mem::replace(key, Value::Unit);
                let value = std::mem::replace(value, Value::Unit);
                let map = self.own(map, crate::map::MapValue::len)?;
                Ok(Value::option(map.insert(key, value)))
            }
            (Intrinsic::MapRemove, [Value::Map(map), key]) => {
                let map = self.own(map, crate::map::MapValue::len)?;
                Ok(Value::option(map.remove(key)))
            }
            (Intrinsic::MapEntries, [Value::Map(map)]) => {
                self.burn(map.len())?;
                let entries = map.iter().map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()]));
                Ok(Value::list(entries.collect()))
            }
            _ => malformed(),
        }
    }

    fn set_op(&mut self, op: Intrinsic, args: &mut [Value<'db>]) -> Outcome<'db> {
        match (op, args) {
            (Intrinsic::SetLen, [Value::Set(set)]) => Ok(Value::int(set.len() as u64)),
            (Intrinsic::SetContains, [Value::Set(set), value]) => Ok(Value::Bool(set.get(value).is_some())),
            (Intrinsic::SetInsert, [Value::Set(set), value]) => {
                self.grow_list(set.len() + 1, 1)?;
                let value = std::mem::replace(value, Value::Unit);
                let set = self.own(set, crate::map::MapValue::len)?;
                Ok(Value::Bool(set.insert(value, Value::Unit).is_none()))
            }
            (Intrinsic::SetRemove, [Value::Set(set), value]) => {
                let set = self.own(set, crate::map::MapValue::len)?;
                Ok(Value::Bool(set.remove(value).is_some()))
            }
            (Intrinsic::SetItems, [Value::Set(set)]) => {
                self.burn(set.len())?;
                Ok(Value::list(set.iter().map(|(value, _)| value.clone()).collect()))
            }
            _ => malformed(),
        }
    }
}

/// A case of the prelude's `Ordering`.
fn ordering<'db>(order: Ordering) -> Value<'db> {
    Value::Bare(match order {
        Ordering::Less => 0,
        Ordering::Equal => 1,
        Ordering::Greater => 2,
    })
}

fn list_index(index: &Value<'_>, len: usize) -> Result<usize, Cause> {
    let Some(index) = index.as_int() else { return malformed() };
    match usize::try_from(index) {
        Ok(index) if index < len => Ok(index),
        _ => trap(TrapKind::Index, index_message(index, len)),
    }
}

/// The bounds of a slice: `start <= end <= len`.
fn bounds(start: &Value<'_>, end: &Value<'_>, len: usize) -> Result<(usize, usize), Cause> {
    let (Some(start), Some(end)) = (start.as_int(), end.as_int()) else { return malformed() };
    match (usize::try_from(start), usize::try_from(end)) {
        (Ok(first), Ok(last)) if first <= last && last <= len => Ok((first, last)),
        _ => trap(TrapKind::Index, format!("slice {start}..{end} is out of range for length {len}")),
    }
}

fn int_op<'db>(op: Intrinsic, number: Number, args: &[Value<'db>]) -> Outcome<'db> {
    if let (Intrinsic::U64MulHigh, [Value::Int(a), Value::Int(b)]) = (op, args) {
        let product = u128::from(a.bits()) * u128::from(b.bits());
        return Ok(Value::int((product >> 64) as u64));
    }
    let (Number::Int(kind), Some(Value::Int(value))) = (number, args.first()) else { return malformed() };
    let bits = number::wrap(unsigned(kind), value.get()) as u64;
    let width = kind.bits();
    Ok(match (op, args) {
        (Intrinsic::IntLeadingZeros, [_]) => Value::int(bits.leading_zeros() - (64 - width)),
        (Intrinsic::IntTrailingZeros, [_]) => Value::int(bits.trailing_zeros().min(width)),
        (Intrinsic::IntCountOnes, [_]) => Value::int(bits.count_ones()),
        (Intrinsic::IntRotateLeft | Intrinsic::IntRotateRight, [_, Value::Int(by)]) => {
            let by = (by.get().rem_euclid(i128::from(width))) as u32;
            let left = if op == Intrinsic::IntRotateLeft { by } else { (width - by) % width };
            let wide = u128::from(bits) << left;
            Value::int(number::wrap(kind, (wide | wide >> width) as i128))
        }
        _ => return malformed(),
    })
}

fn unsigned(kind: IntKind) -> IntKind {
    match kind {
        IntKind::S8 => IntKind::U8,
        IntKind::S16 => IntKind::U16,
        IntKind::S32 => IntKind::U32,
        IntKind::S64 => IntKind::U64,
        unsigned => unsigned,
    }
}

fn float_op<'db>(op: Intrinsic, number: Number, args: &[Value<'db>]) -> Outcome<'db> {
    let kind = if let Number::Float(kind) = number { kind } else { FloatKind::F64 };
    let value = match (op, args) {
        (Intrinsic::FloatSqrt, [Value::Float(x)]) => number::round(kind, x.sqrt()),
        (Intrinsic::FloatFloor, [Value::Float(x)]) => x.floor(),
        (Intrinsic::FloatCeil, [Value::Float(x)]) => x.ceil(),
        (Intrinsic::FloatTrunc, [Value::Float(x)]) => x.trunc(),
        (Intrinsic::FloatRoundEven, [Value::Float(x)]) => x.round_ties_even(),
        (Intrinsic::FloatAbs, [Value::Float(x)]) => x.abs(),
        (Intrinsic::FloatCopysign, [Value::Float(x), Value::Float(sign)]) => x.copysign(*sign),
        (Intrinsic::FloatMin, [Value::Float(x), Value::Float(y)]) => match nan_of(*x, *y) {
            Some(nan) => nan,
            None if structural::total_float(*x, *y).is_le() => *x,
            None => *y,
        },
        (Intrinsic::FloatMax, [Value::Float(x), Value::Float(y)]) => match nan_of(*x, *y) {
            Some(nan) => nan,
            None if structural::total_float(*x, *y).is_ge() => *x,
            None => *y,
        },
        (Intrinsic::F64Bits, [Value::Float(x)]) => {
            return Ok(Value::int(if x.is_nan() { CANONICAL_NAN_64 } else { x.to_bits() }));
        }
        (Intrinsic::F32Bits, [Value::Float(x)]) => {
            return Ok(Value::int(if x.is_nan() { CANONICAL_NAN_32 } else { (*x as f32).to_bits() }));
        }
        (Intrinsic::F64FromBits, [Value::Int(bits)]) => f64::from_bits(bits.bits()),
        (Intrinsic::F32FromBits, [Value::Int(bits)]) => f64::from(f32::from_bits(bits.bits() as u32)),
        _ => return malformed(),
    };
    Ok(Value::Float(value))
}

/// A NaN, if one of the two is.
fn nan_of(x: f64, y: f64) -> Option<f64> {
    (x.is_nan() || y.is_nan()).then_some(f64::NAN)
}

/// The one NaN that leaves a program, as WebAssembly's deterministic profile and the component model have it.
const CANONICAL_NAN_64: u64 = 0x7ff8_0000_0000_0000;
const CANONICAL_NAN_32: u32 = 0x7fc0_0000;
