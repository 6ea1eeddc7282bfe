//! Components of other toolchains as dependencies. They are made here from the text format by the component tools, without
//! the compiler.

use dot_diagnostics::render::Colour;
use dot_driver::{BuildError, Emit, OsFiles, Profile, Session};
use std::collections::BTreeSet;
use std::path::PathBuf;
use wasmtime::component::{Component, Linker, Val};
use wasmtime::{Config, Engine, Store};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, UnresolvedPackageGroup};

const PROFILES: [Profile; 2] = [Profile::Debug, Profile::Release];

/// The component of a core module and a world.
fn component(wit: &str, world: &str, module: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let group = UnresolvedPackageGroup::parse("made.wit", wit).map_err(|(_, error)| error).expect("WIT");
    let package = resolve.push_group(group).expect("WIT");
    let world = resolve.select_world(&[package], Some(world)).expect("a world");
    let mut module = wat::parse_str(module).expect("a module");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).expect("a module");
    ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .expect("a module")
        .encode()
        .expect("a component")
}

const WIT: &str = "
package acme:engine@1.2.0;
interface compute { record pair { a: u32, b: u32 } double: func(n: u32) -> u32; sum: func(p: pair) -> u32; }
interface teller { time: func() -> u64; }
interface fast-math { half: func(n: u32) -> u32; }
interface relay { twice: func(n: u32) -> u32; }
world pure { export compute; export fast-math; }
world telling { import wasi:clocks/monotonic-clock@0.2.12; export teller; }
world relaying { import compute; export relay; }
world loose { import log: func(n: u32); export compute; }
world bare { export run: func() -> u32; }
package wasi:clocks@0.2.12 {
  interface monotonic-clock { type instant = u64; now: func() -> instant; }
}
";

/// The same with another clock than that of WASI.
fn other_clock() -> String {
    WIT.replace("-> instant", "-> u32")
}

fn pure() -> Vec<u8> {
    component(
        WIT,
        "pure",
        r#"(module
            (func (export "acme:engine/compute@1.2.0#double") (param i32) (result i32)
              (i32.mul (local.get 0) (i32.const 2)))
            (func (export "acme:engine/compute@1.2.0#sum") (param i32 i32) (result i32)
              (i32.add (local.get 0) (local.get 1)))
            (func (export "acme:engine/fast-math@1.2.0#half") (param i32) (result i32)
              (i32.div_u (local.get 0) (i32.const 2))))"#,
    )
}

fn misled() -> Vec<u8> {
    component(
        &other_clock(),
        "telling",
        r#"(module
            (import "wasi:clocks/monotonic-clock@0.2.12" "now" (func $now (result i32)))
            (func (export "acme:engine/teller@1.2.0#time") (result i64) (i64.const 1)))"#,
    )
}

fn telling() -> Vec<u8> {
    component(
        WIT,
        "telling",
        r#"(module
            (import "wasi:clocks/monotonic-clock@0.2.12" "now" (func $now (result i64)))
            (func (export "acme:engine/teller@1.2.0#time") (result i64) (call $now)))"#,
    )
}

fn relaying() -> Vec<u8> {
    component(
        WIT,
        "relaying",
        r#"(module
            (import "acme:engine/compute@1.2.0" "double" (func $double (param i32) (result i32)))
            (func (export "acme:engine/relay@1.2.0#twice") (param i32) (result i32)
              (call $double (call $double (local.get 0)))))"#,
    )
}

fn loose() -> Vec<u8> {
    component(
        WIT,
        "loose",
        r#"(module
            (import "$root" "log" (func $log (param i32)))
            (func (export "acme:engine/compute@1.2.0#double") (param i32) (result i32)
              (call $log (local.get 0)) (local.get 0))
            (func (export "acme:engine/compute@1.2.0#sum") (param i32 i32) (result i32) (i32.const 0)))"#,
    )
}

