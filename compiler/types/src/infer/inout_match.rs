//! `match inout place`: names that stand for parts of the place.
//!
//! A name marked `inout` is no variable. It stands for the way from the place to a part of it, its [`Trail`]: wherever
//! the name is used, the part is read or changed where it lies. So nothing has to be written back, however an arm is
//! left. The indices and keys of the place are evaluated once, before the arms are tried.
//!
//! ```text
//! match inout es[i] {                  let t = i
//!   Num(inout n) => n += 1     ─▶      match es[t] { Num(_) => es[t].(Num.0) += 1, … }
//!   Neg => {}
//! }
//! ```
//!
//! While an arm has such a name, its place is used through it alone: [`Infer::check_exclusive`] tells every other use of
//! the place in that arm. Therefore the case that was matched stays the one that is there.

use super::pattern::Binder;
use super::{Infer, Mutability, Typed};
use crate::Bound;
use crate::table::TypeId;
use crate::thir::{ExprId, ExprKind, Literal, LocalId, Place, Projection, Stmt};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body as hir;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// The way from a variable to a part of it.
#[derive(Clone, Debug)]
pub(super) struct Trail {
    root: LocalId,
    /// The name marked `inout` through which the place was reached, inside an arm that has one.
    through: Option<LocalId>,
    /// Each step with the type of what it leads to.
    steps: Vec<(Step, TypeId)>,
}

impl Trail {
    /// Whether two trails surely lead to parts that have nothing in common: to different fields, or to elements that
    /// one pattern told apart by their numbers.
    fn is_apart_from(&self, other: &Trail) -> bool {
        let mut pairs = self.steps.iter().zip(&other.steps);
        let parting = pairs.find_map(|((a, _), (b, _))| match (a, b) {
            (Step::Field(a), Step::Field(b)) => (a != b).then_some(true),
            (Step::Part { case: a, index: m }, Step::Part { case: b, index: n }) => {
                ((a, m) != (b, n)).then_some(true)
            }
            (Step::Nth(a), Step::Nth(b)) => (a != b).then_some(true),
            (Step::FromEnd(a), Step::FromEnd(b)) => (a != b).then_some(true),
            (Step::At(a), Step::At(b)) if a == b => None,
            // A pattern that has both has no element that is both.
            (Step::Nth(_), Step::FromEnd(_)) | (Step::FromEnd(_), Step::Nth(_)) => Some(true),
            _ => Some(false),
        });
        self.root == other.root && parting == Some(true)
    }
}

/// A step into a value.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A field of a record or part of a tuple.
    Field(u32),
    /// A part of a case.
    Part { case: u32, index: u32 },
    /// An element or entry, by a variable that holds its index or key.
    At(LocalId),
    /// An element by its number.
    Nth(usize),
    /// An element counted from the end; 1 is the last.
    FromEnd(u32),
}

/// The names marked `inout`, and where they have been used.
#[derive(Default)]
pub(super) struct InoutNames {
    trails: FxHashMap<LocalId, Trail>,
    /// The mentions of a variable that stand for such a name, and which.
    mentions: FxHashMap<ExprId, LocalId>,
}

impl Binder {
    /// Goes a step further into what is matched.
    pub(super) fn enter(&mut self, step: Step, ty: TypeId) {
        if let Some(trail) = &mut self.trail {
            trail.steps.push((step, ty));
        }
    }

    /// Goes back by a step.
    pub(super) fn leave(&mut self) {
        if let Some(trail) = &mut self.trail {
            trail.steps.pop();
        }
    }
}

impl<'db> Infer<'db> {
    /// The place that is matched: its trail, the statements that come first, and the place as a value.
    pub(super) fn infer_matched_place(
        &mut self,
        scrutinee: hir::ExprId,
    ) -> (Option<Trail>, Vec<Stmt>, Typed) {
        let mut stmts = Vec::new();
        let place = self.infer_place(scrutinee);
        let range = self.range_of(place.id);
        self.require(place.ty, Bound::Data, range, "its parts are changed where they lie");
        let Some(trail) = self.trail_of(place, &mut stmts) else { return (None, stmts, place) };
        let value = self.emit_trail(&trail, range);
        (Some(trail), stmts, value)
    }

