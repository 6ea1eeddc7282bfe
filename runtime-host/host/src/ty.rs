//! The types of a component's functions, with the names that Dot gives them.
//!
//! wasmtime's own types know shapes but not names: an exported `record point { … }` and the function that takes
//! it are joined by their shape only. [`Types`] finds the name again, among the types that the component
//! exports, those of the function's own interface first; where two are alike, [`crate::nominal`] tells which.

use std::cell::{Cell, RefCell};
use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;
use wasmtime::component::Type;

use crate::meta::{MemberMeta, Meta, TypeMeta};
use crate::names::{pascal, snake};
use crate::nominal::Owner;
use crate::written::refine;

/// A type as Dot sees it.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each is the WIT type of its name")]
pub enum Ty {
    Bool,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
    Char,
    String,
    List(Arc<Ty>),
    FixedList(Arc<Ty>, u32),
    Map(Arc<Ty>, Arc<Ty>),
    /// Dot's map, which crosses as a list of pairs.
    Pairs(Arc<Ty>, Arc<Ty>),
    /// Dot's set, which crosses as a list.
    Set(Arc<Ty>),
    /// Dot's fixed-length list, which crosses as a tuple.
    Row(Arc<Ty>, u32),
    Tuple(Vec<Ty>),
    Option(Arc<Ty>),
    Result(Option<Arc<Ty>>, Option<Arc<Ty>>),
    Record(Arc<Named>),
    Variant(Arc<Named>),
    Enum(Arc<Named>),
    Flags(Arc<Named>),
    /// What can't be written down: a resource, stream, future or error context, by what it is called.
    Handle(&'static str),
}

/// A record, variant, enum or flags type.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The name in Dot, where the component exports the type.
    pub name: Option<String>,
    /// What the author says about the type.
    pub docs: String,
    /// Fields, cases or flags, in order.
    pub members: Vec<Member>,
}

/// A field, case or flag.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The WIT name.
    pub wit: String,
    /// The name in Dot.
    pub dot: String,
    /// The name in JSON.
    pub json: String,
    /// What the author says about it.
    pub docs: String,
    /// The field's type or the case's payload.
    pub ty: Option<Ty>,
    /// A field's default, in JSON.
    pub default: Option<Json>,
    /// What is demanded of a field, by attribute name.
    pub constraints: Vec<(String, Json)>,
    /// The labels of a case's parts. Empty where nothing is known.
    pub labels: Vec<Option<String>>,
}

impl Member {
    /// The types of a case's parts: a payload `tuple<a, b>` stands for two parts, unless the author is known to
    /// have written one part that is a tuple.
    pub fn parts(&self) -> Vec<&Ty> {
        match &self.ty {
            None => Vec::new(),
            Some(Ty::Tuple(parts)) if parts.len() > 1 && self.labels.len() != 1 => parts.iter().collect(),
            Some(ty) => vec![ty],
        }
    }
}

impl Named {
    /// The member with this name, in Dot's or WIT's spelling.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|m| m.dot == name || m.wit == name)
    }

    /// The member of this name in JSON; in Dot's or WIT's spelling where no other one has it in JSON.
    pub fn json_member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|m| m.json == name).or_else(|| self.member(name))
    }

    /// The names of the members in JSON, for messages.
    pub fn json_names(&self) -> String {
        let names: Vec<String> = self.members.iter().map(|m| format!("`{}`", m.json)).collect();
        names.join(", ")
    }

    /// The names of the members in Dot, for messages.
    pub fn member_names(&self) -> String {
        let names: Vec<String> = self.members.iter().map(|m| format!("`{}`", m.dot)).collect();
        names.join(", ")
    }
}

impl Ty {
    /// Whether a value of this type can be written down, and so given on a command line or sent as JSON.
    pub fn is_data(&self) -> bool {
        match self {
            Ty::Handle(_) => false,
            Ty::List(t) | Ty::FixedList(t, _) | Ty::Row(t, _) | Ty::Option(t) | Ty::Set(t) => t.is_data(),
            Ty::Map(k, v) | Ty::Pairs(k, v) => k.is_data() && v.is_data(),
            Ty::Tuple(parts) => parts.iter().all(Ty::is_data),
            Ty::Result(ok, err) => [ok, err].into_iter().flatten().all(|t| t.is_data()),
            Ty::Record(n) | Ty::Variant(n) => n.members.iter().filter_map(|m| m.ty.as_ref()).all(Ty::is_data),
            _ => true,
        }
    }

