//! Values of every type of WIT through a component and back, against the dynamic API of the runtime.
//!
//! The component exports `demo:types/values` of `tests/wit/types.wit`, and each of its functions calls the same function of
//! the same interface that it imports. So what the host gives a function it gets back as the argument of its own, and what
//! that gives comes out. Values are random, those at the edges of their types first of all.

use dot_driver::{Emit, Profile};
use dot_generate::Random;
use dot_hir::NameCase;
use dot_tests::texts::Texts;
use dot_tests::{read, root, rounds};
use std::fmt::Write;
use wasmtime::component::{Component, Func, Linker, Type, Val};
use wasmtime::{Engine, ResourceLimiter, Store};
use wit_parser::{Interface, Resolve};

const INTERFACE: &str = "demo:types/values@1.0.0";

/// The host's side of a call, and the memory that the component has at most had.
#[derive(Default)]
struct Host {
    given: Vec<Val>,
    gives: Vec<Val>,
    largest: usize,
}

impl ResourceLimiter for Host {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.largest = self.largest.max(desired);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

fn wit() -> String {
    read(&root().join("tests/wit/types.wit"))
}

fn interface(resolve: &Resolve) -> &Interface {
    let found = resolve.interfaces.iter().find(|(_, it)| it.name.as_deref() == Some("values"));
    found.expect("the interface").1
}

/// The component that passes everything on.
fn relay(profile: Profile) -> Vec<u8> {
    let mut resolve = Resolve::default();
    resolve.push_source("types.wit", &wit()).expect("WIT");
    let mut source = format!("use {INTERFACE} as there\nexport {INTERFACE} as here\n");
    for function in interface(&resolve).functions.values() {
        let name = NameCase::Snake.convert(&function.name);
        let params = function.params.iter().map(|param| {
            let name = NameCase::Snake.convert(&param.name);
            (name.clone(), format!("{name}: {}", spelled(&resolve, &param.ty)))
        });
        let (args, params): (Vec<String>, Vec<String>) = params.unzip();
        let ret =
            function.result.as_ref().map_or_else(String::new, |ty| format!(" -> {}", spelled(&resolve, ty)));
        let (params, args) = (params.join(", "), args.join(", "));
        let _ = writeln!(source, "dot here.{name}({params}){ret} uses there {{ there.{name}({args}) }}");
    }
    let manifest = "name = \"acme:relay\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n";
    let wit = wit();
    let files = [("Dot.toml", manifest), ("src/main.dot", source.as_str()), ("wit/types.wit", wit.as_str())];
    Texts(&files).build(profile, Emit::Component)
}

/// A type of the WIT as Dot spells it.
fn spelled(resolve: &Resolve, ty: &wit_parser::Type) -> String {
    use wit_parser::{Type as Wit, TypeDefKind};
    let Wit::Id(id) = ty else { return plain(ty).to_owned() };
    let def = &resolve.types[*id];
    if let Some(name) = &def.name {
        return format!("there.{}", NameCase::Pascal.convert(name));
    }
    let part = |ty: &Wit| spelled(resolve, ty);
    let maybe = |ty: &Option<Wit>| ty.as_ref().map_or("()".to_owned(), part);
    match &def.kind {
        TypeDefKind::List(ty) => format!("list<{}>", part(ty)),
        TypeDefKind::Option(ty) => format!("option<{}>", part(ty)),
        TypeDefKind::Result(result) => format!("result<{}, {}>", maybe(&result.ok), maybe(&result.err)),
        TypeDefKind::Tuple(tuple) => {
            format!("tuple<{}>", tuple.types.iter().map(part).collect::<Vec<_>>().join(", "))
        }
        other => panic!("the WIT has {other:?}"),
    }
}

fn plain(ty: &wit_parser::Type) -> &'static str {
    use wit_parser::Type as Wit;
    match ty {
        Wit::Bool => "bool",
        Wit::U8 => "u8",
        Wit::U16 => "u16",
        Wit::U32 => "u32",
        Wit::U64 => "u64",
        Wit::S8 => "s8",
        Wit::S16 => "s16",
        Wit::S32 => "s32",
        Wit::S64 => "s64",
        Wit::F32 => "f32",
        Wit::F64 => "f64",
        Wit::Char => "char",
        Wit::String => "string",
        Wit::ErrorContext | Wit::Id(_) => panic!("not a plain type"),
    }
}

