//! `std/json` beside serde_json: what is JSON, what it says, and what hostile documents do.

use crate::{COUNTING, Compiled, Random, growth};
use dot_host::Settings;
use serde_json::{Map, Value as Json, json};

const PROBE: &str = r#"
use std/json

fn told(error: json.JsonError) -> string { "{error.what} at {error.at}, {error.path}" }

/// The document, read and written again.
dot rewrite(text: string) -> result<string, string> {
  json.parse(text).map(json.write).map_err(told)
}

dot rewrite_bytes(bytes: list<u8>) -> result<string, string> {
  json.parse_bytes(bytes).map(|value| json.write_pretty(value)).map_err(told)
}

/// What is wrong with a text that is made here, since it is long.
dot hostile(start: string, unit: string, times: u32) -> string {
  match json.parse("{start}{unit.repeat(times)}") {
    ok(_) => "none"
    err(error) => told(error)
  }
}
"#;

/// A random document.
fn value(random: &mut Random, depth: usize) -> Json {
    match random.below(if depth == 0 { 6 } else { 8 }) {
        0 => Json::Null,
        1 => json!(random.next() & 1 == 0),
        2 => json!(random.next() as i64 >> random.below(64)),
        3 => json!(random.next() as f64 / 3.0),
        4 => Json::from(f64::from_bits(random.next())),
        5 => json!(text(random)),
        6 => (0..random.below(5)).map(|_| value(random, depth - 1)).collect(),
        _ => (0..random.below(5))
            .map(|_| (text(random), value(random, depth - 1)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

fn text(random: &mut Random) -> String {
    let chars = ["a", "\"", "\\", "\n", "\u{1}", "é", "😀", "/", "\u{7f}", "\u{2028}", "{", ":"];
    (0..random.below(6)).map(|_| random.pick(&chars)).collect()
}

#[test]
fn documents_say_what_they_say_to_serde() {
    let compiled = Compiled::new(PROBE);
    let mut random = Random(1);
    for _ in 0..dot_tests::rounds(500, 5_000, 50_000) {
        let document = value(&mut random, 4);
        let text = if random.below(2) == 0 { document.to_string() } else { format!("{document:#}") };
        let written = compiled.call("rewrite", &[json!(text)]);
        let written = written["ok"].as_str().unwrap_or_else(|| panic!("{text}: {written}"));
        assert_eq!(serde_json::from_str::<Json>(written).expect("JSON"), document, "{text}");
    }
}

/// Whether somebody else takes these bytes for JSON; nothing where the two differ on purpose.
fn is_json(bytes: &[u8]) -> Option<bool> {
    let is_json = serde_json::from_slice::<Json>(bytes).is_ok();
    // serde_json takes an object's last member of a name; ours wants one of each name.
    let mut names = serde_json::Deserializer::from_slice(bytes);
    let unique = <Unique as serde::Deserialize>::deserialize(&mut names).is_ok();
    (is_json == unique).then_some(is_json)
}

/// A document whose objects have each name once.
struct Unique;

impl<'de> serde::Deserialize<'de> for Unique {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Unique, D::Error> {
        deserializer.deserialize_any(Unique)
    }
}

impl<'de> serde::de::Visitor<'de> for Unique {
    type Value = Unique;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
        while items.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut members: A) -> Result<Unique, A::Error> {
        let mut seen = std::collections::BTreeSet::new();
        while let Some((name, Unique)) = members.next_entry::<String, Unique>()? {
            if !seen.insert(name) {
                return Err(serde::de::Error::custom("a name twice"));
            }
        }
        Ok(Unique)
    }
}

#[test]
fn what_is_json_is_json_to_both() {
    let compiled = Compiled::new(PROBE);
    let mut random = Random(2);
    let parts: [&[u8]; 22] = [
        b"\"",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"0",
        b"-",
        b".",
        b"e",
        b"+",
        b" ",
        b"\n",
        b"\\u",
        b"d800",
        b"true",
        b"nul",
        b"\xff",
        b"\x00",
        b"\xc3\xa9",
    ];
    let (mut good, mut bad) = (0, 0);
    for _ in 0..dot_tests::rounds(3_000, 30_000, 300_000) {
        let mut bytes = value(&mut random, 2).to_string().into_bytes();
        for _ in 0..random.below(4) {
            let at = random.below(bytes.len() + 1);
            let end = at + random.below(3).min(bytes.len() - at);
            let part = if random.below(3) == 0 { &[] } else { random.pick(&parts) };
            bytes.splice(at..end, part.iter().copied());
        }
        let Some(expected) = is_json(&bytes) else { continue };
        let found = compiled.call("rewrite_bytes", &[json!(bytes)]);
        assert_eq!(found.get("ok").is_some(), expected, "{}: {found}", String::from_utf8_lossy(&bytes));
        if expected {
            let text = found["ok"].as_str().expect("a text");
            let (ours, theirs) = (serde_json::from_str::<Json>(text), serde_json::from_slice::<Json>(&bytes));
            assert_eq!(ours.expect("JSON"), theirs.expect("JSON"));
        }
        *(if expected { &mut good } else { &mut bad }) += 1;
    }
    assert!(good > 300 && bad > 300, "{good} good, {bad} bad");
}

#[test]
fn hostile_documents_get_an_error_with_a_place() {
    let compiled = Compiled::new(PROBE);
    let nested = format!("TooDeep at 500, {}", "/0".repeat(500));
    let cases = [
        (("", "[", 10_000_000), nested.as_str()),
        (("1", "0", 10_000), "NumberTooLarge at 0, "),
        (("[\"", "a", 10_000_000), "UnexpectedEnd at 10000002, /0"),
        (("{\"a\":1", ",\"a\":1", 1), "DuplicateName at 7, /a"),
        (("[\"", "\\ud800", 1), "LoneSurrogate at 2, /0"),
        (("-", "-", 1_000_000), "BadNumber at 0, "),
        (("[1e", "9", 100_000), "NumberTooLarge at 1, /0"),
    ];
    for ((start, unit, times), expected) in cases {
        let found = compiled.call("hostile", &[json!(start), json!(unit), json!(times)]);
        assert_eq!(found, expected);
    }
}

#[test]
fn reading_takes_time_by_the_length() {
    let compiled = Compiled::with(PROBE, COUNTING, Settings::default());
    for (start, unit) in
        [("[1", ",1"), ("[", "[],"), ("\"", "\\n"), ("[0.", "1"), ("", " "), ("[\"", "é\",\"")]
    {
        let cost = |times: u32| compiled.fuel("hostile", &[json!(start), json!(unit), json!(times)]);
        let growth = growth(&[cost(500), cost(1000), cost(2000), cost(4000)]);
        assert!(growth < 2.2, "{start}{unit}: {growth}");
    }
}
