//! The queries of bodies.

use crate::adt::field_origins;
use crate::closures::Stored;
use crate::infer::{CallSite, EffectRead, Finished, Infer};
use crate::thir::{Body, Expr, ExprId, ExprKind, SourceMap};
use crate::{Diagnostics, Ty, TyKind, adt, const_type, fn_signature, signature};
use dot_db::{Anchor, Db, Diagnostic, Item};
use dot_diagnostics::{Span, TextRange, codes};
use dot_hir::{body_source_map, default_bodies, default_source_maps, item_body};
use dot_syntax::ItemKind;

/// A body after checking, with all that was found out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct TypedBody<'db> {
    /// The body; it may hold errors.
    pub body: Body<'db>,
    /// Where its parts stand.
    pub map: SourceMap,
    /// What it calls or takes as a value.
    pub calls: Vec<CallSite<'db>>,
    /// Function values with effects that it takes out of others.
    pub(crate) reads: Vec<EffectRead<'db>>,
    /// Where its guards stand.
    pub(crate) guards: Vec<TextRange>,
    /// Function values that it stores or gives back.
    pub(crate) stored: Vec<Stored<'db>>,
    /// Whether it gives a value that the function's declaration doesn't tell of.
    pub(crate) lacks_result: bool,
    /// Whether a `with` is wrong, so that what it should replace isn't.
    pub(crate) lacks_replacement: bool,
    /// What is wrong in it.
    pub diagnostics: Diagnostics<'db>,
}

/// The item can't be run: what is wrong with it has been told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Broken;

impl<'db> From<Finished<'db>> for TypedBody<'db> {
    fn from(finished: Finished<'db>) -> Self {
        let Finished { body, map, calls, reads, guards, lacks_result, lacks_replacement, diagnostics } =
            finished;
        let (stored, diagnostics) = (Vec::new(), diagnostics.into());
        Self { body, map, calls, reads, guards, stored, lacks_result, lacks_replacement, diagnostics }
    }
}

/// The typed body of a function, dot, test or constant; none for what has no body: types, imports, intrinsics.
///
/// Holds places, so it changes with nearly every edit inside the item. To run a body, take [`thir_body`].
#[salsa::tracked(returns(as_ref))]
pub fn typed_body<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<TypedBody<'db>> {
    if item.module(db).file(db).is_none() || signature::intrinsic_of(db, item).is_some() {
        return None;
    }
    let (hir, map) = (item_body(db, item)?, body_source_map(db, item)?);
    let infer = Infer::new(db, item, hir, map, adt::generics(db, item));
    let finished = match item.kind(db) {
        ItemKind::Const => infer.run_value(const_type(db, item)),
        ItemKind::Fn | ItemKind::Dot | ItemKind::Test => {
            infer.run(fn_signature(db, item), &signature::param_ranges(db, item))
        }
        _ => return None,
    };
    let mut typed = TypedBody::from(finished);
    crate::moves::check(db, item, &mut typed);
    crate::closures::check(db, item, &mut typed);
    Some(typed)
}

/// Whether a function gives a value that its declaration doesn't tell of: nobody knows the type of a call of it.
#[salsa::tracked(returns(copy))]
pub(crate) fn lacks_result<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    typed_body(db, item).is_some_and(|typed| typed.lacks_result)
}

/// The body to run: complete and without errors. None for an item without a body; an error where something in the item
/// has been told to be wrong.
///
/// This is the firewall: its value changes only when the meaning of the body does.
#[salsa::tracked(returns(as_ref))]
pub fn thir_body<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Result<Body<'db>, Broken>> {
    let typed = typed_body(db, item)?;
    // What only follows from mistakes elsewhere isn't told, and can't be run either.
    let mut told = crate::check::own_diagnostics(db, item).iter().chain(typed.diagnostics.iter());
    if told.any(Diagnostic::is_error) {
        return Some(Err(Broken));
    }
    Some(Ok(typed.body.clone()))
}

/// Where the expressions and locals of [`thir_body`] stand: only for messages and trap tables.
#[salsa::tracked(returns(as_ref))]
pub fn thir_source_map<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<SourceMap> {
    typed_body(db, item).map(|typed| typed.map.clone())
}

