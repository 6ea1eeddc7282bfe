//! What a component was made of, so that a build that would only make the same again is left out.
//!
//! A stamp is a small file that says what went into a component and what came out. It is believed only where both are
//! as it says: the same compiler, profile and inputs, byte for byte, and the same bytes in the output. So touching a file
//! changes nothing, and a missing, cut or replaced output is made again.

use crate::output;
use dot_driver::{Built, Session, Settings, hash_of};
use std::path::{Path, PathBuf};

/// A component that is to be made, and where it is noted of what.
pub struct Stamp {
    path: PathBuf,
    made_of: String,
}

impl Stamp {
    /// The stamp of a component that is called `name` in a folder with stamps.
    pub fn new(session: &Session, settings: Settings, folder: &Path, name: &str) -> Self {
        let Settings { profile, strip } = settings;
        let made_of = format!("{} {profile:?} {strip} {}", compiler(), session.fingerprint());
        Self { path: folder.join(".stamps").join(name), made_of }
    }

    /// The stamp of a package's component at `output`, below the package's own `build/`.
    pub fn of_package(session: &Session, settings: Settings, output: &Path) -> Self {
        let whole = std::path::absolute(output).unwrap_or_else(|_| output.to_owned());
        let hash = hash_of(whole.as_os_str().as_encoded_bytes());
        let name = hash.strip_prefix("sha256:").and_then(|hash| hash.get(..16)).unwrap_or("component");
        Self::new(session, settings, &session.path().join("build"), name)
    }

    /// Whether `output` is there and is what a build would make.
    pub fn holds(&self, output: &Path) -> bool {
        let (Ok(stamp), Ok(bytes)) = (std::fs::read_to_string(&self.path), std::fs::read(output)) else {
            return false;
        };
        stamp == self.text(&bytes)
    }

    /// Notes what a component was made of; not for one with warnings, which are told each time. Where it can't be noted,
    /// the next build makes it again.
    pub fn note(&self, built: &Built) {
        let Some(folder) = self.path.parent() else { return };
        if built.warnings.counts() == (0, 0) && std::fs::create_dir_all(folder).is_ok() {
            let _ = output::write_file(&self.path, self.text(&built.bytes).as_bytes());
        }
    }

    fn text(&self, output: &[u8]) -> String {
        format!("{}\n{}\n", self.made_of, hash_of(output))
    }
}

/// Which compiler this is. One that was built anew is another one, whatever its version says.
fn compiler() -> String {
    let about = std::env::current_exe().and_then(std::fs::metadata);
    let built = about.and_then(|about| Ok((about.len(), about.modified()?))).map(|(len, time)| {
        let since = time.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        format!("{len} {since}")
    });
    format!("{} {}", env!("CARGO_PKG_VERSION"), built.unwrap_or_default())
}
