//! The standard library has no mistake, and its tests pass.

use dot_db::Item;
use dot_db::{Database, Diagnostic, Origin, PackageTexts, Project, modules_of, new_project, resolve};
use dot_eval::float_text::float_text;
use dot_eval::{Limits, Queries, run_test};
use dot_eval::{Value, call, call_inout};
use dot_syntax::ItemKind;
use dot_types::FloatKind;
use proptest::prelude::{Strategy, any, prop_assert_eq, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use std::fmt::Write as _;

fn project(db: &Database) -> Project {
    let root = PackageTexts::new("local:nothing", Origin::User, &[("nothing", "")]);
    let std = PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES);
    new_project(db, &root, &std)
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
    let std = project(&db).std(&db);
    let diagnostics = dot_types::package_diagnostics(&db, std);
    let told: Vec<String> = diagnostics.iter().map(|diagnostic| told(&db, diagnostic)).collect();
    assert!(told.is_empty(), "{} mistakes\n{}", told.len(), told.join("\n"));
}

#[test]
fn the_tests_of_std_pass() {
    let db = Database::default();
    let std = project(&db).std(&db);
    let mut failures = String::new();
    let mut passed = 0;
    for module in modules_of(&db, std) {
        for item in dot_hir::items_of(&db, *module) {
            if item.kind(&db) != ItemKind::Test {
                continue;
            }
            match run_test(&Queries(&db), *item, Limits::PROGRAM) {
                Ok(()) => passed += 1,
                Err(failure) => {
                    let _ = writeln!(failures, "{}: {}: {failure}", module.path(&db), item.name(&db));
                    for (item, expr) in failure.trace.iter().take(8) {
                        let map = dot_types::thir_source_map(&db, *item);
                        let range = map.and_then(|map| map.exprs.get(expr.0 as usize).copied());
                        let text = range.map_or("", |range| range.slice(item.text(&db)));
                        let _ = writeln!(failures, "    in {}: {text}", item.name(&db));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{passed} passed\n{failures}");
    assert!(passed >= 30, "only {passed} tests ran");
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
