//! Types.

/// An integer type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IntTy {
    /// Whether it has negative values.
    pub signed: bool,
    /// Its width.
    pub bits: u32,
}

impl IntTy {
    /// All of them.
    pub const ALL: [IntTy; 8] = [
        IntTy { signed: true, bits: 8 },
        IntTy { signed: true, bits: 16 },
        IntTy { signed: true, bits: 32 },
        IntTy { signed: true, bits: 64 },
        IntTy { signed: false, bits: 8 },
        IntTy { signed: false, bits: 16 },
        IntTy { signed: false, bits: 32 },
        IntTy { signed: false, bits: 64 },
    ];

    /// What counts and lengths have.
    pub const U32: IntTy = IntTy { signed: false, bits: 32 };

    /// The one with values that an `s64` doesn't hold.
    pub const U64: IntTy = IntTy { signed: false, bits: 64 };

    /// As it is written.
    pub fn name(self) -> String {
        format!("{}{}", if self.signed { 's' } else { 'u' }, self.bits)
    }

    /// The least and the greatest value.
    pub fn range(self) -> (i128, i128) {
        let values = 1_i128 << self.bits;
        if self.signed { (-values / 2, values / 2 - 1) } else { (0, values - 1) }
    }

    /// Whether every value of `self` is one of `wider`, another type.
    pub fn widens_to(self, wider: IntTy) -> bool {
        let ((low, high), (wide_low, wide_high)) = (self.range(), wider.range());
        self != wider && wide_low <= low && high <= wide_high
    }
}

/// A float type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FloatTy {
    /// `f32`
    F32,
    /// `f64`
    F64,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `()`
    Unit,
    /// `bool`
    Bool,
    /// `s8` … `u64`
    Int(IntTy),
    /// `f32`, `f64`
    Float(FloatTy),
    /// `char`
    Char,
    /// `string`
    String,
    /// `list<T>`
    List(Box<Type>),
    /// `list<T, N>`
    Fixed(Box<Type>, usize),
    /// `option<T>`
    Option(Box<Type>),
    /// `result<T, E>`
    Result(Box<Type>, Box<Type>),
    /// `(A, B)`
    Tuple(Vec<Type>),
    /// `map<K, V>`
    Map(Box<Type>, Box<Type>),
    /// `set<T>`
    Set(Box<Type>),
    /// A declared type, by its index, with its arguments.
    Named(usize, Vec<Type>),
    /// The type parameter at this index of what is being declared.
    Param(usize),
    /// `fn(A, inout B) -> C`
    Fn(Vec<(bool, Type)>, Box<Type>),
}

impl Type {
    /// `u32`, the type of lengths.
    pub const U32: Type = Type::Int(IntTy::U32);

    /// `list<T>`
    pub fn list(item: Type) -> Type {
        Type::List(Box::new(item))
    }

    /// `option<T>`
    pub fn option(item: Type) -> Type {
        Type::Option(Box::new(item))
    }

    /// `map<K, V>`
    pub fn map(key: Type, value: Type) -> Type {
        Type::Map(Box::new(key), Box::new(value))
    }

    /// `fn(A, B) -> C`, without `inout`.
    pub fn function(params: Vec<Type>, result: Type) -> Type {
        Type::Fn(params.into_iter().map(|ty| (false, ty)).collect(), Box::new(result))
    }

    /// The types that it is directly made of.
    pub fn parts(&self) -> Vec<&Type> {
        match self {
            Type::List(a) | Type::Fixed(a, _) | Type::Option(a) | Type::Set(a) => vec![a],
            Type::Result(a, b) | Type::Map(a, b) => vec![a, b],
            Type::Tuple(all) | Type::Named(_, all) => all.iter().collect(),
            Type::Fn(params, result) => params.iter().map(|(_, ty)| ty).chain([&**result]).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it names a declared type.
    pub fn mentions(&self, decl: usize) -> bool {
        matches!(self, Type::Named(own, _) if *own == decl)
            || self.parts().into_iter().any(|part| part.mentions(decl))
    }

    /// The type with its parameters replaced by `args`.
    #[must_use]
    pub fn with(&self, args: &[Type]) -> Type {
        let boxed = |ty: &Type| Box::new(ty.with(args));
        let all = |types: &[Type]| types.iter().map(|ty| ty.with(args)).collect();
        match self {
            Type::Param(index) => args.get(*index).cloned().unwrap_or_else(|| self.clone()),
            Type::List(a) => Type::List(boxed(a)),
            Type::Fixed(a, n) => Type::Fixed(boxed(a), *n),
            Type::Option(a) => Type::Option(boxed(a)),
            Type::Set(a) => Type::Set(boxed(a)),
            Type::Result(a, b) => Type::Result(boxed(a), boxed(b)),
            Type::Map(a, b) => Type::Map(boxed(a), boxed(b)),
            Type::Tuple(parts) => Type::Tuple(all(parts)),
            Type::Named(decl, parts) => Type::Named(*decl, all(parts)),
            Type::Fn(params, result) => {
                Type::Fn(params.iter().map(|(inout, ty)| (*inout, ty.with(args))).collect(), boxed(result))
            }
            plain => plain.clone(),
        }
    }

    /// Whether `wanted` is this type with some arguments for its parameters, which are then in `args`.
    pub fn fits(&self, wanted: &Type, args: &mut [Option<Type>]) -> bool {
        if let Type::Param(index) = self {
            return match args.get_mut(*index) {
                Some(Some(known)) => known == wanted,
                Some(unknown) => {
                    *unknown = Some(wanted.clone());
                    true
                }
                None => false,
            };
        }
        let same_head = match (self, wanted) {
            (Type::Named(a, _), Type::Named(b, _)) => a == b,
            (Type::Fixed(_, a), Type::Fixed(_, b)) => a == b,
            (Type::Fn(a, _), Type::Fn(b, _)) => a.iter().map(|p| p.0).eq(b.iter().map(|p| p.0)),
            (Type::Int(a), Type::Int(b)) => a == b,
            (Type::Float(a), Type::Float(b)) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(wanted),
        };
        let (mine, theirs) = (self.parts(), wanted.parts());
        same_head && mine.len() == theirs.len() && mine.iter().zip(theirs).all(|(a, b)| a.fits(b, args))
    }
}
