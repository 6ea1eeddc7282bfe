//! Which nodes of a graph lie on a cycle: its strongly connected components (Tarjan, 1972).
//!
//! The graph is explored on demand, from the node on that is asked about, and what was found is kept. The stacks are
//! explicit: a path may be as long as the graph is large. Time and memory grow with the nodes and edges reached.

use rustc_hash::FxHashMap;
use std::hash::Hash;

/// The components found so far.
pub struct Components<N> {
    states: FxHashMap<N, State>,
    /// Tarjan's stack: visited, component not complete.
    open: Vec<N>,
}

impl<N> Default for Components<N> {
    fn default() -> Self {
        Self { states: FxHashMap::default(), open: Vec::new() }
    }
}

#[derive(Clone, Copy)]
struct State {
    index: usize,
    low: usize,
    open: bool,
    cyclic: bool,
}

/// A node whose edges are being followed.
struct Visit<N> {
    node: N,
    edges: Vec<N>,
    next: usize,
}

impl<N: Clone + Eq + Hash> Components<N> {
    /// Whether there is a way from a node back to it. `edges` gives where the edges of a node lead, always the same.
    pub fn is_cyclic(&mut self, node: &N, edges: impl Fn(&N) -> Vec<N>) -> bool {
        if !self.states.contains_key(node) {
            self.explore(node.clone(), &edges);
        }
        self.states.get(node).is_some_and(|state| state.cyclic)
    }

    fn explore(&mut self, root: N, edges: &dyn Fn(&N) -> Vec<N>) {
        let mut visits = vec![self.enter(root, edges)];
        while let Some(visit) = visits.last_mut() {
            if let Some(to) = visit.edges.get(visit.next).cloned() {
                visit.next += 1;
                match self.states.get(&to).copied() {
                    None => visits.push(self.enter(to, edges)),
                    Some(state) if state.open => self.lower(&visit.node, state.index),
                    Some(_) => {}
                }
                continue;
            }
            let Some(visit) = visits.pop() else { return };
            let low = self.states.get(&visit.node).map_or(0, |state| state.low);
            self.close(&visit.node, visit.edges.contains(&visit.node));
            if let Some(before) = visits.last() {
                self.lower(&before.node, low);
            }
        }
    }

    fn enter(&mut self, node: N, edges: &dyn Fn(&N) -> Vec<N>) -> Visit<N> {
        let index = self.states.len();
        self.states.insert(node.clone(), State { index, low: index, open: true, cyclic: false });
        self.open.push(node.clone());
        let edges = edges(&node);
        Visit { node, edges, next: 0 }
    }

    fn lower(&mut self, node: &N, low: usize) {
        if let Some(state) = self.states.get_mut(node) {
            state.low = state.low.min(low);
        }
    }

    /// When `node` is the root of a component, takes that component off the stack.
    fn close(&mut self, node: &N, leads_to_itself: bool) {
        if self.states.get(node).is_none_or(|state| state.low != state.index) {
            return;
        }
        let start = self.open.iter().rposition(|open| open == node).unwrap_or(self.open.len());
        let component = self.open.split_off(start);
        let cyclic = component.len() > 1 || leads_to_itself;
        for member in component {
            if let Some(state) = self.states.get_mut(&member) {
                state.open = false;
                state.cyclic = cyclic;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_back_is_cyclic_and_what_leads_there_is_not() {
        // 0 -> 1 -> 2 -> 1, 2 -> 3, 4 -> 4
        let edges = |node: &u32| match node {
            0 => vec![1],
            1 => vec![2],
            2 => vec![3, 1],
            4 => vec![4],
            _ => Vec::new(),
        };
        let mut components = Components::default();
        let found: Vec<bool> = (0..5).map(|node| components.is_cyclic(&node, edges)).collect();
        assert_eq!(found, [false, true, true, false, true]);
    }

    #[test]
    fn a_path_may_be_long() {
        let mut components = Components::default();
        let edges = |node: &u32| if *node < 1_000_000 { vec![node + 1] } else { vec![500_000] };
        assert!(!components.is_cyclic(&0, edges));
        assert!(components.is_cyclic(&700_000, edges));
    }
}
