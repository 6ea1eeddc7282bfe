//! Puts in the dups and drops: from "used any number of times" to "consumed exactly once".
//!
//! Reinking, Xie, de Moura, Leijen: "Perceus: Garbage Free Reference Counting with Reuse" (PLDI 2021), on a
//! control-flow graph instead of a tree:
//!
//! * a position that consumes a value that is still needed afterwards gets a dup of it, and so does one that
//!   consumes a borrowed value;
//! * a value that is needed no more is dropped behind its last use, and on every edge into code that doesn't need it.
//!
//! So memory is freed as soon as possible, and a value that is changed at its last use is changed in place.
//!
//! A borrowed part keeps its base alive. Where the base is consumed while the part is still needed, the part is
//! dup'ed as soon as it is projected ("promoted"), so that the base needn't live longer than its own last use: else
//! `let x = xs[0]; xs.push(1); f(x)` would copy the list.
//!
//! On paths that end in a trap nothing is dropped: after a trap, drops don't run.

use super::Env;
use super::bitset::BitSet;
use super::edges::split_edges;
use super::lent::edge_consumes;
use super::liveness::{Liveness, Owner, owners, through_inst, with_bases};
use super::reuse::reuse_cells;
use super::threads::thread_jumps;
use super::unpack::{Which, unpack_dying};
use super::views::{copy_of, use_views};
use crate::cfg::Cfg;
use crate::ir::{Block, BlockId, Function, Inst, Op, Passing, Terminator, Value, ValueData, ValueTy};
use crate::repr::{Shape, shape};

/// Makes the ownership of an uncounted function explicit.
pub(crate) fn count<'db>(function: &mut Function<'db>, passing: Vec<Passing>, env: &Env<'_, 'db>) {
    function.params = passing;
    split_edges(function);
    use_views(function, env);
    unpack_dying(function, env, Which::All);
    reuse_cells(function, env);
    while promote(function, env) {}
    // A part that was dup'ed for itself may be taken apart in its turn: its own parts move, instead of being dup'ed
    // before the rest is dropped.
    unpack_dying(function, env, Which::Flat);
    insert_counts(function, env);
    function.counted = true;
    thread_jumps(function);
}

/// Promotes every part that is needed while what it is borrowed from is consumed. Says whether there was one.
fn promote<'db>(function: &mut Function<'db>, env: &Env<'_, 'db>) -> bool {
    let promoted = endangered(function, env);
    let any = promoted.iter().next().is_some();
    if any {
        own_promoted(function, env, &promoted);
    }
    any
}

/// The parts that are needed while what they are borrowed from is consumed.
pub(super) fn endangered<'db>(function: &Function<'db>, env: &Env<'_, 'db>) -> BitSet {
    let cfg = Cfg::new(function);
    let owners = owners(function, env);
    let liveness = Liveness::new(function, &cfg, &owners);
    let mut found = BitSet::new(function.values.len());
    for id in &cfg.order {
        let block = &function.blocks[id.0 as usize];
        let mut live = liveness.live_out[id.0 as usize].clone();
        let mut consumed = Vec::new();
        block.terminator.for_each_operand(&mut |v, consumes| {
            if consumes {
                consumed.push(v);
            }
            with_bases(&owners, v, &mut |v| {
                live.insert(v.0);
            });
        });
        note_endangered(&owners, &live, &consumed, &mut found);
        for inst in block.insts.iter().rev() {
            let mut around = live.clone();
            consumed.clear();
            env.for_each_operand(&inst.op, &mut |v, consumes| {
                if consumes {
                    consumed.push(v);
                }
                with_bases(&owners, v, &mut |v| {
                    around.insert(v.0);
                });
            });
            note_endangered(&owners, &around, &consumed, &mut found);
            through_inst(inst, &owners, &mut live);
        }
    }
    found
}

/// Notes the live values that are borrowed from one that is consumed.
fn note_endangered(owners: &[Owner], live: &BitSet, consumed: &[Value], endangered: &mut BitSet) {
    let consumed: Vec<Value> =
        consumed.iter().copied().filter(|v| owners[v.0 as usize] == Owner::Here).collect();
    if consumed.is_empty() {
        return;
    }
    for v in live.iter() {
        if let Owner::Value(base) = owners[v as usize] {
            // Only the part nearest to the consumed value: what hangs on the part is safe with it.
            if consumed.contains(&base) {
                endangered.insert(v);
            }
        }
    }
}

