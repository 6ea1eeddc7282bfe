//! Where function values go: `captured-variable`, and which functions are stored.
//!
//! A closure has copies of what it captures, made when it is evaluated. So it is a mistake to change a variable and
//! then to use a closure that captured it: whoever writes that expects the closure to see the change. And a function
//! that is stored or returned has the effects that the type there says, so those that it has must be known
//! ([`crate::effects`] compares them).
//!
//! Both are questions about which function values a local may hold. This walk follows a typed body in order of
//! evaluation and keeps, for each local, what it [`Held`]: the closures and named functions, and the variables that
//! those captured, with the place where one was changed since. A call may put what it is given into its result and
//! into the places that it changes. Where ways part, each goes on with a copy; where they meet, a local holds what it
//! holds on any of them. The body of a loop is walked twice, so that the second turn meets what the first one left.

use crate::bounds::holds_function;
use crate::effects::said;
use crate::thir::{
    Arg, Callee, Closure, ExprId, ExprKind, Iter, LocalId, Pattern, Place, Projection, SourceMap, Stmt,
};
use crate::walk::{for_each_binding, for_each_child};
use crate::ways::{Known, Walker, Ways};
use crate::{Diagnostics, Generic, Ty, TyKind, TypedBody, adt, thir};
use dot_db::{Anchor, Db, Diagnostic, Item};
use dot_diagnostics::{Span, TextRange, codes};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Where a function value is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub(crate) enum Sink<'db> {
    /// The field of a record, by index.
    Field(Item<'db>, u32),
    /// A part of a case, by the indices of the case and the part.
    Part(Item<'db>, u32, u32),
    /// What the function gives back: its result, or an `inout` parameter.
    Result,
}

/// Where a function value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub(crate) enum Source<'db> {
    /// A closure, which does what is called in its text.
    Closure,
    /// A function that is named.
    Named(Item<'db>),
    /// It was taken out of a field or a result, whose type says what it touches.
    TakenOut,
}

/// A function value that outlives the call that made it, or may.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub(crate) struct Stored<'db> {
    /// What it is.
    pub(crate) source: Source<'db>,
    /// Where it is made.
    pub(crate) range: TextRange,
    /// Where it is put.
    pub(crate) sink: Sink<'db>,
}

/// Tells changes of variables that a closure captured and is used later, and finds the functions that are stored.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, typed: &mut TypedBody<'db>) {
    let makes_functions = typed
        .body
        .exprs
        .iter()
        .any(|expr| matches!(expr.kind, ExprKind::Closure(_) | ExprKind::FnValue { .. }));
    if !makes_functions && typed.reads.is_empty() {
        return;
    }
    let mut walk = Walk {
        db,
        item,
        body: &typed.body,
        map: &typed.map,
        generics: adt::generics(db, item),
        holders: FxHashMap::default(),
        ways: Ways::new(State::default()),
        told: FxHashSet::default(),
        stored: Vec::new(),
        out: Diagnostics::default(),
    };
    let root = walk.value(typed.body.root);
    walk.give_back(root);
    let (stored, found) = (std::mem::take(&mut walk.stored), walk.out);
    typed.stored = stored.into_iter().filter_map(|(id, sink)| stored_function(typed, id, sink)).collect();
    typed.diagnostics.extend(found.iter().cloned());
}

fn stored_function<'db>(typed: &TypedBody<'db>, id: ExprId, sink: Sink<'db>) -> Option<Stored<'db>> {
    let range = *typed.map.exprs.get(id.0 as usize)?;
    let source = match &typed.body.expr(id).kind {
        ExprKind::FnValue { item, .. } => Source::Named(*item),
        ExprKind::Closure(_) => Source::Closure,
        _ => Source::TakenOut,
    };
    Some(Stored { source, range, sink })
}

/// What a value holds.
#[derive(Clone, Debug, Default)]
struct Held {
    /// The closures and named functions.
    functions: BTreeSet<ExprId>,
    /// The variables that closures in it captured, and where one was changed since.
    captured: BTreeMap<LocalId, Option<ExprId>>,
}

