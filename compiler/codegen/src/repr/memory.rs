//! Code that moves values between locals and memory.

use super::{Repr, Reprs, Scalar};
use crate::lir::{Builder, LoadOp, NumOp, Reg, StoreOp, Val};
use dot_types::{FloatKind, IntKind, Ty};

/// How a scalar is loaded and stored.
const fn access(scalar: Scalar) -> (LoadOp, StoreOp) {
    match scalar {
        Scalar::Int(IntKind::U64 | IntKind::S64) => (LoadOp::I64, StoreOp::I64),
        Scalar::Float(FloatKind::F32) => (LoadOp::F32, StoreOp::F32),
        Scalar::Float(FloatKind::F64) => (LoadOp::F64, StoreOp::F64),
        Scalar::Int(IntKind::S8) => (LoadOp::I32S8, StoreOp::I32As8),
        Scalar::Int(IntKind::S16) => (LoadOp::I32S16, StoreOp::I32As16),
        _ => match scalar.size() {
            1 => (LoadOp::I32U8, StoreOp::I32As8),
            2 => (LoadOp::I32U16, StoreOp::I32As16),
            _ => (LoadOp::I32, StoreOp::I32),
        },
    }
}

/// How a variant's index is loaded and stored.
pub(crate) const fn tag_access(bytes: u32) -> (LoadOp, StoreOp) {
    access(Scalar::Enum(bytes))
}

/// One core value of a type in memory: where it is and how it is loaded and stored.
type Slot = (u32, LoadOp, StoreOp);

