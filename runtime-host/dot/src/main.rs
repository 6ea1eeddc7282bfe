//! The `dot` command: make, run, test, format and inspect dots, whoever compiled them.

mod args;
mod cli;
mod compiler;
mod exit;
mod fmt;
mod help;
mod inspect;
mod load;
mod new;
mod pick;
mod report;
mod run;
mod source;
#[cfg(test)]
#[path = "../../host/tests/support/mod.rs"]
mod support;
mod test;

use std::process::ExitCode;

fn main() -> ExitCode {
    report_our_own_bugs();
    let code = match cli::parse(std::env::args_os()) {
        Ok(cli::Command::Run(run)) => run::run(&run),
        Ok(cli::Command::Test(test)) => test::test(&test),
        Ok(cli::Command::Inspect(inspect)) => inspect::inspect(&inspect),
        Ok(cli::Command::New(new)) => new::new(&new),
        Ok(cli::Command::Fmt(fmt)) => fmt::fmt(&fmt),
        Err(error) => {
            // Clap writes help and versions to the standard output and the rest to the standard error.
            let _ = error.print();
            if error.use_stderr() { exit::USAGE } else { exit::OK }
        }
    };
    ExitCode::from(code)
}

/// A panic is a bug of ours: it is told as such, in words, and ends the process with its own code.
fn report_our_own_bugs() {
    std::panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let what = payload
            .downcast_ref::<&str>()
            .map(|s| (*s).to_string())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "unknown".to_string());
        let place = info.location().map(|l| format!(" ({}:{})", l.file(), l.line())).unwrap_or_default();
        report::error(&format!("this is a bug in dot, not in your program: {what}{place}"));
        std::process::exit(exit::BUG.into());
    }));
}
