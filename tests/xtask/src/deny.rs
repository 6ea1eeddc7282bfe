//! `cargo deny`: licences, bans and sources always; advisories where they can be had.

use crate::place;
use crate::step::{Outcome, Step, run};
use crate::tool::{CARGO_DENY, Install, install, wait};
use std::cell::RefCell;
use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// How long the advisory database may take to arrive.
const PATIENCE: Duration = Duration::from_secs(90);

/// When the command has to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// At once: nothing else is being built.
    Now,
    /// After other steps, beside which it is built on one core.
    Later,
}

/// Starts the installation if need be, and gives the steps that use it.
pub fn steps(wanted: Wanted) -> Vec<Step> {
    let jobs = if wanted == Wanted::Now { "default" } else { "1" };
    let pending = Rc::new(RefCell::new(Some(install(&CARGO_DENY, jobs))));
    let tool = Rc::new(RefCell::new(None));
    let shared = Rc::clone(&tool);
    let check = Step::new("cargo deny: licences, bans, sources", move || {
        let install = pending.borrow_mut().take();
        match wait(install.unwrap_or_else(|| Install::Missing("already waited for".to_owned()))) {
            Ok(path) => {
                *shared.borrow_mut() = Some(path.clone());
                let mut command = deny(&path);
                command.args(["check", "licenses", "bans", "sources"]);
                run(command)
            }
            Err(why) => Outcome::Failed(why),
        }
    });
    let advisories = Step::new("cargo deny: advisories", move || match tool.borrow().as_deref() {
        Some(path) => check_advisories(path),
        None => Outcome::Skipped("cargo-deny is not there".to_owned()),
    });
    vec![check, advisories]
}

fn deny(path: &Path) -> Command {
    let mut command = Command::new(path);
    command.args(["--log-level", "warn"]).current_dir(place::root()).stdin(Stdio::null());
    command
}

/// Known advisories fail the step; a database that can't be fetched skips it.
fn check_advisories(path: &Path) -> Outcome {
    let mut fetch = deny(path);
    fetch.args(["fetch", "db"]).stdout(Stdio::null()).stderr(Stdio::null());
    if !ends_in_time(fetch, PATIENCE) {
        return Outcome::Skipped("the RustSec database can't be fetched from here".to_owned());
    }
    let mut command = deny(path);
    command.args(["check", "--disable-fetch", "advisories"]);
    run(command)
}

/// Whether a process succeeds before patience ends; after that it is ended.
fn ends_in_time(mut command: Command, patience: Duration) -> bool {
    let Ok(mut child) = command.spawn() else { return false };
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if started.elapsed() < patience => std::thread::sleep(Duration::from_millis(100)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}