impl Held {
    fn add(&mut self, other: &Self) {
        self.functions.extend(&other.functions);
        for (local, changed) in &other.captured {
            let entry = self.captured.entry(*local).or_default();
            *entry = entry.or(*changed);
        }
    }
}

/// What each local holds.
#[derive(Clone, Default)]
struct State(BTreeMap<LocalId, Held>);

impl Known for State {
    fn meet(&mut self, other: Self) {
        for (local, held) in &other.0 {
            self.0.entry(*local).or_default().add(held);
        }
    }
}

struct Walk<'a, 'db> {
    db: &'db dyn Db,
    item: Item<'db>,
    body: &'a thir::Body<'db>,
    map: &'a SourceMap,
    generics: Vec<Generic>,
    /// Which types may hold functions, as far as it has been asked.
    holders: FxHashMap<Ty<'db>, bool>,
    ways: Ways<State>,
    /// The changes that have been told.
    told: FxHashSet<ExprId>,
    stored: Vec<(ExprId, Sink<'db>)>,
    out: Diagnostics<'db>,
}

impl Walker for Walk<'_, '_> {
    type Known = State;

    fn ways(&mut self) -> &mut Ways<State> {
        &mut self.ways
    }
}

impl<'db> Walk<'_, 'db> {
    fn span(&self, id: ExprId) -> Span<Anchor<'db>> {
        let range = self.map.exprs.get(id.0 as usize).copied().unwrap_or_default();
        Span::new(Anchor::Item(self.item), range)
    }

    fn held_by(&self, local: LocalId) -> Option<&Held> {
        self.ways.now.as_ref()?.0.get(&local)
    }

    fn may_hold(&mut self, ty: Ty<'db>) -> bool {
        let (db, generics) = (self.db, &self.generics);
        *self.holders.entry(ty).or_insert_with(|| holds_function(db, ty, generics))
    }

    /// Reads a local.
    fn use_local(&mut self, local: LocalId, at: ExprId) -> Held {
        let held = self.held_by(local).cloned().unwrap_or_default();
        for (variable, changed) in &held.captured {
            if let Some(changed) = changed
                && self.told.insert(*changed)
            {
                self.tell(*variable, *changed, at);
            }
        }
        held
    }

    fn tell(&mut self, variable: LocalId, changed: ExprId, at: ExprId) {
        let name = &self.body.local(variable).name;
        let declared = self.map.locals.get(variable.0 as usize).copied().unwrap_or_default();
        let title = format!("`{name}` is changed, but a closure that captured it is used later");
        let diagnostic = Diagnostic::error(codes::CAPTURED_VARIABLE, title, self.changed_at(changed))
            .with_label(Span::new(Anchor::Item(self.item), declared), format!("`{name}` is declared here"))
            .with_label(self.span(at), "the closure is used here")
            .with_note("A closure has a copy of what it captures, made when it is evaluated: it won't see the change.");
        self.out.push(diagnostic);
    }

    /// The place that is changed, of an assignment by the value that it is given.
    fn changed_at(&self, change: ExprId) -> Span<Anchor<'db>> {
        let places = &self.map.places;
        match places.binary_search_by_key(&change, |(value, _)| *value) {
            Ok(index) => Span::new(Anchor::Item(self.item), places[index].1),
            Err(_) => self.span(change),
        }
    }

    /// Notes that a variable has another value from here on.
    fn change(&mut self, variable: LocalId, at: ExprId) {
        for held in self.ways.now.iter_mut().flat_map(|state| state.0.values_mut()) {
            if let Some(changed) = held.captured.get_mut(&variable) {
                changed.get_or_insert(at);
            }
        }
    }

    fn put(&mut self, local: LocalId, held: &Held) {
        if self.may_hold(self.body.local(local).ty)
            && let Some(State(state)) = &mut self.ways.now
        {
            state.insert(local, held.clone());
        }
    }

    fn add(&mut self, local: LocalId, held: &Held) {
        if self.may_hold(self.body.local(local).ty)
            && let Some(State(state)) = &mut self.ways.now
        {
            state.entry(local).or_default().add(held);
        }
    }

    fn store(&mut self, held: &Held, sink: Sink<'db>) {
        for function in &held.functions {
            if !self.stored.contains(&(*function, sink)) {
                self.stored.push((*function, sink));
            }
        }
    }

    /// The end of the function's body: what its caller gets. A closure answers for what is made in it.
    fn give_back(&mut self, mut held: Held) {
        if self.ways.in_closure() {
            return;
        }
        for param in self.body.params.iter().filter(|param| param.mode == crate::Mode::InOut) {
            if let Some(given) = self.held_by(param.local) {
                held.add(given);
            }
        }
        self.store(&held, Sink::Result);
    }

    fn bind(&mut self, pattern: &Pattern, held: &Held) {
        for_each_binding(pattern, &mut |local| self.put(local, held));
    }

    fn all(&mut self, ids: impl IntoIterator<Item = ExprId>) -> Held {
        let mut held = Held::default();
        for id in ids {
            held.add(&self.value(id));
        }
        held
    }

    /// Evaluates an expression.
    fn value(&mut self, id: ExprId) -> Held {
        let held = crate::stack::ensure(|| self.form(id));
        if self.may_hold(self.body.expr(id).ty) { held } else { Held::default() }
    }

    fn form(&mut self, id: ExprId) -> Held {
        let body = self.body;
        match &body.expr(id).kind {
            ExprKind::Local(local) => self.use_local(*local, id),
            ExprKind::FnValue { .. } => Held { functions: BTreeSet::from([id]), captured: BTreeMap::new() },
            ExprKind::Closure(closure) => self.closure(closure, id),
            ExprKind::Block { stmts, tail } => {
                stmts.iter().for_each(|stmt| self.stmt(stmt));
                self.all(*tail)
            }
            ExprKind::If { cond, then_branch, else_branch } => {
                self.value(*cond);
                let mut fork = self.ways.fork();
                let mut held = self.value(*then_branch);
                self.ways.next(&mut fork);
                held.add(&self.all(*else_branch));
                self.ways.join(fork);
                held
            }
            ExprKind::Match { scrutinee, arms } => self.arms(*scrutinee, arms),
            ExprKind::Is { scrutinee, pattern } => {
                let held = self.value(*scrutinee);
                self.bind(pattern, &held);
                Held::default()
            }
            ExprKind::ShortCircuit { left, right, .. } => {
                self.value(*left);
                let mut fork = self.ways.fork();
                self.value(*right);
                self.ways.next(&mut fork);
                self.ways.join(fork);
                Held::default()
            }
            ExprKind::While { cond, body } => {
                self.repeat(|walk| {
                    walk.value(*cond);
                    walk.value(*body);
                });
                Held::default()
            }
            ExprKind::For { pattern, iter, body } => {
                let held = self.iterate(iter);
                self.repeat(|walk| {
                    walk.bind(pattern, &held);
                    walk.value(*body);
                });
                Held::default()
            }
            form @ (ExprKind::Break | ExprKind::Continue) => {
                self.ways.leave_loop(matches!(form, ExprKind::Continue));
                Held::default()
            }
            ExprKind::Return(value) => {
                let held = self.all(*value);
                self.give_back(held);
                self.ways.now = None;
                Held::default()
            }
            ExprKind::Trap { message, .. } => {
                self.value(*message);
                self.ways.now = None;
                Held::default()
            }
            ExprKind::Field { base, index } => {
                let mut held = self.value(*base);
                if let TyKind::Adt(item, _) = body.expr(*base).ty.kind(self.db)
                    && !said::of_field(self.db, *item, *index).is_empty()
                {
                    held.functions.insert(id);
                }
                held
            }
            ExprKind::Part { base, .. } | ExprKind::FromEnd { base, .. } => self.value(*base),
            ExprKind::Index { base, index } => {
                let held = self.value(*base);
                self.value(*index);
                held
            }
            ExprKind::Record(_) | ExprKind::Case { .. } => self.build(id),
            ExprKind::Call { callee, args } => self.call(callee, args, id),
            other => {
                let mut parts = Vec::new();
                for_each_child(other, &mut |part| parts.push(part));
                self.all(parts)
            }
        }
    }

    fn arms(&mut self, scrutinee: ExprId, arms: &[thir::Arm]) -> Held {
        let matched = self.value(scrutinee);
        let (mut held, mut fork) = (Held::default(), self.ways.fork());
        for arm in arms {
            self.bind(&arm.pattern, &matched);
            self.all(arm.guard);
            held.add(&self.value(arm.body));
            self.ways.next(&mut fork);
        }
        self.ways.now = None;
        self.ways.join(fork);
        held
    }

    /// A record or a case, of whose declaration each part's type says the effects.
    fn build(&mut self, id: ExprId) -> Held {
        let expr = self.body.expr(id);
        let declared = match expr.ty.kind(self.db) {
            TyKind::Adt(item, _) => Some(*item),
            _ => None,
        };
        let (case, parts) = match &expr.kind {
            ExprKind::Record(parts) => (None, parts),
            ExprKind::Case { case, args } => (Some(*case), args),
            _ => return Held::default(),
        };
        let mut held = Held::default();
        for (index, part) in (0..).zip(parts) {
            let given = self.value(*part);
            if let Some(item) = declared {
                self.store(
                    &given,
                    case.map_or(Sink::Field(item, index), |case| Sink::Part(item, case, index)),
                );
            }
            held.add(&given);
        }
        held
    }

    fn closure(&mut self, closure: &Closure<'db>, id: ExprId) -> Held {
        let mut held = Held { functions: BTreeSet::from([id]), captured: BTreeMap::new() };
        for (outer, inner) in &closure.captures {
            let captured = self.use_local(*outer, id);
            held.add(&captured);
            held.captured.entry(*outer).or_default();
            self.put(*inner, &captured);
        }
        self.apart(|walk| {
            walk.value(closure.body);
        });
        held
    }

    fn iterate(&mut self, iter: &Iter) -> Held {
        match iter {
            Iter::Range { start, end, .. } => {
                self.value(*start);
                self.all(*end)
            }
            Iter::List(id) | Iter::Map(id) | Iter::Set(id) | Iter::Chars(id) | Iter::Each(id) => {
                self.value(*id)
            }
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { pattern, init, otherwise } => {
                let held = self.value(*init);
                if let Some(otherwise) = otherwise {
                    let before = self.ways.now.clone();
                    self.value(*otherwise);
                    self.ways.now = before;
                }
                self.bind(pattern, &held);
            }
            Stmt::Expr(id) => {
                self.value(*id);
            }
            Stmt::Assign { place, op, value } => {
                let mut held = self.place(place);
                held.add(&self.value(*value));
                self.change(place.root, *value);
                if place.path.is_empty() && op.is_none() {
                    self.put(place.root, &held);
                } else {
                    self.add(place.root, &held);
                }
            }
        }
    }

    /// The indices and keys of a place; gives what a missing entry starts from.
    fn place(&mut self, place: &Place) -> Held {
        let mut held = Held::default();
        for step in &place.path {
            match step {
                Projection::Field(_) | Projection::Part { .. } | Projection::FromEnd(_) => {}
                Projection::Index(index) => {
                    self.value(*index);
                }
                Projection::Key { key, default } => {
                    self.value(*key);
                    held.add(&self.all(*default));
                }
            }
        }
        held
    }

    fn call(&mut self, callee: &Callee<'db>, args: &[Arg], id: ExprId) -> Held {
        let mut held = match callee {
            Callee::Value(callee) => self.value(*callee),
            Callee::Item { .. } | Callee::Intrinsic { .. } => Held::default(),
        };
        let mut places = Vec::new();
        for arg in args {
            match arg {
                Arg::Value(value) => held.add(&self.value(*value)),
                Arg::InOut(place) => {
                    held.add(&self.place(place));
                    if let Some(given) = self.held_by(place.root) {
                        held.add(given);
                    }
                    places.push(place.root);
                }
            }
        }
        for root in places {
            self.change(root, id);
            self.add(root, &held);
        }
        if let Callee::Item { item, .. } = callee
            && !said::of_result(self.db, *item).is_empty()
        {
            held.functions.insert(id);
        }
        if self.body.expr(id).ty == Ty::new(self.db, TyKind::Never) {
            self.ways.now = None;
        }
        held
    }
}
