//! `dot run`.

use std::ffi::OsString;

use dot_host::{Dot, Failure, Program, Ty, Val, conceal, from_json, literal, show, to_json};
use serde_json::Value as Json;

use crate::args::{self, Words};
use crate::cli::{self, EngineName, Output, Run, RunOptions};
use crate::compiler::{Compiler, Driver, Interpretation, Interpreter};
use crate::load::{self, Kind, Stopped};
use crate::pick::{full_name, pick};
use crate::{exit, help, report};

/// Runs the command and gives the exit code.
pub fn run(run: &Run) -> u8 {
    run_with(&Driver, run).unwrap_or_else(Stopped::tell)
}

fn run_with(compiler: &dyn Compiler, run: &Run) -> Result<u8, Stopped> {
    let kind = load::kind(&run.file)?;
    let early = early_options(run);
    if kind == Kind::Precompiled && !early.allow_precompiled {
        let message =
            "native code runs outside the sandbox's checks; give `--allow-precompiled` if it is your own";
        return Err(Stopped::usage(format!("{}: {message}", run.file.display())));
    }
    let program = load::program(compiler, &run.file, kind, &early)?;
    let (dot, words) = choose(&program, run)?;
    let mut options = run.options.clone();
    let Some(dot) = dot else {
        report::result(&help::of_file(&run.file.display().to_string(), program.dots()));
        return Ok(exit::OK);
    };
    let mut words = Words::sort(dot, words).map_err(|e| with_usage(&e, dot))?;
    add_options(&mut options, std::mem::take(&mut words.options))?;
    if options.help {
        report::result(&help::of_dot(&run.file.display().to_string(), program.dots(), dot));
        return Ok(exit::OK);
    }
    if let Some(param) = dot.params.iter().find(|p| !p.ty.is_data()) {
        return Err(Stopped::usage(format!(
            "`{}` takes a {} (`{}`), which can't be given on a command line",
            dot.dot, param.ty, param.dot
        )));
    }
    let json = options.json.as_deref().map(read_json).transpose()?;
    let args = words
        .arguments(dot, json.as_ref(), options.text.clone())
        .map_err(|problems| with_usage(&problems.join("\nerror: "), dot))?;
    let broken = dot_host::constraint::broken(dot, &args);
    if !broken.is_empty() {
        return Err(with_usage(&broken.join("\nerror: "), dot));
    }
    let result = match options.engine.unwrap_or(EngineName::Wasm) {
        EngineName::Wasm => program.call(dot, &args, &load::settings(&options.sandbox)?),
        EngineName::Mir => interpret(compiler, run, kind, Interpreter::Mir, dot, &args)?,
        EngineName::Eval => interpret(compiler, run, kind, Interpreter::Eval, dot, &args)?,
    };
    Ok(match result {
        Ok(value) => print(value.as_ref(), dot.result.as_ref(), options.output.unwrap_or(Output::Text)),
        Err(failure) => {
            report::failure(&failure, &load::source_roots(&run.file));
            exit::of(&failure)
        }
    })
}

/// The options that are needed before the dot's signature is known: those before FILE, and those behind it that
/// are options whatever the dot's parameters are called, or read as such.
fn early_options(run: &Run) -> RunOptions {
    let mut options = run.options.clone();
    let mut words = Vec::new();
    let mut rest = run.rest.iter();
    while let Some(word) = rest.next() {
        let Some((name, has_value)) = cli::option_name(word) else { continue };
        if matches!(name, "release" | "values" | "allow-precompiled" | "timeout" | "fuel") {
            words.push(word.clone());
            if cli::option_takes_value(name) == Some(true) && !has_value {
                words.extend(rest.next().cloned());
            }
        }
    }
    // If they can't be read they are told later, when it is known that they are not the dot's.
    let _ = cli::add_options(&mut options, words);
    options
}

fn add_options(options: &mut RunOptions, words: Vec<OsString>) -> Result<(), Stopped> {
    cli::add_options(options, words).map_err(|e| Stopped { message: e.to_string(), code: exit::USAGE })
}

