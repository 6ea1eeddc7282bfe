//! What `dotc` tells of a workspace: checks with fixes and as JSON, effects, interfaces.
// r[cli.build.workspace]

mod support;

use support::Folder;

const CLOCK: &str = "wasi:clocks/monotonic-clock@0.2.12";

/// `acme:base`, which `acme:app` stands on, and `acme:tool`, which stands alone.
fn workspace(name: &str) -> Folder {
    let folder = Folder::new(&format!("members-{name}"));
    folder.write("Dot.toml", "[workspace]\nmembers = [\"packages/*\"]\n");
    folder.package("packages/base", "base", "1.0.0", "", "pub fn base() -> u32 { 1 }\n");
    folder.package(
        "packages/app",
        "app",
        "0.1.0",
        "\"acme:base\" = { path = \"../base\" }\n",
        "use base/main as base\ndot d() -> u32 { base.base() }\n",
    );
    let tool = format!("use {CLOCK} as clock\ndot now() -> u64 uses clock {{ clock.now() }}\n");
    folder.package("packages/tool", "tool", "1.0.0", "", &tool);
    folder
}

#[test]
// r[cli.check], r[diag.json]
fn diagnostics_are_one_a_line_each_told_once() {
    let folder = workspace("json");
    assert_eq!(folder.dotc(&["check", ".", "--format", "json"]).out, "");
    folder.write("packages/base/src/main.dot", "pub fn base() -> u32 { wrong }\n");
    folder.write("packages/tool/src/main.dot", "dot now() -> u64 { alsowrong }\n");
    let ran = folder.dotc(&["check", ".", "--format", "json"]);
    assert_eq!(ran.code, Some(65));
    let files: Vec<&str> = ran
        .out
        .lines()
        .map(|line| {
            assert!(line.starts_with('{') && line.contains("\"code\":\"unknown-name\""), "{line}");
            line.split("\"file\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a file")
        })
        .collect();
    assert_eq!(files, ["packages/base/src/main.dot", "packages/tool/src/main.dot"], "{}", ran.out);
}

