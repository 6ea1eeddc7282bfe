//! Constraints: what attributes say about the values of parameters and fields.
//!
//! Every engine checks them in its own way; what is checked, where, and in which order is decided here. A
//! constraint goes on values of some types; through [`within`] it reaches those inside options
//! and lists.

mod misuse;

pub(crate) use misuse::check;

use crate::adt::field_origins;
use crate::bounds::parts_of;
use crate::thir::Literal;
use crate::{FloatKind, IntKind, Ty, TyKind, adt_def, fn_signature};
use dot_db::{Db, Item};
use dot_hir::attribute::{Attribute, AttributeValue};
use dot_hir::item_signature;
use dot_hir::signature::RecordMember;
use dot_pattern::{Format, Pattern};
use dot_syntax::ItemKind;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

/// One constraint, as written at a parameter or field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Constraint {
    /// What is checked.
    pub check: Check,
    /// How it is written: `@min(1)`.
    pub written: SmolStr,
}

/// What a constraint checks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Check {
    /// A number is at least this one.
    Min(Literal),
    /// A number is at most this one.
    Max(Literal),
    /// A length is this.
    Len(u32),
    /// A length is at least this.
    MinLen(u32),
    /// A length is at most this.
    MaxLen(u32),
    /// A text is as this pattern describes it.
    Pattern(SmolStr),
    /// A text is of the format of this name.
    Format(SmolStr),
}

/// What kind of values a constraint goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    /// Integers and floats.
    Number,
    /// Strings, lists, maps and sets.
    Length,
    /// Strings.
    Text,
}

impl Check {
    /// What kind of values it goes on.
    #[must_use]
    pub fn goes(&self) -> Goes {
        match self {
            Self::Min(_) | Self::Max(_) => Goes::Number,
            Self::Len(_) | Self::MinLen(_) | Self::MaxLen(_) => Goes::Length,
            Self::Pattern(_) | Self::Format(_) => Goes::Text,
        }
    }

    /// The pattern of a check of text.
    #[must_use]
    pub fn pattern(&self) -> Option<Pattern> {
        match self {
            Self::Pattern(text) => Pattern::parse(text).ok(),
            Self::Format(name) => Format::named(name)?.parsed(),
            _ => None,
        }
    }
}

/// Where a constraint leads from a value of some type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within<'db> {
    /// The value itself is checked.
    Here,
    /// What is in the option is.
    Option(Ty<'db>),
    /// The elements of the list or set are.
    Elements(Ty<'db>),
    /// It doesn't go on such a value.
    Nowhere,
}

/// Where a constraint leads from a value of type `ty`.
#[must_use]
pub fn within<'db>(db: &'db dyn Db, ty: Ty<'db>, goes: Goes) -> Within<'db> {
    match (ty.kind(db), goes) {
        (TyKind::Int(_) | TyKind::Float(_), Goes::Number)
        | (TyKind::String | TyKind::List(_) | TyKind::Map(..) | TyKind::Set(_), Goes::Length)
        | (TyKind::String, Goes::Text) => Within::Here,
        (TyKind::Option(inner), _) => Within::Option(*inner),
        (TyKind::List(item) | TyKind::FixedList(item, _) | TyKind::Set(item), Goes::Number | Goes::Text) => {
            Within::Elements(*item)
        }
        _ => Within::Nowhere,
    }
}

/// The type of the values that a constraint on `ty` checks; none where it goes on nothing.
fn target<'db>(db: &'db dyn Db, ty: Ty<'db>, goes: Goes) -> Option<Ty<'db>> {
    match within(db, ty, goes) {
        Within::Here => Some(ty),
        Within::Option(inner) | Within::Elements(inner) => target(db, inner, goes),
        Within::Nowhere => None,
    }
}

/// The constraints of each parameter of a dot or test, in order.
#[salsa::tracked]
pub fn param_constraints<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Vec<Constraint>> {
    if !matches!(item.kind(db), ItemKind::Dot | ItemKind::Test) {
        return Vec::new();
    }
    let params = item_signature(db, item).params().iter().zip(&fn_signature(db, item).params);
    params.map(|(written, param)| constraints(db, &written.attributes, param.ty)).collect()
}

/// The constraints of each field of a record, in order, those of included records in their place.
#[salsa::tracked]
pub fn field_constraints<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Vec<Constraint>> {
    let of_field = |origin: &crate::adt::FieldOrigin<'db>| {
        let member = item_signature(db, origin.item).members().get(origin.member as usize)?;
        let RecordMember::Field(field) = member else { return None };
        let own = field_origins(db, origin.item);
        let at = own.iter().position(|own| own.item == origin.item && own.member == origin.member)?;
        let ty = fields_of(db, origin.item).get(at)?.ty;
        Some(constraints(db, &field.attributes, ty))
    };
    field_origins(db, item).iter().map(|origin| of_field(origin).unwrap_or_default()).collect()
}

