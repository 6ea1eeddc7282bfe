//! Texts before and after, written by hand. Each file of `golden` has both, with a line of `=` between them.

use dot_format::{apply, format, format_range, line_edits, unified_diff};
use std::path::Path;

#[test]
fn golden_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, after) = text.split_once("\n==========\n").expect("a line of ten `=`");
        let before = format!("{before}\n");
        count += 1;
        match format(&before) {
            Ok(formatted) if formatted == after => {}
            Ok(formatted) => {
                wrong.push(format!("{}\n{}", path.display(), unified_diff("", after, &formatted)));
            }
            Err(errors) => wrong.push(format!("{}: {errors:?}", path.display())),
        }
        if format(after).as_deref() != Ok(after) {
            wrong.push(format!("{}: what comes out is formatted again", path.display()));
        }
    }
    assert!(count >= 10, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_with_errors_is_refused() {
    let errors = format("fn f( {\n").unwrap_err();
    assert!(!errors.is_empty());
    assert!(format("let x = 1\n").is_err(), "what belongs to no item");
}

#[test]
fn a_range_formats_what_it_touches() {
    let text = "fn a()  {\n   f( 1 )\n   g( 2 )\n}\nfn b()  { }\nfn broken( {\n";
    let at = |what: &str| {
        let start = text.find(what).unwrap();
        dot_diagnostics::TextRange::from_usize(start, start + what.len())
    };
    let edits = format_range(text, at("g( 2 )")).unwrap();
    let after = apply(text, &edits);
    assert!(after.contains("\n  g(2)\n"), "{after}");
    assert!(after.contains("fn b()  { }"), "another item is left alone: {after}");
    assert!(format_range(text, at("broken")).is_err());
    let all = format_range(text, at("fn b()  { }")).unwrap();
    assert_eq!(apply(text, &all), text.replace("fn b()  { }", "fn b() {}"));
}

#[test]
fn edits_are_whole_lines_and_few() {
    let before = "a\nb\nc\nd\n";
    let edits = line_edits(before, "a\nB\nc\nd\ne\n");
    assert_eq!(edits.len(), 2);
    assert_eq!((edits[0].range.start, edits[0].range.end), (2, 4));
    assert_eq!(edits[0].replacement, "B\n");
    assert_eq!((edits[1].range.start, edits[1].replacement.as_str()), (8, "e\n"));
    assert_eq!(apply(before, &edits), "a\nB\nc\nd\ne\n");
}

#[test]
fn what_is_not_text_of_programs() {
    assert_eq!(format("").as_deref(), Ok(""));
    assert_eq!(format("\n\n").as_deref(), Ok(""));
    assert_eq!(format("\u{feff}// c\r\n\r\n\r\nfn f() {}\r\n").as_deref(), Ok("// c\n\nfn f() {}\n"));
    assert_eq!(format("//! What it is.\nfn f() {}").as_deref(), Ok("//! What it is.\n\nfn f() {}\n"));
}
