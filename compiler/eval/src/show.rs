//! Printing: values as text, by their type.
//!
//! At the top of an interpolation a string and a char print raw; inside another value they print as literals of
//! the language. Everything else prints the same in both places. The printer keeps a work list instead of
//! recursing, so a value may nest as deep as it likes.
//!
//! | type | printed |
//! |---|---|
//! | integer, `bool` | `-1`, `true` |
//! | float | shortest digits, see [`float_text`] |
//! | `list` | `[1, 2]`, `[]` |
//! | `map` | `["k": 1]`, `[:]`, in the total order of keys |
//! | `set` | `[1, 2]`, in order |
//! | tuple | `(1, 2)`, `(1,)`, `()` |
//! | record | `Point { x: 1, y: 2 }`, `Nothing {}` |
//! | case | `Binary('+', Num(1.0))`, `Open` |
//! | `option`, `result` | `some(1)`, `none`, `ok(1)`, `ok()` for unit, `err("x")` |
//! | flags | `[A, B]` |

use crate::float_text::float_text;
use crate::own::{ByStructure, Ways, sorted};
use crate::program::Program;
use crate::value::Value;
use dot_types::{AdtDef, AdtShape, FloatKind, Ty, TyKind};
use smol_str::SmolStr;
use std::fmt::Write as _;

/// What is still to be printed.
enum Task<'a, 'db> {
    Value(&'a Value<'db>, Ty<'db>),
    Text(&'static str),
    Name(SmolStr),
}

/// The text of a value at the top of an interpolation.
#[must_use]
pub fn show<'db>(program: &dyn Program<'db>, value: &Value<'db>, ty: Ty<'db>) -> String {
    show_by(program, &mut ByStructure, value, ty)
}

/// The text of a value at the top of an interpolation, where types may say themselves how they print.
pub(crate) fn show_by<'db>(
    program: &dyn Program<'db>,
    ways: &mut dyn Ways<'db>,
    value: &Value<'db>,
    ty: Ty<'db>,
) -> String {
    match value {
        Value::String(text) => text.as_ref().clone(),
        Value::Char(c) => c.to_string(),
        _ => nested(program, ways, value, ty),
    }
}

/// The text of a value inside another one: strings and chars as literals.
#[must_use]
pub fn show_nested<'db>(program: &dyn Program<'db>, value: &Value<'db>, ty: Ty<'db>) -> String {
    nested(program, &mut ByStructure, value, ty)
}

fn nested<'db>(
    program: &dyn Program<'db>,
    ways: &mut dyn Ways<'db>,
    value: &Value<'db>,
    ty: Ty<'db>,
) -> String {
    let mut out = String::new();
    let mut pending = vec![Task::Value(value, ty)];
    while let Some(task) = pending.pop() {
        match task {
            Task::Text(text) => out.push_str(text),
            Task::Name(name) => out.push_str(&name),
            Task::Value(value, ty) => {
                let start = pending.len();
                Printer { program, ways, out: &mut out, tasks: &mut pending }.value(value, ty);
                pending[start..].reverse();
            }
        }
    }
    out
}

/// Prints what can be printed at once and leaves the parts, in order, to `tasks`.
struct Printer<'a, 'p, 'db> {
    program: &'p dyn Program<'db>,
    ways: &'p mut dyn Ways<'db>,
    out: &'p mut String,
    tasks: &'p mut Vec<Task<'a, 'db>>,
}

