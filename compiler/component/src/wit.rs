//! A package's surface as WIT text: what `--emit wit` prints and what is embedded.

use crate::interface::{Interface, Role, Surface};
use crate::names::{escaped, escaped_path};
use std::fmt::Write as _;

/// The name of the world that a component implements.
pub const WORLD: &str = "root";

/// The WIT of a package: its interfaces and the world that exports them.
#[must_use]
pub fn text(surface: &Surface<'_>) -> String {
    let mut out = String::new();
    let version = surface.version.as_ref().map_or_else(String::new, |v| format!("@{v}"));
    let package: Vec<_> = surface.package.split(':').map(escaped).collect();
    let _ = writeln!(out, "package {}{version};", package.join(":"));
    for interface in &surface.interfaces {
        write_interface(&mut out, interface);
    }
    let _ = writeln!(out, "\nworld {WORLD} {{");
    for import in surface.imports.iter().filter(|import| !surface.of_worlds.contains(import)) {
        let _ = writeln!(out, "  import {};", escaped_path(import));
    }
    for exported in surface.exported.iter().filter(|exported| !surface.of_worlds.contains(&exported.id)) {
        let _ = writeln!(out, "  export {};", escaped_path(&exported.id));
    }
    for interface in &surface.interfaces {
        let _ = writeln!(out, "  export {};", escaped(&interface.name));
    }
    out.push_str("}\n");
    out
}

fn write_interface(out: &mut String, interface: &Interface<'_>) {
    let _ = writeln!(out, "\ninterface {} {{", escaped(&interface.name));
    for (from, names) in &interface.uses {
        let names: Vec<_> = names
            .iter()
            .map(|(there, here)| match (escaped(there), escaped(here)) {
                (there, here) if there == here => there,
                (there, here) => format!("{there} as {here}"),
            })
            .collect();
        let _ = writeln!(out, "  use {}.{{{}}};", escaped_path(from), names.join(", "));
    }
    for ty in &interface.types {
        let _ = writeln!(out, "  {}{}", ty.text, if ty.text.ends_with('}') { "" } else { ";" });
    }
    for resource in &interface.resources {
        let _ = writeln!(out, "  {} {{", resource.text);
        for dot in interface.dots.iter().filter(|dot| dot.role.resource() == Some(resource.item)) {
            let _ = writeln!(out, "    {}", dot.text);
        }
        out.push_str("  }\n");
    }
    for dot in interface.dots.iter().filter(|dot| dot.role == Role::Free) {
        let _ = writeln!(out, "  {}", dot.text);
    }
    out.push_str("}\n");
}
