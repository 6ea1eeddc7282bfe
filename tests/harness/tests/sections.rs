//! What a component shows to tools: its world, and where its code comes from.

use dot_driver::{Emit, Profile};
use dot_host::{EngineOptions, Failure, Limits, Program, Settings};
use dot_tests::texts::Texts;
use wasmtime::component::{Component, Linker, Val};
use wasmtime::{Config, Engine, Instance, Module, Store, WasmBacktrace, WasmBacktraceDetails};

const MANIFEST: (&str, &str) =
    ("Dot.toml", "name = \"acme:world\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n");
const PROFILES: [Profile; 2] = [Profile::Debug, Profile::Release];

/// The names that a component imports and exports.
fn world(component: &[u8]) -> (Vec<String>, Vec<String>) {
    let engine = Engine::default();
    let component = Component::new(&engine, component).expect("a component");
    let ty = component.component_type();
    let imports = ty.imports(&engine).map(|(name, _)| name.to_owned()).collect();
    let exports = ty.exports(&engine).map(|(name, _)| name.to_owned()).collect();
    (imports, exports)
}

#[test]
// r[wit.world], r[wit.interface], r[effect.import]
fn a_world_imports_what_is_reached_and_exports_what_is_shown() {
    let main = "use world/shapes.{Square}\nuse wasi:cli/stderr@0.2.12 as stderr\n\
        dot grow(s: Square) -> Square { { side: s.side + 1 } }\n\
        fn unreached() -> bool uses stderr { let e = stderr.get_stderr(); drop(e); true }\n";
    let shapes = "pub record Square { side: u32 }\npub record Hidden { n: u32 }\n";
    let deep = "use wasi:cli/stdout@0.2.12 as stdout\n\
        dot open() -> bool uses stdout { let out = stdout.get_stdout(); drop(out); true }\n";
    let unused = "pub fn helper() -> u32 { 1 }\n";
    let files = [
        MANIFEST,
        ("src/main.dot", main),
        ("src/shapes.dot", shapes),
        ("src/deep/down.dot", deep),
        ("src/unused.dot", unused),
    ];
    for profile in PROFILES {
        let (imports, mut exports) = world(&Texts(&files).build(profile, Emit::Component));
        exports.sort();
        let expected = ["acme:world/deep-down@0.1.0", "acme:world/main@0.1.0", "acme:world/shapes@0.1.0"];
        assert_eq!(exports, expected, "{profile:?}");
        assert!(imports.contains(&"wasi:cli/stdout@0.2.12".to_owned()), "{imports:?}");
        assert!(!imports.iter().any(|name| name.contains("stderr")), "{imports:?}");
    }
}

#[test]
// r[wit.name.imported]
fn imported_names_keep_their_spelling() {
    let wit = "package demo:net;\ninterface names { get-HTTP-status: func(of-URL: string) -> u32; }";
    let main =
        "use demo:net/names\ndot status(url: string) -> u32 uses names { names.get_http_status(url) }\n";
    let files = [MANIFEST, ("src/main.dot", main), ("wit/net.wit", wit)];
    for profile in PROFILES {
        let engine = Engine::default();
        let component =
            Component::new(&engine, Texts(&files).build(profile, Emit::Component)).expect("a component");
        let mut linker: Linker<()> = Linker::new(&engine);
        let mut names = linker.instance("demo:net/names").expect("an interface");
        let length =
            |_: wasmtime::StoreContextMut<'_, ()>, (url,): (String,)| Ok((u32::try_from(url.len())?,));
        names.func_wrap("get-HTTP-status", length).expect("a function");
        let mut store = Store::new(&engine, ());
        let instance = linker.instantiate(&mut store, &component).expect("the names fit");
        let owner = component.get_export_index(None, "acme:world/main@0.1.0").expect("the interface");
        let status = component.get_export_index(Some(&owner), "status").expect("the dot");
        let status = instance.get_func(&mut store, status).expect("the dot");
        let mut results = [Val::Bool(false)];
        status.call(&mut store, &[Val::String("four".to_owned())], &mut results).expect("no trap");
        assert_eq!(results, [Val::U32(4)], "{profile:?}");
    }
}

