//! Worlds of other people: for each, a package that uses all that it imports and exports all that it exports.
//!
//! The package is compiled, the component is validated with the features that the target has, and the component tools say
//! whether it is one of that world. Nothing here knows what the compiler makes of WIT but for the case of names.

mod corpus;
mod package;

pub use corpus::{Corpus, Source, World, corpus};
pub use package::{Package, package};

use dot_diagnostics::codes;
use dot_diagnostics::render::Colour;
use dot_driver::{BuildError, Emit, MemoryFiles, Profile, Session};
use std::path::Path;
use std::process::Command;
use wasmparser::{Validator, WasmFeatures};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{LiftLowerAbi, ManglingAndAbi};

/// What became of a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is a component, and it is one of the world.
    Passed,
    /// The target lacks these features, which the compiler said.
    Refused(Vec<String>),
    /// Nobody can say whether a component is one of the world: the component tools make none themselves, or take not even
    /// that for one.
    NoOracle(String),
    /// Anything else.
    Failed(String),
}

/// The features that every target has: those of the host, and no others.
fn features(extra: &[&str]) -> WasmFeatures {
    let mut features = WasmFeatures::WASM3 | WasmFeatures::COMPONENT_MODEL | WasmFeatures::CM_ASYNC;
    features.set(WasmFeatures::CM_MAP, extra.contains(&"maps"));
    features.set(WasmFeatures::CM_FIXED_LENGTH_LISTS, extra.contains(&"fixed-length-lists"));
    features
}

/// Compiles a package for a world, for a target with these features besides, and gives the component where it passed.
#[must_use]
pub fn judge(source: &Source, world: &World, extra: &[&str]) -> (Verdict, Vec<u8>) {
    let package = package(source, world, extra);
    let failed = |why: String| (Verdict::Failed(why), Vec::new());
    let session = match open(&package) {
        Ok(session) => session,
        Err(why) => return failed(why),
    };
    let errors: Vec<_> =
        session.check().diagnostics().iter().filter(|told| told.is_error()).cloned().collect();
    let is_refusal = |told: &&dot_diagnostics::Diagnostic<_>| told.code == codes::MISSING_FEATURE;
    if !errors.is_empty() && errors.iter().all(|told| is_refusal(&told)) {
        let mut refused: Vec<String> = errors.iter().map(|told| told.title.clone()).collect();
        refused.sort();
        refused.dedup();
        return (Verdict::Refused(refused), Vec::new());
    }
    let built = match session.build(Profile::Release, Emit::Component, false) {
        Ok(built) => built.bytes,
        Err(BuildError::DoesNotCompile(report)) => return failed(report.render(Colour::Never)),
        Err(BuildError::Refused(why) | BuildError::Defect(why)) if !tools_take_their_own(source, world) => {
            return (Verdict::NoOracle(why), Vec::new());
        }
        Err(BuildError::Refused(why) | BuildError::Defect(why)) => return failed(why),
    };
    if let Err(error) = Validator::new_with_features(features(extra)).validate_all(&built) {
        return failed(format!("it is not valid: {error}"));
    }
    match wit_component::targets(&source.resolve, world.id, &built, false) {
        Ok(()) => (Verdict::Passed, built),
        Err(error) if !tools_take_their_own(source, world) => {
            (Verdict::NoOracle(format!("{error:#}")), built)
        }
        Err(error) => failed(format!("it is not of the world: {error:#}")),
    }
}

/// Whether the component tools find that a component which they make for a world is one of it.
fn tools_take_their_own(source: &Source, world: &World) -> bool {
    let mangling = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
    let mut module = wit_component::dummy_module(&source.resolve, world.id, mangling);
    let embedded =
        embed_component_metadata(&mut module, &source.resolve, world.id, StringEncoding::UTF8, false);
    let encoded = embedded.and_then(|()| ComponentEncoder::default().module(&module)?.encode());
    encoded.is_ok_and(|own| wit_component::targets(&source.resolve, world.id, &own, false).is_ok())
}

/// What the command `wasm-tools` says against a component of a world: it validates it, and compares it with the world.
///
/// # Errors
///
/// With what it says, or why it can't be asked.
pub fn ask_wasm_tools(
    command: &Path,
    source: &Source,
    world: &World,
    component: &Path,
) -> Result<(), String> {
    let path = source.path.to_string_lossy().into_owned();
    let component = component.to_string_lossy().into_owned();
    // With a `%`, so that a keyword is a name.
    let name = world.name.replacen('/', "/%", 1);
    let asked: [&[&str]; 2] = [
        &["validate", "--features", "wasm3,component-model,cm-async", &component],
        &["component", "targets", "-w", &name, &path, &component],
    ];
    for words in asked {
        let output = Command::new(command).args(words).output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(format!(
                "{}: {}",
                words.join(" "),
                String::from_utf8_lossy(&output.stderr).trim_end()
            ));
        }
    }
    Ok(())
}

/// Opens the package, with what its exports lack written by the fixes that the compiler offers.
fn open(package: &Package) -> Result<Session, String> {
    let files = MemoryFiles::of_texts(package.files.iter().cloned());
    let mut session = Session::open(&files, Path::new("")).map_err(|error| error.to_string())?;
    session.fix_all();
    Ok(session)
}
