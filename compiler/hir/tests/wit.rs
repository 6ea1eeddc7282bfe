//! Interfaces of WIT as modules.

mod support;

use dot_hir::wit::{interface_text, kebab_case, wit_name};
use dot_hir::{Def, ImportKind, import_of, items_of};
use support::{item, module, project_with_wit, told};

const COUNTER: &str = r#"
package acme:count@1.0.0;

/// Counts things.
interface counters {
  /// How far to count.
  record limits { at-most: u32, %type: option<string> }
  variant count-error { too-far(u32), closed }
  enum direction { up, down }
  flags access { read, write-all }
  type amount = u64;

  resource counter {
    constructor(limits: limits);
    /// One step.
    step: func(by: amount) -> result<amount, count-error>;
    merge: static func(a: counter, b: borrow<counter>) -> counter;
  }

  open: func(name: string, how: direction) -> option<counter>;
  reset-all: func();
  watch: async func(s: stream<u8>) -> future;
  DNS-name: func(self: tuple<u8, list<bool>>) -> result<_, string>;
}

interface users {
  use counters.{counter, count-error as error};
  count: func(on: borrow<counter>) -> result<_, error>;
}
"#;

const USER: &str = "\
use acme:count/counters@1.0.0 as counters
use acme:count/users@1.0.0 as users
fn f() {}
";

