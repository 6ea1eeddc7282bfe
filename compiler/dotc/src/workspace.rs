//! A workspace's members, several at once.

use crate::exit::{self, Exit};
use crate::{output, package};
use dot_driver::{BuildError, Built, Emit, OpenError, OsFiles, Report, Session};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a thread that compiles has for its stack: deep programs nest deep.
const STACK: usize = 64 << 20;

/// The members of a workspace.
pub struct Workspace {
    root: PathBuf,
    members: Vec<Member>,
}

struct Member {
    folder: PathBuf,
    /// What its component's file is called.
    name: String,
    /// Only one thread may look at a database.
    session: Mutex<Session>,
}

/// How much is done for each member.
#[derive(Clone, Copy)]
pub enum Task<'a> {
    /// It is checked.
    Check,
    /// It is built, with a profile, into a folder.
    Build(&'a str, bool, &'a Path),
}

/// What came of a member.
enum Outcome {
    Checked(Report),
    Built(Built, PathBuf),
    Unchanged(PathBuf),
    Failed(Report),
    Refused(String, Exit),
}

impl Workspace {
    /// The workspace at a path; none where it is no workspace's folder, or one that holds a package, too, and
    /// `even_package` doesn't say that its workspace is meant.
    ///
    /// # Errors
    ///
    /// When it or a member can't be read; the reason has been told.
    pub fn open(path: &Path, even_package: bool, locked: bool) -> Result<Option<Self>, Exit> {
        let folders = match dot_driver::workspace_members(&OsFiles, path, even_package) {
            Ok(Some(folders)) => folders,
            // What is no folder with a manifest is told by who opens it as a package.
            Ok(None) | Err(OpenError::NoManifest(_) | OpenError::Unreadable(..)) => return Ok(None),
            Err(error) => {
                eprintln!("dotc: {error}");
                return Err(exit::NO_INPUT);
            }
        };
        let mut members = Vec::new();
        for folder in folders {
            let session = package::open_with(&folder, locked)?;
            let name = session.package().name(session.db()).to_string();
            members.push(Member { folder, name, session: Mutex::new(session) });
        }
        name_files(path, &mut members);
        Ok(Some(Self { root: path.to_owned(), members }))
    }

    /// Where components go by default.
    pub fn default_output(&self) -> PathBuf {
        self.root.join("build")
    }

    /// Does a task for each member and tells what came of it, in the order of the members.
    pub fn run(&self, task: Task<'_>) -> Exit {
        let outcomes: Vec<Mutex<Option<Outcome>>> = self.members.iter().map(|_| Mutex::default()).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            // Whoever gets a member's number does it.
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let (Some(member), Some(slot)) = (self.members.get(at), outcomes.get(at)) else { break };
                let outcome = member.run(task);
                *slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(outcome);
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
        std::thread::scope(|scope| {
            for _ in 0..threads.min(self.members.len()) {
                let builder = std::thread::Builder::new().stack_size(STACK);
                if builder.spawn_scoped(scope, work).is_err() {
                    // The threads that there are do it all.
                    break;
                }
            }
        });
        work();
        let outcomes = outcomes.into_iter().map(|slot| slot.into_inner().ok().flatten());
        self.tell(outcomes)
    }

    /// What is wrong in a file is told by the member that it belongs to, or else by the first that meets it.
    fn tell(&self, outcomes: impl Iterator<Item = Option<Outcome>>) -> Exit {
        let mut worst = exit::OK;
        let mut told: BTreeSet<String> = BTreeSet::new();
        for (member, outcome) in self.members.iter().zip(outcomes) {
            let owner = |file: &str| {
                let within = self.members.iter().filter(|other| Path::new(file).starts_with(&other.folder));
                within.max_by_key(|other| other.folder.components().count()).map(|other| &other.folder)
            };
            let mut tell = |mut report: Report| {
                report.retain_files(|file| {
                    owner(file).map_or(!told.contains(file), |owner| *owner == member.folder)
                });
                told.extend(report.files().map(str::to_owned));
                output::print_report(&report);
                report.counts() != (0, 0)
            };
            match outcome {
                Some(Outcome::Checked(report)) => {
                    let _ = tell(report);
                }
                Some(Outcome::Built(built, path)) => {
                    tell(built.warnings);
                    eprintln!("built {}", path.display());
                }
                Some(Outcome::Unchanged(path)) => eprintln!("unchanged {}", path.display()),
                Some(Outcome::Failed(report)) => {
                    if !tell(report) {
                        eprintln!("dotc: `{}` needs what does not compile", member.name);
                    }
                    worst = exit::DOES_NOT_COMPILE;
                }
                Some(Outcome::Refused(message, exit)) => {
                    eprintln!("dotc: {message}");
                    worst = exit;
                }
                None => worst = exit::DEFECT,
            }
        }
        worst
    }
}

