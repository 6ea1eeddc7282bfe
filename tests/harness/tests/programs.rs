//! The programs: what they print, on every engine, and that their own tests pass.

use dot_tests::{agree, suite};

#[test]
fn programs_do_what_they_must() {
    let wrong = agree::complaints(suite::PROGRAMS);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
