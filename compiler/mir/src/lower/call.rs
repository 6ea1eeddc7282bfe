//! Calls and closures.

use super::Lowerer;
use super::place::Path;
use crate::ir::{Bound, Instance, InstanceKind, Op, Passing, Value};
use dot_db::Item;
use dot_types::thir::{Arg, BinaryOp, Callee, ConvertMode, ExprId, LocalId, TrapKind};
use dot_types::{IntKind, Intrinsic, Mode, Ty, TyKind};

/// What is called, with everything evaluated that comes before the arguments.
pub(super) enum Target<'db> {
    Item(Item<'db>, Vec<Ty<'db>>),
    StandIn(Bound<'db>),
    Intrinsic(Intrinsic, Vec<Ty<'db>>),
    Value(Value),
    /// A visitor, by the local that stands for it.
    Visitor(LocalId),
}

impl<'db> Lowerer<'_, 'db> {
    /// A call: evaluates the arguments, opens the places of the `inout` ones, calls, and closes them again.
    pub(super) fn call(&mut self, callee: &Callee<'db>, args: &[Arg], ty: Ty<'db>) -> Option<Value> {
        let target = match callee {
            Callee::Item { item, type_args } => self.item_target(*item, type_args),
            Callee::Intrinsic { op, type_args } => Target::Intrinsic(*op, self.lower_tys(type_args)),
            Callee::Value(callee) => match self.visitor_callee(*callee) {
                Some(local) => Target::Visitor(local),
                None => Target::Value(self.expr(*callee)?),
            },
        };
        let mut values: Vec<Option<Value>> = Vec::new();
        let mut places: Vec<Path> = Vec::new();
        let mut visitors = Vec::new();
        let mut passed_along = Vec::new();
        for (n, arg) in args.iter().enumerate() {
            if let Arg::Value(arg) = arg
                && let Some((visitor, captures)) = self.visitor_argument(*arg)
            {
                visitors.push((n as u32, visitor));
                passed_along.extend(captures);
                continue;
            }
            match arg {
                Arg::Value(arg) if self.lends(&target, n) => values.push(Some(self.lent(*arg)?)),
                Arg::Value(arg) => values.push(Some(self.expr(*arg)?)),
                Arg::InOut(place) => {
                    places.push(self.place(place)?);
                    values.push(None);
                }
            }
        }
        let (opened, leaves) = self.open_all(&places)?;
        let mut tys = vec![ty];
        tys.extend(leaves.iter().map(|leaf| self.b.ty(*leaf)));
        let mut leaf = leaves.iter();
        let values: Option<Vec<Value>> =
            values.into_iter().map(|value| value.or_else(|| leaf.next().copied())).collect();
        let mut values = values?;
        values.extend(passed_along);
        let results = match target {
            Target::Item(item, type_args) if !visitors.is_empty() => {
                self.call_copy(item, type_args, visitors, values, &tys)?
            }
            _ if !visitors.is_empty() => return self.refuse("a loop's body where it can't be called"),
            target => self.call_target(target, values, &tys)?,
        };
        self.close_all(&opened, &results[1..])?;
        results.first().copied()
    }

    /// Whether an argument is only lent: imported functions say of which they do no more than look at.
    fn lends(&self, target: &Target<'db>, n: usize) -> bool {
        matches!(target, Target::Item(item, _) if self.program.lends(*item, n))
    }

    pub(super) fn item_target(&mut self, item: Item<'db>, type_args: &[Ty<'db>]) -> Target<'db> {
        if let Some(bound) = self.stand_in_for(item) {
            return Target::StandIn(bound);
        }
        let type_args = self.lower_tys(type_args);
        match self.program.intrinsic(item) {
            Some(op) => Target::Intrinsic(op, type_args),
            None => self.in_place(item, &type_args).unwrap_or(Target::Item(item, type_args)),
        }
    }

    /// What does the same as a function of std in the memory of its argument, if the types allow it.
    fn in_place(&self, item: Item<'db>, type_args: &[Ty<'db>]) -> Option<Target<'db>> {
        let [of, to] = type_args else { return None };
        if of != to || self.program.std_item("list", "map") != Some(item) {
            return None;
        }
        Some(Target::Item(self.program.std_item("list_impl", "map_in_place")?, vec![*of]))
    }

    /// Calls with values; `tys` are the types of the results, the value first.
    pub(super) fn call_target(
        &mut self,
        target: Target<'db>,
        args: Vec<Value>,
        tys: &[Ty<'db>],
    ) -> Option<Vec<Value>> {
        let site = self.site();
        let db = self.program.db();
        let results = match target {
            Target::Intrinsic(op, type_args) => self.intrinsic(op, type_args, args, tys)?,
            Target::Value(callee) => self.b.emit_all(Op::CallClosure(callee, args), tys, site),
            Target::Visitor(local) => self.call_visitor(local, args, tys)?,
            Target::StandIn(bound) => self.call_stand_in(bound, args, tys)?,
            Target::Item(item, type_args) if self.program.body(item).is_some() => {
                let instance = self.instance_here(item, type_args);
                self.b.emit_all(Op::Call(instance, args), tys, site)
            }
            Target::Item(item, _) => self.b.emit_all(Op::CallImport(item, args), tys, site),
        };
        if *tys[0].kind(db) == TyKind::Never {
            self.never()?;
        }
        Some(results)
    }

    /// The operations that need no instruction of their own are turned into others here.
    fn intrinsic(
        &mut self,
        op: Intrinsic,
        type_args: Vec<Ty<'db>>,
        args: Vec<Value>,
        tys: &[Ty<'db>],
    ) -> Option<Vec<Value>> {
        let site = self.site();
        let on_table = match op {
            Intrinsic::MapLen => Some("len"),
            Intrinsic::MapGet => Some("get"),
            Intrinsic::MapInsert => Some("insert"),
            Intrinsic::MapRemove => Some("remove"),
            Intrinsic::MapEntries => Some("entries"),
            Intrinsic::SetLen => Some("set_len"),
            Intrinsic::SetContains => Some("set_contains"),
            Intrinsic::SetInsert => Some("set_insert"),
            Intrinsic::SetRemove => Some("set_remove"),
            Intrinsic::SetItems => Some("set_items"),
            _ => None,
        };
        if let Some(name) = on_table {
            return self.call_std(("map_impl", name), type_args, args, tys);
        }
        Some(match (op, args.as_slice()) {
            (Intrinsic::Unreachable, [message]) => {
                self.trap(TrapKind::Unreachable, Some(*message));
                return None;
            }
            (Intrinsic::UnwrapFailed, [message]) => {
                self.trap(TrapKind::Unwrap, Some(*message));
                return None;
            }
            (Intrinsic::NumberOf, [value]) => {
                self.b.emit_all(Op::Convert(ConvertMode::Trap, *value), tys, site)
            }
            // What nobody uses any more is dropped anyway, but a handle is dropped now.
            (Intrinsic::Drop, [value]) => self.b.emit_all(Op::Intrinsic(op, vec![*value]), tys, site),
            (Intrinsic::Compare, [a, b]) => {
                let glue = Instance::new(self.program.db(), InstanceKind::CompareGlue, vec![self.b.ty(*a)]);
                self.b.emit_all(Op::Call(glue, vec![*a, *b]), tys, site)
            }
            (Intrinsic::Hash, [value]) => vec![self.hash(*value)],
            (Intrinsic::Show, [value]) => {
                let empty = self.static_string("");
                vec![self.push_value(empty, *value)?]
            }
            (Intrinsic::Encode, [out, value]) => {
                let ty = self.b.ty(*value);
                let unit = self.emit(Op::MakeRecord { parts: Vec::new(), reuse: None }, tys[0]);
                let glue = Instance::new(self.program.db(), InstanceKind::EncodeGlue, vec![ty]);
                vec![unit, self.emit(Op::Call(glue, vec![*out, *value]), self.b.ty(*out))]
            }
            (Intrinsic::Decode, [bytes, at]) => {
                let ty = *type_args.first()?;
                let glue = Instance::new(self.program.db(), InstanceKind::DecodeGlue, vec![ty]);
                let option = self.kind_ty(TyKind::Option(ty));
                let call = Op::Call(glue, vec![*bytes, *at]);
                let parts = self.b.emit_all(call, &[option, self.b.ty(*at)], site);
                vec![self.emit(Op::MakeRecord { parts, reuse: None }, tys[0])]
            }
            (Intrinsic::Shape, []) => {
                let (ty, queries) = (*type_args.first()?, dot_eval::Queries(self.program.db()));
                let bytes = dot_eval::encoded_shape(&queries, ty, dot_eval::Limits::CONSTANT);
                vec![self.emit(Op::StaticString(bytes.into()), tys[0])]
            }
            _ => self.b.emit_all(Op::Intrinsic(op, args), tys, site),
        })
    }

    /// The hash of a value: glue takes it in, then the upper half is folded into the lower one.
    fn hash(&mut self, value: Value) -> Value {
        let u64_ty = self.kind_ty(TyKind::Int(IntKind::U64));
        let glue = Instance::new(self.program.db(), InstanceKind::HashGlue, vec![self.b.ty(value)]);
        let start = self.emit(Op::Const(0), u64_ty);
        let state = self.emit(Op::Call(glue, vec![start, value]), u64_ty);
        let half = self.const_u32(32);
        let upper = self.emit(Op::Binary(BinaryOp::Shr, state, half), u64_ty);
        self.emit(Op::Binary(BinaryOp::Xor, state, upper), u64_ty)
    }

    /// A function value whose code is an expression of this body.
    pub(super) fn make_closure(&mut self, expr: ExprId, captures: Vec<Value>, ty: Ty<'db>) -> Value {
        let instance = self.closure_here(expr);
        self.emit(Op::MakeClosure(instance, captures), ty)
    }

    /// The code of a named function as a value: it calls the function. So that function's parameters may be
    /// borrowed, while whoever calls a value gives what he passes away.
    pub(super) fn fn_value_body(
        &mut self,
        item: Item<'db>,
        type_args: &[Ty<'db>],
    ) -> (Vec<Passing>, Vec<Ty<'db>>) {
        let ty = self.expr_ty(self.at);
        let TyKind::Fn(params, ret) = ty.kind(self.program.db()) else {
            let _: Option<()> = self.refuse("a function value of another type");
            return (Vec::new(), Vec::new());
        };
        let args = params.iter().map(|param| self.b.param(param.ty, None)).collect();
        let mut tys = vec![*ret];
        tys.extend(params.iter().filter(|param| param.mode == Mode::InOut).map(|param| param.ty));
        let target = self.item_target(item, type_args);
        if let Some(results) = self.call_target(target, args, &tys) {
            self.b.end(crate::ir::Terminator::Return(results));
        }
        (params.iter().map(|_| Passing::Owned).collect(), tys)
    }
}
