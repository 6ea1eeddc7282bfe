//! The operations that every data type has: equality, the total order, and the hash.
//!
//! All three walk two values (or one) part by part without recursion, so a value may nest as deep as it likes.
//! They need no types: what a value is made of says enough.
//!
//! # Equality
//!
//! `==` holds when the values have the same shape and equal parts. Floats compare by IEEE 754: NaN differs from
//! everything, itself included, and `-0.0 == 0.0`. Maps and sets are equal when they have the same keys with
//! equal values, whatever the order of insertion.
//!
//! # Order
//!
//! `compare` is a total order: `false < true`; numbers by value, where floats have `-0.0 < 0.0` and one NaN,
//! greater than all else; chars by code point; strings by their UTF-8 bytes, which is by code points; lists by
//! the first difference, then the shorter first; tuples and records part by part; variants by the index of the
//! case (`none < some`, `ok < err`), then part by part; flags as the number that their bits are; maps as the
//! list of their entries, in order of keys; sets as the list of their elements, in order.
//!
//! Between two floats, `< <= > >=` are IEEE's and false on NaN. Between two values of any other data type they say what
//! `compare` says; so inside a tuple `-0.0` is below `0.0`.
//!
//! # Hash
//!
//! A value is written as a sequence of 64-bit words, and the state `h`, at first 0, takes in each word `w` by
//! `h = (rotate_left(h, 5) ^ w) * 0x517c_c1b7_2722_0a95` modulo 2^64 (the step of Firefox's and rustc's FxHash). The words:
//!
//! - `bool`: 0 or 1. Integer: its value as 64 bits in two's complement, whatever its type. Char: its code point.
//! - String: its length in bytes, then its bytes in groups of eight, little-endian, the last one filled with zeros.
//! - List, of fixed length or not: its length, then its elements. Tuple, record: its parts.
//! - Variant, enum, `option`, `result`: the index of the case, then its parts. Flags: the bits.
//! - Map: its length, then the sum modulo 2^64 of every entry's own hash, which is that of a tuple of key and value.
//!   Set: its length, then the sum of its elements' own hashes. So the order of insertion doesn't matter.
//!
//! The hash of a value is `h ^ (h >> 32)` of the last state: multiplication carries upwards only, so the upper
//! half is folded into the lower one, which tables index by. An own hash starts from 0 and is folded likewise.
//! Floats and functions are no keys and have no hash.

use crate::value::Value;
use std::cmp::Ordering;
use std::sync::Arc;

/// The total order.
#[must_use]
pub fn compare(left: &Value<'_>, right: &Value<'_>) -> Ordering {
    match walk(left, right, total_float) {
        Some(order) => order,
        None => Ordering::Equal,
    }
}

/// `==`
#[must_use]
pub fn equal(left: &Value<'_>, right: &Value<'_>) -> bool {
    // NaN is unequal to everything: any order but `Equal` will do.
    let ieee = |a: f64, b: f64| a.partial_cmp(&b).unwrap_or(Ordering::Less);
    walk(left, right, ieee).is_none()
}

/// The total order of floats: NaNs equal and greatest, `-0.0` below `0.0`.
#[must_use]
pub fn total_float(left: f64, right: f64) -> Ordering {
    match (left.is_nan(), right.is_nan()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => left.total_cmp(&right),
    }
}

/// What is still to be compared.
enum Pair<'a, 'db> {
    Values(&'a Value<'db>, &'a Value<'db>),
    Lists(&'a [Value<'db>], &'a [Value<'db>]),
}

