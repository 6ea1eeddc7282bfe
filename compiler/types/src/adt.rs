//! Declared types: what records, variants, enums, flags and resources are made of.

use crate::def::CasePart;
use crate::lower_type::{TyMaker, TypeLowering, TypeMistake, generics_of};
use crate::{AdtDef, AdtShape, Bound, CaseDef, FieldDef, Generic, Ty, TyKind, alias_target};
use dot_db::{Db, Item};
use dot_hir::signature::{CaseSignature, RecordMember, SignatureKind};
use dot_hir::{TypeRefId, item_signature};
use dot_syntax::ItemKind;

/// What a record, variant, enum, flags or resource item declares. Asked for by everything that looks into values of
/// the type; runs again when the declaration changes, not with its docs, its place or the code of defaults.
#[salsa::tracked]
pub fn adt_def<'db>(db: &'db dyn Db, item: Item<'db>) -> AdtDef<'db> {
    let mut def = raw_adt_def(db, item).clone();
    if crate::growth::grows(db, item) {
        // Told with the declaration. Without the parts that grow, whoever walks over the type comes to an end.
        crate::growth::cut(db, &mut def);
    }
    def
}

/// The declaration as it is written, even if its instances have no end.
#[salsa::tracked(cycle_result = adt_in_a_circle)]
pub(crate) fn raw_adt_def<'db>(db: &'db dyn Db, item: Item<'db>) -> AdtDef<'db> {
    lower_adt(db, item).def
}

/// A record that includes itself has no fields; this is told with the item.
fn adt_in_a_circle<'db>(db: &'db dyn Db, _id: salsa::Id, item: Item<'db>) -> AdtDef<'db> {
    let generics = generics_of(item_signature(db, item).generics());
    AdtDef { item, generics, shape: AdtShape::Record(Vec::new()) }
}

/// A declared type and what is wrong in its declaration.
pub(crate) struct LoweredAdt<'db> {
    pub(crate) def: AdtDef<'db>,
    pub(crate) mistakes: Vec<TypeMistake>,
    pub(crate) required: Vec<(Ty<'db>, Bound, TypeRefId)>,
    /// Includes of what is no record.
    pub(crate) bad_includes: Vec<TypeRefId>,
}

pub(crate) fn lower_adt<'db>(db: &'db dyn Db, item: Item<'db>) -> LoweredAdt<'db> {
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
    let mut bad_includes = Vec::new();
    let shape = match &signature.kind {
        SignatureKind::Record { members, .. } => {
            AdtShape::Record(lower_members(&mut lowering, members, &mut bad_includes))
        }
        SignatureKind::Resource { members } => {
            AdtShape::Resource(lower_members(&mut lowering, members, &mut bad_includes))
        }
        SignatureKind::Variant { cases, .. } | SignatureKind::Enum { cases } => {
            AdtShape::Variant(cases.iter().map(|case| lower_case(&mut lowering, case)).collect())
        }
        SignatureKind::Flags { cases } => {
            AdtShape::Flags(cases.iter().map(|case| case.name.text.clone()).collect())
        }
        _ => AdtShape::Record(Vec::new()),
    };
    let (mistakes, required) = (lowering.mistakes, lowering.maker.required);
    LoweredAdt { def: AdtDef { item, generics, shape }, mistakes, required, bad_includes }
}

type Lowering<'a, 'db> = TypeLowering<'a, 'db, TyMaker<'db>>;

fn lower_case<'db>(lowering: &mut Lowering<'_, 'db>, case: &CaseSignature) -> CaseDef<'db> {
    let parts = case.parts.iter().map(|part| CasePart {
        label: part.label.as_ref().map(|label| label.text.clone()),
        ty: lowering.lower(part.ty),
    });
    CaseDef { name: case.name.text.clone(), parts: parts.collect(), from: case.from }
}

