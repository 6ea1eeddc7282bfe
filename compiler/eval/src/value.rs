//! Values as the language means them: plain, immutable to everybody else, without counts or addresses.
//!
//! Compound values share their parts behind an `Arc` and are copied when written to while shared, so that a
//! copy costs nothing and a change of a value nobody else sees happens in place.
//!
//! **Freeing.** A value may nest a million deep (a linked list is a variant in a variant). The parts of every
//! compound value live in [`Parts`], whose `Drop` empties what it owns into a work list instead of recursing.

use crate::map::MapValue;
use crate::replaced::Replacements;
use dot_db::Item;
use dot_types::Ty;
use dot_types::thir::ExprId;
use std::sync::Arc;

/// A value.
///
/// Records are tuples of their fields in order of declaration. A case without parts is [`Value::Bare`], with
/// parts [`Value::Case`]; `option` and `result` are variants like any other.
#[derive(Clone, Debug)]
pub enum Value<'db> {
    /// The empty tuple, or a record without fields.
    Unit,
    /// `bool`
    Bool(bool),
    /// An integer of any of the eight types.
    Int(Int),
    /// A float; of type `f32` it is always rounded to one.
    Float(f64),
    /// `char`
    Char(char),
    /// `string`
    String(Arc<String>),
    /// `list<T>` or a fixed-length list.
    List(Arc<Parts<'db>>),
    /// A tuple or record with at least one part.
    Tuple(Arc<Parts<'db>>),
    /// A case that carries nothing.
    Bare(u32),
    /// A case that carries something.
    Case(Arc<CaseValue<'db>>),
    /// Flags.
    Flags(u32),
    /// `map<K, V>`
    Map(Arc<MapValue<'db>>),
    /// `set<T>`: a map whose values are unit.
    Set(Arc<MapValue<'db>>),
    /// A closure with what it captured.
    Closure(Arc<ClosureValue<'db>>),
    /// A named function.
    Fn(Arc<FnValue<'db>>),
    /// The body of a loop over an `each`: which of the loops that are open.
    Visitor(usize),
}

/// An integer between `-2^63` and `2^64 - 1`: what any of the eight types can hold, in less room than an `i128`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Int {
    /// The low 64 bits in two's complement.
    bits: u64,
    negative: bool,
}

impl Int {
    /// The value, where `value` fits in 64 bits, signed or unsigned; else its low 64 bits with its sign.
    #[must_use]
    pub const fn new(value: i128) -> Self {
        Self { bits: value as u64, negative: value < 0 }
    }

    /// The value.
    #[must_use]
    pub const fn get(self) -> i128 {
        if self.negative { (self.bits as i64) as i128 } else { self.bits as i128 }
    }

    /// The 64 bits in two's complement.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.bits
    }
}

/// The parts of a compound value.
#[derive(Clone, Debug, Default)]
pub struct Parts<'db>(pub Vec<Value<'db>>);

/// A case with what it carries.
#[derive(Clone, Debug)]
pub struct CaseValue<'db> {
    /// The index of the case.
    pub case: u32,
    /// What it carries; at least one part.
    pub parts: Parts<'db>,
}

/// A closure: its code is an expression of an item's body.
#[derive(Clone, Debug)]
pub struct ClosureValue<'db> {
    /// The item whose body it stands in.
    pub item: Item<'db>,
    /// That item's type arguments when the closure was made.
    pub type_args: Arc<[Ty<'db>]>,
    /// The closure expression.
    pub expr: ExprId,
    /// What it captured, in the order of the closure's captures.
    pub captures: Parts<'db>,
    /// What is replaced where it was made.
    pub replaced: Replacements<'db>,
}

/// A named function with its type arguments.
#[derive(Clone, Debug)]
pub struct FnValue<'db> {
    /// The function.
    pub item: Item<'db>,
    /// Its type arguments.
    pub type_args: Arc<[Ty<'db>]>,
    /// What is replaced where it was made.
    pub replaced: Replacements<'db>,
}

impl Drop for Parts<'_> {
    fn drop(&mut self) {
        let mut pending = std::mem::take(&mut self.0);
        while let Some(value) = pending.pop() {
            value.dismantle(&mut pending);
        }
    }
}

impl<'db> Value<'db> {
    /// An integer.
    #[must_use]
    pub fn int(value: impl Into<i128>) -> Self {
        Self::Int(Int::new(value.into()))
    }

    /// A string.
    #[must_use]
    pub fn string(text: impl Into<String>) -> Self {
        Self::String(Arc::new(text.into()))
    }

    /// A list.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Arc::new(Parts(items)))
    }

    /// A tuple or record.
    #[must_use]
    pub fn tuple(parts: Vec<Self>) -> Self {
        if parts.is_empty() { Self::Unit } else { Self::Tuple(Arc::new(Parts(parts))) }
    }

    /// A case of a variant.
    #[must_use]
    pub fn case(case: u32, parts: Vec<Self>) -> Self {
        if parts.is_empty() {
            Self::Bare(case)
        } else {
            Self::Case(Arc::new(CaseValue { case, parts: Parts(parts) }))
        }
    }

    /// `none`
    #[must_use]
    pub const fn none() -> Self {
        Self::Bare(0)
    }

    /// `some(value)`
    #[must_use]
    pub fn some(value: Self) -> Self {
        Self::case(1, vec![value])
    }

    /// An option.
    #[must_use]
    pub fn option(value: Option<Self>) -> Self {
        value.map_or_else(Self::none, Self::some)
    }

    /// `ok(value)`
    #[must_use]
    pub fn ok(value: Self) -> Self {
        Self::case(0, vec![value])
    }

    /// `err(value)`
    #[must_use]
    pub fn err(value: Self) -> Self {
        Self::case(1, vec![value])
    }

    /// Whether this may be, or hold, a value of an opaque type: all but plain data of built-in types.
    pub(crate) fn may_hold_own(&self) -> bool {
        !matches!(self, Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::Char(_) | Self::String(_))
    }

    /// The entries of a map; a set's have units for values.
    pub(crate) fn as_map(&self) -> Option<&MapValue<'db>> {
        match self {
            Self::Map(map) | Self::Set(map) => Some(map),
            _ => None,
        }
    }

    /// The value of an integer.
    #[must_use]
    pub fn as_int(&self) -> Option<i128> {
        if let Self::Int(value) = self { Some(value.get()) } else { None }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The index of a case and what it carries.
    #[must_use]
    pub fn as_case(&self) -> Option<(u32, &[Self])> {
        match self {
            Self::Bare(case) => Some((*case, &[])),
            Self::Case(value) => Some((value.case, &value.parts.0)),
            _ => None,
        }
    }

    /// The elements of a list, or the parts of a tuple or record.
    #[must_use]
    pub fn as_parts(&self) -> Option<&[Self]> {
        match self {
            Self::Unit => Some(&[]),
            Self::List(parts) | Self::Tuple(parts) => Some(&parts.0),
            _ => None,
        }
    }

    /// Moves what this value owns alone into `pending`, so that dropping the rest recurses no further.
    fn dismantle(self, pending: &mut Vec<Self>) {
        match self {
            Self::List(parts) | Self::Tuple(parts) => {
                if let Some(mut parts) = Arc::into_inner(parts) {
                    pending.append(&mut parts.0);
                }
            }
            Self::Case(value) => {
                if let Some(mut value) = Arc::into_inner(value) {
                    pending.append(&mut value.parts.0);
                }
            }
            Self::Closure(closure) => {
                if let Some(mut closure) = Arc::into_inner(closure) {
                    pending.append(&mut closure.captures.0);
                }
            }
            Self::Map(map) | Self::Set(map) => {
                if let Some(mut map) = Arc::into_inner(map) {
                    map.take_all(pending);
                }
            }
            _ => {}
        }
    }
}

/// Two values are the same when nothing in the language could tell them apart: `compare` says equal. Functions
/// are the same when they were made by one evaluation of one expression.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        crate::structural::compare(self, other).is_eq()
    }
}

impl Eq for Value<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_small() {
        assert!(size_of::<Value<'static>>() <= 16);
    }

    #[test]
    fn an_int_keeps_every_value_of_every_type() {
        for value in [0, -1, i128::from(i64::MIN), i128::from(u64::MAX), 1 << 63, 42] {
            assert_eq!(Int::new(value).get(), value);
        }
    }

    /// A million levels would overflow any stack if dropping recursed.
    #[test]
    fn a_million_nested_nodes_are_freed() {
        let mut list = Value::Bare(0);
        for i in 0..1_000_000 {
            list = Value::case(1, vec![Value::int(i), list]);
        }
        let second = list.clone();
        drop(list);
        drop(second);
        let mut map = Value::Unit;
        for _ in 0..100_000 {
            let mut outer = MapValue::default();
            outer.insert(Value::int(1), map);
            map = Value::Map(Arc::new(outer));
        }
        drop(map);
    }
}
