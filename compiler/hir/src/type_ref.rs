//! Types as they are written: names not yet looked up, in an arena without spans.

use crate::{Name, Path};

/// A type as written, in the arena of its signature or body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeRefId(pub u32);

/// A type as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeRef {
    /// `u32`, `list<string>`, `fs.ErrorCode`: built-in types are names like all others.
    Named {
        /// One name, or a module's name and a type's.
        path: Path,
        /// The arguments between `<` and `>`.
        args: Vec<TypeArg>,
    },
    /// `()`, `(A,)`, `(A, B)`.
    Tuple(Vec<TypeRefId>),
    /// `fn(A, inout B) -> C uses http`.
    Function(FunctionTypeRef),
    /// `_`: to be inferred.
    Infer,
    /// What could not be read as a type; this has been reported.
    Error,
}

/// An argument of a generic type or function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeArg {
    /// A type.
    Type(TypeRefId),
    /// The length in `list<T, 4>`.
    Length(u64),
}

/// The type of a function value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FunctionTypeRef {
    /// Whether `pure` stands before it.
    pub pure: bool,
    /// Its parameters.
    pub params: Vec<FunctionTypeParam>,
    /// Its result; none written means `()`.
    pub ret: Option<TypeRefId>,
    /// Its effects, where they are written.
    pub uses: Option<Vec<EffectRef>>,
}

/// A parameter of a function type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FunctionTypeParam {
    /// Whether the function may change what it is given.
    pub inout: bool,
    /// Its type.
    pub ty: TypeRefId,
}

/// One effect after `uses`: the name of a module, of WIT or of std, that stands for the interfaces it touches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EffectRef {
    /// `http`, or one function of it, `http.get`.
    Named(Path),
    /// `_`: to be inferred.
    Infer,
}

/// `T` or `T: number`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GenericParam {
    /// Its name.
    pub name: Name,
    /// Its bound.
    pub bound: Option<Name>,
}
