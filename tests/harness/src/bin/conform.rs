//! The conformance suite's account of itself: cases by chapter, those marked `not-yet`, rules without a case.
//!
//! `--rules` counts the cases of each rule. `--run [ENGINE,…] [NAME]` judges the cases whose names contain NAME and
//! says of each that fails why. `--stop` judges all of them and stops at the first that fails, whose name it prints
//! (`--stop compiled` leaves the interpreters out);
//! `--mutants [NAME…]` does that with each of the seeded mutations whose names begin so, and says which the suite kills.

use dot_tests::case::Case;
use dot_tests::engines::{Which, complaints};
use dot_tests::mutants::{self, Fate, Mutation};
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
    match words.first().map(String::as_str) {
        Some("--run") => on_a_large_stack(move || run(&words[1..]) == 0),
        Some("--stop") => {
            on_a_large_stack(move || holds(words.get(1).is_some_and(|word| word == "compiled")))
        }
        Some("--mutants") => std::process::exit(i32::from(!run_mutants(&words[1..]))),
        _ => count(),
    }
}

/// Ends the process by whether all went well. Deep programs must not depend on the size of the main thread's stack.
fn on_a_large_stack(run: impl FnOnce() -> bool + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(run);
    let well = thread.ok().and_then(|thread| thread.join().ok()).unwrap_or(false);
    std::process::exit(i32::from(!well));
}

/// Whether every case holds. The first that doesn't is printed; the interpreters, which are quicker, come first.
fn holds(compiled_only: bool) -> bool {
    let (cases, malformed) = case::all();
    if let Some(line) = malformed.first() {
        println!("malformed: {line}");
        return false;
    }
    let interpreted = [Which::Eval, Which::Mir];
    let compiled = [Which::Wasm, Which::Release];
    let passes: &[[Which; 2]] = if compiled_only { &[compiled] } else { &[interpreted, compiled] };
    let first = passes.iter().find_map(|wanted| {
        let runs = |case: &&Case| wanted[0] == Which::Eval || !case.is_wrong();
        cases.iter().filter(runs).find(|case| !complaints(case, wanted).is_empty())
    });
    if let Some(case) = first {
        println!("{}", case.name());
    }
    first.is_none()
}

/// The share of mutations that has to be killed, in percent.
const LEAST_KILLED: usize = 90;

/// Runs the suite on the compiler with one mutation after another; true when enough are killed. A run of all of them
/// is kept.
fn run_mutants(names: &[String]) -> bool {
    let all = mutants::all();
    let is_wanted =
        |mutation: &&Mutation| names.is_empty() || names.iter().any(|name| mutation.name.starts_with(name));
    let wanted: Vec<Mutation> = all.iter().filter(is_wanted).cloned().collect();
    println!("{} of {} mutations; the compiler is built with all of them", wanted.len(), all.len());
    let tell = |mutation: &Mutation, fate: &Fate| match fate {
        Fate::Killed(by) => println!("killed    {:<36} {by}", mutation.name),
        Fate::Survived => println!("SURVIVED  {:<36} {}", mutation.name, mutation.breaks),
    };
    let fates = match mutants::run(&all, &wanted, &tell) {
        Ok(fates) => fates,
        Err(why) => {
            eprintln!("{why}");
            return false;
        }
    };
    let killed = fates.iter().filter(|(_, fate)| *fate != Fate::Survived).count();
    println!("{killed} of {} killed", fates.len());
    if wanted.len() == all.len()
        && let Err(error) = mutants::keep(&fates)
    {
        eprintln!("the result can't be kept: {error}");
        return false;
    }
    killed * 100 >= fates.len() * LEAST_KILLED
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
        let complaints = complaints(case, &wanted);
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
    let kept = mutants::kept().unwrap_or_else(|| "no result is kept".to_owned());
    println!("{} seeded mutations of the compiler; at the last run {kept}", mutants::all().len());
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
