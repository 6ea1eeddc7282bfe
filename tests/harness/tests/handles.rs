//! Handles, counted by the other side: a host of its own that writes down when a resource is made, lent and dropped.
//!
//! The expectations follow from the spec's chapter on handles, line by line of the program.

use dot_driver::{Emit, Profile};
use dot_tests::texts::Texts;
use wasmtime::component::{Component, Linker, Resource, ResourceType, Val};
use wasmtime::{Engine, Store, StoreContextMut};

const WIT: &str = "package demo:things;
interface things {
  resource thing { constructor(name: string); size: func() -> u32; }
  same: func(a: borrow<thing>, b: borrow<thing>) -> bool;
  take: func(t: thing) -> u32;
}";

/// A resource of the host's.
struct Thing;

/// What happened, and the names of the things by number.
#[derive(Default)]
struct Host {
    log: Vec<String>,
    names: Vec<String>,
}

impl Host {
    fn note(&mut self, what: &str, thing: u32) {
        let name = self.names.get(thing as usize).map_or("?", String::as_str);
        let line = format!("{what} {name}");
        self.log.push(line);
    }
}

fn linker(engine: &Engine) -> wasmtime::Result<Linker<Host>> {
    let mut linker: Linker<Host> = Linker::new(engine);
    let mut things = linker.instance("demo:things/things")?;
    things.resource("thing", ResourceType::host::<Thing>(), |mut store, thing| {
        store.data_mut().note("drop", thing);
        Ok(())
    })?;
    things.func_wrap("[constructor]thing", |mut store: StoreContextMut<'_, Host>, (name,): (String,)| {
        let host = store.data_mut();
        let thing = u32::try_from(host.names.len())?;
        host.names.push(name);
        host.note("new", thing);
        Ok((Resource::<Thing>::new_own(thing),))
    })?;
    things.func_wrap(
        "[method]thing.size",
        |mut store: StoreContextMut<'_, Host>, (it,): (Resource<Thing>,)| {
            store.data_mut().note("size", it.rep());
            Ok((u32::try_from(store.data().names[it.rep() as usize].len())?,))
        },
    )?;
    things.func_wrap(
        "same",
        |mut store: StoreContextMut<'_, Host>, (a, b): (Resource<Thing>, Resource<Thing>)| {
            store.data_mut().note("same", a.rep());
            store.data_mut().note("as", b.rep());
            Ok((a.rep() == b.rep(),))
        },
    )?;
    things.func_wrap("take", |mut store: StoreContextMut<'_, Host>, (it,): (Resource<Thing>,)| {
        store.data_mut().note("take", it.rep());
        Ok((it.rep(),))
    })?;
    Ok(linker)
}

/// Calls `run(n)` of a module, and gives its result, or nothing when it trapped, with what the host saw. Both
/// profiles must do the same.
fn run(source: &str, n: u32) -> (Option<u32>, Vec<String>) {
    let source = format!("use demo:things/things\n{source}");
    let manifest = "name = \"acme:h\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n";
    let files = [("Dot.toml", manifest), ("src/main.dot", source.as_str()), ("wit/things.wit", WIT)];
    let [debug, release] = [Profile::Debug, Profile::Release].map(|profile| {
        let engine = Engine::default();
        let component =
            Component::new(&engine, Texts(&files).build(profile, Emit::Component)).expect("a component");
        let mut store = Store::new(&engine, Host::default());
        let linker = linker(&engine).expect("the interface");
        let instance = linker.instantiate(&mut store, &component).expect("it starts");
        let owner = component.get_export_index(None, "acme:h/main@0.1.0").expect("the interface");
        let run = component.get_export_index(Some(&owner), "run").expect("the dot");
        let run = instance.get_func(&mut store, run).expect("the dot");
        let mut results = [Val::Bool(false)];
        let result = match (run.call(&mut store, &[Val::U32(n)], &mut results), &results) {
            (Ok(()), [Val::U32(result)]) => Some(*result),
            (Ok(()), other) => panic!("{other:?}"),
            (Err(_), _) => None,
        };
        (result, std::mem::take(&mut store.data_mut().log))
    });
    assert_eq!(debug, release);
    debug
}

#[track_caller]
fn expect(source: &str, n: u32, result: Option<u32>, log: &[&str]) {
    let (found, seen) = run(source, n);
    assert_eq!(seen, log, "{source}");
    assert_eq!(found, result, "{source}");
}

