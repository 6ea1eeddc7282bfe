//! What components import, read from their bytes: nothing that no exported dot reaches.

use dot_driver::{Emit, OsFiles, Profile, Session, outline};
use dot_tests::{files, root};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The examples and the sample programs: lone files, and folders with a manifest.
fn programs() -> Vec<PathBuf> {
    let folders = ["examples", "tests/programs"].map(|folder| root().join(folder));
    let manifests = folders.iter().flat_map(|folder| files(folder, "toml"));
    let mut programs: Vec<PathBuf> = manifests
        .filter(|file| file.file_name().is_some_and(|name| name == "Dot.toml"))
        .filter_map(|file| file.parent().map(PathBuf::from))
        .collect();
    let lone: Vec<PathBuf> = folders.iter().flat_map(|folder| files(folder, "dot")).collect();
    let lone = lone.into_iter().filter(|file| !programs.iter().any(|package| file.starts_with(package)));
    let lone: Vec<PathBuf> = lone.collect();
    programs.extend(lone);
    programs
}

#[test]
// r[effect.import], r[effect.pure]
fn no_program_imports_what_no_dot_reaches() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for program in programs() {
        let session = Session::open(&OsFiles, &program).unwrap_or_else(|error| panic!("{error}"));
        let effects = session.effects().dots;
        let reached: BTreeSet<String> = effects.iter().flat_map(|dot| dot.effects.iter().cloned()).collect();
        let mut interfaces = Vec::new();
        for profile in [Profile::Debug, Profile::Release] {
            let Ok(built) = session.build(profile, Emit::Component, false) else {
                wrong.push(format!("{} does not compile", program.display()));
                continue;
            };
            seen += 1;
            let outline = outline(&built.bytes).expect("a component");
            let acting = outline.imports.iter().filter(|import| !import.functions.is_empty());
            let imported: BTreeSet<String> = acting.map(|import| import.name.clone()).collect();
            if !imported.is_subset(&reached) {
                wrong.push(format!("{}, {profile:?}: {imported:?}, not {reached:?}", program.display()));
            }
            interfaces.push((outline.imports, outline.exports));
        }
        if interfaces.first() != interfaces.last() {
            wrong.push(format!("{}: debug and release have two interfaces", program.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen >= 12, "only {seen} components");
}
