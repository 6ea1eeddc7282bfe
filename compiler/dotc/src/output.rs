//! How reports reach a person.

use dot_diagnostics::render::Colour;
use dot_driver::Report;
use std::io::{IsTerminal, Write};

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

/// Writes to standard output.
pub fn print(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}
