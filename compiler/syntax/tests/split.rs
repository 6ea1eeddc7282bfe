//! Where items begin and end, and how far a mistake spreads.

use dot_syntax::{ItemKind, parse, split};

/// Items whose text holds what is hard to split around: strings with braces and item words, all brackets.
const SAMPLE: &str = r#"//! A module.
use std/http.{Request, Response}
use wasi:keyvalue/store@0.2.0 as kv

/// A point.
@unit("m")
pub record Point<T> { x: T, y: list<T> = [] }

enum Side { Left, Right }
const ORIGIN: Point<f64> = { x: 0.0, y: [1.0] }

/// Adds.
@get("/add/{n}")
dot add(n: u32, @pattern(r"^[a-z{]+$") s: string = "a{b}") -> result<u32, string> uses kv {
  let m = { x: n, y: [n] }
  match s {
    "" => err("empty: {n} of {f("x", [n])}")
    "({tail}" => ok(n + 1)
    _ => ok(f(s, [m.x, '(', '\'']))
  }
}

fn page() -> string {
  """
    fn not_an_item()
record Nor this
    \{ "quoted"
  """
}

fn f(s: string, xs: list<u32>) -> u32 {
  for x in xs { if x > 1 { return x } }
  0
}

test "adding" (n: u32) {
  with kv.get = |key| none { assert add(n) is ok(_) }
}
"#;

fn names(text: &str) -> Vec<String> {
    split(text)
        .chunks
        .into_iter()
        .map(|chunk| format!("{:?} {}", chunk.kind, chunk.name.unwrap_or_default()))
        .collect()
}

#[test]
fn the_sample_is_nine_items_without_errors() {
    let expected = [
        "Use http",
        "Use kv",
        "Record Point",
        "Enum Side",
        "Const ORIGIN",
        "Dot add",
        "Fn page",
        "Fn f",
        "Test adding",
    ];
    assert_eq!(names(SAMPLE), expected);
    assert_eq!(parse(SAMPLE).all_errors(), []);
    assert_eq!(split(SAMPLE).outside, []);
    assert_eq!(parse(SAMPLE).module_docs[0].text, "A module.");
}

#[test]
fn docs_attributes_and_modifiers_belong_to_their_item() {
    let split = split(SAMPLE);
    let text = |index: usize| split.chunks[index].range.slice(SAMPLE);
    assert!(text(2).starts_with("/// A point.\n@unit(\"m\")\npub record") && text(2).ends_with("= [] }"));
    assert!(text(5).starts_with("/// Adds.\n@get(\"/add/{n}\")\ndot add") && text(5).ends_with("  }\n}"));
}

/// Deletes brackets and quotes of a program in turn, one in `step`: items other than the one with the
/// deletion come out as they were. Gives the number of deletions.
fn delete_marks(program: &str, step: usize) -> usize {
    let whole = parse(program);
    let marks = program.char_indices().filter(|(_, c)| "()[]{}\"'".contains(*c)).step_by(step);
    let mut deletions = 0;
    for (at, mark) in marks {
        let home = whole.items.iter().position(|(chunk, _)| chunk.range.touches(at as u32));
        let mut text = program.to_owned();
        text.remove(at);
        let broken = parse(&text);
        for (index, (chunk, parsed)) in whole.items.iter().enumerate() {
            let survives = || {
                broken.items.iter().any(|(other, again)| {
                    other.name == chunk.name && other.kind == chunk.kind && again == parsed
                })
            };
            assert!(
                Some(index) == home || survives(),
                "without the {mark} at {at}, {:?} {:?} is spoilt",
                chunk.kind,
                chunk.name
            );
        }
        deletions += 1;
    }
    deletions
}

#[test]
fn one_missing_bracket_or_quote_spoils_one_item() {
    let deletions = delete_marks(SAMPLE, 1);
    assert!(deletions > 100, "the sample has many marks, and {deletions} were deleted");
}

#[test]
fn one_missing_bracket_or_quote_spoils_one_item_of_the_sample_programs() {
    let Ok(shared) = std::env::var("DOT_SHARED") else {
        eprintln!("skipped: DOT_SHARED is not set");
        return;
    };
    let mut deletions = 0;
    for entry in std::fs::read_dir(format!("{shared}/language/programs")).expect("the sample programs") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "dot") {
            deletions += delete_marks(&std::fs::read_to_string(path).expect("a program"), 7);
        }
    }
    assert!(deletions > 100, "{deletions}");
}

#[test]
fn an_item_begins_in_the_first_column_at_any_depth() {
    assert_eq!(names("fn a() {\n  if x {\nfn b() {}"), ["Fn a", "Fn b"]);
    assert_eq!(names("fn a() {\n  if x {\n/// B.\n@x(1)\npub fn b() {}"), ["Fn a", "Fn b"]);
    assert_eq!(names("fn a() {\n  fn b() {}\n}"), ["Fn a"]);
}

#[test]
fn outside_brackets_an_item_may_begin_anywhere() {
    assert_eq!(names("enum A { X } enum B { Y }"), ["Enum A", "Enum B"]);
    assert_eq!(names("  fn a() {}\n  fn b() {}"), ["Fn a", "Fn b"]);
    assert_eq!(names("@a fn a() {}"), ["Fn a"]);
    assert_eq!(names("use a/b as record\nrecord C {}"), ["Use record", "Record C"]);
    assert_eq!(names("fn type() {}\nfn Lru.new() {}"), ["Fn type", "Fn new"]);
}

#[test]
fn an_item_that_is_being_written_does_not_spoil_the_one_before() {
    assert_eq!(names("const A: u32 = 1\nfn\nfn b() {}"), ["Const A", "Fn ", "Fn b"]);
}

#[test]
fn what_follows_an_item_is_not_part_of_it() {
    let text = "fn a() {}\nlet x = 1\nuse b\n}\nfn c() {}";
    assert_eq!(names(text), ["Fn a", "Use b", "Fn c"]);
    let outside: Vec<_> = split(text).outside.iter().map(|range| range.slice(text)).collect();
    assert_eq!(outside, ["let x = 1", "}"]);
}

#[test]
fn an_unclosed_indented_string_ends_before_the_next_item() {
    let text = "fn a() {\n  \"\"\"\n  x\n}\n\n/// B.\nfn b() { \"\"\"y\"\"\" }\nfn c() {}";
    assert_eq!(names(text), ["Fn a", "Fn b", "Fn c"]);
    let parsed = parse(text);
    assert!(parsed.items[0].1.errors.iter().any(|error| error.code.as_str() == "unclosed-string"));
    assert_eq!(parsed.items[1].1.errors, []);
    assert!(split(text).chunks[1].range.slice(text).starts_with("/// B."));
}

#[test]
fn every_item_word_begins_its_kind() {
    for kind in [
        ItemKind::Use,
        ItemKind::Export,
        ItemKind::Record,
        ItemKind::Variant,
        ItemKind::Enum,
        ItemKind::Flags,
        ItemKind::Resource,
        ItemKind::Type,
        ItemKind::Const,
        ItemKind::Fn,
        ItemKind::Dot,
        ItemKind::Test,
    ] {
        let name = if kind == ItemKind::Test { "\"a\"" } else { "a" };
        let chunks = split(&format!("{} {name}", kind.keyword())).chunks;
        assert_eq!((chunks.len(), chunks[0].kind), (1, kind));
        assert_eq!(chunks[0].name.as_deref(), Some("a"));
    }
}
