//! `dotc semver`.

mod support;

use support::{Folder, component};

const MAIN: &str = "\
pub record Place { name: string, x: f64 }
/// Near.
dot near(at: Place, limit: u32 = 3) -> list<string> { [at.name].take(limit) }
dot far(at: Place) -> bool { at.x > 1.0 }
";

fn compare(folder: &Folder, old: &str, new: &str) -> String {
    let ran = folder.dotc(&["semver", old, new]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{old} {new}");
    ran.out
}

#[test]
// r[cli.semver], r[cli.semver.step]
fn a_package_takes_the_step_that_its_changes_need() {
    let folder = Folder::new("semver");
    folder.package("old", "geo", "1.2.3", "", MAIN);
    let clock = "use wasi:clocks/monotonic-clock@0.2.12 as clock\n";
    for (version, main, step, needed, parts) in [
        ("1.2.4", MAIN.to_owned(), "patch", "1.2.4", &["nothing that others see has changed"][..]),
        // A body, a comment and a private function are nobody's business.
        (
            "1.2.4",
            MAIN.replace("> 1.0", "> 2.0").replace("Near.", "Close.") + "fn own() -> u32 { 1 }\n",
            "patch",
            "1.2.4",
            &["nothing"],
        ),
        (
            "1.3.0",
            format!("{MAIN}dot more() -> u32 {{ 1 }}\n"),
            "minor",
            "1.3.0",
            &["adds     export acme:geo/main: `more` is new"],
        ),
        (
            "1.2.4",
            format!("{MAIN}dot more() -> u32 {{ 1 }}\n"),
            "minor",
            "1.3.0",
            &["says 1.2.4, which is not enough"],
        ),
        (
            "2.0.0",
            MAIN.replace("dot far", "fn far"),
            "major",
            "2.0.0",
            &["breaks   export acme:geo/main: `far` is gone"],
        ),
        (
            "2.0.0",
            MAIN.replace("x: f64", "x: f64, y: f64"),
            "major",
            "2.0.0",
            &["record `place`: field `y` is new"],
        ),
        (
            "2.0.0",
            MAIN.replace("limit: u32", "most: u32").replace("take(limit)", "take(most)"),
            "major",
            "2.0.0",
            &["`near` was `(at: place, limit: u32)", "and is `(at: place, most: u32)"],
        ),
        (
            "2.0.0",
            format!(
                "{clock}{}",
                MAIN.replace(
                    "-> bool { at.x > 1.0 }",
                    "-> bool uses clock { at.x > 1.0 && clock.now() > 0 }"
                )
            ),
            "major",
            "2.0.0",
            &["import wasi:clocks/monotonic-clock: is imported now", "capability"],
        ),
    ] {
        folder.package("new", "geo", version, "", &main);
        let told = compare(&folder, "old", "new");
        assert!(told.starts_with(&format!("{step}: 1.2.3 needs {needed}\n")), "{main}\n{told}");
        parts.iter().for_each(|part| assert!(told.contains(part), "{part}\n{told}"));
        // A component tells the same as the package that it was built from.
        for (package, component) in [("old", "old.wasm"), ("new", "new.wasm")] {
            assert!(folder.dotc(&["build", package, "-o", component]).code == Some(0), "{main}");
        }
        assert_eq!(compare(&folder, "old.wasm", "new.wasm"), told, "{main}");
        assert_eq!(compare(&folder, "old.wasm", "new"), told, "{main}");
        let json = folder.dotc(&["semver", "old", "new", "--format", "json"]).out;
        assert!(
            json.contains(&format!("\"step\":\"{step}\""))
                && json.contains(&format!("\"needed\":\"{needed}\"")),
            "{json}"
        );
        let enough = !told.contains("not enough");
        assert!(json.contains(&format!("\"enough\":{enough}")), "{json}");
    }
}

#[test]
// r[cli.semver.step]
fn below_one_the_first_number_that_is_not_zero_counts() {
    let folder = Folder::new("semver-zero");
    for (old, broken, more, same) in [
        ("0.3.1", "0.4.0", "0.3.2", "0.3.2"),
        ("0.0.7", "0.0.8", "0.0.8", "0.0.8"),
        ("2.5.1", "3.0.0", "2.6.0", "2.5.2"),
    ] {
        folder.package("old", "geo", old, "", "dot f() -> u32 { 1 }\n");
        for (main, needed) in [
            ("dot f() -> u64 { 1 }\n", broken),
            ("dot f() -> u32 { 1 }\ndot g() -> u32 { 1 }\n", more),
            ("dot f() -> u32 { 2 }\n", same),
        ] {
            folder.package("new", "geo", old, "", main);
            let told = compare(&folder, "old", "new");
            assert!(told.contains(&format!(": {old} needs {needed}\n")), "{told}");
            assert!(told.contains(&format!("both say {old}")), "{told}");
        }
    }
}

#[test]
// r[cli.semver]
fn lone_files_wit_and_components_of_others_are_compared() {
    let folder = Folder::new("semver-forms");
    folder.write("one.dot", "dot f(n: u32) -> u32 { n }\n");
    folder.write("two.dot", "dot f(n: u32) -> u32 { n }\ndot g() -> bool { true }\n");
    let told = compare(&folder, "one.dot", "two.dot");
    assert!(told.starts_with("minor\n") && told.contains("`g` is new"), "{told}");
    let wit = |version: &str, more: &str| {
        format!(
            "package acme:geo@{version};\ninterface api {{ f: func(n: u32) -> u32; {more} }}\nworld w {{ export api; }}\n"
        )
    };
    folder.write("old.wit", wit("1.0.0", ""));
    folder.write("new.wit", wit("1.0.1", "g: func();"));
    let told = compare(&folder, "old.wit", "new.wit");
    assert!(
        told.starts_with("minor: 1.0.0 needs 1.1.0\n") && told.contains("says 1.0.1, which is not enough"),
        "{told}"
    );
    folder.write(
        "folder/api.wit",
        "package acme:geo@1.1.0;\ninterface api { use acme:base/kinds@1.0.0.{n}; f: func(n: n) -> u32; }\n",
    );
    folder
        .write("folder/deps/base/kinds.wit", "package acme:base@1.0.0;\ninterface kinds { type n = u32; }\n");
    // The same function, but for a name; the world went.
    let told = compare(&folder, "old.wit", "folder");
    assert!(!told.contains("`f`") && told.contains("type `n` is new"), "{told}");
    let module = "(module (func (export \"acme:geo/api@1.0.0#f\") (param i32) (result i32) (local.get 0)))";
    folder.write("old.wasm", component(&wit("1.0.0", ""), "w", module));
    let told = compare(&folder, "old.wasm", "old.wasm");
    assert!(told.starts_with("patch: 1.0.0 needs 1.0.1\n"), "{told}");
}

#[test]
// r[cli.semver]
fn what_cannot_be_compared_is_told() {
    let folder = Folder::new("semver-wrong");
    folder.write("one.dot", "dot f(n: u32) -> u32 { n }\n");
    folder.package("library", "library", "1.0.0", "", "pub fn f() -> u32 { 1 }\n");
    folder.write("bad.dot", "dot f(n: u32) -> u32 { m }\n");
    folder.write("bad.wit", "package acme:geo@1.0.0;\ninterface api { f func(); }\n");
    folder.write("lost.wit", "package acme:geo@1.0.0;\ninterface api { use acme:lost/x.{t}; }\n");
    folder.write("core.wasm", wat::parse_str("(module)").expect("a module"));
    folder.write("latin.wit", b"package acme:\xe9;\n");
    std::fs::create_dir_all(folder.0.join("empty")).expect("a folder");
    for (new, code, parts) in [
        ("bad.dot", 65, &["error[unknown-name]"][..]),
        ("library", 65, &["`acme:library` has no dots"]),
        ("bad.wit", 65, &["bad.wit:2:19"]),
        ("lost.wit", 65, &["acme:lost", "name the folder"]),
        ("core.wasm", 66, &["the component `core.wasm`: it is a core module"]),
        ("latin.wit", 66, &["can't read `latin.wit`", "not UTF-8"]),
        ("empty", 66, &["`empty` has no `Dot.toml`"]),
        ("gone", 66, &["`gone`"]),
    ] {
        let told = folder.told(code, &["semver", "one.dot", new]);
        parts.iter().for_each(|part| assert!(told.contains(part), "{part}\n{told}"));
    }
}
