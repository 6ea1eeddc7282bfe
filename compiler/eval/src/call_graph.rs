//! Which functions can reach themselves.
//!
//! The depth of an evaluation is the number of open calls of functions that lie on a cycle of the call graph,
//! and of all open calls through function values. A node of the graph is a function with its type arguments; its edges
//! lead to what its body, closures included, calls by name or takes as a value, and to the methods that opaque types
//! define for what it does with their values. Other calls can't nest deeper than the program is long.
//!
//! What std does between two calls of a program is no business of the program's: a function of std counts only in a cycle
//! of functions of std. So there are two graphs, of which the second one has std alone.
//!
//! The graph is looked at on demand, from the function on that is asked about.

mod callees;

use crate::components::Components;
use crate::program::Program;
use dot_db::Item;
use dot_types::Ty;
use std::sync::Arc;

/// A function with its type arguments.
pub(crate) type Node<'db> = (Item<'db>, Arc<[Ty<'db>]>);

/// The components found so far.
#[derive(Default)]
pub(crate) struct CallGraph<'db> {
    all: Components<Node<'db>>,
    of_std: Components<Node<'db>>,
}

impl<'db> CallGraph<'db> {
    /// Whether a call of this function can lead to another one of it.
    pub(crate) fn is_recursive(&mut self, program: &dyn Program<'db>, node: &Node<'db>) -> bool {
        if is_std(program, node.0) {
            let callees = |node: &Node<'db>| {
                let all = callees::callees(program, node);
                all.into_iter().filter(|callee| is_std(program, callee.0)).collect()
            };
            self.of_std.is_cyclic(node, callees)
        } else {
            self.all.is_cyclic(node, |node| callees::callees(program, node))
        }
    }
}

fn is_std<'db>(program: &dyn Program<'db>, item: Item<'db>) -> bool {
    dot_hir::is_std(program.db(), item.module(program.db()))
}
