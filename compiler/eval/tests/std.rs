//! The standard library has no mistake, and its tests pass.

use dot_db::{Database, Diagnostic, Origin, PackageTexts, Project, modules_of, new_project, resolve};
use dot_eval::{Limits, Queries, run_test};
use dot_syntax::ItemKind;
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