    /// The primitive type's name, if it is one.
    fn primitive(&self) -> Option<&'static str> {
        Some(match self {
            Ty::Bool => "bool",
            Ty::S8 => "s8",
            Ty::U8 => "u8",
            Ty::S16 => "s16",
            Ty::U16 => "u16",
            Ty::S32 => "s32",
            Ty::U32 => "u32",
            Ty::S64 => "s64",
            Ty::U64 => "u64",
            Ty::F32 => "f32",
            Ty::F64 => "f64",
            Ty::Char => "char",
            Ty::String => "string",
            Ty::Handle(what) => what,
            _ => return None,
        })
    }
}

impl fmt::Display for Ty {
    /// As Dot writes the type; a record without a name is written out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = self.primitive() {
            return f.write_str(name);
        }
        match self {
            Ty::List(t) => write!(f, "list<{t}>"),
            Ty::FixedList(t, n) | Ty::Row(t, n) => write!(f, "list<{t}, {n}>"),
            Ty::Map(k, v) | Ty::Pairs(k, v) => write!(f, "map<{k}, {v}>"),
            Ty::Set(t) => write!(f, "set<{t}>"),
            Ty::Option(t) => write!(f, "option<{t}>"),
            Ty::Result(ok, err) => {
                let side = |t: &Option<Arc<Ty>>| t.as_ref().map_or("()".to_string(), |t| t.to_string());
                write!(f, "result<{}, {}>", side(ok), side(err))
            }
            Ty::Tuple(parts) => {
                let parts: Vec<String> = parts.iter().map(Ty::to_string).collect();
                write!(f, "({}{})", parts.join(", "), if parts.len() == 1 { "," } else { "" })
            }
            Ty::Record(named) | Ty::Variant(named) | Ty::Enum(named) | Ty::Flags(named) => {
                write_named(f, named)
            }
            _ => Ok(()),
        }
    }
}

fn write_named(f: &mut fmt::Formatter<'_>, named: &Named) -> fmt::Result {
    if let Some(name) = &named.name {
        return f.write_str(name);
    }
    let member = |m: &Member| match &m.ty {
        Some(ty) => format!("{}: {ty}", m.dot),
        None => m.dot.clone(),
    };
    write!(f, "{{ {} }}", named.members.iter().map(member).collect::<Vec<_>>().join(", "))
}

/// A type that the component exports under a name.
pub(crate) struct Export {
    /// The interface's name as exported; none at the world's level.
    pub(crate) interface: Option<String>,
    /// The interface's name inside the package, which is how `dot-meta` calls it.
    pub(crate) short: Option<String>,
    pub(crate) name: String,
    pub(crate) ty: Type,
}

/// Turns wasmtime's types into [`Ty`].
pub(crate) struct Types<'a> {
    pub(crate) exports: &'a [Export],
    pub(crate) meta: Option<&'a Meta>,
    /// Nodes that may still be made: types are shared in a component and become trees here, and a hostile one
    /// could make the trees of many functions enormous.
    pub(crate) budget: Cell<usize>,
    /// The owners of the named types that the walk over the current function's types will meet, in order; empty
    /// where shapes tell them apart.
    pub(crate) owners: RefCell<VecDeque<Option<Owner>>>,
}

/// Whether two named types of one interface may be alike: their members are called the same.
pub(crate) fn any_alike(exports: &[Export]) -> bool {
    let mut seen = HashSet::new();
    exports.iter().any(|export| {
        let names: Option<Vec<String>> = match &export.ty {
            Type::Record(record) => Some(record.fields().map(|f| f.name.to_string()).collect()),
            Type::Variant(variant) => Some(variant.cases().map(|c| c.name.to_string()).collect()),
            Type::Enum(names) => Some(names.names().map(str::to_string).collect()),
            Type::Flags(flags) => Some(flags.names().map(str::to_string).collect()),
            _ => None,
        };
        names.is_some_and(|names| !seen.insert((export.interface.as_deref(), names)))
    })
}

