//! What is left of a value when its handles have gone over the boundary.
//!
//! ```text
//! an argument `list<thing>`              the host has the handles; the list's memory is freed
//! an argument `(thing, borrow<thing>)`   the host has the first; the second was lent and is dropped
//! a result `list<thing>`                 when the host has read it, the list's memory is freed
//! ```
//!
//! Values are taken as they cross: maps are lists of tuples, and a resource of the package's own is a handle.

use crate::crossing::Crossing;
use crate::lir::{Builder, NumOp, Reg, Val};
use crate::repr::Repr;
use dot_hir::wit::Lend;
use dot_types::Ty;

impl<'db> Crossing<'_, '_, 'db> {
    /// Whether a value leaves memory, or handles that were lent.
    pub(crate) fn leaves_something(&self, ty: Ty<'db>, lend: &Lend) -> bool {
        *lend != Lend::Nothing || self.holds_memory(ty)
    }

    fn holds_memory(&self, ty: Ty<'db>) -> bool {
        match &*self.outside.repr(ty) {
            Repr::Scalar(_) | Repr::Handle => false,
            Repr::List(_) | Repr::Closure | Repr::Boxed => true,
            Repr::Record(fields) => fields.iter().any(|field| self.holds_memory(*field)),
            Repr::Variant(cases) => cases.iter().flatten().any(|part| self.holds_memory(*part)),
        }
    }

    /// Frees the memory of a value and drops the handles that were lent; the others are somebody else's by now.
    pub(crate) fn settle(&self, b: &mut Builder<'db>, ty: Ty<'db>, lend: &Lend, value: &[Reg]) {
        if self.is_same(ty) && !self.inside.reprs.program().has_handles(ty) {
            return self.inside.drop(b, ty, value);
        }
        if !self.leaves_something(ty, lend) {
            return;
        }
        match &*self.outside.repr(ty) {
            Repr::Handle if *lend == Lend::All => self.inside.drop_handle(b, ty, value[0]),
            Repr::Scalar(_) | Repr::Handle | Repr::Closure | Repr::Boxed => {}
            Repr::Record(fields) => self.settle_parts(b, fields, lend, value),
            Repr::Variant(cases) => self.settle_case(b, cases, lend, value),
            Repr::List(item) => {
                let item = item.filter(|item| self.leaves_something(*item, lend.part(0)));
                if let Some(item) = item {
                    self.settle_elements(b, item, lend.part(0), value);
                }
                self.release(b, value[0]);
            }
        }
    }

    fn settle_parts(&self, b: &mut Builder<'db>, parts: &[Ty<'db>], lend: &Lend, value: &[Reg]) {
        let mut rest = value;
        for (n, part) in parts.iter().enumerate() {
            let (mine, others) = rest.split_at(self.outside.flat(*part).len());
            self.settle(b, *part, lend.part(n), mine);
            rest = others;
        }
    }

    fn settle_case(&self, b: &mut Builder<'db>, cases: &[Vec<Ty<'db>>], lend: &Lend, value: &[Reg]) {
        for (n, case) in cases.iter().enumerate() {
            let lend = lend.part(n);
            if !case.iter().any(|part| self.leaves_something(*part, lend)) {
                continue;
            }
            let index = b.u32(n as u32);
            let is_it = b.num(NumOp::I32Eq, &[value[0], index]);
            b.when(is_it, |b| {
                let parts = self.outside.from_payload(b, case, &value[1..]);
                match case.as_slice() {
                    [only] => self.settle(b, *only, lend, &parts),
                    several => self.settle_parts(b, several, lend, &parts),
                }
            });
        }
    }

    fn settle_elements(&self, b: &mut Builder<'db>, item: Ty<'db>, lend: &Lend, list: &[Reg]) {
        let size = self.outside.layout(item).size;
        let step = b.u32(size);
        let bytes = b.num(NumOp::I32Mul, &[list[1], step]);
        let end = b.num(NumOp::I32Add, &[list[0], bytes]);
        let (head, body, after) = (b.block(&[Val::I32]), b.block(&[]), b.block(&[]));
        b.jump(head, &[list[0]]);
        b.at(head);
        let at = b.params_of(head)[0];
        let more = b.num(NumOp::I32Ne, &[at, end]);
        b.branch(more, (body, &[]), (after, &[]));
        b.at(body);
        let element = self.outside.load(b, item, at, 0);
        self.settle(b, item, lend, &element);
        let next = b.offset(at, size.cast_signed());
        b.jump(head, &[next]);
        b.at(after);
    }
}
