//! The real server, spoken to over its standard streams.

mod support;

use serde_json::json;
use support::{Client, codes, folder, uri, write};

const LONE: &str = "file:///nowhere/lone.dot";

#[test]
fn an_edit_changes_what_is_wrong_and_hover_follows() {
    let mut client = Client::start();
    client.open(LONE, 1, "fn f(a: u8) -> u8 {\n  b\n}\n");
    let wrong = client.diagnostics(LONE, 1);
    assert_eq!(codes(&wrong), ["unknown-name"]);
    assert_eq!(wrong[0]["range"]["start"], json!({ "line": 1, "character": 2 }));
    assert_eq!(client.hover(LONE, 1, 2), None);

    client.edit(LONE, 2, [(1, 2), (1, 3)], "a");
    assert_eq!(client.diagnostics(LONE, 2), [] as [serde_json::Value; 0]);
    assert_eq!(client.hover(LONE, 1, 2).as_deref(), Some("```dot\na: u8\n```\n"));

    client.edit(LONE, 3, [(1, 2), (1, 3)], "\"𝄞\" + a");
    // The string is from 2 to 6: a quote, two UTF-16 units, a quote; `a` is behind ` + `.
    assert!(!client.diagnostics(LONE, 3).is_empty());
    assert_eq!(client.hover(LONE, 1, 9).as_deref(), Some("```dot\na: u8\n```\n"));
    assert_eq!(client.hover(LONE, 1, 2).as_deref(), Some("```dot\nstring\n```\n"));
}

#[test]
fn the_standard_library_is_there() {
    let mut client = Client::start();
    client.open(LONE, 1, "fn f(xs: list<u8>) -> u32 { xs.len() }");
    assert!(client.diagnostics(LONE, 1).is_empty());
    // As it is declared in `stdlib/src/list.dot`.
    let example = "```dot\nassert [1, 2].len() == 2\n```";
    let len = "```dot\nfn len<T: any>(self: list<T>) -> u32\n```\n\n---\nHow many elements there are.";
    let len = format!("{len}\n\n{example}\n");
    assert_eq!(client.hover(LONE, 0, 32).as_deref(), Some(len.as_str()));
}

#[test]
fn of_many_edits_the_last_one_counts() {
    let mut client = Client::start();
    client.open(LONE, 1, "const N: u8 = 1\n");
    // Digits are appended to the number: after each but the last edit it is too large.
    for version in 2..=201 {
        client.edit(LONE, version, [(0, 14), (0, 99)], &format!("{}", version + 1000));
    }
    client.edit(LONE, 202, [(0, 14), (0, 99)], "255");
    assert!(client.diagnostics(LONE, 202).is_empty());
    client.edit(LONE, 203, [(0, 14), (0, 99)], "256");
    assert_eq!(codes(&client.diagnostics(LONE, 203)), ["literal-out-of-range"]);
    let versions: Vec<_> = client.published(LONE).iter().filter_map(|p| p["version"].as_i64()).collect();
    assert!(versions.is_sorted(), "{versions:?}");
}

#[test]
fn a_question_is_answered_for_the_text_it_was_asked_of_or_not_at_all() {
    let mut client = Client::start();
    client.open(LONE, 0, "fn f(a: u8) -> u8 { a }");
    let mut asked = Vec::new();
    for version in 1..=100 {
        asked.push((client.ask_hover(LONE, 0, 5), if version % 2 == 1 { "a: u8" } else { "b: s64" }));
        let next = if version % 2 == 1 { "fn f(b: s64) { b }" } else { "fn f(a: u8) -> u8 { a }" };
        client.replace(LONE, version, next);
    }
    for (id, right) in asked {
        let answer = client.answer(id);
        match answer["error"]["code"].as_i64() {
            // ContentModified
            Some(code) => assert_eq!(code, -32801, "{answer}"),
            None => assert_eq!(answer["result"]["contents"]["value"], format!("```dot\n{right}\n```\n")),
        }
    }
    assert_eq!(client.hover(LONE, 0, 5).as_deref(), Some("```dot\na: u8\n```\n"));
}

#[test]
fn a_cancelled_question_has_one_answer() {
    let mut client = Client::start();
    client.open(LONE, 1, "fn f(a: u8) -> u8 { a }");
    for _ in 0..20 {
        let id = client.ask_hover(LONE, 0, 5);
        client.notify("$/cancelRequest", &json!({ "id": id }));
        let answer = client.answer(id);
        // RequestCancelled, unless the answer was faster.
        let code = answer["error"]["code"].as_i64();
        assert!(code == Some(-32800) || answer["result"]["contents"].is_object(), "{answer}");
    }
    assert!(client.hover(LONE, 0, 5).is_some());
}

