//! Choices between values instead of between ways.
//!
//! Where both outcomes of a branch lead to the same block and on the way there little is computed, both are computed and
//! an instruction selects what the block gets:
//!
//! ```text
//! branch c: b1, b2           x = select 1, 2, c
//! b1: jump b3(1)       ─▶    jump b3(x)
//! b2: jump b3(2)
//! ```
//!
//! A processor that guesses a branch wrong loses more than a few instructions; what a merge or a search compares can't
//! be guessed. Nothing that could trap or that reads memory is computed in advance.

use super::params::edges;
use crate::lir::{Edge, End, Func, Inst, Op, Reg};

/// At most so many values are selected for one branch.
const MOST_SELECTED: usize = 2;
/// At most so many instructions are computed in advance for one branch, constants aside.
const MOST_COMPUTED: usize = 3;

/// Turns branches into selections, inner ones first.
pub(super) fn select_values(func: &mut Func<'_>) {
    let mut ways_in = vec![0_u32; func.blocks.len()];
    for block in &func.blocks {
        match &block.end {
            End::Switch(_, targets, default) => {
                targets.iter().chain([default]).for_each(|to| ways_in[to.0 as usize] += 1);
            }
            end => edges(end).into_iter().for_each(|edge| ways_in[edge.to.0 as usize] += 1),
        }
    }
    let mut changed = true;
    while changed {
        changed = false;
        for n in (0..func.blocks.len()).rev() {
            changed |= select_at(func, &mut ways_in, n);
        }
    }
}

/// Turns the branch at the end of a block into a selection, if it is one of values only.
fn select_at(func: &mut Func<'_>, ways_in: &mut [u32], block: usize) -> bool {
    let End::Branch(cond, yes, no) = &func.blocks[block].end else { return false };
    let (cond, yes, no) = (*cond, yes.clone(), no.clone());
    let (Some(yes_end), Some(no_end)) =
        (leads_to(func, ways_in, block, &yes), leads_to(func, ways_in, block, &no))
    else {
        return false;
    };
    let differ = yes_end.args.iter().zip(&no_end.args).filter(|(a, b)| a != b).count();
    let computed = [&yes, &no].map(|edge| if passes(&yes_end, &no_end, edge) { 0 } else { work(func, edge) });
    if yes_end.to != no_end.to || differ > MOST_SELECTED || computed.iter().sum::<usize>() > MOST_COMPUTED {
        return false;
    }
    for (edge, end) in [(&yes, &yes_end), (&no, &no_end)] {
        if edge != end {
            let arm = std::mem::take(&mut func.blocks[edge.to.0 as usize].insts);
            func.blocks[edge.to.0 as usize].end = End::Unreachable;
            func.blocks[block].insts.extend(arm);
            ways_in[edge.to.0 as usize] -= 1;
        }
    }
    let args =
        yes_end.args.iter().zip(&no_end.args).map(|(a, b)| select(func, block, cond, *a, *b)).collect();
    func.blocks[block].end = End::Jump(Edge { to: yes_end.to, args });
    ways_in[yes_end.to.0 as usize] -= 1;
    true
}

/// Whether an edge leads to the common block itself.
fn passes(yes_end: &Edge, no_end: &Edge, edge: &Edge) -> bool {
    edge == yes_end || edge == no_end
}

/// The edge that an edge comes to behind a block that only computes a little; itself, if there is no such block.
fn leads_to(func: &Func<'_>, ways_in: &[u32], from: usize, edge: &Edge) -> Option<Edge> {
    let arm = &func.blocks[edge.to.0 as usize];
    let is_arm = edge.to.0 as usize != from
        && ways_in[edge.to.0 as usize] == 1
        && arm.params.is_empty()
        && arm.insts.iter().all(|inst| is_free(inst) || is_cheap(inst));
    match &arm.end {
        End::Jump(next) if is_arm && next.to != edge.to => Some(next.clone()),
        _ => Some(edge.clone()),
    }
}

/// How much the block that an edge leads to computes.
fn work(func: &Func<'_>, edge: &Edge) -> usize {
    func.blocks[edge.to.0 as usize].insts.iter().filter(|inst| !is_free(inst)).count()
}

fn is_free(inst: &Inst<'_>) -> bool {
    inst.op.is_constant()
}

/// Whether an instruction can be computed where it may not be needed.
fn is_cheap(inst: &Inst<'_>) -> bool {
    use crate::lir::NumOp::{F32Div, F32Sqrt, F64Div, F64Sqrt};
    match inst.op {
        Op::Select => true,
        Op::Num(op, _) => !op.traps() && !matches!(op, F32Div | F32Sqrt | F64Div | F64Sqrt),
        _ => false,
    }
}

fn select(func: &mut Func<'_>, block: usize, cond: Reg, yes: Reg, no: Reg) -> Reg {
    if yes == no {
        return yes;
    }
    func.regs.push(func.regs[yes.0 as usize]);
    let result = Reg(func.regs.len() as u32 - 1);
    func.blocks[block].insts.push(Inst { op: Op::Select, args: vec![yes, no, cond], results: vec![result] });
    result
}
