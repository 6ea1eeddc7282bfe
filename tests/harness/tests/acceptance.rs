//! What the compiler and the host promise together.

use dot_driver::{Emit, OsFiles, Profile, Session};
use dot_host::{Engine, EngineOptions, Failure, Limits, Program, Settings, Val};
use dot_tests::root;
use std::path::Path;

fn component(path: &Path, profile: Profile, strip: bool) -> Vec<u8> {
    let session = Session::open(&OsFiles, path).unwrap_or_else(|error| panic!("{error}"));
    match session.build(profile, Emit::Component, strip) {
        Ok(built) => built.bytes,
        Err(error) => panic!("{}: {error:?}", path.display()),
    }
}

fn of_program(name: &str, profile: Profile) -> Vec<u8> {
    component(&root().join("tests/acceptance").join(name), profile, false)
}

fn hello(profile: Profile, strip: bool) -> Vec<u8> {
    component(&root().join("examples/hello.dot"), profile, strip)
}

fn engine() -> Engine {
    Engine::new(EngineOptions::UNMETERED).expect("an engine")
}

fn call(component: &[u8], dot: &str, args: &[Val], settings: &Settings) -> Result<Option<Val>, Failure> {
    let program = Program::from_bytes(&engine(), component)?;
    let dot = program.dots().iter().find(|d| d.name == dot).expect("the dot is exported").clone();
    program.call(&dot, args, settings)
}

/// Memory for a tenth of what the test makes in all.
fn tight(bytes: usize) -> Settings {
    Settings { limits: Limits { memory: bytes, ..Limits::default() }, ..Settings::default() }
}

#[test]
// r[cli.build], r[abi.strip]
fn hello_is_small_and_imports_nothing() {
    let bytes = hello(Profile::Release, true);
    assert!(bytes.len() <= 600, "{} bytes", bytes.len());
    let program = Program::from_bytes(&engine(), bytes).expect("it loads");
    assert!(program.is_pure());
}

#[test]
// r[cli.build.same]
fn two_places_give_the_same_bytes() {
    let elsewhere = std::env::temp_dir().join(format!("dot-acceptance-{}", std::process::id()));
    std::fs::create_dir_all(&elsewhere).expect("a folder");
    let copy = elsewhere.join("hello.dot");
    std::fs::copy(root().join("examples/hello.dot"), &copy).expect("a copy");
    for profile in [Profile::Debug, Profile::Release] {
        assert_eq!(component(&copy, profile, false), hello(profile, false), "{profile:?}");
    }
    std::fs::remove_dir_all(&elsewhere).expect("the folder goes");
}

#[test]
fn native_code_says_hello_too() {
    let native = Program::precompile(&engine(), &hello(Profile::Release, false)).expect("native code");
    let path = std::env::temp_dir().join(format!("dot-acceptance-{}.cwasm", std::process::id()));
    std::fs::write(&path, native).expect("a file");
    let program = Program::from_precompiled(&engine(), &path).expect("it loads");
    std::fs::remove_file(&path).expect("the file goes");
    let greeting = program.call(&program.dots()[0], &[Val::String("Ada".to_owned())], &Settings::default());
    assert_eq!(greeting, Ok(Some(Val::String("Hello, Ada!".to_owned()))));
}

