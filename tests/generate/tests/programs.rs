//! What the generator promises: the same program for a seed, every form of the language, and small failures.

use dot_generate::model::Program;
use dot_generate::{Options, print, shrink};

fn source(seed: u64) -> String {
    print::program(&dot_generate::program(seed, &Options::of_seed(seed)))
}

#[test]
fn a_seed_always_makes_the_same_program() {
    for seed in 0..20 {
        assert_eq!(source(seed), source(seed));
    }
    assert_ne!(source(1), source(2));
}

#[test]
fn every_form_is_made_in_a_few_hundred_programs() {
    let forms = [
        // items
        "record ",
        "variant ",
        "enum ",
        "flags ",
        "type ",
        "const ",
        "fn ",
        "dot ",
        "(inout ",
        ", inout ",
        "(self: ",
        "(inout self: ",
        "<A",
        ": integer",
        ": key",
        ": float",
        ": number",
        // statements
        "let ",
        "var ",
        "let _ = ",
        "else {",
        "for ",
        "while ",
        "if ",
        "match ",
        "match inout ",
        "(inout v",
        "return ",
        "break",
        "continue",
        "assert ",
        "} else {",
        " = ",
        " += ",
        " -%= ",
        " *|= ",
        " ^= ",
        "].push(",
        // expressions
        "min(",
        "|x| ",
        "|| ",
        " |> ",
        " ?? ",
        ")?",
        ".unwrap()",
        ".expect(",
        " is some(",
        " && ",
        "!",
        "~(",
        "-(",
        " +% ",
        " -| ",
        " << ",
        " >> ",
        " / ",
        " % ",
        " == ",
        " < ",
        "..]",
        "[..",
        "{ ..",
        "or: ",
        "inout v",
        "none()",
        "string.from_chars(",
        "map.of(",
        "set.of(",
        "list.of(",
        ".try(",
        ".wrap(",
        ".saturate(",
        ".sorted_by_key(",
        ".fold(",
        ".filter_map(",
        ".entries()",
        "[:]",
        "unreachable(",
        ".parse(",
        "MIN",
        "NAN",
        "fill: '.'",
        // patterns
        "some(",
        "none",
        "ok(",
        "err(",
        " | ",
        " as v",
        "..=",
        "{ .. }",
        "[]",
        " if ",
        "\"{v",
    ];
    let all: String = (0..600).map(source).collect();
    let missing: Vec<_> = forms.iter().filter(|form| !all.contains(**form)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// A program with a division, as a compiler that can't divide would see one.
fn divides(program: &Program) -> bool {
    print::program(program).contains(" / ")
}

#[test]
fn what_fails_becomes_small() {
    let mut tried = 0;
    for seed in 0..60 {
        let program = dot_generate::program(seed, &Options::of_seed(seed));
        if !divides(&program) {
            continue;
        }
        tried += 1;
        let small = shrink::shrink(&program, &mut |candidate| divides(candidate));
        let text = print::program(&small);
        assert!(divides(&small), "the failure is still there");
        // Its own line, its function's, and nothing else: the rest of the program can all go.
        assert!(text.lines().count() <= 12, "seed {seed}:\n{text}");
    }
    assert!(tried > 10, "only {tried} programs divide");
}
