//! What people, merges and attackers make of manifests, lock files, registries and components: each is told with its file,
//! its place, the reason, and what to do next, within seconds.
// r[package.manifest.error], r[package.limit]

mod support;

use std::time::{Duration, Instant};
use support::{Folder, component};

const HEAD: &str = "name = \"acme:app\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n";
const MAIN: &str = "dot d() -> u32 { 1 }\n";

/// Nothing that is refused takes longer. A development build on a busy machine is slow.
const LONGEST: Duration = Duration::from_secs(60);

/// The folder of `acme:app`, with this behind the head of its manifest.
fn app(name: &str, tail: &str) -> Folder {
    let folder = Folder::new(&format!("hostile-{name}"));
    folder.write("app/Dot.toml", format!("{HEAD}{tail}"));
    folder.write("app/src/main.dot", MAIN);
    folder
}

/// Checks `app`, which must be refused with all these parts in what is told.
fn refused(folder: &Folder, parts: &[&str]) {
    let began = Instant::now();
    let told = folder.told(66, &["check", "app"]);
    assert!(began.elapsed() < LONGEST, "{told}");
    assert!(told.len() < 20_000, "{} bytes are told", told.len());
    parts.iter().for_each(|part| assert!(told.contains(part), "{part}\n{told}"));
}

fn line(text: &str) -> String {
    format!("app/Dot.toml:{text}")
}

#[test]
fn manifests() {
    let dependencies = |text: &str| format!("[dependencies]\n{text}\n");
    let many = |count: usize| {
        let lines: Vec<String> = (0..count).map(|n| format!("d{n} = {{ path = \"../d{n}\" }}")).collect();
        dependencies(&lines.join("\n"))
    };
    for (name, tail, parts) in [
        ("type", "features = 3\n".to_owned(), &[&*line("4: "), "expected"][..]),
        ("key", "versoin = \"1\"\n".to_owned(), &[&line("4: "), "unknown field `versoin`"]),
        ("twice", "version = \"0.2.0\"\n".to_owned(), &[&line("4: "), "duplicate key"]),
        ("table", "[dependencies]\n[dependencies]\n".to_owned(), &[&line("5: "), "duplicate"]),
        ("unclosed", "[dependencies\n".to_owned(), &[&line("4: ")]),
        ("nested", format!("features = {}", "[".repeat(100_000)), &[&line("4: ")]),
        ("thousand", many(1001), &[&line("1005: "), "1001 dependencies", "packages between"]),
        ("huge", many(100_000), &["app/Dot.toml", "over 1 MiB"]),
        ("self", dependencies("me = { path = \".\" }"), &[&line("5: "), "in a circle: acme:app → acme:app"]),
        ("self-up", dependencies("me = { path = \"../app\" }"), &[&line("5: "), "in a circle"]),
        ("empty-path", dependencies("me = { path = \"\" }"), &[&line("5: "), "in a circle"]),
        (
            "gone",
            dependencies("geo = { path = \"../geo\" }"),
            &[&line("5: "), "no folder `geo`", "relative to this manifest"],
        ),
        ("root", dependencies("geo = { path = \"/\" }"), &[&line("5: "), "is no package"]),
        (
            "above",
            dependencies("geo = { path = \"../../../../../../../../../../../nowhere\" }"),
            &[&line("5: "), "no folder"],
        ),
        ("nul", dependencies("geo = { path = \"a\\u0000b\" }"), &[&line("5: "), "no folder `app/a\\u{0}b`"]),
        ("escape", dependencies("geo = { path = \"\\u001b[2Jgone\" }"), &[&line("5: "), "\\u{1b}[2Jgone"]),
        (
            "long",
            dependencies(&format!("geo = {{ path = \"{}\" }}", "a/".repeat(5_000))),
            &[&line("5: "), "no folder"],
        ),
        ("number", dependencies("geo = 1.5"), &[&line("5: "), "a version or a table"]),
        ("list", dependencies("geo = [\"1\"]"), &[&line("5: "), "a version or a table"]),
        ("more", dependencies("geo = { path = \"../geo\", git = \"x\" }"), &[&line("5: "), "git"]),
        (
            "no-registry",
            dependencies("\"acme:geo\" = \"1\""),
            &[&line("5: "), "there is no registry", "[registry]"],
        ),
        ("unicode", dependencies("größe = { path = \"../g\" }"), &[&line("5: "), "invalid unquoted key"]),
        (
            "quoted",
            dependencies("\"größe\" = { path = \"../g\" }"),
            &[&line("5: "), "`größe` is not a name", "lower_snake"],
        ),
        ("unicode-package", dependencies("\"acme:größe\" = \"1\""), &[&line("5: "), "is not a name"]),
        ("bare", dependencies("größe = { path = "), &["app/Dot.toml:"]),
        ("members", "[workspace]\nmembers = \"a\"\n".to_owned(), &[&line("5: "), "expected a sequence"]),
        (
            "feature",
            "features = [\"warp\"]\n".to_owned(),
            &[&line("4: "), "unknown feature `warp`", "fixed-length-lists"],
        ),
        ("language", String::new(), &["app/Dot.toml:3: language `9` is unknown", "0.1"]),
    ] {
        let folder = app(name, &tail);
        if name == "language" {
            folder.write("app/Dot.toml", HEAD.replace("\"0.1\"", "\"9\""));
        }
        if name == "bare" {
            folder.write("app/Dot.toml", format!("{HEAD}{tail}\n<<<<<<< HEAD\n"));
        }
        refused(&folder, parts);
    }
    let latin = app("latin", "");
    latin.write("app/Dot.toml", b"name = \"acme:\xe9\"");
    refused(&latin, &["app/Dot.toml:1: the manifest is not UTF-8"]);
    // One above is no business of the package's, unless it is a workspace's.
    let above = app("above-wrong", "");
    above.write("Dot.toml", "name = 1\n");
    assert_eq!(above.told(0, &["check", "app"]), "");
    above.write("Dot.toml", "[workspace]\nmembers = 1\n");
    refused(&above, &["Dot.toml:2: "]);
    let folder = app("folder", "");
    std::fs::remove_file(folder.0.join("app/Dot.toml")).expect("it was there");
    std::fs::create_dir(folder.0.join("app/Dot.toml")).expect("a folder");
    refused(&folder, &["can't read `app/Dot.toml`", "it is a folder"]);
}

