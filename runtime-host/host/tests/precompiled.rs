//! Ahead of time: the same component, already native.

mod support;

use std::path::PathBuf;

use dot_host::{Engine, EngineOptions, Failure, Metering, Program, Settings, Val};

fn engine() -> Engine {
    Engine::new(EngineOptions::default()).expect("an engine")
}

fn file(name: &str, content: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("dot-host");
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    std::fs::write(&path, content).expect("a file");
    path
}

#[test]
fn a_precompiled_component_runs_and_keeps_its_description() {
    let engine = engine();
    let native = Program::precompile(&engine, &support::hello()).expect("native code");
    let program = Program::from_precompiled(&engine, &file("hello.cwasm", &native)).expect("it loads");
    let greet = program.dots().iter().find(|d| d.dot == "greet").expect("greet");
    assert_eq!(greet.params[0].docs, "Who is greeted.");
    let result = program.call(greet, &[Val::String("Ada".to_string())], &Settings::default());
    assert_eq!(result, Ok(Some(Val::String("Hello, Ada!".to_string()))));
}

#[test]
fn what_is_not_precompiled_is_refused() {
    let engine = engine();
    let refused = |name: &str, content: &[u8]| {
        let failure = Program::from_precompiled(&engine, &file(name, content)).err();
        assert!(matches!(failure, Some(Failure::Load(_))), "{name}: {failure:?}");
    };
    refused("empty.cwasm", b"");
    refused("component.cwasm", &support::hello());
    refused("elf.cwasm", b"\x7fELF\x02\x01\x01");
    let other = Engine::new(EngineOptions { metering: Metering::Fuel, ..EngineOptions::default() })
        .expect("an engine");
    refused("settings.cwasm", &Program::precompile(&other, &support::hello()).expect("native code"));
}
