//! What of a function can be a view, and of what.
//!
//! Each slice and each parameter of a block that a slice flows into is a *candidate*. It has a *root*, the list or
//! string that it is a part of, whichever way control came: the root of a slice is that of its base, the root of a
//! parameter is the one that all its arguments have. Roots are found from the assumption that all candidates have one,
//! as constants are in "Constant Propagation with Conditional Branches" (Wegman and Zadeck, TOPLAS 1991). Those that
//! have none, or for which being a view doesn't pay, are barred, and the search starts anew.
//!
//! Where a view is consumed it has to be copied first. That may happen once for each time that the slice is taken,
//! since the slice would have been a copy; not in a loop around which it was taken.

use super::{Env, is_sequence, keeps_lists, part_of};
use crate::cfg::Cfg;
use crate::ir::{BlockId, Function, Op, Terminator, Value};
use crate::passes::bitset::BitSet;
use crate::passes::uses::{At, Def, Uses};
use rustc_hash::FxHashMap;

/// A view is kept in so many places of a function at most: each gets code that copies it.
const MOST_KEPT: usize = 8;

/// What becomes of a function's slices.
pub(super) struct Plan {
    /// By value: for those that become views, of what they are one in the end.
    pub(super) roots: Vec<Option<Value>>,
}

impl Plan {
    /// Finds all that can be a view. Adds to what is barred.
    pub(super) fn new<'db>(function: &Function<'db>, env: &Env<'_, 'db>, barred: &mut BitSet) -> Self {
        let cfg = Cfg::new(function);
        let uses = Uses::new(function, env);
        let finder =
            Finder { function, env, loops: loops(&cfg), cfg: &cfg, uses: &uses, args: arguments(function) };
        loop {
            let candidates = finder.candidates(barred);
            let (roots, mut bad) = finder.roots(&candidates);
            bad.extend(
                candidates.iter().map(Value).filter(|v| !finder.pays(*v, &finder.kept_at(*v, &candidates))),
            );
            if bad.is_empty() {
                return Self { roots };
            }
            bad.into_iter().for_each(|v| {
                barred.insert(v.0);
            });
        }
    }

    /// Whether nothing becomes a view.
    pub(super) fn is_empty(&self) -> bool {
        self.roots.iter().all(Option::is_none)
    }

    /// Whether a value is a block's parameter that becomes a view.
    pub(super) fn is_param(&self, function: &Function<'_>, value: Value) -> bool {
        let is_view = self.roots.get(value.0 as usize).is_some_and(Option::is_some);
        is_view && function.blocks.iter().any(|block| block.params.contains(&value))
    }
}

/// What is passed for each parameter of a block.
fn arguments(function: &Function<'_>) -> FxHashMap<Value, Vec<Value>> {
    let mut found: FxHashMap<Value, Vec<Value>> = FxHashMap::default();
    for block in &function.blocks {
        block.terminator.for_each_edge(&mut |target, args| {
            for (param, arg) in function.blocks[target.0 as usize].params.iter().zip(args) {
                found.entry(*param).or_default().push(*arg);
            }
        });
    }
    found
}

/// The blocks of each loop, by its head.
fn loops(cfg: &Cfg) -> Vec<(BlockId, BitSet)> {
    let mut found: Vec<(BlockId, BitSet)> = Vec::new();
    for block in &cfg.order {
        let back: Vec<BlockId> =
            cfg.preds[block.0 as usize].iter().copied().filter(|pred| cfg.dominates(*block, *pred)).collect();
        if back.is_empty() {
            continue;
        }
        let mut blocks = BitSet::new(cfg.preds.len());
        blocks.insert(block.0);
        let mut todo = back;
        while let Some(next) = todo.pop() {
            if blocks.insert(next.0) {
                todo.extend(&cfg.preds[next.0 as usize]);
            }
        }
        found.push((*block, blocks));
    }
    found
}

struct Finder<'f, 'a, 'db> {
    function: &'f Function<'db>,
    env: &'f Env<'a, 'db>,
    cfg: &'f Cfg,
    uses: &'f Uses,
    loops: Vec<(BlockId, BitSet)>,
    args: FxHashMap<Value, Vec<Value>>,
}

impl<'db> Finder<'_, '_, 'db> {
    /// The slices, and the parameters that they flow into.
    fn candidates(&self, barred: &BitSet) -> BitSet {
        let mut found = BitSet::new(self.function.values.len());
        for inst in self.function.blocks.iter().flat_map(|block| &block.insts) {
            if part_of(&inst.op).is_some() {
                let free = inst.results.iter().filter(|v| !barred.contains(v.0));
                free.for_each(|v| {
                    found.insert(v.0);
                });
            }
        }
        let mut changed = true;
        while changed {
            changed = false;
            for block in self.function.blocks.iter().skip(1) {
                for param in &block.params {
                    let is_sequence =
                        is_sequence(self.env.program, self.function.values[param.0 as usize].ty);
                    let holds_part =
                        self.args.get(param).is_some_and(|args| args.iter().any(|arg| found.contains(arg.0)));
                    if is_sequence && holds_part && !barred.contains(param.0) {
                        changed |= found.insert(param.0);
                    }
                }
            }
        }
        found
    }

