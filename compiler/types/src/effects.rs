//! Effects: which interfaces of the outside world a function may touch.
//!
//! An effect is a set of imported interfaces, each standing for itself as a module. Inside a package effects are
//! *inferred*: a function has those of the functions that it calls, and of those that it takes as values (whoever
//! is handed one may call it, so the one who hands it over answers for it; a function with function-typed
//! parameters is thereby as effectful as its arguments, and no more). Function values that come out of fields, cases
//! and results have the effects that the types there say ([`said`]), and what is put in has no others ([`stored`]).
//! That is a least fixpoint over the call graph. On dots and `pub` functions effects are *written*, and checked here.
//! Functions of other packages have the effects that they write; functions of a component that a package depends on, those
//! of all that it imports, since nobody sees which of them needs what.

mod ambient;
mod pure;
pub(crate) mod said;
mod stored;

use crate::{Diagnostics, typed_body};
use dot_db::{Anchor, Db, Diagnostic, Item, Module, Package, modules_of};
use dot_diagnostics::{Span, TextRange, codes};
use dot_hir::signature::SignatureKind;
use dot_hir::type_ref::EffectRef;
use dot_hir::{Def, import_of, item_signature, items_of, signature_source_map};
use dot_syntax::ItemKind;
use rustc_hash::{FxHashMap, FxHashSet};

/// What an effect is made of, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
enum Atom<'db> {
    /// An imported function, which `with` may replace.
    Function(Item<'db>),
    /// An interface that a function of another package says it uses.
    Interface(Module<'db>),
}

/// The interfaces that calling a function, or evaluating a constant, may touch, sorted by name.
///
/// Depends on what every body of its package calls; its value changes seldom.
#[salsa::tracked]
pub fn effects_of<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Module<'db>> {
    let atoms = match outside(db, item, item.module(db).package(db)) {
        Some(atoms) => atoms,
        None => package_effects(db, item.module(db).package(db)).get(&item).cloned().unwrap_or_default(),
    };
    modules(db, atoms)
}

fn modules<'db>(db: &'db dyn Db, atoms: impl IntoIterator<Item = Atom<'db>>) -> Vec<Module<'db>> {
    let touched = |atom| match atom {
        Atom::Function(item) => interfaces_behind(db, item.module(db)),
        Atom::Interface(module) => vec![module],
    };
    let mut modules = atoms.into_iter().flat_map(touched).collect();
    sort(db, &mut modules);
    modules
}

/// What calls of an interface's functions touch: the interface itself, or what the component imports that exports it.
fn interfaces_behind<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<Module<'db>> {
    match dot_hir::wit::provider_of(db, module) {
        Some(component) => dot_hir::wit::component_effects(db, component).clone(),
        None => vec![module],
    }
}

/// The imported functions that calling a function may reach, and the interfaces that functions of other packages
/// say they use, each by its module and name; in order.
#[must_use]
pub fn imports_of<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Item<'db>> {
    let inferred = package_effects(db, item.module(db).package(db));
    let function = |atom: &Atom<'db>| match atom {
        Atom::Function(function) => Some(*function),
        Atom::Interface(_) => None,
    };
    inferred.get(&item).into_iter().flatten().filter_map(function).collect()
}

/// A callee of a body, and what is replaced by `with` where it is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
struct Call<'db> {
    callee: Item<'db>,
    replaced: Vec<Item<'db>>,
}

impl<'db> Call<'db> {
    /// What the call may do, of what its callee may.
    fn leaves(&self, atom: Atom<'db>) -> bool {
        !matches!(atom, Atom::Function(function) if self.replaced.contains(&function))
    }
}

/// What a body calls or takes as a value, each once, in order of first appearance. A call of what is replaced there is
/// none.
#[salsa::tracked]
fn calls_of<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Call<'db>> {
    let mut seen = FxHashSet::default();
    let calls = typed_body(db, item).map(|typed| typed.calls.as_slice()).unwrap_or_default();
    calls
        .iter()
        .filter(|call| !call.replaced.contains(&call.callee))
        .map(|call| Call { callee: call.callee, replaced: call.replaced.clone() })
        .filter(|call| seen.insert(call.clone()))
        .collect()
}

