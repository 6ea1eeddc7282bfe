//! Handles in interfaces of others: what is owned and what is only lent, in parameters that hold both, on every path. The
//! host counts: each thing is dropped once, by whoever owns it, and none is left.

use dot_driver::{Emit, OsFiles, Profile, Session};
use dot_tests::root;
use dot_tests::texts::Texts;
use std::collections::BTreeSet;
use wasmtime::component::{Component, Instance, Linker, Resource, ResourceAny, ResourceType, Val};
use wasmtime::{Engine, Store, StoreContextMut};

const WIT: &str = "package demo:goods;
interface store {
  resource good { constructor(n: u32); number: func() -> u32; }
  record mixed { mine: good, yours: borrow<good> }
  take-mixed: func(it: mixed, more: list<tuple<good, borrow<good>>>) -> u32;
  look: func(all: list<borrow<good>>, one: option<borrow<good>>) -> u32;
  make: func(n: u32) -> list<good>;
  refuse: func(g: good) -> result<good, string>;
}
interface service {
  use store.{good};
  record pair { mine: good, yours: borrow<good> }
  run: func(n: u32) -> u32;
  pay: func(g: borrow<good>, all: list<borrow<good>>, mine: good) -> u32;
  both: func(p: pair, how: u32) -> result<good, string>;
  some: func(n: u32) -> list<good>;
}
world shop { import store; export service; }
";

const SOURCE: &str = r#"
use demo:goods/store
export demo:goods/service as service

dot service.run(n: u32) -> u32 uses store {
  let a = store.Good.new(n)
  let made = store.make(n)
  let seen = store.look(made, none) + store.look([], some(store.Good.new(100)))
  let b = store.Good.new(n + 1)
  let c = store.Good.new(n + 2)
  let taken = store.take_mixed({ mine: b, yours: c }, [(store.Good.new(7), store.Good.new(8))])
  let back = match store.refuse(a) { ok(g) => g.number(), err(_) => 1000 }
  seen + taken + back
}

dot service.pay(g: store.Good, all: list<store.Good>, mine: store.Good) -> u32 uses store {
  let sum = g.number() + store.look(all, none)
  if sum == 0 { unreachable("nothing to pay") }
  sum + mine.number()
}

dot service.both(p: service.Pair, how: u32) -> result<store.Good, string> uses store {
  if how == 0 { return err("none") }
  if how == 1 { return store.refuse(store.Good.new(p.yours.number())) }
  if how == 2 { unreachable("two") }
  ok(store.Good.new(p.mine.number()))
}

dot service.some(n: u32) -> list<store.Good> uses store { store.make(n) }
"#;

struct Thing;

/// The numbers of things when there are none.
const NONE: [u32; 0] = [];

/// The things that are there.
#[derive(Default)]
struct Host {
    next: u32,
    numbers: Vec<u32>,
    live: BTreeSet<u32>,
}

impl Host {
    fn make(&mut self, number: u32) -> u32 {
        let id = self.next;
        self.next += 1;
        self.numbers.push(number);
        assert!(self.live.insert(id));
        id
    }

    fn drop(&mut self, id: u32) {
        assert!(self.live.remove(&id), "thing {id} is dropped twice");
    }

    fn number(&self, id: u32) -> u32 {
        assert!(self.live.contains(&id), "thing {id} is gone");
        self.numbers[id as usize]
    }
}

type Context<'a> = StoreContextMut<'a, Host>;

/// The thing behind a handle that a component passed.
fn thing(store: &mut Context<'_>, val: &Val) -> (u32, bool) {
    let Val::Resource(any) = val else { panic!("{val:?} is no handle") };
    let owned = any.owned();
    let resource: Resource<Thing> = any.try_into_resource(&mut *store).expect("a thing of the host");
    (resource.rep(), owned)
}

/// Every handle in a value, owned or lent: gives the sum of their numbers, and drops those that are owned.
fn consume(store: &mut Context<'_>, val: &Val) -> u32 {
    match val {
        Val::Resource(_) => {
            let (id, owned) = thing(store, val);
            let number = store.data().number(id);
            if owned {
                store.data_mut().drop(id);
            }
            number
        }
        Val::List(all) | Val::Tuple(all) => all.iter().map(|one| consume(store, one)).sum(),
        Val::Record(fields) => fields.iter().map(|(_, one)| consume(store, one)).sum(),
        Val::Option(one) => one.iter().map(|one| consume(store, one)).sum(),
        other => panic!("{other:?}"),
    }
}

fn owned(store: &mut Context<'_>, number: u32) -> Val {
    let id = store.data_mut().make(number);
    let any = ResourceAny::try_from_resource(Resource::<Thing>::new_own(id), &mut *store);
    Val::Resource(any.expect("a handle"))
}

