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

const MISTAKES: &[Mistake] = &[
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
    Mistake {
        name: "too few arguments",
        wrong: "fn add(a: u32, b: u32) -> u32 { a + b }\n\ndot sum() -> u32 { add(1) }\n",
        code: "wrong-arguments",
        place: "add(1)",
        fixed: "fn add(a: u32, b: u32) -> u32 { a + b }\n\ndot sum() -> u32 { add(1, unreachable(\"b\")) }\n",
    },
    Mistake {
        name: "a field that is missing",
        wrong: "record P { x: u32, y: u32 }\n\ndot make() -> P { P { x: 1 } }\n",
        code: "missing-field",
        place: "P { x: 1 }",
        fixed: "record P { x: u32, y: u32 }\n\ndot make() -> P { P { x: 1, y: unreachable(\"y\") } }\n",
    },
    Mistake {
        name: "a result that isn't declared",
        wrong: "dot next(n: u32) {\n  n + 1\n}\n",
        code: "unused-value",
        place: "n + 1",
        fixed: "dot next(n: u32) -> u32 {\n  n + 1\n}\n",
    },
    Mistake {
        name: "a result that isn't declared, of a function that is called",
        wrong: "fn next(n: u32) {\n  n + 1\n}\n\ndot go(n: u32) -> u32 {\n  let m = next(n)\n  m + next(n).min(3)\n}\n",
        code: "unused-value",
        place: "n + 1",
        fixed: "fn next(n: u32) -> u32 {\n  n + 1\n}\n\ndot go(n: u32) -> u32 {\n  let m = next(n)\n  m + next(n).min(3)\n}\n",
    },
    Mistake {
        name: "a result that isn't declared, given in two places",
        wrong: "fn sign(n: s64) {\n  if n < 0 { return -1 }\n  1\n}\n\ndot twice(n: s64) -> s64 { sign(n) * 2 }\n",
        code: "unused-value",
        place: "-1",
        fixed: "fn sign(n: s64) -> s64 {\n  if n < 0 { return -1 }\n  1\n}\n\ndot twice(n: s64) -> s64 { sign(n) * 2 }\n",
    },
    Mistake {
        name: "a result behind a colon",
        wrong: "fn next(n: u32): u32 { n + 1 }\n\ndot two() -> u32 { next(1) + 0 }\n",
        code: "unexpected-token",
        place: ":",
        fixed: "fn next(n: u32) -> u32 { n + 1 }\n\ndot two() -> u32 { next(1) + 0 }\n",
    },
    Mistake {
        name: "a result behind nothing",
        wrong: "fn next(n: u32) u32 { n + 1 }\n\ndot two() -> u32 { next(1) + 0 }\n",
        code: "unexpected-token",
        place: "u32",
        fixed: "fn next(n: u32) -> u32 { n + 1 }\n\ndot two() -> u32 { next(1) + 0 }\n",
    },
    Mistake {
        name: "an index on a line of its own",
        wrong: "dot first(xs: list<u32>) -> u32 {\n  let x = xs\n    [0]\n  x\n}\n",
        code: "unused-value",
        place: "[0]",
        fixed: "dot first(xs: list<u32>) -> u32 {\n  let x = xs[0]\n  x\n}\n",
    },
    Mistake {
        name: "arguments on a line of their own",
        wrong: "fn next(n: u32) -> u32 { n + 1 }\n\ndot two() -> u32 {\n  let x = next\n    (1)\n  x\n}\n",
        code: "unused-value",
        place: "1",
        fixed: "fn next(n: u32) -> u32 { n + 1 }\n\ndot two() -> u32 {\n  let x = next(1)\n  x\n}\n",
    },
    Mistake {
        name: "a record literal in a head",
        wrong: "record P { x: u32 }\n\ndot one() -> u32 {\n  for _ in 0..P { x: 1 }.x { return 1 }\n  0\n}\n",
        code: "unexpected-token",
        place: ":",
        fixed: "record P { x: u32 }\n\ndot one() -> u32 {\n  for _ in 0..(P { x: 1 }).x { return 1 }\n  0\n}\n",
    },
    Mistake {
        name: "an empty record",
        wrong: "record P { x: u32 = 1 }\n\ndot make() -> P {\n  let p: P = {}\n  p\n}\n",
        code: "type-mismatch",
        place: "{}",
        fixed: "record P { x: u32 = 1 }\n\ndot make() -> P {\n  let p: P = P {}\n  p\n}\n",
    },
    Mistake {
        name: "`and`",
        wrong: "dot both(a: bool, b: bool) -> bool { a and b }\n",
        code: "unexpected-token",
        place: "and",
        fixed: "dot both(a: bool, b: bool) -> bool { a && b }\n",
    },
    Mistake {
        name: "`let mut`",
        wrong: "dot count() -> s64 {\n  let mut n = 1\n  n += 1\n  n\n}\n",
        code: "unexpected-token",
        place: "let mut",
        fixed: "dot count() -> s64 {\n  var n = 1\n  n += 1\n  n\n}\n",
    },
    Mistake {
        name: "`::`",
        wrong: "enum Light { Red, Green }\n\ndot red() -> Light {\n  let light = Light::Red\n  light\n}\n",
        code: "unexpected-token",
        place: "::",
        fixed: "enum Light { Red, Green }\n\ndot red() -> Light {\n  let light = Light.Red\n  light\n}\n",
    },
    Mistake {
        name: "a string in other quotes",
        wrong: "dot name() -> string { 'Ada' }\n",
        code: "invalid-literal",
        place: "'Ada'",
        fixed: "dot name() -> string { \"Ada\" }\n",
    },
    Mistake {
        name: "`==` for `=`",
        wrong: "dot one() -> s64 {\n  let n == 1\n  n\n}\n",
        code: "unexpected-token",
        place: "==",
        fixed: "dot one() -> s64 {\n  let n = 1\n  n\n}\n",
    },
    Mistake {
        name: "two `?` at the end of a line",
        wrong: "dot next(m: map<string, option<u32>>) -> option<u32> {\n  let n = m.get(\"a\")??\n  some(n + 1)\n}\n",
        code: "unexpected-token",
        place: "??",
        fixed: "dot next(m: map<string, option<u32>>) -> option<u32> {\n  let n = m.get(\"a\")? ?\n  some(n + 1)\n}\n",
    },
    Mistake {
        name: "a parameter that is changed",
        wrong: "dot next(n: u32) -> u32 {\n  n += 1\n  n\n}\n",
        code: "not-mutable",
        place: "n",
        fixed: "dot next(n: u32) -> u32 {\n  var n = n\n  n += 1\n  n\n}\n",
    },
    Mistake {
        name: "alternatives on lines of their own",
        wrong: "enum Light { Red, Amber, Green }\n\ndot stop(light: Light) -> bool {\n  match light {\n    Red\n    | Amber => true\n    Green => false\n  }\n}\n",
        code: "unexpected-token",
        place: "|",
        fixed: "enum Light { Red, Amber, Green }\n\ndot stop(light: Light) -> bool {\n  match light {\n    Red |\n    Amber => true\n    Green => false\n  }\n}\n",
    },
    Mistake {
        name: "statements on one line",
        wrong: "dot count(xs: list<u32>) -> u32 {\n  var n: u32 = 0\n  for x in xs { if x == 1 { continue } n += x }\n  n\n}\n",
        code: "unexpected-token",
        place: "n",
        fixed: "dot count(xs: list<u32>) -> u32 {\n  var n: u32 = 0\n  for x in xs { if x == 1 { continue }; n += x }\n  n\n}\n",
    },
    Mistake {
        name: "a function type without parentheses",
        wrong: "fn twice(f: fn(u32) -> u32) -> fn(u32) -> u32 { |n| f(f(n)) }\n\ndot five() -> u32 {\n  let f = twice(|n| n + 2)\n  f(1)\n}\n",
        code: "unexpected-token",
        place: "fn",
        fixed: "fn twice(f: fn(u32) -> u32) -> (fn(u32) -> u32) { |n| f(f(n)) }\n\ndot five() -> u32 {\n  let f = twice(|n| n + 2)\n  f(1)\n}\n",
    },
    Mistake {
        name: "`Some` for `some`",
        wrong: "dot first(xs: list<u32>) -> u32 {\n  match xs.first() {\n    Some(x) => x\n    none => 0\n  }\n}\n",
        code: "unknown-case",
        place: "Some(x)",
        fixed: "dot first(xs: list<u32>) -> u32 {\n  match xs.first() {\n    some(x) => x\n    none => 0\n  }\n}\n",
    },
    Mistake {
        name: "a method of another language",
        wrong: "dot count(xs: list<u32>) -> u32 { xs.length() }\n",
        code: "unknown-method",
        place: "length",
        fixed: "dot count(xs: list<u32>) -> u32 { xs.len() }\n",
    },
    Mistake {
        name: "a keyword of another language",
        wrong: "function _next(n: u32) -> u32 { n + 1 }\n\ndot two() -> u32 { 2 }\n",
        code: "outside-item",
        place: "function",
        fixed: "fn _next(n: u32) -> u32 { n + 1 }\n\ndot two() -> u32 { 2 }\n",
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

/// Programs with one mistake that no edit mends for good: what is told, and the text at the place.
const TOLD_ONCE: &[(&str, &str, &str)] = &[
    (
        "dot next(n: s64) -> s64 {\n  let step =\n  let start = n\n  start + step\n}\n",
        "unexpected-token",
        "=",
    ),
    (
        "dot next(n: s64) -> s64 {\n  var step: s64 =\n  for i in 0..n { step += i }\n  step\n}\n",
        "unexpected-token",
        "=",
    ),
    (
        "dot next(n: s64) -> s64 {\n  let step = n +\n  let start = n\n  start + step\n}\n",
        "unexpected-token",
        "",
    ),
    ("dot next(n: s64) -> s64 {\n  let step =\n}\n", "unexpected-token", "="),
    // Declarations that can't be read, and what uses them.
    ("fn next(n: s64) => n + 1\n\ndot two() -> s64 { next(1) + 0 }\n", "unexpected-token", "=>"),
    ("fn next(n: s64) = n + 1\n\ndot two() -> s64 { next(1) + 0 }\n", "unexpected-token", "="),
    ("fn next(s64 n) -> s64 { n + 1 }\n\ndot two() -> s64 { next(1) + 0 }\n", "unexpected-token", "n"),
    ("record P { x: s64 y: s64 }\n\ndot two() -> s64 { P { x: 1, y: 2 }.y }\n", "unexpected-token", "y"),
    ("record P ( x: s64 )\n\ndot two() -> s64 { P { x: 1 }.x }\n", "unexpected-token", "("),
    ("record P { x: s64, x: u8 }\n\ndot two() -> s64 { P { x: 1 }.x }\n", "duplicate-item", "x"),
    (
        "variant V { A(s64) B }\n\ndot two() -> s64 { match V.A(1) { A(n) => n, B => 2 } }\n",
        "unexpected-token",
        "B",
    ),
    (
        "variant V { A: s64, B }\n\ndot two() -> s64 { match V.A(1) { A(n) => n, B => 2 } }\n",
        "unexpected-token",
        ":",
    ),
    (
        "enum E { A, B C }\n\ndot two() -> s64 { match E.A { A => 1, B => 2, C => 3 } }\n",
        "unexpected-token",
        "C",
    ),
    (
        "record P { x: s64 }\n\nfn P.f(self) -> s64 { self.x }\n\ndot two() -> s64 { P { x: 1 }.f() }\n",
        "unexpected-token",
        ")",
    ),
    (
        "dot go(o: option<s64>) -> s64 {\n  match o {\n    some(x) =>\n      let y = x\n      y\n    none => 3\n  }\n}\n",
        "unexpected-token",
        "let",
    ),
];

#[test]
fn what_has_no_fix_is_told_once_too() {
    for (wrong, code, place) in TOLD_ONCE {
        let report = check(wrong);
        let told: Vec<_> = report.diagnostics().iter().filter(|told| told.is_error()).collect();
        let [one] = told.as_slice() else { panic!("{}", report.render(Colour::Never)) };
        let at = one.primary.span.range.slice(wrong);
        assert_eq!((one.code.as_str(), at), (*code, *place), "{}", report.render(Colour::Never));
    }
}

/// Expressions with one mistake, where a number is wanted, and what is told of each. `n` is an `s64`.
const EXPRESSIONS: &[(&str, &str)] = &[
    ("add(n, \"two\")", "type-mismatch"),
    ("n + text(n)", "type-mismatch"),
    ("nn + 1", "unknown-name"),
    ("ad(n, 1)", "unknown-name"),
    ("[n].lenght()", "unknown-method"),
    ("Point { x: n }.z", "unknown-field"),
    ("add(n)", "wrong-arguments"),
    ("add(n, 1, 2)", "wrong-arguments"),
    ("add(n, 1.5)", "type-mismatch"),
    ("maybe(n) + 1", "type-mismatch"),
    ("risky(n) + 1", "type-mismatch"),
    ("match Shape.Empty { Circle(r) => r, Empty => 0 }", "non-exhaustive-match"),
    ("if !n { 1 } else { 2 }", "type-mismatch"),
    ("if n = 1 { 2 } else { 3 }", "unexpected-token"),
    ("if n > 1 and n < 3 { 1 } else { 2 }", "unexpected-token"),
    ("n > 1 ? 2 : 3", "unexpected-token"),
    ("add(n, Shape::Empty)", "unexpected-token"),
    ("{ let mut z = n; z }", "unexpected-token"),
    ("{ let z = n; z += 1; z }", "not-mutable"),
    ("maybe(n)[0]", "not-indexable"),
    ("[n].len", "unknown-field"),
    ("match maybe(n) { some(x) => x }", "non-exhaustive-match"),
    ("if n > 1 { 1 } else { \"a\" }", "type-mismatch"),
    ("[n].map(|x| x + \"a\")[0]", "type-mismatch"),
    ("[n].map(|x, y| x + y)[0]", "type-mismatch"),
    ("add(n, b: 1, c: 2)", "wrong-arguments"),
    ("Point { y: n }.x", "missing-field"),
    ("add(n 1)", "unexpected-token"),
    ("add(n,, 1)", "unexpected-token"),
    ("{ let z: in64 = n; z }", "unknown-name"),
    ("{ const z = n; z }", "unexpected-token"),
    ("{ z := n; z }", "unexpected-token"),
    ("match n { 1: 2, _ => 3 }", "unexpected-token"),
    ("match n { case 1 => 2, _ => 3 }", "unexpected-token"),
    ("if (n == 1) return 2 else 3", "unexpected-token"),
    ("if n == 1 then 2 else 3", "unexpected-token"),
    ("new Point { x: n }.x", "unexpected-token"),
    ("Point { x = n }.x", "unexpected-token"),
    ("n++", "unexpected-token"),
    ("n as s32", "unexpected-token"),
    ("lambda k: k", "unexpected-token"),
    ("fn(k) { k }", "unexpected-token"),
    ("n === 1", "unexpected-token"),
];

const SURROUNDINGS: &[&str] = &[
    "fn f(n: s64) -> s64 { @ }",
    "fn f(n: s64) -> s64 {\n  let v: s64 = @\n  v + 1\n}",
    "fn f(n: s64) -> s64 {\n  let v = @\n  v + 1\n}",
    "fn f(n: s64) -> list<s64> { [1, 2].map(|n| @) }",
    "fn f(n: s64) -> list<s64> { [n, 2].filter(|k| k > 1).map(|n| @).reversed() }",
    "fn f(n: s64, o: option<s64>) -> s64 {\n  match o {\n    some(k) => @\n    none => 0\n  }\n}",
    "fn f(n: s64) -> s64 { add(1, @) }",
    "fn f(n: s64) -> string { \"v {@}\" }",
    "fn f(n: s64) -> list<s64> {\n  [1, 2].map(|k| {\n    let v = @\n    v + k\n  })\n}",
    "fn f<T: number>(n: s64, t: T) -> T {\n  let v = @\n  if v > 1 { t + t } else { t }\n}",
    "test \"a\" {\n  let n = 1\n  assert @ == 1\n}",
    "fn f(n: s64) -> s64 {\n  if n > 3 { return @ }\n  n\n}",
    "fn f(n: s64) -> s64 {\n  var t = 0\n  for k in 0..3 {\n    t += @\n    t += k\n  }\n  t\n}",
    "fn f(n: s64, xs: list<s64>) -> s64 { xs[@] + 1 }",
    "fn f(n: s64) -> Point {\n  Point {\n    x: @\n    y: n\n  }\n}",
    "fn f(n: s64) -> option<s64> { some(@) }",
    "fn f(n: s64) -> list<s64> { [1, @, 2] }",
    "fn f(n: s64) -> bool { if (@) > 2 { true } else { false } }",
    "fn f(n: s64) -> result<s64, string> {\n  let a = risky(n)?\n  ok(a + @)\n}",
    "fn f(n: s64, o: option<s64>) -> s64 {\n  match o {\n    some(k) => {\n      let v = @\n      v + k\n    }\n    none => 0\n  }\n}",
    "fn f(n: s64) -> s64 {\n  var m: map<s64, s64> = [:]\n  m[@] = 2\n  m[n, or: 0]\n}",
    "fn f(n: s64) -> s64 {\n  let o = maybe(n)\n  o ?? @\n}",
];

/// What the expressions use, among many other functions.
fn around(item: &str) -> String {
    let others = |name: &str| -> String {
        (0..12).map(|n| format!("fn {name}{n}(n: s64) -> s64 {{\n  let a = n + {n}\n  if a > 3 {{ a }} else {{ 0 }}\n}}\n\n")).collect()
    };
    format!(
        "record Point {{ x: s64, y: s64 = 0 }}\nvariant Shape {{ Circle(s64), Square(side: s64), Empty }}\n\
         fn add(a: s64, b: s64) -> s64 {{ a + b }}\nfn text(n: s64) -> string {{ \"{{n}}\" }}\n\
         fn maybe(n: s64) -> option<s64> {{ if n > 0 {{ some(n) }} else {{ none }} }}\n\
         fn risky(n: s64) -> result<s64, string> {{ if n > 0 {{ ok(n) }} else {{ err(\"no\") }} }}\n\
         {}{item}\n{}",
        others("before"),
        others("behind")
    )
}

#[test]
fn a_mistake_is_told_once_wherever_it_stands() {
    let mut failures = Vec::new();
    for (expression, code) in EXPRESSIONS {
        for surrounding in SURROUNDINGS {
            let item = surrounding.replace('@', expression);
            let text = around(&item);
            let report = check(&text);
            let told: Vec<_> = report.diagnostics().iter().filter(|told| told.is_error()).collect();
            let start = text.find(&item).unwrap_or_default() as u32;
            let lies_in_it = |at: u32| (start..start + item.len() as u32).contains(&at);
            match told.as_slice() {
                [one] if one.code.as_str() == *code && lies_in_it(one.primary.span.range.start) => {}
                _ => {
                    let codes: Vec<_> =
                        told.iter().map(|one| format!("{} ({})", one.code.as_str(), one.title)).collect();
                    failures.push(format!("`{code}` is expected in\n{item}\ntold: {}", codes.join(", ")));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n\n"));
}
