//! Loops over an `each`: what the loop's body needs where it is called, and how it leaves.
//!
//! The body of `for x in tree { … }` may change variables around the loop, and may leave the loop or the function. It
//! becomes a function of its own, a *visitor*: what it reads is passed to it, what it may change is passed in and
//! given back, and its result says whether to go on. `each` is compiled as a copy for it, as is every function that
//! it is passed on to: there the parameter is gone, a call of it is a call of the visitor, and where that says to leave,
//! the copy returns at once and says so too. So leaving a loop is an ordinary return, which drops what there is to drop.
//!
//! ```text
//! fn each(self: Tree, visit: fn(s64)) {      each<body>(self, captures…, states…) -> result<(), left>, states…
//!   if self is Node(l, k, r) {                 each<body>(l, captures…, states…)   leave if err
//!     l.each(visit)                            body(k, captures…, states…)         leave if err
//!     visit(k)                                 …
//!     r.each(visit)
//!   }
//! }
//! ```
//!
//! What is left with, the *left* type, is an `option` of what the function around the loop returns: `none` for `break`.
//!
//! A closure that captures the parameter and is passed on is a visitor as well: what it captured is passed along, and it
//! leaves as the visitor does that it calls.

use crate::ir::{Instance, InstanceKind, Visitor};
use crate::program::Program;
use crate::repr::lower_ty;
use dot_db::Item;
use dot_types::thir::{Body, Closure, ExprId, ExprKind, Iter, LocalId, Pattern};
use dot_types::walk::free_locals;
use dot_types::{Ty, TyKind};
use rustc_hash::FxHashMap;

/// What a visitor is made from.
pub(crate) enum Code<'b, 'db> {
    /// The body of a loop.
    Loop { pattern: &'b Pattern, body: ExprId, call: ExprId },
    /// A closure.
    Closure(&'b Closure<'db>),
}

/// What a visitor needs of the function around it.
pub(crate) struct Needs<'db> {
    /// The locals that it only reads.
    pub(crate) captures: Vec<LocalId>,
    /// The locals that it may change, and those that hold handles: they are passed in and given back.
    pub(crate) states: Vec<LocalId>,
    /// The visitors of the function around that it calls or passes on, by the locals that stand for them there.
    pub(crate) visitors: Vec<(LocalId, Visitor<'db>)>,
}

/// The item whose body an instance's code is in.
pub(crate) fn item_of<'db>(program: &dyn Program<'db>, instance: Instance<'db>) -> Option<Item<'db>> {
    let db = program.db();
    match instance.kind(db) {
        InstanceKind::Item(item)
        | InstanceKind::Closure(item, _)
        | InstanceKind::Const(item)
        | InstanceKind::Entry(item)
        | InstanceKind::ItemIn(item, _)
        | InstanceKind::ClosureIn(item, ..)
        | InstanceKind::Copy(item, ..) => Some(item),
        InstanceKind::Visitor(visitor) => item_of(program, visitor.around(db)),
        _ => None,
    }
}

/// The code of a visitor, and the body that it is in.
pub(crate) fn code_of<'db>(
    program: &dyn Program<'db>,
    visitor: Visitor<'db>,
) -> Option<(&'db Body<'db>, Code<'db, 'db>)> {
    let db = program.db();
    let body = program.body(item_of(program, visitor.around(db))?)?;
    let code = match &body.expr(visitor.expr(db)).kind {
        ExprKind::For { pattern, iter: Iter::Each(call), body } => {
            Code::Loop { pattern, body: *body, call: *call }
        }
        ExprKind::Closure(closure) => Code::Closure(closure),
        _ => return None,
    };
    Some((body, code))
}

/// The visitors that a function has instead of parameters, by the locals that stand for them.
pub(crate) fn visitors_in<'db>(
    program: &dyn Program<'db>,
    instance: Instance<'db>,
) -> Vec<(LocalId, Visitor<'db>)> {
    let db = program.db();
    match instance.kind(db) {
        InstanceKind::Copy(item, visitors, _) => {
            let Some(body) = program.body(item) else { return Vec::new() };
            let of = visitors.of(db).iter();
            of.filter_map(|(param, visitor)| Some((body.params.get(*param as usize)?.local, *visitor)))
                .collect()
        }
        InstanceKind::Visitor(visitor) => {
            let inner = |local: LocalId| match code_of(program, visitor) {
                Some((_, Code::Closure(closure))) => {
                    closure.captures.iter().find(|(outer, _)| *outer == local).map(|(_, inner)| *inner)
                }
                _ => Some(local),
            };
            let needed = needs(program, visitor).visitors.into_iter();
            needed.filter_map(|(local, visitor)| Some((inner(local)?, visitor))).collect()
        }
        _ => Vec::new(),
    }
}