/// The dot that is meant, and the words that remain; no dot where only help for the file is wanted.
fn choose<'a>(program: &'a Program, run: &Run) -> Result<(Option<&'a Dot>, Vec<OsString>), Stopped> {
    let first = run.rest.first().and_then(|word| word.to_str());
    let word = first.filter(|word| !word.starts_with('-'));
    let wants_help = matches!(first, Some("--help" | "-h"));
    match pick(program.dots(), word) {
        Ok((dot, was_named)) => {
            Ok((Some(dot), run.rest.iter().skip(usize::from(was_named)).cloned().collect()))
        }
        Err(_) if wants_help => Ok((None, Vec::new())),
        Err(message) => Err(Stopped::usage(format!("{}: {message}", run.file.display()))),
    }
}

fn with_usage(problem: &str, dot: &Dot) -> Stopped {
    Stopped::usage(format!("{problem}\nhelp: `--help` behind `{}` tells what it takes", full_name(dot)))
}

/// Reads the value of `--json`.
fn read_json(text: &str) -> Result<Json, Stopped> {
    let content = match (text, text.strip_prefix('@')) {
        ("-", _) => args::read("-"),
        (_, Some(path)) => args::read(path),
        _ => Ok(text.to_string()),
    };
    let content = content.map_err(|e| Stopped::usage(format!("`--json`: {text}: {e}")))?;
    dot_host::read_json(&content).map_err(|e| Stopped::usage(format!("`--json`: {e}")))
}

fn interpret(
    compiler: &dyn Compiler,
    run: &Run,
    kind: Kind,
    interpreter: Interpreter,
    dot: &Dot,
    args: &[Val],
) -> Result<Result<Option<Val>, Failure>, Stopped> {
    if kind != Kind::Source {
        return Err(Stopped::usage(
            "the interpreters run source: `--engine` needs a `.dot` file or a package",
        ));
    }
    let given = args;
    let args = args.iter().zip(&dot.params).map(|(value, param)| to_json(value, &param.ty)).collect();
    let interface = dot.interface.as_deref();
    let call = Interpretation { interpreter, interface, name: &dot.name, args };
    let json = match compiler.interpret(&run.file, &call)? {
        Ok(json) => json,
        Err(failure) => return Ok(Err(conceal(dot, given, failure))),
    };
    match &dot.result {
        None => Ok(Ok(None)),
        Some(ty) => match from_json("result", &json, ty) {
            Ok(value) => Ok(Ok(Some(value))),
            Err(e) => Err(Stopped { message: format!("error: this is a bug in dot: {e}"), code: exit::BUG }),
        },
    }
}

/// Prints a result and gives the exit code. A `result` is an answer or a failure: as text, `ok(x)` is x on the
/// standard output and `err(e)` is e on the standard error; as JSON it is whole, on the standard output.
fn print(value: Option<&Val>, ty: Option<&Ty>, output: Output) -> u8 {
    let (Some(value), Some(ty)) = (value, ty) else { return print_unit(output) };
    let code = if matches!(value, Val::Result(Err(_))) { exit::ERR } else { exit::OK };
    match (output, value, ty) {
        (Output::Json, ..) => report::result(&to_json(value, ty).to_string()),
        (Output::Text, Val::Result(Ok(inner)), Ty::Result(ok, _)) => {
            if let (Some(inner), Some(ok)) = (inner, ok) {
                print_text(inner, ok);
            }
        }
        (Output::Text, Val::Result(Err(inner)), Ty::Result(_, err)) => match (inner, err) {
            (Some(inner), Some(err)) => report::error(&show(inner, err)),
            _ => report::error("the dot gave an error and said nothing about it"),
        },
        (Output::Text, ..) => print_text(value, ty),
    }
    code
}

fn print_unit(output: Output) -> u8 {
    if output == Output::Json {
        report::result("null");
    }
    exit::OK
}

fn print_text(value: &Val, ty: &Ty) {
    match value {
        Val::Tuple(parts) if parts.is_empty() => {}
        Val::String(_) | Val::Char(_) => report::result(&show(value, ty)),
        _ => report::result(&literal(value, ty)),
    }
}
