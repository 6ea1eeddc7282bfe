//! What a declaration says, in types: the shape of a record or variant, the signature of a function.

use crate::ty::{Mode, Ty};
use dot_db::Item;
use smol_str::SmolStr;

/// A type parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Generic {
    /// Its name.
    pub name: SmolStr,
    /// What its argument must be.
    pub bound: Bound,
}

/// The closed set of bounds, weakest first in what it admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// Anything, functions and handles included; such a value can be moved but not copied.
    Any,
    /// Plain data: the default.
    Data,
    /// Data without floats or functions: what maps and sets need.
    Key,
    /// Integers and floats.
    Number,
    /// Integers.
    Integer,
    /// Floats.
    Float,
}

/// A type declared by an item, before substitution: `Ty::Param(n)` stands for its n-th type parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct AdtDef<'db> {
    /// The declaring item.
    pub item: Item<'db>,
    /// The type parameters.
    pub generics: Vec<Generic>,
    /// What values are made of.
    pub shape: AdtShape<'db>,
}

/// What values of a declared type are made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum AdtShape<'db> {
    /// Fields in order of declaration, those of included records in their place.
    Record(Vec<FieldDef<'db>>),
    /// Cases in order of declaration. An enum is a variant whose cases carry nothing.
    Variant(Vec<CaseDef<'db>>),
    /// Flags, at most 32.
    Flags(Vec<SmolStr>),
    /// A resource: a handle outside, the fields inside the package that declares it.
    Resource(Vec<FieldDef<'db>>),
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct FieldDef<'db> {
    /// Its name in Dot spelling.
    pub name: SmolStr,
    /// Its type.
    pub ty: Ty<'db>,
    /// Whether the declaration gives it a default.
    pub has_default: bool,
}

/// A case of a variant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct CaseDef<'db> {
    /// Its name.
    pub name: SmolStr,
    /// What it carries, in order.
    pub parts: Vec<CasePart<'db>>,
    /// Whether `?` may wrap an error in this case (`@from`).
    pub from: bool,
}

/// One part of what a case carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct CasePart<'db> {
    /// Its label, where it has one.
    pub label: Option<SmolStr>,
    /// Its type.
    pub ty: Ty<'db>,
}

/// The signature of a function, dot, test or imported function, before substitution.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct FnSignature<'db> {
    /// The item that declares it.
    pub item: Item<'db>,
    /// The type parameters.
    pub generics: Vec<Generic>,
    /// The parameters in order; a `self` comes first.
    pub params: Vec<ParamSignature<'db>>,
    /// What it returns.
    pub ret: Ty<'db>,
    /// The effects it is declared with, by name, sorted; `None` where they are left to inference.
    pub uses: Option<Vec<SmolStr>>,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct ParamSignature<'db> {
    /// Its name.
    pub name: SmolStr,
    /// How it is passed.
    pub mode: Mode,
    /// Its type.
    pub ty: Ty<'db>,
    /// Whether a call may leave it out.
    pub has_default: bool,
}
