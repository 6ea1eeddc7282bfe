//! What each dot of a package may touch, and through which calls.

use crate::place;
use crate::session::Session;
use dot_db::{Db, Item, modules_of};
use dot_hir::import_of;
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
        Some(ImportUse {
            interface: import.interface.to_string(),
            function: import.name.to_string(),
            calls: path.calls.iter().map(call).collect(),
        })
    });
    DotEffects {
        dot: place::function_name(db, dot),
        effects: effects_of(db, dot).iter().map(|module| module.path(db).to_string()).collect(),
        imports: imports.collect(),
    }
}

/// Effects as text for a person: each dot, its interfaces, and the calls that lead to each function.
#[must_use]
pub fn effects_text(dots: &[DotEffects]) -> String {
    let mut out = String::new();
    for dot in dots {
        out.push_str(&dot.dot);
        out.push_str(if dot.effects.is_empty() { ": pure\n" } else { "\n" });
        for effect in &dot.effects {
            out.push_str(&format!("  uses {effect}\n"));
            for import in dot.imports.iter().filter(|import| import.interface == *effect) {
                out.push_str(&format!("    {}\n", import.function));
                for call in &import.calls {
                    let Call { caller, file, line, column } = call;
                    out.push_str(&format!("      from {caller} at {file}:{line}:{column}\n"));
                }
            }
        }
    }
    out
}

/// Effects as JSON.
#[must_use]
pub fn effects_json(dots: &[DotEffects]) -> Json {
    let call = |call: &Call| json!({ "caller": call.caller, "file": call.file, "line": call.line, "column": call.column });
    let import = |import: &ImportUse| {
        let calls: Vec<Json> = import.calls.iter().map(call).collect();
        json!({ "interface": import.interface, "function": import.function, "calls": calls })
    };
    let dot = |dot: &DotEffects| {
        let imports: Vec<Json> = dot.imports.iter().map(import).collect();
        json!({ "dot": dot.dot, "effects": dot.effects, "imports": imports })
    };
    json!({ "dots": dots.iter().map(dot).collect::<Vec<_>>() })
}
