//! Types as their author wrote them.
//!
//! A `map<string, u32>` crosses a component's boundary as `list<tuple<string, u32>>` and a `set<u8>` as
//! `list<u8>`, a `list<u8, 3>` as a tuple of three. `dot-meta` has the types as written in Dot; laid over the types of the component, they tell which
//! lists are maps and sets. Where the two don't fit, the component's type stands.

use std::sync::Arc;

use crate::ty::Ty;

/// Types in texts nest no deeper than in components.
const DEEPEST: usize = 100;

/// A type as written: `map<string, list<u8>>`, `(u8, Point)`.
#[derive(Debug, PartialEq)]
struct Written<'a> {
    /// `tuple` for parentheses.
    name: &'a str,
    args: Vec<Written<'a>>,
}

/// The type `ty` of a component, which its author wrote as `text`.
pub(crate) fn refine(ty: Ty, text: &str) -> Ty {
    match parse(text, 0) {
        Some((written, rest)) if rest.trim().is_empty() => lay_over(ty, &written),
        _ => ty,
    }
}

fn lay_over(ty: Ty, written: &Written<'_>) -> Ty {
    let over = |ty: Arc<Ty>, written: &Written<'_>| Arc::new(lay_over(Arc::unwrap_or_clone(ty), written));
    match (ty, written.name, written.args.as_slice()) {
        (Ty::List(item), "map", [key, value]) => match Arc::unwrap_or_clone(item) {
            Ty::Tuple(pair) => match <[Ty; 2]>::try_from(pair) {
                Ok([k, v]) => Ty::Pairs(Arc::new(lay_over(k, key)), Arc::new(lay_over(v, value))),
                Err(parts) => Ty::List(Arc::new(Ty::Tuple(parts))),
            },
            item => Ty::List(Arc::new(item)),
        },
        (Ty::List(item), "set", [element]) => Ty::Set(over(item, element)),
        (Ty::List(item), "list", [element]) => Ty::List(over(item, element)),
        (Ty::Tuple(parts), "list", [element, len]) if len.name.parse() == Ok(parts.len()) => {
            fixed(parts, element)
        }
        (Ty::Option(inner), "option", [some]) => Ty::Option(over(inner, some)),
        (Ty::Result(ok, err), "result", [good, bad]) => {
            Ty::Result(ok.map(|t| over(t, good)), err.map(|t| over(t, bad)))
        }
        (Ty::Tuple(parts), "tuple", args) if parts.len() == args.len() => {
            Ty::Tuple(parts.into_iter().zip(args).map(|(part, arg)| lay_over(part, arg)).collect())
        }
        (ty, ..) => ty,
    }
}

/// A `list<T, N>`, which crosses as a tuple of N.
fn fixed(parts: Vec<Ty>, element: &Written<'_>) -> Ty {
    let len = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    let mut parts: Vec<Ty> = parts.into_iter().map(|part| lay_over(part, element)).collect();
    match parts.pop() {
        Some(last) if parts.iter().all(|part| *part == last) => Ty::Row(Arc::new(last), len),
        last => Ty::Tuple(parts.into_iter().chain(last).collect()),
    }
}

/// Reads a type at the start of `text`; what follows it is given back.
fn parse(text: &str, depth: usize) -> Option<(Written<'_>, &str)> {
    if depth > DEEPEST {
        return None;
    }
    let text = text.trim_start();
    if let Some(rest) = text.strip_prefix('(') {
        let (args, rest) = parse_args(rest, ')', depth)?;
        return Some((Written { name: "tuple", args }, rest));
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return None;
    }
    match rest.strip_prefix('<') {
        Some(rest) => {
            let (args, rest) = parse_args(rest, '>', depth)?;
            Some((Written { name, args }, rest))
        }
        None => Some((Written { name, args: Vec::new() }, rest)),
    }
}

fn parse_args(mut rest: &str, close: char, depth: usize) -> Option<(Vec<Written<'_>>, &str)> {
    let mut args = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(close) {
            return Some((args, after));
        }
        let (arg, after) = parse(rest, depth + 1)?;
        args.push(arg);
        rest = after.trim_start();
        rest = match rest.strip_prefix(',') {
            Some(after) => after,
            None if rest.starts_with(close) => rest,
            None => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(ty: Ty) -> Ty {
        Ty::List(ty.into())
    }

    fn pairs() -> Ty {
        list(Ty::Tuple(vec![Ty::String, list(Ty::U8)]))
    }

    #[test]
    fn maps_and_sets_are_found_wherever_they_are() {
        let shown = |ty: Ty, text: &str| refine(ty, text).to_string();
        assert_eq!(shown(pairs(), "map<string, set<u8>>"), "map<string, set<u8>>");
        assert_eq!(shown(pairs(), "map<string, list<u8>>"), "map<string, list<u8>>");
        assert_eq!(
            shown(Ty::Option(pairs().into()), "option<map<string, set<u8>>>"),
            "option<map<string, set<u8>>>"
        );
        let tuple = Ty::Tuple(vec![Ty::U8, list(Ty::Char)]);
        assert_eq!(shown(tuple, "(u8, set<char>,)"), "(u8, set<char>)");
        let three = Ty::Tuple(vec![list(Ty::U8), list(Ty::U8), list(Ty::U8)]);
        assert_eq!(shown(three.clone(), "list<set<u8>, 3>"), "list<set<u8>, 3>");
        assert_eq!(refine(three.clone(), "list<list<u8>, 2>"), three);
    }

    #[test]
    fn what_does_not_fit_changes_nothing() {
        for text in
            ["", "map<string>", "map<string, u8", "map<u8, u8> x", "set", "list<Point>", "option<u8>", "(("]
        {
            assert_eq!(refine(pairs(), text), pairs(), "{text}");
        }
        let deep = format!("{}u8{}", "list<".repeat(1_000), ">".repeat(1_000));
        assert_eq!(refine(list(Ty::U8), &deep), list(Ty::U8));
    }
}
