//! Walks over a value, or over two side by side, for the operations that look at all of it: equality, order, hash,
//! printing, encoding.
//!
//! An [`Operation`] says what is done at each place of a value; the walk says where to go next. Parts of types that
//! can't nest without bound are left to the operation as a whole, which calls their glue.
//!
//! # Deep values
//!
//! A value of a type that contains itself nests as deep as a program likes; the machine's stack doesn't. So the glue
//! of such a type never calls itself. Of the types that contain each other (a *cycle*), each gets a place in one
//! function, where the walk of a value of that type begins:
//!
//! ```text
//! variant Tree { Leaf, Node(left: Tree, key: string, right: Tree) }
//!
//! enter Tree:   case Leaf: go to `next`
//!               case Node: put this node on the list of saved ones, `after left` on the list of what waits,
//!                          and enter Tree with `left`
//! after left:   take the node from the list; do what is done with `key`; enter Tree with `right`
//! next:         nothing waits: done. Else take the last that waits, and go there.
//! ```
//!
//! The last part is entered without anything saved, unless the operation has to do something behind it; so a chain is
//! walked by a plain loop. What is saved stands in lists of the language, one by each type of the cycle: no engine
//! needs anything new for it, and the counts keep what is saved alive.
//!
//! Where a cycle has several types, their places would jump into each other's loops. Then all jumps go through one
//! block that chooses by a number, so that the graph stays reducible; the values wait for it in options.

mod deep;
mod in_place;
mod node;

pub(crate) use node::nests;
pub(super) use node::{Inside, Node, Role, Sight, cycle, inside};

use super::Glue;
use crate::build::Variable;
use crate::ir::{BlockId, Op, Terminator, Value};
use crate::repr::Shape;
use deep::{Goal, Member, Point};
use dot_types::thir::{BinaryOp, CompareOp};
use dot_types::{Intrinsic, Ty, TyKind, own};
use node::children;

/// A place of a value: which type, and which case it has been found to be.
pub(super) struct Place<'p, 'db> {
    pub(super) node: Node<'db>,
    pub(super) inside: &'p Inside<'db>,
    pub(super) case: Option<usize>,
}

/// Where in the sequence of parts or elements something is done.
#[derive(Clone, Copy)]
pub(super) enum At {
    /// Before a part.
    Part(usize),
    /// Before an element.
    Element(Value),
}

/// What is done at the places of a value. The state of an operation is in variables of the function, so that the
/// walk may go from anywhere to anywhere.
pub(super) trait Operation<'db> {
    /// How many values are walked side by side.
    fn width(&self) -> usize;

    /// Std's function that lists the entries of a map.
    fn lists_entries_by(&self) -> &'static str {
        "sorted_entries"
    }

    /// What is done, as the types know it that do it themselves.
    fn kind(&self) -> own::Operation;

    /// Whether a set is seen as a sequence, instead of as the map that stands for it.
    fn sees_sets(&self) -> bool {
        false
    }

    /// What it sees of values.
    fn sight(&self) -> Sight {
        Sight { sets: self.sees_sets(), operation: self.kind() }
    }

    /// Whether lists that aren't of one length have been told apart when they were opened.
    fn lengths_agree(&self) -> bool {
        true
    }

    /// All there is to do for a part that can't nest without bound.
    fn leaf(&mut self, glue: &mut Glue<'_, 'db>, values: &[Value]) -> Option<()>;

    /// Before a value's parts; for a variant, before it is known which case it is.
    fn open(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>, values: &[Value]) -> Option<()>;

    /// When the case of a variant is known.
    fn choose(&mut self, _glue: &mut Glue<'_, 'db>, _place: &Place<'_, 'db>) -> Option<()> {
        Some(())
    }

    /// Before a part or element.
    fn before(&mut self, _glue: &mut Glue<'_, 'db>, _place: &Place<'_, 'db>, _at: At) -> Option<()> {
        Some(())
    }

    /// After an element.
    fn after_element(&mut self, _glue: &mut Glue<'_, 'db>, _place: &Place<'_, 'db>) {}

    /// Behind a value's parts.
    fn close(&mut self, _glue: &mut Glue<'_, 'db>, _place: &Place<'_, 'db>, _values: &[Value]) -> Option<()> {
        Some(())
    }

    /// Whether anything is done behind a record's or case's parts.
    fn closes(&self, _place: &Place<'_, 'db>) -> bool {
        false
    }

    /// The state that belongs to an opened list, to be as it was when the walk comes back to it.
    fn state_of(&self, _node: Node<'db>) -> Vec<Variable> {
        Vec::new()
    }

    /// Returns the result.
    fn finish(&mut self, glue: &mut Glue<'_, 'db>) -> Option<()>;
}

struct Walk<'w, 'a, 'db> {
    glue: &'w mut Glue<'a, 'db>,
    op: &'w mut dyn Operation<'db>,
    members: Vec<Member<'db>>,
    points: Vec<Point>,
    /// The numbers of the points that wait.
    waiting: Option<Variable>,
    /// The goals and their blocks.
    goals: Vec<(Goal, BlockId)>,
    /// The block that chooses among the goals, and the number it chooses by; none where there is one type.
    chooser: Option<(BlockId, Variable)>,
}