/// Every function that calling one may lead to, in whatever package, itself excluded unless it is recursive; what
/// `with` replaces on the way included.
#[salsa::tracked]
pub fn reached_functions<'db>(db: &'db dyn Db, item: Item<'db>) -> FxHashSet<Item<'db>> {
    let (mut reached, mut todo) = (FxHashSet::default(), vec![item]);
    while let Some(next) = todo.pop() {
        let calls = typed_body(db, next).map(|typed| typed.calls.as_slice()).unwrap_or_default();
        todo.extend(calls.iter().map(|call| call.callee).filter(|callee| reached.insert(*callee)));
    }
    reached
}

/// The effects of the function values that a body takes out of others.
#[salsa::tracked]
fn effects_of_values<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Module<'db>> {
    let Some(typed) = typed_body(db, item) else { return Vec::new() };
    let mut out = said::of_params(db, item);
    out.extend(typed.reads.iter().flat_map(|read| &read.effects));
    sort(db, &mut out);
    out
}

/// The effects of every body of a package that has any. One query for all, since a chain of calls may be longer
/// than queries should nest.
#[salsa::tracked]
fn package_effects<'db>(db: &'db dyn Db, package: Package) -> FxHashMap<Item<'db>, Vec<Atom<'db>>> {
    let mut effects: FxHashMap<Item<'db>, Vec<Atom<'db>>> = FxHashMap::default();
    let mut callers: FxHashMap<Item<'db>, Vec<(Item<'db>, &Call<'db>)>> = FxHashMap::default();
    let mut changed: Vec<Item<'db>> = Vec::new();
    for item in modules_of(db, package).iter().flat_map(|module| items_of(db, *module)) {
        let values = effects_of_values(db, *item).iter().copied();
        let mut own: Vec<Atom<'db>> = values.map(Atom::Interface).collect();
        for call in calls_of(db, *item) {
            match outside(db, call.callee, package) {
                Some(atoms) => own.extend(atoms.into_iter().filter(|atom| call.leaves(*atom))),
                None => callers.entry(call.callee).or_default().push((*item, call)),
            }
        }
        if !own.is_empty() {
            sort_atoms(db, &mut own);
            effects.insert(*item, own);
            changed.push(*item);
        }
    }
    while let Some(callee) = changed.pop() {
        let from = effects.get(&callee).cloned().unwrap_or_default();
        for (caller, call) in callers.get(&callee).into_iter().flatten() {
            let own = effects.entry(*caller).or_default();
            let before = own.len();
            own.extend(from.iter().copied().filter(|atom| call.leaves(*atom)));
            sort_atoms(db, own);
            if own.len() > before {
                changed.push(*caller);
            }
        }
    }
    effects
}

/// The effects of what is not a body of this package: an imported function's own, and what others write.
fn outside<'db>(db: &'db dyn Db, callee: Item<'db>, package: Package) -> Option<Vec<Atom<'db>>> {
    if import_of(db, callee).is_some() {
        Some(vec![Atom::Function(callee)])
    } else if callee.module(db).package(db) == package {
        None
    } else {
        Some(ambient::effects_outside(db, callee).into_iter().map(Atom::Interface).collect())
    }
}

/// What a call may touch.
fn effects_of_call<'db>(
    db: &'db dyn Db,
    callee: Item<'db>,
    replaced: &[Item<'db>],
    package: Package,
) -> Vec<Module<'db>> {
    if replaced.contains(&callee) {
        return Vec::new();
    }
    let inferred = || package_effects(db, package).get(&callee).cloned().unwrap_or_default();
    let atoms = outside(db, callee, package).unwrap_or_else(inferred);
    let call = Call { callee, replaced: replaced.to_vec() };
    modules(db, atoms.into_iter().filter(|atom| call.leaves(*atom)))
}

