//! What `dot` asks of the compiler. The host library knows nothing of it; this is where the two meet.

use std::path::Path;

use dot_host::Failure;
use serde_json::Value as Json;

/// The compiler, as far as running and testing need it.
pub trait Compiler {
    /// Compiles a `.dot` file or a package's folder to a component.
    fn compile(&self, path: &Path, release: bool) -> Result<Compiled, Refused>;

    /// Compiles the tests of a file or package to a component that exports each as a function.
    fn compile_tests(&self, path: &Path, release: bool) -> Result<CompiledTests, Refused>;

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

/// A call on an interpreter.
#[derive(Clone, Debug)]
#[allow(dead_code, reason = "read by a driver that interprets")]
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
#[derive(Clone, Debug)]
pub struct Refused {
    /// The diagnostics, rendered for a terminal.
    pub rendered: String,
}

/// The compiler of this repository.
pub struct Driver;

impl Compiler for Driver {
    fn compile(&self, path: &Path, _release: bool) -> Result<Compiled, Refused> {
        Err(not_yet(path))
    }

    fn compile_tests(&self, path: &Path, _release: bool) -> Result<CompiledTests, Refused> {
        Err(not_yet(path))
    }

    fn interpret(&self, path: &Path, _call: &Interpretation<'_>) -> Result<Result<Json, Failure>, Refused> {
        Err(not_yet(path))
    }
}

fn not_yet(path: &Path) -> Refused {
    Refused {
        rendered: format!("error[not-yet]: {}: the compiler does not make components yet", path.display()),
    }
}
