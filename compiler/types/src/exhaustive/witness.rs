//! Witnesses: values that no arm fits, shown as patterns.

use super::constructor::{Constructor, Key, ListShape};
use super::pattern::Kind;
use crate::{AdtShape, Ty, TyKind, adt_def};
use dot_db::Db;

/// A set of values that no arm fits.
#[derive(Clone, Debug)]
pub(super) struct Witness<'db> {
    ty: Ty<'db>,
    constructor: Constructor,
    fields: Vec<Witness<'db>>,
}

/// Takes the witnesses of the fields of what `constructor` makes off the end of `row` (the first one is last),
/// and puts the whole there.
pub(super) fn wrap<'db>(
    mut row: Vec<Witness<'db>>,
    ty: Ty<'db>,
    constructor: &Constructor,
    arity: usize,
) -> Vec<Witness<'db>> {
    let mut fields = row.split_off(row.len().saturating_sub(arity));
    fields.reverse();
    row.push(Witness { ty, constructor: constructor.clone(), fields });
    row
}

impl<'db> Witness<'db> {
    /// The pattern that fits these values.
    pub(super) fn show(&self, db: &'db dyn Db) -> String {
        match &self.constructor {
            Constructor::Any | Constructor::Opaque(_) => "_".to_owned(),
            Constructor::Single => self.show_single(db),
            Constructor::Case(case) => match Kind::of(db, self.ty) {
                Kind::Cases(cases) => {
                    let name = cases.get(*case as usize).map_or("_", |(name, _)| name.as_str());
                    let unit = matches!(cases.get(*case as usize), Some((_, parts)) if parts.is_empty());
                    if unit { name.to_owned() } else { format!("{name}({})", self.show_fields(db)) }
                }
                _ => "_".to_owned(),
            },
            Constructor::Range(first, last) => show_range(db, self.ty, *first, *last),
            Constructor::Exactly(Key::String(text)) => quote(text),
            Constructor::Exactly(Key::Flags(_)) => "_".to_owned(),
            Constructor::Exactly(Key::Float(bits)) => format!("{:?}", f64::from_bits(*bits)),
            Constructor::List(ListShape::Exactly(_)) => format!("[{}]", self.show_fields(db)),
            Constructor::List(ListShape::AtLeast(before, _)) => {
                let mut parts: Vec<String> = self.fields.iter().map(|field| field.show(db)).collect();
                parts.insert((*before as usize).min(parts.len()), "..".to_owned());
                format!("[{}]", parts.join(", "))
            }
        }
    }

    fn show_fields(&self, db: &'db dyn Db) -> String {
        self.fields.iter().map(|field| field.show(db)).collect::<Vec<_>>().join(", ")
    }

    fn show_single(&self, db: &'db dyn Db) -> String {
        let TyKind::Adt(item, _) = self.ty.kind(db) else { return format!("({})", self.show_fields(db)) };
        let AdtShape::Record(defs) = &adt_def(db, *item).shape else { return "_".to_owned() };
        let mut parts: Vec<String> = Vec::new();
        for (def, field) in defs.iter().zip(&self.fields) {
            let shown = field.show(db);
            if shown != "_" {
                parts.push(format!("{}: {shown}", def.name));
            }
        }
        if parts.len() < defs.len() {
            parts.push("..".to_owned());
        }
        format!("{} {{ {} }}", item.name(db), parts.join(", "))
    }
}

/// A string as a literal.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '{' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn show_range<'db>(db: &'db dyn Db, ty: Ty<'db>, first: i128, last: i128) -> String {
    let scalar = |value: i128| match ty.kind(db) {
        TyKind::Bool => if value == 0 { "false" } else { "true" }.to_owned(),
        TyKind::Char => {
            let value = u32::try_from(value).ok().and_then(char::from_u32);
            value.map_or_else(|| "_".to_owned(), |value| format!("{value:?}"))
        }
        _ => value.to_string(),
    };
    let end = match Kind::of(db, ty) {
        Kind::Scalars { whole } => whole.last().map(|(_, last)| *last),
        _ => None,
    };
    if first == last {
        scalar(first)
    } else if Some(last) == end {
        format!("{}..", scalar(first))
    } else {
        format!("{}..={}", scalar(first), scalar(last))
    }
}
