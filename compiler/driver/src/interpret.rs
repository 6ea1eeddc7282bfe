//! Calls on the two interpreters: the evaluator, which says what the language means, and the MIR interpreter, which
//! checks the counts.

use crate::exports;
use crate::session::Session;
use dot_component::interface::ExportedDot;
use dot_component::json::{from_json, to_json};
use dot_component::surface;
use dot_db::{Database, Item};
use dot_eval::{Cause, Limits, Value};
use dot_mir::{Level, interp};
use dot_types::thir::ExprId;
use serde_json::Value as Json;

/// Which interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpreter {
    /// The reference evaluator over typed HIR.
    Eval,
    /// The interpreter of counted MIR.
    Mir,
    /// The same, of optimised MIR.
    OptimisedMir,
}

/// What is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A dot, by the WIT names of its interface and itself. Without an interface, the only one of that name.
    Dot(Option<String>, String),
    /// The n-th test of the package, in the order of [`Session::tests`].
    Test(usize),
}

/// What a call gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Returned {
    /// As interpolation prints it.
    pub printed: String,
    /// As JSON; none for what has no such form.
    pub json: Option<Json>,
}

/// Why a call gave nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum CallError {
    /// There is no such dot or test.
    Unknown,
    /// The arguments don't fit.
    Arguments(String),
    /// The program ended itself, or reached a limit.
    Failed(Failed),
    /// A defect: of the counts, or of the interpreter.
    Defect(String),
}

/// How a program ended without a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The kind of trap or limit: `overflow`, `depth`.
    pub kind: &'static str,
    /// Whether it was a limit.
    pub is_limit: bool,
    /// What it says.
    pub message: String,
    /// The calls that were open, innermost first.
    pub trace: Vec<Frame>,
}

/// An open call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The function.
    pub function: String,
    /// Its file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in chars.
    pub column: u32,
}

impl Session {
    /// Calls a dot or a test on an interpreter.
    ///
    /// # Errors
    ///
    /// See [`CallError`]. A package with errors has nothing to call: [`CallError::Unknown`].
    pub fn interpret(
        &self,
        interpreter: Interpreter,
        target: &Target,
        args: &[Json],
        limits: Limits,
    ) -> Result<Returned, CallError> {
        call(self, interpreter, target, args, limits)
    }
}

fn call(
    session: &Session,
    interpreter: Interpreter,
    target: &Target,
    args: &[Json],
    limits: Limits,
) -> Result<Returned, CallError> {
    if session.check().has_errors() {
        return Err(CallError::Unknown);
    }
    let db = session.db();
    let dot = find(session, target).ok_or(CallError::Unknown)?;
    if dot.params.len() != args.len() {
        let (wanted, given) = (dot.params.len(), args.len());
        return Err(CallError::Arguments(format!(
            "`{}` takes {wanted} arguments, {given} are given",
            dot.name
        )));
    }
    let mut values = Vec::new();
    for ((name, ty), json) in dot.params.iter().zip(args) {
        let value =
            from_json(db, json, *ty).map_err(|error| CallError::Arguments(format!("`{name}`: {error}")))?;
        values.push(value);
    }
    let value = match interpreter {
        Interpreter::Eval if matches!(target, Target::Dot(..)) => {
            dot_eval::call_from_outside(&dot_eval::Queries(db), dot.item, values, limits)
        }
        Interpreter::Eval => dot_eval::call(&dot_eval::Queries(db), dot.item, &[], values, limits),
        Interpreter::Mir => return call_mir(db, &dot, values, limits, Level::Debug),
        Interpreter::OptimisedMir => return call_mir(db, &dot, values, limits, Level::Release),
    };
    let value = value.map_err(|failure| failed(db, failure.cause, &failure.trace))?;
    Ok(returned(db, &dot, &value))
}

fn call_mir<'db>(
    db: &'db Database,
    dot: &ExportedDot<'db>,
    args: Vec<Value<'db>>,
    limits: Limits,
    level: Level,
) -> Result<Returned, CallError> {
    let instance = crate::link::instance(db, dot.item);
    match interp::call(db, instance, args, limits, level) {
        Ok(outcome) => match outcome.values.first() {
            Some(value) => Ok(returned(db, dot, value)),
            None => Err(CallError::Defect("a call without a result".to_owned())),
        },
        Err(interp::Failure::Trap { kind, message, site }) => Err(CallError::Failed(Failed {
            kind: kind.name(),
            is_limit: false,
            message: message.unwrap_or_default(),
            trace: site.map(|site| frame(db, site.item, site.expr)).into_iter().collect(),
        })),
        Err(interp::Failure::Limit(limit)) => Err(CallError::Failed(Failed {
            kind: limit.name(),
            is_limit: true,
            message: String::new(),
            trace: Vec::new(),
        })),
        Err(interp::Failure::Import(item)) => Err(only_a_host_has(item.name(db))),
        Err(interp::Failure::Fault(fault)) => Err(CallError::Defect(format!("{fault:?}"))),
    }
}

fn only_a_host_has(name: &str) -> CallError {
    CallError::Defect(format!("`{name}` is imported, and only a host has it"))
}

fn returned<'db>(db: &'db Database, dot: &ExportedDot<'db>, value: &Value<'db>) -> Returned {
    let printed = dot_eval::show(&dot_eval::Queries(db), value, dot.result);
    Returned { printed, json: to_json(db, value, dot.result) }
}

fn find<'db>(session: &'db Session, target: &Target) -> Option<ExportedDot<'db>> {
    let (db, package) = (session.db(), session.package());
    match target {
        Target::Dot(interface, name) => {
            let surface = surface(db, package, &exports::dots(db, package));
            let fits = |i: &&dot_component::interface::Interface<'_>| {
                interface.as_ref().is_none_or(|n| *n == i.name)
            };
            let own = surface.interfaces.iter().filter(fits).flat_map(|i| &i.dots);
            let others = surface.exported.iter().filter(|i| interface.as_ref().is_none_or(|n| *n == i.id));
            let mut found = own.chain(others.flat_map(|i| &i.dots)).filter(|d| d.name == *name);
            let dot = found.next()?.clone();
            found.next().is_none().then_some(dot)
        }
        Target::Test(index) => {
            let surface = surface(db, package, &exports::tests(db, package));
            surface.interfaces.into_iter().flat_map(|i| i.dots).nth(*index)
        }
    }
}

fn failed(db: &Database, cause: Cause, trace: &[(Item<'_>, ExprId)]) -> CallError {
    let (kind, is_limit, message) = match cause {
        Cause::Trap { kind, message } => (kind.name(), false, message),
        Cause::Limit(limit) => (limit.name(), true, String::new()),
        Cause::Import { name } => {
            return CallError::Defect(format!("`{name}` is imported, and only a host has it"));
        }
        Cause::Internal(what) => return CallError::Defect(what),
    };
    let trace = trace.iter().map(|(item, expr)| frame(db, *item, *expr)).collect();
    CallError::Failed(Failed { kind, is_limit, message, trace })
}

fn frame(db: &Database, item: Item<'_>, expr: ExprId) -> Frame {
    let place = crate::place::of_expr(db, item, expr);
    Frame {
        function: crate::place::function_name(db, item),
        file: place.file,
        line: place.start.0,
        column: place.start.1,
    }
}