fn linker(engine: &Engine) -> wasmtime::Result<Linker<Host>> {
    let mut linker: Linker<Host> = Linker::new(engine);
    let mut store = linker.instance("demo:goods/store")?;
    store.resource("good", ResourceType::host::<Thing>(), |mut store, id| {
        store.data_mut().drop(id);
        Ok(())
    })?;
    store.func_new("[constructor]good", |mut store, _, params, results| {
        let Val::U32(n) = params[0] else { panic!("{params:?}") };
        results[0] = owned(&mut store, n);
        Ok(())
    })?;
    store.func_new("[method]good.number", |mut store, _, params, results| {
        results[0] = Val::U32(consume(&mut store, &params[0]));
        Ok(())
    })?;
    for name in ["take-mixed", "look"] {
        store.func_new(name, |mut store, _, params, results| {
            results[0] = Val::U32(params.iter().map(|param| consume(&mut store, param)).sum());
            Ok(())
        })?;
    }
    store.func_new("make", |mut store, _, params, results| {
        let Val::U32(n) = params[0] else { panic!("{params:?}") };
        results[0] = Val::List((0..n).map(|n| owned(&mut store, n)).collect());
        Ok(())
    })?;
    store.func_new("refuse", |mut store, _, params, results| {
        let number = consume(&mut store, &params[0]);
        results[0] = Val::Result(if number.is_multiple_of(2) {
            Ok(Some(Box::new(owned(&mut store, number))))
        } else {
            Err(Some(Box::new(Val::String("odd".to_owned()))))
        });
        Ok(())
    })?;
    Ok(linker)
}

struct Shop {
    store: Store<Host>,
    component: Component,
    instance: Instance,
}

impl Shop {
    fn open(profile: Profile) -> Self {
        let manifest =
            "name = \"acme:shop\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\nworld = \"demo:goods/shop\"\n";
        let files = [("Dot.toml", manifest), ("src/main.dot", SOURCE), ("wit/goods.wit", WIT)];
        let engine = Engine::default();
        let component =
            Component::new(&engine, Texts(&files).build(profile, Emit::Component)).expect("a component");
        let mut store = Store::new(&engine, Host::default());
        let linker = linker(&engine).expect("the interface");
        let instance = linker.instantiate(&mut store, &component).expect("it starts");
        Self { store, component, instance }
    }

    /// Calls a function; nothing when it trapped.
    fn call(&mut self, name: &str, args: &[Val]) -> Option<Val> {
        let owner = self.component.get_export_index(None, "demo:goods/service").expect("the interface");
        let index = self.component.get_export_index(Some(&owner), name).expect("a function");
        let func = self.instance.get_func(&mut self.store, index).expect("a function");
        let mut results = [Val::Bool(false)];
        let done = func.call(&mut self.store, args, &mut results);
        let [result] = results;
        done.ok().map(|()| result)
    }

    fn good(&mut self, number: u32) -> Val {
        let id = self.store.data_mut().make(number);
        let any = ResourceAny::try_from_resource(Resource::<Thing>::new_own(id), &mut self.store);
        Val::Resource(any.expect("a handle"))
    }

    /// Lets go what the host made itself and has lent: no component has ever owned it.
    fn take_back(&mut self, val: &Val) {
        let Val::Resource(any) = val else { panic!("{val:?} is no handle") };
        let thing: Resource<Thing> = any.try_into_resource(&mut self.store).expect("a live handle");
        self.store.data_mut().drop(thing.rep());
    }

    /// Lets go what came from the component.
    fn release(&mut self, val: &Val) {
        match val {
            Val::Resource(any) => any.resource_drop(&mut self.store).expect("a live handle"),
            Val::List(all) => all.iter().for_each(|one| self.release(one)),
            Val::Result(Ok(Some(one))) => self.release(one),
            _ => {}
        }
    }

    fn live(&self) -> usize {
        self.left().len()
    }

    /// The numbers of the things that are there.
    fn left(&self) -> Vec<u32> {
        let host = self.store.data();
        host.live.iter().map(|id| host.numbers[*id as usize]).collect()
    }
}

fn pair(mine: &Val, yours: &Val) -> Val {
    Val::Record(vec![("mine".to_owned(), mine.clone()), ("yours".to_owned(), yours.clone())])
}

