//! The conformance suite's account of itself: cases by chapter, those marked `not-yet`, rules without a case.

use dot_tests::{case, spec};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
struct Count {
    cases: usize,
    wrong: usize,
    not_yet: usize,
}

fn main() {
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