#[test]
// r[abi.dwarf], r[abi.names]
fn code_is_mapped_to_files_lines_and_columns() {
    let main = "use world/deep/down\n\ndot run(n: u32) -> u32 {\n  let m = n + 1\n  down.pick([1, 2, 3], m) + 1\n}\n";
    let down = "/// Takes one.\npub fn pick(xs: list<u32>, at: u32) -> u32 {\n  let i = at + 1\n  xs[i]\n}\n";
    let files = [MANIFEST, ("src/main.dot", main), ("src/deep/down.dot", down)];
    let module = Texts(&files).build(Profile::Debug, Emit::Core);
    let mut config = Config::new();
    config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
    let engine = Engine::new(&config).expect("an engine");
    let module = Module::new(&engine, module).expect("a module");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("it starts");
    let run =
        instance.get_typed_func::<u32, u32>(&mut store, "acme:world/main@0.1.0#run").expect("the export");
    assert_eq!(run.call(&mut store, 0).ok(), Some(4));
    let error = run.call(&mut store, 1).expect_err("there is no fourth element");
    let trace = error.downcast_ref::<WasmBacktrace>().expect("a backtrace");
    let mut frames = Vec::new();
    for frame in trace.frames() {
        let Some(symbol) = frame.symbols().first() else { continue };
        let place = (symbol.file().unwrap_or("?"), symbol.line().unwrap_or(0), symbol.column().unwrap_or(0));
        frames.push((frame.func_name().unwrap_or("?"), place));
    }
    // `xs[i]` is on line 4, the call of `pick` on line 5.
    let expected = [("deep/down.pick", ("src/deep/down.dot", 4, 3)), ("main.run", ("src/main.dot", 5, 3))];
    assert_eq!(frames, expected);
}

#[test]
// r[trap.place], r[trap.depth]
fn a_call_that_is_too_deep_is_told_where_the_function_stands() {
    let main = "fn deep(n: u32) -> u32 {\n  deep(n) + 1\n}\n\ndot run(n: u32) -> u32 {\n  deep(n)\n}\n";
    for profile in [Profile::Debug, Profile::Release] {
        let places = places_of_failure(main, profile);
        // The body of `deep` begins at the brace, column 24; the call in it stands on the second line.
        let place = |line, column| Some(("src/main.dot".to_owned(), line, column));
        assert_eq!(places[..2], [place(1, 24), place(2, 3)], "{profile:?}");
    }
}

#[test]
// r[trap.place], r[trap.memory]
fn memory_that_runs_out_is_told_where_it_was_asked_for() {
    let main =
        "dot run(n: u32) -> u32 {\n  var xs = [n]\n  while true {\n    xs.push(n)\n  }\n  xs.len()\n}\n";
    for profile in [Profile::Debug, Profile::Release] {
        let places = places_of_failure(main, profile);
        // The runtime's own frames come first.
        let own = places.iter().flatten().find(|(file, ..)| file == "src/main.dot");
        assert_eq!(own, Some(&("src/main.dot".to_owned(), 4, 5)), "{profile:?}: {places:?}");
    }
}

/// The places of the frames when `run(0)` fails for want of something.
fn places_of_failure(main: &str, profile: Profile) -> Vec<Option<(String, u32, u32)>> {
    let component = Texts(&[MANIFEST, ("src/main.dot", main)]).build(profile, Emit::Component);
    let engine = dot_host::Engine::new(EngineOptions::default()).expect("an engine");
    let program = Program::from_bytes(&engine, component).expect("a program");
    let limits = Limits { memory: 1 << 20, ..Limits::default() };
    let settings = Settings { limits, ..Settings::default() };
    let failure = program.call(&program.dots()[0], &[Val::U32(0)], &settings);
    let Err(Failure::Resource(resource)) = failure else { panic!("{failure:?}") };
    resource.backtrace.iter().map(|frame| frame.place.clone()).collect()
}
