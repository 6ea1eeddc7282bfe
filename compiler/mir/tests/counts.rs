//! Dups, drops and reuse as the papers have them. The expectations were written by hand from the rules.

mod support;

use support::{counted, same};

/// Perceus' first example: on a unique list `map` and `reverse` change every cell in place. The cell of `xs` is
/// taken apart, its token makes the new cell; the empty list owns no cell, so dropping it frees nothing.
#[test]
fn reverse_reuses_every_cell() {
    let source = "
variant List { Nil, Cons(head: string, tail: List) }
fn reverse(xs: List, acc: List) -> List {
  match xs {
    Nil => acc
    Cons(head, tail) => reverse(tail, Cons(head, acc))
  }
}
";
    same(
        &counted(source, "reverse"),
        "
fn main.reverse(%0: List, %1: List) -> List
b0(%0: List, %1: List):
  %2: u32 = tag %0
  switch %2 [b1, b2]
b1:
  drop %0^
  jump b3(%1)
b2:
  %3: string, %4: List, %5: token List = unpack.token %0^ as 1
  %6: List = case 1 %3^, %1^, in %5^
  %7: List = call main.reverse %4^, %6^
  jump b3(%7)
b3(%8: List):
  return %8
",
    );
}

/// A function that only looks borrows, through its own recursion: no count is touched.
#[test]
fn length_borrows() {
    let source = "
variant List { Nil, Cons(head: string, tail: List) }
fn length(xs: List) -> u32 { match xs { Nil => 0, Cons(_, tail) => 1 + length(tail) } }
";
    let text = counted(source, "length");
    assert!(text.starts_with("fn main.length(borrowed %0: List) -> u32\n"), "{text}");
    for word in ["dup", "drop", "^", "unpack"] {
        assert!(!text.contains(word), "{word} in\n{text}");
    }
}

/// A name of a `match inout` stands for a part: the cell is taken apart, and its memory makes the changed one.
#[test]
fn a_part_of_a_case_is_changed_in_place() {
    let source = "
variant List { Nil, Cons(head: string, tail: List) }
fn first(inout self: List, text: string) {
  match inout self {
    Nil => {}
    Cons(inout head, _) => head = text
  }
}
";
    let text = counted(source, "first");
    assert!(text.contains("unpack.token") && text.contains(" in %"), "{text}");
    assert!(!text.contains("dup %0") && !text.contains("dup %3"), "{text}");
}

/// `p.a[i].c += 1` moves the list out of the record, the element out of the list, and back: nothing is copied.
#[test]
fn nested_places_are_updated_in_place() {
    let source = "
record Inner { c: u32, s: string }
record Outer { a: list<Inner>, n: u32 }
fn bump(inout p: Outer, i: u32) { p.a[i].c += 1 }
";
    same(
        &counted(source, "bump"),
        "
fn main.bump(%0: Outer, %1: u32) -> (), Outer
b0(%0: Outer, %1: u32):
  %2: u32 = const 1
  %3: list<Inner>, %4: u32 = unpack %0^
  %5: list<Inner>, %6: Inner = list.take %3^, %1
  %7: u32, %8: string = unpack %6^
  %9: u32 = add %7, %2
  %10: Inner = record %9^, %8^
  %11: list<Inner> = list.put %5^, %1, %10^
  %12: Outer = record %11^, %4^
  %13: () = record
  return %13, %12
",
    );
}

