//! The dotc command: builds, checks, composes, formats, shows interfaces, effects and changes, and explains.
//!
//! It only reads arguments, asks `dot-driver`, and prints. Exit codes: 0; 1 when `fmt --check` finds files that are not
//! formatted; 2 for wrong usage; 65 when the program
//! does not compile; 66 when an input can't be read; 70 for a defect of the compiler; 74 when an output can't be
//! written.

mod build;
mod check;
mod compose;
mod effects;
mod exit;
mod explain;
mod fmt;
mod output;
mod package;
mod semver;
mod stamp;
mod update;
mod watch;
mod wit;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// The compiler of Dot.
#[derive(Parser)]
#[command(name = "dotc", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compiles a `.dot` file or a package's folder into a WebAssembly component.
    Build(build::Build),
    /// Tells what is wrong, and writes nothing.
    Check(check::Check),
    /// Tells what each dot may touch, and through which calls.
    Effects(effects::Effects),
    /// Prints the package's interface as WIT, with what it imports.
    Wit(wit::Wit),
    /// Puts components into another one, in the place of what it imports.
    Compose(compose::Compose),
    /// Tells which step of its version a package's changes need.
    Semver(semver::Semver),
    /// Chooses the versions of dependencies anew, and writes the lock file.
    Update(update::Update),
    /// Formats source files in place.
    Fmt(fmt::Fmt),
    /// Explains an error code, with examples.
    Explain(explain::Explain),
}

fn main() -> ExitCode {
    exit::report_defects();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Printing to a closed pipe is the reader's decision.
            let _ = error.print();
            return if error.use_stderr() { exit::USAGE.into() } else { ExitCode::SUCCESS };
        }
    };
    let ended = match arguments.command {
        Command::Build(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Effects(command) => command.run(),
        Command::Wit(command) => command.run(),
        Command::Compose(command) => command.run(),
        Command::Semver(command) => command.run(),
        Command::Update(command) => command.run(),
        Command::Fmt(command) => command.run(),
        Command::Explain(command) => Ok(command.run()),
    };
    // Either way it has been told what there is to tell.
    ended.unwrap_or_else(|failed| failed).into()
}