/// A running component, and its functions by name.
struct Running {
    store: Store<Host>,
    functions: Vec<(String, Func)>,
}

fn start(profile: Profile) -> Running {
    let engine = Engine::default();
    let component = Component::new(&engine, relay(profile)).expect("a component");
    let mut linker: Linker<Host> = Linker::new(&engine);
    let mut resolve = Resolve::default();
    resolve.push_source("types.wit", &wit()).expect("WIT");
    let names: Vec<String> = interface(&resolve).functions.keys().cloned().collect();
    let mut there = linker.instance(INTERFACE).expect("an interface");
    for name in &names {
        let answer =
            |mut store: wasmtime::StoreContextMut<'_, Host>, _, params: &[Val], results: &mut [Val]| {
                let host = store.data_mut();
                host.given = params.to_vec();
                results.clone_from_slice(&host.gives);
                Ok(())
            };
        there.func_new(name, answer).expect("a function");
    }
    let mut store = Store::new(&engine, Host::default());
    store.limiter(|host| host);
    let instance = linker.instantiate(&mut store, &component).expect("it starts");
    let here = component.get_export_index(None, INTERFACE).expect("the interface");
    let function = |name: String, store: &mut Store<Host>| {
        let index = component.get_export_index(Some(&here), &name).expect("a function");
        let func = instance.get_func(store, index).expect("a function");
        (name, func)
    };
    let functions = names.into_iter().map(|name| function(name, &mut store)).collect();
    Running { store, functions }
}

impl Running {
    /// Calls a function: what the host was given, and what came out.
    fn call(&mut self, func: Func, args: &[Val], gives: Vec<Val>) -> (Vec<Val>, Vec<Val>) {
        let mut results = vec![Val::Bool(false); gives.len()];
        self.store.data_mut().gives = gives;
        func.call(&mut self.store, args, &mut results).expect("it returns");
        (std::mem::take(&mut self.store.data_mut().given), results)
    }
}

/// Numbers at the edges of a type of so many bits.
fn integer(random: &mut Random, bits: u32) -> u64 {
    let edges = [0, 1, u64::MAX, 1 << (bits - 1), (1 << (bits - 1)) - 1];
    if random.chance(40) { *random.pick(&edges).expect("there are some") } else { random.draw() }
}

fn float(random: &mut Random) -> f64 {
    let edges =
        [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, f64::MIN_POSITIVE, 5e-324, f64::MAX, 0.1];
    if random.chance(40) { *random.pick(&edges).expect("there are some") } else { random.draw() as f64 / 7.0 }
}

fn character(random: &mut Random) -> char {
    let edges =
        ['\0', 'a', '\u{7f}', '\u{80}', '\u{7ff}', '\u{d7ff}', '\u{e000}', '\u{ffff}', '😀', '\u{10ffff}'];
    let drawn = u32::try_from(random.below(0x11_0000)).unwrap_or(0);
    let drawn = char::from_u32(drawn).unwrap_or('\u{e000}');
    if random.chance(50) { *random.pick(&edges).expect("there are some") } else { drawn }
}

fn length(random: &mut Random, depth: u32) -> usize {
    match random.below(10) {
        0..3 => 0,
        3..5 => 1,
        9 if depth == 0 => 40 + random.below(200),
        _ => random.below(5),
    }
}

