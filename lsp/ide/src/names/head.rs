//! Names in an item's head.

use super::{Occurrence, Target};
use dot_db::{Db, Item, Module};
use dot_hir::signature::{RecordMember, SignatureKind, SignatureSourceMap, UseDeclaration, UsePath};
use dot_hir::type_ref::{EffectRef, TypeRef};
use dot_hir::{
    Def, Name, Path, item_signature, resolve_exported, resolve_path, signature_source_map, used_module,
};

/// Adds the names of an item's head.
pub(super) fn collect<'db>(db: &'db dyn Db, item: Item<'db>, found: &mut Vec<Occurrence<'db>>) {
    let map = signature_source_map(db, item);
    let signature = item_signature(db, item);
    let mut head = Head { db, item, map, found };
    for ty in &signature.types {
        head.type_ref(ty);
    }
    let is_named =
        !matches!(signature.kind, SignatureKind::Use(_) | SignatureKind::Error | SignatureKind::Test { .. });
    if is_named && !item.name(db).is_empty() {
        head.push_range(map.item_name, Target::Item(item), true);
    }
    for (index, generic) in signature.generics().iter().enumerate() {
        head.declare(&generic.name, Target::Generic(item, index));
    }
    for param in signature.params() {
        let place = map.name(param.name.id);
        head.declare(&param.name, Target::Local(item, place));
    }
    head.kind(&signature.kind);
}

struct Head<'a, 'db> {
    db: &'db dyn Db,
    item: Item<'db>,
    map: &'a SignatureSourceMap,
    found: &'a mut Vec<Occurrence<'db>>,
}

impl<'db> Head<'_, 'db> {
    fn push_range(&mut self, range: dot_diagnostics::TextRange, target: Target<'db>, is_declaration: bool) {
        self.found.push(Occurrence { range, target, is_declaration, is_write: false, is_shorthand: false });
    }

    fn declare(&mut self, name: &Name, target: Target<'db>) {
        if !name.is_missing() {
            self.push_range(self.map.name(name.id), target, true);
        }
    }

    fn mention(&mut self, name: &Name, target: Target<'db>) {
        if !name.is_missing() {
            self.push_range(self.map.name(name.id), target, false);
        }
    }

    fn kind(&mut self, kind: &SignatureKind) {
        match kind {
            SignatureKind::Function(function) => {
                if let Some(owner) = &function.owner {
                    let target = type_target(self.db, self.item, &[owner]);
                    target.into_iter().for_each(|target| self.mention(owner, target));
                }
                function.uses.iter().flatten().for_each(|effect| self.effect(effect));
            }
            SignatureKind::Record { members, .. } | SignatureKind::Resource { members } => {
                for member in members {
                    if let RecordMember::Field(field) = member {
                        self.declare(&field.name, Target::Field(self.item, field.name.text.clone()));
                    }
                }
            }
            SignatureKind::Variant { cases, .. }
            | SignatureKind::Enum { cases }
            | SignatureKind::Flags { cases } => {
                for case in cases {
                    self.declare(&case.name, Target::Case(self.item, case.name.text.clone()));
                    for label in case.parts.iter().filter_map(|part| part.label.as_ref()) {
                        let part = Target::Part(self.item, case.name.text.clone(), label.text.clone());
                        self.declare(label, part);
                    }
                }
            }
            SignatureKind::Use(declaration) => self.use_(declaration),
            _ => {}
        }
    }

    fn use_(&mut self, declaration: &UseDeclaration) {
        let Some(module) = used_module(self.db, self.item.module(self.db), declaration) else { return };
        match &declaration.path {
            UsePath::Module(path) => {
                path.last().into_iter().for_each(|last| self.mention(last, Target::Module(module)));
            }
            UsePath::Wit(path) => self.push_range(self.map.name(path.at), Target::Module(module), false),
        }
        declaration.alias.iter().for_each(|alias| self.mention(alias, Target::Module(module)));
        for used in &declaration.names {
            let Ok(def) = resolve_exported(self.db, module, &used.name.text) else { continue };
            let target = target_of(def);
            self.mention(&used.name, target.clone());
            used.alias.iter().for_each(|alias| self.mention(alias, target.clone()));
        }
    }

    fn type_ref(&mut self, ty: &TypeRef) {
        match ty {
            TypeRef::Named { path, .. } => self.path(path),
            TypeRef::Function(function) => {
                function.uses.iter().flatten().for_each(|effect| self.effect(effect));
            }
            TypeRef::Tuple(_) | TypeRef::Infer | TypeRef::Error => {}
        }
    }

    fn effect(&mut self, effect: &EffectRef) {
        if let EffectRef::Named(path) = effect {
            self.path(path);
        }
    }

    fn path(&mut self, path: &Path) {
        for (name, target) in path_targets(self.db, self.item, path) {
            self.mention(name, target);
        }
    }
}

pub(super) fn target_of(def: Def<'_>) -> Target<'_> {
    match def {
        Def::Item(item) => Target::Item(item),
        Def::Module(module) => Target::Module(module),
    }
}

/// What each name of a path to a type or effect means, as far as it is known.
pub(super) fn path_targets<'db, 'a>(
    db: &'db dyn Db,
    item: Item<'db>,
    path: &'a Path,
) -> Vec<(&'a Name, Target<'db>)> {
    let names: Vec<&Name> = path.segments.iter().collect();
    let upto = |index: usize| Some((*names.get(index)?, type_target(db, item, names.get(..=index)?)?));
    (0..names.len()).filter_map(upto).collect()
}

/// What the last of these names of a path to a type or effect means, in an item.
pub(super) fn type_target<'db>(db: &'db dyn Db, item: Item<'db>, names: &[&Name]) -> Option<Target<'db>> {
    let module: Module<'db> = item.module(db);
    if let [only] = names {
        let generics = item_signature(db, item).generics();
        if let Some(index) = generics.iter().position(|generic| generic.name.text == only.text) {
            return Some(Target::Generic(item, index));
        }
        if dot_hir::is_builtin_type(&only.text) {
            return Some(Target::Builtin(only.text.clone()));
        }
    }
    let texts: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    let resolved = resolve_path(db, module, &texts).ok()?;
    (resolved.used == texts.len()).then(|| target_of(resolved.def))
}
