//! A workspace's members, several at once.

use crate::exit::{self, Exit};
use crate::{output, package};
use dot_driver::{OpenError, OsFiles, Report, Session};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a thread that compiles has for its stack: deep programs nest deep.
const STACK: usize = 64 << 20;

/// The members of a workspace.
pub struct Workspace {
    root: PathBuf,
    /// In the order of their paths.
    pub members: Vec<Member>,
}

/// A member of a workspace.
pub struct Member {
    /// Its folder, as it is shown.
    pub folder: PathBuf,
    /// What its component's file is called.
    pub name: String,
    /// Its package's name.
    pub package: String,
    /// Only one thread may look at a database.
    session: Mutex<Session>,
}

impl Member {
    /// The member, opened.
    pub fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The line above what is told of the member: `acme:app (packages/app)`.
    pub fn heading(&self) -> String {
        format!("{} ({})", self.package, self.folder.display())
    }
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
                output::tell(&error.to_string());
                return Err(exit::NO_INPUT);
            }
        };
        let mut members = Vec::new();
        for folder in folders {
            let session = package::open_with(&folder, locked)?;
            let package = session.package().name(session.db()).to_string();
            members.push(Member { folder, name: package.clone(), package, session: Mutex::new(session) });
        }
        name_files(path, &mut members);
        Ok(Some(Self { root: path.to_owned(), members }))
    }

    /// Where components go by default.
    pub fn default_output(&self) -> PathBuf {
        self.root.join("build")
    }

    /// What `work` gives for each member, in the order of the members; several are worked on at once.
    pub fn each<T: Send>(&self, work: impl Fn(&Member, &Session) -> T + Sync) -> Vec<T> {
        let results: Vec<Mutex<Option<T>>> = self.members.iter().map(|_| Mutex::default()).collect();
        let next = AtomicUsize::new(0);
        let run = || {
            // Whoever gets a member's number does it.
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let (Some(member), Some(slot)) = (self.members.get(at), results.get(at)) else { break };
                let result = work(member, &member.session());
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
        std::thread::scope(|scope| {
            for _ in 0..threads.min(self.members.len()) {
                let builder = std::thread::Builder::new().stack_size(STACK);
                if builder.spawn_scoped(scope, run).is_err() {
                    // The threads that there are do it all.
                    break;
                }
            }
        });
        run();
        let results =
            results.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner));
        results.flatten().collect()
    }
}

/// Tells what is wrong in a file once: by the member that it belongs to, or else by the first that meets it.
pub struct Teller<'a> {
    workspace: &'a Workspace,
    told: BTreeSet<String>,
    as_json: bool,
    /// What the command ends with.
    pub worst: Exit,
}

impl<'a> Teller<'a> {
    /// One that has told nothing; for a person, or as JSON.
    pub fn new(workspace: &'a Workspace, as_json: bool) -> Self {
        Self { workspace, told: BTreeSet::new(), as_json, worst: exit::OK }
    }

    /// Tells a report of a member; one with errors is a member that doesn't compile.
    pub fn report(&mut self, member: &Member, mut report: Report) {
        let is_wrong = report.has_errors();
        report.retain_files(|file| {
            self.owner(file).map_or(!self.told.contains(file), |owner| *owner == member.folder)
        });
        self.told.extend(report.files().map(str::to_owned));
        if self.as_json {
            output::print(report.json().as_bytes());
        } else {
            output::print_report(&report);
        }
        if is_wrong {
            self.worst = exit::DOES_NOT_COMPILE;
            if report.counts() == (0, 0) {
                output::tell(&format!("`{}` needs what does not compile", member.name));
            }
        }
    }

    /// Tells why there is nothing of a member.
    pub fn failed(&mut self, message: &str, exit: Exit) {
        output::tell(message);
        self.worst = exit;
    }

    fn owner(&self, file: &str) -> Option<&PathBuf> {
        let within = self.workspace.members.iter().filter(|other| Path::new(file).starts_with(&other.folder));
        within.max_by_key(|other| other.folder.components().count()).map(|other| &other.folder)
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
