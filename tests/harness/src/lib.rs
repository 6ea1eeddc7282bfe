//! The harness: what is tested across crates, and the checks on the project's own shape.

pub mod layers;

use std::path::PathBuf;

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
