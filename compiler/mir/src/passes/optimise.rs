//! What release builds do to uncounted functions.

use crate::ir::{Function, Instance};
use crate::program::Program;

/// Optimises a function. `body` gives the uncounted bodies of what it calls.
pub(crate) fn optimise<'db>(
    function: &mut Function<'db>,
    program: &dyn Program<'db>,
    body: &dyn Fn(Instance<'db>) -> Option<&'db Function<'db>>,
) {
    let _ = (program, body);
    super::tidy::tidy(function);
}
