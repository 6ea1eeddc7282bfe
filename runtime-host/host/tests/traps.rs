//! Traps are told in the terms of the source, from the table in the module.

mod support;

use dot_host::trap_table::{SECTION, TrapSite, TrapTable, TrapValue};
use dot_host::{Engine, EngineOptions, Failure, Metering, Program, ResourceKind, Settings, Span, Val};

const WIT: &str = "package test:traps;
  interface api { say: func(at: u32, length: u32); odd: func(n: u32); div: func(a: u32, b: u32) -> u32; boom: func(); deep: func(n: u32) -> u32; }
  world w { export api; }";

/// The functions are numbered in the order of the text, after the one import that WIT's names give: none here,
/// and `cabi_realloc` of `MEMORY` is 0. The offsets are counted by hand:
///
/// * `$div` (1): `00` no locals, `20 00` and `20 01` the operands, so `i32.div_u` stands at 5;
/// * `$fail` (2): `00` no locals, so `unreachable` stands at 1;
/// * `boom` (3): `00` no locals, so `call` stands at 1;
/// * `odd` (5): `00` no locals, `20 00 41 01 71` the condition, `04 40` an `if` at 6, so `unreachable` stands at 8;
/// * `say` (6): `00` no locals, so `unreachable` stands at 1.
fn program(traps: Vec<TrapSite>, options: EngineOptions) -> Program {
    let table = TrapTable { version: 1, files: vec!["src/main.dot".to_string()], traps };
    let json = String::from_utf8(table.to_bytes()).expect("JSON is text");
    let wat = format!(
        r#"(module {}
      (func $div (export "test:traps/api#div") (param i32 i32) (result i32)
        local.get 0 local.get 1 i32.div_u)
      (func $fail unreachable)
      (func $boom (export "test:traps/api#boom") call $fail)
      (func $deep (export "test:traps/api#deep") (param i32) (result i32)
        local.get 0 call $deep i32.const 1 i32.add)
      (func (export "test:traps/api#odd") (param i32)
        (if (i32.and (local.get 0) (i32.const 1)) (then unreachable)))
      (func (export "test:traps/api#say") (param i32 i32) unreachable)
      (data (i32.const 40) "no Utopia")
      (@custom "{SECTION}" {}))"#,
        support::MEMORY,
        support::quoted(&json)
    );
    let engine = Engine::new(options).expect("an engine");
    Program::from_bytes(&engine, support::component(WIT, &wat)).expect("a component")
}

fn site(func: u32, offset: u32, kind: &str, message: &str, line: u32) -> TrapSite {
    TrapSite {
        func,
        offset,
        kind: kind.to_string(),
        message: message.to_string(),
        line,
        column: 5,
        end_column: 10,
        ..TrapSite::default()
    }
}

fn call(program: &Program, name: &str, args: &[Val]) -> Failure {
    let dot = program.dots().iter().find(|d| d.name == name).expect("the dot");
    program.call(dot, args, &Settings::default()).expect_err("it fails")
}

#[test]
// r[trap.place]
fn a_trap_has_its_kind_message_span_and_backtrace() {
    let fail = site(2, 1, "assert", "`x > 0` is false", 7);
    let caller = site(3, 1, "call", "", 12);
    let Failure::Trap(trap) = call(&program(vec![fail, caller], EngineOptions::default()), "boom", &[])
    else {
        panic!("a trap")
    };
    assert_eq!((trap.kind.as_str(), trap.message.as_str()), ("assert", "`x > 0` is false"));
    let file = "src/main.dot".to_string();
    assert_eq!(trap.span, Some(Span { file, line: 7, column: 5, end_line: 7, end_column: 10 }));
    let frames: Vec<String> = trap.backtrace.iter().map(|f| f.to_string()).collect();
    assert_eq!(frames, ["fail at src/main.dot:7:5", "boom at src/main.dot:12:5"]);
}

/// wasmtime reports such a trap at the `if`; the table speaks of the `unreachable`.
#[test]
fn a_trap_behind_a_branch_is_found() {
    for metering in [Metering::None, Metering::Time, Metering::Fuel] {
        let options = EngineOptions { metering, ..EngineOptions::default() };
        let program = program(vec![site(5, 8, "assert", "`n` is odd", 7)], options);
        let Failure::Trap(trap) = call(&program, "odd", &[Val::U32(3)]) else { panic!("a trap") };
        assert_eq!(trap.message, "`n` is odd", "{metering:?}");
        assert_eq!(trap.backtrace.first().and_then(|f| f.place.clone()).map(|(_, line, _)| line), Some(7));
    }
}

