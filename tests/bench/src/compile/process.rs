//! A command as a whole process: how long a person waits, and how much memory it takes at most.

use crate::clock::median;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often the process is looked at.
const GLANCE: Duration = Duration::from_millis(1);

/// What some runs of a command gave.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Seconds from start to end, the middle of the runs.
    pub seconds: f64,
    /// The most resident memory that was seen, in bytes; 0 where the system doesn't tell.
    pub peak_bytes: u64,
}

/// Runs `program` some times.
///
/// # Errors
///
/// When it doesn't start, or fails.
pub fn measure(program: &Path, arguments: &[&str], rounds: usize) -> Result<Measured, String> {
    let mut times = Vec::new();
    let mut peak_bytes = 0;
    for _ in 0..rounds {
        times.push(once(program, arguments)?.as_secs_f64());
    }
    // Looking at it costs time, so that is a run of its own.
    peak_bytes = watch(program, arguments)?.max(peak_bytes);
    Ok(Measured { seconds: median(times), peak_bytes })
}

fn command(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn once(program: &Path, arguments: &[&str]) -> Result<Duration, String> {
    let began = Instant::now();
    let output = command(program, arguments).output().map_err(|e| format!("{}: {e}", program.display()))?;
    let took = began.elapsed();
    if output.status.success() {
        return Ok(took);
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "dotc {} failed: {}",
        arguments.join(" "),
        told.lines().take(20).collect::<Vec<_>>().join("\n")
    ))
}

/// The most memory of one run. The system keeps the mark itself, so the last glance before the end has it.
fn watch(program: &Path, arguments: &[&str]) -> Result<u64, String> {
    let mut child = command(program, arguments)
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("{}: {e}", program.display()))?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().map_err(|error| error.to_string())?.is_none() {
        peak = std::fs::read_to_string(&status).ok().and_then(|text| high_water(&text)).unwrap_or(peak);
        std::thread::sleep(GLANCE);
    }
    Ok(peak)
}

/// `VmHWM` of a process's status, in bytes.
fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? << 10)
}

#[cfg(test)]
mod tests {
    use super::high_water;

    #[test]
    fn the_mark_is_read() {
        assert_eq!(high_water("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n"), Some(2 << 20));
        assert_eq!(high_water("Name:\tx\n"), None);
    }
}
