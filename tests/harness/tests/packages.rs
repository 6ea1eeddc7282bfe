//! Packages that depend on each other: manifests, versions, the lock file, and what does not run again.

use dot_diagnostics::render::Colour;
use dot_driver::{BuildError, Emit, Profile, Session};
use dot_tests::texts::Texts;
use std::collections::BTreeMap;

const PLACES: &str = "\
pub record Point { x: f64, y: f64 }
/// How far two points are from each other.
pub fn distance(a: Point, b: Point) -> f64 { square(a.x - b.x) + square(a.y - b.y) }
fn square(n: f64) -> f64 { n * n }
pub fn origin() -> Point { { x: 0.0, y: 0.0 } }
";

fn manifest(name: &str, version: &str, rest: &str) -> String {
    format!("name = \"acme:{name}\"\nversion = \"{version}\"\nlanguage = \"0.1\"\n{rest}")
}

/// Files that are put together piece by piece.
#[derive(Clone, Default)]
struct Tree(BTreeMap<String, String>);

impl Tree {
    fn with(mut self, path: &str, text: &str) -> Self {
        self.0.insert(path.to_owned(), text.to_owned());
        self
    }

    /// A package with one module, in a folder.
    fn package(self, folder: &str, name: &str, version: &str, rest: &str) -> Self {
        self.with(&format!("{folder}/Dot.toml"), &manifest(name, version, rest))
            .with(&format!("{folder}/src/main.dot"), "pub fn one() -> u32 { 1 }\n")
    }

    fn files(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect()
    }

    fn open(&self, folder: &str) -> Result<Session, String> {
        Texts(&self.files()).open_at(folder)
    }

    /// The packages that are taken, as the lock file has them: name and version.
    fn taken(&self, folder: &str) -> Vec<String> {
        let lock = self.lock(folder);
        let line = |line: &str, key: &str| {
            Some(line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')?.to_owned())
        };
        let mut taken = Vec::new();
        for package in lock.split("[[package]]").skip(1) {
            let find = |key| package.lines().find_map(|text| line(text, key)).unwrap_or_default();
            taken.push(format!("{} {}", find("name"), find("version")));
        }
        taken
    }

    /// The lock file that a build writes.
    fn lock(&self, folder: &str) -> String {
        let session = self.open(folder).unwrap_or_else(|error| panic!("{error}"));
        session.lock_change().expect("there is something to lock").text.clone()
    }

    /// The error with which a folder can't be opened.
    fn refusal(&self, folder: &str) -> String {
        match self.open(folder) {
            Ok(session) => panic!("it opens: {}", session.check().render(Colour::Never)),
            Err(error) => error,
        }
    }
}

#[track_caller]
fn says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "not said: {part}\n{error}");
    }
}

#[test]
// r[package.manifest.error], r[package.language]
fn what_is_wrong_with_a_manifest_is_told_with_its_line() {
    for (rest, parts) in [
        ("colour = 1\n", &["app/Dot.toml:4", "colour"][..]),
        (
            "[dependencies]\n\"acme:geo\" = { path = \"../geo\" }\n",
            &["app/Dot.toml:5", "no folder `geo`", "relative"],
        ),
        (
            "[dependencies]\n\"acme:geo\" = { path = \"../units\" }\n",
            &["app/Dot.toml:5", "is `acme:units`", "name it so"],
        ),
        (
            "[dependencies]\n\"acme:geo\" = { path = \"../empty\" }\n",
            &["app/Dot.toml:5", "no package", "Dot.toml"],
        ),
        ("[dependencies]\n\"acme:geo\" = \"1\"\n", &["app/Dot.toml:5", "no registry", "`[registry]`"]),
        (
            "[dependencies]\n\"acme:geo\" = { path = \"../bad\" }\n",
            &["bad/Dot.toml:3", "language `7`", "`0.1`"],
        ),
        (
            "[dependencies]\nengine = { path = \"engine.wasm\" }\n",
            &["app/Dot.toml:5", "engine.wasm", "can't be read"],
        ),
    ] {
        let tree = Tree::default()
            .package("app", "app", "0.1.0", rest)
            .package("units", "units", "1.0.0", "")
            .with("empty/readme.md", "")
            .with("bad/Dot.toml", "name = \"acme:geo\"\nversion = \"1.0.0\"\nlanguage = \"7\"\n");
        says(&tree.refusal("app"), parts);
    }
}

