//! What a program needs.

mod support;

use dot_mir::{Level, instances};
use support::{instance, program};

/// Even where nobody has looked at the diagnostics of the layer below, the search ends and says why.
#[test]
fn instantiation_that_never_ends_is_told() {
    let source = "
fn wrap<T>(value: T, times: u32) -> u32 { if times == 0 { 0 } else { 1 + wrap([value], times - 1) } }
fn nested(times: u32) -> u32 { wrap(true, times) }
";
    let db = support::unchecked(source);
    for level in [Level::Debug, Level::Release] {
        let found = instances(&db, &[instance(&db, "nested")], level);
        let told: Vec<&str> = found.diagnostics.iter().map(|d| d.code.as_str()).collect();
        assert!(found.functions.len() <= 200, "{}", found.functions.len());
        assert!(told.iter().all(|code| *code == "endless-instantiation"), "{told:?}");
    }
}

/// Each function once, callers before what they call, and the glue that their drops need.
#[test]
fn each_instance_is_found_once() {
    let source = "
fn id<T>(x: T) -> T { x }
fn g() -> u32 { id(u32(1)) + id(u32(2)) }
fn f() -> string { let _ = g()
  id(\"a\") }
";
    let db = program(source);
    let found = instances(&db, &[instance(&db, "f")], Level::Debug);
    let names: Vec<String> = found.functions.iter().map(|i| dot_mir::print::instance_name(&db, *i)).collect();
    assert_eq!(names, ["main.f", "main.g", "main.id<string>", "main.id<u32>"]);
    assert!(found.diagnostics.is_empty() && found.imports.is_empty());
}
