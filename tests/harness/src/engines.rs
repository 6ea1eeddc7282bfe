//! The engines that must agree: the evaluator, the MIR interpreter, and wasm in the host, plain and optimised.

use crate::case::{Call, Case, Told};
use crate::judge::{Engine, Outcome, Verdict, judge};
use crate::warm;
use dot_diagnostics::Diagnostic;
use dot_driver::{BuildError, CallError, Emit, Interpreter, Limits, OsFiles, Profile, Session, Target};
use dot_host::{EngineOptions, Failure, Program, Settings, Val, from_json, show, to_json};
use serde_json::{Map, Value as Json};
use std::path::Path;
use std::rc::Rc;
use std::sync::OnceLock;

/// The name of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The evaluator over typed HIR: what the language means.
    Eval,
    /// The interpreter of counted MIR, which finds leaks, double frees and uses after free.
    Mir,
    /// The component in the host, as it comes.
    Wasm,
    /// The component in the host, optimised.
    Release,
}

impl Which {
    /// All of them, the one that says what is right first.
    pub const ALL: [Which; 4] = [Which::Eval, Which::Mir, Which::Wasm, Which::Release];

    /// The name in messages and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Which::Eval => "eval",
            Which::Mir => "mir",
            Which::Wasm => "wasm",
            Which::Release => "release",
        }
    }
}

/// Opens a program.
///
/// # Errors
///
/// When its files can't be read, which is a mistake of the test.
pub fn open(path: &Path) -> Result<Rc<Session>, String> {
    Session::open(&OsFiles, path).map(Rc::new).map_err(|error| format!("{}: {error}", path.display()))
}

/// Everything in which a case does not hold on these engines.
pub fn complaints(case: &Case, wanted: &[Which]) -> Vec<String> {
    match warm::open(&OsFiles, &case.path) {
        Ok(session) => {
            let verdict = verdict(case, &session);
            judge(case, &verdict, || engines(&session, wanted))
        }
        Err(error) => vec![error.to_string()],
    }
}

/// What the compiler says about a case's program, building included: what the back end can't do yet is told there.
pub fn verdict(case: &Case, session: &Session) -> Verdict {
    let mut report = session.check();
    if !report.has_errors()
        && let Err(BuildError::DoesNotCompile(refused)) =
            session.build(Profile::Debug, Emit::Component, false)
    {
        report = refused;
    }
    let told = |diagnostic: &&Diagnostic<_>| {
        let span = diagnostic.primary.span;
        let position = report.sources().position(span.anchor, span.range.start);
        Told {
            file: file_below(case, report.sources().name(span.anchor)),
            line: position.line as usize,
            column: Some(position.column as usize),
            code: diagnostic.code.as_str().to_owned(),
        }
    };
    let (errors, lints): (Vec<_>, Vec<_>) = report.diagnostics().iter().partition(|d| d.is_error());
    let mut errors: Vec<Told> = errors.iter().map(told).collect();
    if !errors.is_empty() && session.build(Profile::Debug, Emit::Component, false).is_ok() {
        let code = "and it is built all the same".to_owned();
        errors.push(Told { file: String::new(), line: 0, column: None, code });
    }
    let wit = if errors.is_empty() { session.wit() } else { String::new() };
    Verdict { errors, lints: lints.iter().map(told).collect(), wit }
}

/// A shown path as a case names it: nothing for a lone file, the path below the package otherwise.
fn file_below(case: &Case, shown: &str) -> String {
    if case.path.is_file() {
        return String::new();
    }
    let below = Path::new(shown).strip_prefix(&case.path).unwrap_or(Path::new(shown));
    below.to_string_lossy().into_owned()
}

/// The engines of these names for a program that compiles.
pub fn engines(session: &Rc<Session>, wanted: &[Which]) -> Vec<Box<dyn Engine>> {
    let engine = |which: &Which| match which {
        Which::Eval | Which::Mir => interpreted(session, *which),
        Which::Wasm | Which::Release => {
            let loaded = Loaded::new(session, *which);
            Box::new(Compiled { session: Rc::clone(session), loaded })
        }
    };
    wanted.iter().map(engine).collect()
}

/// One of the interpreters.
pub fn interpreted(session: &Rc<Session>, which: Which) -> Box<dyn Engine> {
    Box::new(Interpreted { session: Rc::clone(session), which })
}

