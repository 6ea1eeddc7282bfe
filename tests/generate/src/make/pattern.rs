//! Patterns. They are text: what they bind is given beside it.

use super::Maker;
use super::literal::escaped;
use crate::model::{Case, Type};

/// A pattern as written, and the names that it binds.
pub(super) type Pattern = (String, Vec<(String, Type)>);

impl Maker {
    /// A pattern that fits every value of a type.
    pub(super) fn irrefutable(&mut self, ty: &Type, depth: usize) -> Pattern {
        let fields = self.world.fields(ty);
        match (ty, fields) {
            _ if depth == 0 || self.chance(40) => self.binding(ty),
            (Type::Tuple(parts), _) if !parts.is_empty() => {
                let parts: Vec<_> = parts.iter().map(|ty| self.irrefutable(ty, depth - 1)).collect();
                tuple(parts)
            }
            (_, Some(fields)) if !fields.is_empty() => {
                let named = self.chance(50);
                let mut written = Vec::new();
                let mut bound = Vec::new();
                for field in fields {
                    if self.chance(30) {
                        continue;
                    }
                    let (text, names) = self.irrefutable(&field.ty, depth - 1);
                    written.push(format!("{}: {text}", field.name));
                    bound.extend(names);
                }
                written.push("..".to_owned());
                let name = if named { self.head_name(ty) } else { String::new() };
                (format!("{name}{{ {} }}", written.join(", ")), bound)
            }
            _ => self.binding(ty),
        }
    }

    fn head_name(&self, ty: &Type) -> String {
        match ty {
            Type::Named(decl, _) => format!("{} ", self.world.types[*decl].name),
            _ => String::new(),
        }
    }

    fn binding(&mut self, ty: &Type) -> Pattern {
        if self.chance(20) {
            return ("_".to_owned(), Vec::new());
        }
        let name = self.name("v");
        (name.clone(), vec![(name, ty.clone())])
    }

    /// A pattern that may not fit.
    pub(super) fn pattern(&mut self, ty: &Type, depth: usize) -> Pattern {
        if depth == 0 {
            return self.binding(ty);
        }
        match self.random.below(12) {
            0 | 1 => return self.binding(ty),
            2 => {
                let (text, mut bound) = self.pattern(ty, depth - 1);
                let name = self.name("v");
                bound.push((name.clone(), ty.clone()));
                return (format!("({text}) as {name}"), bound);
            }
            3 => return self.alternatives(ty, depth),
            4 => {
                let fitting = self.world.constants.iter().filter(|(_, other)| other == ty);
                let names: Vec<String> = fitting.map(|(name, _)| name.clone()).collect();
                if let Some(name) = self.random.pick(&names) {
                    return (name.clone(), Vec::new());
                }
            }
            _ => {}
        }
        match ty {
            Type::Bool => (if self.chance(50) { "true" } else { "false" }.to_owned(), Vec::new()),
            Type::Int(int) => self.int_pattern(*int),
            Type::Float(_) => ("1.5".to_owned(), Vec::new()),
            Type::Char => self.char_pattern(),
            Type::String => self.string_pattern(),
            Type::List(item) => self.list_pattern(item, depth),
            Type::Option(item) => {
                if self.chance(30) {
                    return ("none".to_owned(), Vec::new());
                }
                let (text, bound) = self.pattern(item, depth - 1);
                (format!("some({text})"), bound)
            }
            Type::Result(ok, err) => {
                let (word, inner) = if self.chance(60) { ("ok", ok) } else { ("err", err) };
                let (text, bound) = self.pattern(inner, depth - 1);
                (format!("{word}({text})"), bound)
            }
            Type::Tuple(parts) if !parts.is_empty() => {
                tuple(parts.iter().map(|ty| self.pattern(ty, depth - 1)).collect())
            }
            Type::Named(..) => self.declared_pattern(ty, depth),
            _ => self.binding(ty),
        }
    }

    fn declared_pattern(&mut self, ty: &Type, depth: usize) -> Pattern {
        if let Some(cases) = self.world.cases(ty) {
            let case = cases[self.random.below(cases.len())].clone();
            return self.case_pattern(ty, &case, &mut |this, ty| this.pattern(ty, depth - 1));
        }
        if let Some(fields) = self.world.fields(ty) {
            let mut written = Vec::new();
            let mut bound = Vec::new();
            for field in fields {
                if self.chance(50) {
                    let (text, names) = self.pattern(&field.ty, depth - 1);
                    written.push(format!("{}: {text}", field.name));
                    bound.extend(names);
                }
            }
            written.push("..".to_owned());
            return (format!("{}{{ {} }}", self.head_name(ty), written.join(", ")), bound);
        }
        let (names, is_flags) = self.bare_names(ty);
        if is_flags {
            return self.binding(ty);
        }
        (self.random.pick(&names).cloned().unwrap_or_default(), Vec::new())
    }

    /// A pattern of one case, its parts made by `part`.
    pub(super) fn case_pattern(
        &mut self,
        ty: &Type,
        case: &Case,
        part: &mut dyn FnMut(&mut Maker, &Type) -> Pattern,
    ) -> Pattern {
        let qualifier = match ty {
            Type::Named(decl, _) if self.chance(30) => format!("{}.", self.world.types[*decl].name),
            _ => String::new(),
        };
        let mut written = Vec::new();
        let mut bound = Vec::new();
        let by_label = self.chance(30);
        for (index, declared) in case.parts.iter().enumerate() {
            if self.chance(10) && (index + 1 == case.parts.len() || by_label) {
                written.push("..".to_owned());
                break;
            }
            let (text, names) = part(self, &declared.ty);
            bound.extend(names);
            written.push(match &declared.label {
                Some(label) if by_label => format!("{label}: {text}"),
                _ => text,
            });
        }
        if written.is_empty() {
            return (format!("{qualifier}{}", case.name), bound);
        }
        (format!("{qualifier}{}({})", case.name, written.join(", ")), bound)
    }

