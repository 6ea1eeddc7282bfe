//! A workspace of five packages with a diamond, two versions of one, a wrong version, and components that rustc made. How
//! those were made, and what the workspace holds, is told in `tests/foreign/README.md`.

use dot_diagnostics::render::Colour;
use dot_driver::{Emit, OsFiles, Profile, Session, outline};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use wasmtime::component::{Component, Linker, Val};
use wasmtime::{Config, Engine, Store};

const PROFILES: [Profile; 2] = [Profile::Debug, Profile::Release];
const CLOCK: &str = "wasi:clocks/monotonic-clock@0.2.12";

/// A copy of the workspace, with the components that are kept, or those that were made anew.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("dot-foreign-{name}-{}", std::process::id()));
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../foreign");
        copy(&kept.join("workspace"), &folder.join("workspace"));
        let made = std::env::var_os("DOT_FOREIGN").map(PathBuf::from);
        copy(&made.unwrap_or_else(|| kept.join("fixtures")), &folder.join("fixtures"));
        Self(folder)
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.join("workspace").join(below)
    }

    fn write(&self, below: &str, text: &str) {
        std::fs::write(self.path(below), text).expect("a file");
    }

    fn read(&self, below: &str) -> String {
        std::fs::read_to_string(self.path(below)).expect("a file")
    }

    fn open(&self) -> Result<Session, String> {
        Session::open(&OsFiles, &self.path("app")).map_err(|error| error.to_string())
    }

    /// The session of a workspace that is right.
    fn session(&self) -> Session {
        let session = self.open().expect("a session");
        assert_eq!(session.check().render(Colour::Never), "");
        session
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let copied = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            std::fs::copy(&path, &copied).expect("a file");
        }
    }
}

fn build(session: &Session, profile: Profile) -> Vec<u8> {
    session.build(profile, Emit::Component, false).expect("a component").bytes
}

/// The names that a component imports, read from its bytes.
fn imports(bytes: &[u8]) -> BTreeSet<String> {
    outline(bytes).expect("a component").imports.into_iter().map(|face| face.name).collect()
}

/// Calls a dot of `main` of `acme:app`; the clock says 41.
fn call(bytes: &[u8], dot: &str, arguments: &[Val]) -> Val {
    let mut config = Config::new();
    config.wasm_component_model(true);
    let engine = Engine::new(&config).expect("an engine");
    let component = Component::new(&engine, bytes).expect("a component");
    let mut linker: Linker<()> = Linker::new(&engine);
    let mut clock = linker.instance(CLOCK).expect("an instance");
    clock.func_wrap("now", |_, (): ()| Ok((41_u64,))).expect("a function");
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &component).expect("an instance");
    let main = instance.get_export_index(&mut store, None, "acme:app/main@0.1.0").expect("main");
    let index = instance.get_export_index(&mut store, Some(&main), dot).expect("the dot");
    let function = instance.get_func(&mut store, index).expect("a function");
    let mut results = [Val::Bool(false)];
    function.call(&mut store, arguments, &mut results).expect("it returns");
    results[0].clone()
}

fn text(text: &str) -> Val {
    Val::String(text.to_owned())
}

fn texts(all: &[&str]) -> Val {
    Val::List(all.iter().map(|one| text(one)).collect())
}