fn lower_members<'db>(
    lowering: &mut Lowering<'_, 'db>,
    members: &[RecordMember],
    bad_includes: &mut Vec<TypeRefId>,
) -> Vec<FieldDef<'db>> {
    let mut fields = Vec::new();
    for member in members {
        match member {
            RecordMember::Field(field) => fields.push(FieldDef {
                name: field.name.text.clone(),
                ty: lowering.lower(field.ty),
                has_default: field.has_default,
            }),
            RecordMember::Include(id) => {
                let ty = lowering.lower(*id);
                match included(lowering.db, ty) {
                    Some((item, args)) => {
                        let def = crate::stack::ensure(|| raw_adt_def(lowering.db, item));
                        if let AdtShape::Record(inner) = &def.shape {
                            fields.extend(inner.iter().map(|field| FieldDef {
                                ty: field.ty.substitute(lowering.db, args),
                                ..field.clone()
                            }));
                        }
                    }
                    None if *ty.kind(lowering.db) == TyKind::Error => {}
                    None => bad_includes.push(*id),
                }
            }
        }
    }
    fields
}

/// The record that an include names, and its type arguments.
fn included<'db>(db: &'db dyn Db, ty: Ty<'db>) -> Option<(Item<'db>, &'db [Ty<'db>])> {
    match ty.kind(db) {
        TyKind::Adt(item, args) if item.kind(db) == ItemKind::Record => Some((*item, args)),
        _ => None,
    }
}

/// Where a field is declared: the record and the index of the member in it, and the type arguments that its own
/// record has there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub(crate) struct FieldOrigin<'db> {
    pub(crate) item: Item<'db>,
    pub(crate) member: u32,
    pub(crate) args: Vec<Ty<'db>>,
}

/// The origins of a record's fields, in order.
#[salsa::tracked(cycle_result = origins_in_a_circle)]
pub(crate) fn field_origins<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<FieldOrigin<'db>> {
    let signature = item_signature(db, item);
    let generics = generics_of(signature.generics());
    let own: Vec<Ty<'db>> =
        (0..).zip(&generics).map(|(index, _)| Ty::new(db, TyKind::Param(index))).collect();
    let mut origins = Vec::new();
    for (member, declared) in (0..).zip(signature.members()) {
        match declared {
            RecordMember::Field(_) => origins.push(FieldOrigin { item, member, args: own.clone() }),
            RecordMember::Include(id) => {
                let mut lowering = TypeLowering {
                    db,
                    module: item.module(db),
                    types: &signature.types,
                    generics: &generics,
                    maker: TyMaker { db, required: Vec::new() },
                    mistakes: Vec::new(),
                };
                let ty = lowering.lower(*id);
                if let Some((inner, args)) = included(db, ty) {
                    let inner = crate::stack::ensure(|| field_origins(db, inner));
                    origins.extend(inner.iter().map(|origin| FieldOrigin {
                        args: origin.args.iter().map(|ty| ty.substitute(db, args)).collect(),
                        ..origin.clone()
                    }));
                }
            }
        }
    }
    origins
}

/// The record that declares a field of a record, by index, and the member that it is there; an included field's own.
#[must_use]
pub fn field_declaration<'db>(db: &'db dyn Db, item: Item<'db>, index: usize) -> Option<(Item<'db>, usize)> {
    field_origins(db, item).get(index).map(|origin| (origin.item, origin.member as usize))
}

fn origins_in_a_circle<'db>(_db: &'db dyn Db, _id: salsa::Id, _item: Item<'db>) -> Vec<FieldOrigin<'db>> {
    Vec::new()
}

/// Whether an item declares a flags type.
pub(crate) fn is_flags<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    item.kind(db) == ItemKind::Flags
}

/// The declared type that an item names, if need be through aliases; none for an alias of another type.
pub(crate) fn through_aliases<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Item<'db>> {
    if item.kind(db) != ItemKind::Type {
        return Some(item);
    }
    match alias_target(db, item).kind(db) {
        TyKind::Adt(item, _) | TyKind::Handle(item) => Some(*item),
        _ => None,
    }
}

/// The type parameters of a declared type or function.
pub(crate) fn generics<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Generic> {
    generics_of(item_signature(db, item).generics())
}

/// The resource of its package's own that a type is: a value inside, a handle outside. None for all other types.
#[must_use]
pub fn own_resource<'db>(db: &'db dyn Db, ty: Ty<'db>) -> Option<Item<'db>> {
    match ty.kind(db) {
        TyKind::Adt(item, _) if item.kind(db) == ItemKind::Resource => Some(*item),
        _ => None,
    }
}
