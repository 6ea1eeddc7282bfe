//! Which calls count for the depth: those of functions that can reach themselves.
//!
//! A node of the call graph is an instance. Its edges lead to what it calls by name and to the function values that it
//! makes, as they were lowered: what is optimised away still counts, so that all levels agree. Glue is in between, so
//! that an operation on values leads to the methods that opaque types define for it. The body of a loop over an `each`
//! belongs to the function around the loop, which has the edge, and not to the `each` that calls it.
//!
//! A function of std counts only in a cycle of functions of std: what lies between two calls of a program is no
//! business of the program's. So there are two graphs, of which the second one has std and glue alone.

use crate::ir::{Function, Instance, InstanceKind, Op, Visitor};
use crate::program::Program;
use dot_db::Db;
use dot_eval::components::Components;
use rustc_hash::FxHashSet;

/// What is known of the call graph.
#[derive(Default)]
pub struct Recursion<'db> {
    all: Components<Instance<'db>>,
    of_std: Components<Instance<'db>>,
}

impl<'db> Recursion<'db> {
    /// Whether calls of a function by name count for the depth. Those of glue, of constants and of the bodies of loops
    /// never do.
    pub fn counts(&mut self, db: &'db dyn Db, instance: Instance<'db>) -> bool {
        if !matches!(
            instance.kind(db),
            InstanceKind::Item(_) | InstanceKind::ItemIn(..) | InstanceKind::Copy(..)
        ) {
            return false;
        }
        let edges = |node: &Instance<'db>| crate::queries::callees(db, *node).clone();
        if !is_of_std(db, instance) {
            return self.all.is_cyclic(&instance, edges);
        }
        self.of_std.is_cyclic(&instance, |node| {
            edges(node).into_iter().filter(|callee| is_of_std(db, *callee)).collect()
        })
    }
}

/// Whether it is a function of std, or glue.
fn is_of_std<'db>(db: &'db dyn Db, instance: Instance<'db>) -> bool {
    crate::item_of(db, instance).is_none_or(|item| dot_hir::is_std(db, item.module(db)))
}

/// Where the edges of a function lead, each once.
pub(crate) fn edges<'db>(program: &dyn Program<'db>, function: &Function<'db>) -> Vec<Instance<'db>> {
    let db = program.db();
    let own = visitors(db, function.instance);
    let (mut found, mut seen) = (Vec::new(), FxHashSet::default());
    let mut add = |instance| {
        if seen.insert(instance) {
            found.push(instance);
        }
    };
    for inst in function.blocks.iter().flat_map(|block| &block.insts) {
        let (Op::Call(callee, _) | Op::MakeClosure(callee, _)) = &inst.op else { continue };
        if matches!(callee.kind(db), InstanceKind::Visitor(_)) {
            continue;
        }
        add(*callee);
        // The bodies that are handed over here for the first time.
        for visitor in visitors(db, *callee).into_iter().filter(|visitor| !own.contains(visitor)) {
            add(Instance::new(db, InstanceKind::Visitor(visitor), visitor.around(db).type_args(db).clone()));
        }
    }
    found
}

fn visitors<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Vec<Visitor<'db>> {
    match instance.kind(db) {
        InstanceKind::Copy(_, visitors, _) => visitors.of(db).iter().map(|(_, visitor)| *visitor).collect(),
        _ => Vec::new(),
    }
}
