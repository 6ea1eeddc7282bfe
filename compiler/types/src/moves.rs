//! Handles are moved, not copied: `use-after-move`.
//!
//! A value is *affine* if it is a handle or holds one ([`crate::bounds::is_affine`]). Mentioning a local of such a
//! type gives its value away, unless it is only lent: to a parameter that an import declares as `borrow`, or to a
//! match that binds no affine part. This walk follows a typed body in order of evaluation with the set of
//! locals that have been given away. Where ways part, each goes on with a copy; where they meet again, a local is
//! gone if it is gone on either. The body of a loop is walked twice, so that the second turn meets what the
//! first one gave away.

use crate::bounds::is_affine;
use crate::thir::SourceMap;
use crate::thir::{
    Arg, Arm, Body, Callee, Closure, Expr, ExprId, ExprKind, Iter, Local, LocalId, Pattern, Place,
    Projection, Stmt,
};
use crate::walk::{for_each_binding, for_each_child};
use crate::ways::{Known, Walker, Ways};
use crate::{Diagnostics, Generic, Intrinsic, TypedBody, adt};
use dot_db::{Anchor, Db, Diagnostic, Item};
use dot_diagnostics::{Span, codes};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Tells uses of handles that have been given away.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, typed: &mut TypedBody<'db>) {
    let generics = adt::generics(db, item);
    let affine: Vec<bool> =
        typed.body.locals.iter().map(|local| is_affine(db, local.ty, &generics)).collect();
    if !affine.contains(&true) {
        return;
    }
    let lent = crate::implement::lent_params(db, item);
    let params = typed.body.params.iter().zip(lent);
    let lent = params.filter(|(_, is_lent)| *is_lent).map(|(param, _)| param.local).collect();
    let mut walk = Walk {
        db,
        lent,
        item,
        body: &typed.body,
        map: &typed.map,
        generics: &generics,
        affine,
        ways: Ways::new(Gone::default()),
        told: FxHashSet::default(),
        taken: Vec::new(),
        out: Diagnostics::default(),
    };
    walk.give(typed.body.root);
    walk.give_back();
    let (found, taken) = (walk.out, walk.taken);
    typed.diagnostics.extend(found.iter().cloned());
    taken.into_iter().for_each(|id| take_apart(typed, id));
}

/// Makes `p.a`, which gives `p` away for a part of it, what it means: `match p { { a, .. } => a }`.
fn take_apart(typed: &mut TypedBody<'_>, id: ExprId) {
    let ty = typed.body.expr(id).ty;
    let ExprKind::Field { base, index } = typed.body.expr(id).kind else { return };
    let next = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
    let (local, body) = (LocalId(next(typed.body.locals.len())), ExprId(next(typed.body.exprs.len())));
    let range = typed.map.exprs.get(id.0 as usize).copied().unwrap_or_default();
    typed.body.locals.push(Local { name: SmolStr::default(), ty });
    typed.map.locals.push(range);
    typed.body.exprs.push(Expr { kind: ExprKind::Local(local), ty });
    typed.map.exprs.push(range);
    let pattern = Pattern::Fields(vec![(index, Pattern::Bind(local, None))]);
    let arms = vec![Arm { pattern, guard: None, body }];
    typed.body.exprs[id.0 as usize].kind = ExprKind::Match { scrutinee: base, arms };
}

/// The locals that have been given away, and where.
#[derive(Clone, Default)]
struct Gone(BTreeMap<LocalId, ExprId>);

impl Known for Gone {
    fn meet(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

struct Walk<'a, 'db> {
    db: &'db dyn Db,
    item: Item<'db>,
    body: &'a Body<'db>,
    map: &'a SourceMap,
    generics: &'a [Generic],
    affine: Vec<bool>,
    /// Parameters that the caller only lends.
    lent: FxHashSet<LocalId>,
    ways: Ways<Gone>,
    told: FxHashSet<ExprId>,
    /// The parts for which the value that they are part of is given away, each once.
    taken: Vec<ExprId>,
    out: Diagnostics<'db>,
}

impl Walker for Walk<'_, '_> {
    type Known = Gone;

    fn ways(&mut self) -> &mut Ways<Gone> {
        &mut self.ways
    }
}

impl<'db> Walk<'_, 'db> {
    fn span(&self, id: ExprId) -> Span<Anchor<'db>> {
        let range = self.map.exprs.get(id.0 as usize).copied().unwrap_or_default();
        Span::new(Anchor::Item(self.item), range)
    }

