//! Literals, in source and as JSON.

use super::Maker;
use crate::model::{Expr, FloatTy, IntTy, Type};

/// Chars that texts are made of: one of each length in UTF-8, and what patterns and escapes care about.
const CHARS: [char; 14] = ['a', 'b', 'c', 'x', 'Z', '0', '7', ' ', ',', '-', '"', 'é', '€', '𝄞'];

impl Maker {
    /// An integer of a type: most are small, some at the ends.
    pub(super) fn integer(&mut self, int: IntTy) -> i128 {
        let (low, high) = int.range();
        let small = |n: usize| i128::try_from(n).unwrap_or(0);
        let value = match self.random.below(20) {
            0 => high - small(self.random.below(2)),
            1 => low + small(self.random.below(2)),
            2 => small(self.random.below(1 << 20)),
            3 | 4 => small(self.random.below(200)),
            5..=8 => -small(self.random.below(8)),
            _ => small(self.random.below(10)),
        };
        value.clamp(low, high)
    }

    /// A literal of an integer type. Its type doesn't show.
    pub(super) fn int_literal(&mut self, int: IntTy) -> Expr {
        let value = self.integer(int);
        let literal = Expr::of(&Type::Int(int)).text(value.to_string()).unsettled();
        if value < 0 { literal.loose() } else { literal }
    }

    /// A literal between 0 and `below`.
    pub(super) fn small(&mut self, int: IntTy, below: usize) -> Expr {
        let value = self.random.below(below);
        Expr::of(&Type::Int(int)).text(value.to_string()).unsettled()
    }

    /// A decimal that both float types read exactly.
    fn decimal(&mut self) -> String {
        let halves = self.random.below(64);
        let text = match self.random.below(12) {
            0 => "0.0".to_owned(),
            1 => "1e9".to_owned(),
            2 => "1.5e-7".to_owned(),
            _ => format!("{}.{}", halves / 4, [0, 25, 5, 75][halves % 4]),
        };
        if self.chance(25) { format!("-{text}") } else { text }
    }

    /// A literal of a float type. Its type doesn't show.
    pub(super) fn float_literal(&mut self, float: FloatTy) -> Expr {
        let ty = Type::Float(float);
        if self.chance(6) {
            let name = if float == FloatTy::F32 { "f32" } else { "f64" };
            let constant = ["MAX", "MIN", "EPSILON", "INFINITY", "NAN"][self.random.below(5)];
            return Expr::word(&ty, format!("{name}.{constant}"));
        }
        let text = self.decimal();
        let is_negative = text.starts_with('-');
        let literal = Expr::of(&ty).text(text).unsettled();
        if is_negative { literal.loose() } else { literal }
    }

    /// A char.
    pub(super) fn character(&mut self) -> char {
        self.random.pick(&CHARS).copied().unwrap_or('a')
    }

    /// A short text.
    pub(super) fn words(&mut self) -> String {
        let length = self.random.below(7);
        (0..length).map(|_| self.character()).collect()
    }

    /// A string literal.
    pub(super) fn string_literal(&mut self) -> Expr {
        let text = self.words();
        Expr::word(&Type::String, format!("\"{}\"", escaped(&text)))
    }

    /// A char literal.
    pub(super) fn char_text(&mut self) -> String {
        format!("'{}'", self.character())
    }

    /// A value of a type that can cross a boundary, as JSON.
    pub(super) fn json(&mut self, ty: &Type, depth: usize) -> String {
        let count = if depth > 3 { 0 } else { self.random.below(4) };
        match ty {
            Type::Bool => self.chance(50).to_string(),
            Type::Int(int) => self.integer(*int).to_string(),
            Type::Float(_) if self.chance(6) => {
                ["\"nan\"", "\"inf\"", "\"-inf\"", "-0.0"][self.random.below(4)].to_owned()
            }
            Type::Float(_) => self.decimal(),
            Type::Char => json_string(&self.character().to_string()),
            Type::String => {
                let text = self.words();
                json_string(&text)
            }
            Type::List(item) => self.json_list(&vec![&**item; count], depth),
            Type::Fixed(item, n) => self.json_list(&vec![&**item; *n], depth),
            Type::Option(_) if self.chance(30) => "null".to_owned(),
            Type::Option(item) if matches!(**item, Type::Option(_)) => {
                format!("{{\"some\": {}}}", self.json(item, depth + 1))
            }
            Type::Option(item) => self.json(item, depth + 1),
            Type::Result(ok, err) => {
                let (key, ty) = if self.chance(60) { ("ok", ok) } else { ("err", err) };
                format!("{{\"{key}\": {}}}", self.json(ty, depth + 1))
            }
            Type::Tuple(parts) => self.json_list(&parts.iter().collect::<Vec<_>>(), depth),
            Type::Map(key, value) => {
                let pair = Type::Tuple(vec![(**key).clone(), (**value).clone()]);
                self.json_list(&vec![&pair; count], depth)
            }
            Type::Set(item) => self.json_list(&vec![&**item; count], depth),
            Type::Named(..) => self.json_of_declared(ty, depth),
            Type::Unit | Type::Param(_) | Type::Fn(..) => "null".to_owned(),
        }
    }

    fn json_list(&mut self, items: &[&Type], depth: usize) -> String {
        let items: Vec<_> = items.iter().map(|ty| self.json(ty, depth + 1)).collect();
        format!("[{}]", items.join(", "))
    }

    fn json_of_declared(&mut self, ty: &Type, depth: usize) -> String {
        if let Some(fields) = self.world.fields(ty) {
            let field = |this: &mut Maker, name: &str, ty: &Type| {
                format!("{}: {}", json_string(name), this.json(ty, depth + 1))
            };
            let fields: Vec<_> = fields.iter().map(|f| field(self, &f.name, &f.ty)).collect();
            return format!("{{{}}}", fields.join(", "));
        }
        if let Some(cases) = self.world.cases(ty) {
            let case = &cases[self.random.below(cases.len())];
            return match case.parts.as_slice() {
                [] => json_string(&case.name),
                [part] => format!("{{\"{}\": {}}}", case.name, self.json(&part.ty, depth + 1)),
                parts => {
                    let types: Vec<_> = parts.iter().map(|part| &part.ty).collect();
                    format!("{{\"{}\": {}}}", case.name, self.json_list(&types, depth))
                }
            };
        }
        let (names, is_flags) = self.bare_names(ty);
        if is_flags {
            let set: Vec<_> =
                names.iter().filter(|_| self.random.chance(50)).map(|name| json_string(name)).collect();
            return format!("[{}]", set.join(", "));
        }
        json_string(self.random.pick(&names).map_or("", String::as_str))
    }
}

/// A text as it stands in a string literal.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '"' | '\\' | '{') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn json_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
