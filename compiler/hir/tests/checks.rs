//! What is said about names and attributes, by code and place.

mod support;

use support::{diagnostics, module, project, told};

/// What is said about a package of one module.
fn alone(text: &str) -> Vec<String> {
    told(&project(&[("main", text)]), "main")
}

const NOTHING: Vec<String> = Vec::new();

#[test]
fn two_items_of_one_name_are_both_there_and_told() {
    let text = "record P { x: u8 }\nrecord P { y: u8 }\nfn f() {}\nfn f() {}";
    assert_eq!(alone(text), ["duplicate-item: P", "duplicate-item: f"]);
    let db = project(&[("main", text)]);
    let main = module(&db, "main");
    assert_eq!(dot_hir::items_of(&db, main).len(), 4);
    let first = diagnostics(&db, main).remove(0);
    assert_eq!(first.labels.len(), 1, "the first declaration is shown");
}

#[test]
fn a_use_and_an_item_of_one_name_collide() {
    assert_eq!(alone("use std/json\nfn json() {}"), ["duplicate-item: json"]);
    assert_eq!(alone("use std/json.{JsonError}\nrecord JsonError { x: u8 }"), ["duplicate-item: JsonError"]);
}

#[test]
fn one_module_may_be_used_twice() {
    assert_eq!(alone("use std/json.{JsonError}\nuse std/json.{decode}"), NOTHING);
}

#[test]
fn methods_of_one_name_need_different_types() {
    let two = "record A { x: u8 }\nrecord B { x: u8 }\nfn area(self: A) {}\nfn area(self: B) {}";
    assert_eq!(alone(two), NOTHING);
    let same = "record A<T> { x: T }\nfn area<T>(self: A<T>) {}\nfn area(self: A<u8>) {}";
    assert_eq!(alone(same), ["duplicate-item: area"]);
    assert_eq!(alone("fn area(self: u32) {}\nfn area(self: u32) {}"), ["duplicate-item: area"]);
    let db = project(&[
        ("a", "pub record A { x: u8 }\nfn area(self: A) {}"),
        ("b", "use geo/a.{A}\nfn area(self: A) {}"),
    ]);
    assert_eq!((told(&db, "a"), told(&db, "b")), (NOTHING, vec!["duplicate-item: area".to_owned()]));
}

#[test]
fn members_of_one_name_are_told() {
    assert_eq!(alone("record P { x: u8, x: u8 }"), ["duplicate-item: x"]);
    assert_eq!(alone("variant V { A, B, A(u8) }"), ["duplicate-item: A"]);
    assert_eq!(alone("fn f<T, T>(x: T, x: T) {}"), ["duplicate-item: T", "duplicate-item: x"]);
    assert_eq!(alone("variant V { A(x: u8, x: u8) }"), ["duplicate-item: x"]);
}

#[test]
fn names_that_are_one_in_wit_collide() {
    let text = "record Report { x: u8 }\ndot report() -> Report { { x: 1 } }";
    assert_eq!(alone(text), ["wit-name-collision: report"]);
    assert_eq!(alone(&text.replace("dot", "@wit(\"make\") dot")), NOTHING);
    assert_eq!(alone(&text.replace("dot", "fn")), NOTHING);
    let cases = "enum E { HttpError, HTTPError }\n";
    assert_eq!(alone(&format!("{cases}dot f() -> E {{ HttpError }}")), ["wit-name-collision: HTTPError"]);
    assert_eq!(alone(&format!("{cases}dot f() {{}}")), NOTHING);
    assert_eq!(alone("record Report { x: u8 }\ndot report() {}"), NOTHING);
    assert_eq!(alone("dot f(a_b: u8, a__b: u8) {}"), ["wit-name-collision: a__b"]);
    assert_eq!(alone("dot f(ab: u8, a_b: u8) {}"), ["wit-name-collision: a_b"]);
    assert_eq!(alone("dot sign_up() {}\ndot signup() {}"), ["wit-name-collision: signup"]);
}

#[test]
fn dots_of_a_resource_have_a_space_of_their_own() {
    let text = "resource S { x: u8 }\nresource T { x: u8 }\ndot bump(self: S) {}\ndot bump(self: T) {}";
    assert_eq!(alone(text), NOTHING);
    let two = format!("{text}\n@wit(\"bump\") dot jump(self: S) {{}}");
    assert_eq!(alone(&two), ["wit-name-collision: jump"]);
    assert_eq!(alone(&text.replace("resource", "record")), ["wit-name-collision: bump"]);
}

