//! Every conformance case against the parser alone: right programs parse, wrong ones are told where they break.
//!
//! The whole compiler judges the same cases in `conformance.rs`; this test says at once when it is the grammar
//! that disagrees with the spec.

use dot_diagnostics::{Sources, codes};
use dot_tests::case::{self, Case, Expectation, Told};
use std::collections::BTreeSet;

/// The codes that the parser tells.
fn syntax_codes() -> BTreeSet<&'static str> {
    let all = [
        codes::UNKNOWN_CHARACTER,
        codes::UNCLOSED_STRING,
        codes::INVALID_ESCAPE,
        codes::INVALID_LITERAL,
        codes::UNEXPECTED_TOKEN,
        codes::UNCLOSED_BRACKET,
        codes::UNOPENED_BRACKET,
        codes::OUTSIDE_ITEM,
        codes::NESTING_TOO_DEEP,
    ];
    all.iter().map(|code| code.as_str()).collect()
}

/// What the parser tells about a text, by line.
fn told(text: &str) -> BTreeSet<(usize, String)> {
    let mut sources = Sources::new();
    let file = sources.add("case.dot", text);
    let errors = dot_syntax::parse(text).all_errors();
    let line = |offset| sources.position(file, offset).line as usize;
    errors.iter().map(|e| (line(e.primary.span.range.start), e.code.as_str().to_owned())).collect()
}

fn expected(case: &Case, of_syntax: &BTreeSet<&str>) -> BTreeSet<(usize, String)> {
    let errors = case.expectations.iter().filter_map(|expectation| match expectation {
        Expectation::Error(Told { line, code, .. }) if of_syntax.contains(code.as_str()) => {
            Some((*line, code.clone()))
        }
        _ => None,
    });
    errors.collect()
}

#[test]
fn cases_parse_or_break_where_they_say() {
    let (cases, malformed) = case::all();
    assert_eq!(malformed, Vec::<String>::new());
    let of_syntax = syntax_codes();
    let mut wrong = Vec::new();
    let lone = cases.iter().filter(|case| case.path.is_file());
    for case in lone {
        let bytes = std::fs::read(&case.path).expect("the case was read before");
        let (text, _) = dot_syntax::decode_utf8(&bytes);
        let (told, expected) = (told(&text), expected(case, &of_syntax));
        let told: BTreeSet<_> =
            told.into_iter().filter(|(_, code)| of_syntax.contains(code.as_str())).collect();
        if told != expected {
            wrong.push(format!("{}: told {told:?}, expected {expected:?}", case.name()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
