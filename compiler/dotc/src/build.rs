//! `dotc build`

use crate::exit::{self, Exit};
use crate::workspace::{Task, Workspace};
use crate::{output, package};
use clap::{Args, ValueEnum};
use dot_driver::Emit;
use std::path::{Path, PathBuf};

/// What to build, and into what.
#[derive(Args)]
pub struct Build {
    /// A `.dot` file, or the folder of a package or workspace.
    path: PathBuf,
    /// Where to write; for a workspace a folder, `build` by default. A component goes to `NAME.wasm` in the current folder by default; text goes to standard
    /// output. `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Optimises: the profile `release`.
    #[arg(long, conflicts_with = "profile")]
    release: bool,
    /// How it is built: `debug`, `release`, or a profile of the manifest.
    #[arg(long, value_name = "NAME", default_value = "debug", hide_default_value = true)]
    profile: String,
    /// Leaves out names, metadata, trap tables and line tables.
    #[arg(long)]
    strip: bool,
    /// Builds the workspace that the folder holds beside a package.
    #[arg(long)]
    workspace: bool,
    /// Refuses to change the lock file.
    #[arg(long)]
    locked: bool,
    /// What to write.
    #[arg(long, value_enum, default_value_t = Kind::Component, value_name = "KIND")]
    emit: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// The component.
    Component,
    /// The core module inside it.
    Core,
    /// The component in the text format.
    Wat,
    /// The package's interface.
    Wit,
    /// The middle representation, with its counts.
    Mir,
    /// Typed bodies.
    Hir,
    /// Syntax trees.
    Ast,
    /// Tokens.
    Tokens,
    /// Native code, compiled ahead of time.
    Cwasm,
}

impl Kind {
    fn emit(self) -> Option<Emit> {
        Some(match self {
            Self::Component => Emit::Component,
            Self::Core => Emit::Core,
            Self::Wat => Emit::Wat,
            Self::Wit => Emit::Wit,
            Self::Mir => Emit::Mir,
            Self::Hir => Emit::Hir,
            Self::Ast => Emit::Ast,
            Self::Tokens => Emit::Tokens,
            Self::Cwasm => return None,
        })
    }
}

impl Build {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Exit> {
        let profile = if self.release { "release" } else { &self.profile };
        if let Some(workspace) = Workspace::open(&self.path, self.workspace, self.locked)? {
            if self.emit != Kind::Component {
                eprintln!("dotc: a workspace is built into components: name one member for `--emit`");
                return Err(exit::USAGE);
            }
            let folder = self.output.clone().unwrap_or_else(|| workspace.default_output());
            return Ok(workspace.run(Task::Build(profile, self.strip, &folder)));
        }
        let session = package::open_with(&self.path, self.locked)?;
        let settings = package::profile(&session, profile)?;
        let emit = self.emit.emit().unwrap_or(Emit::Component);
        let built = package::built(session.build(settings.profile, emit, self.strip || settings.strip))?;
        if self.emit == Kind::Cwasm {
            return Ok(self.write_native(&built.bytes));
        }
        Ok(self.write(&built.bytes, if emit.is_text() { None } else { Some("wasm") }))
    }

    #[cfg(feature = "cwasm")]
    fn write_native(&self, component: &[u8]) -> Exit {
        let native = dot_host::Engine::new(dot_host::EngineOptions::UNMETERED)
            .and_then(|engine| dot_host::Program::precompile(&engine, component));
        match native {
            Ok(native) => self.write(&native, Some("cwasm")),
            Err(error) => {
                eprintln!("dotc has a defect: {error}");
                exit::DEFECT
            }
        }
    }

    #[cfg(not(feature = "cwasm"))]
    fn write_native(&self, _component: &[u8]) -> Exit {
        eprintln!(
            "dotc: this dotc was built without the feature `cwasm`: `cargo build -p dotc --features cwasm`"
        );
        exit::USAGE
    }

    /// Writes to where it was asked for; binary output without a place goes to a file named after the package.
    fn write(&self, bytes: &[u8], extension: Option<&str>) -> Exit {
        let path = match (&self.output, extension) {
            (Some(path), _) if path == Path::new("-") => None,
            (Some(path), _) => Some(path.clone()),
            (None, None) => None,
            (None, Some(extension)) => Some(default_output(&self.path, extension)),
        };
        let Some(path) = path else {
            output::print(bytes);
            return exit::OK;
        };
        match output::write_file(&path, bytes) {
            Ok(()) => exit::OK,
            Err(error) => {
                eprintln!("dotc: can't write `{}`: {error}", path.display());
                exit::NO_OUTPUT
            }
        }
    }
}

/// `NAME.wasm` in the current folder, `NAME` being the file's stem or the folder's name.
fn default_output(path: &Path, extension: &str) -> PathBuf {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    PathBuf::from(whole.file_stem().unwrap_or("out".as_ref())).with_extension(extension)
}