#[test]
// r[package.dependency.circle]
fn a_circle_of_packages_is_shown() {
    let on = |name: &str| format!("[dependencies]\n\"acme:{name}\" = {{ path = \"../{name}\" }}\n");
    let tree = Tree::default()
        .package("a", "a", "1.0.0", &on("b"))
        .package("b", "b", "1.0.0", &on("c"))
        .package("c", "c", "1.0.0", &on("a"));
    says(&tree.refusal("a"), &["c/Dot.toml:5", "acme:a → acme:b → acme:c → acme:a", "of its own"]);
}

/// A registry with several versions of `geo`, and `units` that needs the later ones.
fn registry() -> Tree {
    let mut tree = Tree::default();
    for version in ["0.9.0", "1.0.0", "1.2.0", "1.3.0-beta.1", "2.0.0", "2.1.0"] {
        tree = tree.package(&format!("registry/acme/geo/{version}"), "geo", version, "");
    }
    let needs = "[dependencies]\n\"acme:geo\" = \"1.1\"\n";
    tree.package("registry/acme/units/1.0.0", "units", "1.0.0", needs)
}

fn app(dependencies: &str) -> String {
    format!("[registry]\npath = \"../registry\"\n[dependencies]\n{dependencies}")
}

#[test]
// r[package.version], r[package.version.one], r[package.version.choice], r[package.registry]
fn the_highest_versions_that_fit_are_taken() {
    for (dependencies, taken) in [
        ("\"acme:geo\" = \"1\"", &["acme:geo 1.2.0"][..]),
        ("\"acme:geo\" = \"=1.0.0\"", &["acme:geo 1.0.0"]),
        ("\"acme:geo\" = \">=2, <2.1\"", &["acme:geo 2.0.0"]),
        ("\"acme:geo\" = \"1.3.0-beta\"", &["acme:geo 1.3.0-beta.1"]),
        (
            "\"acme:geo\" = \"2\"\n\"acme:units\" = \"1\"",
            &["acme:geo 1.2.0", "acme:geo 2.1.0", "acme:units 1.0.0"],
        ),
        (
            "\"acme:geo\" = \"2\"\nold = { package = \"acme:geo\", version = \"0.9\" }",
            &["acme:geo 0.9.0", "acme:geo 2.1.0"],
        ),
        (
            "\"acme:geo\" = { path = \"../mine\" }\n\"acme:units\" = \"1\"",
            &["acme:geo 1.1.0", "acme:units 1.0.0"],
        ),
    ] {
        let tree =
            registry().package("app", "app", "0.1.0", &app(dependencies)).package("mine", "geo", "1.1.0", "");
        assert_eq!(tree.taken("app"), taken, "{dependencies}");
        let report = tree.open("app").map(|session| session.check().render(Colour::Never));
        assert_eq!(report, Ok(String::new()), "{dependencies}");
    }
}

#[test]
// r[package.version.conflict]
fn versions_that_exclude_each_other_are_explained() {
    let tree =
        registry().package("app", "app", "0.1.0", &app("\"acme:geo\" = \"=1.0.0\"\n\"acme:units\" = \"1\""));
    let error = tree.refusal("app");
    says(
        &error,
        &[
            "app/Dot.toml:7",
            "acme:units >=1.0.0, <2.0.0 depends on acme:geo >=1.1.0, <2.0.0",
            "acme:app 0.1.0 depends on acme:geo 1.0.0",
            "acme:app can't be built",
            "The registry has `acme:geo` 0.9.0, 1.0.0, 1.2.0, 1.3.0-beta.1, 2.0.0, 2.1.0.",
            "Change a requirement",
        ],
    );
    let wrong = "[dependencies]\n\"acme:geo\" = { path = \"../mine\", version = \"2\" }\n";
    let tree = Tree::default().package("app", "app", "0.1.0", wrong).package("mine", "geo", "1.1.0", "");
    let error = tree.refusal("app");
    says(&error, &["app/Dot.toml:5", "acme:geo >=2.0.0, <3.0.0", "`mine` has `acme:geo` 1.1.0."]);
    let none = registry().package("app", "app", "0.1.0", &app("\"acme:nothing\" = \"1\""));
    says(&none.refusal("app"), &["app/Dot.toml:7", "acme:nothing"]);
}

