//! Takes out of a function what can't happen: checks that never fail and choices with one outcome.
//!
//! Every access to a list checks its index, every sum whether it fits. Most of that is known already: in
//!
//! ```text
//! for i in 0..xs.len() { total += xs[i] }
//! ```
//!
//! the loop has just asked whether `i` is below the length. Steps:
//!
//! * [`params`]: a parameter of a block for which every edge passes the same register is that register. So the length
//!   of a list that a loop changes in place is one register all along.
//! * [`range`]: between which bounds the integer in each register is.
//! * [`facts`]: going down the dominator tree, what the branches and checks that control has passed tell: bounds of
//!   registers, and how two of them compare. It is what "ABCD: Eliminating Array Bounds Checks on Demand" (Bodík, Gupta,
//!   Sarkar, PLDI 2000) finds, as far as it takes no chain of several comparisons.
//! * [`select`]: branches that lead to different values only become selections.
//!
//! Only what can't fail goes: which trap comes first stays as it was.

mod facts;
mod params;
mod range;
mod select;
mod unused;

use crate::lir::Func;

/// Simplifies a function. O(instructions), but for parameters of nested loops.
pub(crate) fn simplify(func: &mut Func<'_>) {
    params::remove_trivial(func);
    facts::decide_what_is_known(func);
    // What was decided leaves edges that pass the same.
    params::remove_trivial(func);
    unused::remove_unused(func);
    select::select_values(func);
}