    /// Reads a typed expression back as a place whose indices are evaluated first.
    fn trail_of(&mut self, place: Typed, stmts: &mut Vec<Stmt>) -> Option<Trail> {
        let mut chain = vec![place.id];
        while let Some(base) = self.base_of(*chain.last()?) {
            chain.push(base);
        }
        let start = chain.pop()?;
        let defaults: Vec<Option<ExprId>> =
            chain.iter().rev().map(|step| self.index_defaults.get(step).copied()).collect();
        let root = self.place_of(place.id, "changed")?.root;
        let through = self.inout_names.mentions.get(&start).copied();
        // The steps to what a name stands for are known, and their indices evaluated.
        let named = through.and_then(|name| self.inout_names.trails.get(&name));
        let known = named.map_or_else(Vec::new, |named| named.steps.clone());
        let begun = known.len();
        let mut trail = Trail { root, through, steps: known };
        for (step, default) in chain.into_iter().rev().zip(defaults).skip(begun) {
            let (kind, ty) = self.exprs[step.0 as usize].clone();
            let kind = match kind {
                ExprKind::Field { index, .. } => Step::Field(index),
                ExprKind::Part { case, index, .. } => Step::Part { case, index },
                ExprKind::FromEnd { back, .. } => Step::FromEnd(back),
                ExprKind::Index { index, .. } => {
                    let index_ty = self.exprs[index.0 as usize].1;
                    let (held, bind) = self.bind_temporary(Typed { id: index, ty: index_ty });
                    let ExprKind::Local(held) = self.exprs[held.id.0 as usize].0 else { return None };
                    stmts.push(bind);
                    Step::At(held)
                }
                _ => return None,
            };
            trail.steps.push((kind, ty));
            if let Some(default) = default {
                stmts.push(self.fill_entry(&trail, Typed { id: default, ty })?);
            }
        }
        Some(trail)
    }

    /// What an expression takes a part of.
    fn base_of(&self, id: ExprId) -> Option<ExprId> {
        match self.exprs[id.0 as usize].0 {
            ExprKind::Field { base, .. }
            | ExprKind::Part { base, .. }
            | ExprKind::FromEnd { base, .. }
            | ExprKind::Index { base, .. } => Some(base),
            _ => None,
        }
    }

    /// `m[k] = m[k, or: d]`: the entry that a place with a default starts from.
    fn fill_entry(&mut self, trail: &Trail, default: Typed) -> Option<Stmt> {
        let range = self.range_of(default.id);
        let read = self.emit_trail(trail, range);
        self.index_defaults.insert(read.id, default.id);
        let value = self.read_default(read);
        let written = self.emit_trail(trail, range);
        let place = self.place_of(written.id, "changed")?;
        Some(Stmt::Assign { place, op: None, value: value.id })
    }

    /// The expression that a trail leads to, anew.
    fn emit_trail(&mut self, trail: &Trail, range: TextRange) -> Typed {
        let root = self.capture(trail.root);
        let mut typed = self.emit_local(root, range);
        if let Some(name) = trail.through {
            self.inout_names.mentions.insert(typed.id, name);
        }
        for (step, ty) in &trail.steps {
            let base = typed.id;
            let kind = match step {
                Step::Field(index) => ExprKind::Field { base, index: *index },
                Step::Part { case, index } => ExprKind::Part { base, case: *case, index: *index },
                Step::FromEnd(back) => ExprKind::FromEnd { base, back: *back },
                Step::At(held) => {
                    let held = self.capture(*held);
                    ExprKind::Index { base, index: self.emit_local(held, range).id }
                }
                Step::Nth(index) => {
                    let ty = self.table.con(crate::table::Con::Int(crate::IntKind::U32));
                    let number = i128::try_from(*index).unwrap_or_default();
                    let index = self.emit(ExprKind::Literal(Literal::Int(number)), ty, range).id;
                    ExprKind::Index { base, index }
                }
            };
            typed = self.emit(kind, *ty, range);
        }
        typed
    }

    /// Binds a name marked `inout` to the part that the pattern has come to.
    pub(super) fn bind_inout(&mut self, name: LocalId, binder: &Binder, range: TextRange) {
        match &binder.trail {
            Some(trail) => {
                let trail = Trail { through: Some(name), ..trail.clone() };
                self.inout_names.trails.insert(name, trail);
            }
            None if binder.of_no_place => self.locals[name.0 as usize].mutability = Mutability::Var,
            None => {
                self.locals[name.0 as usize].mutability = Mutability::Var;
                let diagnostic = self
                    .error(codes::INOUT_MARK, "`inout` stands for no part of a place here", range)
                    .with_note(
                        "It marks names in the patterns of a `match inout`, but not under `|` or in a string.",
                    );
                self.report(diagnostic);
            }
        }
    }

