//! Which item a name means.

mod support;

use dot_hir::{Def, Missing, Owner, PathError};
use support::{item, module, project, told};

#[test]
fn own_items_uses_and_the_prelude_are_in_scope() {
    let db = project(&[
        (
            "main",
            "use geo/places.{Place as Spot}\nuse std/json\nconst LIMIT: u32 = 1\nfn f() { g() }\nfn g() {}",
        ),
        ("places", "pub record Place { name: string }"),
    ]);
    let main = module(&db, "main");
    let places = module(&db, "places");
    let place = item(&db, places, "Place");
    assert_eq!(dot_hir::resolve_name(&db, main, "Spot"), Ok(Def::Item(place)));
    assert_eq!(dot_hir::resolve_name(&db, main, "places"), Ok(Def::Module(places)));
    assert_eq!(dot_hir::resolve_name(&db, main, "g"), Ok(Def::Item(item(&db, main, "g"))));
    assert_eq!(dot_hir::resolve_name(&db, main, "LIMIT"), Ok(Def::Item(item(&db, main, "LIMIT"))));
    assert_eq!(dot_hir::resolve_name(&db, main, "Place"), Err(Missing::Unknown));
    let prelude = dot_hir::prelude(&db).expect("std has one");
    assert_eq!(dot_hir::resolve_name(&db, main, "min"), Ok(Def::Item(item(&db, prelude, "min"))));
    assert_eq!(told(&db, "main"), Vec::<String>::new());
}

#[test]
fn a_path_is_followed_into_modules_and_stops_at_an_item() {
    let db = project(&[("main", "use std/json")]);
    let main = module(&db, "main");
    let json = dot_hir::std_module(&db, "json").expect("it is there");
    let found = dot_hir::resolve_path(&db, main, &["json", "JsonError", "End"]).expect("it is there");
    assert_eq!(found.def, Def::Item(item(&db, json, "JsonError")));
    assert_eq!(found.used, 2);
    assert_eq!(
        dot_hir::resolve_path(&db, main, &["json", "helper"]),
        Err(PathError::Private { segment: 1, item: item(&db, json, "helper") })
    );
    assert_eq!(
        dot_hir::resolve_path(&db, main, &["json", "enocde"]),
        Err(PathError::Unknown { segment: 1, in_module: json })
    );
}

#[test]
fn the_nearest_name_is_suggested() {
    let db = project(&[("main", "fn height() {}\nfn f() {}")]);
    let main = module(&db, "main");
    let span = dot_hir::declared_span(&db, item(&db, main, "f"));
    let path = ["hieght"];
    let error = dot_hir::resolve_path(&db, main, &path).expect_err("it is misspelt");
    let diagnostic = error.diagnostic(&db, main, &path, &[], &[span]).expect("it is told");
    assert_eq!(diagnostic.code.as_str(), "unknown-name");
    assert_eq!(diagnostic.fix.expect("there is a near name").edits[0].replacement, "height");
}

#[test]
fn re_exports_are_followed_and_private_uses_are_not() {
    let db = project(&[
        ("a", "pub use geo/b.{Thing}\nuse geo/b.{Other}"),
        ("b", "pub record Thing { x: u8 }\npub record Other { x: u8 }"),
        ("main", "use geo/a.{Thing, Other}"),
    ]);
    let main = module(&db, "main");
    assert_eq!(
        dot_hir::resolve_name(&db, main, "Thing"),
        Ok(Def::Item(item(&db, module(&db, "b"), "Thing")))
    );
    assert_eq!(dot_hir::resolve_name(&db, main, "Other"), Err(Missing::Reported));
    assert_eq!(told(&db, "main"), ["unknown-name: Other"]);
}

#[test]
fn a_private_import_is_told_once() {
    let db = project(&[("main", "use std/json.{helper}")]);
    assert_eq!(dot_hir::resolve_name(&db, module(&db, "main"), "helper"), Err(Missing::Reported));
    assert_eq!(told(&db, "main"), ["private-item: helper"]);
}

#[test]
fn modules_may_use_each_other_in_a_circle() {
    let db = project(&[
        ("a", "use geo/b.{B}\npub record A { b: list<B> }"),
        ("b", "use geo/a.{A}\npub record B { a: list<A> }"),
    ]);
    let (a, b) = (module(&db, "a"), module(&db, "b"));
    assert_eq!(dot_hir::resolve_name(&db, a, "B"), Ok(Def::Item(item(&db, b, "B"))));
    assert_eq!(dot_hir::resolve_name(&db, b, "A"), Ok(Def::Item(item(&db, a, "A"))));
    assert_eq!(told(&db, "a"), Vec::<String>::new());
}

#[test]
fn a_circle_of_re_exports_leads_nowhere() {
    let db = project(&[("a", "pub use geo/b.{X}"), ("b", "pub use geo/a.{X}"), ("main", "use geo/a.{X}")]);
    assert!(dot_hir::resolve_name(&db, module(&db, "a"), "X").is_err());
    let all = [told(&db, "a"), told(&db, "b"), told(&db, "main")].concat();
    assert!(!all.is_empty() && all.iter().all(|one| one == "unknown-name: X"), "{all:?}");
}

