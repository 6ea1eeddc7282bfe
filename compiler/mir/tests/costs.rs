//! What programs cost in the interpreter, which counts allocations, dups and drops as they happen. The numbers follow
//! from the programs by hand.

mod support;

use dot_eval::{Limits, Value};
use dot_mir::interp::{self, Outcome};
use dot_mir::{Level, interp::Failure};
use support::{instance, program};

/// Calls a function with a number, at both levels.
fn run(source: &str, name: &str, n: u32) -> Vec<u64> {
    let db = program(source);
    let call = |level| -> Result<Outcome<'_>, Failure<'_>> {
        interp::call(&db, instance(&db, name), vec![Value::int(n)], Limits::PROGRAM, level)
    };
    let mut costs = Vec::new();
    for level in [Level::Debug, Level::Release] {
        let outcome = call(level).unwrap_or_else(|failure| panic!("{failure:?}"));
        costs.extend([outcome.allocations, outcome.counted]);
    }
    costs
}

/// What `n + 1` costs more than `n`: allocations and counts in debug, then in release.
fn step(source: &str, name: &str, n: u32) -> Vec<i64> {
    let (less, more) = (run(source, name, n), run(source, name, n + 1));
    more.iter().zip(less).map(|(more, less)| *more as i64 - less as i64).collect()
}

const LIST: &str = "
variant List { Nil, Cons(head: u32, tail: List) }
fn build(n: u32) -> List {
  var xs = List.Nil
  for i in 0..n { xs = Cons(i, xs) }
  xs
}
fn sum(xs: List) -> u32 {
  var total: u32 = 0
  var rest = xs
  while rest is Cons(head, tail) {
    total += head
    rest = tail
  }
  total
}
fn summed(n: u32) -> u32 { sum(build(n)) }
fn summed_often(n: u32) -> u32 {
  let xs = build(10)
  var total: u32 = 0
  for _ in 0..n { total += sum(xs) }
  total
}
fn bumped(xs: List) -> List {
  match xs {
    Nil => Nil
    Cons(head, tail) => Cons(head + 1, bumped(tail))
  }
}
fn mapped(n: u32) -> u32 { sum(bumped(build(n))) }
";

/// A loop over a borrowed list counts nothing: the list is dropped once, link by link, when it dies.
#[test]
fn a_loop_over_a_list_counts_nothing() {
    assert_eq!(step(LIST, "summed_often", 7), [0, 0, 0, 0]);
    assert_eq!(step(LIST, "summed", 7), [1, 0, 1, 0]);
}

/// Of a list that nobody else sees, `map` reuses every cell.
#[test]
fn mapping_a_unique_list_allocates_nothing() {
    assert_eq!(step(LIST, "mapped", 7)[0], 1);
    assert_eq!(step(LIST, "mapped", 7)[2], 1);
}

/// Okasaki's red-black trees: an insertion into a tree that nobody else sees makes one node, whatever is rotated.
#[test]
fn inserting_into_a_unique_red_black_tree_allocates_one_node() {
    let source = "
enum Color { Red, Black }
variant Tree { Leaf, Node(c: Color, l: Tree, key: u32, r: Tree) }
fn balance(t: Tree) -> Tree {
  match t {
    Node(Black, Node(Red, Node(Red, a, x, b), y, c), z, d) => Node(Red, Node(Black, a, x, b), y, Node(Black, c, z, d))
    Node(Black, Node(Red, a, x, Node(Red, b, y, c)), z, d) => Node(Red, Node(Black, a, x, b), y, Node(Black, c, z, d))
    Node(Black, a, x, Node(Red, Node(Red, b, y, c), z, d)) => Node(Red, Node(Black, a, x, b), y, Node(Black, c, z, d))
    Node(Black, a, x, Node(Red, b, y, Node(Red, c, z, d))) => Node(Red, Node(Black, a, x, b), y, Node(Black, c, z, d))
    other => other
  }
}
fn ins(t: Tree, key: u32) -> Tree {
  match t {
    Leaf => Node(Red, Leaf, key, Leaf)
    Node(c, l, k, r) => if key < k {
      balance(Node(c, ins(l, key), k, r))
    } else if key > k {
      balance(Node(c, l, k, ins(r, key)))
    } else {
      Node(c, l, k, r)
    }
  }
}
fn insert(t: Tree, key: u32) -> Tree {
  match ins(t, key) {
    Node(_, l, k, r) => Node(Black, l, k, r)
    Leaf => Leaf
  }
}
fn has(t: Tree, key: u32) -> bool {
  match t {
    Leaf => false
    Node(_, l, k, r) => if key == k { true } else if key < k { has(l, key) } else { has(r, key) }
  }
}
fn size(t: Tree) -> u32 {
  match t {
    Leaf => 0
    Node(_, l, _, r) => size(l) + 1 + size(r)
  }
}
fn grow(n: u32) -> Tree {
  var t = Tree.Leaf
  for i in 0..n { t = insert(t, i * 37 % 101) }
  t
}
fn grown(n: u32) -> u32 { size(grow(n)) }
fn asked(n: u32) -> u32 {
  let t = grow(20)
  var found: u32 = 0
  for i in 0..n { if has(t, i) { found += 1 } }
  found
}
";
    for n in [0, 1, 10, 50] {
        let costs = run(source, "grown", n);
        assert_eq!((costs[0], costs[2]), (u64::from(n), u64::from(n)), "{n} insertions");
    }
    assert_eq!(step(source, "asked", 5), [0, 0, 0, 0]);
}

