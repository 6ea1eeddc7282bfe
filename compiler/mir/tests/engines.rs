//! The interpreter of counted MIR agrees with the evaluator, finds no leak and no other fault. What the programs
//! give is also written down, worked out by hand.

mod support;

use support::run_all;

#[test]
fn numbers_and_control() {
    let given = run_all(
        r#"
fn fib(n: u32) -> u32 { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
fn t_fib() -> u32 { fib(15) }
fn t_overflow() -> u8 { var x: u8 = 250
  while true { x += 1 }
  x }
fn t_sum() -> s64 { var t = 0
  for i in 1..=10 { if i == 3 { continue }
    if i == 9 { break }
    t += i }
  t }
fn t_logic() -> bool { let x = 3
  (x > 1 && !(x == 2)) || x / 0 == 1 }
fn t_div() -> s64 { let z = 0
  1 / z }
fn t_shift() -> u32 { let n = 40
  u32(1) << n }
fn t_index() -> s64 { let xs = [1, 2]
  let i = -1
  xs[i] }
fn t_convert() -> u8 { u8(300) }
fn t_floats() -> f64 { (1.5 + 2.0) * 2.0 }
fn t_ranges() -> list<u8> { var out: list<u8> = []
  for i in u8(253)..=255 { out.push(i) }
  for i in u8(5)..5 { out.push(i) }
  out }
fn t_chars() -> list<char> { var out: list<char> = []
  for c in "aé€😀" { out.push(c) }
  out }
"#,
    );
    assert_eq!(
        given,
        [
            "t_fib: 610",
            "t_overflow: trap overflow",
            "t_sum: 33",
            "t_logic: true",
            "t_div: trap divide-by-zero",
            "t_shift: trap shift",
            "t_index: trap index",
            "t_convert: trap conversion",
            "t_floats: 7.0",
            "t_ranges: [253, 254, 255]",
            "t_chars: ['a', 'é', '€', '😀']",
        ]
    );
}

#[test]
fn values_are_copied_when_shared() {
    let given = run_all(
        r#"
record Inner { c: u32, s: string }
record Outer { a: list<Inner>, n: u32 }
fn bump(inout p: Outer, i: u32) { p.a[i].c += 1
  p.a[i].s += "!" }
fn t_places() -> (Outer, Outer) {
  var p = Outer { a: [{ c: 1, s: "x" }, { c: 2, s: "y" }], n: 7 }
  let before = p
  bump(inout p, 1)
  p.n += 1
  bump(inout p, 1)
  (before, p)
}
fn t_nested() -> (list<list<u32>>, list<list<u32>>) {
  var xs: list<list<u32>> = [[1], [2, 3]]
  let ys = xs
  xs[1][0] = 9
  xs[0].push(4)
  (xs, ys)
}
fn two(inout a: u32, inout b: list<u32>) { a += 1
  b.push(a) }
record Pair { a: u32, b: list<u32> }
fn t_two_fields() -> Pair { var p = Pair { a: 1, b: [] }
  two(inout p.a, inout p.b)
  two(inout p.a, inout p.b)
  p }
fn t_element() -> (string, list<string>) { let xs = ["a", "b"]
  let x = xs[0]
  var ys = xs
  ys.push("c")
  ys[0] += x
  (x, ys) }
fn t_pop() -> (option<string>, list<string>) { var xs = ["a", "b"]
  let last = xs.pop()
  (last, xs) }
"#,
    );
    assert_eq!(
        given,
        [
            "t_places: (Outer { a: [Inner { c: 1, s: \"x\" }, Inner { c: 2, s: \"y\" }], n: 7 }, Outer { a: [Inner { c: 1, s: \"x\" }, Inner { c: 4, s: \"y!!\" }], n: 8 })",
            "t_nested: ([[1, 4], [9, 3]], [[1], [2, 3]])",
            "t_two_fields: Pair { a: 3, b: [2, 3] }",
            "t_element: (\"a\", [\"aa\", \"b\", \"c\"])",
            "t_pop: (some(\"b\"), [\"a\"])",
        ]
    );
}

#[test]
fn patterns() {
    let given = run_all(
        r#"
variant Expr { Num(s64), Neg(Expr), Binary(op: char, left: Expr, right: Expr) }
fn eval(e: Expr) -> result<s64, string> {
  match e {
    Num(n) => ok(n)
    Neg(Neg(inner)) => eval(inner)
    Neg(inner) => ok(0 - eval(inner)?)
    Binary('+', Num(0), right) => eval(right)
    Binary(op, left, right) => match (op, eval(left)?, eval(right)?) {
      ('+', a, b) => ok(a + b)
      ('*' | 'x', a, b) => ok(a * b)
      (_, _, b) if b == 0 => err("zero")
      ('/', a, b) => ok(a / b)
      (other, _, _) => err("no {other}")
    }
  }
}
fn t_eval() -> list<result<s64, string>> {
  let two = Binary('+', Num(0), Num(2))
  [eval(Neg(Neg(two))), eval(Binary('x', two, Neg(Num(3)))), eval(Binary('/', two, Num(0))), eval(Binary('?', two, two))]
}
fn text(s: string) -> string { match s {
  "a{x}b" => x
  "({name}, {rest})" => "{rest}/{name}"
  "c" | "d" => "cd"
  _ => "?"
} }
fn t_text() -> list<string> { [text("axxb"), text("ab"), text("(p, q)"), text("d"), text("abb"), text("")] }
fn slices(xs: list<string>) -> string { match xs {
  [] => "none"
  [one] => one
  [first, ..rest, last] if rest.len() > 1 => "{first}..{rest.len()}..{last}"
  [first, ..] => first
} }
fn t_slices() -> list<string> { [slices([]), slices(["a"]), slices(["a", "b"]), slices(["a", "b", "c", "d"])] }
fn class(n: s64) -> string { match n { 0 => "zero", 1..=9 => "digit", 10..100 | -5 => "some", _ => "other" } }
fn t_class() -> list<string> { [class(0), class(9), class(99), class(-5), class(100)] }
fn t_let_else() -> s64 { let some(x) = some(3) else { return 0 }
  let (a, b) = (x, 4)
  a * b }
fn t_is() -> s64 { let o = some(some(5))
  if o is some(some(x)) && x > 4 { x } else { 0 } }
"#,
    );
    assert_eq!(
        given,
        [
            "t_eval: [ok(2), ok(-6), err(\"zero\"), err(\"no ?\")]",
            "t_text: [\"xx\", \"\", \"q/p\", \"cd\", \"b\", \"?\"]",
            "t_slices: [\"none\", \"a\", \"a\", \"a..2..d\"]",
            "t_class: [\"zero\", \"digit\", \"some\", \"some\", \"other\"]",
            "t_let_else: 12",
            "t_is: 5",
        ]
    );
}

#[test]
fn closures_and_generics() {
    let given = run_all(
        r#"
fn apply<T, U>(x: T, f: fn(T) -> U) -> U { f(x) }
fn double(s: string) -> string { "{s}{s}" }
fn t_map() -> list<string> { let suffix = "!"
  ["a", "b"].map(|x| "{x}{suffix}") }
fn t_fold() -> s64 { [1, 2, 3].fold(10, |a, x| a + x) }
fn t_named() -> string { apply("ab", double) }
fn t_stored() -> s64 { var n = 3
  let f = |x: s64| x + n
  let g = |x: s64| x + 4
  f(1) + g(1) + f(10) }
fn t_inout_closure() -> s64 { var t = 0
  let add = |inout a: s64, x: s64| { a += x }
  add(inout t, 3)
  add(inout t, 4)
  t }
"#,
    );
    assert_eq!(
        given,
        ["t_map: [\"a!\", \"b!\"]", "t_fold: 16", "t_named: \"abab\"", "t_stored: 22", "t_inout_closure: 7"]
    );
}

#[test]
fn structural_operations() {
    let given = run_all(
        r#"
variant Shape { Dot, Circle(s64), Poly(list<(s64, s64)>) }
enum Color { Red, Green }
record Thing { name: string, shape: Shape, color: Color, tags: list<option<string>> }
fn thing() -> Thing { Thing { name: "ab", shape: Poly([(1, 2)]), color: Green, tags: [some("x"), none] } }
fn t_show() -> string { "{thing()} {Dot} {Circle(1) == Circle(1)} {()} {(1,)}" }
fn t_equal() -> list<bool> { [thing() == thing(), Dot == Circle(1), [1, 2] == [1, 2, 3], "a" != "b", (1, "x") == (1, "x")] }
fn t_order() -> list<bool> { ["ab" < "b", [1, 2] < [1, 2, 0], (2, "a") > (1, "z"), some(1) <= none, ok(1) < err("a"), Red < Green, -0.0 == 0.0, (-0.0, 1) < (0.0, 0)] }
fn t_compare() -> list<Ordering> { [compare(0.0, -0.0), compare(1, 2), compare("b", "a"), compare((1, Dot), (1, Dot))] }
"#,
    );
    assert_eq!(
        given[0],
        r#"t_show: "Thing \{ name: \"ab\", shape: Poly([(1, 2)]), color: Green, tags: [some(\"x\"), none] } Dot true () (1,)""#
    );
    assert_eq!(given[1], "t_equal: [true, false, false, true, true]");
    assert_eq!(given[2], "t_order: [true, true, true, false, true, true, true, true]");
    assert_eq!(given[3], "t_compare: [Greater, Less, Greater, Equal]");
}

#[test]
fn depth_and_deep_values() {
    let given = run_all(
        r#"
variant List { Nil, Cons(s64, List) }
fn build(n: s64) -> List { var xs = Nil
  for i in 0..n { xs = Cons(i, xs) }
  xs }
fn length(xs: List) -> s64 { var n = 0
  var at = xs
  while at is Cons(_, tail) { n += 1
    at = tail }
  n }
fn t_long() -> s64 { length(build(100000)) }
fn down(n: s64) -> s64 { if n == 0 { 0 } else { 1 + down(n - 1) } }
fn t_deep_enough() -> s64 { down(4000) }
fn t_too_deep() -> s64 { down(5000) }
"#,
    );
    assert_eq!(given, ["t_long: 100000", "t_deep_enough: 4000", "t_too_deep: limit depth"]);
}

#[test]
fn constants() {
    let given = run_all(
        r#"
record Limit { name: string, at: u32 }
const BASE: u32 = 2 + 3
const LIMITS: list<Limit> = [{ name: "low", at: BASE }, { name: "high", at: BASE * 10 }]
const NAMES: map<string, option<u8>> = ["a": some(1), "b": none]
fn t_constants() -> (u32, list<Limit>, map<string, option<u8>>) { (BASE, LIMITS, NAMES) }
fn t_element() -> string { LIMITS[1].name }
"#,
    );
    assert_eq!(
        given,
        [
            r#"t_constants: (5, [Limit { name: "low", at: 5 }, Limit { name: "high", at: 50 }], ["a": some(1), "b": none])"#,
            "t_element: \"high\"",
        ]
    );
}

#[test]
fn maps() {
    let given = run_all(
        r#"
record Score { wins: u32, log: list<string> }
fn t_count() -> map<string, u32> { var m: map<string, u32> = [:]
  for w in ["b", "a", "b"] { m[w, or: 0] += 1 }
  m }
fn t_nested() -> map<string, Score> { var m: map<string, Score> = ["x": { wins: 0, log: [] }]
  let before = m
  m["x"].wins += 1
  m["x"].log.push("won")
  if before["x"].wins == 0 { m } else { before } }
fn t_missing() -> u32 { let m: map<string, u32> = ["a": 1]
  m["b"] }
fn t_equal() -> bool { let a = ["x": 1, "y": 2]
  let b = ["y": 2, "x": 1]
  a == b && "{a}" == "{b}" }
fn t_loop() -> list<(s64, string)> { var out: list<(s64, string)> = []
  for (k, v) in [2: "b", 1: "a"] { out.push((k, v)) }
  out }
"#,
    );
    assert_eq!(
        given,
        [
            r#"t_count: ["a": 1, "b": 2]"#,
            r#"t_nested: ["x": Score { wins: 1, log: ["won"] }]"#,
            "t_missing: trap key",
            "t_equal: true",
            r#"t_loop: [(2, "b"), (1, "a")]"#,
        ]
    );
}

/// The glue that hashes gives what the evaluator's structural hash gives, and that is what its documentation says:
/// for the string "ab" the words are 2 and 0x6261, for a tuple its parts'.
#[test]
fn hashes_are_the_same_everywhere() {
    use dot_eval::Value;
    use dot_mir::ir::{Instance, InstanceKind};
    let db = support::program(
        "enum Color { Red, Green }
         fn f() -> tuple<string, s8, list<option<char>>, bool, Color, u64> { (\"hello world\", -1, [some('x'), none], true, Green, 7) }",
    );
    let f = support::item(&db, "f");
    let value = match support::agree(&db, "f", &[]) {
        support::End::Values(values) => values[0].clone(),
        other => panic!("{other:?}"),
    };
    let ty = dot_types::fn_signature(&db, f).ret;
    let step = |state: u64, word: u64| (state.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    let words = [11, u64::from_le_bytes(*b"hello wo"), 0x64_6c72, u64::MAX, 2, 1, 0x78, 0, 1, 1, 7];
    let state = words.into_iter().fold(0, step);
    assert_eq!(dot_eval::structural::hash(&value), state ^ state >> 32);
    let glue = Instance::new(&db, InstanceKind::HashGlue, vec![ty]);
    let limits = dot_eval::Limits::PROGRAM;
    for level in [dot_mir::Level::Debug, dot_mir::Level::Release] {
        let args = vec![Value::int(0), value.clone()];
        let outcome = dot_mir::interp::call(&db, glue, args, limits, level).expect("a hash");
        assert_eq!(outcome.values, [Value::int(state)]);
    }
}
