//! `dotc check --watch` and `dotc build --watch`
// r[cli.watch]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than this nothing may take, on the busiest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A dotc that watches; it is ended with the test.
struct Watcher {
    process: Child,
    lines: Receiver<String>,
}

impl Watcher {
    fn start(arguments: &[&str], path: &Path) -> Self {
        let mut dotc = Command::new(env!("CARGO_BIN_EXE_dotc"));
        dotc.args(arguments).arg("--watch").arg(path).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = dotc.spawn().expect("dotc starts");
        let (sender, lines) = channel();
        let told = BufReader::new(process.stderr.take().expect("a pipe"));
        std::thread::spawn(move || told.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { process, lines }
    }

    /// Waits for a line with this text.
    fn wait(&self, text: &str) {
        while !self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("`{text}` is told")).contains(text)
        {
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("dotc-watch-{name}-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("src")).expect("a folder");
    let manifest = "name = \"my:app\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n";
    std::fs::write(folder.join("Dot.toml"), manifest).expect("a file");
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join("src").join(name), text).expect("a file");
}

#[test]
fn what_is_wrong_is_told_after_each_change() {
    let folder = folder("check");
    write(&folder, "main.dot", "dot f() -> u32 { 1 }\n");
    let watcher = Watcher::start(&["check"], &folder);
    watcher.wait("watching");
    write(&folder, "main.dot", "dot f() -> u32 { nothing }\n");
    watcher.wait("unknown-name");
    watcher.wait("1 error");
    // A new file, which the package hasn't had.
    write(&folder, "other.dot", "fn g() -> u8 { 300 }\n");
    watcher.wait("literal-out-of-range");
    watcher.wait("2 errors");
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

#[test]
fn a_component_is_built_after_each_change() {
    let folder = folder("build");
    write(&folder, "main.dot", "dot f() -> u32 { 1 }\n");
    let output = folder.join("out.wasm");
    let watcher = Watcher::start(&["build", "-o", output.to_str().expect("UTF-8")], &folder);
    watcher.wait("watching");
    let first = std::fs::read(&output).expect("the component");
    write(&folder, "main.dot", "dot f() -> u32 { 12345 }\n");
    let started = std::time::Instant::now();
    while std::fs::read(&output).is_ok_and(|bytes| bytes == first) {
        assert!(started.elapsed() < PATIENCE, "it is built again");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}
