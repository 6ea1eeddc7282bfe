//! Glue that ends by calling itself goes on from its beginning instead.
//!
//! Equality and order of a long chain are decided link by link, and the last thing done for a link is to ask about
//! the next. As a loop that takes no stack, however long the chain is. Besides a plain return of the call's result,
//! two forms are the same as one: `if r { true } else { false }`, and `if r == c { c } else { r }`.

use crate::lir::{Edge, End, Func, Inst, Label, NumOp, Op, Reg, Symbol};

/// Rewrites the calls of itself that a function ends with.
pub(super) fn loop_on_self(func: &mut Func<'_>, own: &Symbol<'_>) {
    for n in 0..func.blocks.len() {
        let Some(call) = tail_call(func, n, own) else { continue };
        let inst = func.blocks[n].insts.remove(call);
        func.blocks[n].end = End::Jump(Edge { to: Label(0), args: inst.args });
    }
}

/// The place of a call of the function itself whose result the block returns whatever happens.
fn tail_call(func: &Func<'_>, n: usize, own: &Symbol<'_>) -> Option<usize> {
    let block = &func.blocks[n];
    let is_own = |inst: &Inst<'_>| matches!(&inst.op, Op::Call(symbol, _) if symbol == own);
    let call = block.insts.iter().rposition(is_own)?;
    let result = *block.insts[call].results.first()?;
    let after = &block.insts[call + 1..];
    if block.insts[call].results.len() != 1 || after.iter().any(|inst| !inst.op.effects().removable()) {
        return None;
    }
    let returned = |edge: &Edge| match &func.blocks[edge.to.0 as usize] {
        to if to.params.is_empty() && to.insts.iter().all(|inst| inst.op.is_constant()) => match &to.end {
            End::Return(values) => values.first().copied(),
            _ => None,
        },
        _ => None,
    };
    let same = match &block.end {
        End::Return(values) => values.as_slice() == [result],
        End::Branch(cond, yes, no) => {
            let (yes, no) = (returned(yes)?, returned(no)?);
            let chosen = equal_to(func, *cond, result);
            *cond == result && constant(func, yes) == Some(1) && constant(func, no) == Some(0)
                || chosen.is_some() && constant(func, yes) == chosen && no == result
        }
        _ => false,
    };
    same.then_some(call)
}

fn find<'f, 'db>(func: &'f Func<'db>, reg: Reg) -> Option<&'f Inst<'db>> {
    func.blocks.iter().flat_map(|block| &block.insts).find(|inst| inst.results.contains(&reg))
}

fn constant(func: &Func<'_>, reg: Reg) -> Option<i32> {
    match find(func, reg)?.op {
        Op::I32(value) => Some(value),
        _ => None,
    }
}

/// The constant that `cond` compares `with` to.
fn equal_to(func: &Func<'_>, cond: Reg, with: Reg) -> Option<i32> {
    let inst = find(func, cond)?;
    match (&inst.op, inst.args.as_slice()) {
        (Op::Num(NumOp::I32Eq, None), [a, b]) if *a == with => constant(func, *b),
        _ => None,
    }
}
