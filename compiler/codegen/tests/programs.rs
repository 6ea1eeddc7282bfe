//! Whole programs: Dot source to a running core module, in debug and release.

mod support;

use dot_mir::Level;
use support::{LEVELS, Machine, program, try_link};
use wasmtime::Val;

/// Runs a function without parameters that gives an `s64`, at both levels.
fn expect(text: &str, value: i64) {
    for level in LEVELS {
        let mut machine = Machine::new(text, &["run"], level);
        let results = machine.call("run", &[]).unwrap_or_else(|error| panic!("{level:?}: {error}\n{text}"));
        assert_eq!(results[0].unwrap_i64(), value, "{level:?}\n{text}");
    }
}

#[test]
fn hello() {
    for level in LEVELS {
        let mut machine =
            Machine::new("dot hello(name: string) -> string { \"Hello, {name}!\" }", &["hello"], level);
        for name in ["world", "", "Zoë"] {
            let args = machine.pass(name.as_bytes(), 1);
            assert_eq!(machine.string("hello", &args), Ok(format!("Hello, {name}!")));
        }
    }
}

#[test]
fn numbers_and_control() {
    expect(
        "fn run() -> s64 { var n = 0\n for i in 0..10 { if i % 2 == 0 { n = n + i } else { n = n - 1 } }\n n }",
        15,
    );
    // 55 is the tenth Fibonacci number.
    expect(
        "fn fib(n: s64) -> s64 { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }\nfn run() -> s64 { fib(10) }",
        55,
    );
    expect(
        "fn gcd(a: s64, b: s64) -> s64 { var x = a; var y = b; while y != 0 { let t = x % y; x = y; y = t }; x }\n\
         fn run() -> s64 { gcd(1071, 462) }",
        21,
    );
}

#[test]
fn lists_and_records() {
    expect("fn run() -> s64 { var xs = [3, 1, 2]; xs.push(4); xs[0] = 10; xs.fold(0, |a, x| a + x) }", 17);
    expect(
        "record P { x: s64, name: string }\n\
         fn run() -> s64 {\n var ps: list<P> = []\n for i in 0..100 { ps.push({ x: i, name: \"p{i}\" }) }\n\
         let copy = ps\n ps[5].x = 1000\n ps[99].x + copy[5].x + ps[5].x + s64(ps[10].name.byte_len()) }",
        99 + 5 + 1000 + 3,
    );
}

#[test]
fn trees_and_closures() {
    expect(
        "variant Tree { Leaf, Node(left: Tree, value: s64, right: Tree) }\n\
         fn insert(t: Tree, v: s64) -> Tree { match t { Leaf => Node(Leaf, v, Leaf)\n\
           Node(l, x, r) => if v < x { Node(insert(l, v), x, r) } else { Node(l, x, insert(r, v)) } } }\n\
         fn sum(t: Tree) -> s64 { match t { Leaf => 0\n Node(l, x, r) => sum(l) + x + sum(r) } }\n\
         fn run() -> s64 { var t = Leaf\n for i in 0..200 { t = insert(t, (i * 37) % 101) }\n sum(t) }",
        (0..200).map(|i| (i * 37) % 101).sum(),
    );
    expect(
        "type F = fn(s64) -> s64\nfn make(n: s64, s: string) -> F { |x| x + n + s64(s.byte_len()) }\n\
         fn run() -> s64 { var fs: list<F> = []\n\
           for i in 0..5 { fs.push(make(i, \"s{i}\")) }\n var n = 0\n for f in fs { n = n + f(10) }\n n }",
        5 * 10 + 10 + 5 * 2,
    );
}