/// A component in the host.
pub fn compiled(loaded: &Loaded) -> Box<dyn Engine> {
    Box::new(loaded.clone())
}

/// A dot's WIT name. Names of dots are in snake case, so this is all there is to it.
fn wit_name(dot: &str) -> String {
    dot.trim_matches('_').replace('_', "-")
}

struct Interpreted {
    session: Rc<Session>,
    which: Which,
}

impl Interpreted {
    fn run(&self, target: &Target, args: &[Json]) -> Result<String, CallError> {
        let interpreter = if self.which == Which::Mir { Interpreter::Mir } else { Interpreter::Eval };
        Ok(self.session.interpret(interpreter, target, args, Limits::PROGRAM)?.printed)
    }
}

fn outcome(ended: Result<String, CallError>) -> Outcome {
    match ended {
        Ok(printed) => Outcome::Value(printed),
        Err(CallError::Failed(failed)) => Outcome::Trap(failed.kind.to_owned()),
        Err(CallError::Unknown) => Outcome::Fault("there is no such dot".to_owned()),
        Err(CallError::Arguments(why)) => Outcome::Fault(why),
        Err(CallError::Defect(why)) => Outcome::Fault(why),
    }
}

impl Engine for Interpreted {
    fn name(&self) -> &str {
        self.which.name()
    }

    fn call(&mut self, call: &Call) -> Outcome {
        outcome(self.run(&Target::Dot(None, wit_name(&call.dot)), &call.args))
    }

    fn tests(&mut self) -> Vec<(String, Outcome)> {
        run_tests(&self.session, Profile::Debug, &mut |_, index, dot, args| {
            let json = |(value, param): (&Val, &dot_host::Param)| to_json(value, &param.ty);
            let args: Vec<Json> = args.iter().zip(&dot.params).map(json).collect();
            // A test gives `()`, which is not interesting.
            outcome(self.run(&Target::Test(index), &args).map(|_| String::new()))
        })
    }
}

/// How many cases of a property are run.
const CASES: u32 = 40;

/// Runs a case of a test: in the component of all tests, or otherwise by its index.
type RunCase<'a> = &'a mut dyn FnMut(&Program, usize, &dot_host::Dot, &[Val]) -> Outcome;

/// Runs each test, a property for several cases: the first that fails is its outcome.
fn run_tests(session: &Session, profile: Profile, run: RunCase<'_>) -> Vec<(String, Outcome)> {
    let built = session.build_tests(profile).map_err(why_not);
    let loaded = built.and_then(|built| load(built.bytes));
    let program = match loaded {
        Ok(program) => program,
        Err(why) => return vec![("the tests".to_owned(), Outcome::Fault(why))],
    };
    let passed = Outcome::Value(String::new());
    let mut outcomes = Vec::new();
    for (index, entry) in session.tests().into_iter().enumerate() {
        let is_it = |dot: &&dot_host::Dot| {
            dot.name == entry.export && dot.interface.as_deref() == Some(entry.interface.as_str())
        };
        let outcome = match program.dots().iter().find(is_it) {
            None => Outcome::Fault("it is not exported".to_owned()),
            Some(dot) if dot.params.is_empty() => run(&program, index, dot, &[]),
            Some(dot) => {
                let mut cases = (0..CASES).map(|number| match dot_host::property::case(dot, 0, number) {
                    Some(args) => run(&program, index, dot, &args),
                    None => Outcome::Fault("no values were found for its parameters".to_owned()),
                });
                cases.find(|outcome| *outcome != passed).unwrap_or_else(|| passed.clone())
            }
        };
        outcomes.push((entry.name, outcome));
    }
    outcomes
}

fn why_not(error: BuildError) -> String {
    match error {
        BuildError::DoesNotCompile(report) => format!("{:?}", report.diagnostics()),
        BuildError::Refused(why) | BuildError::Defect(why) => why,
    }
}

fn load(bytes: Vec<u8>) -> Result<Program, String> {
    Program::from_bytes(host()?, bytes).map_err(|failure| failure.to_string())
}

/// A program may hold dots that touch the world beside those that are called; it starts only when it is granted what they
/// need.
fn settings() -> Settings {
    let mut settings = Settings::default();
    for grant in ["clock", "random", "env", "stdout"] {
        // A grant that doesn't exist would be told by the call.
        let _ = settings.grants.allow(grant);
    }
    settings
}

