//! What functions, constants and aliases declare, in types; and where the parts of declarations stand.

use crate::lower_type::{TyMaker, TypeLowering, TypeMistake, generics_of};
use crate::{Bound, FnSignature, Intrinsic, Mode, ParamSignature, Ty, TyKind};
use dot_db::{Anchor, Db, Item};
use dot_diagnostics::{Span, TextRange};
use dot_hir::attribute::string_argument;
use dot_hir::signature::SignatureKind;
use dot_hir::type_ref::EffectRef;
use dot_hir::{TypeRefId, item_signature, signature_source_map};
use smol_str::SmolStr;

/// The signature of a function, dot, test or imported function. Runs again when the declaration changes, not with
/// the body.
#[salsa::tracked]
pub fn fn_signature<'db>(db: &'db dyn Db, item: Item<'db>) -> FnSignature<'db> {
    lower_function(db, item).0
}

/// The type of a constant.
#[salsa::tracked(returns(copy))]
pub fn const_type<'db>(db: &'db dyn Db, item: Item<'db>) -> Ty<'db> {
    match &item_signature(db, item).kind {
        SignatureKind::Const { ty } => lower_one(db, item, *ty).0,
        _ => Ty::new(db, TyKind::Error),
    }
}

/// What an alias stands for, in its type parameters. An alias of itself is an error, told with the item.
#[salsa::tracked(returns(copy), cycle_result = alias_in_a_circle)]
pub fn alias_target<'db>(db: &'db dyn Db, item: Item<'db>) -> Ty<'db> {
    match &item_signature(db, item).kind {
        SignatureKind::Alias { ty, .. } => lower_one(db, item, *ty).0,
        _ => Ty::new(db, TyKind::Error),
    }
}

fn alias_in_a_circle<'db>(db: &'db dyn Db, _id: salsa::Id, _item: Item<'db>) -> Ty<'db> {
    Ty::new(db, TyKind::Error)
}

/// The operation that a function of std stands for, if it says `@intrinsic("…")`.
#[salsa::tracked(returns(copy))]
pub fn intrinsic_of<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Intrinsic> {
    if !dot_hir::is_std(db, item.module(db)) {
        return None;
    }
    Intrinsic::from_name(string_argument(&item_signature(db, item).attributes, "intrinsic")?)
}

/// What lowering found wrong in a declaration.
#[derive(Default)]
pub(crate) struct Problems<'db> {
    pub(crate) mistakes: Vec<TypeMistake>,
    pub(crate) required: Vec<(Ty<'db>, Bound, TypeRefId)>,
}

fn lowering<'db, R>(
    db: &'db dyn Db,
    item: Item<'db>,
    lower: impl FnOnce(&mut TypeLowering<'_, 'db, TyMaker<'db>>) -> R,
) -> (R, Problems<'db>) {
    let signature = item_signature(db, item);
    let generics = generics_of(signature.generics());
    let mut lowering = TypeLowering {
        db,
        module: item.module(db),
        types: &signature.types,
        generics: &generics,
        maker: TyMaker { db, required: Vec::new() },
        mistakes: Vec::new(),
    };
    let out = lower(&mut lowering);
    (out, Problems { mistakes: lowering.mistakes, required: lowering.maker.required })
}

/// One type of a declaration.
pub(crate) fn lower_one<'db>(db: &'db dyn Db, item: Item<'db>, ty: TypeRefId) -> (Ty<'db>, Problems<'db>) {
    lowering(db, item, |lowering| lowering.lower(ty))
}

/// A function's signature and what is wrong in it.
pub(crate) fn lower_function<'db>(db: &'db dyn Db, item: Item<'db>) -> (FnSignature<'db>, Problems<'db>) {
    let signature = item_signature(db, item);
    let generics = generics_of(signature.generics());
    let ((params, ret), problems) = lowering(db, item, |lowering| {
        let params: Vec<ParamSignature<'db>> = signature
            .params()
            .iter()
            .map(|param| ParamSignature {
                name: param.name.text.clone(),
                mode: if param.inout { Mode::InOut } else { Mode::In },
                ty: lowering.lower(param.ty),
                has_default: param.has_default,
            })
            .collect();
        let ret = signature.function().and_then(|function| function.ret);
        (params, ret.map_or_else(|| Ty::unit(db), |ret| lowering.lower(ret)))
    });
    let uses = signature.function().and_then(|function| function.uses.as_deref()).and_then(effect_names);
    (FnSignature { item, generics, params, ret, uses }, problems)
}

/// The effects that are written, sorted; none where they are left to inference.
fn effect_names(uses: &[EffectRef]) -> Option<Vec<SmolStr>> {
    let mut names = Vec::new();
    for effect in uses {
        match effect {
            EffectRef::Named(path) => names.push(SmolStr::from(path.display())),
            EffectRef::Infer => return None,
        }
    }
    names.sort();
    names.dedup();
    Some(names)
}

// Where the parts of a declaration stand: only for messages.

/// Where an item's name is declared; none for what an interface of WIT declares.
pub(crate) fn name_span<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Span<Anchor<'db>>> {
    item.module(db).file(db)?;
    Some(dot_hir::declared_span(db, item))
}

/// Where a parameter is declared, and its name.
pub(crate) fn param_span<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    index: u32,
) -> Option<(Span<Anchor<'db>>, SmolStr)> {
    item.module(db).file(db)?;
    let param = item_signature(db, item).params().get(index as usize)?;
    let range = signature_source_map(db, item).name(param.name.id);
    Some((Span::new(Anchor::Item(item), range), param.name.text.clone()))
}

/// Where a function's parameters are named, in order.
pub(crate) fn param_ranges<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<TextRange> {
    let map = signature_source_map(db, item);
    item_signature(db, item).params().iter().map(|param| map.name(param.name.id)).collect()
}

/// Where a function's result or a constant's type is written.
pub(crate) fn return_span<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<TextRange> {
    let id = match &item_signature(db, item).kind {
        SignatureKind::Function(function) => function.ret?,
        SignatureKind::Const { ty } => *ty,
        _ => return None,
    };
    Some(signature_source_map(db, item).type_ref(id))
}