    fn is_affine_local(&self, local: LocalId) -> bool {
        self.affine.get(local.0 as usize).copied().unwrap_or(false)
    }

    fn is_affine_expr(&self, id: ExprId) -> bool {
        is_affine(self.db, self.body.expr(id).ty, self.generics)
    }

    /// A use of a local at `at`, which may give it away.
    fn touch(&mut self, local: LocalId, at: ExprId, give: bool) {
        if !self.is_affine_local(local) {
            return;
        }
        let Some(Gone(gone)) = &mut self.ways.now else { return };
        if let Some(moved) = gone.get(&local).copied() {
            if self.told.insert(at) {
                let name = &self.body.local(local).name;
                let title = format!("`{name}` has been given away");
                let moved_at = moved;
                let moved = self.span(moved);
                let diagnostic = Diagnostic::error(codes::USE_AFTER_MOVE, title, self.span(at))
                    .with_label(moved, "it is given away here")
                    .with_note("A handle has one owner: passing it on moves it. It can be used only before.");
                let for_a_part = |id: &ExprId| matches!(self.body.expr(*id).kind, ExprKind::Field { base, .. } if base == moved_at);
                let diagnostic = match self.taken.iter().any(for_a_part) {
                    true => diagnostic.with_note(format!(
                        "A part of `{name}` was given away, and the whole with it. A pattern takes all parts: `let {{ a, b }} = {name}`."
                    )),
                    false => diagnostic,
                };
                self.out.push(diagnostic);
            }
        } else if give {
            if self.lent.contains(&local) {
                return self.tell_lent(local, at);
            }
            gone.insert(local, at);
        }
    }

    fn tell_lent(&mut self, local: LocalId, at: ExprId) {
        if self.told.insert(at) {
            let name = &self.body.local(local).name;
            let title = format!("`{name}` is only lent for the call, and can't be given away");
            let diagnostic = Diagnostic::error(codes::USE_AFTER_MOVE, title, self.span(at)).with_note(
                "The interface says `borrow`: the caller keeps the handle. Its methods can be called, and it can be passed where an import only borrows it.",
            );
            self.out.push(diagnostic);
        }
    }

    fn tell_element(&mut self, at: ExprId) {
        if self.told.insert(at) {
            let title =
                "an element can't be given away by its index: the others would close up, or a gap stay";
            let diagnostic = Diagnostic::error(codes::USE_AFTER_MOVE, title, self.span(at)).with_note(
                "`xs.remove(i)`, `xs.swap_remove(i)` and `xs.pop()` take one out; `for x in xs` takes all.",
            );
            self.out.push(diagnostic);
        }
    }

    /// An expression whose value is only looked at.
    fn lend(&mut self, id: ExprId) {
        match &self.body.expr(id).kind {
            ExprKind::Local(local) => self.touch(*local, id, false),
            ExprKind::Field { base, .. } | ExprKind::Part { base, .. } | ExprKind::FromEnd { base, .. } => {
                self.lend(*base);
            }
            ExprKind::Index { base, index } => {
                self.lend(*base);
                self.give(*index);
            }
            _ => self.give(id),
        }
    }

    fn give_all(&mut self, ids: impl IntoIterator<Item = ExprId>) {
        ids.into_iter().for_each(|id| self.give(id));
    }

