//! Effects that types say.
//!
//! A function type may say what its values touch: `fn() -> u64 uses clock`. Types' identity doesn't depend on it, so
//! it isn't found in a [`Ty`] but where the type is written. A type that holds such functions through
//! declared types or aliases says what all of them say.

use super::interfaces_named;
use crate::def::AdtShape;
use crate::{Ty, TyKind, adt_def};
use dot_db::{Db, Item, Module};
use dot_hir::signature::{RecordMember, SignatureKind};
use dot_hir::type_ref::{TypeArg, TypeRef};
use dot_hir::{Def, TypeRefId, item_signature};
use rustc_hash::FxHashSet;

/// Whether values of a type may hold functions that the type itself, not an argument for a type parameter, speaks of.
#[salsa::tracked(returns(copy))]
pub(crate) fn mentions_function<'db>(db: &'db dyn Db, ty: Ty<'db>) -> bool {
    crate::bounds::holds_function(db, ty, &[])
}

/// The effects that functions in the field of a record may have.
pub(crate) fn of_field<'db>(db: &'db dyn Db, item: Item<'db>, index: u32) -> Vec<Module<'db>> {
    let (AdtShape::Record(fields) | AdtShape::Resource(fields)) = &adt_def(db, item).shape else {
        return Vec::new();
    };
    match fields.get(index as usize) {
        Some(field) if mentions_function(db, field.ty) => {}
        _ => return Vec::new(),
    }
    written_field(db, item, index).map(|(item, ty)| of_types(db, vec![(item, ty)])).unwrap_or_default()
}

/// Where the type of a record's field is written.
pub(crate) fn written_field<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    index: u32,
) -> Option<(Item<'db>, TypeRefId)> {
    let origin = crate::adt::field_origins(db, item).get(index as usize)?;
    match item_signature(db, origin.item).members().get(origin.member as usize)? {
        RecordMember::Field(field) => Some((origin.item, field.ty)),
        RecordMember::Include(_) => None,
    }
}

/// The effects that functions in the part of a case may have.
pub(crate) fn of_part<'db>(db: &'db dyn Db, item: Item<'db>, case: u32, part: u32) -> Vec<Module<'db>> {
    let AdtShape::Variant(cases) = &adt_def(db, item).shape else { return Vec::new() };
    match cases.get(case as usize).and_then(|case| case.parts.get(part as usize)) {
        Some(part) if mentions_function(db, part.ty) => {}
        _ => return Vec::new(),
    }
    written_part(db, item, case, part).map(|ty| of_types(db, vec![(item, ty)])).unwrap_or_default()
}

/// Where the type of a part of a case is written.
pub(crate) fn written_part<'db>(db: &'db dyn Db, item: Item<'db>, case: u32, part: u32) -> Option<TypeRefId> {
    let cases = item_signature(db, item).cases();
    cases.get(case as usize)?.parts.get(part as usize).map(|part| part.ty)
}

/// The effects that functions in the result of a function may have.
pub(crate) fn of_result<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Module<'db>> {
    let ret = item_signature(db, item).function().and_then(|function| function.ret);
    match ret {
        Some(ret) if mentions_function(db, crate::fn_signature(db, item).ret) => {
            of_types(db, vec![(item, ret)])
        }
        _ => Vec::new(),
    }
}

/// The effects of the functions that a function is given inside other values. Those that it is given as they are,
/// the caller answers for.
pub(crate) fn of_params<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Module<'db>> {
    let Some(function) = item_signature(db, item).function() else { return Vec::new() };
    let params = function.params.iter().zip(&crate::fn_signature(db, item).params);
    let stored = params
        .filter(|(_, param)| !matches!(param.ty.kind(db), TyKind::Fn(..)))
        .filter(|(_, param)| mentions_function(db, param.ty) && mentions_directly(db, param.ty));
    of_types(db, stored.map(|(written, _)| (item, written.ty)).collect())
}

/// Whether a type mentions functions otherwise than through declared types, whose fields say the effects when they
/// are read.
fn mentions_directly<'db>(db: &'db dyn Db, ty: Ty<'db>) -> bool {
    let (con, parts) = crate::table::decompose(ty.kind(db));
    matches!(con, crate::table::Con::Fn(_)) || parts.into_iter().any(|part| mentions_directly(db, part))
}

/// The effects that functions in these types, as they are written in the signatures of items, may have.
pub(super) fn of_types<'db>(db: &'db dyn Db, mut todo: Vec<(Item<'db>, TypeRefId)>) -> Vec<Module<'db>> {
    let mut out = Vec::new();
    let mut seen = FxHashSet::default();
    while let Some((item, id)) = todo.pop() {
        let inside = |id: TypeRefId| (item, id);
        match item_signature(db, item).type_ref(id) {
            TypeRef::Function(function) => {
                out.extend(interfaces_named(db, item, function.uses.as_deref()));
                todo.extend(function.params.iter().map(|param| inside(param.ty)));
                todo.extend(function.ret.map(inside));
            }
            TypeRef::Tuple(parts) => todo.extend(parts.iter().copied().map(inside)),
            TypeRef::Named { path, args } => {
                todo.extend(args.iter().filter_map(|arg| match arg {
                    TypeArg::Type(id) => Some(inside(*id)),
                    TypeArg::Length(_) => None,
                }));
                let resolved = dot_hir::resolve_path(db, item.module(db), &path.texts());
                if let Ok(dot_hir::Resolved { def: Def::Item(declared), .. }) = resolved
                    && seen.insert(declared)
                {
                    todo.extend(types_in(db, declared).into_iter().map(|id| (declared, id)));
                }
            }
            TypeRef::Infer | TypeRef::Error => {}
        }
    }
    super::sort(db, &mut out);
    out
}

/// The types that a declared type or alias is made of.
fn types_in<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<TypeRefId> {
    let signature = item_signature(db, item);
    let members = signature.members().iter().map(|member| match member {
        RecordMember::Field(field) => field.ty,
        RecordMember::Include(id) => *id,
    });
    let parts = signature.cases().iter().flat_map(|case| &case.parts).map(|part| part.ty);
    let alias = match &signature.kind {
        SignatureKind::Alias { ty, .. } => Some(*ty),
        _ => None,
    };
    members.chain(parts).chain(alias).collect()
}
