//! `cargo xtask`: the project's own commands.
//!
//! Each command is a list of [`Step`](step::Step)s. A step prints its name when it starts and its
//! time when it ends, so that a log shows where the minutes went; a failing step does not keep the
//! next ones from running, since two failures told in one run are worth more than one.

mod clients;
mod deny;
mod foreign;
mod fuzz;
mod node;
mod place;
mod step;
mod suite;
mod tool;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  test               everything a change must pass (installs what that needs beyond Rust)
  test --full        and other runtimes, validators, real clients, the books, longer fuzzing
  test --nightly     and what takes hours
  fmt                formats the Rust sources
  lint               clippy on all targets, warnings are errors
  deny               licences, banned crates, sources; advisories where their database can be fetched
  conform            counts conformance cases by chapter, those marked `not-yet`, rules and seeded mutations
  conform --mutants [NAME…]
                     runs the suite on the compiler with one seeded mutation after another
  wit [--corpus DIR] [--keep DIR] [--wasm-tools FILE] [NAME…]
                     makes a package for each world of a folder, compiles it, and prints what became of it
  bench [OPTIONS]    compiled code against peers'; `bench --help` has the options
  docs               the API documentation, and the books where mdbook is installed";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test"] => suite::test(suite::Tier::Change),
        ["test", "--full"] => suite::test(suite::Tier::Full),
        ["test", "--nightly"] => suite::test(suite::Tier::Nightly),
        ["fmt"] => step::all(vec![suite::format()]),
        ["lint"] => step::all(vec![suite::lint()]),
        ["deny"] => step::all(deny::steps(deny::Wanted::Now)),
        ["conform", rest @ ..] => step::all(vec![suite::conform(rest)]),
        ["wit", rest @ ..] => step::all(vec![suite::wit(rest)]),
        ["bench", options @ ..] => step::all(suite::bench(options)),
        ["docs"] => step::all(suite::docs()),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
