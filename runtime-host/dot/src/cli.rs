//! The command line that does not depend on a dot.
//!
//! `dot run FILE …` is special: what follows FILE belongs to the dot, whose signature is only known once FILE is
//! loaded. So the line is cut behind FILE: clap reads what stands before, [`crate::args`] what stands after. An
//! option of `dot run` is understood behind FILE too, unless the dot has a parameter of its name.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};

/// Make, run, test and inspect dots: typed, sandboxed units of computation.
#[derive(Debug, Parser)]
#[command(name = "dot", version, disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    command: SubCommand,
}

#[derive(Debug, Subcommand)]
enum SubCommand {
    /// Call a dot of a source file, a package or any WebAssembly component.
    #[command(override_usage = "dot run [OPTIONS] FILE [DOT] [--ARG VALUE]... [VALUE]...")]
    Run {
        #[command(flatten)]
        options: RunOptions,
        /// A `.dot` file, a package's folder, a component (`.wasm`) or native code (`.cwasm`).
        file: PathBuf,
    },
    /// Run the tests of a source file or a package.
    Test {
        #[command(flatten)]
        options: TestOptions,
        /// A `.dot` file, or the folder of a package or workspace.
        path: PathBuf,
    },
    /// Say what a component can do, whoever made it.
    Inspect(Inspect),
    /// Make the first files of a package, or of a program of one file.
    New(New),
    /// Format source files in place.
    Fmt(Fmt),
}

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// `dot run`.
    Run(Run),
    /// `dot test`.
    Test(Test),
    /// `dot inspect`.
    Inspect(Inspect),
    /// `dot new`.
    New(New),
    /// `dot fmt`.
    Fmt(Fmt),
}

/// `dot inspect`.
#[derive(Clone, Debug, Args)]
pub struct Inspect {
    /// A component (`.wasm`), or source, which is compiled first.
    pub file: PathBuf,
    /// How to tell it.
    #[arg(long, value_enum, value_name = "FORM")]
    pub format: Option<Output>,
}

/// `dot new`.
#[derive(Clone, Debug, Args)]
pub struct New {
    /// The folder of the package, or a `.dot` file.
    pub path: PathBuf,
    /// The package's name, `acme:geo`; `my:FOLDER` if not given.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// A folder of WIT, with its `deps`; it becomes the package's `wit/`.
    #[arg(long, value_name = "FOLDER")]
    pub wit: Option<PathBuf>,
    /// The world that the package implements, `demo:app/plugin`.
    #[arg(long, value_name = "WORLD")]
    pub world: Option<String>,
}

/// `dot fmt`.
#[derive(Clone, Debug, Args)]
pub struct Fmt {
    /// A `.dot` file, the folder of a package or workspace, or `-` for standard input to standard output.
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Writes nothing; ends with 1 where a file is not formatted.
    #[arg(long)]
    pub check: bool,
    /// Shows what would change, and writes nothing.
    #[arg(long)]
    pub diff: bool,
}

/// `dot run`.
#[derive(Debug)]
pub struct Run {
    /// The options that stand before FILE.
    pub options: RunOptions,
    /// What to run.
    pub file: PathBuf,
    /// Everything behind FILE.
    pub rest: Vec<OsString>,
}

/// `dot test`.
#[derive(Debug)]
pub struct Test {
    /// The options.
    pub options: TestOptions,
    /// What to test.
    pub path: PathBuf,
}

/// The options of `dot run`.
#[derive(Clone, Debug, Default, Args)]
pub struct RunOptions {
    /// All arguments at once: an object by parameter names, or an array; `@FILE` reads a file, `-` the standard
    /// input.
    #[arg(long, value_name = "JSON")]
    pub json: Option<String>,
    /// How to print the result.
    #[arg(long, value_enum, value_name = "FORM")]
    pub output: Option<Output>,
    /// The value of the dot's string parameter; `@FILE` reads a file.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// What runs the dot: the component in the sandbox, or one of the two interpreters that check it.
    #[arg(long, value_enum, value_name = "ENGINE")]
    pub engine: Option<EngineName>,
    /// Compile with optimisation.
    #[arg(long)]
    pub release: bool,
    #[command(flatten)]
    pub sandbox: SandboxOptions,
    /// Compile so that the values at a trap can be read in a program with imports too. It runs several times
    /// slower; a program without imports tells its values anyway.
    #[arg(long)]
    pub values: bool,
    /// Trust FILE to be native code that `dot` made itself. Such code is not checked.
    #[arg(long)]
    pub allow_precompiled: bool,
    /// Say what there is and what it takes. Behind FILE: the dot's own help.
    #[arg(skip)]
    pub help: bool,
}

/// The options of `dot test`.
#[derive(Clone, Debug, Default, Args)]
pub struct TestOptions {
    /// Tests the workspace that the folder holds beside a package.
    #[arg(long)]
    pub workspace: bool,
    /// Only the tests whose name contains this.
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// How many cases of each property are run.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub cases: u32,
    /// What the values of properties are made from: the same seed gives the same values.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// How many tests run at once; as many as there are cores if not given.
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// How to tell what came out.
    #[arg(long, value_enum, value_name = "FORM")]
    pub output: Option<Output>,
    /// Also write what came out to a file, as XML after JUnit's.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Compile with optimisation.
    #[arg(long)]
    pub release: bool,
    #[command(flatten)]
    pub sandbox: SandboxOptions,
}

