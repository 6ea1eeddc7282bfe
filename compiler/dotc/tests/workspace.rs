//! `dotc build` and `dotc check` of a workspace: five packages, of which two stand on a third, which stands on two versions
//! of one in the registry.

use std::path::{Path, PathBuf};
use std::process::Command;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("dotc-workspace-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let folder = Self(folder);
        folder.write(
            "Dot.toml",
            "[workspace]\nmembers = [\"app\", \"packages/*\"]\n\n[registry]\npath = \"registry\"\n",
        );
        folder.package("registry/acme/base/1.4.0", "base", "1.4.0", "", "pub fn base() -> u32 { 1 }\n");
        folder.package("registry/acme/base/2.0.0", "base", "2.0.0", "", "pub fn base() -> u32 { 2 }\n");
        let units = "\"acme:base\" = \"2\"\nold_base = { package = \"acme:base\", version = \"1\" }\n";
        folder.package(
            "packages/units",
            "units",
            "1.0.0",
            units,
            "use base/main as new\nuse old_base/main as old\npub record Unit { n: u32 }\n\
             pub fn unit() -> Unit { { n: new.base() * 10 + old.base(), } }\n",
        );
        let on_units = "\"acme:units\" = { path = \"../units\" }\n";
        let left = "use units/main.{Unit}\nuse units/main as units\npub fn left() -> Unit { units.unit() }\n";
        folder.package("packages/left", "left", "1.0.0", on_units, left);
        let right = "use units/main.{Unit}\nuse units/main as units\n\
            pub fn right(unit: Unit) -> u32 { unit.n + 100 }\ndot alone() -> u32 { right(units.unit()) }\n";
        folder.package("packages/right", "right", "1.0.0", on_units, right);
        folder.package("packages/tool", "tool", "1.0.0", "", "dot tool() -> u32 { 7 }\n");
        let app = "\"acme:left\" = { path = \"../packages/left\" }\n\"acme:right\" = { path = \"../packages/right\" }\n";
        let diamond = "use left/main as left\nuse right/main as right\ndot both() -> u32 { right.right(left.left()) }\n";
        folder.package("app", "app", "0.1.0", app, diamond);
        folder
    }

    fn package(&self, folder: &str, name: &str, version: &str, dependencies: &str, main: &str) {
        let manifest = format!(
            "name = \"acme:{name}\"\nversion = \"{version}\"\nlanguage = \"0.1\"\n\n[dependencies]\n{dependencies}"
        );
        self.write(&format!("{folder}/Dot.toml"), &manifest);
        self.write(&format!("{folder}/src/main.dot"), main);
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("a file");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap_or_default()
    }

    /// Exit code and standard error of `dotc COMMAND PATH`, run in the folder.
    fn dotc(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_dotc"))
            .args(arguments)
            .current_dir(&self.0)
            .output()
            .expect("dotc starts");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{arguments:?}");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[test]
// r[cli.build.workspace], r[package.workspace]
fn a_workspace_is_built_and_only_what_changed() {
    let folder = Folder::new("build");
    let (code, told) = folder.dotc(&["build", ".", "--locked"]);
    assert_eq!((code, told.contains("Dot.lock` is not up to date")), (Some(66), true), "{told}");
    let (code, told) = folder.dotc(&["build", "."]);
    assert_eq!(
        (code, lines(&told)),
        (Some(0), vec!["built ./build/app.wasm", "built ./build/right.wasm", "built ./build/tool.wasm"])
    );
    let lock = folder.read("Dot.lock");
    for part in [
        "name = \"acme:base\"\nversion = \"1.4.0\"\nhash",
        "version = \"2.0.0\"\nhash",
        "path = \"packages/left\"",
    ] {
        assert!(lock.contains(part), "{part}\n{lock}");
    }
    let first = std::fs::read(folder.0.join("build/app.wasm")).expect("a component");
    // Nothing changed; then a file of two members' dependency; then an output is gone.
    let (_, told) = folder.dotc(&["build", "."]);
    assert_eq!(
        lines(&told),
        ["unchanged ./build/app.wasm", "unchanged ./build/right.wasm", "unchanged ./build/tool.wasm"]
    );
    folder.write("packages/tool/src/main.dot", "dot tool() -> u32 { 8 }\n");
    let (_, told) = folder.dotc(&["build", "."]);
    assert_eq!(
        lines(&told),
        ["unchanged ./build/app.wasm", "unchanged ./build/right.wasm", "built ./build/tool.wasm"]
    );
    std::fs::remove_file(folder.0.join("build/app.wasm")).expect("it was there");
    let (_, told) = folder.dotc(&["build", "."]);
    assert_eq!(lines(&told)[0], "built ./build/app.wasm");
    assert_eq!(std::fs::read(folder.0.join("build/app.wasm")).expect("a component"), first);
    assert_eq!(folder.read("Dot.lock"), lock);
    // A member alone is built by the same lock file, and is the same.
    assert_eq!(folder.dotc(&["build", "app", "-o", "alone.wasm", "--locked"]), (Some(0), String::new()));
    assert_eq!(std::fs::read(folder.0.join("alone.wasm")).expect("a component"), first);
    assert!(!Path::new(&folder.0.join("app/Dot.lock")).exists());
}

#[test]
// r[cli.build.workspace], r[package.dependency.error]
fn what_is_wrong_in_a_file_is_told_once() {
    let folder = Folder::new("wrong");
    folder.write(
        "packages/units/src/main.dot",
        "pub record Unit { n: u32 }\npub fn unit() -> Unit { wrong }\n",
    );
    let (code, told) = folder.dotc(&["check", "."]);
    assert_eq!(code, Some(65));
    assert_eq!(told.matches("error[").count(), 1, "{told}");
    assert!(told.contains("packages/units/src/main.dot:2:25"), "{told}");
    for name in ["app", "left", "right"] {
        assert!(told.contains(&format!("`{name}` needs what does not compile")), "{told}");
    }
    let (code, told) = folder.dotc(&["build", "."]);
    assert_eq!(code, Some(65));
    assert!(told.contains("built ./build/tool.wasm"), "{told}");
    let (code, told) = folder.dotc(&["build", "app"]);
    assert_eq!((code, told.matches("error[").count()), (Some(65), 1), "{told}");
}

#[test]
// r[package.version.conflict], r[package.workspace]
fn a_wrong_version_in_a_workspace_is_explained() {
    let folder = Folder::new("version");
    let manifest = folder.read("app/Dot.toml");
    folder.write(
        "app/Dot.toml",
        &manifest.replace("path = \"../packages/left\"", "path = \"../packages/left\", version = \"3\""),
    );
    let (code, told) = folder.dotc(&["build", "app"]);
    assert_eq!(code, Some(66));
    for part in [
        "app/Dot.toml:6: dependency `left`: no versions fit together",
        "acme:left >=3.0.0, <4.0.0",
        "`packages/left` has `acme:left` 1.0.0",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    folder.write("Dot.toml", "[workspace]\nmembers = [\"app\", \"nowhere\"]\n");
    let (code, told) = folder.dotc(&["build", "app"]);
    assert_eq!(code, Some(66));
    assert!(told.contains("Dot.toml:2: `nowhere` has no `Dot.toml`"), "{told}");
    let (code, told) = folder.dotc(&["build", "."]);
    assert_eq!(code, Some(66));
    assert!(told.contains("Dot.toml:2: `nowhere` has no `Dot.toml`"), "{told}");
}
