//! `dot fmt`: what `dotc fmt` does.

use std::io::{Read, Write};
use std::path::Path;

use dot_driver::{FormatOutcome, OsFiles, format_bytes, format_path, unified_diff};

use crate::cli::Fmt;
use crate::{compiler, exit, report};

/// Runs the command and gives the exit code.
pub fn fmt(fmt: &Fmt) -> u8 {
    let files =
        if fmt.path == Path::new("-") { stream(fmt) } else { format_path(&OsFiles, &fmt.path).map(collect) };
    let files = match files {
        Ok(files) => files,
        Err(error) => {
            report::error(&format!("can't read `{}`: {error}", fmt.path.display()));
            return exit::DATA;
        }
    };
    let mut code = exit::OK;
    for (path, outcome) in files {
        match outcome {
            FormatOutcome::Same => {}
            FormatOutcome::Changed(before, after) => {
                if let Err(error) = changed(fmt, &path, &before, &after) {
                    report::error(&format!("can't write `{}`: {error}", path.display()));
                    code = exit::DATA;
                } else if fmt.check && code == exit::OK {
                    code = exit::ERR;
                }
            }
            FormatOutcome::Wrong(wrong) => {
                report::rendered(&compiler::render(&wrong));
                code = exit::DATA;
            }
            FormatOutcome::Unreadable(error) => {
                report::error(&format!("can't read `{}`: {error}", path.display()));
                code = exit::DATA;
            }
        }
    }
    code
}

type Outcomes = Vec<(std::path::PathBuf, FormatOutcome)>;

fn collect(files: Vec<dot_driver::Formatted>) -> Outcomes {
    files.into_iter().map(|file| (file.path, file.outcome)).collect()
}

/// Standard input. What is formatted already is printed as it came.
fn stream(fmt: &Fmt) -> std::io::Result<Outcomes> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    let outcome = format_bytes("-", &bytes);
    if matches!(outcome, FormatOutcome::Same) && !fmt.check && !fmt.diff {
        print(&bytes)?;
    }
    Ok(vec![(fmt.path.clone(), outcome)])
}

fn changed(fmt: &Fmt, path: &Path, before: &str, after: &str) -> std::io::Result<()> {
    let is_stream = path == Path::new("-");
    if fmt.diff {
        return print(unified_diff(path, before, after).as_bytes());
    }
    match (is_stream, fmt.check) {
        (true, true) => {}
        (true, false) => print(after.as_bytes())?,
        (false, true) => report::raw(&format!("not formatted: {}", path.display())),
        (false, false) => {
            std::fs::write(path, after)?;
            report::raw(&format!("formatted {}", path.display()));
        }
    }
    Ok(())
}

fn print(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    // A reader that has gone away is no error of ours.
    let _ = out.write_all(bytes).and_then(|()| out.flush());
    Ok(())
}
