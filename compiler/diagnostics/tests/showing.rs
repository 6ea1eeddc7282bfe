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

/// A file of three lines, the second a megabyte and more: 500,000 `a`, ` bad `, 600,000 `b`.
fn a_long_line() -> (Sources, FileId, u32) {
    let mut sources = Sources::new();
    let text = format!("first\n{} bad {}\nlast\n", "a".repeat(500_000), "b".repeat(600_000));
    let file = sources.add("long.dot", text);
    (sources, file, 6 + 500_000 + 1)
}

#[test]
fn of_a_long_line_the_part_around_the_label_is_shown() {
    let (sources, file, at) = a_long_line();
    let diagnostic = Diagnostic::error_at(codes::UNEXPECTED_TOKEN, "not here", TextRange::new(at, at + 3))
        .with_message("this")
        .map_anchor(|()| file);
    let shown = render(&sources, &[diagnostic], Colour::Never);
    let expected = format!(
        "error[unexpected-token]: not here\n  ┌─ long.dot:2:500002\n  │\n2 │ …{} bad {}…\n  │ {}^^^ this\n\n",
        "a".repeat(59),
        "b".repeat(156),
        " ".repeat(61),
    );
    assert_eq!(shown, expected);
}

#[test]
fn labels_that_reach_over_long_lines_and_out_of_what_is_shown_stay_short() {
    let (sources, file, at) = a_long_line();
    let end = sources.text(file).len() as u32;
    for (from, to) in [(0, end), (3, at), (at, end), (7, end - 2), (at + 500_000, at + 500_001)] {
        let related = Span::new(file, TextRange::new(7, 8));
        let diagnostic = Diagnostic::error_at(codes::UNEXPECTED_TOKEN, "here", TextRange::new(from, to))
            .map_anchor(|()| file)
            .with_label(related, "and there");
        let shown = render(&sources, &[diagnostic], Colour::Never);
        assert!(shown.len() < 4_000, "{from}..{to}: {} bytes", shown.len());
    }
}

#[test]
fn a_message_with_a_name_of_a_megabyte_keeps_both_ends() {
    let mut sources = Sources::new();
    let file = sources.add("a.dot", "x\n");
    let title = format!("there is no `{}` here", "ä".repeat(500_000));
    let diagnostic =
        Diagnostic::error_at(codes::UNKNOWN_NAME, title, TextRange::new(0, 1)).map_anchor(|()| file);
    let shown = render(&sources, &[diagnostic], Colour::Never);
    assert!(shown.starts_with("error[unknown-name]: there is no `ää"), "{shown}");
    assert!(shown.contains("ä…ä") && shown.contains("ä` here\n"), "{shown}");
    assert!(shown.len() < 1_000, "{} bytes", shown.len());
}
