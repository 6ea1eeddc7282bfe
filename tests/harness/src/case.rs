//! A conformance case: a Dot file whose first comments say what it shows.
//!
//! The format is told in `tests/conformance/README.md`, and the test at the end of this file reads
//! that page's example, so that the two can't part.

use serde_json::Value as Json;
use std::fmt;
use std::path::{Path, PathBuf};

/// A case.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The file, or the folder of a package.
    pub path: PathBuf,
    /// The chapter's folder.
    pub chapter: String,
    /// The rules that it tests.
    pub rules: Vec<String>,
    /// What is expected.
    pub expectations: Vec<Expectation>,
}

/// One expectation of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// A call and what it prints.
    Run(Call, String),
    /// A call and the kind of trap or resource failure that it ends with.
    Trap(Call, String),
    /// A diagnostic that is an error.
    Error(Told),
    /// A diagnostic that is a warning.
    Lint(Told),
    /// The compiler refuses the program with `not-yet`; the other expectations hold once it doesn't.
    NotYet,
    /// The file's `test` items pass.
    Test,
    /// A text that stands in the package's interface in WIT.
    Wit(String),
}

/// A call of a dot.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The dot's name in source.
    pub dot: String,
    /// The arguments, in the JSON form of values.
    pub args: Vec<Json>,
}

/// A diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    /// The file in a package; empty in a lone file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in bytes; none where the case doesn't say.
    pub column: Option<usize>,
    /// The code.
    pub code: String,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at ", self.code)?;
        if !self.file.is_empty() {
            write!(f, "{}:", self.file)?;
        }
        write!(f, "{}", self.line)?;
        self.column.map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.dot)?;
        self.args.iter().try_for_each(|arg| write!(f, " {arg}"))
    }
}

impl Case {
    /// Whether the compiler may refuse the case with `not-yet`.
    pub fn is_not_yet(&self) -> bool {
        self.expectations.contains(&Expectation::NotYet)
    }

    /// Whether the program has errors, so that nothing of it runs.
    pub fn is_wrong(&self) -> bool {
        self.expectations.iter().any(|e| matches!(e, Expectation::Error(_)))
    }

    /// The path below the suite, for messages.
    pub fn name(&self) -> String {
        let below = self.path.strip_prefix(suite()).unwrap_or(&self.path);
        below.to_string_lossy().into_owned()
    }
}

/// The folder of the suite.
pub fn suite() -> PathBuf {
    crate::root().join("tests/conformance")
}

/// Every case of the suite, by path. The errors are those of the format.
pub fn all() -> (Vec<Case>, Vec<String>) {
    let (mut cases, mut wrong) = (Vec::new(), Vec::new());
    for chapter in folders(&suite()) {
        let name = chapter.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for package in folders(&chapter) {
            let sources: Vec<(String, String)> = crate::files(&package, "dot")
                .iter()
                .map(|file| {
                    let below = file.strip_prefix(&package).unwrap_or(file);
                    (below.to_string_lossy().into_owned(), crate::read(file))
                })
                .collect();
            keep(parse(&package, &name, &sources), &mut cases, &mut wrong);
        }
        for file in crate::files(&chapter, "dot") {
            if file.parent() == Some(chapter.as_path()) {
                let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap_or_default()).into_owned();
                keep(parse(&file, &name, &[(String::new(), text)]), &mut cases, &mut wrong);
            }
        }
    }
    (cases, wrong)
}

fn keep(parsed: Result<Case, Vec<String>>, cases: &mut Vec<Case>, wrong: &mut Vec<String>) {
    match parsed {
        Ok(case) => cases.push(case),
        Err(errors) => wrong.extend(errors),
    }
}