    /// An expression whose value is taken.
    fn give(&mut self, id: ExprId) {
        let body = self.body;
        match &body.expr(id).kind {
            ExprKind::Literal(_)
            | ExprKind::Const(_)
            | ExprKind::Flags(_)
            | ExprKind::FnValue { .. }
            | ExprKind::Visitor
            | ExprKind::Error => {}
            ExprKind::Local(local) => self.touch(*local, id, true),
            ExprKind::Block { stmts, tail } => {
                stmts.iter().for_each(|stmt| self.stmt(stmt));
                self.give_all(*tail);
            }
            ExprKind::If { cond, then_branch, else_branch } => {
                self.give(*cond);
                let mut fork = self.ways.fork();
                self.give(*then_branch);
                self.ways.next(&mut fork);
                self.give_all(*else_branch);
                self.ways.join(fork);
            }
            ExprKind::Match { scrutinee, arms } => {
                let binds = arms.iter().any(|arm| self.binds_affine(&arm.pattern));
                self.scrutinee(*scrutinee, binds);
                let mut fork = self.ways.fork();
                for arm in arms {
                    self.bind(&arm.pattern);
                    self.give_all(arm.guard);
                    self.give(arm.body);
                    self.ways.next(&mut fork);
                }
                self.ways.now = None;
                self.ways.join(fork);
            }
            ExprKind::Is { scrutinee, pattern } => {
                let binds = self.binds_affine(pattern);
                self.scrutinee(*scrutinee, binds);
                self.bind(pattern);
            }
            ExprKind::ShortCircuit { left, right, .. } => {
                self.give(*left);
                let mut fork = self.ways.fork();
                self.give(*right);
                self.ways.next(&mut fork);
                self.ways.join(fork);
            }
            ExprKind::While { cond, body } => self.repeat(|walk| {
                walk.give(*cond);
                walk.give(*body);
            }),
            ExprKind::For { pattern, iter, body } => {
                self.iterate(iter);
                self.repeat(|walk| {
                    walk.bind(pattern);
                    walk.give(*body);
                });
            }
            ExprKind::Break => self.ways.leave_loop(false),
            ExprKind::Continue => self.ways.leave_loop(true),
            ExprKind::Return(value) => {
                self.give_all(*value);
                self.give_back();
                self.ways.now = None;
            }
            ExprKind::Trap { message, .. } => {
                self.give(*message);
                self.ways.now = None;
            }
            ExprKind::Field { base, .. } => {
                if !self.is_affine_expr(id) {
                    return self.lend(*base);
                }
                if !self.taken.contains(&id) {
                    self.taken.push(id);
                }
                self.give(*base);
            }
            ExprKind::Part { base, .. } | ExprKind::FromEnd { base, .. } => self.lend(*base),
            ExprKind::Index { base, index } => {
                if self.is_affine_expr(id) {
                    self.tell_element(id);
                }
                self.lend(*base);
                self.give(*index);
            }
            ExprKind::Compare { left, right, .. } => {
                self.lend(*left);
                self.lend(*right);
            }
            ExprKind::Call { callee, args } => self.call(callee, args, id),
            ExprKind::Closure(closure) => self.closure(closure, id),
            other => {
                let mut parts = Vec::new();
                for_each_child(other, &mut |part| parts.push(part));
                self.give_all(parts);
            }
        }
    }

    /// The end of the function: what an `inout` parameter holds goes back to the caller.
    fn give_back(&mut self) {
        let now = self.ways.now.as_ref().filter(|_| !self.ways.in_closure());
        let Some(Gone(gone)) = now else { return };
        let params = self.body.params.iter().filter(|param| param.mode == crate::Mode::InOut);
        let moved: Vec<(LocalId, ExprId)> =
            params.filter_map(|param| Some((param.local, *gone.get(&param.local)?))).collect();
        for (local, at) in moved {
            if self.told.insert(at) {
                let name = &self.body.local(local).name;
                let title = format!("`{name}` is given away, but the caller gets it back");
                let diagnostic = Diagnostic::error(codes::USE_AFTER_MOVE, title, self.span(at))
                    .with_note("When the function ends, the place that was passed as `inout` gets the value it then has. Give it a new one.");
                self.out.push(diagnostic);
            }
        }
    }

