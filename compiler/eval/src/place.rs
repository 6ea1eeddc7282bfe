//! Places: reading, writing, and lending them to calls.
//!
//! A place's indices and keys are evaluated first, from left to right; the place with their values is a
//! [`Resolved`] one. An `inout` argument is *taken*: its value is moved out of the variable, the call changes it
//! in place, and it is put back. Nobody can look at the gap: places of one call don't overlap, and closures hold
//! copies.

use crate::expr::{index_message, key_message};
use crate::failure::Cause;
use crate::machine::{Flow, Frame, Machine, Number};
use crate::value::Value;
use dot_types::thir::{AssignOp, BinaryOp, ExprId, LocalId, Place, Projection, TrapKind};
use dot_types::{AdtShape, Ty, TyKind};
use std::sync::Arc;

/// A place whose indices and keys have values.
pub(crate) struct Resolved<'db> {
    root: LocalId,
    steps: Vec<Step<'db>>,
}

/// A step into a value. What it can trap with is blamed on the expression of its index or key.
enum Step<'db> {
    Field(u32),
    Part { case: u32, index: u32 },
    Index { index: i128, at: ExprId },
    FromEnd(u32),
    Key { key: Value<'db>, ty: Ty<'db>, at: ExprId, default: Option<ExprId> },
}

impl Step<'_> {
    /// The expression that a trap of this step is blamed on.
    fn at(&self) -> Option<ExprId> {
        match self {
            Self::Field(_) | Self::Part { .. } | Self::FromEnd(_) => None,
            Self::Index { at, .. } | Self::Key { at, .. } => Some(*at),
        }
    }
}

