//! Structural operations on values that hold such of opaque types with operations of their own
//! (see [`dot_types::own`]): where one is met, the machine calls its method.
//!
//! Unlike those in [`structural`], these walks need types. They recurse; the stack grows where a value nests deeply.

use crate::encoding::{cases, record_parts};
use crate::expr::holds;
use crate::machine::{Exit, Flow, Machine};
use crate::map::MapValue;
use crate::structural::{self, fold, mix};
use crate::value::Value;
use dot_types::own::{Operation, holds_own, own_operation};
use dot_types::thir::CompareOp;
use dot_types::{Intrinsic, Ty, TyKind};
use std::cmp::Ordering;
use std::sync::Arc;

/// How keys are ordered and values printed where more than their structure may count.
pub(crate) trait Ways<'db> {
    /// The order of two keys.
    fn compare(&mut self, ty: Ty<'db>, left: &Value<'db>, right: &Value<'db>) -> Ordering;

    /// The text of a value that says itself how it prints.
    fn show(&mut self, ty: Ty<'db>, value: &Value<'db>) -> Option<String>;
}

/// By their structure alone.
pub(crate) struct ByStructure;

impl<'db> Ways<'db> for ByStructure {
    fn compare(&mut self, _: Ty<'db>, left: &Value<'db>, right: &Value<'db>) -> Ordering {
        structural::compare(left, right)
    }

    fn show(&mut self, _: Ty<'db>, _: &Value<'db>) -> Option<String> {
        None
    }
}

/// As their types say. The first call that doesn't end normally is kept; what is found after it means nothing.
struct ByMethods<'m, 'p, 'db> {
    machine: &'m mut Machine<'p, 'db>,
    exit: Option<Exit<'db>>,
}

impl<'db> ByMethods<'_, '_, 'db> {
    fn keep<T>(&mut self, found: Flow<'db, T>) -> Option<T> {
        found.map_err(|exit| self.exit = Some(exit)).ok()
    }
}

impl<'db> Ways<'db> for ByMethods<'_, '_, 'db> {
    fn compare(&mut self, ty: Ty<'db>, left: &Value<'db>, right: &Value<'db>) -> Ordering {
        if self.exit.is_some() {
            return Ordering::Equal;
        }
        let order = self.machine.order(ty, left, right);
        self.keep(order).unwrap_or(Ordering::Equal)
    }

    fn show(&mut self, ty: Ty<'db>, value: &Value<'db>) -> Option<String> {
        if self.exit.is_some() {
            return None;
        }
        let shown = self.machine.own_text(ty, value);
        self.keep(shown)?
    }
}

/// The entries of a map in the order of its keys.
pub(crate) fn sorted<'v, 'db>(
    ways: &mut dyn Ways<'db>,
    db: &'db dyn dot_db::Db,
    key: Ty<'db>,
    map: &'v MapValue<'db>,
) -> Vec<(&'v Value<'db>, &'v Value<'db>)> {
    if !holds_own(db, key) {
        return map.sorted().collect();
    }
    // By insertion, which ends whatever the method says.
    let mut out: Vec<(&Value<'db>, &Value<'db>)> = Vec::with_capacity(map.len());
    for entry in map.iter() {
        let at = out.partition_point(|other| ways.compare(key, other.0, entry.0).is_le());
        out.insert(at, entry);
    }
    out
}

