//! `with`: what stands for replaced functions, and code bound to it.
//!
//! Each `with` has a *stand-in*: a place of its own, of an option of the value's type, that outlives no block. Entering the
//! block puts the value there and keeps what was there before (the block may be entered again before it has ended);
//! leaving it, by whatever way, puts that back. A function that is called in the block, and leads to one that is
//! replaced, is an instance of its own, made for what is replaced there; in it a call of a replaced function takes the
//! value out of the stand-in, calls, and puts it back. So no instance reached from the block alone calls an import
//! that the block replaces.

use super::Lowerer;
use crate::ir::{Bound, Instance, InstanceKind, Op, Replacements, StandIn, Value};
use dot_db::{Db, Item};
use dot_types::thir::{CompareOp, ExprId, Replaced, Replacement, TrapKind};
use dot_types::{Mode, Ty, TyKind, fn_signature, reached_functions};

/// A `with` whose block is being lowered.
pub(super) struct OpenWith<'db> {
    stand_in: StandIn<'db>,
    /// What was in the stand-in before.
    outer: crate::build::Variable,
    /// How many scopes are open around it.
    scopes: usize,
}

impl<'db> Replacements<'db> {
    /// What a function is replaced by.
    fn find(self, db: &'db dyn Db, function: Item<'db>) -> Option<Bound<'db>> {
        self.bound(db).iter().find(|bound| bound.function == function).copied()
    }

    /// Those that a function leads to; none if it leads to none.
    fn reached_by(self, db: &'db dyn Db, caller: Item<'db>) -> Option<Self> {
        let reached = reached_functions(db, caller);
        let kept: Vec<Bound<'db>> =
            self.bound(db).iter().filter(|bound| reached.contains(&bound.function)).copied().collect();
        (!kept.is_empty()).then(|| Self::new(db, kept))
    }
}

