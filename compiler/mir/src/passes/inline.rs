//! Puts the bodies of called functions in place of the calls.
//!
//! Inlined is what is small, and what takes a function value that is known here: `xs.map(|x| x + 1)` becomes a loop
//! with the addition in it, since after inlining `map` its call of the closure is a call of known code, which is then
//! inlined as well. Functions that can call themselves stay calls: they count for the depth of the program, which
//! must not differ between debug and release.

use crate::ir::{Block, BlockId, Function, Inst, Instance, InstanceKind, Op, Terminator, Value, ValueTy};
use crate::program::Program;
use dot_types::Intrinsic;
use rustc_hash::FxHashMap;

/// The work of a function that is always inlined.
const SMALL: usize = 10;
/// The work of a function that is inlined because it takes a known function value, or is one.
const WITH_CLOSURE: usize = 150;
/// A function that has grown to this much work inlines no more.
const LARGEST: usize = 3_000;

/// What inlining asks about the functions that are called.
pub(crate) struct Callees<'a, 'db> {
    /// The program.
    pub(crate) program: &'a dyn Program<'db>,
    /// The uncounted body of an instance.
    pub(crate) body: &'a dyn Fn(Instance<'db>) -> Option<&'db Function<'db>>,
    /// Whether an instance can call itself.
    pub(crate) is_recursive: &'a dyn Fn(Instance<'db>) -> bool,
}

/// Turns calls of known function values into calls of their code. Says whether there was one.
pub(crate) fn call_known_closures(function: &mut Function<'_>) -> bool {
    let mut made = FxHashMap::default();
    for inst in function.blocks.iter().flat_map(|block| &block.insts) {
        if let (Op::MakeClosure(code, captures), [result]) = (&inst.op, inst.results.as_slice()) {
            made.insert(*result, (*code, captures.clone()));
        }
    }
    let mut changed = false;
    for inst in function.blocks.iter_mut().flat_map(|block| &mut block.insts) {
        if let Op::CallClosure(callee, args) = &inst.op
            && let Some((code, captures)) = made.get(callee)
        {
            inst.op = Op::Call(*code, captures.iter().chain(args).copied().collect());
            changed = true;
        }
    }
    changed
}

/// Inlines the calls that are there now and worth it. Says whether there was one.
pub(crate) fn inline_calls<'db>(function: &mut Function<'db>, callees: &Callees<'_, 'db>) -> bool {
    let mut changed = false;
    let mut block = 0;
    let mut size = work_of(function, callees);
    while block < function.blocks.len() {
        let mut inst = 0;
        while inst < function.blocks[block].insts.len() {
            if size < LARGEST
                && let Some(body) = worth_it(function, &function.blocks[block].insts[inst], callees)
            {
                size += work_of(body, callees);
                inline_call(function, BlockId(block as u32), inst, body);
                changed = true;
                // What is behind the call stands in a new block, which is looked at in its turn. The inlined blocks
                // stand before it and are left for the next round.
                break;
            }
            inst += 1;
        }
        block += 1;
    }
    changed
}

/// How much there is to do in a function: its instructions and blocks, without what makes no code. A constant is an operand of
/// what uses it, and flat records and their fields are nothing but their parts.
fn work_of<'db>(function: &Function<'db>, callees: &Callees<'_, 'db>) -> usize {
    let is_boxed = |value: &Value| match function.values[value.0 as usize].ty {
        ValueTy::Data(ty) => callees.program.is_boxed(ty),
        ValueTy::Token(_) => true,
    };
    let work = |inst: &Inst<'db>| match &inst.op {
        Op::Const(_) | Op::Float(_) | Op::StaticString(_) => false,
        Op::Field(base, _) => is_boxed(base),
        Op::MakeRecord { .. } => inst.results.iter().any(is_boxed),
        _ => true,
    };
    function.blocks.iter().map(|block| block.insts.iter().filter(|inst| work(inst)).count() + 1).sum()
}

/// The body of a call that is worth inlining.
fn worth_it<'db>(
    function: &Function<'db>,
    inst: &Inst<'db>,
    callees: &Callees<'_, 'db>,
) -> Option<&'db Function<'db>> {
    let Op::Call(callee, args) = &inst.op else { return None };
    let db = callees.program.db();
    if *callee == function.instance
        || matches!(callee.kind(db), InstanceKind::DropGlue | InstanceKind::DupGlue)
    {
        return None;
    }
    let body = (callees.body)(*callee)?;
    let size = work_of(body, callees);
    let is_code = matches!(
        callee.kind(db),
        InstanceKind::Closure(..)
            | InstanceKind::ClosureIn(..)
            | InstanceKind::Copy(..)
            | InstanceKind::Visitor(_)
    );
    let with_closure = is_code || args.iter().any(|arg| is_closure(function, *arg));
    let limit = if with_closure { WITH_CLOSURE } else { SMALL };
    // Beside what a loop does, its call is nothing; and what it goes through is better lent to a function.
    (size <= limit
        && (with_closure || !loops(body))
        && !is_low_level(body)
        && !(callees.is_recursive)(*callee))
    .then_some(body)
}

/// Whether a function has a loop. Its blocks are in reverse postorder.
fn loops(function: &Function<'_>) -> bool {
    let leads_back =
        |(n, block): (usize, &Block<'_>)| block.terminator.successors().iter().any(|to| to.0 as usize <= n);
    function.blocks.iter().enumerate().any(leads_back)
}

fn is_closure(function: &Function<'_>, value: Value) -> bool {
    function
        .blocks
        .iter()
        .flat_map(|block| &block.insts)
        .any(|inst| matches!(inst.op, Op::MakeClosure(..)) && inst.results.contains(&value))
}

/// Whether a function works below values, where its size says little about its worth.
fn is_low_level(function: &Function<'_>) -> bool {
    function.blocks.iter().flat_map(|block| &block.insts).any(|inst| match inst.op {
        Op::Intrinsic(op, _) => Intrinsic::is_low_level(op),
        _ => false,
    })
}

/// Replaces one call. The block is cut behind it; every return of the body jumps to the second half with the results.
fn inline_call<'db>(function: &mut Function<'db>, at: BlockId, inst: usize, body: &Function<'db>) {
    let (first_value, first_block) = (function.values.len() as u32, function.blocks.len() as u32);
    let rest = BlockId(first_block + body.blocks.len() as u32);
    let block = &mut function.blocks[at.0 as usize];
    let behind = block.insts.split_off(inst + 1);
    let Some(Inst { op: Op::Call(_, args), results, .. }) = block.insts.pop() else { return };
    let terminator = std::mem::replace(&mut block.terminator, Terminator::Jump(BlockId(first_block), args));
    function.values.extend(body.values.iter().cloned());
    for copied in &body.blocks {
        function.blocks.push(copy_block(copied, first_value, first_block, rest));
    }
    function.blocks.push(Block { params: results, insts: behind, terminator });
}

fn copy_block<'db>(block: &Block<'db>, first_value: u32, first_block: u32, rest: BlockId) -> Block<'db> {
    let mut copy = block.clone();
    let mut shift = |value: &mut Value| value.0 += first_value;
    copy.params.iter_mut().for_each(&mut shift);
    for inst in &mut copy.insts {
        inst.results.iter_mut().for_each(&mut shift);
        inst.op.map_operands(&mut shift);
    }
    copy.terminator.map_operands(&mut shift);
    copy.terminator.map_edges(&mut |target, _| target.0 += first_block);
    if let Terminator::Return(values) = copy.terminator {
        copy.terminator = Terminator::Jump(rest, values);
    }
    copy
}
