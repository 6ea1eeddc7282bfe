//! How tests ended, as text, JSON or JUnit's XML.

use std::borrow::Borrow;
use std::time::Duration;

use dot_host::Failure;
use serde_json::{Value as Json, json};

use super::difference;

/// How a test ended.
pub struct Outcome {
    /// The name that its author gave it.
    pub name: String,
    /// How long it took.
    pub took: Duration,
    /// How many cases were run; 1 of a test without parameters.
    pub cases: u32,
    /// Why it failed, if it did.
    pub failed: Option<Failed>,
}

/// Why a test failed.
pub struct Failed {
    /// What the call gave instead of a value.
    pub failure: Failure,
    /// The arguments of a property: names, and values as Dot writes them.
    pub given: Vec<(String, String)>,
}

/// The tests of a file or package, that were run together.
pub struct Suite {
    /// What was tested, as it was named.
    pub name: String,
    /// In the order of the source.
    pub outcomes: Vec<Outcome>,
    /// How long all of them took.
    pub took: Duration,
}

impl Suite {
    /// Whether no test failed.
    pub fn has_passed(&self) -> bool {
        self.failed() == 0
    }

    fn failed(&self) -> usize {
        failed(&self.outcomes)
    }
}

impl Outcome {
    /// One word for it.
    pub fn verdict(&self) -> &'static str {
        match self.failed.as_ref().map(|failed| &failed.failure) {
            None => "ok",
            Some(Failure::Resource(_)) => "STOPPED",
            Some(Failure::Missing(_)) => "DENIED",
            Some(_) => "FAILED",
        }
    }

    /// One line for it.
    pub fn line(&self) -> String {
        let cases = if self.cases > 1 { format!(", {} cases", self.cases) } else { String::new() };
        format!("test \"{}\" ... {} ({}{cases})", self.name, self.verdict(), seconds(self.took))
    }

    /// What is said of a failure beside what the host says.
    pub fn notes(&self, seed: u64) -> Vec<String> {
        let Some(failed) = &self.failed else { return Vec::new() };
        let mut notes = Vec::new();
        if !failed.given.is_empty() {
            let given: Vec<String> =
                failed.given.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            notes.push(format!("for {} (case {}, seed {seed})", given.join(", "), self.cases));
        }
        if let Failure::Trap(trap) = &failed.failure {
            notes.extend(difference::lines(&trap.message));
        }
        notes
    }

    fn json(&self, seed: u64) -> Json {
        let mut json = json!({
            "name": self.name,
            "outcome": self.verdict().to_lowercase(),
            "seconds": self.took.as_secs_f64(),
            "cases": self.cases,
        });
        let Some(failed) = &self.failed else { return json };
        let (kind, message) = said(&failed.failure);
        json["kind"] = json!(kind);
        json["message"] = json!(message);
        if let Failure::Trap(trap) = &failed.failure
            && let Some(span) = &trap.span
        {
            json["place"] = json!({ "file": span.file, "line": span.line, "column": span.column });
        }
        if let Failure::Trap(trap) = &failed.failure {
            json["differences"] = json!(difference::lines(&trap.message));
        }
        if !failed.given.is_empty() {
            let given = failed.given.iter().map(|(name, value)| (name.clone(), json!(value)));
            json["given"] = Json::Object(given.collect());
            json["seed"] = json!(seed);
        }
        json
    }
}