impl<'a, 'db> Printer<'a, '_, 'db> {
    fn value(&mut self, value: &'a Value<'db>, ty: Ty<'db>) {
        let db = self.program.db();
        match (value, ty.kind(db)) {
            (Value::Bool(value), _) => self.out.push_str(if *value { "true" } else { "false" }),
            (Value::Int(value), _) => {
                let _ = write!(self.out, "{}", value.get());
            }
            (Value::Float(value), kind) => {
                let kind = if let TyKind::Float(kind) = kind { *kind } else { FloatKind::F64 };
                self.out.push_str(&float_text(*value, kind));
            }
            (Value::Char(c), _) => quote_char(self.out, *c),
            (Value::String(text), _) => quote(self.out, text),
            (Value::List(items), TyKind::List(item) | TyKind::FixedList(item, _)) => {
                self.sequence("[", "]", items.0.iter().map(|value| (value, *item)));
            }
            (Value::Set(set), TyKind::Set(item)) => {
                let items = sorted(self.ways, db, *item, set);
                self.sequence("[", "]", items.into_iter().map(|(value, _)| (value, *item)));
            }
            (Value::Map(map), TyKind::Map(key, item)) => {
                if map.is_empty() {
                    self.out.push_str("[:]");
                    return;
                }
                self.out.push('[');
                for (index, (k, v)) in sorted(self.ways, db, *key, map).into_iter().enumerate() {
                    self.separate(index);
                    self.tasks.extend([Task::Value(k, *key), Task::Text(": "), Task::Value(v, *item)]);
                }
                self.tasks.push(Task::Text("]"));
            }
            (Value::Unit, TyKind::Tuple(_)) => self.out.push_str("()"),
            (Value::Tuple(parts), TyKind::Tuple(tys)) => {
                let close = if tys.len() == 1 { ",)" } else { ")" };
                self.sequence("(", close, parts.0.iter().zip(tys.iter().copied()));
            }
            (_, TyKind::Option(item)) => self.case(value, &["none", "some"], [None, Some(*item)]),
            (_, TyKind::Result(ok, err)) => self.case(value, &["ok", "err"], [Some(*ok), Some(*err)]),
            (_, TyKind::Adt(item, args)) => {
                if let Some(text) = self.ways.show(ty, value) {
                    self.out.push_str(&text);
                } else if let Some(def) = self.program.adt(*item) {
                    self.adt(value, def, args);
                }
            }
            // Functions are no data and are never printed.
            _ => self.out.push_str("fn"),
        }
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.tasks.push(Task::Text(", "));
        }
    }

    fn sequence(
        &mut self,
        open: &'static str,
        close: &'static str,
        items: impl Iterator<Item = (&'a Value<'db>, Ty<'db>)>,
    ) {
        self.out.push_str(open);
        for (index, (value, ty)) in items.enumerate() {
            self.separate(index);
            self.tasks.push(Task::Value(value, ty));
        }
        self.tasks.push(Task::Text(close));
    }

    /// A case of `option` or `result`.
    fn case(&mut self, value: &'a Value<'db>, names: &[&'static str; 2], tys: [Option<Ty<'db>>; 2]) {
        let Some((case, parts)) = value.as_case() else { return };
        let index = usize::from(case != 0);
        self.out.push_str(names[index]);
        match (parts.first(), tys[index]) {
            (Some(Value::Unit), Some(ty)) if names[0] == "ok" && is_unit(ty.kind(self.program.db())) => {
                self.out.push_str("()");
            }
            (Some(part), Some(ty)) => self.sequence("(", ")", std::iter::once((part, ty))),
            _ => {}
        }
    }

    fn adt(&mut self, value: &'a Value<'db>, def: &'db AdtDef<'db>, args: &[Ty<'db>]) {
        let db = self.program.db();
        match &def.shape {
            AdtShape::Record(fields) | AdtShape::Resource(fields) => {
                self.out.push_str(def.item.name(db));
                let values = value.as_parts().unwrap_or_default();
                self.out.push_str(if values.is_empty() { " {}" } else { " { " });
                for (index, (field, value)) in fields.iter().zip(values).enumerate() {
                    self.separate(index);
                    self.tasks.extend([
                        Task::Name(field.name.clone()),
                        Task::Text(": "),
                        Task::Value(value, field.ty.substitute(db, args)),
                    ]);
                }
                if !values.is_empty() {
                    self.tasks.push(Task::Text(" }"));
                }
            }
            AdtShape::Variant(cases) => {
                let Some((case, parts)) = value.as_case() else { return };
                let Some(def) = cases.get(case as usize) else { return };
                self.out.push_str(&def.name);
                if !parts.is_empty() {
                    let tys = def.parts.iter().map(|part| part.ty.substitute(db, args));
                    self.sequence("(", ")", parts.iter().zip(tys));
                }
            }
            AdtShape::Flags(names) => {
                let Value::Flags(bits) = value else { return };
                let set = names
                    .iter()
                    .enumerate()
                    .filter(|(bit, _)| bits.checked_shr(*bit as u32).is_some_and(|b| b & 1 == 1));
                self.out.push('[');
                for (index, (_, name)) in set.enumerate() {
                    self.separate(index);
                    self.tasks.push(Task::Name(name.clone()));
                }
                self.tasks.push(Task::Text("]"));
            }
        }
    }
}

fn is_unit(kind: &TyKind<'_>) -> bool {
    matches!(kind, TyKind::Tuple(parts) if parts.is_empty())
}

/// Appends a string literal that reads back as `text`.
pub fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '{' => out.push_str("\\{"),
            _ => escape(out, c),
        }
    }
    out.push('"');
}

/// Appends a char literal that reads back as `c`.
pub fn quote_char(out: &mut String, c: char) {
    out.push('\'');
    if c == '\'' {
        out.push_str("\\'");
    } else {
        escape(out, c);
    }
    out.push('\'');
}

fn escape(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\\' => out.push_str("\\\\"),
        '\0' => out.push_str("\\0"),
        // The control characters of Unicode: general category Cc.
        '\u{1}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        _ => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_read_back() {
        let mut out = String::new();
        quote(&mut out, "a\"{}\\\n\r\t\0'\u{1b}\u{85}é");
        assert_eq!(out, r#""a\"\{}\\\n\r\t\0'\u{1b}\u{85}é""#);
        out.clear();
        for c in ['\'', '"', '{', '\\', 'x'] {
            quote_char(&mut out, c);
        }
        assert_eq!(out, r#"'\'''"''{''\\''x'"#);
    }
}
