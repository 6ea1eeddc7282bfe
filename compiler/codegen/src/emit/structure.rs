//! From a graph of blocks to structured control flow, after Norman Ramsey, "Beyond Relooper: Recursive
//! Translation of Unstructured Control Flow to Structured Control Flow" (ICFP 2022).
//!
//! The code of a block contains the code of all blocks that it dominates. What only it jumps to is put in place;
//! what several of those blocks jump to (a *merge*) follows behind a `block` that encloses them, so that they get
//! there by leaving it; what is jumped back to is a `loop`. For a diamond `a → b, c → d`:
//!
//! ```text
//! block            ;; leaving it leads to d
//!   a  if  b  else  c  end
//! end
//! d
//! ```
//!
//! Where control would fall to the next block anyway, no jump is made; labels that no jump needs are dropped when
//! the result is encoded. The recursion is spelled out as a list of tasks, since a function may be long.

use super::graph::Graph;
use crate::lir::{Edge, End, Func, Label};

/// A construct's name within one function.
pub type Frame = u32;

/// One element of the structured function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `block`
    Block(Frame),
    /// `loop`
    Loop(Frame),
    /// `if`, on the condition that ends this block, or its opposite.
    If(Label, bool),
    /// `else`
    Else,
    /// `end`
    End,
    /// `br`
    Br(Frame),
    /// `br_if`, on the condition that ends this block, or its opposite.
    BrIf(Frame, Label, bool),
    /// `br_table`: the targets, then the default.
    BrTable(Label, Vec<Frame>),
    /// The statements of a block.
    Body(Label),
    /// The moves of one of the edges that leave a block.
    Moves(Label, usize),
    /// What ends this block: a return (explicit, or by reaching the end of the function), a trap.
    Leave(Label, bool),
}

/// Where control goes when it falls off the code being made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fall {
    /// To this block.
    To(u32),
    /// Out of the function.
    Out,
    /// Nobody must fall here.
    Nowhere,
}

enum Task {
    Tree(u32, Fall),
    Body(u32, Fall),
    Emit(Item),
    Jump(u32, usize, Fall),
    Leave,
}

/// Structures a function. `moves` says whether an edge (by block and index) gives values to parameters.
pub fn structure(func: &Func<'_>, graph: &Graph, moves: &dyn Fn(&Edge) -> bool) -> Vec<Item> {
    let mut maker = Maker { func, graph, moves, items: Vec::new(), tasks: Vec::new(), open: 0 };
    maker.tasks.push(Task::Tree(0, Fall::Out));
    while let Some(task) = maker.tasks.pop() {
        match task {
            Task::Tree(n, fall) => maker.tree(n, fall),
            Task::Body(n, fall) => maker.body(n, fall),
            Task::Emit(item) => maker.emit(item),
            Task::Jump(n, edge, fall) => maker.jump(n, edge, fall),
            Task::Leave => maker.emit(Item::End),
        }
    }
    maker.items
}

struct Maker<'a, 'db> {
    func: &'a Func<'db>,
    graph: &'a Graph,
    moves: &'a dyn Fn(&Edge) -> bool,
    items: Vec<Item>,
    tasks: Vec<Task>,
    open: u32,
}

/// The frame whose label leads to the beginning of a block: the loop that it heads when the jump goes back, or
/// the `block` that it follows.
fn frame_of(n: u32, back: bool) -> Frame {
    n * 2 + u32::from(back)
}

impl Maker<'_, '_> {
    fn emit(&mut self, item: Item) {
        match item {
            Item::Block(_) | Item::Loop(_) | Item::If(..) => self.open += 1,
            Item::End => self.open -= 1,
            _ => {}
        }
        self.items.push(item);
    }

    /// The block and all that it dominates.
    fn tree(&mut self, n: u32, fall: Fall) {
        let merges: Vec<u32> = self.graph.children[n as usize]
            .iter()
            .copied()
            .filter(|child| self.graph.is_merge[*child as usize])
            .collect();
        if self.graph.is_loop[n as usize] {
            self.emit(Item::Loop(frame_of(n, true)));
            self.tasks.push(Task::Leave);
        }
        for (index, merge) in merges.iter().enumerate().rev() {
            self.emit(Item::Block(frame_of(*merge, false)));
            let after = merges.get(index + 1).map_or(fall, |next| Fall::To(*next));
            self.tasks.push(Task::Tree(*merge, after));
            self.tasks.push(Task::Leave);
        }
        self.tasks.push(Task::Body(n, merges.first().map_or(fall, |first| Fall::To(*first))));
    }

