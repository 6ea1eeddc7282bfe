//! The ten mistakes of newcomers: each gives one error, at the right place, with the fix that is meant.
//!
//! What is expected is written by hand: the code, the text at the place, and the program after the fix, which has to
//! be without errors and warnings.
// r[diag.several]

mod support;

use dot_diagnostics::apply_all;
use dot_diagnostics::render::Colour;
use support::check;

struct Mistake {
    name: &'static str,
    wrong: &'static str,
    code: &'static str,
    place: &'static str,
    fixed: &'static str,
}

const MISTAKES: [Mistake; 15] = [
    Mistake {
        name: "wrong type",
        wrong: "dot label(count: u32) -> string {\n  count\n}\n",
        code: "type-mismatch",
        place: "count",
        fixed: "dot label(count: u32) -> string {\n  \"{count}\"\n}\n",
    },
    Mistake {
        name: "wrong type: a number for an option",
        wrong: "dot half(n: u32) -> option<u32> {\n  if n % 2 == 1 { return none }\n  n / 2\n}\n",
        code: "type-mismatch",
        place: "n / 2",
        fixed: "dot half(n: u32) -> option<u32> {\n  if n % 2 == 1 { return none }\n  some(n / 2)\n}\n",
    },
    Mistake {
        name: "wrong type: strings that are added",
        wrong: "dot greet(name: string) -> string { \"Hello, \" + name }\n",
        code: "unsupported-operator",
        place: "\"Hello, \" + name",
        fixed: "dot greet(name: string) -> string { \"Hello, {name}\" }\n",
    },
    Mistake {
        name: "missing case",
        wrong: "enum Light { Red, Amber, Green }\n\ndot go(light: Light) -> bool {\n  match light {\n    Red => false\n    Green => true\n  }\n}\n",
        code: "non-exhaustive-match",
        place: "light",
        fixed: "enum Light { Red, Amber, Green }\n\ndot go(light: Light) -> bool {\n  match light {\n    Red => false\n    Green => true\n    Amber => unreachable(\"not written yet\")\n  }\n}\n",
    },
    Mistake {
        name: "missing effect",
        wrong: "use wasi:clocks/monotonic-clock@0.2.12 as clock\n\nfn seconds() -> u64 { clock.now() / 1_000_000_000 }\n\ndot uptime() -> u64 { seconds() }\n",
        code: "undeclared-effect",
        place: "uptime",
        fixed: "use wasi:clocks/monotonic-clock@0.2.12 as clock\n\nfn seconds() -> u64 { clock.now() / 1_000_000_000 }\n\ndot uptime() -> u64 uses clock { seconds() }\n",
    },
    Mistake {
        name: "unknown name with a near match",
        wrong: "dot area(width: u32, height: u32) -> u32 { width * heigth }\n",
        code: "unknown-name",
        place: "heigth",
        fixed: "dot area(width: u32, height: u32) -> u32 { width * height }\n",
    },
    Mistake {
        name: "unknown name: a type of another language",
        wrong: "dot double(n: i32) -> s32 { n * 2 }\n",
        code: "unknown-name",
        place: "i32",
        fixed: "dot double(n: s32) -> s32 { n * 2 }\n",
    },
    Mistake {
        name: "a line broken at the wrong place",
        wrong: "dot left(total: s64, used: s64) -> s64 {\n  total\n    - used\n}\n",
        code: "unused-value",
        place: "total",
        fixed: "dot left(total: s64, used: s64) -> s64 {\n  total -\n    used\n}\n",
    },
    Mistake {
        name: "unclosed brace",
        wrong: "dot sign(n: s64) -> s64 {\n  if n < 0 {\n    return -1\n  1\n}\n\ndot zero() -> s64 { 0 }\n",
        code: "unclosed-bracket",
        place: "{",
        fixed: "dot sign(n: s64) -> s64 {\n  if n < 0 {\n    return -1\n  }\n  1\n}\n\ndot zero() -> s64 { 0 }\n",
    },
    Mistake {
        name: "int for float",
        wrong: "dot third(n: s64) -> f64 { n / 3.0 }\n",
        code: "type-mismatch",
        place: "n / 3.0",
        fixed: "dot third(n: s64) -> f64 { f64(n) / 3.0 }\n",
    },
    Mistake {
        name: "int for float, as an argument",
        wrong: "fn half(x: f64) -> f64 { x / 2.0 }\n\ndot half_of(n: s64) -> f64 { half(n) }\n",
        code: "type-mismatch",
        place: "n",
        fixed: "fn half(x: f64) -> f64 { x / 2.0 }\n\ndot half_of(n: s64) -> f64 { half(f64(n)) }\n",
    },
    Mistake {
        name: "forgotten `?`",
        wrong: "fn parse(text: string) -> result<u32, string> { if text == \"1\" { ok(1) } else { err(text) } }\n\ndot next(text: string) -> result<u32, string> {\n  let n: u32 = parse(text)\n  ok(n + 1)\n}\n",
        code: "type-mismatch",
        place: "parse(text)",
        fixed: "fn parse(text: string) -> result<u32, string> { if text == \"1\" { ok(1) } else { err(text) } }\n\ndot next(text: string) -> result<u32, string> {\n  let n: u32 = parse(text)?\n  ok(n + 1)\n}\n",
    },
    Mistake {
        name: "forgotten `?` before an operator",
        wrong: "dot second(xs: list<u32>) -> option<u32> {\n  some(xs.get(1) + 1)\n}\n",
        code: "type-mismatch",
        place: "xs.get(1) + 1",
        fixed: "dot second(xs: list<u32>) -> option<u32> {\n  some(xs.get(1)? + 1)\n}\n",
    },
    Mistake {
        name: "`=` for `==`",
        wrong: "dot is_one(n: u32) -> bool {\n  if n = 1 { true } else { false }\n}\n",
        code: "unexpected-token",
        place: "=",
        fixed: "dot is_one(n: u32) -> bool {\n  if n == 1 { true } else { false }\n}\n",
    },
    Mistake {
        name: "wrong argument count",
        wrong: "fn add(a: u32, b: u32) -> u32 { a + b }\n\ndot sum() -> u32 { add(1, 2, 3) }\n",
        code: "wrong-arguments",
        place: "3",
        fixed: "fn add(a: u32, b: u32) -> u32 { a + b }\n\ndot sum() -> u32 { add(1, 2) }\n",
    },
];

