//! What release builds do to uncounted functions: in rounds, what is known is computed, needless jumps go, and calls
//! that are worth it are inlined, which lets more be known.

use super::inline::{Callees, call_known_closures, inline_calls};
use super::simplify::simplify;
use super::threads::thread_jumps;
use crate::ir::Function;

/// Each round inlines one level of calls.
const ROUNDS: usize = 6;

/// Optimises a function.
pub(crate) fn optimise<'db>(function: &mut Function<'db>, callees: &Callees<'_, 'db>) {
    settle(function, callees);
    for _ in 0..ROUNDS {
        let known = call_known_closures(function);
        let inlined = inline_calls(function, callees);
        if !known && !inlined {
            return;
        }
        thread_jumps(function);
        settle(function, callees);
    }
}

/// Simplifies until nothing changes, or as often as is worth it.
fn settle<'db>(function: &mut Function<'db>, callees: &Callees<'_, 'db>) {
    for _ in 0..4 {
        let changed = simplify(callees.program.db(), function);
        thread_jumps(function);
        if !changed {
            return;
        }
    }
}
