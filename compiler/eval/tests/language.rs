//! Programs in source, evaluated: what needs several features at once and is told best in the language.
//!
//! Each test is a module of `test` items, which the evaluator runs. Expectations are hand counts.

use dot_db::{Database, Origin, PackageTexts, modules_of, new_project};
use dot_eval::{Cause, Failure, Limit, Limits, Queries, run_test};
use dot_syntax::ItemKind;

/// Runs every test of a program with these limits and hands each outcome, by name, to `judge`.
fn run(source: &str, limits: Limits, mut judge: impl FnMut(&str, Result<(), Failure<'_>>)) {
    let db = Database::default();
    let root = PackageTexts::new("local:main", Origin::User, &[("main", source)]);
    let std = PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES);
    let root = new_project(&db, &root, &std).root(&db);
    let told = dot_types::package_diagnostics(&db, root);
    let errors: Vec<_> = told.iter().filter(|told| told.is_error()).map(|told| &told.title).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let items = modules_of(&db, root).iter().flat_map(|module| dot_hir::items_of(&db, *module));
    for item in items.filter(|item| item.kind(&db) == ItemKind::Test) {
        judge(item.name(&db), run_test(&Queries(&db), *item, limits));
    }
}

/// Every test of the program passes.
fn passes(source: &str) {
    let mut ran = 0;
    run(source, Limits::PROGRAM, |name, outcome| {
        ran += 1;
        assert!(outcome.is_ok(), "{name}: {outcome:?}");
    });
    assert!(ran > 0);
}

/// Every test of the program ends with the trap or limit that is its name.
fn fails(source: &str) {
    let mut ran = 0;
    run(source, Limits::PROGRAM, |name, outcome| {
        ran += 1;
        let found = match outcome.map_err(|failure| failure.cause) {
            Ok(()) => "passed",
            Err(Cause::Trap { kind, .. }) => kind.name(),
            Err(Cause::Limit(limit)) => limit.name(),
            Err(Cause::Import { .. } | Cause::Internal(_)) => "broken",
        };
        // Names of tests are unique, so what comes after a space only tells them apart.
        assert_eq!(Some(found), name.split(' ').next(), "{name}");
    });
    assert!(ran > 0);
}

#[test]
fn places() {
    passes(
        r#"
record Point { x: s64, y: s64 }
record Line { from: Point, marks: list<u8> }

fn bump(inout n: s64) { n += 1 }
fn both(inout a: s64, inout b: s64) { let old = a
  a = b
  b = old }

test "fields, elements and entries are changed in place" {
  var line = Line { from: { x: 1, y: 2 }, marks: [1, 2] }
  let before = line
  line.from.x = 5
  line.marks[1] += 7
  line.marks.push(3)
  bump(inout line.from.y)
  both(inout line.from.x, inout line.from.y)
  assert line == Line { from: { x: 3, y: 5 }, marks: [1, 9, 3] }
  assert before == Line { from: { x: 1, y: 2 }, marks: [1, 2] }
}

test "entries start from a default" {
  var m: map<string, list<u8>> = [:]
  m["a", or: []].push(1)
  m["a", or: [9]].push(2)
  var n: map<u8, map<u8, u8>> = [:]
  n[1, or: [:]][2] = 3
  n[1, or: [:]][2, or: 0] += 4
  assert m == ["a": [1, 2]] && n == [1: [2: 7]]
}

test "a shift keeps the type of what is shifted" {
  let small: u8 = 0xf0
  assert small << u64(1) == 0xe0
}
"#,
    );
}

#[test]
fn patterns() {
    passes(
        r#"
variant Shape { Circle(f64), Box(width: u32, height: u32), Empty }

fn kind(shape: Shape) -> string {
  match shape {
    Circle(r) if r > 10.0 => "big"
    Circle(r) if r < 1.0 => "tiny"
    Circle(_) => "circle"
    Box(w, h) if w == h => "square {w}"
    Box(width: 1 | 2, ..) => "narrow"
    Box(..) => "box"
    Empty => "empty"
  }
}

fn ends(xs: list<u8>) -> string {
  match xs {
    [] => "none"
    [x] => "one {x}"
    [first, ..rest, last] => "{first} {rest} {last}"
  }
}

fn cut(s: string) -> string {
  match s {
    "<{tag}>{body}</{end}>" if tag == end => "{tag}: {body}"
    "{a}-{b}-{c}" => "{a},{b},{c}"
    _ => "?"
  }
}

test "cases, ranges and guards" {
  assert kind(Circle(11.0)) == "big" && kind(Circle(0.5)) == "tiny" && kind(Circle(1.0)) == "circle"
  assert kind(Box(3, 3)) == "square 3" && kind(Box(2, 5)) == "narrow" && kind(Box(7, 5)) == "box"
  assert kind(Empty) == "empty"
}

test "lists" {
  assert ends([]) == "none" && ends([4]) == "one 4" && ends([1, 2]) == "1 [] 2" && ends([1, 2, 3, 4]) == "1 [2, 3] 4"
}

test "strings" {
  assert cut("<b>x</b>") == "b: x" && cut("<b>x</c>") == "?" && cut("1-2-3-4") == "1,2,3-4" && cut("1-2") == "?"
}

test "what `is` binds" {
  let found: option<option<u8>> = some(some(3))
  assert found is some(some(n)) && n == 3
  let some(some(n)) = found else { return }
  assert n == 3
}
"#,
    );
}

