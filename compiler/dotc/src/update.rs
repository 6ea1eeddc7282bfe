//! `dotc update`

use crate::exit::{self, Exit};
use crate::package;
use clap::Args;
use dot_driver::{OsFiles, Session};
use std::path::PathBuf;

/// What to choose versions for.
#[derive(Args)]
pub struct Update {
    /// A package's folder.
    path: PathBuf,
}

impl Update {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Exit> {
        let session = Session::open_updated(&OsFiles, &self.path).map_err(|error| {
            eprintln!("dotc: {error}");
            exit::NO_INPUT
        })?;
        package::write_lock(&session)?;
        Ok(exit::OK)
    }
}
