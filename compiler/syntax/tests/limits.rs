//! Nothing that can be typed makes the parser panic, overflow its stack or take long.

use std::time::Instant;

use dot_syntax::{MAX_DEPTH, ParsedItem, ast, dump, parse, parse_item};
use proptest::prelude::*;

fn codes(parsed: &ParsedItem) -> Vec<&'static str> {
    parsed.errors.iter().map(|error| error.code.as_str()).collect()
}

fn nested(open: &str, inner: &str, close: &str, times: usize) -> ParsedItem {
    parse_item(&format!("fn f() {{\n{}{inner}{}\n}}", open.repeat(times), close.repeat(times)))
}

#[test]
fn brackets_nest_256_deep() {
    // One bracket is the body's.
    assert_eq!(codes(&nested("(", "1", ")", 255)), [""; 0]);
    assert_eq!(codes(&nested("(", "1", ")", 256)), ["nesting-too-deep"]);
    assert_eq!(codes(&nested("(", "1", ")", 100_000)), ["nesting-too-deep"]);
}

#[test]
fn chains_are_limited_too() {
    let forms = [
        ("1 + ", "1"),
        ("-", "1"),
        ("a ?? ", "b"),
        ("|a| ", "a"),
        ("|a, b| ", "a"),
        ("return ", "1"),
        ("a.b().", "c"),
        ("if a {} else ", "{}"),
        ("x is a | ", "b"),
        ("let x: a<b, ", "c"),
        ("f(", "1"),
        ("[", "1"),
        ("\"{", "1"),
        ("{ a: ", "1"),
        ("match ", "a"),
        ("par for a in ", "b"),
        ("x = y is ", "z"),
        ("a<b, ", "c"),
    ];
    for (part, last) in forms {
        for times in [1_000, 100_000] {
            let parsed = parse_item(&format!("fn f() {{\n{}{last}\n}}", part.repeat(times)));
            assert!(!parsed.errors.is_empty(), "{part}");
        }
    }
    assert_eq!(codes(&nested("1 + ", "1", "", 500)), [""; 0]);
    assert_eq!(codes(&nested("1 + ", "1", "", 513)), ["nesting-too-deep"]);
    assert_eq!(codes(&nested("a.b().", "c", "", 100_000)), ["nesting-too-deep"]);
}

#[test]
fn long_lists_of_entries_are_not_deep() {
    let list = format!("const A: list<u32> = [{}]", "1 + 2, ".repeat(10_000));
    assert_eq!(codes(&parse_item(&list)), [""; 0]);
    assert_eq!(codes(&parse_item(&format!("fn f() {{\n{}}}", "a.b += 1\n".repeat(10_000)))), [""; 0]);
    assert_eq!(codes(&parse_item(&format!("enum E {{\n{}}}", "A\n".repeat(10_000)))), [""; 0]);
}

#[test]
fn errors_in_one_item_come_to_an_end() {
    for line in ["let ) = (\n", "x y z\n", "a, = b {\n", "\\\n", "'\n", "\"\n"] {
        let parsed = parse_item(&format!("fn f() {{\n{}}}", line.repeat(5_000)));
        assert!((1..=100).contains(&parsed.errors.len()), "{line}: {}", parsed.errors.len());
    }
}

/// Time grows with length, not faster: ten times the text takes about ten times as long.
#[test]
fn time_is_linear() {
    let item = "fn f(a: u32) -> u32 {\n  let x = [a, 1 + 2 * a].map(|n| n + 1)\n  \"{x} of {a}\"\n}\n";
    let time = |times: usize| {
        let text = item.repeat(times);
        let start = Instant::now();
        assert_eq!(parse(&text).items.len(), times);
        start.elapsed()
    };
    time(100);
    let (short, long) = (time(300), time(3_000));
    assert!(long < short * 40, "{short:?} for 1,200 lines, {long:?} for 12,000");
}

/// Prints how long 100,000 lines take. Run it in release with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn a_hundred_thousand_lines() {
    let item = "fn f(a: u32) -> u32 {\n  let x = [a, 1 + 2 * a].map(|n| n + 1)\n  \"{x} of {a}\"\n}\n";
    let text = item.repeat(25_000);
    let start = Instant::now();
    let chunks = dot_syntax::split(&text).chunks;
    println!("split: {:?}", start.elapsed());
    let start = Instant::now();
    let tokens: usize = chunks.iter().map(|chunk| dot_syntax::tokens(chunk.range.slice(&text)).len()).sum();
    println!("{tokens} tokens: {:?}", start.elapsed());
    let start = Instant::now();
    let parsed = parse(&text);
    println!("all of {} items: {:?}", parsed.items.len(), start.elapsed());
}

