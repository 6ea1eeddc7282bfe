//! A trap tells the values of the operation that failed: `a + 1` says what `a` was.
//!
//! The texts are written by hand from the values of each call.

use dot_driver::{Emit, Profile};
use dot_host::{Engine, EngineOptions, Failure, Program, Settings, Val};
use dot_tests::texts::Texts;

const SOURCE: &str = r#"
dot add(a: u8, b: u8) -> u8 { a + b }
dot add_one(a: s64) -> s64 { a + 1 }
dot less(a: u32, b: u32) -> u32 { let c = a - b; c * 2 }
dot times(a: s32, b: s32) -> s32 { a * b }
dot wide(a: u64, b: u64) -> u64 { a * b }
dot small(a: s16, b: s16) -> s16 { a - b }
dot negate(a: s8) -> s8 { -a }
dot divide(a: s32, b: s32) -> s32 { a / b }
dot divide_small(a: s8, b: s8) -> s8 { a / b }
dot rest(a: u64, b: u64) -> u64 { a % b }
dot shift(a: u16, by: s32) -> u16 { a << by }
dot narrow(n: s64) -> u8 { u8(n) }
dot whole(x: f64) -> s32 { s32(x) }
dot tiny(x: f32) -> u8 { u8(x) }
dot at(xs: list<string>, i: s32) -> string { xs[i] }
dot third(xs: list<u32>) -> u32 { xs[2] }
dot population(city: string) -> u32 { let m = ["Oslo": u32(7), "Rome": 28]; m[city] }
dot named(n: u64) -> string { let m = [u64(1): "one"]; m[n] }
dot fixed() -> u32 { var m: map<string, u32> = [:]; m["a"] = 1; m["Utopia"] }
dot paired(n: u8) -> u8 { let m = [(u8(1), u8(1)): u8(1)]; m[(n, n)] }
dot same(a: list<u8>, b: list<u8>) -> u32 { assert a == b; 1 }
dot deep(a: u32, b: u32) -> u32 { (a * 2 + b * 3) * (a + b - 7) }
dot sum(xs: list<u8>) -> u8 { var t: u8 = 0; for x in xs { t += x }; t }
"#;

/// A dot and its arguments; the kind, the message and the values that its trap tells.
type Case = (&'static str, Vec<Val>, &'static str, &'static str, Vec<&'static str>);

/// The dots, built and loaded.
fn program(profile: Profile) -> Program {
    let component = Texts(&[("traps.dot", SOURCE)]).build(profile, Emit::Component);
    let engine = Engine::new(EngineOptions::UNMETERED).expect("an engine");
    Program::from_bytes(&engine, component).expect("it loads")
}

/// Calls a dot that traps, and gives the kind, the message and the values.
fn told(program: &Program, dot: &str, args: &[Val]) -> (String, String, Vec<String>) {
    let dot = program.dots().iter().find(|d| d.dot == dot).unwrap_or_else(|| panic!("no dot {dot}")).clone();
    match program.call(&dot, args, &Settings::default()) {
        Err(Failure::Trap(trap)) => {
            let values = trap.values.iter().map(|(name, value)| format!("{name} is {value}"));
            (trap.kind.clone(), trap.message.clone(), values.collect())
        }
        other => panic!("{}: {other:?}", dot.dot),
    }
}

