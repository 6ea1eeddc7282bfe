//! A component gets what it was granted, and starts only then.

mod support;

use dot_host::{Engine, EngineOptions, Failure, Grants, Missing, Program, Settings, Val};

fn load(wit: &str, wat: &str) -> Program {
    let engine = Engine::new(EngineOptions::default()).expect("an engine");
    Program::from_bytes(&engine, support::component(wit, wat)).expect("a component")
}

fn call(program: &Program, grants: &[&str]) -> Result<Option<Val>, Failure> {
    let mut settings = Settings { args: vec!["one".to_string(), "two".to_string()], ..Settings::default() };
    for grant in grants {
        settings.grants.allow(grant).expect("a grant");
    }
    program.call(&program.dots()[0], &[], &settings)
}

fn clock() -> Program {
    let wit = "package test:clock;
      world w { import wasi:clocks/monotonic-clock@0.2.0; export now: func() -> u64; }
      package wasi:clocks@0.2.0 { interface monotonic-clock { now: func() -> u64; } }";
    let wat = r#"(module
      (import "wasi:clocks/monotonic-clock@0.2.0" "now" (func $now (result i64)))
      (memory (export "memory") 1)
      (func (export "now") (result i64) call $now))"#;
    load(wit, wat)
}

#[test]
fn nothing_is_granted_by_default() {
    let program = clock();
    assert!(!program.is_pure());
    let missing =
        Missing { interface: "wasi:clocks/monotonic-clock@0.2.0".to_string(), grant: Some("clock") };
    assert_eq!(missing.to_string(), "`wasi:clocks/monotonic-clock@0.2.0`, which `--allow clock` grants");
    assert_eq!(call(&program, &[]), Err(Failure::Missing(vec![missing.clone()])));
    assert_eq!(call(&program, &["stdout,random"]), Err(Failure::Missing(vec![missing])));
}

#[test]
fn what_is_granted_works() {
    let Ok(Some(Val::U64(_))) = call(&clock(), &["clock"]) else { panic!("a time") };
}

#[test]
fn an_interface_the_host_lacks_is_named() {
    let wit = "package test:db;
      world w { import acme:db/query; export run: func(); }
      package acme:db { interface query { go: func(); } }";
    let wat = r#"(module (import "acme:db/query" "go" (func $go)) (func (export "run") call $go))"#;
    let missing = Missing { interface: "acme:db/query".to_string(), grant: None };
    assert_eq!(call(&load(wit, wat), &["clock"]), Err(Failure::Missing(vec![missing])));
}

/// An interface that is imported for its types only gives nothing and needs nothing, even one the host lacks.
#[test]
fn types_alone_need_no_grant() {
    let wit = "package test:types;
      world w { import acme:geo/shapes; use acme:geo/shapes.{point}; export run: func() -> point; }
      package acme:geo { interface shapes { record point { x: u32 } } }";
    let wat = r#"(module (func (export "run") (result i32) i32.const 7))"#;
    let program = load(wit, wat);
    assert!(program.is_pure());
    let point = Val::Record(vec![("x".to_string(), Val::U32(7))]);
    assert_eq!(call(&program, &[]), Ok(Some(point)));
}

/// `args` and `env` share an interface: the one that was not granted is empty.
#[test]
fn args_without_env_see_no_environment() {
    let wit = "package test:env;
      world w { import wasi:cli/environment@0.2.0; export count: func() -> u32; }
      package wasi:cli@0.2.0 {
        interface environment {
          get-environment: func() -> list<tuple<string, string>>;
          get-arguments: func() -> list<string>;
        }
      }";
    // 1,000 for each variable and 1 for each argument.
    let wat = format!(
        r#"(module
      (import "wasi:cli/environment@0.2.0" "get-environment" (func $env (param i32)))
      (import "wasi:cli/environment@0.2.0" "get-arguments" (func $args (param i32)))
      {}
      (func (export "count") (result i32)
        (call $env (i32.const 16))
        (call $args (i32.const 32))
        (i32.add (i32.mul (i32.load (i32.const 20)) (i32.const 1000)) (i32.load (i32.const 36)))))"#,
        support::MEMORY
    );
    let program = load(wit, &wat);
    assert_eq!(call(&program, &["args"]), Ok(Some(Val::U32(2))));
    let Ok(Some(Val::U32(n))) = call(&program, &["env"]) else { panic!("a count") };
    assert!(n >= 1_000 && n % 1_000 == 0, "{n}");
    assert_eq!(Grants::none(), Grants::default());
}
