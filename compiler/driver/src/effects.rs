//! What each dot of a package may touch, and through which calls.

use crate::costs::{Cost, Costs};
use crate::place;
use crate::session::Session;
use dot_db::{Db, Item, modules_of};
use dot_hir::import_of;
use dot_hir::wit::{component_effects, provider_of};
use dot_syntax::ItemKind;
use dot_types::{effect_paths, effects_of};
use serde_json::{Value as Json, json};

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
    /// What each dot of the package may touch, in the order of the source. Of a package with errors, as far as is known.
    #[must_use]
    pub fn effects(&self) -> Vec<DotEffects> {
        let db = self.db();
        let modules = modules_of(db, self.package()).iter();
        let dots = modules.flat_map(|module| dot_hir::items_of(db, *module));
        dots.filter(|item| item.kind(db) == ItemKind::Dot).map(|item| of_dot(db, *item)).collect()
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

/// Effects as text for a person: each dot, its interfaces, and the calls that lead to each function; then what each part
/// costs, where that is known.
#[must_use]
pub fn effects_text(dots: &[DotEffects], costs: Option<&Costs>) -> String {
    let mut out = String::new();
    for dot in dots {
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
pub fn effects_json(dots: &[DotEffects], costs: Option<&Costs>) -> Json {
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
    let mut json = json!({ "dots": dots.iter().map(dot).collect::<Vec<_>>() });
    if let Some(costs) = costs {
        let part = |cost: &Cost| json!({ "part": cost.part, "bytes": cost.bytes });
        let parts: Vec<Json> = costs.parts.iter().map(part).collect();
        json["bytes"] = json!({ "total": costs.total, "parts": parts });
    }
    json
}