#[test]
// r[trap.values], r[abi.traps], r[trap.kind]
fn every_kind_that_has_values_tells_them() {
    let text = |s: &str| Val::String(s.to_owned());
    let bytes = |list: &[u8]| Val::List(list.iter().map(|b| Val::U8(*b)).collect());
    let words = |list: &[&str]| Val::List(list.iter().map(|s| text(s)).collect());
    let numbers = |list: &[u32]| Val::List(list.iter().map(|n| Val::U32(*n)).collect());
    let cases: Vec<Case> = vec![
        (
            "add",
            vec![Val::U8(200), Val::U8(56)],
            "overflow",
            "200 + 56 is out of range for u8",
            vec!["left is 200", "right is 56"],
        ),
        // What the program text says needs no place where it is found.
        (
            "add_one",
            vec![Val::S64(i64::MAX)],
            "overflow",
            "9223372036854775807 + 1 is out of range for s64",
            vec!["left is 9223372036854775807"],
        ),
        (
            "less",
            vec![Val::U32(3), Val::U32(5)],
            "overflow",
            "3 - 5 is out of range for u32",
            vec!["left is 3", "right is 5"],
        ),
        (
            "less",
            vec![Val::U32(u32::MAX), Val::U32(0)],
            "overflow",
            "4294967295 * 2 is out of range for u32",
            vec!["left is 4294967295"],
        ),
        (
            "times",
            vec![Val::S32(-65536), Val::S32(65536)],
            "overflow",
            "-65536 * 65536 is out of range for s32",
            vec!["left is -65536", "right is 65536"],
        ),
        (
            "wide",
            vec![Val::U64(1 << 40), Val::U64(1 << 40)],
            "overflow",
            "1099511627776 * 1099511627776 is out of range for u64",
            vec!["left is 1099511627776", "right is 1099511627776"],
        ),
        (
            "small",
            vec![Val::S16(-32768), Val::S16(1)],
            "overflow",
            "-32768 - 1 is out of range for s16",
            vec!["left is -32768", "right is 1"],
        ),
        ("negate", vec![Val::S8(-128)], "overflow", "-(-128) is out of range for s8", vec!["value is -128"]),
        (
            "divide",
            vec![Val::S32(-7), Val::S32(0)],
            "divide-by-zero",
            "division of -7 by zero",
            vec!["left is -7", "right is 0"],
        ),
        (
            "divide",
            vec![Val::S32(i32::MIN), Val::S32(-1)],
            "overflow",
            "-2147483648 / -1 is out of range for s32",
            vec!["left is -2147483648", "right is -1"],
        ),
        (
            "divide_small",
            vec![Val::S8(-128), Val::S8(-1)],
            "overflow",
            "-128 / -1 is out of range for s8",
            vec!["left is -128", "right is -1"],
        ),
        (
            "rest",
            vec![Val::U64(u64::MAX), Val::U64(0)],
            "divide-by-zero",
            "remainder of 18446744073709551615 by zero",
            vec!["left is 18446744073709551615", "right is 0"],
        ),
        (
            "shift",
            vec![Val::U16(3), Val::S32(16)],
            "shift",
            "3 << 16: a u16 shifts by less than 16",
            vec!["left is 3", "right is 16"],
        ),
        (
            "shift",
            vec![Val::U16(3), Val::S32(-1)],
            "shift",
            "3 << -1: a u16 shifts by less than 16",
            vec!["left is 3", "right is -1"],
        ),
        ("narrow", vec![Val::S64(-300)], "conversion", "-300 does not fit u8", vec!["value is -300"]),
        (
            "whole",
            vec![Val::Float64(2_147_483_648.5)],
            "conversion",
            "2147483648.5 does not fit s32",
            vec!["value is 2147483648.5"],
        ),
        ("whole", vec![Val::Float64(f64::NAN)], "conversion", "nan does not fit s32", vec!["value is nan"]),
        ("tiny", vec![Val::Float32(-1.5)], "conversion", "-1.5 does not fit u8", vec!["value is -1.5"]),
        (
            "at",
            vec![words(&["a", "b"]), Val::S32(2)],
            "index",
            "index 2 is out of range for a list of length 2",
            vec!["index is 2", "length is 2"],
        ),
        (
            "third",
            vec![numbers(&[1, 2])],
            "index",
            "index 2 is out of range for a list of length 2",
            vec!["index is 2", "length is 2"],
        ),
        (
            "population",
            vec![text("Atlantis")],
            "key",
            "the map has no key Atlantis",
            vec!["key is \"Atlantis\""],
        ),
        ("named", vec![Val::U64(12)], "key", "the map has no key 12", vec!["key is 12"]),
        ("fixed", vec![], "key", "the map has no key Utopia", vec![]),
        ("paired", vec![Val::U8(2)], "key", "the map has no such key", vec![]),
        (
            "same",
            vec![bytes(&[1, 2]), bytes(&[1, 3])],
            "assert",
            "assertion failed: [1, 2] == [1, 3]",
            vec![],
        ),
        // In the middle of an expression: 2 + 4 is below 7.
        (
            "deep",
            vec![Val::U32(2), Val::U32(4)],
            "overflow",
            "6 - 7 is out of range for u32",
            vec!["left is 6"],
        ),
        (
            "sum",
            vec![bytes(&[100, 100, 55, 1])],
            "overflow",
            "255 + 1 is out of range for u8",
            vec!["left is 255", "right is 1"],
        ),
    ];
    let program = program(Profile::Debug);
    for (dot, args, kind, message, values) in cases {
        let told = told(&program, dot, &args);
        assert_eq!((told.0.as_str(), told.1.as_str()), (kind, message), "{dot}");
        assert_eq!(told.2, values, "{dot}");
    }
}

#[test]
// r[trap.optimise]
fn a_release_build_traps_with_the_same_kinds() {
    let program = program(Profile::Release);
    assert_eq!(told(&program, "add", &[Val::U8(200), Val::U8(56)]).0, "overflow");
    assert_eq!(told(&program, "divide", &[Val::S32(1), Val::S32(0)]).0, "divide-by-zero");
    assert_eq!(told(&program, "divide", &[Val::S32(i32::MIN), Val::S32(-1)]).0, "overflow");
    let (kind, message, _) = told(&program, "population", &[Val::String("Atlantis".to_owned())]);
    assert_eq!((kind.as_str(), message.as_str()), ("key", "the map has no key Atlantis"));
}
