//! What is done to a function after lowering.
//!
//! Ownership is made explicit by five passes in a row, see [`counts::count`]: [`edges`] makes a place for drops on
//! every edge, [`views`] finds the parts of lists and strings that needn't be copied, [`unpack`] takes values apart that die where their parts are used, [`reuse`] hands the memory of what
//! was taken apart to what is made next, and [`counts`] puts in the dups and drops.

pub(crate) mod bitset;
pub(crate) mod borrow;
pub(crate) mod counts;
pub(crate) mod edges;
pub(crate) mod inline;
pub(crate) mod lent;
pub(crate) mod liveness;
pub(crate) mod optimise;
pub(crate) mod reuse;
pub(crate) mod simplify;
pub(crate) mod threads;
pub(crate) mod tidy;
pub(crate) mod unpack;
pub(crate) mod uses;
pub(crate) mod views;

use crate::ir::{Instance, Op, Passing, Value};
use crate::program::Program;
use dot_types::Mode;

/// What the passes for ownership ask besides the function itself.
pub struct Env<'a, 'db> {
    /// The program.
    pub program: &'a dyn Program<'db>,
    /// Who owns the parameters of a function that is called.
    pub passing: &'a dyn Fn(Instance<'db>) -> Vec<Passing>,
}

impl<'db> Env<'_, 'db> {
    /// Calls `visit` with every operand and whether it is consumed.
    pub fn for_each_operand(&self, op: &Op<'db>, visit: &mut dyn FnMut(Value, bool)) {
        match op {
            Op::Call(instance, _) => {
                let passing = (self.passing)(*instance);
                op.for_each_operand(&|n| passing.get(n) != Some(&Passing::Borrowed), visit);
            }
            Op::CallImport(item, _) => {
                // An `own` handle is consumed; a borrowed one is lent, and data is copied out.
                let signature = self.program.signature(*item);
                let consumes = |n: usize| {
                    signature.and_then(|s| s.params.get(n)).is_some_and(|param| {
                        param.mode == Mode::In
                            && !self.program.lends(*item, n)
                            && self.program.has_handles(param.ty)
                    })
                };
                op.for_each_operand(&consumes, visit);
            }
            _ => op.for_each_operand(&|_| false, visit),
        }
    }

    /// Whether the n-th operand of an operation is consumed.
    #[must_use]
    pub fn consumes(&self, op: &Op<'db>, n: usize) -> bool {
        let mut consumed = Vec::new();
        self.for_each_operand(op, &mut |_, consumes| consumed.push(consumes));
        consumed.get(n).copied().unwrap_or(false)
    }
}
