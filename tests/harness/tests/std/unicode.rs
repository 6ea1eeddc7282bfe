//! `std/unicode` beside Unicode's own test file and Rust's case mappings.

use crate::{Compiled, Random};
use serde_json::{Value as Json, json};

const PROBE: &str = r#"
use std/unicode
dot split(texts: list<string>) -> list<list<string>> { texts.map(|text| text.graphemes()) }
dot upper(texts: list<string>) -> list<string> { texts.map(|text| unicode.to_upper(text)) }
dot lower(texts: list<string>) -> list<string> { texts.map(|text| unicode.to_lower(text)) }
"#;

/// `÷ 0020 × 0308 ÷ 000D ÷`: graphemes between `÷`.
fn case(line: &str) -> Vec<String> {
    let grapheme = |part: &str| {
        let codes = part.split('×').map(|code| u32::from_str_radix(code.trim(), 16).expect("a code point"));
        codes.map(|code| char::from_u32(code).expect("a char")).collect::<String>()
    };
    line.split('÷').map(str::trim).filter(|part| !part.is_empty()).map(grapheme).collect()
}

#[test]
fn graphemes_are_those_of_unicodes_test() {
    let compiled = Compiled::new(PROBE);
    let file = include_str!("grapheme_break_test.txt");
    let cases: Vec<Vec<String>> = file.lines().filter(|line| !line.starts_with('#')).map(case).collect();
    assert!(cases.len() > 700, "{}", cases.len());
    let texts: Vec<String> = cases.iter().map(|case| case.concat()).collect();
    let found = compiled.call("split", &[json!(texts)]);
    for (case, found) in cases.iter().zip(found.as_array().expect("a list")) {
        assert_eq!(found, &json!(case));
    }
}

/// Chars whose case Rust's version of Unicode knows as well as ours.
#[test]
fn cases_are_those_of_rust() {
    let compiled = Compiled::new(PROBE);
    let chars: Vec<char> = (0..=0x1_ffff).filter_map(char::from_u32).collect();
    let texts: Vec<String> = chars.iter().map(|c| format!("a{c}b")).collect();
    let (upper, lower) = (compiled.call("upper", &[json!(texts)]), compiled.call("lower", &[json!(texts)]));
    let mut differ = Vec::new();
    for (text, (upper, lower)) in
        texts.iter().zip(upper.as_array().expect("a list").iter().zip(lower.as_array().expect("a list")))
    {
        if *upper != json!(text.to_uppercase()) || *lower != json!(text.to_lowercase()) {
            differ.push((text, upper, lower));
        }
    }
    // Letters that are newer than one of the two.
    let most = if char::UNICODE_VERSION.0 == 16 { 0 } else { 60 };
    assert!(differ.len() <= most, "{}: {:?}", differ.len(), &differ[..differ.len().min(5)]);
    let mut random = Random(1);
    let parts = ["Σ", "α", "Α", "'", "\u{301}", " ", "ß", "İ", ".", "1", "ŉ"];
    let words: Vec<String> =
        (0..2000).map(|_| (0..random.below(7)).map(|_| random.pick(&parts)).collect()).collect();
    let expected: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    assert_eq!(compiled.call("lower", &[json!(words)]), Json::from(expected));
}