/// A fold over a tree that is borrowed, through a recursion and through a closure.
#[test]
fn folds_over_borrowed_trees_count_nothing() {
    let source = "
variant Tree { Leaf, Node(l: Tree, key: string, r: Tree) }
fn full(n: u32) -> Tree { if n == 0 { Leaf } else { Node(full(n - 1), \"k{n}\", full(n - 1)) } }
fn fold(t: Tree, acc: u32) -> u32 {
  match t {
    Leaf => acc
    Node(l, key, r) => fold(r, fold(l, acc) + key.byte_len())
  }
}
fn folded(n: u32) -> u32 {
  let t = full(4)
  var total: u32 = 0
  for _ in 0..n { total += fold(t, 0) }
  total
}
";
    assert_eq!(step(source, "folded", 3), [0, 0, 0, 0]);
}

/// A place deep inside is changed without a copy of what lies around it.
#[test]
fn nested_places_are_changed_where_they_are() {
    let source = "
record Cell { count: u32, name: string }
record Row { cells: list<Cell>, title: string }
record Sheet { rows: map<string, Row>, last: option<Row>, n: u32 }
fn sheet() -> Sheet {
  let cells: list<Cell> = [{ count: 0, name: \"a\" }, { count: 0, name: \"b\" }]
  let row: Row = { cells, title: \"t\" }
  { rows: [\"r\": row], last: some(row), n: 0 }
}
fn listed(n: u32) -> u32 {
  var rows = [sheet().rows[\"r\"]]
  for i in 0..n { rows[0].cells[1].count += i }
  rows[0].cells[1].count
}
fn kept(n: u32) -> u32 {
  var s = sheet()
  for i in 0..n { s.rows[\"r\"].cells[0].count += i }
  s.rows[\"r\"].cells[0].count
}
";
    assert_eq!(step(source, "listed", 5)[0], 0);
    assert_eq!(step(source, "listed", 5)[2], 0);
    assert_eq!(step(source, "kept", 5)[0], 0);
    assert_eq!(step(source, "kept", 5)[2], 0);
}

/// `map` of a list that nobody else sees to elements of the same type allocates nothing, and an element moves into the
/// function and out again. A list that is still needed is copied once.
#[test]
fn mapping_a_unique_list_in_place() {
    let source = "
fn numbers(n: u32) -> list<u32> { list.of(n, 1) }
fn mapped(n: u32) -> u32 { numbers(n + 1).map(|x| x + 1).len() }
fn shared(n: u32) -> u32 {
  let xs = numbers(n + 1)
  let ys = xs.map(|x| x + 1)
  xs[0] + ys[0]
}
fn nested(n: u32) -> u32 {
  var rows: list<list<u32>> = []
  for _ in 0..n { rows.push(numbers(3)) }
  rows.map(|row| grown(row)).len()
}
fn grown(row: list<u32>) -> list<u32> {
  var out = row
  out.push(1)
  out
}
";
    // In debug the function value is an object, too.
    for (name, lists) in [("mapped", 1), ("shared", 2)] {
        let costs = run(source, name, 20);
        assert_eq!((costs[0], costs[2]), (lists + 1, lists), "{name}");
    }
    // A row more is one list more, made once: it is pushed to where it is.
    assert_eq!((step(source, "nested", 7)[0], step(source, "nested", 7)[2]), (1, 1));
}
