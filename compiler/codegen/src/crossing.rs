//! Values as they cross the boundary: maps as lists of tuples, sets as lists, fixed-length lists as tuples, resources of
//! the package's own as handles ([`crate::resource`]).
//!
//! All else is represented as the canonical ABI has it, and passes as it is. A type that holds one of those
//! is taken apart down to it and put together again; both directions consume what they are given.

use crate::counts::{Context, Memory};
use crate::glue::saturate_u32;
use crate::lir::{Builder, NumOp, Reg, RuntimeFn, Symbol, Val};
use crate::repr::memory::to_payload;
use crate::repr::{Repr, Reprs};
use crate::resource::ExportResource;
use dot_hir::wit::Lend;
use dot_mir::ir::{Instance, InstanceKind, Passing};
use dot_mir::repr::lower_ty;
use dot_types::{Ty, TyKind, own_resource};

/// Which way a value crosses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way<'l> {
    /// In, with the handles that are only lent.
    In(&'l Lend),
    Out,
}

impl Way<'_> {
    /// The way that the n-th part of a value goes.
    fn part(self, n: usize) -> Self {
        match self {
            Self::In(lend) => Self::In(lend.part(n)),
            Self::Out => Self::Out,
        }
    }
}

/// Converts values at the boundary.
pub(crate) struct Crossing<'a, 'p, 'db> {
    /// Values inside.
    pub inside: Context<'a, 'p, 'db>,
    /// Values as they cross.
    pub outside: &'a Reprs<'p, 'db>,
    /// The resources that the module exports.
    pub resources: &'a [ExportResource<'db>],
    /// Who owns the parameters of a function of std; none for one that is missing.
    pub passing: &'a dyn Fn(Instance<'db>) -> Option<Vec<Passing>>,
}

