//! A step of a command: a name, something to do, and how it ended.

use std::process::Command;
use std::time::{Duration, Instant};

/// How a step ended.
pub enum Outcome {
    /// It did what it should.
    Passed,
    /// It can't be done here, for the reason given; this is no failure.
    Skipped(String),
    /// It found something wrong.
    Failed(String),
}

/// Something to do, with the name under which it is reported.
pub struct Step {
    name: String,
    action: Box<dyn FnOnce() -> Outcome>,
}

impl Step {
    /// A step that calls a function.
    pub fn new(name: &str, action: impl FnOnce() -> Outcome + 'static) -> Step {
        Step { name: name.to_owned(), action: Box::new(action) }
    }

    /// A step that runs a process, whose output goes where ours goes.
    pub fn command(name: &str, command: Command) -> Step {
        Step::new(name, move || run(command))
    }
}

/// Runs a process to its end; anything but success is a failure that quotes the command.
pub fn run(mut command: Command) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(format!("{} ended with {status}", shown(&command))),
        Err(error) => Outcome::Failed(format!("{} did not start: {error}", shown(&command))),
    }
}

/// A command as a person would type it.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Runs every step, then says how each went. True when none failed.
pub fn all(steps: Vec<Step>) -> bool {
    let begun = Instant::now();
    let mut report = Vec::new();
    let mut failed = 0;
    for step in steps {
        println!("\n== {}", step.name);
        let started = Instant::now();
        let outcome = (step.action)();
        let time = seconds(started.elapsed());
        let line = match outcome {
            Outcome::Passed => format!("passed   {time}  {}", step.name),
            Outcome::Skipped(why) => format!("skipped  {time}  {}: {why}", step.name),
            Outcome::Failed(why) => {
                failed += 1;
                format!("FAILED   {time}  {}: {why}", step.name)
            }
        };
        println!("== {line}");
        report.push(line);
    }
    println!("\n{}\n         {}  in all", report.join("\n"), seconds(begun.elapsed()));
    failed == 0
}

/// A duration for a column.
fn seconds(time: Duration) -> String {
    format!("{:>7.1} s", time.as_secs_f64())
}
