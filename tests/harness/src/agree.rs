//! Whether the programs of a suite do what they must, on every engine.

use crate::engines::{self, Loaded, Which};
use crate::judge::{Engine, Outcome};
use crate::suite::{Ending, Suite, SuiteCall};
use dot_diagnostics::render::Colour;
use dot_driver::Session;
use std::rc::Rc;
use std::sync::Mutex;

/// A stack that deep programs don't exhaust.
pub const STACK: usize = 64 << 20;

/// Everything in which a suite's programs don't do what they must. They are shared out over the processors.
pub fn complaints(suite: Suite) -> Vec<String> {
    let names = Mutex::new(suite.names().into_iter());
    let next = || names.lock().ok()?.next();
    let work = || {
        let mut wrong = Vec::new();
        while let Some(name) = next() {
            wrong.extend(complaints_of_program(suite, &name));
        }
        wrong
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let start = |_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let started: Vec<_> = (0..workers).map(start).map(|worker| worker.expect("a thread")).collect();
        let joined =
            started.into_iter().flat_map(|worker| worker.join().expect("no program makes a tool panic"));
        joined.collect()
    })
}

/// Everything in which one program doesn't do what it must: its calls, and its own tests.
pub fn complaints_of_program(suite: Suite, name: &str) -> Vec<String> {
    let session = match engines::open(&suite.source(name)) {
        Ok(session) => session,
        Err(why) => return vec![why],
    };
    let report = session.check();
    if report.has_errors() {
        return vec![report.render(Colour::Never)];
    }
    let program = Opened { name, session };
    let mut wrong = program.complaints_of_tests();
    wrong.extend(program.complaints_of_calls(suite));
    wrong
}

struct Opened<'a> {
    name: &'a str,
    session: Rc<Session>,
}

impl Opened<'_> {
    fn complaints_of_calls(&self, suite: Suite) -> Vec<String> {
        let (calls, left_out) = suite.calls(self.name);
        left_out.iter().for_each(|why| println!("left out: {why}"));
        let debug = Loaded::new(&self.session, Which::Wasm);
        let mut engines = vec![
            engines::interpreted(&self.session, Which::Eval),
            engines::interpreted(&self.session, Which::Mir),
            engines::compiled(&debug),
            engines::compiled(&Loaded::new(&self.session, Which::Release)),
        ];
        calls.iter().flat_map(|call| self.complaints_of_call(call, &debug, &mut engines)).collect()
    }

    fn complaints_of_call(
        &self,
        call: &SuiteCall,
        debug: &Loaded,
        engines: &mut [Box<dyn Engine>],
    ) -> Vec<String> {
        let place = format!("{} {}", self.name, call.dot);
        let positional = match debug.positional(&call.dot, &call.args) {
            Ok(positional) => positional,
            Err(why) => return vec![format!("{place}: {why}")],
        };
        let wanted = match &call.ends {
            Ending::Prints(text) => Outcome::Value(text.clone()),
            Ending::Traps(kind) => Outcome::Trap(kind.clone()),
        };
        let slow = [Which::Eval.name(), Which::Mir.name()];
        let mut wrong = Vec::new();
        for engine in engines.iter_mut().filter(|engine| !call.is_large || !slow.contains(&engine.name())) {
            let outcome = engine.call(&positional);
            if outcome != wanted {
                let (wanted, got) = (short(&wanted), short(&outcome));
                wrong.push(format!("{place} on {}:\n  expected {wanted}\n  got      {got}", engine.name()));
            }
        }
        wrong
    }

    fn complaints_of_tests(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for which in [Which::Eval, Which::Mir] {
            let outcomes = engines::interpreted(&self.session, which).tests();
            if outcomes.is_empty() {
                wrong.push(format!("{} has no test", self.name));
            }
            let failed =
                outcomes.into_iter().filter(|(_, outcome)| *outcome != Outcome::Value(String::new()));
            wrong
                .extend(failed.map(|(test, outcome)| {
                    format!("{} on {}: {test}: {outcome:?}", self.name, which.name())
                }));
        }
        wrong
    }
}

/// The beginning of what may be long, for messages.
fn short(outcome: &Outcome) -> String {
    let shown = match outcome {
        Outcome::Value(text) => text.clone(),
        Outcome::Trap(kind) => format!("the trap {kind}"),
        Outcome::Fault(why) => format!("a fault: {why}"),
    };
    shown.chars().take(1000).collect()
}
