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

use super::{Glue, map_args};
use crate::build::Variable;
use crate::ir::{BlockId, Op, Terminator, Value};
use crate::program::Program;
use crate::repr::{DEEPEST, Shape, lower_ty, nesting, shape};
use dot_types::thir::{BinaryOp, CompareOp};
use dot_types::{Intrinsic, Ty, TyKind, own};
use rustc_hash::FxHashSet;

/// A type, and what its values stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node<'db> {
    pub(super) ty: Ty<'db>,
    pub(super) role: Role,
}

/// What a value stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// Itself.
    Plain,
    /// The list of a map's entries.
    Entries,
    /// One of them, a tuple of key and value.
    Entry,
    /// The list of a set's entries, for operations that see a set as a sequence.
    Elements,
    /// One of them, a tuple of the element and unit.
    Element,
}

/// What there is inside a value.
pub(super) enum Inside<'db> {
    /// Nothing, or what the operation handles itself: numbers, strings.
    Whole,
    /// A map's entries as a list, made by std.
    Map(Node<'db>),
    /// A set's.
    Set(Node<'db>),
    /// The elements of a list.
    List(Node<'db>),
    /// The parts of a record or tuple.
    Record(Vec<Node<'db>>),
    /// The parts of each case.
    Variant(Vec<Vec<Node<'db>>>),
}

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

/// What an operation sees of values.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    /// Whether a set is a sequence.
    pub(super) sets: bool,
    /// What is done. Types that do it themselves are whole.
    pub(super) operation: own::Operation,
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

/// What there is inside the values of a node.
pub(super) fn inside<'db>(program: &dyn Program<'db>, node: Node<'db>, sight: Sight) -> Inside<'db> {
    let db = program.db();
    if own::own_operation(db, node.ty, sight.operation).is_some() {
        return Inside::Whole;
    }
    let plain = |ty: &Ty<'db>| Node { ty: lower_ty(program, *ty), role: Role::Plain };
    let plains = |tys: &[Ty<'db>]| tys.iter().map(plain).collect::<Vec<_>>();
    let entries = |args: Vec<Ty<'db>>, role| {
        let entry = Ty::new(db, TyKind::Tuple(args));
        Node { ty: Ty::new(db, TyKind::List(entry)), role }
    };
    if let Some(args) = map_args(program, node.ty) {
        return Inside::Map(entries(args, Role::Entries));
    }
    match (node.ty.kind(db), shape(program, node.ty)) {
        (TyKind::List(item) | TyKind::FixedList(item, _), _) => {
            let role = match node.role {
                Role::Entries => Role::Entry,
                Role::Elements => Role::Element,
                _ => Role::Plain,
            };
            Inside::List(Node { ty: lower_ty(program, *item), role })
        }
        (TyKind::Adt(item, _), Shape::Record(parts))
            if sight.sets && program.std_item("map_impl", "HashSet") == Some(*item) =>
        {
            let map = parts.first().and_then(|map| map_args(program, lower_ty(program, *map)));
            map.map_or(Inside::Whole, |args| Inside::Set(entries(args, Role::Elements)))
        }
        (_, Shape::Record(parts)) if node.role == Role::Element => {
            Inside::Record(plains(parts.get(..1).unwrap_or_default()))
        }
        (_, Shape::Record(parts)) => Inside::Record(plains(&parts)),
        (_, Shape::Variant(cases)) => Inside::Variant(cases.iter().map(|case| plains(case)).collect()),
        _ => Inside::Whole,
    }
}

/// The nodes directly inside a node.
fn children<'db>(program: &dyn Program<'db>, node: Node<'db>, sight: Sight) -> Vec<Node<'db>> {
    match inside(program, node, sight) {
        Inside::Whole => Vec::new(),
        Inside::Map(inner) | Inside::Set(inner) | Inside::List(inner) => vec![inner],
        Inside::Record(parts) => parts,
        Inside::Variant(cases) => cases.into_iter().flatten().collect(),
    }
}

/// Gives the nodes directly inside a node.
type Step<'s, 'db> = &'s dyn Fn(Node<'db>) -> Vec<Node<'db>>;

/// All nodes that are reached from one, in the order they are met; itself only if it is inside itself.
fn reached<'db>(program: &dyn Program<'db>, from: Node<'db>, step: Step<'_, 'db>) -> Vec<Node<'db>> {
    let mut seen = FxHashSet::default();
    let mut order = Vec::new();
    let mut todo = vec![from];
    while let Some(node) = todo.pop() {
        for child in step(node) {
            if nesting(program, child.ty) <= DEEPEST && seen.insert(child) {
                order.push(child);
                todo.push(child);
            }
        }
    }
    order
}

/// The nodes that contain a node and are contained in it: none unless it contains itself.
pub(super) fn cycle<'db>(program: &dyn Program<'db>, of: Node<'db>, step: Step<'_, 'db>) -> Vec<Node<'db>> {
    let inner = reached(program, of, step);
    if !inner.contains(&of) {
        return Vec::new();
    }
    inner.into_iter().filter(|node| reached(program, *node, step).contains(&of)).collect()
}

/// Whether values of a type nest without bound, by what they are made of.
pub(crate) fn nests<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> bool {
    let node = Node { ty, role: Role::Plain };
    // Which no type does by itself.
    let sight = Sight { sets: false, operation: own::Operation::Encode };
    reached(program, node, &|node| children(program, node, sight)).contains(&node)
}

/// A type of the cycle.
struct Member<'db> {
    node: Node<'db>,
    inside: Inside<'db>,
    /// The values to be looked at next; where a block chooses, options of them.
    values: Vec<Variable>,
    /// For a list: which element is next.
    index: Variable,
    /// Those whose walk goes on later.
    saved: Variable,
    /// The type of one of those.
    frame: Ty<'db>,
}

/// Where a walk of the cycle can go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// To the beginning of a member's values.
    Enter(usize),
    /// To the next element of a list.
    Turn(usize),
    /// To what waits.
    Next,
}

/// A place where a walk goes on with what was saved.
struct Point {
    block: BlockId,
    member: usize,
    case: Option<usize>,
    /// The part to go on with; none for the next element of a list.
    part: Option<usize>,
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

    // In place

    /// The walk of values that can't nest without bound, in place.
    fn inline(&mut self, node: Node<'db>, values: &[Value]) -> Option<()> {
        let inside = self.inside(node);
        let place = Place { node, inside: &inside, case: None };
        match &inside {
            Inside::Whole => return None,
            Inside::Map(list) | Inside::Set(list) => {
                let lists = self.entries(&inside, *list, values)?;
                return self.inline(*list, &lists);
            }
            Inside::List(item) => self.inline_list(&place, *item, values)?,
            Inside::Record(parts) => {
                self.op.open(self.glue, &place, values)?;
                self.inline_parts(&place, parts, values)?;
            }
            Inside::Variant(cases) => {
                self.op.open(self.glue, &place, values)?;
                let join = self.glue.b.block();
                let targets = self.switch(*values.first()?, cases.len());
                for (case, target) in targets.into_iter().enumerate() {
                    self.glue.b.go_sealed(target)?;
                    let place = Place { node, inside: &inside, case: Some(case) };
                    self.op.choose(self.glue, &place)?;
                    self.inline_parts(&place, &cases[case], values)?;
                    self.glue.b.jump(join);
                }
                self.glue.b.go_sealed(join)?;
            }
        }
        Some(())
    }

    fn inline_parts(&mut self, place: &Place<'_, 'db>, parts: &[Node<'db>], values: &[Value]) -> Option<()> {
        for (n, part) in parts.iter().enumerate() {
            self.op.before(self.glue, place, At::Part(n))?;
            let inner = self.project(place.case, n, *part, values);
            self.leaf(*part, &inner)?;
        }
        self.op.close(self.glue, place, values)
    }

    fn inline_list(&mut self, place: &Place<'_, 'db>, item: Node<'db>, values: &[Value]) -> Option<()> {
        self.op.open(self.glue, place, values)?;
        let index = self.glue.b.variable(self.glue.u32_ty(), None);
        let zero = self.glue.const_u32(0);
        self.glue.b.write(index, zero);
        let (head, body, done) = (self.glue.b.block(), self.glue.b.block(), self.glue.b.block());
        self.glue.b.jump(head);
        self.glue.b.go(head);
        let i = self.glue.b.read(index);
        let more = self.more(i, values)?;
        self.glue.b.branch(more, body, done);
        self.glue.b.go_sealed(body)?;
        self.op.before(self.glue, place, At::Element(i))?;
        let inner = self.elements(item, i, values);
        self.leaf(item, &inner)?;
        self.op.after_element(self.glue, place);
        let next = self.after(i);
        self.glue.b.write(index, next);
        self.glue.b.jump(head);
        self.glue.b.seal(head);
        self.glue.b.go_sealed(done)?;
        self.op.close(self.glue, place, values)
    }

    /// A part outside the cycle.
    fn leaf(&mut self, node: Node<'db>, values: &[Value]) -> Option<()> {
        match node.role {
            Role::Plain => self.op.leaf(self.glue, values),
            _ => self.inline(node, values),
        }
    }

    // By places to go on at

    fn deep(&mut self, cycle: &[Node<'db>], root: Node<'db>, values: &[Value]) -> Option<()> {
        if cycle.len() > 1 {
            let number = self.glue.u32_ty();
            self.chooser = Some((self.glue.b.block(), self.glue.b.variable(number, None)));
        }
        self.members = cycle.iter().map(|node| self.member(*node)).collect();
        self.points = self.all_points();
        let lists = self.members.iter().enumerate().filter(|(_, m)| matches!(m.inside, Inside::List(_)));
        let turns: Vec<Goal> = lists.map(|(n, _)| Goal::Turn(n)).collect();
        let enters = (0..self.members.len()).map(Goal::Enter);
        let goals: Vec<Goal> = enters.chain(turns).chain([Goal::Next]).collect();
        self.goals = goals.into_iter().map(|goal| (goal, self.glue.b.block())).collect();
        self.write_first_state();
        self.enter(root, values)?;
        if let Some((block, number)) = self.chooser {
            self.glue.b.go(block);
            let on = self.glue.b.read(number);
            let targets = self.goals.iter().map(|(_, block)| *block).collect();
            self.glue.b.end(Terminator::Switch { on, targets, default: None });
        }
        for n in 0..self.goals.len() {
            let (goal, block) = self.goals[n];
            match self.chooser {
                Some(_) => self.glue.b.go_sealed(block)?,
                None => self.glue.b.go(block),
            }
            match goal {
                Goal::Enter(member) => self.begin(member)?,
                Goal::Turn(member) => self.turn(member)?,
                Goal::Next => self.next()?,
            }
        }
        for point in 0..self.points.len() {
            self.point(point)?;
        }
        match self.chooser {
            Some((block, _)) => self.glue.b.seal(block),
            None => self.goals.iter().for_each(|(_, block)| self.glue.b.seal(*block)),
        }
        Some(())
    }

    /// Nothing is saved, nothing waits, and where a block chooses, no values are to be looked at.
    fn write_first_state(&mut self) {
        for member in 0..self.members.len() {
            let (saved, frame) = (self.members[member].saved, self.members[member].frame);
            self.glue.write_empty(saved, frame);
            if self.chooser.is_some() {
                self.forget(member);
            }
        }
        if !self.points.is_empty() {
            let number = self.glue.u32_ty();
            let waiting = self.glue.b.variable(self.glue.list_ty(number), None);
            self.waiting = Some(waiting);
            self.glue.write_empty(waiting, number);
        }
    }

    fn go_to(&mut self, goal: Goal) -> Option<()> {
        let number = self.goals.iter().position(|(other, _)| *other == goal)?;
        match self.chooser {
            Some((block, variable)) => {
                let number = self.glue.const_u32(number as u32);
                self.glue.b.write(variable, number);
                self.glue.b.jump(block);
            }
            None => self.glue.b.jump(self.goals[number].1),
        }
        Some(())
    }

    fn give(&mut self, member: usize, values: &[Value]) {
        for (n, value) in values.iter().enumerate() {
            let variable = self.members[member].values[n];
            let value = match self.chooser {
                Some(_) => {
                    let ty = self.glue.b.variable_ty(variable);
                    self.glue.emit(Op::MakeCase { case: 1, parts: vec![*value], reuse: None }, ty)
                }
                None => *value,
            };
            self.glue.b.write(variable, value);
        }
    }

    fn take(&mut self, member: usize) -> Vec<Value> {
        let ty = self.members[member].node.ty;
        let variables = self.members[member].values.clone();
        let given: Vec<Value> = variables.into_iter().map(|v| self.glue.b.read(v)).collect();
        if self.chooser.is_none() {
            return given;
        }
        self.forget(member);
        let some = |base: Value| self.glue.emit(Op::CasePart { base, case: 1, part: 0 }, ty);
        given.into_iter().map(some).collect()
    }

    fn forget(&mut self, member: usize) {
        for variable in self.members[member].values.clone() {
            let ty = self.glue.b.variable_ty(variable);
            let none = self.glue.emit(Op::MakeCase { case: 0, parts: Vec::new(), reuse: None }, ty);
            self.glue.b.write(variable, none);
        }
    }

    fn member(&mut self, node: Node<'db>) -> Member<'db> {
        let inside = self.inside(node);
        let given = match self.chooser {
            Some(_) => self.glue.kind_ty(TyKind::Option(node.ty)),
            None => node.ty,
        };
        let values: Vec<Variable> = (0..self.op.width()).map(|_| self.glue.b.variable(given, None)).collect();
        let u32_ty = self.glue.u32_ty();
        let mut kept = vec![node.ty; values.len()];
        if matches!(inside, Inside::List(_)) {
            kept.push(u32_ty);
            kept.extend(self.op.state_of(node).into_iter().map(|v| self.glue.b.variable_ty(v)));
        }
        let frame = self.glue.kind_ty(TyKind::Tuple(kept));
        let saved = self.glue.b.variable(self.glue.list_ty(frame), None);
        Member { node, inside, values, index: self.glue.b.variable(u32_ty, None), saved, frame }
    }

    fn index_of(&self, node: Node<'db>) -> Option<usize> {
        self.members.iter().position(|member| member.node == node)
    }

    /// Every place where something is left to do after a part of the cycle.
    fn all_points(&mut self) -> Vec<Point> {
        let mut points = Vec::new();
        for (m, member) in self.members.iter().enumerate() {
            let mut of_parts = |case: Option<usize>, parts: &[Node<'db>]| {
                let place = Place { node: member.node, inside: &member.inside, case };
                let closes = self.op.closes(&place);
                for (n, part) in parts.iter().enumerate() {
                    if self.index_of(*part).is_some() && (n + 1 < parts.len() || closes) {
                        points.push((m, case, Some(n + 1)));
                    }
                }
            };
            match &member.inside {
                Inside::Record(parts) => of_parts(None, parts),
                Inside::Variant(cases) => {
                    cases.iter().enumerate().for_each(|(case, parts)| of_parts(Some(case), parts));
                }
                Inside::List(_) => points.push((m, None, None)),
                Inside::Whole | Inside::Map(_) | Inside::Set(_) => {}
            }
        }
        let point = |(member, case, part)| Point { block: self.glue.b.block(), member, case, part };
        points.into_iter().map(point).collect()
    }

    /// Begins the walk of values of the cycle.
    fn enter(&mut self, node: Node<'db>, values: &[Value]) -> Option<()> {
        let member = self.index_of(node)?;
        self.give(member, values);
        self.go_to(Goal::Enter(member))
    }

    /// Goes on with what was saved last; without any, all is done.
    fn next(&mut self) -> Option<()> {
        let Some(waiting) = self.waiting else { return self.op.finish(self.glue) };
        let u32_ty = self.glue.u32_ty();
        let popped = self.glue.pop_from(waiting, u32_ty);
        let tag = self.glue.emit(Op::Tag(popped), u32_ty);
        let (done, some) = (self.glue.b.block(), self.glue.b.block());
        self.glue.b.end(Terminator::Switch { on: tag, targets: vec![done, some], default: None });
        self.glue.b.go_sealed(done)?;
        self.op.finish(self.glue)?;
        self.glue.b.go_sealed(some)?;
        let on = self.glue.emit(Op::CasePart { base: popped, case: 1, part: 0 }, u32_ty);
        let targets = self.points.iter().map(|point| point.block).collect();
        self.glue.b.end(Terminator::Switch { on, targets, default: None });
        Some(())
    }

    /// Remembers to go on with a member later; with a list, at an element.
    fn save(&mut self, point: usize, values: &[Value], element: Option<Value>) {
        let Member { node, saved, frame, .. } = self.members[self.points[point].member];
        let mut parts = values.to_vec();
        if let Some(element) = element {
            parts.push(element);
            parts.extend(self.op.state_of(node).into_iter().map(|v| self.glue.b.read(v)));
        }
        let frame = self.glue.emit(Op::MakeRecord { parts, reuse: None }, frame);
        self.glue.push_to(saved, frame);
        let number = self.glue.const_u32(point as u32);
        if let Some(waiting) = self.waiting {
            self.glue.push_to(waiting, number);
        }
    }

    /// Takes back what was saved, and goes on.
    fn point(&mut self, point: usize) -> Option<()> {
        let Point { block, member, case, part } = self.points[point];
        self.glue.b.go_sealed(block)?;
        let Member { node, saved, frame, index, .. } = self.members[member];
        let popped = self.glue.pop_from(saved, frame);
        let frame = self.glue.emit(Op::CasePart { base: popped, case: 1, part: 0 }, frame);
        let width = self.op.width();
        let values: Vec<Value> =
            (0..width).map(|n| self.glue.emit(Op::Field(frame, n as u32), node.ty)).collect();
        if let Some(part) = part {
            return self.parts(member, case, part, &values);
        }
        for (n, variable) in std::iter::once(index).chain(self.op.state_of(node)).enumerate() {
            let ty = self.glue.b.variable_ty(variable);
            let kept = self.glue.emit(Op::Field(frame, (width + n) as u32), ty);
            self.glue.b.write(variable, kept);
        }
        self.give(member, &values);
        let inside = self.inside(node);
        self.op.after_element(self.glue, &Place { node, inside: &inside, case: None });
        self.go_to(Goal::Turn(member))
    }

    /// The walk of a member's values from the beginning.
    fn begin(&mut self, member: usize) -> Option<()> {
        let values = self.take(member);
        let node = self.members[member].node;
        let inside = self.inside(node);
        let place = Place { node, inside: &inside, case: None };
        match &inside {
            Inside::Whole => None,
            Inside::Map(list) | Inside::Set(list) => {
                let lists = self.entries(&inside, *list, &values)?;
                self.enter(*list, &lists)
            }
            Inside::List(_) => {
                self.op.open(self.glue, &place, &values)?;
                let zero = self.glue.const_u32(0);
                self.glue.b.write(self.members[member].index, zero);
                self.give(member, &values);
                self.go_to(Goal::Turn(member))
            }
            Inside::Record(_) => {
                self.op.open(self.glue, &place, &values)?;
                self.parts(member, None, 0, &values)
            }
            Inside::Variant(cases) => {
                self.op.open(self.glue, &place, &values)?;
                let targets = self.switch(*values.first()?, cases.len());
                for (case, target) in targets.into_iter().enumerate() {
                    self.glue.b.go_sealed(target)?;
                    self.op.choose(self.glue, &Place { node, inside: &inside, case: Some(case) })?;
                    self.parts(member, Some(case), 0, &values)?;
                }
                Some(())
            }
        }
    }

    /// The next element of a list of the cycle.
    fn turn(&mut self, member: usize) -> Option<()> {
        let values = self.take(member);
        let i = self.glue.b.read(self.members[member].index);
        let node = self.members[member].node;
        let inside = self.inside(node);
        let Inside::List(item) = &inside else { return None };
        let place = Place { node, inside: &inside, case: None };
        let more = self.more(i, &values)?;
        let (body, done) = (self.glue.b.block(), self.glue.b.block());
        self.glue.b.branch(more, body, done);
        self.glue.b.go_sealed(done)?;
        self.op.close(self.glue, &place, &values)?;
        self.go_to(Goal::Next)?;
        self.glue.b.go_sealed(body)?;
        self.op.before(self.glue, &place, At::Element(i))?;
        let inner = self.elements(*item, i, &values);
        let after = self.after(i);
        let point = self.points.iter().position(|point| point.member == member)?;
        self.save(point, &values, Some(after));
        self.enter(*item, &inner)
    }

    /// The parts of a record or case of the cycle from one on.
    fn parts(&mut self, member: usize, case: Option<usize>, from: usize, values: &[Value]) -> Option<()> {
        let node = self.members[member].node;
        let inside = self.inside(node);
        let place = Place { node, inside: &inside, case };
        let parts = match (&inside, case) {
            (Inside::Record(parts), None) => parts,
            (Inside::Variant(cases), Some(case)) => cases.get(case)?,
            _ => return None,
        };
        for (n, part) in parts.iter().enumerate().skip(from) {
            self.op.before(self.glue, &place, At::Part(n))?;
            let inner = self.project(case, n, *part, values);
            if self.index_of(*part).is_none() {
                self.leaf(*part, &inner)?;
                continue;
            }
            let goes_on_at = |p: &Point| p.member == member && p.case == case && p.part == Some(n + 1);
            if let Some(point) = self.points.iter().position(goes_on_at) {
                self.save(point, values, None);
            }
            return self.enter(*part, &inner);
        }
        self.op.close(self.glue, &place, values)?;
        self.go_to(Goal::Next)
    }

    // Steps of both

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