impl Types<'_> {
    /// The type `ty` as a function of `interface` uses it; `None` when the component's types are too large.
    pub(crate) fn convert(&self, interface: Option<&str>, ty: &Type) -> Option<Ty> {
        self.budget.set(self.budget.get().checked_sub(1)?);
        let inner = |t: &Type| self.convert(interface, t).map(Arc::new);
        let optional = |t: Option<Type>| match t {
            Some(t) => inner(&t).map(Some),
            None => Some(None),
        };
        Some(match ty {
            Type::Bool => Ty::Bool,
            Type::S8 => Ty::S8,
            Type::U8 => Ty::U8,
            Type::S16 => Ty::S16,
            Type::U16 => Ty::U16,
            Type::S32 => Ty::S32,
            Type::U32 => Ty::U32,
            Type::S64 => Ty::S64,
            Type::U64 => Ty::U64,
            Type::Float32 => Ty::F32,
            Type::Float64 => Ty::F64,
            Type::Char => Ty::Char,
            Type::String => Ty::String,
            Type::List(list) => Ty::List(inner(&list.ty())?),
            Type::FixedLengthList(list) => Ty::FixedList(inner(&list.ty())?, list.len()),
            Type::Map(map) => Ty::Map(inner(&map.key())?, inner(&map.value())?),
            Type::Tuple(tuple) => {
                Ty::Tuple(tuple.types().map(|t| self.convert(interface, &t)).collect::<Option<_>>()?)
            }
            Type::Option(option) => Ty::Option(inner(&option.ty())?),
            Type::Result(result) => Ty::Result(optional(result.ok())?, optional(result.err())?),
            Type::Record(_) => Ty::Record(self.named(interface, ty)?),
            Type::Variant(_) => Ty::Variant(self.named(interface, ty)?),
            Type::Enum(_) => Ty::Enum(self.named(interface, ty)?),
            Type::Flags(_) => Ty::Flags(self.named(interface, ty)?),
            Type::Own(_) | Type::Borrow(_) => Ty::Handle("resource"),
            Type::Future(_) => Ty::Handle("future"),
            Type::Stream(_) => Ty::Handle("stream"),
            Type::ErrorContext => Ty::Handle("error-context"),
        })
    }

    fn named(&self, interface: Option<&str>, ty: &Type) -> Option<Arc<Named>> {
        let owner = self.owners.borrow_mut().pop_front().flatten();
        let export = match &owner {
            Some((owner, name)) => self.exports.iter().find(|e| e.interface == *owner && e.name == *name),
            None => self.find(interface, ty),
        };
        let meta = export.and_then(|e| self.meta?.ty(e.short.as_deref(), &e.name));
        let members = match ty {
            Type::Record(record) => record
                .fields()
                .map(|f| Some((f.name.to_string(), Some(self.convert(interface, &f.ty)?))))
                .collect::<Option<Vec<_>>>()?,
            Type::Variant(variant) => variant
                .cases()
                .map(|c| match c.ty {
                    Some(t) => Some((c.name.to_string(), Some(self.convert(interface, &t)?))),
                    None => Some((c.name.to_string(), None)),
                })
                .collect::<Option<Vec<_>>>()?,
            Type::Enum(names) => names.names().map(|n| (n.to_string(), None)).collect(),
            Type::Flags(flags) => flags.names().map(|n| (n.to_string(), None)).collect(),
            _ => Vec::new(),
        };
        let is_record = matches!(ty, Type::Record(_));
        let members = members.into_iter().map(|(wit, ty)| member(wit, ty, is_record, meta)).collect();
        let name = export.map(|e| meta.map_or_else(|| pascal(&e.name), |m| m.dot.clone()));
        Some(Arc::new(Named { name, docs: meta.map(|m| m.docs.clone()).unwrap_or_default(), members }))
    }

    /// The export that has this type: one of the same interface, else any.
    fn find(&self, interface: Option<&str>, ty: &Type) -> Option<&Export> {
        let same = |e: &&Export| e.ty == *ty;
        let own = self.exports.iter().filter(|e| e.interface.as_deref() == interface).find(same);
        own.or_else(|| self.exports.iter().find(same))
    }
}

fn member(wit: String, ty: Option<Ty>, is_field: bool, meta: Option<&TypeMeta>) -> Member {
    let known: Option<&MemberMeta> =
        meta.and_then(|m| m.fields.iter().chain(&m.cases).find(|known| known.name == wit));
    let derived = || if is_field { snake(&wit) } else { pascal(&wit) };
    let dot = known.map_or_else(derived, |k| k.dot.clone());
    Member {
        json: known.and_then(|k| k.json.clone()).unwrap_or_else(|| dot.clone()),
        dot,
        docs: known.map(|k| k.docs.clone()).unwrap_or_default(),
        default: known.and_then(|k| k.default.clone()),
        constraints: known
            .map(|k| k.constraints.iter().map(|(n, v)| (n.clone(), v.clone())).collect())
            .unwrap_or_default(),
        labels: known.map(|k| k.labels.clone()).unwrap_or_default(),
        ty: ty.map(|ty| match known {
            Some(known) => refine(ty, &known.ty),
            None => ty,
        }),
        wit,
    }
}
