//! What each dot of a package may touch, and through which calls; and what components in it may touch before any call.

use crate::costs::{Cost, Costs};
use crate::place;
use crate::session::Session;
use dot_db::{Db, Item, modules_of};
use dot_hir::import_of;
use dot_hir::wit::{component_effects, provider_of};
use dot_syntax::ItemKind;
use dot_types::{effect_paths, effects_of};
use serde_json::{Value as Json, json};

/// What a package may touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EffectsReport {
    /// What its dots may touch when they are called, in the order of the source.
    pub dots: Vec<DotEffects>,
    /// What components in its own may touch when that is instantiated.
    pub starts: Vec<StartEffects>,
}

/// A component that runs code when it is instantiated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartEffects {
    /// Its file.
    pub component: String,
    /// The interfaces that this code may touch, as far as can be told: all that the component imports.
    pub touches: Vec<String>,
}

/// A dot, and what it may touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DotEffects {
    /// Its name: `main.report`.
    pub dot: String,
    /// The interfaces, sorted.
    pub effects: Vec<String>,
    /// The imported functions, each with a shortest way to it.
    pub imports: Vec<ImportUse>,
}

/// An imported function, and how a dot comes to call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportUse {
    /// Its interface.
    pub interface: String,
    /// Its WIT name there.
    pub function: String,
    /// The interfaces that calling it may touch: its own, or what the component imports that has it.
    pub touches: Vec<String>,
    /// The component that has it, by its file; none where the host has it.
    pub component: Option<String>,
    /// The calls, from the dot on; the last one is of the function.
    pub calls: Vec<Call>,
}

/// A call in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who calls: `main.report`.
    pub caller: String,
    /// Its file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in chars.
    pub column: u32,
}

impl Session {
    /// What the package may touch. Of one with errors, as far as is known.
    #[must_use]
    pub fn effects(&self) -> EffectsReport {
        let db = self.db();
        let modules = modules_of(db, self.package()).iter();
        let dots = modules.flat_map(|module| dot_hir::items_of(db, *module));
        let dots = dots.filter(|item| item.kind(db) == ItemKind::Dot).map(|item| of_dot(db, *item));
        EffectsReport { dots: dots.collect(), starts: self.starts() }
    }

    fn starts(&self) -> Vec<StartEffects> {
        let db = self.db();
        let packages = dot_db::packages_of(db).iter();
        let starting = packages.filter_map(|package| {
            let component = package.component(db).as_deref()?;
            component.starts.then_some((*package, component))
        });
        let mut starting = starting.peekable();
        if starting.peek().is_none() {
            return Vec::new();
        }
        let surface = self.interface();
        let parts = self.components_in(&surface);
        let held = starting.filter(|(_, component)| parts.contains(component));
        let touches =
            |package| component_effects(db, package).iter().map(|m| m.path(db).to_string()).collect();
        held.map(|(package, component)| StartEffects {
            component: component.path.to_string(),
            touches: touches(package),
        })
        .collect()
    }
}

fn of_dot<'db>(db: &'db dyn Db, dot: Item<'db>) -> DotEffects {
    let call = |(caller, range): &(Item<'db>, dot_diagnostics::TextRange)| {
        let place = place::of_range(db, *caller, *range);
        let (caller, file) = (place::function_name(db, *caller), place.file);
        Call { caller, file, line: place.start.0, column: place.start.1 }
    };
    let imports = effect_paths(db, dot).into_iter().filter_map(|path| {
        let import = import_of(db, path.import)?;
        let component = provider_of(db, path.import.module(db));
        let touches = match component {
            Some(component) => {
                component_effects(db, component).iter().map(|m| m.path(db).to_string()).collect()
            }
            None => vec![import.interface.to_string()],
        };
        Some(ImportUse {
            interface: import.interface.to_string(),
            function: import.name.to_string(),
            touches,
            component: component.map(|component| component.name(db).to_string()),
            calls: path.calls.iter().map(call).collect(),
        })
    });
    DotEffects {
        dot: place::function_name(db, dot),
        effects: effects_of(db, dot).iter().map(|module| module.path(db).to_string()).collect(),
        imports: imports.collect(),
    }
}

/// Effects as text for a person: each dot, its interfaces, and the calls that lead to each function; the components that
/// run code before any call; then what each part costs, where that is known.
#[must_use]
pub fn effects_text(effects: &EffectsReport, costs: Option<&Costs>) -> String {
    let mut out = String::new();
    for dot in &effects.dots {
        out.push_str(&dot.dot);
        out.push_str(if dot.effects.is_empty() { ": pure\n" } else { "\n" });
        for effect in &dot.effects {
            out.push_str(&format!("  uses {effect}\n"));
            for import in dot.imports.iter().filter(|import| import.touches.contains(effect)) {
                match &import.component {
                    Some(component) => out
                        .push_str(&format!("    by {component}: {}#{}\n", import.interface, import.function)),
                    None => out.push_str(&format!("    {}\n", import.function)),
                }
                for call in &import.calls {
                    let Call { caller, file, line, column } = call;
                    out.push_str(&format!("      from {caller} at {file}:{line}:{column}\n"));
                }
            }
        }
    }
    for start in &effects.starts {
        out.push_str(&format!("when it is instantiated: {} runs code", start.component));
        out.push_str(if start.touches.is_empty() { ", which is pure\n" } else { "\n" });
        for interface in &start.touches {
            out.push_str(&format!("  may touch {interface}\n"));
        }
    }
    if let Some(costs) = costs {
        out.push_str(&format!("\n{:>8} bytes, optimised and stripped\n", costs.total));
        for Cost { part, bytes } in &costs.parts {
            out.push_str(&format!("{bytes:>8} {part}\n"));
        }
    }
    out
}

/// Effects, and what each part costs where that is known, as JSON.
#[must_use]
pub fn effects_json(effects: &EffectsReport, costs: Option<&Costs>) -> Json {
    let call = |call: &Call| json!({ "caller": call.caller, "file": call.file, "line": call.line, "column": call.column });
    let import = |import: &ImportUse| {
        let calls: Vec<Json> = import.calls.iter().map(call).collect();
        let mut json = json!({ "interface": import.interface, "function": import.function, "calls": calls });
        if let Some(component) = &import.component {
            json["component"] = json!(component);
            json["touches"] = json!(import.touches);
        }
        json
    };
    let dot = |dot: &DotEffects| {
        let imports: Vec<Json> = dot.imports.iter().map(import).collect();
        json!({ "dot": dot.dot, "effects": dot.effects, "imports": imports })
    };
    let mut json = json!({ "dots": effects.dots.iter().map(dot).collect::<Vec<_>>() });
    if !effects.starts.is_empty() {
        let start = |start: &StartEffects| json!({ "component": start.component, "touches": start.touches });
        json["starts"] = json!(effects.starts.iter().map(start).collect::<Vec<_>>());
    }
    if let Some(costs) = costs {
        let part = |cost: &Cost| json!({ "part": cost.part, "bytes": cost.bytes });
        let parts: Vec<Json> = costs.parts.iter().map(part).collect();
        json["bytes"] = json!({ "total": costs.total, "parts": parts });
    }
    json
}
