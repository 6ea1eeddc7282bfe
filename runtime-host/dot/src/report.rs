//! What is told to a person, on the standard error; and results, on the standard output.

use std::io::Write;
use std::path::PathBuf;

use dot_host::{Failure, Frame, Missing, Trap};

use crate::source::excerpt;

/// Prints a result. A reader that has gone away is no error of ours.
pub fn result(text: &str) {
    let mut out = std::io::stdout().lock();
    let newline = if text.ends_with('\n') { "" } else { "\n" };
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.write_all(newline.as_bytes()));
    let _ = out.flush();
}

/// Prints an error.
pub fn error(message: &str) {
    raw(&format!("error: {message}"));
}

/// Prints a text that may have parts from a program.
pub fn raw(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", harmless(text));
}

/// The text without control characters: a program has no business with the terminal.
pub fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c }).collect()
}

/// Prints a text that our own renderer made, colours included.
pub fn rendered(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
}

/// Tells why a call gave no value. `roots` are the folders that source files may be found in.
pub fn failure(failure: &Failure, roots: &[PathBuf]) {
    match failure {
        Failure::Load(message) => error(message),
        Failure::Host(message) => error(&format!("the host failed: {message}")),
        Failure::Trap(trap) => raw(&describe_trap(trap, roots)),
        Failure::Resource(resource) => {
            let mut text = format!("resource: {}: {}", resource.kind.name(), resource.message);
            text.push_str(&backtrace(&resource.backtrace));
            raw(&text);
        }
        Failure::Missing(missing) => raw(&describe_missing(missing)),
        Failure::Arguments(problems) => problems.iter().for_each(|p| error(p)),
        // The guest said what it had to say.
        Failure::Exit(_) => {}
    }
}

fn describe_trap(trap: &Trap, roots: &[PathBuf]) -> String {
    let mut text = format!("trap: {}", trap.kind);
    if !trap.message.is_empty() {
        text.push_str(&format!(": {}", trap.message));
    }
    if let Some(span) = &trap.span {
        text.push_str(&format!("\n  --> {}:{}:{}", span.file, span.line, span.column));
        text.push_str(&excerpt(span, roots));
    }
    for (name, value) in &trap.values {
        text.push_str(&format!("\n  = {name} is {value}"));
    }
    text.push_str(&backtrace(&trap.backtrace));
    text
}

fn backtrace(frames: &[Frame]) -> String {
    let line = |(i, frame): (usize, &Frame)| format!("\n  {i:>2}: {frame}");
    let lines: String = frames.iter().enumerate().map(line).collect();
    if lines.is_empty() { lines } else { format!("\nbacktrace:{lines}") }
}

fn describe_missing(missing: &[Missing]) -> String {
    let mut text = "error: the program needs what it was not granted".to_string();
    for one in missing {
        text.push_str(&format!("\n  {one}"));
    }
    let mut flags: Vec<&str> = missing.iter().filter_map(|m| m.grant).collect();
    flags.sort_unstable();
    flags.dedup();
    if flags.len() > 1 {
        text.push_str(&format!("\nhelp: to grant all of it: `--allow {}`", flags.join(",")));
    }
    text
}
