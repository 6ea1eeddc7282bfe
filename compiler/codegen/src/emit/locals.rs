//! Which values share a local.
//!
//! Every statement has two places in the order of the code: at the first its operands are read, at the second its
//! results are written. A value's *interval* is the hull of the places where it is alive, jumps that give a
//! block's parameter its value included. Values of one type whose intervals don't meet may share a local; they
//! are visited by their beginnings and take the local that a jump would move them to, if it is free, so that the
//! variable of a loop stays where it is (linear scan: Poletto and Sarkar, 1999).

use super::graph::{Graph, successors};
use super::stack::{Def, Plan, all_at_end};
use crate::lir::told::told_at;
use crate::lir::{End, Func, Inst, Label, Reg, Val};

/// Where values live.
#[derive(Debug)]
pub struct Locals {
    /// By register: its local.
    pub of: Vec<Option<u32>>,
    /// By register: from where to where it is alive.
    intervals: Vec<Option<(u32, u32)>>,
    /// The types of the locals, parameters included.
    pub vals: Vec<Val>,
    /// By label: the place of its first statement.
    starts: Vec<u32>,
}

impl Locals {
    /// Gives every value that needs one a local.
    pub fn new(func: &Func<'_>, graph: &Graph, plan: &Plan) -> Self {
        let order: Vec<Label> =
            graph.emission_order(func).into_iter().map(|n| graph.order[n as usize]).collect();
        let mut finder = Finder {
            func,
            plan,
            intervals: vec![None; func.regs.len()],
            starts: vec![0; func.blocks.len()],
            ends: vec![0; func.blocks.len()],
            home: vec![None; func.regs.len()],
            crossing: vec![Vec::new(); func.regs.len()],
        };
        finder.find(&order);
        let (of, vals) = assign(func, &order, &finder.intervals);
        Self { of, intervals: finder.intervals, vals, starts: finder.starts }
    }

    /// Whether a register's local holds its value when the `n`-th statement of a block runs.
    pub fn holds(&self, reg: Reg, block: Label, n: usize) -> bool {
        let place = self.starts[block.0 as usize] + 2 + 2 * n as u32;
        self.of[reg.0 as usize].is_some()
            && self.intervals[reg.0 as usize].is_some_and(|(from, to)| from <= place && place <= to)
    }
}

struct Finder<'a, 'db> {
    func: &'a Func<'db>,
    plan: &'a Plan,
    intervals: Vec<Option<(u32, u32)>>,
    starts: Vec<u32>,
    /// By label: the place after its last statement, where its jump gives parameters their values.
    ends: Vec<u32>,
    /// By register: the block that defines it.
    home: Vec<Option<Label>>,
    /// By register: the blocks other than that which read it.
    crossing: Vec<Vec<Label>>,
}

impl Finder<'_, '_> {
    fn find(&mut self, order: &[Label]) {
        for label in order {
            for param in &self.func.blocks[label.0 as usize].params {
                self.home[param.0 as usize] = Some(*label);
            }
        }
        for (reg, def) in self.plan.defs.iter().enumerate() {
            if let Def::Inst(label, _) = def {
                self.home[reg] = Some(*label);
            }
        }
        let mut place = 0;
        for label in order {
            self.starts[label.0 as usize] = place;
            place = self.visit(*label, place);
            self.ends[label.0 as usize] = place - 1;
        }
        self.flow(order);
    }

    fn alive(&mut self, reg: Reg, at: u32) {
        let interval = &mut self.intervals[reg.0 as usize];
        *interval = Some(interval.map_or((at, at), |(from, to)| (from.min(at), to.max(at))));
    }

    /// The registers that a statement reads from locals.
    fn reads(&self, args: &[Reg], out: &mut Vec<Reg>) {
        let mut todo = args.to_vec();
        while let Some(reg) = todo.pop() {
            match self.plan.in_place(self.func, reg) {
                Some((label, n)) => {
                    self.needs(&self.func.blocks[label.0 as usize].insts[n as usize], &mut todo);
                }
                None => out.push(reg),
            }
        }
    }

    /// The registers that an instruction uses, and those that a host reads when it has trapped.
    fn needs(&self, inst: &Inst<'_>, out: &mut Vec<Reg>) {
        out.extend(&inst.args);
        out.extend(told_at(self.func, &inst.op));
    }

    fn end_reads(&self, end: &End) -> Vec<Reg> {
        let mut out = Vec::new();
        self.reads(&all_at_end(self.func, end, &self.plan.uses), &mut out);
        out
    }

    fn read(&mut self, label: Label, reg: Reg, at: u32) {
        self.alive(reg, at);
        let crossing = &mut self.crossing[reg.0 as usize];
        if self.home[reg.0 as usize] != Some(label) && crossing.last() != Some(&label) {
            crossing.push(label);
        }
    }

