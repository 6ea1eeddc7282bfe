//! The operations that every engine implements itself: the ground the standard library stands on.
//!
//! A function of std says `@intrinsic("name")` and has an empty body; its signature is checked like any other.
//! There are few of these, and each is something that Dot code can't say: all else in std is Dot.
//!
//! The operations from [`Intrinsic::MemLoad8`] on are the low-level dialect: they see linear memory and exist
//! only for the runtime (`std/rt`), below values. The evaluator and the MIR interpreter have no memory and
//! never meet them.

macro_rules! intrinsics {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// An operation that every engine implements.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Intrinsic {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Intrinsic {
            /// All of them, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in `@intrinsic("name")`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The operation of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|op| op.name() == name)
            }
        }
    };
}

intrinsics! {
    /// `fn len<T: any>(self: list<T>) -> u32`
    ListLen = "list.len",
    /// `fn push<T: any>(inout self: list<T>, value: T)`
    ListPush = "list.push",
    /// `fn pop<T: any>(inout self: list<T>) -> option<T>`
    ListPop = "list.pop",
    /// `fn swap<T: any>(inout self: list<T>, i: u32, j: u32)`: traps `index`.
    ListSwap = "list.swap",
    /// `fn truncate<T: any>(inout self: list<T>, len: u32)`: drops what is beyond `len`, if anything.
    ListTruncate = "list.truncate",
    /// `fn reserve<T: any>(inout self: list<T>, extra: u32)`: makes room; changes no value.
    ListReserve = "list.reserve",
    /// `fn slice<T>(self: list<T>, start: u32, end: u32) -> list<T>`: elements `start..end`; traps `index` unless
    /// `start <= end <= len`.
    ListSlice = "list.slice",
    /// `fn append<T>(inout self: list<T>, other: list<T>)`
    ListAppend = "list.append",
    /// `fn list.of<T>(count: u32, value: T) -> list<T>`
    ListOf = "list.of",
    /// `fn bytes(self: string) -> list<u8>`: the UTF-8, without a copy.
    StringBytes = "string.bytes",
    /// `fn from_utf8_unchecked(bytes: list<u8>) -> string`: only for std, which has checked.
    StringFromUtf8Unchecked = "string.from_utf8_unchecked",
    /// `fn byte_len(self: string) -> u32`
    StringByteLen = "string.byte_len",
    /// `fn byte_at(self: string, index: u32) -> u8`: traps `index`.
    StringByteAt = "string.byte_at",
    /// `fn byte_slice(self: string, start: u32, end: u32) -> string`: traps `index` as `list.slice` does, and
    /// `invalid-utf8` where a bound is inside a char.
    StringByteSlice = "string.byte_slice",
    /// `fn push(inout self: string, c: char)`
    StringPush = "string.push",
    /// `fn append(inout self: string, other: string)`
    StringAppend = "string.append",
    /// `fn code(self: char) -> u32`
    CharCode = "char.code",
    /// `fn char.from_code_unchecked(code: u32) -> char`: only for std, which has checked.
    CharFromCodeUnchecked = "char.from_code_unchecked",
    /// `fn len<K: key, V: any>(self: map<K, V>) -> u32`
    ///
    /// The evaluator has maps of its own. Below it, `map<K, V>` *is* std's `HashMap<K, V>` (`std/map_impl`), and
    /// MIR turns each of the map operations into a call of that module's function of the same name.
    MapLen = "map.len",
    /// `fn get<K: key, V>(self: map<K, V>, key: K) -> option<V>`
    MapGet = "map.get",
    /// `fn insert<K: key, V: any>(inout self: map<K, V>, key: K, value: V) -> option<V>`: gives back what the key
    /// had before; a new key comes last.
    MapInsert = "map.insert",
    /// `fn remove<K: key, V: any>(inout self: map<K, V>, key: K) -> option<V>`: the others keep their order.
    MapRemove = "map.remove",
    /// `fn entries<K: key, V>(self: map<K, V>) -> list<tuple<K, V>>`: in order of insertion.
    MapEntries = "map.entries",
    /// `fn len<T: key>(self: set<T>) -> u32`
    ///
    /// Below the evaluator `set<T>` is std's `HashSet<T>`, as `map<K, V>` is its `HashMap<K, V>`.
    SetLen = "set.len",
    /// `fn contains<T: key>(self: set<T>, value: T) -> bool`
    SetContains = "set.contains",
    /// `fn insert<T: key>(inout self: set<T>, value: T) -> bool`: whether it is new; a new one comes last.
    SetInsert = "set.insert",
    /// `fn remove<T: key>(inout self: set<T>, value: T) -> bool`: whether it was there.
    SetRemove = "set.remove",
    /// `fn items<T: key>(self: set<T>) -> list<T>`: in order of insertion.
    SetItems = "set.items",
    /// `fn compare<T>(a: T, b: T) -> Ordering`: the total order; floats by IEEE 754 `totalOrder` with all NaNs
    /// equal and greatest.
    Compare = "compare",
    /// `fn hash<T: key>(value: T) -> u64`: the structural hash (FxHash-like, see the spec), the same in every engine.
    Hash = "hash",
    /// `fn show<T>(value: T) -> string`: as interpolation prints it at the top.
    Show = "show",
    /// `fn append<T>(inout out: list<u8>, value: T)`: appends the structural encoding.
    Encode = "encode",
    /// `fn read<T>(bytes: list<u8>, at: u32) -> tuple<option<T>, u32>`: the value whose encoding stands there, and the
    /// offset behind it; or nothing, and the offset of what can't be read.
    Decode = "decode",
    /// `fn encoded_shape<T>() -> list<u8>`: what the type is made of, as the structural encoding of std's `list<Node>`.
    Shape = "shape",
    /// `fn unreachable(message: string) -> !`: traps `unreachable`.
    Unreachable = "unreachable",
    /// `fn unwrap_failed(message: string) -> never`: traps `unwrap`.
    UnwrapFailed = "unwrap_failed",
    /// `fn drop<T: any>(value: T)`
    Drop = "drop",
    /// `fn number_of<T: number>(value: u8) -> T`: only for std, which passes at most 127: every type has those.
    NumberOf = "number.of",
    /// `fn leading_zeros<T: integer>(self: T) -> u32`
    IntLeadingZeros = "int.leading_zeros",
    /// `fn trailing_zeros<T: integer>(self: T) -> u32`
    IntTrailingZeros = "int.trailing_zeros",
    /// `fn count_ones<T: integer>(self: T) -> u32`
    IntCountOnes = "int.count_ones",
    /// `fn rotate_left<T: integer>(self: T, by: u32) -> T`: `by` modulo the width.
    IntRotateLeft = "int.rotate_left",
    /// `fn rotate_right<T: integer>(self: T, by: u32) -> T`: `by` modulo the width.
    IntRotateRight = "int.rotate_right",
    /// `fn mul_high(a: u64, b: u64) -> u64`: the upper half of the 128-bit product.
    U64MulHigh = "u64.mul_high",
    /// `fn sqrt<T: float>(self: T) -> T`
    FloatSqrt = "float.sqrt",
    /// `fn floor<T: float>(self: T) -> T`
    FloatFloor = "float.floor",
    /// `fn ceil<T: float>(self: T) -> T`
    FloatCeil = "float.ceil",
    /// `fn trunc<T: float>(self: T) -> T`
    FloatTrunc = "float.trunc",
    /// `fn round_even<T: float>(self: T) -> T`: to the nearest integer, ties to even.
    FloatRoundEven = "float.round_even",
    /// `fn abs<T: float>(self: T) -> T`
    FloatAbs = "float.abs",
    /// `fn copysign<T: float>(self: T, sign: T) -> T`
    FloatCopysign = "float.copysign",
    /// `fn min<T: float>(self: T, other: T) -> T`: IEEE 754-2019 `minimum` (NaN wins, -0 < +0).
    FloatMin = "float.min",
    /// `fn max<T: float>(self: T, other: T) -> T`: IEEE 754-2019 `maximum`.
    FloatMax = "float.max",
    /// `fn bits(self: f64) -> u64`; NaN gives the canonical NaN's bits.
    F64Bits = "f64.bits",
    /// `fn f64.from_bits(bits: u64) -> f64`
    F64FromBits = "f64.from_bits",
    /// `fn bits(self: f32) -> u32`; NaN gives the canonical NaN's bits.
    F32Bits = "f32.bits",
    /// `fn f32.from_bits(bits: u32) -> f32`
    F32FromBits = "f32.from_bits",
    /// `fn load8(address: u32) -> u32`
    MemLoad8 = "mem.load8",
    /// `fn load16(address: u32) -> u32`
    MemLoad16 = "mem.load16",
    /// `fn load32(address: u32) -> u32`
    MemLoad32 = "mem.load32",
    /// `fn load64(address: u32) -> u64`
    MemLoad64 = "mem.load64",
    /// `fn store8(address: u32, value: u32)`
    MemStore8 = "mem.store8",
    /// `fn store16(address: u32, value: u32)`
    MemStore16 = "mem.store16",
    /// `fn store32(address: u32, value: u32)`
    MemStore32 = "mem.store32",
    /// `fn store64(address: u32, value: u64)`
    MemStore64 = "mem.store64",
    /// `fn copy(to: u32, from: u32, bytes: u32)`: the ranges may overlap.
    MemCopy = "mem.copy",
    /// `fn fill(to: u32, byte: u32, bytes: u32)`
    MemFill = "mem.fill",
    /// `fn grow(pages: u32) -> u32`: the old size in pages of 64 KiB, or `0xffff_ffff`.
    MemGrow = "mem.grow",
    /// `fn size() -> u32`: in pages of 64 KiB.
    MemSize = "mem.size",
    /// `fn heap_base() -> u32`: the first address past static data, a multiple of 16.
    MemHeapBase = "mem.heap_base",
    /// `fn out_of_memory() -> !`: the resource failure `memory`.
    MemExhausted = "mem.exhausted",
    /// `fn global_get(index: u32) -> u32`: one of the runtime's globals; `index` is a literal below 32.
    MemGlobalGet = "mem.global_get",
    /// `fn global_set(index: u32, value: u32)`
    MemGlobalSet = "mem.global_set",
}

impl Intrinsic {
    /// Whether this operation belongs to the low-level dialect.
    #[must_use]
    pub fn is_low_level(self) -> bool {
        self >= Self::MemLoad8
    }
}
