//! `dotc fmt`

use crate::exit::{self, Exit};
use crate::output;
use clap::Args;
use dot_driver::{FormatOutcome, OsFiles, format_bytes, format_path, unified_diff};
use std::io::Read;
use std::path::{Path, PathBuf};

/// What to format, and whether to write it.
#[derive(Args)]
pub struct Fmt {
    /// A `.dot` file, the folder of a package or workspace, or `-` for standard input to standard output.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Writes nothing; ends with 1 where a file is not formatted.
    #[arg(long)]
    check: bool,
    /// Shows what would change, and writes nothing.
    #[arg(long)]
    diff: bool,
}

impl Fmt {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Exit> {
        if self.path == Path::new("-") {
            return self.stream();
        }
        let formatted = format_path(&OsFiles, &self.path).map_err(|error| {
            eprintln!("dotc: can't read `{}`: {error}", self.path.display());
            exit::NO_INPUT
        })?;
        let (mut worst, mut unformatted) = (exit::OK, false);
        for file in formatted {
            let outcome = match file.outcome {
                FormatOutcome::Same => continue,
                FormatOutcome::Changed(before, after) => {
                    unformatted = true;
                    self.changed(&file.path, &before, &after)
                }
                FormatOutcome::Wrong(report) => {
                    output::print_report(&report);
                    exit::DOES_NOT_COMPILE
                }
                FormatOutcome::Unreadable(error) => {
                    eprintln!("dotc: can't read `{}`: {error}", file.path.display());
                    exit::NO_INPUT
                }
            };
            worst = if outcome == exit::OK { worst } else { outcome };
        }
        Ok(if worst == exit::OK && unformatted && self.check { exit::NOT_FORMATTED } else { worst })
    }

    fn changed(&self, path: &Path, before: &str, after: &str) -> Exit {
        if self.diff {
            output::print(unified_diff(path, before, after).as_bytes());
        } else if self.check {
            eprintln!("not formatted: {}", path.display());
        } else if let Err(error) = output::write_file(path, after.as_bytes()) {
            eprintln!("dotc: can't write `{}`: {error}", path.display());
            return exit::NO_OUTPUT;
        } else {
            eprintln!("formatted {}", path.display());
        }
        exit::OK
    }

    /// Standard input to standard output.
    fn stream(&self) -> Result<Exit, Exit> {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map_err(|error| {
            eprintln!("dotc: can't read the standard input: {error}");
            exit::NO_INPUT
        })?;
        match format_bytes("-", &bytes) {
            FormatOutcome::Changed(before, after) => {
                if self.diff {
                    output::print(unified_diff(Path::new("-"), &before, &after).as_bytes());
                } else if !self.check {
                    output::print(after.as_bytes());
                }
                Ok(if self.check { exit::NOT_FORMATTED } else { exit::OK })
            }
            FormatOutcome::Wrong(report) => {
                output::print_report(&report);
                Err(exit::DOES_NOT_COMPILE)
            }
            FormatOutcome::Same | FormatOutcome::Unreadable(_) => {
                if !self.check && !self.diff {
                    output::print(&bytes);
                }
                Ok(exit::OK)
            }
        }
    }
}
