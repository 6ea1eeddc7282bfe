//! Fuzzing: what must hold for any text whatever.
//!
//! Each property is a function of bytes, so that a coverage-guided fuzzer (`tests/fuzz`, cargo-fuzz) and the bounded
//! share in `cargo test` run the same code. The bounded share makes its inputs from a seed: bytes, token soup, and
//! real programs with a few tokens changed. A failure names the seed.

use crate::warm::{self, Opened};
use dot_driver::{BuildError, CallError, Emit, Files, Interpreter, Limits, Profile, Target};
pub use dot_generate::Random;
use dot_host::{Engine, EngineOptions, Failure, Metering, Program, Settings};
use std::io;
use std::path::{Path, PathBuf};

mod inputs;

pub use inputs::{bytes, mutate, programs, soup, transplant};

/// One file in memory, at [`LoneFile::PATH`].
pub struct LoneFile<'a>(pub &'a [u8]);

impl LoneFile<'_> {
    /// Where the file seems to be.
    pub const PATH: &'static str = "fuzz.dot";
}

impl Files for LoneFile<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path == Path::new(Self::PATH) { Ok(self.0.to_vec()) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn list(&self, _: &Path, _: &str) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }

    fn folders(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn is_folder(&self, _: &Path) -> bool {
        false
    }
}

/// Any bytes are checked without a panic, and every place that a diagnostic names lies in the file.
///
/// # Panics
///
/// When the property does not hold.
pub fn check(bytes: &[u8]) {
    let session = open(bytes);
    let report = session.check();
    for diagnostic in report.diagnostics() {
        let text = report.sources().text(diagnostic.primary.span.anchor);
        assert!(
            diagnostic.primary.span.range.end as usize <= text.len(),
            "{diagnostic:?} is outside the file"
        );
    }
    let _ = report.render(dot_diagnostics::render::Colour::Never);
}

/// Whatever the text, an editor can point anywhere in it.
///
/// # Panics
///
/// When the property does not hold.
pub fn hover(random: &mut Random, bytes: &[u8]) {
    let session = open(bytes);
    let Some(file) = session.file(LoneFile::PATH) else { return };
    for _ in 0..8 {
        let offset = u32::try_from(random.below(bytes.len() + 1)).unwrap_or(0);
        let _ = dot_ide::hover(session.db(), file, offset);
    }
}

/// What is accepted is built, in both profiles, to a component that validates; what is refused is refused by `build` too.
///
/// # Panics
///
/// When the property does not hold.
pub fn build(bytes: &[u8]) {
    let session = open(bytes);
    let refused = session.check().has_errors();
    for profile in [Profile::Debug, Profile::Release] {
        match session.build(profile, Emit::Component, false) {
            Ok(_) => assert!(!refused, "built what check refuses"),
            Err(BuildError::DoesNotCompile(report)) => {
                // What only shows when all type arguments are known is told by `build` alone.
                assert!(report.has_errors(), "refused without an error");
            }
            Err(BuildError::Refused(message) | BuildError::Defect(message)) => panic!("a defect: {message}"),
        }
    }
}

/// How much an engine may do before its answer no longer counts: steps of an interpreter, instructions of wasm. A
/// changed program may well loop for ever.
const STEPS: u64 = 200_000;

