//! Which values never see a local.
//!
//! A value that is used once, in the block that defines it, can be computed where it is used and handed over
//! on the operand stack, provided that nothing between the two places minds the change of order. Blocks are
//! read forwards with a list of *pending* trees: expressions that are due, in order, but not computed yet. An
//! instruction takes the trees of its operands off that list; what can't be taken, and what would be passed by
//! something it doesn't commute with, is computed into a local first.

use crate::lir::told::{told_at, told_by};
use crate::lir::{Edge, Effects, End, Func, Inst, Label, Reg};

/// Trees don't nest deeper, so that neither this compiler nor an engine's runs out of stack.
const DEEPEST: u32 = 120;

/// How far back a tree is looked for.
const REACH: usize = 40;

/// Where values are computed.
#[derive(Debug)]
pub struct Plan {
    /// By label: the instructions that are computed as statements, in order.
    pub roots: Vec<Vec<u32>>,
    /// By register: what defines it.
    pub defs: Vec<Def>,
    /// By register: whether it is computed where it is used.
    pub inlined: Vec<bool>,
    /// By register: how often it is used.
    pub uses: Vec<u32>,
}

/// What defines a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Def {
    /// A parameter of a block, or nothing that is reachable.
    Param,
    /// An instruction of a block.
    Inst(Label, u32),
}

impl Plan {
    /// Plans a function of which these blocks are reachable.
    pub fn new(func: &Func<'_>, reachable: &[Label]) -> Self {
        let mut defs = vec![Def::Param; func.regs.len()];
        for label in reachable {
            for (n, inst) in func.blocks[label.0 as usize].insts.iter().enumerate() {
                for reg in &inst.results {
                    defs[reg.0 as usize] = Def::Inst(*label, n as u32);
                }
            }
        }
        let uses = count_uses(func, reachable, &defs);
        let stackable = find_stackable(func, reachable, &defs, &uses);
        let mut plan = Self {
            roots: vec![Vec::new(); func.blocks.len()],
            defs,
            inlined: vec![false; func.regs.len()],
            uses,
        };
        for label in reachable {
            BlockPlanner { func, plan: &mut plan, stackable: &stackable, label: *label, pending: Vec::new() }
                .run();
        }
        plan
    }

    /// The constant or inlined instruction that computes a register in place.
    pub fn in_place(&self, func: &Func<'_>, reg: Reg) -> Option<(Label, u32)> {
        let Def::Inst(label, n) = self.defs[reg.0 as usize] else { return None };
        let inst = &func.blocks[label.0 as usize].insts[n as usize];
        (self.inlined[reg.0 as usize] || inst.op.is_constant()).then_some((label, n))
    }
}

/// The arguments of a jump that go to parameters which somebody uses.
pub fn needed_args(func: &Func<'_>, edge: &Edge, uses: &[u32]) -> Vec<Reg> {
    let params = &func.blocks[edge.to.0 as usize].params;
    let used = |param: &Reg| uses[param.0 as usize] > 0;
    edge.args.iter().zip(params).filter(|(_, param)| used(param)).map(|(arg, _)| *arg).collect()
}

/// The registers that a block's end uses before it goes anywhere, in order.
fn needed_at_end(func: &Func<'_>, end: &End, uses: &[u32]) -> Vec<Reg> {
    match end {
        End::Jump(edge) => needed_args(func, edge, uses),
        End::Branch(on, ..) | End::Switch(on, ..) => vec![*on],
        End::Return(values) => values.clone(),
        End::Trap(_) | End::Unreachable => Vec::new(),
    }
}

/// All registers that a block's end uses.
pub fn all_at_end(func: &Func<'_>, end: &End, uses: &[u32]) -> Vec<Reg> {
    let mut all = needed_at_end(func, end, uses);
    match end {
        End::Branch(_, yes, no) => {
            all.extend(needed_args(func, yes, uses));
            all.extend(needed_args(func, no, uses));
        }
        End::Trap(trap) => all.extend(told_by(func, *trap)),
        _ => {}
    }
    all
}

/// Counts uses by what is needed: an instruction without effects whose results nobody needs uses nothing. Arguments
/// for a block's parameter count only when the parameter is used.
fn count_uses(func: &Func<'_>, reachable: &[Label], defs: &[Def]) -> Vec<u32> {
    let mut uses = vec![0u32; func.regs.len()];
    let mut todo: Vec<Reg> = Vec::new();
    let mut incoming: Vec<Vec<Reg>> = vec![Vec::new(); func.regs.len()];
    for label in reachable {
        let block = &func.blocks[label.0 as usize];
        for inst in block.insts.iter().filter(|inst| !inst.op.effects().removable()) {
            todo.extend(&inst.args);
            // Twice, so that nobody takes them for values that are used once and then gone.
            todo.extend(told_at(func, &inst.op));
            todo.extend(told_at(func, &inst.op));
        }
        let edges = match &block.end {
            End::Jump(edge) => vec![edge],
            End::Branch(cond, yes, no) => {
                todo.push(*cond);
                vec![yes, no]
            }
            End::Switch(on, ..) => {
                todo.push(*on);
                Vec::new()
            }
            End::Return(values) => {
                todo.extend(values);
                Vec::new()
            }
            End::Trap(trap) => {
                todo.extend(told_by(func, *trap));
                todo.extend(told_by(func, *trap));
                Vec::new()
            }
            End::Unreachable => Vec::new(),
        };
        for edge in edges {
            for (param, arg) in func.blocks[edge.to.0 as usize].params.iter().zip(&edge.args) {
                incoming[param.0 as usize].push(*arg);
            }
        }
    }
    while let Some(reg) = todo.pop() {
        let count = &mut uses[reg.0 as usize];
        *count += 1;
        if *count > 1 {
            continue;
        }
        match defs[reg.0 as usize] {
            Def::Param => todo.append(&mut incoming[reg.0 as usize]),
            Def::Inst(label, n) => {
                let inst = &func.blocks[label.0 as usize].insts[n as usize];
                // Of an instruction with several results the operands are used once, however many are needed.
                let first = inst.results.iter().all(|other| *other == reg || uses[other.0 as usize] == 0);
                if inst.op.effects().removable() && first {
                    todo.extend(&inst.args);
                }
            }
        }
    }
    uses
}

