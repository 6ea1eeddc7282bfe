//! Seeded mutations: small mistakes put into the compiler one at a time, to see whether the conformance suite notices.
//!
//! A mutation names a file, a piece of its text, an expression or statements, and what stands there instead. Building the
//! compiler once per mutation would take hours, so all of them go into one copy of the tree, each behind a switch:
//! `find` becomes `(if mutant_is_on("name") { replace } else { find })`. The copy is built once, and the suite runs on it
//! once per mutation, with the mutation's name in the environment variable [`SWITCH`].
//!
//! `tests/mutations/README.md` tells the format of the list and keeps the last result.

mod run;
mod table;
mod tree;

pub use run::{Fate, run};
pub use table::{keep, kept};

use std::collections::BTreeMap;
use std::path::PathBuf;
use toml::{Table, Value};

/// The environment variable that says which mutation is on.
pub const SWITCH: &str = "DOT_MUTANT";

/// A mistake to be put into the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutation {
    /// Its name, unique in the list.
    pub name: String,
    /// The file, below the repository's root.
    pub file: String,
    /// An expression or statements of the file, which stand there exactly once.
    pub find: String,
    /// What stands there instead.
    pub replace: String,
    /// What it breaks.
    pub breaks: String,
}

/// The folder of the list.
#[must_use]
pub fn folder() -> PathBuf {
    crate::root().join("tests/mutations")
}

/// The list, file by file.
///
/// # Panics
///
/// When a file of the list is malformed.
#[must_use]
pub fn all() -> Vec<Mutation> {
    let mut all = Vec::new();
    for path in crate::files(&folder(), "toml") {
        let table: Table = crate::read(&path).parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for entry in table.get("mutation").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| {
                let text = entry.get(key).and_then(Value::as_str).map(str::to_owned);
                text.unwrap_or_else(|| panic!("{}: a mutation has no `{key}`: {entry:?}", path.display()))
            };
            all.push(Mutation {
                name: text("name"),
                file: text("file"),
                find: text("find"),
                replace: text("replace"),
                breaks: text("breaks"),
            });
        }
    }
    all
}

/// The mutations by file.
#[must_use]
pub fn by_file(all: &[Mutation]) -> BTreeMap<&str, Vec<&Mutation>> {
    let mut files: BTreeMap<&str, Vec<&Mutation>> = BTreeMap::new();
    for mutation in all {
        files.entry(&mutation.file).or_default().push(mutation);
    }
    files
}

/// A file's text with these mutations in it, each behind its switch.
///
/// # Errors
///
/// A line for each mutation whose text doesn't stand in the file exactly once.
pub fn apply(text: &str, mutations: &[&Mutation]) -> Result<String, Vec<String>> {
    let (mut places, mut wrong) = (Vec::new(), Vec::new());
    for mutation in mutations {
        let mut found = text.match_indices(mutation.find.as_str());
        match (found.next(), found.next()) {
            (Some((at, _)), None) => places.push((at, *mutation)),
            (None, _) => wrong.push(format!("{}: {} has no such text", mutation.name, mutation.file)),
            (Some(_), Some(_)) => {
                wrong.push(format!("{}: {} has its text more than once", mutation.name, mutation.file));
            }
        }
    }
    places.sort_by_key(|(at, _)| *at);
    let overlap = |pair: &[(usize, &Mutation)]| pair[0].0 + pair[0].1.find.len() > pair[1].0;
    for pair in places.windows(2).filter(|pair| overlap(pair)) {
        wrong.push(format!("{} and {} overlap", pair[0].1.name, pair[1].1.name));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut out = String::new();
    let mut from = 0;
    for (at, mutation) in places {
        out.push_str(&text[from..at]);
        out.push_str(&switched(mutation));
        from = at + mutation.find.len();
    }
    out.push_str(&text[from..]);
    out.push_str(CHOICE);
    Ok(out)
}

/// Either text, by the switch. Statements need no parentheses, and their `if` no value.
fn switched(mutation: &Mutation) -> String {
    let Mutation { name, find, replace, .. } = mutation;
    let choice = format!("if mutant_is_on({name:?}) {{ {replace} }} else {{ {find} }}");
    if find.trim_end().ends_with([';', '}']) { choice } else { format!("({choice})") }
}

/// What every mutated file ends with.
const CHOICE: &str = r#"
#[allow(missing_docs, reason = "the mutated copy only")]
fn mutant_is_on(name: &str) -> bool {
    static CHOSEN: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    CHOSEN.get_or_init(|| std::env::var("DOT_MUTANT").ok()).as_deref() == Some(name)
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    fn mutation(find: &str, replace: &str) -> Mutation {
        let text = |text: &str| text.to_owned();
        Mutation {
            name: text("m"),
            file: text("f.rs"),
            find: text(find),
            replace: text(replace),
            breaks: text("x"),
        }
    }

    #[test]
    fn a_mutation_is_switched_where_its_text_stands() {
        let text = "fn f(a: u32) -> bool { a < 3 }\n";
        let changed = apply(text, &[&mutation("a < 3", "a <= 3")]).expect("it applies");
        assert!(
            changed
                .starts_with("fn f(a: u32) -> bool { (if mutant_is_on(\"m\") { a <= 3 } else { a < 3 }) }\n"),
            "{changed}"
        );
        let statement = apply("fn f() { g(); h(); }", &[&mutation("g();", "")]).expect("it applies");
        assert!(
            statement.starts_with("fn f() { if mutant_is_on(\"m\") {  } else { g(); } h(); }"),
            "{statement}"
        );
    }

    #[test]
    fn a_text_that_is_gone_or_there_twice_is_told() {
        assert_eq!(apply("a b", &[&mutation("c", "")]), Err(vec!["m: f.rs has no such text".to_owned()]));
        assert_eq!(
            apply("a a", &[&mutation("a", "")]),
            Err(vec!["m: f.rs has its text more than once".to_owned()])
        );
    }
}
