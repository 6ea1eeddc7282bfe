//! MIR: one function at a time, monomorphic, in SSA with block parameters, ownership explicit.
//!
//! **Values.** Every value is defined once, by an instruction or as a parameter of a block. Variables that the
//! source assigns to are gone: a loop's changing variable is a parameter of the loop's head block. `inout`
//! parameters are ordinary parameters whose final value is an extra result.
//!
//! **Ownership.** Lowering produces a function in which each value may be used any number of times ("counted =
//! false"). The pass `counts` makes it explicit ("counted = true"): then every *owned* value of a type that
//! holds counted memory or a handle is consumed exactly once on every path (by an operand position that
//! consumes, by [`Op::Drop`], by a jump or a return), [`Op::Dup`] makes another owned value of the same data, and
//! *borrowed* values are used only while what they are borrowed from is alive. Which operand positions consume is
//! said by [`Op::for_each_operand`]. The results of projections ([`Op::Field`], [`Op::CasePart`], [`Op::ListGet`],
//! [`Op::View`]) are borrowed from their base; all other results are owned. What a projection gives can be dup'ed, but
//! for a view: it has no count of its own, so it exists only in values of functions and in borrowed parameters.
//!
//! **Traps.** An operation that can trap says so by its kind; its [`Site`] tells where it was written.
//!
//! Blocks are in reverse postorder, block 0 is the entry; source programs give reducible graphs and passes keep
//! them so.

use dot_db::Item;
use dot_types::thir::{BinaryOp, CompareOp, ConvertMode, ExprId, Replacement, TrapKind, UnaryOp};
use dot_types::{Intrinsic, Ty};
use smol_str::SmolStr;
use std::sync::Arc;

/// A value of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value(pub u32);

/// A basic block of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(pub u32);

/// A place in the source: an expression of an item's body. The linker turns it into line and column, so that an
/// item that moved changes nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Site<'db> {
    /// The item.
    pub item: Item<'db>,
    /// The expression in its typed body.
    pub expr: ExprId,
}

/// A function to compile, by what it is made from. Interned: equal instances are one function.
#[salsa::interned(debug)]
pub struct Instance<'db> {
    /// What it is made from.
    #[returns(copy)]
    pub kind: InstanceKind<'db>,
    /// Type arguments, without type parameters; for glue the one type it is for.
    pub type_args: Vec<Ty<'db>>,
}

/// The body of a loop over an `each`, or a closure that passes one on, in the instance that it stands in.
#[salsa::interned(debug)]
pub struct Visitor<'db> {
    /// The function around.
    #[returns(copy)]
    pub around: Instance<'db>,
    /// The `for`, or the closure.
    #[returns(copy)]
    pub expr: ExprId,
    /// What is replaced where it stands, of what the function around leads to.
    #[returns(copy)]
    pub replaced: Option<Replacements<'db>>,
}

/// The visitors that a copy of a function has in the place of parameters.
#[salsa::interned(debug)]
pub struct Visitors<'db> {
    /// By the parameter's index, in order.
    pub of: Vec<(u32, Visitor<'db>)>,
}

/// A place for what stands for replaced functions: one for each `with`, for each choice of type arguments.
#[salsa::interned(debug)]
pub struct StandIn<'db> {
    /// The item whose body has the `with`.
    #[returns(copy)]
    pub item: Item<'db>,
    /// The `with`.
    #[returns(copy)]
    pub expr: ExprId,
    /// The item's type arguments.
    pub type_args: Vec<Ty<'db>>,
}

/// The functions that are replaced where some code runs.
#[salsa::interned(debug)]
pub struct Replacements<'db> {
    /// Each once, in order of their modules and names.
    pub bound: Vec<Bound<'db>>,
}

/// A function and what stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Bound<'db> {
    /// The function.
    pub function: Item<'db>,
    /// Whether the value itself is called, or a method of it.
    pub by: Replacement<'db>,
    /// Where the value is.
    pub stand_in: StandIn<'db>,
    /// Its type.
    pub ty: Ty<'db>,
    /// What is replaced where the method runs.
    pub around: Option<Replacements<'db>>,
}

