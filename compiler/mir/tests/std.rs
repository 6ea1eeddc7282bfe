//! The standard library's own tests pass in the interpreter, debug and release, without a leak.

mod support;

use dot_db::{Database, Origin, PackageTexts, Project, module_named, new_project};
use dot_hir::items_of;
use dot_mir::ir::{Instance, InstanceKind};
use dot_mir::{Level, interp};
use dot_syntax::ItemKind;

fn std_project() -> Database {
    let db = Database::default();
    let root = PackageTexts::new("acme:geo", Origin::User, &[("main", "")]);
    new_project(&db, &root, &PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES));
    db
}

#[test]
fn the_tests_of_std_pass() {
    let db = std_project();
    let (mut ran, mut failures) = (0, Vec::new());
    for (path, _) in dot_stdlib::MODULES {
        let module = module_named(&db, Project::get(&db).std(&db), path).expect("a module of std");
        for item in items_of(&db, module).iter().filter(|item| item.kind(&db) == ItemKind::Test) {
            let instance = Instance::new(&db, InstanceKind::Item(*item), Vec::new());
            for level in [Level::Debug, Level::Release] {
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