#[test]
// r[wit.export.lent], r[handle.borrow]
fn what_is_lent_stays_and_what_is_given_goes() {
    for profile in [Profile::Debug, Profile::Release] {
        let mut shop = Shop::open(profile);
        // 0 + 1 + 2 seen and 100; 4 + 5 + 7 + 8 taken; 3 is odd, so it is refused.
        assert_eq!(shop.call("run", &[Val::U32(3)]), Some(Val::U32(103 + 24 + 1000)), "{profile:?}");
        assert_eq!(shop.left(), NONE, "{profile:?}");
        // 0 … 3 seen and 100; 5 + 6 + 7 + 8 taken; 4 comes back.
        assert_eq!(shop.call("run", &[Val::U32(4)]), Some(Val::U32(106 + 26 + 4)), "{profile:?}");
        assert_eq!(shop.left(), NONE, "{profile:?}");

        let (a, b, c) = (shop.good(1), shop.good(2), shop.good(4));
        let all = Val::List(vec![a.clone(), b.clone()]);
        let paid = shop.call("pay", &[a.clone(), all, c]);
        assert_eq!(paid, Some(Val::U32(1 + 3 + 4)), "{profile:?}");
        assert_eq!(shop.live(), 2, "what was lent is there, {profile:?}");

        let d = shop.good(6);
        let none = shop.call("both", &[pair(&d, &b), Val::U32(0)]);
        assert_eq!(none, Some(Val::Result(Err(Some(Box::new(Val::String("none".to_owned())))))));
        assert_eq!(shop.live(), 2, "{profile:?}");
        for (how, number) in [(1, 2), (3, 8)] {
            let mine = shop.good(8);
            let result = shop.call("both", &[pair(&mine, &b), Val::U32(how)]).expect("it returns");
            assert_eq!(shop.live(), 3, "{how}, {profile:?}");
            let last = shop.store.data().numbers.last().copied();
            assert_eq!(last, Some(number), "{how}, {profile:?}");
            shop.release(&result);
        }
        let some = shop.call("some", &[Val::U32(5)]).expect("it returns");
        assert_eq!(shop.live(), 7, "{profile:?}");
        shop.release(&some);
        shop.take_back(&a);
        shop.take_back(&b);
        assert_eq!(shop.left(), NONE, "{profile:?}");
    }
}

#[test]
// r[handle.trap]
fn after_a_trap_the_program_drops_nothing() {
    for profile in [Profile::Debug, Profile::Release] {
        let mut shop = Shop::open(profile);
        let (mine, yours) = (shop.good(1), shop.good(2));
        assert_eq!(shop.call("both", &[pair(&mine, &yours), Val::U32(2)]), None, "{profile:?}");
        // The component had `mine` when it trapped, and drops nothing any more.
        assert_eq!(shop.live(), 2, "{profile:?}");
    }
}

#[test]
// r[wit.export.resource], r[handle.resource.drop]
fn a_resource_of_an_exported_interface_is_lent_and_dropped() {
    let folder = root().join("tests/conformance/boundaries/export_resources");
    for profile in [Profile::Debug, Profile::Release] {
        let session = Session::open(&OsFiles, &folder).unwrap_or_else(|error| panic!("{error}"));
        let built = session.build(profile, Emit::Component, false).expect("it compiles");
        let engine = Engine::default();
        let component = Component::new(&engine, built.bytes).expect("a component");
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine).instantiate(&mut store, &component).expect("it starts");
        let owner = component.get_export_index(None, "demo:kv/store@1.0.0").expect("the interface");
        let call = |store: &mut Store<()>, name: &str, args: &[Val], count: usize| {
            let index = component.get_export_index(Some(&owner), name).expect("a function");
            let func = instance.get_func(&mut *store, index).expect("a function");
            let mut results = vec![Val::Bool(false); count];
            func.call(&mut *store, args, &mut results).expect("it returns");
            results.pop()
        };
        let text = |text: &str| Val::String(text.to_owned());
        let bucket = call(&mut store, "[constructor]bucket", &[text("b")], 1).expect("a bucket");
        let set = [bucket.clone(), text("a"), text("one")];
        assert_eq!(call(&mut store, "[method]bucket.set", &set, 1), Some(Val::Result(Ok(None))));
        // It is lent twice, and still there.
        for _ in 0..2 {
            let keys = call(&mut store, "list-keys", std::slice::from_ref(&bucket), 1);
            let entry = vec![("key".to_owned(), text("a")), ("size".to_owned(), Val::U32(3))];
            assert_eq!(keys, Some(Val::List(vec![Val::Record(entry)])), "{profile:?}");
        }
        let named = vec![("bucket".to_owned(), bucket), ("name".to_owned(), text("n"))];
        let Some(Val::Record(fields)) = call(&mut store, "rename", &[Val::Record(named)], 1) else {
            panic!("a record")
        };
        let Val::Resource(renamed) = fields[0].1 else { panic!("{fields:?}") };
        let get = [fields[0].1.clone(), text("a")];
        let got = call(&mut store, "[method]bucket.get", &get, 1);
        assert_eq!(got, Some(Val::Option(Some(Box::new(text("one"))))), "{profile:?}");
        renamed.resource_drop(&mut store).expect("a live handle");
    }
}