#[test]
fn without_a_table_wasm_s_own_reason_is_told() {
    let program = program(Vec::new(), EngineOptions::default());
    let Failure::Trap(trap) = call(&program, "div", &[Val::U32(1), Val::U32(0)]) else { panic!("a trap") };
    assert_eq!((trap.kind.as_str(), &trap.span), ("divide-by-zero", &None));
    let Failure::Trap(trap) = call(&program, "boom", &[]) else { panic!("a trap") };
    assert_eq!(trap.kind, "unreachable");
}

#[test]
fn the_machine_chooses_between_two_reasons_of_one_instruction() {
    let overflow = site(1, 5, "overflow", "too large", 3);
    let zero = site(1, 5, "divide-by-zero", "division by zero", 3);
    let program = program(vec![overflow, zero], EngineOptions::default());
    let Failure::Trap(trap) = call(&program, "div", &[Val::U32(1), Val::U32(0)]) else { panic!("a trap") };
    assert_eq!((trap.kind.as_str(), trap.message.as_str()), ("divide-by-zero", "division by zero"));
}

#[test]
fn values_are_read_by_running_a_pure_program_again() {
    let value = |name: &str, local: u32| TrapValue {
        name: name.to_string(),
        local,
        ty: "u32".to_string(),
        length: None,
    };
    let zero = TrapSite {
        // A local that does not exist is left out.
        values: vec![value("a", 0), value("b", 1), value("c", 99)],
        ..site(1, 5, "divide-by-zero", "`{a} / {b}` of {c}", 3)
    };
    let read_at_once = EngineOptions { read_values: true, ..EngineOptions::default() };
    for options in [EngineOptions::default(), read_at_once] {
        let program = program(vec![zero.clone()], options);
        let args = [Val::U32(4_000_000_000), Val::U32(0)];
        let Failure::Trap(trap) = call(&program, "div", &args) else { panic!("a trap") };
        assert_eq!(trap.message, "`4000000000 / 0` of c");
        let expected = [("a".to_string(), "4000000000".to_string()), ("b".to_string(), "0".to_string())];
        assert_eq!(trap.values, expected);
    }
}

/// The message is in memory, at an address and with a length that are in locals. A place outside of memory is
/// left out, and the message keeps the name.
#[test]
fn a_message_that_was_computed_is_read() {
    let name = || "message".to_string();
    let text = TrapValue { name: name(), local: 0, ty: "string".to_string(), length: Some(1) };
    let say = TrapSite { values: vec![text], ..site(6, 1, "unreachable", "{message}", 3) };
    let program = program(vec![say], EngineOptions::default());
    let told = |at: u32, length: u32| match call(&program, "say", &[Val::U32(at), Val::U32(length)]) {
        Failure::Trap(trap) => (trap.message, trap.values.len()),
        other => panic!("{other:?}"),
    };
    assert_eq!(told(40, 9), ("no Utopia".to_string(), 0));
    assert_eq!(told(40, u32::MAX), (name(), 0));
    assert_eq!(told(u32::MAX, 1), (name(), 0));
}

#[test]
fn a_table_can_tell_a_resource_failure() {
    let fail = site(2, 1, "depth", "4,096 calls are nested", 7);
    let Failure::Resource(resource) = call(&program(vec![fail], EngineOptions::default()), "boom", &[])
    else {
        panic!("a resource failure")
    };
    assert_eq!((resource.kind, resource.message.as_str()), (ResourceKind::Depth, "4,096 calls are nested"));
}

#[test]
fn endless_recursion_is_a_resource_failure() {
    let program = program(Vec::new(), EngineOptions::default());
    let Failure::Resource(resource) = call(&program, "deep", &[Val::U32(1)]) else {
        panic!("a resource failure")
    };
    assert_eq!(resource.kind, ResourceKind::Depth);
    assert_eq!(resource.backtrace.first().map(|f| f.function.as_str()), Some("deep"));
}
