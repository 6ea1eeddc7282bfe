//! `dot new` and `dot inspect`.

#[path = "../../host/tests/support/mod.rs"]
mod support;

use std::path::PathBuf;
use std::process::Command;

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("dot-tools").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder");
    path
}

/// Standard output, standard error and exit code of `dot`, run in a folder.
fn dot(folder: &PathBuf, args: &[&str]) -> (String, String, Option<i32>) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_dot")).args(args).current_dir(folder).output().expect("dot runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
// r[cli.new]
fn what_new_makes_builds_and_tests_green() {
    let folder = folder("new");
    for (path, name) in [("geo", &["--name", "acme:geo"][..]), ("my-tool", &[]), ("lone.dot", &[])] {
        let (out, err, code) = dot(&folder, &[&["new", path], name].concat());
        assert_eq!((err.as_str(), code), ("", Some(0)), "{path}");
        assert!(out.contains(&format!("dot test {path}")), "{out}");
        assert_eq!(
            dot(&folder, &["run", path, "hello", "--name", "Ada"]),
            ("Hello, Ada!\n".into(), String::new(), Some(0))
        );
        let (out, err, code) = dot(&folder, &["test", path]);
        assert_eq!((err.as_str(), code), ("", Some(0)), "{path}: {out}");
        assert!(out.contains('2'), "{out}");
        // What is there is left alone.
        let (_, err, code) = dot(&folder, &["new", path]);
        assert_eq!(code, Some(2));
        assert!(err.contains("is there already"), "{err}");
    }
    let manifest = std::fs::read_to_string(folder.join("geo/Dot.toml")).expect("a manifest");
    assert_eq!(manifest, "name = \"acme:geo\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n");
    let (_, err, code) = dot(&folder, &["new", "Not A Name"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("not a package name") && err.contains("--name"), "{err}");
    assert!(!folder.join("Not A Name").exists());
}

#[test]
// r[cli.new.world]
fn what_new_makes_of_a_world_compiles() {
    let folder = folder("world");
    std::fs::create_dir_all(folder.join("wit/deps")).expect("a folder");
    let app = "package demo:app;
interface store {
  /// A bucket.
  resource bucket { constructor(name: string); get: func(key: string) -> option<string>; }
  use demo:other/types@1.0.0.{item};
  /// All items.
  items: func(of: borrow<bucket>) -> list<item>;
}
world plugin { export store; export run: func() -> bool; }
";
    let other = "package demo:other@1.0.0; interface types { record item { id: u32 } }\n";
    std::fs::write(folder.join("wit/app.wit"), app).expect("a file");
    std::fs::write(folder.join("wit/deps/other.wit"), other).expect("a file");
    let new = ["new", "made", "--name", "acme:made", "--wit", "wit", "--world", "demo:app/plugin"];
    let (_, err, code) = dot(&folder, &new);
    assert_eq!((err.as_str(), code), ("", Some(0)));
    let read = |path: &str| std::fs::read_to_string(folder.join("made").join(path)).expect("a file");
    assert_eq!(read("wit/app.wit"), app);
    assert!(read("Dot.toml").contains("world = \"demo:app/plugin\""));
    let store = read("src/store.dot");
    for part in [
        "export demo:app/store as store",
        "resource Bucket {}",
        "dot Bucket.new(name: string) -> Bucket {",
        "dot get(self: Bucket, key: string) -> option<string> {",
        "/// All items.\ndot store.items(of: Bucket) -> list<store.Item> {",
    ] {
        assert!(store.contains(part), "{part} is not in\n{store}");
    }
    assert!(read("src/plugin.dot").contains("dot plugin.run() -> bool {"));
    // It compiles, and a body that isn't written traps.
    let (_, err, code) = dot(&folder, &["inspect", "made"]);
    assert_eq!((err.as_str(), code), ("", Some(0)));
    let (_, err, code) = dot(&folder, &["run", "made", "run"]);
    assert_eq!(code, Some(134), "{err}");
    assert!(err.contains("`plugin.run` is not written yet"), "{err}");
    let (_, err, code) = dot(&folder, &["new", "other", "--wit", "wit", "--world", "demo:app/plug"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("`demo:app/plugin`"), "{err}");
}

const WIT: &str = "
package acme:tool@1.0.0;
interface api {
  record pair { a: u32, b: u32 }
  greet: func(n: u32) -> u32;
  maybe: func(p: option<pair>, xs: list<string>) -> result<u32, string>;
}
interface types { resource file; }
world w { import wasi:clocks/monotonic-clock@0.2.12; import acme:db/query; export api; }
package wasi:clocks@0.2.12 { interface monotonic-clock { now: func() -> u64; } }
package acme:db { interface query { run: func(n: u32) -> u32; } }
";

fn foreign() -> Vec<u8> {
    support::component(
        WIT,
        &format!(
            r#"(module
              (import "wasi:clocks/monotonic-clock@0.2.12" "now" (func (result i64)))
              (import "acme:db/query" "run" (func (param i32) (result i32)))
              {}
              (func (export "acme:tool/api@1.0.0#greet") (param i32) (result i32) (local.get 0))
              (func (export "acme:tool/api@1.0.0#maybe") (param i32 i32 i32 i32 i32) (result i32) unreachable))"#,
            support::MEMORY
        ),
    )
}

#[test]
// r[cli.inspect]
fn inspect_tells_what_any_component_can_do() {
    let folder = folder("inspect");
    std::fs::write(folder.join("foreign.wasm"), foreign()).expect("a file");
    let (out, err, code) = dot(&folder, &["inspect", "foreign.wasm"]);
    assert_eq!((err.as_str(), code), ("", Some(0)));
    for part in [
        "not pure; it could\n  read the time and wait (--allow clock)\n  call acme:db/query, which no grant of `dot` covers\n",
        "imports\n  wasi:clocks/monotonic-clock@0.2.12\n    now() -> u64\n  acme:db/query\n    run(n: u32) -> u32\n",
        "exports\n  acme:tool/api@1.0.0\n    greet(n: u32) -> u32\n    maybe(p: option<pair>, xs: list<string>) -> result<u32, string>\n",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
    let (out, _, _) = dot(&folder, &["inspect", "foreign.wasm", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((json["pure"].as_bool(), json["package"].is_null()), (Some(false), true));
    assert_eq!(json["exports"][0]["functions"][0]["name"], "greet");
    assert_eq!(json["imports"][1]["name"], "acme:db/query");

    // One of ours, with its author's words.
    let source = "/// Adds.\n///\n/// Twice.\ndot add(a: u32, b: u32) -> u32 { a + b + b }\n";
    std::fs::write(folder.join("sums.dot"), source).expect("a file");
    let (out, err, code) = dot(&folder, &["inspect", "sums.dot"]);
    assert_eq!((err.as_str(), code), ("", Some(0)));
    for part in [
        "package local:sums\n",
        "pure: it imports nothing but types",
        "add(a: u32, b: u32) -> u32\n      Adds.\n\n      Twice.\n",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
    assert!(!out.contains("\nimports"), "{out}");
    let (out, _, _) = dot(&folder, &["inspect", "sums.dot", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(json["pure"], true);
    assert_eq!(json["exports"][0]["functions"][0]["docs"], "Adds.\n\nTwice.");

    // An import that is code is no type.
    for (text, pure) in [
        ("(component (import \"m\" (core module (export \"f\" (func)))))", false),
        ("(component (import \"c\" (component (export \"f\" (func)))))", false),
        ("(component (import \"a:b/c\" (instance (export \"t\" (type (sub resource))))))", true),
        ("(component)", true),
    ] {
        std::fs::write(folder.join("code.wasm"), wat::parse_str(text).expect("a component")).expect("a file");
        let (out, err, code) = dot(&folder, &["inspect", "code.wasm"]);
        assert_eq!((err.as_str(), code, out.contains("\npure:")), ("", Some(0), pure), "{text}: {out}");
    }
    std::fs::write(folder.join("junk.wasm"), b"\0asm\x0d\0\x01\0junk").expect("a file");
    let core = support::component("package a:b; world w {}", "(module)");
    std::fs::write(folder.join("cut.wasm"), &core[..core.len() / 2]).expect("a file");
    for (file, part) in [("junk.wasm", "not valid"), ("cut.wasm", "not valid"), ("none.wasm", "no such file")]
    {
        let (out, err, code) = dot(&folder, &["inspect", file]);
        assert!(out.is_empty() && err.contains(part) && code != Some(0), "{file}: {err}");
    }
}

#[test]
// r[cli.inspect], r[package.component.start]
fn inspect_tells_what_runs_without_a_call() {
    let folder = folder("starts");
    let wit = "package a:b; interface i { f: func(); } world w { import i; export g: func(); }";
    for (start, runs) in [("(start $s)", true), ("", false)] {
        let module = format!(
            r#"(module (import "a:b/i" "f" (func $f)) (func $s (call $f)) {start} (func (export "g")))"#
        );
        std::fs::write(folder.join("c.wasm"), support::component(wit, &module)).expect("a file");
        let (out, err, code) = dot(&folder, &["inspect", "c.wasm"]);
        assert_eq!((err.as_str(), code), ("", Some(0)));
        assert_eq!(out.contains("it runs code when it is instantiated, before any function"), runs, "{out}");
        let (out, _, _) = dot(&folder, &["inspect", "c.wasm", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(json["starts"], runs);
    }
}

#[test]
// r[cli.build.workspace], r[cli.test], r[cli.test.output]
fn the_tests_of_a_workspace_are_told_member_by_member() {
    let folder = folder("members");
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let package = |name: &str, main: &str| {
        let manifest = format!("name = \"acme:{name}\"\nversion = \"1.0.0\"\nlanguage = \"0.1\"\n");
        write(&format!("packages/{name}/Dot.toml"), &manifest);
        write(&format!("packages/{name}/src/main.dot"), main);
    };
    write("Dot.toml", "[workspace]\nmembers = [\"packages/*\"]\n");
    package("geo", "test \"near\" { assert 1 + 1 == 2 }\ntest \"far\" { assert 2 + 2 == 4 }\n");
    package("map", "test \"drawn\" { assert 1 == 1 }\n");
    package("none", "dot d() -> u32 { 1 }\n");
    let (out, err, code) = dot(&folder, &["test", "."]);
    assert_eq!((err.as_str(), code), ("", Some(0)));
    let lines: Vec<&str> = out.lines().map(|line| line.split(" ... ").next().unwrap_or_default()).collect();
    let expected = [
        "acme:geo (packages/geo)",
        "test \"near\"",
        "test \"far\"",
        "acme:map (packages/map)",
        "test \"drawn\"",
        "acme:none (packages/none)",
    ];
    assert_eq!(lines[..6], expected, "{out}");
    assert!(lines.len() == 7 && lines[6].starts_with("3 passed, 0 failed, in "), "{out}");
    // A test that fails, then a member that doesn't compile: the others have their turn.
    package("geo", "test \"near\" { assert 1 + 1 == 3 }\ntest \"far\" { assert 2 + 2 == 4 }\n");
    let (out, err, code) = dot(&folder, &["test", ".", "--output", "json", "--junit", "out.xml"]);
    assert_eq!(code, Some(1), "{err}");
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((json["passed"].as_u64(), json["failed"].as_u64()), (Some(2), Some(1)), "{out}");
    let member = &json["members"][0];
    assert_eq!((&member["package"], &member["failed"]), (&"acme:geo".into(), &1.into()), "{out}");
    assert_eq!(member["tests"][0]["outcome"], "failed");
    let xml = std::fs::read_to_string(folder.join("out.xml")).expect("a file");
    assert_eq!(xml.matches("<testsuite ").count(), 3, "{xml}");
    assert!(xml.contains("<testsuite name=\"packages/geo\" tests=\"2\" failures=\"1\""), "{xml}");
    package("map", "test \"drawn\" { assert wrong == 1 }\n");
    let (out, err, code) = dot(&folder, &["test", "."]);
    assert_eq!((code, err.contains("error[unknown-name]")), (Some(65), true), "{err}");
    assert!(out.contains("test \"far\" ... ok") && out.contains("acme:none (packages/none)"), "{out}");
    assert!(out.contains("1 passed, 1 failed, in "), "{out}");
}
