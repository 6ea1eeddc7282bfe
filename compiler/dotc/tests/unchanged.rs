//! A build that would make what is there is left out, and no other.
// r[cli.build.unchanged]

mod support;

use std::time::{Duration, SystemTime};
use support::Folder;

/// `acme:app` on `acme:base`, which lies beside it.
fn package(name: &str) -> Folder {
    let folder = Folder::new(&format!("unchanged-{name}"));
    folder.package("base", "base", "1.0.0", "", "pub fn base() -> u32 { 1 }\n");
    let needs = "\"acme:base\" = { path = \"../base\" }\n";
    folder.package("app", "app", "0.1.0", needs, "use base/main as base\ndot d() -> u32 { base.base() }\n");
    folder
}

/// Builds the package with these options; whether the component was left alone.
fn is_left(folder: &Folder, options: &[&str]) -> bool {
    let words = [&["build", "app", "-o", "out.wasm"], options].concat();
    let told = folder.told(0, &words);
    assert!(matches!(told.as_str(), "" | "unchanged out.wasm\n"), "{told}");
    !told.is_empty()
}

#[test]
fn only_what_would_be_the_same_is_left_alone() {
    let folder = package("only");
    assert!(!is_left(&folder, &[]));
    let first = folder.bytes("out.wasm");
    assert!(is_left(&folder, &[]));
    // Touched and equal; written again and equal.
    let source = folder.0.join("app/src/main.dot");
    let later = SystemTime::now() + Duration::from_secs(60);
    let file = std::fs::File::options().append(true).open(&source).expect("a file");
    file.set_modified(later).expect("a time");
    assert!(is_left(&folder, &[]));
    folder.write("base/src/main.dot", folder.read("base/src/main.dot"));
    assert!(is_left(&folder, &[]));
    // Other flags are another component, and then the first ones are.
    for options in
        [&["--release"][..], &["--strip"], &["--release", "--strip"], &["--profile", "debug", "--strip"], &[]]
    {
        assert!(!is_left(&folder, options) || options.contains(&"debug"), "{options:?}");
        assert!(is_left(&folder, options), "{options:?}");
    }
    assert_eq!(folder.bytes("out.wasm"), first);
    // The output is gone, cut, changed in a byte, or an older one.
    std::fs::remove_file(folder.0.join("out.wasm")).expect("it was there");
    assert!(!is_left(&folder, &[]));
    for changed in [
        first[..first.len() - 1].to_vec(),
        {
            let mut c = first.clone();
            c[20] ^= 1;
            c
        },
        Vec::new(),
    ] {
        folder.write("out.wasm", changed);
        assert!(!is_left(&folder, &[]));
        assert_eq!(folder.bytes("out.wasm"), first);
    }
    // What it is made of changes: a source, a new source, a dependency, the manifest.
    let changes = [
        ("app/src/main.dot", "use base/main as base\ndot d() -> u32 { base.base() + 1 }\n"),
        ("app/src/more.dot", "dot e() -> u32 { 1 }\n"),
        ("base/src/main.dot", "pub fn base() -> u32 { 2 }\n"),
        (
            "app/Dot.toml",
            "name = \"acme:app\"\nversion = \"0.2.0\"\nlanguage = \"0.1\"\n[dependencies]\n\"acme:base\" = { path = \"../base\" }\n",
        ),
    ];
    for (path, text) in changes {
        let before = folder.bytes("out.wasm");
        folder.write(path, text);
        assert!(!is_left(&folder, &[]), "{path}");
        assert_ne!(folder.bytes("out.wasm"), before, "{path}");
        assert!(is_left(&folder, &[]), "{path}");
    }
    std::fs::remove_file(folder.0.join("app/src/more.dot")).expect("it was there");
    assert!(!is_left(&folder, &[]));
    // A budget that is over now is told, though the component would be the same.
    folder.write("app/Dot.toml", folder.read("app/Dot.toml") + "[budget]\nbytes = 10\n");
    let told = folder.told(65, &["build", "app", "-o", "out.wasm", "--release"]);
    assert!(told.contains("over budget"), "{told}");
}

#[test]
fn a_stamp_is_believed_only_where_it_fits() {
    let folder = package("stamp");
    assert!(!is_left(&folder, &[]));
    let stamps = folder.0.join("app/build/.stamps");
    let stamp =
        std::fs::read_dir(&stamps).expect("a folder").next().expect("a stamp").expect("an entry").path();
    let text = std::fs::read_to_string(&stamp).expect("text");
    // Another compiler wrote it, or nobody did.
    for changed in [
        text.replacen("0.1.0", "0.0.9", 1),
        text[..text.len() / 2].to_owned(),
        String::new(),
        "\u{0}".to_owned(),
    ] {
        std::fs::write(&stamp, changed).expect("a file");
        assert!(!is_left(&folder, &[]));
        assert!(is_left(&folder, &[]));
    }
    // Another output has a stamp of its own.
    assert_eq!(folder.told(0, &["build", "app", "-o", "other.wasm"]), "");
    assert_eq!(folder.told(0, &["build", "app", "-o", "other.wasm"]), "unchanged other.wasm\n");
    assert!(is_left(&folder, &[]));
    // Where no stamp can be written, it is built each time.
    std::fs::remove_dir_all(folder.0.join("app/build")).expect("it was there");
    folder.write("app/build", "a file");
    assert!(!is_left(&folder, &[]) && !is_left(&folder, &[]));
}

#[test]
fn warnings_are_told_each_time() {
    let folder = package("warnings");
    folder.write(
        "app/src/main.dot",
        "use base/main as base\nfn spare() -> u32 { base.base() }\ndot d() -> u32 { 1 }\n",
    );
    for _ in 0..2 {
        let told = folder.told(0, &["build", "app", "-o", "out.wasm"]);
        assert!(told.contains("warning["), "{told}");
    }
    // Text for a person is no component.
    for _ in 0..2 {
        let ran = folder.dotc(&["build", "base", "--emit", "wit"]);
        assert!(ran.code == Some(0) && ran.out.contains("package acme:base"), "{}", ran.err);
    }
}