#[test]
// r[package.version.one], r[package.component], r[package.component.module], r[package.workspace]
fn five_packages_two_versions_and_a_component_of_rustc_are_one_component() {
    let copy = Copy::new("five");
    let session = copy.session();
    let lock = session.lock_change().expect("a lock file").text.clone();
    for part in [
        "version = \"1.4.0\"\nhash",
        "version = \"2.1.0\"\nhash",
        "path = \"packages/units\"",
        "path = \"../fixtures/words.wasm\"\nhash = \"sha256:",
    ] {
        assert!(lock.contains(part), "{part}\n{lock}");
    }
    assert!(!lock.contains("2.0.0"), "one version of those that are compatible");
    for profile in PROFILES {
        let built = build(&session, profile);
        // The clock is imported by a component that no dot leads to.
        assert_eq!(imports(&built), BTreeSet::new(), "{profile:?}");
        // Counted by hand: version 2.1.0 of a package says 3 and 1.4.0 says 1, which makes 31.
        let words = call(&built, "words", &[text("To be, or not to be: that is the question. Be!")]);
        assert_eq!(words, texts(&["be 93", "to 62", "is 31"]), "{profile:?}");
        let sum = |numbers: &[&str]| call(&built, "sum", &[texts(numbers)]);
        assert_eq!(sum(&["12", "30"]), Val::Result(Ok(Some(Box::new(Val::S64(42))))));
        for (wrong, told) in [
            ("", "nothing is no number"),
            ("2a", "'a' is no digit"),
            ("18446744073709551616", "18446744073709551616 is too large"),
        ] {
            assert_eq!(sum(&["1", wrong]), Val::Result(Err(Some(Box::new(text(told))))), "{profile:?}");
        }
        assert_eq!(call(&built, "plain", &[text("x")]), text("<x>"));
    }
}

#[test]
// r[package.component.effect], r[package.component.part]
fn what_a_component_of_rustc_imports_is_told_through_packages() {
    let copy = Copy::new("effect");
    let pure = copy.read("app/src/main.dot");
    let stamped =
        |uses: &str| format!("{pure}\ndot stamped(label: string) -> string {uses}{{ log.stamp(label) }}\n");
    copy.write("app/src/main.dot", &stamped(""));
    let told = copy.open().expect("a session").check().render(Colour::Never);
    assert!(told.contains(&format!("`stamped` uses `{CLOCK}` and does not say so")), "{told}");
    copy.write("app/src/main.dot", &stamped("uses log "));
    let session = copy.session();
    let effects = session.effects();
    let dot = effects.dots.iter().find(|dot| dot.dot == "main.stamped").expect("the dot");
    assert_eq!(dot.effects, [CLOCK]);
    assert!(effects.dots.iter().filter(|dot| dot.dot != "main.stamped").all(|dot| dot.effects.is_empty()));
    for profile in PROFILES {
        let built = build(&session, profile);
        assert_eq!(imports(&built), BTreeSet::from([CLOCK.to_owned()]), "{profile:?}");
        assert_eq!(call(&built, "stamped", &[text("x")]), text("x@41"), "{profile:?}");
    }
}

#[test]
// r[package.version.conflict]
fn a_wrong_version_is_explained() {
    let copy = Copy::new("wrong");
    let manifest = copy.read("packages/right/Dot.toml");
    copy.write(
        "packages/right/Dot.toml",
        &manifest.replace("\"../units\" }", "\"../units\", version = \"2\" }"),
    );
    let error = copy.open().map(|_| ()).expect_err("no version fits");
    for part in [
        "no versions fit together",
        "acme:right 1.0.0 depends on acme:units >=2.0.0, <3.0.0",
        "has `acme:units` 1.0.0",
    ] {
        assert!(error.contains(part), "{part}\n{error}");
    }
    copy.write("packages/right/Dot.toml", &manifest);
    let manifest = copy.read("packages/units/Dot.toml");
    copy.write(
        "packages/units/Dot.toml",
        &manifest.replace("\"acme:base\" = \"2\"", "\"acme:base\" = \"2.2\""),
    );
    let error = copy.open().map(|_| ()).expect_err("no version fits");
    for part in [
        // At the line that asks for what there isn't.
        "packages/units/Dot.toml:6: dependency `base`: no versions fit together",
        "acme:units 1.0.0 depends on acme:base >=2.2.0, <3.0.0",
        "The registry has `acme:base` 1.4.0, 2.0.0, 2.1.0",
    ] {
        assert!(error.contains(part), "{part}\n{error}");
    }
}
