//! `dot test`.

use std::time::Instant;

use dot_host::{Dot, Failure, Program};

use crate::cli::Test;
use crate::compiler::{Compiler, Driver, TestCase};
use crate::load::{self, Kind, Stopped};
use crate::{exit, report};

/// Seconds that a test may take if nothing else is said: a test without end must not hold up the others.
const LONGEST: f64 = 60.0;

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
        report::rendered(&compiled.compiled.warnings);
    }
    let mut sandbox = test.options.sandbox.clone();
    sandbox.timeout = sandbox.timeout.or(Some(LONGEST));
    let engine = load::engine(&sandbox, false)?;
    let settings = load::settings(&sandbox)?;
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
        if case.is_property {
            failed += 1;
            let what = "not-yet: a test with parameters needs values, which nothing makes so far";
            report::result(&format!("test \"{}\" ... {what}", case.name));
            continue;
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::TestOptions;
    use crate::compiler::{Compiled, CompiledTests, Interpretation, Refused};
    use crate::support;
    use std::path::{Path, PathBuf};

    /// Always compiles the same two tests: the first passes, the second traps.
    struct TwoTests;

    impl Compiler for TwoTests {
        fn compile(&self, _: &Path, _: bool) -> Result<Compiled, Refused> {
            Err(Refused::default())
        }

        fn compile_tests(&self, _: &Path, _: bool) -> Result<CompiledTests, Refused> {
            let wit = "package local:t; world w { export good: func(); export bad: func(); }";
            let wat = r#"(module (func (export "good")) (func (export "bad") unreachable))"#;
            let component = support::component(wit, wat);
            let case = |name: &str, export: &str| TestCase {
                name: name.to_string(),
                interface: None,
                export: export.to_string(),
                is_property: false,
            };
            let compiled = Compiled { component, warnings: String::new() };
            Ok(CompiledTests { compiled, tests: vec![case("it is good", "good"), case("it is bad", "bad")] })
        }

        fn interpret(
            &self,
            _: &Path,
            _: &Interpretation<'_>,
        ) -> Result<Result<serde_json::Value, Failure>, Refused> {
            Err(Refused::default())
        }
    }

    fn run(filter: Option<&str>) -> Option<u8> {
        let options = TestOptions { filter: filter.map(str::to_string), ..TestOptions::default() };
        test_with(&TwoTests, &Test { options, path: PathBuf::from(env!("CARGO_MANIFEST_DIR")) }).ok()
    }

    #[test]
    fn a_failing_test_fails_the_run() {
        assert_eq!(run(None), Some(exit::ERR));
        assert_eq!(run(Some("is good")), Some(exit::OK));
        assert_eq!(run(Some("nothing like this")), Some(exit::OK));
    }
}