/// The first difference between two values of one type, if there is one.
fn walk<'db>(
    left: &Value<'db>,
    right: &Value<'db>,
    float: impl Fn(f64, f64) -> Ordering,
) -> Option<Ordering> {
    if let Some(order) = compare_scalars(left, right, &float) {
        return order.is_ne().then_some(order);
    }
    let mut pending = vec![Pair::Values(left, right)];
    while let Some(pair) = pending.pop() {
        let order = match pair {
            Pair::Values(left, right) => {
                compare_scalars(left, right, &float).unwrap_or_else(|| open(left, right, &mut pending))
            }
            Pair::Lists(left, right) => match (left.split_first(), right.split_first()) {
                (Some((a, left)), Some((b, right))) => {
                    pending.push(Pair::Lists(left, right));
                    compare_scalars(a, b, &float).unwrap_or_else(|| {
                        pending.push(Pair::Values(a, b));
                        Ordering::Equal
                    })
                }
                _ => left.len().cmp(&right.len()),
            },
        };
        if order.is_ne() {
            return Some(order);
        }
    }
    None
}

/// Compares two values without parts.
fn compare_scalars(
    left: &Value<'_>,
    right: &Value<'_>,
    float: impl Fn(f64, f64) -> Ordering,
) -> Option<Ordering> {
    Some(match (left, right) {
        (Value::Unit, Value::Unit) => Ordering::Equal,
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.get().cmp(&b.get()),
        (Value::Float(a), Value::Float(b)) => float(*a, *b),
        (Value::Char(a), Value::Char(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Value::Flags(a), Value::Flags(b)) => a.cmp(b),
        (Value::Bare(a), Value::Bare(b)) => a.cmp(b),
        (Value::Bare(a), Value::Case(b)) => a.cmp(&b.case),
        (Value::Case(a), Value::Bare(b)) => a.case.cmp(b),
        _ => return None,
    })
}

/// Compares what can be told at once of two compound values and leaves their parts to be compared next.
fn open<'a, 'db>(left: &'a Value<'db>, right: &'a Value<'db>, pending: &mut Vec<Pair<'a, 'db>>) -> Ordering {
    match (left, right) {
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
            pending.push(Pair::Lists(&a.0, &b.0));
            Ordering::Equal
        }
        (Value::Case(a), Value::Case(b)) => {
            pending.push(Pair::Lists(&a.parts.0, &b.parts.0));
            a.case.cmp(&b.case)
        }
        (Value::Map(a), Value::Map(b)) | (Value::Set(a), Value::Set(b)) => {
            let start = pending.len();
            for ((key_a, value_a), (key_b, value_b)) in a.sorted().zip(b.sorted()) {
                pending.push(Pair::Values(key_a, key_b));
                pending.push(Pair::Values(value_a, value_b));
            }
            pending[start..].reverse();
            // Compared last, when every common entry is equal: the shorter first.
            let order = a.len().cmp(&b.len());
            if order.is_ne() {
                pending.insert(start, Pair::Values(verdict(order), verdict(Ordering::Equal)));
            }
            Ordering::Equal
        }
        (Value::Closure(a), Value::Closure(b)) => Arc::as_ptr(a).addr().cmp(&Arc::as_ptr(b).addr()),
        (Value::Fn(a), Value::Fn(b)) => {
            let same = a.item == b.item && a.type_args == b.type_args;
            if same { Ordering::Equal } else { Ordering::Less }
        }
        // Of one type they can't be; two shapes of anything else only have to differ.
        _ => rank(left).cmp(&rank(right)),
    }
}

/// A value that compares with that of `Equal` as `order` says.
fn verdict(order: Ordering) -> &'static Value<'static> {
    match order {
        Ordering::Less => &Value::Bare(0),
        Ordering::Equal => &Value::Bare(1),
        Ordering::Greater => &Value::Bare(2),
    }
}

fn rank(value: &Value<'_>) -> u8 {
    match value {
        Value::Unit => 0,
        Value::Bool(_) => 1,
        Value::Int(_) => 2,
        Value::Float(_) => 3,
        Value::Char(_) => 4,
        Value::String(_) => 5,
        Value::List(_) => 6,
        Value::Tuple(_) => 7,
        Value::Bare(_) | Value::Case(_) => 8,
        Value::Flags(_) => 9,
        Value::Map(_) => 10,
        Value::Set(_) => 11,
        Value::Closure(_) => 12,
        Value::Fn(_) => 13,
        Value::Visitor(_) => 14,
    }
}

