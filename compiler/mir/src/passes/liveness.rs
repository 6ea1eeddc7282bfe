//! Which values are still needed where: classic backward data flow, with one addition. A borrowed value keeps what it
//! is borrowed from alive, so a use of it counts as a use of its whole chain of bases.

use super::Env;
use super::bitset::BitSet;
use super::lent::lend_params;
use super::unpack::counted_ty;
use crate::cfg::Cfg;
use crate::ir::{Block, Function, Inst, Op, Passing, Value, ValueTy};

/// Who owns a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// It owns nothing: no counts, or static data.
    Nobody,
    /// This function, which must consume it exactly once.
    Here,
    /// Another value, from which it was projected.
    Value(Value),
    /// The caller.
    Caller,
}

/// The owner of every value.
pub(crate) fn owners<'db>(function: &Function<'db>, env: &Env<'_, 'db>) -> Vec<Owner> {
    owners_if_passed(function, &function.params, env)
}

/// The owner of every value, if the function's parameters are passed so.
pub(crate) fn owners_if_passed<'db>(
    function: &Function<'db>,
    passing: &[Passing],
    env: &Env<'_, 'db>,
) -> Vec<Owner> {
    let mut owners: Vec<Owner> = (0..function.values.len() as u32)
        .map(|v| match function.values[v as usize].ty {
            ValueTy::Token(_) => Owner::Here,
            ValueTy::Data(_) if counted_ty(function, env, Value(v)).is_some() => Owner::Here,
            ValueTy::Data(_) => Owner::Nobody,
        })
        .collect();
    if let Some(entry) = function.blocks.first() {
        for (param, passing) in entry.params.iter().zip(passing) {
            if *passing == Passing::Borrowed && owners[param.0 as usize] == Owner::Here {
                owners[param.0 as usize] = Owner::Caller;
            }
        }
    }
    for inst in function.blocks.iter().flat_map(|block| &block.insts) {
        let base = match &inst.op {
            // Static data is there for ever: it may be given away any number of times.
            Op::StaticString(_) => {
                inst.results.iter().for_each(|v| owners[v.0 as usize] = Owner::Nobody);
                continue;
            }
            Op::Field(base, _) | Op::CasePart { base, .. } | Op::ListGet(base, _) | Op::View { base, .. } => {
                *base
            }
            _ => continue,
        };
        for result in inst.results.iter().filter(|v| owners[v.0 as usize] == Owner::Here).collect::<Vec<_>>()
        {
            owners[result.0 as usize] = Owner::Value(base);
        }
    }
    lend_params(function, env, &mut owners);
    owners
}

/// Calls `visit` with a value and all that it is borrowed from, as far as this function or the caller owns it.
pub(crate) fn with_bases(owners: &[Owner], value: Value, visit: &mut dyn FnMut(Value)) {
    let mut at = value;
    loop {
        match owners[at.0 as usize] {
            Owner::Nobody => return,
            Owner::Here | Owner::Caller => return visit(at),
            Owner::Value(base) => {
                visit(at);
                at = base;
            }
        }
    }
}

/// What is live where a block ends and where it starts (behind its parameters).
pub(crate) struct Liveness {
    pub(crate) live_in: Vec<BitSet>,
    pub(crate) live_out: Vec<BitSet>,
}

impl Liveness {
    pub(crate) fn new(function: &Function<'_>, cfg: &Cfg, owners: &[Owner]) -> Self {
        let empty = BitSet::new(function.values.len());
        let count = function.blocks.len();
        let mut this = Self { live_in: vec![empty.clone(); count], live_out: vec![empty; count] };
        let mut changed = true;
        while changed {
            changed = false;
            for block in cfg.order.iter().rev() {
                let b = block.0 as usize;
                let mut live = this.live_out[b].clone();
                for succ in &cfg.succs[b] {
                    live.union(&this.live_in[succ.0 as usize]);
                }
                this.live_out[b].clone_from(&live);
                through_block(&function.blocks[b], owners, &mut live);
                if live != this.live_in[b] {
                    this.live_in[b] = live;
                    changed = true;
                }
            }
        }
        this
    }
}

fn through_block(block: &Block<'_>, owners: &[Owner], live: &mut BitSet) {
    block.terminator.for_each_operand(&mut |v, _| {
        with_bases(owners, v, &mut |v| {
            live.insert(v.0);
        });
    });
    for inst in block.insts.iter().rev() {
        through_inst(inst, owners, live);
    }
    for param in &block.params {
        live.remove(param.0);
    }
}

/// Steps from behind an instruction to before it.
pub(crate) fn through_inst(inst: &Inst<'_>, owners: &[Owner], live: &mut BitSet) {
    for result in &inst.results {
        live.remove(result.0);
    }
    inst.op.for_each_operand(&|_| false, &mut |v, _| {
        with_bases(owners, v, &mut |v| {
            live.insert(v.0);
        });
    });
}
