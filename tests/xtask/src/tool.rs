//! Commands of others that tests use: found on the path, or installed beside the build.

use crate::place;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A crate whose command we need.
pub struct Crate {
    /// The package on crates.io.
    pub package: &'static str,
    /// The version that is installed when the command is missing.
    pub version: &'static str,
    /// The command.
    pub command: &'static str,
}

/// Checks licences, banned crates and sources.
pub const CARGO_DENY: Crate = Crate { package: "cargo-deny", version: "0.20.2", command: "cargo-deny" };
/// Validates and prints components.
pub const WASM_TOOLS: Crate = Crate { package: "wasm-tools", version: "1.263.0", command: "wasm-tools" };
/// Runs components, as somebody else's host does.
pub const WASMTIME: Crate = Crate { package: "wasmtime-cli", version: "48.0.8", command: "wasmtime" };

/// Builds the books.
pub const MDBOOK: Crate = Crate { package: "mdbook", version: "0.5.4", command: "mdbook" };

/// Finds a command on the path or among the tools installed earlier.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.push(place::tools().join("bin"));
    folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// What a command prints, if it runs and succeeds.
pub fn output(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// An installation that may still be under way.
pub enum Install {
    /// The command is there.
    Found(PathBuf),
    /// Cargo is building it.
    Running(Child, &'static Crate),
    /// It can't be had here, for this reason.
    Missing(String),
}

/// Starts to install a crate's command, unless it is there. Built without optimisation: these
/// tools run for seconds, and building them is what takes minutes.
pub fn install(wanted: &'static Crate, jobs: &str) -> Install {
    if let Some(found) = find(wanted.command) {
        return Install::Found(found);
    }
    let tools = place::tools();
    let mut command =
        place::cargo(&["install", wanted.package, "--version", wanted.version, "--locked", "--debug"]);
    command.args(["--jobs", jobs, "--root"]).arg(&tools).arg("--target-dir").arg(build(wanted));
    command.env("CARGO_PROFILE_DEV_DEBUG", "false");
    if let Err(error) = std::fs::create_dir_all(&tools) {
        return Install::Missing(format!("{}: {error}", tools.display()));
    }
    let log = tools.join(format!("{}.log", wanted.command));
    let Ok(file) = std::fs::File::create(&log) else {
        return Install::Missing(format!("{} can't be written", log.display()));
    };
    println!("installing {} {} (log: {})", wanted.package, wanted.version, log.display());
    let started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file).spawn();
    match started {
        Ok(child) => Install::Running(child, wanted),
        Err(error) => Install::Missing(format!("cargo install did not start: {error}")),
    }
}

/// Waits for an installation. The error is the reason why the command can't be had.
pub fn wait(install: Install) -> Result<PathBuf, String> {
    match install {
        Install::Found(path) => Ok(path),
        Install::Missing(why) => Err(why),
        Install::Running(mut child, wanted) => {
            let done = child.wait().is_ok_and(|status| status.success());
            let installed = place::tools().join("bin").join(wanted.command);
            if done && installed.is_file() {
                // What it was built from is only weight from here on.
                let _ = std::fs::remove_dir_all(build(wanted));
                return Ok(installed);
            }
            Err(format!("`cargo install {}` failed: {}", wanted.package, last_line(wanted.command)))
        }
    }
}

/// Where a command is built: a folder each, so that two can be built side by side.
fn build(wanted: &Crate) -> PathBuf {
    place::tools().join("build").join(wanted.command)
}

/// The end of an installation's log.
fn last_line(command: &str) -> String {
    let log = place::tools().join(format!("{command}.log"));
    let text = std::fs::read_to_string(Path::new(&log)).unwrap_or_default();
    text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no log").trim().to_owned()
}
