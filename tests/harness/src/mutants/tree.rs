//! The copy of the tree that all mutations are in.

use super::{Mutation, apply, by_file};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a build reads.
const PARTS: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo",
    "compiler",
    "lsp",
    "runtime-host",
    "stdlib",
    "spec",
    "examples",
    "tests",
];

/// The folder of the copy: below what cargo builds, so that it lives and dies with that.
fn place() -> PathBuf {
    target().join("mutants")
}

/// The folder that cargo builds into: `target/debug/conform` is running.
fn target() -> PathBuf {
    let own = std::env::current_exe().ok();
    let target = own.as_deref().and_then(|own| own.ancestors().nth(2)).map(Path::to_path_buf);
    target.unwrap_or_else(|| crate::root().join("target"))
}

/// Makes the copy and builds the suite in it; gives the path of its command.
///
/// # Errors
///
/// What went wrong: a mutation that doesn't apply, a file that can't be copied, a mutation that doesn't compile.
pub(super) fn build(all: &[Mutation]) -> Result<PathBuf, String> {
    let place = place();
    let told = |error: io::Error| format!("{}: {error}", place.display());
    fs::create_dir_all(&place).map_err(told)?;
    for part in PARTS {
        copy(&crate::root().join(part), &place.join(part)).map_err(told)?;
    }
    for (file, mutations) in by_file(all) {
        let text =
            fs::read_to_string(crate::root().join(file)).map_err(|error| format!("{file}: {error}"))?;
        let mutated = apply(&text, &mutations).map_err(|wrong| wrong.join("\n"))?;
        write(&place.join(file), mutated.as_bytes()).map_err(told)?;
    }
    let built = place.join("target");
    seed(&target().join("debug"), &built.join("debug")).map_err(told)?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // The whole workspace, so that dependencies have the features that they were built with before.
    cargo.args(["build", "--workspace", "--locked", "--bin", "conform", "--target-dir"]).arg(&built);
    // The suite runs a hundred times on what is built once. Dependencies are optimised alike in any case.
    cargo.args(["--config", "profile.dev.opt-level=1"]);
    let output = cargo.current_dir(&place).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("cargo did not start: {error}"))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        // Parentheses that are not needed everywhere are told too, as warnings.
        let is_error = |part: &&str| part.lines().any(|line| line.starts_with("error"));
        let errors: Vec<&str> = told.split("\n\n").filter(is_error).collect();
        return Err(format!("a mutation does not compile:\n{}", errors.join("\n\n")));
    }
    Ok(built.join("debug/conform"))
}

/// Lends what was built of dependencies to the copy, so that only the compiler is built again. The copy has a folder of
/// its own to build into: its crates are called like ours, and cargo would take one for the other.
fn seed(from: &Path, to: &Path) -> io::Result<()> {
    let is_ours = |name: &str| {
        let name = name.strip_prefix("lib").unwrap_or(name);
        ["dot_", "dot-", "dotc", "conform", "xtask"].iter().any(|own| name.starts_with(own))
    };
    for part in [".fingerprint", "build", "deps"] {
        let (from, to) = (from.join(part), to.join(part));
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(&from)? {
            let name = entry?.file_name();
            let (there, here) = (from.join(&name), to.join(&name));
            if is_ours(&name.to_string_lossy()) || here.exists() {
                continue;
            }
            // Cargo writes into fingerprints where they are; what the compiler made stays as it is.
            if there.is_dir() || fs::hard_link(&there, &here).is_err() {
                copy_as_is(&there, &here)?;
            }
        }
    }
    Ok(())
}

/// Copies a file or folder with its times, by which cargo tells what is fresh.
fn copy_as_is(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let name = entry?.file_name();
            copy_as_is(&from.join(&name), &to.join(&name))?;
        }
        return Ok(());
    }
    fs::copy(from, to)?;
    let times = fs::FileTimes::new().set_modified(fs::metadata(from)?.modified()?);
    fs::File::options().write(true).open(to)?.set_times(times)
}

/// Whether a file or folder of this name is made by tools, and is neither copied nor removed.
fn is_no_source(name: &OsStr) -> bool {
    matches!(name.to_str(), Some("target" | "node_modules" | ".git"))
}

/// Copies what has changed, and removes what is gone.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_file() {
        return write(to, &fs::read(from)?);
    }
    if !from.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    let mut kept = Vec::new();
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        if is_no_source(&name) {
            continue;
        }
        copy(&from.join(&name), &to.join(&name))?;
        kept.push(name);
    }
    for entry in fs::read_dir(to)? {
        let (name, path) = entry.map(|entry| (entry.file_name(), entry.path()))?;
        if kept.contains(&name) || is_no_source(&name) {
            continue;
        }
        // A folder that is gone may have been a case.
        if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
    }
    Ok(())
}

/// Writes a file unless it is the same already, so that nothing is built again without need.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|there| there == bytes) { Ok(()) } else { fs::write(path, bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_loses_what_its_original_lost_but_what_was_built() {
        let root = std::env::temp_dir().join(format!("dot-mutants-copy-{}", std::process::id()));
        let (from, to) = (root.join("from"), root.join("to"));
        fs::create_dir_all(from.join("case/src")).expect("a folder");
        fs::write(from.join("case/src/main.dot"), "").expect("a file");
        copy(&from, &to).expect("a copy");
        assert!(to.join("case/src/main.dot").is_file());
        fs::create_dir_all(to.join("target")).expect("a folder");
        fs::remove_dir_all(from.join("case")).expect("it was there");
        copy(&from, &to).expect("a copy");
        assert!(!to.join("case").exists() && to.join("target").is_dir());
        fs::remove_dir_all(root).expect("it was there");
    }
}
