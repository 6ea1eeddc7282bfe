//! The sources of the standard library and the runtime, embedded.

mod wit;

pub use wit::WIT;

/// The modules: path below the package and text, sorted by path.
pub const MODULES: &[(&str, &str)] = &[];
