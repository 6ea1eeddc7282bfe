//! The control-flow graph of a function: predecessors, reverse postorder, dominators.

use crate::ir::{Block, BlockId, Function};

/// What is known of a function's graph. Made anew after a pass that changes edges.
#[derive(Clone, Debug)]
pub struct Cfg {
    /// The blocks that have an edge to each block, one entry for each edge.
    pub preds: Vec<Vec<BlockId>>,
    /// The blocks each block has an edge to, one entry for each edge.
    pub succs: Vec<Vec<BlockId>>,
    /// The reachable blocks in reverse postorder.
    pub order: Vec<BlockId>,
    /// The place of each block in `order`; none for unreachable ones.
    position: Vec<Option<u32>>,
    /// The immediate dominator of each reachable block; the entry's is itself.
    idom: Vec<Option<BlockId>>,
}

impl Cfg {
    /// The graph of a function.
    #[must_use]
    pub fn new(function: &Function<'_>) -> Self {
        Self::of_blocks(&function.blocks)
    }

    /// The graph of blocks, of which the first is the entry.
    #[must_use]
    pub fn of_blocks(blocks: &[Block<'_>]) -> Self {
        let succs: Vec<Vec<BlockId>> = blocks.iter().map(|block| block.terminator.successors()).collect();
        let order = reverse_postorder(&succs);
        let mut preds = vec![Vec::new(); blocks.len()];
        let mut position = vec![None; blocks.len()];
        for (place, block) in order.iter().enumerate() {
            position[block.0 as usize] = Some(place as u32);
            for succ in &succs[block.0 as usize] {
                preds[succ.0 as usize].push(*block);
            }
        }
        let mut cfg = Self { preds, succs, order, position, idom: vec![None; blocks.len()] };
        cfg.find_dominators();
        cfg
    }

    /// Whether control can come to a block.
    #[must_use]
    pub fn is_reachable(&self, block: BlockId) -> bool {
        self.position[block.0 as usize].is_some()
    }

    /// Whether every path to `b` passes `a`. A block dominates itself.
    #[must_use]
    pub fn dominates(&self, a: BlockId, b: BlockId) -> bool {
        let Some(target) = self.position[a.0 as usize] else { return false };
        let mut block = b;
        loop {
            match self.position[block.0 as usize] {
                Some(place) if place > target => match self.idom[block.0 as usize] {
                    Some(idom) => block = idom,
                    None => return false,
                },
                Some(place) => return place == target,
                None => return false,
            }
        }
    }

    /// An edge into a loop past its head, if there is one. A graph without any is reducible: an edge that leads
    /// backwards leads to a block that every path to its source passes.
    #[must_use]
    pub fn irreducible_edge(&self) -> Option<(BlockId, BlockId)> {
        self.order.iter().find_map(|from| {
            let backwards = |to: &&BlockId| self.position[to.0 as usize] <= self.position[from.0 as usize];
            let into = self.succs[from.0 as usize].iter().filter(backwards);
            into.copied().find(|to| !self.dominates(*to, *from)).map(|to| (*from, to))
        })
    }

    /// Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm" (2001).
    fn find_dominators(&mut self) {
        let Some(entry) = self.order.first().copied() else { return };
        self.idom[entry.0 as usize] = Some(entry);
        let mut changed = true;
        while changed {
            changed = false;
            for index in 1..self.order.len() {
                let block = self.order[index];
                let mut new = None;
                for pred in &self.preds[block.0 as usize] {
                    if self.idom[pred.0 as usize].is_some() {
                        new = Some(new.map_or(*pred, |other| self.intersect(*pred, other)));
                    }
                }
                if self.idom[block.0 as usize] != new {
                    self.idom[block.0 as usize] = new;
                    changed = true;
                }
            }
        }
    }

    fn intersect(&self, mut a: BlockId, mut b: BlockId) -> BlockId {
        while a != b {
            if self.position[a.0 as usize] > self.position[b.0 as usize] {
                a = self.idom[a.0 as usize].unwrap_or(b);
            } else {
                b = self.idom[b.0 as usize].unwrap_or(a);
            }
        }
        a
    }
}

/// Depth first, without recursion: a function may have as many blocks as it likes.
fn reverse_postorder(succs: &[Vec<BlockId>]) -> Vec<BlockId> {
    let mut postorder = Vec::new();
    if succs.is_empty() {
        return postorder;
    }
    let mut seen = vec![false; succs.len()];
    seen[0] = true;
    let mut stack = vec![(BlockId(0), 0)];
    while let Some((block, next)) = stack.last_mut() {
        // The last successor is visited first, so that in reverse the first one comes first.
        let edges = &succs[block.0 as usize];
        match edges.len().checked_sub(*next + 1).map(|index| edges[index]) {
            Some(succ) => {
                *next += 1;
                if !std::mem::replace(&mut seen[succ.0 as usize], true) {
                    stack.push((succ, 0));
                }
            }
            None => {
                postorder.push(*block);
                stack.pop();
            }
        }
    }
    postorder.reverse();
    postorder
}
