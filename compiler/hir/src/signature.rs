//! What an item declares, apart from its code, its documentation and its place.

use crate::attribute::Attribute;
use crate::type_ref::{EffectRef, GenericParam, TypeRef, TypeRefId};
use crate::{Name, NameId, Path};
use dot_diagnostics::TextRange;
use smol_str::SmolStr;

/// What an item declares.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemSignature {
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Whether `pub` stands before it. A dot is public without saying so: see [`crate::is_public`].
    pub is_pub: bool,
    /// Whether a type's structure is hidden outside its file.
    pub is_opaque: bool,
    /// The declaration.
    pub kind: SignatureKind,
    /// Every type that the declaration mentions.
    pub types: Vec<TypeRef>,
}

/// Where the parts of a signature stand, relative to the item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SignatureSourceMap {
    /// By type.
    pub types: Vec<TextRange>,
    /// By name.
    pub names: Vec<TextRange>,
    /// The declared name; for an item without one, its keyword's line start to the end of what names it.
    pub item_name: TextRange,
    /// From the first attribute or doc comment to the end.
    pub item: TextRange,
    /// Where `opaque` stands, if it does.
    pub opaque: Option<TextRange>,
    /// `uses …`, if it stands there.
    pub uses: Option<TextRange>,
    /// By member of [`SignatureKind`]: fields, cases, parameters, from docs to end.
    pub members: Vec<TextRange>,
}

/// The forms of declarations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SignatureKind {
    /// `fn`, `dot`
    Function(FunctionSignature),
    /// `record`
    Record {
        /// Its type parameters.
        generics: Vec<GenericParam>,
        /// Fields and included records, in order.
        members: Vec<RecordMember>,
    },
    /// `resource`
    Resource {
        /// Fields and included records, in order.
        members: Vec<RecordMember>,
    },
    /// `variant`
    Variant {
        /// Its type parameters.
        generics: Vec<GenericParam>,
        /// Its cases, in order.
        cases: Vec<CaseSignature>,
    },
    /// `enum`: cases without parts.
    Enum {
        /// Its cases, in order.
        cases: Vec<CaseSignature>,
    },
    /// `flags`: cases without parts.
    Flags {
        /// Its flags, in order.
        cases: Vec<CaseSignature>,
    },
    /// `type`
    Alias {
        /// Its type parameters.
        generics: Vec<GenericParam>,
        /// What it stands for.
        ty: TypeRefId,
    },
    /// `const`
    Const {
        /// Its type.
        ty: TypeRefId,
    },
    /// `test`; its parameters make it a property.
    Test {
        /// The values that are tried.
        params: Vec<ParamSignature>,
    },
    /// `use`
    Use(UseDeclaration),
    /// `export`
    Export {
        /// The interface that this package implements.
        path: WitPath,
        /// What its functions are defined under.
        alias: Name,
    },
    /// An item that could not be read at all; this has been reported.
    Error,
}

/// `fn Lru.new<K, V>(capacity: u32) -> Lru<K, V> uses log`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FunctionSignature {
    /// Whether the keyword is `dot`.
    pub is_dot: bool,
    /// What stands before the dot of the name: a type, or an exported interface.
    pub owner: Option<Name>,
    /// Its type parameters.
    pub generics: Vec<GenericParam>,
    /// Its parameters; a first one named `self` makes it a method.
    pub params: Vec<ParamSignature>,
    /// Its result; none written means `()`.
    pub ret: Option<TypeRefId>,
    /// Its effects, where they are written.
    pub uses: Option<Vec<EffectRef>>,
}

impl FunctionSignature {
    /// Whether its first parameter is named `self`.
    #[must_use]
    pub fn is_method(&self) -> bool {
        self.params.first().is_some_and(|param| param.name.text == "self")
    }
}

/// `@min(1) inout step: u64 = 1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ParamSignature {
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Whether `inout` stands before it.
    pub inout: bool,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRefId,
    /// Whether a call may leave it out; the value is in [`crate::default_bodies`].
    pub has_default: bool,
}

/// What stands between the braces of a record or resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RecordMember {
    /// A field.
    Field(FieldSignature),
    /// `..Order`: the fields of another record.
    Include(TypeRefId),
}

/// `@unit("cents") total: u64 = 0`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldSignature {
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRefId,
    /// Whether a literal may leave it out; the value is in [`crate::default_bodies`], by member.
    pub has_default: bool,
}