/// The `name` section is there, and names what is there.
#[test]
fn what_allocates_nothing_has_no_allocator() {
    let folder = std::env::temp_dir().join(format!("dot-allocator-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("sums.dot");
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    let plain =
        "/// Adds.\ndot f(a: s64, b: s64) -> s64 { var sum = a\n for i in 0..b { sum += i }\n sum }\n";
    let growing =
        "dot f(n: u32) -> u32 { var xs: list<u32> = []\n for i in 0..n { xs.push(i) }\n xs.len() }\n";
    for (text, expected) in [(plain, false), (growing, true)] {
        std::fs::write(&path, text).expect("a file");
        let bytes = component(&path, Profile::Release, false);
        for name in ["rt.alloc", "rt.free", "rt.grow"] {
            assert_eq!(holds(&bytes, name), expected, "{name} in\n{text}");
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

#[test]
fn ten_million_pushes_fit_where_their_list_fits_twice() {
    // The list has 40 MB; while it grows by doubling, the old and the new block are there at once.
    for profile in [Profile::Debug, Profile::Release] {
        let component = of_program("memory.dot", profile);
        let pushed = call(&component, "push", &[Val::U32(10_000_000)], &tight(144 << 20));
        assert_eq!(pushed, Ok(Some(Val::U32(10_000_000))), "{profile:?}");
    }
}

#[test]
fn a_million_lists_one_after_the_other_take_constant_memory() {
    for profile in [Profile::Debug, Profile::Release] {
        let component = of_program("memory.dot", profile);
        let churned = call(&component, "churn", &[Val::U32(1_000_000)], &tight(1 << 20));
        assert_eq!(churned, Ok(Some(Val::U32(2_000_000))), "{profile:?}");
    }
}

#[test]
fn a_chain_of_a_million_links_is_freed() {
    for profile in [Profile::Debug, Profile::Release] {
        let component = of_program("memory.dot", profile);
        let top = call(&component, "link-up", &[Val::U32(1_000_000)], &Settings::default());
        assert_eq!(top, Ok(Some(Val::U32(999_999))), "{profile:?}");
    }
}

/// What is expected was counted by a script in Python; see the case.
#[test]
// r[trap.depth.data]
fn a_million_nodes_are_compared_ordered_hashed_printed_and_freed() {
    let deep = [
        ("chains", 1_000_000, "1000000 true Less 3000003"),
        ("trees", 1_000_000, "true Greater true 9888909"),
        ("options", 1_000_000, "true Less 12000022"),
        ("lists", 1_000_000, "true Greater true 3600017"),
        ("maps", 100_000, "true Less true 260018"),
        ("boxes", 1_000_000, "true true 14666656"),
    ];
    for profile in [Profile::Debug, Profile::Release] {
        let component = component(&root().join("tests/conformance/traps/deep_shapes.dot"), profile, false);
        for (dot, count, expected) in deep {
            let told = call(&component, dot, &[Val::U32(count)], &tight(1 << 30));
            assert_eq!(told, Ok(Some(Val::String(expected.to_owned()))), "{dot}, {profile:?}");
        }
    }
}

/// As above.
#[test]
// r[trap.depth.data], r[enc.cost]
fn a_million_nodes_are_encoded_and_decoded() {
    let deep = [
        ("chains", 1_000_000, "1000002 true"),
        ("trees", 1_000_000, "4983493 true"),
        ("options", 1_000_000, "2000003 true"),
        ("lists", 1_000_000, "2000002 true"),
        ("maps", 100_000, "700006 true"),
        ("boxes", 1_000_000, "7000002 true"),
    ];
    for profile in [Profile::Debug, Profile::Release] {
        let component = component(&root().join("tests/conformance/encoding/deep.dot"), profile, false);
        for (dot, count, expected) in deep {
            let told = call(&component, dot, &[Val::U32(count)], &tight(1 << 30));
            assert_eq!(told, Ok(Some(Val::String(expected.to_owned()))), "{dot}, {profile:?}");
        }
    }
}

#[test]
fn calls_nest_as_deep_as_the_spec_says() {
    for profile in [Profile::Debug, Profile::Release] {
        let component = of_program("memory.dot", profile);
        let nested = |depth| call(&component, "nest", &[Val::U32(depth)], &Settings::default());
        assert_eq!(nested(4_095), Ok(Some(Val::U32(4_095))), "{profile:?}");
        match nested(4_096) {
            Err(Failure::Resource(resource)) => assert_eq!(resource.kind.name(), "depth"),
            other => panic!("{profile:?}: {other:?}"),
        }
    }
}

#[test]
fn what_is_imported_has_to_be_granted() {
    let component = of_program("say.dot", Profile::Debug);
    let text = [Val::String("hi".to_owned())];
    match call(&component, "say", &text, &Settings::default()) {
        Err(Failure::Missing(missing)) => assert_eq!(missing.len(), 1, "{missing:?}"),
        other => panic!("{other:?}"),
    }
    let mut settings = Settings::default();
    settings.grants.allow("stdout").expect("a capability");
    assert_eq!(call(&component, "say", &text, &settings), Ok(Some(Val::Bool(true))));
}