/// The fields of a record; none of anything else.
fn fields_of<'db>(db: &'db dyn Db, item: Item<'db>) -> &'db [crate::FieldDef<'db>] {
    match &adt_def(db, item).shape {
        crate::AdtShape::Record(fields) => fields,
        _ => &[],
    }
}

/// The attributes that are right constraints on a value of this type.
fn constraints<'db>(db: &'db dyn Db, attributes: &[Attribute], ty: Ty<'db>) -> Vec<Constraint> {
    let of = |attribute| Some(Constraint { check: read(db, attribute, ty)?, written: written(attribute) });
    attributes.iter().filter_map(of).collect()
}

/// What an attribute checks in values of `ty`; none for one that is no constraint, or a wrong one.
fn read<'db>(db: &'db dyn Db, attribute: &Attribute, ty: Ty<'db>) -> Option<Check> {
    let check = match (attribute.name.as_str(), attribute.args.as_slice()) {
        ("min", [value]) => Check::Min(bound(db, value, target(db, ty, Goes::Number)?)?),
        ("max", [value]) => Check::Max(bound(db, value, target(db, ty, Goes::Number)?)?),
        ("len", [AttributeValue::Int(n)]) => Check::Len(u32::try_from(*n).ok()?),
        ("min_len", [AttributeValue::Int(n)]) => Check::MinLen(u32::try_from(*n).ok()?),
        ("max_len", [AttributeValue::Int(n)]) => Check::MaxLen(u32::try_from(*n).ok()?),
        ("pattern", [AttributeValue::String(text)]) => Check::Pattern(text.clone()),
        ("format", [AttributeValue::String(name)]) => Check::Format(name.clone()),
        _ => return None,
    };
    target(db, ty, check.goes()).map(|_| check)
}

/// A bound as a number of the type that it limits; none if that doesn't hold it.
fn bound<'db>(db: &'db dyn Db, value: &AttributeValue, ty: Ty<'db>) -> Option<Literal> {
    match (ty.kind(db), value) {
        (TyKind::Int(kind), AttributeValue::Int(n)) => {
            let kind: IntKind = *kind;
            (kind.min()..=kind.max()).contains(n).then_some(Literal::Int(*n))
        }
        (TyKind::Float(kind), AttributeValue::Int(n)) => float(*kind, &n.to_string()),
        (TyKind::Float(kind), AttributeValue::Float(text)) => float(*kind, text),
        _ => None,
    }
}

fn float(kind: FloatKind, text: &str) -> Option<Literal> {
    let value = match kind {
        FloatKind::F32 => f64::from(text.parse::<f32>().ok()?),
        FloatKind::F64 => text.parse::<f64>().ok()?,
    };
    value.is_finite().then(|| Literal::Float(value.to_bits()))
}

/// An attribute as a person writes it.
fn written(attribute: &Attribute) -> SmolStr {
    let argument = match attribute.args.first() {
        Some(AttributeValue::Int(n)) => n.to_string(),
        Some(AttributeValue::Float(text)) => text.to_string(),
        Some(AttributeValue::String(text)) => format!("\"{text}\""),
        _ => String::new(),
    };
    format!("@{}({argument})", attribute.name.text).into()
}

/// Whether a value of this type may hold one that a field's constraint checks. A type that comes again inside
/// itself adds nothing.
#[salsa::tracked(returns(copy))]
pub fn holds_constraints<'db>(db: &'db dyn Db, ty: Ty<'db>) -> bool {
    let (mut todo, mut seen) = (vec![ty], FxHashSet::default());
    while let Some(ty) = todo.pop() {
        if !seen.insert(ty) {
            continue;
        }
        match ty.kind(db) {
            // What a handle stands for has come in long ago.
            _ if crate::own_resource(db, ty).is_some() => {}
            TyKind::Adt(item, args) => {
                if field_constraints(db, *item).iter().any(|own| !own.is_empty()) {
                    return true;
                }
                todo.extend(parts_of(db, *item, args));
            }
            TyKind::Fn(..) => {}
            kind => todo.extend(crate::table::decompose(kind).1),
        }
    }
    false
}

/// Whether a call of a dot from outside has anything to check.
#[salsa::tracked(returns(copy))]
pub fn is_constrained<'db>(db: &'db dyn Db, dot: Item<'db>) -> bool {
    dot.kind(db) == ItemKind::Dot
        && (param_constraints(db, dot).iter().any(|own| !own.is_empty())
            || fn_signature(db, dot).params.iter().any(|param| holds_constraints(db, param.ty)))
}
