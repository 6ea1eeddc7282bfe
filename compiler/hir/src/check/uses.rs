//! `unknown-module`, and names in a `use` that its module doesn't have or keeps to itself.

use super::name_span;
use crate::Path;
use crate::query::{is_visible_from, item_signature};
use crate::resolve::{Def, Missing, private_item, resolve_exported, unknown_in_module, with_nearest};
use crate::scope::{short_name, used_module};
use crate::signature::{SignatureKind, UseDeclaration, UsePath, WitPath};
use crate::wit::{WitError, export_module, exported_interfaces, interface_module, wit_universe};
use dot_db::{Anchor, Db, Diagnostic, Diagnostics, Item, Package, Project, modules_of};
use dot_diagnostics::{Span, codes};

pub(super) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    match &item_signature(db, item).kind {
        SignatureKind::Use(declaration) => check_use(db, item, declaration, out),
        SignatureKind::Export { path, .. } => {
            let at = name_span(db, item, path.at);
            if let Err(error) = interface_module(db, item.module(db).package(db), path) {
                out.push(unknown_interface(path, error, at));
            } else if export_module(db, item).is_none() {
                let title = format!("the world imports `{}` and does not export it", path.interface);
                out.push(Diagnostic::error(codes::UNKNOWN_MODULE, title, at));
            }
        }
        _ => {}
    }
}

fn check_use<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    declaration: &UseDeclaration,
    out: &mut Diagnostics<'db>,
) {
    let from = item.module(db);
    let Some(module) = used_module(db, from, declaration) else {
        out.extend(unknown_target(db, item, declaration));
        return;
    };
    for used in &declaration.names {
        let name = &used.name;
        if name.is_missing() {
            continue;
        }
        let at = name_span(db, item, name.id);
        match resolve_exported(db, module, name.as_str()) {
            Ok(Def::Item(found)) if !is_visible_from(db, found, from) => {
                out.push(private_item(db, found, name.as_str(), at));
            }
            Ok(_) | Err(Missing::Reported) => {}
            Err(Missing::Unknown) => out.push(unknown_in_module(db, module, from, name.as_str(), at)),
        }
    }
}

fn unknown_target<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    declaration: &UseDeclaration,
) -> Option<Diagnostic<'db>> {
    match &declaration.path {
        UsePath::Wit(path) => {
            let error = interface_module(db, item.module(db).package(db), path).err()?;
            Some(unknown_interface(path, error, name_span(db, item, path.at)))
        }
        UsePath::Module(path) => unknown_module(db, item, path),
    }
}

/// None if part of the path is missing, which the parser has said.
fn unknown_module<'db>(db: &'db dyn Db, item: Item<'db>, path: &Path) -> Option<Diagnostic<'db>> {
    if path.segments.iter().any(crate::Name::is_missing) {
        return None;
    }
    let written = path.texts().join("/");
    let own = item.module(db).package(db);
    let paths = |package: Package, name: String| {
        modules_of(db, package).iter().map(move |module| format!("{name}/{}", module.path(db)))
    };
    let own_name = short_name(own.name(db));
    let mut known: Vec<String> = paths(own, own_name.clone()).collect();
    if let Some(project) = Project::try_get(db) {
        known.extend(paths(project.std(db), "std".to_owned()));
    }
    let dependencies = own.dependencies(db);
    for dependency in dependencies {
        known.extend(paths(dependency.package, dependency.name.to_string()));
        known.extend(exported_interfaces(db, dependency).map(|path| format!("{}/{path}", dependency.name)));
    }
    let names: Vec<String> = dependencies.iter().map(|dependency| format!("`{}`", dependency.name)).collect();
    let note = match names.as_slice() {
        [] => format!("A path begins with `std` or the name of this package, `{own_name}`."),
        names => format!(
            "A path begins with `std`, the name of this package, `{own_name}`, or that of a dependency: {}.",
            names.join(", ")
        ),
    };
    let (first, last) = (path.segments.first()?, path.segments.last()?);
    let range = name_span(db, item, first.id).range.join(name_span(db, item, last.id).range);
    let at = super::span(item, range);
    let mut diagnostic =
        Diagnostic::error(codes::UNKNOWN_MODULE, format!("there is no module `{written}`"), at)
            .with_note(note);
    if known.contains(&written) {
        for error in &wit_universe(db, own).errors {
            diagnostic = diagnostic.with_note(format!("The WIT of a component does not fit: {error}"));
        }
        return Some(diagnostic);
    }
    Some(with_nearest(diagnostic, &written, known.iter().map(String::as_str), at))
}

fn unknown_interface<'db>(path: &WitPath, error: WitError, at: Span<Anchor<'db>>) -> Diagnostic<'db> {
    let version = path.version.as_ref().map(|version| format!("@{version}")).unwrap_or_default();
    let written = format!("{}:{}/{}{version}", path.namespace, path.package, path.interface);
    match error {
        WitError::Ambiguous { candidates } => {
            let title = format!("several versions of `{written}` are there");
            let diagnostic = Diagnostic::error(codes::UNKNOWN_MODULE, title, at)
                .with_note(format!("They are {}. The path says which.", candidates.join(", ")));
            match candidates.last() {
                Some(last) => diagnostic.with_fix(format!("write `{last}`"), at, last.as_str()),
                None => diagnostic,
            }
        }
        WitError::Unknown { similar, errors } => {
            let title = format!("there is no interface `{written}`");
            let mut diagnostic = Diagnostic::error(codes::UNKNOWN_MODULE, title, at);
            if !similar.is_empty() {
                diagnostic = diagnostic.with_note(format!("There is {}.", similar.join(", ")));
            }
            for error in errors {
                diagnostic =
                    diagnostic.with_note(format!("A WIT file could not be read: {}", error.trim_end()));
            }
            with_nearest(diagnostic, &written, similar.iter().map(smol_str::SmolStr::as_str), at)
        }
    }
}
