//! What common mistakes are told as: one error for each mistake, at the place where it is.
//!
//! An expectation is `line:column code: title`, with columns in bytes from 1.

use dot_diagnostics::{ALL_CODES, Diagnostic};
use dot_syntax::parse;

fn line_of(text: &str, error: &Diagnostic<()>) -> String {
    let before = &text[..error.primary.span.range.start as usize];
    let line = before.matches('\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
    format!("{line}:{column} {}: {}", error.code, error.title)
}

#[track_caller]
fn told(text: &str, expected: &[&str]) {
    let errors: Vec<String> = parse(text).all_errors().iter().map(|error| line_of(text, error)).collect();
    assert_eq!(errors, expected, "{text}");
}

/// The text after the fix of its only error.
fn fixed(text: &str) -> String {
    let errors = parse(text).all_errors();
    assert_eq!(errors.len(), 1, "{text}: {errors:?}");
    let fix = errors[0].fix.as_ref().expect("a fix");
    let mut text = text.to_owned();
    for edit in fix.edits.iter().rev() {
        let range = edit.span.range;
        text.replace_range(range.start as usize..range.end as usize, &edit.replacement);
    }
    text
}

#[test]
fn something_is_missing() {
    told("fn f() -> u32 { 1 + }", &["1:21 unexpected-token: expected an expression, found `}`"]);
    told("fn f() {\n  let x =\n}", &["2:9 unexpected-token: `x` is given no value"]);
    told("fn f() {\n  let x =\n  var y = 1\n}", &["2:9 unexpected-token: `x` is given no value"]);
    told("fn f() {\n  let x 5\n}", &["2:9 unexpected-token: expected `=`, found `5`"]);
    told("fn f() {\n  x.\n  y\n}", &["2:5 unexpected-token: expected a name, found the end of the line"]);
    told("fn f() { g(1, , 2) }", &["1:15 unexpected-token: expected an expression or `)`, found `,`"]);
    told("fn (x: u32) {}", &["1:4 unexpected-token: expected a name, found `(`"]);
    told("record R { x u32 }", &["1:14 unexpected-token: expected `:`, found `u32`"]);
    told("fn f()", &["1:7 unexpected-token: expected `{` or `->`, found the end"]);
    told("fn f() { for x xs { } }", &["1:16 unexpected-token: expected `in`, found `xs`"]);
    told("fn f() {\n  match x {\n    A 2\n  }\n}", &["3:7 unexpected-token: expected `=>`, found `2`"]);
    told("fn f() { while { } }", &["1:16 unexpected-token: expected an expression, found `{`"]);
}

#[test]
fn several_mistakes_in_one_item_are_told_apart() {
    told(
        "fn f() {\n  let x 5\n  if a = b { c() }\n  let y = g(1 2)\n  a < b < c\n}",
        &[
            "2:9 unexpected-token: expected `=`, found `5`",
            "3:8 unexpected-token: `=` assigns, and this is not a place for it",
            "4:15 unexpected-token: expected `)` or `,`, found `2`",
            "5:9 unexpected-token: comparisons do not chain",
        ],
    );
}

#[test]
fn habits_from_other_languages() {
    told("fn f() {\n  fn g() { 2 }\n}", &["2:3 unexpected-token: functions do not stand in functions"]);
    told(
        "fn f() {\n  let x = if a { 1 }\n  x\n}",
        &["2:21 unexpected-token: an `if` that gives a value needs an `else`"],
    );
    told("fn f() { a, b }", &["1:11 unexpected-token: statements are not separated by commas"]);
    told("fn f() { /// x\n}", &["1:10 unexpected-token: this comment documents nothing"]);
    told("let x = 1\nfn f() {}", &["1:1 outside-item: `let` begins no item"]);
    told("x = 1\nfn f() {}", &["1:1 outside-item: expected an item"]);
    told("fn f() { #x }", &["1:10 unknown-character: `#` means nothing in Dot"]);
    told("fn f() {}\n//! Docs.\nfn g() {}", &["2:1 outside-item: expected an item"]);
}

#[test]
fn brackets() {
    told("fn f() {\n  if x {\n    a()\n}\nfn g() {}", &["2:8 unclosed-bracket: this `{` is never closed"]);
    told("fn f() {\n  x = [1, 2\n  y = 2\n}", &["2:7 unclosed-bracket: this `[` is never closed"]);
    told("fn f() {\n  g(h(1)\n  y = 2\n}", &["2:4 unclosed-bracket: this `(` is never closed"]);
    told("fn f() { 1) }", &["1:11 unopened-bracket: nothing opened this `)`"]);
    told("fn f() { 1 } }", &["1:14 unopened-bracket: nothing opened this `}`"]);
    told("fn f() {", &["1:8 unclosed-bracket: this `{` is never closed"]);
}

#[test]
fn literals() {
    told("fn f() {\n  \"abc\n  x\n}", &["2:3 unclosed-string: this string is never closed"]);
    told("fn f() {\n  \"abc {x\n  y\n}", &["2:3 unclosed-string: this string is never closed"]);
    told("fn f() { 'ab' }", &["1:10 invalid-literal: a character literal holds exactly one character"]);
    told("fn f() { '' }", &["1:10 invalid-literal: a character literal holds exactly one character"]);
    told("fn f() { b'é' }", &["1:12 invalid-literal: `é` is no single byte"]);
    told("fn f() { \"a\\qb\" }", &["1:12 invalid-escape: there is no escape `\\q`"]);
    told("fn f() { \"\\u{110000}\" }", &["1:11 invalid-escape: `110000` is not the number of a character"]);
    told("fn f() { \"\\x41\" }", &["1:11 invalid-escape: `\\x` is for bytes; in text, write `\\u{…}`"]);
    told("fn f() { 0b102 }", &["1:10 invalid-literal: `2` is no binary digit"]);
    told("fn f() { 0x }", &["1:10 invalid-literal: a hexadecimal number needs digits"]);
    told("fn f() { 1__0 }", &["1:10 invalid-literal: an underscore in a number stands between two digits"]);
    told("fn f() { 18446744073709551616 }", &["1:10 invalid-literal: this integer does not fit in 64 bits"]);
    told("fn f() { 1e999 }", &["1:10 invalid-literal: this number is beyond the largest float"]);
}

#[test]
fn names() {
    told(
        "record point { X: u32 }",
        &[
            "1:8 invalid-name: types and cases are written in `PascalCase`, unlike `point`",
            "1:16 invalid-name: values, fields and functions are written in `snake_case`, unlike `X`",
        ],
    );
    told(
        "const max: u32 = 1",
        &["1:7 invalid-name: constants are written in `SCREAMING_CASE`, unlike `max`"],
    );
    told("fn f() { let if = 1 }", &["1:14 unexpected-token: expected a pattern, found `if`"]);
    told(
        "use wasi:http/Types! as t",
        &["1:5 invalid-name: `wasi:http/Types!` is not the path of an interface"],
    );
}

#[test]
fn what_the_grammar_cannot_say() {
    told("fn f() { [1, 2: 3] }", &["1:11 unexpected-token: this is neither a list nor a map"]);
    told("fn f() { x is [.., a, ..] }", &["1:23 unexpected-token: a list pattern has one `..` at most"]);
    told("fn f() { x is A(.., b) }", &["1:17 unexpected-token: `..` stands once, after everything else"]);
    told(
        "fn f() { g().P { a } }",
        &["1:10 unexpected-token: only a type's name can stand before the braces of a record"],
    );
}

#[test]
fn fixes_mend() {
    assert_eq!(fixed("fn f() { if a = b { c() } }"), "fn f() { if a == b { c() } }");
    assert_eq!(fixed("record http_error {}"), "record HttpError {}");
    assert_eq!(fixed("const maxLen: u32 = 1"), "const MAX_LEN: u32 = 1");
    assert_eq!(fixed("fn nextId() {}"), "fn next_id() {}");
    assert_eq!(fixed("fn f() { let if = 1 }"), "fn f() { let `if` = 1 }");
    assert_eq!(fixed("fn f() { g(1 }"), "fn f() { g(1) }");
    assert_eq!(fixed("fn f() { 1) }"), "fn f() { 1 }");
    assert_eq!(fixed("use std/http.Request"), "use std/http.{Request}");
    for mended in
        ["fn f() { if a == b { c() } }", "fn f() { let `if` = 1 }", "fn f() { g(1) }", "fn f() { 1 }"]
    {
        told(mended, &[]);
    }
}

/// The wrong examples in the pages of this layer's codes have that code, the right ones no error.
#[test]
fn the_pages_of_these_codes_are_true() {
    let codes = [
        "unknown-character",
        "unclosed-string",
        "invalid-escape",
        "invalid-literal",
        "invalid-name",
        "unexpected-token",
        "unclosed-bracket",
        "unopened-bracket",
        "outside-item",
        "nesting-too-deep",
    ];
    for code in codes {
        let entry = ALL_CODES.iter().find(|entry| entry.code.as_str() == code).expect("a registered code");
        let example = |fence: &str| {
            let (_, after) = entry.page.split_once(fence).expect("an example");
            after.split_once("```").expect("its end").0
        };
        let wrong = parse(example("```dot,wrong\n")).all_errors();
        let found: Vec<_> = wrong.iter().map(|error| error.code.as_str()).collect();
        assert_eq!(found, [code]);
        assert_eq!(parse(example("```dot,right\n")).all_errors(), [], "{code}");
    }
}
