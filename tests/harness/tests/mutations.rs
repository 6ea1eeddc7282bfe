//! The list of seeded mutations can't rot.

use dot_tests::mutants::{all, apply, by_file};
use std::collections::BTreeSet;

/// Each text stands in its file exactly once.
#[test]
fn every_mutation_applies() {
    let all = all();
    assert!(all.len() >= 70, "only {} mutations", all.len());
    let names: BTreeSet<&str> = all.iter().map(|mutation| mutation.name.as_str()).collect();
    assert_eq!(names.len(), all.len(), "two mutations have one name");
    let mut wrong = Vec::new();
    for (file, mutations) in by_file(&all) {
        let text = dot_tests::read(&dot_tests::root().join(file));
        wrong.extend(apply(&text, &mutations).err().into_iter().flatten());
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Every crate that a program passes through has some.
#[test]
fn mutations_are_spread_over_the_compiler() {
    let all = all();
    for room in ["syntax", "hir", "types", "eval", "mir", "codegen", "component", "driver"] {
        let count = all.iter().filter(|m| m.file.starts_with(&format!("compiler/{room}/src/"))).count();
        assert!(count >= 2, "compiler/{room} has {count}");
    }
}
