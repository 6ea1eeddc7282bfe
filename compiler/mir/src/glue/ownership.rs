//! Drop and dup: what the two ownership instructions mean for a type, part by part.
//!
//! For one piece of counted memory (a string, a list, a function value, a handle) and for dup of a boxed value,
//! the instruction itself is all there is: the back end works on the count.

use super::Glue;
use crate::ir::{Op, Value};
use crate::repr::{Shape, lower_ty};
use dot_types::Ty;

impl<'db> Glue<'_, 'db> {
    /// Takes the value apart and lets every part go. The parts' own drops are put in by the counts, which find
    /// that nobody uses them.
    pub(super) fn drop_body(&mut self, ty: Ty<'db>) -> Option<Ty<'db>> {
        let value = self.b.param(ty, None);
        match self.shape(ty) {
            Shape::Record(parts) => {
                self.unpack(value, None, &parts);
                self.ret_unit();
            }
            Shape::Variant(cases) => self.switch(value, &cases, &mut |this, case, parts| {
                this.unpack(value, Some(case as u32), parts);
                this.ret_unit();
                Some(())
            })?,
            Shape::Scalar | Shape::Counted | Shape::Handle => self.ret_unit(),
        }
        Some(Ty::unit(self.program.db()))
    }

    fn unpack(&mut self, base: Value, case: Option<u32>, parts: &[Ty<'db>]) {
        let tys: Vec<Ty<'db>> = parts.iter().map(|ty| lower_ty(self.program, *ty)).collect();
        self.b.emit_all(Op::Unpack { base, case, token: false }, &tys, None);
    }

    fn ret_unit(&mut self) {
        let unit = Ty::unit(self.program.db());
        let value = self.emit(Op::MakeRecord { parts: Vec::new(), reuse: None }, unit);
        self.ret(value);
    }

    /// Builds the value again out of its parts: the counts find that each is needed once more.
    pub(super) fn dup_body(&mut self, ty: Ty<'db>) -> Option<Ty<'db>> {
        let value = self.b.param(ty, None);
        match self.shape(ty) {
            _ if self.program.is_boxed(ty) => self.ret(value),
            Shape::Record(parts) => {
                let parts = self.fields(value, &parts);
                let copy = self.emit(Op::MakeRecord { parts, reuse: None }, ty);
                self.ret(copy);
            }
            Shape::Variant(cases) => self.switch(value, &cases, &mut |this, case, parts| {
                let parts = this.case_parts(value, case, parts);
                let copy = this.emit(Op::MakeCase { case: case as u32, parts, reuse: None }, ty);
                this.ret(copy);
                Some(())
            })?,
            Shape::Scalar | Shape::Counted | Shape::Handle => self.ret(value),
        }
        Some(ty)
    }
}
