//! A Rust kernel compiled for this machine: what the hardware allows.
//!
//! It runs in a process of its own that reads `n` from its input and writes the checksum and the nanoseconds, so that no
//! foreign code is loaded into the harness.

use crate::clock::Took;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A running program.
pub struct Native {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// Around a kernel's `run`. `schedstat` has the processor time in nanoseconds; where there is none, the wall's clock
/// has to do.
const MAIN: &str = r#"
fn cpu() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

fn main() {
    for line in std::io::stdin().lines() {
        let n: u32 = line.unwrap().trim().parse().unwrap();
        let (wall, before) = (std::time::Instant::now(), cpu());
        let checksum = std::hint::black_box(kernel::run(std::hint::black_box(n)));
        let wall = wall.elapsed().as_nanos() as u64;
        let cpu = before.zip(cpu()).map_or(wall, |(before, after)| after - before);
        println!("{checksum} {wall} {cpu}");
    }
}
"#;

impl Native {
    /// Compiles `source` in `folder` with the `rustc` of the path and starts it.
    ///
    /// # Errors
    ///
    /// When it doesn't compile or start.
    pub fn new(source: &Path, folder: &Path, name: &str) -> Result<Self, String> {
        let source = source.canonicalize().map_err(|error| format!("{}: {error}", source.display()))?;
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let (main, program) = (folder.join(format!("{name}.rs")), folder.join(name));
        let text = format!("#[path = {source:?}]\nmod kernel;\n{MAIN}");
        std::fs::write(&main, text).map_err(|error| format!("{}: {error}", main.display()))?;
        let rustc = Command::new("rustc")
            .args([
                "--edition=2024",
                "-Copt-level=3",
                "-Cpanic=abort",
                "-Ccodegen-units=1",
                "--cap-lints=allow",
            ])
            .arg("-o")
            .arg(&program)
            .arg(&main)
            .output()
            .map_err(|error| format!("rustc: {error}"))?;
        if !rustc.status.success() {
            return Err(String::from_utf8_lossy(&rustc.stderr).into_owned());
        }
        Self::start(&program).ok_or_else(|| format!("{} doesn't start", program.display()))
    }

    fn start(program: &Path) -> Option<Self> {
        let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let (input, output) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        Some(Self { child, input, output })
    }

    /// The checksum of `run(n)`, and what the call took.
    ///
    /// # Errors
    ///
    /// When the program ended.
    pub fn run(&mut self, n: u32) -> Result<(u64, Took), String> {
        let mut line = String::new();
        let asked = writeln!(self.input, "{n}").and_then(|()| self.output.read_line(&mut line));
        asked.map_err(|error| format!("the native program ended: {error}"))?;
        let numbers: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let [checksum, wall, cpu] = numbers[..] else {
            return Err("the native program ended".to_owned());
        };
        Ok((checksum, Took { wall: Duration::from_nanos(wall), cpu: Duration::from_nanos(cpu) }))
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        // It ends by itself when its input is closed; nothing depends on how.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