#[test]
// r[handle.drop]
fn what_is_not_moved_is_dropped_at_the_end_in_reverse_order() {
    let source = "dot run(n: u32) -> u32 uses things {
  let a = things.Thing.new(\"a\")
  let b = things.Thing.new(\"bb\")
  let inner = {
    let c = things.Thing.new(\"ccc\")
    c.size()
  }
  inner + a.size()
}";
    expect(
        source,
        0,
        Some(4),
        &["new a", "new bb", "new ccc", "size ccc", "drop ccc", "size a", "drop bb", "drop a"],
    );
}

#[test]
// r[handle.drop]
fn drop_drops_at_once() {
    let source = "dot run(n: u32) -> u32 uses things {
  let a = things.Thing.new(\"a\")
  let b = things.Thing.new(\"bb\")
  drop(a)
  b.size()
}";
    expect(source, 0, Some(2), &["new a", "new bb", "drop a", "size bb", "drop bb"]);
}

#[test]
// r[handle.drop]
fn every_way_out_of_a_scope_drops() {
    let source = "fn check(n: u32) -> result<u32, string> { if n == 1 { err(\"no\") } else { ok(n) } }
fn inside(n: u32) -> result<u32, string> uses things {
  let a = things.Thing.new(\"a\")
  let got = check(n)?
  if got == 2 { return ok(a.size()) }
  for i in 0..2 {
    let b = things.Thing.new(\"b{i}\")
    if i == 1 { break }
    let _ = b.size()
  }
  ok(got)
}
dot run(n: u32) -> u32 uses things { match inside(n) { ok(size) => size, err(_) => 99 } }";
    expect(source, 1, Some(99), &["new a", "drop a"]);
    expect(source, 2, Some(1), &["new a", "size a", "drop a"]);
    expect(source, 3, Some(3), &["new a", "new b0", "size b0", "drop b0", "new b1", "drop b1", "drop a"]);
}

#[test]
// r[handle.move]
fn what_was_moved_is_dropped_by_its_new_owner() {
    let source = "fn keep(t: things.Thing) -> u32 uses things { t.size() }
fn make(name: string) -> things.Thing uses things { things.Thing.new(name) }
dot run(n: u32) -> u32 uses things {
  let a = make(\"a\")
  let b = make(\"bb\")
  let size = keep(a)
  things.take(b) + size
}";
    // `b` is the second thing, number 1; what the host was given is the host's to drop.
    expect(source, 0, Some(2), &["new a", "new bb", "size a", "drop a", "take bb"]);
}

#[test]
// r[handle.borrow]
fn an_import_that_borrows_lends() {
    let source = "dot run(n: u32) -> u32 uses things {
  let a = things.Thing.new(\"a\")
  let b = things.Thing.new(\"bb\")
  var same: u32 = 0
  if things.same(a, b) { same += 1 }
  if things.same(a, a) { same += 10 }
  same + a.size() + a.size() + b.size()
}";
    let log = [
        "new a", "new bb", "same a", "as bb", "same a", "as a", "size a", "size a", "size bb", "drop bb",
        "drop a",
    ];
    expect(source, 0, Some(14), &log);
}

#[test]
// r[handle.trap]
fn after_a_trap_nothing_is_dropped() {
    let source = "dot run(n: u32) -> u32 uses things {
  let a = things.Thing.new(\"a\")
  let size = a.size()
  10 / n + size
}";
    expect(source, 0, None, &["new a", "size a"]);
    expect(source, 5, Some(3), &["new a", "size a", "drop a"]);
}

#[test]
// r[handle.what], r[handle.drop]
fn what_holds_a_handle_is_dropped_with_it() {
    let source = "record Pair { left: things.Thing, right: option<things.Thing> }
dot run(n: u32) -> u32 uses things {
  let pair: Pair = { left: things.Thing.new(\"l\"), right: if n > 0 { some(things.Thing.new(\"rr\")) } else { none } }
  pair.left.size()
}";
    let (found, mut seen) = run(source, 1);
    // The order inside one value is not said; each is dropped once, after its last use.
    assert_eq!(
        (found, &seen[..3]),
        (Some(1), &["new l".to_owned(), "new rr".to_owned(), "size l".to_owned()][..])
    );
    seen[3..].sort();
    assert_eq!(seen[3..], ["drop l", "drop rr"]);
    expect(source, 0, Some(1), &["new l", "size l", "drop l"]);
}

/// Two things, and a function that makes them.
const PAIR: &str = "record Pair { a: things.Thing, b: things.Thing }
fn pair() -> Pair uses things { { a: things.Thing.new(\"a\"), b: things.Thing.new(\"bb\") } }
";

#[test]
// r[handle.part]
fn a_part_is_given_away_and_the_rest_is_dropped() {
    let field = format!(
        "{PAIR}dot run(n: u32) -> u32 uses things {{
  let p = pair()
  let taken = things.take(p.b)
  things.Thing.new(\"ccc\").size() + taken
}}"
    );
    expect(&field, 0, Some(4), &["new a", "new bb", "drop a", "take bb", "new ccc", "size ccc", "drop ccc"]);
    let pattern = field.replace("things.take(p.b)", "match p { { b, .. } => things.take(b) }");
    expect(
        &pattern,
        0,
        Some(4),
        &["new a", "new bb", "drop a", "take bb", "new ccc", "size ccc", "drop ccc"],
    );
}

#[test]
// r[handle.part]
fn a_pattern_takes_all_parts() {
    let source = format!(
        "{PAIR}dot run(n: u32) -> u32 uses things {{
  let {{ a, b }} = pair()
  let n = things.take(b)
  n + a.size()
}}"
    );
    expect(&source, 0, Some(2), &["new a", "new bb", "take bb", "size a", "drop a"]);
}

#[test]
// r[handle.part]
fn elements_are_taken_out_by_the_methods_of_lists() {
    let source = "dot run(n: u32) -> u32 uses things {
  var xs = [things.Thing.new(\"a\"), things.Thing.new(\"bb\"), things.Thing.new(\"ccc\")]
  let last = match xs.pop() { some(x) => things.take(x), none => 9 }
  let first = xs.remove(0)
  last + first.size()
}";
    expect(source, 0, Some(3), &["new a", "new bb", "new ccc", "take ccc", "size a", "drop a", "drop bb"]);
}

/// Three things in a list, and a loop over them with this body; then `t` is new, so that what was dropped before shows.
fn loop_over_three(body: &str) -> String {
    format!(
        "fn turns(n: u32) -> u32 uses things {{
  var looked: u32 = 0
  for (h, k) in [(things.Thing.new(\"a\"), 1), (things.Thing.new(\"bb\"), 2), (things.Thing.new(\"ccc\"), 3)] {{
    {body}
    looked += h.size() + k
  }}
  looked
}}
dot run(n: u32) -> u32 uses things {{
  let looked = turns(n)
  let t = things.Thing.new(\"t\")
  looked
}}"
    )
}

#[test]
// r[handle.for], r[handle.drop]
fn a_loop_owns_what_it_takes_out_of_a_list() {
    let made = ["new a", "new bb", "new ccc"];
    let log = |rest: &[&'static str]| [&made, rest, &["new t", "drop t"]].concat();
    let turns = ["size a", "drop a", "size bb", "drop bb", "size ccc", "drop ccc"];
    // 1 + 1, 2 + 2, 3 + 3.
    expect(&loop_over_three(""), 0, Some(12), &log(&turns));
    let given_away = loop_over_three("if k == n { let _ = things.take(h)\n continue }");
    expect(&given_away, 2, Some(8), &log(&["size a", "drop a", "take bb", "size ccc", "drop ccc"]));
    let left = loop_over_three("if k == n { break }");
    expect(&left, 2, Some(2), &log(&["size a", "drop a", "drop bb", "drop ccc"]));
    expect(&left, 1, Some(0), &log(&["drop a", "drop ccc", "drop bb"]));
    let returned = loop_over_three("if k == n { return things.take(h) }");
    expect(&returned, 1, Some(0), &log(&["take a", "drop ccc", "drop bb"]));
    expect(&returned, 3, Some(2), &log(&["size a", "drop a", "size bb", "drop bb", "take ccc"]));
    let kept = loop_over_three("if k == n { let held = h\n return held.size() }");
    expect(&kept, 2, Some(2), &log(&["size a", "drop a", "size bb", "drop bb", "drop ccc"]));
}

#[test]
// r[handle.for]
fn a_handle_that_a_loop_finds_can_be_given_back() {
    let source = "fn find(n: u32) -> option<things.Thing> uses things {
  var all = [things.Thing.new(\"a\"), things.Thing.new(\"bb\"), things.Thing.new(\"ccc\")]
  for h in all { if h.size() == n { return some(h) } }
  none
}
dot run(n: u32) -> u32 uses things { match find(n) { some(h) => h.size() + 10, none => 0 } }";
    let made = ["new a", "new bb", "new ccc", "size a", "drop a"];
    let found = ["size bb", "drop ccc", "size bb", "drop bb"];
    expect(source, 2, Some(12), &[&made[..], &found].concat());
    let none = ["size bb", "drop bb", "size ccc", "drop ccc"];
    expect(source, 9, Some(0), &[&made[..], &none].concat());
}

#[test]
// r[handle.drop]
fn a_return_out_of_a_loop_drops_what_was_bound_before_it_last() {
    let source = "fn first(n: u32) -> u32 uses things {
  let a = things.Thing.new(\"a\")
  var i: u32 = 0
  while i < 3 {
    let b = things.Thing.new(\"bb\")
    for k in 0..2 {
      if i + k == n { return things.take(things.Thing.new(\"ccc\")) + a.size() }
    }
    i += 1
  }
  a.size()
}
dot run(n: u32) -> u32 uses things { first(n) }";
    let found = ["new a", "new bb", "new ccc", "take ccc", "size a", "drop bb", "drop a"];
    // The third thing, number 2, and one byte.
    expect(source, 0, Some(3), &found);
    let turn = ["new bb", "drop bb"];
    let all = [&["new a"][..], &turn, &turn, &turn, &["size a", "drop a"]].concat();
    expect(source, 9, Some(1), &all);
}
