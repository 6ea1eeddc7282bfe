//! LIR: a function in terms of WebAssembly's values and instructions, but still a graph of blocks in SSA.
//!
//! MIR speaks of records and lists; LIR speaks of `i32`s in [`Reg`]s, loads and stores. It is made by
//! [`crate::lower`] and by the makers of glue ([`crate::glue`]), and turned into bytes by [`crate::emit`], which
//! finds the structured control flow, decides what lives on the operand stack and shares out the locals. So
//! whoever makes code branches freely, defines as many registers as it likes, and never thinks about either.

mod build;
mod num;
pub mod told;

pub use build::Builder;
pub use num::NumOp;

use dot_db::Item;
use dot_mir::ir::{Instance, Site, StandIn};
use dot_types::Ty;
use smol_str::SmolStr;
use std::sync::Arc;

/// A type of WebAssembly values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Val {
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
}

impl Val {
    /// The byte that stands for it in the binary format.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::I32 => 0x7f,
            Self::I64 => 0x7e,
            Self::F32 => 0x7d,
            Self::F64 => 0x7c,
        }
    }
}

impl From<Val> for wasm_encoder::ValType {
    fn from(val: Val) -> Self {
        match val {
            Val::I32 => Self::I32,
            Val::I64 => Self::I64,
            Val::F32 => Self::F32,
            Val::F64 => Self::F64,
        }
    }
}

/// A value of a function, defined once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reg(pub u32);

/// A block of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(pub u32);

/// The type of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sig {
    /// Parameters.
    pub params: Vec<Val>,
    /// Results.
    pub results: Vec<Val>,
}

