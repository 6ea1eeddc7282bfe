//! Random patterns and texts: the tree's meaning, the automaton and the crate `regex` agree.

use dot_pattern::Pattern;
use regex::Regex;

/// Steele, Lea and Flood's SplitMix64, so that a run can be told by its seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap_or_default()
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

fn pattern(random: &mut Random, depth: usize) -> String {
    match random.below(if depth == 0 { 4 } else { 9 }) {
        0..=2 => random.one(&["a", "b", "ß", "€", "😀", "0", " ", "\\.", "-", "\\u{7f}", "\\t"]).to_owned(),
        3 => random
            .one(&[
                ".",
                "[ab]",
                "[^a]",
                "[a-f0]",
                "[^ß-€]",
                "[€-😀]",
                "[a-]",
                r"\d",
                r"\w",
                r"[\d_]",
                r"\S",
                "[^\\s]",
            ])
            .to_owned(),
        4 => format!("{}{}", pattern(random, depth - 1), pattern(random, depth - 1)),
        5 => format!("(?:{}|{})", pattern(random, depth - 1), pattern(random, depth - 1)),
        6 => format!("^{}", pattern(random, depth - 1)),
        7 => format!("{}$", pattern(random, depth - 1)),
        _ => {
            let times = random.one(&["*", "+", "?", "{2}", "{0,2}", "{1,}", "{0}"]);
            format!("(?:{}){times}", pattern(random, depth - 1))
        }
    }
}

fn text(random: &mut Random) -> String {
    let length = random.below(6);
    let chars = ["a", "b", "ß", "€", "😀", "0", " ", ".", "-", "\n", "f", "\u{7f}", "\t", "_", "Z"];
    (0..length).map(|_| random.one(&chars)).collect()
}

/// The same in the syntax of `regex`, where classes by letter are Unicode's and escapes of chars are `\x`.
fn theirs(pattern: &str) -> Regex {
    let ascii = pattern
        .replace(r"[\d_]", "[0-9_]")
        .replace(r"\d", "[0-9]")
        .replace(r"\w", "[0-9A-Za-z_]")
        .replace("[^\\s]", "[^\\t-\\r ]")
        .replace(r"\S", "[^\\t-\\r ]");
    Regex::new(&format!(r"\A(?:{ascii})\z")).unwrap_or_else(|error| panic!("{pattern}: {error}"))
}

#[test]
// r[attr.pattern.syntax]
fn three_ways_agree() {
    for seed in 0..3_000 {
        let mut random = Random(seed);
        let written = pattern(&mut random, 5);
        let ours = Pattern::parse(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
        let (automaton, theirs) = (ours.automaton().expect(&written), theirs(&written));
        for _ in 0..20 {
            let text = text(&mut random);
            let expected = theirs.is_match(&text);
            assert_eq!(
                ours.describes(&text),
                expected,
                "seed {seed}: `{written}` on {text:?}, by its meaning"
            );
            assert_eq!(
                automaton.accepts(&text),
                expected,
                "seed {seed}: `{written}` on {text:?}, by its automaton"
            );
        }
    }
}

#[test]
// r[attr.pattern.linear]
fn nothing_is_tried_twice() {
    // A backtracking matcher would take longer than the universe has existed for either.
    let text = "a".repeat(1_000_000);
    for written in ["(a*)*b", "(a|aa)+b", "(a|a?)+b"] {
        let automaton = Pattern::parse(written).expect(written).automaton().expect(written);
        assert!(!automaton.accepts(&text), "{written}");
        assert!(automaton.accepts(&format!("{text}b")), "{written}");
    }
}

#[test]
// r[attr.pattern.limit]
fn blow_up_is_an_error_and_told_soon() {
    // The classic one: an automaton that has to remember the last n chars has 2^n states.
    for written in ["(a|b)*a(a|b){30}", "((a{1000}){1000}){1000}", "(.{1000}){20}", "(\\w*a){900}b"] {
        let pattern = Pattern::parse(written).expect(written);
        assert!(pattern.automaton().is_err(), "{written}");
    }
    let fits = Pattern::parse("(a|b)*a(a|b){7}").expect("it reads").automaton().expect("256 states");
    assert!(fits.accepts("aaabbbbbbb") && !fits.accepts("aabbbbbbbb"));
}
