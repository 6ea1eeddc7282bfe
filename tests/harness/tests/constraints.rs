//! What is told of a broken constraint is the same on every engine, and the host tells it before the call.

use dot_driver::{CallError, Emit, Interpreter, Limits, OsFiles, Profile, Session, Target};
use dot_host::{Engine, EngineOptions, Failure, Program, Settings, from_json};
use serde_json::{Value as Json, json};

const SOURCE: &str = r#"
record Item { @min(1) quantity: u32, @max_len(3) @secret code: string }
variant Line { Sold(Item, price: Item), Note(string) }
dot total(orders: list<option<Line>>, @pattern("[a-z]+") @secret key: option<string>) -> u32 { orders.len() }
dot table(@min_len(1) prices: map<string, Item>, @min(0) shares: (list<f64>)) -> u32 { prices.len() }
record Scale { @min(2) n: u8, unit: string = "K" }
dot warm(@unit("°C") @max(40.5) t: f64, @deprecated("it isn't used") scale: Scale = { n: 2 }) -> f64 { t }
dot show(@secret token: string) -> u32 { unreachable("the token is {token}, \"{token}\"") }
"#;

/// Each call with what breaks first, by hand from the rules on paths.
fn calls() -> Vec<(&'static str, Json, &'static str)> {
    let good = json!({"quantity": 1, "code": "abc"});
    let few = json!({"quantity": 0, "code": "abc"});
    let long = json!({"quantity": 1, "code": "abcd"});
    vec![
        (
            "total",
            json!([[null, {"Sold": [good, few]}], null]),
            "`orders[1].Sold.price.quantity` breaks `@min(1)`",
        ),
        ("total", json!([[{"Sold": [long, few]}], null]), "`orders[0].Sold[0].code` breaks `@max_len(3)`"),
        ("total", json!([[{"Note": ""}], "A"]), "`key` breaks `@pattern(\"[a-z]+\")`"),
        ("table", json!([[], [0.5]]), "`prices` breaks `@min_len(1)`"),
        ("table", json!([[["a", good], ["b", few]], [0.5]]), "`prices[1][1].quantity` breaks `@min(1)`"),
        ("table", json!([[["a", good]], [0.5, -0.5]]), "`shares[1]` breaks `@min(0)`"),
        ("table", json!([[["a", good]], ["nan"]]), "`shares[0]` breaks `@min(0)`"),
    ]
}

fn open() -> Session {
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("constraints.dot");
    std::fs::write(&path, SOURCE).expect("a file");
    Session::open(&OsFiles, &path).expect("a session")
}

fn program(session: &Session, engine: &Engine, profile: Profile) -> Program {
    let built = session.build(profile, Emit::Component, false).expect("a component");
    Program::from_bytes(engine, built.bytes).expect("a program")
}

#[test]
// r[attr.constraint.order]
fn every_engine_tells_the_same() {
    let session = open();
    let engine = Engine::new(EngineOptions::default()).expect("an engine");
    let programs = [Profile::Debug, Profile::Release].map(|profile| program(&session, &engine, profile));
    for (name, args, expected) in calls() {
        let args: Vec<Json> = args.as_array().cloned().unwrap_or_default();
        for interpreter in [Interpreter::Eval, Interpreter::Mir] {
            let target = Target::Dot(None, name.to_owned());
            match session.interpret(interpreter, &target, &args, Limits::PROGRAM) {
                Err(CallError::Failed(failed)) => {
                    assert_eq!((failed.kind, failed.message.as_str()), ("constraint", expected));
                    assert_eq!(failed.trace.first().map(|frame| frame.line > 3), Some(true), "{failed:?}");
                }
                other => panic!("{interpreter:?}: {name}: {other:?}"),
            }
        }
        for program in &programs {
            let dot = program.dots().iter().find(|dot| dot.name == name).expect(name);
            let read = |(param, json): (&dot_host::Param, &Json)| from_json(&param.dot, json, &param.ty);
            let vals: Vec<_> = dot.params.iter().zip(&args).map(read).collect::<Result<_, _>>().expect(name);
            match program.call(dot, &vals, &Settings::default()) {
                Err(Failure::Trap(trap)) => {
                    assert_eq!((trap.kind.as_str(), trap.message.as_str()), ("constraint", expected));
                    assert!(trap.span.is_some_and(|span| span.line > 3), "it tells the parameter");
                }
                other => panic!("{name}: {other:?}"),
            }
            let told = dot_host::constraint::broken(dot, &vals);
            assert!(told.first().is_some_and(|first| first.starts_with(expected)), "{told:?}");
        }
    }
}

#[test]
// r[attr.constraint.host]
fn the_host_tells_all_that_is_broken_and_shows_no_secret() {
    let session = open();
    let engine = Engine::new(EngineOptions::default()).expect("an engine");
    let program = program(&session, &engine, Profile::Debug);
    let dot = program.dots().iter().find(|dot| dot.name == "total").expect("it is exported");
    let orders = json!([{"Sold": [{"quantity": 0, "code": "hunter2"}, {"quantity": 7, "code": "x"}]}]);
    let vals = [orders, json!("B")];
    let read =
        |(param, json): (&dot_host::Param, &Json)| from_json(&param.dot, json, &param.ty).expect("it fits");
    let vals: Vec<_> = dot.params.iter().zip(&vals).map(read).collect();
    assert_eq!(
        dot_host::constraint::broken(dot, &vals),
        [
            "`orders[0].Sold[0].quantity` breaks `@min(1)`: it is 0",
            "`orders[0].Sold[0].code` breaks `@max_len(3)`",
            "`key` breaks `@pattern(\"[a-z]+\")`",
        ]
    );
}

#[test]
// r[attr.unit]
fn what_attributes_say_travels_with_the_component() {
    let session = open();
    let engine = Engine::new(EngineOptions::default()).expect("an engine");
    let program = program(&session, &engine, Profile::Release);
    let dot = program.dots().iter().find(|dot| dot.name == "warm").expect("it is exported");
    let said = |name: &str, value: Json| (name.to_owned(), value);
    assert_eq!(dot.params[0].constraints, [said("max", json!(40.5)), said("unit", json!("°C"))]);
    assert_eq!(dot.params[1].constraints, [said("deprecated", json!("it isn't used"))]);
    assert_eq!(dot.params[1].default, Some(json!({"n": 2, "unit": "K"})));
    let dot_host::Ty::Record(scale) = &dot.params[1].ty else { panic!("{:?}", dot.params[1].ty) };
    assert_eq!(scale.members[0].constraints, [said("min", json!(2))]);
    assert_eq!(scale.members[1].default, Some(json!("K")));
}

#[test]
// r[attr.secret]
fn a_secret_is_in_no_message() {
    let session = open();
    let engine = Engine::new(EngineOptions::default()).expect("an engine");
    let program = program(&session, &engine, Profile::Debug);
    let dot = program.dots().iter().find(|dot| dot.name == "show").expect("it is exported");
    for secret in ["hunter2", "two\nlines", "\""] {
        let token = from_json("token", &json!(secret), &dot.params[0].ty).expect("a string");
        match program.call(dot, &[token], &Settings::default()) {
            Err(Failure::Trap(trap)) => {
                let told = format!("{}{:?}", trap.message, trap.values);
                assert!(trap.message.starts_with("the token is ***"), "{told}");
                assert!(!told.contains("hunter2") && !told.contains("lines"), "{told}");
            }
            other => panic!("{other:?}"),
        }
    }
}
