//! Takes values apart that die where their parts are used.
//!
//! `match list { Cons(x, rest) => Cons(f(x), map(rest, f)) … }` projects `x` and `rest` out of `list`, and nobody
//! needs `list` itself any more. Then the projections become one [`Op::Unpack`], which consumes `list` and gives its
//! parts as owned values: no count of a part is touched where the cell was unique. This is the drop
//! specialisation of Perceus, decided before dups and drops are put in.
//!
//! A projection of `v` is turned into an unpacking when
//!
//! * `v` is owned here, not borrowed from something else;
//! * it pays: a part that holds counts is consumed somewhere, or the cell can be reused (see [`super::reuse`]);
//! * from there on, `v` is used by nothing but projections of the same parts, which then take the results. An
//!   unpacking that lowering put there counts as projections of all parts: so `self.tree = insert(self.tree, key)`
//!   moves the tree out of `self`, gives it to `insert` alone, and puts the result in its place.

use super::lent::edge_consumes;
use super::liveness::{Owner, owners};
use super::uses::{At, Def, Use, Uses};
use super::{Env, reuse};
use crate::cfg::Cfg;
use crate::ir::{BlockId, Function, Inst, Op, Value, ValueData, ValueTy};
use crate::repr::{Shape, lower_ty, shape};
use dot_types::Ty;
use rustc_hash::FxHashMap;

/// Which values are taken apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// All that it pays for.
    All,
    /// Those that are no cells of their own: taking one apart is never work.
    Flat,
}

/// Turns projections into unpackings, following how the function's own parameters are passed.
pub(crate) fn unpack_dying<'db>(function: &mut Function<'db>, env: &Env<'_, 'db>, which: Which) {
    let cfg = Cfg::new(function);
    let uses = Uses::new(function, env);
    let owners = owners(function, env);
    let wanted = wanted(function, env, &uses, &cfg, &owners);
    let rename = (0..function.values.len() as u32).map(Value).collect();
    let removed = function.blocks.iter().map(|block| vec![false; block.insts.len()]).collect();
    let mut pass = Unpacking { function, env, which, cfg: &cfg, uses, owners, wanted, rename, removed };
    for block in &cfg.order {
        for inst in 0..pass.function.blocks[block.0 as usize].insts.len() {
            pass.visit(At { block: *block, inst });
        }
    }
    let Unpacking { rename, removed, .. } = pass;
    for (block, removed) in function.blocks.iter_mut().zip(removed) {
        let mut removed = removed.into_iter();
        block.insts.retain(|_| !removed.next().unwrap_or(false));
        let mut apply = |value: &mut Value| *value = resolve(&rename, *value);
        block.insts.iter_mut().for_each(|inst| inst.op.map_operands(&mut apply));
        block.terminator.map_operands(&mut apply);
    }
}

fn resolve(rename: &[Value], mut value: Value) -> Value {
    while rename[value.0 as usize] != value {
        value = rename[value.0 as usize];
    }
    value
}

/// The base of a projection out of a record, tuple or case, the case it is known to be, and the part.
fn projected(op: &Op<'_>) -> Option<(Value, Option<u32>, u32)> {
    match op {
        Op::Field(base, index) => Some((*base, None, *index)),
        Op::CasePart { base, case, part } => Some((*base, Some(*case), *part)),
        _ => None,
    }
}

/// The same, where an unpacking projects all parts.
fn projected_or_unpacked(op: &Op<'_>) -> Option<(Value, Option<u32>)> {
    match op {
        Op::Unpack { base, case, token: false } => Some((*base, *case)),
        other => projected(other).map(|(base, case, _)| (base, case)),
    }
}

/// The type of a value that owns something.
pub(super) fn counted_ty<'db>(function: &Function<'db>, env: &Env<'_, 'db>, value: Value) -> Option<Ty<'db>> {
    match function.values[value.0 as usize].ty {
        ValueTy::Data(ty) => env.program.has_counts(ty).then_some(ty),
        ValueTy::Token(_) => None,
    }
}

