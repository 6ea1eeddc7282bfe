//! Decoding of values that nest without bound, by places to go on at.

use super::{Decode, Source, made_from};
use crate::build::Variable;
use crate::ir::{BlockId, Op, Terminator, Value};
use dot_types::thir::CompareOp;
use dot_types::{Ty, TyKind};

/// A type of the cycle.
pub(super) struct Member<'db> {
    pub(super) ty: Ty<'db>,
    /// A complete value, as an option.
    pub(super) made: Variable,
    /// Of a list: its elements so far, and how many there are to come.
    pub(super) items: Option<(Variable, Variable)>,
}

/// Where something goes on when a part is complete.
pub(super) struct Point<'db> {
    pub(super) member: usize,
    pub(super) case: Option<usize>,
    /// Which part was read; of a list or map, none.
    pub(super) part: Option<usize>,
    /// The member that the part is of.
    pub(super) of: usize,
    /// What is saved meanwhile: the parts before it; or the list and how many are to come; or where the map begins.
    pub(super) saved: Variable,
    pub(super) frame: Vec<Ty<'db>>,
}

/// Where decoding can go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// To the beginning of a member.
    Enter(usize),
    /// To the next element of a list.
    Turn(usize),
    /// To what waits for a complete value of a member.
    Done(usize),
}

pub(super) struct Deep<'db> {
    pub(super) points: Vec<Point<'db>>,
    pub(super) waiting: Variable,
    pub(super) goals: Vec<(Goal, BlockId)>,
    pub(super) chooser: BlockId,
    pub(super) number: Variable,
}