#[test]
fn printing() {
    passes(
        r#"
record Nothing {}
record Point { x: f64, name: string }
variant Expr { Num(f64), Binary(op: char, left: Expr, right: Expr), Leaf }

test "containers" {
  let unit: result<(), string> = ok(())
  let gone: option<u8> = none
  assert "{[1, 2]} {(1, "a")} {()}" == "[1, 2] (1, \"a\") ()"
  assert "{some(1)} {gone} {unit} {some(())}" == "some(1) none ok() some(())"
  let nothing: map<string, u8> = [:]
  assert "{["b": 1, "a": 2]} {nothing}" == "[\"a\": 2, \"b\": 1] [:]"
}

test "declared types" {
  assert "{Nothing {}} {Point { x: 1.0, name: "a\{" }}" == "Nothing \{} Point \{ x: 1.0, name: \"a\\\{\" }"
  assert "{Expr.Binary('+', Num(1.0), Leaf)}" == "Binary('+', Num(1.0), Leaf)"
}

test "text at the top and inside" {
  assert "{"a\n"}{'c'}" == "a\nc" && "{["a\n"]}{['\'']}" == "[\"a\\n\"]['\\'']"
}
"#,
    );
}

#[test]
fn order_of_evaluation() {
    passes(
        r#"
fn note(inout log: list<u8>, n: u8) -> u8 { log.push(n)
  n }

test "operands, arguments, parts and entries from left to right" {
  var log: list<u8> = []
  let _ = note(inout log, 1) + note(inout log, 2) * note(inout log, 3)
  let _ = [note(inout log, 4), note(inout log, 5)]
  let _ = (note(inout log, 6), note(inout log, 7))
  let _ = [note(inout log, 8): note(inout log, 9)]
  assert log == [1, 2, 3, 4, 5, 6, 7, 8, 9]
}

test "an index, then the value, then the place" {
  var log: list<u8> = []
  var xs: list<u8> = [10, 20, 30]
  xs[note(inout log, 1)] = note(inout log, 2)
  xs[note(inout log, 0)] += note(inout log, 3)
  assert log == [1, 2, 0, 3] && xs == [13, 2, 30]
}

test "an argument may read the place it is passed to" {
  var xs: list<u8> = [1]
  xs.push(u8.wrap(xs.len()))
  xs.append(xs)
  assert xs == [1, 1, 1, 1]
}
"#,
    );
}

#[test]
fn failures() {
    fails(
        r#"
fn again(n: u64) -> u64 { again(n + 1) + 1 }
fn even(n: u64) -> bool { if n == 0 { true } else { odd(n - 1) } }
fn odd(n: u64) -> bool { if n == 0 { false } else { even(n - 1) } }

test "index" { let xs = [1]
  let _ = xs[1] }
test "index of a write" { var xs = [1]
  xs[1] = 2 }
test "index of a slice" { let _ = [1, 2].slice(2, 1) }
test "key" { let m = ["a": 1]
  let _ = m["b"] }
test "key of a change" { var m = ["a": 1]
  m["b"] += 1 }
test "unwrap" { let x: option<u8> = none
  let _ = x.unwrap() }
test "unwrap of an error" { let x: result<u8, string> = err("no")
  let _ = x.expect("yes") }
test "assert" { assert 1 == 2 }
test "unreachable" { unreachable("never") }
test "invalid-utf8" { let _ = "é".byte_slice(0, 1) }
test "conversion" { let n = 300
  let _ = u8(n) }
test "overflow" { let n = u8.MAX
  let _ = n + 1 }
test "overflow of a sum" { let xs: list<u8> = [200, 100]
  let _ = xs.sum() }
test "divide-by-zero" { let n = 0
  let _ = 1 / n }
test "shift" { let n = 64
  let _ = 1 << n }
test "depth" { let _ = again(0) }
test "depth of two functions" { let _ = even(1_000_000) }
test "memory" { let _ = list.of(4_000_000_000, 0) }
test "passed" { assert even(4000) }
"#,
    );
}

/// Fuel pays for every element copied: loops that copied a growing value would run out of it.
#[test]
fn growing_values_are_not_copied() {
    let source = r#"
record Bag { items: list<u32>, text: string }

fn added(bag: Bag, n: u32) -> Bag { var mine = bag
  mine.items.push(n)
  mine.text += "x"
  mine }

test "as fields, through functions and folds" {
  var bag = Bag { items: [], text: "" }
  for n in 0..u32(20_000) { bag.items.push(n) }
  for n in 0..u32(20_000) { bag = added(bag, n) }
  let folded = bag.items.fold([0], |xs, n| { var ys = xs
    ys.push(s64(n))
    ys })
  assert folded.len() == 40_001
}
"#;
    // About 60 steps a turn; one copy of the list in each turn would alone be 2 * 10^8.
    run(source, Limits { fuel: 4_000_000, ..Limits::PROGRAM }, |name, outcome| {
        assert!(outcome.is_ok(), "{name}: {outcome:?}");
    });
}

#[test]
fn fuel_ends_what_does_not_end() {
    run("test \"endless\" { while true {} }", Limits { fuel: 1000, ..Limits::PROGRAM }, |_, outcome| {
        assert_eq!(outcome.map_err(|failure| failure.cause), Err(Cause::Limit(Limit::Fuel)));
    });
}

/// A list of nested nodes of a million levels: built, compared, printed and freed without recursion.
#[test]
fn deep_data() {
    passes(
        r#"
variant Chain { End, Link(next: Chain) }

test "deep" {
  var a = Chain.End
  var b = Chain.End
  for _ in 0..300_000 {
    a = Link(a)
    b = Link(b)
  }
  assert a == b && compare(a, b) == Ordering.Equal && "{a}".byte_len() == 300_000 * 6 + 3
}
"#,
    );
}
