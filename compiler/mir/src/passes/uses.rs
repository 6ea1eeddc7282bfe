//! Where the values of a function are defined and used.

use crate::ir::{BlockId, Function, Value};
use crate::passes::Env;

/// A place in a function: an instruction, or behind the last one the terminator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub(crate) block: BlockId,
    pub(crate) inst: usize,
}

/// A use of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use {
    pub(crate) at: At,
    pub(crate) consumes: bool,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Def {
    /// A parameter of a block.
    Param(BlockId),
    /// A result of an instruction.
    Inst(At),
}

/// Definitions and uses, by value.
pub(crate) struct Uses {
    pub(crate) defs: Vec<Option<Def>>,
    pub(crate) uses: Vec<Vec<Use>>,
}

impl Uses {
    pub(crate) fn new<'db>(function: &Function<'db>, env: &Env<'_, 'db>) -> Self {
        let mut this =
            Self { defs: vec![None; function.values.len()], uses: vec![Vec::new(); function.values.len()] };
        for (b, block) in function.blocks.iter().enumerate() {
            let id = BlockId(b as u32);
            for param in &block.params {
                this.defs[param.0 as usize] = Some(Def::Param(id));
            }
            for (n, inst) in block.insts.iter().enumerate() {
                let at = At { block: id, inst: n };
                for result in &inst.results {
                    this.defs[result.0 as usize] = Some(Def::Inst(at));
                }
                env.for_each_operand(&inst.op, &mut |v, consumes| {
                    this.uses[v.0 as usize].push(Use { at, consumes });
                });
            }
            let at = At { block: id, inst: block.insts.len() };
            block.terminator.for_each_operand(&mut |v, consumes| {
                this.uses[v.0 as usize].push(Use { at, consumes });
            });
        }
        this
    }

    /// The block where a value is defined.
    pub(crate) fn block_of(&self, value: Value) -> Option<BlockId> {
        self.defs[value.0 as usize].map(|def| match def {
            Def::Param(block) => block,
            Def::Inst(at) => at.block,
        })
    }
}
