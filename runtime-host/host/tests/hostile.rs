//! Whatever the bytes: a message, never a panic.

mod support;

use std::time::Duration;

use dot_host::{Engine, EngineOptions, Failure, Limits, Program, Settings, Val, from_word};

fn engine() -> Engine {
    Engine::new(EngineOptions::default()).expect("an engine")
}

fn message(bytes: &[u8]) -> String {
    match Program::from_bytes(&engine(), bytes) {
        Err(Failure::Load(message)) => message,
        Err(other) => panic!("{other:?}"),
        Ok(_) => "loaded".to_string(),
    }
}

#[test]
fn what_is_not_a_component_is_named() {
    assert_eq!(message(b""), "the file is empty");
    assert!(message(b"\0asm\x01\0\0\0").starts_with("this is a core WebAssembly module"));
    assert!(message(b"(component)").starts_with("this is WebAssembly text"));
    assert!(message(b"\x7fELF\x02\x01").starts_with("this is native code"));
    assert!(message(b"fn main() {}").starts_with("this is not a WebAssembly component"));
    assert!(message(b"\0asm").starts_with("this is a WebAssembly binary of a version"));
}

#[test]
fn a_file_cut_anywhere_is_refused_or_whole() {
    let engine = engine();
    let whole = support::hello();
    for length in 0..whole.len() {
        // A cut between sections can leave a component that is smaller and whole: it must then load and say
        // what it has. All other cuts are refused.
        match Program::from_bytes(&engine, whole.get(..length).unwrap_or_default()) {
            Ok(program) => assert!(program.dots().len() <= 4, "cut at {length}"),
            Err(Failure::Load(message)) => assert!(!message.is_empty()),
            Err(other) => panic!("cut at {length}: {other:?}"),
        }
    }
}

#[test]
fn sections_of_ours_that_are_wrong_do_no_harm() {
    let engine = engine();
    let other =
        br#"{"version":1,"package":"test:hello","dots":[{"interface":"api","name":"gone","dot":"gone"}]}"#;
    let cases: [&[u8]; 4] = [b"", b"{", b"{\"version\":99,\"package\":\"a:b\"}", other];
    let wit = "package test:hello; interface api { nothing: func(); } world w { export api; }";
    let wat = r#"(module (func (export "test:hello/api#nothing")) (@custom "dot-traps" "nonsense"))"#;
    for section in cases {
        let bytes = support::with_section(support::component(wit, wat), "dot-meta", section);
        let program = Program::from_bytes(&engine, bytes).expect("it loads");
        assert_eq!(program.dots().iter().map(|d| d.dot.as_str()).collect::<Vec<_>>(), ["nothing"]);
        assert!(program.call(&program.dots()[0], &[], &Default::default()).is_ok());
    }
}

/// A generator of numbers that anyone can repeat: xorshift with 64 bits (Marsaglia, 2003).
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn a_file_with_changed_bytes_is_refused_or_runs_within_its_limits() {
    let engine = engine();
    let whole = support::hello();
    let limits = Limits { timeout: Some(Duration::from_millis(200)), memory: 1 << 24, ..Limits::default() };
    let settings = Settings { limits, ..Settings::default() };
    let mut state = 0x0123_4567_89ab_cdef;
    for _ in 0..400 {
        let mut bytes = whole.clone();
        for _ in 0..=random(&mut state) % 3 {
            let at = usize::try_from(random(&mut state)).expect("64 bits") % bytes.len();
            bytes[at] = random(&mut state).to_le_bytes()[0];
        }
        let Ok(program) = Program::from_bytes(&engine, bytes) else { continue };
        for dot in program.dots() {
            let args: Vec<Val> = dot.params.iter().filter_map(|p| from_word("x", "1", &p.ty).ok()).collect();
            // A value or a failure: what matters is that it comes back.
            let _ = program.call(dot, &args, &settings).map_err(|failure| failure.to_string());
        }
    }
}
