//! `dot inspect`: what a component can do, whoever made it.

use std::fmt::Write as _;

use dot_driver::{Face, FaceKind, FunctionOutline, Outline, outline};
use dot_host::meta::{DotMeta, Meta};
use dot_host::{GRANTS, grant_of};
use serde_json::{Value as Json, json};

use crate::cli::{Inspect, Output};
use crate::compiler::{Compiler, Driver};
use crate::load::{self, Kind, Stopped};
use crate::{exit, report};

/// Runs the command and gives the exit code.
pub fn inspect(inspect: &Inspect) -> u8 {
    inspect_with(&Driver, inspect).unwrap_or_else(Stopped::tell)
}

fn inspect_with(compiler: &dyn Compiler, inspect: &Inspect) -> Result<u8, Stopped> {
    let name = inspect.file.display().to_string();
    let bytes = match load::kind(&inspect.file)? {
        Kind::Source => compiler.compile(&inspect.file, true)?.component,
        Kind::Component => std::fs::read(&inspect.file)
            .map_err(|error| Stopped::data(format!("{name}: it can't be read: {error}")))?,
        Kind::Precompiled => {
            return Err(Stopped::data(format!(
                "{name}: it is native code; inspect the component it was made from"
            )));
        }
    };
    let outline = outline(&bytes).map_err(|reason| Stopped::data(format!("{name}: {reason}")))?;
    let seen = Seen { name, bytes: bytes.len(), meta: Meta::of_component(&bytes), outline };
    match inspect.format.unwrap_or(Output::Text) {
        Output::Text => report::result(&report::harmless(&seen.text())),
        Output::Json => report::result(&seen.json().to_string()),
    }
    Ok(exit::OK)
}

/// A component that was looked at.
struct Seen {
    name: String,
    bytes: usize,
    meta: Option<Meta>,
    outline: Outline,
}

impl Seen {
    fn text(&self) -> String {
        let mut out = format!("{}: a component of {} bytes", self.name, self.bytes);
        if let Some(meta) = &self.meta {
            let _ = write!(out, ", package {}", meta.package);
        }
        out.push('\n');
        if self.outline.is_pure() {
            out.push_str("pure: it imports nothing but types, so the same arguments give the same result\n");
        } else {
            out.push_str("not pure; it could\n");
            for reach in self.reaches() {
                let _ = writeln!(out, "  {reach}");
            }
        }
        if self.outline.starts {
            out.push_str("it runs code when it is instantiated, before any function is called\n");
        }
        for (title, faces) in [("imports", &self.outline.imports), ("exports", &self.outline.exports)] {
            if !faces.is_empty() {
                let _ = writeln!(out, "\n{title}");
            }
            for face in faces {
                self.write_face(&mut out, face, title == "exports");
            }
        }
        out
    }

    fn write_face(&self, out: &mut String, face: &Face, is_exported: bool) {
        if face.kind != FaceKind::Function {
            let types = if face.types.is_empty() || !face.functions.is_empty() {
                String::new()
            } else {
                format!(" (types: {})", face.types.join(", "))
            };
            let _ = writeln!(out, "  {}{types}", face.name);
        }
        for function in &face.functions {
            let _ = writeln!(out, "    {}{}", function.name, function.signature);
            let docs = if is_exported { self.docs(face, function) } else { String::new() };
            for line in docs.lines() {
                let _ = writeln!(out, "{}", format!("      {line}").trim_end());
            }
        }
    }

    /// What it could do, in words; what no word is known for, by its interface.
    fn reaches(&self) -> Vec<String> {
        let mut reaches: Vec<String> = Vec::new();
        let acting = self.outline.imports.iter().filter(|import| import.acts());
        for import in acting {
            let words = match grant_of(&import.name) {
                Some("") => continue,
                Some(grant) => GRANTS.iter().find(|(name, _)| *name == grant).map(|(name, words)| {
                    let words = words.split(':').next().unwrap_or(words);
                    format!("{words} (--allow {name})")
                }),
                None if import.kind == FaceKind::Code => {
                    Some(format!("do whatever `{}` does, which is code that it is handed", import.name))
                }
                None => None,
            };
            let reach =
                words.unwrap_or_else(|| format!("call {}, which no grant of `dot` covers", import.name));
            if !reaches.contains(&reach) {
                reaches.push(reach);
            }
        }
        if reaches.is_empty() {
            reaches.push("work on what it is handed, and end the program".to_owned());
        }
        reaches
    }

    /// The author's words on an exported function.
    fn docs(&self, face: &Face, function: &FunctionOutline) -> String {
        self.dot(face, function)
            .map(|dot| dot.docs.clone())
            .filter(|docs| !docs.is_empty())
            .unwrap_or_else(|| function.docs.clone())
    }

    fn dot(&self, face: &Face, function: &FunctionOutline) -> Option<&DotMeta> {
        let name = face.name.split_once('/').map_or(face.name.as_str(), |(_, name)| name);
        let name = name.split_once('@').map_or(name, |(name, _)| name);
        let dots = self.meta.as_ref().map(|meta| meta.dots.as_slice()).unwrap_or_default();
        dots.iter().find(|dot| dot.interface.as_deref() == Some(name) && dot.name == function.name)
    }

    fn json(&self) -> Json {
        let function = |face: &Face, function: &FunctionOutline| {
            let mut json = json!({ "name": function.name, "signature": function.signature });
            let docs = self.docs(face, function);
            if !docs.is_empty() {
                json["docs"] = json!(docs);
            }
            if let Some(dot) = self.dot(face, function) {
                json["dot"] = json!(dot.dot);
                if !dot.effects.is_empty() {
                    json["effects"] = json!(dot.effects);
                }
            }
            json
        };
        let face = |face: &Face| {
            let functions: Vec<Json> = face.functions.iter().map(|one| function(face, one)).collect();
            json!({ "name": face.name, "functions": functions, "types": face.types })
        };
        let faces = |faces: &[Face]| faces.iter().map(face).collect::<Vec<Json>>();
        json!({
            "file": self.name,
            "bytes": self.bytes,
            "package": self.meta.as_ref().map(|meta| meta.package.as_str()),
            "pure": self.outline.is_pure(),
            "starts": self.outline.starts,
            "reaches": if self.outline.is_pure() { Vec::new() } else { self.reaches() },
            "imports": faces(&self.outline.imports),
            "exports": faces(&self.outline.exports),
        })
    }
}