/// The folders in a folder, sorted.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// Reads the headers of a case's files.
pub fn parse(path: &Path, chapter: &str, sources: &[(String, String)]) -> Result<Case, Vec<String>> {
    let mut case = Case {
        path: path.to_path_buf(),
        chapter: chapter.to_owned(),
        rules: Vec::new(),
        expectations: Vec::new(),
    };
    let mut wrong = Vec::new();
    for (file, text) in sources {
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_start_matches('\u{feff}').trim();
            let Some(header) = line.strip_prefix("//@") else { continue };
            if let Err(why) = parse_header(header.trim(), file, &mut case) {
                wrong.push(format!("{}: {file}:{}: {why}", path.display(), at + 1));
            }
        }
    }
    if case.rules.is_empty() {
        wrong.push(format!("{}: names no rule", path.display()));
    }
    if case.expectations.iter().all(|e| *e == Expectation::NotYet) {
        wrong.push(format!("{}: expects nothing", path.display()));
    }
    let runs =
        |e: &Expectation| matches!(e, Expectation::Run(..) | Expectation::Trap(..) | Expectation::Test);
    if case.is_wrong() && case.expectations.iter().any(runs) {
        wrong.push(format!("{}: a program with errors runs nothing", path.display()));
    }
    if wrong.is_empty() { Ok(case) } else { Err(wrong) }
}

fn parse_header(header: &str, file: &str, case: &mut Case) -> Result<(), String> {
    let (key, rest) = header.split_once(':').map_or((header, ""), |(key, rest)| (key, rest.trim()));
    let expectation = match key {
        "rule" => {
            for id in rest.split(',').map(str::trim) {
                if !crate::spec::well_formed_id(id) {
                    return Err(format!("`{id}` is no rule's id"));
                }
                case.rules.push(id.to_owned());
            }
            return Ok(());
        }
        "run" => {
            let (call, printed) = parse_call(rest)?;
            Expectation::Run(call, parse_printed(printed)?)
        }
        "trap" => {
            let (call, kind) = parse_call(rest)?;
            if !KINDS.contains(&kind) {
                return Err(format!("`{kind}` is neither a kind of trap nor a resource failure"));
            }
            Expectation::Trap(call, kind.to_owned())
        }
        "error" => Expectation::Error(parse_told(rest, file)?),
        "lint" => Expectation::Lint(parse_told(rest, file)?),
        "wit" if !rest.is_empty() => Expectation::Wit(rest.to_owned()),
        "not-yet" if rest.is_empty() => Expectation::NotYet,
        "test" if rest.is_empty() => Expectation::Test,
        _ => return Err(format!("`{header}` is no header")),
    };
    case.expectations.push(expectation);
    Ok(())
}

/// The kinds of traps and resource failures, as the spec names them.
const KINDS: &[&str] = &[
    "overflow",
    "divide-by-zero",
    "shift",
    "index",
    "key",
    "conversion",
    "unwrap",
    "assert",
    "unreachable",
    "invalid-utf8",
    "constraint",
    "depth",
    "memory",
    "fuel",
    "timeout",
];

/// `DOT JSON… => REST`. The arguments are read as JSON, so one of them may hold `=>`.
fn parse_call(text: &str) -> Result<(Call, &str), String> {
    let end = text.find(' ').unwrap_or(text.len());
    let dot = text[..end].to_owned();
    let mut rest = text[end..].trim_start();
    let mut args = Vec::new();
    loop {
        if let Some(expected) = rest.strip_prefix("=>") {
            return Ok((Call { dot, args }, expected.trim()));
        }
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Json>();
        match stream.next() {
            Some(Ok(value)) => args.push(value),
            Some(Err(error)) => return Err(format!("an argument is not JSON: {error}")),
            None => return Err("no `=>`".to_owned()),
        }
        rest = rest[stream.byte_offset()..].trim_start();
    }
}

/// What is printed: the rest of the line, or, where it begins with `"`, the text of a JSON string.
fn parse_printed(text: &str) -> Result<String, String> {
    if text.starts_with('"') {
        return serde_json::from_str(text).map_err(|error| format!("the expected text is no JSON: {error}"));
    }
    Ok(text.to_owned())
}

