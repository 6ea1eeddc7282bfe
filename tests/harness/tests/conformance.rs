//! The conformance suite: every case on every engine.

use dot_tests::case::{self, Case};
use dot_tests::engines::{self, Which};
use dot_tests::judge::judge;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything in which a case does not hold.
fn complaints(case: &Case) -> Vec<String> {
    match engines::open(&case.path) {
        Ok(session) => {
            let verdict = engines::verdict(case, &session);
            judge(case, &verdict, || engines::engines(&session, &Which::ALL))
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

/// Judges every case, on as many threads as there are cores, each with a stack that deep programs don't exhaust.
fn judge_all() -> BTreeMap<String, Vec<String>> {
    let cases = Arc::new(case::all().0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let share = |first: usize| {
        let cases = Arc::clone(&cases);
        let judge = move || -> Vec<(String, Vec<String>)> {
            let share = cases.iter().skip(first).step_by(threads);
            share.map(|case| (case.name(), complaints(case))).collect()
        };
        std::thread::Builder::new().stack_size(64 << 20).spawn(judge).expect("a thread")
    };
    let running: Vec<_> = (0..threads).map(share).collect();
    running.into_iter().flat_map(|thread| thread.join().expect("no case makes a tool panic")).collect()
}

#[test]
fn every_case_holds() {
    let mut known = known();
    let mut wrong = Vec::new();
    for (name, complaints) in judge_all() {
        match (known.remove(&name), complaints.is_empty()) {
            (None, false) => wrong.push(format!("{name}\n  {}", complaints.join("\n  "))),
            (Some(_), true) => wrong.push(format!("{name} holds now: known-failures.txt lists it")),
            _ => {}
        }
    }
    wrong.extend(known.into_keys().map(|name| format!("{name} is no case: known-failures.txt lists it")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
