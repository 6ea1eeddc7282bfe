//! What a name means in a module.
//!
//! A name is looked up in three places, in this order: the module's own items and `use`s, then the prelude of the
//! standard library. An imported name is followed through re-exports (`pub use`) to its declaration; a circle of
//! re-exports leads nowhere, and the name is unknown.
//!
//! Each looked-up name is a query of its own: a body that mentions `f` is checked again when `f` comes, goes or
//! means something else, and not when some other name of the module does.

use crate::query::{is_visible_from, item_signature};
use crate::scope::{Binding, ModuleScope, module_scope, prelude};
use crate::{NameCase, suggest};
use dot_db::{Anchor, Db, Diagnostic, Item, Module};
use dot_diagnostics::{Span, codes};
use smol_str::SmolStr;

/// A name in a module: the key of the look-ups.
#[salsa::interned(debug)]
pub(crate) struct NameIn<'db> {
    #[returns(copy)]
    pub(crate) module: Module<'db>,
    pub(crate) name: SmolStr,
}

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Def<'db> {
    /// An item.
    Item(Item<'db>),
    /// A module, as in `json.decode(…)` and `uses http`.
    Module(Module<'db>),
}

/// Why a name means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Missing {
    /// There is no such name.
    Unknown,
    /// The name is bound by a `use` that names no module, which is reported there.
    Reported,
}

type Lookup<'db> = Result<Def<'db>, Missing>;

/// A path that leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathError<'db> {
    /// The name with this index is unknown: in the module of the path for the first name, in this one for others.
    Unknown {
        /// Which name of the path.
        segment: usize,
        /// Where it was looked for.
        in_module: Module<'db>,
    },
    /// The name with this index belongs to another package and is not public.
    Private {
        /// Which name of the path.
        segment: usize,
        /// What it names.
        item: Item<'db>,
    },
    /// The reason has been reported elsewhere.
    Reported,
}

/// A path that leads somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Resolved<'db> {
    /// What its first `used` names mean.
    pub def: Def<'db>,
    /// How many names it took. What is left stands after an item: a case, a static, a field.
    pub used: usize,
}

/// What `name` means for code in `module`, locals apart.
///
/// Depends on this name only: adding another to the module changes nothing here.
pub fn resolve_name<'db>(db: &'db dyn Db, module: Module<'db>, name: &str) -> Lookup<'db> {
    lookup_inside(db, NameIn::new(db, module, SmolStr::from(name)))
}

/// What `path` means for code in `module`: a module is followed into, an item ends the walk.
pub fn resolve_path<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    path: &[&str],
) -> Result<Resolved<'db>, PathError<'db>> {
    let Some((first, rest)) = path.split_first() else { return Err(PathError::Reported) };
    let failed = |missing, segment, in_module| match missing {
        Missing::Unknown => PathError::Unknown { segment, in_module },
        Missing::Reported => PathError::Reported,
    };
    let mut def = resolve_name(db, module, first).map_err(|missing| failed(missing, 0, module))?;
    let mut used = 1;
    for name in rest {
        let Def::Module(inner) = def else { break };
        def = resolve_exported(db, inner, name).map_err(|missing| failed(missing, used, inner))?;
        used += 1;
        check_visible(db, module, def, used - 1)?;
    }
    check_visible(db, module, def, used - 1)?;
    Ok(Resolved { def, used })
}

fn check_visible<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    def: Def<'db>,
    segment: usize,
) -> Result<(), PathError<'db>> {
    match def {
        Def::Item(item) if !is_visible_from(db, item, module) => Err(PathError::Private { segment, item }),
        _ => Ok(()),
    }
}

/// What `name` means when it stands after a module and a dot, whoever may see it: the module's own items and what
/// it re-exports.
pub fn resolve_exported<'db>(db: &'db dyn Db, module: Module<'db>, name: &str) -> Lookup<'db> {
    lookup_exported(db, NameIn::new(db, module, SmolStr::from(name)))
}

#[salsa::tracked(returns(copy))]
fn lookup_inside<'db>(db: &'db dyn Db, key: NameIn<'db>) -> Lookup<'db> {
    if let Some(binding) = module_scope(db, key.module(db)).get(key.name(db)) {
        return follow(db, binding);
    }
    match prelude(db) {
        Some(prelude) if prelude != key.module(db) => resolve_exported(db, prelude, key.name(db)),
        _ => Err(Missing::Unknown),
    }
}

#[salsa::tracked(returns(copy), cycle_result = lookup_in_a_circle)]
fn lookup_exported<'db>(db: &'db dyn Db, key: NameIn<'db>) -> Lookup<'db> {
    let Some(binding) = module_scope(db, key.module(db)).get(key.name(db)) else {
        let dot = crate::wit::exported_dot(db, key.module(db), key.name(db));
        return dot.map(Def::Item).ok_or(Missing::Unknown);
    };
    let is_exported = match binding {
        Binding::Item(_) => true,
        Binding::Module { by, .. } | Binding::Import { by, .. } | Binding::Broken { by } => {
            item_signature(db, *by).is_pub
        }
    };
    if is_exported { follow(db, binding) } else { Err(Missing::Unknown) }
}

fn lookup_in_a_circle<'db>(_db: &'db dyn Db, _id: salsa::Id, _key: NameIn<'db>) -> Lookup<'db> {
    Err(Missing::Unknown)
}