#[test]
// r[package.lock], r[package.lock.hash], r[cli.update]
fn the_lock_file_holds_what_was_taken() {
    let before = Tree(registry().0.into_iter().filter(|(path, _)| !path.contains("/1.2.0/")).collect());
    let app = app("\"acme:geo\" = \"1\"");
    let old = before.package("app", "app", "0.1.0", &app);
    let lock = old.lock("app");
    assert_eq!(lock, old.lock("app"), "the same packages give the same bytes");
    says(&lock, &["name = \"acme:geo\"\nversion = \"1.0.0\"\nhash = \"sha256:"]);
    // A later version came, and is not taken.
    let locked = registry().package("app", "app", "0.1.0", &app).with("app/Dot.lock", &lock);
    assert_eq!(locked.open("app").expect("a session").lock_change(), None);
    let updated =
        Session::open_updated(&Texts(&locked.files()), std::path::Path::new("app")).expect("a session");
    says(&updated.lock_change().expect("another choice").text, &["version = \"1.2.0\""]);
    // What was locked is another now.
    let changed = locked.clone().with("registry/acme/geo/1.0.0/src/main.dot", "pub fn one() -> u32 { 2 }\n");
    says(
        &changed.refusal("app"),
        &["app/Dot.lock:7", "`acme:geo` 1.0.0 is not what was locked", "dotc update"],
    );
    let broken = locked.clone().with("app/Dot.lock", "version = 2\n");
    says(&broken.refusal("app"), &["app/Dot.lock:1", "version 2", "dotc update"]);
    // Nothing to lock.
    assert_eq!(
        Tree::default().package("a", "a", "1.0.0", "").open("a").expect("a session").lock_change(),
        None
    );
}

#[test]
// r[package.registry]
fn packages_of_the_registry_stand_on_the_registry_alone() {
    let on_folder = "[dependencies]\n\"acme:units\" = { path = \"../../units/1.0.0\" }\n";
    let tree = registry()
        .package("registry/acme/sly/1.0.0", "sly", "1.0.0", on_folder)
        .package("registry/acme/false/1.0.0", "true", "1.0.0", "")
        .package("a", "a", "0.1.0", &app("\"acme:sly\" = \"1\""))
        .package("b", "b", "0.1.0", &app("\"acme:false\" = \"1\""));
    says(&tree.refusal("a"), &["registry/acme/sly/1.0.0/Dot.toml:5", "packages of the registry only"]);
    says(&tree.refusal("b"), &["has `acme:true` 1.0.0 where `acme:false` 1.0.0 should be"]);
}

#[test]
// r[package.profile]
fn profiles_start_from_others() {
    let profiles = "[profile.release]\nstrip = true\n[profile.small]\ninherits = \"release\"\n[profile.look]\ninherits = \"small\"\noptimise = false\n";
    let session = Tree::default().package("a", "a", "1.0.0", profiles).open("a").expect("a session");
    for (name, profile, strip) in [
        ("debug", Profile::Debug, false),
        ("release", Profile::Release, true),
        ("small", Profile::Release, true),
        ("look", Profile::Debug, true),
    ] {
        let settings = session.profile(name).expect(name);
        assert_eq!((settings.profile, settings.strip), (profile, strip), "{name}");
    }
    says(&session.profile("tiny").expect_err("there is none"), &["`debug`, `release`, `look`, `small`"]);
    let circle = "[profile.a]\ninherits = \"b\"\n[profile.b]\ninherits = \"a\"\n";
    says(
        &Tree::default().package("a", "a", "1.0.0", circle).refusal("a"),
        &["a/Dot.toml:", "inherit from each other"],
    );
}

