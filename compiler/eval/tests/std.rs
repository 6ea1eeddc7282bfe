//! The standard library has no mistake, and its tests pass.

use dot_db::Item;
use dot_db::{Database, Diagnostic, Origin, PackageTexts, Project, modules_of, new_project, resolve};
use dot_eval::float_text::float_text;
use dot_eval::{Limits, Queries};
use dot_eval::{Value, call, call_inout};
use dot_syntax::ItemKind;
use dot_types::{FloatKind, IntKind, Ty, TyKind};
use proptest::prelude::{Strategy, any, prop_assert_eq, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use std::fmt::Write as _;

/// A project whose root is the examples of std's docs, as somebody else's modules.
fn project(db: &Database) -> Project {
    let examples: Vec<(&str, String)> = dot_stdlib::MODULES
        .iter()
        .filter_map(|(path, text)| Some((*path, dot_syntax::example_module(text, &format!("std/{path}"))?)))
        .collect();
    let examples: Vec<(&str, &str)> = examples.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let root = PackageTexts::new("local:examples", Origin::User, &examples);
    let std = PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES);
    new_project(db, &root, &std.with_wit(dot_stdlib::WIT))
}

fn told(db: &Database, diagnostic: &Diagnostic<'_>) -> String {
    let span = &diagnostic.primary.span;
    let place = resolve(db, *span).map_or(String::new(), |(file, range)| {
        let at = dot_db::line_index(db, file).line_column(range.start);
        format!("{}:{}:{}", file.path(db), at.line + 1, at.column + 1)
    });
    let mut text = format!("{place}: {}", diagnostic.title);
    for note in &diagnostic.notes {
        let _ = write!(text, "\n    {note}");
    }
    text
}

#[test]
fn the_modules_are_sorted() {
    assert!(dot_stdlib::MODULES.is_sorted_by(|a, b| a.0 < b.0));
}

#[test]
fn std_has_no_mistake() {
    let db = Database::default();
    let project = project(&db);
    let std = dot_types::package_diagnostics(&db, project.std(&db));
    let examples = dot_types::package_diagnostics(&db, project.root(&db));
    let all = std.iter().chain(examples.iter().filter(|diagnostic| diagnostic.is_error()));
    let told: Vec<String> = all.map(|diagnostic| told(&db, diagnostic)).collect();
    assert!(told.is_empty(), "{} mistakes\n{}", told.len(), told.join("\n"));
}

/// What a program doesn't use costs it nothing: of std, hello takes the prelude apart and reads none of its bodies.
#[test]
fn checking_hello_reads_next_to_nothing_of_std() {
    let db = Database::default();
    let hello = "dot hello(name: string) -> string { \"Hello, {name}!\" }";
    let root = PackageTexts::new("local:hello", Origin::User, &[("hello", hello)]);
    let project = new_project(&db, &root, &PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES));
    db.events().start();
    assert!(dot_types::package_diagnostics(&db, project.root(&db)).is_empty());
    let events = db.events().take();
    let count = |query: &str| events.iter().filter(|event| event.starts_with(query)).count();
    let prelude = dot_hir::prelude(&db).map_or(0, |prelude| dot_hir::items_of(&db, prelude).len());
    assert_eq!(count("file_chunks"), 2, "{events:?}");
    assert_eq!(count("lowered_body"), 1, "{events:?}");
    assert!(count("item_tree") <= prelude + 1, "{events:?}");
}

/// What people use has an example, but for the runtime and what only std calls.
#[test]
fn each_public_item_has_an_example() {
    let db = Database::default();
    let std = project(&db).std(&db);
    let mut without = Vec::new();
    for module in modules_of(&db, std) {
        if INSIDE.contains(&module.path(&db).as_str()) {
            continue;
        }
        for item in dot_hir::items_of(&db, *module) {
            // What glue calls is public for its sake.
            let for_glue = module.path(&db) == "encoding"
                && ["push_", "read_"].iter().any(|start| item.name(&db).starts_with(start));
            let is_function = item.kind(&db) == ItemKind::Fn && !for_glue;
            if is_function && dot_hir::is_public(&db, *item) && !item.text(&db).contains("/// ```dot\n") {
                without.push(format!("{}: {}.{}", module.path(&db), item.owner(&db), item.name(&db)));
            }
        }
    }
    assert!(without.is_empty(), "{} without an example\n{}", without.len(), without.join("\n"));
}

