//! What others say about the components: wasm-tools validates and reads them, the wasmtime command calls them.
//!
//! The commands are installed by `cargo xtask test --full`, which names their folder in `DOT_TOOLS`; in the first
//! tier these tests pass without having asked anybody.

use dot_driver::{Emit, OsFiles, Profile, Session};
use dot_tests::texts::Texts;
use dot_tests::worlds::{Verdict, ask_wasm_tools, corpus, judge};
use dot_tests::{files, root};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The features that the host has and no others; "all" would let pass what no host runs.
const FEATURES: &str = "wasm3,component-model,cm-async";

/// A command of the full tier.
///
/// # Panics
///
/// When the tier is run without it.
fn command(name: &str) -> Option<PathBuf> {
    let tier = std::env::var("DOT_TEST_TIER").unwrap_or_default();
    if !matches!(tier.as_str(), "full" | "nightly") {
        println!("{name} is asked by `cargo xtask test --full`");
        return None;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(std::env::var_os("DOT_TOOLS").map(PathBuf::from));
    let found = folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file());
    Some(found.unwrap_or_else(|| panic!("{name} is not installed; `cargo xtask test --full` does that")))
}

/// Runs a command: what it prints, or what it says when it fails.
fn ask(command: &Path, args: &[&str]) -> Result<String, String> {
    let output = Command::new(command).args(args).output().map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// The examples and the sample programs: lone files, and folders with a manifest.
fn programs() -> Vec<PathBuf> {
    let folders = ["examples", "tests/programs"].map(|folder| root().join(folder));
    let manifests: Vec<PathBuf> = folders.iter().flat_map(|folder| files(folder, "toml")).collect();
    let mut packages: Vec<PathBuf> = manifests
        .iter()
        .filter(|file| file.file_name().is_some_and(|name| name == "Dot.toml"))
        .filter_map(|file| file.parent().map(Path::to_path_buf))
        .collect();
    let lone = folders.iter().flat_map(|folder| files(folder, "dot"));
    let lone: Vec<PathBuf> =
        lone.filter(|file| !packages.iter().any(|package| file.starts_with(package))).collect();
    packages.extend(lone);
    packages
}

/// A folder of its own for a test's files.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("dot-others-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    /// Builds a program into the folder; none when it has no dots or doesn't compile.
    fn build(&self, program: &Path, profile: Profile) -> Option<String> {
        let session = Session::open(&OsFiles, program).unwrap_or_else(|error| panic!("{error}"));
        let built = session.build(profile, Emit::Component, false).ok()?;
        let stem = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let path = self.0.join(format!("{stem}-{profile:?}.wasm"));
        std::fs::write(&path, built.bytes).expect("a file");
        Some(path.display().to_string())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn wasm_tools_validates_every_program_and_reads_its_interface() {
    let Some(tools) = command("wasm-tools") else { return };
    let folder = Folder::new("validate");
    let (mut asked, mut wrong) = (0, Vec::new());
    for program in programs() {
        for profile in [Profile::Debug, Profile::Release] {
            let Some(component) = folder.build(&program, profile) else {
                wrong.push(format!("{} does not compile", program.display()));
                continue;
            };
            asked += 1;
            let name = program.display();
            if let Err(why) = ask(&tools, &["validate", "--features", FEATURES, &component]) {
                wrong.push(format!("{name}, {profile:?}: {why}"));
            }
            match ask(&tools, &["component", "wit", &component]) {
                Ok(wit) if wit.contains("package root:component") && wit.contains("export ") => {}
                Ok(wit) => wrong.push(format!("{name}, {profile:?}: it exports nothing:\n{wit}")),
                Err(why) => wrong.push(format!("{name}, {profile:?}: {why}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked >= 12, "only {asked} components");
    println!("{asked} components are valid");
}

#[test]
// r[wit.world.implement]
fn wasm_tools_takes_components_for_what_they_implement() {
    let Some(tools) = command("wasm-tools") else { return };
    let folder = Folder::new("worlds");
    let (mut asked, mut wrong) = (0, Vec::new());
    for source in &corpus(&root().join("tests/wit")).sources {
        for world in &source.worlds {
            let (Verdict::Passed, component) = judge(source, world, &[]) else { continue };
            let path = folder.0.join(format!("{asked}.wasm"));
            std::fs::write(&path, component).expect("a file");
            asked += 1;
            if let Err(why) = ask_wasm_tools(&tools, source, world, &path) {
                wrong.push(format!("{}: {why}", world.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked >= 16, "only {asked} worlds");
}

/// A command that prints its arguments, a variable and a file, and fails where there is no file.
const COMMAND: &str = r#"
use wasi:cli/environment@0.2.12 as environment
use wasi:cli/stdout@0.2.12 as stdout
use wasi:io/streams@0.2.12 as streams
use wasi:filesystem/preopens@0.2.12 as preopens
use wasi:filesystem/types@0.2.12 as files

export wasi:cli/run@0.2.12 as command

/// Prints its arguments, a variable and a file; fails where there is no file.
dot command.run() -> result<(), ()> uses environment + stdout + streams + preopens + files {
  let args = environment.get_arguments()
  say("{args}")
  for (name, value) in environment.get_environment() {
    if name == "WHO" { say(value) }
  }
  for (folder, _) in preopens.get_directories() {
    let opened = folder.open_at(files.PathFlags.none(), "note.txt", files.OpenFlags.none(), files.DescriptorFlags.Read)
    let ok(file) = opened else { return err(()) }
    let ok(read) = file.read(100, 0) else { return err(()) }
    say(string.from_utf8(read.0) ?? "no text")
    return ok()
  }
  err(())
}

fn say(text: string) uses stdout + streams {
  let _ = stdout.get_stdout().blocking_write_and_flush("{text}\n".bytes())
}
"#;

#[test]
// r[wit.world.implement]
fn wasmtime_runs_a_command_with_arguments_environment_and_files() {
    let Some(wasmtime) = command("wasmtime") else { return };
    let folder = Folder::new("command");
    let manifest =
        "name = \"acme:cmd\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\nworld = \"wasi:cli/command\"\n";
    let component =
        Texts(&[("Dot.toml", manifest), ("src/main.dot", COMMAND)]).build(Profile::Release, Emit::Component);
    let path = |name: &str| folder.0.join(name).display().to_string();
    std::fs::write(path("cmd.wasm"), component).expect("a file");
    std::fs::create_dir_all(path("given")).expect("a folder");
    std::fs::write(path("given/note.txt"), "a note").expect("a file");
    let with_folder = format!("--dir={}::/", path("given"));
    let cmd = path("cmd.wasm");
    let printed = ask(&wasmtime, &["run", "--env", "WHO=me", &with_folder, &cmd, "one", "two"]);
    let printed = printed.expect("it ends well");
    // The first argument is the component's own name.
    assert!(printed.ends_with(", \"one\", \"two\"]\nme\na note\n"), "{printed}");
    let failed = Command::new(&wasmtime).args(["run", &cmd]).output().expect("wasmtime runs");
    assert_eq!(failed.status.code(), Some(1), "there is no file");
}

/// Calls in WAVE, the notation of the component tools, and what must come out: the expectations of
/// `tests/examples`, written in that notation by hand.
const CALLS: &[(&str, &str, &str)] = &[
    ("hello", "hello(\"Ada\")", "\"Hello, Ada!\""),
    ("hello", "hello(\"\")", "\"Hello, !\""),
    ("calc", "calc(\"1.5 * (2 - 0.25) / 7\")", "ok(0.375)"),
    ("calc", "calc(\"1 / (2 - 2)\")", "err(divide-by-zero)"),
    ("nbody", "nbody(0)", "\"-0.169075164\\n-0.169075164\""),
    (
        "todo",
        "add([], \"  milk \", [\"shop\"])",
        "ok([{id: 1, title: \"milk\", done: false, tags: [\"shop\"]}])",
    ),
];

#[test]
fn wasmtime_calls_the_examples() {
    let Some(wasmtime) = command("wasmtime") else { return };
    let folder = Folder::new("invoke");
    for (example, call, expected) in CALLS {
        for profile in [Profile::Debug, Profile::Release] {
            let program = root().join(format!("examples/{example}.dot"));
            let component = folder.build(&program, profile).expect("examples compile");
            let printed = ask(&wasmtime, &["run", "--invoke", call, &component]);
            assert_eq!(printed.as_deref().map(str::trim), Ok(*expected), "{example}, {profile:?}: {call}");
        }
    }
}