/// Puts the walk of these values, and the return of the operation's result, at the end of the function.
pub(super) fn walk<'db>(
    glue: &mut Glue<'_, 'db>,
    op: &mut dyn Operation<'db>,
    values: &[Value],
) -> Option<()> {
    let first = values.first()?;
    let root = Node { ty: glue.b.ty(*first), role: Role::Plain };
    let (program, sight) = (glue.program, op.sight());
    let cycle = cycle(program, root, &|node| children(program, node, sight));
    let (members, points, goals) = (Vec::new(), Vec::new(), Vec::new());
    let mut walk = Walk { glue, op, members, points, waiting: None, goals, chooser: None };
    if cycle.is_empty() {
        walk.inline(root, values)?;
        return walk.op.finish(walk.glue);
    }
    walk.deep(&cycle, root, values)
}

impl<'db> Walk<'_, '_, 'db> {
    fn inside(&self, node: Node<'db>) -> Inside<'db> {
        inside(self.glue.program, node, self.op.sight())
    }

    fn switch(&mut self, value: Value, cases: usize) -> Vec<BlockId> {
        let ty = self.glue.u32_ty();
        let on = self.glue.emit(Op::Tag(value), ty);
        let targets: Vec<BlockId> = (0..cases).map(|_| self.glue.b.block()).collect();
        self.glue.b.end(Terminator::Switch { on, targets: targets.clone(), default: None });
        targets
    }

    /// One part of each value.
    fn project(&mut self, case: Option<usize>, n: usize, part: Node<'db>, values: &[Value]) -> Vec<Value> {
        let op = |base: &Value| match case {
            None => Op::Field(*base, n as u32),
            Some(case) => Op::CasePart { base: *base, case: case as u32, part: n as u32 },
        };
        values.iter().map(|base| self.glue.emit(op(base), part.ty)).collect()
    }

    /// One element of each list.
    fn elements(&mut self, item: Node<'db>, index: Value, values: &[Value]) -> Vec<Value> {
        values.iter().map(|list| self.glue.emit(Op::ListGet(*list, index), item.ty)).collect()
    }

    /// Whether all lists have an element at this index.
    fn more(&mut self, index: Value, values: &[Value]) -> Option<Value> {
        let bool_ty = self.glue.bool_ty();
        let asked = if self.op.lengths_agree() { values.get(..1)? } else { values };
        let mut more = None;
        for list in asked {
            let len = self.glue.len(*list, Intrinsic::ListLen);
            let less = self.glue.emit(Op::Compare(CompareOp::Lt, index, len), bool_ty);
            more = Some(match more {
                Some(more) => self.glue.emit(Op::Binary(BinaryOp::And, more, less), bool_ty),
                None => less,
            });
        }
        more
    }

    fn after(&mut self, index: Value) -> Value {
        let (one, ty) = (self.glue.const_u32(1), self.glue.u32_ty());
        self.glue.emit(Op::Binary(BinaryOp::WrappingAdd, index, one), ty)
    }

    /// The lists of entries of maps or sets.
    fn entries(&mut self, of: &Inside<'db>, list: Node<'db>, values: &[Value]) -> Option<Vec<Value>> {
        let db = self.glue.program.db();
        let TyKind::List(entry) = list.ty.kind(db) else { return None };
        let TyKind::Tuple(args) = entry.kind(db) else { return None };
        let mut lists = Vec::new();
        for value in values {
            let map = match of {
                Inside::Set(_) => {
                    let Shape::Record(fields) = self.glue.shape(self.glue.b.ty(*value)) else { return None };
                    *self.glue.fields(*value, &fields).first()?
                }
                _ => *value,
            };
            let by = self.op.lists_entries_by();
            lists.push(self.glue.call_map(by, args.clone(), vec![map], list.ty)?);
        }
        Some(lists)
    }
}

/// Lists in variables, used as stacks.
impl<'db> Glue<'_, 'db> {
    pub(super) fn list_ty(&self, item: Ty<'db>) -> Ty<'db> {
        self.kind_ty(TyKind::List(item))
    }

    pub(super) fn write_empty(&mut self, list: Variable, item: Ty<'db>) {
        let ty = self.list_ty(item);
        let empty = self.emit(Op::MakeList(Vec::new()), ty);
        self.b.write(list, empty);
    }

    pub(super) fn push_to(&mut self, list: Variable, item: Value) {
        let old = self.b.read(list);
        let (unit, ty) = (Ty::unit(self.program.db()), self.b.ty(old));
        let op = Op::Intrinsic(Intrinsic::ListPush, vec![old, item]);
        let new = self.b.emit_all(op, &[unit, ty], None)[1];
        self.b.write(list, new);
    }

    /// The last item, as an option.
    pub(super) fn pop_from(&mut self, list: Variable, item: Ty<'db>) -> Value {
        let old = self.b.read(list);
        let (option, ty) = (self.kind_ty(TyKind::Option(item)), self.b.ty(old));
        let op = Op::Intrinsic(Intrinsic::ListPop, vec![old]);
        let results = self.b.emit_all(op, &[option, ty], None);
        self.b.write(list, results[1]);
        results[0]
    }
}