    fn label(&self, n: u32) -> Label {
        self.graph.order[n as usize]
    }

    /// The block's own statements and its end.
    fn body(&mut self, n: u32, fall: Fall) {
        let label = self.label(n);
        self.emit(Item::Body(label));
        match &self.func.blocks[label.0 as usize].end {
            End::Jump(_) => self.jump(n, 0, fall),
            End::Branch(_, yes, no) => self.branch(n, (yes, no), fall),
            End::Switch(_, targets, default) => {
                let frames = targets.iter().chain([default]).map(|to| self.target(n, *to).0).collect();
                self.emit(Item::BrTable(label, frames));
            }
            End::Return(_) => {
                // Values can be left on the stack only where no construct is open.
                let falls = fall == Fall::Out && (self.func.results.is_empty() || self.open == 0);
                self.emit(Item::Leave(label, !falls));
            }
            End::Trap(_) | End::Unreachable => self.emit(Item::Leave(label, true)),
        }
    }

    /// The frame that leads to a block, its number, and whether its code is put in place instead.
    fn target(&self, from: u32, to: Label) -> (Frame, u32, bool) {
        let to = self.graph.number[to.0 as usize].unwrap_or(0);
        let back = to <= from;
        (frame_of(to, back), to, !back && !self.graph.is_merge[to as usize])
    }

    fn edge(&self, n: u32, index: usize) -> &Edge {
        match &self.func.blocks[self.label(n).0 as usize].end {
            End::Branch(_, _, no) if index == 1 => no,
            End::Branch(_, edge, _) | End::Jump(edge) => edge,
            _ => unreachable!("only jumps and branches have edges"),
        }
    }

    /// Goes along an edge.
    fn jump(&mut self, n: u32, index: usize, fall: Fall) {
        let (frame, to, in_place) = self.target(n, self.edge(n, index).to);
        if (self.moves)(self.edge(n, index)) {
            self.emit(Item::Moves(self.label(n), index));
        }
        if in_place {
            self.tasks.push(Task::Tree(to, fall));
        } else if fall != Fall::To(to) || frame != frame_of(to, false) {
            self.emit(Item::Br(frame));
        }
    }

    fn branch(&mut self, n: u32, (yes, no): (&Edge, &Edge), fall: Fall) {
        let label = self.label(n);
        for (index, edge, other) in [(0, yes, 1), (1, no, 0)] {
            let (frame, to, in_place) = self.target(n, edge.to);
            if in_place || (self.moves)(edge) {
                continue;
            }
            // One side is nothing but a jump.
            let falls = fall == Fall::To(to) && frame == frame_of(to, false);
            let (_, other_to, other_in_place) = self.target(n, self.edge(n, other).to);
            let other_plain = !other_in_place && !(self.moves)(self.edge(n, other));
            let other_falls = other_plain && fall == Fall::To(other_to);
            if falls && other_plain && !other_falls {
                continue;
            }
            if falls {
                self.emit(Item::If(label, index == 0));
                self.tasks.push(Task::Leave);
                self.tasks.push(Task::Jump(n, other, fall));
            } else {
                self.emit(Item::BrIf(frame, label, index == 1));
                self.tasks.push(Task::Jump(n, other, fall));
            }
            return;
        }
        self.emit(Item::If(label, false));
        if self.ends_there(n, 0) {
            self.tasks.push(Task::Jump(n, 1, fall));
            self.tasks.push(Task::Leave);
            self.tasks.push(Task::Jump(n, 0, Fall::Nowhere));
        } else {
            self.tasks.push(Task::Leave);
            self.tasks.push(Task::Jump(n, 1, fall));
            self.tasks.push(Task::Emit(Item::Else));
            self.tasks.push(Task::Jump(n, 0, fall));
        }
    }

    /// Whether an edge leads to code in place that leaves the function at once.
    fn ends_there(&self, n: u32, index: usize) -> bool {
        let to = self.edge(n, index).to;
        let (_, _, in_place) = self.target(n, to);
        let end = &self.func.blocks[to.0 as usize].end;
        in_place && matches!(end, End::Return(_) | End::Trap(_) | End::Unreachable)
    }
}
