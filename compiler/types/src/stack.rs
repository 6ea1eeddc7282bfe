//! Room on the stack for walks that recurse as deep as the program is nested.
//!
//! The parser limits how deep code nests, but a walk over it takes several frames for each level, and
//! declarations may refer to each other in long chains. So the walks that recurse ask for more room where little
//! is left, as rustc does.

/// What must be left, so that everything between two askings fits.
const LEFT: usize = 256 * 1024;
/// What is taken at once.
const MORE: usize = 4 * 1024 * 1024;

/// Calls `walk` with enough stack.
pub(crate) fn ensure<R>(walk: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(LEFT, MORE, walk)
}
