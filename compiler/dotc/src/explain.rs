//! `dotc explain`

use crate::exit::{self, Exit};
use crate::output;
use clap::Args;

/// What to explain.
#[derive(Args)]
pub struct Explain {
    /// The code in the brackets of a message, such as `unknown-name`. Without one, all codes are listed.
    code: Option<String>,
}

impl Explain {
    /// Runs the command.
    pub fn run(self) -> Exit {
        let Some(code) = self.code else {
            let width = dot_diagnostics::ALL_CODES.iter().map(|e| e.code.as_str().len()).max().unwrap_or(0);
            for entry in dot_diagnostics::ALL_CODES {
                output::print(format!("{:width$}  {}\n", entry.code.as_str(), entry.summary).as_bytes());
            }
            return exit::OK;
        };
        if let Some(page) = dot_diagnostics::explain(&code) {
            output::print(page.as_bytes());
            exit::OK
        } else {
            eprintln!("dotc: there is no code `{code}`; `dotc explain` lists all of them");
            exit::USAGE
        }
    }
}
