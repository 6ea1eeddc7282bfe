//! Smaller values: what to try in a value's place, the greatest steps first.

use wasmtime::component::Val;

use crate::ty::{Member, Ty};

/// Longer lists are not tried with one element less for each element.
const ONE_BY_ONE: usize = 64;

/// Values that are smaller than this one, of the same type.
pub(super) fn candidates(value: &Val, ty: &Ty) -> Vec<Val> {
    match (value, ty) {
        (Val::Bool(true), _) => vec![Val::Bool(false)],
        (Val::S8(n), _) => ints(*n, Val::S8),
        (Val::U8(n), _) => ints(*n, Val::U8),
        (Val::S16(n), _) => ints(*n, Val::S16),
        (Val::U16(n), _) => ints(*n, Val::U16),
        (Val::S32(n), _) => ints(*n, Val::S32),
        (Val::U32(n), _) => ints(*n, Val::U32),
        (Val::S64(n), _) => ints(*n, Val::S64),
        (Val::U64(n), _) => ints(*n, Val::U64),
        (Val::Float32(x), _) => floats((*x).into()).into_iter().map(narrow).collect(),
        (Val::Float64(x), _) => floats(*x).into_iter().map(Val::Float64).collect(),
        (Val::Char(c), _) => chars(*c).into_iter().map(Val::Char).collect(),
        (Val::String(text), _) => texts(text),
        (Val::List(items), Ty::List(t) | Ty::Set(t)) => {
            lists(items, &|item| candidates(item, t)).into_iter().map(Val::List).collect()
        }
        (Val::List(items), Ty::Pairs(k, v)) => {
            let pair = Ty::Tuple(vec![Ty::clone(k), Ty::clone(v)]);
            lists(items, &|item| candidates(item, &pair)).into_iter().map(Val::List).collect()
        }
        (Val::FixedLengthList(items), Ty::FixedList(t, _)) => {
            one_smaller(items, &|item| candidates(item, t)).into_iter().map(Val::FixedLengthList).collect()
        }
        (Val::Tuple(items), Ty::Row(t, _)) => {
            one_smaller(items, &|item| candidates(item, t)).into_iter().map(Val::Tuple).collect()
        }
        (Val::Tuple(parts), Ty::Tuple(types)) => by_part(parts, types).into_iter().map(Val::Tuple).collect(),
        (Val::Option(Some(inner)), Ty::Option(t)) => {
            let some = |value| Val::Option(Some(Box::new(value)));
            [Val::Option(None)].into_iter().chain(candidates(inner, t).into_iter().map(some)).collect()
        }
        (Val::Result(Ok(Some(inner))), Ty::Result(Some(t), _)) => {
            candidates(inner, t).into_iter().map(|value| Val::Result(Ok(Some(Box::new(value))))).collect()
        }
        (Val::Result(Err(Some(inner))), Ty::Result(_, Some(t))) => {
            candidates(inner, t).into_iter().map(|value| Val::Result(Err(Some(Box::new(value))))).collect()
        }
        (Val::Record(fields), Ty::Record(named)) => {
            let types: Vec<Ty> = named.members.iter().map(|m| m.ty.clone().unwrap_or(Ty::Bool)).collect();
            let values: Vec<Val> = fields.iter().map(|(_, value)| value.clone()).collect();
            let record = |values: Vec<Val>| {
                Val::Record(fields.iter().map(|(name, _)| name.clone()).zip(values).collect())
            };
            by_part(&values, &types).into_iter().map(record).collect()
        }
        (Val::Variant(case, payload), Ty::Variant(named)) => {
            let Some(at) = named.members.iter().position(|m| m.wit == *case) else { return Vec::new() };
            let bare = |member: &&Member| member.ty.is_none();
            let earlier = named.members[..at].iter().filter(bare);
            let mut out: Vec<Val> = earlier.map(|member| Val::Variant(member.wit.clone(), None)).collect();
            if let (Some(payload), Some(ty)) = (payload, &named.members[at].ty) {
                let smaller = candidates(payload, ty).into_iter();
                out.extend(smaller.map(|value| Val::Variant(case.clone(), Some(Box::new(value)))));
            }
            out
        }
        (Val::Enum(case), Ty::Enum(named)) => {
            let earlier = named.members.iter().take_while(|member| member.wit != *case);
            earlier.map(|member| Val::Enum(member.wit.clone())).collect()
        }
        (Val::Flags(set), _) => {
            let without = |at: usize| {
                let mut rest = set.clone();
                rest.remove(at);
                Val::Flags(rest)
            };
            (0..set.len()).map(without).collect()
        }
        _ => Vec::new(),
    }
}

