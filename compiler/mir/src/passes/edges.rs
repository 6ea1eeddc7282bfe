//! Splits edges so that there is a place for a drop on each: afterwards a block that ends with a choice goes only
//! to blocks that have no other predecessor and no parameters.

use crate::cfg::Cfg;
use crate::ir::{Block, BlockId, Function, Terminator};

/// Splits every edge of a choice that has arguments or leads to a place where paths meet.
pub(crate) fn split_edges(function: &mut Function<'_>) {
    let cfg = Cfg::new(function);
    let mut new = Vec::new();
    let first_new = function.blocks.len() as u32;
    for block in &mut function.blocks {
        if matches!(block.terminator, Terminator::Jump(..)) {
            continue;
        }
        block.terminator.map_edges(&mut |target, args| {
            let args = args.map(std::mem::take).unwrap_or_default();
            if !args.is_empty() || cfg.preds[target.0 as usize].len() > 1 {
                let terminator = Terminator::Jump(*target, args);
                *target = BlockId(first_new + new.len() as u32);
                new.push(Block { params: Vec::new(), insts: Vec::new(), terminator });
            }
        });
    }
    function.blocks.append(&mut new);
}