/// `@from Net(HttpError)`, `Binary(op: char, left: Expr, right: Expr)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CaseSignature {
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Its name.
    pub name: Name,
    /// What it carries.
    pub parts: Vec<CasePartSignature>,
    /// Whether `?` may wrap an error in this case (`@from`).
    pub from: bool,
}

/// One part of what a case carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CasePartSignature {
    /// `op` in `op: char`.
    pub label: Option<Name>,
    /// Its type.
    pub ty: TypeRefId,
}

/// `use std/http.{HttpError}`, `use geo/places as p`, `use wasi:http/types@0.2.8 as types`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UseDeclaration {
    /// What is used.
    pub path: UsePath,
    /// The name after `as`.
    pub alias: Option<Name>,
    /// The names in `.{ … }`.
    pub names: Vec<UseName>,
}

/// The path of a `use`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UsePath {
    /// A module of Dot: `std/http`.
    Module(Path),
    /// An interface of WIT: `wasi:http/types@0.2.8`.
    Wit(WitPath),
}

/// `namespace:package/interface@version`, in WIT's own spelling.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WitPath {
    /// Before the colon.
    pub namespace: SmolStr,
    /// Between colon and slash.
    pub package: SmolStr,
    /// After the slash; empty if there is none.
    pub interface: SmolStr,
    /// After the `@`.
    pub version: Option<SmolStr>,
    /// Where the whole path stands.
    pub at: NameId,
}

/// One name of a `use`'s group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UseName {
    /// The name over there.
    pub name: Name,
    /// The name here, if it is another.
    pub alias: Option<Name>,
}

impl UseName {
    /// The name that is bound.
    #[must_use]
    pub fn bound(&self) -> &Name {
        self.alias.as_ref().unwrap_or(&self.name)
    }
}

impl ItemSignature {
    /// The type with this id.
    ///
    /// # Panics
    ///
    /// When the id is not of this signature.
    #[must_use]
    pub fn type_ref(&self, id: TypeRefId) -> &TypeRef {
        &self.types[id.0 as usize]
    }

    /// The function that this declares, if it does.
    #[must_use]
    pub fn function(&self) -> Option<&FunctionSignature> {
        match &self.kind {
            SignatureKind::Function(function) => Some(function),
            _ => None,
        }
    }

    /// The type parameters; none for what can't have any.
    #[must_use]
    pub fn generics(&self) -> &[GenericParam] {
        match &self.kind {
            SignatureKind::Function(function) => &function.generics,
            SignatureKind::Record { generics, .. }
            | SignatureKind::Variant { generics, .. }
            | SignatureKind::Alias { generics, .. } => generics,
            _ => &[],
        }
    }

    /// The cases of a variant or enum and the flags of a flags type; none for other items.
    #[must_use]
    pub fn cases(&self) -> &[CaseSignature] {
        match &self.kind {
            SignatureKind::Variant { cases, .. }
            | SignatureKind::Enum { cases }
            | SignatureKind::Flags { cases } => cases,
            _ => &[],
        }
    }

    /// The fields and includes of a record or resource; none for other items.
    #[must_use]
    pub fn members(&self) -> &[RecordMember] {
        match &self.kind {
            SignatureKind::Record { members, .. } | SignatureKind::Resource { members } => members,
            _ => &[],
        }
    }

    /// The parameters of a function or test; none for other items.
    #[must_use]
    pub fn params(&self) -> &[ParamSignature] {
        match &self.kind {
            SignatureKind::Function(function) => &function.params,
            SignatureKind::Test { params } => params,
            _ => &[],
        }
    }
}

impl SignatureSourceMap {
    /// Where a type stands; empty at the start if it is of another signature.
    #[must_use]
    pub fn type_ref(&self, id: TypeRefId) -> TextRange {
        self.types.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Where a name stands.
    #[must_use]
    pub fn name(&self, id: NameId) -> TextRange {
        self.names.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Where a path stands, from its first name to its last.
    #[must_use]
    pub fn path(&self, path: &Path) -> TextRange {
        match (path.segments.first(), path.segments.last()) {
            (Some(first), Some(last)) => self.name(first.id).join(self.name(last.id)),
            _ => TextRange::default(),
        }
    }
}
