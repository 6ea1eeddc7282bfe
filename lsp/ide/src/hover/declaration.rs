//! Names in an item's head: its own, parameters, fields, cases, types, what a `use` imports.

use super::{Hover, describe};
use dot_db::{Db, Item, Module};
use dot_diagnostics::TextRange;
use dot_hir::signature::{RecordMember, SignatureKind, UseDeclaration, UsePath, WitPath};
use dot_hir::type_ref::{EffectRef, TypeRef};
use dot_hir::{
    Def, Name, NameId, Path, item_signature, resolve_exported, resolve_path, signature_source_map,
    used_module,
};
use dot_types::{Generic, Ty, TyKind, adt_def};

/// What a name in the head of an item means.
pub(super) fn hover_name<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    offset: u32,
    holds: fn(TextRange, u32) -> bool,
) -> Option<Hover> {
    let map = signature_source_map(db, item);
    let at = |name: &Name| !name.is_missing() && holds(map.name(name.id), offset);
    let module = item.module(db);
    let head = Head { db, item, module, generics: describe::generics_of(db, item) };
    let shown = |id: NameId, markdown: String| Hover { range: map.name(id), markdown };
    for ty in &item_signature(db, item).types {
        if let Some((id, markdown)) = head.in_type(ty, &at) {
            return Some(shown(id, markdown));
        }
    }
    if let Some((id, markdown)) = head.in_kind(&at) {
        return Some(shown(id, markdown));
    }
    if let Some(path) =
        wit_path(&item_signature(db, item).kind).filter(|path| holds(map.name(path.at), offset))
    {
        let interface = dot_hir::wit::interface_module(db, module.package(db), path).ok()?;
        return Some(shown(path.at, describe::def(db, Def::Module(interface), module)));
    }
    let range = map.item_name;
    let is_own = !range.is_empty() && holds(range, offset) && names_itself(db, item);
    is_own.then(|| Hover { range, markdown: describe::item(db, item, module) })
}

/// Whether the place that an item is known by is a name of its own.
fn names_itself(db: &dyn Db, item: Item<'_>) -> bool {
    let kind = &item_signature(db, item).kind;
    !matches!(kind, SignatureKind::Use(_) | SignatureKind::Error) && !item.name(db).is_empty()
}

/// The interface that an item uses or exports.
fn wit_path(kind: &SignatureKind) -> Option<&WitPath> {
    match kind {
        SignatureKind::Use(UseDeclaration { path: UsePath::Wit(path), .. })
        | SignatureKind::Export { path, .. } => Some(path),
        _ => None,
    }
}

struct Head<'db> {
    db: &'db dyn Db,
    item: Item<'db>,
    module: Module<'db>,
    generics: Vec<Generic>,
}

/// A name and what is said about it.
type Said = Option<(NameId, String)>;

impl<'db> Head<'db> {
    fn in_kind(&self, at: &dyn Fn(&Name) -> bool) -> Said {
        let signature = item_signature(self.db, self.item);
        let generic = signature.generics().iter().zip(&self.generics).find(|(param, _)| at(&param.name));
        if let Some((param, generic)) = generic {
            return Some((param.name.id, describe::generic(generic)));
        }
        let param = signature.params().iter().enumerate().find(|(_, param)| at(&param.name));
        if let Some((index, param)) = param {
            return Some((param.name.id, describe::param(self.db, self.item, index)?));
        }
        match &signature.kind {
            SignatureKind::Function(function) => {
                if let Some(owner) = function.owner.as_ref().filter(|owner| at(owner)) {
                    return Some((owner.id, type_name(self.db, self.module, &self.generics, &[owner])?));
                }
                let uses = function.uses.iter().flatten();
                uses.filter_map(|effect| match effect {
                    EffectRef::Named(path) => self.in_path(path, at),
                    EffectRef::Infer => None,
                })
                .next()
            }
            SignatureKind::Use(declaration) => self.in_use(declaration, at),
            SignatureKind::Record { members, .. } | SignatureKind::Resource { members } => {
                self.in_members(members, at)
            }
            SignatureKind::Variant { cases, .. }
            | SignatureKind::Enum { cases }
            | SignatureKind::Flags { cases } => {
                let case = cases.iter().find(|case| at(&case.name))?;
                Some((case.name.id, describe::case(self.db, self.item, &case.name.text)?))
            }
            _ => None,
        }
    }

    fn in_members(&self, members: &[RecordMember], at: &dyn Fn(&Name) -> bool) -> Said {
        let name = members.iter().find_map(|member| match member {
            RecordMember::Field(field) if at(&field.name) => Some(&field.name),
            _ => None,
        })?;
        let params = (0u32..).zip(&adt_def(self.db, self.item).generics);
        let args = params.map(|(index, _)| Ty::new(self.db, TyKind::Param(index))).collect();
        let ty = Ty::new(self.db, TyKind::Adt(self.item, args));
        Some((name.id, describe::field(self.db, ty, &name.text, &self.generics)?))
    }

    fn in_use(&self, declaration: &UseDeclaration, at: &dyn Fn(&Name) -> bool) -> Said {
        let target = used_module(self.db, self.module, declaration)?;
        let of_module = || describe::def(self.db, Def::Module(target), self.module);
        if let Some(alias) = declaration.alias.as_ref().filter(|alias| at(alias)) {
            return Some((alias.id, of_module()));
        }
        if let UsePath::Module(path) = &declaration.path
            && let Some(last) = path.last().filter(|last| at(last))
        {
            return Some((last.id, of_module()));
        }
        let used = declaration.names.iter().find(|used| at(&used.name) || at(used.bound()))?;
        let def = resolve_exported(self.db, target, &used.name.text).ok()?;
        let name = if at(&used.name) { &used.name } else { used.bound() };
        Some((name.id, describe::def(self.db, def, self.module)))
    }

    fn in_path(&self, path: &Path, at: &dyn Fn(&Name) -> bool) -> Said {
        let index = path.segments.iter().position(at)?;
        let names: Vec<&Name> = path.segments.iter().take(index + 1).collect();
        Some((path.segments.get(index)?.id, type_name(self.db, self.module, &self.generics, &names)?))
    }

    fn in_type(&self, ty: &TypeRef, at: &dyn Fn(&Name) -> bool) -> Said {
        match ty {
            TypeRef::Named { path, .. } => self.in_path(path, at),
            TypeRef::Function(function) => function.uses.iter().flatten().find_map(|effect| match effect {
                EffectRef::Named(path) => self.in_path(path, at),
                EffectRef::Infer => None,
            }),
            TypeRef::Tuple(_) | TypeRef::Infer | TypeRef::Error => None,
        }
    }
}

/// What the last of these names of a path to a type or effect means.
pub(super) fn type_name<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    generics: &[Generic],
    names: &[&Name],
) -> Option<String> {
    if let [only] = names {
        if let Some(generic) = generics.iter().find(|generic| generic.name == only.text) {
            return Some(describe::generic(generic));
        }
        if dot_hir::is_builtin_type(&only.text) {
            let home = dot_hir::builtin_home(db, &only.text);
            let docs = home.map(|home| dot_hir::module_docs(db, home).as_str()).unwrap_or_default();
            return Some(describe::card(&only.text, &[docs]));
        }
    }
    let texts: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    let resolved = resolve_path(db, module, &texts).ok()?;
    (resolved.used == texts.len()).then(|| describe::def(db, resolved.def, module))
}