#[test]
fn an_interface_is_written_out_in_dot() {
    let db = project_with_wit(&[("main", USER)], &[("wit/count.wit", COUNTER)]);
    assert_eq!(told(&db, "main"), Vec::<String>::new());
    let Ok(Def::Module(counters)) = dot_hir::resolve_name(&db, module(&db, "main"), "counters") else {
        panic!("it is a module")
    };
    // Written by hand from the rules in the module's documentation.
    let expected = "\
/// How far to count.
record Limits {
  at_most: u32,
  type: option<string>,
}
variant CountError {
  TooFar(u32),
  Closed,
}
enum Direction {
  Up,
  Down,
}
flags Access {
  Read,
  WriteAll,
}
type Amount = u64
resource Counter {}
fn Counter.new(limits: Limits) -> Counter {}
/// One step.
fn step(self: Counter, by: Amount) -> result<Amount, CountError> {}
fn Counter.merge(a: Counter, b: Counter) -> Counter {}
fn open(name: string, how: Direction) -> option<Counter> {}
fn reset_all() {}
fn watch(s: stream<u8>) -> future<()> {}
@wit(\"DNS-name\")
fn dns_name(self_: tuple<u8, list<bool>>) -> result<(), string> {}
";
    assert_eq!(interface_text(&db, counters), Some(expected));
    assert_eq!(dot_hir::module_docs(&db, counters), "Counts things.");
    let wrong: Vec<_> = support::diagnostics(&db, counters);
    assert_eq!(wrong, []);
}

#[test]
fn types_of_another_interface_are_the_same_items() {
    let db = project_with_wit(&[("main", USER)], &[("wit/count.wit", COUNTER)]);
    let main = module(&db, "main");
    let there = dot_hir::resolve_path(&db, main, &["counters", "CountError"]).expect("it is there");
    let here = dot_hir::resolve_path(&db, main, &["users", "Error"]).expect("it is there");
    assert_eq!(here.def, there.def);
}

#[test]
fn functions_know_what_they_import() {
    let db = project_with_wit(&[("main", USER)], &[("wit/count.wit", COUNTER)]);
    let Ok(Def::Module(counters)) = dot_hir::resolve_name(&db, module(&db, "main"), "counters") else {
        panic!("it is a module")
    };
    let import = |name: &str| import_of(&db, item(&db, counters, name)).expect("it is imported");
    assert_eq!(import("step").name, "[method]counter.step");
    assert_eq!(import("step").kind, ImportKind::Method { resource: "counter".into() });
    assert_eq!(import("step").lends, [true, false]);
    assert_eq!(import("step").interface, "acme:count/counters@1.0.0");
    assert_eq!(import("new").name, "[constructor]counter");
    assert_eq!(import("merge").name, "[static]counter.merge");
    assert_eq!(import("merge").lends, [false, true]);
    assert_eq!(import("open").kind, ImportKind::Freestanding);
    assert!(import("watch").is_async && !import("open").is_async);
    assert_eq!(import("dns_name").name, "DNS-name");
    assert_eq!(wit_name(&db, item(&db, counters, "dns_name")), "DNS-name");
    assert_eq!(wit_name(&db, item(&db, counters, "Counter")), "counter");
    assert_eq!(import_of(&db, item(&db, counters, "Counter")), None);
    assert_eq!(import_of(&db, item(&db, module(&db, "main"), "f")), None);
}

#[test]
fn methods_of_used_interfaces_are_found() {
    let db = project_with_wit(&[("main", USER)], &[("wit/count.wit", COUNTER)]);
    let found = dot_hir::methods_named(&db, module(&db, "main"), "step");
    assert_eq!(found.len(), 1);
}

#[test]
fn a_path_without_version_means_the_only_one() {
    let two = COUNTER.replace("@1.0.0", "@2.0.0");
    let main = "use acme:count/users as users";
    let db = project_with_wit(&[("main", main)], &[("wit/count.wit", COUNTER)]);
    assert_eq!(told(&db, "main"), Vec::<String>::new());
    let db = project_with_wit(&[("main", main)], &[("wit/1/count.wit", COUNTER), ("wit/2/count.wit", &two)]);
    assert_eq!(told(&db, "main"), ["unknown-module: acme:count/users"]);
}

#[test]
fn what_is_wrong_with_wit_is_told_at_the_use() {
    let main = "use acme:count/users@1.0.0 as users";
    let db = project_with_wit(
        &[("main", main)],
        &[("wit/count.wit", "package acme:count@1.0.0;\ninterface users {")],
    );
    let found = support::diagnostics(&db, module(&db, "main"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code.as_str(), "unknown-module");
    assert!(found[0].notes.iter().any(|note| note.contains("wit/count.wit:2")), "{:?}", found[0].notes);
    // Nothing cascades: the name is bound, if to nothing.
    assert!(matches!(
        dot_hir::resolve_name(&db, module(&db, "main"), "users"),
        Err(dot_hir::Missing::Reported)
    ));
}

#[test]
fn a_package_may_be_several_files_and_depend_on_others() {
    let files = [
        ("wit/a.wit", "package acme:a@1.0.0;\ninterface one { use acme:b/two@1.0.0.{t}; f: func() -> t; }"),
        ("wit/b/head.wit", "package acme:b@1.0.0;"),
        ("wit/b/two.wit", "interface two { record t { x: u8 } }"),
    ];
    let db = project_with_wit(&[("main", "use acme:a/one as one\nuse acme:b/two as two")], &files);
    assert_eq!(told(&db, "main"), Vec::<String>::new());
    let main = module(&db, "main");
    let one = dot_hir::resolve_path(&db, main, &["one", "T"]).expect("it is there");
    assert_eq!(one.def, dot_hir::resolve_path(&db, main, &["two", "T"]).expect("it is there").def);
}

const WASI: &[(&str, &str)] = &[
    ("wit/cli.wit", include_str!("../../../stdlib/wit/cli.wit")),
    ("wit/clocks.wit", include_str!("../../../stdlib/wit/clocks.wit")),
    ("wit/filesystem.wit", include_str!("../../../stdlib/wit/filesystem.wit")),
    ("wit/http.wit", include_str!("../../../stdlib/wit/http.wit")),
    ("wit/io.wit", include_str!("../../../stdlib/wit/io.wit")),
    ("wit/random.wit", include_str!("../../../stdlib/wit/random.wit")),
    ("wit/sockets.wit", include_str!("../../../stdlib/wit/sockets.wit")),
];

#[test]
fn every_interface_of_wasi_becomes_a_module_without_errors() {
    let db = project_with_wit(&[("main", "")], WASI);
    let package = module(&db, "main").package(&db);
    let universe = dot_hir::wit::wit_universe(&db, package);
    assert_eq!(universe.errors, Vec::<String>::new());
    let names: Vec<_> = universe.interface_names().cloned().collect();
    assert!(names.iter().any(|name| name == "wasi:io/streams@0.2.12"), "{names:?}");
    assert!(names.iter().any(|name| name == "wasi:filesystem/types@0.2.12"), "{names:?}");
    for name in names {
        let interface = dot_db::Module::new(&db, package, name.clone(), None);
        assert_eq!(support::diagnostics(&db, interface), [], "{name}");
        let wit = &universe.resolve.interfaces[universe.interface(&name).expect("it is there")];
        let functions =
            items_of(&db, interface).iter().filter(|item| import_of(&db, **item).is_some()).count();
        assert_eq!(functions, wit.functions.len(), "{name}");
        // A type of WIT is an item: a declaration, or the `use` of another interface's.
        let types = items_of(&db, interface).len() - functions;
        assert_eq!(types, wit.types.len(), "{name}");
    }
}

#[test]
fn names_in_wit_are_kebab_case() {
    for (dot, wit) in
        [("open_at", "open-at"), ("NoEntry", "no-entry"), ("HTTPError", "http-error"), ("utf8", "utf8")]
    {
        assert_eq!(kebab_case(dot), wit);
    }
}