/// What a visitor needs of the function around it.
pub(crate) fn needs<'db>(program: &dyn Program<'db>, visitor: Visitor<'db>) -> Needs<'db> {
    let db = program.db();
    let around = visitor.around(db);
    let mut needs = Needs { captures: Vec::new(), states: Vec::new(), visitors: Vec::new() };
    let Some((body, code)) = code_of(program, visitor) else { return needs };
    let known = visitors_in(program, around);
    let (mentioned, changed) = match code {
        Code::Loop { pattern, body: root, .. } => {
            let mut bound = Vec::new();
            dot_types::walk::for_each_binding(pattern, &mut |local| bound.push(local));
            let free = free_locals(body, root, &bound);
            (free.mentioned.into_iter().collect(), free.changed)
        }
        Code::Closure(closure) => {
            (closure.captures.iter().map(|(outer, _)| *outer).collect::<Vec<_>>(), Default::default())
        }
    };
    for local in mentioned {
        let ty = lower_ty(program, body.local(local).ty.substitute(db, around.type_args(db)));
        if let Some(known) = known.iter().find(|(other, _)| *other == local) {
            needs.visitors.push(*known);
        } else if changed.contains(&local) || program.has_handles(ty) {
            needs.states.push(local);
        } else {
            needs.captures.push(local);
        }
    }
    needs
}

/// The types of what is passed to a visitor besides its arguments: what it reads.
pub(crate) fn capture_tys<'db>(program: &dyn Program<'db>, visitor: Visitor<'db>) -> Vec<Ty<'db>> {
    let needs = needs(program, visitor);
    let mut tys = local_tys(program, visitor, &needs.captures);
    tys.extend(needs.visitors.iter().flat_map(|(_, inner)| capture_tys(program, *inner)));
    tys
}

/// The types of what is passed to a visitor and given back: what it may change, and after that what the visitors that
/// it calls may change.
pub(crate) fn state_tys<'db>(program: &dyn Program<'db>, visitor: Visitor<'db>) -> Vec<Ty<'db>> {
    let needs = needs(program, visitor);
    let mut tys = local_tys(program, visitor, &needs.states);
    if let Some((_, inner)) = needs.visitors.first() {
        tys.extend(state_tys(program, *inner));
    }
    tys
}

fn local_tys<'db>(program: &dyn Program<'db>, visitor: Visitor<'db>, locals: &[LocalId]) -> Vec<Ty<'db>> {
    let db = program.db();
    let around = visitor.around(db);
    let Some((body, _)) = code_of(program, visitor) else { return Vec::new() };
    let ty = |local: &LocalId| body.local(*local).ty.substitute(db, around.type_args(db));
    locals.iter().map(|local| lower_ty(program, ty(local))).collect()
}

/// What a visitor leaves with.
pub(crate) fn left_ty<'db>(program: &dyn Program<'db>, visitor: Visitor<'db>) -> Ty<'db> {
    let db = program.db();
    match code_of(program, visitor) {
        Some((_, Code::Loop { .. })) => Ty::new(db, TyKind::Option(returned_ty(program, visitor.around(db)))),
        _ => match needs(program, visitor).visitors.first() {
            Some((_, inner)) => left_ty(program, *inner),
            None => Ty::new(db, TyKind::Never),
        },
    }
}

/// What a `return` in an instance's code gives: its value, or for a function that can be left by a visitor, `ok` of its
/// value. A `return` in the body of a loop is one of the function around.
pub(crate) fn returned_ty<'db>(program: &dyn Program<'db>, instance: Instance<'db>) -> Ty<'db> {
    let db = program.db();
    let own = |ty: Ty<'db>| lower_ty(program, ty.substitute(db, instance.type_args(db)));
    let fallible =
        |ok: Ty<'db>, visitor: Visitor<'db>| Ty::new(db, TyKind::Result(own(ok), left_ty(program, visitor)));
    let unit = Ty::unit(db);
    match instance.kind(db) {
        InstanceKind::Copy(item, visitors, _) => match (program.body(item), visitors.of(db).first()) {
            (Some(body), Some((_, visitor))) => fallible(body.ret, *visitor),
            _ => unit,
        },
        InstanceKind::Visitor(visitor) => match code_of(program, visitor) {
            Some((_, Code::Closure(closure))) => fallible(closure.ret, visitor),
            _ => returned_ty(program, visitor.around(db)),
        },
        InstanceKind::Closure(item, expr) | InstanceKind::ClosureIn(item, expr, _) => {
            match program.body(item).map(|body| &body.expr(expr).kind) {
                Some(ExprKind::Closure(closure)) => own(closure.ret),
                _ => unit,
            }
        }
        InstanceKind::Item(item) | InstanceKind::Const(item) | InstanceKind::ItemIn(item, _) => {
            program.body(item).map_or(unit, |body| own(body.ret))
        }
        _ => unit,
    }
}

/// How deep visitors nest at most: what each needs grows with what those around it need.
pub(crate) const DEEPEST: usize = 12;

/// How deep visitors nest in an instance: a body in a body, or a closure that passes one on, in a copy for another.
pub(crate) fn nesting<'db>(program: &dyn Program<'db>, instance: Instance<'db>) -> usize {
    fn depth<'db>(
        db: &'db dyn dot_db::Db,
        instance: Instance<'db>,
        known: &mut FxHashMap<Instance<'db>, usize>,
    ) -> usize {
        if let Some(known) = known.get(&instance) {
            return *known;
        }
        let mut of = |visitor: Visitor<'db>| 1 + depth(db, visitor.around(db), known);
        let found = match instance.kind(db) {
            InstanceKind::Copy(_, visitors, _) => {
                visitors.of(db).iter().map(|(_, visitor)| of(*visitor)).max().unwrap_or(0)
            }
            InstanceKind::Visitor(visitor) => of(visitor),
            _ => 0,
        };
        known.insert(instance, found);
        found
    }
    depth(program.db(), instance, &mut FxHashMap::default())
}
