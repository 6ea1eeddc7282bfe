//! One edit of a large package, on a database that has seen it: how long until diagnostics, how long until the component.

use super::middle;
use crate::clock::time;
use dot_driver::{Emit, OsFiles, Profile, Session};
use serde_json::{Value as Json, json};
use std::path::Path;
use std::time::Duration;

/// What edits took.
pub struct Edits {
    check: Vec<Duration>,
    build: Vec<Duration>,
}

impl Edits {
    /// A table in Markdown.
    pub fn table(&self) -> String {
        let ms = |times: &[Duration]| middle(times) * 1e3;
        format!(
            "| one edit in a body | ms |\n|---|--:|\n| to diagnostics | {:.1} |\n| to the component | {:.1} |\n",
            ms(&self.check),
            ms(&self.build)
        )
    }

    /// The same as JSON, in seconds.
    pub fn json(&self) -> Json {
        json!({ "check_seconds": middle(&self.check), "build_seconds": middle(&self.build) })
    }
}

/// Edits a body in the first module, back and forth.
///
/// # Errors
///
/// When the package doesn't compile.
pub fn measure(folder: &Path, rounds: usize) -> Result<Edits, String> {
    let mut session = Session::open(&OsFiles, folder).map_err(|error| error.to_string())?;
    build(&session)?;
    let (file, text) = {
        let module = session.package().modules(session.db()).first().ok_or("the package has no module")?;
        (module.file, module.file.text(session.db()).to_string())
    };
    let edited = edited(&text).ok_or("the first module has no body with a statement")?;
    let mut edits = Edits { check: Vec::new(), build: Vec::new() };
    for round in 0..rounds.max(2) {
        session.set_text(file, if round % 2 == 0 { &edited } else { &text });
        let (report, took) = time(|| session.check());
        if report.has_errors() {
            return Err("the edited package has errors".to_owned());
        }
        edits.check.push(took.wall);
        edits.build.push(took.wall + time(|| build(&session)).1.wall);
    }
    Ok(edits)
}

fn build(session: &Session) -> Result<(), String> {
    session.build(Profile::Debug, Emit::Component, false).map(drop).map_err(|error| format!("{error:?}"))
}

/// The text with a statement more in its first body.
fn edited(text: &str) -> Option<String> {
    let at = text.find("{\n  let ").or_else(|| text.find("{\n  var "))? + 2;
    Some(format!("{}  let _ = 1 + 1\n{}", &text[..at], &text[at..]))
}