#[test]
// r[cli.check]
fn fixes_are_written_in_every_member() {
    let folder = workspace("fix");
    // `sum` has to be a variable; the name and the type are wrong in the other two.
    let base = "pub fn base() -> u32 {\n  let sum: u32 = 0\n  for n in [1, 2] { sum += n }\n  sum\n}\n";
    folder.write("packages/base/src/main.dot", base);
    folder.write("packages/app/src/main.dot", "use base/main as base\ndot d() -> u32 { base.bese() }\n");
    folder.write(
        "packages/tool/src/main.dot",
        format!("use {CLOCK} as clock\ndot now() -> u64 {{ clock.now() }}\n"),
    );
    assert_eq!(folder.dotc(&["check", "."]).code, Some(65));
    let ran = folder.dotc(&["check", ".", "--fix"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.err.matches("fixed ").count(), 3, "{}", ran.err);
    assert_eq!(folder.read("packages/base/src/main.dot"), base.replace("let sum", "var sum"));
    assert_eq!(
        folder.read("packages/app/src/main.dot"),
        "use base/main as base\ndot d() -> u32 { base.base() }\n"
    );
    assert!(folder.read("packages/tool/src/main.dot").contains("-> u64 uses clock {"));
    assert_eq!(folder.told(0, &["check", "."]), "");
    // What no fix mends is left.
    folder.write("packages/tool/src/main.dot", "dot now() -> u64 { completely_unknown_thing() }\n");
    let ran = folder.dotc(&["check", ".", "--fix", "--format", "json"]);
    assert_eq!((ran.code, ran.out.lines().count()), (Some(65), 1), "{}", ran.out);
}

#[test]
// r[cli.effects], r[cli.effects.bytes]
fn effects_are_told_member_by_member() {
    let folder = workspace("effects");
    let ran = folder.dotc(&["effects", "."]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let parts: Vec<&str> = ran.out.split("\n\n").collect();
    let at = |text: &str| ran.out.find(text).unwrap_or_else(|| panic!("{text}\n{}", ran.out));
    assert!(at("acme:app (packages/app)\nmain.d: pure\n") < at("acme:base (packages/base)\n"));
    assert!(
        at("acme:base (") < at(&format!("acme:tool (packages/tool)\nmain.now\n  uses {CLOCK}\n    now\n"))
    );
    assert_eq!(ran.out.matches("bytes, optimised and stripped").count(), 2, "{parts:?}");
    let json = folder.dotc(&["effects", ".", "--format", "json"]).out;
    assert_eq!(json.lines().count(), 1);
    assert!(json.starts_with("{\"members\":[{"), "{json}");
    for part in
        ["\"package\":\"acme:app\"", "\"folder\":\"packages/tool\"", "\"function\":\"now\"", "\"total\":"]
    {
        assert!(json.contains(part), "{part}\n{json}");
    }
    folder.write("packages/base/src/main.dot", "pub fn base() -> u32 { wrong }\n");
    let ran = folder.dotc(&["effects", "."]);
    assert_eq!((ran.code, ran.err.matches("error[").count()), (Some(65), 1), "{}", ran.err);
    assert!(ran.out.contains("main.now\n"), "{}", ran.out);
}

#[test]
// r[cli.wit]
fn interfaces_are_told_member_by_member() {
    let folder = workspace("wit");
    let ran = folder.dotc(&["wit", "."]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    for part in [
        "// acme:app (packages/app)\npackage acme:app@0.1.0;",
        "// acme:base (packages/base)\n",
        "d: func() -> u32;",
        &format!("import {CLOCK};"),
    ] {
        assert!(ran.out.contains(part), "{part}\n{}", ran.out);
    }
    let json = folder.dotc(&["wit", ".", "--format", "json"]).out;
    assert!(json.starts_with("{\"members\":[{") && json.contains("d: func() -> u32;"), "{json}");
    let json = folder.dotc(&["wit", "packages/app", "--format", "json"]).out;
    assert!(json.contains("\"package\":\"acme:app\"") && json.contains("d: func() -> u32;"), "{json}");
    folder.write("packages/tool/src/main.dot", "dot now() -> u64 { wrong }\n");
    let ran = folder.dotc(&["wit", "."]);
    assert!(
        ran.code == Some(65) && ran.out.contains("d: func() -> u32;") && ran.err.contains("unknown-name")
    );
}

#[test]
// r[cli.update]
fn versions_of_a_workspace_are_chosen_anew() {
    let folder = workspace("update");
    folder.write("Dot.toml", "[workspace]\nmembers = [\"packages/*\"]\n[registry]\npath = \"registry\"\n");
    let version = |version: &str| {
        let number = format!("registry/acme/units/{version}");
        folder.package(&number, "units", version, "", "pub fn units() -> u32 { 1 }\n");
    };
    version("1.0.0");
    let needs = "\"acme:units\" = \"1\"\n";
    folder.package(
        "packages/base",
        "base",
        "1.0.0",
        needs,
        "use units/main as units\npub fn base() -> u32 { units.units() }\n",
    );
    assert_eq!(folder.told(0, &["check", "."]), "");
    version("1.1.0");
    assert_eq!(folder.told(0, &["check", "."]), "");
    assert!(folder.read("Dot.lock").contains("1.0.0\"\nhash"));
    assert_eq!(folder.told(0, &["update", "."]), "");
    assert!(folder.read("Dot.lock").contains("1.1.0\"\nhash"), "{}", folder.read("Dot.lock"));
}

#[test]
// r[package.feature]
fn a_feature_that_nothing_needs_is_told_at_the_manifest() {
    let folder = workspace("feature");
    let manifest = folder.read("packages/app/Dot.toml");
    let with = |features: &str| {
        folder.write("packages/app/Dot.toml", manifest.replacen("\n\n", &format!("\n{features}\n\n"), 1))
    };
    with("features = [\"maps\", \"fixed-length-lists\"]");
    for path in [".", "packages/app"] {
        let told = folder.told(0, &["check", path]);
        for part in [
            "warning[unneeded-feature]: the feature `maps` is not needed",
            "the feature `fixed-length-lists` is not needed",
            "packages/app/Dot.toml:4:13",
        ] {
            assert!(told.contains(part), "{part}\n{told}");
        }
    }
    // What a dot shows, or a function that is called, needs it.
    folder
        .write("packages/app/src/main.dot", "dot d(xs: list<u8, 2>) -> map<string, u8> { [\"a\": xs[0]] }\n");
    assert_eq!(folder.told(0, &["check", "packages/app"]), "");
    folder.write(
        "packages/app/wit/t.wit",
        "package acme:t@1.0.0;\ninterface t { all: func() -> map<string, u32>; }\n",
    );
    let call = "use acme:t/t@1.0.0 as t\npub fn all() -> u32 uses t { t.all().len() }\n";
    folder.write("packages/app/src/main.dot", call);
    with("features = [\"maps\"]");
    assert_eq!(folder.told(0, &["check", "packages/app"]), "");
}