/// A random value of a type.
fn value(random: &mut Random, ty: &Type, depth: u32) -> Val {
    let part = |random: &mut Random, ty: &Type| value(random, ty, depth + 1);
    let boxed = |random: &mut Random, ty: Option<Type>| ty.map(|ty| Box::new(value(random, &ty, depth + 1)));
    match ty {
        Type::Bool => Val::Bool(random.chance(50)),
        Type::S8 => Val::S8(integer(random, 8) as i8),
        Type::U8 => Val::U8(integer(random, 8) as u8),
        Type::S16 => Val::S16(integer(random, 16) as i16),
        Type::U16 => Val::U16(integer(random, 16) as u16),
        Type::S32 => Val::S32(integer(random, 32) as i32),
        Type::U32 => Val::U32(integer(random, 32) as u32),
        Type::S64 => Val::S64(integer(random, 64) as i64),
        Type::U64 => Val::U64(integer(random, 64)),
        Type::Float32 => Val::Float32(float(random) as f32),
        Type::Float64 => Val::Float64(float(random)),
        Type::Char => Val::Char(character(random)),
        Type::String => {
            let length = length(random, depth);
            Val::String((0..length).map(|_| character(random)).collect())
        }
        Type::List(list) => {
            let length = length(random, depth);
            Val::List((0..length).map(|_| part(random, &list.ty())).collect())
        }
        Type::Record(record) => {
            let fields = record.fields().map(|field| (field.name.to_owned(), part(random, &field.ty)));
            Val::Record(fields.collect())
        }
        Type::Tuple(tuple) => Val::Tuple(tuple.types().map(|ty| part(random, &ty)).collect()),
        Type::Variant(variant) => {
            let cases: Vec<_> = variant.cases().map(|case| (case.name.to_owned(), case.ty)).collect();
            let (name, ty) = cases[random.below(cases.len())].clone();
            Val::Variant(name, boxed(random, ty))
        }
        Type::Enum(names) => {
            let names: Vec<&str> = names.names().collect();
            Val::Enum(names[random.below(names.len())].to_owned())
        }
        Type::Option(option) => {
            let ty = random.chance(60).then(|| option.ty());
            Val::Option(boxed(random, ty))
        }
        Type::Result(result) => Val::Result(if random.chance(50) {
            Ok(boxed(random, result.ok()))
        } else {
            Err(boxed(random, result.err()))
        }),
        Type::Flags(flags) => {
            let percent = [0, 50, 100][random.below(3)];
            Val::Flags(flags.names().filter(|_| random.chance(percent)).map(str::to_owned).collect())
        }
        other => panic!("the WIT has {other:?}"),
    }
}

/// Random arguments and results of a function.
fn sides(random: &mut Random, running: &Running, func: Func) -> (Vec<Val>, Vec<Val>) {
    let ty = func.ty(&running.store);
    let args = ty.params().map(|(_, ty)| value(random, &ty, 0)).collect();
    (args, ty.results().map(|ty| value(random, &ty, 0)).collect())
}

#[test]
// r[wit.export.function]
fn values_of_every_type_cross_both_ways() {
    let times = rounds(150, 10_000, 10_000);
    for profile in [Profile::Debug, Profile::Release] {
        let mut running = start(profile);
        let mut random = Random(7);
        for (name, func) in running.functions.clone() {
            for _ in 0..times {
                let (args, gives) = sides(&mut random, &running, func);
                let (given, results) = running.call(func, &args, gives.clone());
                assert_eq!(given, args, "{name}, {profile:?}");
                assert_eq!(results, gives, "{name}, {profile:?}");
            }
        }
    }
}

#[test]
// r[abi.reset]
fn calls_with_the_same_values_take_no_more_memory_however_many() {
    let times = rounds(2_000, 1_000_000, 1_000_000);
    for profile in [Profile::Debug, Profile::Release] {
        let mut running = start(profile);
        let mut random = Random(11);
        let named = ["lists", "more", "deep"];
        let functions = running.functions.clone();
        let chosen = functions.iter().filter(|(name, _)| named.contains(&name.as_str()));
        let calls: Vec<_> = chosen
            .flat_map(|(_, func)| vec![*func; 8])
            .map(|func| (func, sides(&mut random, &running, func)))
            .collect();
        assert_eq!(calls.len(), 24);
        let mut after_warming = 0;
        for round in 0..times / 24 {
            for (func, (args, gives)) in &calls {
                running.call(*func, args, gives.clone());
            }
            // What is freed is found again only when it has been freed once.
            if round == 10 {
                after_warming = running.store.data().largest;
            }
        }
        assert_eq!(running.store.data().largest, after_warming, "{profile:?}");
    }
}