#[test]
fn modules_and_names_that_are_not_there_are_told_with_the_nearest() {
    assert_eq!(alone("use std/jsn"), ["unknown-module: std/jsn"]);
    assert_eq!(alone("use geo/nowhere"), ["unknown-module: geo/nowhere"]);
    assert_eq!(alone("use std/json.{JsonEror}"), ["unknown-name: JsonEror"]);
    let db = project(&[("main", "use std/jsn")]);
    let found = diagnostics(&db, module(&db, "main"));
    assert_eq!(found[0].fix.as_ref().expect("json is near").edits[0].replacement, "std/json");
}

#[test]
fn what_is_private_to_std_stays_there() {
    assert_eq!(alone("use std/json.{helper}"), ["private-item: helper"]);
    let db = project(&[("main", "use geo/other.{hidden}"), ("other", "fn hidden() {}")]);
    assert_eq!(told(&db, "main"), NOTHING);
}

#[test]
fn cases_are_enforced_where_the_parser_takes_any_name() {
    assert_eq!(
        alone("fn f(xs: list<u8>) { let (aB, c) = (1, 2)\n let d = |eF| eF }"),
        ["invalid-name: aB", "invalid-name: eF"]
    );
    assert_eq!(alone("variant V { A(oP: char) }"), ["invalid-name: oP"]);
    assert_eq!(alone("record R<Key_Type> { x: u8 }"), ["invalid-name: Key_Type"]);
    assert_eq!(alone("use std/json as jSON"), ["invalid-name: jSON"]);
    assert_eq!(alone("const T: u8 = 1\nenum E { GET, Utf8 }\nfn f_1(_x: u8) {}"), NOTHING);
    // Each wrong name is told once, by the parser or here.
    assert_eq!(alone("fn openAt(filePath: u8) {}").len(), 2);
}

#[test]
fn built_in_names_are_reserved_for_plain_functions_only() {
    assert_eq!(alone("fn list() {}"), ["reserved-name: list"]);
    assert_eq!(alone("use std/list"), ["reserved-name: std/list"]);
    assert_eq!(alone("record R { string: u8 }\nfn string(self: R) {}"), NOTHING);
    assert_eq!(alone("fn f(a: u8, self: u8) {}"), ["reserved-name: self"]);
}

#[test]
fn statics_need_a_type() {
    assert_eq!(alone("fn Nope.new() {}"), ["unknown-name: Nope"]);
    assert_eq!(alone("fn f() {}\nfn f.new() {}"), ["unknown-name: f"]);
    assert_eq!(alone("fn u8.parse() {}"), ["reserved-name: u8"]);
    assert_eq!(alone("record R { x: u8 }\nfn R.new() {}\nfn R.new() {}"), ["duplicate-item: new"]);
}

#[test]
fn attributes_are_a_closed_set() {
    assert_eq!(alone("dot f(@minimum(1) a: u8) {}"), ["unknown-attribute: minimum"]);
    assert_eq!(alone("dot f(@min(\"one\") a: u8) {}"), ["invalid-attribute: min"]);
    assert_eq!(alone("dot f(@min(-1) @max(1.5) a: f64) {}"), NOTHING);
    assert_eq!(alone("record R { @from a: u8 }"), ["invalid-attribute: from"]);
    assert_eq!(alone("variant V { @from A(u8), @json(\"b\") B }"), NOTHING);
    assert_eq!(
        alone("@intrinsic(\"list.len\")\nfn len(self: list<u8>) -> u32 {}"),
        ["invalid-attribute: intrinsic"]
    );
    assert_eq!(
        alone("@deprecated @wit(\"other\") @get(\"/{a}/b\") dot f(@len(3) @secret a: string) {}"),
        NOTHING
    );
}

#[test]
fn broken_files_give_diagnostics_and_items() {
    for text in [
        "",
        "\n\n",
        "}",
        "fn",
        "dot f(",
        "record R {",
        "use",
        "use std/",
        "use :",
        "@",
        "fn f() { let x = ",
        "fn f(self",
        "variant V { A(",
        "const",
        "test",
        "export",
        "record R { ..",
        "fn .new() {}",
        "fn R.() {}",
        "\u{feff}fn f() {}",
    ] {
        let db = project(&[("main", text)]);
        let found = diagnostics(&db, module(&db, "main"));
        let is_fine = text.trim().is_empty() || text.starts_with('\u{feff}');
        assert_eq!(found.is_empty(), is_fine, "{text:?}: {found:?}");
    }
}

#[test]
fn an_unclosed_brace_spoils_its_own_item_only() {
    let db = project(&[("main", "fn a() {\n  if x {\n}\nfn b() -> u8 { 1 }\nrecord R { x: u8 }")]);
    let main = module(&db, "main");
    for name in ["b", "R"] {
        assert!(dot_hir::resolve_name(&db, main, name).is_ok(), "{name}");
    }
}
