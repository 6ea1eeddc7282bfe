//! The harness: what is tested across crates, and the checks on the project's own shape.

pub mod agree;
pub mod case;
pub mod differential;
pub mod engines;
pub mod fuzz;
pub mod judge;
pub mod layers;
pub mod mutants;
pub mod spec;
pub mod suite;
pub mod texts;
pub mod warm;
pub mod worlds;

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The text of a file of the repository.
///
/// # Panics
///
/// When it can't be read, which is a failure of the test that wants it.
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below a folder whose names end with an extension, sorted; without hidden folders and
/// installed packages.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && name != "node_modules" && name != "target" {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|end| end == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// How many random inputs a test tries: by the tier that is tested, or as `DOT_FUZZ_ROUNDS` says.
pub fn rounds(change: u64, full: u64, nightly: u64) -> u64 {
    let asked = std::env::var("DOT_FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    asked.unwrap_or_else(|| match std::env::var("DOT_TEST_TIER").as_deref() {
        Ok("full") => full,
        Ok("nightly") => nightly,
        _ => change,
    })
}
