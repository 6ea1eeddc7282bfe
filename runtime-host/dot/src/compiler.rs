//! What `dot` asks of the compiler. The host library knows nothing of it; this is where the two meet.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use dot_diagnostics::render::Colour;
use dot_driver::{BuildError, CallError, Emit, OpenError, OsFiles, Profile, Report, Session, Target};
use dot_host::names::split_interface;
use dot_host::{Failure, Frame, Resource, ResourceKind, Trap};
use serde_json::Value as Json;

/// The compiler, as far as running and testing need it.
pub trait Compiler {
    /// Compiles a `.dot` file or a package's folder to a component.
    fn compile(&self, path: &Path, release: bool) -> Result<Compiled, Refused>;

    /// Compiles the tests of a file or package to a component that exports each as a function.
    fn compile_tests(&self, path: &Path, release: bool) -> Result<CompiledTests, Refused>;

    /// The members of the workspace at a path; none where there is a package or a lone file, unless `even_package` says
    /// that the workspace beside the package is meant.
    fn members(&self, _path: &Path, _even_package: bool) -> Result<Option<Vec<Member>>, Refused> {
        Ok(None)
    }

    /// Calls a dot on one of the interpreters, with arguments and result in JSON by their types.
    fn interpret(&self, path: &Path, call: &Interpretation<'_>) -> Result<Result<Json, Failure>, Refused>;
}

/// A program that compiled.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    /// The component.
    pub component: Vec<u8>,
    /// Warnings, rendered for a terminal.
    pub warnings: String,
}

/// Tests that compiled.
#[derive(Clone, Debug, Default)]
pub struct CompiledTests {
    /// The component.
    pub compiled: Compiled,
    /// The tests, in the order of the source.
    pub tests: Vec<TestCase>,
}

/// One test.
#[derive(Clone, Debug)]
pub struct TestCase {
    /// The name that its author gave it.
    pub name: String,
    /// The interface that exports its function; none at the world's level.
    pub interface: Option<String>,
    /// The function's name, as exported.
    pub export: String,
}

/// A member of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its package's name.
    pub package: String,
    /// Its folder, as it is shown.
    pub folder: PathBuf,
}

/// A call on an interpreter.
#[derive(Clone, Debug)]
pub struct Interpretation<'a> {
    /// Which interpreter.
    pub interpreter: Interpreter,
    /// The interface as the component exports it.
    pub interface: Option<&'a str>,
    /// The function's WIT name.
    pub name: &'a str,
    /// The arguments, in order.
    pub args: Vec<Json>,
}

/// The interpreters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpreter {
    /// Over the middle representation.
    Mir,
    /// Over the typed tree.
    Eval,
}

/// A program that does not compile.
#[derive(Clone, Debug, Default)]
pub struct Refused {
    /// The diagnostics, rendered for a terminal.
    pub rendered: String,
    /// Whether the compiler is at fault and not the program.
    pub is_defect: bool,
}

/// The compiler of this repository.
pub struct Driver;

impl Compiler for Driver {
    fn compile(&self, path: &Path, release: bool) -> Result<Compiled, Refused> {
        let profile = if release { Profile::Release } else { Profile::Debug };
        let built = open(path)?.build(profile, Emit::Component, false).map_err(refused)?;
        Ok(Compiled { component: built.bytes, warnings: render(&built.warnings) })
    }

    fn compile_tests(&self, path: &Path, release: bool) -> Result<CompiledTests, Refused> {
        let profile = if release { Profile::Release } else { Profile::Debug };
        let session = open(path)?;
        let built = session.build_tests(profile).map_err(refused)?;
        let tests = session.tests().into_iter().map(|test| TestCase {
            name: test.name,
            interface: Some(test.interface),
            export: test.export,
        });
        let compiled = Compiled { component: built.bytes, warnings: render(&built.warnings) };
        Ok(CompiledTests { compiled, tests: tests.collect() })
    }