/// The book's page has each module that is for people.
#[test]
fn the_page_has_all_modules() {
    let page = include_str!("../../../docs/stdlib.md");
    let modules = dot_stdlib::MODULES.iter().map(|(path, _)| *path).filter(|path| !INSIDE.contains(path));
    let missing: Vec<&str> = modules.filter(|path| !page.contains(&format!("`{path}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Modules that aren't for people.
const INSIDE: [&str; 17] = [
    "big",
    "constraint",
    "fmt",
    "grisu",
    "json_lex",
    "json_typed",
    "list_impl",
    "map_impl",
    "mem",
    "raw",
    "regex_parse",
    "rt",
    "rt_arena",
    "rt_float",
    "shape",
    "trig",
    "unicode_data",
];

#[test]
fn the_tests_and_examples_of_std_pass() {
    let db = Database::default();
    let project = project(&db);
    let mut failures = String::new();
    let mut passed = 0;
    let modules = modules_of(&db, project.std(&db)).iter().chain(modules_of(&db, project.root(&db)));
    for module in modules {
        for item in dot_hir::items_of(&db, *module).iter().filter(|item| item.kind(&db) == ItemKind::Test) {
            let began = std::time::Instant::now();
            match run_cases(&db, *item) {
                Ok(()) => passed += 1,
                Err((args, failure)) => {
                    let args: Vec<String> = args.iter().map(|arg| format!("{arg:?}")).collect();
                    let args = args.join(", ");
                    let _ =
                        writeln!(failures, "{}: {} ({args}): {failure}", module.path(&db), item.name(&db));
                    for (item, expr) in failure.trace.iter().take(8) {
                        let map = dot_types::thir_source_map(&db, *item);
                        let range = map.and_then(|map| map.exprs.get(expr.0 as usize).copied());
                        let text = range.map_or("", |range| range.slice(item.text(&db)));
                        let _ = writeln!(failures, "    in {}: {text}", item.name(&db));
                    }
                }
            }
            if began.elapsed().as_secs() >= 5 {
                eprintln!("{}: {} took {:?}", module.path(&db), item.name(&db), began.elapsed());
            }
        }
    }
    assert!(failures.is_empty(), "{passed} passed\n{failures}");
    assert!(passed >= 200, "only {passed} tests ran");
}

type Failed<'db> = (Vec<Value<'db>>, dot_eval::Failure<'db>);

/// Runs a test; a property with a few arguments of each of its parameters' types.
fn run_cases<'db>(db: &'db Database, test: Item<'db>) -> Result<(), Failed<'db>> {
    let params = &dot_types::fn_signature(db, test).params;
    let mut seed = 1;
    for size in 0..if params.is_empty() { 1 } else { 8 } {
        let args: Vec<Value<'db>> = params.iter().map(|param| made(db, param.ty, size, &mut seed)).collect();
        call(&Queries(db), test, &[], args.clone(), Limits::PROGRAM).map_err(|failure| (args, failure))?;
    }
    Ok(())
}

/// A value of a type: of size 0 the least, then what a simple generator gives.
fn made<'db>(db: &'db Database, ty: Ty<'db>, size: u64, seed: &mut u64) -> Value<'db> {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let bits = if size == 0 { 0 } else { *seed >> 16 ^ *seed << 40 };
    match ty.kind(db) {
        TyKind::Bool => Value::Bool(bits & 1 == 1),
        TyKind::Int(kind) => Value::int(match kind {
            IntKind::U8 => i128::from(bits as u8),
            IntKind::U16 => i128::from(bits as u16),
            IntKind::U32 => i128::from(bits as u32),
            IntKind::U64 => i128::from(bits),
            IntKind::S8 => i128::from(bits as i8),
            IntKind::S16 => i128::from(bits as i16),
            IntKind::S32 => i128::from(bits as i32),
            IntKind::S64 => i128::from(bits as i64),
        }),
        TyKind::Float(_) => Value::Float(f64::from(bits as u32 as f32) / 16.0),
        TyKind::Char => Value::Char(char::from_u32(bits as u32 % 0x2_0000).unwrap_or('x')),
        TyKind::String => {
            let chars = (0..bits % (size * 3 + 1)).map(|at| {
                let code = (bits >> (at % 40)) as u32;
                char::from_u32(if code & 64 == 0 { code % 128 } else { code % 0x2_0000 }).unwrap_or('x')
            });
            Value::string(chars.collect::<String>())
        }
        TyKind::List(item) => {
            Value::list((0..bits % (size * 4 + 1)).map(|_| made(db, *item, size, seed)).collect())
        }
        TyKind::Option(item) if bits & 1 == 1 => Value::some(made(db, *item, size, seed)),
        TyKind::Option(_) => Value::option(None),
        TyKind::Tuple(parts) => Value::tuple(parts.iter().map(|part| made(db, *part, size, seed)).collect()),
        other => panic!("no values of {other:?} are made yet"),
    }
}

/// The function of a module of std.
fn function<'db>(db: &'db Database, module: &str, owner: &str, name: &str) -> Item<'db> {
    let std = Project::get(db).std(db);
    let modules = modules_of(db, std);
    let module = modules.iter().find(|found| found.path(db) == module).expect("a module of std");
    let fits = |item: &&Item<'db>| item.owner(db) == owner && item.name(db) == name;
    *dot_hir::items_of(db, *module).iter().find(fits).expect("a function of that module")
}

fn printed<'db>(db: &'db Database, push: Item<'db>, value: f64) -> String {
    let args = vec![Value::string(""), Value::Float(value)];
    let (_, args) = call_inout(&Queries(db), push, &[], args, Limits::PROGRAM).expect("a text");
    args[0].as_str().unwrap_or_default().to_owned()
}

fn parsed<'db>(db: &'db Database, parse: Item<'db>, text: &str) -> Option<f64> {
    let found =
        call(&Queries(db), parse, &[], vec![Value::string(text)], Limits::PROGRAM).expect("an option");
    match found.as_case() {
        Some((1, [Value::Float(value)])) => Some(*value),
        _ => None,
    }
}