/// A function that code refers to before the linker has given it an index.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Symbol<'db> {
    /// Compiled from MIR, or glue of a type.
    Instance(Instance<'db>),
    /// Made by this crate.
    Helper(Helper<'db>),
    /// A function of the runtime, `std/rt` or `std/rt_arena`, by name.
    Runtime(RuntimeFn),
    /// An imported function, with values as this crate represents them.
    Import(Item<'db>),
    /// The same function as the canonical ABI has it.
    CoreImport(Item<'db>),
    /// The import `[resource-drop]` of a resource of someone else.
    ResourceDrop(Item<'db>),
    /// What drops a stream or future of this type.
    EndDrop(Ty<'db>),
    /// What the component model does with handles of a resource of the package's own.
    Resource(ResourceFn, Item<'db>),
}

/// What is done with handles of a resource that the module exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResourceFn {
    /// `(representation) -> handle`
    New,
    /// `(handle) -> representation`
    Rep,
    /// `(handle)`: calls the destructor.
    Drop,
}

impl ResourceFn {
    /// What stands before the resource's name in that of the import.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::New => "[resource-new]",
            Self::Rep => "[resource-rep]",
            Self::Drop => "[resource-drop]",
        }
    }
}

/// A function that has no source: what the language's operations need beyond instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Helper<'db> {
    /// `(payload)`: one more owner.
    Retain,
    /// `(cell)`: frees a dead cell of a boxed type, a dead list whose drop may nest, or (for a function type) nothing.
    Free(Ty<'db>),
    /// `(cell)`: frees the dead cell of a closure made from this instance, with so many captures.
    FreeClosure(Instance<'db>, u32),
    /// `(cell)`: one owner less of a function value.
    DropClosure,
    /// `()`: frees what has been put off; see [`crate::glue`].
    Drain,
    /// `(cell, arguments…) -> results`: what a function value made from this instance, with so many captures,
    /// points to.
    ClosureEntry(Instance<'db>, u32),
    /// `(payload, len) -> payload`: a list with this element type made unique.
    Unique(Ty<'db>),
    /// `(payload, len, extra) -> payload`: made unique, with room for `extra` elements more.
    Reserve(Ty<'db>),
    /// `(a, b) -> the upper half of the product`.
    MulHigh,
}

impl Helper<'_> {
    /// Whether it takes memory, and so can run out of it.
    const fn allocates(&self) -> bool {
        matches!(self, Self::Unique(_) | Self::Reserve(_))
    }
}

/// The functions of the runtime that code calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuntimeFn {
    /// `fn alloc(bytes: u32) -> u32`: a payload with count 1 and a capacity of at least `bytes`.
    Alloc,
    /// `fn free(payload: u32)`
    Free,
    /// `fn release(payload: u32)`: one owner less of memory that holds no counted values.
    Release,
    /// `fn grow(payload: u32, used: u32, need: u32) -> u32`: unique, with room for `need` bytes, the first `used`
    /// kept; grows in such steps that appending is linear.
    Grow,
    /// `fn unique(payload: u32, used: u32) -> u32`: unique; copies `used` bytes if need be.
    Unique,
    /// `fn push_char(payload: u32, len: u32, c: u32) -> (u32, u32)`: payload and length after appending a char.
    PushChar,
    /// `fn realloc(old: u32, old_bytes: u32, align: u32, bytes: u32) -> u32`: what `cabi_realloc` is.
    Realloc,
    /// `fn reset()`: forgets all that was allocated. Only of the arena.
    Reset,
    /// `fn rem_f64(a: f64, b: f64) -> f64`
    RemF64,
    /// `fn wrap_f64(x: f64) -> u64`: the low bits of the truncated value; 0 when it is not finite.
    WrapF64,
}

impl RuntimeFn {
    /// Whether it takes memory, and so can run out of it.
    const fn allocates(self) -> bool {
        matches!(self, Self::Alloc | Self::Grow | Self::Unique | Self::PushChar | Self::Realloc)
    }

    /// The name of the function in the module.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alloc => "alloc",
            Self::Free => "free",
            Self::Release => "release",
            Self::Grow => "grow",
            Self::Unique => "unique",
            Self::PushChar => "push_char",
            Self::Realloc => "realloc",
            Self::Reset => "reset",
            Self::RemF64 => "rem_f64",
            Self::WrapF64 => "wrap_f64",
        }
    }

    /// Its type.
    #[must_use]
    pub fn sig(self) -> Sig {
        use Val::{F64, I32};
        let (params, results): (&[Val], &[Val]) = match self {
            Self::Alloc => (&[I32], &[I32]),
            Self::Free | Self::Release => (&[I32], &[]),
            Self::Grow => (&[I32; 3], &[I32]),
            Self::Unique => (&[I32; 2], &[I32]),
            Self::PushChar => (&[I32; 3], &[I32; 2]),
            Self::Realloc => (&[I32; 4], &[I32]),
            Self::Reset => (&[], &[]),
            Self::RemF64 => (&[F64; 2], &[F64]),
            Self::WrapF64 => (&[F64], &[Val::I64]),
        };
        Sig { params: params.to_vec(), results: results.to_vec() }
    }
}

/// A constant that is known when the module has been laid out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Address<'db> {
    /// The first address past static data.
    HeapBase,
    /// Bytes in static data, at a multiple of `align`.
    Data {
        /// The bytes.
        bytes: Arc<[u8]>,
        /// A power of two.
        align: u32,
    },
    /// Memory for results that don't fit into one value, at least this large.
    ReturnArea(u32),
    /// Memory for what stands for replaced functions, of this size; zeros at first.
    StandIn(StandIn<'db>, u32),
    /// The index of a function in the table.
    Table(Symbol<'db>),
    /// A closure cell without captures, in static data.
    StaticClosure(Symbol<'db>),
}

/// A global variable of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Global {
    /// How deep calls are nested that the language counts.
    Depth,
    /// How deep frees are nested.
    FreeDepth,
    /// The dead cells that are yet to be freed, chained.
    Dead,
    /// The links of the handles that came in with the call and are to be dropped at its end.
    Taken,
    /// One of the runtime's own. The first begins as `heap_base`, the others as 0.
    Runtime(u32),
}

/// A load, named as in the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the specification's")]
pub enum LoadOp {
    I32,
    I64,
    F32,
    F64,
    I32S8,
    I32U8,
    I32S16,
    I32U16,
    I64S8,
    I64U8,
    I64S16,
    I64U16,
    I64S32,
    I64U32,
}

impl LoadOp {
    /// The opcode, the type of the result, and the logarithm of the natural alignment.
    #[must_use]
    pub const fn spec(self) -> (u8, Val, u8) {
        match self {
            Self::I32 => (0x28, Val::I32, 2),
            Self::I64 => (0x29, Val::I64, 3),
            Self::F32 => (0x2a, Val::F32, 2),
            Self::F64 => (0x2b, Val::F64, 3),
            Self::I32S8 => (0x2c, Val::I32, 0),
            Self::I32U8 => (0x2d, Val::I32, 0),
            Self::I32S16 => (0x2e, Val::I32, 1),
            Self::I32U16 => (0x2f, Val::I32, 1),
            Self::I64S8 => (0x30, Val::I64, 0),
            Self::I64U8 => (0x31, Val::I64, 0),
            Self::I64S16 => (0x32, Val::I64, 1),
            Self::I64U16 => (0x33, Val::I64, 1),
            Self::I64S32 => (0x34, Val::I64, 2),
            Self::I64U32 => (0x35, Val::I64, 2),
        }
    }
}

/// A store, named as in the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the specification's")]
pub enum StoreOp {
    I32,
    I64,
    F32,
    F64,
    I32As8,
    I32As16,
    I64As8,
    I64As16,
    I64As32,
}

impl StoreOp {
    /// The opcode and the logarithm of the natural alignment.
    #[must_use]
    pub const fn spec(self) -> (u8, u8) {
        match self {
            Self::I32 => (0x36, 2),
            Self::I64 => (0x37, 3),
            Self::F32 => (0x38, 2),
            Self::F64 => (0x39, 3),
            Self::I32As8 => (0x3a, 0),
            Self::I32As16 => (0x3b, 1),
            Self::I64As8 => (0x3c, 0),
            Self::I64As16 => (0x3d, 1),
            Self::I64As32 => (0x3e, 2),
        }
    }
}

/// An index into [`Func::traps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrapId(pub u32);

/// Why an instruction ends the program, for the trap table.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Trap<'db> {
    /// The stable kind.
    pub kind: &'static str,
    /// What is said; `{name}` stands for a value.
    pub message: SmolStr,
    /// Where it was written.
    pub site: Option<Site<'db>>,
    /// Values by name, and how to read them.
    pub values: Vec<TrapValue>,
    /// What is said when the instruction, a division, has overflowed; none where it can't.
    pub overflow: Option<SmolStr>,
}

/// A value that a trap's message may show.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TrapValue {
    /// Its name.
    pub name: SmolStr,
    /// Where it is; once the function is compiled, the index of a local.
    pub reg: Reg,
    /// For a string, where its length is.
    pub length: Option<Reg>,
    /// The name of its type in the trap table.
    pub ty: &'static str,
}

/// What an instruction does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op<'db> {
    /// `i32.const`
    I32(i32),
    /// `i64.const`
    I64(i64),
    /// `f32.const`, as bits.
    F32(u32),
    /// `f64.const`, as bits.
    F64(u64),
    /// `i32.const` of what the linker knows.
    Address(Address<'db>),
    /// Arithmetic, a comparison or a conversion; what traps has a trap.
    Num(NumOp, Option<TrapId>),
    /// `select`: the first operand when the third isn't zero.
    Select,
    /// A load at a constant offset from an address.
    Load(LoadOp, u32),
    /// A store at a constant offset from an address.
    Store(StoreOp, u32),
    /// `global.get`
    GlobalGet(Global),
    /// `global.set`
    GlobalSet(Global),
    /// `memory.copy`
    MemoryCopy,
    /// `memory.fill`
    MemoryFill,
    /// `memory.grow`
    MemoryGrow,
    /// `memory.size`
    MemorySize,
    /// `call`, and where it was written.
    Call(Symbol<'db>, Option<TrapId>),
    /// `call_indirect`; the last operand is the index in the table.
    CallIndirect(Sig, Option<TrapId>),
    /// Traps when the operand isn't zero.
    TrapIf(TrapId),
}

impl Op<'_> {
    /// What the instruction does beyond computing its results.
    #[must_use]
    pub fn effects(&self) -> Effects {
        match self {
            Op::I32(_) | Op::I64(_) | Op::F32(_) | Op::F64(_) | Op::Address(_) | Op::Select => Effects::NONE,
            Op::Num(op, _) if op.traps() => Effects::TRAPS,
            Op::Num(..) => Effects::NONE,
            Op::Load(..) | Op::GlobalGet(_) | Op::MemorySize => Effects::READS,
            Op::Store(..) | Op::GlobalSet(_) | Op::MemoryCopy | Op::MemoryFill | Op::MemoryGrow => {
                Effects::WRITES
            }
            Op::Call(..) | Op::CallIndirect(..) => Effects::ANY,
            Op::TrapIf(_) => Effects::TRAPS,
        }
    }

    /// Whether it is a constant, which costs nothing to make again.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        matches!(self, Op::I32(_) | Op::I64(_) | Op::F32(_) | Op::F64(_) | Op::Address(_))
    }
}

/// What an instruction does beyond computing its results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// Depends on memory or globals.
    pub reads: bool,
    /// Changes memory or globals.
    pub writes: bool,
    /// May end the program.
    pub traps: bool,
}

