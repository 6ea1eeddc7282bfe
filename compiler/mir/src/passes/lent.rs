//! Parameters of blocks that are borrowed from the caller.
//!
//! A loop over a structure that somebody else owns carries a part of it from turn to turn:
//!
//! ```text
//! fn sum(borrowed xs: List): b1(cur, total): match cur { Cons(x, rest) => jump b1(rest, total + x) … }
//! ```
//!
//! What `cur` stands for is `xs` or a part of it, all the time, and so is alive as long as the call. Then `cur` can be
//! borrowed as well, and going from link to link counts nothing. That holds for a parameter of a block when every
//! edge passes something that is borrowed from the caller, be it by way of other such parameters. It is found from
//! the assumption that all parameters are lent, by taking out those for which an edge proves the contrary: the
//! fixpoint that Ullrich and de Moura ("Counting Immutable Beans", IFL 2019) use for functions, within one.

use super::Env;
use super::liveness::Owner;
use crate::ir::{Function, Value, ValueTy};

/// Makes the caller the owner of the parameters of blocks that can be borrowed from him.
pub(super) fn lend_params<'db>(function: &Function<'db>, env: &Env<'_, 'db>, owners: &mut [Owner]) {
    let mut lent = vec![false; function.values.len()];
    for param in function.blocks.iter().skip(1).flat_map(|block| &block.params) {
        let lendable = match function.values[param.0 as usize].ty {
            ValueTy::Data(ty) => owners[param.0 as usize] == Owner::Here && !env.program.has_handles(ty),
            ValueTy::Token(_) => false,
        };
        if lendable {
            lent[param.0 as usize] = true;
            owners[param.0 as usize] = Owner::Caller;
        }
    }
    let mut changed = true;
    while changed {
        changed = false;
        for block in &function.blocks {
            block.terminator.for_each_edge(&mut |target, args| {
                for (param, arg) in function.blocks[target.0 as usize].params.iter().zip(args) {
                    if lent[param.0 as usize] && root_owner(owners, *arg) == Owner::Here {
                        lent[param.0 as usize] = false;
                        owners[param.0 as usize] = Owner::Here;
                        changed = true;
                    }
                }
            });
        }
    }
}

/// Who owns what a value is borrowed from in the end.
fn root_owner(owners: &[Owner], value: Value) -> Owner {
    let mut at = value;
    while let Owner::Value(base) = owners[at.0 as usize] {
        at = base;
    }
    owners[at.0 as usize]
}

/// Whether an edge gives the ownership of its argument for a parameter away.
pub(crate) fn edge_consumes(owners: &[Owner], param: Value) -> bool {
    owners[param.0 as usize] != Owner::Caller
}
