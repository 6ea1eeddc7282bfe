//! `dotc semver`

use crate::exit::{self, Exit};
use crate::output;
use clap::{Args, ValueEnum};
use dot_driver::{CompareError, OsFiles, compare};
use std::path::PathBuf;

/// Which versions to compare, and how to tell.
#[derive(Args)]
pub struct Semver {
    /// The old version: a `.dot` file, a package's folder, a `.wit` file or a folder of them, or a component.
    old: PathBuf,
    /// The new version, likewise.
    new: PathBuf,
    /// How it is told.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Semver {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Exit> {
        let comparison = compare(&OsFiles, &self.old, &self.new).map_err(|error| match error {
            CompareError::Open(error) => {
                output::tell(&error.to_string());
                exit::NO_INPUT
            }
            CompareError::DoesNotCompile(report) => {
                output::print_report(&report);
                exit::DOES_NOT_COMPILE
            }
            CompareError::Refused(reason) => {
                output::tell(&reason);
                exit::DOES_NOT_COMPILE
            }
            CompareError::Defect(what) => {
                eprintln!("dotc has a defect: {what}");
                exit::DEFECT
            }
        })?;
        match self.format {
            Format::Text => output::print(comparison.text().as_bytes()),
            Format::Json => output::print_json(&comparison.json()),
        }
        Ok(exit::OK)
    }
}