/// For each value, whether owning it pays: it is consumed, a part of it is, or its cell can be reused. What is passed
/// to a block's parameter that is borrowed as well is wanted only if that is.
pub(super) fn wanted<'db>(
    function: &Function<'db>,
    env: &Env<'_, 'db>,
    uses: &Uses,
    cfg: &Cfg,
    owners: &[Owner],
) -> Vec<bool> {
    let makes = reuse::makes(function);
    let on_edge = |at: At| at.inst == function.blocks[at.block.0 as usize].insts.len();
    let returned =
        |at: At| matches!(function.blocks[at.block.0 as usize].terminator, crate::ir::Terminator::Return(_));
    let mut wanted: Vec<bool> = (0..function.values.len() as u32)
        .map(|v| {
            counted_ty(function, env, Value(v)).is_some()
                && uses.uses[v as usize].iter().any(|u| u.consumes && (!on_edge(u.at) || returned(u.at)))
        })
        .collect();
    loop {
        let before = wanted.clone();
        want_what_is_passed(function, env, owners, &mut wanted);
        want_bases(function, env, cfg, &makes, &mut wanted);
        if wanted == before {
            return wanted;
        }
    }
}

fn want_what_is_passed<'db>(
    function: &Function<'db>,
    env: &Env<'_, 'db>,
    owners: &[Owner],
    wanted: &mut [bool],
) {
    for block in &function.blocks {
        block.terminator.for_each_edge(&mut |target, args| {
            for (param, arg) in function.blocks[target.0 as usize].params.iter().zip(args) {
                if (edge_consumes(owners, *param) || wanted[param.0 as usize])
                    && counted_ty(function, env, *arg).is_some()
                {
                    wanted[arg.0 as usize] = true;
                }
            }
        });
    }
}

fn want_bases<'db>(
    function: &Function<'db>,
    env: &Env<'_, 'db>,
    cfg: &Cfg,
    makes: &FxHashMap<Ty<'db>, Vec<At>>,
    wanted: &mut [bool],
) {
    // Definitions come before uses in reverse postorder, so going backwards sees every part before its base.
    for block in cfg.order.iter().rev() {
        for inst in function.blocks[block.0 as usize].insts.iter().rev() {
            let Some((base, _, _)) = projected(&inst.op) else { continue };
            let Some(ty) = counted_ty(function, env, base) else { continue };
            let part_wanted = inst.results.iter().any(|part| wanted[part.0 as usize]);
            let reusable = env.program.is_boxed(ty)
                && makes
                    .get(&ty)
                    .is_some_and(|places| places.iter().any(|place| cfg.dominates(*block, place.block)));
            wanted[base.0 as usize] |= part_wanted || reusable;
        }
    }
}

struct Unpacking<'f, 'a, 'db> {
    function: &'f mut Function<'db>,
    env: &'f Env<'a, 'db>,
    which: Which,
    cfg: &'f Cfg,
    uses: Uses,
    owners: Vec<Owner>,
    wanted: Vec<bool>,
    rename: Vec<Value>,
    removed: Vec<Vec<bool>>,
}