/// Gives each member's file a name: the package's without its namespace, or its folder's path where two would be the same.
fn name_files(root: &Path, members: &mut [Member]) {
    let short = |name: &str| name.split_once(':').map_or(name, |(_, short)| short).to_owned();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for member in members.iter() {
        *counts.entry(short(&member.name)).or_default() += 1;
    }
    for member in members {
        let name = short(&member.name);
        member.name = if counts.get(&name) == Some(&1) {
            name
        } else {
            let below = member.folder.strip_prefix(root).unwrap_or(&member.folder);
            let parts = below.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
            parts.filter(|part| part != "." && part != "..").collect::<Vec<_>>().join("-")
        };
    }
}

impl Member {
    fn run(&self, task: Task<'_>) -> Outcome {
        let session = self.session.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Task::Build(profile, strip, folder) = task else { return check(&session) };
        if !session.has_dots() {
            return check(&session);
        }
        let settings = match session.profile(profile) {
            Ok(settings) => settings,
            Err(message) => {
                return Outcome::Refused(format!("{}: {message}", self.folder.display()), exit::USAGE);
            }
        };
        let strip = strip || settings.strip;
        let path = folder.join(format!("{}.wasm", self.name));
        let stamp = folder.join(".stamps").join(&self.name);
        let compiler = env!("CARGO_PKG_VERSION");
        let made_of = format!("{compiler} {:?} {strip} {}", settings.profile, session.fingerprint());
        if is_made_of(&path, &stamp, &made_of) {
            return Outcome::Unchanged(path);
        }
        match session.build(settings.profile, Emit::Component, strip) {
            Ok(built) => match write(&path, &stamp, &made_of, &built) {
                Ok(()) => Outcome::Built(built, path),
                Err(error) => {
                    let message = format!("can't write `{}`: {error}", path.display());
                    Outcome::Refused(message, exit::NO_OUTPUT)
                }
            },
            Err(BuildError::DoesNotCompile(report)) => Outcome::Failed(report),
            Err(BuildError::Refused(message)) => Outcome::Refused(message, exit::DOES_NOT_COMPILE),
            Err(BuildError::Defect(message)) => {
                Outcome::Refused(format!("there is a defect in dotc: {message}"), exit::DEFECT)
            }
        }
    }
}

fn check(session: &Session) -> Outcome {
    let report = session.check();
    if report.has_errors() { Outcome::Failed(report) } else { Outcome::Checked(report) }
}

/// Whether a component is there and is what a build of `made_of` made.
fn is_made_of(path: &Path, stamp: &Path, made_of: &str) -> bool {
    let (Ok(stamp), Ok(bytes)) = (std::fs::read_to_string(stamp), std::fs::read(path)) else { return false };
    stamp == format!("{made_of}\n{}\n", dot_driver::hash_of(&bytes))
}

/// Writes a component, and beside it what it was made of; not for one with warnings, which are told each time.
fn write(path: &Path, stamp: &Path, made_of: &str, built: &Built) -> std::io::Result<()> {
    if let Some(folder) = stamp.parent() {
        std::fs::create_dir_all(folder)?;
    }
    output::write_file(path, &built.bytes)?;
    if built.warnings.counts() == (0, 0) {
        let stamped = format!("{made_of}\n{}\n", dot_driver::hash_of(&built.bytes));
        output::write_file(stamp, stamped.as_bytes())?;
    }
    Ok(())
}