/// The element is dup'ed when it is read, not when it is used, so that the list isn't copied by `push`.
#[test]
fn a_part_does_not_keep_what_is_changed_alive() {
    let source = "
fn first(xs: list<string>) -> string {
  let x = xs[u32(0)]
  var ys = xs
  ys.push(\"more\")
  if ys.len() == 3 { \"three\" } else { x }
}
";
    let text = counted(source, "first");
    let dup = text.find("dup").expect("the element is kept");
    let push = text.find("list.push %0^").expect("the list itself is pushed to");
    assert!(dup < push, "{text}");
    assert_eq!(text.matches("dup").count(), 1, "{text}");
}

/// A part that is changed by a function and put back moves there and back: nothing is dup'ed, nothing dropped.
#[test]
fn a_part_that_is_replaced_by_what_is_made_of_it_moves() {
    let source = "
record Log { lines: list<string>, n: u32 }
fn more(xs: list<string>) -> list<string> { var ys = xs
  ys.push(\"more\")
  ys }
fn step(inout self: Log) { self.lines = more(self.lines) }
";
    same(
        &counted(source, "step"),
        "
fn main.step(%0: Log) -> (), Log
b0(%0: Log):
  %1: list<string>, %2: u32 = unpack %0^
  %3: list<string> = call main.more %1^
  %4: Log = record %3^, %2^
  %5: () = record
  return %5, %4
",
    );
}

/// The balancing step of red-black trees (Okasaki), the other example of the Perceus paper: the cell that is matched
/// and the one inside it are both taken apart, and both new cells on each path are made in their memory.
#[test]
fn rebalancing_reuses_both_cells() {
    let source = "
enum Color { Red, Black }
variant Tree { Leaf, Node(c: Color, l: Tree, key: string, r: Tree) }
fn rotate(t: Tree) -> Tree {
  match t {
    Node(Black, Node(Red, a, x, b), y, c) => Node(Red, a, x, Node(Black, b, y, c))
    other => other
  }
}
";
    let text = counted(source, "rotate");
    assert_eq!(text.matches("unpack.token").count(), 2, "{text}");
    assert_eq!(text.matches(", in %").count(), 2, "{text}");
    assert!(!text.contains("dup"), "{text}");
    assert!(!text.contains("drop"), "{text}");
}

/// What a loop carries from link to link of a borrowed list is borrowed as well.
#[test]
fn a_loop_over_a_borrowed_list_borrows() {
    let source = "
variant List { Nil, Cons(head: u32, tail: List) }
fn sum(xs: List) -> u32 {
  var total: u32 = 0
  var rest = xs
  while rest is Cons(head, tail) {
    total = total +% head
    rest = tail
  }
  total
}
";
    same(
        &counted(source, "sum"),
        "
fn main.sum(borrowed %0: List) -> u32
b0(%0: List):
  %1: u32 = const 0
  jump b1(%0, %1)
b1(%2: List, %3: u32):
  %4: u32 = tag %2
  %5: u32 = const 1
  %6: bool = eq %4, %5
  branch %6 b2 else b3
b2:
  %7: u32 = part %2 as 1.0
  %8: List = part %2 as 1.1
  %9: u32 = wrapping_add %3, %7
  jump b1(%8, %9)
b3:
  return %3
",
    );
}

/// A loop that gives what it carries away in the end is better off owning it: each link is let go as it is passed.
#[test]
fn a_loop_that_keeps_the_rest_owns() {
    let source = "
variant List { Nil, Cons(head: u32, tail: List) }
fn skip(xs: List, n: u32) -> List {
  var rest = xs
  var left = n
  while left > 0 && rest is Cons(_, tail) {
    left -= 1
    rest = tail
  }
  rest
}
";
    let text = counted(source, "skip");
    assert!(text.starts_with("fn main.skip(%0: List, %1: u32) -> List\n"), "{text}");
    assert!(text.contains("unpack") && !text.contains("dup"), "{text}");
}

/// An element that is dup'ed because its list changes while it is needed: its parts move out of the dup, none is
/// dup'ed once more.
#[test]
fn a_dup_is_taken_apart_without_more_dups() {
    let source = "
record Pair { key: string, value: string }
fn first(xs: list<Pair>) -> tuple<string, list<Pair>> {
  let pair = xs[u32(0)]
  var ys = xs
  ys.push({ key: \"k\", value: \"v\" })
  (pair.key, ys)
}
";
    same(
        &counted(source, "first"),
        "
fn main.first(%0: list<Pair>) -> (string, list<Pair>)
b0(%0: list<Pair>):
  %1: s64 = const 0
  %2: u32 = convert.trap %1
  %3: Pair = list.get %0, %2
  %4: Pair = dup %3
  %5: string = static \"k\"
  %6: string = static \"v\"
  %7: Pair = record %5^, %6^
  %8: (), %9: list<Pair> = list.push %0^, %7^
  %10: string, %11: string = unpack %4^
  drop %11^
  %12: (string, list<Pair>) = record %10^, %9^
  return %12
",
    );
}
