//! Whether a case holds: what the compiler tells and what the engines do, against what the case expects.
//!
//! Engines come through a trait, so that this file knows nothing of how a program is compiled or run.

use crate::case::{Call, Case, Expectation, Told};
use std::collections::BTreeSet;

/// How a call or a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It gave a value, printed as `dot run` prints it.
    Value(String),
    /// It trapped, or failed for want of a resource; the kind.
    Trap(String),
    /// The engine itself found something wrong: a leak, a double free, an internal error.
    Fault(String),
}

/// Something that runs a compiled program.
pub trait Engine {
    /// Its name in messages.
    fn name(&self) -> &str;
    /// Calls a dot.
    fn call(&mut self, call: &Call) -> Outcome;
    /// Runs every `test` item: name and outcome.
    fn tests(&mut self) -> Vec<(String, Outcome)>;
}

/// What a compiler said about a program.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Its errors.
    pub errors: Vec<Told>,
    /// Its warnings.
    pub lints: Vec<Told>,
    /// The package's interface in WIT.
    pub wit: String,
}

const NOT_YET: &str = "not-yet";

/// Everything in which a case does not hold. `engines` is asked for only when the program compiled.
pub fn judge(case: &Case, verdict: &Verdict, engines: impl FnOnce() -> Vec<Box<dyn Engine>>) -> Vec<String> {
    if case.is_not_yet() {
        return judge_not_yet(verdict);
    }
    let mut wrong = judge_diagnostics(case, verdict);
    if verdict.errors.is_empty() {
        wrong.extend(judge_wit(case, &verdict.wit));
        for engine in &mut engines() {
            wrong.extend(judge_runs(case, engine.as_mut()));
        }
    }
    wrong
}

/// The texts that the interface has to have, wherever they stand in it; a line break is a space.
fn judge_wit(case: &Case, wit: &str) -> Vec<String> {
    let wanted = case.expectations.iter().filter_map(|expectation| match expectation {
        Expectation::Wit(line) => Some(line),
        _ => None,
    });
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let whole = plain(wit);
    wanted
        .filter(|text| !whole.contains(&plain(text)))
        .map(|line| format!("not in its WIT: {line}\n{wit}"))
        .collect()
}

fn judge_not_yet(verdict: &Verdict) -> Vec<String> {
    if verdict.errors.is_empty() {
        return vec!["it compiles now: take `not-yet` away".to_owned()];
    }
    let others = verdict.errors.iter().filter(|told| told.code != NOT_YET);
    others.map(|told| format!("not-yet is expected, and the compiler tells {told}")).collect()
}

/// Whether something told is what a case expects: the column counts only where the case says it.
fn fits(expected: &Told, told: &Told) -> bool {
    let column = expected.column.is_none_or(|column| told.column == Some(column));
    column && (&expected.file, expected.line, &expected.code) == (&told.file, told.line, &told.code)
}

fn judge_diagnostics(case: &Case, verdict: &Verdict) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut unclaimed: BTreeSet<usize> = (0..verdict.errors.len()).collect();
    for expectation in &case.expectations {
        match expectation {
            Expectation::Error(expected) => {
                let claimed = unclaimed.iter().copied().find(|at| fits(expected, &verdict.errors[*at]));
                match claimed {
                    Some(at) => drop(unclaimed.remove(&at)),
                    None => wrong.push(format!("not told: {expected}")),
                }
            }
            Expectation::Lint(expected) if !verdict.lints.iter().any(|told| fits(expected, told)) => {
                wrong.push(format!("not told: {expected}"));
            }
            _ => {}
        }
    }
    wrong.extend(unclaimed.into_iter().map(|at| format!("told without need: {}", verdict.errors[at])));
    wrong
}

fn judge_runs(case: &Case, engine: &mut dyn Engine) -> Vec<String> {
    let mut wrong = Vec::new();
    for expectation in &case.expectations {
        let (call, expected) = match expectation {
            Expectation::Run(call, printed) => (call, Outcome::Value(printed.clone())),
            Expectation::Trap(call, kind) => (call, Outcome::Trap(kind.clone())),
            Expectation::Test => {
                wrong.extend(judge_tests(engine));
                continue;
            }
            _ => continue,
        };
        let outcome = engine.call(call);
        if outcome != expected {
            wrong.push(format!("{}: {call} => {expected:?} is expected, not {outcome:?}", engine.name()));
        }
    }
    wrong
}