#[test]
fn strings_and_maps() {
    expect(
        "fn run() -> s64 { var m: map<string, s64> = [:]\n\
         for w in [\"a\", \"b\", \"a\", \"c\", \"a\"] { m[w, or: 0] = m[w, or: 0] + 1 }\n m[\"a\"] * 10 + m[\"c\"] }",
        31,
    );
    for level in LEVELS {
        let mut machine = Machine::new(
            "dot show(n: s64) -> string { \"{n} {[n, 1]} {1.5} {some(\"a\\n\")} {(n, 'x')}\" }",
            &["show"],
            level,
        );
        let shown = machine.string("show", &[Val::I64(-42)]);
        assert_eq!(shown.as_deref(), Ok(r#"-42 [-42, 1] 1.5 some("a\n") (-42, 'x')"#), "{level:?}");
    }
}

#[test]
fn a_million_nested_lists_are_freed() {
    // Each node holds the one before; the last drop frees a million of them.
    let list = "record Node { kids: list<Node> }\n\
        fn run() -> s64 { var n: Node = { kids: [] }\n for i in 0..1_000_000 { n = { kids: [n] } }\n s64(n.kids.len()) }";
    expect(list, 1);
    let boxed = "variant Chain { End, Link(next: Chain) }\n\
        fn run() -> s64 { var c = End\n for i in 0..1_000_000 { c = Link(c) }\n match c { End => 0\n Link(_) => 1 } }";
    expect(boxed, 1);
    let closures = "type F = fn(s64) -> s64\nfn wrap(f: F) -> F { |x| f(x) }\n\
        fn run() -> s64 { var f: F = |x| x\n for i in 0..1_000_000 { f = wrap(f) }\n 1 }";
    expect(closures, 1);
}

#[test]
fn memory_is_given_back() {
    let text = "dot spin(n: s64) -> s64 { var total = 0\n\
        for i in 0..n { let xs = [\"a{i}\", \"b\"]; total = total + s64(xs.len()) }\n total }";
    for level in LEVELS {
        let mut machine = Machine::new(text, &["spin"], level);
        let mut sizes = Vec::new();
        for _ in 0..3 {
            assert_eq!(machine.call("spin", &[Val::I64(100_000)]).map(|r| r[0].unwrap_i64()), Ok(200_000));
            sizes.push(machine.memory_size());
        }
        assert_eq!(sizes[0], 65536, "{level:?}");
        assert_eq!(sizes[2], 65536, "{level:?}");
    }
}

#[test]
fn depth_has_a_limit() {
    let text = "fn down(n: s64) -> s64 { if n == 0 { 0 } else { 1 + down(n - 1) } }\n\
                fn run(n: s64) -> s64 { down(n) }";
    for level in LEVELS {
        let mut machine = Machine::new(text, &["run"], level);
        assert_eq!(machine.call("run", &[Val::I64(4095)]).map(|r| r[0].unwrap_i64()), Ok(4095));
        assert!(machine.call("run", &[Val::I64(4096)]).is_err(), "{level:?}");
    }
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    let text = "dot hello(name: string) -> string { \"Hello, {name}! {[1, 2]}\" }";
    let bytes = || {
        let db = program(text);
        try_link(&db, &["hello"], Level::Release, false).map(|module| module.bytes).map_err(|_| ())
    };
    let first = bytes();
    assert!(first.is_ok());
    assert_eq!(first, bytes());
}

#[test]
fn hello_is_small() {
    let db = program("dot hello(name: string) -> string { \"Hello, {name}!\" }");
    let module = try_link(&db, &["hello"], Level::Release, true).unwrap_or_else(|error| panic!("{error:?}"));
    let text = wasmprinter::print_bytes(&module.bytes).unwrap_or_default();
    // A component around it takes about 250 bytes, and 600 is the whole.
    assert!(module.bytes.len() <= 350, "{} bytes\n{text}", module.bytes.len());
}

/// `list<tuple<u32, string>>` as a host lays it out: keys and texts.
fn pass_entries(machine: &mut Machine, entries: &[(u32, &str)]) -> [Val; 2] {
    let mut bytes = Vec::new();
    for (key, text) in entries {
        let [at, len] = machine.pass(text.as_bytes(), 1);
        bytes.extend(key.to_le_bytes());
        bytes.extend(at.unwrap_i32().to_le_bytes());
        bytes.extend(len.unwrap_i32().to_le_bytes());
    }
    let [at, _] = machine.pass(&bytes, 4);
    [at, Val::I32(entries.len() as i32)]
}

#[test]
fn maps_cross_the_boundary_as_lists() {
    let text = "dot add(m: map<u32, string>, key: u32) -> map<u32, string> { var n = m; n[key] = \"new\"; n }\n\
                dot size(m: option<map<u32, string>>) -> u32 { match m { some(n) => n.len()\n none => 0 } }";
    for level in LEVELS {
        let mut machine = Machine::new(text, &["add", "size"], level);
        for _ in 0..1000 {
            let [at, len] = pass_entries(&mut machine, &[(7, "seven"), (1, "one"), (7, "again")]);
            let area = machine.call("add", &[at, len, Val::I32(3)]).expect("no trap")[0].unwrap_i32();
            let (at, len) = (machine.word(area), machine.word(area + 4));
            let entries: Vec<(i32, Vec<u8>)> = (0..len)
                .map(|n| at + n * 12)
                .map(|entry| {
                    let (text, bytes) = (machine.word(entry + 4), machine.word(entry + 8));
                    (machine.word(entry), machine.bytes(text, bytes))
                })
                .collect();
            let expected: [(i32, &[u8]); 3] = [(7, b"again"), (1, b"one"), (3, b"new")];
            assert!(entries.iter().map(|(key, text)| (*key, text.as_slice())).eq(expected), "{entries:?}");
            machine.call("cabi_post_add", &[Val::I32(area)]).expect("no trap");
            let [at, len] = pass_entries(&mut machine, &[(7, "seven")]);
            assert_eq!(machine.call("size", &[Val::I32(1), at, len]).map(|r| r[0].unwrap_i32()), Ok(1));
            assert_eq!(
                machine.call("size", &[Val::I32(0), Val::I32(0), Val::I32(0)]).map(|r| r[0].unwrap_i32()),
                Ok(0)
            );
        }
        // Whatever was passed and given is freed: nothing grows.
        assert_eq!(machine.memory_size(), 65536, "{level:?}");
    }
}

#[test]
fn a_backtrace_shows_lines_of_the_source() {
    let db = program(
        "fn inner(xs: list<u32>, i: u32) -> u32 { xs[i] }\nfn run(i: u32) -> u32 { inner([1, 2, 3], i) + 1 }",
    );
    let bytes = support::module(&db, &["run"], Level::Debug);
    let mut config = wasmtime::Config::new();
    config.wasm_backtrace_details(wasmtime::WasmBacktraceDetails::Enable);
    let engine = wasmtime::Engine::new(&config).expect("an engine");
    let module = wasmtime::Module::new(&engine, bytes).expect("a module");
    let mut store = wasmtime::Store::new(&engine, ());
    let instance = wasmtime::Instance::new(&mut store, &module, &[]).expect("it starts");
    let run = instance.get_typed_func::<u32, u32>(&mut store, "run").expect("the export");
    assert_eq!(run.call(&mut store, 2).ok(), Some(4));
    let error = run.call(&mut store, 3).expect_err("the index is out of range");
    let trace = error.downcast_ref::<wasmtime::WasmBacktrace>().expect("a backtrace");
    let frames: Vec<(&str, &str, u32)> = trace
        .frames()
        .iter()
        .filter_map(|frame| {
            let symbol = frame.symbols().first()?;
            Some((frame.func_name()?, symbol.file()?, symbol.line()?))
        })
        .collect();
    assert_eq!(frames, [("main.inner", "main.dot", 1), ("main.run", "main.dot", 1)]);
}