/// How many expressions stand in one another.
fn depth(expr: &ast::Expr) -> usize {
    let mut deepest = 0;
    expr.kind.for_each_child(&mut |child| deepest = deepest.max(depth(child)));
    deepest + 1
}

#[test]
fn no_tree_is_deeper_than_the_limit() {
    let forms = [
        ("(", "1", ")"),
        ("{ ", "1", " }"),
        ("f(", "1", ")"),
        ("a.b(", "1", ")"),
        ("1 + (", "1", ")"),
        ("[", "1", "]"),
        ("-[", "1", "]"),
        ("|x| (", "1", ")"),
        ("if a {", "1", "} else { 2 }"),
        ("match a { b => (", "1", ") }"),
        ("par { (", "1", ")}"),
        ("\"{", "1", "}\""),
        ("P { a: ", "1", " }"),
        ("1 + ", "1", ""),
        ("- - ", "1", ""),
        ("a ?? ", "b", ""),
        ("return ", "1", ""),
        ("|a| ", "b", ""),
        ("", "a", ".b(1)?"),
        ("", "a", "[1]"),
        ("", "a", " |> f(1)?"),
        ("", "a", "(1)(2)"),
    ];
    for (open, inner, close) in forms {
        // The largest number of repetitions that is accepted.
        let parse = |times: usize| {
            dot_syntax::parse_expr(&format!("{}{inner}{}", open.repeat(times), close.repeat(times)))
        };
        let (mut accepted, mut refused) = (1, 1_000);
        while refused - accepted > 1 {
            let middle = (accepted + refused) / 2;
            if parse(middle).errors.is_empty() { accepted = middle } else { refused = middle }
        }
        let deep = depth(&parse(accepted).expr.expect("a tree"));
        assert!(
            (85..=MAX_DEPTH as usize + 1).contains(&deep),
            "{open}…{close}: {accepted} times is {deep} deep"
        );
    }
}

/// A tree with an error node has an error beside it, and dumping it does no harm.
fn check(text: &str) {
    let parsed = parse(text);
    let shown = dump::dump_file(&parsed);
    if parsed.all_errors().is_empty() {
        assert!(
            !shown.contains("(error)") && !shown.contains(" ? "),
            "an error was swallowed:\n{text}\n{shown}"
        );
    }
    for error in parsed.all_errors() {
        let range = error.primary.span.range;
        assert!(range.end as usize <= text.len() && text.is_char_boundary(range.start as usize), "{error:?}");
    }
    let _ = dump::dump_tokens(text);
}

const WORDS: &[&str] = &[
    "fn ",
    "dot ",
    "record ",
    "use ",
    "test \"a\" ",
    "variant ",
    "const ",
    "pub ",
    "let ",
    "var ",
    "if ",
    "else ",
    "match ",
    "for ",
    "in ",
    "while ",
    "with ",
    "par ",
    "is ",
    "as ",
    "inout ",
    "return ",
    "assert ",
    "uses ",
    "x",
    "y",
    "Foo",
    "A",
    "self",
    "ok",
    "none",
    "true",
    "1",
    "2.5",
    "'c'",
    "b'c'",
    "\"s\"",
    "\"a{",
    "}b\"",
    "\"\"\"",
    "r\"x\"",
    "b\"x\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    ",",
    ":",
    ";",
    ".",
    "..",
    "..=",
    "=>",
    "->",
    "|>",
    "|",
    "||",
    "&&",
    "==",
    "=",
    "+=",
    "+",
    "-",
    "*",
    "?",
    "??",
    "!",
    "@",
    "_",
    "\n",
    "\n  ",
    " ",
    "// c\n",
    "/// d\n",
    "`a`",
    "\\",
    "é",
    "wasi:http/types@0.2.0",
    "\"",
    "'",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn any_bytes_are_decoded(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let (text, error) = dot_syntax::decode_utf8(&bytes);
        prop_assert_eq!(error.is_some(), std::str::from_utf8(&bytes).is_err());
        check(&text);
    }

    #[test]
    fn any_soup_of_tokens_is_parsed(words in proptest::collection::vec(proptest::sample::select(WORDS), 0..80)) {
        check(&words.concat());
    }

    #[test]
    fn any_soup_in_a_body_is_parsed(words in proptest::collection::vec(proptest::sample::select(WORDS), 0..60)) {
        check(&format!("fn f() {{\n{}\n}}\nfn g() {{}}\n", words.concat()));
    }
}