#[test]
// r[package.budget]
fn a_build_over_budget_fails_with_the_line() {
    let main =
        "use wasi:clocks/monotonic-clock@0.2.12 as clock\ndot now() -> u64 uses clock { clock.now() }\n";
    let build = |budget: &str, profile: Profile| {
        let rest = format!("\n[budget]\n{budget}\n");
        let tree = Tree::default().package("a", "a", "1.0.0", &rest).with("a/src/main.dot", main);
        match tree.open("a").expect("a session").build(profile, Emit::Component, false) {
            Ok(_) => String::new(),
            Err(BuildError::Refused(message)) => message,
            Err(other) => panic!("{other:?}"),
        }
    };
    for fits in [
        "bytes = 100000",
        "imports = 1",
        "effects = [\"wasi:clocks/monotonic-clock\"]",
        "effects = [\"wasi:clocks/monotonic-clock@0.2.12\"]",
    ] {
        assert_eq!(build(fits, Profile::Release), "", "{fits}");
    }
    says(&build("bytes = 100", Profile::Release), &["a/Dot.toml:6: over budget", "more than 100"]);
    assert_eq!(build("bytes = 100", Profile::Debug), "", "bytes count when it is optimised");
    says(
        &build("bytes = 100000\nimports = 0", Profile::Debug),
        &["a/Dot.toml:7", "1 interfaces", "monotonic-clock"],
    );
    says(&build("effects = []", Profile::Debug), &["a/Dot.toml:6", "`wasi:clocks/monotonic-clock@0.2.12`"]);
    says(&build("effects = [\"wasi:clocks/monotonic-clock@0.2.1\"]", Profile::Debug), &["a/Dot.toml:6"]);
}

/// The queries that ran for a check and a build of `app` after an edit in `geo`, by name, how often.
fn ran_after(edit: impl Fn(&str) -> String) -> BTreeMap<String, usize> {
    let main = "\
use geo/places.{Point}
const LIMIT: u32 = 7
fn near(to: Point) -> bool { places.distance(places.origin(), to) < 4.0 }
dot far(to: Point) -> bool { !near(to) }
dot limit() -> u32 { LIMIT }
";
    let tree = Tree::default()
        .with(
            "app/Dot.toml",
            &manifest("app", "0.1.0", "[dependencies]\n\"acme:geo\" = { path = \"../geo\" }\n"),
        )
        .with("app/src/main.dot", main)
        .with("geo/Dot.toml", &manifest("geo", "1.0.0", ""))
        .with("geo/src/places.dot", PLACES);
    let mut session = tree.open("app").expect("a session");
    let build =
        |session: &Session| session.build(Profile::Debug, Emit::Component, false).map(|built| built.bytes);
    let before = build(&session).expect("a component");
    let edited = tree.with("geo/src/places.dot", &edit(PLACES));
    session.refresh(&Texts(&edited.files())).expect("it can be read again");
    session.db().events().start();
    assert_ne!(build(&session).expect("a component"), before, "the edit changes what is built");
    let mut counts = BTreeMap::new();
    for event in session.db().events().take() {
        let name = event.split('(').next().unwrap_or_default().to_owned();
        *counts.entry(name).or_default() += 1;
    }
    counts
}

#[test]
// r[package.dependency.effects]
fn an_edit_in_a_private_body_checks_nothing_in_what_depends_on_it() {
    let ran = ran_after(|places| places.replace("{ n * n }", "{ n * n * 1.0 }"));
    let count = |name: &str| ran.get(name).copied().unwrap_or(0);
    // The one function that was edited; what its package knows of it follows, and nothing of another package.
    for query in ["typed_body", "own_diagnostics", "thir_body", "counted", "wasm_debug"] {
        assert_eq!(count(query), 1, "{query}: {ran:#?}");
    }
    for query in ["package_effects", "fn_signature", "of_constant", "module_scope", "module_diagnostics"] {
        assert_eq!(count(query), 0, "{query}: {ran:#?}");
    }
}

#[test]
// r[abi.dwarf], r[abi.traps]
fn a_file_of_a_dependency_is_told_with_its_package() {
    let tree = Tree::default()
        .with(
            "app/Dot.toml",
            &manifest("app", "0.1.0", "[dependencies]\n\"acme:geo\" = { path = \"../geo\" }\n"),
        )
        .with("app/src/main.dot", "use geo/places\ndot half(n: u32) -> u32 { places.share(n, 0) }\n")
        .with("geo/Dot.toml", &manifest("geo", "1.2.0", ""))
        .with("geo/src/places.dot", "pub fn share(n: u32, of: u32) -> u32 { n / of }\n");
    let session = tree.open("app").expect("a session");
    for profile in [Profile::Debug, Profile::Release] {
        let built = session.build(profile, Emit::Component, false).expect("a component").bytes;
        let held = |text: &str| built.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(held("acme:geo@1.2.0/src/places.dot"), "{profile:?}");
        assert!(!held("../geo"), "{profile:?}: no path of this machine");
    }
}