fn follow<'db>(db: &'db dyn Db, binding: &Binding<'db>) -> Lookup<'db> {
    match binding {
        Binding::Item(item) => Ok(Def::Item(*item)),
        Binding::Module { module, .. } => Ok(Def::Module(*module)),
        // Whether the imported name is there and public is checked, and reported, with the `use`.
        Binding::Import { module, name, by } => match resolve_exported(db, *module, name) {
            Ok(Def::Item(item)) if !is_visible_from(db, item, by.module(db)) => Err(Missing::Reported),
            found => found.map_err(|_| Missing::Reported),
        },
        Binding::Broken { .. } => Err(Missing::Reported),
    }
}

/// Every name that code in `module` can use unqualified, in alphabetical order: own, imported, the prelude's.
pub fn names_in_scope<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<SmolStr> {
    let names = |scope: &'db ModuleScope<'db>| scope.entries().map(|entry| entry.name.clone());
    let mut all: Vec<SmolStr> = names(module_scope(db, module)).collect();
    all.extend(prelude(db).into_iter().flat_map(|prelude| names(module_scope(db, prelude))));
    all.sort();
    all.dedup();
    all
}

/// Every name that stands for something after `module` and a dot, in alphabetical order, as seen from `from`.
pub fn exported_names<'db>(db: &'db dyn Db, module: Module<'db>, from: Module<'db>) -> Vec<SmolStr> {
    let is_usable = |name: &SmolStr| match resolve_exported(db, module, name) {
        Ok(Def::Item(item)) => is_visible_from(db, item, from),
        Ok(Def::Module(_)) => true,
        Err(_) => false,
    };
    module_scope(db, module).entries().map(|entry| entry.name.clone()).filter(is_usable).collect()
}

/// The diagnostic `unknown-name` for `name` at `span` in `module`, with the nearest name as a fix.
///
/// `locals` are names that would have been right here besides those of the module: locals, built-in types.
pub fn unknown_name<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    name: &str,
    locals: &[&str],
    span: Span<Anchor<'db>>,
) -> Diagnostic<'db> {
    let scope = names_in_scope(db, module);
    let candidates = scope.iter().map(SmolStr::as_str).chain(locals.iter().copied());
    let diagnostic = Diagnostic::error(codes::UNKNOWN_NAME, format!("there is no `{name}` here"), span);
    match suggest::elsewhere(name).filter(|meant| is_keyword(meant) || locals.contains(meant)) {
        Some(meant) => diagnostic.with_message(format!("here it is `{meant}`")).with_fix(
            format!("write `{meant}`"),
            span,
            meant,
        ),
        None => with_nearest(diagnostic, name, candidates, span),
    }
}

/// Whether a name is one of the built-in cases and values.
fn is_keyword(name: &str) -> bool {
    matches!(name, "some" | "none" | "ok" | "err" | "true" | "false")
}

impl<'db> PathError<'db> {
    /// The diagnostic for this error in `path`, whose names stand at `spans`; none if it has been reported.
    pub fn diagnostic(
        self,
        db: &'db dyn Db,
        module: Module<'db>,
        path: &[&str],
        locals: &[&str],
        spans: &[Span<Anchor<'db>>],
    ) -> Option<Diagnostic<'db>> {
        match self {
            Self::Reported => None,
            Self::Unknown { segment: 0, .. } => {
                Some(unknown_name(db, module, path.first()?, locals, *spans.first()?))
            }
            Self::Unknown { segment, in_module } => {
                Some(unknown_in_module(db, in_module, module, path.get(segment)?, *spans.get(segment)?))
            }
            Self::Private { segment, item } => {
                Some(private_item(db, item, path.get(segment)?, *spans.get(segment)?))
            }
        }
    }
}

/// The diagnostic `unknown-name` for `name` after `module` and a dot, as code in `from` writes it.
pub fn unknown_in_module<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    from: Module<'db>,
    name: &str,
    span: Span<Anchor<'db>>,
) -> Diagnostic<'db> {
    let exported = exported_names(db, module, from);
    let title = format!("module `{}` has no `{name}`", module.path(db));
    let diagnostic = Diagnostic::error(codes::UNKNOWN_NAME, title, span);
    with_nearest(diagnostic, name, exported.iter().map(SmolStr::as_str), span)
}

/// The diagnostic `private-item` for a use of `item`, which is another package's, at `span`.
pub fn private_item<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    name: &str,
    span: Span<Anchor<'db>>,
) -> Diagnostic<'db> {
    let package = item.module(db).package(db).name(db);
    Diagnostic::error(codes::PRIVATE_ITEM, format!("`{name}` is private to package `{package}`"), span)
        .with_note("Only dots and items marked `pub` can be used from another package.")
}

/// Adds the nearest of the candidates as a fix; of candidates in the name's own case if there are any.
pub(crate) fn with_nearest<'db, 'a>(
    diagnostic: Diagnostic<'db>,
    name: &str,
    candidates: impl Iterator<Item = &'a str> + Clone,
    span: Span<Anchor<'db>>,
) -> Diagnostic<'db> {
    let same_case = |candidate: &&str| {
        [NameCase::Snake, NameCase::Pascal, NameCase::Screaming]
            .iter()
            .any(|case| case.fits(name) && case.fits(candidate))
    };
    let nearest = suggest::nearest(name, candidates.clone().filter(same_case))
        .or_else(|| suggest::nearest(name, candidates));
    match nearest {
        Some(nearest) => diagnostic.with_message(format!("did you mean `{nearest}`?")).with_fix(
            format!("write `{nearest}`"),
            span,
            nearest,
        ),
        None => diagnostic,
    }
}
