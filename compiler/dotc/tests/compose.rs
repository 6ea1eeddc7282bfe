//! `dotc compose`: components that the component tools made, put together.

mod support;

use support::{Folder, component};

/// A world of `acme:all` in version `version` that imports and exports interfaces, each with the one function `f`.
fn made(world: &str) -> Vec<u8> {
    made_with(world, "func(n: u32) -> u32", "(param i32) (result i32)", "(local.get 0)")
}

fn made_with(world: &str, wit_type: &str, core_type: &str, body: &str) -> Vec<u8> {
    // `import NS:PKG/NAME@VERSION` and `export …`, one each.
    let (mut wit, mut module) = (String::new(), String::new());
    let mut packages = std::collections::BTreeMap::<String, Vec<String>>::new();
    for (side, id) in world.split(';').filter_map(|line| line.trim().split_once(' ')) {
        wit.push_str(&format!("{side} {id}; "));
        let (package, rest) = id.split_once('/').expect("an interface");
        let (name, version) = rest.split_once('@').expect("a version");
        packages.entry(format!("{package}@{version}")).or_default().push(name.to_owned());
        module.push_str(&match side {
            "import" => format!("(import \"{id}\" \"f\" (func {core_type}))"),
            _ => format!("(func (export \"{id}#f\") {core_type} {body})"),
        });
    }
    let mut text = format!("package test:made; world w {{ {wit} }}\n");
    for (package, mut names) in packages {
        names.dedup();
        let interfaces: Vec<String> =
            names.iter().map(|name| format!("interface {name} {{ f: {wit_type}; }}")).collect();
        text.push_str(&format!("package {package} {{ {} }}\n", interfaces.join(" ")));
    }
    // Imports stand before functions.
    let (imports, functions): (Vec<&str>, Vec<&str>) = module
        .split_inclusive("))")
        .filter(|part| !part.trim().is_empty())
        .partition(|part| part.starts_with("(import"));
    component(&text, "w", &format!("(module {}{})", imports.concat(), functions.concat()))
}

/// What a component imports and exports.
fn outline(folder: &Folder, name: &str) -> (Vec<String>, Vec<String>) {
    let outline = dot_driver::outline(&folder.bytes(name)).expect("a component");
    let names = |faces: Vec<dot_driver::Face>| faces.into_iter().map(|face| face.name).collect();
    (names(outline.imports), names(outline.exports))
}

const APP: &str = "import acme:db/query@1.2.3; import acme:log/out@0.2.1; export acme:app/run@1.0.0";

#[test]
// r[cli.compose]
fn what_plugs_give_is_imported_no_more() {
    let folder = Folder::new("compose");
    folder.write("app.wasm", made(APP));
    folder.write(
        "db.wasm",
        made("import acme:disk/file@1.0.0; export acme:db/query@1.2.3; export acme:db/more@1.2.3"),
    );
    folder.write("disk.wasm", made("import acme:hardware/bus@1.0.0; export acme:disk/file@1.0.0"));
    let compose = |plugs: &[&str]| {
        let mut words = vec!["compose", "app.wasm", "-o", "out.wasm"];
        plugs.iter().for_each(|plug| words.extend(["--plug", plug]));
        assert_eq!(folder.told(0, &words), "");
        outline(&folder, "out.wasm")
    };
    let exports = vec!["acme:app/run@1.0.0".to_owned()];
    let (mut imports, found) = compose(&["db.wasm"]);
    imports.sort();
    assert_eq!(
        (imports, found),
        (vec!["acme:disk/file@1.0.0".into(), "acme:log/out@0.2.1".into()], exports.clone())
    );
    // A plug may be there for another plug, whatever their order.
    for plugs in [["db.wasm", "disk.wasm"], ["disk.wasm", "db.wasm"]] {
        let (mut imports, found) = compose(&plugs);
        imports.sort();
        assert_eq!(
            (imports, found),
            (vec!["acme:hardware/bus@1.0.0".into(), "acme:log/out@0.2.1".into()], exports.clone())
        );
    }
    // A component that dotc made is one like any other.
    folder.write(
        "dot.dot",
        "use acme:db/query@1.2.3 as query\ndot twice(n: u32) -> u32 uses query { query.f(query.f(n)) }\n",
    );
    folder.package("app", "app", "0.1.0", "", "use acme:db/query@1.2.3 as query\n/// Twice.\ndot twice(n: u32) -> u32 uses query { query.f(query.f(n)) }\n");
    folder.write("app/wit/db.wit", "package acme:db@1.2.3;\ninterface query { f: func(n: u32) -> u32; }\n");
    assert_eq!(folder.told(0, &["build", "app", "-o", "dot.wasm"]), "");
    assert_eq!(folder.told(0, &["compose", "dot.wasm", "--plug", "db.wasm", "-o", "whole.wasm"]), "");
    assert_eq!(
        outline(&folder, "whole.wasm"),
        (vec!["acme:disk/file@1.0.0".into()], vec!["acme:app/main@0.1.0".into()])
    );
    let whole = folder.bytes("whole.wasm");
    let has = |text: &str| whole.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("dot-meta") && has("Twice."), "the author's words are kept");
}

