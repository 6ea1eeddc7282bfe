//! Calls on the interpreters, from source text.

use dot_driver::{CallError, Interpreter, Limits, OsFiles, Session, Target};
use serde_json::{Value as Json, json};
use std::path::Path;

/// An example of the repository.
fn example(name: &str) -> Session {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    Session::open(&OsFiles, &path).expect("the example is there")
}

fn call(session: &Session, dot: &str, args: &[Json]) -> Result<String, CallError> {
    let target = Target::Dot(None, dot.to_owned());
    let by = |interpreter| {
        session.interpret(interpreter, &target, args, Limits::PROGRAM).map(|returned| returned.printed)
    };
    let meant = by(Interpreter::Eval);
    assert_eq!(by(Interpreter::Mir), meant, "the interpreters agree on {dot}");
    meant
}

#[test]
fn hello_greets() {
    let hello = example("hello.dot");
    assert_eq!(call(&hello, "hello", &[json!("Ada")]), Ok("Hello, Ada!".to_owned()));
}

#[test]
fn a_calculator_calculates() {
    let calc = example("calc.dot");
    assert_eq!(call(&calc, "calc", &[json!("1 + 2 * 3 ^ 2")]), Ok("ok(19.0)".to_owned()));
}

#[test]
fn arguments_that_do_not_fit_are_told() {
    let hello = example("hello.dot");
    let target = Target::Dot(None, "hello".to_owned());
    let wrong = |args: &[Json]| hello.interpret(Interpreter::Eval, &target, args, Limits::PROGRAM);
    assert!(matches!(wrong(&[]), Err(CallError::Arguments(_))));
    assert!(matches!(wrong(&[json!(1)]), Err(CallError::Arguments(_))));
    let nobody = Target::Dot(None, "goodbye".to_owned());
    assert_eq!(hello.interpret(Interpreter::Eval, &nobody, &[], Limits::PROGRAM), Err(CallError::Unknown));
}
