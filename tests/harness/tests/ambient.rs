//! Logging that a manifest declares ambient: nobody has to say it, and it can't be hidden.
// r[effect.ambient]

use dot_diagnostics::render::Colour;
use dot_driver::{Emit, Profile, Session, outline};
use dot_tests::texts::Texts;

const LOGGING: &str = "wasi:logging/logging@0.1.0-draft";
const WIT: &str = "package wasi:logging@0.1.0-draft;\ninterface logging { log: func(message: string); }\n";
const USE: &str = "use wasi:logging/logging@0.1.0-draft as logging\n";
const AMBIENT: &str = "ambient = [\"wasi:logging/logging\"]\n";

fn manifest(name: &str, rest: &str) -> String {
    format!("name = \"acme:{name}\"\nversion = \"1.0.0\"\nlanguage = \"0.1\"\n{rest}")
}

/// `acme:app`, which depends on `acme:geo` in `geo/`; both have the interface.
fn project(app: &str, main: &str, geo: &str, places: &str) -> Session {
    let app = manifest("app", &format!("{app}[dependencies]\n\"acme:geo\" = {{ path = \"geo\" }}\n"));
    let geo = manifest("geo", geo);
    Texts(&[
        ("Dot.toml", &app),
        ("src/main.dot", main),
        ("wit/logging.wit", WIT),
        ("geo/Dot.toml", &geo),
        ("geo/src/places.dot", places),
        ("geo/wit/logging.wit", WIT),
    ])
    .open()
}

fn told(session: &Session) -> String {
    session.check().render(Colour::Never)
}

/// The interfaces of which the component imports functions, debug and release alike.
fn imports(session: &Session) -> Vec<String> {
    let of = |profile| {
        let built = session.build(profile, Emit::Component, false).expect("a component").bytes;
        let faces = outline(&built).expect("a component").imports;
        faces.into_iter().filter(|face| face.acts()).map(|face| face.name).collect::<Vec<_>>()
    };
    assert_eq!(of(Profile::Debug), of(Profile::Release));
    of(Profile::Debug)
}

/// What `dotc effects` tells of the dot `main.d`.
fn effects(session: &Session) -> Vec<String> {
    let dots = session.effects().dots;
    dots.into_iter().find(|dot| dot.dot == "main.d").expect("the dot").effects
}

const PLAIN: &str = "pub fn near() -> u32 { 1 }\n";

#[test]
fn an_ambient_effect_needs_no_word_and_is_one_all_the_same() {
    let main = format!(
        "{USE}fn noted(n: u32) -> u32 {{\n  logging.log(\"at {{n}}\")\n  n\n}}\ndot d(n: u32) -> u32 {{ noted(n) }}\npub fn p() {{ logging.log(\"p\") }}\n"
    );
    let session = project(AMBIENT, &main, "", PLAIN);
    assert_eq!(told(&session), "");
    assert_eq!((effects(&session), imports(&session)), (vec![LOGGING.to_owned()], vec![LOGGING.to_owned()]));
    // Who says it all the same says nothing wrong.
    let said = main.replace("-> u32 { noted", "-> u32 uses logging { noted");
    assert_eq!(told(&project(AMBIENT, &said, "", PLAIN)), "");
    // Without the manifest's word each has to say it.
    let silent = project("", &main, "", PLAIN);
    assert_eq!(told(&silent).matches("error[undeclared-effect]").count(), 2, "{}", told(&silent));
}

#[test]
fn an_ambient_effect_is_not_hidden_in_a_dependency() {
    let places = format!(
        "{USE}pub fn near() -> u32 {{\n  logging.log(\"near\")\n  1\n}}\npub fn far() -> u32 {{ 2 }}\n"
    );
    let main = |dot: &str, uses: &str| {
        let named = if uses.is_empty() { "" } else { USE };
        format!("{named}use geo/places\ndot d() -> u32 {uses}{{ places.{dot}() }}\n")
    };
    let session = project(AMBIENT, &main("near", ""), AMBIENT, &places);
    assert_eq!(told(&session), "");
    assert_eq!((effects(&session), imports(&session)), (vec![LOGGING.to_owned()], vec![LOGGING.to_owned()]));
    // A package that doesn't have it ambient says so itself.
    let silent = told(&project("", &main("near", ""), AMBIENT, &places));
    assert!(silent.contains(&format!("`d` uses `{LOGGING}` and does not say so")), "{silent}");
    assert_eq!(told(&project("", &main("near", "uses logging "), AMBIENT, &places)), "");
    // What doesn't log has no effect.
    let quiet = project("", &main("far", ""), AMBIENT, &places);
    assert_eq!(told(&quiet), "");
    assert_eq!((effects(&quiet), imports(&quiet)), (vec![], vec![]));
}

#[test]
fn an_ambient_effect_stays_out_of_tests_constants_and_stored_functions() {
    let main = format!(
        "{USE}fn noted() -> u32 {{\n  logging.log(\"n\")\n  1\n}}\ntest \"t\" {{ assert noted() == 1 }}\nconst C: u32 = noted()\nrecord R {{ f: fn() -> u32 }}\ndot d() -> u32 {{\n  let r = R {{ f: noted }}\n  (r.f)() + C\n}}\n"
    );
    let told = told(&project(AMBIENT, &main, "", PLAIN));
    for part in
        ["error[impure-test]", "the constant `C` must not touch", "is stored as one that touches nothing"]
    {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert_eq!(told.matches("error[").count(), 3, "{told}");
}
