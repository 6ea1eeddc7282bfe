//! What is tested, in which tier.

use crate::place::{self, cargo};
use crate::step::{self, Outcome, Step};
use crate::tool::{self, MDBOOK, WASM_TOOLS, WASMTIME};
use crate::{clients, deny, foreign, fuzz, node};
use std::process::Command;

/// How much is tested. Each tier contains the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// What every change must pass: minutes.
    Change,
    /// What an issue must pass: other people's runtimes and validators, longer fuzzing.
    Full,
    /// Hours.
    Nightly,
}

impl Tier {
    /// The name that tests read from `DOT_TEST_TIER`.
    fn name(self) -> &'static str {
        match self {
            Tier::Change => "change",
            Tier::Full => "full",
            Tier::Nightly => "nightly",
        }
    }
}

/// Runs a tier. The cheapest checks come first; cargo-deny is built beside them if it is missing.
pub fn test(tier: Tier) -> bool {
    let mut denied = deny::steps(deny::Wanted::Later);
    let mut steps = vec![Step::command("cargo fmt", cargo(&["fmt", "--all", "--check"])), lint()];
    if tier >= Tier::Full {
        // Tests that need these commands look for them where they are installed here.
        steps.push(Step::new("wasm-tools, wasmtime, mdbook", || {
            for wanted in [&WASM_TOOLS, &WASMTIME, &MDBOOK] {
                if let Err(why) = tool::wait(tool::install(wanted, "default")) {
                    return Outcome::Failed(why);
                }
            }
            Outcome::Passed
        }));
    }
    steps.push(node::install());
    steps.push(Step::command("cargo test", workspace_tests(tier)));
    // With the tests of the whole workspace: chosen alone, they would want other features of what all share, and build
    // it again.
    let commands = ["build", "--quiet", "--locked", "--workspace", "--bins", "--tests"];
    steps.push(Step::command("commands", cargo(&commands)));
    steps.push(Step::new("dotc fmt", formatted));
    steps.push(node::step());
    steps.append(&mut denied);
    if tier >= Tier::Full {
        steps.push(foreign::step());
        steps.append(&mut clients::steps());
        steps.push(node::extension());
        steps.append(&mut docs());
        steps.append(&mut fuzz::steps(if tier == Tier::Full { fuzz::SHORT } else { fuzz::LONG }));
    }
    step::all(steps)
}

/// Every test of the workspace: units, the spec's form, conformance, programs, examples.
fn workspace_tests(tier: Tier) -> Command {
    let mut command = cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
    command.env("DOT_TEST_TIER", tier.name()).env("DOT_TOOLS", place::tools().join("bin"));
    command
}

/// Whether the programs that people read are formatted. (Cases of conformance show what is written in other ways.)
fn formatted() -> Outcome {
    let dotc = place::binaries().join(format!("dotc{}", std::env::consts::EXE_SUFFIX));
    for folder in ["examples", "tests/programs", "tests/bench"] {
        let mut command = Command::new(&dotc);
        command.args(["fmt", "--check"]).arg(place::root().join(folder));
        match step::run(command) {
            Outcome::Passed => {}
            outcome => return outcome,
        }
    }
    Outcome::Passed
}

/// Formats in place.
pub fn format() -> Step {
    Step::command("cargo fmt", cargo(&["fmt", "--all"]))
}

/// Clippy on everything.
pub fn lint() -> Step {
    let words = ["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "-D", "warnings"];
    Step::command("cargo clippy", cargo(&words))
}

/// The conformance suite's account of itself, or what else its command does.
pub fn conform(words: &[&str]) -> Step {
    let mut command =
        cargo(&["run", "--quiet", "--locked", "--package", "dot-tests", "--bin", "conform", "--"]);
    command.args(words);
    Step::command("conformance", command)
}

/// Worlds of other people.
pub fn wit(words: &[&str]) -> Step {
    let mut command = cargo(&["run", "--quiet", "--locked", "--package", "dot-tests", "--bin", "wit", "--"]);
    command.args(words);
    Step::command("worlds", command)
}

/// Measures the release build; `dotc` is built beside the harness, which runs it.
pub fn bench(options: &[&str]) -> Vec<Step> {
    let built = ["build", "--quiet", "--locked", "--release", "--package", "dotc", "--package", "dot-bench"];
    let run = ["run", "--quiet", "--locked", "--release", "--package", "dot-bench", "--"];
    vec![
        Step::command("dotc, dot-bench", cargo(&built)),
        Step::command("bench", cargo(&[&run, options].concat())),
    ]
}

/// The API documentation, then the books.
pub fn docs() -> Vec<Step> {
    // With private items: a module's page leads into its rooms.
    let words = ["doc", "--workspace", "--no-deps", "--document-private-items", "--locked", "--quiet"];
    let mut rustdoc = cargo(&words);
    // So a page may link to what is private, too.
    rustdoc.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links");
    let mut steps = vec![Step::command("cargo doc", rustdoc)];
    for book in ["spec", "docs"] {
        steps.push(Step::new(&format!("mdbook: {book}"), move || match tool::find("mdbook") {
            Some(mdbook) => {
                let mut command = Command::new(mdbook);
                command.arg("build").arg(place::root().join(book));
                step::run(command)
            }
            None => Outcome::Skipped("mdbook is not installed (cargo install mdbook)".to_owned()),
        }));
    }
    steps
}
