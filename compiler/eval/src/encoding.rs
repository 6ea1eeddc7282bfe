//! The structural encoding of values, by their type; the spec's chapter on it lays down the bytes.
//!
//! Both ways keep a work list instead of recursing, so a value may nest as deep as it likes.

use crate::map::MapValue;
use crate::own::{Ways, sorted};
use crate::program::Program;
use crate::value::Value;
use dot_types::{AdtShape, FloatKind, IntKind, Ty, TyKind};
use std::sync::Arc;

/// Appends the encoding of a value.
pub(crate) fn encode<'db>(
    program: &dyn Program<'db>,
    ways: &mut dyn Ways<'db>,
    out: &mut Vec<u8>,
    value: &Value<'db>,
    ty: Ty<'db>,
) {
    let mut pending = vec![(value, ty)];
    while let Some((value, ty)) = pending.pop() {
        let start = pending.len();
        encode_one(program, ways, out, value, ty, &mut pending);
        pending[start..].reverse();
    }
}

/// Appends what comes first, and leaves the parts, in order, to `pending`.
fn encode_one<'a, 'db>(
    program: &dyn Program<'db>,
    ways: &mut dyn Ways<'db>,
    out: &mut Vec<u8>,
    value: &'a Value<'db>,
    ty: Ty<'db>,
    pending: &mut Vec<(&'a Value<'db>, Ty<'db>)>,
) {
    let db = program.db();
    match (value, ty.kind(db)) {
        (Value::Unit, _) => out.push(0),
        (Value::Bool(value), _) => out.push((*value).into()),
        (Value::Int(value), TyKind::Int(kind)) => match kind {
            IntKind::U8 | IntKind::S8 => out.push(value.bits() as u8),
            kind if kind.is_signed() => {
                let n = value.bits() as i64;
                push_number(out, (n << 1 ^ n >> 63) as u64);
            }
            _ => push_number(out, value.bits()),
        },
        (Value::Float(value), TyKind::Float(kind)) => push_float(out, *value, *kind),
        (Value::Char(value), _) => push_number(out, u64::from(u32::from(*value))),
        (Value::Flags(bits), _) => push_number(out, u64::from(*bits)),
        (Value::String(text), _) => {
            push_number(out, text.len() as u64);
            out.extend(text.as_bytes());
        }
        (Value::List(items), TyKind::FixedList(item, _)) => {
            if items.0.is_empty() {
                out.push(0);
            }
            pending.extend(items.0.iter().map(|value| (value, *item)));
        }
        (Value::List(items), TyKind::List(item)) => {
            push_number(out, items.0.len() as u64);
            pending.extend(items.0.iter().map(|value| (value, *item)));
        }
        (Value::Map(map), TyKind::Map(key_ty, value_ty)) => {
            push_number(out, map.len() as u64);
            for (key, value) in sorted(ways, db, *key_ty, map) {
                pending.extend([(key, *key_ty), (value, *value_ty)]);
            }
        }
        (Value::Set(set), TyKind::Set(item)) => {
            push_number(out, set.len() as u64);
            pending.extend(sorted(ways, db, *item, set).into_iter().map(|(value, _)| (value, *item)));
        }
        (Value::Tuple(parts), _) => {
            let tys = record_parts(program, ty).unwrap_or_default();
            pending.extend(parts.0.iter().zip(tys));
        }
        (Value::Bare(case), _) => push_number(out, u64::from(*case)),
        (Value::Case(value), _) => {
            push_number(out, u64::from(value.case));
            let cases = cases(program, ty).unwrap_or_default();
            let tys = cases.into_iter().nth(value.case as usize).unwrap_or_default();
            pending.extend(value.parts.0.iter().zip(tys));
        }
        // Functions are no data, and nothing else is of these types.
        _ => {}
    }
}

pub(crate) fn push_number(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn push_float(out: &mut Vec<u8>, value: f64, kind: FloatKind) {
    match kind {
        FloatKind::F64 if value.is_nan() => out.extend(CANONICAL_NAN_64.to_le_bytes()),
        FloatKind::F64 => out.extend(value.to_le_bytes()),
        FloatKind::F32 if value.is_nan() => out.extend(CANONICAL_NAN_32.to_le_bytes()),
        FloatKind::F32 => out.extend((value as f32).to_le_bytes()),
    }
}

const CANONICAL_NAN_64: u64 = 0x7ff8_0000_0000_0000;
const CANONICAL_NAN_32: u32 = 0x7fc0_0000;

/// The types of the parts of a record or tuple.
pub(crate) fn record_parts<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> Option<Vec<Ty<'db>>> {
    let db = program.db();
    match ty.kind(db) {
        TyKind::Tuple(parts) => Some(parts.clone()),
        TyKind::Adt(item, args) => match &program.adt(*item)?.shape {
            AdtShape::Record(fields) | AdtShape::Resource(fields) => {
                Some(fields.iter().map(|field| field.ty.substitute(db, args)).collect())
            }
            _ => None,
        },
        _ => None,
    }
}

/// The types of the parts of each case.
pub(crate) fn cases<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> Option<Vec<Vec<Ty<'db>>>> {
    let db = program.db();
    match ty.kind(db) {
        TyKind::Option(item) => Some(vec![Vec::new(), vec![*item]]),
        TyKind::Result(ok, err) => Some(vec![vec![*ok], vec![*err]]),
        TyKind::Adt(item, args) => match &program.adt(*item)?.shape {
            AdtShape::Variant(cases) => {
                let parts = cases.iter().map(|case| case.parts.iter());
                Some(parts.map(|parts| parts.map(|part| part.ty.substitute(db, args)).collect()).collect())
            }
            _ => None,
        },
        _ => None,
    }
}

