//! The sources of the standard library and the runtime, embedded.
