//! `dot run` and `dot test` on source.

use std::path::PathBuf;
use std::process::Command;

/// Writes a file for one test and gives its path.
fn file(name: &str, content: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("dot-source").join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, content).expect("a file");
    path.display().to_string()
}

/// Exit code, standard output, standard error.
fn dot(args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_dot")).args(args).output().expect("dot runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[track_caller]
fn prints(args: &[&str], expected: &str) {
    assert_eq!(dot(args), (Some(0), expected.to_owned(), String::new()), "{args:?}");
}

#[test]
// r[cli.run.engine]
fn every_engine_gives_the_same() {
    let text = "record P { name: string, at: list<f64> }\n\
        dot make(name: string, n: u32 = 3) -> P { var at: list<f64> = []; for i in 0..n { at.push(f64(i) / 2.0) }; { name, at } }\n\
        dot halve(n: u8) -> result<u8, string> { if n % 2 == 0 { ok(n / 2) } else { err(\"{n} is odd\") } }\n\
        dot nothing() {}\n\
        dot at(xs: list<u8>, i: u32) -> u8 { xs[i] }\n";
    let path = file("engines.dot", text);
    for engine in ["wasm", "mir", "eval"] {
        let run = |args: &[&str]| {
            let all: Vec<&str> = ["run", "--engine", engine, &path].iter().chain(args).copied().collect();
            dot(&all)
        };
        let good = |out: &str| (Some(0), out.to_owned(), String::new());
        assert_eq!(
            run(&["make", "--name", "Ada"]),
            good("P { name: \"Ada\", at: [0.0, 0.5, 1.0] }\n"),
            "{engine}"
        );
        assert_eq!(
            run(&["make", "x", "0", "--output", "json"]),
            good("{\"name\":\"x\",\"at\":[]}\n"),
            "{engine}"
        );
        assert_eq!(run(&["halve", "8"]), good("4\n"), "{engine}");
        assert_eq!(
            run(&["halve", "7"]),
            (Some(1), String::new(), "error: 7 is odd\n".to_owned()),
            "{engine}"
        );
        assert_eq!(run(&["nothing"]), good(""), "{engine}");
        let (code, out, err) = run(&["at", "[1,2]", "2"]);
        assert_eq!((code, out.as_str()), (Some(134), ""), "{engine}");
        assert!(
            err.starts_with("trap: index: index 2 is out of range for a list of length 2\n"),
            "{engine}: {err}"
        );
        assert!(err.contains("engines.dot:5:"), "{engine}: {err}");
    }
}

#[test]
// r[fn.main]
fn a_run_without_a_name_takes_the_main_dot() {
    let only = file("only.dot", "dot f(n: u32) -> u32 { n + 1 }\n");
    prints(&["run", &only, "--n", "4"], "5\n");
    prints(&["run", &only, "4"], "5\n");
    let like = file(
        "like_this.dot",
        "dot main() -> u32 { 1 }\ndot other() -> u32 { 2 }\ndot like_this() -> u32 { 3 }\n",
    );
    prints(&["run", &like], "3\n");
    prints(&["run", &like, "other"], "2\n");
    let main = file("unlike.dot", "dot other() -> u32 { 2 }\ndot main(n: u32) -> u32 { n }\n");
    prints(&["run", &main, "--n", "7"], "7\n");
    let none = file("none.dot", "dot one() -> u32 { 1 }\ndot two() -> u32 { 2 }\n");
    let (code, out, err) = dot(&["run", &none]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("which dot?\n  one\n  two\n"), "{err}");
}

#[test]
// r[cli.test], r[test.run], r[test.build]
fn tests_run_each_for_itself_and_tell_their_failures() {
    let text = "fn twice(n: u32) -> u32 { n * 2 }\n\
        test \"first\" { assert twice(2) == 4 }\n\
        test \"second\" {\n  let x = twice(3)\n  assert x == 7\n}\n\
        test \"third\" { let xs = [1, 2]; let _ = xs[twice(4)] }\n\
        test \"fourth\" { assert twice(0) == 0 }\n\
        dot f() -> u32 { twice(1) }\n";
    let path = file("tested.dot", text);
    let (code, out, err) = dot(&["test", &path]);
    assert_eq!(code, Some(1));
    // One after the other, each apart from what failed before.
    let lines: Vec<&str> = out.lines().map(|line| line.split(" (").next().unwrap_or(line)).collect();
    assert_eq!(
        lines[..4],
        [
            "test \"first\" ... ok",
            "test \"second\" ... FAILED",
            "test \"third\" ... FAILED",
            "test \"fourth\" ... ok"
        ]
    );
    assert!(lines[4].starts_with("2 passed, 2 failed, in "), "{out}");
    // Place, message and values of each.
    assert!(err.contains("trap: assert: assertion failed: 6 == 7\n  --> tested.dot:5:"), "{err}");
    assert!(
        err.contains("trap: index: index 8 is out of range for a list of length 2\n  --> tested.dot:7:"),
        "{err}"
    );
    let (code, out, err) = dot(&["test", "--filter", "first", &path]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.starts_with("test \"first\" ... ok ("), "{out}");
    assert!(out.contains("\n1 passed, 0 failed, in "), "{out}");
    // Tests are no part of the component.
    let (code, _, err) = dot(&["run", &path, "first"]);
    assert_eq!(code, Some(2), "{err}");
}
