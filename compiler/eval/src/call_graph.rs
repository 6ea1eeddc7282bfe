//! Which functions can reach themselves.
//!
//! The depth of an evaluation is the number of open calls of functions that lie on a cycle of the call graph,
//! and of all open calls through function values. The graph has an edge from a function to each one that its
//! body, closures included, calls by name. Other calls can't nest deeper than the program is long.
//!
//! Cycles are the strongly connected components (Tarjan, 1972), found on demand from the function that is asked
//! about, with explicit stacks: a chain of calls may be as long as the program.

use crate::program::Program;
use dot_db::Item;
use dot_types::thir::{Callee, ExprKind};
use rustc_hash::FxHashMap;

/// The components found so far.
#[derive(Default)]
pub(crate) struct CallGraph<'db> {
    nodes: FxHashMap<Item<'db>, Node>,
    /// Tarjan's stack: visited, component not complete.
    open: Vec<Item<'db>>,
}

#[derive(Clone, Copy)]
struct Node {
    index: usize,
    low: usize,
    open: bool,
    recursive: bool,
}

/// A function whose callees are being visited.
struct Visit<'db> {
    item: Item<'db>,
    callees: Vec<Item<'db>>,
    next: usize,
}

impl<'db> CallGraph<'db> {
    /// Whether a call of this function can lead to another one of it.
    pub(crate) fn is_recursive(&mut self, program: &dyn Program<'db>, item: Item<'db>) -> bool {
        if !self.nodes.contains_key(&item) {
            self.explore(program, item);
        }
        self.nodes.get(&item).is_some_and(|node| node.recursive)
    }

    fn explore(&mut self, program: &dyn Program<'db>, root: Item<'db>) {
        let mut visits = vec![self.enter(program, root)];
        while let Some(visit) = visits.last_mut() {
            let item = visit.item;
            if let Some(&callee) = visit.callees.get(visit.next) {
                visit.next += 1;
                match self.nodes.get(&callee) {
                    None => {
                        let visit = self.enter(program, callee);
                        visits.push(visit);
                    }
                    Some(node) if node.open => self.lower(item, node.index),
                    Some(_) => {}
                }
            } else {
                let calls_itself = visit.callees.contains(&item);
                visits.pop();
                let low = self.nodes.get(&item).map_or(0, |node| node.low);
                self.close(item, calls_itself);
                if let Some(caller) = visits.last() {
                    self.lower(caller.item, low);
                }
            }
        }
    }

    fn enter(&mut self, program: &dyn Program<'db>, item: Item<'db>) -> Visit<'db> {
        let index = self.nodes.len();
        self.nodes.insert(item, Node { index, low: index, open: true, recursive: false });
        self.open.push(item);
        Visit { item, callees: callees(program, item), next: 0 }
    }

    fn lower(&mut self, item: Item<'db>, low: usize) {
        if let Some(node) = self.nodes.get_mut(&item) {
            node.low = node.low.min(low);
        }
    }

    /// When `item` is the root of a component, takes that component off the stack.
    fn close(&mut self, item: Item<'db>, calls_itself: bool) {
        if self.nodes.get(&item).is_none_or(|node| node.low != node.index) {
            return;
        }
        let start = self.open.iter().rposition(|open| *open == item).unwrap_or(self.open.len());
        let component = self.open.split_off(start);
        let recursive = component.len() > 1 || calls_itself;
        for member in component {
            if let Some(node) = self.nodes.get_mut(&member) {
                node.open = false;
                node.recursive = recursive;
            }
        }
    }
}

fn callees<'db>(program: &dyn Program<'db>, item: Item<'db>) -> Vec<Item<'db>> {
    let Some(body) = program.body(item) else { return Vec::new() };
    let mut callees = Vec::new();
    for expr in &body.exprs {
        if let ExprKind::Call { callee: Callee::Item { item, .. }, .. } = &expr.kind
            && !callees.contains(item)
        {
            callees.push(*item);
        }
    }
    callees
}
