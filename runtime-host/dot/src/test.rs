//! `dot test`.

mod difference;
mod outcome;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use dot_host::{Dot, Failure, Param, Program, Settings, Val, literal, property};

use crate::cli::{Output, Test, TestOptions};
use crate::compiler::{Compiler, Driver, Member, TestCase};
use crate::load::{self, Kind, Stopped};
use crate::{exit, report};
use outcome::{Failed, Outcome, Suite};

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
            "{path}: tests are in source: give a `.dot` file, or the folder of a package or workspace"
        )));
    }
    let Some(members) = compiler.members(&test.path, test.options.workspace)? else {
        let suite = run_suite(compiler, &test.path, &test.options)?;
        let (json, seed) = (test.options.output == Some(Output::Json), test.options.seed);
        match (json, suite.outcomes.is_empty()) {
            (true, _) => report::result(&outcome::json(&suite, seed).to_string()),
            (false, true) => report::result("0 tests"),
            (false, false) => report::result(&outcome::summary(&suite.outcomes, suite.took)),
        }
        let code = if suite.has_passed() { exit::OK } else { exit::ERR };
        write_junit(&test.options, &[suite])?;
        return Ok(code);
    };
    test_members(compiler, &members, &test.options)
}

/// Tests each member of a workspace, whatever becomes of the others.
fn test_members(compiler: &dyn Compiler, members: &[Member], options: &TestOptions) -> Result<u8, Stopped> {
    let is_json = options.output == Some(Output::Json);
    let (mut suites, mut told, mut code) = (Vec::new(), Vec::new(), exit::OK);
    for member in members {
        let folder = member.folder.display().to_string();
        if !is_json {
            report::result(&report::harmless(&format!("{} ({folder})", member.package)));
        }
        let mut json = match run_suite(compiler, &member.folder, options) {
            Ok(suite) => {
                code = if suite.has_passed() || code != exit::OK { code } else { exit::ERR };
                let json = outcome::json(&suite, options.seed);
                suites.push(suite);
                json
            }
            Err(stopped) => {
                // What doesn't compile weighs more than a test that failed.
                let message = stopped.message.clone();
                code = stopped.tell();
                serde_json::json!({ "error": message })
            }
        };
        json["package"] = serde_json::json!(member.package);
        json["folder"] = serde_json::json!(folder);
        told.push(json);
    }
    if is_json {
        report::result(&outcome::json_of_members(&suites, told).to_string());
    } else {
        let took = suites.iter().map(|suite| suite.took).sum();
        let outcomes: Vec<&Outcome> = suites.iter().flat_map(|suite| &suite.outcomes).collect();
        report::result(&outcome::summary(&outcomes, took));
    }
    write_junit(options, &suites)?;
    Ok(code)
}

fn write_junit(options: &TestOptions, suites: &[Suite]) -> Result<(), Stopped> {
    let Some(file) = &options.junit else { return Ok(()) };
    let xml = outcome::junit(suites, options.seed);
    std::fs::write(file, xml).map_err(|e| Stopped::usage(format!("{}: {e}", file.display())))
}

/// Runs the tests of a file or package, and tells each, unless all are told as JSON.
fn run_suite(compiler: &dyn Compiler, path: &Path, options: &TestOptions) -> Result<Suite, Stopped> {
    let compiled = compiler.compile_tests(path, options.release)?;
    if !compiled.compiled.warnings.is_empty() {
        report::rendered(&compiled.compiled.warnings);
    }
    let mut sandbox = options.sandbox.clone();
    sandbox.timeout = sandbox.timeout.or(Some(LONGEST));
    let engine = load::engine(&sandbox, false)?;
    let settings = load::settings(&sandbox)?;
    let wanted = |t: &&TestCase| options.filter.as_ref().is_none_or(|f| t.name.contains(f.as_str()));
    let tests: Vec<&TestCase> = compiled.tests.iter().filter(wanted).collect();
    let name = path.display().to_string();
    if tests.is_empty() {
        return Ok(Suite { name, outcomes: Vec::new(), took: Duration::ZERO });
    }
    let program = Program::from_bytes(&engine, compiled.compiled.component)?;
    let dots = tests.iter().map(|case| function(&program, case)).collect::<Result<Vec<&Dot>, Stopped>>()?;
    let runner = Runner { program: &program, settings: &settings, options };
    let began = Instant::now();
    let roots = load::source_roots(path);
    let told = |outcome: &Outcome| {
        if options.output == Some(Output::Json) {
            return;
        }
        report::result(&report::harmless(&outcome.line()));
        if let Some(failed) = &outcome.failed {
            report::failure(&failed.failure, &roots);
            outcome.notes(options.seed).iter().for_each(|note| report::raw(&format!("  = {note}")));
        }
    };
    let outcomes = runner.all(&tests, &dots, &told);
    Ok(Suite { name, outcomes, took: began.elapsed() })
}

