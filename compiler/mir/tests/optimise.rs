//! What release builds make of functions.

mod support;

use support::{instance, program, text};

fn optimised(source: &str, name: &str) -> String {
    let db = program(source);
    let function = dot_mir::optimised(&db, instance(&db, name)).expect("it has a body");
    text(&db, function)
}

/// After `map` and the closure are inlined nothing is called and no function value is made.
#[test]
fn a_closure_passed_to_a_known_function_vanishes() {
    let text = optimised("fn f(xs: list<s64>, n: s64) -> list<s64> { xs.map(|x| x + n) }", "f");
    assert!(!text.contains("call") && !text.contains("closure"), "{text}");
    assert_eq!(text.matches("add %").count(), 2, "the addition and the counter:\n{text}");
}

/// Literals of another type, conversions and comparisons of what is known are gone.
#[test]
fn what_is_known_is_computed() {
    let text = optimised("fn f(xs: list<s64>) -> s64 { if 1 + 1 == 2 { xs[3 - 2] } else { 0 } }", "f");
    support::same(
        &text,
        "
fn main.f(%0: list<s64>) -> s64
b0(%0: list<s64>):
  %1: u32 = const 1
  %2: s64 = list.get %0, %1
  return %2
",
    );
}

/// What traps at run time still traps there.
#[test]
fn traps_stay() {
    let text = optimised("fn f() -> u8 { let x: u8 = 200\n let _ = x + 100\n x }", "f");
    assert!(text.contains("add %"), "{text}");
}

/// A recursive function stays a call, since it counts for the depth.
#[test]
fn recursion_is_not_inlined() {
    let source = "fn f(n: u32) -> u32 { if n == 0 { 0 } else { f(n - 1) } }\nfn g() -> u32 { f(3) }";
    assert!(optimised(source, "g").contains("call main.f"));
}
