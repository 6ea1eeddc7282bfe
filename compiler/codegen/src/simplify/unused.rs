//! Instructions that nobody needs.

use super::params::edges;
use crate::lir::told::{told_at, told_by};
use crate::lir::{End, Func, Reg};

/// Removes instructions without effects whose results are not used, and what only they needed.
pub(super) fn remove_unused(func: &mut Func<'_>) {
    let mut needed = vec![false; func.regs.len()];
    let mut todo: Vec<Reg> = Vec::new();
    for block in &func.blocks {
        let kept = block.insts.iter().filter(|inst| !inst.op.effects().removable());
        todo.extend(kept.flat_map(|inst| inst.args.iter().copied().chain(told_at(func, &inst.op))));
        match &block.end {
            End::Branch(cond, ..) => todo.push(*cond),
            End::Switch(on, ..) => todo.push(*on),
            End::Return(values) => todo.extend(values),
            End::Trap(trap) => todo.extend(told_by(func, *trap)),
            End::Jump(_) | End::Unreachable => {}
        }
        todo.extend(edges(&block.end).into_iter().flat_map(|edge| &edge.args));
    }
    let mut defined_by: Vec<Option<(usize, usize)>> = vec![None; func.regs.len()];
    for (b, block) in func.blocks.iter().enumerate() {
        for (n, inst) in block.insts.iter().enumerate() {
            inst.results.iter().for_each(|reg| defined_by[reg.0 as usize] = Some((b, n)));
        }
    }
    while let Some(reg) = todo.pop() {
        if !std::mem::replace(&mut needed[reg.0 as usize], true)
            && let Some((block, inst)) = defined_by[reg.0 as usize]
        {
            todo.extend(&func.blocks[block].insts[inst].args);
        }
    }
    for block in &mut func.blocks {
        block.insts.retain(|inst| {
            !inst.op.effects().removable() || inst.results.iter().any(|reg| needed[reg.0 as usize])
        });
    }
}
