//! `dot new`: the first files of a package, or of a program of one file.

use dot_driver::{Files, OsFiles};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::New;
use crate::load::Stopped;
use crate::{exit, report};

/// Runs the command and gives the exit code.
pub fn new(new: &New) -> u8 {
    make(new).unwrap_or_else(Stopped::tell)
}

fn make(new: &New) -> Result<u8, Stopped> {
    let files = if new.path.extension().is_some_and(|extension| extension == "dot") {
        vec![(new.path.clone(), SOURCE.to_owned())]
    } else {
        package(new)?
    };
    if let Some((there, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(Stopped::usage(format!("`{}` is there already; nothing was changed", there.display())));
    }
    for (path, text) in &files {
        write(path, text)
            .map_err(|error| Stopped::data(format!("can't write `{}`: {error}", path.display())))?;
    }
    let path = new.path.display();
    let tries = match new.world {
        Some(_) => format!("dotc check {path}\n  dotc build {path}"),
        None => format!("dot run {path} hello --name Ada\n  dot test {path}"),
    };
    report::result(&format!("made {path}\n\ntry\n  {tries}"));
    Ok(exit::OK)
}

/// The files of a package.
fn package(new: &New) -> Result<Vec<(PathBuf, String)>, Stopped> {
    let name = match &new.name {
        Some(name) => name.clone(),
        None => {
            let folder =
                new.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            format!("my:{folder}")
        }
    };
    if let Some(world) = &new.world {
        return implementing(new, &name, world);
    }
    if new.wit.is_some() {
        return Err(Stopped::usage(
            "`--wit` needs `--world`: which world of it the package implements".to_owned(),
        ));
    }
    let manifest = format!("name = \"{name}\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n");
    dot_driver::Manifest::parse(&manifest).map_err(|error| {
        Stopped::usage(format!("{error}; `--name acme:geo` gives the package a name of its own"))
    })?;
    Ok(vec![
        (new.path.join("Dot.toml"), manifest),
        (new.path.join("src").join("main.dot"), SOURCE.to_owned()),
        (new.path.join(".gitignore"), "*.wasm\nbuild/\n".to_owned()),
    ])
}

/// The files of a package that implements a world.
fn implementing(new: &New, name: &str, world: &str) -> Result<Vec<(PathBuf, String)>, Stopped> {
    let mut wit = Vec::new();
    if let Some(folder) = &new.wit {
        let unreadable = |path: &Path, error: &dyn std::fmt::Display| {
            Stopped::data(format!("can't read `{}`: {error}", path.display()))
        };
        let found = OsFiles.list(folder, "wit").map_err(|error| unreadable(folder, &error))?;
        for path in found {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            let below = path.strip_prefix(folder).unwrap_or(&path);
            // A package's own files, and those that it depends on; not what else lies below the folder.
            if below.components().count() == 1 || below.starts_with("deps") {
                wit.push((below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"), text));
            }
        }
    }
    let files = dot_driver::scaffold(name, &wit, world).map_err(Stopped::usage)?;
    let ignored = (".gitignore".to_owned(), "*.wasm\nbuild/\n".to_owned());
    Ok(files.into_iter().chain([ignored]).map(|(path, text)| (new.path.join(path), text)).collect())
}

const SOURCE: &str = r#"/// Greets someone.
dot hello(name: string = "world") -> string {
  "Hello, {name}!"
}

test "it greets by name" {
  assert hello("Ada") == "Hello, Ada!"
}

test "every name is in its greeting" (name: string) {
  assert hello(name) == "Hello, {name}!"
}
"#;

/// Writes a file that isn't there yet.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}
