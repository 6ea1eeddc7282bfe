//! A folder for a test, and `dotc` in it.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::path::PathBuf;
use std::process::Command;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, UnresolvedPackageGroup};

/// A folder that goes with the test.
pub struct Folder(pub PathBuf);

/// What a command did: exit code, standard output, standard error.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Folder {
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("dotc-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    /// A package `acme:NAME` with one module.
    pub fn package(&self, folder: &str, name: &str, version: &str, dependencies: &str, main: &str) {
        let manifest = format!(
            "name = \"acme:{name}\"\nversion = \"{version}\"\nlanguage = \"0.1\"\n\n[dependencies]\n{dependencies}"
        );
        self.write(&format!("{folder}/Dot.toml"), manifest);
        self.write(&format!("{folder}/src/main.dot"), main);
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, content).expect("a file");
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap_or_default()
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).expect("a file")
    }

    /// Runs `dotc` in the folder.
    pub fn dotc(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_dotc")).args(arguments).current_dir(&self.0).output();
        let output = output.expect("dotc starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let ran = Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
        assert!(!ran.err.contains("defect") && !ran.err.contains("panicked"), "{arguments:?}: {}", ran.err);
        ran
    }

    /// What `dotc` says when it must end with `code`.
    pub fn told(&self, code: i32, arguments: &[&str]) -> String {
        let ran = self.dotc(arguments);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}{}", ran.out, ran.err);
        ran.err
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The component of a core module in the text format and a world, made by the component tools.
pub fn component(wit: &str, world: &str, module: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let group = UnresolvedPackageGroup::parse("made.wit", wit).map_err(|(_, error)| error).expect("WIT");
    let package = resolve.push_group(group).expect("WIT");
    let world = resolve.select_world(&[package], Some(world)).expect("a world");
    let mut module = wat::parse_str(module).expect("a module");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).expect("a module");
    ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .expect("a module")
        .encode()
        .expect("a component")
}