/// How a call of a component ended, without its value.
fn ended(failure: Failure) -> Outcome {
    match failure {
        Failure::Trap(trap) => Outcome::Trap(trap.kind),
        Failure::Resource(resource) => Outcome::Trap(resource.kind.name().to_owned()),
        other => Outcome::Fault(other.to_string()),
    }
}

/// A component, and another one of the program's tests, which are no part of it.
struct Compiled {
    session: Rc<Session>,
    loaded: Loaded,
}

impl Engine for Compiled {
    fn name(&self) -> &str {
        self.loaded.name()
    }

    fn call(&mut self, call: &Call) -> Outcome {
        self.loaded.call(call)
    }

    fn tests(&mut self) -> Vec<(String, Outcome)> {
        let profile = if self.loaded.which == Which::Release { Profile::Release } else { Profile::Debug };
        run_tests(&self.session, profile, &mut |program, _, dot, args| match program.call(
            dot,
            args,
            &Settings::default(),
        ) {
            Ok(_) => Outcome::Value(String::new()),
            Err(failure) => ended(failure),
        })
    }
}

/// A component that the host has compiled, or why it couldn't be built.
#[derive(Clone)]
pub struct Loaded {
    which: Which,
    program: Result<Rc<Program>, String>,
}

/// The host's compiler: one for all cases, since it starts a clock and a pool.
fn host() -> Result<&'static dot_host::Engine, String> {
    static HOST: OnceLock<Result<dot_host::Engine, String>> = OnceLock::new();
    let make = || dot_host::Engine::new(EngineOptions::QUICK).map_err(|failure| failure.to_string());
    HOST.get_or_init(make).as_ref().map_err(Clone::clone)
}

impl Loaded {
    /// Builds and loads a program.
    pub fn new(session: &Session, which: Which) -> Loaded {
        let profile = if which == Which::Release { Profile::Release } else { Profile::Debug };
        let built = session.build(profile, Emit::Component, false).map_err(why_not);
        Loaded { which, program: built.and_then(|built| load(built.bytes)).map(Rc::new) }
    }

    /// Arguments by name as arguments by position, the defaults that `dot-meta` carries filled in, as `dot run`
    /// does.
    ///
    /// # Errors
    ///
    /// When the program can't be built, there is no such dot, or a parameter has neither a value nor a default.
    pub fn positional(&self, dot: &str, named: &Map<String, Json>) -> Result<Call, String> {
        let program = self.program.as_ref().map_err(Clone::clone)?;
        let name = wit_name(dot);
        let found = program.dots().iter().find(|dot| dot.name == name).ok_or("there is no such dot")?;
        let known = |name: &String| found.params.iter().any(|param| param.dot == *name);
        if let Some(unknown) = named.keys().find(|name| !known(name)) {
            return Err(format!("`{dot}` has no parameter `{unknown}`"));
        }
        let value = |param: &dot_host::Param| {
            let value = named.get(&param.dot).or(param.default.as_ref()).cloned();
            value.ok_or_else(|| format!("`{dot}` needs `{}`", param.dot))
        };
        let args = found.params.iter().map(value).collect::<Result<_, _>>()?;
        Ok(Call { dot: dot.to_owned(), args })
    }

    fn run(&self, call: &Call) -> Result<Outcome, String> {
        let program = self.program.as_ref().map_err(Clone::clone)?;
        let name = wit_name(&call.dot);
        let dot = program.dots().iter().find(|dot| dot.name == name).ok_or("there is no such dot")?;
        let mut args = Vec::new();
        for (param, json) in dot.params.iter().zip(&call.args) {
            args.push(from_json(&param.name, json, &param.ty).map_err(|error| error.to_string())?);
        }
        Ok(match program.call(dot, &args, &settings()) {
            Ok(value) => {
                let shown = value.as_ref().zip(dot.result.as_ref()).map(|(value, ty)| show(value, ty));
                Outcome::Value(shown.unwrap_or_else(|| "()".to_owned()))
            }
            Err(failure) => ended(failure),
        })
    }
}

impl Engine for Loaded {
    fn name(&self) -> &str {
        self.which.name()
    }

    fn call(&mut self, call: &Call) -> Outcome {
        self.run(call).unwrap_or_else(Outcome::Fault)
    }

    /// Tests are no part of the component: `dot test` has a test of its own.
    fn tests(&mut self) -> Vec<(String, Outcome)> {
        vec![("in the component".to_owned(), Outcome::Value(String::new()))]
    }
}
