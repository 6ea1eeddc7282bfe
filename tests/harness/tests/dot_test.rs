//! `dot test`: what is told of properties and failed assertions, and how.

use serde_json::Value as Json;
use std::path::PathBuf;
use std::process::Command;

/// The `dot` command beside the running test.
fn dot() -> PathBuf {
    let mut path = std::env::current_exe().expect("a test");
    path.pop();
    if path.ends_with("deps") {
        path.pop();
    }
    path.join("dot")
}

/// Runs `dot test` on a file with this source: what it prints, and the exit code.
fn run(name: &str, source: &str, options: &[&str]) -> Option<(String, String, Option<i32>)> {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.dot"));
    std::fs::write(&path, source).expect("a file");
    // A narrow test run may not have built the command.
    let output = Command::new(dot()).arg("test").arg(&path).args(options).output().ok()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((text(&output.stdout), text(&output.stderr), output.status.code()))
}

fn json(name: &str, source: &str, options: &[&str]) -> Option<Json> {
    let options = [options, &["--output", "json"]].concat();
    let (out, err, _) = run(name, source, &options)?;
    Some(serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}")))
}

const BROKEN: &str = r#"
test "sorted by luck" (xs: list<u8>) { assert xs.reversed() == xs }
test "never above 1000" (n: s64, @min(3) other: u32) { assert n <= 1000 }
test "fits" (a: s32) { let _ = a + 1 }
"#;

#[test]
// r[test.property.smallest]
fn a_property_is_told_with_its_smallest_values() {
    let Some(told) = json("smallest", BROKEN, &[]) else { return };
    let given = |n: usize| told["tests"][n]["given"].clone();
    // A list that its reverse differs from has two elements, the smaller ones 0 and 1 in some order.
    assert!([r#"[0, 1]"#, r#"[1, 0]"#].contains(&given(0)["xs"].as_str().unwrap_or_default()), "{told}");
    assert_eq!(given(1), serde_json::json!({ "n": "1001", "other": "3" }), "{told}");
    assert_eq!(given(2)["a"], "2147483647", "{told}");
    assert_eq!(told["tests"][2]["kind"], "overflow");
}

#[test]
// r[test.property.seed]
fn a_run_can_be_repeated() {
    let run_with = |seed: &str| {
        let mut told = json("repeated", BROKEN, &["--seed", seed, "--cases", "200"])?;
        // Times are no part of what is repeated.
        told["seconds"] = Json::Null;
        told["tests"].as_array_mut().into_iter().flatten().for_each(|test| test["seconds"] = Json::Null);
        Some(told)
    };
    assert_eq!(run_with("7"), run_with("7"));
}

#[test]
// r[test.run], r[cli.test]
fn failures_are_told_with_place_values_and_difference() {
    let source = "record P { x: u32, tags: list<string> }\ntest \"good\" { }\ntest \"bad\" {\n  assert P { x: 1, tags: [\"a\"] } == P { x: 1, tags: [\"b\"] }\n}\n";
    let Some((out, err, code)) = run("place", source, &["--jobs", "2"]) else { return };
    assert_eq!(code, Some(1));
    assert!(out.starts_with("test \"good\" ... ok ("), "{out}");
    assert!(out.contains("test \"bad\" ... FAILED (") && out.contains("1 passed, 1 failed, in "), "{out}");
    assert!(err.contains("place.dot:4:") && err.contains("differs at `.tags[0]`: \"a\" and \"b\""), "{err}");
    let Some((out, _, code)) = run("place", source, &["--filter", "good"]) else { return };
    assert_eq!((code, out.contains("1 passed, 0 failed")), (Some(0), true), "{out}");
}
