//! Whether a program means the same on every engine: what is compared with random programs, and when one is made smaller.

use crate::fuzz::LoneFile;
use crate::warm;
use dot_driver::{BuildError, CallError, Emit, Interpreter, Limits, Profile, Session, Target};
use dot_generate::model::Call;
use dot_host::{Engine, EngineOptions, Failure, Metering, Program, Settings, from_json, show};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::OnceLock;

/// An engine. The evaluator, which says what is right, is not among them: it always runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// The interpreter of counted MIR, which finds leaks, double frees and uses after free.
    Mir,
    /// The same, of optimised MIR.
    OptimisedMir,
    /// The component in the host, as it comes.
    Wasm,
    /// The component in the host, optimised.
    Release,
}

impl Other {
    /// All of them.
    pub const ALL: [Other; 4] = [Other::Mir, Other::OptimisedMir, Other::Wasm, Other::Release];

    /// The name in messages and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Other::Mir => "mir",
            Other::OptimisedMir => "optimised-mir",
            Other::Wasm => "wasm",
            Other::Release => "release",
        }
    }

    /// Whether what it runs was optimised, so that another trap of one region may come first.
    fn is_optimised(self) -> bool {
        matches!(self, Other::OptimisedMir | Other::Release)
    }
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It gave a value, printed.
    Value(String),
    /// It trapped, or the language's limit of depth was reached: the kind, and where.
    Trap(String, Option<String>),
    /// It reached a limit of the test, which says nothing.
    Limit,
    /// The engine found something wrong with itself.
    Fault(String),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Value(text) => write!(f, "{text}"),
            End::Trap(kind, place) => write!(f, "trap {kind} at {}", place.as_deref().unwrap_or("?")),
            End::Limit => write!(f, "a limit"),
            End::Fault(what) => write!(f, "FAULT {what}"),
        }
    }
}

/// What is wrong with a program, or with the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing it is: a program that is made smaller has to keep it.
    pub kind: String,
    /// What happened.
    pub what: String,
}

/// What a program that holds did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Calls that gave a value.
    pub values: usize,
    /// Calls that trapped.
    pub traps: usize,
    /// Calls that reached a limit, and so showed nothing.
    pub limits: usize,
}

/// How much an engine may do before its answer no longer counts: steps of an interpreter, instructions of wasm.
const STEPS: u64 = 300_000;

/// Compiles a program and compares the engines on every call.
///
/// # Errors
///
/// With what the compiler refused, or the first call on which an engine disagrees with the evaluator.
pub fn examine(source: &str, calls: &[Call], others: &[Other]) -> Result<Tally, Finding> {
    let examined = catch_unwind(AssertUnwindSafe(|| examine_unguarded(source, calls, others)));
    examined.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(finding("panic", text.unwrap_or_default()))
    })
}

fn finding(kind: &str, what: impl Into<String>) -> Finding {
    Finding { kind: kind.to_owned(), what: what.into() }
}

fn examine_unguarded(source: &str, calls: &[Call], others: &[Other]) -> Result<Tally, Finding> {
    let session = warm::open(&LoneFile(source.as_bytes()), Path::new(LoneFile::PATH))
        .map_err(|error| finding("open", error.to_string()))?;
    let report = session.check();
    if report.has_errors() {
        let errors = report.diagnostics().iter().filter(|diagnostic| diagnostic.is_error());
        let codes: BTreeSet<&str> = errors.map(|error| error.code.as_str()).collect();
        let codes: Vec<_> = codes.into_iter().collect();
        let text = report.render(dot_diagnostics::render::Colour::Never);
        return Err(finding(&format!("refused: {}", codes.join(", ")), text));
    }
    let build = |other: &Other, which, profile| -> Result<Option<Compiled>, Finding> {
        if *other == which { Compiled::new(&session, profile).map(Some) } else { Ok(None) }
    };
    let mut engines = Vec::new();
    for other in others {
        let compiled = match build(other, Other::Wasm, Profile::Debug)? {
            None => build(other, Other::Release, Profile::Release)?,
            compiled => compiled,
        };
        engines.push((*other, compiled));
    }
    let mut tally = Tally::default();
    for call in calls {
        let args = call.args.iter().map(|text| serde_json::from_str(text)).collect::<Result<Vec<Json>, _>>();
        let args = args.map_err(|error| finding("arguments", format!("{call:?}: {error}")))?;
        let meant = interpret(&session, Interpreter::Eval, call, &args);
        match &meant {
            End::Value(_) => tally.values += 1,
            End::Trap(..) => tally.traps += 1,
            End::Limit => {
                tally.limits += 1;
                continue;
            }
            End::Fault(what) => return Err(finding("eval: fault", format!("{}: {what}", shown(call)))),
        }
        for (other, compiled) in &engines {
            let end = match (other, compiled) {
                (Other::OptimisedMir, _) => interpret(&session, Interpreter::OptimisedMir, call, &args),
                (_, Some(compiled)) => compiled.run(call, &args),
                _ => interpret(&session, Interpreter::Mir, call, &args),
            };
            compare(*other, call, &meant, &end)?;
        }
    }
    Ok(tally)
}

