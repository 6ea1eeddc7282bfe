//! `dotc check`

use crate::exit::{self, Exit};
use crate::workspace::{Teller, Workspace};
use crate::{output, package, watch};
use clap::{Args, ValueEnum};
use dot_driver::{OsFiles, Session};
use std::path::PathBuf;

/// After so many rounds the files of a workspace are taken as they are.
const MAX_ROUNDS: usize = 16;

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
    /// Checks again after each change, until it is ended.
    #[arg(long, conflicts_with = "fix")]
    watch: bool,
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
            if self.watch {
                output::tell("a workspace is not watched: name one member for `--watch`");
                return Err(exit::USAGE);
            }
            return self.check_workspace(&workspace);
        }
        let mut session = package::open_with(&self.path, self.locked)?;
        if self.fix {
            write_fixes(&mut session)?;
        }
        if self.watch {
            watch::watch(&mut session, |session| {
                self.tell(session);
            });
        }
        Ok(self.tell(&session))
    }

    /// Tells what is wrong with a package.
    fn tell(&self, session: &Session) -> Exit {
        let report = session.check_with_manifest();
        match self.format {
            Format::Text => output::print_report(&report),
            Format::Json => output::print(report.json().as_bytes()),
        }
        if report.has_errors() { exit::DOES_NOT_COMPILE } else { exit::OK }
    }

    fn check_workspace(&self, workspace: &Workspace) -> Result<Exit, Exit> {
        if self.fix {
            fix_workspace(workspace)?;
        }
        let mut teller = Teller::new(workspace, self.format == Format::Json);
        let reports = workspace.each(|_, session| session.check_with_manifest());
        for (member, report) in workspace.members.iter().zip(reports) {
            teller.report(member, report);
        }
        Ok(teller.worst)
    }
}

/// Applies the fixes of each member to its files. What is mended in one can show what is wrong in another.
fn fix_workspace(workspace: &Workspace) -> Result<(), Exit> {
    for _ in 0..MAX_ROUNDS {
        let mut has_changed = false;
        for member in &workspace.members {
            let mut session = member.session();
            session.refresh(&OsFiles).map_err(|error| {
                output::tell(&error.to_string());
                exit::NO_INPUT
            })?;
            has_changed |= write_fixes(&mut session)?;
        }
        if !has_changed {
            break;
        }
    }
    Ok(())
}

/// Applies all fixes and writes the files that change; gives whether there are any.
fn write_fixes(session: &mut Session) -> Result<bool, Exit> {
    let files = session.fix_all().files;
    for (path, text) in &files {
        output::write_file(path.as_ref(), text.as_bytes()).map_err(|error| {
            output::tell(&format!("can't write `{path}`: {error}"));
            exit::NO_OUTPUT
        })?;
        eprintln!("fixed {path}");
    }
    Ok(!files.is_empty())
}
