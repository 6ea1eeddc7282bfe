//! The walk of values that nest without bound, by places to go on at.

use super::{At, Inside, Node, Place, Walk};
use crate::build::Variable;
use crate::ir::{BlockId, Op, Terminator, Value};
use dot_types::{Ty, TyKind};

/// A type of the cycle.
pub(super) struct Member<'db> {
    pub(super) node: Node<'db>,
    pub(super) inside: Inside<'db>,
    /// The values to be looked at next; where a block chooses, options of them.
    pub(super) values: Vec<Variable>,
    /// For a list: which element is next.
    pub(super) index: Variable,
    /// Those whose walk goes on later.
    pub(super) saved: Variable,
    /// The type of one of those.
    pub(super) frame: Ty<'db>,
}

/// Where a walk of the cycle can go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// To the beginning of a member's values.
    Enter(usize),
    /// To the next element of a list.
    Turn(usize),
    /// To what waits.
    Next,
}

/// A place where a walk goes on with what was saved.
pub(super) struct Point {
    pub(super) block: BlockId,
    pub(super) member: usize,
    pub(super) case: Option<usize>,
    /// The part to go on with; none for the next element of a list.
    pub(super) part: Option<usize>,
}

impl<'db> Walk<'_, '_, 'db> {
    pub(super) fn deep(&mut self, cycle: &[Node<'db>], root: Node<'db>, values: &[Value]) -> Option<()> {
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
}
