//! What crosses a component's boundary: `not-exportable`.
//!
//! The types that a dot shows go out with it, so they must have a counterpart in WIT: no functions, no type
//! parameters, no types that hold themselves.

use crate::bounds::parts_of;
use crate::{AdtShape, Diagnostics, Mode, Ty, TyKind, adt_def, display_type, fn_signature, own_resource};
use dot_db::{Anchor, Db, Diagnostic, Item, Package};
use dot_diagnostics::{Span, codes};
use dot_hir::signature::SignatureKind;
use dot_hir::{Owner, TypeRefId, item_signature, signature_source_map};
use dot_syntax::ItemKind;
use rustc_hash::FxHashSet;

/// How deep declared types may lie in each other: types as they are written nest less.
const DEEPEST: usize = 256;

/// Why a type does not cross.
enum Obstacle<'db> {
    Function,
    Recursive(Item<'db>),
    /// A resource with type parameters, or that holds handles.
    OwnResource(Item<'db>, &'static str),
    /// A type that stands in a world, which no interface can name.
    OfWorld(Item<'db>),
    /// A handle of an interface that the package exports, too.
    Exported(Item<'db>),
}

/// Tells parts of a dot's signature that can't cross the boundary, and of a property's: its values come from outside, too.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    if item.kind(db) == ItemKind::Test {
        return check_property(db, item, out);
    }
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
    check_resource(db, item, out);
    let package = item.module(db).package(db);
    let is_own_interface = dot_hir::wit::implemented(db, item).is_none();
    for (index, (written, ty, mode)) in typed.chain(ret).enumerate() {
        let is_self = index == 0 && function.is_method();
        if mode == Mode::InOut && !(is_self && own_resource(db, ty).is_some()) {
            let title = format!("an `inout` parameter of the dot `{}`", item.name(db));
            let diagnostic = Diagnostic::error(codes::NOT_EXPORTABLE, title, span(written))
                .with_note("What a caller outside has can't be changed in place. Return the new value.");
            out.push(diagnostic);
        }
        let mut search =
            Search { db, open: Vec::new(), done: FxHashSet::default(), package, is_own_interface };
        if let Some(obstacle) = search.visit(ty) {
            out.push(describe(db, ty, &obstacle, span(written)));
        }
    }
}

fn check_property<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let map = signature_source_map(db, item);
    let package = item.module(db).package(db);
    for (written, param) in item_signature(db, item).params().iter().zip(&fn_signature(db, item).params) {
        let span = Span::new(Anchor::Item(item), map.type_ref(written.ty));
        let mut search =
            Search { db, open: Vec::new(), done: FxHashSet::default(), package, is_own_interface: true };
        match search.visit(param.ty) {
            Some(Obstacle::Recursive(held)) => {
                let title = format!(
                    "a property of `{}`, which holds values of its own type: this version of the compiler can't do it yet",
                    held.name(db)
                );
                out.push(Diagnostic::error(codes::NOT_YET, title, span));
            }
            Some(obstacle) => out.push(describe(db, param.ty, &obstacle, span)),
            None => {}
        }
    }
}

/// A dot of a resource: it stands in the resource's file, and `drop` is what the language calls.
fn check_resource<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let Some(Owner::Item(resource)) = dot_hir::receiver_of(db, item) else { return };
    if resource.kind(db) != ItemKind::Resource || crate::lookup::is_imported(db, *resource) {
        return;
    }
    let at = dot_hir::declared_span(db, item);
    let (dot, name) = (item.name(db), resource.name(db));
    if resource.module(db) != item.module(db) {
        let title = format!("the dot `{dot}` belongs to the resource `{name}` of another file");
        let diagnostic = Diagnostic::error(codes::NOT_EXPORTABLE, title, at)
            .with_label(dot_hir::declared_span(db, *resource), "declared here")
            .with_note("A resource goes out with its dots, by the interface of its file. Move the dot there, or make it a `fn`.");
        out.push(diagnostic);
    }
    let signature = fn_signature(db, item);
    let is_plain = signature.params.len() == 1 && signature.params[0].mode == Mode::In;
    let gives = !matches!(signature.ret.kind(db), TyKind::Tuple(parts) if parts.is_empty());
    if dot == "drop" && item.owner(db).is_empty() && (!is_plain || gives) {
        let title = format!("`drop` of the resource `{name}` takes only `self` and gives nothing");
        let diagnostic = Diagnostic::error(codes::NOT_EXPORTABLE, title, at).with_note(format!(
            "It runs when a handle is dropped, where nobody has arguments or waits for a result: `dot drop(self: {name})`."
        ));
        out.push(diagnostic);
    }
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
        Obstacle::OwnResource(item, what) => {
            not_yet(format!("the resource `{}`, {what}, in a dot", item.name(db)))
        }
        Obstacle::OfWorld(item) => error().with_note(format!(
            "`{}` belongs to a world, not to an interface, and only what the world itself exports can show it.",
            item.name(db)
        )),
        Obstacle::Exported(item) => error().with_note(format!(
            "The package exports the interface of `{}` as well. In WIT the name stands for its own resource then, and this is a handle of someone else's.",
            item.name(db)
        )),
    }
}

struct Search<'db> {
    db: &'db dyn Db,
    /// The declared types that what is looked at is part of.
    open: Vec<Ty<'db>>,
    done: FxHashSet<Ty<'db>>,
    /// The package of the dot, and whether the dot goes out by an interface of the package's own.
    package: Package,
    is_own_interface: bool,
}

impl<'db> Search<'db> {
    fn visit(&mut self, ty: Ty<'db>) -> Option<Obstacle<'db>> {
        let parts = match ty.kind(self.db) {
            TyKind::Fn(..) => return Some(Obstacle::Function),
            TyKind::Tuple(parts) => parts.clone(),
            TyKind::List(item)
            | TyKind::FixedList(item, _)
            | TyKind::Option(item)
            | TyKind::Set(item)
            | TyKind::Stream(item)
            | TyKind::Future(item) => vec![*item],
            TyKind::Result(a, b) | TyKind::Map(a, b) => vec![*a, *b],
            TyKind::Adt(item, args) => {
                return self.of_world(*item).or_else(|| self.visit_adt(ty, *item, args));
            }
            TyKind::Handle(item) => return self.of_world(*item).or_else(|| self.exported(*item)),
            _ => return None,
        };
        parts.into_iter().find_map(|part| self.visit(part))
    }

    /// A type of a world in an interface of the package's own.
    fn of_world(&self, item: Item<'db>) -> Option<Obstacle<'db>> {
        let found = self.is_own_interface && dot_hir::wit::is_of_world(self.db, item.module(self.db));
        found.then_some(Obstacle::OfWorld(item))
    }

    fn exported(&self, item: Item<'db>) -> Option<Obstacle<'db>> {
        let exports = dot_hir::wit::exports_of(self.db, self.package);
        let found =
            self.is_own_interface && exports.iter().any(|it| it.id == *item.module(self.db).path(self.db));
        found.then_some(Obstacle::Exported(item))
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
            let what = if !args.is_empty() {
                Some("which has type parameters")
            } else if crate::bounds::is_affine(self.db, ty, &[]) {
                Some("which holds a handle")
            } else {
                None
            };
            return what.map(|what| Obstacle::OwnResource(item, what));
        }
        self.open.push(ty);
        let found = parts_of(self.db, item, args).into_iter().find_map(|part| self.visit(part));
        self.open.pop();
        found
    }
}