#[test]
fn circles_and_long_chains() {
    // Each depends on the next, the last on the first.
    let folder = app("circle", "[dependencies]\n\"acme:p0\" = { path = \"../p0\" }\n");
    let chain = |last: &str| {
        for n in 0..900 {
            let next = if n == 899 {
                last.to_owned()
            } else {
                format!("\"acme:p{}\" = {{ path = \"../p{}\" }}\n", n + 1, n + 1)
            };
            folder.package(&format!("p{n}"), &format!("p{n}"), "1.0.0", &next, "");
        }
    };
    chain("\"acme:p3\" = { path = \"../p3\" }\n");
    refused(
        &folder,
        &["p899/Dot.toml:6: dependency `p3`", "in a circle: acme:p3 → acme:p4 → ", "a package of its own"],
    );
    // Without the circle it is a project like any other.
    chain("");
    assert_eq!(folder.told(0, &["check", "app"]), "");
    // Links that lead to themselves, or back.
    #[cfg(unix)]
    {
        let link = |to: &str, at: &str| std::os::unix::fs::symlink(to, folder.0.join(at)).expect("a link");
        link("loop", "loop");
        folder.write("app/Dot.toml", format!("{HEAD}[dependencies]\ngeo = {{ path = \"../loop\" }}\n"));
        refused(&folder, &["app/Dot.toml:5", "no folder `loop`"]);
        link("app", "again");
        folder.write("app/Dot.toml", format!("{HEAD}[dependencies]\ngeo = {{ path = \"../again\" }}\n"));
        refused(&folder, &["is in `again` too", "acme:app"]);
        // A folder that holds itself is looked through once.
        folder.write("app/Dot.toml", HEAD);
        link("..", "app/src/up");
        assert_eq!(folder.told(0, &["check", "app"]), "");
    }
}

