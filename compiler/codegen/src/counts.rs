//! Counting owners: the code of dup and drop, and of what must be unique before it is changed.

use crate::lir::{Address, Builder, Helper, LoadOp, NumOp, Reg, RuntimeFn, StoreOp, Symbol};
use crate::repr::{Repr, Reprs};
use dot_mir::ir::{Instance, InstanceKind};
use dot_types::{Ty, TyKind};

/// How memory is managed, which is decided for a whole module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Memory {
    /// Owners are counted; what the last one lets go is freed.
    Counted,
    /// Nothing is freed before the exported call ends; then everything is. Owners are still counted upwards, so that
    /// what may be shared isn't changed in place.
    Arena,
}

/// What code is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// How memory is managed.
    pub memory: Memory,
    /// Whether counting is done in place, for speed, where a call is smaller.
    pub inline_counts: bool,
    /// Whether the values that a trap's message may show stay in locals until it could have happened.
    pub keeps_values: bool,
}

/// What every maker of code has at hand.
#[derive(Clone, Copy)]
pub struct Context<'a, 'p, 'db> {
    /// Representations.
    pub reprs: &'a Reprs<'p, 'db>,
    /// What the code is made for.
    pub options: Options,
}

/// Where the count is, before the payload.
const COUNT: i32 = -8;