/// The value whose encoding stands at an offset, and the offset behind it.
///
/// # Errors
///
/// The offset where what can't be read begins.
pub(crate) fn decode<'db>(
    program: &dyn Program<'db>,
    ways: &mut dyn Ways<'db>,
    bytes: &[u8],
    at: usize,
    ty: Ty<'db>,
) -> Result<(Value<'db>, usize), usize> {
    let mut reader = Reader { program, ways, bytes, at };
    let mut open: Vec<Open<'db>> = Vec::new();
    let mut begun = reader.begin(ty)?;
    loop {
        let mut value = match begun {
            Begun::Whole(value) => value,
            Begun::Parts(parts) => {
                open.push(parts);
                match reader.go_on(&mut open)? {
                    GoOn::Part(ty) => {
                        begun = reader.begin(ty)?;
                        continue;
                    }
                    GoOn::Complete(value) => value,
                }
            }
        };
        loop {
            let Some(outer) = open.last_mut() else { return Ok((value, reader.at)) };
            outer.parts.push(value);
            match reader.go_on(&mut open)? {
                GoOn::Part(ty) => {
                    begun = reader.begin(ty)?;
                    break;
                }
                GoOn::Complete(complete) => value = complete,
            }
        }
    }
}

/// What a value becomes of its parts.
enum Kind {
    Tuple,
    Case(u32),
    List,
    Map,
    Set,
}

/// A value whose parts are being read.
struct Open<'db> {
    kind: Kind,
    /// Where it begins.
    start: usize,
    /// The types of its parts; of a list, again and again.
    tys: Vec<Ty<'db>>,
    count: usize,
    parts: Vec<Value<'db>>,
}