/// What a function is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum InstanceKind<'db> {
    /// A `fn`, `dot` or `test`; or an imported function, which has no body here.
    Item(Item<'db>),
    /// A closure of an item's body, or a named function as a value: its captures come first, then its parameters. The
    /// captures are borrowed from the function value, the parameters owned.
    Closure(Item<'db>, ExprId),
    /// The value of a constant that is not a plain literal.
    Const(Item<'db>),
    /// A function as it runs where functions that it leads to are replaced.
    ItemIn(Item<'db>, Replacements<'db>),
    /// A closure, or a named function as a value, that was made there.
    ClosureIn(Item<'db>, ExprId, Replacements<'db>),
    /// What is exported for a dot whose arguments are constrained: checks them, then calls it.
    Entry(Item<'db>),
    /// A `fn` with visitors in the place of parameters, as it runs where functions are replaced, if they are: see
    /// [`crate::visit`].
    Copy(Item<'db>, Visitors<'db>, Option<Replacements<'db>>),
    /// The body of a loop over an `each`, or a closure that passes such a body on.
    Visitor(Visitor<'db>),
    /// `fn(T)`: drops what a value holds.
    DropGlue,
    /// `fn(borrowed T)`: makes another owned copy of all that a value holds.
    DupGlue,
    /// `fn(borrowed T, borrowed T) -> bool`: structural equality.
    EqGlue,
    /// `fn(borrowed T, borrowed T) -> Ordering`: the total order.
    CompareGlue,
    /// `fn(state: u64, borrowed T) -> u64`: structural hash.
    HashGlue,
    /// `fn(owned string, borrowed T) -> string`: appends the printed value, nested form.
    ShowGlue,
    /// `fn(borrowed T) -> string`: what a value breaks of the constraints on the fields in it, or nothing. Its type
    /// is as the source has it, with maps and sets.
    CheckGlue,
    /// `fn(owned list<u8>, borrowed T) -> list<u8>`: appends the encoding.
    EncodeGlue,
    /// `fn(borrowed list<u8>, at: u32) -> option<T>, u32`: the value whose encoding stands there and the offset behind
    /// it, or nothing and the offset of what can't be read.
    DecodeGlue,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Function<'db> {
    /// What it is made from.
    pub instance: Instance<'db>,
    /// A readable name: `geo/places.find<u32>`; unique after linking only together with the instance.
    pub name: SmolStr,
    /// The parameters are the entry block's parameters, in this order; this says who owns them.
    pub params: Vec<Passing>,
    /// The types of the results: the value, then each `inout` parameter's final value.
    pub results: Vec<Ty<'db>>,
    /// By value.
    pub values: Vec<ValueData<'db>>,
    /// By block.
    pub blocks: Vec<Block<'db>>,
    /// Whether ownership is explicit.
    pub counted: bool,
}

/// Who owns an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Passing {
    /// The callee, which consumes it.
    Owned,
    /// The caller, who keeps it alive during the call. A list or string may be a view: the callee never becomes an
    /// owner of it. (Glue of types that nest does: it is given no view.)
    Borrowed,
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct ValueData<'db> {
    /// Its type.
    pub ty: ValueTy<'db>,
    /// The name of the variable it was, for debuggers and trap messages.
    pub name: Option<SmolStr>,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum ValueTy<'db> {
    /// A value of the language.
    Data(Ty<'db>),
    /// Memory of a cell that held a value of this type, free to be reused, or nothing.
    Token(Ty<'db>),
}

/// A basic block.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Block<'db> {
    /// Its parameters.
    pub params: Vec<Value>,
    /// What is done, in order.
    pub insts: Vec<Inst<'db>>,
    /// How it ends.
    pub terminator: Terminator<'db>,
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Inst<'db> {
    /// What it does.
    pub op: Op<'db>,
    /// The values it defines.
    pub results: Vec<Value>,
    /// Where it was written; none for what a pass made.
    pub site: Option<Site<'db>>,
}

/// How a block ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Terminator<'db> {
    /// Goes on there, with these arguments.
    Jump(BlockId, Vec<Value>),
    /// Goes on at one of two blocks; what is passed on an edge is consumed only if that edge is taken.
    Branch {
        /// A `bool`.
        cond: Value,
        /// When it is true.
        then_block: BlockId,
        /// The arguments there.
        then_args: Vec<Value>,
        /// When it is false.
        else_block: BlockId,
        /// The arguments there.
        else_args: Vec<Value>,
    },
    /// Goes on by an integer: at `targets[n]`, or at `default` when there is no such target. Neither has arguments.
    Switch {
        /// A `u32`, such as [`Op::Tag`] gives.
        on: Value,
        /// By number.
        targets: Vec<BlockId>,
        /// Otherwise; none when the targets cover every value.
        default: Option<BlockId>,
    },
    /// Returns, the value first, then the `inout` results.
    Return(Vec<Value>),
    /// Ends the program.
    Trap {
        /// Why.
        kind: TrapKind,
        /// A `string` that says more; it is borrowed.
        message: Option<Value>,
        /// The value that it is about, as a key that isn't there; borrowed, and told where it can be.
        about: Option<Value>,
        /// Where.
        site: Option<Site<'db>>,
    },
    /// Control never comes here.
    Unreachable,
}

/// What an instruction does. Operand order is evaluation order; unless it says "traps", it can't fail.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Op<'db> {
    // Scalars and strings
    /// A constant of a bool, integer, char, enum or flags type, as the bits of its two's complement.
    Const(u64),
    /// A float constant, as `f64` bits.
    Float(u64),
    /// A string, or bytes of a `list<u8>`, in static data; never counted.
    StaticString(Arc<[u8]>),
    /// Arithmetic on the type of the first operand; traps as `BinaryOp` says.
    Binary(BinaryOp, Value, Value),
    /// A comparison of two scalars (bool, integer, float by IEEE, char, enum). Structural ones are calls of glue.
    Compare(CompareOp, Value, Value),
    /// Arithmetic on one operand; negation traps `overflow` on integers.
    Unary(UnaryOp, Value),
    /// A numeric conversion to the result's type; mode `Trap` traps `conversion`; `Try` gives an option.
    Convert(ConvertMode, Value),

    // Aggregates: records, tuples, cases. Whether they are flat or boxed is the back end's business.
    /// A record or tuple; consumes its parts. May take a token's memory.
    MakeRecord {
        /// Every field in order.
        parts: Vec<Value>,
        /// Memory to reuse; consumed.
        reuse: Option<Value>,
    },
    /// A case of a variant, enum, option or result; consumes its parts. May take a token's memory.
    MakeCase {
        /// The index.
        case: u32,
        /// What it carries.
        parts: Vec<Value>,
        /// Memory to reuse; consumed.
        reuse: Option<Value>,
    },
    /// The index of a value's case, as `u32`.
    Tag(Value),
    /// A part of a record or tuple, borrowed from it.
    Field(Value, u32),
    /// A part of a case that the value is known to have, borrowed from it.
    CasePart {
        /// The value.
        base: Value,
        /// The index of its case.
        case: u32,
        /// The index of the part.
        part: u32,
    },
    /// Takes a record, tuple or case apart: consumes it, defines all its parts as owned values. For a boxed value
    /// that is unique the parts move out, else they are duplicated (Perceus' drop specialisation).
    Unpack {
        /// The value.
        base: Value,
        /// The case it is known to have; none for records and tuples.
        case: Option<u32>,
        /// Whether a last result, a token, keeps the memory for reuse.
        token: bool,
    },
    /// Gives a token's memory back.
    DropToken(Value),

    // Lists
    /// A list of these elements; consumes them.
    MakeList(Vec<Value>),
    /// An element, borrowed from the list; traps `index`.
    ListGet(Value, Value),
    /// Replaces an element: consumes the list and the new value, drops the old one; in place where the list is
    /// unique. Traps `index`.
    ListSet {
        /// The list.
        list: Value,
        /// A `u32`.
        index: Value,
        /// The new element.
        value: Value,
    },
    /// Moves an element out of a list, leaving a hole: consumes the list, defines the list with the hole (made
    /// unique) and the element. Nothing may be done with that list but [`Op::ListPut`] at the same
    /// index. Traps `index`. So nested places are updated in place.
    ListTake(Value, Value),
    /// Fills the hole: consumes the list and the value.
    ListPut {
        /// The list with the hole.
        list: Value,
        /// The same index.
        index: Value,
        /// The element.
        value: Value,
    },

    // Parts of lists and strings
    /// The elements (of a string, the bytes) from `start` up to, not including, `end`, where they are: borrowed from the
    /// list or string.
    View {
        /// The list or string, which may be a view.
        base: Value,
        /// A `u32`.
        start: Value,
        /// A `u32`.
        end: Value,
        /// Whether the bounds may be wrong: traps as [`Intrinsic::ListSlice`] and [`Intrinsic::StringByteSlice`] do.
        checked: bool,
    },
    /// The elements from `start` up to `end`, owned: the list or string itself, which is consumed, where that is all
    /// of it, else a copy. The bounds are right.
    Cut {
        /// The list or string.
        base: Value,
        /// A `u32`.
        start: Value,
        /// A `u32`.
        end: Value,
    },

    // Ownership
    /// Another owned value of the same data; the operand stays as it was.
    Dup(Value),
    /// Consumes a value, and what it held when it was the last.
    Drop(Value),

    // Calls
    /// A call; consumes or borrows each argument as the callee's `params` say.
    Call(Instance<'db>, Vec<Value>),
    /// A call of an imported function, which never keeps an argument: data is borrowed; an `own` handle is consumed.
    CallImport(Item<'db>, Vec<Value>),
    /// A call of a function value, which is borrowed; consumes the arguments.
    CallClosure(Value, Vec<Value>),
    /// A function value; consumes its captures.
    MakeClosure(Instance<'db>, Vec<Value>),
    /// An operation that the back end provides. See [`intrinsic_consumes`]. Its results are those of its signature: the
    /// value, unit included, then what the `inout` operand became.
    Intrinsic(Intrinsic, Vec<Value>),
    /// One string out of several, borrowed; allocates once.
    Concat(Vec<Value>),
    /// Lets a handle go: drops the resource.
    DropHandle(Value),
    /// Puts a value, consumed, where another one of its type was, and gives that. A stand-in holds `none` at first.
    Swap(StandIn<'db>, Value),
}

/// Whether an intrinsic consumes its n-th operand. The `inout` operand of a list or string operation is consumed
/// and comes back as the last result; a value that is stored is consumed; all else is borrowed.
#[must_use]
pub fn intrinsic_consumes(op: Intrinsic, operand: usize) -> bool {
    match op {
        Intrinsic::ListPush => operand <= 1,
        Intrinsic::ListPop
        | Intrinsic::ListSwap
        | Intrinsic::ListTruncate
        | Intrinsic::ListReserve
        | Intrinsic::ListAppend
        | Intrinsic::StringPush
        | Intrinsic::StringAppend
        | Intrinsic::StringBytes
        | Intrinsic::StringFromUtf8Unchecked
        | Intrinsic::Drop => operand == 0,
        Intrinsic::ListOf => operand == 1,
        _ => false,
    }
}

impl Op<'_> {
    /// Calls `visit` with every operand in order and whether the instruction consumes it. For
    /// [`Op::Call`] and [`Op::CallImport`] the answer depends on the callee: `callee_owns` is asked with the operand's index.
    pub fn for_each_operand(&self, callee_owns: &dyn Fn(usize) -> bool, visit: &mut dyn FnMut(Value, bool)) {
        match self {
            Op::Const(_) | Op::Float(_) | Op::StaticString(_) => {}
            Op::Binary(_, left, right) | Op::Compare(_, left, right) => {
                visit(*left, false);
                visit(*right, false);
            }
            Op::Unary(_, v) | Op::Convert(_, v) | Op::Tag(v) | Op::Field(v, _) | Op::Dup(v) => {
                visit(*v, false)
            }
            Op::CasePart { base, .. } => visit(*base, false),
            Op::MakeRecord { parts, reuse } | Op::MakeCase { parts, reuse, .. } => {
                parts.iter().chain(reuse).for_each(|v| visit(*v, true));
            }
            Op::Unpack { base: v, .. }
            | Op::DropToken(v)
            | Op::Drop(v)
            | Op::DropHandle(v)
            | Op::Swap(_, v) => visit(*v, true),
            Op::MakeList(parts) | Op::MakeClosure(_, parts) => parts.iter().for_each(|v| visit(*v, true)),
            Op::ListGet(list, index) => {
                visit(*list, false);
                visit(*index, false);
            }
            Op::ListSet { list, index, value } | Op::ListPut { list, index, value } => {
                visit(*list, true);
                visit(*index, false);
                visit(*value, true);
            }
            Op::ListTake(list, index) => {
                visit(*list, true);
                visit(*index, false);
            }
            Op::View { base, start, end, .. } => {
                visit(*base, false);
                visit(*start, false);
                visit(*end, false);
            }
            Op::Cut { base, start, end } => {
                visit(*base, true);
                visit(*start, false);
                visit(*end, false);
            }
            Op::Call(_, args) | Op::CallImport(_, args) => {
                args.iter().enumerate().for_each(|(n, v)| visit(*v, callee_owns(n)));
            }
            Op::Concat(args) => args.iter().for_each(|v| visit(*v, false)),
            Op::CallClosure(callee, args) => {
                visit(*callee, false);
                args.iter().for_each(|v| visit(*v, true));
            }
            Op::Intrinsic(op, args) => {
                args.iter().enumerate().for_each(|(n, v)| visit(*v, intrinsic_consumes(*op, n)));
            }
        }
    }

    /// Whether the results are borrowed from the first operand.
    #[must_use]
    pub fn is_projection(&self) -> bool {
        matches!(self, Op::Field(..) | Op::CasePart { .. } | Op::ListGet(..) | Op::View { .. })
    }
}