/// `CODE at LINE` or `CODE at LINE:COLUMN`.
fn parse_told(text: &str, file: &str) -> Result<Told, String> {
    let (code, place) = text.split_once(" at ").ok_or("no ` at LINE`")?;
    let number = |text: &str| text.parse().map_err(|_| format!("`{text}` is no number"));
    let (line, column) = match place.split_once(':') {
        Some((line, column)) => (number(line)?, Some(number(column)?)),
        None => (number(place)?, None),
    };
    Ok(Told { file: file.to_owned(), line, column, code: code.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn one(text: &str) -> Result<Case, Vec<String>> {
        parse(Path::new("x.dot"), "x", &[(String::new(), text.to_owned())])
    }

    fn call(dot: &str, args: &[Json]) -> Call {
        Call { dot: dot.to_owned(), args: args.to_vec() }
    }

    /// The example in the suite's README is a case, and means what its text says.
    #[test]
    fn the_format_is_as_documented() {
        let page = crate::read(&suite().join("README.md"));
        let example = page.split("```dot\n").nth(1).and_then(|rest| rest.split("```").next());
        let case = one(example.expect("the page has an example")).expect("a well-formed case");
        assert_eq!(case.rules, ["num.div", "num.rem"]);
        assert_eq!(
            case.expectations,
            [
                Expectation::Run(call("div", &[(-7).into(), 2.into()]), "-3".to_owned()),
                Expectation::Run(call("words", &["a => b".into()]), "two\nlines".to_owned()),
                Expectation::Trap(call("div", &[1.into(), 0.into()]), "divide-by-zero".to_owned()),
                Expectation::Test,
            ]
        );
    }

    #[test]
    fn errors_and_marks() {
        let case = one("//@ rule: a.b\n//@ error: type-mismatch at 3:5\n//@ error: unknown-name at 4\n");
        let case = case.expect("well-formed");
        assert!(case.is_wrong() && !case.is_not_yet());
        let Expectation::Error(told) = &case.expectations[0] else { panic!("an error") };
        assert_eq!((told.line, told.column, told.code.as_str()), (3, Some(5), "type-mismatch"));
    }

    #[test]
    fn broken_headers_are_told() {
        let broken = [
            "//@ run: f => 1\n",                                      // no rule
            "//@ rule: a.b\n",                                        // no expectation
            "//@ rule: a.b\n//@ not-yet\n",                           // nothing but not-yet
            "//@ rule: A\n//@ test\n",                                // no id
            "//@ rule: a.b\n//@ run: f 1\n",                          // no arrow
            "//@ rule: a.b\n//@ run: f x => 1\n",                     // no JSON
            "//@ rule: a.b\n//@ trap: f => crash\n",                  // no kind
            "//@ rule: a.b\n//@ error: code\n",                       // no place
            "//@ rule: a.b\n//@ error: code at x\n",                  // no number
            "//@ rule: a.b\n//@ tset\n",                              // no such header
            "//@ rule: a.b\n//@ error: code at 1\n//@ run: f => 1\n", // runs though wrong
        ];
        for text in broken {
            assert!(one(text).is_err(), "accepted: {text}");
        }
    }

    #[test]
    fn every_case_is_well_formed() {
        let (cases, wrong) = all();
        assert_eq!(wrong, Vec::<String>::new());
        assert!(!cases.is_empty());
    }

    #[test]
    fn cases_name_rules_that_exist() {
        let rules: BTreeSet<String> = crate::spec::rules().into_iter().map(|rule| rule.id).collect();
        let mut wrong = Vec::new();
        for case in all().0 {
            let unknown = case.rules.iter().filter(|id| !rules.contains(*id));
            wrong.extend(unknown.map(|id| format!("{}: no rule `{id}`", case.name())));
        }
        for (id, file) in crate::spec::named_by_tests() {
            if !rules.contains(&id) {
                wrong.push(format!("{}: no rule `{id}`", file.display()));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn every_rule_has_a_case() {
        let mut covered: BTreeSet<String> = all().0.into_iter().flat_map(|case| case.rules).collect();
        covered.extend(crate::spec::named_by_tests().into_keys());
        let rules = crate::spec::rules().into_iter().map(|rule| rule.id);
        let without: Vec<String> = rules.filter(|id| !covered.contains(id)).collect();
        assert!(without.is_empty(), "rules without a case: {without:?}");
    }
}
