//! `dotc wit`

use crate::exit::{self, Exit};
use crate::{output, package};
use clap::Args;
use dot_driver::{Emit, Profile};
use std::path::PathBuf;

/// The interface of which package to print.
#[derive(Args)]
pub struct Wit {
    /// A `.dot` file, or a package's folder.
    path: PathBuf,
}

impl Wit {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Exit> {
        let session = package::open(&self.path)?;
        let built = package::built(session.build(Profile::Debug, Emit::Wit, false))?;
        output::print(&built.bytes);
        Ok(exit::OK)
    }
}
