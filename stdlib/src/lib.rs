//! The sources of the standard library and the runtime, embedded.

mod wit;

pub use wit::WIT;