#[test]
fn a_broken_file_keeps_answering() {
    let mut client = Client::start();
    let whole = "use std/x.{y}\nrecord R { a: u8 = 1 }\nvariant V { A(s: string), B }\n\
                 fn f(r: R, xs: list<u8>) -> string { match xs { [a, ..] => \"{a} is {r.a}\"\n _ => \"\" } }\n";
    let mut texts: Vec<String> = whole
        .char_indices()
        .filter(|(_, c)| "{}()[]\"<>".contains(*c))
        .map(|(at, _)| format!("{}{}", &whole[..at], &whole[at + 1..]))
        .collect();
    texts.push("{[(\"".repeat(2_000));
    texts.push(format!("fn f() -> u8 {{ {}1", "(".repeat(5_000)));
    // Bytes of a generator by Marsaglia ("Xorshift RNGs", 2003), read as text as well as may be.
    let mut state = 2_463_534_242_u32;
    for _ in 0..20 {
        let bytes: Vec<u8> = (0..400)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                state.to_le_bytes()[0]
            })
            .collect();
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    client.open(LONE, 0, whole);
    for (version, text) in (1i64..).zip(&texts) {
        client.replace(LONE, version, text);
        let id = client.ask_hover(LONE, 3, 5);
        assert!(client.answer(id).get("error").is_none(), "{text}");
    }
    client.replace(LONE, 1_000, "fn f() -> u8 { true }");
    assert_eq!(codes(&client.diagnostics(LONE, 1_000)), ["type-mismatch"]);
}

#[test]
fn packages_are_apart_and_closing_clears() {
    let (one, two) = (folder("apart-one"), folder("apart-two"));
    let manifest = |name: &str| format!("name = \"acme:{name}\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n");
    write(&one, "Dot.toml", &manifest("one"));
    write(&two, "Dot.toml", &manifest("two"));
    let uses = "use one/b\nfn f() -> u8 { b.g() }\n";
    let a = write(&one, "src/a.dot", uses);
    let b = write(&one, "src/b.dot", "fn g() -> u8 { wrong }\n");
    let other = write(&two, "src/a.dot", uses);

    let mut client = Client::start();
    client.open(&a, 1, uses);
    assert!(client.diagnostics(&a, 1).is_empty());
    let of_b =
        client.diagnostics_when(&b, |params| !params["diagnostics"].as_array().expect("a list").is_empty());
    assert_eq!(codes(&of_b), ["unknown-name"], "a file that is not open");
    client.open(&other, 1, uses);
    assert!(!client.diagnostics(&other, 1).is_empty(), "there is no `one` in package `two`");

    client.open(&b, 7, "fn g() -> u8 { 1 }\n");
    assert!(client.diagnostics(&b, 7).is_empty(), "what is in the editor counts");
    assert_eq!(client.hover(&a, 1, 17).as_deref(), Some("```dot\nfn g() -> u8\n```\n"));
    client.close(&b);
    let of_b = client.diagnostics_when(&b, |params| params["version"].is_null());
    assert_eq!(codes(&of_b), ["unknown-name"], "what is on disk counts again");
    client.close(&a);
    assert!(client.diagnostics_when(&b, |p| p["diagnostics"] == json!([])).is_empty(), "all of it is closed");
    assert!(client.diagnostics_when(&a, |p| p["version"].is_null()).is_empty());
    assert!(
        !client.published(&other).last().expect("some")["diagnostics"].as_array().expect("a list").is_empty()
    );
}

#[test]
// r[package.dependency.error]
fn what_is_wrong_in_a_dependency_is_told_at_its_own_file_once() {
    let root = folder("dependency");
    let head = |name: &str| format!("name = \"acme:{name}\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n");
    let on_geo = format!("{}[dependencies]\n\"acme:geo\" = {{ path = \"../geo\" }}\n", head("app"));
    write(&root, "app/Dot.toml", &on_geo);
    write(&root, "geo/Dot.toml", &head("geo"));
    let uses = "use geo/b\ndot f() -> u8 { b.g() }\n";
    let a = write(&root, "app/src/a.dot", uses);
    let b = write(&root, "geo/src/b.dot", "pub fn g() -> u8 { wrong }\n");
    let some = |params: &serde_json::Value| params["diagnostics"] != json!([]);

    let mut client = Client::start();
    client.open(&a, 1, uses);
    assert!(client.diagnostics(&a, 1).is_empty());
    assert_eq!(codes(&client.diagnostics_when(&b, some)), ["unknown-name"], "a file of another package");
    assert_eq!(client.hover(&a, 1, 18).as_deref(), Some("```dot\nfn g() -> u8\n```\n"));
    // In the editor it is another package, and this one's text counts for both.
    client.open(&b, 1, "pub fn g() -> u16 { wrong }\n");
    assert_eq!(codes(&client.diagnostics(&b, 1)), ["unknown-name"], "once");
    assert_eq!(codes(&client.diagnostics_when(&a, some)), ["type-mismatch"]);
    client.replace(&b, 2, "pub fn g() -> u8 { 1 }\n");
    assert!(client.diagnostics(&b, 2).is_empty());
    assert!(client.diagnostics_when(&a, |params| !some(params)).is_empty());
    client.close(&b);
    assert_eq!(codes(&client.diagnostics_when(&b, some)), ["unknown-name"], "what is on disk counts again");
}

