//! `wit [--corpus DIR] [--keep DIR] [--wasm-tools FILE] [NAME…]` makes a package for each world below a folder, compiles it, and prints what
//! became of it. Without `--corpus`, or `DOT_WIT_CORPUS`, it takes the worlds of the repository. NAMEs choose by parts of the
//! names of sources and worlds; `--keep` writes the packages and components that were made below a folder; `--left-out` says
//! what can't be resolved, and why; `--wasm-tools` asks that command, too.

use dot_tests::worlds::{Source, Verdict, World, ask_wasm_tools, corpus, judge, package};
use dot_tests::{agree, root};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What was asked for.
struct Asked {
    corpora: Vec<PathBuf>,
    keep: Option<PathBuf>,
    left_out: bool,
    wasm_tools: Option<PathBuf>,
    names: Vec<String>,
}

fn main() -> ExitCode {
    let asked = asked();
    let run = std::thread::Builder::new().stack_size(agree::STACK).spawn(move || run(&asked));
    match run.ok().and_then(|thread| thread.join().ok()) {
        Some(true) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn asked() -> Asked {
    let mut asked =
        Asked { corpora: Vec::new(), keep: None, left_out: false, wasm_tools: None, names: Vec::new() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--corpus" => asked.corpora.extend(words.next().map(PathBuf::from)),
            "--keep" => asked.keep = words.next().map(PathBuf::from),
            "--wasm-tools" => asked.wasm_tools = words.next().map(PathBuf::from),
            "--left-out" => asked.left_out = true,
            _ => asked.names.push(word),
        }
    }
    if asked.corpora.is_empty() {
        asked.corpora.extend(std::env::var_os("DOT_WIT_CORPUS").map(PathBuf::from));
    }
    asked.corpora.push(root().join("tests/wit"));
    asked.corpora.push(root().join("stdlib/wit"));
    asked
}

/// Whether nothing failed.
fn run(asked: &Asked) -> bool {
    let (mut passed, mut refused, mut failed, mut left_out, mut no_oracle) = (0, 0, 0, 0, 0);
    for folder in &asked.corpora {
        let found = corpus(folder);
        left_out += found.left_out.len();
        if asked.left_out {
            found.left_out.iter().for_each(|(name, why)| println!("left out {name}\n{}", indented(why)));
        }
        for source in found.sources {
            for world in &source.worlds {
                let name = format!("{} {}", source.name, world.name);
                if !asked.names.is_empty() && !asked.names.iter().any(|part| name.contains(part.as_str())) {
                    continue;
                }
                let (mut verdict, component) = judged(&source, world, &[]);
                if let (Verdict::Passed, Some(command)) = (&verdict, &asked.wasm_tools)
                    && let Err(why) = by_command(command, &source, world, &component)
                {
                    verdict = Verdict::Failed(why);
                }
                keep(asked, &source, world, &component);
                match verdict {
                    Verdict::Passed => {
                        passed += 1;
                        println!("passed   {name}");
                    }
                    Verdict::Refused(why) => {
                        refused += 1;
                        println!("refused  {name}: {}", why.join("; "));
                        again(&source, world, &mut failed);
                    }
                    Verdict::NoOracle(why) => {
                        no_oracle += 1;
                        println!(
                            "no tool  {name}: the component tools make none, or take not even that for one: {}",
                            line(&why)
                        );
                    }
                    Verdict::Failed(why) => {
                        failed += 1;
                        println!("FAILED   {name}\n{}", indented(&why));
                    }
                }
            }
        }
    }
    println!("\n{passed} passed, {refused} refused for what the target lacks, {failed} failed");
    println!("{no_oracle} that the component tools can't make or tell themselves");
    println!("{left_out} files left out, which the component tools don't resolve either");
    failed == 0
}

/// A panic is one world's failure.
fn judged(source: &Source, world: &World, features: &[&str]) -> (Verdict, Vec<u8>) {
    let judged = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| judge(source, world, features)));
    judged.unwrap_or_else(|_| (Verdict::Failed("a panic".to_owned()), Vec::new()))
}

/// What the command says.
fn by_command(command: &Path, source: &Source, world: &World, component: &[u8]) -> Result<(), String> {
    let path = std::env::temp_dir().join(format!("dot-wit-{}.wasm", std::process::id()));
    std::fs::write(&path, component).map_err(|error| error.to_string())?;
    let answer = ask_wasm_tools(command, source, world, &path);
    std::fs::remove_file(&path).map_err(|error| error.to_string())?;
    answer
}

/// A world that was refused, for a target that has what can be had.
fn again(source: &Source, world: &World, failed: &mut u32) {
    match judged(source, world, &["fixed-length-lists", "maps"]).0 {
        Verdict::Passed => println!("         passed where the target has `fixed-length-lists` and `maps`"),
        Verdict::Refused(_) | Verdict::NoOracle(_) => {}
        Verdict::Failed(why) => {
            *failed += 1;
            println!("FAILED   with `fixed-length-lists` and `maps`\n{}", indented(&why));
        }
    }
}

fn keep(asked: &Asked, source: &Source, world: &World, component: &[u8]) {
    let Some(folder) = &asked.keep else { return };
    let safe = |name: &str| name.replace(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-', "_");
    let folder = folder.join(safe(&source.name)).join(safe(&world.name));
    for (path, text) in &package(source, world, &[]).files {
        write(&folder.join(path), text.as_bytes());
    }
    if !component.is_empty() {
        write(&folder.join("component.wasm"), component);
    }
}

fn write(path: &Path, bytes: &[u8]) {
    let made = path.parent().map(std::fs::create_dir_all).transpose();
    if let Err(error) = made.and_then(|_| std::fs::write(path, bytes)) {
        println!("{}: {error}", path.display());
    }
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn indented(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("         {line}\n")).collect()
}