fn shown(call: &Call) -> String {
    format!("{}({})", call.dot, call.args.join(", "))
}

/// Whether an engine did what was meant. Optimised, another trap may come first: only that there is one has to
/// be the same; unoptimised, its kind and its place have to be.
fn compare(other: Other, call: &Call, meant: &End, end: &End) -> Result<(), Finding> {
    let agrees = match (meant, end) {
        (_, End::Limit) => true,
        (End::Trap(a, _), End::Trap(b, _)) if other.is_optimised() => a == b,
        (End::Trap(a, at), End::Trap(b, there)) => a == b && (at.is_none() || there.is_none() || at == there),
        (meant, end) => meant == end,
    };
    if agrees {
        return Ok(());
    }
    let sort = |end: &End| match end {
        End::Value(_) => "value",
        End::Trap(..) => "trap",
        End::Limit => "limit",
        End::Fault(what) if what.contains("Leak") => "leak",
        End::Fault(_) => "fault",
    };
    let kind = format!("{}: {} for {}", other.name(), sort(end), sort(meant));
    let what = format!("{}\n  eval: {meant}\n  {}: {end}", shown(call), other.name());
    Err(finding(&kind, what))
}

fn interpret(session: &Session, interpreter: Interpreter, call: &Call, args: &[Json]) -> End {
    // An interpreter of MIR takes several steps for one of the evaluator's.
    let fuel = if interpreter == Interpreter::Eval { STEPS } else { STEPS * 100 };
    let limits = Limits { fuel, bytes: 1 << 24, ..Limits::PROGRAM };
    match session.interpret(interpreter, &Target::Dot(None, call.dot.clone()), args, limits) {
        Ok(returned) => End::Value(returned.printed),
        Err(CallError::Failed(failed)) if failed.is_limit && failed.kind != "depth" => End::Limit,
        Err(CallError::Failed(failed)) => {
            let place = failed.trace.first();
            End::Trap(
                failed.kind.to_owned(),
                place.map(|at| format!("{}:{}:{}", at.file, at.line, at.column)),
            )
        }
        Err(error) => End::Fault(format!("{error:?}")),
    }
}

/// A component in the host.
struct Compiled(Program);

/// The host's compiler: one for all programs.
fn host() -> Result<&'static Engine, String> {
    static HOST: OnceLock<Result<Engine, String>> = OnceLock::new();
    let options = EngineOptions { metering: Metering::Fuel, ..EngineOptions::QUICK };
    let make = || Engine::new(options).map_err(|failure| failure.to_string());
    HOST.get_or_init(make).as_ref().map_err(Clone::clone)
}

impl Compiled {
    fn new(session: &Session, profile: Profile) -> Result<Self, Finding> {
        let built = session.build(profile, Emit::Component, false).map_err(|error| match error {
            BuildError::DoesNotCompile(report) => {
                finding("refused by build", report.render(dot_diagnostics::render::Colour::Never))
            }
            BuildError::Refused(what) | BuildError::Defect(what) => {
                finding(&format!("defect in {profile:?}"), what)
            }
        })?;
        let loaded = host().and_then(|engine| {
            Program::from_bytes(engine, built.bytes).map_err(|failure| failure.to_string())
        });
        loaded.map(Compiled).map_err(|what| finding(&format!("not loaded: {profile:?}"), what))
    }

    fn run(&self, call: &Call, args: &[Json]) -> End {
        let Some(dot) = self.0.dots().iter().find(|dot| dot.dot == call.dot) else {
            return End::Fault("there is no such dot".to_owned());
        };
        let values = dot.params.iter().zip(args).map(|(param, json)| from_json(&param.name, json, &param.ty));
        let values = match values.collect::<Result<Vec<_>, _>>() {
            Ok(values) => values,
            Err(error) => return End::Fault(error.to_string()),
        };
        let limits = dot_host::Limits { fuel: Some(STEPS * 1_000), ..dot_host::Limits::default() };
        match self.0.call(dot, &values, &Settings { limits, ..Settings::default() }) {
            Ok(value) => {
                let shown = value.as_ref().zip(dot.result.as_ref()).map(|(value, ty)| show(value, ty));
                End::Value(shown.unwrap_or_else(|| "()".to_owned()))
            }
            Err(Failure::Trap(trap)) => {
                let place = trap.span.map(|span| format!("{}:{}:{}", span.file, span.line, span.column));
                End::Trap(trap.kind, place)
            }
            Err(Failure::Resource(resource)) if resource.kind.name() == "depth" => {
                End::Trap("depth".to_owned(), None)
            }
            Err(Failure::Resource(_)) => End::Limit,
            Err(other) => End::Fault(other.to_string()),
        }
    }
}
