//! Places: assignments and `inout` arguments.
//!
//! To change `a.b[i].c`, the value in `a` is *opened*: taken apart along the path, so that each step hands its part
//! on as owned. The part is changed, then everything is *closed*: put together again in reverse. No copy is made
//! on the way where the values are unique, since nothing else holds them while they are open:
//!
//! ```text
//! %0, %1 = unpack a          record step: the other parts wait in values
//! %2, %3 = list.take %1, i   element step: the list waits with a hole
//! %4, %5 = unpack %3
//! …change %5…
//! %7 = record %4, %6
//! %8 = list.put %2, i, %7
//! %9 = record %0, %8
//! ```
//!
//! Several `inout` arguments of one call may open the same variable at different fields: [`Open`] is a tree.

use super::Lowerer;
use crate::ir::{Op, Value};
use crate::repr::{Shape, lower_ty, shape};
use dot_types::thir::{BinaryOp, ExprId, LocalId, Place, Projection, TrapKind};
use dot_types::{Intrinsic, Ty, TyKind};

/// A place whose indices have been evaluated.
pub(super) struct Path {
    pub(super) root: LocalId,
    steps: Vec<Step>,
}

/// A step into a value. What it can trap with is blamed on the expression of its index or key.
#[derive(Clone, Copy)]
enum Step {
    Field(u32),
    Part { case: u32, index: u32 },
    Index { index: Value, at: ExprId },
    FromEnd(u32),
    Key { key: Value, at: ExprId, default: Option<ExprId> },
}

/// A value that has been taken apart.
pub(super) enum Open<'db> {
    /// The place itself: which of the parts that were asked for.
    Leaf(usize),
    /// A record or tuple, or a case of which the index is given; some parts are open.
    Parts { ty: Ty<'db>, case: Option<u32>, parts: Vec<Value>, open: Vec<(u32, Open<'db>)> },
    /// A list with a hole.
    List { list: Value, index: Value, inner: Box<Open<'db>> },
    /// A map from which a value was taken; it goes back to its place when it is closed.
    Map { map: Value, key: Value, place: Value, inner: Box<Open<'db>> },
}

/// A variable that has been taken apart.
pub(super) type OpenRoot<'db> = (LocalId, Open<'db>);