    /// The root of every candidate, and those that have none.
    fn roots(&self, candidates: &BitSet) -> (Vec<Option<Value>>, Vec<Value>) {
        let mut roots: Vec<Option<Value>> = vec![None; self.function.values.len()];
        let mut bad = Vec::new();
        let mut changed = true;
        while changed && bad.is_empty() {
            changed = false;
            for block in &self.cfg.order {
                let data = &self.function.blocks[block.0 as usize];
                for param in data.params.iter().filter(|v| candidates.contains(v.0)) {
                    match self.root_of_arguments(*param, *block, &roots, candidates) {
                        Ok(root) if root != roots[param.0 as usize] => {
                            roots[param.0 as usize] = root;
                            changed = true;
                        }
                        Ok(_) => {}
                        Err(()) => bad.push(*param),
                    }
                }
                for inst in &data.insts {
                    let Some((base, ..)) = part_of(&inst.op) else { continue };
                    for slice in inst.results.iter().filter(|v| candidates.contains(v.0)) {
                        let root = root_of(base, &roots, candidates);
                        changed |= root != roots[slice.0 as usize];
                        roots[slice.0 as usize] = root;
                    }
                }
            }
        }
        // What no path leads to has no root.
        let rootless = candidates.iter().map(Value).filter(|v| roots[v.0 as usize].is_none());
        if bad.is_empty() {
            bad.extend(rootless);
        }
        (roots, bad)
    }

    /// The one root of all arguments as far as they are known; an error if there are several, or it isn't there yet
    /// where the parameter is.
    fn root_of_arguments(
        &self,
        param: Value,
        block: BlockId,
        roots: &[Option<Value>],
        candidates: &BitSet,
    ) -> Result<Option<Value>, ()> {
        let mut found = None;
        for arg in self.args.get(&param).into_iter().flatten() {
            let root = root_of(*arg, roots, candidates);
            match (found, root) {
                (Some(one), Some(other)) if one != other => return Err(()),
                (None, root) => found = root,
                _ => {}
            }
        }
        let there = |root: Value| {
            self.uses.block_of(root).is_some_and(|def| def != block && self.cfg.dominates(def, block))
        };
        match found {
            Some(root) if !there(root) => Err(()),
            _ => Ok(found),
        }
    }

    /// The places where a candidate is kept: consumed, passed as a parameter that is no view, or given to glue that
    /// keeps lists.
    fn kept_at(&self, value: Value, candidates: &BitSet) -> Vec<At> {
        let keeps = |u: &&crate::passes::uses::Use| match self.inst(u.at) {
            Some(Op::Call(callee, _)) => u.consumes || keeps_lists(self.env.program, *callee),
            Some(_) => u.consumes,
            None => u.consumes && !self.only_moves_on(u.at, value, candidates),
        };
        self.uses.uses[value.0 as usize].iter().filter(keeps).map(|u| u.at).collect()
    }

    fn inst(&self, at: At) -> Option<&Op<'db>> {
        self.function.blocks[at.block.0 as usize].insts.get(at.inst).map(|inst| &inst.op)
    }

    /// Whether the end of a block passes a value for nothing but parameters that are views.
    fn only_moves_on(&self, at: At, value: Value, candidates: &BitSet) -> bool {
        let terminator = &self.function.blocks[at.block.0 as usize].terminator;
        if matches!(terminator, Terminator::Return(_)) {
            return false;
        }
        let mut all = true;
        terminator.for_each_edge(&mut |target, args| {
            let params = &self.function.blocks[target.0 as usize].params;
            let passed = params.iter().zip(args).filter(|(_, arg)| **arg == value);
            all &= passed.map(|(param, _)| param).all(|param| candidates.contains(param.0));
        });
        all
    }

    /// Whether being a view saves a copy and adds none.
    fn pays(&self, value: Value, kept: &[At]) -> bool {
        if kept.len() > MOST_KEPT {
            return false;
        }
        let uses = &self.uses.uses[value.0 as usize];
        let is_looked_at = uses.iter().any(|u| !kept.contains(&u.at));
        let Some(def) = self.uses.defs[value.0 as usize] else { return false };
        match def {
            Def::Inst(at) => is_looked_at && self.is_kept_once(at.block, kept),
            Def::Param(block) => {
                let in_its_loop = |at: &At| {
                    self.loops.iter().any(|(head, blocks)| *head == block && blocks.contains(at.block.0))
                };
                !kept.iter().any(in_its_loop) && self.is_kept_once(block, kept)
            }
        }
    }

    /// Whether at most one of these places is come to each time that control has come to `from`.
    fn is_kept_once(&self, from: BlockId, kept: &[At]) -> bool {
        let not_deeper = |at: &At| {
            let around = self.loops.iter().filter(|(_, blocks)| blocks.contains(at.block.0));
            around.into_iter().all(|(_, blocks)| blocks.contains(from.0))
        };
        let apart = |n: usize, at: &At| {
            let others = &kept[n + 1..];
            let one_way = self.reachable(at.block, from);
            others.iter().all(|other| {
                other.block != at.block
                    && !one_way.contains(other.block.0)
                    && !self.reachable(other.block, from).contains(at.block.0)
            })
        };
        kept.iter().all(not_deeper) && kept.iter().enumerate().all(|(n, at)| apart(n, at))
    }

    /// The blocks that control can come to from the end of `from` without passing `stop`.
    fn reachable(&self, from: BlockId, stop: BlockId) -> BitSet {
        let mut seen = BitSet::new(self.function.blocks.len());
        let mut todo = self.cfg.succs[from.0 as usize].clone();
        while let Some(block) = todo.pop() {
            if block != stop && seen.insert(block.0) {
                todo.extend(&self.cfg.succs[block.0 as usize]);
            }
        }
        seen
    }
}

/// The root of any value: for what is no candidate, itself.
fn root_of(value: Value, roots: &[Option<Value>], candidates: &BitSet) -> Option<Value> {
    if candidates.contains(value.0) { roots[value.0 as usize] } else { Some(value) }
}