/// The kind of a failure and what it says.
fn said(failure: &Failure) -> (String, String) {
    match failure {
        Failure::Trap(trap) => (trap.kind.clone(), trap.message.clone()),
        Failure::Resource(resource) => (resource.kind.name().to_string(), resource.message.clone()),
        other => ("failure".to_string(), other.to_string()),
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}

fn failed<T: Borrow<Outcome>>(outcomes: &[T]) -> usize {
    outcomes.iter().filter(|outcome| (*outcome).borrow().failed.is_some()).count()
}

/// The sum of all: `3 passed, 1 failed, in 0.12 s`.
pub fn summary<T: Borrow<Outcome>>(outcomes: &[T], took: Duration) -> String {
    let failed = failed(outcomes);
    format!("{} passed, {failed} failed, in {}", outcomes.len() - failed, seconds(took))
}

/// All outcomes as one JSON object.
pub fn json(suite: &Suite, seed: u64) -> Json {
    let failed = suite.failed();
    json!({
        "passed": suite.outcomes.len() - failed,
        "failed": failed,
        "seconds": suite.took.as_secs_f64(),
        "tests": suite.outcomes.iter().map(|outcome| outcome.json(seed)).collect::<Vec<_>>(),
    })
}

/// The outcomes of the members of a workspace as one JSON object; `members` has one for each.
pub fn json_of_members(suites: &[Suite], members: Vec<Json>) -> Json {
    let failed: usize = suites.iter().map(Suite::failed).sum();
    let all: usize = suites.iter().map(|suite| suite.outcomes.len()).sum();
    let took: Duration = suites.iter().map(|suite| suite.took).sum();
    json!({ "passed": all - failed, "failed": failed, "seconds": took.as_secs_f64(), "members": members })
}

/// All outcomes in the XML that continuous integration reads, after JUnit's.
pub fn junit(suites: &[Suite], seed: u64) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_string();
    suites.iter().for_each(|suite| write_suite(&mut xml, suite, seed));
    xml.push_str("</testsuites>\n");
    xml
}

fn write_suite(xml: &mut String, suite: &Suite, seed: u64) {
    xml.push_str(&format!(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" time=\"{:.3}\">\n",
        escaped(&suite.name),
        suite.outcomes.len(),
        suite.failed(),
        suite.took.as_secs_f64()
    ));
    for outcome in &suite.outcomes {
        let (name, time) = (escaped(&outcome.name), outcome.took.as_secs_f64());
        let Some(failure) = &outcome.failed else {
            xml.push_str(&format!("    <testcase name=\"{name}\" time=\"{time:.3}\"/>\n"));
            continue;
        };
        let (kind, message) = said(&failure.failure);
        let text = outcome.notes(seed).join("\n");
        xml.push_str(&format!(
            "    <testcase name=\"{name}\" time=\"{time:.3}\">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
            escaped(&kind),
            escaped(&message),
            escaped(&text)
        ));
    }
    xml.push_str("  </testsuite>\n");
}

/// Text in XML; what XML has no way to write is left out.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use dot_host::Trap;

    fn outcomes() -> Vec<Outcome> {
        let trap = Trap {
            kind: "assert".to_string(),
            message: "assertion failed: [1] == [2]".to_string(),
            ..Trap::default()
        };
        let failed = Failed {
            failure: Failure::Trap(Box::new(trap)),
            given: vec![("xs".to_string(), "[\"<\"]".to_string())],
        };
        let took = Duration::from_millis(20);
        vec![
            Outcome { name: "it is good".to_string(), took, cases: 1, failed: None },
            Outcome { name: "a < b".to_string(), took, cases: 7, failed: Some(failed) },
        ]
    }

    // r[cli.test.output]
    #[test]
    fn outcomes_are_told_in_three_ways() {
        let took = Duration::from_millis(50);
        let suite = Suite { name: "a.dot".to_string(), outcomes: outcomes(), took };
        let all = &suite.outcomes;
        assert_eq!(summary(all, took), "1 passed, 1 failed, in 0.05 s");
        assert_eq!(all[1].line(), "test \"a < b\" ... FAILED (0.02 s, 7 cases)");
        assert_eq!(all[1].notes(3), ["for xs = [\"<\"] (case 7, seed 3)", "differs at `[0]`: 1 and 2"]);
        let told = json(&suite, 3);
        assert_eq!((&told["passed"], &told["failed"]), (&json!(1), &json!(1)));
        assert_eq!(told["tests"][1]["outcome"], "failed");
        assert_eq!(told["tests"][1]["given"], json!({ "xs": "[\"<\"]" }));
        assert_eq!(told["tests"][1]["kind"], "assert");
        let xml = junit(std::slice::from_ref(&suite), 3);
        assert!(
            xml.contains("<testsuite name=\"a.dot\" tests=\"2\" failures=\"1\" time=\"0.050\">"),
            "{xml}"
        );
        assert!(xml.contains("<testcase name=\"it is good\" time=\"0.020\"/>"), "{xml}");
        assert!(xml.contains("<failure type=\"assert\" message=\"assertion failed: [1] == [2]\">"), "{xml}");
        assert!(xml.contains("xs = [&quot;&lt;&quot;]"), "{xml}");
    }
}
