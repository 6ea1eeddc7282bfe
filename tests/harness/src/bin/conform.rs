//! The conformance suite's account of itself: cases by chapter, those marked `not-yet`, rules without a case.
//!
//! `--rules` counts the cases of each rule. `--run [ENGINE,…] [NAME]` judges the cases whose names contain NAME and
//! says of each that fails why.

use dot_tests::engines::{self, Which};
use dot_tests::judge::judge;
use dot_tests::{case, spec};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
struct Count {
    cases: usize,
    wrong: usize,
    not_yet: usize,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "--run") {
        // Deep programs must not depend on the size of the main thread's stack.
        let run = std::thread::Builder::new().stack_size(64 << 20).spawn(move || run(&words[1..]));
        let failed = run.ok().and_then(|thread| thread.join().ok()).unwrap_or(1);
        std::process::exit(i32::from(failed > 0));
    }
    count();
}

/// Judges cases and gives the number of those that fail.
fn run(words: &[String]) -> usize {
    let named = |which: &&Which| {
        words.first().is_none_or(|list| list.split(',').any(|name| name == which.name() || name == "all"))
    };
    let wanted: Vec<Which> = Which::ALL.iter().filter(named).copied().collect();
    let filter = words.get(1).map(String::as_str).unwrap_or_default();
    let cases: Vec<_> = case::all().0.into_iter().filter(|case| case.name().contains(filter)).collect();
    let mut failed = 0;
    for case in &cases {
        let complaints = match engines::open(&case.path) {
            Ok(session) => {
                let verdict = engines::verdict(case, &session);
                judge(case, &verdict, || engines::engines(&session, &wanted))
            }
            Err(why) => vec![why],
        };
        if !complaints.is_empty() {
            failed += 1;
            println!("{}\n  {}", case.name(), complaints.join("\n  "));
        }
    }
    println!("{} cases, {failed} failed", cases.len());
    failed
}

fn count() {
    let (cases, malformed) = case::all();
    let mut chapters: BTreeMap<String, Count> = BTreeMap::new();
    let mut by_rule: BTreeMap<String, usize> = BTreeMap::new();
    for case in &cases {
        let count = chapters.entry(case.chapter.clone()).or_default();
        count.cases += 1;
        count.wrong += usize::from(case.is_wrong());
        count.not_yet += usize::from(case.is_not_yet());
        for rule in &case.rules {
            *by_rule.entry(rule.clone()).or_default() += 1;
        }
    }
    println!("{:<14}{:>7}{:>13}{:>10}", "chapter", "cases", "with errors", "not-yet");
    for (chapter, count) in &chapters {
        println!("{chapter:<14}{:>7}{:>13}{:>10}", count.cases, count.wrong, count.not_yet);
    }
    let total = |of: fn(&Count) -> usize| chapters.values().map(of).sum::<usize>();
    println!(
        "{:<14}{:>7}{:>13}{:>10}",
        "in all",
        total(|c| c.cases),
        total(|c| c.wrong),
        total(|c| c.not_yet)
    );

    let named: BTreeSet<String> = spec::named_by_tests().into_keys().collect();
    let rules = spec::rules();
    let covered = rules.iter().filter(|rule| by_rule.contains_key(&rule.id) || named.contains(&rule.id));
    println!("\n{} of {} rules have a case or a test", covered.count(), rules.len());
    if std::env::args().any(|argument| argument == "--rules") {
        for rule in &rules {
            let cases = by_rule.get(&rule.id).copied().unwrap_or_default();
            let test = if named.contains(&rule.id) { " and a test" } else { "" };
            println!("{:>4}{test}  {}", cases, rule.id);
        }
    }
    for line in &malformed {
        println!("malformed: {line}");
    }
}
