//! Jumps to blocks that do nothing but jump on go there at once.

use crate::lir::{Edge, End, Func, Label};

/// How many such blocks in a row are skipped. A loop of nothing but jumps has no end.
const FAR: usize = 16;

/// Rewrites the jumps of a function. Constants move to the entry, where they cost nothing: they are made anew at
/// each use.
pub(super) fn thread_jumps(func: &mut Func<'_>) {
    let mut constants = Vec::new();
    for block in &mut func.blocks {
        constants.extend(block.insts.extract_if(.., |inst| inst.op.is_constant()));
    }
    if let Some(entry) = func.blocks.first_mut() {
        entry.insts.splice(0..0, constants);
    }
    for n in 0..func.blocks.len() {
        let mut end = std::mem::replace(&mut func.blocks[n].end, End::Unreachable);
        match &mut end {
            End::Jump(edge) => thread(func, edge),
            End::Branch(_, yes, no) => {
                thread(func, yes);
                thread(func, no);
            }
            End::Switch(_, targets, default) => {
                for target in targets.iter_mut().chain([default]) {
                    let mut edge = Edge { to: *target, args: Vec::new() };
                    thread(func, &mut edge);
                    // The targets of a switch take no arguments.
                    if edge.args.is_empty() {
                        *target = edge.to;
                    }
                }
            }
            End::Return(_) | End::Trap(_) | End::Unreachable => {}
        }
        func.blocks[n].end = end;
    }
}

fn thread(func: &Func<'_>, edge: &mut Edge) {
    for _ in 0..FAR {
        let block = &func.blocks[edge.to.0 as usize];
        match &block.end {
            End::Jump(next) if edge.to != Label(0) && block.insts.is_empty() && block.params.is_empty() => {
                *edge = next.clone();
            }
            _ => return,
        }
    }
}
