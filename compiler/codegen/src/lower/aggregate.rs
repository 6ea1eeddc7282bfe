//! Records, tuples and cases: rows of core values, or cells.

use super::{Lower, Outcome};
use crate::counts::{Memory, count_of, set_count};
use crate::glue::cell_capacity;
use crate::lir::{Address, NumOp, Reg, RuntimeFn, Val};
use crate::repr::memory::{tag_access, to_payload};
use crate::repr::{Repr, VariantLayout};
use dot_mir::ir::{Op, Value};
use dot_types::Ty;

impl<'db> Lower<'_, 'db> {
    pub(super) fn aggregate(&mut self, op: &Op<'db>, result: Option<Value>) -> Outcome<'db, Vec<Reg>> {
        Ok(match op {
            Op::MakeRecord { parts, reuse } => {
                let regs = self.args(parts);
                self.make(result, None, regs, *reuse)
            }
            Op::MakeCase { case, parts, reuse } => {
                let regs = self.args(parts);
                self.make(result, Some(*case), regs, *reuse)
            }
            Op::Tag(value) => vec![self.tag(*value)],
            Op::Field(base, field) => self.project(*base, None, *field as usize),
            Op::CasePart { base, case, part } => self.project(*base, Some(*case), *part as usize),
            Op::Unpack { base, case, token } => self.unpack(*base, *case, *token),
            Op::DropToken(token) => {
                self.drop_reuse(Some(*token));
                Vec::new()
            }
            _ => return Err(self.unsupported("this operation")),
        })
    }

    /// A record, tuple or case from the core values of its parts.
    fn make(
        &mut self,
        result: Option<Value>,
        case: Option<u32>,
        parts: Vec<Reg>,
        reuse: Option<Value>,
    ) -> Vec<Reg> {
        let Some(ty) = result.map(|result| self.ty(result)) else { return Vec::new() };
        let reprs = self.context.reprs;
        let repr = reprs.repr(ty);
        if *repr != Repr::Boxed {
            self.drop_reuse(reuse);
            return self.flat_value(&repr, case, &parts);
        }
        let body = reprs.body(ty);
        let layout = reprs.layout_of(&body);
        if parts.is_empty() {
            // Nothing to hold: one cell in static data stands for all values.
            self.drop_reuse(reuse);
            let tag = match &body {
                Repr::Variant(cases) => reprs.variant(cases).tag as usize,
                _ => 0,
            };
            let mut bytes = vec![0; layout.size.max(1) as usize];
            bytes[..tag].copy_from_slice(&case.unwrap_or(0).to_le_bytes()[..tag]);
            let address = Address::Data { bytes: bytes.into(), align: layout.align };
            return vec![self.b.address(address)];
        }
        let cell = self.cell(layout.size, reuse);
        match (&body, case) {
            (Repr::Record(fields), _) => {
                let offsets = reprs.record(fields, 0).offsets;
                reprs.store_parts(&mut self.b, fields, &offsets, (cell, 0), &parts);
            }
            (Repr::Variant(cases), Some(case)) => {
                let VariantLayout { tag, cases: offsets, .. } = reprs.variant(cases);
                let index = self.b.u32(case);
                self.b.store(tag_access(tag).1, cell, 0, index);
                let case = case as usize;
                reprs.store_parts(&mut self.b, &cases[case], &offsets[case], (cell, 0), &parts);
            }
            _ => {}
        }
        vec![cell]
    }

    fn flat_value(&mut self, repr: &Repr<'db>, case: Option<u32>, parts: &[Reg]) -> Vec<Reg> {
        let (Some(case), Repr::Variant(cases)) = (case, repr) else {
            return match case {
                Some(case) => vec![self.b.u32(case)],
                None => parts.to_vec(),
            };
        };
        let payload = self.context.reprs.flat_payload(cases);
        let mut value = vec![self.b.u32(case)];
        value.extend(to_payload(&mut self.b, parts, &payload));
        value
    }

    /// Gives the memory of a token back that turns out not to be wanted.
    fn drop_reuse(&mut self, reuse: Option<Value>) {
        if let Some([cell]) = reuse.map(|token| self.regs(token)).as_deref()
            && self.context.options.memory == Memory::Counted
        {
            let cell = *cell;
            self.b.when(cell, |b| drop(b.runtime(RuntimeFn::Free, &[cell])));
        }
    }

    /// A cell for so many bytes: the token's, when there is one and it is large enough, or a new one.
    fn cell(&mut self, size: u32, reuse: Option<Value>) -> Reg {
        let size = cell_capacity(size);
        let reprs = self.context.reprs;
        let token = reuse.and_then(|token| {
            let old = cell_capacity(reprs.layout_of(&reprs.body(self.ty(token))).size);
            (old >= size).then(|| self.regs(token).first().copied()).flatten()
        });
        let Some(token) = token else {
            self.drop_reuse(reuse);
            let size = self.b.u32(size);
            return self.b.runtime(RuntimeFn::Alloc, &[size])[0];
        };
        self.b.either(
            token,
            &[Val::I32],
            |_| vec![token],
            |b| {
                let size = b.u32(size);
                b.runtime(RuntimeFn::Alloc, &[size])
            },
        )[0]
    }

    fn tag(&mut self, value: Value) -> Reg {
        let reg = self.reg(value);
        let ty = self.ty(value);
        if *self.context.reprs.repr(ty) != Repr::Boxed {
            return reg;
        }
        match self.context.reprs.body(ty) {
            Repr::Variant(cases) => {
                let tag = self.context.reprs.variant(&cases).tag;
                self.b.load(tag_access(tag).0, reg, 0)
            }
            _ => self.b.i32(0),
        }
    }

    /// The types of a record's fields or of a case's parts, and their offsets in a cell.
    fn parts_of(&self, ty: Ty<'db>, case: Option<u32>) -> (Vec<Ty<'db>>, Vec<u32>) {
        let reprs = self.context.reprs;
        match (reprs.body(ty), case) {
            (Repr::Record(fields), _) => {
                let offsets = reprs.record(&fields, 0).offsets;
                (fields, offsets)
            }
            (Repr::Variant(mut cases), Some(case)) if (case as usize) < cases.len() => {
                let offsets = reprs.variant(&cases).cases.swap_remove(case as usize);
                (cases.swap_remove(case as usize), offsets)
            }
            _ => (Vec::new(), Vec::new()),
        }
    }

    fn project(&mut self, base: Value, case: Option<u32>, index: usize) -> Vec<Reg> {
        let ty = self.ty(base);
        let (parts, offsets) = self.parts_of(ty, case);
        let Some(part) = parts.get(index).copied() else { return Vec::new() };
        let reprs = self.context.reprs;
        if *reprs.repr(ty) == Repr::Boxed {
            let cell = self.reg(base);
            return reprs.load(&mut self.b, part, cell, offsets[index]);
        }
        let before = reprs.flat_all(&parts[..index]).len();
        let all = self.flat_parts(base, case, &parts);
        all[before..before + reprs.flat(part).len()].to_vec()
    }

    /// The core values of all parts of a value that is a row of core values.
    fn flat_parts(&mut self, base: Value, case: Option<u32>, parts: &[Ty<'db>]) -> Vec<Reg> {
        let regs = self.regs(base);
        match case {
            Some(_) => self.context.reprs.from_payload(&mut self.b, parts, &regs[1..]),
            None => regs,
        }
    }

    /// Takes a value apart. Out of a unique cell the parts move; out of a shared one they are duplicated.
    fn unpack(&mut self, base: Value, case: Option<u32>, token: bool) -> Vec<Reg> {
        let ty = self.ty(base);
        let (parts, offsets) = self.parts_of(ty, case);
        let context = self.context;
        let reprs = context.reprs;
        if *reprs.repr(ty) != Repr::Boxed {
            return self.flat_parts(base, case, &parts);
        }
        let cell = self.reg(base);
        if parts.is_empty() {
            // Such a value is in static data.
            return if token { vec![self.b.i32(0)] } else { Vec::new() };
        }
        let mut values = reprs.load_parts(&mut self.b, &parts, &offsets, cell, 0);
        let b = &mut self.b;
        let results: &[Val] = if token { &[Val::I32] } else { &[] };
        let (unique, shared, after) = (b.block(&[]), b.block(&[]), b.block(results));
        context.branch_unique(b, cell, unique, shared);
        b.at(unique);
        if token {
            b.jump(after, &[cell]);
        } else {
            if context.options.memory == Memory::Counted {
                b.runtime(RuntimeFn::Free, &[cell]);
            }
            b.jump(after, &[]);
        }
        b.at(shared);
        context.each(b, &parts, &values, &mut |b, part, value| context.dup(b, part, value));
        // Boxed values with parts are never in static data: the count is there, and more than one.
        let count = count_of(b, cell);
        let one = b.i32(1);
        let less = b.num(NumOp::I32Sub, &[count, one]);
        set_count(b, cell, less);
        let nothing = token.then(|| b.i32(0));
        b.jump(after, nothing.as_slice());
        b.at(after);
        values.extend(b.params_of(after));
        values
    }
}
