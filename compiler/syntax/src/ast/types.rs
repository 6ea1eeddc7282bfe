//! Types, type parameters and effects.

use dot_diagnostics::{Reported, TextRange};

use super::{Name, Path};

/// A type as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// Which type.
    pub kind: TypeKind,
    /// Where it stands.
    pub range: TextRange,
}

/// The forms of types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeKind {
    /// `u32`, `list<string>`, `fs.ErrorCode`: built-in types are names like all others.
    Named {
        /// One name, or a module's name and a type's.
        path: Path,
        /// The arguments between `<` and `>`.
        args: Vec<TypeArg>,
    },
    /// `()`, `(A,)`, `(A, B)`.
    Tuple(Vec<Type>),
    /// `fn(A, inout B) -> C uses http`.
    Function(Box<FunctionType>),
    /// `_`: to be inferred.
    Infer,
    /// What could not be read as a type.
    Error(Reported),
}

/// An argument of a generic type or function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeArg {
    /// A type.
    Type(Type),
    /// The length in `list<T, 4>`.
    Length(u64, TextRange),
}

/// The type of a function value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FunctionType {
    /// Where `pure` stands, if it does.
    pub pure: Option<TextRange>,
    /// Its parameters.
    pub params: Vec<FunctionTypeParam>,
    /// Its result; none written means `()`.
    pub result: Option<Type>,
    /// Its effects, where they are written.
    pub uses: Option<Uses>,
}

/// A parameter of a function type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FunctionTypeParam {
    /// Where `inout` stands, if it does.
    pub inout: Option<TextRange>,
    /// Its type.
    pub ty: Type,
}

/// `T` or `T: number`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TypeParam {
    /// Its name.
    pub name: Name,
    /// Its bound.
    pub bound: Option<Name>,
}

/// `uses http + log`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Uses {
    /// The effects, in order.
    pub effects: Vec<Effect>,
    /// From `uses` to the end.
    pub range: TextRange,
}

/// One effect after `uses`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// `http`, or one function of it, `http.get`.
    Named(Path),
    /// `_`: to be inferred.
    Infer(TextRange),
}
