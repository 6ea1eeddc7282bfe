//! `dotc effects`

use crate::exit::{self, Exit};
use crate::workspace::{Teller, Workspace};
use crate::{output, package};
use clap::{Args, ValueEnum};
use dot_driver::{Costs, EffectsReport, Report, Session, effects_json, effects_text};
use serde_json::{Value as Json, json};
use std::path::PathBuf;

/// What to look at, and how to tell.
#[derive(Args)]
pub struct Effects {
    /// A `.dot` file, or the folder of a package or workspace.
    path: PathBuf,
    /// Looks at the workspace that the folder holds beside a package.
    #[arg(long)]
    workspace: bool,
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
        if let Some(workspace) = Workspace::open(&self.path, self.workspace, false)? {
            return Ok(self.of_workspace(&workspace));
        }
        let (report, effects, costs) = look(&package::open(&self.path)?);
        output::print_report(&report);
        match self.format {
            Format::Text => output::print(effects_text(&effects, costs.as_ref()).as_bytes()),
            Format::Json => output::print_json(&effects_json(&effects, costs.as_ref())),
        }
        Ok(if report.has_errors() { exit::DOES_NOT_COMPILE } else { exit::OK })
    }

    fn of_workspace(&self, workspace: &Workspace) -> Exit {
        let mut teller = Teller::new(workspace, false);
        let mut told: Vec<Json> = Vec::new();
        let looks = workspace.each(|_, session| look(session));
        for (at, (member, (report, effects, costs))) in workspace.members.iter().zip(looks).enumerate() {
            teller.report(member, report);
            if self.format == Format::Json {
                let mut json = effects_json(&effects, costs.as_ref());
                json["package"] = json!(member.package);
                json["folder"] = json!(member.folder.display().to_string());
                told.push(json);
            } else {
                let gap = if at == 0 { "" } else { "\n" };
                let text = effects_text(&effects, costs.as_ref());
                output::print(format!("{gap}{}\n{text}", member.heading()).as_bytes());
            }
        }
        if self.format == Format::Json {
            output::print_json(&json!({ "members": told }));
        }
        teller.worst
    }
}

/// What is wrong with a package, what its dots touch, and what its parts cost.
fn look(session: &Session) -> (Report, EffectsReport, Option<Costs>) {
    let report = session.check();
    // A program with errors, or without dots, costs nothing.
    let costs = if report.has_errors() || !session.has_dots() { None } else { session.costs().ok() };
    (report, session.effects(), costs)
}