impl<'db> Reprs<'_, 'db> {
    /// Loads a value.
    pub fn load(&self, b: &mut Builder<'db>, ty: Ty<'db>, base: Reg, offset: u32) -> Vec<Reg> {
        self.load_repr(b, &self.repr(ty), base, offset)
    }

    /// Loads what a representation takes.
    pub fn load_repr(&self, b: &mut Builder<'db>, repr: &Repr<'db>, base: Reg, offset: u32) -> Vec<Reg> {
        match repr {
            Repr::Record(fields) => self.load_parts(b, fields, &self.record(fields, 0).offsets, base, offset),
            Repr::Variant(cases) => self.load_variant(b, cases, base, offset),
            _ => self.slots(repr).into_iter().map(|(at, load, _)| b.load(load, base, offset + at)).collect(),
        }
    }

    /// Loads several values at these offsets.
    pub fn load_parts(
        &self,
        b: &mut Builder<'db>,
        parts: &[Ty<'db>],
        offsets: &[u32],
        base: Reg,
        offset: u32,
    ) -> Vec<Reg> {
        parts.iter().zip(offsets).flat_map(|(part, at)| self.load(b, *part, base, offset + at)).collect()
    }

    /// Stores a value.
    pub fn store(&self, b: &mut Builder<'db>, ty: Ty<'db>, base: Reg, offset: u32, value: &[Reg]) {
        self.store_repr(b, &self.repr(ty), base, offset, value);
    }

    /// Stores what a representation takes.
    pub fn store_repr(&self, b: &mut Builder<'db>, repr: &Repr<'db>, base: Reg, offset: u32, value: &[Reg]) {
        match repr {
            Repr::Record(fields) => {
                self.store_parts(b, fields, &self.record(fields, 0).offsets, (base, offset), value);
            }
            Repr::Variant(cases) => self.store_variant(b, cases, (base, offset), value),
            _ => {
                for ((at, _, store), reg) in self.slots(repr).into_iter().zip(value) {
                    b.store(store, base, offset + at, *reg);
                }
            }
        }
    }

    /// Stores several values at these offsets.
    pub fn store_parts(
        &self,
        b: &mut Builder<'db>,
        parts: &[Ty<'db>],
        offsets: &[u32],
        (base, offset): (Reg, u32),
        value: &[Reg],
    ) {
        let mut rest = value;
        for (part, at) in parts.iter().zip(offsets) {
            let (mine, others) = rest.split_at(self.flat(*part).len());
            self.store(b, *part, base, offset + at, mine);
            rest = others;
        }
    }

    /// The slots of what has no parts.
    fn slots(&self, repr: &Repr<'db>) -> Vec<Slot> {
        const WORD: (LoadOp, StoreOp) = (LoadOp::I32, StoreOp::I32);
        match repr {
            Repr::Scalar(scalar) => {
                let (load, store) = access(*scalar);
                vec![(0, load, store)]
            }
            Repr::List(_) => vec![(0, WORD.0, WORD.1), (4, WORD.0, WORD.1)],
            Repr::Closure | Repr::Boxed | Repr::Handle => vec![(0, WORD.0, WORD.1)],
            Repr::Record(_) | Repr::Variant(_) => Vec::new(),
        }
    }

    /// The slots of a row of values, when each core value is at a fixed place whatever the cases.
    fn fixed_slots(&self, parts: &[Ty<'db>], offsets: &[u32]) -> Option<Vec<Slot>> {
        let mut slots = Vec::new();
        for (part, offset) in parts.iter().zip(offsets) {
            let inner = match &*self.repr(*part) {
                Repr::Record(fields) => self.fixed_slots(fields, &self.record(fields, 0).offsets)?,
                Repr::Variant(cases) => {
                    let (load, store) = tag_access(self.variant(cases).tag);
                    let mut slots = vec![(0, load, store)];
                    slots.extend(self.uniform_slots(cases)?);
                    slots
                }
                repr => self.slots(repr),
            };
            slots.extend(inner.into_iter().map(|(at, load, store)| (at + offset, load, store)));
        }
        Some(slots)
    }

    /// The slots of a variant's joined payload, when they are the same in all cases that have them: then no
    /// case need be told from another to load or store it.
    fn uniform_slots(&self, cases: &[Vec<Ty<'db>>]) -> Option<Vec<Slot>> {
        let layout = self.variant(cases);
        let mut all: Vec<Slot> = Vec::new();
        for (case, offsets) in cases.iter().zip(&layout.cases) {
            let slots = self.fixed_slots(case, offsets)?;
            let common = slots.len().min(all.len());
            if slots[..common] != all[..common] {
                return None;
            }
            all.extend(&slots[common..]);
        }
        // What all share is a row of one case's own slots, which don't overlap.
        Some(all)
    }

    fn load_variant(&self, b: &mut Builder<'db>, cases: &[Vec<Ty<'db>>], base: Reg, offset: u32) -> Vec<Reg> {
        let layout = self.variant(cases);
        let tag = b.load(tag_access(layout.tag).0, base, offset);
        let payload = self.flat_payload(cases);
        let mut value = vec![tag];
        if payload.is_empty() {
            return value;
        }
        if let Some(slots) = self.uniform_slots(cases) {
            for ((at, load, _), val) in slots.into_iter().zip(payload) {
                let loaded = b.load(load, base, offset + at);
                value.push(to_slot(b, loaded, val));
            }
            return value;
        }
        let after = b.block(&payload);
        let labels: Vec<_> = cases.iter().map(|_| b.block(&[])).collect();
        b.switch(tag, labels.clone(), labels[0]);
        for ((case, offsets), label) in cases.iter().zip(&layout.cases).zip(labels) {
            b.at(label);
            let loaded = self.load_parts(b, case, offsets, base, offset);
            let joined = to_payload(b, &loaded, &payload);
            b.jump(after, &joined);
        }
        b.at(after);
        value.extend(b.params_of(after));
        value
    }

    fn store_variant(&self, b: &mut Builder<'db>, cases: &[Vec<Ty<'db>>], at: (Reg, u32), value: &[Reg]) {
        let layout = self.variant(cases);
        let (tag, payload) = (value[0], &value[1..]);
        b.store(tag_access(layout.tag).1, at.0, at.1, tag);
        let known = b.constant(tag).and_then(|tag| usize::try_from(tag).ok());
        if let Some(case) = known.filter(|case| *case < cases.len()) {
            return self.store_case(b, cases, case, at, payload);
        }
        if let Some(slots) = self.uniform_slots(cases) {
            for ((place, load, store), slot) in slots.into_iter().zip(payload) {
                let stored = from_slot(b, *slot, load.spec().1);
                b.store(store, at.0, at.1 + place, stored);
            }
            return;
        }
        let after = b.block(&[]);
        let labels: Vec<_> = cases.iter().map(|_| b.block(&[])).collect();
        b.switch(tag, labels.clone(), labels[0]);
        for (case, label) in labels.into_iter().enumerate() {
            b.at(label);
            self.store_case(b, cases, case, at, payload);
            b.jump(after, &[]);
        }
        b.at(after);
    }

    fn store_case(
        &self,
        b: &mut Builder<'db>,
        cases: &[Vec<Ty<'db>>],
        case: usize,
        at: (Reg, u32),
        payload: &[Reg],
    ) {
        let parts = self.from_payload(b, &cases[case], payload);
        self.store_parts(b, &cases[case], &self.variant(cases).cases[case], at, &parts);
    }

    /// What a case carries, out of the joined payload.
    pub fn from_payload(&self, b: &mut Builder<'db>, parts: &[Ty<'db>], payload: &[Reg]) -> Vec<Reg> {
        let vals = self.flat_all(parts);
        vals.into_iter().zip(payload).map(|(val, slot)| from_slot(b, *slot, val)).collect()
    }
}

/// What a case carries as a joined payload; positions that the case doesn't have are zero.
pub(crate) fn to_payload(b: &mut Builder<'_>, parts: &[Reg], payload: &[Val]) -> Vec<Reg> {
    let mut slots = Vec::with_capacity(payload.len());
    for (n, val) in payload.iter().enumerate() {
        slots.push(match parts.get(n) {
            Some(part) => to_slot(b, *part, *val),
            None => b.zero(*val),
        });
    }
    slots
}

/// A core value as one of a joined type.
pub(crate) fn to_slot(b: &mut Builder<'_>, reg: Reg, to: Val) -> Reg {
    match (b.val(reg), to) {
        (Val::F32, Val::I32) => b.num(NumOp::I32ReinterpretF32, &[reg]),
        (Val::I32, Val::I64) => b.num(NumOp::I64ExtendI32U, &[reg]),
        (Val::F32, Val::I64) => {
            let bits = b.num(NumOp::I32ReinterpretF32, &[reg]);
            b.num(NumOp::I64ExtendI32U, &[bits])
        }
        (Val::F64, Val::I64) => b.num(NumOp::I64ReinterpretF64, &[reg]),
        _ => reg,
    }
}

/// The other way.
pub(crate) fn from_slot(b: &mut Builder<'_>, reg: Reg, to: Val) -> Reg {
    match (b.val(reg), to) {
        (Val::I32, Val::F32) => b.num(NumOp::F32ReinterpretI32, &[reg]),
        (Val::I64, Val::I32) => b.num(NumOp::I32WrapI64, &[reg]),
        (Val::I64, Val::F32) => {
            let bits = b.num(NumOp::I32WrapI64, &[reg]);
            b.num(NumOp::F32ReinterpretI32, &[bits])
        }
        (Val::I64, Val::F64) => b.num(NumOp::F64ReinterpretI64, &[reg]),
        _ => reg,
    }
}
