//! The first files of a package that implements a world.

use crate::memory_files::MemoryFiles;
use crate::session::Session;
use dot_hir::wit::{wit_universe, world_exports};
use std::path::Path;

/// A package that implements a world: its manifest, the WIT, and a module for each interface that the world exports, with
/// a dot that traps for each function. `name` is the package's, `wit` the files of WIT by their paths below `wit/`, and
/// `world` the world's full name or its path without a version. Paths are below the package's folder.
///
/// # Errors
///
/// When there is no such world, or the WIT can't be read: the reason.
pub fn scaffold(name: &str, wit: &[(String, String)], world: &str) -> Result<Vec<(String, String)>, String> {
    let manifest =
        format!("name = \"{name}\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\nworld = \"{world}\"\n");
    let mut files = vec![("Dot.toml".to_owned(), manifest)];
    files.extend(wit.iter().map(|(path, text)| (format!("wit/{path}"), text.clone())));
    let modules = modules(&open(&files)?, world)?;
    files.extend(modules);
    let mut session = open(&files)?;
    for (path, text) in session.fix_all().files {
        if let Some(file) = files.iter_mut().find(|(other, _)| *other == path) {
            file.1 = text;
        }
    }
    Ok(files)
}

fn open(files: &[(String, String)]) -> Result<Session, String> {
    let files = MemoryFiles::of_texts(files.iter().cloned());
    Session::open(&files, Path::new("")).map_err(|error| error.to_string())
}

/// The modules, which export and have no dots so far.
fn modules(session: &Session, world: &str) -> Result<Vec<(String, String)>, String> {
    let (db, package) = (session.db(), session.package());
    let universe = wit_universe(db, package);
    let has_version = world.contains('@');
    let is_it = |name: &&smol_str::SmolStr| {
        **name == *world || !has_version && name.split_once('@').is_some_and(|(path, _)| path == world)
    };
    let found: Vec<_> = universe.world_names().filter(is_it).collect();
    let id = match found.as_slice() {
        [only] => *only,
        [] => {
            let names: Vec<String> = universe.world_names().map(|name| format!("`{name}`")).collect();
            let mut reason = format!("there is no world `{world}`; there are {}", names.join(", "));
            universe.errors.iter().for_each(|error| reason.push_str(&format!("\n{}", error.trim_end())));
            return Err(reason);
        }
        several => {
            let names: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
            return Err(format!("several versions of the world are there: {}", names.join(", ")));
        }
    };
    let mut modules: Vec<(String, String)> = Vec::new();
    for (path, alias) in world_exports(db, package, id).unwrap_or_default() {
        let mut file = format!("src/{alias}.dot");
        while modules.iter().any(|(other, _)| *other == file) {
            file = file.replace(".dot", "_.dot");
        }
        modules.push((
            file,
            format!("//! `{path}`, which the world `{id}` exports.\n\nexport {path} as {alias}\n"),
        ));
    }
    if modules.is_empty() {
        modules.push(("src/main.dot".to_owned(), format!("//! The world `{id}` exports nothing.\n")));
    }
    Ok(modules)
}