/// What is still to be hashed.
enum Task<'a, 'db> {
    Value(&'a Value<'db>),
    /// Ends an entry: adds its own hash to the sum of the map it stands in, and starts the next one's.
    EndEntry,
    /// Ends a map: takes in its sum.
    EndMap,
}

/// The structural hash; see the module's documentation.
#[must_use]
pub fn hash(value: &Value<'_>) -> u64 {
    fold(hash_into(0, value))
}

/// The state of a hash after it has taken in a value.
pub(crate) fn hash_into(mut state: u64, value: &Value<'_>) -> u64 {
    // For each map that is open: the state around it and the sum so far.
    let mut maps: Vec<(u64, u64)> = Vec::new();
    let mut pending = vec![Task::Value(value)];
    while let Some(task) = pending.pop() {
        match task {
            Task::Value(value) => hash_one(value, &mut state, &mut maps, &mut pending),
            Task::EndEntry => {
                if let Some((_, sum)) = maps.last_mut() {
                    *sum = sum.wrapping_add(fold(state));
                }
                state = 0;
            }
            Task::EndMap => {
                if let Some((around, sum)) = maps.pop() {
                    state = mix(around, sum);
                }
            }
        }
    }
    state
}

fn hash_one<'a, 'db>(
    value: &'a Value<'db>,
    state: &mut u64,
    maps: &mut Vec<(u64, u64)>,
    pending: &mut Vec<Task<'a, 'db>>,
) {
    let mut parts = |parts: &'a [Value<'db>]| pending.extend(parts.iter().rev().map(Task::Value));
    match value {
        Value::Bool(value) => *state = mix(*state, u64::from(*value)),
        Value::Int(value) => *state = mix(*state, value.bits()),
        Value::Char(value) => *state = mix(*state, u64::from(u32::from(*value))),
        Value::String(text) => {
            *state = mix(*state, text.len() as u64);
            for group in text.as_bytes().chunks(8) {
                let word = group.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
                *state = mix(*state, word);
            }
        }
        Value::List(items) => {
            *state = mix(*state, items.0.len() as u64);
            parts(&items.0);
        }
        Value::Tuple(items) => parts(&items.0),
        Value::Bare(case) => *state = mix(*state, u64::from(*case)),
        Value::Case(value) => {
            *state = mix(*state, u64::from(value.case));
            parts(&value.parts.0);
        }
        Value::Flags(bits) => *state = mix(*state, u64::from(*bits)),
        Value::Map(map) | Value::Set(map) => {
            maps.push((mix(*state, map.len() as u64), 0));
            *state = 0;
            pending.push(Task::EndMap);
            for (key, value) in map.iter() {
                pending.push(Task::EndEntry);
                pending.push(Task::Value(value));
                pending.push(Task::Value(key));
            }
        }
        Value::Unit | Value::Float(_) | Value::Closure(_) | Value::Fn(_) | Value::Visitor(_) => {}
    }
}

pub(crate) const fn mix(state: u64, word: u64) -> u64 {
    (state.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95)
}

