//! From FILE to a program that is ready to be called.

use std::path::{Path, PathBuf};
use std::time::Duration;

use dot_host::{Engine, EngineOptions, Failure, Grants, Limits, Metering, Program, Settings};

use crate::cli::{RunOptions, SandboxOptions};
use crate::compiler::{Compiler, Refused};
use crate::{exit, report};

/// What FILE is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Dot source: a file or a package's folder.
    Source,
    /// A component.
    Component,
    /// Native code.
    Precompiled,
}

/// Why there is no program: what is told, and the code to end with.
#[derive(Debug)]
pub struct Stopped {
    /// The message, told already by whoever made it if empty.
    pub message: String,
    /// The exit code.
    pub code: u8,
}

impl Stopped {
    /// Tells it and gives the code.
    pub fn tell(self) -> u8 {
        report::rendered(&self.message);
        self.code
    }

    /// A file that is not what it should be.
    pub fn data(message: impl std::fmt::Display) -> Stopped {
        Stopped { message: report::harmless(&format!("error: {message}")), code: exit::DATA }
    }

    /// A wrong command line.
    pub fn usage(message: impl std::fmt::Display) -> Stopped {
        Stopped { message: report::harmless(&format!("error: {message}")), code: exit::USAGE }
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Stopped {
        let code = exit::of(&failure);
        Stopped { message: report::harmless(&format!("error: {failure}")), code }
    }
}

impl From<Refused> for Stopped {
    fn from(refused: Refused) -> Stopped {
        let code = if refused.is_defect { exit::BUG } else { exit::DATA };
        Stopped { message: refused.rendered, code }
    }
}

/// Tells what FILE is by what is there and by its name.
pub fn kind(path: &Path) -> Result<Kind, Stopped> {
    let metadata =
        std::fs::metadata(path).map_err(|e| Stopped::usage(format!("{}: {}", path.display(), plain(&e))))?;
    if metadata.is_dir() {
        return Ok(Kind::Source);
    }
    Ok(match path.extension().and_then(|e| e.to_str()) {
        Some("dot") => Kind::Source,
        Some("cwasm") => Kind::Precompiled,
        _ => Kind::Component,
    })
}

/// An error of the system without its number.
fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_string(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_string(),
        _ => error.to_string(),
    }
}

/// Loads FILE; source is compiled first.
pub fn program(
    compiler: &dyn Compiler,
    path: &Path,
    kind: Kind,
    options: &RunOptions,
) -> Result<Program, Stopped> {
    let engine = engine(&options.sandbox, options.values)?;
    Ok(match kind {
        Kind::Source => {
            let compiled = compiler.compile(path, options.release)?;
            if !compiled.warnings.is_empty() {
                report::rendered(&compiled.warnings);
            }
            Program::from_bytes(&engine, compiled.component).map_err(|failure| match failure {
                // What our compiler makes must load.
                Failure::Load(message) => {
                    Stopped { message: format!("error: this is a bug in dot: {message}"), code: exit::BUG }
                }
                other => Stopped::from(other),
            })?
        }
        Kind::Component => Program::from_file(&engine, path)?,
        Kind::Precompiled => Program::from_precompiled(&engine, path)?,
    })
}

/// An engine that meters what the options limit, and nothing else.
pub fn engine(sandbox: &SandboxOptions, read_values: bool) -> Result<Engine, Stopped> {
    let metering = match (sandbox.fuel, sandbox.timeout) {
        (Some(_), _) => Metering::Fuel,
        (None, Some(_)) => Metering::Time,
        (None, None) => Metering::None,
    };
    Ok(Engine::new(EngineOptions { metering, read_values, quick: false })?)
}

/// The limits and grants that the options ask for.
pub fn settings(sandbox: &SandboxOptions) -> Result<Settings, Stopped> {
    let mut grants = Grants::none();
    for allow in &sandbox.allow {
        grants.allow(allow).map_err(|e| Stopped::usage(format!("--allow: {e}")))?;
    }
    let timeout = match sandbox.timeout {
        Some(seconds) => Some(
            Duration::try_from_secs_f64(seconds).map_err(|e| Stopped::usage(format!("--timeout: {e}")))?,
        ),
        None => None,
    };
    let mut limits = Limits { timeout, fuel: sandbox.fuel, ..Limits::default() };
    if let Some(mib) = sandbox.memory {
        limits.memory = mib.saturating_mul(1 << 20);
    }
    Ok(Settings { limits, grants, args: Vec::new() })
}

/// The folders that a trap's file may be found in: what it is told relative to.
pub fn source_roots(path: &Path) -> Vec<PathBuf> {
    let folder = if path.is_dir() { Some(path) } else { path.parent() };
    let folder = folder.filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    vec![folder.to_path_buf(), PathBuf::from(".")]
}