impl<'db> Context<'_, '_, 'db> {
    /// The instance of glue for a type.
    pub fn glue(&self, kind: InstanceKind<'db>, ty: Ty<'db>) -> Symbol<'db> {
        Symbol::Instance(Instance::new(self.reprs.program().db(), kind, vec![ty]))
    }

    /// Whether a payload is on the heap, so that it has a header.
    pub fn on_heap(&self, b: &mut Builder<'db>, payload: Reg) -> Reg {
        let base = b.address(Address::HeapBase);
        b.num(NumOp::I32GeU, &[payload, base])
    }

    /// One owner more of a payload.
    pub fn retain(&self, b: &mut Builder<'db>, payload: Reg) {
        if self.options.inline_counts {
            let heap = self.on_heap(b, payload);
            b.when(heap, |b| increment(b, payload));
        } else {
            b.helper(Helper::Retain, &[payload], &[]);
        }
    }

    /// Another owner of all that a value holds.
    pub fn dup(&self, b: &mut Builder<'db>, ty: Ty<'db>, value: &[Reg]) {
        match &*self.reprs.repr(ty) {
            Repr::Scalar(_) | Repr::Handle => {}
            Repr::List(_) | Repr::Closure | Repr::Boxed => self.retain(b, value[0]),
            Repr::Record(fields) => {
                self.each(b, fields, value, &mut |b, field, part| self.dup(b, field, part))
            }
            Repr::Variant(cases) => {
                if self.is_plain(ty) {
                    return;
                }
                if self.lone_owner(cases).is_some() {
                    self.of_case(b, cases, value, &mut |b, part, value| self.dup(b, part, value));
                } else {
                    b.call(self.glue(InstanceKind::DupGlue, ty), value, &[], None);
                }
            }
        }
    }

    /// One owner less of all that a value holds.
    pub fn drop(&self, b: &mut Builder<'db>, ty: Ty<'db>, value: &[Reg]) {
        if self.is_plain(ty) || self.options.memory == Memory::Arena && !self.reprs.program().has_handles(ty)
        {
            return;
        }
        match &*self.reprs.repr(ty) {
            Repr::Scalar(_) => {}
            Repr::Handle => self.drop_handle(b, ty, value[0]),
            Repr::List(item) if item.is_none_or(|item| self.is_plain(item)) => {
                b.runtime(RuntimeFn::Release, &[value[0]]);
            }
            Repr::List(_) | Repr::Boxed => {
                b.call(self.glue(InstanceKind::DropGlue, ty), value, &[], None);
            }
            Repr::Closure => {
                b.helper(Helper::DropClosure, value, &[]);
            }
            Repr::Record(fields) => {
                self.each(b, fields, value, &mut |b, field, part| self.drop(b, field, part))
            }
            Repr::Variant(cases) => {
                if self.lone_owner(cases).is_some() {
                    self.of_case(b, cases, value, &mut |b, part, value| self.drop(b, part, value));
                } else {
                    b.call(self.glue(InstanceKind::DropGlue, ty), value, &[], None);
                }
            }
        }
    }

    /// Lets a handle go.
    pub fn drop_handle(&self, b: &mut Builder<'db>, ty: Ty<'db>, handle: Reg) {
        let drop = match ty.kind(self.reprs.program().db()) {
            TyKind::Handle(item) => Symbol::ResourceDrop(*item),
            TyKind::Stream(_) | TyKind::Future(_) => Symbol::EndDrop(ty),
            _ => return,
        };
        b.call(drop, &[handle], &[], None);
    }

    /// Whether a value owns nothing.
    pub fn is_plain(&self, ty: Ty<'db>) -> bool {
        !self.reprs.program().has_counts(ty)
    }

    /// Does something with each part of a row of values.
    pub fn each(
        &self,
        b: &mut Builder<'db>,
        parts: &[Ty<'db>],
        value: &[Reg],
        act: &mut dyn FnMut(&mut Builder<'db>, Ty<'db>, &[Reg]),
    ) {
        let mut rest = value;
        for part in parts {
            let (mine, others) = rest.split_at(self.reprs.flat(*part).len());
            act(b, *part, mine);
            rest = others;
        }
    }

    /// The one case that owns something, when it is the only one and owns one thing: then a test in place is
    /// smaller than a call.
    fn lone_owner(&self, cases: &[Vec<Ty<'db>>]) -> Option<usize> {
        let owners = |case: &Vec<Ty<'db>>| case.iter().filter(|part| !self.is_plain(**part)).count();
        let mut found = cases.iter().enumerate().filter(|(_, case)| owners(case) > 0);
        match (found.next(), found.next()) {
            (Some((n, case)), None) if owners(case) == 1 => Some(n),
            _ => None,
        }
    }

    /// Does something with what each case carries, for the case that a variant has.
    pub fn of_case(
        &self,
        b: &mut Builder<'db>,
        cases: &[Vec<Ty<'db>>],
        value: &[Reg],
        act: &mut dyn FnMut(&mut Builder<'db>, Ty<'db>, &[Reg]),
    ) {
        let (tag, payload) = (value[0], &value[1..]);
        for (n, case) in
            cases.iter().enumerate().filter(|(_, case)| case.iter().any(|part| !self.is_plain(*part)))
        {
            let index = b.i32(n as i32);
            let is_it = b.num(NumOp::I32Eq, &[tag, index]);
            b.when(is_it, |b| {
                let parts = self.reprs.from_payload(b, case, payload);
                self.each(b, case, &parts, act);
            });
        }
    }

    /// Whether a payload has exactly one owner, and so may be changed.
    pub fn is_unique(&self, b: &mut Builder<'db>, payload: Reg) -> Reg {
        let heap = self.on_heap(b, payload);
        b.either(
            heap,
            &[crate::lir::Val::I32],
            |b| {
                let count = count_of(b, payload);
                let one = b.i32(1);
                vec![b.num(NumOp::I32Eq, &[count, one])]
            },
            |b| vec![b.i32(0)],
        )[0]
    }

    /// Goes on at `unique` when a payload has exactly one owner, else at `shared`.
    pub fn branch_unique(
        &self,
        b: &mut Builder<'db>,
        payload: Reg,
        unique: crate::lir::Label,
        shared: crate::lir::Label,
    ) {
        let heap = self.on_heap(b, payload);
        let counted = b.block(&[]);
        b.branch(heap, (counted, &[]), (shared, &[]));
        b.at(counted);
        let count = count_of(b, payload);
        let one = b.i32(1);
        let is_one = b.num(NumOp::I32Eq, &[count, one]);
        b.branch(is_one, (unique, &[]), (shared, &[]));
    }
}

/// The count in a payload's header.
pub fn count_of<'db>(b: &mut Builder<'db>, payload: Reg) -> Reg {
    let header = b.offset(payload, COUNT);
    b.load(LoadOp::I32, header, 0)
}

/// Sets the count in a payload's header.
pub fn set_count<'db>(b: &mut Builder<'db>, payload: Reg, count: Reg) {
    let header = b.offset(payload, COUNT);
    b.store(StoreOp::I32, header, 0, count);
}

/// The capacity in a payload's header.
pub fn capacity_of<'db>(b: &mut Builder<'db>, payload: Reg) -> Reg {
    let header = b.offset(payload, COUNT);
    b.load(LoadOp::I32, header, 4)
}

/// Sets the capacity in a payload's header.
pub fn set_capacity<'db>(b: &mut Builder<'db>, payload: Reg, capacity: Reg) {
    let header = b.offset(payload, COUNT);
    b.store(StoreOp::I32, header, 4, capacity);
}

/// Adds one to the count of a payload on the heap.
pub fn increment<'db>(b: &mut Builder<'db>, payload: Reg) {
    let header = b.offset(payload, COUNT);
    let count = b.load(LoadOp::I32, header, 0);
    let more = b.offset(count, 1);
    b.store(StoreOp::I32, header, 0, more);
}
