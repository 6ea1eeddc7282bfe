//! Where things are.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The folder that cargo builds development binaries into, ours among them; so a preset
/// `CARGO_TARGET_DIR` or a configured one is respected without asking for it.
pub fn binaries() -> PathBuf {
    let own = std::env::current_exe().ok();
    own.as_deref().and_then(Path::parent).map_or_else(|| root().join("target/debug"), Path::to_path_buf)
}

/// The folder for tools that the tests install. It lives and dies with the build.
pub fn tools() -> PathBuf {
    binaries().parent().map_or_else(|| root().join("target"), Path::to_path_buf).join("tools")
}

/// The cargo that started us.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}