/// Zero, then ever closer to the number from there.
fn ints<T: Copy + TryFrom<i128> + Into<i128>>(n: T, val: impl Fn(T) -> Val) -> Vec<Val> {
    let n: i128 = n.into();
    let mut out = Vec::new();
    if n < 0 {
        out.extend(T::try_from(-n).ok());
    }
    let mut away = n;
    while away != 0 {
        out.extend(T::try_from(n - away).ok());
        away /= 2;
    }
    out.into_iter().map(val).collect()
}

#[allow(clippy::cast_possible_truncation, reason = "it came from an f32")]
fn narrow(x: f64) -> Val {
    Val::Float32(x as f32)
}

fn floats(x: f64) -> Vec<f64> {
    let simpler = |other: &f64| {
        let weight = |x: f64| (x.is_nan(), x.is_infinite(), x.fract() != 0.0, x.abs(), x.is_sign_negative());
        weight(*other) < weight(x)
    };
    [0.0, 1.0, x.trunc(), x / 2.0, -x, 1e6].into_iter().filter(simpler).collect()
}

fn chars(c: char) -> Vec<char> {
    let simpler = ['a', 'b', '0', ' '];
    let rank = |c: char| simpler.iter().position(|other| *other == c).unwrap_or(simpler.len());
    simpler.iter().copied().filter(|other| rank(*other) < rank(c)).collect()
}

fn texts(text: &str) -> Vec<Val> {
    let chars: Vec<Val> = text.chars().map(Val::Char).collect();
    let joined = |chars: Vec<Val>| {
        let char = |value: &Val| match value {
            Val::Char(c) => Some(*c),
            _ => None,
        };
        Val::String(chars.iter().filter_map(char).collect())
    };
    lists(&chars, &|c| candidates(c, &Ty::Char)).into_iter().map(joined).collect()
}

/// Shorter lists, then those with one element smaller.
fn lists(items: &[Val], smaller: &dyn Fn(&Val) -> Vec<Val>) -> Vec<Vec<Val>> {
    let mut out = Vec::new();
    if !items.is_empty() {
        out.push(Vec::new());
    }
    let mut take = items.len() / 2;
    while take > 0 {
        out.extend([items[..take].to_vec(), items[items.len() - take..].to_vec()]);
        take /= 2;
    }
    if items.len() > 1 {
        let without = |at: usize| [&items[..at], &items[at + 1..]].concat();
        out.extend((0..items.len().min(ONE_BY_ONE)).map(without));
    }
    out.extend(one_smaller(items, smaller));
    out
}

fn one_smaller(items: &[Val], smaller: &dyn Fn(&Val) -> Vec<Val>) -> Vec<Vec<Val>> {
    let mut out = Vec::new();
    for (at, item) in items.iter().enumerate().take(ONE_BY_ONE) {
        for value in smaller(item) {
            let mut items = items.to_vec();
            items[at] = value;
            out.push(items);
        }
    }
    out
}

fn by_part(parts: &[Val], types: &[Ty]) -> Vec<Vec<Val>> {
    let mut out = Vec::new();
    for (at, (part, ty)) in parts.iter().zip(types).enumerate() {
        for value in candidates(part, ty) {
            let mut parts = parts.to_vec();
            parts[at] = value;
            out.push(parts);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_value_that_fails_is_found_soon() {
        let ty = Ty::List(Ty::S64.into());
        let fails = |value: &Val| {
            let is_large = |item: &Val| matches!(item, Val::S64(n) if *n >= 50);
            matches!(value, Val::List(items) if items.iter().any(is_large))
        };
        let mut value = Val::List(vec![Val::S64(i64::MIN), Val::S64(i64::MAX), Val::S64(-3)]);
        let mut tried = 0;
        while let Some(next) = candidates(&value, &ty).into_iter().inspect(|_| tried += 1).find(fails) {
            value = next;
        }
        assert_eq!(value, Val::List(vec![Val::S64(50)]));
        assert!(tried < 2_000, "{tried}");
    }

    #[test]
    fn floats_become_simpler() {
        assert_eq!(floats(f64::NAN), [0.0, 1.0, 1e6]);
        assert!(floats(0.0).is_empty());
    }
}