impl<'db> Machine<'_, 'db> {
    /// Evaluates a place's indices and keys.
    pub(crate) fn resolve(&mut self, frame: &mut Frame<'db>, place: &Place) -> Flow<'db, Resolved<'db>> {
        let mut steps = Vec::with_capacity(place.path.len());
        for step in &place.path {
            steps.push(match step {
                Projection::Field(index) => Step::Field(*index),
                Projection::Part { case, index } => Step::Part { case: *case, index: *index },
                Projection::FromEnd(back) => Step::FromEnd(*back),
                Projection::Index(at) => {
                    let value = self.eval(frame, *at)?;
                    Step::Index { index: value.as_int().ok_or_else(|| frame.malformed(*at))?, at: *at }
                }
                Projection::Key { key: at, default } => {
                    let (key, ty) = (self.eval(frame, *at)?, frame.ty(self.db, *at));
                    Step::Key { key, ty, at: *at, default: *default }
                }
            });
        }
        Ok(Resolved { root: place.root, steps })
    }

    /// Moves a place's value out, to be put back.
    pub(crate) fn take(&mut self, frame: &mut Frame<'db>, id: ExprId, place: &Resolved<'db>) -> Flow<'db> {
        self.fill_defaults(frame, id, place)?;
        let slot = self.reach(frame, id, place.root, &place.steps)?;
        Ok(std::mem::replace(slot, Value::Unit))
    }

    /// Writes a value to a place as a whole; a key that is not there is inserted.
    pub(crate) fn put(
        &mut self,
        frame: &mut Frame<'db>,
        id: ExprId,
        place: &Resolved<'db>,
        value: Value<'db>,
    ) -> Flow<'db, ()> {
        let Some((Step::Key { key, ty, .. }, before)) = place.steps.split_last() else {
            *self.reach(frame, id, place.root, &place.steps)? = value;
            return Ok(());
        };
        if let Value::Map(map) = self.reach(frame, id, place.root, before)? {
            self.insert_in(*ty, Arc::make_mut(map), key.clone(), value)?;
        }
        Ok(())
    }

    /// An assignment, compound or not.
    pub(crate) fn assign(
        &mut self,
        frame: &mut Frame<'db>,
        place: &Place,
        op: Option<AssignOp>,
        value: ExprId,
    ) -> Flow<'db, ()> {
        let resolved = self.resolve(frame, place)?;
        let right = self.eval(frame, value)?;
        let Some(op) = op else {
            // The entries that a last key stands in may start from a default; the entry itself doesn't.
            if let Some((Step::Key { .. }, before)) = resolved.steps.split_last() {
                self.fill_default_steps(frame, value, resolved.root, before)?;
            } else {
                self.fill_defaults(frame, value, &resolved)?;
            }
            return self.put(frame, value, &resolved, right);
        };
        let mut left = self.take(frame, value, &resolved)?;
        match op {
            AssignOp::Append => self.append(&mut left, &right).map_err(|cause| frame.fail(value, cause))?,
            AssignOp::Binary(op) => {
                let numbers = match op {
                    // The count of a shift has a type of its own.
                    BinaryOp::Shl | BinaryOp::Shr => Number::of(self.db, self.place_ty(frame, place)),
                    _ => frame.instance.numbers[value.0 as usize],
                };
                left = self.binary(frame, value, op, numbers, &left, &right)?;
            }
        }
        self.put(frame, value, &resolved, left)
    }

    /// Appends to a string or list in place.
    pub(crate) fn append(&mut self, left: &mut Value<'db>, right: &Value<'db>) -> Result<(), Cause> {
        match (left, right) {
            (Value::String(left), Value::String(right)) => {
                self.grow_string(left.len() + right.len(), right.len())?;
                self.own(left, |text| text.len() / 8)?.push_str(right);
            }
            (Value::List(left), Value::List(right)) => {
                self.grow_list(left.0.len() + right.0.len(), right.0.len())?;
                let more = right.0.iter().cloned();
                self.own(left, |parts| parts.0.len())?.0.extend(more);
            }
            _ => return Err(Cause::Internal("appending to what can't be appended to".to_owned())),
        }
        Ok(())
    }

    /// Makes shared data one's own, paying for the copy.
    pub(crate) fn own<'v, T: Clone>(
        &mut self,
        shared: &'v mut Arc<T>,
        size: impl Fn(&T) -> usize,
    ) -> Result<&'v mut T, Cause> {
        if Arc::strong_count(shared) > 1 {
            self.burn(size(shared))?;
        }
        Ok(Arc::make_mut(shared))
    }

    /// Inserts the defaults of the keys on the way that are not there.
    fn fill_defaults(&mut self, frame: &mut Frame<'db>, id: ExprId, place: &Resolved<'db>) -> Flow<'db, ()> {
        self.fill_default_steps(frame, id, place.root, &place.steps)
    }

    fn fill_default_steps(
        &mut self,
        frame: &mut Frame<'db>,
        id: ExprId,
        root: LocalId,
        steps: &[Step<'db>],
    ) -> Flow<'db, ()> {
        for (index, step) in steps.iter().enumerate() {
            let Step::Key { key, ty, default: Some(default), .. } = step else { continue };
            let Value::Map(map) = self.reach(frame, id, root, &steps[..index])? else {
                return Err(frame.malformed(id));
            };
            let there = self.key_in(*ty, map, key)?;
            if map.get(&there).is_some() {
                continue;
            }
            let value = self.eval(frame, *default)?;
            if let Value::Map(map) = self.reach(frame, id, root, &steps[..index])? {
                Arc::make_mut(map).insert(key.clone(), value);
            }
        }
        Ok(())
    }

    /// The value at the end of a way, to be changed: everything on the way becomes the variable's own.
    fn reach<'f>(
        &mut self,
        frame: &'f mut Frame<'db>,
        id: ExprId,
        root: LocalId,
        steps: &[Step<'db>],
    ) -> Flow<'db, &'f mut Value<'db>> {
        let item = frame.instance.item;
        let mut slot = frame.local(root);
        for step in steps {
            let key = match (step, &*slot) {
                (Step::Key { key, ty, .. }, Value::Map(map)) if key.may_hold_own() => {
                    Some(self.key_in(*ty, map, key)?)
                }
                _ => None,
            };
            slot = self.step(slot, step, key.as_ref()).map_err(|cause| {
                let mut failure = crate::Failure::new(cause);
                failure.trace.push((item, step.at().unwrap_or(id)));
                crate::machine::Exit::Fail(Box::new(failure))
            })?;
        }
        Ok(slot)
    }

    /// `found` is the key of the map that is meant by that of the step, if they may differ.
    fn step<'f>(
        &mut self,
        slot: &'f mut Value<'db>,
        step: &Step<'db>,
        found: Option<&Value<'db>>,
    ) -> Result<&'f mut Value<'db>, Cause> {
        let trap = |kind, message| Cause::Trap { kind, message };
        match (step, slot) {
            (Step::Field(index), Value::Tuple(parts)) => {
                let parts = self.own(parts, |parts| parts.0.len())?;
                parts.0.get_mut(*index as usize).ok_or_else(malformed)
            }
            (Step::Part { case, index }, Value::Case(value)) => {
                let value = self.own(value, |value| value.parts.0.len())?;
                if value.case != *case {
                    return Err(malformed());
                }
                value.parts.0.get_mut(*index as usize).ok_or_else(malformed)
            }
            (Step::FromEnd(back), Value::List(items)) => {
                let items = self.own(items, |items| items.0.len())?;
                let at = items.0.len().checked_sub(*back as usize);
                at.and_then(|at| items.0.get_mut(at)).ok_or_else(malformed)
            }
            (Step::Index { index, .. }, Value::List(items)) => {
                let len = items.0.len();
                let items = self.own(items, |items| items.0.len())?;
                let item = usize::try_from(*index).ok().and_then(|index| items.0.get_mut(index));
                item.ok_or_else(|| trap(TrapKind::Index, index_message(*index, len)))
            }
            (Step::Key { key, .. }, Value::Map(map)) => {
                let map = self.own(map, crate::map::MapValue::len)?;
                map.get_mut(found.unwrap_or(key)).ok_or_else(|| trap(TrapKind::Key, key_message(key)))
            }
            _ => Err(malformed()),
        }
    }

    /// The type of what a place holds.
    fn place_ty(&self, frame: &Frame<'db>, place: &Place) -> Ty<'db> {
        let db = self.db;
        let mut ty = frame.instance.body.local(place.root).ty.substitute(db, &frame.instance.type_args);
        for step in &place.path {
            ty = match (step, ty.kind(db)) {
                (Projection::Field(index), TyKind::Tuple(parts)) => {
                    parts.get(*index as usize).copied().unwrap_or(ty)
                }
                (Projection::Field(index), TyKind::Adt(item, args)) => {
                    let field = self.program.adt(*item).and_then(|def| match &def.shape {
                        AdtShape::Record(fields) | AdtShape::Resource(fields) => fields.get(*index as usize),
                        AdtShape::Variant(_) | AdtShape::Flags(_) => None,
                    });
                    field.map_or(ty, |field| field.ty.substitute(db, args))
                }
                (Projection::Part { index, .. }, TyKind::Option(item)) if *index == 0 => *item,
                (Projection::Part { case, .. }, TyKind::Result(ok, err)) => {
                    if *case == 0 {
                        *ok
                    } else {
                        *err
                    }
                }
                (Projection::Part { case, index }, TyKind::Adt(item, args)) => {
                    let part = self.program.adt(*item).and_then(|def| match &def.shape {
                        AdtShape::Variant(cases) => cases.get(*case as usize)?.parts.get(*index as usize),
                        AdtShape::Record(_) | AdtShape::Resource(_) | AdtShape::Flags(_) => None,
                    });
                    part.map_or(ty, |part| part.ty.substitute(db, args))
                }
                (
                    Projection::Index(_) | Projection::FromEnd(_),
                    TyKind::List(item) | TyKind::FixedList(item, _),
                )
                | (Projection::Key { .. }, TyKind::Map(_, item)) => *item,
                _ => ty,
            };
        }
        ty
    }
}

fn malformed() -> Cause {
    Cause::Internal("a place that its variable doesn't have".to_owned())
}
