//! The conformance suite: every case on every engine.

use dot_tests::case::{self, Case};
use dot_tests::engines::{self, Which};
use dot_tests::judge::judge;
use std::collections::BTreeMap;

/// The engines that a change must agree on.
const ENGINES: &[Which] = &[Which::Eval];

/// Everything in which a case does not hold.
fn complaints(case: &Case) -> Vec<String> {
    match engines::open(&case.path) {
        Ok(session) => {
            let verdict = engines::verdict(case, &session);
            judge(case, &verdict, || engines::engines(&session, ENGINES))
        }
        Err(why) => vec![why],
    }
}

/// The cases that don't hold yet, with the reason.
fn known() -> BTreeMap<String, String> {
    let text = dot_tests::read(&case::suite().join("known-failures.txt"));
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let entry = |line: &str| {
        let (name, why) = line.split_once(": ").expect("a case and a reason");
        (name.to_owned(), why.to_owned())
    };
    lines.map(entry).collect()
}

/// Judges every case, on a stack that deep programs don't exhaust.
fn judge_all() -> Vec<String> {
    let mut known = known();
    let mut wrong = Vec::new();
    for case in case::all().0 {
        let complaints = complaints(&case);
        match (known.remove(&case.name()), complaints.is_empty()) {
            (None, false) => wrong.push(format!("{}\n  {}", case.name(), complaints.join("\n  "))),
            (Some(_), true) => wrong.push(format!("{} holds now: known-failures.txt lists it", case.name())),
            _ => {}
        }
    }
    wrong.extend(known.into_keys().map(|name| format!("{name} is no case: known-failures.txt lists it")));
    wrong
}

#[test]
fn every_case_holds() {
    let judged = std::thread::Builder::new().stack_size(64 << 20).spawn(judge_all).expect("a thread");
    let wrong = judged.join().expect("no case makes a tool panic");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