enum Begun<'db> {
    Whole(Value<'db>),
    Parts(Open<'db>),
}

enum GoOn<'db> {
    Part(Ty<'db>),
    Complete(Value<'db>),
}

struct Reader<'a, 'p, 'db> {
    program: &'p dyn Program<'db>,
    ways: &'p mut dyn Ways<'db>,
    bytes: &'a [u8],
    at: usize,
}

impl<'db> Reader<'_, '_, 'db> {
    /// A number of at most `bits` bits.
    fn number(&mut self, bits: u32) -> Result<u64, usize> {
        let mut value: u128 = 0;
        for (n, byte) in self.bytes.iter().enumerate().skip(self.at).take(10) {
            value |= u128::from(byte & 0x7f) << (7 * (n - self.at));
            if value >> 64 != 0 {
                return Err(self.at);
            }
            if *byte < 0x80 {
                if (*byte == 0 && n > self.at) || value >> bits != 0 {
                    return Err(self.at);
                }
                self.at = n + 1;
                return Ok(value as u64);
            }
        }
        Err(self.at)
    }

    fn below(&mut self, limit: u64) -> Result<u64, usize> {
        let start = self.at;
        match self.number(32)? {
            value if value < limit => Ok(value),
            _ => Err(start),
        }
    }

    fn len(&mut self) -> Result<usize, usize> {
        let start = self.at;
        match self.number(32)? as usize {
            len if len <= self.bytes.len() - self.at => Ok(len),
            _ => Err(start),
        }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], usize> {
        let taken = self.bytes.get(self.at..self.at + N).and_then(|bytes| bytes.try_into().ok());
        self.at += if taken.is_some() { N } else { 0 };
        taken.ok_or(self.at)
    }

    fn float(&mut self, kind: FloatKind) -> Result<f64, usize> {
        let start = self.at;
        let (value, is_canonical) = match kind {
            FloatKind::F64 => {
                let bits = u64::from_le_bytes(self.take()?);
                (f64::from_bits(bits), bits == CANONICAL_NAN_64)
            }
            FloatKind::F32 => {
                let bits = u32::from_le_bytes(self.take()?);
                (f64::from(f32::from_bits(bits)), bits == CANONICAL_NAN_32)
            }
        };
        if value.is_nan() && !is_canonical { Err(start) } else { Ok(value) }
    }

    fn text(&mut self) -> Result<Value<'db>, usize> {
        let start = self.at;
        let len = self.len()?;
        let text = std::str::from_utf8(&self.bytes[self.at..self.at + len]).map_err(|_| start)?;
        self.at += len;
        Ok(Value::string(text))
    }

    /// Reads a value, or what stands before its parts.
    fn begin(&mut self, ty: Ty<'db>) -> Result<Begun<'db>, usize> {
        let start = self.at;
        let open = |kind, tys, count| Ok(Begun::Parts(Open { kind, start, tys, count, parts: Vec::new() }));
        Ok(Begun::Whole(match ty.kind(self.program.db()) {
            TyKind::Bool => Value::Bool(self.below(2)? == 1),
            TyKind::Int(IntKind::U8) => Value::int(u8::from_le_bytes(self.take()?)),
            TyKind::Int(IntKind::S8) => Value::int(i8::from_le_bytes(self.take()?)),
            TyKind::Int(kind) if kind.is_signed() => {
                let number = self.number(kind.bits())?;
                Value::int((number >> 1) as i64 ^ -((number & 1) as i64))
            }
            TyKind::Int(kind) => Value::int(self.number(kind.bits())?),
            TyKind::Float(kind) => Value::Float(self.float(*kind)?),
            TyKind::Char => {
                let code = self.number(32)? as u32;
                Value::Char(char::from_u32(code).ok_or(start)?)
            }
            TyKind::String => self.text()?,
            TyKind::List(item) => {
                let count = self.len()?;
                return open(Kind::List, vec![*item], count);
            }
            TyKind::FixedList(item, len) => {
                if *len == 0 {
                    self.below(1)?;
                }
                return open(Kind::List, vec![*item], *len as usize);
            }
            TyKind::Map(key, value) => {
                let count = self.len()?;
                return open(Kind::Map, vec![*key, *value], 2 * count);
            }
            TyKind::Set(item) => {
                let count = self.len()?;
                return open(Kind::Set, vec![*item], count);
            }
            _ => return self.begin_parts(ty),
        }))
    }

    fn begin_parts(&mut self, ty: Ty<'db>) -> Result<Begun<'db>, usize> {
        let start = self.at;
        let open = |kind, tys: Vec<Ty<'db>>| {
            let count = tys.len();
            Ok(Begun::Parts(Open { kind, start, tys, count, parts: Vec::new() }))
        };
        if let Some(tys) = record_parts(self.program, ty) {
            if tys.is_empty() {
                self.below(1)?;
            }
            return open(Kind::Tuple, tys);
        }
        if let Some(cases) = cases(self.program, ty) {
            let case = self.below(cases.len() as u64)?;
            return open(Kind::Case(case as u32), cases.into_iter().nth(case as usize).unwrap_or_default());
        }
        if let TyKind::Adt(item, _) = ty.kind(self.program.db())
            && let Some(AdtShape::Flags(names)) = self.program.adt(*item).map(|adt| &adt.shape)
        {
            return Ok(Begun::Whole(Value::Flags(self.below(1 << names.len())? as u32)));
        }
        Err(start)
    }

    /// The type of the next part of the innermost open value; or that value, when it has all of them.
    fn go_on(&mut self, open: &mut Vec<Open<'db>>) -> Result<GoOn<'db>, usize> {
        if let Some(inner) = open.last()
            && inner.parts.len() < inner.count
        {
            return Ok(GoOn::Part(inner.tys[inner.parts.len() % inner.tys.len()]));
        }
        let Some(Open { kind, start, parts, tys, .. }) = open.pop() else { return Err(self.at) };
        Ok(GoOn::Complete(match kind {
            Kind::Tuple => Value::tuple(parts),
            Kind::Case(case) => Value::case(case, parts),
            Kind::List => Value::list(parts),
            Kind::Map => Value::Map(Arc::new(sorted_map(self.ways, &tys, parts).ok_or(start)?)),
            Kind::Set => Value::Set(Arc::new(sorted_map(self.ways, &tys, parts).ok_or(start)?)),
        }))
    }
}

/// A map of keys and values in turns, or of keys alone, if each key is greater than the one before.
fn sorted_map<'db>(
    ways: &mut dyn Ways<'db>,
    tys: &[Ty<'db>],
    parts: Vec<Value<'db>>,
) -> Option<MapValue<'db>> {
    let key_ty = *tys.first()?;
    let mut map = MapValue::default();
    let mut parts = parts.into_iter();
    let mut last: Option<Value<'db>> = None;
    while let Some(key) = parts.next() {
        let value = if tys.len() == 2 { parts.next()? } else { Value::Unit };
        if last.as_ref().is_some_and(|last| ways.compare(key_ty, last, &key).is_ge()) {
            return None;
        }
        last = Some(key.clone());
        map.insert(key, value);
    }
    Some(map)
}
