//! `dotc compose`

use crate::exit::{self, Exit};
use crate::output;
use clap::Args;
use dot_driver::{OsFiles, PlugError, plug};
use std::path::PathBuf;

/// What to put together, and into what.
#[derive(Args)]
pub struct Compose {
    /// The component that the others are put into.
    component: PathBuf,
    /// A component that exports what is imported; may be given several times.
    #[arg(long = "plug", value_name = "FILE", required = true)]
    plugs: Vec<PathBuf>,
    /// Where to write; `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Compose {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Exit> {
        let bytes = plug(&OsFiles, &self.component, &self.plugs).map_err(|error| {
            output::tell(&error.to_string());
            match error {
                PlugError::Open(_) => exit::NO_INPUT,
                PlugError::Refused(_) => exit::DOES_NOT_COMPILE,
            }
        })?;
        Ok(output::write(&self.output, &bytes))
    }
}