impl Effects {
    /// Nothing.
    pub const NONE: Self = Self { reads: false, writes: false, traps: false };
    /// Reads memory or globals.
    pub const READS: Self = Self { reads: true, writes: false, traps: false };
    /// Reads and writes.
    pub const WRITES: Self = Self { reads: true, writes: true, traps: false };
    /// May trap.
    pub const TRAPS: Self = Self { reads: false, writes: false, traps: true };
    /// All of it.
    pub const ANY: Self = Self { reads: true, writes: true, traps: true };

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            reads: self.reads || other.reads,
            writes: self.writes || other.writes,
            traps: self.traps || other.traps,
        }
    }

    /// Whether two neighbours may change places. Traps keep their order among each other and with writes, so
    /// that which trap is told never depends on how code was arranged.
    #[must_use]
    pub const fn commutes(self, other: Self) -> bool {
        !(self.writes && (other.reads || other.writes || other.traps)
            || other.writes && (self.reads || self.traps)
            || self.traps && other.traps)
    }

    /// Whether it can be left out when its results are not used.
    #[must_use]
    pub const fn removable(self) -> bool {
        !self.writes && !self.traps
    }
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inst<'db> {
    /// What it does.
    pub op: Op<'db>,
    /// Operands.
    pub args: Vec<Reg>,
    /// What it defines.
    pub results: Vec<Reg>,
}