impl<'db> Decode<'_, '_, 'db> {
    pub(super) fn deep(&mut self, cycle: &[Ty<'db>], root: Ty<'db>) -> Option<()> {
        let u32_ty = self.glue.u32_ty();
        self.members = cycle.iter().map(|ty| self.member(*ty)).collect();
        let points = self.points();
        let mut goals = Vec::new();
        for (n, member) in self.members.iter().enumerate() {
            goals.extend([Goal::Enter(n), Goal::Done(n)]);
            goals.extend(member.items.map(|_| Goal::Turn(n)));
        }
        let goals: Vec<_> = goals.into_iter().map(|goal| (goal, self.glue.b.block())).collect();
        let (chooser, number) = (self.glue.b.block(), self.glue.b.variable(u32_ty, None));
        let waiting = self.glue.b.variable(self.glue.list_ty(u32_ty), None);
        self.glue.write_empty(waiting, u32_ty);
        for point in &points {
            let frame = self.glue.kind_ty(TyKind::Tuple(point.frame.clone()));
            self.glue.write_empty(point.saved, frame);
        }
        self.deep = Some(Deep { points, waiting, goals: goals.clone(), chooser, number });
        for member in 0..self.members.len() {
            self.forget(member);
        }
        self.go_to(Goal::Enter(self.index_of(root)?))?;
        self.glue.b.go(chooser);
        let on = self.glue.b.read(number);
        let targets = goals.iter().map(|(_, block)| *block).collect();
        self.glue.b.end(Terminator::Switch { on, targets, default: None });
        for (goal, block) in goals {
            self.glue.b.go_sealed(block)?;
            match goal {
                Goal::Enter(member) => self.enter(member)?,
                Goal::Turn(member) => self.turn(member)?,
                Goal::Done(member) => self.done(member, root)?,
            }
        }
        self.glue.b.seal(chooser);
        Some(())
    }

    fn index_of(&self, ty: Ty<'db>) -> Option<usize> {
        self.members.iter().position(|member| member.ty == ty)
    }

    fn member(&mut self, ty: Ty<'db>) -> Member<'db> {
        let (option, u32_ty) = (self.glue.kind_ty(TyKind::Option(ty)), self.glue.u32_ty());
        let items = matches!(made_from(self.glue.program, ty), Source::List(..))
            .then(|| (self.glue.b.variable(ty, None), self.glue.b.variable(u32_ty, None)));
        Member { ty, made: self.glue.b.variable(option, None), items }
    }

    /// Every place where a part of the cycle is read.
    fn points(&mut self) -> Vec<Point<'db>> {
        let u32_ty = self.glue.u32_ty();
        let mut found = Vec::new();
        for member in 0..self.members.len() {
            let ty = self.members[member].ty;
            let mut of_parts = |case: Option<usize>, parts: &[Ty<'db>]| {
                for (n, part) in parts.iter().enumerate() {
                    if let Some(of) = self.index_of(*part) {
                        found.push((member, case, Some(n), of, parts[..n].to_vec()));
                    }
                }
            };
            match made_from(self.glue.program, ty) {
                Source::Whole => {}
                Source::Record(parts) => of_parts(None, &parts),
                Source::Variant(cases) => {
                    cases.iter().enumerate().for_each(|(case, parts)| of_parts(Some(case), parts));
                }
                Source::List(item, _) => {
                    if let Some(of) = self.index_of(item) {
                        found.push((member, None, None, of, vec![ty, u32_ty]));
                    }
                }
                Source::Sorted(list, _) => {
                    if let Some(of) = self.index_of(list) {
                        found.push((member, None, None, of, vec![u32_ty]));
                    }
                }
            }
        }
        let mut points = Vec::new();
        for (member, case, part, of, frame) in found {
            let tuple = self.glue.kind_ty(TyKind::Tuple(frame.clone()));
            let saved = self.glue.b.variable(self.glue.list_ty(tuple), None);
            points.push(Point { member, case, part, of, saved, frame });
        }
        points
    }

    fn go_to(&mut self, goal: Goal) -> Option<()> {
        let deep = self.deep.as_ref()?;
        let number = deep.goals.iter().position(|(other, _)| *other == goal)?;
        let number = self.glue.const_u32(number as u32);
        self.glue.b.write(deep.number, number);
        self.glue.b.jump(deep.chooser);
        Some(())
    }

    /// Empties what holds a member's values between blocks.
    fn forget(&mut self, member: usize) {
        let Member { ty, made, items } = self.members[member];
        let option = self.glue.kind_ty(TyKind::Option(ty));
        let none = self.glue.emit(Op::MakeCase { case: 0, parts: Vec::new(), reuse: None }, option);
        self.glue.b.write(made, none);
        if let Some((items, _)) = items {
            let empty = self.glue.emit(Op::MakeList(Vec::new()), ty);
            self.glue.b.write(items, empty);
        }
    }

    fn complete(&mut self, member: usize, value: Value) -> Option<()> {
        let Member { ty, made, .. } = self.members[member];
        let option = self.glue.kind_ty(TyKind::Option(ty));
        let some = self.some(value, option);
        self.glue.b.write(made, some);
        self.go_to(Goal::Done(member))
    }

    /// Saves what has been read, and reads a part.
    fn save(&mut self, point: usize, parts: Vec<Value>) -> Option<()> {
        let Deep { points, waiting, .. } = self.deep.as_ref()?;
        let (Point { saved, of, frame, .. }, waiting) = (&points[point], *waiting);
        let (saved, of) = (*saved, *of);
        if !frame.is_empty() {
            let frame = self.glue.kind_ty(TyKind::Tuple(frame.clone()));
            let frame = self.glue.emit(Op::MakeRecord { parts, reuse: None }, frame);
            self.glue.push_to(saved, frame);
        }
        let number = self.glue.const_u32(point as u32);
        self.glue.push_to(waiting, number);
        self.go_to(Goal::Enter(of))
    }

    fn point_of(&self, member: usize, case: Option<usize>, part: Option<usize>) -> Option<usize> {
        let is_it = |p: &Point<'db>| p.member == member && p.case == case && p.part == part;
        self.deep.as_ref()?.points.iter().position(is_it)
    }

    fn enter(&mut self, member: usize) -> Option<()> {
        let Member { ty, items, .. } = self.members[member];
        match made_from(self.glue.program, ty) {
            Source::Whole => None,
            Source::Sorted(..) => {
                let start = self.glue.b.read(self.at);
                self.save(self.point_of(member, None, None)?, vec![start])
            }
            Source::List(_, len) => {
                let len = self.len(len)?;
                let empty = self.glue.emit(Op::MakeList(Vec::new()), ty);
                let (items, left) = items?;
                self.glue.b.write(items, empty);
                self.glue.b.write(left, len);
                self.go_to(Goal::Turn(member))
            }
            Source::Record(parts) => self.parts(member, None, &parts, Vec::new()),
            Source::Variant(cases) => {
                let on = self.below(cases.len() as u64)?;
                for (case, target) in self.choose(on, cases.len()).into_iter().enumerate() {
                    self.glue.b.go_sealed(target)?;
                    self.parts(member, Some(case), &cases[case], Vec::new())?;
                }
                Some(())
            }
        }
    }

    /// The parts behind those that have been read.
    fn parts(
        &mut self,
        member: usize,
        case: Option<usize>,
        parts: &[Ty<'db>],
        mut read: Vec<Value>,
    ) -> Option<()> {
        for (n, part) in parts.iter().enumerate().skip(read.len()) {
            match self.point_of(member, case, Some(n)) {
                Some(point) => return self.save(point, read),
                None => read.push(self.value(*part, false)?),
            }
        }
        let op = match case {
            None => Op::MakeRecord { parts: read, reuse: None },
            Some(case) => Op::MakeCase { case: case as u32, parts: read, reuse: None },
        };
        let value = self.glue.emit(op, self.members[member].ty);
        self.complete(member, value)
    }

    fn turn(&mut self, member: usize) -> Option<()> {
        let Member { ty, items, .. } = self.members[member];
        let (items, left) = items?;
        let (so_far, now) = (self.glue.b.read(items), self.glue.b.read(left));
        let empty = self.glue.emit(Op::MakeList(Vec::new()), ty);
        self.glue.b.write(items, empty);
        let (zero, bool_ty) = (self.glue.const_u32(0), self.glue.bool_ty());
        let more = self.glue.emit(Op::Compare(CompareOp::Ne, now, zero), bool_ty);
        let (body, done) = (self.glue.b.block(), self.glue.b.block());
        self.glue.b.branch(more, body, done);
        self.glue.b.go_sealed(done)?;
        self.complete(member, so_far)?;
        self.glue.b.go_sealed(body)?;
        let less = self.one_less(now);
        self.save(self.point_of(member, None, None)?, vec![so_far, less])
    }

    /// A value is complete: it goes to what was saved last; without any, it is the one that is wanted.
    fn done(&mut self, member: usize, root: Ty<'db>) -> Option<()> {
        let Member { ty, made, .. } = self.members[member];
        let waiting = self.deep.as_ref()?.waiting;
        let (option, u32_ty) = (self.glue.kind_ty(TyKind::Option(ty)), self.glue.u32_ty());
        let made = self.glue.b.read(made);
        self.forget(member);
        let value = self.glue.emit(Op::CasePart { base: made, case: 1, part: 0 }, ty);
        let popped = self.glue.pop_from(waiting, u32_ty);
        let tag = self.glue.emit(Op::Tag(popped), u32_ty);
        let targets = self.choose(tag, 2);
        self.glue.b.go_sealed(targets[0])?;
        if ty == root {
            self.return_some(value, option);
        } else {
            self.glue.b.end(Terminator::Unreachable);
        }
        self.glue.b.go_sealed(targets[1])?;
        let on = self.glue.emit(Op::CasePart { base: popped, case: 1, part: 0 }, u32_ty);
        let count = self.deep.as_ref()?.points.len();
        for (point, target) in self.choose(on, count).into_iter().enumerate() {
            self.glue.b.go_sealed(target)?;
            if self.deep.as_ref()?.points[point].of == member {
                self.go_on(point, value)?;
            } else {
                self.glue.b.end(Terminator::Unreachable);
            }
        }
        Some(())
    }

    /// Goes on at a point with the part that was read.
    fn go_on(&mut self, point: usize, value: Value) -> Option<()> {
        let Point { member, case, part, saved, frame, .. } = &self.deep.as_ref()?.points[point];
        let (member, case, part, saved, frame) = (*member, *case, *part, *saved, frame.clone());
        let mut kept = Vec::new();
        if !frame.is_empty() {
            let tuple = self.glue.kind_ty(TyKind::Tuple(frame.clone()));
            let popped = self.glue.pop_from(saved, tuple);
            let tuple = self.glue.emit(Op::CasePart { base: popped, case: 1, part: 0 }, tuple);
            let part = |(n, ty): (usize, &Ty<'db>)| self.glue.emit(Op::Field(tuple, n as u32), *ty);
            kept = frame.iter().enumerate().map(part).collect();
        }
        let ty = self.members[member].ty;
        match (made_from(self.glue.program, ty), part) {
            (Source::Record(parts), Some(_)) => {
                kept.push(value);
                self.parts(member, None, &parts, kept)
            }
            (Source::Variant(cases), Some(_)) => {
                kept.push(value);
                self.parts(member, case, cases.get(case?)?, kept)
            }
            (Source::List(..), None) => {
                let (items, left) = self.members[member].items?;
                self.glue.b.write(items, *kept.first()?);
                self.glue.b.write(left, *kept.get(1)?);
                self.glue.push_to(items, value);
                self.go_to(Goal::Turn(member))
            }
            (Source::Sorted(_, by), None) => {
                let made = self.put_in_order(ty, by, value, *kept.first()?)?;
                self.complete(member, made)
            }
            _ => None,
        }
    }
}