/// The checked default value of the parameter, or of the field of a record, at `index`; none if it has none.
#[salsa::tracked(returns(as_ref), cycle_result = default_in_a_circle)]
pub fn typed_default<'db>(db: &'db dyn Db, item: Item<'db>, index: u32) -> Option<TypedBody<'db>> {
    let (declarer, member, ty) = match item.kind(db) {
        ItemKind::Record | ItemKind::Resource => {
            let origin = field_origins(db, item).get(index as usize)?;
            let own = field_origins(db, origin.item);
            let at = own.iter().position(|own| own.item == origin.item && own.member == origin.member)?;
            let shape = &crate::adt_def(db, origin.item).shape;
            let (crate::AdtShape::Record(fields) | crate::AdtShape::Resource(fields)) = shape else {
                return None;
            };
            (origin.item, origin.member, fields.get(at)?.ty)
        }
        _ => (item, index, fn_signature(db, item).params.get(index as usize)?.ty),
    };
    let hir = default_bodies(db, declarer).get(member as usize)?.as_deref()?;
    let map = default_source_maps(db, declarer).get(member as usize)?.as_deref()?;
    let infer = Infer::new(db, declarer, hir, map, adt::generics(db, declarer));
    Some(infer.run_value(ty).into())
}

/// Whether the default value at `index` is written in the item itself: not that of a field that a record includes.
pub(crate) fn declares_default<'db>(db: &'db dyn Db, item: Item<'db>, index: u32) -> bool {
    match item.kind(db) {
        ItemKind::Record | ItemKind::Resource => {
            field_origins(db, item).get(index as usize).is_some_and(|origin| origin.item == item)
        }
        _ => true,
    }
}

fn default_in_a_circle<'db>(
    db: &'db dyn Db,
    _id: salsa::Id,
    item: Item<'db>,
    _index: u32,
) -> Option<TypedBody<'db>> {
    let ty = Ty::new(db, TyKind::Error);
    let body = Body {
        params: Vec::new(),
        ret: ty,
        locals: Vec::new(),
        exprs: vec![Expr { kind: ExprKind::Error, ty }],
        root: ExprId(0),
    };
    let range = dot_hir::signature_source_map(db, item).item_name;
    let title = format!("a default value of `{}` needs itself", item.name(db));
    let diagnostic = Diagnostic::error(codes::RECURSIVE_DEFAULT, title, Span::new(Anchor::Item(item), range))
        .with_note(
            "A default is evaluated anew for each call that leaves it out, so this would have no end.",
        );
    let map = SourceMap { exprs: vec![range], ..SourceMap::default() };
    let (calls, reads, guards, stored) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (lacks_result, lacks_replacement, diagnostics) = (false, false, vec![diagnostic].into());
    Some(TypedBody { body, map, calls, reads, guards, stored, lacks_result, lacks_replacement, diagnostics })
}

/// The default value of a parameter or field as a body, in the type parameters of the item that is asked about.
#[salsa::tracked(returns(as_ref))]
pub fn default_value_body<'db>(db: &'db dyn Db, item: Item<'db>, index: u32) -> Option<Body<'db>> {
    let mut body = typed_default(db, item, index)?.body.clone();
    if let Some(origin) = field_origins_of(db, item).get(index as usize) {
        substitute_body(db, &mut body, &origin.args);
    }
    Some(body)
}

fn field_origins_of<'db>(db: &'db dyn Db, item: Item<'db>) -> &'db [crate::adt::FieldOrigin<'db>] {
    match item.kind(db) {
        ItemKind::Record | ItemKind::Resource => field_origins(db, item),
        _ => &[],
    }
}

/// Replaces type parameters in every type of a body.
fn substitute_body<'db>(db: &'db dyn Db, body: &mut Body<'db>, args: &[Ty<'db>]) {
    use crate::thir::Callee;
    let one = |ty: &mut Ty<'db>| *ty = ty.substitute(db, args);
    one(&mut body.ret);
    body.locals.iter_mut().for_each(|local| one(&mut local.ty));
    for expr in &mut body.exprs {
        one(&mut expr.ty);
        match &mut expr.kind {
            ExprKind::FnValue { type_args, .. }
            | ExprKind::Call {
                callee: Callee::Item { type_args, .. } | Callee::Intrinsic { type_args, .. },
                ..
            } => type_args.iter_mut().for_each(one),
            ExprKind::Closure(closure) => one(&mut closure.ret),
            _ => {}
        }
    }
}
