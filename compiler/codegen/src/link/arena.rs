//! Whether a module's memory can be an arena that every exported call empties at its end.
//!
//! It can when nothing survives a call and no call needs more memory than one pass through the program text asks for:
//! then freeing in between would gain nothing. So: no resources, and nothing that allocates is reached from a
//! loop or from a function that can reach itself.

use super::{Linker, Target};
use crate::emit::Filler;
use crate::lir::{RuntimeFn, Symbol};

pub(super) fn fits(linker: &Linker<'_, '_>) -> bool {
    let is_handles = |symbol: &Symbol<'_>| {
        matches!(symbol, Symbol::ResourceDrop(_) | Symbol::EndDrop(_) | Symbol::Resource(..))
    };
    let resources = linker.index.keys().any(is_handles);
    // A module that never asks for memory has nothing to forget.
    let asks = linker.index.keys().any(asks_for_memory);
    if resources || !linker.input.resources.is_empty() || !asks {
        return false;
    }
    let graph = super::module::call_graph(linker);
    let is_runtime = runtime_functions(linker, &graph);
    let allocates = reach_back(&graph, &allocators(linker));
    // Functions of the runtime loop as they like; what counts is who calls them.
    let cycles = super::module::in_cycle(&graph);
    linker
        .placed
        .iter()
        .enumerate()
        .all(|(n, placed)| is_runtime[n] || !allocates[n] || !(placed.code.loops || cycles[n]))
}

/// By function: whether it belongs to the runtime.
fn runtime_functions(linker: &Linker<'_, '_>, graph: &[Vec<u32>]) -> Vec<bool> {
    let mut found = vec![false; linker.placed.len()];
    let mut todo: Vec<u32> = Vec::new();
    for (symbol, target) in &linker.index {
        if let (Symbol::Runtime(_), Target::Function(n)) = (symbol, target) {
            todo.push(*n);
        }
    }
    while let Some(n) = todo.pop() {
        if !std::mem::replace(&mut found[n as usize], true) {
            todo.extend(&graph[n as usize]);
        }
    }
    found
}

/// Whether a function is one of the runtime's that give memory, or a host's, which may ask for some.
fn asks_for_memory(symbol: &Symbol<'_>) -> bool {
    match symbol {
        Symbol::Runtime(function) => !matches!(
            function,
            RuntimeFn::Free | RuntimeFn::Release | RuntimeFn::Reset | RuntimeFn::RemF64 | RuntimeFn::WrapF64
        ),
        Symbol::Import(_) | Symbol::CoreImport(_) => true,
        _ => false,
    }
}

/// By function: whether it calls something that allocates.
fn allocators(linker: &Linker<'_, '_>) -> Vec<bool> {
    let calls = |filler: &Filler<'_>| matches!(filler, Filler::Function(symbol) if asks_for_memory(symbol));
    linker.placed.iter().map(|placed| placed.code.holes.iter().any(|hole| calls(&hole.filler))).collect()
}

/// The functions from which one of these can be reached.
fn reach_back(graph: &[Vec<u32>], from: &[bool]) -> Vec<bool> {
    let mut reached = from.to_vec();
    let mut changed = true;
    while changed {
        changed = false;
        for n in (0..graph.len()).rev() {
            if !reached[n] && graph[n].iter().any(|to| reached[*to as usize]) {
                reached[n] = true;
                changed = true;
            }
        }
    }
    reached
}