/// By register: whether its one use is in its own block, at a place where it can be computed.
fn find_stackable(func: &Func<'_>, reachable: &[Label], defs: &[Def], uses: &[u32]) -> Vec<bool> {
    let mut stackable = vec![false; func.regs.len()];
    for label in reachable {
        let block = &func.blocks[label.0 as usize];
        let here = |reg: &Reg| {
            uses[reg.0 as usize] == 1
                && matches!(defs[reg.0 as usize], Def::Inst(at, n) if at == *label
                    && block.insts[n as usize].results.len() == 1)
        };
        let needed = |inst: &&Inst<'_>| {
            !inst.op.effects().removable() || inst.results.iter().any(|reg| uses[reg.0 as usize] > 0)
        };
        let args = block.insts.iter().filter(needed).flat_map(|inst| &inst.args).copied();
        for reg in args.chain(needed_at_end(func, &block.end, uses)).filter(here) {
            stackable[reg.0 as usize] = true;
        }
    }
    stackable
}

/// An expression that is due but not computed yet.
#[derive(Clone, Copy)]
struct Pending {
    inst: u32,
    reg: Reg,
    effects: Effects,
    height: u32,
}

struct BlockPlanner<'a, 'f, 'db> {
    func: &'f Func<'db>,
    plan: &'a mut Plan,
    stackable: &'a [bool],
    label: Label,
    pending: Vec<Pending>,
}

impl BlockPlanner<'_, '_, '_> {
    fn run(&mut self) {
        let block = &self.func.blocks[self.label.0 as usize];
        for (n, inst) in block.insts.iter().enumerate() {
            let used = inst.results.iter().any(|reg| self.plan.uses[reg.0 as usize] > 0);
            if inst.op.is_constant() || !used && inst.op.effects().removable() {
                continue;
            }
            let (effects, height) = self.take(&inst.args);
            let effects = effects.and(inst.op.effects());
            match inst.results.as_slice() {
                [reg] if self.stackable[reg.0 as usize] && height < DEEPEST => {
                    self.pending.push(Pending { inst: n as u32, reg: *reg, effects, height: height + 1 });
                    if self.pending.len() > REACH {
                        self.compute_first(1);
                    }
                }
                _ => {
                    if let Some(last) = self.pending.iter().rposition(|p| !p.effects.commutes(effects)) {
                        self.compute_first(last + 1);
                    }
                    self.plan.roots[self.label.0 as usize].push(n as u32);
                }
            }
        }
        let in_place = needed_at_end(self.func, &block.end, &self.plan.uses);
        self.take(&in_place);
        self.compute_first(self.pending.len());
    }

    /// Computes the first of the pending trees into locals.
    fn compute_first(&mut self, count: usize) {
        for pending in self.pending.drain(..count) {
            self.plan.roots[self.label.0 as usize].push(pending.inst);
        }
    }

    /// Takes the trees of these operands; those that can't be taken are computed into locals. Gives the effects
    /// of what was taken, and its height.
    fn take(&mut self, args: &[Reg]) -> (Effects, u32) {
        loop {
            match self.try_take(args) {
                Ok(taken) => {
                    let mut all = (Effects::NONE, 0);
                    for index in &taken {
                        let tree = self.pending[*index];
                        all = (all.0.and(tree.effects), all.1.max(tree.height));
                        self.plan.inlined[tree.reg.0 as usize] = true;
                    }
                    let mut index = 0;
                    self.pending.retain(|_| {
                        index += 1;
                        !taken.contains(&(index - 1))
                    });
                    return all;
                }
                Err(obstacle) => self.compute_first(obstacle + 1),
            }
        }
    }

    /// The places in the list of the trees that these operands take, or that of one that can't be taken.
    fn try_take(&self, args: &[Reg]) -> Result<Vec<usize>, usize> {
        let mut taken: Vec<usize> = Vec::new();
        for arg in args.iter().rev().filter(|arg| self.stackable[arg.0 as usize]) {
            let Some(at) = self.pending.iter().rposition(|p| p.reg == *arg) else { continue };
            let tree = self.pending[at].effects;
            let later = (at + 1..self.pending.len()).filter(|other| !taken.contains(other));
            let earlier = taken.iter().copied().filter(|other| *other < at);
            let mut passed = later.chain(earlier);
            if passed.any(|p| !tree.commutes(self.pending[p].effects)) {
                return Err(at);
            }
            taken.push(at);
        }
        Ok(taken)
    }
}
