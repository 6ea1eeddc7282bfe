//! Replacements that would need ever more copies of a function are refused.

use dot_driver::{BuildError, Emit, OsFiles, Profile, Session};

/// What stands for the function calls the function itself, as it is around it; and around it is another one of these, as
/// often as `deeper` calls itself.
const ENDLESS: &str = r#"
use wasi:random/random@0.2.12 as random

record Wrap { by: u64 }

fn get_random_u64(self: Wrap) -> u64 { random.get_random_u64() + self.by }
fn get_random_bytes(self: Wrap, len: u64) -> list<u8> { [] }

fn deeper(n: u64) -> u64 {
  with random = (Wrap { by: n }) { if n == 0 { random.get_random_u64() } else { deeper(n - 1) } }
}

dot start() -> u64 uses random { deeper(3) }
"#;

#[test]
fn replacements_in_replacements_come_to_an_end() {
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("endless.dot");
    std::fs::write(&path, ENDLESS).expect("a file");
    let session = Session::open(&OsFiles, &path).expect("a session");
    assert!(!session.check().has_errors());
    match session.build(Profile::Debug, Emit::Component, false) {
        Err(BuildError::DoesNotCompile(report)) => {
            let codes: Vec<&str> = report.diagnostics().iter().map(|told| told.code.as_str()).collect();
            assert!(codes.contains(&"endless-instantiation"), "{codes:?}");
        }
        other => panic!("{other:?}"),
    }
}