fn sort_atoms<'db>(db: &'db dyn Db, atoms: &mut Vec<Atom<'db>>) {
    let key = |atom: &Atom<'db>| match atom {
        Atom::Function(item) => {
            (item.module(db).path(db).clone(), item.owner(db).clone(), item.name(db).clone())
        }
        Atom::Interface(module) => (module.path(db).clone(), Default::default(), Default::default()),
    };
    atoms.sort_by_cached_key(key);
    atoms.dedup();
}

fn sort<'db>(db: &'db dyn Db, modules: &mut Vec<Module<'db>>) {
    modules.sort_by(|a, b| a.path(db).cmp(b.path(db)));
    modules.dedup();
}

/// The interfaces that a function says it uses.
#[salsa::tracked]
pub fn declared_effects<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Module<'db>> {
    let uses = item_signature(db, item).function().and_then(|function| function.uses.as_deref());
    interfaces_named(db, item, uses)
}

/// The interfaces that names after `uses` stand for, written in the signature of an item.
fn interfaces_named<'db>(db: &'db dyn Db, item: Item<'db>, uses: Option<&[EffectRef]>) -> Vec<Module<'db>> {
    let mut out = Vec::new();
    for effect in uses.unwrap_or_default() {
        if let EffectRef::Named(path) = effect
            && let Ok(resolved) = dot_hir::resolve_path(db, item.module(db), &path.texts())
        {
            match resolved.def {
                Def::Module(module) => out.extend(interfaces_of(db, module)),
                Def::Item(function) => out.extend(effects_of(db, function).iter().copied()),
            }
        }
    }
    sort(db, &mut out);
    out
}

/// The interfaces that a module's name stands for after `uses`: an imported one for itself, one of a component for what
/// that imports, a module of Dot for those that its public functions say they use.
#[salsa::tracked(cycle_initial = no_interfaces)]
fn interfaces_of<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<Module<'db>> {
    if module.file(db).is_none() {
        return interfaces_behind(db, module);
    }
    let mut out = Vec::new();
    for item in items_of(db, module) {
        if matches!(item.kind(db), ItemKind::Fn | ItemKind::Dot) && dot_hir::is_public(db, *item) {
            out.extend(declared_effects(db, *item).iter().copied());
        }
    }
    sort(db, &mut out);
    out
}

fn no_interfaces<'db>(_db: &'db dyn Db, _id: salsa::Id, _module: Module<'db>) -> Vec<Module<'db>> {
    Vec::new()
}

