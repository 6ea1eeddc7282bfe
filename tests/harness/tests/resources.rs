//! Resources of a package's own, held by a host that writes down what they tell it.
//!
//! The expectations follow from the spec's chapter on handles, line by line of the program.

use dot_driver::{Emit, Profile};
use dot_tests::texts::Texts;
use wasmtime::component::{Component, Instance, Linker, ResourceAny, Val};
use wasmtime::{Engine, Store, StoreContextMut, StoreLimits, StoreLimitsBuilder};

const WIT: &str = "package demo:notes;
interface notes { note: func(text: string); }";

const SOURCE: &str = "use demo:notes/notes

/// Counts under a name.
resource Counter { name: string, n: u32 = 0 }

/// Begins at nothing.
dot Counter.new(name: string) -> Counter { Counter { name } }
dot Counter.pair(first: string, second: string) -> list<Counter> {
  [Counter { name: first }, Counter { name: second, n: 1 }]
}
dot Counter.parse(text: string) -> result<Counter, string> {
  if text is \"{name}:\" { ok(Counter { name }) } else { err(\"no colon\") }
}

dot bump(inout self: Counter, @max(9) by: u32) -> u32 {
  self.n += by
  self.n
}
dot title(self: Counter) -> string { \"{self.name}={self.n}\" }
dot absorb(inout self: Counter, other: Counter) uses notes {
  notes.note(\"absorb {other.name}\")
  self.n += other.n
  self.name += other.name
}
dot boom(inout self: Counter) { self.n = 1 / (self.n - self.n) }
dot drop(self: Counter) uses notes { notes.note(\"drop {self.name} {self.n}\") }

dot total(counters: list<Counter>, more: option<Counter>) -> u32 {
  counters.map(|c| c.n).sum() + match more { some(c) => c.n, none => 0 }
}
dot same(counter: Counter) -> Counter { counter }
";

/// What was noted, and how much memory there may be.
struct Host {
    notes: Vec<String>,
    limits: StoreLimits,
}

/// The most memory that any of these programs needs at once.
const MEMORY: usize = 256 << 10;

struct Held {
    store: Store<Host>,
    component: Component,
    instance: Instance,
}

impl Held {
    fn new(profile: Profile) -> Self {
        let manifest = "name = \"acme:r\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n";
        let files = [("Dot.toml", manifest), ("src/main.dot", SOURCE), ("wit/notes.wit", WIT)];
        let engine = Engine::default();
        let component =
            Component::new(&engine, Texts(&files).build(profile, Emit::Component)).expect("a component");
        let mut linker: Linker<Host> = Linker::new(&engine);
        let mut notes = linker.instance("demo:notes/notes").expect("a name");
        notes
            .func_wrap("note", |mut store: StoreContextMut<'_, Host>, (text,): (String,)| {
                store.data_mut().notes.push(text);
                Ok(())
            })
            .expect("a function");
        let limits = StoreLimitsBuilder::new().memory_size(MEMORY).build();
        let mut store = Store::new(&engine, Host { notes: Vec::new(), limits });
        store.limiter(|host| &mut host.limits);
        let instance = linker.instantiate(&mut store, &component).expect("it starts");
        Self { store, component, instance }
    }

    fn try_call(&mut self, name: &str, args: &[Val]) -> Result<Option<Val>, String> {
        let owner = self.component.get_export_index(None, "acme:r/main@0.1.0").expect("the interface");
        let function = self.component.get_export_index(Some(&owner), name).expect(name);
        let function = self.instance.get_func(&mut self.store, function).expect(name);
        let mut results = vec![Val::Bool(false); function.ty(&self.store).results().len()];
        let called = function.call(&mut self.store, args, &mut results);
        called.map_err(|error| format!("{error:?}"))?;
        Ok(results.pop())
    }

    #[track_caller]
    fn call(&mut self, name: &str, args: &[Val]) -> Val {
        self.try_call(name, args).expect("no trap").unwrap_or(Val::Bool(true))
    }

    #[track_caller]
    fn counter(&mut self, name: &str) -> Val {
        self.call("[constructor]counter", &[text(name)])
    }

    fn title(&mut self, handle: &Val) -> Val {
        self.call("[method]counter.title", std::slice::from_ref(handle))
    }

    fn drop(&mut self, handle: &Val) {
        resource(handle).resource_drop(&mut self.store).expect("it is dropped");
    }

    /// What was noted since the last time.
    fn noted(&mut self) -> Vec<String> {
        std::mem::take(&mut self.store.data_mut().notes)
    }
}

fn text(text: &str) -> Val {
    Val::String(text.to_owned())
}

#[track_caller]
fn resource(value: &Val) -> ResourceAny {
    match value {
        Val::Resource(handle) => *handle,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn resources(value: Val) -> Vec<Val> {
    match value {
        Val::List(handles) => handles,
        other => panic!("{other:?}"),
    }
}

fn both(test: impl Fn(&mut Held)) {
    for profile in [Profile::Debug, Profile::Release] {
        test(&mut Held::new(profile));
    }
}

#[test]
// r[handle.resource.dots], r[handle.resource.drop]
fn a_handle_keeps_its_value_between_calls() {
    both(|held| {
        let (a, b) = (held.counter("a"), held.counter("b"));
        assert_eq!(held.call("[method]counter.bump", &[a.clone(), Val::U32(2)]), Val::U32(2));
        assert_eq!(held.call("[method]counter.bump", &[b.clone(), Val::U32(5)]), Val::U32(5));
        assert_eq!(held.call("[method]counter.bump", &[a.clone(), Val::U32(3)]), Val::U32(5));
        assert_eq!(held.title(&a), text("a=5"));
        assert_eq!(held.title(&b), text("b=5"));
        assert!(held.noted().is_empty());
        held.drop(&a);
        assert_eq!(held.noted(), ["drop a 5"]);
        held.drop(&b);
        assert_eq!(held.noted(), ["drop b 5"]);
    });
}

#[test]
// r[handle.resource.pass]
fn a_handle_that_is_given_is_dropped_when_the_call_ends() {
    both(|held| {
        let (a, b) = (held.counter("a"), held.counter("b"));
        held.call("[method]counter.bump", &[b.clone(), Val::U32(4)]);
        held.call("[method]counter.absorb", &[a.clone(), b]);
        assert_eq!(held.noted(), ["absorb b", "drop b 4"]);
        assert_eq!(held.title(&a), text("ab=4"));
        let again = held.call("same", &[a]);
        assert_eq!(held.noted(), ["drop ab 4"]);
        assert_eq!(held.title(&again), text("ab=4"));
        held.drop(&again);
        assert_eq!(held.noted(), ["drop ab 4"]);
    });
}

#[test]
// r[handle.resource.pass]
fn handles_cross_inside_other_values() {
    both(|held| {
        let pair = resources(held.call("[static]counter.pair", &[text("x"), text("y")]));
        let z = held.counter("z");
        held.call("[method]counter.bump", &[z.clone(), Val::U32(7)]);
        let more = Val::Option(Some(Box::new(z)));
        assert_eq!(held.call("total", &[Val::List(pair), more]), Val::U32(8));
        assert_eq!(held.noted(), ["drop z 7", "drop y 1", "drop x 0"]);
        let parsed = match held.call("[static]counter.parse", &[text("p:")]) {
            Val::Result(Ok(Some(handle))) => *handle,
            other => panic!("{other:?}"),
        };
        assert_eq!(held.title(&parsed), text("p=0"));
        held.drop(&parsed);
        assert_eq!(held.noted(), ["drop p 0"]);
        assert_eq!(
            held.call("[static]counter.parse", &[text("p")]),
            Val::Result(Err(Some(Box::new(text("no colon")))))
        );
    });
}

#[test]
// r[wit.constraint]
fn a_method_checks_its_arguments() {
    both(|held| {
        let a = held.counter("a");
        assert_eq!(held.call("[method]counter.bump", &[a.clone(), Val::U32(9)]), Val::U32(9));
        assert!(held.try_call("[method]counter.bump", &[a, Val::U32(10)]).is_err());
    });
}

#[test]
// r[handle.trap]
fn after_a_trap_nothing_of_the_program_runs() {
    both(|held| {
        let a = held.counter("a");
        assert!(held.try_call("[method]counter.boom", std::slice::from_ref(&a)).is_err());
        assert!(held.noted().is_empty());
        assert!(held.try_call("[method]counter.title", &[a]).is_err());
        assert!(held.noted().is_empty());
    });
}

#[test]
// r[handle.resource.drop]
fn many_handles_come_and_go_in_the_same_memory() {
    both(|held| {
        let name = "n".repeat(1000);
        for turn in 0..2000 {
            let one = held.counter(&name);
            held.call("[method]counter.bump", &[one.clone(), Val::U32(turn % 10)]);
            held.drop(&one);
        }
        assert_eq!(held.noted().len(), 2000);
    });
}