/// Runs tests, several at once, each in instances of its own.
struct Runner<'a> {
    program: &'a Program,
    settings: &'a Settings,
    options: &'a TestOptions,
}

impl Runner<'_> {
    /// Runs all of them; each is told in the order of the source as soon as those before it are.
    fn all(&self, cases: &[&TestCase], dots: &[&Dot], told: &dyn Fn(&Outcome)) -> Vec<Outcome> {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let jobs = self.options.jobs.unwrap_or_else(cores).clamp(1, cases.len().max(1));
        let next = AtomicUsize::new(0);
        let (sender, receiver) = mpsc::channel();
        let mut done: Vec<Option<Outcome>> = cases.iter().map(|_| None).collect();
        std::thread::scope(|scope| {
            for _ in 0..jobs {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let (Some(case), Some(dot)) = (cases.get(at), dots.get(at)) else { return };
                        if sender.send((at, self.one(&case.name, dot))).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            let mut shown = 0;
            for (at, outcome) in receiver {
                done[at] = Some(outcome);
                while let Some(Some(outcome)) = done.get(shown) {
                    told(outcome);
                    shown += 1;
                }
            }
        });
        done.into_iter().flatten().collect()
    }

    fn one(&self, name: &str, dot: &Dot) -> Outcome {
        let began = Instant::now();
        let (cases, failed) = if dot.params.is_empty() {
            let failed = self.program.call(dot, &[], self.settings).err();
            (1, failed.map(|failure| Failed { failure, given: Vec::new() }))
        } else {
            self.property(dot)
        };
        Outcome { name: name.to_string(), took: began.elapsed(), cases, failed }
    }

    /// Runs a property for as many cases as are wanted, or until one fails, which is made smaller.
    fn property(&self, dot: &Dot) -> (u32, Option<Failed>) {
        for number in 0..self.options.cases {
            let Some(args) = property::case(dot, self.options.seed, number) else {
                let problem = "no values were found that its parameters admit".to_string();
                return (
                    number,
                    Some(Failed { failure: Failure::Arguments(vec![problem]), given: Vec::new() }),
                );
            };
            let Err(mut failure) = self.program.call(dot, &args, self.settings) else { continue };
            let mut fails = |args: &[Val]| match self.program.call(dot, args, self.settings) {
                Err(other) if is_alike(&failure, &other) => {
                    failure = other;
                    true
                }
                _ => false,
            };
            let args = property::minimise(dot, args, &mut fails);
            let shown = |(param, value): (&Param, &Val)| (param.dot.clone(), literal(value, &param.ty));
            let given = dot.params.iter().zip(&args).map(shown).collect();
            return (number + 1, Some(Failed { failure, given }));
        }
        (self.options.cases, None)
    }
}

/// Whether two calls failed in the same way, so that one stands for the other.
fn is_alike(one: &Failure, other: &Failure) -> bool {
    match (one, other) {
        (Failure::Trap(one), Failure::Trap(other)) => one.kind == other.kind && one.span == other.span,
        (Failure::Resource(one), Failure::Resource(other)) => one.kind == other.kind,
        _ => false,
    }
}

fn function<'a>(program: &'a Program, case: &TestCase) -> Result<&'a Dot, Stopped> {
    let is_it = |d: &&Dot| d.name == case.export && d.interface == case.interface;
    program.dots().iter().find(is_it).ok_or_else(|| Stopped {
        message: format!("error: this is a bug in dot: the test \"{}\" was not exported", case.name),
        code: exit::BUG,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::{Compiled, CompiledTests, Interpretation, Refused};
    use crate::support;
    use std::path::PathBuf;

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
