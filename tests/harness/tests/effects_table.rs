//! A table of programs with their effects and imports, decided by hand: what `dotc effects` tells, and what the component
//! imports, debug and release alike.

use dot_driver::{Emit, OsFiles, Profile, Session};
use std::collections::BTreeSet;

const CLOCK: &str = "wasi:clocks/monotonic-clock@0.2.12#now";
const RESOLUTION: &str = "wasi:clocks/monotonic-clock@0.2.12#resolution";
const RANDOM: &str = "wasi:random/random@0.2.12#get-random-u64";
const BYTES: &str = "wasi:random/random@0.2.12#get-random-bytes";

const USES: &str =
    "use wasi:clocks/monotonic-clock@0.2.12 as clock\nuse wasi:random/random@0.2.12 as random\n";

/// What each program is, its text behind the `use`s, and the functions that its dot `d` may reach.
const TABLE: &[(&str, &str, &[&str])] = &[
    // Plain calls.
    ("nothing", "dot d() -> u64 { 1 }", &[]),
    ("a call", "dot d() -> u64 uses clock { clock.now() }", &[CLOCK]),
    (
        "two of one interface",
        "dot d() -> u64 uses clock { clock.now() + clock.resolution() }",
        &[CLOCK, RESOLUTION],
    ),
    (
        "two interfaces",
        "dot d() -> u64 uses clock + random { clock.now() + random.get_random_u64() }",
        &[CLOCK, RANDOM],
    ),
    (
        "below",
        "fn f() -> u64 { clock.now() }\nfn g() -> u64 { f() }\ndot d() -> u64 uses clock { g() }",
        &[CLOCK],
    ),
    ("not called", "fn f() -> u64 { clock.now() }\ndot d() -> u64 { 1 }", &[]),
    (
        "another dot's",
        "dot e() -> u64 uses random { random.get_random_u64() }\ndot d() -> u64 uses clock { clock.now() }",
        &[CLOCK],
    ),
    (
        "a dot calls a dot",
        "dot e() -> u64 uses random { random.get_random_u64() }\ndot d() -> u64 uses random { e() }",
        &[RANDOM],
    ),
    // Branches count, whether taken or not.
    ("a branch", "dot d(b: bool) -> u64 uses clock { if b { clock.now() } else { 0 } }", &[CLOCK]),
    ("a dead branch", "dot d() -> u64 uses clock { if false { clock.now() } else { 0 } }", &[CLOCK]),
    (
        "an arm",
        "dot d(n: option<u64>) -> u64 uses clock { match n { some(m) => m\n none => clock.now() } }",
        &[CLOCK],
    ),
    ("a fallback", "dot d(n: option<u64>) -> u64 uses clock { n ?? clock.now() }", &[CLOCK]),
    ("a short circuit", "dot d(b: bool) -> bool uses clock { b && clock.now() > 1 }", &[CLOCK]),
    (
        "a loop",
        "dot d() -> u64 uses clock { var n: u64 = 0\n while n < 3 { n = clock.now() }\n n }",
        &[CLOCK],
    ),
    (
        "a loop without turns",
        "dot d() -> u64 uses clock { var n: u64 = 0\n for _ in 0..0 { n = clock.now() }\n n }",
        &[CLOCK],
    ),
    (
        "behind a return",
        "dot d() -> result<u64, string> uses clock { let n: result<u64, string> = err(\"x\")\n let m = n?\n ok(m + clock.now()) }",
        &[CLOCK],
    ),
    ("in an interpolation", "dot d() -> string uses clock { \"at {clock.now()}\" }", &[CLOCK]),
    // Closures and function values.
    (
        "a closure passed on",
        "dot d() -> list<u64> uses clock { [1, 2].map(|n: u64| n + clock.now()) }",
        &[CLOCK],
    ),
    (
        "a pipeline",
        "dot d() -> u32 uses clock + random { [1, 2].map(|n: u64| n + clock.now()).filter(|n| n > random.get_random_u64()).len() }",
        &[CLOCK, RANDOM],
    ),
    (
        "a function passed on",
        "fn twice(f: fn() -> u64) -> u64 { f() + f() }\ndot d() -> u64 uses clock { twice(clock.now) }",
        &[CLOCK],
    ),
    (
        "a pure function passed on",
        "fn twice(f: fn() -> u64) -> u64 { f() + f() }\nfn one() -> u64 { 1 }\ndot d() -> u64 { twice(one) }",
        &[],
    ),
    (
        "two uses of one function",
        "fn twice(f: fn() -> u64) -> u64 { f() + f() }\ndot e() -> u64 uses clock { twice(clock.now) }\ndot d() -> u64 { twice(|| 1) }",
        &[],
    ),
    (
        "a closure in a closure",
        "fn run(f: fn() -> u64) -> u64 { f() }\ndot d() -> u64 uses clock { run(|| run(|| clock.now())) }",
        &[CLOCK],
    ),
    (
        "a generic function",
        "fn apply<T: any>(t: T, f: fn(T) -> u64) -> u64 { f(t) }\ndot d() -> u64 uses random { apply(1, |n: u64| n + random.get_random_u64()) }",
        &[RANDOM],
    ),
    (
        "a generic pipeline",
        "fn each_of<T, U>(xs: list<T>, f: fn(T) -> U) -> list<U> { xs.map(f) }\ndot d() -> list<u64> uses random { each_of([\"a\"], |_| random.get_random_u64()) }",
        &[RANDOM],
    ),
    (
        "an inout callback",
        "fn change(inout n: u64, f: fn(inout u64)) { f(inout n) }\ndot d() -> u64 uses clock { var n: u64 = 0\n change(inout n, |inout m| m = clock.now())\n n }",
        &[CLOCK],
    ),
    (
        "a function with a closure of its own",
        "fn f() -> list<u64> { [1].map(|n: u64| n + clock.now()) }\ndot d() -> list<u64> uses clock { f() }",
        &[CLOCK],
    ),
    (
        "a method",
        "record R { n: u64 }\nfn read(self: R) -> u64 { self.n + clock.now() }\ndot d() -> u64 uses clock { R { n: 1 }.read() }",
        &[CLOCK],
    ),
    (
        "a method piped",
        "fn add(n: u64) -> u64 { n + clock.now() }\ndot d() -> u64 uses clock { 1 |> add() }",
        &[CLOCK],
    ),
    // Function values that are kept.
    (
        "a function in an option",
        "dot d() -> u64 uses clock { let f = some(clock.now)\n match f { some(g) => g()\n none => 0 } }",
        &[CLOCK],
    ),
    (
        "a pure function in an option",
        "fn one() -> u64 { 1 }\ndot d() -> u64 { let f = some(one)\n match f { some(g) => g()\n none => 0 } }",
        &[],
    ),
    (
        "a closure in a case",
        "variant V { A(fn() -> u64 uses clock), B }\ndot d() -> u64 uses clock { match V.A(|| clock.now()) { A(f) => f()\n B => 0 } }",
        &[CLOCK],
    ),
    (
        "a case that says so and isn't taken",
        "variant V { A(fn() -> u64 uses clock), B }\ndot d() -> bool { V.B is B }",
        &[],
    ),
    (
        "a closure in a record",
        "record R { f: fn() -> u64 uses clock }\ndot d() -> u64 uses clock { let r = R { f: || clock.now() }\n (r.f)() }",
        &[CLOCK],
    ),
    (
        "functions in a list",
        "dot d() -> u64 uses clock + random { let fs = [clock.now, random.get_random_u64]\n fs[0]() }",
        &[CLOCK, RANDOM],
    ),
    ("a function in a tuple", "dot d() -> u64 uses clock { let (f, _) = (clock.now, 1)\n f() }", &[CLOCK]),
    (
        "a returned closure",
        "fn make(n: u64) -> (fn() -> u64 uses clock) { || clock.now() + n }\ndot d() -> u64 uses clock { make(1)() }",
        &[CLOCK],
    ),
    (
        "a returned closure that is pure",
        "fn make(n: u64) -> (fn() -> u64) { || n }\ndot d() -> u64 { make(1)() }",
        &[],
    ),
    (
        "a variable that is set anew",
        "fn one() -> u64 { 1 }\ndot d() -> u64 uses clock { var f = one\n f = clock.now\n f() }",
        &[CLOCK],
    ),
    (
        "through a generic function",
        "fn same<T: any>(t: T) -> T { t }\ndot d() -> u64 uses random { same(random.get_random_u64)() }",
        &[RANDOM],
    ),
    (
        "a function that is called by another closure",
        "fn call<T: any>(t: T, f: fn(T) -> u64) -> u64 { f(t) }\ndot d() -> u64 uses clock { call(clock.now, |g| g()) }",
        &[CLOCK],
    ),
    // Forms with a body of their own.
    (
        "an arm that changes",
        "dot d(n: u64) -> u64 uses clock { var v = some(n)\n match inout v { some(inout m) => { m = clock.now() }\n none => {} }\n v ?? 0 }",
        &[CLOCK],
    ),
    (
        "par",
        "dot d() -> (u64, u64) uses clock + random { par { clock.now(), random.get_random_u64() } }",
        &[CLOCK, RANDOM],
    ),
    (
        "par over a list",
        "dot d() -> list<u64> uses random { par for n in [1, 2] { n + random.get_random_u64() } }",
        &[RANDOM],
    ),
    (
        "each",
        "record R { n: u64 }\nfn each(self: R, f: fn(u64)) { f(self.n + clock.now()) }\ndot d() -> u64 uses clock { var t: u64 = 0\n for x in (R { n: 1 }) { t = t + x }\n t }",
        &[CLOCK],
    ),
    (
        "in the body of an each",
        "record R { n: u64 }\nfn each(self: R, f: fn(u64)) { f(self.n) }\ndot d() -> u64 uses clock { var t: u64 = 0\n for x in (R { n: 1 }) { t = t + x + clock.now() }\n t }",
        &[CLOCK],
    ),
    (
        "the default of a place",
        "dot d(m: map<string, u64>) -> u64 uses clock { var k = m\n k[\"x\", or: clock.now()] += 1\n k[\"x\"] }",
        &[CLOCK],
    ),
    // Recursion.
    (
        "recursion",
        "fn f(n: u64) -> u64 { if n == 0 { clock.now() } else { f(n - 1) } }\ndot d() -> u64 uses clock { f(3) }",
        &[CLOCK],
    ),
    (
        "mutual recursion",
        "fn f(n: u64) -> u64 { if n == 0 { clock.now() } else { g(n - 1) } }\nfn g(n: u64) -> u64 { if n == 0 { random.get_random_u64() } else { f(n - 1) } }\ndot d() -> u64 uses clock + random { f(3) }",
        &[CLOCK, RANDOM],
    ),
    (
        "recursion without effects",
        "fn f(n: u64) -> u64 { if n == 0 { 0 } else { f(n - 1) } }\ndot d() -> u64 { f(3) }",
        &[],
    ),
    // `with`.
    ("replaced", "dot d() -> u64 { with clock.now = || 1 { clock.now() } }", &[]),
    (
        "replaced below",
        "fn f() -> u64 { clock.now() }\ndot d() -> u64 { with clock.now = || 1 { f() } }",
        &[],
    ),
    (
        "replaced in part",
        "dot d() -> u64 uses clock { with clock.now = || 1 { clock.now() + clock.resolution() } }",
        &[RESOLUTION],
    ),
    (
        "replaced by another",
        "dot d() -> u64 uses random { with clock.now = random.get_random_u64 { clock.now() } }",
        &[RANDOM],
    ),
    (
        "replaced by itself",
        "dot d() -> u64 uses clock { with clock.now = || clock.now() + 1 { clock.now() } }",
        &[CLOCK],
    ),
    (
        "replaced twice",
        "dot d() -> u64 { with clock.now = || 1 { with clock.now = || clock.now() + 1 { clock.now() } } }",
        &[],
    ),
    (
        "called outside too",
        "fn f() -> u64 { clock.now() }\ndot d() -> u64 uses clock { let a = with clock.now = || 1 { f() }\n a + f() }",
        &[CLOCK],
    ),
    (
        "replaced in a closure",
        "dot d() -> list<u64> { with clock.now = || 1 { [1].map(|n: u64| n + clock.now()) } }",
        &[],
    ),
    (
        "closure from outside",
        "fn run(f: fn() -> u64) -> u64 { with clock.now = || 1 { f() } }\ndot d() -> u64 uses clock { run(|| clock.now()) }",
        &[CLOCK],
    ),
    (
        "replaced by a value",
        "record R { n: u64 }\nfn get_random_u64(self: R) -> u64 { self.n }\nfn get_random_bytes(self: R, len: u64) -> list<u8> { [] }\nfn f() -> u32 { random.get_random_bytes(1).len() }\ndot d() -> u32 { with random = (R { n: 1 }) { f() } }",
        &[],
    ),
    (
        "a value with effects",
        "record R { n: u64 }\nfn get_random_u64(self: R) -> u64 { self.n + clock.now() }\nfn get_random_bytes(self: R, len: u64) -> list<u8> { random.get_random_bytes(len) }\ndot d() -> u64 uses clock + random { with random = (R { n: 1 }) { random.get_random_u64() } }",
        &[CLOCK, BYTES],
    ),
    (
        "mutual recursion replaced",
        "fn f(n: u64) -> u64 { if n == 0 { clock.now() } else { g(n - 1) } }\nfn g(n: u64) -> u64 { f(n) }\ndot d() -> u64 { with clock.now = || 1 { f(3) } }",
        &[],
    ),
    // Tests are no part of it.
    (
        "a property",
        "test \"p\" (n: u64) { with clock.now = || n { assert clock.now() == n } }\ndot d() -> u64 { 1 }",
        &[],
    ),
    ("a test", "test \"t\" { with clock.now = || 1 { assert clock.now() == 1 } }\ndot d() -> u64 { 1 }", &[]),
];

