//! `dotc check`

use crate::exit::{self, Exit};
use crate::workspace::{Task, Workspace};
use crate::{output, package};
use clap::{Args, ValueEnum};
use dot_driver::Session;
use std::path::PathBuf;

/// What to check, and how to tell.
#[derive(Args)]
pub struct Check {
    /// A `.dot` file, or the folder of a package or workspace.
    path: PathBuf,
    /// How diagnostics are written: for a person to standard error, or as JSON to standard output.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Checks the workspace that the folder holds beside a package.
    #[arg(long)]
    workspace: bool,
    /// Refuses to change the lock file.
    #[arg(long)]
    locked: bool,
    /// Applies the fixes of what is told to the files, then tells what is left.
    #[arg(long)]
    fix: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Check {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Exit> {
        if let Some(workspace) = Workspace::open(&self.path, self.workspace, self.locked)? {
            if self.fix || self.format == Format::Json {
                eprintln!(
                    "dotc: a workspace is only checked: name one member for `--fix` and `--format json`"
                );
                return Err(exit::USAGE);
            }
            return Ok(workspace.run(Task::Check));
        }
        let mut session = package::open_with(&self.path, self.locked)?;
        if self.fix
            && let Err(error) = write_fixes(&mut session)
        {
            eprintln!("dotc: {error}");
            return Err(exit::NO_INPUT);
        }
        let report = session.check();
        match self.format {
            Format::Text => output::print_report(&report),
            Format::Json => output::print(report.json().as_bytes()),
        }
        Ok(if report.has_errors() { exit::DOES_NOT_COMPILE } else { exit::OK })
    }
}

/// Applies all fixes and writes the files that change.
fn write_fixes(session: &mut Session) -> std::io::Result<()> {
    for (path, text) in session.fix_all().files {
        std::fs::write(&path, text)?;
        eprintln!("fixed {path}");
    }
    Ok(())
}
