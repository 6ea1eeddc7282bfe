//! The standard library's own tests, and the examples in its docs, pass in the interpreter, debug and release, without a
//! leak.

mod support;

use dot_db::{Database, Origin, PackageTexts, Project, modules_of, new_project};
use dot_hir::items_of;
use dot_mir::ir::{Instance, InstanceKind};
use dot_mir::{Level, interp};
use dot_syntax::ItemKind;

/// A project whose root is the examples.
fn std_project() -> Database {
    let db = Database::default();
    let examples: Vec<(&str, String)> = dot_stdlib::MODULES
        .iter()
        .filter_map(|(path, text)| Some((*path, dot_syntax::example_module(text, &format!("std/{path}"))?)))
        .collect();
    let examples: Vec<(&str, &str)> = examples.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let root = PackageTexts::new("local:examples", Origin::User, &examples);
    let std = PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES);
    new_project(&db, &root, &std.with_wit(dot_stdlib::WIT));
    db
}

#[test]
fn the_tests_and_examples_of_std_pass() {
    let db = std_project();
    let project = Project::get(&db);
    let (mut ran, mut failures) = (0, Vec::new());
    let modules = modules_of(&db, project.std(&db)).iter().chain(modules_of(&db, project.root(&db)));
    for module in modules {
        let path = module.path(&db);
        let tests = items_of(&db, *module).iter().filter(|item| item.kind(&db) == ItemKind::Test);
        // The evaluator's tests run properties.
        for item in tests.filter(|item| dot_types::fn_signature(&db, **item).params.is_empty()) {
            let instance = Instance::new(&db, InstanceKind::Item(*item), Vec::new());
            // An example says little that the tests don't.
            let is_example = module.package(&db) == project.root(&db);
            let levels = [Level::Debug, Level::Release];
            for level in levels.into_iter().skip(usize::from(is_example)) {
                ran += 1;
                let name = format!("{path}: {} at {level:?}", item.name(&db));
                let refused = dot_mir::instances(&db, &[instance], level).diagnostics;
                if !refused.is_empty() {
                    failures.push(format!("{name}: {refused:?}"));
                    continue;
                }
                let limits = dot_eval::Limits { fuel: 200_000_000, ..dot_eval::Limits::PROGRAM };
                if let Err(failure) = interp::call(&db, instance, Vec::new(), limits, level) {
                    failures.push(format!("{name}: {failure:?}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} of {ran}:\n{}", failures.len(), failures.join("\n"));
    assert!(ran > 0);
}