/// Compares what a function says it uses with what it uses.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let span = |range: TextRange| Span::new(Anchor::Item(item), range);
    let name = dot_hir::declared_span(db, item);
    if item.kind(db) == ItemKind::Const && !effects_of(db, item).is_empty() {
        let title = format!("the constant `{}` must not touch the outside world", item.name(db));
        let diagnostic = Diagnostic::error(codes::UNDECLARED_EFFECT, title, name);
        out.push(explain(db, item, &effects_of(db, item)[..1], diagnostic));
    }
    if crate::own::is_own_operation(db, item) && !effects_of(db, item).is_empty() {
        let title = format!("`{}` of an opaque type must not touch the outside world", item.name(db));
        let diagnostic = Diagnostic::error(codes::UNDECLARED_EFFECT, title, name).with_note(
            "It is called wherever such values are compared, hashed or printed, as parts of others too.",
        );
        out.push(explain(db, item, &effects_of(db, item)[..1], diagnostic));
    }
    pure::check(db, item, out);
    if let Some(typed) = typed_body(db, item) {
        stored::check(db, item, typed, out);
    }
    // What a wrong `with` should have replaced is no second mistake.
    let is_doubtful = typed_body(db, item).is_some_and(|typed| typed.lacks_replacement);
    if item.kind(db) == ItemKind::Test && !is_doubtful && !effects_of(db, item).is_empty() {
        let title = format!("the test \"{}\" reaches `{}`", item.name(db), effects_of(db, item)[0].path(db));
        let diagnostic = Diagnostic::error(codes::IMPURE_TEST, title, name)
            .with_note("A test replaces what it would touch: `with clock.now = || 0 { … }`.");
        out.push(explain(db, item, &effects_of(db, item)[..1], diagnostic));
    }
    let SignatureKind::Function(function) = &item_signature(db, item).kind else { return };
    check_names(db, item, out);
    let is_open = function.uses.iter().flatten().any(|effect| matches!(effect, EffectRef::Infer));
    let must_say = item.kind(db) == ItemKind::Dot || item_signature(db, item).is_pub;
    let says_nothing = is_open || function.uses.is_none();
    if (says_nothing && !must_say) || typed_body(db, item).is_none() {
        return;
    }
    let (declared, used) = (declared_effects(db, item), effects_of(db, item));
    let package = item.module(db).package(db);
    let is_unsaid =
        |effect: &&Module<'db>| !declared.contains(effect) && !ambient::is_ambient(db, package, **effect);
    let missing: Vec<Module<'db>> = used.iter().filter(is_unsaid).copied().collect();
    if !missing.is_empty() && !is_doubtful {
        let names: Vec<String> = missing.iter().map(|module| format!("`{}`", module.path(db))).collect();
        let title = format!("`{}` uses {} and does not say so", item.name(db), names.join(", "));
        let mut diagnostic = Diagnostic::error(codes::UNDECLARED_EFFECT, title, name)
            .with_note("What a dot or `pub` function may touch is written after `uses`.");
        if let Some(fix) = missing_names(db, item, &missing) {
            let map = signature_source_map(db, item);
            if let Some(uses) = map.uses {
                let at = span(TextRange::empty(uses.end));
                diagnostic = diagnostic.with_fix("say so", at, format!(" + {fix}"));
            } else if let Some(ret) = crate::signature::return_span(db, item) {
                let at = span(TextRange::empty(ret.end));
                diagnostic = diagnostic.with_fix("say so", at, format!(" uses {fix}"));
            } else if let (Some(body), Some(map)) =
                (dot_hir::item_body(db, item), dot_hir::body_source_map(db, item))
            {
                let at = span(TextRange::empty(map.expr(body.root).start));
                diagnostic = diagnostic.with_fix("say so", at, format!("uses {fix} "));
            }
        }
        out.push(explain(db, item, &missing, diagnostic));
    }
    let unneeded: Vec<Module<'db>> =
        declared.iter().filter(|effect| !used.contains(effect)).copied().collect();
    if missing.is_empty() && !unneeded.is_empty() && used.len() + unneeded.len() == declared.len() {
        let names: Vec<String> = unneeded.iter().map(|module| format!("`{}`", module.path(db))).collect();
        let title = format!("`{}` does not use {}", item.name(db), names.join(", "));
        let at = signature_source_map(db, item).uses.map_or(name, span);
        // A module of Dot may stand for more interfaces than one function needs.
        if unneeded.iter().all(|module| named_alone(db, item, *module)) {
            let diagnostic = Diagnostic::warning(codes::UNNEEDED_EFFECT, title, at);
            out.push(without_unneeded(db, item, &unneeded, diagnostic));
        }
    }
}

/// Tells names after `uses` that stand for no effect.
fn check_names<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let map = signature_source_map(db, item);
    let uses = item_signature(db, item).function().and_then(|function| function.uses.as_deref());
    for effect in uses.unwrap_or_default() {
        let EffectRef::Named(path) = effect else { continue };
        let spans: Vec<_> =
            path.segments.iter().map(|name| Span::new(Anchor::Item(item), map.name(name.id))).collect();
        let texts = path.texts();
        match dot_hir::resolve_path(db, item.module(db), &texts) {
            Ok(resolved) => {
                let is_effect = match resolved.def {
                    Def::Module(_) => true,
                    Def::Item(function) => import_of(db, function).is_some(),
                };
                if let (false, Some(span)) = (is_effect, spans.first()) {
                    let title = format!("`{}` is no effect", path.display());
                    let note = "An effect is a used interface, or a module of std that stands for some.";
                    out.push(Diagnostic::error(codes::NOT_AN_EFFECT, title, *span).with_note(note));
                }
            }
            Err(error) => {
                let module = item.module(db);
                out.extend(error.diagnostic(db, module, &texts, &[], &spans));
            }
        }
    }
}

