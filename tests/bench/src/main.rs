//! `cargo xtask bench`: what the compiler makes, measured against peers in one run.
//!
//! Compiled code is measured against peers, and the compiler by what it takes for packages of growing size ([`compile`]).
//!
//! The peers are components of the same kernels made by other compilers, and the Rust ones compiled for this machine. See
//! [`kernel`] for how they are laid out, [`contest`] for how they are run, [`report`] for what is told.

mod build;
mod clock;
mod compile;
mod contest;
mod guest;
mod kernel;
mod native;
mod options;
mod report;

use crate::contest::Field;
use crate::kernel::Kernel;
use crate::options::{Options, What};
use crate::report::Row;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let options = match Options::read(&words) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("{why}\n\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    match &options.what {
        What::Kernels => kernels(options),
        What::Compile => compile::run(options),
        What::Package(lines, folder) => {
            let lines = compile::write_package(*lines, folder)?;
            println!("{}: {lines} lines", folder.display());
            Ok(())
        }
        What::Help => {
            println!("{}", options::USAGE);
            Ok(())
        }
    }
}

fn kernels(options: &Options) -> Result<(), String> {
    let table = options.peers.join("kernels.tsv");
    let text = std::fs::read_to_string(&table).map_err(|error| format!("{}: {error}", table.display()))?;
    let kernels = kernel::read_table(&text).map_err(|why| format!("{}: {why}", table.display()))?;
    let engine = guest::engine().map_err(|error| format!("{error:?}"))?;
    let field = Field {
        peers: &options.peers,
        scratch: std::env::temp_dir().join(format!("dot-bench-{}", std::process::id())),
        languages: &options.languages,
        engine: &engine,
    };
    let wanted = |kernel: &&Kernel| options.only.is_empty() || options.only.contains(&kernel.name);
    let rows: Result<Vec<Row>, String> =
        kernels.iter().filter(wanted).map(|kernel| row(&field, kernel, options)).collect();
    // What was built for this run is of no use to the next.
    let _ = std::fs::remove_dir_all(&field.scratch);
    let rows = rows?;
    if options.json {
        println!("{:#}", report::json(&rows));
    } else if options.runs > 0 {
        print!("{}", report::table(&rows));
    }
    Ok(())
}

fn row(field: &Field<'_>, kernel: &Kernel, options: &Options) -> Result<Row, String> {
    let in_kernel = |why: String| format!("{}: {why}", kernel.name);
    let mut contenders = field.contenders(kernel).map_err(in_kernel)?;
    let checksum = contest::agree(&mut contenders, kernel.check).map_err(in_kernel)?;
    if let Some(checksum) = checksum {
        let languages: Vec<&str> = contenders.iter().map(|c| c.language.as_str()).collect();
        eprintln!("{:15} n = {:<8} {checksum:016x} {}", kernel.name, kernel.check, languages.join(", "));
    }
    let figures = contest::rounds(&mut contenders, kernel.time, options.runs).map_err(in_kernel)?;
    Ok(Row { kernel: kernel.name.clone(), figures })
}
