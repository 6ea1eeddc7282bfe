//! `dotc build`

use crate::exit::{self, Exit};
use crate::stamp::Stamp;
use crate::workspace::{Member, Teller, Workspace};
use crate::{output, package, watch};
use clap::{Args, ValueEnum};
use dot_driver::{BuildError, Built, Emit, Report, Session};
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
    /// Builds again after each change, until it is ended.
    #[arg(long)]
    watch: bool,
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
                output::tell("a workspace is built into components: name one member for `--emit`");
                return Err(exit::USAGE);
            }
            if self.watch {
                output::tell("a workspace is not watched: name one member for `--watch`");
                return Err(exit::USAGE);
            }
            return Ok(self.build_workspace(&workspace, profile));
        }
        let mut session = package::open_with(&self.path, self.locked)?;
        if self.watch {
            // Why nothing was built has been told, and may be over after the next change.
            watch::watch(&mut session, |session| {
                let _ = self.build_package(session, profile);
            });
        }
        self.build_package(&session, profile)
    }

    fn build_package(&self, session: &Session, profile: &str) -> Result<Exit, Exit> {
        let mut settings = package::profile(session, profile)?;
        settings.strip |= self.strip;
        let emit = self.emit.emit().unwrap_or(Emit::Component);
        let place = self.place(if emit.is_text() { None } else { Some("wasm") });
        // A lone file has no folder of its own where it could be noted what was made of it.
        let stamp = place
            .as_ref()
            .filter(|_| self.emit == Kind::Component && session.path().is_dir())
            .map(|place| (Stamp::of_package(session, settings, place), place));
        if let Some((stamp, place)) = &stamp
            && stamp.holds(place)
        {
            eprintln!("unchanged {}", place.display());
            return Ok(exit::OK);
        }
        let built = package::built(session.build(settings.profile, emit, settings.strip))?;
        if self.emit == Kind::Cwasm {
            return Ok(self.write_native(&built.bytes));
        }
        let written = output::write(place.as_deref().unwrap_or(Path::new("-")), &built.bytes);
        if let Some((stamp, _)) = stamp.filter(|_| written == exit::OK) {
            stamp.note(&built);
        }
        Ok(written)
    }

    fn build_workspace(&self, workspace: &Workspace, profile: &str) -> Exit {
        let folder = self.output.clone().unwrap_or_else(|| workspace.default_output());
        let outcomes = workspace.each(|member, session| self.build_member(member, session, profile, &folder));
        let mut teller = Teller::new(workspace, false);
        for (member, outcome) in workspace.members.iter().zip(outcomes) {
            match outcome {
                Outcome::Checked(report) | Outcome::Failed(BuildError::DoesNotCompile(report)) => {
                    teller.report(member, report);
                }
                Outcome::Built(built, path) => {
                    teller.report(member, built.warnings);
                    eprintln!("built {}", path.display());
                }
                Outcome::Unchanged(path) => eprintln!("unchanged {}", path.display()),
                Outcome::Failed(BuildError::Refused(message)) => {
                    teller.failed(&message, exit::DOES_NOT_COMPILE);
                }
                Outcome::Failed(BuildError::Defect(message)) => {
                    teller.failed(&format!("there is a defect in dotc: {message}"), exit::DEFECT);
                }
                Outcome::Unwritten(message, exit) => teller.failed(&message, exit),
            }
        }
        teller.worst
    }

    fn build_member(&self, member: &Member, session: &Session, profile: &str, folder: &Path) -> Outcome {
        if !session.has_dots() {
            return Outcome::Checked(session.check());
        }
        let mut settings = match session.profile(profile) {
            Ok(settings) => settings,
            Err(message) => {
                return Outcome::Unwritten(format!("{}: {message}", member.folder.display()), exit::USAGE);
            }
        };
        settings.strip |= self.strip;
        let path = folder.join(format!("{}.wasm", member.name));
        let stamp = Stamp::new(session, settings, folder, &member.name);
        if stamp.holds(&path) {
            return Outcome::Unchanged(path);
        }
        let built = match session.build(settings.profile, Emit::Component, settings.strip) {
            Ok(built) => built,
            Err(error) => return Outcome::Failed(error),
        };
        let written = std::fs::create_dir_all(folder).and_then(|()| output::write_file(&path, &built.bytes));
        if let Err(error) = written {
            return Outcome::Unwritten(format!("can't write `{}`: {error}", path.display()), exit::NO_OUTPUT);
        }
        stamp.note(&built);
        Outcome::Built(built, path)
    }

    /// Where it is written; none for standard output.
    fn place(&self, extension: Option<&str>) -> Option<PathBuf> {
        match (&self.output, extension) {
            (Some(path), _) => Some(path.clone()).filter(|path| path != Path::new("-")),
            (None, extension) => extension.map(|extension| default_output(&self.path, extension)),
        }
    }

    #[cfg(feature = "cwasm")]
    fn write_native(&self, component: &[u8]) -> Exit {
        let native = dot_host::Engine::new(dot_host::EngineOptions::UNMETERED)
            .and_then(|engine| dot_host::Program::precompile(&engine, component));
        match native {
            Ok(native) => {
                let place = self.place(Some("cwasm"));
                output::write(place.as_deref().unwrap_or(Path::new("-")), &native)
            }
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
}

/// What came of a member.
enum Outcome {
    /// It has no dots, so there is nothing to build.
    Checked(Report),
    Built(Built, PathBuf),
    Unchanged(PathBuf),
    Failed(BuildError),
    /// There was no profile or no place for it.
    Unwritten(String, Exit),
}

/// `NAME.wasm` in the current folder, `NAME` being the file's stem or the folder's name.
fn default_output(path: &Path, extension: &str) -> PathBuf {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    PathBuf::from(whole.file_stem().unwrap_or("out".as_ref())).with_extension(extension)
}