#[test]
// r[package.lock], r[package.lock.hash]
fn lock_files() {
    let folder = app(
        "lock",
        "[dependencies]\n\"acme:base\" = \"1\"\nengine = { path = \"engine.wasm\" }\n[registry]\npath = \"../registry\"\n",
    );
    folder.package("registry/acme/base/1.4.0", "base", "1.4.0", "", "pub fn base() -> u32 { 1 }\n");
    folder.package("registry/acme/base/1.5.0", "base", "1.5.0", "", "pub fn base() -> u32 { 1 }\n");
    folder.write("app/engine.wasm", engine(""));
    assert_eq!(folder.told(0, &["check", "app"]), "");
    let lock = folder.read("app/Dot.lock");
    assert_eq!(lock.matches("sha256:").count(), 2, "{lock}");
    let hashes: Vec<&str> = lock.split('"').filter(|part| part.starts_with("sha256:")).collect();
    let zeros = format!("sha256:{}", "0".repeat(64));
    for (text, parts) in [
        (
            lock.replace(hashes[0], &zeros),
            &["app/Dot.lock:7: `acme:base` 1.5.0 is not what was locked", "dotc update"][..],
        ),
        (
            lock.replace(hashes[1], &zeros),
            &["app/Dot.lock:11: the component `engine.wasm` is not what was locked", "dotc update"],
        ),
        (lock.replace("sha256:", "md5:"), &["app/Dot.lock:7:", "is not what was locked"]),
        (lock.replace("\"1.5.0\"", "\"one\""), &["app/Dot.lock:6: `one` is not a version", "dotc update"]),
        (
            lock.replace("version = 1\n", "version = 2\n"),
            &["app/Dot.lock:2: the lock file is of version 2", "dotc update"],
        ),
        (
            lock.replace("[[component]]", "<<<<<<< HEAD\n[[component]]"),
            &["app/Dot.lock:9:", "marks of a merge", "dotc update"],
        ),
        (lock[..lock.len() - 30].to_owned(), &["app/Dot.lock:11:", "dotc update"]),
        (lock.replace("hash", "hush"), &["app/Dot.lock:11: unknown field `hush`", "dotc update"]),
        ("\0\0\0".to_owned(), &["app/Dot.lock:1:", "dotc update"]),
        ("version = 1\nversion = 1\n".to_owned(), &["app/Dot.lock:2: duplicate key", "dotc update"]),
    ] {
        folder.write("app/Dot.lock", &text);
        refused(&folder, parts);
        assert_eq!(folder.read("app/Dot.lock"), text, "what is refused is left alone");
        assert_eq!(folder.told(0, &["update", "app"]), "");
        assert_eq!(folder.read("app/Dot.lock"), lock, "{text}");
    }
    // What is locked and isn't there any more is chosen anew; one of a lower version is kept.
    folder.write("app/Dot.lock", lock.replace("1.5.0", "1.9.9"));
    assert_eq!(folder.told(0, &["check", "app"]), "");
    assert_eq!(folder.read("app/Dot.lock"), lock);
    folder.write("app/Dot.lock", "version = 1\n\n[[package]]\nname = \"acme:base\"\nversion = \"1.4.0\"\n");
    assert_eq!(folder.told(0, &["check", "app"]), "");
    assert!(folder.read("app/Dot.lock").contains("1.4.0"));
    assert_eq!(folder.told(0, &["check", "app", "--locked"]), "");
}