/// What a program may do and use.
#[derive(Clone, Debug, Default, Args)]
pub struct SandboxOptions {
    /// Grant a capability; several with commas, or the option several times. stdin, stdout, stderr, env, args,
    /// clock, random, fs=DIR, fs:ro=DIR, net
    #[arg(long, value_name = "CAPABILITY")]
    pub allow: Vec<String>,
    /// Stop after this many seconds; a test stops after 60 if not given. Checking the time makes code somewhat
    /// slower.
    #[arg(long, value_name = "SECONDS")]
    pub timeout: Option<f64>,
    /// Memory in MiB, 1024 if not given.
    #[arg(long, value_name = "MIB")]
    pub memory: Option<usize>,
    /// Stop after this many instructions.
    #[arg(long, value_name = "COUNT")]
    pub fuel: Option<u64>,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// As Dot writes it.
    Text,
    /// As JSON.
    Json,
}

/// What runs a dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EngineName {
    /// The compiled component, in the sandbox.
    Wasm,
    /// The interpreter of the middle representation, which also counts references.
    Mir,
    /// The evaluator that the language is defined by.
    Eval,
}

/// Reads the command line.
pub fn parse(line: impl Iterator<Item = OsString>) -> Result<Command, clap::Error> {
    let mut front: Vec<OsString> = line.collect();
    let rest = match front.get(1).and_then(|word| word.to_str()) {
        Some("run") => {
            let end = 2 + end_of_file_argument(front.get(2..).unwrap_or_default());
            front.split_off(end.min(front.len()))
        }
        _ => Vec::new(),
    };
    Ok(match Line::try_parse_from(front)?.command {
        SubCommand::Run { options, file } => Command::Run(Run { options, file, rest }),
        SubCommand::Test { options, path } => Command::Test(Test { options, path }),
        SubCommand::Inspect(inspect) => Command::Inspect(inspect),
        SubCommand::New(new) => Command::New(new),
        SubCommand::Fmt(fmt) => Command::Fmt(fmt),
    })
}

/// How many words there are up to the first that is neither an option nor an option's value, included.
fn end_of_file_argument(words: &[OsString]) -> usize {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        match option_name(word) {
            None => return at,
            Some((name, has_value)) if !has_value && option_takes_value(name) == Some(true) => at += 1,
            Some(_) => {}
        }
    }
    at
}

/// The name of a word that is an option, and whether it carries its value (`--name=value`).
pub fn option_name(word: &OsStr) -> Option<(&str, bool)> {
    let name = word.to_str()?.strip_prefix("--").filter(|n| !n.is_empty());
    match name {
        Some(name) => Some(name.split_once('=').map_or((name, false), |(n, _)| (n, true))),
        None if word == "-h" => Some(("help", false)),
        None => None,
    }
}

/// Whether an option of `dot run` takes a value; nothing if there is no such option.
pub fn option_takes_value(name: &str) -> Option<bool> {
    let command = RunOptions::augment_args(clap::Command::new("dot run"));
    let option = command.get_arguments().find(|a| a.get_long() == Some(name));
    option.map(|a| a.get_action().takes_values()).or((name == "help").then_some(false))
}

/// Reads options of `dot run` that stood behind FILE and adds them to those before it.
pub fn add_options(options: &mut RunOptions, words: Vec<OsString>) -> Result<(), clap::Error> {
    let (help, words): (Vec<_>, Vec<_>) =
        words.into_iter().partition(|w| option_name(w).is_some_and(|(n, _)| n == "help"));
    options.help |= !help.is_empty();
    let command = RunOptions::augment_args(clap::Command::new("dot run").no_binary_name(true));
    let more = RunOptions::from_arg_matches(&command.try_get_matches_from(words)?)?;
    options.json = more.json.or(options.json.take());
    options.output = more.output.or(options.output);
    options.text = more.text.or(options.text.take());
    options.engine = more.engine.or(options.engine);
    options.release |= more.release;
    options.values |= more.values;
    options.allow_precompiled |= more.allow_precompiled;
    let sandbox = &mut options.sandbox;
    sandbox.allow.extend(more.sandbox.allow);
    sandbox.timeout = more.sandbox.timeout.or(sandbox.timeout);
    sandbox.memory = more.sandbox.memory.or(sandbox.memory);
    sandbox.fuel = more.sandbox.fuel.or(sandbox.fuel);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &[&str]) -> Run {
        match parse(line.iter().map(OsString::from)) {
            Ok(Command::Run(run)) => run,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_line_is_cut_behind_the_file() {
        let run =
            run(&["dot", "run", "--output", "json", "--release", "a.wasm", "f", "--output", "x", "--help"]);
        assert_eq!(run.file, PathBuf::from("a.wasm"));
        assert_eq!(run.options.output, Some(Output::Json));
        assert!(run.options.release);
        assert_eq!(run.rest, ["f", "--output", "x", "--help"]);
    }

    #[test]
    fn values_may_be_glued() {
        let run = run(&["dot", "run", "--allow=stdout", "--allow", "clock", "a.wasm"]);
        assert_eq!(run.options.sandbox.allow, ["stdout", "clock"]);
    }

    #[test]
    fn options_behind_the_file_are_added() {
        let mut options = RunOptions::default();
        let words = ["--allow", "clock", "--help", "--json=[1]"].map(OsString::from).to_vec();
        assert!(add_options(&mut options, words).is_ok());
        assert!(options.help);
        assert_eq!(options.json.as_deref(), Some("[1]"));
        assert_eq!(options.sandbox.allow, ["clock"]);
    }
}