    /// A use of a local that is marked `inout` in a pattern: of the part that it stands for.
    pub(super) fn use_inout_name(&mut self, local: LocalId, range: TextRange) -> Option<Typed> {
        let trail = self.inout_names.trails.get(&local)?.clone();
        self.locals[local.0 as usize].used = true;
        Some(self.emit_trail(&trail, range))
    }

    /// Tells uses of a matched place in an arm that has names for its parts: of the expressions since `first_expr`, those
    /// that go neither through a name that its pattern binds, one of the locals `bound`, nor through a later one, nor
    /// through one that stands for another part of what is matched further out.
    pub(super) fn check_exclusive(&mut self, trail: &Trail, first_expr: usize, bound: Range<usize>) {
        let names = self.inout_names.trails.keys().copied();
        let Some(name) = names.filter(|name| bound.contains(&(name.0 as usize))).min() else { return };
        let matched = place_of_trail(trail);
        let mut around: FxHashMap<ExprId, ExprId> = FxHashMap::default();
        let ids = (first_expr..self.exprs.len()).filter_map(|id| Some(ExprId(u32::try_from(id).ok()?)));
        for id in ids.clone() {
            if let Some(base) = self.base_of(id) {
                around.insert(base, id);
            }
        }
        let found = ids.filter(|id| {
            let through = self.inout_names.mentions.get(id);
            let own = through.is_some_and(|name| name.0 as usize >= bound.start);
            let other = through.and_then(|name| self.inout_names.trails.get(name));
            !own && !other.is_some_and(|other| other.is_apart_from(trail)) && self.is_mention(*id, trail.root)
        });
        let mut overlapping =
            found.filter(|id| super::place::overlap(&self.place_around(*id, trail.root, &around), &matched));
        if let Some(first) = overlapping.next() {
            let data = &self.locals[name.0 as usize];
            let (name, bound) = (data.name.clone(), data.range);
            let diagnostic = self
                .error(
                    codes::INOUT_OVERLAP,
                    format!("this is used while `{name}` stands for a part of it"),
                    self.range_of(first),
                )
                .with_label(self.span(bound), format!("`{name}` is bound here"))
                .with_note("In an arm with `inout` names, the place that is matched is used through them.");
            self.report(diagnostic);
        }
    }

    /// Whether an expression is a variable, or a closure's copy of it.
    fn is_mention(&self, id: ExprId, root: LocalId) -> bool {
        let ExprKind::Local(mut local) = self.exprs[id.0 as usize].0 else { return false };
        while local != root {
            match self.copy_of.get(&local) {
                Some(outer) => local = *outer,
                None => return false,
            }
        }
        true
    }

    /// The largest place that begins with a mention of a variable.
    fn place_around(&self, id: ExprId, root: LocalId, around: &FxHashMap<ExprId, ExprId>) -> Place {
        let mut path = Vec::new();
        let mut current = id;
        while let Some(outer) = around.get(&current) {
            path.push(match self.exprs[outer.0 as usize].0 {
                ExprKind::Field { index, .. } => Projection::Field(index),
                ExprKind::Part { case, index, .. } => Projection::Part { case, index },
                _ => Projection::FromEnd(1),
            });
            current = *outer;
        }
        Place { root, path }
    }

    /// A binder for a pattern of a `match`, `inout` if it has a trail.
    pub(super) fn check_arm_pattern(
        &mut self,
        pat: hir::PatId,
        ty: TypeId,
        inout: bool,
        trail: Option<Trail>,
    ) -> crate::thir::Pattern {
        // Of what is no place, the names are variables, so that nothing more is told about them.
        let mut binder = Binder::new(Mutability::Fixed);
        binder.of_no_place = inout && trail.is_none();
        binder.trail = trail;
        self.check_and_bind(pat, ty, binder)
    }
}

/// A trail as a place, elements told apart by nothing.
fn place_of_trail(trail: &Trail) -> Place {
    let steps = trail.steps.iter().map(|(step, _)| match step {
        Step::Field(index) => Projection::Field(*index),
        Step::Part { case, index } => Projection::Part { case: *case, index: *index },
        Step::At(_) | Step::Nth(_) | Step::FromEnd(_) => Projection::FromEnd(1),
    });
    Place { root: trail.root, path: steps.collect() }
}