#[test]
// r[package.registry]
fn registries() {
    let folder =
        app("registry", "[dependencies]\n\"acme:base\" = \"1\"\n[registry]\npath = \"../registry\"\n");
    refused(&folder, &["app/Dot.toml:5: dependency `base`", "`registry`, is no folder", "[registry]"]);
    folder.write("registry/readme", "");
    refused(&folder, &["app/Dot.toml:5: dependency `base`", "no versions fit together", "acme:base"]);
    folder.write("registry/acme/base/1.0.0/readme", "");
    refused(&folder, &["registry/acme/base/1.0.0", "no manifest of `acme:base` 1.0.0"]);
    folder.write("registry/acme/base/1.0.0/Dot.toml", "name = ");
    refused(&folder, &["registry/acme/base/1.0.0/Dot.toml:1:"]);
    folder.package("registry/acme/base/1.0.0", "base", "1.0.1", "", "");
    refused(
        &folder,
        &[
            "registry/acme/base/1.0.0/Dot.toml:1: the registry has `acme:base` 1.0.1 where `acme:base` 1.0.0 should be",
        ],
    );
    folder.package("registry/acme/base/1.0.0", "other", "1.0.0", "", "");
    refused(&folder, &["the registry has `acme:other` 1.0.0 where"]);
    folder.package("registry/acme/base/1.0.0", "base", "1.0.0", "out = { path = \"../../../../app\" }\n", "");
    refused(&folder, &["registry/acme/base/1.0.0/Dot.toml:6", "takes packages of the registry only"]);
    folder.package("registry/acme/base/1.0.0", "base", "1.0.0", "out = { path = \"../x.wasm\" }\n", "");
    refused(&folder, &["registry/acme/base/1.0.0/Dot.toml:6", "lies in its folder"]);
    folder.package("registry/acme/base/1.0.0", "base", "1.0.0", "\"acme:base\" = \"1\"\n", "");
    refused(&folder, &["registry/acme/base/1.0.0/Dot.toml:6", "taken"]);
    folder.package("registry/acme/base/1.0.0", "base", "1.0.0", "\"acme:more\" = \"1\"\n", "");
    folder.package("registry/acme/more/1.0.0", "more", "1.0.0", "\"acme:base\" = \"1\"\n", "");
    refused(&folder, &["in a circle: acme:base → acme:more → acme:base"]);
}

#[test]
// r[package.version.conflict]
fn webs_of_versions_that_cannot_be_met() {
    // Every version of each package needs the right version of each later one, and those of the last exclude each other.
    let folder = app("web", "[dependencies]\n\"acme:p0\" = \"1\"\n[registry]\npath = \"../registry\"\n");
    let (packages, versions) = (12, 8);
    for package in 0..packages {
        for version in 0..versions {
            let needs: Vec<String> = (package + 1..packages)
                .map(|other| {
                    format!(
                        "\"acme:p{other}\" = \"=1.{}.0\"\n",
                        (version * 3 + other * package + 1) % versions
                    )
                })
                .collect();
            let needs =
                if package + 1 == packages { "\"acme:none\" = \"1\"\n".to_owned() } else { needs.concat() };
            folder.package(
                &format!("registry/acme/p{package}/1.{version}.0"),
                &format!("p{package}"),
                &format!("1.{version}.0"),
                &needs,
                "",
            );
        }
    }
    refused(&folder, &["app/Dot.toml:", "acme:p"]);
}

/// A component whose core module has these fields too.
fn engine(fields: &str) -> Vec<u8> {
    let wit = "package acme:engine@1.0.0;\ninterface compute { double: func(n: u32) -> u32; }\nworld w { export compute; }";
    let module = format!(
        "(module (func (export \"acme:engine/compute@1.0.0#double\") (param i32) (result i32) (i32.add (local.get 0) (local.get 0))) {fields})"
    );
    component(wit, "w", &module)
}