#[test]
fn methods_come_from_the_package_the_uses_and_the_home() {
    let db = project(&[
        ("main", "use std/json\nfn area(self: Shape) -> f64 { 0.0 }\nrecord Shape { a: f64 }"),
        ("other", "fn area(self: u32) -> u32 { self }\nfn area_of(x: u32) -> u32 { x }"),
    ]);
    let main = module(&db, "main");
    let found = dot_hir::methods_named(&db, main, "area");
    assert_eq!(found, [item(&db, main, "area"), item(&db, module(&db, "other"), "area")]);
    assert!(dot_hir::methods_named(&db, main, "area_of").is_empty());
    let list = dot_hir::builtin_home(&db, "list").expect("it is there");
    assert_eq!(dot_hir::methods_of_home(&db, list, main, "len"), [item(&db, list, "len")]);
    assert!(dot_hir::methods_of_home(&db, list, main, "grow").is_empty(), "it is private to std");
}

#[test]
fn statics_are_found_through_their_type() {
    let db = project(&[
        ("main", "use geo/cache.{Lru}\nrecord Other { a: u8 }\nfn Other.new() -> Other { { a: 1 } }"),
        ("cache", "pub record Lru { a: u8 }\npub fn Lru.new() -> Lru { { a: 1 } }"),
    ]);
    let (main, cache) = (module(&db, "main"), module(&db, "cache"));
    let lru = Owner::Item(item(&db, cache, "Lru"));
    assert_eq!(dot_hir::statics_named(&db, main, &lru, "new"), [item(&db, cache, "new")]);
    let list = dot_hir::builtin_home(&db, "list").expect("it is there");
    let builtin = Owner::Builtin("list".into());
    assert_eq!(dot_hir::statics_named(&db, main, &builtin, "of"), [item(&db, list, "of")]);
}

#[test]
fn bare_cases_are_those_of_own_and_imported_types_before_the_prelude() {
    let db = project(&[
        ("main", "use std/json.{JsonError}\nenum Size { Less, More }\nenum Amount { More }"),
        ("plain", "fn f() {}"),
    ]);
    let main = module(&db, "main");
    let size = item(&db, main, "Size");
    let less = dot_hir::cases_named(&db, main, "Less");
    assert_eq!(less.iter().map(|case| (case.item, case.index)).collect::<Vec<_>>(), [(size, 0)]);
    assert_eq!(dot_hir::cases_named(&db, main, "More").len(), 2);
    assert_eq!(dot_hir::cases_named(&db, main, "End").len(), 1);
    let ordering = item(&db, dot_hir::prelude(&db).expect("std has one"), "Ordering");
    let less = dot_hir::cases_named(&db, module(&db, "plain"), "Less");
    assert_eq!(less.iter().map(|case| case.item).collect::<Vec<_>>(), [ordering]);
}

#[test]
fn methods_are_found_by_head_and_aliases_are_followed() {
    let db = project(&[
        (
            "main",
            "use geo/shapes.{Round}\nfn area(self: u8) {}\nfn area(self: Bytes) {}\nfn area<T>(self: T) {}\ntype Bytes = list<u8>\nfn area(self: (u8, u8)) {}",
        ),
        (
            "shapes",
            "pub record Circle { r: f64 }\ntype Round = Circle\nfn area(self: Round) {}\nfn Round.area_of() {}",
        ),
    ]);
    let (main, shapes) = (module(&db, "main"), module(&db, "shapes"));
    let all: Vec<_> =
        dot_hir::items_of(&db, main).iter().copied().filter(|item| item.name(&db) == "area").collect();
    let [on_u8, on_list, open, on_tuple] = all[..] else { panic!("{all:?}") };
    let builtin = |name: &str| Owner::Builtin(name.into());
    assert_eq!(dot_hir::methods_of(&db, main, Some(&builtin("u8")), "area"), [on_u8, open]);
    assert_eq!(dot_hir::methods_of(&db, main, Some(&builtin("list")), "area"), [on_list, open]);
    assert_eq!(dot_hir::methods_of(&db, main, Some(&builtin("tuple")), "area"), [on_tuple, open]);
    assert_eq!(dot_hir::methods_of(&db, main, None, "area"), [open]);
    let circle = Owner::Item(item(&db, shapes, "Circle"));
    assert_eq!(dot_hir::methods_of(&db, main, Some(&circle), "area"), [item(&db, shapes, "area"), open]);
    assert_eq!(dot_hir::statics_named(&db, main, &circle, "area_of"), [item(&db, shapes, "area_of")]);
    let list = dot_hir::builtin_home(&db, "list").expect("it is there");
    assert_eq!(dot_hir::methods_of(&db, main, Some(&builtin("list")), "len"), [item(&db, list, "len")]);
    assert!(
        dot_hir::methods_of(&db, main, Some(&builtin("list")), "grow").is_empty(),
        "it is private to std"
    );
}

#[test]
fn aliases_in_a_circle_have_no_head() {
    let db = project(&[("main", "type A = B\ntype B = A\nfn f(self: A) {}")]);
    let main = module(&db, "main");
    assert_eq!(*dot_hir::receiver_of(&db, item(&db, main, "f")), None);
}