pub(crate) const fn fold(state: u64) -> u64 {
    state ^ (state >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::MapValue;

    fn tuple(parts: &[Value<'static>]) -> Value<'static> {
        Value::tuple(parts.to_vec())
    }

    fn map(entries: &[(i128, i128)]) -> Value<'static> {
        let mut map = MapValue::default();
        for (key, value) in entries {
            map.insert(Value::int(*key), Value::int(*value));
        }
        Value::Map(Arc::new(map))
    }

    #[test]
    fn equality_is_ieee_and_order_is_total() {
        let (nan, zero, minus) = (Value::Float(f64::NAN), Value::Float(0.0), Value::Float(-0.0));
        assert!(!equal(&nan, &nan));
        assert!(!equal(&tuple(&[Value::int(1), nan.clone()]), &tuple(&[Value::int(1), nan.clone()])));
        assert!(equal(&zero, &minus));
        assert_eq!(compare(&nan, &nan), Ordering::Equal);
        assert_eq!(compare(&minus, &zero), Ordering::Less);
        assert_eq!(compare(&nan, &Value::Float(f64::INFINITY)), Ordering::Greater);
        assert_eq!(compare(&Value::Float(-f64::NAN), &Value::Float(f64::NEG_INFINITY)), Ordering::Greater);
    }

    #[test]
    fn lists_compare_by_first_difference_then_length() {
        let list = |items: &[i128]| Value::list(items.iter().map(|i| Value::int(*i)).collect());
        assert_eq!(compare(&list(&[1, 2]), &list(&[1, 3])), Ordering::Less);
        assert_eq!(compare(&list(&[1, 2]), &list(&[1])), Ordering::Greater);
        assert_eq!(compare(&list(&[2]), &list(&[1, 9])), Ordering::Greater);
        assert_eq!(compare(&list(&[]), &list(&[])), Ordering::Equal);
    }

    #[test]
    fn cases_compare_by_index_then_parts() {
        let some = |n: i128| Value::some(Value::int(n));
        assert_eq!(compare(&Value::none(), &some(-5)), Ordering::Less);
        assert_eq!(compare(&some(2), &some(1)), Ordering::Greater);
        assert_eq!(compare(&Value::ok(Value::int(9)), &Value::err(Value::int(0))), Ordering::Less);
    }

    #[test]
    fn strings_compare_by_bytes_and_integers_by_value() {
        assert_eq!(compare(&Value::string("Z"), &Value::string("a")), Ordering::Less);
        assert_eq!(compare(&Value::string("\u{ffff}"), &Value::string("\u{10000}")), Ordering::Less);
        assert_eq!(compare(&Value::int(u64::MAX), &Value::int(-1)), Ordering::Greater);
    }

    #[test]
    fn maps_forget_the_order_of_insertion() {
        let (a, b) = (map(&[(1, 10), (2, 20)]), map(&[(2, 20), (1, 10)]));
        assert!(equal(&a, &b));
        assert_eq!(compare(&a, &b), Ordering::Equal);
        assert_eq!(hash(&a), hash(&b));
        assert_ne!(hash(&a), hash(&map(&[(1, 20), (2, 10)])));
        assert_eq!(compare(&a, &map(&[(1, 10), (3, 0)])), Ordering::Less);
        assert_eq!(compare(&a, &map(&[(1, 10)])), Ordering::Greater);
        assert_eq!(compare(&map(&[(1, 10)]), &map(&[(0, 10), (1, 10)])), Ordering::Greater);
        assert_eq!(compare(&tuple(&[a.clone(), Value::int(1)]), &tuple(&[b, Value::int(2)])), Ordering::Less);
    }

    /// Computed from the definition with Python's integers.
    #[test]
    fn hashes_are_those_of_the_definition() {
        assert_eq!(hash(&Value::Unit), 0);
        assert_eq!(hash(&Value::int(-1)), 0xae83_3e48_765e_cb23);
        assert_eq!(hash(&Value::string("hello")), 0x511e_b44e_54b4_a42c);
        assert_eq!(hash(&Value::string("123456789")), 0xd9fc_1356_1bf0_aed2);
        assert_eq!(hash(&Value::list(vec![Value::int(1), Value::int(2)])), 0x303d_b2a6_b693_9efd);
        assert_eq!(hash(&Value::some(Value::int(7))), 0x01bb_af13_bc82_4fa2);
        assert_eq!(hash(&Value::Char('\u{1f600}')), 0xa3dd_26bc_631d_08bc);
        assert_eq!(hash(&map(&[(1, 10), (2, 20)])), 0x5bbb_84b9_4cc9_daca);
    }

    #[test]
    fn depth_is_no_problem() {
        let deep =
            || (0..1_000_000).fold(Value::Bare(0), |list, i| Value::case(1, vec![Value::int(i), list]));
        let (a, b) = (deep(), deep());
        assert!(equal(&a, &b));
        assert_eq!(compare(&a, &b), Ordering::Equal);
        assert_eq!(hash(&a), hash(&b));
    }
}
