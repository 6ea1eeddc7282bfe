//! Streams and futures that are dropped.
//!
//! The built-in that drops one is named after a function whose type mentions that kind of stream, and its place there:
//! `[stream-drop-readable-0]watch`. Places are counted as the component tools do: the parts of a type before the type.

use dot_component::{ExportedDot, Surface};
use dot_db::{Db, Item};
use dot_hir::import_of;
use dot_types::{AdtShape, Ty, TyKind, adt_def, fn_signature};

/// The import that drops a stream or future of this type: module and field. None where no function of the program has
/// such a thing to give.
pub(crate) fn drop_of<'db>(
    db: &'db dyn Db,
    ty: Ty<'db>,
    surface: &Surface<'db>,
    imports: &[Item<'db>],
) -> Option<(String, String)> {
    let what = if matches!(ty.kind(db), TyKind::Stream(_)) { "stream" } else { "future" };
    let place = |types: &mut dyn Iterator<Item = Ty<'db>>| {
        let mut found = Vec::new();
        types.for_each(|part| collect(db, part, &mut found));
        found.iter().position(|other| *other == ty)
    };
    let imported = imports.iter().find_map(|item| {
        let (import, signature) = (import_of(db, *item)?, fn_signature(db, *item));
        let types = signature.params.iter().map(|param| param.ty);
        let place = place(&mut types.chain([signature.ret]))?;
        Some((import.core_module.to_string(), format!("[{what}-drop-readable-{place}]{}", import.name)))
    });
    let exported = |dot: &ExportedDot<'db>| {
        let types = dot.params.iter().map(|(_, ty)| *ty);
        let place = place(&mut types.chain([dot.result]))?;
        let interface = dot.core_name.split_once('#').map_or("$root", |(interface, _)| interface);
        Some((format!("[export]{interface}"), format!("[{what}-drop-readable-{place}]{}", dot.name)))
    };
    imported.or_else(|| surface.dots().find_map(exported))
}

/// The streams and futures in a type, in order.
fn collect<'db>(db: &'db dyn Db, ty: Ty<'db>, found: &mut Vec<Ty<'db>>) {
    match ty.kind(db) {
        TyKind::Tuple(parts) => parts.iter().for_each(|part| collect(db, *part, found)),
        TyKind::List(item) | TyKind::FixedList(item, _) | TyKind::Option(item) | TyKind::Set(item) => {
            collect(db, *item, found);
        }
        TyKind::Result(a, b) | TyKind::Map(a, b) => [a, b].into_iter().for_each(|ty| collect(db, *ty, found)),
        TyKind::Adt(item, args) => {
            let parts: Vec<Ty<'db>> = match &adt_def(db, *item).shape {
                AdtShape::Record(fields) => fields.iter().map(|field| field.ty).collect(),
                AdtShape::Variant(cases) => {
                    cases.iter().flat_map(|case| &case.parts).map(|part| part.ty).collect()
                }
                AdtShape::Resource(_) | AdtShape::Flags(_) => Vec::new(),
            };
            parts.iter().for_each(|part| collect(db, part.substitute(db, args), found));
        }
        TyKind::Stream(item) | TyKind::Future(item) => {
            collect(db, *item, found);
            found.push(ty);
        }
        _ => {}
    }
}