impl<'p, 'db> Crossing<'_, 'p, 'db> {
    /// Whether values of a type cross as they are.
    pub fn is_same(&self, ty: Ty<'db>) -> bool {
        match ty.kind(self.inside.reprs.program().db()) {
            TyKind::Map(..) | TyKind::Set(_) | TyKind::FixedList(..) => return false,
            _ if own_resource(self.inside.reprs.program().db(), ty).is_some() => return false,
            _ => {}
        }
        match &*self.inside.reprs.repr(ty) {
            Repr::Scalar(_) | Repr::Handle | Repr::List(None) | Repr::Closure | Repr::Boxed => true,
            Repr::List(Some(item)) => self.is_same(*item),
            Repr::Record(fields) => fields.iter().all(|field| self.is_same(*field)),
            Repr::Variant(cases) => cases.iter().flatten().all(|part| self.is_same(*part)),
        }
    }

    /// A value that came in, all of its own.
    pub fn enter(&self, b: &mut Builder<'db>, ty: Ty<'db>, value: &[Reg]) -> Vec<Reg> {
        self.convert(b, ty, value, Way::In(&Lend::Nothing))
    }

    /// A value that came in, of which the caller keeps some handles.
    pub fn enter_lent(&self, b: &mut Builder<'db>, ty: Ty<'db>, lend: &Lend, value: &[Reg]) -> Vec<Reg> {
        self.convert(b, ty, value, Way::In(lend))
    }

    /// A value that goes out.
    pub fn leave(&self, b: &mut Builder<'db>, ty: Ty<'db>, value: &[Reg]) -> Vec<Reg> {
        self.convert(b, ty, value, Way::Out)
    }

    fn reprs(&self, way: Way<'_>) -> (&Reprs<'p, 'db>, &Reprs<'p, 'db>) {
        match way {
            Way::In(_) => (self.outside, self.inside.reprs),
            Way::Out => (self.inside.reprs, self.outside),
        }
    }

    fn convert(&self, b: &mut Builder<'db>, ty: Ty<'db>, value: &[Reg], way: Way<'_>) -> Vec<Reg> {
        if self.is_same(ty) {
            return value.to_vec();
        }
        let db = self.inside.reprs.program().db();
        if let Some(item) = own_resource(db, ty) {
            return match way {
                Way::In(Lend::All) => self.look_into(b, ty, value[0]),
                Way::In(_) => self.take_handle(b, ty, item, value[0]),
                Way::Out => self.make_handle(b, ty, item, value),
            };
        }
        match ty.kind(db) {
            TyKind::Map(key, entry) => {
                let tuple = Ty::new(db, TyKind::Tuple(vec![*key, *entry]));
                self.table(b, ty, tuple, &[*key, *entry], value, way)
            }
            TyKind::Set(item) => self.table(b, ty, *item, &[*item], value, way),
            TyKind::FixedList(item, len) => self.fixed(b, *item, *len, value, way),
            _ => match &*self.inside.reprs.repr(ty) {
                Repr::List(Some(item)) => self.list(b, *item, value, way),
                Repr::Record(fields) => self.parts(b, fields, value, way),
                Repr::Variant(cases) => self.variant(b, cases, value, way),
                _ => value.to_vec(),
            },
        }
    }

    fn parts(&self, b: &mut Builder<'db>, parts: &[Ty<'db>], value: &[Reg], way: Way<'_>) -> Vec<Reg> {
        let mut out = Vec::new();
        let mut rest = value;
        for (n, part) in parts.iter().enumerate() {
            let (mine, others) = rest.split_at(self.reprs(way).0.flat(*part).len());
            out.extend(self.convert(b, *part, mine, way.part(n)));
            rest = others;
        }
        out
    }

    fn variant(&self, b: &mut Builder<'db>, cases: &[Vec<Ty<'db>>], value: &[Reg], way: Way<'_>) -> Vec<Reg> {
        let (from, to) = self.reprs(way);
        let payload = to.flat_payload(cases);
        let after = b.block(&payload);
        let labels: Vec<_> = cases.iter().map(|_| b.block(&[])).collect();
        b.switch(value[0], labels.clone(), labels[0]);
        for (n, (case, label)) in cases.iter().zip(labels).enumerate() {
            b.at(label);
            let parts = from.from_payload(b, case, &value[1..]);
            let parts = match case.as_slice() {
                [only] => self.convert(b, *only, &parts, way.part(n)),
                several => self.parts(b, several, &parts, way.part(n)),
            };
            let joined = to_payload(b, &parts, &payload);
            b.jump(after, &joined);
        }
        b.at(after);
        [value[0]].into_iter().chain(b.params_of(after)).collect()
    }

    /// A list, element by element into new memory; the old memory goes, its elements have moved.
    fn list(&self, b: &mut Builder<'db>, item: Ty<'db>, value: &[Reg], way: Way<'_>) -> Vec<Reg> {
        if self.is_same(item) {
            return value.to_vec();
        }
        let (from, to) = self.reprs(way);
        let (old, len) = (value[0], value[1]);
        let (old_size, new_size) = (from.layout(item).size, to.layout(item).size);
        let old = if way == Way::Out { self.own_elements(b, item, old, len) } else { old };
        let wide = b.num(NumOp::I64ExtendI32U, &[len]);
        let size = b.i64(i64::from(new_size));
        let bytes = b.num(NumOp::I64Mul, &[wide, size]);
        let bytes = saturate_u32(b, bytes);
        let new = b.runtime(RuntimeFn::Alloc, &[bytes])[0];
        let step = b.u32(old_size);
        let old_bytes = b.num(NumOp::I32Mul, &[len, step]);
        let end = b.num(NumOp::I32Add, &[old, old_bytes]);
        let (head, body, after) = (b.block(&[Val::I32, Val::I32]), b.block(&[]), b.block(&[]));
        b.jump(head, &[old, new]);
        b.at(head);
        let at = b.params_of(head);
        let more = b.num(NumOp::I32Ne, &[at[0], end]);
        b.branch(more, (body, &[]), (after, &[]));
        b.at(body);
        let element = from.load(b, item, at[0], 0);
        let element = self.convert(b, item, &element, way.part(0));
        to.store(b, item, at[1], 0, &element);
        let next = [b.offset(at[0], old_size.cast_signed()), b.offset(at[1], new_size.cast_signed())];
        b.jump(head, &next);
        b.at(after);
        self.release(b, old);
        vec![new, len]
    }

    /// Gives memory back whose elements have moved; the only owner does this.
    pub(crate) fn release(&self, b: &mut Builder<'db>, payload: Reg) {
        if self.inside.options.memory == Memory::Counted {
            b.runtime(RuntimeFn::Release, &[payload]);
        }
    }

    /// A list whose elements belong to nobody else.
    fn own_elements(&self, b: &mut Builder<'db>, item: Ty<'db>, payload: Reg, len: Reg) -> Reg {
        if self.inside.is_plain(item) {
            return payload;
        }
        b.helper(crate::lir::Helper::Unique(item), &[payload, len], &[Val::I32])[0]
    }

    /// A map or set, by way of the list of what it holds.
    fn table(
        &self,
        b: &mut Builder<'db>,
        ty: Ty<'db>,
        element: Ty<'db>,
        args: &[Ty<'db>],
        value: &[Reg],
        way: Way<'_>,
    ) -> Vec<Reg> {
        let program = self.inside.reprs.program();
        let args: Vec<Ty<'db>> = args.iter().map(|arg| lower_ty(program, *arg)).collect();
        let list = Ty::new(program.db(), TyKind::List(element));
        let is_map = args.len() == 2;
        match way {
            Way::In(_) => {
                let items = self.list(b, element, value, way);
                self.call_std(
                    b,
                    if is_map { "from_entries" } else { "set_from_items" },
                    args,
                    (list, &items),
                    ty,
                )
            }
            Way::Out => {
                let items =
                    self.call_std(b, if is_map { "entries" } else { "set_items" }, args, (ty, value), list);
                self.list(b, element, &items, way)
            }
        }
    }

    /// Calls a function of `std/map_impl` with one argument, which is consumed.
    fn call_std(
        &self,
        b: &mut Builder<'db>,
        name: &str,
        args: Vec<Ty<'db>>,
        (ty, value): (Ty<'db>, &[Reg]),
        result: Ty<'db>,
    ) -> Vec<Reg> {
        let program = self.inside.reprs.program();
        let results = self.inside.reprs.flat(result);
        let Some(item) = program.std_item("map_impl", name) else {
            b.unreachable();
            return results.iter().map(|val| b.zero(*val)).collect();
        };
        let instance = Instance::new(program.db(), InstanceKind::Item(item), args);
        let results = b.call(Symbol::Instance(instance), value, &results, None);
        if (self.passing)(instance).is_some_and(|passing| passing.first() == Some(&Passing::Borrowed)) {
            self.inside.drop(b, ty, value);
        }
        results
    }

    fn fixed(&self, b: &mut Builder<'db>, item: Ty<'db>, len: u32, value: &[Reg], way: Way<'_>) -> Vec<Reg> {
        let inside = self.inside.reprs;
        let size = inside.layout(item).size;
        if let Way::In(_) = way {
            let count = b.u32(len);
            let bytes = self.inside.list_bytes(b, item, count);
            let new = b.runtime(RuntimeFn::Alloc, &[bytes])[0];
            let each = self.outside.flat(item).len();
            for n in 0..len {
                let mine = &value[n as usize * each..][..each];
                let element = self.convert(b, item, mine, way.part(n as usize));
                inside.store(b, item, new, n * size, &element);
            }
            return vec![new, count];
        }
        let count = b.u32(len);
        let payload = self.own_elements(b, item, value[0], count);
        let mut out = Vec::new();
        for n in 0..len {
            let element = inside.load(b, item, payload, n * size);
            out.extend(self.convert(b, item, &element, way));
        }
        self.release(b, payload);
        out
    }
}