/// A jump with arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Where to.
    pub to: Label,
    /// For the block's parameters.
    pub args: Vec<Reg>,
}

/// How a block ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Goes on there.
    Jump(Edge),
    /// Goes on at the first when the register isn't zero, else at the second.
    Branch(Reg, Edge, Edge),
    /// Goes on at the n-th, else at the last; no block here has parameters.
    Switch(Reg, Vec<Label>, Label),
    /// Returns.
    Return(Vec<Reg>),
    /// Ends the program.
    Trap(TrapId),
    /// Control never comes here.
    Unreachable,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'db> {
    /// Parameters.
    pub params: Vec<Reg>,
    /// Instructions.
    pub insts: Vec<Inst<'db>>,
    /// How it ends.
    pub end: End,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Func<'db> {
    /// A readable name.
    pub name: SmolStr,
    /// The types of the results.
    pub results: Vec<Val>,
    /// The type of each register.
    pub regs: Vec<Val>,
    /// The blocks; the first is the entry, and its parameters are the function's.
    pub blocks: Vec<Block<'db>>,
    /// Reasons to trap.
    pub traps: Vec<Trap<'db>>,
    /// Names of variables, for debuggers.
    pub names: Vec<(Reg, SmolStr)>,
    /// Whether calls of this function count as nested when it can reach itself.
    pub counts_depth: bool,
    /// Where its body stands, for a call that is nested too deep.
    pub site: Option<Site<'db>>,
    /// Whether the values of a trap are kept in locals until it could have happened.
    pub keeps_values: bool,
}
