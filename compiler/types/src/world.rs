//! Whether a package exports all that the world has which its manifest names: `missing-export`.

use crate::Diagnostics;
use dot_db::{Anchor, Db, Diagnostic, Item, Module, Package, modules_of};
use dot_diagnostics::{Edit, Span, TextRange, codes};
use dot_hir::signature::WitPath;
use dot_hir::wit::{WitError, export_module, exports_of, wit_universe, world_exports};
use dot_hir::{NameId, items_of, resolve_name};
use dot_syntax::ItemKind;
use smol_str::SmolStr;

/// Tells it at the end of the package's first module, where the fix writes what is missing.
pub(crate) fn check<'db>(db: &'db dyn Db, module: Module<'db>, out: &mut Diagnostics<'db>) {
    let package = module.package(db);
    let (Some(world), Some(file)) = (package.world(db), module.file(db)) else { return };
    if modules_of(db, package).first() != Some(&module) {
        return;
    }
    let end = u32::try_from(file.text(db).len()).unwrap_or(u32::MAX);
    let at = Span::new(Anchor::File(file), TextRange::empty(end));
    match exports(db, package, world) {
        Err(diagnostic) => out.push(diagnostic.told(world, at)),
        Ok(exports) => {
            let there = exports_of(db, package);
            let missing: Vec<_> =
                exports.iter().filter(|(id, _)| !there.iter().any(|export| export.id == *id)).collect();
            let Some(((first, _), others)) = missing.split_first() else { return };
            let title = match others.len() {
                0 => format!("`{world}` exports `{first}`, and the package does not"),
                more => format!("`{world}` exports `{first}` and {more} more, and the package does not"),
            };
            let lines: Vec<String> = missing
                .iter()
                .map(|(id, name)| format!("export {id} as {}", free(db, module, name)))
                .collect();
            let start = if end == 0 { "" } else { "\n" };
            let edit = Edit { span: at, replacement: format!("{start}{}\n", lines.join("\n")) };
            let diagnostic = Diagnostic::error(codes::MISSING_EXPORT, title, at)
                .with_note(format!("asked for:\n  {}", lines.join("\n  ")));
            // An `export` that can't be read may be what is missing.
            let is_misread =
                |item: &Item<'db>| item.kind(db) == ItemKind::Export && export_module(db, *item).is_none();
            let mut items = modules_of(db, package).iter().flat_map(|module| items_of(db, *module));
            out.push(match items.any(is_misread) {
                true => diagnostic,
                false => diagnostic.with_edits("export what is missing", vec![edit]),
            });
        }
    }
}

/// A name that nothing in the module has.
fn free<'db>(db: &'db dyn Db, module: Module<'db>, name: &str) -> String {
    let mut name = name.to_owned();
    while resolve_name(db, module, &name).is_ok() {
        name.push('_');
    }
    name
}

/// Why a manifest's world isn't there.
struct NoWorld {
    similar: Vec<SmolStr>,
    errors: Vec<String>,
}

impl NoWorld {
    fn told<'db>(self, world: &str, at: Span<Anchor<'db>>) -> Diagnostic<'db> {
        let title = format!("there is no world `{world}`, which the manifest names");
        let mut diagnostic = Diagnostic::error(codes::UNKNOWN_MODULE, title, at);
        if !self.similar.is_empty() {
            let names: Vec<String> = self.similar.iter().map(|name| format!("`{name}`")).collect();
            diagnostic = diagnostic.with_note(format!("There is {}.", names.join(", ")));
        }
        for error in self.errors {
            diagnostic = diagnostic.with_note(format!("A WIT file could not be read: {}", error.trim_end()));
        }
        diagnostic
    }
}

fn exports(db: &dyn Db, package: Package, world: &str) -> Result<Vec<(SmolStr, SmolStr)>, NoWorld> {
    let universe = wit_universe(db, package);
    let names = |similar: Vec<SmolStr>| NoWorld { similar, errors: universe.errors.clone() };
    let Some(path) = path_of(world) else { return Err(names(Vec::new())) };
    let id = universe.find(&path, package.wit_versions(db)).map_err(|error| match error {
        WitError::Unknown { similar, .. } => names(similar),
        WitError::Ambiguous { candidates } => names(candidates),
    })?;
    world_exports(db, package, &id).ok_or_else(|| names(universe.world_names().cloned().collect()))
}

fn path_of(world: &str) -> Option<WitPath> {
    let (path, version) =
        world.split_once('@').map_or((world, None), |(path, version)| (path, Some(SmolStr::from(version))));
    let (namespace, rest) = path.split_once(':')?;
    let (package, interface) = rest.split_once('/')?;
    let (namespace, package, interface) = (namespace.into(), package.into(), interface.into());
    Some(WitPath { namespace, package, interface, version, at: NameId(0) })
}