/// Adds the edit that takes effects out of what is written after `uses`.
fn without_unneeded<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    unneeded: &[Module<'db>],
    diagnostic: Diagnostic<'db>,
) -> Diagnostic<'db> {
    let function = item_signature(db, item).function();
    let (Some(uses), Some(range)) =
        (function.and_then(|function| function.uses.as_deref()), signature_source_map(db, item).uses)
    else {
        return diagnostic;
    };
    let is_kept = |effect: &&EffectRef| match effect {
        EffectRef::Named(path) => match dot_hir::resolve_path(db, item.module(db), &path.texts()) {
            Ok(dot_hir::Resolved { def: Def::Module(module), .. }) => !unneeded.contains(&module),
            _ => true,
        },
        EffectRef::Infer => true,
    };
    let kept: Vec<String> = uses
        .iter()
        .filter(is_kept)
        .map(|effect| match effect {
            EffectRef::Named(path) => path.display(),
            EffectRef::Infer => "_".to_owned(),
        })
        .collect();
    let span = |range| Span::new(Anchor::Item(item), range);
    if !kept.is_empty() {
        return diagnostic.with_fix("take it out", span(range), format!("uses {}", kept.join(" + ")));
    }
    let before = item.text(db).get(..range.start as usize).unwrap_or_default();
    let start = TextRange::from_usize(before.trim_end_matches(' ').len(), range.end as usize);
    diagnostic.with_fix("take it out", span(start), "")
}

/// Whether an interface is itself named after `uses`.
fn named_alone<'db>(db: &'db dyn Db, item: Item<'db>, module: Module<'db>) -> bool {
    let uses = item_signature(db, item).function().and_then(|function| function.uses.as_deref());
    uses.unwrap_or_default().iter().any(|effect| match effect {
        EffectRef::Named(path) => dot_hir::resolve_path(db, item.module(db), &path.texts())
            .is_ok_and(|resolved| resolved.def == Def::Module(module)),
        EffectRef::Infer => false,
    })
}

/// The names by which a module knows these interfaces, joined as after `uses`; none if one has no name here.
fn missing_names<'db>(db: &'db dyn Db, item: Item<'db>, missing: &[Module<'db>]) -> Option<String> {
    let scope = dot_hir::module_scope(db, item.module(db));
    let named = |stands_for: &dyn Fn(Module<'db>) -> bool| {
        scope.entries().find_map(|entry| match &entry.binding {
            dot_hir::Binding::Module { module, .. } if stands_for(*module) => Some(entry.name.to_string()),
            _ => None,
        })
    };
    let mut names: Vec<String> = Vec::new();
    for wanted in missing {
        let name = named(&|module| module == *wanted)
            .or_else(|| named(&|module| interfaces_of(db, module).contains(wanted)))?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(names.join(" + "))
}

/// Shows the calls that lead to the first of some effects.
fn explain<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    missing: &[Module<'db>],
    mut diagnostic: Diagnostic<'db>,
) -> Diagnostic<'db> {
    let Some(effect) = missing.first() else { return diagnostic };
    let (mut current, mut seen) = (item, vec![item]);
    // Each step goes to a callee with the effect; the chain ends at the imported function itself.
    while let Some(typed) = typed_body(db, current) {
        let package = current.module(db).package(db);
        let next = typed.calls.iter().find(|call| {
            !seen.contains(&call.callee)
                && effects_of_call(db, call.callee, &call.replaced, package).contains(effect)
        });
        let Some(call) = next else { break };
        let (caller, callee) = (current.name(db), call.callee.name(db));
        let span = Span::new(Anchor::Item(current), call.range);
        diagnostic = diagnostic.with_label(span, format!("`{caller}` calls `{callee}`"));
        seen.push(call.callee);
        current = call.callee;
    }
    diagnostic
}

