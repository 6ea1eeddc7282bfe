//! Running the suite once per mutation.

use super::{Mutation, SWITCH, tree};
use std::collections::VecDeque;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What became of a mutation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The suite noticed; the case or the limit that did.
    Killed(String),
    /// Everything holds with it.
    Survived,
}

/// Memory that a run may take. A mutation may well make a loop endless.
const MOST_MEMORY: u64 = 6 << 30;

/// Builds the mutated compiler and runs the suite on each of these, in their order; `tell` hears of each when it is done.
///
/// # Errors
///
/// When the list doesn't apply, a mutation doesn't compile, or the suite fails on the compiler as it is.
pub fn run(
    all: &[Mutation],
    wanted: &[Mutation],
    tell: &(dyn Fn(&Mutation, &Fate) + Sync),
) -> Result<Vec<(Mutation, Fate)>, String> {
    let command = tree::build(all)?;
    let began = Instant::now();
    if let Fate::Killed(by) = judge(&command, None, Duration::from_secs(3600)) {
        return Err(format!("the suite fails without any mutation: {by}"));
    }
    let patience = began.elapsed() * 4 + Duration::from_secs(20);
    let todo: Mutex<VecDeque<usize>> = Mutex::new((0..wanted.len()).collect());
    let fates: Mutex<Vec<Option<Fate>>> = Mutex::new(vec![None; wanted.len()]);
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(at) = todo.lock().ok().and_then(|mut todo| todo.pop_front()) {
                    let fate = judge(&command, Some(&wanted[at]), patience);
                    tell(&wanted[at], &fate);
                    if let Ok(mut fates) = fates.lock() {
                        fates[at] = Some(fate);
                    }
                }
            });
        }
    });
    let fates = fates.into_inner().map_err(|_| "a worker panicked".to_owned())?;
    let done = wanted.iter().cloned().zip(fates);
    Ok(done.map(|(mutation, fate)| (mutation, fate.unwrap_or(Fate::Survived))).collect())
}

/// Runs the suite to its first failure.
fn judge(command: &Path, mutation: Option<&Mutation>, patience: Duration) -> Fate {
    let mut suite = Command::new(command);
    suite.args(["--stop"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    match mutation {
        Some(mutation) => suite.env(SWITCH, &mutation.name),
        None => suite.env_remove(SWITCH),
    };
    // What only makes code is not asked by the interpreters.
    let makes_code =
        |m: &Mutation| ["codegen", "component"].iter().any(|r| m.file.contains(&format!("/{r}/")));
    if mutation.is_some_and(makes_code) {
        suite.arg("compiled");
    }
    let Ok(mut child) = suite.spawn() else { return Fate::Killed("the suite did not start".to_owned()) };
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Fate::Survived,
            Ok(Some(_)) => return Fate::Killed(first_line(&mut child)),
            Ok(None) if began.elapsed() > patience => return end(&mut child, "time"),
            Ok(None) if memory_of(&child) > MOST_MEMORY => return end(&mut child, "memory"),
            Ok(None) => std::thread::sleep(Duration::from_millis(50)),
            Err(error) => return Fate::Killed(error.to_string()),
        }
    }
}

fn end(child: &mut Child, limit: &str) -> Fate {
    let _ = child.kill();
    let _ = child.wait();
    Fate::Killed(format!("the limit of {limit}"))
}

/// What the suite said first: the case that failed. A run that panicked says nothing.
fn first_line(child: &mut Child) -> String {
    let mut text = String::new();
    if let Some(out) = child.stdout.as_mut() {
        let _ = std::io::Read::read_to_string(out, &mut text);
    }
    text.lines().next().filter(|line| !line.is_empty()).unwrap_or("a panic").to_owned()
}

/// The memory that a process has, where the system tells.
fn memory_of(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
