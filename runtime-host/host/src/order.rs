//! The total order of values, in which maps and sets are printed: `compare` of the language.

use std::cmp::Ordering;

use wasmtime::component::Val;

use crate::ty::{Named, Ty};

/// Compares two values of one type. The recursion is as deep as the type.
pub(crate) fn compare(left: &Val, right: &Val, ty: &Ty) -> Ordering {
    match (left, right, ty) {
        (Val::Bool(a), Val::Bool(b), _) => a.cmp(b),
        (Val::S8(a), Val::S8(b), _) => a.cmp(b),
        (Val::U8(a), Val::U8(b), _) => a.cmp(b),
        (Val::S16(a), Val::S16(b), _) => a.cmp(b),
        (Val::U16(a), Val::U16(b), _) => a.cmp(b),
        (Val::S32(a), Val::S32(b), _) => a.cmp(b),
        (Val::U32(a), Val::U32(b), _) => a.cmp(b),
        (Val::S64(a), Val::S64(b), _) => a.cmp(b),
        (Val::U64(a), Val::U64(b), _) => a.cmp(b),
        (Val::Float32(a), Val::Float32(b), _) => float(f64::from(*a), f64::from(*b)),
        (Val::Float64(a), Val::Float64(b), _) => float(*a, *b),
        (Val::Char(a), Val::Char(b), _) => a.cmp(b),
        (Val::String(a), Val::String(b), _) => a.cmp(b),
        (Val::List(a), Val::List(b), Ty::List(t)) => lists(a.iter(), b.iter(), t),
        (Val::List(a), Val::List(b), Ty::Set(t)) => {
            lists(sorted(a, t).into_iter(), sorted(b, t).into_iter(), t)
        }
        (Val::List(a), Val::List(b), Ty::Pairs(k, v)) => {
            let pair = Ty::Tuple(vec![Ty::clone(k), Ty::clone(v)]);
            lists(sorted(a, &pair).into_iter(), sorted(b, &pair).into_iter(), &pair)
        }
        (Val::Tuple(a), Val::Tuple(b), Ty::Row(t, _)) => lists(a.iter(), b.iter(), t),
        (Val::Tuple(a), Val::Tuple(b), Ty::Tuple(types)) => {
            all(a.iter().zip(b).zip(types).map(|((a, b), t)| (a, b, t)))
        }
        (Val::Record(a), Val::Record(b), Ty::Record(named)) => {
            let types = named.members.iter().filter_map(|m| m.ty.as_ref());
            all(a.iter().zip(b).zip(types).map(|(((_, a), (_, b)), t)| (a, b, t)))
        }
        (Val::Variant(a, x), Val::Variant(b, y), Ty::Variant(named)) => {
            let payload = named.members.iter().find(|m| m.wit == *a).and_then(|m| m.ty.as_ref());
            index(named, a).cmp(&index(named, b)).then_with(|| optional(x.as_deref(), y.as_deref(), payload))
        }
        (Val::Enum(a), Val::Enum(b), Ty::Enum(named)) => index(named, a).cmp(&index(named, b)),
        (Val::Option(a), Val::Option(b), Ty::Option(t)) => optional(a.as_deref(), b.as_deref(), Some(t)),
        (Val::Result(a), Val::Result(b), Ty::Result(ok, err)) => match (a, b) {
            (Ok(a), Ok(b)) => optional(a.as_deref(), b.as_deref(), ok.as_deref()),
            (Err(a), Err(b)) => optional(a.as_deref(), b.as_deref(), err.as_deref()),
            (a, b) => a.is_err().cmp(&b.is_err()),
        },
        (Val::Flags(a), Val::Flags(b), Ty::Flags(named)) => flags(named, a, b),
        _ => Ordering::Equal,
    }
}

/// The items in order; equal ones stay as they came.
pub(crate) fn sorted<'a>(items: &'a [Val], ty: &Ty) -> Vec<&'a Val> {
    let mut items: Vec<&Val> = items.iter().collect();
    items.sort_by(|a, b| compare(a, b, ty));
    items
}

/// NaNs are equal and greatest, `-0.0` is below `0.0`.
fn float(a: f64, b: f64) -> Ordering {
    match (a.is_nan(), b.is_nan()) {
        (false, false) => a.total_cmp(&b),
        (a, b) => a.cmp(&b),
    }
}

fn lists<'a>(
    mut a: impl ExactSizeIterator<Item = &'a Val>,
    mut b: impl ExactSizeIterator<Item = &'a Val>,
    ty: &Ty,
) -> Ordering {
    let lengths = a.len().cmp(&b.len());
    let first = a.by_ref().zip(b.by_ref()).map(|(a, b)| compare(a, b, ty)).find(|o| o.is_ne());
    first.unwrap_or(lengths)
}

fn all<'a>(mut parts: impl Iterator<Item = (&'a Val, &'a Val, &'a Ty)>) -> Ordering {
    parts.find_map(|(a, b, t)| Some(compare(a, b, t)).filter(|o| o.is_ne())).unwrap_or(Ordering::Equal)
}

fn optional(a: Option<&Val>, b: Option<&Val>, ty: Option<&Ty>) -> Ordering {
    match (a, b, ty) {
        (Some(a), Some(b), Some(ty)) => compare(a, b, ty),
        (a, b, _) => a.is_some().cmp(&b.is_some()),
    }
}

fn index(named: &Named, wit: &str) -> Option<usize> {
    named.members.iter().position(|m| m.wit == wit)
}

/// By bits, of which the first declared is the lowest: the highest that differs decides.
fn flags(named: &Named, a: &[String], b: &[String]) -> Ordering {
    let has = |set: &[String], name: &str| set.iter().any(|n| n == name);
    let bits = named.members.iter().rev().map(|m| has(a, &m.wit).cmp(&has(b, &m.wit)));
    bits.into_iter().find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}
