//! Constraints of parameters and fields, checked before a call: the spec's chapter on attributes.
//!
//! What a component's author demands of arguments travels in `dot-meta`. Checking it here tells everything that is
//! wrong at once, before anything runs. It is a courtesy: a component from Dot checks again itself.

use std::collections::HashSet;

use dot_pattern::{Format, Pattern};
use serde_json::Value as Json;
use wasmtime::component::Val;

use crate::json::to_json;
use crate::print::literal;
use crate::program::Dot;
use crate::ty::{Member, Named, Ty};

/// Constraints as `dot-meta` has them: name without `@`, and argument.
pub type Constraints = [(String, Json)];

/// What the arguments of a dot break, in order: `` `age` breaks `@max(150)`: it is 200 ``.
#[must_use]
pub fn broken(dot: &Dot, args: &[Val]) -> Vec<String> {
    let mut walk = Walk { path: String::new(), is_secret: false, broken: Vec::new() };
    for (param, arg) in dot.params.iter().zip(args) {
        walk.at(&param.dot, &param.constraints, |walk| walk.value(arg, &param.ty, &param.constraints));
    }
    walk.broken
}

/// Whether `@secret` is among constraints.
#[must_use]
pub fn is_secret(constraints: &Constraints) -> bool {
    constraints.iter().any(|(name, _)| name == "secret")
}

/// A constraint as its author wrote it.
#[must_use]
pub fn written(name: &str, argument: &Json) -> String {
    match argument {
        Json::Bool(true) => format!("@{name}"),
        Json::String(text) => format!("@{name}(\"{text}\")"),
        other => format!("@{name}({other})"),
    }
}

/// What kind of values a constraint goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goes {
    Number,
    Length,
    Text,
}

/// A constraint that can be checked.
struct Check<'a> {
    name: &'a str,
    argument: &'a Json,
    goes: Goes,
    pattern: Option<Pattern>,
}

impl<'a> Check<'a> {
    /// None for what says something else, and for what no compiler of ours writes.
    fn new(name: &'a str, argument: &'a Json) -> Option<Self> {
        let (goes, pattern) = match (name, argument) {
            ("min" | "max", Json::Number(_)) => (Goes::Number, None),
            ("len" | "min_len" | "max_len", Json::Number(_)) => (Goes::Length, None),
            ("pattern", Json::String(text)) => (Goes::Text, Some(Pattern::parse(text).ok()?)),
            ("format", Json::String(name)) => (Goes::Text, Some(Format::named(name)?.parsed()?)),
            _ => return None,
        };
        Some(Self { name, argument, goes, pattern })
    }
}

struct Walk {
    path: String,
    is_secret: bool,
    broken: Vec<String>,
}

impl Walk {
    fn at(&mut self, step: &str, constraints: &Constraints, walk: impl FnOnce(&mut Self)) {
        let (len, was_secret) = (self.path.len(), self.is_secret);
        self.path.push_str(step);
        self.is_secret |= is_secret(constraints);
        walk(self);
        self.path.truncate(len);
        self.is_secret = was_secret;
    }

    /// Checks a value: its own constraints, then those of its parts.
    fn value(&mut self, value: &Val, ty: &Ty, own: &Constraints) {
        for check in own.iter().filter_map(|(name, argument)| Check::new(name, argument)) {
            self.check(value, ty, &check);
        }
        match (value, ty) {
            (Val::Option(Some(inner)), Ty::Option(t)) => self.value(inner, t, &[]),
            (
                Val::List(items) | Val::FixedLengthList(items),
                Ty::List(t) | Ty::FixedList(t, _) | Ty::Set(t),
            ) => self.each(items.iter(), &mut |walk, item| walk.value(item, t, &[])),
            (Val::Tuple(items), Ty::Row(t, _)) => {
                self.each(items.iter(), &mut |walk, item| walk.value(item, t, &[]));
            }
            (Val::List(items), Ty::Pairs(k, v)) => {
                self.each(items.iter(), &mut |walk, pair| walk.pair(pair, k, v));
            }
            (Val::Map(entries), Ty::Map(k, v)) => {
                for (at, (key, value)) in entries.iter().enumerate() {
                    self.at(&format!("[{at}][0]"), &[], |walk| walk.value(key, k, &[]));
                    self.at(&format!("[{at}][1]"), &[], |walk| walk.value(value, v, &[]));
                }
            }
            (Val::Tuple(items), Ty::Tuple(types)) => {
                for (at, (item, ty)) in items.iter().zip(types).enumerate() {
                    self.at(&format!("[{at}]"), &[], |walk| walk.value(item, ty, &[]));
                }
            }
            (Val::Result(Ok(Some(inner))), Ty::Result(Some(t), _)) => {
                self.at(".ok", &[], |walk| walk.value(inner, t, &[]));
            }
            (Val::Result(Err(Some(inner))), Ty::Result(_, Some(t))) => {
                self.at(".err", &[], |walk| walk.value(inner, t, &[]));
            }
            (Val::Record(fields), Ty::Record(named)) => self.record(fields, named),
            (Val::Variant(case, Some(payload)), Ty::Variant(named)) => {
                if let Some(member) = named.member(case) {
                    self.at(&format!(".{}", member.dot), &[], |walk| walk.case(payload, member));
                }
            }
            _ => {}
        }
    }

    fn each<'a>(&mut self, items: impl Iterator<Item = &'a Val>, walk: &mut dyn FnMut(&mut Self, &'a Val)) {
        for (at, item) in items.enumerate() {
            self.at(&format!("[{at}]"), &[], |this| walk(this, item));
        }
    }

