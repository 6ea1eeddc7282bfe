//! The shape of a function's control flow: reverse postorder, dominators, loops, and the order of emission.

use crate::lir::{End, Func, Label};

/// What emission needs to know of the graph. Blocks that nothing reaches have no place in it.
#[derive(Debug)]
pub struct Graph {
    /// The reachable blocks in reverse postorder.
    pub order: Vec<Label>,
    /// By label: the place in `order`, if reachable.
    pub number: Vec<Option<u32>>,
    /// By number: the blocks that this one immediately dominates, ascending.
    pub children: Vec<Vec<u32>>,
    /// By number: whether a later block jumps back here.
    pub is_loop: Vec<bool>,
    /// By number: whether its code must stand behind a label: several jumps come here, or a switch does.
    pub is_merge: Vec<bool>,
}

/// The blocks that may come next.
pub fn successors(end: &End) -> Vec<Label> {
    match end {
        End::Jump(edge) => vec![edge.to],
        End::Branch(_, yes, no) => vec![yes.to, no.to],
        End::Switch(_, targets, default) => targets.iter().copied().chain([*default]).collect(),
        End::Return(_) | End::Trap(_) | End::Unreachable => Vec::new(),
    }
}

impl Graph {
    /// Analyses a function.
    pub fn new(func: &Func<'_>) -> Self {
        let order = reverse_postorder(func);
        let mut number = vec![None; func.blocks.len()];
        for (n, label) in order.iter().enumerate() {
            number[label.0 as usize] = Some(n as u32);
        }
        let count = order.len();
        let mut preds: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut is_loop = vec![false; count];
        let mut is_merge = vec![false; count];
        for (n, label) in order.iter().enumerate() {
            let end = &func.blocks[label.0 as usize].end;
            for to in successors(end) {
                let Some(to) = number[to.0 as usize].map(|n| n as usize) else { continue };
                if to <= n {
                    is_loop[to] = true;
                } else if preds[to].iter().any(|pred| (*pred as usize) < to) {
                    is_merge[to] = true;
                }
                is_merge[to] |= to > n && matches!(end, End::Switch(..));
                preds[to].push(n as u32);
            }
        }
        let idom = dominators(&preds);
        let mut children = vec![Vec::new(); count];
        for n in 1..count {
            children[idom[n] as usize].push(n as u32);
        }
        Self { order, number, children, is_loop, is_merge }
    }

    /// The numbers of the blocks in the order in which their code will stand: each block, then what only it
    /// leads to, then what several of those lead to.
    pub fn emission_order(&self, func: &Func<'_>) -> Vec<u32> {
        let mut todo = vec![0];
        let mut out = Vec::with_capacity(self.order.len());
        while let Some(n) = todo.pop() {
            out.push(n);
            let children = &self.children[n as usize];
            let merges = children.iter().rev().filter(|child| self.is_merge[**child as usize]);
            todo.extend(merges);
            let mut inline: Vec<u32> = Vec::new();
            for to in successors(&func.blocks[self.order[n as usize].0 as usize].end) {
                if let Some(to) = self.number[to.0 as usize]
                    && to > n
                    && !self.is_merge[to as usize]
                    && !inline.contains(&to)
                {
                    inline.push(to);
                }
            }
            todo.extend(inline.into_iter().rev());
        }
        out
    }
}

/// The reachable blocks, each before what it leads to but for jumps back.
fn reverse_postorder(func: &Func<'_>) -> Vec<Label> {
    let mut seen = vec![false; func.blocks.len()];
    let mut postorder = Vec::new();
    let mut todo: Vec<(Label, Vec<Label>)> = Vec::new();
    if let Some(entry) = func.blocks.first() {
        seen[0] = true;
        todo.push((Label(0), successors(&entry.end)));
    }
    while let Some((label, rest)) = todo.last_mut() {
        // The last successor goes first, so that the first one comes next in the reversed order.
        if let Some(next) = rest.pop() {
            if !std::mem::replace(&mut seen[next.0 as usize], true) {
                todo.push((next, successors(&func.blocks[next.0 as usize].end)));
            }
        } else {
            postorder.push(*label);
            todo.pop();
        }
    }
    postorder.reverse();
    postorder
}

/// Immediate dominators by Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
fn dominators(preds: &[Vec<u32>]) -> Vec<u32> {
    const NONE: u32 = u32::MAX;
    let mut idom = vec![NONE; preds.len()];
    if let Some(entry) = idom.first_mut() {
        *entry = 0;
    }
    let mut changed = true;
    while changed {
        changed = false;
        for n in 1..preds.len() {
            let mut new = NONE;
            for pred in preds[n].iter().copied().filter(|pred| idom[*pred as usize] != NONE) {
                new = if new == NONE { pred } else { meet(&idom, new, pred) };
            }
            changed |= std::mem::replace(&mut idom[n], new) != new;
        }
    }
    idom
}

fn meet(idom: &[u32], mut a: u32, mut b: u32) -> u32 {
    while a != b {
        while a > b {
            a = idom[a as usize];
        }
        while b > a {
            b = idom[b as usize];
        }
    }
    a
}
