//! Coverage-guided fuzzing: the targets of `tests/fuzz`, built with LLVM's counters and run for a bounded time.
//!
//! cargo-fuzz does the same with a nightly compiler and sanitizers; counters alone need neither, since they are a pass of
//! LLVM that the stable compiler can be asked for. Only what is built here has them, in a folder of its own.

use crate::place;
use crate::step::{Outcome, Step, run};
use std::process::Command;

/// Seconds for each target in the full tier.
pub const SHORT: u32 = 60;
/// Seconds for each target in the nightly tier.
pub const LONG: u32 = 3600;

/// The targets.
const TARGETS: &[&str] = &["check_bytes", "check_tokens", "build_mutated"];

/// Counters at every edge of control flow, and what libFuzzer needs to read them.
const COUNTERS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

/// Builds the targets and runs each for so many seconds.
pub fn steps(seconds: u32) -> Vec<Step> {
    let mut steps = vec![Step::command("fuzz targets", build())];
    for target in TARGETS {
        steps.push(Step::new(&format!("fuzz: {target}, {seconds} s"), move || fuzz(target, seconds)));
    }
    steps
}

fn folder() -> std::path::PathBuf {
    place::tools().join("fuzz")
}

fn host() -> Option<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = crate::tool::output(rustc, &["-vV"])?;
    version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

fn build() -> Command {
    let mut cargo = place::cargo(&["build", "--manifest-path", "tests/fuzz/Cargo.toml", "--bins", "--quiet"]);
    // With a target named, build scripts and macros, which run while building, are left without counters.
    if let Some(host) = host() {
        cargo.args(["--target", &host]);
    }
    cargo.arg("--target-dir").arg(folder()).env("RUSTFLAGS", COUNTERS);
    cargo
}

fn fuzz(target: &str, seconds: u32) -> Outcome {
    let Some(host) = host() else { return Outcome::Failed("rustc does not tell its host".to_owned()) };
    let corpus = folder().join("corpus").join(target);
    if let Err(error) = std::fs::create_dir_all(&corpus) {
        return Outcome::Failed(format!("{}: {error}", corpus.display()));
    }
    let mut command = Command::new(folder().join(host).join("debug").join(target));
    command.arg(&corpus).arg(format!("-max_total_time={seconds}"));
    // A single input may take long: programs are built and run. What takes a minute hangs.
    command.args(["-timeout=60", "-rss_limit_mb=4096", "-print_final_stats=1", "-verbosity=0"]);
    command.current_dir(folder());
    run(command)
}