impl<'db> Lowerer<'_, 'db> {
    /// Evaluates the indices of a place.
    pub(super) fn place(&mut self, place: &Place) -> Option<Path> {
        let mut steps = Vec::new();
        for projection in &place.path {
            steps.push(match *projection {
                Projection::Field(index) => Step::Field(index),
                Projection::Part { case, index } => Step::Part { case, index },
                Projection::FromEnd(back) => Step::FromEnd(back),
                Projection::Index(at) => {
                    let index = self.expr(at)?;
                    Step::Index { index: self.list_index(index), at }
                }
                Projection::Key { key: at, default } => Step::Key { key: self.expr(at)?, at, default },
            });
        }
        Some(Path { root: place.root, steps })
    }

    /// Writes a value to a place.
    pub(super) fn assign(&mut self, path: &Path, value: Value) -> Option<()> {
        let Some((last, before)) = path.steps.split_last() else {
            self.write_local(path.root, value);
            self.filled(path.root);
            return Some(());
        };
        self.within(path.root, before, &mut |this, around| this.replace(around, *last, value))
    }

    /// `place op= value`.
    pub(super) fn update_binary(&mut self, path: &Path, op: BinaryOp, value: Value) -> Option<()> {
        // Numbers in a list are read and set: there is no ownership to keep track of.
        if let Some((step @ (Step::Index { .. } | Step::FromEnd(_)), before)) = path.steps.split_last() {
            return self.within(path.root, before, &mut |this, list| {
                let (index, at) = this.element_index(list, *step)?;
                let ty = this.element_ty(list)?;
                let old = this.blaming(at, |this| this.emit(Op::ListGet(list, index), ty));
                let value = this.emit(Op::Binary(op, old, value), ty);
                this.replace(list, Step::Index { index, at }, value)
            });
        }
        self.within(path.root, &path.steps, &mut |this, old| {
            let ty = this.b.ty(old);
            Some(this.emit(Op::Binary(op, old, value), ty))
        })
    }

    /// `place += text`.
    pub(super) fn append_text(&mut self, path: &Path, text: Value) -> Option<()> {
        self.within(path.root, &path.steps, &mut |this, old| {
            let (unit, ty) = (Ty::unit(this.program.db()), this.b.ty(old));
            let site = this.site();
            let op = Op::Intrinsic(Intrinsic::StringAppend, vec![old, text]);
            Some(this.b.emit_all(op, &[unit, ty], site)[1])
        })
    }

    /// Opens a variable along a path, changes what is there, and closes it.
    fn within(
        &mut self,
        root: LocalId,
        steps: &[Step],
        change: &mut dyn FnMut(&mut Self, Value) -> Option<Value>,
    ) -> Option<()> {
        let value = self.read_local(root);
        let mut leaves = Vec::new();
        let open = self.open(value, steps, &mut leaves)?;
        let changed = change(self, leaves[0])?;
        let closed = self.close(&open, &[changed])?;
        self.write_local(root, closed);
        Some(())
    }

    /// Opens the places of `inout` arguments; gives what is in each.
    pub(super) fn open_all(&mut self, paths: &[Path]) -> Option<(Vec<OpenRoot<'db>>, Vec<Value>)> {
        let mut roots: Vec<OpenRoot<'db>> = Vec::new();
        let mut leaves = Vec::new();
        for path in paths {
            match roots.iter_mut().find(|(root, _)| *root == path.root) {
                Some((_, open)) => self.open_more(open, &path.steps, &mut leaves)?,
                None => {
                    let value = self.read_local(path.root);
                    let open = self.open(value, &path.steps, &mut leaves)?;
                    roots.push((path.root, open));
                }
            }
        }
        Some((roots, leaves))
    }

    /// Writes what the `inout` arguments became back to their variables.
    pub(super) fn close_all(&mut self, roots: &[OpenRoot<'db>], values: &[Value]) -> Option<()> {
        for (root, open) in roots {
            let closed = self.close(open, values)?;
            self.write_local(*root, closed);
        }
        Some(())
    }

    fn open(&mut self, value: Value, steps: &[Step], leaves: &mut Vec<Value>) -> Option<Open<'db>> {
        let Some((step, rest)) = steps.split_first() else {
            leaves.push(value);
            return Some(Open::Leaf(leaves.len() - 1));
        };
        let ty = self.b.ty(value);
        Some(match *step {
            Step::Field(index) => self.open_part(value, None, index, rest, leaves)?,
            Step::Part { case, index } => self.open_part(value, Some(case), index, rest, leaves)?,
            step @ (Step::Index { .. } | Step::FromEnd(_)) => {
                let (index, at) = self.element_index(value, step)?;
                let element = self.element_ty(value)?;
                let site = self.blaming(at, |this| this.site());
                let results = self.b.emit_all(Op::ListTake(value, index), &[ty, element], site);
                let inner = Box::new(self.open(results[1], rest, leaves)?);
                Open::List { list: results[0], index, inner }
            }
            Step::Key { key, at, default } => {
                let (map, place, inner) = self.blaming(at, |this| this.take_entry(value, key, default))?;
                let inner = Box::new(self.open(inner, rest, leaves)?);
                Open::Map { map, key, place, inner }
            }
        })
    }

    fn open_part(
        &mut self,
        value: Value,
        case: Option<u32>,
        index: u32,
        rest: &[Step],
        leaves: &mut Vec<Value>,
    ) -> Option<Open<'db>> {
        let ty = self.b.ty(value);
        let parts = self.take_apart(value, case)?;
        let inner = self.open(*parts.get(index as usize)?, rest, leaves)?;
        Some(Open::Parts { ty, case, parts, open: vec![(index, inner)] })
    }

    /// The index of an element that a step leads to, and what it is blamed on if there is none.
    fn element_index(&mut self, list: Value, step: Step) -> Option<(Value, ExprId)> {
        match step {
            Step::Index { index, at } => Some((index, at)),
            Step::FromEnd(back) => Some((self.index_from_end(list, back), self.at)),
            _ => self.refuse("an element of something else than a list"),
        }
    }

    /// Opens another place of a value that is open already.
    fn open_more(&mut self, open: &mut Open<'db>, steps: &[Step], leaves: &mut Vec<Value>) -> Option<()> {
        if let (
            Open::Parts { parts, open, .. },
            Some((Step::Field(index) | Step::Part { index, .. }, rest)),
        ) = (open, steps.split_first())
        {
            match open.iter_mut().find(|(other, _)| other == index) {
                Some((_, inner)) => self.open_more(inner, rest, leaves)?,
                None => {
                    let inner = self.open(*parts.get(*index as usize)?, rest, leaves)?;
                    open.push((*index, inner));
                }
            }
            return Some(());
        }
        self.refuse("a call that changes two parts of one list or map")
    }

    fn close(&mut self, open: &Open<'db>, values: &[Value]) -> Option<Value> {
        Some(match open {
            Open::Leaf(index) => *values.get(*index)?,
            Open::Parts { ty, case, parts, open } => {
                let mut parts = parts.clone();
                for (index, inner) in open {
                    parts[*index as usize] = self.close(inner, values)?;
                }
                self.put_together(*case, parts, *ty)
            }
            Open::List { list, index, inner } => {
                let value = self.close(inner, values)?;
                let ty = self.b.ty(*list);
                self.emit(Op::ListPut { list: *list, index: *index, value }, ty)
            }
            Open::Map { map, key, place, inner } => {
                let value = self.close(inner, values)?;
                let (args, unit) = (self.map_args(*map)?, Ty::unit(self.program.db()));
                let tys = [unit, self.b.ty(*map)];
                self.call_std(("map_impl", "put_back"), args, vec![*map, *place, *key, value], &tys)?[1]
            }
        })
    }

    /// Replaces one part of a value.
    fn replace(&mut self, around: Value, step: Step, value: Value) -> Option<Value> {
        let ty = self.b.ty(around);
        Some(match step {
            Step::Field(index) => self.replace_part(around, None, index, value)?,
            Step::Part { case, index } => self.replace_part(around, Some(case), index, value)?,
            Step::FromEnd(back) => {
                let index = self.index_from_end(around, back);
                self.emit(Op::ListSet { list: around, index, value }, ty)
            }
            Step::Index { index, at } => {
                self.blaming(at, |this| this.emit(Op::ListSet { list: around, index, value }, ty))
            }
            Step::Key { key, .. } => self.insert(around, key, value)?,
        })
    }

    fn replace_part(&mut self, around: Value, case: Option<u32>, index: u32, value: Value) -> Option<Value> {
        let ty = self.b.ty(around);
        let mut parts = self.take_apart(around, case)?;
        *parts.get_mut(index as usize)? = value;
        Some(self.put_together(case, parts, ty))
    }

    /// Takes a record or tuple apart, or a value that is known to be of a case.
    fn take_apart(&mut self, base: Value, case: Option<u32>) -> Option<Vec<Value>> {
        let parts = match (shape(self.program, self.b.ty(base)), case) {
            (Shape::Record(parts), None) => Some(parts),
            (Shape::Variant(cases), Some(case)) => cases.into_iter().nth(case as usize),
            _ => None,
        };
        let Some(parts) = parts else { return self.refuse("a part of a value that has none") };
        let tys: Vec<Ty<'db>> = parts.into_iter().map(|ty| lower_ty(self.program, ty)).collect();
        let site = self.site();
        Some(self.b.emit_all(Op::Unpack { base, case, token: false }, &tys, site))
    }

    fn put_together(&mut self, case: Option<u32>, parts: Vec<Value>, ty: Ty<'db>) -> Value {
        match case {
            Some(case) => self.emit(Op::MakeCase { case, parts, reuse: None }, ty),
            None => self.emit(Op::MakeRecord { parts, reuse: None }, ty),
        }
    }

    fn map_args(&mut self, map: Value) -> Option<Vec<Ty<'db>>> {
        match self.b.ty(map).kind(self.program.db()) {
            TyKind::Adt(_, args) if args.len() == 2 => Some(args.clone()),
            _ => self.refuse("a map without the standard library"),
        }
    }

    fn insert(&mut self, map: Value, key: Value, value: Value) -> Option<Value> {
        let (args, ty) = (self.map_args(map)?, self.b.ty(map));
        let old = self.kind_ty(TyKind::Option(self.b.ty(value)));
        Some(self.call_std(("map_impl", "insert"), args, vec![map, key, value], &[old, ty])?[1])
    }

    /// Takes the value of a key out of a map; where there is none, the default, or a trap. Gives the map without it, the
    /// place for it, and the value. So a value in a map is changed in place, like an element of a list.
    fn take_entry(
        &mut self,
        map: Value,
        key: Value,
        default: Option<ExprId>,
    ) -> Option<(Value, Value, Value)> {
        let args = self.map_args(map)?;
        let (ty, u32_ty) = (args[1], self.u32_ty());
        let option = self.kind_ty(TyKind::Option(ty));
        let pair = self.kind_ty(TyKind::Tuple(vec![option, u32_ty]));
        let tys = [pair, self.b.ty(map)];
        let taken = self.call_std(("map_impl", "take"), args, vec![map, key], &tys)?;
        let (map, found) = (taken[1], self.emit(Op::Field(taken[0], 0), option));
        let place = self.emit(Op::Field(taken[0], 1), u32_ty);
        let (some, none, join) = (self.b.block(), self.b.block(), self.b.block());
        let result = self.b.variable(ty, None);
        let is_some = self.has_case(found, 1);
        self.b.branch(is_some, some, none);
        if self.b.go_sealed(none).is_some() {
            match default {
                Some(default) => {
                    if let Some(value) = self.expr(default) {
                        self.b.write(result, value);
                        self.b.jump(join);
                    }
                }
                None => self.trap(TrapKind::Key, None),
            }
        }
        if self.b.go_sealed(some).is_some() {
            let value = self.emit(Op::CasePart { base: found, case: 1, part: 0 }, ty);
            self.b.write(result, value);
            self.b.jump(join);
        }
        self.b.go_sealed(join)?;
        Some((map, place, self.b.read(result)))
    }
}
