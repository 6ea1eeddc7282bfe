//! `std/regex` beside the crate `regex`: the same matches and groups, and time that doesn't explode.

use crate::{COUNTING, Compiled, Random, growth};
use dot_host::Settings;
use serde_json::{Value as Json, json};

const PROBE: &str = r#"
use std/regex.{Match, Regex}

fn groups(found: Match, count: u32) -> list<option<string>> {
  list.generate(count, |n| found.group(n))
}

/// The groups of all matches; an error where it is no pattern.
dot search(pattern: string, text: string, count: u32) -> result<list<list<option<string>>>, string> {
  match Regex.parse(pattern) {
    ok(regex) => ok(regex.find_all(text).map(|found| groups(found, count)))
    err(error) => err("{error}")
  }
}

dot fits(pattern: string, text: string) -> bool {
  Regex.parse(pattern).unwrap().is_match(text)
}
"#;

/// A random pattern that both understand, and that means the same to both on texts of [`CHARS`].
fn pattern(random: &mut Random, depth: usize) -> String {
    let atoms = [
        "a", "b", "1", "_", "→", ".", "^", "$", r"\b", r"\B", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S",
        "[ab]", "[^a]", r"[\d_]", r"[^\w]", "[a-c1-]", r"\n",
    ];
    if depth == 0 {
        return random.pick(&atoms).to_owned();
    }
    let inner = |random: &mut Random| pattern(random, depth - 1);
    match random.below(8) {
        0 | 1 => inner(random) + &inner(random),
        2 => format!("{}|{}", inner(random), inner(random)),
        3 => format!("({})", inner(random)),
        4 => format!("(?:{})", inner(random)),
        5 => {
            let counts = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{1,}"];
            format!("(?:{}){}", inner(random), random.pick(&counts))
        }
        6 => format!("({}){}", inner(random), random.pick(&["*", "+", "?"])),
        _ => inner(random),
    }
}

const CHARS: [&str; 8] = ["a", "b", "c", "1", "_", " ", "\n", "→"];

fn text(random: &mut Random) -> String {
    (0..random.below(9)).map(|_| random.pick(&CHARS)).collect()
}

#[test]
fn matches_are_those_of_the_crate() {
    let compiled = Compiled::new(PROBE);
    let mut random = Random(1);
    for _ in 0..dot_tests::rounds(2_000, 10_000, 100_000) {
        let flags = random.pick(&["", "", "", "(?i)", "(?m)", "(?s)", "(?ms)"]);
        let pattern = format!("{flags}{}", pattern(&mut random, 3));
        let Ok(regex) = regex::Regex::new(&pattern) else { panic!("{pattern}: not for the crate") };
        for _ in 0..2 {
            let text = text(&mut random);
            let expected: Vec<Vec<Option<&str>>> = regex
                .captures_iter(&text)
                .map(|found| found.iter().map(|group| group.map(|group| group.as_str())).collect())
                .collect();
            let found = compiled.call("search", &[json!(pattern), json!(text), json!(regex.captures_len())]);
            assert_eq!(found["ok"], json!(expected), "{pattern:?} on {text:?}: {found}");
        }
    }
}

/// Each takes a machine that tries one way after the other time that doubles with every char.
#[test]
fn explosive_patterns_take_time_by_the_length() {
    let compiled = Compiled::with(PROBE, COUNTING, Settings::default());
    for pattern in ["(a*)*b", "(a+)+b", "(a|a)*b", "(a|a?)+b", "((a*)*)*b", "(.*a){3}b", "(?:a?){20}a{20}b"] {
        let cost = |len: usize| compiled.fuel("fits", &[json!(pattern), Json::from("a".repeat(len))]);
        let growth = growth(&[cost(200), cost(400), cost(800), cost(1600)]);
        // A search that fails begins at every char, but all at once: twice the text, twice the time.
        assert!(growth < 2.2, "{pattern}: {growth}");
    }
}
