//! Constraints of parameters and fields, checked where a call comes in.
//!
//! The spec's chapter on attributes says what is checked in which order.

use crate::program::Program;
use crate::value::Value;
use dot_db::{Db, Item};
use dot_pattern::Pattern;
use dot_types::constraint::{
    Check, Constraint, Within, field_constraints, holds_constraints, param_constraints, within,
};
use dot_types::thir::Literal;
use dot_types::{AdtShape, Ty, TyKind, fn_signature};

/// The first parameter of a dot whose argument breaks a constraint, and what that is: `` `age` breaks `@max(150)` ``.
#[must_use]
pub fn broken<'db>(program: &dyn Program<'db>, dot: Item<'db>, args: &[Value<'db>]) -> Option<(u32, String)> {
    let db = program.db();
    let params = fn_signature(db, dot).params.iter().zip(args).zip(param_constraints(db, dot));
    (0..).zip(params).find_map(|(index, ((param, arg), own))| {
        let mut walk = Walk { program, db, path: param.name.to_string() };
        Some((index, walk.value(arg, param.ty, own)?))
    })
}

struct Walk<'p, 'db> {
    program: &'p dyn Program<'db>,
    db: &'db dyn Db,
    path: String,
}

impl<'db> Walk<'_, 'db> {
    fn at(&mut self, step: &str, walk: impl FnOnce(&mut Self) -> Option<String>) -> Option<String> {
        let len = self.path.len();
        self.path.push_str(step);
        let found = walk(self);
        self.path.truncate(len);
        found
    }

    /// What is wrong with a value: by its own constraints, or by those of its parts.
    fn value(&mut self, value: &Value<'db>, ty: Ty<'db>, own: &[Constraint]) -> Option<String> {
        for constraint in own {
            let pattern = constraint.check.pattern();
            if let Some(wrong) = self.constraint(value, ty, constraint, pattern.as_ref()) {
                return Some(wrong);
            }
        }
        if holds_constraints(self.db, ty) { self.parts(value, ty) } else { None }
    }

    fn constraint(
        &mut self,
        value: &Value<'db>,
        ty: Ty<'db>,
        constraint: &Constraint,
        pattern: Option<&Pattern>,
    ) -> Option<String> {
        match within(self.db, ty, constraint.check.goes()) {
            Within::Here => {
                let is_broken = !holds(value, &constraint.check, pattern);
                is_broken.then(|| format!("`{}` breaks `{}`", self.path, constraint.written))
            }
            Within::Option(inner) => {
                let (_, parts) = value.as_case()?;
                self.constraint(parts.first()?, inner, constraint, pattern)
            }
            Within::Elements(item) => {
                self.elements(value, &mut |walk, value| walk.constraint(value, item, constraint, pattern))
            }
            Within::Nowhere => None,
        }
    }

    fn elements(
        &mut self,
        value: &Value<'db>,
        walk: &mut dyn FnMut(&mut Self, &Value<'db>) -> Option<String>,
    ) -> Option<String> {
        let items: Vec<&Value<'db>> = match value {
            Value::List(items) => items.0.iter().collect(),
            Value::Set(set) => set.iter().map(|(key, _)| key).collect(),
            _ => Vec::new(),
        };
        let mut items = items.into_iter().enumerate();
        items.find_map(|(at, item)| self.at(&format!("[{at}]"), |this| walk(this, item)))
    }

    fn parts(&mut self, value: &Value<'db>, ty: Ty<'db>) -> Option<String> {
        match ty.kind(self.db) {
            TyKind::Option(inner) => self.value(value.as_case()?.1.first()?, *inner, &[]),
            TyKind::List(item) | TyKind::FixedList(item, _) | TyKind::Set(item) => {
                self.elements(value, &mut |walk, value| walk.value(value, *item, &[]))
            }
            TyKind::Map(key, val) => {
                let Value::Map(map) = value else { return None };
                (0..).zip(map.iter()).find_map(|(at, (k, v)): (u32, _)| {
                    self.at(&format!("[{at}][0]"), |walk| walk.value(k, *key, &[]))
                        .or_else(|| self.at(&format!("[{at}][1]"), |walk| walk.value(v, *val, &[])))
                })
            }
            TyKind::Tuple(tys) => {
                let parts = value.as_parts()?.iter().zip(tys);
                (0..).zip(parts).find_map(|(at, (part, ty)): (u32, _)| {
                    self.at(&format!("[{at}]"), |walk| walk.value(part, *ty, &[]))
                })
            }
            TyKind::Result(ok, err) => {
                let (case, parts) = value.as_case()?;
                let (step, ty) = if case == 0 { (".ok", *ok) } else { (".err", *err) };
                self.at(step, |walk| walk.value(parts.first()?, ty, &[]))
            }
            TyKind::Adt(item, args) => self.declared(value, *item, args),
            _ => None,
        }
    }

    fn declared(&mut self, value: &Value<'db>, item: Item<'db>, args: &[Ty<'db>]) -> Option<String> {
        match &self.program.adt(item)?.shape {
            AdtShape::Record(fields) => {
                let own = field_constraints(self.db, item);
                let mut parts = fields.iter().zip(value.as_parts()?).zip(own);
                parts.find_map(|((field, part), own)| {
                    let ty = field.ty.substitute(self.db, args);
                    self.at(&format!(".{}", field.name), |walk| walk.value(part, ty, own))
                })
            }
            AdtShape::Variant(cases) => {
                let (index, parts) = value.as_case()?;
                let case = cases.get(index as usize)?;
                let mut parts = parts.iter().zip(&case.parts).enumerate();
                parts.find_map(|(at, (value, part))| {
                    let ty = part.ty.substitute(self.db, args);
                    let step = match &part.label {
                        _ if case.parts.len() == 1 => format!(".{}", case.name),
                        Some(label) => format!(".{}.{label}", case.name),
                        None => format!(".{}[{at}]", case.name),
                    };
                    self.at(&step, |walk| walk.value(value, ty, &[]))
                })
            }
            AdtShape::Flags(_) | AdtShape::Resource(_) => None,
        }
    }
}

/// Whether a value meets a check that goes on it.
fn holds(value: &Value<'_>, check: &Check, pattern: Option<&Pattern>) -> bool {
    let len = || match value {
        Value::String(text) => text.chars().count(),
        Value::List(items) => items.0.len(),
        Value::Map(map) | Value::Set(map) => map.len(),
        _ => 0,
    };
    match (check, value) {
        (Check::Min(Literal::Int(n)), Value::Int(int)) => int.get() >= *n,
        (Check::Max(Literal::Int(n)), Value::Int(int)) => int.get() <= *n,
        (Check::Min(Literal::Float(bits)), Value::Float(float)) => *float >= f64::from_bits(*bits),
        (Check::Max(Literal::Float(bits)), Value::Float(float)) => *float <= f64::from_bits(*bits),
        (Check::Len(n), _) => len() == *n as usize,
        (Check::MinLen(n), _) => len() >= *n as usize,
        (Check::MaxLen(n), _) => len() <= *n as usize,
        (Check::Pattern(_) | Check::Format(_), Value::String(text)) => {
            pattern.is_some_and(|pattern| pattern.describes(text))
        }
        _ => true,
    }
}
