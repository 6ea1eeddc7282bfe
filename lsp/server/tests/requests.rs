//! Requests over the wire: positions count UTF-16 units, and edits reach other files.

mod support;

use serde_json::{Value, json};
use support::{Client, folder, write};

const LONE: &str = "file:///nowhere/lone.dot";

/// The answer to a request about a place.
fn ask(client: &mut Client, method: &str, uri: &str, place: (u32, u32), more: Value) -> Value {
    let mut params = json!({
        "textDocument": { "uri": uri },
        "position": { "line": place.0, "character": place.1 },
    });
    if let (Some(params), Value::Object(more)) = (params.as_object_mut(), more) {
        params.extend(more);
    }
    let id = client.request(&format!("textDocument/{method}"), &params);
    client.answer(id)
}

#[test]
fn places_are_counted_in_utf16() {
    let mut client = Client::start();
    // The clef is two units and four bytes.
    client.open(LONE, 1, "fn f(a: u8) -> string { \"𝄞{a}\" + \"{a}\" }\n");
    let found = ask(&mut client, "definition", LONE, (0, 28), json!({}));
    let start = &found["result"][0]["range"]["start"];
    assert_eq!(*start, json!({ "line": 0, "character": 5 }), "{found}");
    let found =
        ask(&mut client, "references", LONE, (0, 5), json!({ "context": { "includeDeclaration": true } }));
    let places: Vec<u64> = found["result"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|place| place["range"]["start"]["character"].as_u64())
        .collect();
    // `fn f(` is 5; a quote, the clef and a brace follow `{ ` at 24; then `}" + "{`.
    assert_eq!(places, [5, 28, 36]);
}

#[test]
fn a_file_is_formatted_and_mended() {
    let mut client = Client::start();
    client.open(LONE, 1, "fn f(total:u8)->u8{totl}\n");
    client.diagnostics(LONE, 1);
    let range = json!({ "start": { "line": 0, "character": 20 }, "end": { "line": 0, "character": 20 } });
    let more = json!({ "range": range, "context": { "diagnostics": [] } });
    let found = ask(&mut client, "codeAction", LONE, (0, 20), more);
    let edit = &found["result"][0]["edit"]["changes"][LONE][0];
    assert_eq!(edit["newText"], json!("total"), "{found}");
    assert_eq!(found["result"][0]["kind"], json!("quickfix"));
    let options = json!({ "options": { "tabSize": 8, "insertSpaces": true } });
    let found = ask(&mut client, "formatting", LONE, (0, 0), options);
    assert_eq!(found["result"][0]["newText"], json!("fn f(total: u8) -> u8 { totl }\n"), "{found}");
}

#[test]
fn a_rename_reaches_files_that_are_not_open() {
    let root = folder("rename");
    write(&root, "Dot.toml", "name = \"my:app\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n");
    let main = "use app/shapes.{Box}\ndot f() -> u32 { Box { size: 1 }.size }\n";
    let main_uri = write(&root, "src/main.dot", main);
    let shapes = write(&root, "src/shapes.dot", "record Box { size: u32 }\n");
    let mut client = Client::start();
    client.open(&main_uri, 1, main);
    let found = ask(&mut client, "rename", &main_uri, (1, 34), json!({ "newName": "width" }));
    let changes = &found["result"]["changes"];
    assert_eq!(changes[&main_uri].as_array().map(Vec::len), Some(2), "{found}");
    let start = json!({ "line": 0, "character": 13 });
    assert_eq!(changes[&shapes][0]["range"]["start"], start, "{found}");
    let refused = ask(&mut client, "rename", &main_uri, (1, 34), json!({ "newName": "Width" }));
    assert!(refused["error"]["message"].as_str().is_some_and(|why| why.contains("Width")), "{refused}");
}

#[test]
fn what_is_typed_is_completed() {
    let mut client = Client::start();
    client.open(LONE, 1, "record Box { size: u32 }\nfn f(box: Box) -> u32 { box. }\n");
    let found = ask(&mut client, "completion", LONE, (1, 28), json!({}));
    let first = &found["result"][0];
    assert_eq!((&first["label"], &first["detail"]), (&json!("size"), &json!("u32")), "{found}");
    let outline = ask(&mut client, "documentSymbol", LONE, (0, 0), json!({}));
    assert_eq!(outline["result"][0]["children"][0]["name"], json!("size"), "{outline}");
}