impl<'db> Unpacking<'_, '_, 'db> {
    fn inst(&self, at: At) -> Option<&Inst<'db>> {
        self.function.blocks[at.block.0 as usize].insts.get(at.inst)
    }

    fn visit(&mut self, at: At) {
        if self.removed[at.block.0 as usize][at.inst] {
            return;
        }
        let Some((base, case, _)) = self.inst(at).and_then(|inst| projected(&inst.op)) else { return };
        let base = resolve(&self.rename, base);
        let Some(ty) = counted_ty(self.function, self.env, base) else { return };
        if !self.wanted[base.0 as usize] || !self.is_owned(base) {
            return;
        }
        if self.which == Which::Flat && self.env.program.is_boxed(ty) {
            return;
        }
        let Some(projections) = self.only_projections_after(base, case, at) else { return };
        let parts = match (shape(self.env.program, ty), case) {
            (Shape::Record(parts), None) => parts,
            (Shape::Variant(cases), Some(case)) => match cases.into_iter().nth(case as usize) {
                Some(parts) => parts,
                None => return,
            },
            _ => return,
        };
        self.unpack(at, base, case, &parts, &projections);
    }

    /// Whether this function owns a value, rather than somebody else.
    fn is_owned(&self, value: Value) -> bool {
        match self.uses.defs[value.0 as usize] {
            Some(Def::Param(_)) => self.owners[value.0 as usize] == Owner::Here,
            Some(Def::Inst(at)) => self.inst(at).is_some_and(|inst| !inst.op.is_projection()),
            None => false,
        }
    }

    /// The projections that use `base` from `at` on, if nothing else does.
    fn only_projections_after(&self, base: Value, case: Option<u32>, at: At) -> Option<Vec<At>> {
        let mut projections = Vec::new();
        let mut elsewhere: Vec<Use> = Vec::new();
        for u in &self.uses.uses[base.0 as usize] {
            let later = if u.at.block == at.block {
                u.at.inst >= at.inst
            } else {
                self.cfg.dominates(at.block, u.at.block)
            };
            let same_parts = self.inst(u.at).and_then(|inst| projected_or_unpacked(&inst.op));
            match same_parts {
                Some((_, known)) if later && known == case => projections.push(u.at),
                _ if later => return None,
                _ => elsewhere.push(*u),
            }
        }
        // Unless a loop leads back to it before `base` is defined anew, a use that isn't behind is in front.
        let again = self.reachable_from(at.block, self.uses.block_of(base)?);
        let used_again = |u: &Use| again[u.at.block.0 as usize];
        (!again[at.block.0 as usize] && !elsewhere.iter().any(used_again)).then_some(projections)
    }

    /// The blocks that control can come to from the end of `from`, without passing `stop`.
    fn reachable_from(&self, from: BlockId, stop: BlockId) -> Vec<bool> {
        let mut seen = vec![false; self.function.blocks.len()];
        let mut todo = self.cfg.succs[from.0 as usize].clone();
        while let Some(block) = todo.pop() {
            if block != stop && !std::mem::replace(&mut seen[block.0 as usize], true) {
                todo.extend(&self.cfg.succs[block.0 as usize]);
            }
        }
        seen
    }

    fn unpack(&mut self, at: At, base: Value, case: Option<u32>, parts: &[Ty<'db>], projections: &[At]) {
        let results: Vec<Value> = parts.iter().map(|ty| self.new_value(*ty, at)).collect();
        for place in projections {
            let Some(inst) = self.inst(*place) else { continue };
            let first = projected(&inst.op).map_or(0, |(_, _, part)| part as usize);
            let old = inst.results.clone();
            for (old, new) in old.into_iter().zip(results.iter().skip(first)) {
                self.take_over(old, *new);
            }
            self.removed[place.block.0 as usize][place.inst] = true;
        }
        let inst = &mut self.function.blocks[at.block.0 as usize].insts[at.inst];
        let (op, site) = (Op::Unpack { base, case, token: false }, inst.site);
        *inst = Inst { op, results, site };
        self.removed[at.block.0 as usize][at.inst] = false;
    }

    /// Everybody who uses `old` uses `new` from now on.
    fn take_over(&mut self, old: Value, new: Value) {
        self.rename[old.0 as usize] = new;
        self.wanted[new.0 as usize] |= self.wanted[old.0 as usize];
        let moved = std::mem::take(&mut self.uses.uses[old.0 as usize]);
        self.uses.uses[new.0 as usize].extend(moved);
        let name = self.function.values[old.0 as usize].name.clone();
        let data = &mut self.function.values[new.0 as usize];
        data.name = data.name.take().or(name);
    }

    fn new_value(&mut self, ty: Ty<'db>, at: At) -> Value {
        let ty = ValueTy::Data(lower_ty(self.env.program, ty));
        let value = Value(self.function.values.len() as u32);
        self.function.values.push(ValueData { ty, name: None });
        self.uses.defs.push(Some(Def::Inst(at)));
        self.uses.uses.push(Vec::new());
        self.wanted.push(false);
        self.rename.push(value);
        value
    }
}
