//! `dotc effects`

use crate::exit::{self, Exit};
use crate::{output, package};
use clap::{Args, ValueEnum};
use dot_driver::{effects_json, effects_text};
use std::path::PathBuf;

/// What to look at, and how to tell.
#[derive(Args)]
pub struct Effects {
    /// A `.dot` file, or a package's folder.
    path: PathBuf,
    /// How it is told.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Effects {
    /// Runs the command. A dot that doesn't say what it touches is told; what it touches is shown all the same.
    pub fn run(self) -> Result<Exit, Exit> {
        let session = package::open(&self.path)?;
        let report = session.check();
        output::print_report(&report);
        let effects = session.effects();
        // A program with errors costs nothing yet.
        let costs = if report.has_errors() { None } else { session.costs().ok() };
        match self.format {
            Format::Text => output::print(effects_text(&effects, costs.as_ref()).as_bytes()),
            Format::Json => output::print(format!("{}\n", effects_json(&effects, costs.as_ref())).as_bytes()),
        }
        Ok(if report.has_errors() { exit::DOES_NOT_COMPILE } else { exit::OK })
    }
}
