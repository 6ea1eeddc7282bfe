//! Handles live to the end of their scope.

mod support;

use dot_db::{Database, Origin, PackageTexts, new_project};
use support::{instance, text};

const WIT: &str = "
package demo:things;
interface things {
  resource thing {
    constructor(name: string);
    size: func() -> u32;
  }
  take: func(t: thing);
}
";

fn counted(source: &str, name: &str) -> String {
    let db = Database::default();
    let root = PackageTexts::new("acme:geo", Origin::User, &[("main", source)]).with_wit(&[("things", WIT)]);
    new_project(&db, &root, &PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES));
    let module = support::item(&db, name).module(&db);
    let told = dot_types::module_diagnostics(&db, module);
    assert!(told.iter().all(|d| !d.is_error()), "{told:?}");
    text(&db, dot_mir::counted(&db, instance(&db, name)).expect("it has a body"))
}

/// Where each of these stands in the text, which is in order.
#[track_caller]
fn in_order(text: &str, words: &[&str]) {
    let mut from = 0;
    for word in words {
        match text[from..].find(word) {
            Some(at) => from += at + word.len(),
            None => panic!("no {word:?} after byte {from} in\n{text}"),
        }
    }
}

#[test]
fn handles_are_dropped_in_reverse_at_the_end() {
    let text = counted(
        "use demo:things/things
fn f() -> u32 uses things {
  let a = things.Thing.new(\"a\")
  let b = things.Thing.new(\"b\")
  let n = a.size()
  n + 1
}",
        "f",
    );
    in_order(&text, &["import", "import", "size", "add", "drop_handle", "drop_handle", "return"]);
    assert!(!text.contains("dup"), "{text}");
}

#[test]
fn a_handle_that_moved_is_not_dropped() {
    let text = counted(
        "use demo:things/things
fn f() uses things {
  let a = things.Thing.new(\"a\")
  let _ = a.size()
  things.take(a)
}",
        "f",
    );
    assert!(!text.contains("drop_handle") && !text.contains("dup"), "{text}");
}

/// The body of a loop over an `each` is a function of its own. It is lent the handle, which lives on after the loop.
#[test]
fn a_loop_over_an_each_lends_a_handle_of_outside() {
    let text = counted(
        "use demo:things/things
record Bag { items: list<u32> }
fn each(self: Bag, visit: fn(u32)) { for n in self.items { visit(n) } }
fn f(bag: Bag) -> u32 uses things {
  let a = things.Thing.new(\"a\")
  var total: u32 = 0
  for n in bag {
    if n == 0 { break }
    total += n * a.size()
  }
  total
}",
        "f",
    );
    in_order(&text, &["import", "main.each", "drop_handle", "return"]);
    // Once on each way out: a loop's body that may leave has more than one.
    let (drops, ends) = (text.matches("drop_handle").count(), text.matches("  return ").count());
    assert!(drops == ends && !text.contains("dup"), "{text}");
}