/// A value taken apart: its case, and its parts with their types.
type Opened<'v, 'db> = (u32, Vec<(&'v Value<'db>, Ty<'db>)>);

/// When less of the stack than this is left, a walk goes on in a new segment.
const RED_ZONE: usize = 1 << 20;
/// How large a new segment is.
const SEGMENT: usize = 16 << 20;

impl<'db> Machine<'_, 'db> {
    /// `==`, `<` and their like, between two values of a type.
    pub(crate) fn compared(
        &mut self,
        op: CompareOp,
        ty: Ty<'db>,
        left: &Value<'db>,
        right: &Value<'db>,
    ) -> Flow<'db, bool> {
        Ok(match op {
            CompareOp::Eq => self.equal(ty, left, right)?,
            CompareOp::Ne => !self.equal(ty, left, right)?,
            _ => holds(op, self.order(ty, left, right)?),
        })
    }

    /// Whether two values of a type are equal.
    pub(crate) fn equal(&mut self, ty: Ty<'db>, left: &Value<'db>, right: &Value<'db>) -> Flow<'db, bool> {
        if !holds_own(self.db, ty) {
            return Ok(structural::equal(left, right));
        }
        if let Some(said) = self.call_own(Operation::Equal, ty, &[left, right])? {
            return Ok(said == Value::Bool(true));
        }
        stacker::maybe_grow(RED_ZONE, SEGMENT, || self.equal_parts(ty, left, right))
    }

    fn equal_parts(&mut self, ty: Ty<'db>, left: &Value<'db>, right: &Value<'db>) -> Flow<'db, bool> {
        if let (Some((key, item)), Some(a), Some(b)) = (entry_tys(self.db, ty), left.as_map(), right.as_map())
        {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (k, value) in a.iter() {
                let place = self.key_in(key, b, k)?;
                let Some(other) = b.get(&place) else { return Ok(false) };
                if !self.equal(item, value, other)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let ((case_a, a), (case_b, b)) = (self.open(ty, left), self.open(ty, right));
        if case_a != case_b || a.len() != b.len() {
            return Ok(false);
        }
        for ((a, ty), (b, _)) in a.into_iter().zip(b) {
            if !self.equal(ty, a, b)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The total order of two values of a type.
    pub(crate) fn order(
        &mut self,
        ty: Ty<'db>,
        left: &Value<'db>,
        right: &Value<'db>,
    ) -> Flow<'db, Ordering> {
        if !holds_own(self.db, ty) {
            return Ok(structural::compare(left, right));
        }
        if let Some(said) = self.call_own(Operation::Compare, ty, &[left, right])? {
            return Ok(said.as_case().map_or(Ordering::Equal, |(case, _)| case.cmp(&1)));
        }
        stacker::maybe_grow(RED_ZONE, SEGMENT, || self.order_parts(ty, left, right))
    }

    fn order_parts(&mut self, ty: Ty<'db>, left: &Value<'db>, right: &Value<'db>) -> Flow<'db, Ordering> {
        let ((case_a, a), (case_b, b)) = match (entry_tys(self.db, ty), left.as_map(), right.as_map()) {
            (Some(tys), Some(a), Some(b)) => {
                ((0, self.sorted_parts(tys, a)?), (0, self.sorted_parts(tys, b)?))
            }
            _ => (self.open(ty, left), self.open(ty, right)),
        };
        let mut order = case_a.cmp(&case_b);
        let lengths = a.len().cmp(&b.len());
        for ((a, ty), (b, _)) in a.into_iter().zip(b) {
            if order.is_ne() {
                break;
            }
            order = self.order(ty, a, b)?;
        }
        Ok(order.then(lengths))
    }

    /// The hash of a value of a type.
    pub(crate) fn hash(&mut self, ty: Ty<'db>, value: &Value<'db>) -> Flow<'db, u64> {
        Ok(fold(self.hash_into(0, ty, value)?))
    }

    fn hash_into(&mut self, state: u64, ty: Ty<'db>, value: &Value<'db>) -> Flow<'db, u64> {
        if !holds_own(self.db, ty) {
            return Ok(structural::hash_into(state, value));
        }
        if let Some(said) = self.call_own(Operation::Hash, ty, &[value])? {
            return Ok(mix(state, said.as_int().unwrap_or(0) as u64));
        }
        stacker::maybe_grow(RED_ZONE, SEGMENT, || self.hash_parts(state, ty, value))
    }

    fn hash_parts(&mut self, state: u64, ty: Ty<'db>, value: &Value<'db>) -> Flow<'db, u64> {
        if let (Some((key_ty, item_ty)), Some(map)) = (entry_tys(self.db, ty), value.as_map()) {
            let mut sum: u64 = 0;
            for (key, value) in map.iter() {
                let own = self.hash_into(0, key_ty, key)?;
                sum = sum.wrapping_add(fold(self.hash_into(own, item_ty, value)?));
            }
            return Ok(mix(mix(state, map.len() as u64), sum));
        }
        let (case, parts) = self.open(ty, value);
        let mut state = match value {
            Value::List(_) => mix(state, parts.len() as u64),
            Value::Bare(_) | Value::Case(_) => mix(state, case.into()),
            _ => state,
        };
        for (part, ty) in parts {
            state = self.hash_into(state, ty, part)?;
        }
        Ok(state)
    }

    /// The text of a value at the top of an interpolation.
    pub(crate) fn text(&mut self, ty: Ty<'db>, value: &Value<'db>) -> Flow<'db, String> {
        let program = self.program;
        if !holds_own(self.db, ty) {
            return Ok(crate::show::show(program, value, ty));
        }
        self.by_methods(|ways| crate::show::show_by(program, ways, value, ty))
    }

    fn own_text(&mut self, ty: Ty<'db>, value: &Value<'db>) -> Flow<'db, Option<String>> {
        let said = self.call_own(Operation::Show, ty, &[value])?;
        Ok(said.and_then(|text| text.as_str().map(str::to_owned)))
    }

    /// The keys and values of a map, in order of keys.
    fn sorted_parts<'v>(
        &mut self,
        (key_ty, value_ty): (Ty<'db>, Ty<'db>),
        map: &'v MapValue<'db>,
    ) -> Flow<'db, Vec<(&'v Value<'db>, Ty<'db>)>> {
        let db = self.db;
        let entries = self.by_methods(|ways| sorted(ways, db, key_ty, map))?;
        Ok(entries.into_iter().flat_map(|(key, value)| [(key, key_ty), (value, value_ty)]).collect())
    }

    /// Does something by the methods of types.
    pub(crate) fn by_methods<T>(&mut self, act: impl FnOnce(&mut dyn Ways<'db>) -> T) -> Flow<'db, T> {
        let mut ways = ByMethods { machine: self, exit: None };
        let done = act(&mut ways);
        ways.exit.map_or(Ok(done), Err)
    }

    /// The key of a map that is equal to this one, or this one if there is none.
    pub(crate) fn key_in(
        &mut self,
        ty: Ty<'db>,
        map: &MapValue<'db>,
        key: &Value<'db>,
    ) -> Flow<'db, Value<'db>> {
        if !holds_own(self.db, ty) {
            return Ok(key.clone());
        }
        let hash = self.hash(ty, key)?;
        for (other, _) in map.iter() {
            if self.hash(ty, other)? == hash && self.equal(ty, other, key)? {
                return Ok(other.clone());
            }
        }
        Ok(key.clone())
    }

    /// Puts a value at a key, whose place it takes if an equal one is there, and gives back what was there.
    pub(crate) fn insert_in(
        &mut self,
        ty: Ty<'db>,
        map: &mut MapValue<'db>,
        key: Value<'db>,
        value: Value<'db>,
    ) -> Flow<'db, Option<Value<'db>>> {
        if holds_own(self.db, ty) {
            let there = self.key_in(ty, map, &key)?;
            map.replace_key(&there, key.clone());
        }
        Ok(map.insert(key, value))
    }

    /// What an operation of std does otherwise for types with operations of their own: all of it, or only to find the
    /// key that is meant, or nothing.
    pub(crate) fn own_intrinsic(
        &mut self,
        op: Intrinsic,
        type_args: &[Ty<'db>],
        args: &mut [Value<'db>],
    ) -> Flow<'db, Option<Value<'db>>> {
        let (Some(ty), Some(last)) = (type_args.first().copied(), args.last()) else { return Ok(None) };
        let looks = match op {
            Intrinsic::Compare | Intrinsic::Hash | Intrinsic::Show => last.may_hold_own(),
            Intrinsic::MapGet
            | Intrinsic::MapInsert
            | Intrinsic::MapRemove
            | Intrinsic::SetContains
            | Intrinsic::SetInsert
            | Intrinsic::SetRemove => args.get(1).is_some_and(Value::may_hold_own),
            _ => false,
        };
        if !looks || !holds_own(self.db, ty) {
            return Ok(None);
        }
        match (op, args) {
            (Intrinsic::Compare, [a, b]) => {
                let order = self.order(ty, a, b)?;
                Ok(Some(Value::Bare(match order {
                    Ordering::Less => 0,
                    Ordering::Equal => 1,
                    Ordering::Greater => 2,
                })))
            }
            (Intrinsic::Hash, [value]) => Ok(Some(Value::int(self.hash(ty, value)?))),
            (Intrinsic::Show, [value]) => Ok(Some(Value::string(self.text(ty, value)?))),
            (
                Intrinsic::MapGet | Intrinsic::MapRemove | Intrinsic::SetContains | Intrinsic::SetRemove,
                [Value::Map(map) | Value::Set(map), key],
            ) => {
                *key = self.key_in(ty, map, key)?;
                Ok(None)
            }
            (Intrinsic::MapInsert | Intrinsic::SetInsert, [Value::Map(map) | Value::Set(map), key, ..]) => {
                let there = self.key_in(ty, map, key)?;
                Arc::make_mut(map).replace_key(&there, key.clone());
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// Calls the method by which a type does this, if it has one.
    fn call_own(
        &mut self,
        op: Operation,
        ty: Ty<'db>,
        operands: &[&Value<'db>],
    ) -> Flow<'db, Option<Value<'db>>> {
        let Some((method, type_args)) = own_operation(self.db, ty, op) else { return Ok(None) };
        let target = self.target(method, Arc::from(type_args));
        let mut args: Vec<Value<'db>> = operands.iter().map(|value| (*value).clone()).collect();
        self.burn(1).map_err(|cause| Exit::Fail(Box::new(crate::Failure::new(cause))))?;
        self.invoke(&target, &mut args).map(Some)
    }

    /// A value's case and parts. A list's are its elements.
    fn open<'v>(&self, ty: Ty<'db>, value: &'v Value<'db>) -> Opened<'v, 'db> {
        match (value, ty.kind(self.db)) {
            (Value::List(items), TyKind::List(item) | TyKind::FixedList(item, _)) => {
                (0, items.0.iter().map(|value| (value, *item)).collect())
            }
            (Value::Tuple(parts), _) => {
                let tys = record_parts(self.program, ty).unwrap_or_default();
                (0, parts.0.iter().zip(tys).collect())
            }
            (value, _) => {
                let Some((case, parts)) = value.as_case() else { return (0, Vec::new()) };
                let tys = cases(self.program, ty).and_then(|cases| cases.into_iter().nth(case as usize));
                (case, parts.iter().zip(tys.unwrap_or_default()).collect())
            }
        }
    }
}

/// The types of the keys and values of a map; for a set the values are units.
fn entry_tys<'db>(db: &'db dyn dot_db::Db, ty: Ty<'db>) -> Option<(Ty<'db>, Ty<'db>)> {
    match ty.kind(db) {
        TyKind::Map(key, value) => Some((*key, *value)),
        TyKind::Set(item) => Some((*item, Ty::unit(db))),
        _ => None,
    }
}
