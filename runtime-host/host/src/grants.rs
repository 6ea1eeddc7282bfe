//! Capabilities: what a component may do is what it was given.
//!
//! Nothing is granted by default. A component says by its imports what it needs; before anything of it runs,
//! each import is looked up in [`TABLE`], and one that is not granted is a [`Missing`] that names the flag which
//! would grant it. Imports that only carry types grant nothing and need nothing.
//!
//! Grants are coarse names today. A grant may have an argument (`fs=DIR`); finer ones (`http=HOST:PORT`) have
//! their place in [`Grants`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use wasmtime::component::Component;
use wasmtime::component::types::{ComponentInstance, ComponentItem};

use crate::engine::Engine;
use crate::names::split_interface;

/// Interfaces (package and name, or a package with `/*`) and the grant that covers each. The first line that
/// fits counts. The grant `""` is for what carries no authority of its own: it works on handles that another
/// grant gave, or ends the guest.
const TABLE: &[(&str, &str)] = &[
    ("wasi:io/*", ""),
    ("wasi:cli/exit", ""),
    ("wasi:cli/terminal-input", ""),
    ("wasi:cli/terminal-output", ""),
    ("wasi:cli/stdin", "stdin"),
    ("wasi:cli/terminal-stdin", "stdin"),
    ("wasi:cli/stdout", "stdout"),
    ("wasi:cli/terminal-stdout", "stdout"),
    ("wasi:cli/stderr", "stderr"),
    ("wasi:cli/terminal-stderr", "stderr"),
    // One interface gives the environment, the arguments and the working directory. Either grant links it, and
    // what was not granted is empty.
    ("wasi:cli/environment", "env"),
    ("wasi:clocks/*", "clock"),
    ("wasi:random/*", "random"),
    ("wasi:filesystem/*", "fs"),
    ("wasi:sockets/*", "net"),
];

/// The names that can be granted, with what each gives.
pub const GRANTS: &[(&str, &str)] = &[
    ("stdin", "read standard input"),
    ("stdout", "write standard output"),
    ("stderr", "write standard error"),
    ("env", "read the environment's variables"),
    ("args", "read the arguments after `--`"),
    ("clock", "read the time and wait"),
    ("random", "get random numbers"),
    ("fs", "reach files: `fs=DIR` reads and writes below DIR, `fs:ro=DIR` reads; bare `fs` opens nothing"),
    ("net", "open connections to anywhere"),
];

/// What a program may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Names of [`GRANTS`] with their arguments.
    granted: BTreeMap<String, Vec<String>>,
}

impl Grants {
    /// Nothing.
    pub fn none() -> Grants {
        Grants::default()
    }

    /// Adds a grant as written on a command line: `stdout`, `fs=DIR`, or several with commas.
    pub fn allow(&mut self, text: &str) -> Result<(), String> {
        for one in text.split(',').map(str::trim) {
            let (name, argument) = one.split_once('=').map_or((one, None), |(n, a)| (n, Some(a)));
            let base = name.split_once(':').map_or(name, |(base, _)| base);
            let takes_argument = base == "fs";
            let known = GRANTS.iter().any(|(n, _)| *n == base) && (name == base || name == "fs:ro");
            if !known {
                let names: Vec<&str> = GRANTS.iter().map(|(n, _)| *n).collect();
                return Err(format!("there is no capability `{name}`; there are {}", names.join(", ")));
            }
            if argument.is_some() && !takes_argument {
                return Err(format!("`{name}` takes no argument"));
            }
            self.granted.entry(name.to_string()).or_default().extend(argument.map(str::to_string));
        }
        Ok(())
    }

    /// Whether `name` is granted, with or without an argument.
    pub fn has(&self, name: &str) -> bool {
        self.granted.contains_key(name)
    }

    /// The arguments that `name` was granted with.
    pub fn arguments(&self, name: &str) -> impl Iterator<Item = &str> {
        self.granted.get(name).into_iter().flatten().map(String::as_str)
    }

    fn covers(&self, grant: &str) -> bool {
        match grant {
            "" => true,
            "env" => self.has("env") || self.has("args"),
            "fs" => self.has("fs") || self.has("fs:ro"),
            name => self.has(name),
        }
    }
}

/// An import that was not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The interface as the component imports it.
    pub interface: String,
    /// The grant that would give it; none where this host has no such interface.
    pub grant: Option<&'static str>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.grant {
            Some(grant) => write!(f, "`{}`, which `--allow {grant}` grants", self.interface),
            None => write!(f, "`{}`, which this host does not have", self.interface),
        }
    }
}

/// The imports that need a grant or an implementation: all but those that only carry types.
pub(crate) fn needed(engine: &Engine, component: &Component) -> BTreeSet<String> {
    let ty = component.component_type();
    ty.imports(&engine.inner)
        .filter(|(_, import)| match &import.ty {
            ComponentItem::ComponentInstance(instance) => acts(engine, instance),
            ComponentItem::Type(_) => false,
            _ => true,
        })
        .map(|(name, _)| name.to_string())
        .collect()
}

/// Whether an imported interface has anything but types of plain data.
fn acts(engine: &Engine, instance: &ComponentInstance) -> bool {
    instance.exports(&engine.inner).any(|(_, item)| !matches!(item.ty, ComponentItem::Type(_)))
}

/// What of the needed imports was not granted.
pub(crate) fn missing(needed: &BTreeSet<String>, grants: &Grants) -> Vec<Missing> {
    let verdict = |interface: &String| {
        let grant = grant_of(interface);
        let covered = grant.is_some_and(|g| grants.covers(g));
        (!covered).then(|| Missing { interface: interface.clone(), grant })
    };
    needed.iter().filter_map(verdict).collect()
}

/// The grant that covers an interface: a name of [`GRANTS`], or `""` for what carries no authority of its own; none for an
/// interface that this host doesn't have.
#[must_use]
pub fn grant_of(interface: &str) -> Option<&'static str> {
    let (package, name) = split_interface(interface);
    let package = package?;
    let fits = |pattern: &str| match pattern.split_once('/') {
        Some((p, "*")) => p == package,
        Some((p, n)) => p == package && n == name,
        None => false,
    };
    TABLE.iter().find(|(pattern, _)| fits(pattern)).map(|(_, grant)| *grant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_cover_interfaces_of_any_version() {
        assert_eq!(grant_of("wasi:cli/stdout@0.2.6"), Some("stdout"));
        assert_eq!(grant_of("wasi:clocks/monotonic-clock@0.3.0"), Some("clock"));
        assert_eq!(grant_of("wasi:io/streams@0.2.0"), Some(""));
        assert_eq!(grant_of("acme:db/query"), None);
    }

    #[test]
    fn unknown_grants_are_refused() {
        let mut grants = Grants::none();
        assert!(grants.allow("stdout,fs=.").is_ok());
        assert!(grants.has("stdout") && grants.arguments("fs").eq(["."]));
        assert!(grants.allow("everything").is_err());
        assert!(grants.allow("stdout=1").is_err());
        assert!(grants.allow("fs:rw=.").is_err());
    }
}
