//! Types as values: interned, so that equality is a comparison of two integers.

use dot_db::Item;

/// A type. Two types are the same exactly when their handles are equal.
#[salsa::interned(debug)]
pub struct Ty<'db> {
    /// What kind of type it is.
    pub kind: TyKind<'db>,
}

/// What a type is made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum TyKind<'db> {
    /// `bool`
    Bool,
    /// `u8` … `s64`
    Int(IntKind),
    /// `f32`, `f64`
    Float(FloatKind),
    /// `char`: a Unicode scalar value.
    Char,
    /// `string`: UTF-8.
    String,
    /// `(A, B)`; the empty tuple is the unit type.
    Tuple(Vec<Ty<'db>>),
    /// `list<T>`
    List(Ty<'db>),
    /// `list<T, N>`
    FixedList(Ty<'db>, u32),
    /// `option<T>`; case 0 is `none`, case 1 is `some`.
    Option(Ty<'db>),
    /// `result<T, E>`; case 0 is `ok`, case 1 is `err`.
    Result(Ty<'db>, Ty<'db>),
    /// `map<K, V>`
    Map(Ty<'db>, Ty<'db>),
    /// `set<T>`
    Set(Ty<'db>),
    /// A record, variant, enum or flags type with its type arguments.
    Adt(Item<'db>, Vec<Ty<'db>>),
    /// A handle to a resource.
    Handle(Item<'db>),
    /// A function as a value. Effects are not part of a type's identity.
    Fn(Vec<FnParam<'db>>, Ty<'db>),
    /// `stream<T>` (refused with `not-yet` so far).
    Stream(Ty<'db>),
    /// `future<T>` (refused with `not-yet` so far).
    Future(Ty<'db>),
    /// The n-th type parameter of the item being checked; gone after substitution.
    Param(u32),
    /// The type of an expression that never gives a value (`return`, `break`, a trap). Fits everywhere.
    Never,
    /// Something was wrong here and has been reported. Fits everywhere, so that nothing is reported twice.
    Error,
}

/// A parameter of a function type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct FnParam<'db> {
    /// Whether the function may change what it is given.
    pub mode: Mode,
    /// The type.
    pub ty: Ty<'db>,
}

/// How an argument is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// A value.
    In,
    /// Copied in, copied out when the call ends, in place where the value is unique.
    InOut,
}

/// The eight integer types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IntKind {
    /// `u8`
    U8,
    /// `u16`
    U16,
    /// `u32`
    U32,
    /// `u64`
    U64,
    /// `s8`
    S8,
    /// `s16`
    S16,
    /// `s32`
    S32,
    /// `s64`
    S64,
}

impl IntKind {
    /// All of them, unsigned first, narrow first.
    pub const ALL: [Self; 8] =
        [Self::U8, Self::U16, Self::U32, Self::U64, Self::S8, Self::S16, Self::S32, Self::S64];

    /// The width in bits: 8, 16, 32 or 64.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::U8 | Self::S8 => 8,
            Self::U16 | Self::S16 => 16,
            Self::U32 | Self::S32 => 32,
            Self::U64 | Self::S64 => 64,
        }
    }

    /// Whether values can be negative.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::S8 | Self::S16 | Self::S32 | Self::S64)
    }

    /// The smallest value.
    #[must_use]
    pub const fn min(self) -> i128 {
        if self.is_signed() { -(1 << (self.bits() - 1)) } else { 0 }
    }

    /// The largest value.
    #[must_use]
    pub const fn max(self) -> i128 {
        if self.is_signed() { (1 << (self.bits() - 1)) - 1 } else { (1 << self.bits()) - 1 }
    }

    /// The name in source: `u8`, `s64`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::S8 => "s8",
            Self::S16 => "s16",
            Self::S32 => "s32",
            Self::S64 => "s64",
        }
    }

    /// Whether every value of `self` is a value of `target`: the condition for implicit widening.
    #[must_use]
    pub const fn widens_to(self, target: Self) -> bool {
        target.min() <= self.min() && self.max() <= target.max()
    }
}

/// The two floating-point types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FloatKind {
    /// `f32`
    F32,
    /// `f64`
    F64,
}

impl FloatKind {
    /// The name in source.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }
}

impl<'db> Ty<'db> {
    /// The unit type, `()`.
    #[must_use]
    pub fn unit(db: &'db dyn dot_db::Db) -> Self {
        Self::new(db, TyKind::Tuple(Vec::new()))
    }

    /// Replaces every type parameter by its argument. Parameters beyond `args` stay.
    #[must_use]
    pub fn substitute(self, db: &'db dyn dot_db::Db, args: &[Ty<'db>]) -> Self {
        if args.is_empty() {
            return self;
        }
        let one = |ty: &Ty<'db>| ty.substitute(db, args);
        let many = |tys: &[Ty<'db>]| tys.iter().map(one).collect::<Vec<_>>();
        let kind = match self.kind(db) {
            TyKind::Param(index) => return args.get(*index as usize).copied().unwrap_or(self),
            TyKind::Tuple(parts) => TyKind::Tuple(many(parts)),
            TyKind::List(item) => TyKind::List(one(item)),
            TyKind::FixedList(item, len) => TyKind::FixedList(one(item), *len),
            TyKind::Option(item) => TyKind::Option(one(item)),
            TyKind::Result(ok, err) => TyKind::Result(one(ok), one(err)),
            TyKind::Map(key, value) => TyKind::Map(one(key), one(value)),
            TyKind::Set(item) => TyKind::Set(one(item)),
            TyKind::Adt(item, type_args) => TyKind::Adt(*item, many(type_args)),
            TyKind::Fn(params, ret) => {
                let params = params.iter().map(|p| FnParam { mode: p.mode, ty: one(&p.ty) }).collect();
                TyKind::Fn(params, one(ret))
            }
            TyKind::Stream(item) => TyKind::Stream(one(item)),
            TyKind::Future(item) => TyKind::Future(one(item)),
            TyKind::Bool
            | TyKind::Int(_)
            | TyKind::Float(_)
            | TyKind::Char
            | TyKind::String
            | TyKind::Handle(_)
            | TyKind::Never
            | TyKind::Error => return self,
        };
        Self::new(db, kind)
    }
}