    /// What is matched: lent, unless a part of it is taken.
    fn scrutinee(&mut self, id: ExprId, binds: bool) {
        if binds { self.give(id) } else { self.lend(id) }
    }

    fn iterate(&mut self, iter: &Iter) {
        match iter {
            Iter::Range { start, end, .. } => {
                self.give(*start);
                self.give_all(*end);
            }
            Iter::List(id) | Iter::Map(id) | Iter::Set(id) | Iter::Chars(id) | Iter::Each(id) => {
                self.give(*id)
            }
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { pattern, init, otherwise } => {
                let binds = self.binds_affine(pattern);
                self.scrutinee(*init, binds);
                if let Some(otherwise) = otherwise {
                    let before = self.ways.now.clone();
                    self.give(*otherwise);
                    self.ways.now = before;
                }
                self.bind(pattern);
            }
            Stmt::Expr(id) => self.give(*id),
            Stmt::Assign { place, op, value } => {
                self.place_indices(place);
                self.give(*value);
                match &mut self.ways.now {
                    // A variable that is given a new value can be used again.
                    Some(Gone(gone)) if place.path.is_empty() && op.is_none() => {
                        gone.remove(&place.root);
                    }
                    _ => self.touch(place.root, *value, false),
                }
            }
        }
    }

    fn place_indices(&mut self, place: &Place) {
        for step in &place.path {
            match step {
                Projection::Field(_) | Projection::Part { .. } | Projection::FromEnd(_) => {}
                Projection::Index(id) => self.give(*id),
                Projection::Key { key, default } => {
                    self.give(*key);
                    self.give_all(*default);
                }
            }
        }
    }

    fn call(&mut self, callee: &Callee<'db>, args: &[Arg], id: ExprId) {
        let lends: &[bool] = match callee {
            Callee::Item { item, .. } => {
                dot_hir::import_of(self.db, *item).map_or(&[], |import| import.lends.as_slice())
            }
            Callee::Intrinsic { op: Intrinsic::ListLen, .. } => &[true],
            Callee::Intrinsic { .. } => &[],
            Callee::Value(callee) => {
                self.lend(*callee);
                &[]
            }
        };
        for (index, arg) in args.iter().enumerate() {
            match arg {
                Arg::Value(value) if lends.get(index) == Some(&true) => self.lend(*value),
                Arg::Value(value) => self.give(*value),
                Arg::InOut(place) => {
                    self.place_indices(place);
                    self.touch(place.root, id, false);
                }
            }
        }
    }

    fn closure(&mut self, closure: &Closure<'db>, id: ExprId) {
        for (outer, _) in &closure.captures {
            if self.is_affine_local(*outer) && self.told.insert(id) {
                self.tell_capture(*outer, id);
            }
        }
        // What a closure gives away are its own locals; the ways after it don't see them.
        self.apart(|walk| walk.give(closure.body));
    }

    fn tell_capture(&mut self, local: LocalId, closure: ExprId) {
        let name = &self.body.local(local).name;
        let declared = self.map.locals.get(local.0 as usize).copied().unwrap_or_default();
        let title = format!("`{name}` is or holds a handle, so a closure can't capture it");
        let diagnostic = Diagnostic::error(codes::USE_AFTER_MOVE, title, self.span(closure))
            .with_label(Span::new(Anchor::Item(self.item), declared), format!("`{name}` is declared here"))
            .with_note("A closure has copies of what it captures, and a handle has one owner. Pass it as a parameter.");
        self.out.push(diagnostic);
    }

    fn binds_affine(&self, pattern: &Pattern) -> bool {
        let mut binds = false;
        for_each_binding(pattern, &mut |local| binds |= self.is_affine_local(local));
        binds
    }

    /// What a pattern binds has a value again: in a loop, each turn binds anew.
    fn bind(&mut self, pattern: &Pattern) {
        if let Some(Gone(gone)) = &mut self.ways.now {
            for_each_binding(pattern, &mut |local| {
                gone.remove(&local);
            });
        }
    }
}