/// Behind each promoted projection, dups it; everybody else uses the dup. A view becomes a copy.
fn own_promoted<'db>(function: &mut Function<'db>, env: &Env<'_, 'db>, promoted: &BitSet) {
    let mut rename: Vec<Value> = (0..function.values.len() as u32).map(Value).collect();
    for inst in function.blocks.iter_mut().flat_map(|block| &mut block.insts) {
        let Some(v) = inst.results.first().copied().filter(|v| promoted.contains(v.0)) else { continue };
        let data = function.values[v.0 as usize].clone();
        match inst.op {
            Op::View { base, start, end, .. } => {
                inst.op = copy_of(env.program, data.ty, (base, start, end));
            }
            _ => {
                rename[v.0 as usize] = Value(function.values.len() as u32);
                function.values.push(data);
            }
        }
    }
    for block in &mut function.blocks {
        let mut insts = Vec::with_capacity(block.insts.len());
        for mut inst in std::mem::take(&mut block.insts) {
            inst.op.map_operands(&mut |v| *v = rename[v.0 as usize]);
            let dup = inst.results.first().copied().filter(|v| rename[v.0 as usize] != *v);
            insts.push(inst);
            insts.extend(dup.map(|v| Inst {
                op: Op::Dup(v),
                results: vec![rename[v.0 as usize]],
                site: None,
            }));
        }
        block.insts = insts;
        block.terminator.map_operands(&mut |v| *v = rename[v.0 as usize]);
    }
}

fn insert_counts<'db>(function: &mut Function<'db>, env: &Env<'_, 'db>) {
    let cfg = Cfg::new(function);
    let owners = owners(function, env);
    let liveness = Liveness::new(function, &cfg, &owners);
    let mut blocks = std::mem::take(&mut function.blocks);
    let params: Vec<Vec<Value>> = blocks.iter().map(|block| block.params.clone()).collect();
    for id in &cfg.order {
        let mut pass = Counting { function, env, owners: &owners, params: &params, reversed: Vec::new() };
        pass.block(&mut blocks, *id, &cfg, &liveness);
    }
    function.blocks = blocks;
}

struct Counting<'f, 'a, 'db> {
    function: &'f mut Function<'db>,
    env: &'f Env<'a, 'db>,
    owners: &'f [Owner],
    /// The parameters of every block.
    params: &'f [Vec<Value>],
    /// The block's new instructions, last one first.
    reversed: Vec<Inst<'db>>,
}

