//! `dot test`.

use std::time::Instant;

use dot_host::{Dot, Failure, Program};

use crate::cli::Test;
use crate::compiler::{Compiler, Driver, TestCase};
use crate::load::{self, Kind, Stopped};
use crate::{exit, report};

/// Runs the command and gives the exit code.
pub fn test(test: &Test) -> u8 {
    test_with(&Driver, test).unwrap_or_else(Stopped::tell)
}

fn test_with(compiler: &dyn Compiler, test: &Test) -> Result<u8, Stopped> {
    if load::kind(&test.path)? != Kind::Source {
        let path = test.path.display();
        return Err(Stopped::usage(format!(
            "{path}: tests are in source: give a `.dot` file or a package's folder"
        )));
    }
    let compiled = compiler.compile_tests(&test.path, test.options.release)?;
    if !compiled.compiled.warnings.is_empty() {
        report::raw(compiled.compiled.warnings.trim_end());
    }
    let engine = load::engine(&test.options.sandbox)?;
    let settings = load::settings(&test.options.sandbox)?;
    let wanted = |t: &&TestCase| test.options.filter.as_ref().is_none_or(|f| t.name.contains(f.as_str()));
    let tests: Vec<&TestCase> = compiled.tests.iter().filter(wanted).collect();
    if tests.is_empty() {
        report::result("0 tests");
        return Ok(exit::OK);
    }
    let program = Program::from_bytes(&engine, compiled.compiled.component)?;
    let began = Instant::now();
    let mut failed = 0_usize;
    for case in &tests {
        let dot = function(&program, case)?;
        match program.call(dot, &[], &settings) {
            Ok(_) => report::result(&format!("test \"{}\" ... ok", case.name)),
            Err(failure) => {
                failed += 1;
                report::result(&format!("test \"{}\" ... {}", case.name, verdict(&failure)));
                report::failure(&failure, &load::source_roots(&test.path));
            }
        }
    }
    let passed = tests.len() - failed;
    report::result(&format!("{passed} passed, {failed} failed, in {:.2} s", began.elapsed().as_secs_f64()));
    Ok(if failed == 0 { exit::OK } else { exit::ERR })
}

fn function<'a>(program: &'a Program, case: &TestCase) -> Result<&'a Dot, Stopped> {
    let is_it = |d: &&Dot| d.name == case.export && d.interface == case.interface;
    program.dots().iter().find(is_it).ok_or_else(|| Stopped {
        message: format!("error: this is a bug in dot: the test \"{}\" was not exported", case.name),
        code: exit::BUG,
    })
}

fn verdict(failure: &Failure) -> &'static str {
    match failure {
        Failure::Trap(_) => "FAILED",
        Failure::Resource(_) => "STOPPED",
        Failure::Missing(_) => "DENIED",
        _ => "FAILED",
    }
}
