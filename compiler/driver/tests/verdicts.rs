//! Small programs, right and wrong, rule by rule: what the checker must take and what it must refuse.
//!
//! Each file in `verdicts` belongs to chapters of the specification, and its expectations are made by hand from their
//! rules. An entry is `=== NAME | VERDICT` and the program. The verdict is `ok`, or the errors as `CODE@LINE`, and the
//! compiler must tell these and no others.

mod support;

use dot_diagnostics::render::Colour;
use support::Checker;

fn judge_all(file: &str) {
    let mut checker = Checker::new();
    let entries: Vec<&str> = file.split("\n=== ").skip(1).collect();
    assert!(entries.len() > 30, "only {} programs", entries.len());
    let wrong: Vec<String> = entries.iter().filter_map(|entry| judge(&mut checker, entry).err()).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), entries.len(), wrong.join("\n"));
}

fn judge(checker: &mut Checker, entry: &str) -> Result<(), String> {
    let (head, program) = entry.split_once('\n').ok_or("an entry without a program")?;
    let (name, verdict) = head.split_once(" | ").ok_or_else(|| format!("{head}: no verdict"))?;
    let report = checker.check(program);
    let errors = report.diagnostics().iter().filter(|told| told.is_error());
    let mut told: Vec<String> = errors
        .map(|told| {
            let line =
                report.sources().position(told.primary.span.anchor, told.primary.span.range.start).line;
            format!("{}@{line}", told.code)
        })
        .collect();
    let mut expected: Vec<&str> = verdict.split_whitespace().filter(|word| *word != "ok").collect();
    told.sort();
    expected.sort_unstable();
    if told == expected {
        Ok(())
    } else {
        Err(format!("{name}: {verdict} is expected\n{}", report.render(Colour::Never)))
    }
}

#[test]
fn of_types() {
    judge_all(include_str!("verdicts/types.txt"));
}

#[test]
fn of_values() {
    judge_all(include_str!("verdicts/values.txt"));
}

#[test]
fn of_patterns_and_generics() {
    judge_all(include_str!("verdicts/patterns.txt"));
}

#[test]
fn of_functions_effects_and_handles() {
    judge_all(include_str!("verdicts/functions.txt"));
}

#[test]
fn where_rules_meet() {
    judge_all(include_str!("verdicts/mixed.txt"));
}