    /// Visits the statements of a block; gives the place after it. The first two places are the block's beginning.
    fn visit(&mut self, label: Label, mut place: u32) -> u32 {
        let func = self.func;
        let block = &func.blocks[label.0 as usize];
        for param in block.params.iter().filter(|param| label.0 == 0 || self.plan.uses[param.0 as usize] > 0)
        {
            self.alive(*param, place);
        }
        place += 2;
        let (mut read, mut needed) = (Vec::new(), Vec::new());
        for n in self.plan.roots[label.0 as usize].clone() {
            let inst = &block.insts[n as usize];
            read.clear();
            needed.clear();
            self.needs(inst, &mut needed);
            self.reads(&needed, &mut read);
            for reg in &read {
                self.read(label, *reg, place);
            }
            for reg in inst
                .results
                .iter()
                .filter(|reg| self.plan.uses[reg.0 as usize] > 0)
                .copied()
                .collect::<Vec<_>>()
            {
                self.alive(reg, place + 1);
            }
            place += 2;
        }
        for reg in self.end_reads(&block.end) {
            self.read(label, reg, place);
        }
        let edges: Vec<Label> = successors(&block.end);
        for to in edges {
            for param in &func.blocks[to.0 as usize].params {
                if self.plan.uses[param.0 as usize] > 0 {
                    self.alive(*param, place + 1);
                }
            }
        }
        place + 2
    }

    /// Follows each register that is read outside its block back to where it is defined: it is alive on the way.
    fn flow(&mut self, order: &[Label]) {
        let mut preds: Vec<Vec<Label>> = vec![Vec::new(); self.func.blocks.len()];
        for label in order {
            for to in successors(&self.func.blocks[label.0 as usize].end) {
                preds[to.0 as usize].push(*label);
            }
        }
        // By label: the last register that was found alive at its beginning.
        let mut seen: Vec<Option<usize>> = vec![None; self.func.blocks.len()];
        for n in 0..self.crossing.len() {
            let (reg, home) = (Reg(n as u32), self.home[n]);
            let mut todo = std::mem::take(&mut self.crossing[n]);
            while let Some(label) = todo.pop() {
                if seen[label.0 as usize] == Some(n) {
                    continue;
                }
                seen[label.0 as usize] = Some(n);
                self.alive(reg, self.starts[label.0 as usize]);
                for pred in &preds[label.0 as usize] {
                    self.alive(reg, self.ends[pred.0 as usize]);
                    if home != Some(*pred) {
                        todo.push(*pred);
                    }
                }
            }
        }
    }
}

/// Gives locals to intervals in the order of their beginnings.
fn assign(
    func: &Func<'_>,
    order: &[Label],
    intervals: &[Option<(u32, u32)>],
) -> (Vec<Option<u32>>, Vec<Val>) {
    let mut of: Vec<Option<u32>> = vec![None; intervals.len()];
    let mut vals: Vec<Val> = Vec::new();
    // Up to where each local is taken; none when it is free from the start.
    let mut taken: Vec<Option<u32>> = Vec::new();
    for param in func.blocks.first().map(|entry| entry.params.as_slice()).unwrap_or_default() {
        of[param.0 as usize] = Some(vals.len() as u32);
        vals.push(func.regs[param.0 as usize]);
        taken.push(intervals[param.0 as usize].map(|(_, to)| to));
    }
    let partners = partners(func, order);
    let mut by_start: Vec<(u32, u32, u32)> = intervals
        .iter()
        .enumerate()
        .filter_map(|(reg, interval)| interval.map(|(from, to)| (from, reg as u32, to)))
        .filter(|(_, reg, _)| of[*reg as usize].is_none())
        .collect();
    by_start.sort_unstable();
    for (from, reg, to) in by_start {
        let val = func.regs[reg as usize];
        let free = |local: usize| vals[local] == val && taken[local].is_none_or(|until| until < from);
        let wished = partners[reg as usize].iter().filter_map(|other| of[other.0 as usize]);
        let mut wished = wished.map(|local| local as usize).filter(|local| free(*local));
        let local =
            wished.next().or_else(|| (0..vals.len()).find(|local| free(*local))).unwrap_or(vals.len());
        if local == vals.len() {
            vals.push(val);
            taken.push(None);
        }
        taken[local] = Some(to);
        of[reg as usize] = Some(local as u32);
    }
    (of, vals)
}

/// By register: those that a jump moves it to or from.
fn partners(func: &Func<'_>, order: &[Label]) -> Vec<Vec<Reg>> {
    let mut partners = vec![Vec::new(); func.regs.len()];
    for label in order {
        let edges = match &func.blocks[label.0 as usize].end {
            End::Jump(edge) => vec![edge],
            End::Branch(_, yes, no) => vec![yes, no],
            _ => Vec::new(),
        };
        for edge in edges {
            for (param, arg) in func.blocks[edge.to.0 as usize].params.iter().zip(&edge.args) {
                partners[param.0 as usize].push(*arg);
                partners[arg.0 as usize].push(*param);
            }
        }
    }
    partners
}