    fn pair(&mut self, pair: &Val, key: &Ty, value: &Ty) {
        if let Val::Tuple(parts) = pair {
            for (at, (part, ty)) in parts.iter().zip([key, value]).enumerate() {
                self.at(&format!("[{at}]"), &[], |walk| walk.value(part, ty, &[]));
            }
        }
    }

    fn record(&mut self, fields: &[(String, Val)], named: &Named) {
        for ((_, value), member) in fields.iter().zip(&named.members) {
            let Some(ty) = &member.ty else { continue };
            let constraints = &member.constraints;
            self.at(&format!(".{}", member.dot), constraints, |walk| walk.value(value, ty, constraints));
        }
    }

    fn case(&mut self, payload: &Val, member: &Member) {
        let types = member.parts();
        match payload {
            Val::Tuple(parts) if types.len() > 1 => {
                for (at, (part, ty)) in parts.iter().zip(types).enumerate() {
                    let label = member.labels.get(at).and_then(Option::as_ref);
                    let step = label.map_or_else(|| format!("[{at}]"), |label| format!(".{label}"));
                    self.at(&step, &[], |walk| walk.value(part, ty, &[]));
                }
            }
            _ => {
                if let Some(ty) = &member.ty {
                    self.value(payload, ty, &[]);
                }
            }
        }
    }

    /// Checks one constraint of a value, or of what it leads to in it.
    fn check(&mut self, value: &Val, ty: &Ty, check: &Check<'_>) {
        match (value, ty) {
            (Val::Option(None), Ty::Option(_)) => {}
            (Val::Option(Some(inner)), Ty::Option(t)) => self.check(inner, t, check),
            (
                Val::List(items) | Val::FixedLengthList(items),
                Ty::List(t) | Ty::FixedList(t, _) | Ty::Set(t),
            ) if check.goes != Goes::Length => {
                self.each(items.iter(), &mut |walk, item| walk.check(item, t, check));
            }
            (Val::Tuple(items), Ty::Row(t, _)) if check.goes != Goes::Length => {
                self.each(items.iter(), &mut |walk, item| walk.check(item, t, check));
            }
            _ => {
                let (holds, what) = match check.goes {
                    Goes::Number => (number_fits(value, check), "it is "),
                    Goes::Length => (length_fits(value, ty, check), "its length is "),
                    Goes::Text => (text_fits(value, check), "it is "),
                };
                if !holds {
                    self.tell(value, ty, check, what);
                }
            }
        }
    }

    fn tell(&mut self, value: &Val, ty: &Ty, check: &Check<'_>, what: &str) {
        let shown = match check.goes {
            _ if self.is_secret => None,
            Goes::Length => length(value, ty).map(|n| n.to_string()),
            _ => Some(literal(value, ty)).filter(|text| text.len() <= 100),
        };
        let detail = shown.map_or_else(String::new, |shown| format!(": {what}{shown}"));
        self.broken.push(format!("`{}` breaks `{}`{detail}", self.path, written(check.name, check.argument)));
    }
}

fn number_fits(value: &Val, check: &Check<'_>) -> bool {
    let is_min = check.name == "min";
    let float = |x: f64, bound: f64| if is_min { x >= bound } else { x <= bound };
    let int = match value {
        Val::S8(n) => i128::from(*n),
        Val::U8(n) => i128::from(*n),
        Val::S16(n) => i128::from(*n),
        Val::U16(n) => i128::from(*n),
        Val::S32(n) => i128::from(*n),
        Val::U32(n) => i128::from(*n),
        Val::S64(n) => i128::from(*n),
        Val::U64(n) => i128::from(*n),
        Val::Float64(x) => return check.argument.as_f64().is_none_or(|bound| float(*x, bound)),
        #[allow(clippy::cast_possible_truncation, reason = "the bound is the nearest f32")]
        Val::Float32(x) => {
            return check.argument.as_f64().is_none_or(|bound| float((*x).into(), (bound as f32).into()));
        }
        _ => return true,
    };
    let argument = check.argument;
    let bound = argument.as_i64().map(i128::from).or_else(|| argument.as_u64().map(i128::from));
    bound.is_none_or(|bound| if is_min { int >= bound } else { int <= bound })
}

/// The length of a value that has one. What comes twice is once in a set or map.
fn length(value: &Val, ty: &Ty) -> Option<u64> {
    let distinct = |jsons: Vec<String>| jsons.into_iter().collect::<HashSet<_>>().len();
    let len = match (value, ty) {
        (Val::String(text), _) => text.chars().count(),
        (Val::List(items), Ty::Set(t)) => distinct(items.iter().map(|v| to_json(v, t).to_string()).collect()),
        (Val::List(items), Ty::Pairs(k, _)) => {
            let key = |item: &Val| match item {
                Val::Tuple(parts) => parts.first().map(|key| to_json(key, k).to_string()).unwrap_or_default(),
                _ => String::new(),
            };
            distinct(items.iter().map(key).collect())
        }
        (Val::List(items), _) => items.len(),
        (Val::Map(entries), _) => entries.len(),
        _ => return None,
    };
    u64::try_from(len).ok()
}

fn length_fits(value: &Val, ty: &Ty, check: &Check<'_>) -> bool {
    let (Some(len), Some(bound)) = (length(value, ty), check.argument.as_u64()) else { return true };
    match check.name {
        "len" => len == bound,
        "min_len" => len >= bound,
        _ => len <= bound,
    }
}

fn text_fits(value: &Val, check: &Check<'_>) -> bool {
    let (Val::String(text), Some(pattern)) = (value, &check.pattern) else { return true };
    // Too large for an automaton is also too much to check here; the guest has its own.
    pattern.automaton().is_ok_and(|automaton| automaton.accepts(text))
}
