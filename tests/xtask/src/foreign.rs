//! Components of another toolchain, made anew, in the place of those that are kept.

use crate::place::{self, cargo};
use crate::step::{Outcome, Step, run};
use crate::tool;
use std::process::Command;

/// Makes the components of `tests/foreign` and runs the tests that use them; skipped where its toolchain can't be had.
pub fn step() -> Step {
    Step::new("components of rustc, made anew", || {
        let made = place::tools().join("foreign");
        if tool::find("apt-get").is_none() {
            return Outcome::Skipped("apt-get is missing, which brings the toolchain".to_owned());
        }
        let mut make = Command::new(place::root().join("tests/foreign/make.sh"));
        make.arg(&made).arg(place::tools());
        match run(make) {
            Outcome::Passed => {}
            Outcome::Failed(why) if !has_toolchain() => {
                return Outcome::Skipped(format!("Debian's rustc-web can't be fetched here ({why})"));
            }
            failed => return failed,
        }
        // Of the whole workspace, so that nothing is built again with other features.
        let mut tests = cargo(&["test", "--locked", "--workspace", "--test", "foreign"]);
        tests.env("DOT_FOREIGN", &made);
        run(tests)
    })
}

fn has_toolchain() -> bool {
    place::tools().join("rustc-web/usr/bin/rustc").is_file()
}
