//! Takes needless jumps out: a block that only jumps on is skipped, and a block with one way in is joined to the one
//! that leads there. Does not change what is done, nor who owns what.

use super::tidy::tidy;
use crate::cfg::Cfg;
use crate::ir::{BlockId, Function, Terminator, Value};

/// Skips and joins blocks until there is nothing more to do, then tidies.
pub(crate) fn thread_jumps(function: &mut Function<'_>) {
    skip_empty(function);
    join_chains(function);
    tidy(function);
}

/// Where a block without parameters and instructions jumps to.
fn forwards(function: &Function<'_>, block: BlockId) -> Option<(BlockId, Vec<Value>)> {
    let data = &function.blocks[block.0 as usize];
    match &data.terminator {
        Terminator::Jump(target, args)
            if data.params.is_empty() && data.insts.is_empty() && *target != block =>
        {
            Some((*target, args.clone()))
        }
        _ => None,
    }
}

fn skip_empty(function: &mut Function<'_>) {
    for block in 0..function.blocks.len() {
        let mut terminator = function.blocks[block].terminator.clone();
        terminator.map_edges(&mut |target, args| {
            // A chain of empty blocks could be a circle; it is followed as far as there are blocks.
            let mut steps = function.blocks.len();
            let mut passed: Vec<Value> = Vec::new();
            let mut at = *target;
            while steps > 0
                && let Some((next, next_args)) = forwards(function, at)
                && (args.is_some() || next_args.is_empty())
            {
                (at, passed) = (next, next_args);
                steps -= 1;
            }
            if at != *target {
                *target = at;
                if let Some(args) = args {
                    *args = passed;
                }
            }
        });
        // Two edges of one choice to one block couldn't be told apart where they pass different values.
        if let Terminator::Branch { then_block, else_block, .. } = &terminator
            && then_block == else_block
        {
            continue;
        }
        function.blocks[block].terminator = terminator;
    }
}

fn join_chains(function: &mut Function<'_>) {
    let cfg = Cfg::new(function);
    let mut rename: Vec<Value> = (0..function.values.len() as u32).map(Value).collect();
    for block in &cfg.order {
        while let Terminator::Jump(target, args) = &function.blocks[block.0 as usize].terminator {
            let (target, args) = (*target, args.clone());
            if target.0 == 0 || target == *block || cfg.preds[target.0 as usize].len() != 1 {
                break;
            }
            let mut taken = std::mem::replace(
                &mut function.blocks[target.0 as usize],
                crate::ir::Block {
                    params: Vec::new(),
                    insts: Vec::new(),
                    terminator: Terminator::Unreachable,
                },
            );
            for (param, arg) in taken.params.iter().zip(args) {
                rename[param.0 as usize] = arg;
                let name = function.values[param.0 as usize].name.clone();
                let data = &mut function.values[arg.0 as usize];
                data.name = data.name.take().or(name);
            }
            let into = &mut function.blocks[block.0 as usize];
            into.insts.append(&mut taken.insts);
            into.terminator = taken.terminator;
        }
    }
    let mut apply = |value: &mut Value| {
        while rename[value.0 as usize] != *value {
            *value = rename[value.0 as usize];
        }
    };
    for block in &mut function.blocks {
        block.insts.iter_mut().for_each(|inst| inst.op.map_operands(&mut apply));
        block.terminator.map_operands(&mut apply);
    }
}