fn bare() -> Vec<u8> {
    component(WIT, "bare", r#"(module (func (export "run") (result i32) (i32.const 1)))"#)
}

/// A folder with a package `acme:app` of one module, and components.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, dependencies: &str, main: &str, components: &[(&str, Vec<u8>)]) -> Self {
        let folder = std::env::temp_dir().join(format!("dot-components-{name}-{}", std::process::id()));
        let made = Self(folder);
        let manifest = format!(
            "name = \"acme:app\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n\n[dependencies]\n{dependencies}\n"
        );
        made.write("Dot.toml", manifest.as_bytes());
        made.write("src/main.dot", main.as_bytes());
        for (path, bytes) in components {
            made.write(path, bytes);
        }
        made
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }

    fn open(&self) -> Result<Session, String> {
        Session::open(&OsFiles, &self.0).map_err(|error| error.to_string())
    }

    fn told(&self) -> String {
        self.open().expect("a session").check().render(Colour::Never)
    }

    fn build(&self, profile: Profile) -> Vec<u8> {
        match self.open().expect("a session").build(profile, Emit::Component, false) {
            Ok(built) => built.bytes,
            Err(BuildError::DoesNotCompile(report)) => panic!("{}", report.render(Colour::Never)),
            Err(other) => panic!("{other:?}"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn engine() -> Engine {
    let mut config = Config::new();
    config.wasm_component_model(true);
    Engine::new(&config).expect("an engine")
}

/// The names that a component imports, read from its bytes.
fn imports(bytes: &[u8]) -> BTreeSet<String> {
    let engine = engine();
    let component = Component::new(&engine, bytes).expect("a component");
    component.component_type().imports(&engine).map(|(name, _)| name.to_owned()).collect()
}

/// Calls a dot of `main` of `acme:app`; the clock says 41.
fn call(bytes: &[u8], dot: &str, arguments: &[Val]) -> Val {
    let engine = engine();
    let component = Component::new(&engine, bytes).expect("a component");
    let mut linker: Linker<()> = Linker::new(&engine);
    let mut clock = linker.instance("wasi:clocks/monotonic-clock@0.2.12").expect("an instance");
    clock.func_wrap("now", |_, (): ()| Ok((41_u64,))).expect("a function");
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &component).expect("an instance");
    let main = instance.get_export_index(&mut store, None, "acme:app/main@0.1.0").expect("main");
    let index = instance.get_export_index(&mut store, Some(&main), dot).expect("the dot");
    let function = instance.get_func(&mut store, index).expect("a function");
    let mut results = [Val::Bool(false)];
    function.call(&mut store, arguments, &mut results).expect("it returns");
    results[0].clone()
}

#[test]
// r[package.component], r[package.component.module]
fn a_component_is_called_and_becomes_a_part() {
    let main = "\
use engine/compute
use engine/fast_math
use acme:engine/compute as same
/// Four times.
dot four(n: u32) -> u32 { compute.double(same.double(n)) }
dot whole() -> u32 { compute.sum({ a: 40, b: fast_math.half(5) }) }
dot own(n: u32) -> u32 { n + 1 }
";
    let folder = Folder::new("pure", "engine = { path = \"engine.wasm\" }", main, &[("engine.wasm", pure())]);
    assert_eq!(folder.told(), "");
    for profile in PROFILES {
        let built = folder.build(profile);
        assert_eq!(imports(&built), BTreeSet::new(), "{profile:?}: it is whole and pure");
        assert_eq!(call(&built, "four", &[Val::U32(5)]), Val::U32(20));
        assert_eq!(call(&built, "whole", &[]), Val::U32(42));
        assert_eq!(call(&built, "own", &[Val::U32(1)]), Val::U32(2));
    }
}

#[test]
// r[package.component.effect], r[package.component.part]
fn what_a_component_imports_is_the_effect_of_calling_it() {
    let dependencies = "engine = { path = \"engine.wasm\" }\nteller = { path = \"teller.wasm\" }";
    let components = [("engine.wasm", pure()), ("teller.wasm", telling())];
    let clock = "use wasi:clocks/monotonic-clock@0.2.12 as clock\n";
    let main = format!(
        "{clock}use teller/teller\nuse engine/compute\n\
        dot time() -> u64 uses clock {{ teller.time() + 1 }}\n\
        dot named() -> u64 uses teller {{ teller.time() }}\n\
        dot four() -> u32 {{ compute.double(2) }}\n"
    );
    let folder = Folder::new("telling", dependencies, &main, &components);
    assert_eq!(folder.told(), "");
    for profile in PROFILES {
        let built = folder.build(profile);
        assert_eq!(imports(&built), BTreeSet::from(["wasi:clocks/monotonic-clock@0.2.12".to_owned()]));
        assert_eq!(call(&built, "time", &[]), Val::U64(42));
    }
    // One that no dot leads to is no part of it, nor is what it imports.
    let quiet = format!(
        "{clock}use teller/teller\nuse engine/compute\n\
        fn unreached() -> u64 uses clock {{ teller.time() }}\n\
        dot four() -> u32 {{ compute.double(2) }}\n"
    );
    let folder = Folder::new("quiet", dependencies, &quiet, &components);
    for profile in PROFILES {
        assert_eq!(imports(&folder.build(profile)), BTreeSet::new());
    }
}

#[test]
// r[package.component.effect]
fn no_effect_is_smuggled_by_a_component() {
    let dependencies = "teller = { path = \"teller.wasm\" }";
    for (main, line) in [
        // By a call, below, by a value, in a closure, by a constant, and in a default.
        ("use teller/teller\ndot d() -> u64 { teller.time() }\n", 2),
        ("use teller/teller\nfn f() -> u64 { teller.time() }\ndot d() -> u64 { f() }\n", 3),
        ("use teller/teller\nfn f(g: fn() -> u64) -> u64 { g() }\ndot d() -> u64 { f(teller.time) }\n", 3),
        ("use teller/teller\ndot d() -> list<u64> { [1].map(|n: u64| n + teller.time()) }\n", 2),
        ("use teller/teller\nconst C: u64 = teller.time()\ndot d() -> u64 { C }\n", 2),
        ("use teller/teller\nfn f(n: u64 = teller.time()) -> u64 { n }\ndot d() -> u64 { f() }\n", 2),
        (
            "use teller/teller\nrecord H { f: fn() -> u64 }\ndot d() -> u64 { let h = H { f: teller.time }; (h.f)() }\n",
            3,
        ),
        ("use acme:engine/teller as t\npub fn d() -> u64 { t.time() }\n", 2),
    ] {
        let folder = Folder::new("smuggle", dependencies, main, &[("teller.wasm", telling())]);
        let told = folder.told();
        assert!(told.contains("error[undeclared-effect]") && told.contains("time"), "{main}\n{told}");
        assert!(told.contains(&format!("src/main.dot:{line}:")), "{main}\n{told}");
    }
    let with = "use teller/teller\ndot d() -> u64 { with teller.time = || 7 { teller.time() } }\n";
    let folder = Folder::new("with", dependencies, with, &[("teller.wasm", telling())]);
    assert_eq!(folder.told(), "", "what is replaced is not called");
    let built = folder.build(Profile::Debug);
    assert_eq!((imports(&built), call(&built, "d", &[])), (BTreeSet::new(), Val::U64(7)));
}

#[test]
// r[package.component.part]
fn components_give_each_other_what_they_import() {
    let dependencies = "engine = { path = \"engine.wasm\" }\nrelay = { path = \"relay.wasm\" }";
    let main = "use relay/relay\ndot d(n: u32) -> u32 { relay.twice(n) }\n";
    let folder =
        Folder::new("relay", dependencies, main, &[("engine.wasm", pure()), ("relay.wasm", relaying())]);
    assert_eq!(folder.told(), "");
    for profile in PROFILES {
        let built = folder.build(profile);
        assert_eq!(imports(&built), BTreeSet::new());
        assert_eq!(call(&built, "d", &[Val::U32(3)]), Val::U32(12));
    }
    // Alone it needs the other one from outside, which is an effect.
    let alone =
        Folder::new("alone", "relay = { path = \"relay.wasm\" }", main, &[("relay.wasm", relaying())]);
    assert!(alone.told().contains("acme:engine/compute@1.2.0"), "{}", alone.told());
}

#[test]
// r[package.component.refused]
fn what_no_effect_can_name_is_refused() {
    let main = "dot d() -> u32 { 1 }\n";
    let engine = "engine = { path = \"engine.wasm\" }";
    let core = wat::parse_str("(module)").expect("a module");
    let code = |what: &str| {
        let text = format!(
            "(component (import \"code\" ({what} (export \"f\" (func)))) (instance $i) (export \"acme:engine/compute\" (instance $i)))"
        );
        wat::parse_str(text).expect("a component")
    };
    for (bytes, parts) in [
        (loose(), &["engine.wasm", "imports `log`", "no effect can name it"][..]),
        (bare(), &["exports no interface"]),
        (code("core module"), &["imports `code`", "no effect can name it"]),
        (code("component"), &["imports `code`", "no effect can name it"]),
        (core, &["core module"]),
        (b"no wasm".to_vec(), &["not a WebAssembly component"]),
        (pure()[..200].to_vec(), &["not valid"]),
    ] {
        let folder = Folder::new("refused", engine, main, &[("engine.wasm", bytes)]);
        let error = folder.open().map(|_| ()).expect_err("it is refused");
        parts.iter().for_each(|part| assert!(error.contains(part), "{part}: {error}"));
    }
    let main = "use engine/teller\ndot d() -> u64 { teller.time() }\n";
    let misled = Folder::new("misled", engine, main, &[("engine.wasm", misled())]);
    let told = misled.told();
    assert!(
        told.contains("unknown-module") && told.contains("does not fit") && told.contains("`now`"),
        "{told}"
    );
    let versioned = Folder::new(
        "versioned",
        "engine = { path = \"e.wasm\", version = \"1\" }",
        main,
        &[("e.wasm", pure())],
    );
    assert!(versioned.open().map(|_| ()).expect_err("refused").contains("leave `version` out"));
}

#[test]
// r[package.lock.hash]
fn a_component_is_held_to_its_hash() {
    let main = "use engine/compute\ndot d() -> u32 { compute.double(2) }\n";
    let folder = Folder::new("hash", "engine = { path = \"engine.wasm\" }", main, &[("engine.wasm", pure())]);
    let lock = folder.open().expect("a session").lock_change().expect("a lock file").clone();
    assert!(lock.text.contains("path = \"engine.wasm\"\nhash = \"sha256:"), "{}", lock.text);
    folder.write("Dot.lock", lock.text.as_bytes());
    assert_eq!(folder.open().expect("a session").lock_change(), None);
    folder.write("engine.wasm", &loose());
    let error = folder.open().map(|_| ()).expect_err("another file");
    assert!(error.contains("Dot.lock:6") && error.contains("is not what was locked"), "{error}");
}

#[test]
// r[cli.effects.bytes], r[cli.effects]
fn effects_tell_what_each_part_costs() {
    let dependencies = "engine = { path = \"engine.wasm\" }\nteller = { path = \"teller.wasm\" }\n\"acme:geo\" = { path = \"geo\" }";
    let main = "use wasi:clocks/monotonic-clock@0.2.12 as clock\nuse teller/teller\nuse geo/places\n\
        dot time() -> u64 uses clock { teller.time() + clock.now() }\n\
        dot words(text: string) -> list<string> { places.sorted(text.split(\" \")) }\n";
    let geo = "name = \"acme:geo\"\nversion = \"1.2.0\"\nlanguage = \"0.1\"\n";
    let places = "pub fn sorted(words: list<string>) -> list<string> { fewer(words, words.len()) }\nfn fewer(words: list<string>, n: u32) -> list<string> { if n < 3 { words } else { fewer(words, n - 2) } }\n";
    let files = [
        ("engine.wasm", pure()),
        ("teller.wasm", telling()),
        ("geo/Dot.toml", geo.as_bytes().to_vec()),
        ("geo/src/places.dot", places.as_bytes().to_vec()),
    ];
    let folder = Folder::new("costs", dependencies, main, &files);
    assert_eq!(folder.told(), "");
    let session = folder.open().expect("a session");
    let costs = session.costs().expect("costs");
    // The same bytes as a build has.
    let built = session.build(Profile::Release, Emit::Component, true).expect("a component").bytes;
    assert_eq!(costs.total, built.len());
    assert_eq!(costs.parts.iter().map(|cost| cost.bytes).sum::<usize>(), costs.total);
    let part = |name: &str| costs.parts.iter().find(|cost| cost.part.ends_with(name)).map(|cost| cost.bytes);
    assert!(part("acme:app@0.1.0").is_some_and(|bytes| bytes > 0), "{costs:?}");
    assert!(part("acme:geo@1.2.0").is_some_and(|bytes| bytes > 0), "{costs:?}");
    assert!(part("teller.wasm").is_some_and(|bytes| bytes > 100), "{costs:?}");
    assert_eq!(part("engine.wasm"), None, "no dot leads to it");
    let text = dot_driver::effects_text(&session.effects(), Some(&costs));
    let wanted = "main.time\n  uses wasi:clocks/monotonic-clock@0.2.12\n";
    assert!(text.contains(wanted) && text.contains("teller.wasm: acme:engine/teller@1.2.0#time\n"), "{text}");
    assert!(
        text.contains("main.words: pure\n") && text.contains(" bytes, optimised and stripped\n"),
        "{text}"
    );
    let json = dot_driver::effects_json(&session.effects(), Some(&costs));
    assert_eq!(json["bytes"]["total"], costs.total);
    assert_eq!(json["dots"][0]["imports"][0]["touches"][0], "wasi:clocks/monotonic-clock@0.2.12");
}

/// A component whose core module looks at the clock when it is instantiated, and at nothing when it is called.
fn starting() -> Vec<u8> {
    component(
        WIT,
        "telling",
        r#"(module
            (import "wasi:clocks/monotonic-clock@0.2.12" "now" (func $now (result i64)))
            (global $seen (mut i64) (i64.const 0))
            (func $start (global.set $seen (call $now)))
            (start $start)
            (func (export "acme:engine/teller@1.2.0#time") (result i64) (global.get $seen)))"#,
    )
}

#[test]
// r[package.component.start], r[cli.effects.start]
fn what_a_component_does_when_it_is_instantiated_is_told_apart() {
    let dependencies = "teller = { path = \"teller.wasm\" }";
    let main = "use teller/teller\nuse wasi:clocks/monotonic-clock@0.2.12 as clock\n\
        dot time() -> u64 uses clock { teller.time() + 1 }\ndot four() -> u32 { 4 }\n";
    let folder = Folder::new("start", dependencies, main, &[("teller.wasm", starting())]);
    assert_eq!(folder.told(), "");
    let session = folder.open().expect("a session");
    let effects = session.effects();
    let starts = &effects.starts;
    assert!(starts.len() == 1 && starts[0].component.ends_with("teller.wasm"), "{starts:?}");
    assert_eq!(starts[0].touches, ["wasi:clocks/monotonic-clock@0.2.12"]);
    let text = dot_driver::effects_text(&effects, None);
    assert!(text.contains("main.four: pure\n"), "{text}");
    assert!(
        text.contains("teller.wasm runs code\n  may touch wasi:clocks/monotonic-clock@0.2.12\n"),
        "{text}"
    );
    for profile in PROFILES {
        let built = folder.build(profile);
        assert!(dot_driver::outline(&built).expect("a component").starts);
        assert_eq!(call(&built, "time", &[]), Val::U64(42));
        assert_eq!(call(&built, "four", &[]), Val::U32(4));
    }
    // What no dot leads to is not there and doesn't start; without it a component of dotc runs nothing by itself.
    let quiet = "use teller/teller\nuse wasi:clocks/monotonic-clock@0.2.12 as clock\n\
        fn time() -> u64 uses clock { teller.time() }\ndot four() -> u32 { 4 }\n";
    let folder = Folder::new("start-quiet", dependencies, quiet, &[("teller.wasm", starting())]);
    assert_eq!(folder.open().expect("a session").effects().starts, []);
    for profile in PROFILES {
        assert!(!dot_driver::outline(&folder.build(profile)).expect("a component").starts);
    }
    // A dot that leads to it says so, or is told.
    let hidden = "use teller/teller\ndot time() -> u64 { teller.time() }\n";
    let folder = Folder::new("start-hidden", dependencies, hidden, &[("teller.wasm", starting())]);
    assert!(folder.told().contains("error[undeclared-effect]"), "{}", folder.told());
}

#[test]
// r[cli.compose]
fn a_component_that_was_composed_is_called() {
    let folder = Folder::new("plug", "", "", &[("relay.wasm", relaying()), ("engine.wasm", pure())]);
    let main =
        "use acme:engine/relay@1.2.0 as relay\ndot six(n: u32) -> u32 uses relay { relay.twice(n) + 2 }\n";
    folder.write("src/main.dot", main.as_bytes());
    folder.write(
        "wit/engine.wit",
        b"package acme:engine@1.2.0;\ninterface relay { twice: func(n: u32) -> u32; }\n",
    );
    assert_eq!(folder.told(), "");
    for profile in PROFILES {
        folder.write("app.wasm", &folder.build(profile));
        let plugs = [folder.0.join("engine.wasm"), folder.0.join("relay.wasm")];
        let whole = dot_driver::plug(&OsFiles, &folder.0.join("app.wasm"), &plugs).expect("a component");
        assert_eq!(imports(&whole), BTreeSet::new());
        assert_eq!(call(&whole, "six", &[Val::U32(1)]), Val::U32(6));
    }
}