    fn members(&self, path: &Path, even_package: bool) -> Result<Option<Vec<Member>>, Refused> {
        let folders = match dot_driver::workspace_members(&OsFiles, path, even_package) {
            Ok(Some(folders)) => folders,
            // What is no folder with a manifest is told by who compiles it.
            Ok(None) | Err(OpenError::NoManifest(_) | OpenError::Unreadable(..)) => return Ok(None),
            Err(error) => return Err(unopened(&error.to_string())),
        };
        let name = |folder: &PathBuf| {
            let text = std::fs::read_to_string(folder.join(dot_driver::MANIFEST)).unwrap_or_default();
            let package = dot_driver::Manifest::parse(&text).ok().and_then(|manifest| manifest.package);
            package.map(|package| package.name).unwrap_or_default()
        };
        Ok(Some(folders.into_iter().map(|folder| Member { package: name(&folder), folder }).collect()))
    }

    fn interpret(&self, path: &Path, call: &Interpretation<'_>) -> Result<Result<Json, Failure>, Refused> {
        let session = open(path)?;
        let interpreter = match call.interpreter {
            Interpreter::Mir => dot_driver::Interpreter::Mir,
            Interpreter::Eval => dot_driver::Interpreter::Eval,
        };
        let interface = call.interface.map(|name| split_interface(name).1.to_string());
        let target = Target::Dot(interface, call.name.to_string());
        match session.interpret(interpreter, &target, &call.args, dot_driver::Limits::PROGRAM) {
            Ok(returned) => Ok(Ok(returned.json.unwrap_or(Json::Null))),
            Err(CallError::Failed(failed)) => Ok(Err(failure(failed))),
            Err(CallError::Arguments(problem)) => Ok(Err(Failure::Arguments(vec![problem]))),
            Err(CallError::Unknown) => Err(defect(&format!("`{}` is unknown to the interpreter", call.name))),
            Err(CallError::Defect(what)) => Err(defect(&what)),
        }
    }
}

/// A package that can't be opened; what the message quotes of files may hold anything.
fn unopened(message: &str) -> Refused {
    Refused { rendered: crate::report::harmless(&format!("error: {message}")), is_defect: false }
}

fn open(path: &Path) -> Result<Session, Refused> {
    let session = Session::open(&OsFiles, path).map_err(|error| unopened(&error.to_string()))?;
    if let Some(change) = session.lock_change() {
        let unwritten = |error| unopened(&format!("can't write `{}`: {error}", change.path.display()));
        std::fs::write(&change.path, &change.text).map_err(unwritten)?;
    }
    Ok(session)
}

/// A report in colour where a person reads it, unless they asked for none.
pub fn render(report: &Report) -> String {
    let wants_none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colour = std::io::stderr().is_terminal() && !wants_none;
    report.render(if colour { Colour::Always } else { Colour::Never })
}

/// Why nothing was built.
fn refused(error: BuildError) -> Refused {
    match error {
        BuildError::DoesNotCompile(report) => Refused { rendered: render(&report), is_defect: false },
        BuildError::Refused(message) => Refused { rendered: format!("error: {message}"), is_defect: false },
        BuildError::Defect(what) => defect(&what),
    }
}

/// What the compiler could not do: a bug of ours.
fn defect(what: &str) -> Refused {
    Refused { rendered: format!("error: this is a bug in dot: {what}"), is_defect: true }
}

/// The end of an interpreted call, in the host's terms. Where it failed is where its innermost call stood.
fn failure(failed: dot_driver::Failed) -> Failure {
    let frame =
        |f: dot_driver::Frame| Frame { function: f.function, place: Some((f.file, f.line, f.column)) };
    let backtrace: Vec<Frame> = failed.trace.into_iter().map(frame).collect();
    match ResourceKind::from_name(failed.kind) {
        Some(kind) => Failure::Resource(Box::new(Resource { kind, message: failed.message, backtrace })),
        None => {
            let (kind, message) = (failed.kind.to_string(), failed.message);
            Failure::Trap(Box::new(Trap { kind, message, backtrace, ..Trap::default() }))
        }
    }
}
