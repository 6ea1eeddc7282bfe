//! How reports reach a person.

use crate::exit::{self, Exit};
use dot_diagnostics::render::Colour;
use dot_driver::Report;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Prints a report to standard error, in colour on a terminal unless `NO_COLOR` is set.
pub fn print_report(report: &Report) {
    let coloured =
        std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let text = report.render(if coloured { Colour::Always } else { Colour::Never });
    // A closed pipe is the reader's decision.
    let _ = std::io::stderr().write_all(text.as_bytes());
    let (errors, warnings) = report.counts();
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let summary = match (errors, warnings) {
        (0, 0) => return,
        (0, n) => count(n, "warning"),
        (n, 0) => count(n, "error"),
        (e, w) => format!("{}, {}", count(e, "error"), count(w, "warning")),
    };
    let _ = writeln!(std::io::stderr(), "{summary}");
}

/// Tells why the command can't go on. What the message quotes of files may hold anything: what would steer a terminal is
/// shown as an escape.
pub fn tell(message: &str) {
    let is_harmless = |c: char| !c.is_control() || c == '\n';
    let shown: String = message
        .chars()
        .flat_map(|c| if is_harmless(c) { vec![c] } else { c.escape_default().collect::<Vec<char>>() })
        .collect();
    eprintln!("dotc: {shown}");
}

/// Writes JSON to standard output, on one line.
pub fn print_json(json: &serde_json::Value) {
    print(format!("{json}\n").as_bytes());
}

/// Writes to a file, or to standard output for `-`; what goes wrong has been told.
pub fn write(path: &Path, bytes: &[u8]) -> Exit {
    if path == Path::new("-") {
        print(bytes);
        return exit::OK;
    }
    match write_file(path, bytes) {
        Ok(()) => exit::OK,
        Err(error) => {
            tell(&format!("can't write `{}`: {error}", path.display()));
            exit::NO_OUTPUT
        }
    }
}

/// Writes to standard output.
pub fn print(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

/// Writes a file as a whole: whoever reads it, and a build that is killed or runs beside another one, never leaves half
/// of it. What is there and is no ordinary file (a device, a pipe, a link) is written to as it is.
///
/// # Errors
///
/// When the file, or the one beside it that takes its place, can't be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let is_ordinary = std::fs::symlink_metadata(path).map_or(true, |there| there.is_file());
    let Some(name) = path.file_name().filter(|_| is_ordinary) else { return std::fs::write(path, bytes) };
    let mut beside = name.to_owned();
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // The reason is told; what is left of the attempt is of no use.
        let _ = std::fs::remove_file(&beside);
    }
    written
}
