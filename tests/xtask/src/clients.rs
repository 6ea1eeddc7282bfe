//! Real clients: a browser that runs what the compiler made, an editor that talks to the language server. They are
//! Debian's packages, installed where that is allowed. `tests/clients/README.md` tells what each shows.

use crate::place;
use crate::step::{Outcome, Step, run};
use crate::{node, tool};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The steps, a client each.
pub fn steps() -> Vec<Step> {
    vec![
        Step::new("Chromium: components in a page", || with("chromium", "chromium", browser)),
        Step::new("Neovim: the language server", || with("nvim", "neovim", neovim)),
    ]
}

/// Runs a client, which is installed first if it is missing; skipped where it can't be.
fn with(command: &str, package: &str, test: impl FnOnce(&Path) -> Outcome) -> Outcome {
    match tool::find(command).or_else(|| install(command, package)) {
        Some(found) => test(&found),
        None => Outcome::Skipped(format!("`{command}` is not installed (apt-get install {package})")),
    }
}

fn install(command: &str, package: &str) -> Option<PathBuf> {
    let apt = |words: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.args(words).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).stdout(Stdio::null());
        apt.status().is_ok_and(|status| status.success())
    };
    // Without root or without apt-get both fail at once.
    let installed =
        apt(&["update", "-qq"]) && apt(&["install", "-y", "-qq", "--no-install-recommends", package]);
    if installed { tool::find(command) } else { None }
}

fn script(name: &str) -> PathBuf {
    place::root().join("tests/clients").join(name)
}

fn browser(chromium: &Path) -> Outcome {
    match node::prepare() {
        Ok(node) => {
            let mut command = Command::new(node);
            command.arg("--test").arg(script("browser.mjs"));
            run({
                command.env("DOT_BINARIES", place::binaries()).env("DOT_CHROMIUM", chromium);
                command
            })
        }
        Err(why) => Outcome::Failed(why),
    }
}

fn neovim(nvim: &Path) -> Outcome {
    let mut command = Command::new(nvim);
    command.args(["--headless", "--clean", "-c"]).arg(format!("luafile {}", script("neovim.lua").display()));
    run({
        command.env("DOT_BINARIES", place::binaries()).stdin(Stdio::null());
        command
    })
}