#[test]
fn files_come_and_go_on_disk() {
    let root = folder("on-disk");
    let manifest = write(&root, "Dot.toml", "name = \"acme:geo\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n");
    let uses = "use geo/b\nfn f() -> u8 { b.g() }\n";
    let a = write(&root, "src/a.dot", uses);
    let b = write(&root, "src/b.dot", "fn g() -> u8 { 1 }\n");
    let mut client = Client::start();
    client.open(&a, 1, uses);
    assert!(client.diagnostics(&a, 1).is_empty());

    let told = |client: &mut Client, uri: &str, kind: u8| {
        let change = json!({ "uri": uri, "type": kind });
        client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [change] }));
    };
    std::fs::remove_file(root.join("src/b.dot")).expect("it is there");
    told(&mut client, &b, 3);
    let some = |params: &serde_json::Value| params["diagnostics"] != json!([]);
    assert_eq!(codes(&client.diagnostics_when(&a, some)), ["unknown-module"]);
    write(&root, "src/b.dot", "fn g() -> u8 { 2 }\n");
    told(&mut client, &b, 1);
    assert!(client.diagnostics_when(&a, |params| !some(params)).is_empty());

    write(&root, "Dot.toml", "name = \"acme:geo\"\nversion = \"0.1.0\"\nlanguage = 1\n");
    told(&mut client, &manifest, 2);
    let of_manifest = client.diagnostics_when(&manifest, some);
    assert_eq!(of_manifest[0]["range"]["start"]["line"], 2, "{of_manifest:?}");
    assert_eq!(client.diagnostics_when(&a, some).len(), 1, "it is told where someone looks, too");
    client.edit(&a, 2, [(1, 5), (1, 5)], "x: u8");
    client.diagnostics(&a, 2);
    assert_eq!(client.hover(&a, 1, 5).as_deref(), Some("```dot\nx: u8\n```\n"), "and editing goes on");
    write(&root, "Dot.toml", "name = \"acme:geo\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n");
    told(&mut client, &manifest, 2);
    assert!(client.diagnostics_when(&manifest, |params| !some(params)).is_empty());
    assert!(client.diagnostics_when(&a, |params| !some(params)).is_empty());
}

#[test]
fn documents_that_are_no_files_are_checked_too() {
    let mut client = Client::start();
    client.open("untitled:Untitled-1", 1, "fn f() -> u8 { x }");
    assert_eq!(codes(&client.diagnostics("untitled:Untitled-1", 1)), ["unknown-name"]);
    client.open("untitled:Untitled-1", 2, "fn f(x: u8) -> u8 { x }");
    assert!(client.diagnostics("untitled:Untitled-1", 2).is_empty(), "opened twice is replaced");
    assert!(client.hover("untitled:Untitled-1", 0, 5).is_some());
    client.close("untitled:Untitled-1");
    client.diagnostics_when("untitled:Untitled-1", |params| params["version"].is_null());
    assert_eq!(client.hover("untitled:Untitled-1", 0, 5), None);

    let text = uri(&folder("no-source").join("notes.txt"));
    client.open(&text, 1, "fn f() {}");
    assert_eq!(client.diagnostics(&text, 1).len(), 1, "not a `.dot` file");
}

#[test]
fn a_document_that_is_too_long_is_refused_aloud() {
    let mut client = Client::start();
    client.open(LONE, 1, &" ".repeat((32 << 20) + 1));
    let refused = client.diagnostics(LONE, 1);
    assert!(refused[0]["message"].as_str().expect("a message").contains("over 32 MiB"), "{refused:?}");
    assert_eq!(client.hover(LONE, 0, 0), None);
    client.replace(LONE, 2, "fn f(x: u8) -> u8 { x }");
    assert!(client.diagnostics(LONE, 2).is_empty());
    assert!(client.hover(LONE, 0, 5).is_some());
}

#[test]
fn messages_that_mean_nothing_are_survived() {
    let mut client = Client::start();
    client.notify("$/setTrace", &json!({ "value": "off" }));
    client.notify("workspace/didChangeConfiguration", &json!({ "settings": {} }));
    client.notify("textDocument/didOpen", &json!({ "textDocument": 1 }));
    client.edit(LONE, 1, [(0, 0), (0, 0)], "never opened");
    client.close(LONE);
    let id = client.request("textDocument/nothing", &json!({}));
    assert_eq!(client.answer(id)["error"]["code"], -32601, "MethodNotFound");
    let id = client.request("textDocument/hover", &json!({ "position": "here" }));
    assert_eq!(client.answer(id)["error"]["code"], -32602, "InvalidParams");
    assert_eq!(client.hover(LONE, 0, 0), None, "not open");
    client.open(LONE, 1, "fn f(x: u8) -> u8 { x }");
    assert!(client.hover(LONE, 0, 5).is_some());
    assert_eq!(client.hover(LONE, 4_000_000_000, 4_000_000_000), None);
}

#[test]
fn the_exit_code_says_whether_the_client_took_its_leave() {
    assert_eq!(Client::start().leave(true), Some(0));
    assert_eq!(Client::start().leave(false), Some(1));
}