impl<'db> Counting<'_, '_, 'db> {
    fn block(&mut self, blocks: &mut [Block<'db>], id: BlockId, cfg: &Cfg, liveness: &Liveness) {
        let block = &mut blocks[id.0 as usize];
        let mut live = liveness.live_out[id.0 as usize].clone();
        self.terminator(&mut block.terminator, &mut live);
        for inst in std::mem::take(&mut block.insts).into_iter().rev() {
            self.inst(inst, &mut live);
        }
        if !ends_in_trap(block) {
            self.drop_at_start(block, id, cfg, liveness, &live);
        }
        block.insts = std::mem::take(&mut self.reversed);
        block.insts.reverse();
    }

    fn terminator(&mut self, terminator: &mut Terminator<'db>, live: &mut BitSet) {
        let mut consumed = Vec::new();
        let mut used = Vec::new();
        let consumes = self.consumed_by(terminator);
        let mut each = consumes.iter();
        terminator.for_each_operand(&mut |v, _| {
            if each.next() == Some(&true) {
                consumed.push(v);
            }
            with_bases(self.owners, v, &mut |v| used.push(v));
        });
        let dups = self.dups_for(&consumed, &[], live);
        // What is only looked at here, through a part that is dup'ed, dies before control leaves.
        let traps = matches!(terminator, Terminator::Trap { .. });
        for v in &used {
            if self.is_owned(*v) && !consumed.contains(v) && live.insert(v.0) && !traps {
                self.push_drop(*v);
            }
        }
        let mut dups = self.push_dups(dups);
        let mut each = consumes.iter();
        terminator.map_operands(&mut |v| {
            if each.next() == Some(&true)
                && let Some(at) = dups.iter().position(|(of, _)| of == v)
            {
                *v = dups.remove(at).1;
            }
        });
        for v in used {
            live.insert(v.0);
        }
    }

    /// Whether each operand of a terminator is consumed.
    fn consumed_by(&self, terminator: &Terminator<'db>) -> Vec<bool> {
        let mut consumes = Vec::new();
        terminator.for_each_operand(&mut |_, c| consumes.push(c));
        // Those that edges pass come last.
        let mut on_edges = Vec::new();
        terminator.for_each_edge(&mut |target, args| {
            let params = &self.params[target.0 as usize];
            on_edges.extend(params.iter().zip(args).map(|(param, _)| edge_consumes(self.owners, *param)));
        });
        consumes.truncate(consumes.len().saturating_sub(on_edges.len()));
        consumes.extend(on_edges);
        consumes
    }

    fn inst(&mut self, mut inst: Inst<'db>, live: &mut BitSet) {
        for result in &inst.results {
            if self.is_owned(*result) && !live.remove(result.0) {
                self.push_drop(*result);
            }
            live.remove(result.0);
        }
        let (mut consumed, mut borrowed, mut used) = (Vec::new(), Vec::new(), Vec::new());
        self.env.for_each_operand(&inst.op, &mut |v, consumes| {
            if consumes {
                consumed.push(v);
            } else {
                borrowed.push(v);
            }
            with_bases(self.owners, v, &mut |v| used.push(v));
        });
        let dups = self.dups_for(&consumed, &borrowed, live);
        for v in &used {
            let goes_here = consumed.contains(v) && !borrowed.contains(v);
            if self.is_owned(*v) && !goes_here && live.insert(v.0) {
                self.push_drop(*v);
            }
        }
        let site = inst.site;
        let (dups, renamed) = self.new_dups(dups);
        let mut renamed = renamed;
        // A position that consumes takes the dup; one that borrows keeps the value itself.
        let mut consumes = Vec::new();
        self.env.for_each_operand(&inst.op, &mut |_, c| consumes.push(c));
        let mut consumes = consumes.into_iter();
        inst.op.map_operands(&mut |v| {
            let consumes = consumes.next().unwrap_or(false);
            if let Some(at) = renamed.iter().position(|(of, _)| consumes && of == v) {
                *v = renamed.remove(at).1;
            }
        });
        inst.site = site;
        self.reversed.push(inst);
        self.reversed.extend(dups);
        for v in used {
            live.insert(v.0);
        }
    }

    fn is_owned(&self, value: Value) -> bool {
        self.owners[value.0 as usize] == Owner::Here
    }

    /// What has to be dup'ed so that these can be consumed: every occurrence, but for one of a value that is owned,
    /// not needed afterwards, and not also looked at.
    fn dups_for(&self, consumed: &[Value], borrowed: &[Value], live: &BitSet) -> Vec<Value> {
        let mut dups = Vec::new();
        for (n, v) in consumed.iter().enumerate() {
            let spare = match self.owners[v.0 as usize] {
                Owner::Nobody => continue,
                Owner::Here => {
                    let last = !consumed[n + 1..].contains(v);
                    last && !live.contains(v.0) && !borrowed.contains(v)
                }
                Owner::Value(_) | Owner::Caller => false,
            };
            if !spare {
                dups.push(*v);
            }
        }
        dups
    }

    fn new_dups(&mut self, of: Vec<Value>) -> (Vec<Inst<'db>>, Vec<(Value, Value)>) {
        let mut insts = Vec::new();
        let mut renamed = Vec::new();
        for v in of {
            let copy = Value(self.function.values.len() as u32);
            let data = ValueData { ty: self.function.values[v.0 as usize].ty, name: None };
            self.function.values.push(data);
            insts.push(Inst { op: Op::Dup(v), results: vec![copy], site: None });
            renamed.push((v, copy));
        }
        insts.reverse();
        (insts, renamed)
    }

    fn push_dups(&mut self, of: Vec<Value>) -> Vec<(Value, Value)> {
        let (insts, renamed) = self.new_dups(of);
        self.reversed.extend(insts);
        renamed
    }

    fn drop_op(&self, value: Value) -> Op<'db> {
        match self.function.values[value.0 as usize].ty {
            ValueTy::Token(_) => Op::DropToken(value),
            ValueTy::Data(ty) if shape(self.env.program, ty) == Shape::Handle => Op::DropHandle(value),
            ValueTy::Data(_) => Op::Drop(value),
        }
    }

    fn push_drop(&mut self, value: Value) {
        let op = self.drop_op(value);
        self.reversed.push(Inst { op, results: Vec::new(), site: None });
    }

    /// Drops what comes in and isn't needed: parameters, and what only another successor of a predecessor needs.
    fn drop_at_start(
        &mut self,
        block: &Block<'db>,
        id: BlockId,
        cfg: &Cfg,
        liveness: &Liveness,
        live: &BitSet,
    ) {
        let mut dead: Vec<Value> =
            block.params.iter().copied().filter(|v| self.is_owned(*v) && !live.contains(v.0)).collect();
        if let [pred] = cfg.preds[id.0 as usize].as_slice() {
            let from_pred = liveness.live_out[pred.0 as usize].iter().map(Value);
            dead.extend(from_pred.filter(|v| self.is_owned(*v) && !live.contains(v.0)));
        }
        for v in dead.into_iter().rev() {
            self.push_drop(v);
        }
    }
}

/// Whether control never leaves a block: then drops don't run.
fn ends_in_trap(block: &Block<'_>) -> bool {
    matches!(block.terminator, Terminator::Trap { .. } | Terminator::Unreachable)
}