#[test]
// r[package.component.refused]
fn components() {
    let folder = app("component", "[dependencies]\nengine = { path = \"engine.wasm\" }\n");
    refused(&folder, &["app/Dot.toml:5: dependency `engine`", "`app/engine.wasm` can't be read"]);
    let name = |bytes: &[u8]| {
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        // An import section: one import, of a module whose name is not UTF-8.
        module.extend([2, 2 + bytes.len() as u8 + 4, 1, bytes.len() as u8]);
        module.extend(bytes);
        module.extend([1, b'f', 0, 0]);
        module
    };
    let mut invalid_name = b"\0asm\x0d\0\x01\0".to_vec();
    let module = name(&[0xff, 0xfe]);
    invalid_name.push(1);
    invalid_name.push(module.len() as u8);
    invalid_name.extend(&module);
    let nested = |depth: usize| {
        let mut bytes = b"\0asm\x0d\0\x01\0".to_vec();
        for _ in 0..depth {
            let mut outer = b"\0asm\x0d\0\x01\0".to_vec();
            outer.push(4);
            let mut len = bytes.len();
            while len >= 0x80 {
                outer.push((len & 0x7f) as u8 | 0x80);
                len >>= 7;
            }
            outer.push(len as u8);
            outer.extend(&bytes);
            bytes = outer;
        }
        bytes
    };
    let good = engine("");
    for (what, bytes, part) in [
        ("core", wat::parse_str("(module)").expect("a module"), "it is a core module"),
        ("empty", Vec::new(), "it is not a WebAssembly component"),
        ("zeros", vec![0; 100 << 20], "it is not a WebAssembly component"),
        ("header", b"\0asm\x0d\0\x01\0".to_vec(), "it exports no interface"),
        ("cut", good[..good.len() / 2].to_vec(), "it is not valid"),
        ("later", b"\0asm\x0e\0\x01\0".to_vec(), "it is not a WebAssembly component"),
        ("name", invalid_name, "it is not valid"),
        ("nested", nested(1000), "it"),
        ("text", b"(component)".to_vec(), "it is not a WebAssembly component"),
    ] {
        folder.write("app/engine.wasm", bytes);
        let began = Instant::now();
        let told = folder.told(66, &["check", "app"]);
        assert!(told.contains("the component `app/engine.wasm`: ") && told.contains(part), "{what}: {told}");
        assert!(began.elapsed() < LONGEST, "{what}");
    }
    // Whatever is cut off, or changed in a byte, there is an answer.
    let step = good.len() / 40 + 1;
    for at in (0..good.len()).step_by(step) {
        let mut changed = good.clone();
        changed[at] ^= 0x55;
        folder.write("app/engine.wasm", changed);
        let ran = folder.dotc(&["update", "app"]);
        assert!(matches!(ran.code, Some(0 | 66)), "{at}: {}", ran.err);
    }
    let _ = std::fs::remove_file(folder.0.join("app/Dot.lock"));
    #[cfg(unix)]
    {
        let engine = folder.0.join("app/engine.wasm");
        std::fs::remove_file(&engine).expect("it was there");
        std::os::unix::fs::symlink("/dev/zero", &engine).expect("a link");
        refused(&folder, &["`app/engine.wasm` can't be read", "no ordinary file"]);
        std::fs::remove_file(&engine).expect("it was there");
        std::fs::create_dir(&engine).expect("a folder");
        refused(&folder, &["`app/engine.wasm` can't be read", "it is a folder"]);
    }
}

#[test]
// r[package.component.refused]
fn two_components_that_export_one_interface_are_refused() {
    let folder = app(
        "rivals",
        "[dependencies]\nengine = { path = \"engine.wasm\" }\nother = { path = \"other.wasm\" }\n",
    );
    folder.write("app/src/main.dot", "use engine/compute\ndot d() -> u32 { compute.double(1) }\n");
    folder.write("app/engine.wasm", engine(""));
    folder.write("app/other.wasm", engine("(memory 1)"));
    refused(
        &folder,
        &[
            "exports `acme:engine/compute@1.0.0`",
            "app/engine.wasm",
            "app/other.wasm",
            "depend on one of them",
        ],
    );
    // A second copy is the same.
    folder.write("app/other.wasm", engine(""));
    assert_eq!(folder.told(0, &["check", "app"]), "");
}
