//! Calls, and function values.

use super::{Lower, Outcome};
use crate::lir::{Address, Helper, LoadOp, Reg, RuntimeFn, Sig, StoreOp, Symbol, Val};
use dot_mir::ir::{InstanceKind, Op, Value};
use dot_types::TyKind;

impl<'db> Lower<'_, 'db> {
    pub(super) fn call_op(&mut self, op: &Op<'db>, results: &[Value]) -> Outcome<'db, Vec<Reg>> {
        let vals: Vec<Val> = results.iter().flat_map(|v| self.flat(*v)).collect();
        Ok(match op {
            Op::Call(instance, args) => {
                let db = self.context.reprs.program().db();
                match instance.kind(db) {
                    // Glue that is made here takes a value and gives none.
                    InstanceKind::DupGlue => {
                        let value = self.args(args);
                        if let Some(arg) = args.first() {
                            let ty = self.ty(*arg);
                            self.context.dup(&mut self.b, ty, &value);
                        }
                        value
                    }
                    InstanceKind::DropGlue => {
                        let value = self.args(args);
                        if let Some(arg) = args.first() {
                            let ty = self.ty(*arg);
                            self.context.drop(&mut self.b, ty, &value);
                        }
                        Vec::new()
                    }
                    _ => {
                        let args = self.args(args);
                        let place = self.b.place();
                        self.b.call(Symbol::Instance(*instance), &args, &vals, place)
                    }
                }
            }
            Op::CallImport(item, args) => {
                let args = self.args(args);
                let place = self.b.place();
                self.b.call(Symbol::Import(*item), &args, &vals, place)
            }
            Op::CallClosure(callee, args) => {
                let cell = self.reg(*callee);
                let args: Vec<Reg> = [cell].into_iter().chain(self.args(args)).collect();
                let sig = self.closure_sig(*callee)?;
                let index = self.b.load(LoadOp::I32, cell, 0);
                let place = self.b.place();
                self.b.call_indirect(sig, &args, index, place)
            }
            Op::MakeClosure(instance, captures) => vec![self.make_closure(*instance, captures)],
            _ => return Err(self.unsupported("this call")),
        })
    }

    fn flat(&self, value: Value) -> Vec<Val> {
        super::flat_of(self.context, self.function, value)
    }

    /// The type of the functions that a function value may point to.
    fn closure_sig(&self, callee: Value) -> Outcome<'db, Sig> {
        let reprs = self.context.reprs;
        let TyKind::Fn(params, ret) = self.ty(callee).kind(reprs.program().db()) else {
            return Err(self.unsupported("a call of a value that is no function"));
        };
        let own = params.iter().flat_map(|param| reprs.flat(param.ty).to_vec());
        let back = params.iter().filter(|param| param.mode == dot_types::Mode::InOut);
        Ok(Sig {
            params: [Val::I32].into_iter().chain(own).collect(),
            results: [*ret]
                .into_iter()
                .chain(back.map(|p| p.ty))
                .flat_map(|ty| reprs.flat(ty).to_vec())
                .collect(),
        })
    }

    fn make_closure(&mut self, instance: dot_mir::Instance<'db>, captures: &[Value]) -> Reg {
        let count = captures.len() as u32;
        let entry = Symbol::Helper(Helper::ClosureEntry(instance, count));
        if captures.is_empty() {
            return self.b.address(Address::StaticClosure(entry));
        }
        let reprs = self.context.reprs;
        let tys: Vec<_> = captures.iter().map(|v| self.ty(*v)).collect();
        let layout = reprs.record(&tys, 8);
        let size = self.b.u32(crate::glue::cell_capacity(layout.layout.size));
        let cell = self.b.runtime(RuntimeFn::Alloc, &[size])[0];
        let index = self.b.address(Address::Table(entry));
        self.b.store(StoreOp::I32, cell, 0, index);
        let free = Symbol::Helper(Helper::FreeClosure(instance, count));
        let free = self.b.address(Address::Table(free));
        self.b.store(StoreOp::I32, cell, 4, free);
        let values = self.args(captures);
        reprs.store_parts(&mut self.b, &tys, &layout.offsets, (cell, 0), &values);
        cell
    }
}
