//! Limits end a guest, and say which limit it was.

mod support;

use std::time::{Duration, Instant};

use dot_host::{Engine, EngineOptions, Failure, Limits, Metering, Program, ResourceKind, Settings, Val};

const WIT: &str = "package test:limits;
  interface api { spin: func(); grow: func(pages: u32) -> s32; big: func() -> list<u8>; nest: func(n: u32) -> u32; }
  world w { export api; }";

/// `grow` traps when memory was refused, as an allocator does. `nest` calls itself `n` times with a frame of
/// more than 32 locals that live across the call.
fn program(metering: Metering) -> Program {
    let locals = 64;
    let sets: String =
        (1..=locals).map(|i| format!("(local.set {i} (i32.add (local.get 0) (i32.const {i})))")).collect();
    let sum: String = (1..=locals).map(|i| format!("local.get {i} i32.add ")).collect();
    let wat = format!(
        r#"(module {}
      (func (export "test:limits/api#spin") (loop $l (br $l)))
      (func (export "test:limits/api#grow") (param i32) (result i32) (local i32)
        (local.set 1 (memory.grow (local.get 0)))
        (if (i32.lt_s (local.get 1) (i32.const 0)) (then unreachable))
        (local.get 1))
      (func (export "test:limits/api#big") (result i32)
        (drop (memory.grow (i32.const 64)))
        (i32.store (i32.const 16) (i32.const 0)) (i32.store (i32.const 20) (i32.const 4194304)) (i32.const 16))
      (func $nest (export "test:limits/api#nest") (param i32) (result i32) (local {})
        {sets}
        (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
        (call $nest (i32.sub (local.get 0) (i32.const 1)))
        {sum}))"#,
        support::MEMORY,
        "i32 ".repeat(locals)
    );
    let engine = Engine::new(EngineOptions { metering, ..EngineOptions::default() }).expect("an engine");
    Program::from_bytes(&engine, support::component(WIT, &wat)).expect("a component")
}

fn call(program: &Program, name: &str, args: &[Val], limits: Limits) -> Result<Option<Val>, Failure> {
    let dot = program.dots().iter().find(|d| d.name == name).expect("the dot");
    program.call(dot, args, &Settings { limits, ..Settings::default() })
}

fn kind(result: Result<Option<Val>, Failure>) -> Option<ResourceKind> {
    match result {
        Err(Failure::Resource(resource)) => Some(resource.kind),
        _ => None,
    }
}

#[test]
fn a_loop_without_end_is_stopped_by_time() {
    let limits = Limits { timeout: Some(Duration::from_millis(100)), ..Limits::default() };
    let began = Instant::now();
    assert_eq!(kind(call(&program(Metering::Time), "spin", &[], limits)), Some(ResourceKind::Timeout));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn a_loop_without_end_is_stopped_by_fuel() {
    let limits = Limits { fuel: Some(1_000_000), timeout: None, ..Limits::default() };
    assert_eq!(kind(call(&program(Metering::Fuel), "spin", &[], limits)), Some(ResourceKind::Fuel));
}

#[test]
fn fuel_without_an_engine_that_counts_is_refused() {
    let limits = Limits { fuel: Some(1_000_000), ..Limits::default() };
    let result = call(&program(Metering::Time), "grow", &[Val::U32(0)], limits);
    assert!(matches!(result, Err(Failure::Host(_))), "{result:?}");
}

#[test]
fn memory_is_refused_beyond_its_limit() {
    let program = program(Metering::Time);
    // One page is there from the start; 15 more make 1 MiB.
    let limits = Limits { memory: 1 << 20, ..Limits::default() };
    assert_eq!(call(&program, "grow", &[Val::U32(15)], limits).ok(), Some(Some(Val::S32(1))));
    assert_eq!(kind(call(&program, "grow", &[Val::U32(16)], limits)), Some(ResourceKind::Memory));
    let less_than_a_page = Limits { memory: 60_000, ..Limits::default() };
    assert_eq!(kind(call(&program, "grow", &[Val::U32(0)], less_than_a_page)), Some(ResourceKind::Memory));
}

#[test]
fn a_result_too_large_to_take_is_refused() {
    let program = program(Metering::Time);
    let limits = Limits { transfer: 1 << 20, ..Limits::default() };
    assert_eq!(kind(call(&program, "big", &[], limits)), Some(ResourceKind::Memory));
    assert!(call(&program, "big", &[], Limits::default()).is_ok());
}

/// The language's depth is 4,096 calls: wasmtime's stack holds them with frames far wider than usual.
#[test]
fn the_stack_holds_the_language_s_depth() {
    let result = call(&program(Metering::Time), "nest", &[Val::U32(4_096)], Limits::default());
    // Each level adds the sum over its locals of n + i, which is 64 n + 2,080; modulo 2^32.
    let expected = (1..=4_096_u32).fold(0_u32, |sum, n| sum.wrapping_add(64 * n + 2_080));
    assert_eq!(result, Ok(Some(Val::U32(expected))));
}

#[test]
fn each_call_has_an_instance_of_its_own() {
    let program = program(Metering::Time);
    let grow = || call(&program, "grow", &[Val::U32(1)], Limits::default());
    assert_eq!(grow(), Ok(Some(Val::S32(1))));
    assert_eq!(grow(), Ok(Some(Val::S32(1))));
}
