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
