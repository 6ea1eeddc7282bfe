//! Parameters of blocks that are always the same register.

use crate::lir::{Block, Edge, End, Func, Reg};

/// Calls `visit` with every edge that can have arguments.
pub(super) fn edges_mut(end: &mut End) -> Vec<&mut Edge> {
    match end {
        End::Jump(edge) => vec![edge],
        End::Branch(_, yes, no) => vec![yes, no],
        End::Switch(..) | End::Return(_) | End::Trap(_) | End::Unreachable => Vec::new(),
    }
}

/// The edges that can have arguments.
pub(super) fn edges(end: &End) -> Vec<&Edge> {
    match end {
        End::Jump(edge) => vec![edge],
        End::Branch(_, yes, no) => vec![yes, no],
        End::Switch(..) | End::Return(_) | End::Trap(_) | End::Unreachable => Vec::new(),
    }
}

/// Removes each parameter for which all edges pass one register, or the parameter itself; see Braun et al., "Simple
/// and Efficient Construction of Static Single Assignment Form" (CC 2013).
pub(super) fn remove_trivial(func: &mut Func<'_>) {
    let mut same: Vec<Reg> = (0..func.regs.len() as u32).map(Reg).collect();
    while find_trivial(func, &mut same) {}
    let keep: Vec<Vec<bool>> = func
        .blocks
        .iter()
        .map(|block| block.params.iter().map(|p| same[p.0 as usize] == *p).collect())
        .collect();
    for (block, keep_here) in func.blocks.iter_mut().zip(&keep) {
        retain(&mut block.params, keep_here);
        for edge in edges_mut(&mut block.end) {
            retain(&mut edge.args, &keep[edge.to.0 as usize]);
        }
    }
    rename(func, &same);
}

fn retain(regs: &mut Vec<Reg>, keep: &[bool]) {
    let mut keep = keep.iter();
    regs.retain(|_| keep.next() != Some(&false));
}

/// One pass over all edges. Says whether it found anything.
fn find_trivial(func: &Func<'_>, same: &mut [Reg]) -> bool {
    // By register: what is passed for it, if that is known to be one.
    let mut passed: Vec<Passed> = vec![Passed::Nothing; func.regs.len()];
    for block in &func.blocks {
        for edge in edges(&block.end) {
            let params = &func.blocks[edge.to.0 as usize].params;
            for (param, arg) in params.iter().zip(&edge.args) {
                let arg = resolve(same, *arg);
                let so_far = &mut passed[param.0 as usize];
                *so_far = match *so_far {
                    other if arg == *param => other,
                    Passed::Nothing => Passed::One(arg),
                    Passed::One(other) if other == arg => Passed::One(arg),
                    _ => Passed::Several,
                };
            }
        }
    }
    let mut found = false;
    for param in func.blocks.iter().skip(1).flat_map(|block| &block.params) {
        if let Passed::One(arg) = passed[param.0 as usize]
            && same[param.0 as usize] == *param
            && resolve(same, arg) != *param
        {
            same[param.0 as usize] = arg;
            found = true;
        }
    }
    found
}

#[derive(Clone, Copy)]
enum Passed {
    Nothing,
    One(Reg),
    Several,
}

pub(super) fn resolve(same: &[Reg], mut reg: Reg) -> Reg {
    while same[reg.0 as usize] != reg {
        reg = same[reg.0 as usize];
    }
    reg
}

/// Puts in the place of each register what it is the same as.
pub(super) fn rename(func: &mut Func<'_>, same: &[Reg]) {
    let to = |reg: &mut Reg| *reg = resolve(same, *reg);
    for Block { insts, end, .. } in &mut func.blocks {
        insts.iter_mut().flat_map(|inst| &mut inst.args).for_each(to);
        match end {
            End::Branch(cond, ..) => to(cond),
            End::Switch(on, ..) => to(on),
            End::Return(values) => values.iter_mut().for_each(to),
            End::Jump(_) | End::Trap(_) | End::Unreachable => {}
        }
        edges_mut(end).into_iter().flat_map(|edge| &mut edge.args).for_each(to);
    }
    for value in func.traps.iter_mut().flat_map(|trap| &mut trap.values) {
        to(&mut value.reg);
        value.length.iter_mut().for_each(to);
    }
    func.names.iter_mut().for_each(|(reg, _)| to(reg));
}
