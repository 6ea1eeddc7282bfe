//! What a diagnostic looks like on a terminal and in JSON. The expectations are written by hand.

use dot_diagnostics::json::to_json;
use dot_diagnostics::render::{Colour, render};
use dot_diagnostics::{Diagnostic, FileId, Sources, Span, TextRange, codes};

fn sample() -> (Sources, Diagnostic<FileId>) {
    let mut sources = Sources::new();
    let shapes = sources.add("shapes.dot", "record Ä {}\n");
    let main = sources.add("main.dot", "dot f() {\n  ä + 1;\n}\n");
    let diagnostic = Diagnostic::error_at(codes::UNEXPECTED_TOKEN, "no `;` here", TextRange::new(18, 19))
        .with_message("remove this")
        .with_note("A new line ends a statement.")
        .with_fix("remove the `;`", Span::new((), TextRange::new(18, 19)), "")
        .map_anchor(|()| main)
        .with_label(Span::new(shapes, TextRange::new(7, 9)), "not this");
    (sources, diagnostic)
}

#[test]
fn on_a_terminal_without_colour() {
    let (sources, diagnostic) = sample();
    let expected = "\
error[unexpected-token]: no `;` here
  ┌─ main.dot:2:8
  │
2 │   ä + 1;
  │        ^ remove this
  │
  ┌─ shapes.dot:1:8
  │
1 │ record Ä {}
  │        - not this
  │
  = A new line ends a statement.
  = fix: remove the `;`

";
    assert_eq!(render(&sources, &[diagnostic], Colour::Never), expected);
}

#[test]
fn colour_adds_escape_sequences_and_nothing_else() {
    let (sources, diagnostic) = sample();
    let plain = render(&sources, std::slice::from_ref(&diagnostic), Colour::Never);
    let coloured = render(&sources, &[diagnostic], Colour::Always);
    assert_ne!(plain, coloured);
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        stripped.push_str(before);
        rest = after.split_once('m').expect("an SGR sequence ends in m").1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
}

#[test]
// r[diag.json]
fn in_json_with_byte_columns() {
    let (sources, diagnostic) = sample();
    let json = serde_json::to_value(to_json(&sources, &[diagnostic])).expect("plain data");
    // `ä` is two bytes, so the `;` is the ninth byte of line 2: 10 + 8 = offset 18.
    let place = serde_json::json!({
        "file": "main.dot",
        "start": { "offset": 18, "line": 2, "column": 9 },
        "end": { "offset": 19, "line": 2, "column": 10 },
    });
    let mut expected = place.clone();
    let fields = expected.as_object_mut().expect("an object");
    fields.insert("code".into(), "unexpected-token".into());
    fields.insert("severity".into(), "error".into());
    fields.insert("title".into(), "no `;` here".into());
    fields.insert("message".into(), "remove this".into());
    fields.insert("notes".into(), serde_json::json!(["A new line ends a statement."]));
    let mut edit = place;
    edit.as_object_mut().expect("an object").insert("replacement".into(), "".into());
    fields.insert("fix".into(), serde_json::json!({ "title": "remove the `;`", "edits": [edit] }));
    let label = serde_json::json!({
        "file": "shapes.dot",
        "start": { "offset": 7, "line": 1, "column": 8 },
        "end": { "offset": 9, "line": 1, "column": 10 },
        "message": "not this",
    });
    fields.insert("labels".into(), serde_json::json!([label]));
    assert_eq!(json, serde_json::json!([expected]));
}

#[test]
fn a_span_beyond_the_file_or_inside_a_character_is_shown_all_the_same() {
    let mut sources = Sources::new();
    let file = sources.add("a.dot", "ä");
    for range in [TextRange::new(1, 1), TextRange::new(0, 1), TextRange::new(7, 9)] {
        let diagnostic = Diagnostic::error(codes::OUTSIDE_ITEM, "text", Span::new(file, range));
        assert!(render(&sources, std::slice::from_ref(&diagnostic), Colour::Never).contains("a.dot:1"));
        assert_eq!(to_json(&sources, &[diagnostic]).len(), 1);
    }
}