    fn int_pattern(&mut self, int: crate::model::IntTy) -> Pattern {
        let (low, high) = (self.integer(int), self.integer(int));
        let (low, high) = (low.min(high), low.max(high));
        let text = match self.random.below(5) {
            0 if low < high => format!("{low}..{high}"),
            1 => format!("{low}..={high}"),
            2 => format!("{high}.."),
            _ => high.to_string(),
        };
        (text, Vec::new())
    }

    fn char_pattern(&mut self) -> Pattern {
        let text = match self.random.below(4) {
            0 => "'a'..='z'".to_owned(),
            1 => "'0'..='9'".to_owned(),
            _ => self.char_text(),
        };
        (text, Vec::new())
    }

    fn string_pattern(&mut self) -> Pattern {
        if self.chance(30) {
            let text = self.words();
            return (format!("\"{}\"", escaped(&text)), Vec::new());
        }
        let mut written = String::new();
        let mut bound = Vec::new();
        let holes = 1 + self.random.below(3);
        for index in 0..holes {
            if index > 0 || self.chance(50) {
                written.push_str(&escaped(&self.character().to_string()));
            }
            let (text, names) = self.binding(&Type::String);
            written.push_str(&format!("{{{text}}}"));
            bound.extend(names);
        }
        if self.chance(30) {
            written.push_str(&escaped(&self.character().to_string()));
        }
        (format!("\"{written}\""), bound)
    }

    fn list_pattern(&mut self, item: &Type, depth: usize) -> Pattern {
        let count = self.random.below(3);
        let rest = self.chance(60).then(|| self.random.below(count + 1));
        let mut written = Vec::new();
        let mut bound = Vec::new();
        for index in 0..=count {
            if rest == Some(index) {
                let name = if self.chance(60) { self.name("v") } else { String::new() };
                written.push(format!("..{name}"));
                if !name.is_empty() {
                    bound.push((name, Type::list(item.clone())));
                }
            }
            if index < count {
                let (text, names) = self.pattern(item, depth - 1);
                written.push(text);
                bound.extend(names);
            }
        }
        (format!("[{}]", written.join(", ")), bound)
    }

    /// `p | q`, which bind nothing, or one name at one type.
    fn alternatives(&mut self, ty: &Type, depth: usize) -> Pattern {
        let name = self.name("v");
        let wanted = self.some_type();
        let one = self.pattern_for(ty, Some((&name, &wanted)), depth);
        let other = self.pattern_for(ty, Some((&name, &wanted)), depth);
        if let (Some(one), Some(other)) = (one, other) {
            return (format!("({one} | {other})"), vec![(name, wanted)]);
        }
        let one = self.pattern_for(ty, None, depth).unwrap_or_else(|| "_".to_owned());
        let other = self.pattern_for(ty, None, depth).unwrap_or_else(|| "_".to_owned());
        (format!("({one} | {other})"), Vec::new())
    }

    /// A pattern that binds exactly this name at this type, or nothing at all.
    fn pattern_for(&mut self, ty: &Type, wanted: Option<(&str, &Type)>, depth: usize) -> Option<String> {
        if let Some((name, wanted)) = wanted
            && ty == wanted
        {
            return Some(name.to_owned());
        }
        if depth == 0 {
            return if wanted.is_none() { Some("_".to_owned()) } else { None };
        }
        let parts: Vec<(Type, String, String)> = self.openings(ty);
        let (part, before, after) = self.random.pick(&parts)?.clone();
        let inner = self.pattern_for(&part, wanted, depth - 1)?;
        Some(format!("{before}{inner}{after}"))
    }

    /// The ways to go from a value to one part of it in a pattern: the part, what is written before it and after it.
    fn openings(&self, ty: &Type) -> Vec<(Type, String, String)> {
        let one = |ty: &Type, before: &str, after: &str| (ty.clone(), before.to_owned(), after.to_owned());
        match ty {
            Type::Option(item) => vec![one(item, "some(", ")")],
            Type::Result(ok, err) => vec![one(ok, "ok(", ")"), one(err, "err(", ")")],
            Type::List(item) => vec![one(item, "[", ", ..]"), one(item, "[_, ", "]")],
            Type::Tuple(parts) => {
                let blanks = |count: usize| "_, ".repeat(count);
                let part = |(at, ty): (usize, &Type)| {
                    let after = parts.len() - at - 1;
                    let end =
                        if parts.len() == 1 { ",)".to_owned() } else { format!("{})", ", _".repeat(after)) };
                    (ty.clone(), format!("({}", blanks(at)), end)
                };
                parts.iter().enumerate().map(part).collect()
            }
            Type::Named(..) => {
                let cases = self.world.cases(ty).unwrap_or_default();
                let mut found = Vec::new();
                for case in cases {
                    for (at, part) in case.parts.iter().enumerate() {
                        let after = case.parts.len() - at - 1;
                        let before = format!("{}({}", case.name, "_, ".repeat(at));
                        found.push((part.ty.clone(), before, format!("{})", ", _".repeat(after))));
                    }
                }
                found
            }
            _ => Vec::new(),
        }
    }
}

fn tuple(parts: Vec<Pattern>) -> Pattern {
    let mut written = Vec::new();
    let mut bound = Vec::new();
    for (text, names) in parts {
        written.push(text);
        bound.extend(names);
    }
    let end = if written.len() == 1 { ",)" } else { ")" };
    (format!("({}{end}", written.join(", ")), bound)
}