fn judge_tests(engine: &mut dyn Engine) -> Vec<String> {
    let outcomes = engine.tests();
    if outcomes.is_empty() {
        return vec![format!("{}: the file has no test", engine.name())];
    }
    let passed = Outcome::Value(String::new());
    let failed = outcomes.iter().filter(|(_, outcome)| *outcome != passed);
    failed.map(|(name, outcome)| format!("{}: test {name:?}: {outcome:?}", engine.name())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// An engine that says what it is told to say.
    struct Parrot(Outcome, Vec<(String, Outcome)>);

    impl Engine for Parrot {
        fn name(&self) -> &str {
            "parrot"
        }

        fn call(&mut self, _: &Call) -> Outcome {
            self.0.clone()
        }

        fn tests(&mut self) -> Vec<(String, Outcome)> {
            self.1.clone()
        }
    }

    fn case(headers: &str) -> Case {
        let text = format!("//@ rule: a.b\n{headers}");
        crate::case::parse(Path::new("x.dot"), "x", &[(String::new(), text)]).expect("well-formed")
    }

    fn told(code: &str, line: usize, column: usize) -> Told {
        Told { file: String::new(), line, column: Some(column), code: code.to_owned() }
    }

    fn says(outcome: Outcome) -> Vec<Box<dyn Engine>> {
        vec![Box::new(Parrot(outcome, Vec::new()))]
    }

    #[test]
    fn what_is_expected_holds() {
        let value = |text: &str| Outcome::Value(text.to_owned());
        let run = case("//@ run: f 1 => 2\n");
        assert!(judge(&run, &Verdict::default(), || says(value("2"))).is_empty());
        assert_eq!(judge(&run, &Verdict::default(), || says(value("3"))).len(), 1);
        assert_eq!(judge(&run, &Verdict::default(), || says(Outcome::Trap("index".to_owned()))).len(), 1);
        assert_eq!(judge(&run, &Verdict::default(), || says(Outcome::Fault("leak".to_owned()))).len(), 1);
        let trap = case("//@ trap: f 1 => index\n");
        assert!(judge(&trap, &Verdict::default(), || says(Outcome::Trap("index".to_owned()))).is_empty());
        assert_eq!(judge(&trap, &Verdict::default(), || says(Outcome::Trap("key".to_owned()))).len(), 1);
    }

    #[test]
    fn errors_are_exactly_the_expected_ones() {
        let wrong = case("//@ error: unknown-name at 3:5\n//@ error: unknown-name at 4\n");
        let of = |errors: &[Told]| Verdict { errors: errors.to_vec(), ..Verdict::default() };
        let (a, b) = (told("unknown-name", 3, 5), told("unknown-name", 4, 9));
        assert!(judge(&wrong, &of(&[a.clone(), b.clone()]), Vec::new).is_empty());
        assert_eq!(judge(&wrong, &of(std::slice::from_ref(&a)), Vec::new), ["not told: unknown-name at 4"]);
        let spare = judge(&wrong, &of(&[a, b.clone(), b]), Vec::new);
        assert_eq!(spare, ["told without need: unknown-name at 4:9"]);
        let moved = judge(&wrong, &of(&[told("unknown-name", 3, 6), told("unknown-name", 4, 1)]), Vec::new);
        assert_eq!(moved.len(), 2, "{moved:?}");
    }

    #[test]
    fn a_program_with_errors_never_runs() {
        let run = case("//@ run: f => 1\n");
        let verdict = Verdict { errors: vec![told("unknown-name", 1, 1)], ..Verdict::default() };
        let complaints = judge(&run, &verdict, || panic!("it did not compile"));
        assert_eq!(complaints, ["told without need: unknown-name at 1:1"]);
    }

    #[test]
    fn not_yet_is_all_or_nothing() {
        let later = case("//@ not-yet\n//@ run: f => 1\n");
        let of = |code: &str| Verdict { errors: vec![told(code, 1, 1)], ..Verdict::default() };
        assert!(judge(&later, &of("not-yet"), Vec::new).is_empty());
        assert_eq!(judge(&later, &of("unknown-name"), Vec::new).len(), 1);
        assert_eq!(judge(&later, &Verdict::default(), Vec::new).len(), 1, "it compiles");
    }

    #[test]
    fn the_interface_has_the_lines() {
        let shown = case("//@ wit: f: func() -> u32;\n");
        let of = |wit: &str| Verdict { wit: wit.to_owned(), ..Verdict::default() };
        assert!(judge(&shown, &of("interface x {\n  f: func() -> u32;\n}"), Vec::new).is_empty());
        assert_eq!(judge(&shown, &of("interface x {\n  f: func() -> u64;\n}"), Vec::new).len(), 1);
    }

    #[test]
    fn lints_and_tests() {
        let lint = case("//@ lint: unused-use at 2\n//@ run: f => 1\n");
        let one = || says(Outcome::Value("1".to_owned()));
        assert_eq!(judge(&lint, &Verdict::default(), one), ["not told: unused-use at 2"]);
        let verdict = Verdict { lints: vec![told("unused-use", 2, 1)], ..Verdict::default() };
        assert!(judge(&lint, &verdict, one).is_empty());

        let test = case("//@ test\n");
        let ended = |outcome: Outcome| -> Vec<Box<dyn Engine>> {
            vec![Box::new(Parrot(Outcome::Fault(String::new()), vec![("t".to_owned(), outcome)]))]
        };
        let default = Verdict::default();
        assert!(judge(&test, &default, || ended(Outcome::Value(String::new()))).is_empty());
        assert_eq!(judge(&test, &default, || ended(Outcome::Trap("assert".to_owned()))).len(), 1);
        assert_eq!(judge(&test, &default, || says(Outcome::Value(String::new()))).len(), 1, "no test in it");
    }
}
