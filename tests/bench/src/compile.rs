//! How long the compiler takes: whole processes on packages of growing size, and one edit of a large one.

mod corpus;
mod edit;
mod package;
mod process;

use crate::clock::median;
use crate::options::Options;
use process::{Measured, measure};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Lines of the packages that are compiled.
const SIZES: [usize; 5] = [1_000, 4_000, 16_000, 64_000, 100_000];

/// What was measured of one program or package.
struct Row {
    name: String,
    lines: usize,
    check: Measured,
    build: Measured,
    debug: Measured,
}

/// Measures, and prints a table or JSON.
///
/// # Errors
///
/// When a program doesn't compile, or a file can't be written.
pub fn run(options: &Options) -> Result<(), String> {
    let dotc = dotc()?;
    let scratch = Scratch::new()?;
    let programs = corpus::read(&root())?;
    let rounds = options.runs.max(1);
    let mut rows = Vec::new();
    for program in &programs {
        rows.push(row(&dotc, &program.path, &program.name, program.lines(), rounds, &scratch)?);
    }
    let mut grown = Vec::new();
    for size in SIZES {
        let folder = scratch.0.join(format!("lines-{size}"));
        let lines = package::write(&programs, size, &folder)?;
        grown.push(row(&dotc, &folder, &format!("package of {size}"), lines, rounds, &scratch)?);
    }
    let largest = scratch.0.join(format!("lines-{}", SIZES[SIZES.len() - 1]));
    let edits = edit::measure(&largest, rounds)?;
    if options.json {
        println!("{:#}", as_json(&rows, &grown, &edits));
    } else {
        print!("{}\n{}", table(&rows, &grown), edits.table());
    }
    Ok(())
}

/// Writes a package of about `lines` lines; says how many it has.
///
/// # Errors
///
/// When a file can't be read or written.
pub fn write_package(lines: usize, folder: &Path) -> Result<usize, String> {
    package::write(&corpus::read(&root())?, lines, folder)
}

/// The project's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The compiler beside this program, built with it.
fn dotc() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let dotc = own.with_file_name(format!("dotc{}", std::env::consts::EXE_SUFFIX));
    if dotc.is_file() { Ok(dotc) } else { Err(format!("there is no {}", dotc.display())) }
}

/// A folder that goes with the run.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("dot-bench-compile-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn row(
    dotc: &Path,
    path: &Path,
    name: &str,
    lines: usize,
    rounds: usize,
    scratch: &Scratch,
) -> Result<Row, String> {
    let out = scratch.0.join("out.wasm");
    let (path, out) = (path.to_string_lossy(), out.to_string_lossy());
    let build = |more: &[&str]| measure(dotc, &[&["build", &path, "-o", &out], more].concat(), rounds);
    Ok(Row {
        name: name.to_owned(),
        lines,
        check: measure(dotc, &["check", &path], rounds)?,
        build: build(&["--release"])?,
        debug: build(&[])?,
    })
}

/// The exponent by which time grows with size: the slope of the line through the logarithms, by least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let n = logs.len() as f64;
    let (mean_x, mean_y) =
        (logs.iter().map(|p| p.0).sum::<f64>() / n, logs.iter().map(|p| p.1).sum::<f64>() / n);
    let above: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let below: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    above / below
}

fn slopes(rows: &[Row]) -> [f64; 3] {
    let of = |pick: fn(&Row) -> &Measured| {
        slope(&rows.iter().map(|row| (row.lines as f64, pick(row).seconds)).collect::<Vec<_>>())
    };
    [of(|row| &row.check), of(|row| &row.debug), of(|row| &row.build)]
}

fn table(programs: &[Row], packages: &[Row]) -> String {
    let mut out = String::from(
        "| program | lines | check, ms | build, ms | build --release, ms | peak memory of that, MiB |\n\
         |---|--:|--:|--:|--:|--:|\n",
    );
    for row in programs.iter().chain(packages) {
        let ms = |measured: &Measured| format!("{:.1}", measured.seconds * 1e3);
        let (check, debug, build) = (ms(&row.check), ms(&row.debug), ms(&row.build));
        let memory = row.build.peak_bytes as f64 / f64::from(1 << 20);
        out += &format!("| {} | {} | {check} | {debug} | {build} | {memory:.0} |\n", row.name, row.lines);
    }
    let [check, debug, build] = slopes(packages);
    out + &format!("| slope | | {check:.2} | {debug:.2} | {build:.2} | |\n")
}

fn as_json(programs: &[Row], packages: &[Row], edits: &edit::Edits) -> Json {
    let of = |measured: &Measured| json!({ "seconds": measured.seconds, "peak_bytes": measured.peak_bytes });
    let rows = programs.iter().chain(packages).map(|row| {
        json!({
            "name": row.name, "lines": row.lines,
            "check": of(&row.check), "debug": of(&row.debug), "release": of(&row.build),
        })
    });
    let [check, debug, build] = slopes(packages);
    json!({
        "programs": rows.collect::<Vec<Json>>(),
        "slope": { "check": check, "debug": debug, "release": build },
        "edit": edits.json(),
    })
}

/// The middle of some times, in seconds.
fn middle(times: &[Duration]) -> f64 {
    median(times.iter().map(Duration::as_secs_f64).collect())
}

#[cfg(test)]
mod tests {
    use super::slope;

    #[test]
    fn the_slope_of_a_power_is_its_exponent() {
        let points: Vec<(f64, f64)> = (1..6).map(|x| (f64::from(x), 3.0 * f64::from(x).powf(1.25))).collect();
        assert!((slope(&points) - 1.25).abs() < 1e-9);
    }
}
