//! The examples: what they print, on every engine, and that their own tests pass.

use dot_tests::engines::{self, Which};
use dot_tests::examples::{self, ExampleCall};
use dot_tests::judge::{Engine, Outcome};

/// The beginning of a long text, for messages.
fn short(text: &str) -> String {
    text.chars().take(300).collect()
}

fn complaints_of_call(call: &ExampleCall) -> Vec<String> {
    let place = format!("{} {}", call.example, call.dot);
    let session = match engines::open(&examples::source(&call.example)) {
        Ok(session) => session,
        Err(why) => return vec![why],
    };
    let positional = match engines::positional(&session, &call.dot, &call.args) {
        Ok(positional) => positional,
        Err(why) => return vec![format!("{place}: {why}")],
    };
    let wanted: &[Which] = if call.is_large { &[Which::Wasm, Which::Release] } else { &Which::ALL };
    let mut wrong = Vec::new();
    for engine in &mut engines::engines(&session, wanted) {
        let outcome = engine.call(&positional);
        if outcome != Outcome::Value(call.prints.clone()) {
            let (wanted, got) = (short(&call.prints), short(&format!("{outcome:?}")));
            wrong.push(format!("{place} on {}: {wanted} is expected, not {got}", engine.name()));
        }
    }
    wrong
}

fn complaints_of_tests(example: &str) -> Vec<String> {
    let session = match engines::open(&examples::source(example)) {
        Ok(session) => session,
        Err(why) => return vec![why],
    };
    let report = session.check();
    if report.has_errors() {
        return vec![report.render(dot_diagnostics::render::Colour::Never)];
    }
    let mut wrong = Vec::new();
    for engine in &mut engines::engines(&session, &[Which::Eval, Which::Mir]) {
        let outcomes: Vec<(String, Outcome)> = Engine::tests(engine.as_mut());
        if outcomes.is_empty() {
            wrong.push(format!("{example} has no test"));
        }
        let failed = outcomes.into_iter().filter(|(_, outcome)| *outcome != Outcome::Value(String::new()));
        wrong.extend(
            failed.map(|(name, outcome)| format!("{example} on {}: {name}: {outcome:?}", engine.name())),
        );
    }
    wrong
}

/// On a stack that deep programs don't exhaust.
fn on_a_large_stack(judge: impl FnOnce() -> Vec<String> + Send + 'static) {
    let judged = std::thread::Builder::new().stack_size(64 << 20).spawn(judge).expect("a thread");
    let wrong = judged.join().expect("no example makes a tool panic");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_print_what_they_must() {
    on_a_large_stack(|| {
        let mut wrong = Vec::new();
        for name in examples::names() {
            let (calls, left_out) = examples::calls(&name);
            left_out.iter().for_each(|why| println!("left out: {why}"));
            wrong.extend(calls.iter().flat_map(complaints_of_call));
        }
        wrong
    });
}

#[test]
fn the_tests_in_examples_pass() {
    on_a_large_stack(|| examples::names().iter().flat_map(|name| complaints_of_tests(name)).collect());
}
