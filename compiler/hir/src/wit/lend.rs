//! Which handles in a parameter are only lent for the call.

use super::content::parts;
use rustc_hash::FxHashSet;
use wit_parser::{Handle, Resolve, Type, TypeDefKind, TypeId};

/// Which handles in a value are lent rather than given away.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Lend {
    /// None.
    Nothing,
    /// All.
    All,
    /// Some: by field of a record, part of a tuple or case of a variant; of a list by its only entry, its elements. A map is
    /// a list of tuples, a fixed-length list a tuple.
    Parts(Vec<Lend>),
}

impl Lend {
    /// What a parameter of this type lends. Types of WIT are never recursive.
    pub(super) fn of(resolve: &Resolve, ty: &Type) -> Self {
        let is_lent = |kind: &TypeDefKind| matches!(kind, TypeDefKind::Handle(Handle::Borrow(_)));
        // Most types lend nothing, however often their parts stand in them.
        if !holds(resolve, ty, &is_lent, &mut FxHashSet::default()) {
            return Self::Nothing;
        }
        let Type::Id(id) = ty else { return Self::Nothing };
        let of = |ty: &Type| Self::of(resolve, ty);
        let maybe = |ty: &Option<Type>| ty.as_ref().map_or(Self::Nothing, of);
        match &resolve.types[*id].kind {
            TypeDefKind::Handle(Handle::Borrow(_)) => Self::All,
            TypeDefKind::Type(ty) => of(ty),
            TypeDefKind::Record(record) => {
                Self::join(record.fields.iter().map(|field| of(&field.ty)).collect())
            }
            TypeDefKind::Variant(variant) => {
                Self::join(variant.cases.iter().map(|case| maybe(&case.ty)).collect())
            }
            TypeDefKind::Tuple(tuple) => Self::join(tuple.types.iter().map(of).collect()),
            TypeDefKind::Option(ty) => Self::join(vec![Self::Nothing, of(ty)]),
            TypeDefKind::Result(result) => Self::join(vec![maybe(&result.ok), maybe(&result.err)]),
            TypeDefKind::List(ty) => Self::join(vec![of(ty)]),
            TypeDefKind::FixedLengthList(ty, len) => match of(ty) {
                Self::Nothing => Self::Nothing,
                other => Self::Parts(vec![other; *len as usize]),
            },
            TypeDefKind::Map(key, value) => Self::join(vec![Self::join(vec![of(key), of(value)])]),
            _ => Self::Nothing,
        }
    }

    fn join(parts: Vec<Self>) -> Self {
        if parts.iter().all(|part| *part == Self::Nothing) { Self::Nothing } else { Self::Parts(parts) }
    }

    /// What the n-th part lends.
    #[must_use]
    pub fn part(&self, n: usize) -> &Self {
        match self {
            Self::Nothing | Self::All => self,
            Self::Parts(parts) => parts.get(n).unwrap_or(&Self::Nothing),
        }
    }
}

/// Whether a type holds a handle that goes with it: one that is owned, a stream or a future.
pub(super) fn gives_away(resolve: &Resolve, ty: &Type) -> bool {
    let is_given = |kind: &TypeDefKind| {
        matches!(kind, TypeDefKind::Handle(Handle::Own(_)) | TypeDefKind::Future(_) | TypeDefKind::Stream(_))
    };
    holds(resolve, ty, &is_given, &mut FxHashSet::default())
}

/// Whether a type is or holds one of a kind. A type that stands in many places is looked at once.
fn holds(
    resolve: &Resolve,
    ty: &Type,
    is_it: &dyn Fn(&TypeDefKind) -> bool,
    seen: &mut FxHashSet<TypeId>,
) -> bool {
    let Type::Id(id) = ty else { return false };
    let kind = &resolve.types[*id].kind;
    seen.insert(*id) && (is_it(kind) || parts(kind).any(|part| holds(resolve, part, is_it, seen)))
}
