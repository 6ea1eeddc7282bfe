//! The examples on the pages of the codes: the wrong one is told with its code, and the right one is fine.
// r[diag.page]

mod support;

use dot_diagnostics::ALL_CODES;
use support::check;

/// The example of a kind on a page, if it has one.
fn example<'a>(page: &'a str, kind: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("```dot,{kind}\n"))?;
    Some(rest.split_once("\n```")?.0)
}

/// Codes whose wrong example can't be a text of Dot in one file: what is told is about bytes, files, or WIT of one's own.
const WITHOUT_TEXT: [&str; 4] = ["invalid-utf8", "missing-feature", "missing-file", "unneeded-feature"];

#[test]
fn wrong_examples_are_wrong_as_they_say() {
    let mut failures = Vec::new();
    for entry in ALL_CODES {
        let code = entry.code.as_str();
        let Some(text) = example(entry.page, "wrong") else {
            assert!(WITHOUT_TEXT.contains(&code), "{code} has no wrong example");
            continue;
        };
        let report = check(text);
        if !report.diagnostics().iter().any(|told| told.code == entry.code) {
            failures.push(format!("{code} is not told of its wrong example, but\n{}", rendered(&report)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn right_examples_are_fine() {
    let mut failures = Vec::new();
    for entry in ALL_CODES {
        let Some(text) = example(entry.page, "right") else {
            assert!(WITHOUT_TEXT.contains(&entry.code.as_str()), "{} has no right example", entry.code);
            continue;
        };
        let report = check(text);
        if !report.diagnostics().is_empty() {
            failures.push(format!("the right example of {}:\n{}", entry.code, rendered(&report)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn rendered(report: &dot_driver::Report) -> String {
    report.render(dot_diagnostics::render::Colour::Never)
}
