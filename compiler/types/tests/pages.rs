//! The examples on the pages of this layer's codes: the wrong one is told with its code, the right one is fine.

mod support;

use dot_diagnostics::{ALL_CODES, CodeEntry};
use support::{told, told_fully};

fn example(page: &str, kind: &str) -> String {
    let (_, rest) = page.split_once(&format!("```dot,{kind}\n")).expect("the page has an example");
    rest.split_once("\n```").expect("the example ends").0.to_owned()
}

/// The codes from the first of this layer on.
fn codes() -> impl Iterator<Item = &'static CodeEntry> {
    ALL_CODES.iter().skip_while(|entry| entry.code.as_str() != "type-mismatch")
}

#[test]
fn wrong_examples_are_wrong_as_they_say() {
    assert!(codes().count() > 40);
    let mut failures = Vec::new();
    for entry in codes() {
        let code = entry.code.as_str();
        let all = told(&example(entry.page, "wrong"));
        if !all.iter().any(|one| one.split(':').next() == Some(code)) {
            failures.push(format!("{code}: {:?}", told_fully(&example(entry.page, "wrong"))));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn right_examples_are_fine() {
    let mut failures = Vec::new();
    for entry in codes() {
        let all = told_fully(&example(entry.page, "right"));
        if !all.is_empty() {
            failures.push(format!("{}: {all:?}", entry.code));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