impl<'db> Lowerer<'_, 'db> {
    pub(super) fn with(
        &mut self,
        id: ExprId,
        value: ExprId,
        replaced: &[Replaced<'db>],
        body: ExprId,
    ) -> Option<Value> {
        let db = self.program.db();
        let value = self.expr(value)?;
        let ty = self.b.ty(value);
        if self.program.has_handles(ty) {
            return self.refuse("a value with handles in the place of an effect");
        }
        let stand_in = StandIn::new(db, self.item, id, self.type_args.to_vec());
        let some = self.in_option(Some(value), ty);
        let before = self.swap(stand_in, some);
        let outer = self.b.variable(self.b.ty(before), None);
        self.b.write(outer, before);
        self.open_withs.push(OpenWith { stand_in, outer, scopes: self.scopes.len() });
        let around = self.replaced;
        self.replaced = Some(self.replacing(replaced, stand_in, ty));
        let result = self.expr(body);
        self.replaced = around;
        let open = self.open_withs.pop();
        if self.b.current().is_some()
            && let Some(open) = open
        {
            self.put_back(&open);
        }
        result
    }

    /// What is replaced in a block, with what is around it.
    fn replacing(
        &self,
        replaced: &[Replaced<'db>],
        stand_in: StandIn<'db>,
        ty: Ty<'db>,
    ) -> Replacements<'db> {
        let db = self.program.db();
        let mut all: Vec<Bound<'db>> =
            self.replaced.map(|around| around.bound(db).clone()).unwrap_or_default();
        for one in replaced {
            let around = match one.by {
                // A function value has been bound where it was made.
                Replacement::Value => None,
                Replacement::Method(method) => self.replaced.and_then(|around| around.reached_by(db, method)),
            };
            all.retain(|bound| bound.function != one.function);
            all.push(Bound { function: one.function, by: one.by, stand_in, ty, around });
        }
        let key = |bound: &Bound<'db>| {
            let function = bound.function;
            (function.module(db).path(db).clone(), function.owner(db).clone(), function.name(db).clone())
        };
        all.sort_by_cached_key(key);
        Replacements::new(db, all)
    }

    fn in_option(&mut self, value: Option<Value>, ty: Ty<'db>) -> Value {
        let option = self.kind_ty(TyKind::Option(ty));
        self.make_case(value.is_some().into(), value.into_iter().collect(), option)
    }

    fn swap(&mut self, stand_in: StandIn<'db>, value: Value) -> Value {
        let ty = self.b.ty(value);
        self.emit(Op::Swap(stand_in, value), ty)
    }

    fn put_back(&mut self, open: &OpenWith<'db>) {
        let outer = self.b.read(open.outer);
        self.swap(open.stand_in, outer);
    }

    /// Leaves the blocks of `with` in the scopes from the `outermost` on, innermost first.
    pub(super) fn leave_withs(&mut self, outermost: usize) {
        if self.b.current().is_none() {
            return;
        }
        let open = std::mem::take(&mut self.open_withs);
        open.iter().rev().filter(|open| open.scopes >= outermost).for_each(|open| self.put_back(open));
        self.open_withs = open;
    }

    /// What a call by name calls here, if that isn't the function itself.
    pub(super) fn stand_in_for(&self, item: Item<'db>) -> Option<Bound<'db>> {
        self.replaced?.find(self.program.db(), item)
    }

    /// What is replaced here of what a function leads to.
    pub(super) fn replaced_for(&self, item: Item<'db>) -> Option<Replacements<'db>> {
        self.replaced.and_then(|replaced| replaced.reached_by(self.program.db(), item))
    }

    /// The instance of a function as it is called here.
    pub(super) fn instance_here(&self, item: Item<'db>, type_args: Vec<Ty<'db>>) -> Instance<'db> {
        instance_where(self.program.db(), item, type_args, self.replaced)
    }

    /// The instance of a closure, or of a named function as a value, that stands here.
    pub(super) fn closure_here(&self, expr: ExprId) -> Instance<'db> {
        let db = self.program.db();
        let kind = match self.replaced_for(self.item) {
            Some(replaced) => InstanceKind::ClosureIn(self.item, expr, replaced),
            None => InstanceKind::Closure(self.item, expr),
        };
        Instance::new(db, kind, self.type_args.to_vec())
    }

    /// Calls what stands for a function; `tys` are the types of the results, the value first.
    pub(super) fn call_stand_in(
        &mut self,
        bound: Bound<'db>,
        args: Vec<Value>,
        tys: &[Ty<'db>],
    ) -> Option<Vec<Value>> {
        let nothing = self.in_option(None, bound.ty);
        let taken = self.swap(bound.stand_in, nothing);
        self.require_some(taken, bound.function)?;
        let part = Op::CasePart { base: taken, case: 1, part: 0 };
        let value = self.emit(part, bound.ty);
        let site = self.site();
        let (value, results) = match bound.by {
            Replacement::Value => (value, self.b.emit_all(Op::CallClosure(value, args), tys, site)),
            Replacement::Method(method) => {
                let db = self.program.db();
                let is_inout = fn_signature(db, method).params.first().is_some_and(|p| p.mode == Mode::InOut);
                let all: Vec<Value> = [value].into_iter().chain(args).collect();
                let mut all_tys = tys.to_vec();
                if is_inout {
                    all_tys.insert(1, bound.ty);
                }
                let here = std::mem::replace(&mut self.replaced, bound.around);
                let target = self.item_target(method, &[]);
                let results = self.call_target(target, all, &all_tys);
                self.replaced = here;
                let mut results = results?;
                (if is_inout { results.remove(1) } else { value }, results)
            }
        };
        let some = self.in_option(Some(value), bound.ty);
        self.swap(bound.stand_in, some);
        Some(results)
    }

    /// Traps where nothing stands for a function: its block has ended.
    fn require_some(&mut self, taken: Value, function: Item<'db>) -> Option<()> {
        let (u32_ty, bool_ty) = (self.u32_ty(), self.bool_ty());
        let tag = self.emit(Op::Tag(taken), u32_ty);
        let one = self.const_u32(1);
        let is_there = self.emit(Op::Compare(CompareOp::Eq, tag, one), bool_ty);
        let (there, gone) = (self.b.block(), self.b.block());
        self.b.branch(is_there, there, gone);
        self.b.go_sealed(gone)?;
        let message =
            self.static_string(&format!("what stood for `{}` is gone", function.name(self.program.db())));
        self.trap(TrapKind::Unreachable, Some(message));
        self.b.go_sealed(there)
    }
}

/// The instance of a function where some are replaced: one of its own, if it leads to them.
fn instance_where<'db>(
    db: &'db dyn Db,
    item: Item<'db>,
    type_args: Vec<Ty<'db>>,
    replaced: Option<Replacements<'db>>,
) -> Instance<'db> {
    let kind = match replaced.and_then(|replaced| replaced.reached_by(db, item)) {
        Some(replaced) => InstanceKind::ItemIn(item, replaced),
        None => InstanceKind::Item(item),
    };
    Instance::new(db, kind, type_args)
}