#[test]
// r[cli.compose]
fn a_compatible_version_will_do() {
    let folder = Folder::new("compatible");
    folder.write("app.wasm", made(APP));
    for (version, fits) in
        [("1.2.5", true), ("1.9.0", true), ("1.2.0", true), ("2.0.0", false), ("1.2.4-rc.1", false)]
    {
        folder.write("db.wasm", made(&format!("export acme:db/query@{version}")));
        let words = ["compose", "app.wasm", "--plug", "db.wasm", "-o", "out.wasm"];
        if fits {
            assert_eq!(folder.told(0, &words), "", "{version}");
            assert_eq!(outline(&folder, "out.wasm").0, ["acme:log/out@0.2.1"], "{version}");
        } else {
            let told = folder.told(65, &words);
            for part in [
                "`db.wasm` gives nothing that is needed",
                &format!("exports `acme:db/query@{version}`"),
                "`acme:db/query@1.2.3` is asked for, which is no compatible version",
            ] {
                assert!(told.contains(part), "{part}\n{told}");
            }
        }
    }
    // One of just that name goes before one that is compatible.
    folder.write("exact.wasm", made("export acme:db/query@1.2.3"));
    folder.write("near.wasm", made("export acme:db/query@1.2.5"));
    let told = folder
        .told(65, &["compose", "app.wasm", "--plug", "near.wasm", "--plug", "exact.wasm", "-o", "out.wasm"]);
    assert!(told.contains("`near.wasm` gives nothing that is needed"), "{told}");
}

#[test]
// r[cli.compose]
fn what_does_not_fit_is_told_by_name() {
    let folder = Folder::new("misfit");
    folder.write("app.wasm", made(APP));
    folder.write("db.wasm", made("export acme:db/query@1.2.3"));
    folder.write("other.wasm", made("export acme:db/query@1.2.3; export acme:x/y@1.0.0"));
    folder.write(
        "wrong.wasm",
        made_with(
            "export acme:db/query@1.2.3",
            "func(n: u64) -> u64",
            "(param i64) (result i64)",
            "(local.get 0)",
        ),
    );
    folder.write("idle.wasm", made("export acme:x/y@1.0.0"));
    folder.write("ring.wasm", made("import acme:log/out@0.2.1; export acme:db/query@1.2.3"));
    folder.write("back.wasm", made("import acme:db/query@1.2.3; export acme:log/out@0.2.1"));
    folder.write("core.wasm", wat::parse_str("(module)").expect("a module"));
    folder.write("junk.wasm", "junk");
    let cut = made(APP)[..100].to_vec();
    folder.write("cut.wasm", cut);
    for (plugs, code, parts) in [
        (
            &["db.wasm", "other.wasm"][..],
            65,
            &["`db.wasm` and `other.wasm` both give `acme:db/query@1.2.3`", "leave one"][..],
        ),
        (
            &["wrong.wasm"],
            65,
            &["`acme:db/query@1.2.3` of `wrong.wasm` does not fit", "`app.wasm`", "u64", "u32"],
        ),
        (
            &["idle.wasm"],
            65,
            &["`idle.wasm` gives nothing", "`acme:x/y@1.0.0`", "`acme:log/out@0.2.1`", "Leave it out"],
        ),
        (&["ring.wasm", "back.wasm"], 65, &["in a circle", "`ring.wasm` → `back.wasm` → `ring.wasm`"]),
        (&["core.wasm"], 66, &["the component `core.wasm`: it is a core module"]),
        (&["junk.wasm"], 66, &["the component `junk.wasm`: it is not a WebAssembly component"]),
        (&["cut.wasm"], 66, &["the component `cut.wasm`: it is not valid"]),
        (&["gone.wasm"], 66, &["can't read `gone.wasm`"]),
        (&["."], 66, &["can't read `.`", "it is a folder"]),
    ] {
        let mut words = vec!["compose", "app.wasm", "-o", "none.wasm"];
        plugs.iter().for_each(|plug| words.extend(["--plug", plug]));
        let told = folder.told(code, &words);
        parts.iter().for_each(|part| assert!(told.contains(part), "{part}\n{told}"));
        assert!(!folder.0.join("none.wasm").exists(), "{plugs:?}");
    }
    assert!(folder.told(2, &["compose", "app.wasm", "-o", "none.wasm"]).contains("--plug"));
}
