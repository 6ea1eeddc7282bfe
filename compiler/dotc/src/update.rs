//! `dotc update`

use crate::exit::{self, Exit};
use crate::{output, package};
use clap::Args;
use dot_driver::{OpenError, OsFiles, Session};
use std::path::PathBuf;

/// What to choose versions for.
#[derive(Args)]
pub struct Update {
    /// A package's or workspace's folder.
    path: PathBuf,
}

impl Update {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Exit> {
        let told = |error: OpenError| {
            output::tell(&error.to_string());
            exit::NO_INPUT
        };
        // The members of a workspace are resolved together, whichever is opened.
        let members = dot_driver::workspace_members(&OsFiles, &self.path, false).map_err(told)?;
        let path = members.and_then(|members| members.into_iter().next()).unwrap_or(self.path);
        let session = Session::open_updated(&OsFiles, &path).map_err(told)?;
        package::write_lock(&session)?;
        Ok(exit::OK)
    }
}
