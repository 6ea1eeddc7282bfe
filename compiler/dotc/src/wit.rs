//! `dotc wit`

use crate::exit::{self, Exit};
use crate::workspace::{Teller, Workspace};
use crate::{output, package};
use clap::{Args, ValueEnum};
use dot_driver::{BuildError, Emit, Profile};
use serde_json::{Value as Json, json};
use std::path::PathBuf;

/// The interface of which package to print.
#[derive(Args)]
pub struct Wit {
    /// A `.dot` file, or the folder of a package or workspace.
    path: PathBuf,
    /// Prints those of the workspace that the folder holds beside a package.
    #[arg(long)]
    workspace: bool,
    /// As WIT, or as JSON that holds it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Wit {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Exit> {
        if let Some(workspace) = Workspace::open(&self.path, self.workspace, false)? {
            return Ok(self.of_workspace(&workspace));
        }
        let session = package::open(&self.path)?;
        let built = package::built(session.build(Profile::Debug, Emit::Wit, false))?;
        match self.format {
            Format::Text => output::print(&built.bytes),
            Format::Json => {
                let package = session.package().name(session.db()).as_str();
                output::print_json(
                    &json!({ "package": package, "wit": String::from_utf8_lossy(&built.bytes) }),
                );
            }
        }
        Ok(exit::OK)
    }

    fn of_workspace(&self, workspace: &Workspace) -> Exit {
        let mut teller = Teller::new(workspace, false);
        let mut told: Vec<Json> = Vec::new();
        let results = workspace.each(|_, session| session.build(Profile::Debug, Emit::Wit, false));
        for (member, result) in workspace.members.iter().zip(results) {
            let built = match result {
                Ok(built) => built,
                Err(BuildError::DoesNotCompile(report)) => {
                    teller.report(member, report);
                    continue;
                }
                Err(BuildError::Refused(message)) => {
                    teller.failed(&message, exit::DOES_NOT_COMPILE);
                    continue;
                }
                Err(BuildError::Defect(message)) => {
                    teller.failed(&format!("there is a defect in dotc: {message}"), exit::DEFECT);
                    continue;
                }
            };
            teller.report(member, built.warnings);
            let wit = String::from_utf8_lossy(&built.bytes);
            if self.format == Format::Json {
                let folder = member.folder.display().to_string();
                told.push(json!({ "package": member.package, "folder": folder, "wit": wit }));
            } else {
                output::print(format!("// {}\n{wit}\n", member.heading()).as_bytes());
            }
        }
        if self.format == Format::Json {
            output::print_json(&json!({ "members": told }));
        }
        teller.worst
    }
}