/// Floats of all sizes: any bits, small whole numbers, powers of two, few digits.
fn floats() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        (-1_000_000_i64..1_000_000).prop_map(|n| n as f64),
        (-1074_i32..1024).prop_map(|n| 2_f64.powi(n)),
        (any::<i32>(), -30_i32..30).prop_map(|(n, e)| f64::from(n) * 10_f64.powi(e)),
    ]
}

/// Std prints and reads floats by algorithms of its own; Rust's are the reference.
#[test]
fn std_prints_and_reads_floats_as_rust_does() {
    let db = Database::default();
    project(&db);
    let push_f64 = function(&db, "fmt", "", "push_f64");
    let push_f32 = function(&db, "fmt", "", "push_f32");
    let parse_f64 = function(&db, "float", "f64", "parse");
    let parse_f32 = function(&db, "float", "f32", "parse");
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&(floats(), 0_u32..25), |(value, digits)| {
        let narrow = f64::from(value as f32);
        prop_assert_eq!(printed(&db, push_f64, value), float_text(value, FloatKind::F64));
        prop_assert_eq!(printed(&db, push_f32, narrow), float_text(narrow, FloatKind::F32));
        // The shortest text, one that is cut, and one that says every digit.
        for text in [format!("{value:?}"), format!("{value:.*e}", digits as usize), format!("{value:.1100}")]
        {
            let text = text.replace("NaN", "nan");
            let (wide, single) = (text.parse::<f64>().ok(), text.parse::<f32>().ok());
            prop_assert_eq!(parsed(&db, parse_f64, &text).map(canonical), wide.map(canonical), "{}", text);
            let single = single.map(|value| canonical(value.into()));
            prop_assert_eq!(parsed(&db, parse_f32, &text).map(canonical), single, "{}", text);
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

fn canonical(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}
