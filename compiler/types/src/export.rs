//! What crosses a component's boundary: `not-exportable`.
//!
//! The types that a dot shows go out with it, so they must have a counterpart in WIT: no functions, no type
//! parameters, no types that hold themselves.

use crate::bounds::parts_of;
use crate::{AdtShape, Diagnostics, Mode, Ty, TyKind, adt_def, display_type, fn_signature};
use dot_db::{Anchor, Db, Diagnostic, Item};
use dot_diagnostics::{Span, codes};
use dot_hir::signature::SignatureKind;
use dot_hir::{TypeRefId, item_signature, signature_source_map};
use dot_syntax::ItemKind;
use rustc_hash::FxHashSet;

/// How deep declared types may lie in each other: types as they are written nest less.
const DEEPEST: usize = 256;

/// Why a type does not cross.
enum Obstacle<'db> {
    Function,
    Recursive(Item<'db>),
    OwnResource(Item<'db>),
    Waiting,
}

/// Tells parts of a dot's signature that can't cross the boundary.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let SignatureKind::Function(function) = &item_signature(db, item).kind else { return };
    if item.kind(db) != ItemKind::Dot {
        return;
    }
    let map = signature_source_map(db, item);
    let span = |id: TypeRefId| Span::new(Anchor::Item(item), map.type_ref(id));
    let signature = fn_signature(db, item);
    if !signature.generics.is_empty() {
        let title = format!("the dot `{}` has type parameters", item.name(db));
        let diagnostic = Diagnostic::error(codes::NOT_EXPORTABLE, title, dot_hir::declared_span(db, item))
            .with_note("An interface has no generic functions. Write a `fn`, and dots for the types that are needed.");
        out.push(diagnostic);
        return;
    }
    let params = function.params.iter().zip(&signature.params);
    let typed = params.map(|(written, param)| (written.ty, param.ty, param.mode));
    let ret = function.ret.map(|ret| (ret, signature.ret, Mode::In));
    for (written, ty, mode) in typed.chain(ret) {
        if mode == Mode::InOut && !is_own_resource(db, ty) {
            let title = format!("an `inout` parameter of the dot `{}`", item.name(db));
            let diagnostic = Diagnostic::error(codes::NOT_EXPORTABLE, title, span(written))
                .with_note("What a caller outside has can't be changed in place. Return the new value.");
            out.push(diagnostic);
        }
        let mut search = Search { db, open: Vec::new(), done: FxHashSet::default() };
        if let Some(obstacle) = search.visit(ty) {
            out.push(describe(db, ty, &obstacle, span(written)));
        }
    }
}

fn is_own_resource<'db>(db: &'db dyn Db, ty: Ty<'db>) -> bool {
    matches!(ty.kind(db), TyKind::Adt(item, _) if item.kind(db) == ItemKind::Resource)
}

fn describe<'db>(
    db: &'db dyn Db,
    ty: Ty<'db>,
    obstacle: &Obstacle<'db>,
    span: Span<Anchor<'db>>,
) -> Diagnostic<'db> {
    let shown = display_type(db, ty, &[]).to_string();
    let not_yet = |what: String| {
        let title = format!("{what}: this version of the compiler can't do it yet");
        Diagnostic::error(codes::NOT_YET, title, span)
    };
    let error =
        || Diagnostic::error(codes::NOT_EXPORTABLE, format!("`{shown}` can't cross the boundary"), span);
    match obstacle {
        Obstacle::Function => error().with_note("A dot takes and gives data; a function stays inside."),
        Obstacle::Recursive(item) => error().with_note(format!(
            "`{}` holds values of its own type, and WIT has no such types. Pass a list of its parts instead.",
            item.name(db)
        )),
        Obstacle::OwnResource(item) => not_yet(format!("the resource `{}` in a dot", item.name(db))),
        Obstacle::Waiting => not_yet("a stream or future in a dot".to_owned()),
    }
}

struct Search<'db> {
    db: &'db dyn Db,
    /// The declared types that what is looked at is part of.
    open: Vec<Ty<'db>>,
    done: FxHashSet<Ty<'db>>,
}

impl<'db> Search<'db> {
    fn visit(&mut self, ty: Ty<'db>) -> Option<Obstacle<'db>> {
        let parts = match ty.kind(self.db) {
            TyKind::Fn(..) => return Some(Obstacle::Function),
            TyKind::Stream(_) | TyKind::Future(_) => return Some(Obstacle::Waiting),
            TyKind::Tuple(parts) => parts.clone(),
            TyKind::List(item) | TyKind::FixedList(item, _) | TyKind::Option(item) | TyKind::Set(item) => {
                vec![*item]
            }
            TyKind::Result(a, b) | TyKind::Map(a, b) => vec![*a, *b],
            TyKind::Adt(item, args) => return self.visit_adt(ty, *item, args),
            _ => return None,
        };
        parts.into_iter().find_map(|part| self.visit(part))
    }

    fn visit_adt(&mut self, ty: Ty<'db>, item: Item<'db>, args: &[Ty<'db>]) -> Option<Obstacle<'db>> {
        // `Pair<Pair<u8>>` holds no value of its own type; one that holds itself with ever larger arguments does.
        if self.open.contains(&ty) || self.open.len() > DEEPEST {
            return Some(Obstacle::Recursive(item));
        }
        if !self.done.insert(ty) {
            return None;
        }
        if matches!(adt_def(self.db, item).shape, AdtShape::Resource(_)) {
            return Some(Obstacle::OwnResource(item));
        }
        self.open.push(ty);
        let found = parts_of(self.db, item, args).into_iter().find_map(|part| self.visit(part));
        self.open.pop();
        found
    }
}