/// Interfaces of effects that no function of the program calls once it is known which methods replace what: the component
/// doesn't import them.
const NEVER_REACHED: &[(&str, &str)] = &[("a value with effects", "wasi:random/random@0.2.12")];

fn open(source: &str) -> Session {
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("effects_table.dot");
    std::fs::write(&path, source).expect("a file");
    Session::open(&OsFiles, &path).expect("a session")
}

/// The interfaces that a component imports.
fn imported(session: &Session, profile: Profile) -> BTreeSet<String> {
    let built = session.build(profile, Emit::Wat, false).expect("a component");
    let text = String::from_utf8(built.bytes).expect("text");
    let name = |line: &str| Some(line.trim().strip_prefix("(import \"wasi:")?.split('"').next()?.to_owned());
    text.lines().filter_map(name).map(|name| format!("wasi:{name}")).collect()
}

#[test]
// r[effect.import], r[effect.infer], r[cli.effects]
fn effects_and_imports_are_as_decided_by_hand() {
    let mut wrong = Vec::new();
    let mut programs = 0;
    for (what, text, expected) in TABLE {
        programs += 1;
        let session = open(&format!("{USES}{text}\n"));
        let report = session.check();
        if report.has_errors() {
            wrong.push(format!("{what}: {}", report.render(dot_diagnostics::render::Colour::Never)));
            continue;
        }
        let effects = session.effects().dots;
        let dot = effects.iter().find(|dot| dot.dot.ends_with(".d")).expect("the dot `d`");
        let found: Vec<String> =
            dot.imports.iter().map(|import| format!("{}#{}", import.interface, import.function)).collect();
        if found != *expected {
            wrong.push(format!("{what}: {found:?} instead of {expected:?}"));
        }
        for import in &dot.imports {
            let starts = import.calls.first().is_some_and(|call| call.caller.ends_with(".d"));
            if !starts || import.calls.iter().any(|call| call.line < 3) {
                wrong.push(format!("{what}: a chain that isn't one: {:?}", import.calls));
            }
        }
        let reached = effects.iter().flat_map(|dot| &dot.imports);
        let mut all: BTreeSet<String> = reached.map(|import| import.interface.clone()).collect();
        let never = NEVER_REACHED.iter().filter(|(row, _)| row == what);
        never.for_each(|(_, interface)| assert!(all.remove(*interface), "{what}"));
        for profile in [Profile::Debug, Profile::Release] {
            let imported = imported(&session, profile);
            if imported != all {
                wrong.push(format!("{what}, {profile:?}: imports {imported:?}, not {all:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(programs >= 40, "{programs}");
}
