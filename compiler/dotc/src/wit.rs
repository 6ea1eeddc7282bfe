//! `dotc wit`

use crate::exit::{self, Exit};
use crate::output;
use clap::Args;
use dot_driver::{BuildError, Emit, OsFiles, Profile, Session};
use std::path::PathBuf;

/// The interface of which package to print.
#[derive(Args)]
pub struct Wit {
    /// A `.dot` file, or a package's folder.
    path: PathBuf,
}

impl Wit {
    /// Runs the command.
    pub fn run(self) -> Exit {
        let session = match Session::open(&OsFiles, &self.path) {
            Ok(session) => session,
            Err(error) => {
                eprintln!("dotc: {error}");
                return exit::NO_INPUT;
            }
        };
        match session.build(Profile::Debug, Emit::Wit, false) {
            Ok(built) => {
                output::print_report(&built.warnings);
                output::print(&built.bytes);
                exit::OK
            }
            Err(BuildError::DoesNotCompile(report)) => {
                output::print_report(&report);
                exit::DOES_NOT_COMPILE
            }
            Err(BuildError::Defect(message)) => {
                eprintln!("dotc has a defect: {message}");
                exit::DEFECT
            }
        }
    }
}
