//! `--watch`: after each change the same again, on the same database, so that only what depends on the change is done.

use crate::output;
use dot_driver::{LOCK, MANIFEST, OsFiles, Session};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// So often the files are looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// When each file and folder was changed last, and how long a file is; none for one that isn't there.
type Seen = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Does `work` now, and again after each change of what the session reads, until the process is ended.
pub fn watch(session: &mut Session, mut work: impl FnMut(&Session)) -> ! {
    let mut seen = look(session);
    work(session);
    eprintln!("watching; end with Ctrl-C");
    loop {
        std::thread::sleep(PAUSE);
        let now = look(session);
        if now == seen {
            continue;
        }
        // Looked at before it is read: what changes in between is seen the next time.
        match session.refresh(&OsFiles) {
            Ok(()) => {
                work(session);
                // There may be files now that nobody looked at.
                seen = look(session)
                    .into_iter()
                    .map(|(path, new)| (path.clone(), *now.get(&path).unwrap_or(&new)))
                    .collect();
            }
            Err(error) => {
                output::tell(&error.to_string());
                seen = now;
            }
        }
    }
}

/// The files that the session reads, their folders, and the files beside the package's manifest.
fn look(session: &Session) -> Seen {
    let mut seen = Seen::new();
    let root = session.path();
    let folder = if root.is_dir() { root } else { root.parent().unwrap_or(root) };
    let beside =
        [folder.to_owned(), folder.join("src"), folder.join("wit"), folder.join(MANIFEST), folder.join(LOCK)];
    let sources = session.files().into_iter().map(PathBuf::from);
    for path in sources.chain(beside) {
        if let Some(folder) = path.parent().filter(|folder| folder.starts_with(root)) {
            seen.insert(folder.to_owned(), stamp(folder));
        }
        let stamp = stamp(&path);
        seen.insert(path, stamp);
    }
    seen
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let there = std::fs::metadata(path).ok()?;
    let length = if there.is_dir() { 0 } else { there.len() };
    Some((there.modified().ok()?, length))
}
