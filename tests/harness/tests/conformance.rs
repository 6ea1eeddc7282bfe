//! The conformance suite: every case on every engine.

use dot_tests::case;
use dot_tests::engines::{Which, complaints};
use std::sync::Arc;

/// Judges every case, on as many threads as there are cores, each with a stack that deep programs don't exhaust. Says of
/// each that doesn't hold why.
fn judge_all() -> Vec<String> {
    let cases = Arc::new(case::all().0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let share = |first: usize| {
        let cases = Arc::clone(&cases);
        let judge = move || -> Vec<String> {
            let share = cases.iter().skip(first).step_by(threads);
            let judged = share.map(|case| (case.name(), complaints(case, &Which::ALL)));
            let wrong = judged.filter(|(_, complaints)| !complaints.is_empty());
            wrong.map(|(name, complaints)| format!("{name}\n  {}", complaints.join("\n  "))).collect()
        };
        std::thread::Builder::new().stack_size(64 << 20).spawn(judge).expect("a thread")
    };
    let running: Vec<_> = (0..threads).map(share).collect();
    running.into_iter().flat_map(|thread| thread.join().expect("no case makes a tool panic")).collect()
}

#[test]
fn every_case_holds() {
    let wrong = judge_all();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