/// The tests of what is accepted end alike on the evaluator, on the MIR interpreter and as wasm, plain and optimised. A limit
/// that one of them reaches says nothing.
///
/// # Panics
///
/// When the property does not hold.
pub fn agree(bytes: &[u8]) {
    let session = open(bytes);
    if session.check().has_errors() {
        return;
    }
    let tests = session.tests();
    let compiled: Vec<_> = [Profile::Debug, Profile::Release]
        .into_iter()
        .filter_map(|profile| session.build_tests(profile).ok())
        .map(|built| Compiled::new(built.bytes))
        .collect();
    for (index, test) in tests.iter().enumerate().filter(|(_, test)| !test.is_property) {
        let target = Target::Test(index);
        let interpreted = |interpreter| {
            let limits = Limits { fuel: STEPS, ..Limits::PROGRAM };
            match session.interpret(interpreter, &target, &[], limits) {
                Ok(_) => Some(None),
                Err(CallError::Failed(failed)) => (!failed.is_limit).then(|| Some(failed.kind.to_owned())),
                Err(CallError::Defect(what)) if what.contains("only a host") => None,
                Err(other) => panic!("{}: {other:?}", test.name),
            }
        };
        let Some(meant) = interpreted(Interpreter::Eval) else { continue };
        let others = std::iter::once(interpreted(Interpreter::Mir));
        for other in others.chain(compiled.iter().map(|compiled| compiled.run(&test.export))).flatten() {
            assert_eq!(other, meant, "the engines disagree on the test {}", test.name);
        }
    }
}

/// A test build in the host.
struct Compiled(Program);

impl Compiled {
    fn new(component: Vec<u8>) -> Self {
        let engine = Engine::new(EngineOptions { metering: Metering::Fuel, ..EngineOptions::QUICK });
        match engine.and_then(|engine| Program::from_bytes(&engine, component)) {
            Ok(program) => Self(program),
            Err(failure) => panic!("what was built can't be loaded: {failure}"),
        }
    }

    /// The kind of trap that a test ended with, none if it ended well; nothing when it reached a limit.
    fn run(&self, export: &str) -> Option<Option<String>> {
        let dot = self.0.dots().iter().find(|dot| dot.name == export)?;
        let limits = dot_host::Limits { fuel: Some(STEPS * 100), ..dot_host::Limits::default() };
        match self.0.call(dot, &[], &Settings { limits, ..Settings::default() }) {
            Ok(_) => Some(None),
            Err(Failure::Trap(trap)) => Some(Some(trap.kind)),
            Err(Failure::Resource(_) | Failure::Missing(_)) => None,
            Err(failure) => panic!("the host fails: {failure}"),
        }
    }
}

fn open(bytes: &[u8]) -> Opened {
    match warm::open(&LoneFile(bytes), Path::new(LoneFile::PATH)) {
        Ok(session) => session,
        Err(error) => panic!("a file in memory can be opened: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Random, agree, build, bytes, check, hover, mutate, programs, soup, transplant};

    /// Runs a property on every seed; a failure tells which one led to it.
    fn for_each_seed(property: impl Fn(&mut Random) + std::panic::RefUnwindSafe) {
        for seed in 0..crate::rounds(40, 1_000, 20_000) {
            let outcome = std::panic::catch_unwind(|| property(&mut Random(seed)));
            assert!(outcome.is_ok(), "seed {seed}");
        }
    }

    #[test]
    fn any_bytes_are_checked() {
        for_each_seed(|random| check(&bytes(random)));
    }

    #[test]
    fn any_soup_of_tokens_is_checked() {
        let programs = programs();
        for_each_seed(|random| check(soup(random, &programs).as_bytes()));
    }

    #[test]
    fn a_changed_program_is_checked_and_built_and_means_one_thing() {
        let programs = programs();
        for_each_seed(|random| {
            let Some(program) = random.pick(&programs).cloned() else { return };
            let changed = mutate(random, &program);
            check(changed.as_bytes());
            hover(random, changed.as_bytes());
            build(changed.as_bytes());
            agree(changed.as_bytes());
        });
    }

    #[test]
    fn a_program_with_other_expressions_is_checked_and_built_and_means_one_thing() {
        let programs = programs();
        for_each_seed(|random| {
            let Some(program) = random.pick(&programs).cloned() else { return };
            let changed = transplant(random, &program, &programs);
            check(changed.as_bytes());
            hover(random, changed.as_bytes());
            build(changed.as_bytes());
            agree(changed.as_bytes());
        });
    }
}
