//! Checks that can't fail are not in a release build; all others are.

mod support;

use dot_mir::Level;
use support::{Machine, module, program};
use wasmparser::{Operator, Parser, Payload};
use wasmtime::Val;

/// How many instructions of a module end the program, those that only follow a loop without end aside: the number of
/// conditional traps.
fn traps(text: &str, names: &[&str]) -> usize {
    let module = module(&program(text), names, Level::Release);
    let mut found = 0;
    for payload in Parser::new(0).parse_all(&module) {
        let Ok(Payload::CodeSectionEntry(body)) = payload else { continue };
        let operators: Vec<_> = body.get_operators_reader().expect("operators").into_iter().collect();
        let operators: Vec<Operator<'_>> = operators.into_iter().map(|op| op.expect("an operator")).collect();
        let is_trap = |pair: &&[Operator<'_>]| matches!(pair, [Operator::If { .. }, Operator::Unreachable]);
        found += operators.windows(2).filter(is_trap).count();
    }
    found
}

/// Conditional traps of a function over a list that is its own export; the runtime has some, too, which another function
/// over the same types shows.
fn traps_beyond_the_runtime(body: &str) -> usize {
    let with = |body: &str| format!("dot f(xs: list<u32>, n: u32) -> u32 {{\n{body}\n}}");
    traps(&with(body), &["f"]) - traps(&with("xs.len()"), &["f"])
}

#[test]
fn an_index_below_the_length_is_not_checked() {
    let summed = "var t: u32 = 0\nfor i in 0..xs.len() { t = t +% xs[i] }\nt";
    assert_eq!(traps_beyond_the_runtime(summed), 0);
    let pairs =
        "var t: u32 = 0\nfor i in 0..xs.len() { for j in i + 1..xs.len() { t = t +% xs[i] *% xs[j] } }\nt";
    assert_eq!(traps_beyond_the_runtime(pairs), 0);
    let signed =
        "let table: list<u32> = [3, 1, 4, 1, 5]\nvar t: u32 = 0\nfor i in 0..5 { t = t +% table[i] }\nt";
    assert_eq!(traps_beyond_the_runtime(signed), 0);
    let asked = "if n < xs.len() { xs[n] +% xs[n] } else { 0 }";
    assert_eq!(traps_beyond_the_runtime(asked), 0);
    let behind_a_check = "xs[n] +% xs[n] +% xs[n]";
    assert_eq!(traps_beyond_the_runtime(behind_a_check), 1);
}

#[test]
fn a_sum_that_fits_is_not_checked() {
    let counted = "var t: u32 = 0\nvar i: u32 = 0\nwhile i < n { t = t ^ i\n i += 1 }\nt";
    assert_eq!(traps_beyond_the_runtime(counted), 0);
    let bytes = "var t: u32 = 0\nif n < 256 { t = n * 256 + n }\nt";
    assert_eq!(traps_beyond_the_runtime(bytes), 0);
    let down = "if n < 2 { n } else { n - 1 + (n - 2) / 2 }";
    // The difference fits; the sum may not.
    assert_eq!(traps_beyond_the_runtime(down), 1);
}

/// What only looks as if it were known.
#[test]
fn a_check_that_can_fail_stays() {
    for (body, passing, failing) in [
        // The next index is not below the length.
        ("var t: u32 = 0\nfor i in 0..xs.len() { t += xs[i + n] }\nt", 0, 1),
        // The list gets shorter in the loop.
        (
            "var ys = xs\nlet len = ys.len()\nvar t: u32 = 0\nfor i in 0..len { t += ys[i]\n if n > 0 { let _ = ys.pop() } }\nt",
            0,
            1,
        ),
        // What was asked holds on one way only.
        ("let asked = n < xs.len()\nif asked || n == 9 { xs[n] } else { 0 }", 3, 9),
        // The largest number has no next.
        ("let big = 0xffff_fff0 + n\nif big > 5 { big + 1 } else { 0 }", 14, 15),
        // Downwards, what a counter began with is no bound.
        ("var i: s64 = 2\nvar t: u32 = 0\nwhile i < 4 && t < 5 { t += xs[i]\n i = i - s64(n) }\nt", 1, 3),
        // As a signed number the index is small, but below zero.
        ("let i = s64(n) - 2\nif i < 3 { xs[i] } else { 0 }", 2, 1),
    ] {
        let text = format!("dot f(xs: list<u32>, n: u32) -> u32 {{\n{body}\n}}");
        let mut machine = Machine::new(&text, &["f"], Level::Release);
        let mut call = |n: i32| {
            let [at, len] = machine.pass(&[1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0], 4);
            let Val::I32(bytes) = len else { return Err("no length".to_owned()) };
            machine.call("f", &[at, Val::I32(bytes / 4), Val::I32(n)])
        };
        assert!(call(passing).is_ok(), "{body}");
        assert!(call(failing).is_err(), "{body}");
    }
}