/// A way from a function to an import: each call on it, by who calls and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectPath<'db> {
    /// The imported function.
    pub import: Item<'db>,
    /// The calls, from the function on; the last one is of the import.
    pub calls: Vec<(Item<'db>, TextRange)>,
}

/// A shortest way to each import that calling a function may reach, in order of the imports' modules and names. For
/// messages: it depends on where everything stands.
#[must_use]
pub fn effect_paths<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<EffectPath<'db>> {
    let mut search = PathSearch { db, seen: FxHashSet::default(), steps: Vec::new(), found: Vec::new() };
    search.run(item);
    let wanted = imports_of(db, item);
    // Which functions of an interface are meant by what others say they use, their bodies tell.
    let said: Vec<Module<'db>> =
        interfaces_said(db, item).into_iter().flat_map(|module| interfaces_behind(db, module)).collect();
    let is_meant = |import: Item<'db>| {
        wanted.contains(&import)
            || interfaces_behind(db, import.module(db)).iter().any(|behind| said.contains(behind))
    };
    let mut paths: Vec<EffectPath<'db>> =
        search.found.into_iter().filter(|path| is_meant(path.import)).collect();
    paths.sort_by_cached_key(|path| {
        let import = path.import;
        (import.module(db).path(db).clone(), import.owner(db).clone(), import.name(db).clone())
    });
    paths
}

/// The interfaces that a function has as effects because functions of other packages, or types, say so.
fn interfaces_said<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Module<'db>> {
    let inferred = package_effects(db, item.module(db).package(db)).get(&item);
    let interface = |atom: &Atom<'db>| match atom {
        Atom::Function(_) => None,
        Atom::Interface(module) => Some(*module),
    };
    inferred.into_iter().flatten().filter_map(interface).collect()
}

/// A function that a search came to: with what is replaced there, and by which call of which step.
struct PathStep<'db> {
    item: Item<'db>,
    replaced: Vec<Item<'db>>,
    from: Option<(usize, TextRange)>,
}

struct PathSearch<'db> {
    db: &'db dyn Db,
    seen: FxHashSet<(Item<'db>, Vec<Item<'db>>)>,
    steps: Vec<PathStep<'db>>,
    found: Vec<EffectPath<'db>>,
}

impl<'db> PathSearch<'db> {
    /// Breadth first, so that the first way to an import is a shortest.
    fn run(&mut self, item: Item<'db>) {
        self.steps.push(PathStep { item, replaced: Vec::new(), from: None });
        let mut at = 0;
        while let Some(step) = self.steps.get(at) {
            let (item, around) = (step.item, step.replaced.clone());
            for call in typed_body(self.db, item).map(|typed| typed.calls.as_slice()).unwrap_or_default() {
                let mut replaced = around.clone();
                replaced.extend(call.replaced.iter().filter(|one| !around.contains(one)));
                replaced.sort_by_cached_key(|item| {
                    (item.module(self.db).path(self.db).clone(), item.name(self.db).clone())
                });
                if replaced.contains(&call.callee) || !self.seen.insert((call.callee, replaced.clone())) {
                    continue;
                }
                self.steps.push(PathStep { item: call.callee, replaced, from: Some((at, call.range)) });
                if import_of(self.db, call.callee).is_some() {
                    self.finish(call.callee);
                }
            }
            at += 1;
        }
    }

    /// The last step is an import: notes how it was reached, the first time.
    fn finish(&mut self, import: Item<'db>) {
        if self.found.iter().any(|path| path.import == import) {
            return;
        }
        let mut calls = Vec::new();
        let mut at = self.steps.len() - 1;
        while let Some((from, range)) = self.steps[at].from {
            calls.push((self.steps[from].item, range));
            at = from;
        }
        calls.reverse();
        self.found.push(EffectPath { import, calls });
    }
}
