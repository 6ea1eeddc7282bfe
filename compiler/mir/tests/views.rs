//! Parts of lists and strings that are looked at where they are. What is allocated follows from the programs by hand.

mod support;

use dot_eval::{Limits, Value};
use dot_mir::{Level, interp};
use support::{counted, instance, program};

/// What calls with a number allocate at both levels.
fn allocations(source: &str, name: &str, n: u32) -> Vec<u64> {
    let db = program(source);
    let call = |level| interp::call(&db, instance(&db, name), vec![Value::int(n)], Limits::PROGRAM, level);
    let outcome = |level| call(level).unwrap_or_else(|failure| panic!("{failure:?}"));
    [Level::Debug, Level::Release].map(|level| outcome(level).allocations).to_vec()
}

/// What `n` calls for more than `0` does.
fn grows(source: &str, name: &str, n: u32) -> Vec<u64> {
    let (none, some) = (allocations(source, name, 0), allocations(source, name, n));
    some.iter().zip(none).map(|(some, none)| some - none).collect()
}

const LISTS: &str = "
fn numbers(n: u32) -> list<u32> { list.of(n + 3, 1) }
fn sum(xs: list<u32>) -> u32 {
  match xs {
    [] => 0
    [x, ..rest] => x + sum(rest)
  }
}
fn summed(n: u32) -> u32 { sum(numbers(n)) }
fn ends_agree(xs: list<u32>) -> bool {
  match xs {
    [] | [_] => true
    [a, ..middle, b] => a == b && ends_agree(middle)
  }
}
fn palindrome(n: u32) -> bool { ends_agree(numbers(n)) }
fn looped(n: u32) -> u32 {
  var rest = numbers(n)
  var total: u32 = 0
  while rest is [x, ..tail] {
    total += x
    rest = tail
  }
  total
}
fn windows(n: u32) -> u32 {
  let xs = numbers(n)
  var total: u32 = 0
  for i in 0..n {
    for x in xs.slice(i, i + 2) { total += x }
    total += sum(xs.slice(i, i + 3))
    if xs.slice(0, 2) == xs.slice(1, 3) { total += 1 }
  }
  total
}
fn skipped(xs: list<u32>, n: u32) -> list<u32> {
  var rest = xs
  var left = n
  while left > 0 && rest is [_, ..tail] {
    rest = tail
    left -= 1
  }
  rest
}
fn cut_once(n: u32) -> u32 { skipped(numbers(n), n).len() }
";

#[test]
fn a_recursion_over_the_rest_of_a_list_copies_nothing() {
    assert_eq!(grows(LISTS, "summed", 20), [0, 0]);
    assert_eq!(grows(LISTS, "palindrome", 20), [0, 0]);
}

#[test]
fn a_loop_over_the_rest_of_a_list_copies_nothing() {
    assert_eq!(grows(LISTS, "looped", 20), [0, 0]);
}

#[test]
fn parts_that_are_looped_over_compared_and_lent_are_not_copied() {
    assert_eq!(grows(LISTS, "windows", 20), [0, 0]);
}

/// What is left behind the loop is one copy; where nothing was skipped it is the list itself.
#[test]
fn what_is_kept_behind_a_loop_is_copied_once() {
    assert_eq!(allocations(LISTS, "cut_once", 0), [1, 1]);
    assert_eq!(allocations(LISTS, "cut_once", 1), [2, 2]);
    assert_eq!(allocations(LISTS, "cut_once", 20), [2, 2]);
}

#[test]
fn no_count_is_touched_in_a_recursion() {
    let text = counted(LISTS, "sum");
    assert!(text.starts_with("fn main.sum(borrowed %0: list<u32>) -> u32\n"), "{text}");
    assert!(text.contains(" = view "), "{text}");
    for word in ["dup", "drop", "^", "list.slice", "cut"] {
        assert!(!text.contains(word), "{word} in\n{text}");
    }
}

const TEXTS: &str = r##"
fn words(source: string) -> u32 {
  match source {
    "{word} {rest}" => if word == "1" { 1 + words(rest) } else { 0 }
    _ => 0
  }
}
fn counted_words(n: u32) -> u32 { words("1 ".repeat(n + 1)) }
fn lengths(n: u32) -> u32 {
  var rest = "ab,".repeat(n + 1)
  var total: u32 = 0
  while rest is "{part},{tail}" {
    total += part.byte_len()
    rest = tail
  }
  total
}
"##;

#[test]
fn string_patterns_copy_nothing() {
    for name in ["counted_words", "lengths"] {
        assert_eq!(grows(TEXTS, name, 1), grows(TEXTS, name, 12), "{name}");
    }
}