#[test]
fn each_mistake_is_told_once_with_the_fix_that_is_meant() {
    let failures: Vec<String> = MISTAKES
        .iter()
        .filter_map(|mistake| judge(mistake).err().map(|why| format!("{}: {why}", mistake.name)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn judge(mistake: &Mistake) -> Result<(), String> {
    let report = check(mistake.wrong);
    let shown = || report.render(Colour::Never);
    let errors: Vec<_> = report.diagnostics().iter().filter(|told| told.is_error()).collect();
    let [error] = errors.as_slice() else { return Err(format!("one error is expected:\n{}", shown())) };
    let place = error.primary.span.range.slice(mistake.wrong);
    if (error.code.as_str(), place) != (mistake.code, mistake.place) {
        return Err(format!("{} at `{}` is expected:\n{}", mistake.code, mistake.place, shown()));
    }
    let one = std::slice::from_ref(*error);
    let texts = apply_all(report.sources(), one);
    let fixed = texts.values().next().ok_or_else(|| format!("a fix is expected:\n{}", shown()))?;
    if fixed != mistake.fixed {
        return Err(format!("the fix gives\n{fixed}"));
    }
    let after = check(fixed);
    if after.diagnostics().is_empty() { Ok(()) } else { Err(after.render(Colour::Never)) }
}
