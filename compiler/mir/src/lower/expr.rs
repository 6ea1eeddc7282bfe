//! Expressions.

use super::{DEEPEST, Lowerer};
use crate::ir::{Instance, InstanceKind, Op, Value};
use crate::repr::{Shape, shape};
use dot_types::thir::{BinaryOp, CompareOp, ConvertMode, ExprId, ExprKind, ListPart, TrapKind, UnaryOp};
use dot_types::{IntKind, Intrinsic, Ty, TyKind, own};

impl<'db> Lowerer<'_, 'db> {
    /// Lowers an expression to its value.
    pub(super) fn expr(&mut self, id: ExprId) -> Option<Value> {
        self.b.current()?;
        let around = std::mem::replace(&mut self.at, id);
        self.depth += 1;
        let value = if self.depth > DEEPEST {
            self.refuse("an expression nested this deep")
        } else {
            self.expr_kind(id)
        };
        self.depth -= 1;
        self.at = around;
        self.b.current().and(value)
    }

    fn expr_kind(&mut self, id: ExprId) -> Option<Value> {
        let body = self.body;
        let ty = self.expr_ty(id);
        Some(match &body.expr(id).kind {
            ExprKind::Literal(literal) => self.literal(literal, ty),
            ExprKind::Const(item) => self.constant(*item, ty),
            ExprKind::Local(local) => self.moved(*local),
            ExprKind::Block { stmts, tail } => return self.block(stmts, *tail),
            ExprKind::If { cond, then_branch, else_branch } => {
                return self.if_else(*cond, *then_branch, *else_branch, ty);
            }
            ExprKind::Match { scrutinee, arms } => return self.match_arms(*scrutinee, arms, ty),
            ExprKind::Is { .. } | ExprKind::ShortCircuit { .. } => return self.condition_value(id),
            ExprKind::While { cond, body } => return self.while_loop(*cond, *body),
            ExprKind::For { pattern, iter, body } => return self.for_loop(id, pattern, *iter, *body),
            ExprKind::Break => return self.leave_loop(false),
            ExprKind::Continue => return self.leave_loop(true),
            ExprKind::Return(value) => return self.return_value(*value),
            ExprKind::Binary { op, left, right } => {
                let (left, right) = (self.expr(*left)?, self.expr(*right)?);
                self.emit(Op::Binary(*op, left, right), ty)
            }
            ExprKind::Compare { op, left, right } => {
                let (left, right) = (self.expr(*left)?, self.expr(*right)?);
                return self.compare(*op, left, right);
            }
            ExprKind::Unary { op: UnaryOp::Not, .. } => return self.condition_value(id),
            ExprKind::Unary { op, operand } => {
                let operand = self.expr(*operand)?;
                self.emit(Op::Unary(*op, operand), ty)
            }
            ExprKind::Convert { mode, operand } => {
                let operand = self.expr(*operand)?;
                self.emit(Op::Convert(*mode, operand), ty)
            }
            ExprKind::Record(fields) | ExprKind::Tuple(fields) => {
                let parts = self.exprs(fields)?;
                self.emit(Op::MakeRecord { parts, reuse: None }, ty)
            }
            ExprKind::Case { case, args } => {
                let parts = self.exprs(args)?;
                self.make_case(*case, parts, ty)
            }
            ExprKind::Flags(bits) => self.emit(Op::Const((*bits).into()), ty),
            ExprKind::List(parts) => return self.list_or_set(parts, ty),
            ExprKind::Map(entries) => return self.map(entries, ty),
            ExprKind::Field { base, index } => {
                let base = self.lent(*base)?;
                self.emit(Op::Field(base, *index), ty)
            }
            ExprKind::Part { base, case, index } => {
                let base = self.lent(*base)?;
                self.emit(Op::CasePart { base, case: *case, part: *index }, ty)
            }
            ExprKind::FromEnd { base, back } => {
                let list = self.lent(*base)?;
                let index = self.index_from_end(list, *back);
                self.emit(Op::ListGet(list, index), ty)
            }
            ExprKind::Index { base, index } => return self.index(*base, *index, ty),
            ExprKind::Interpolate(pieces) => return self.interpolate(pieces),
            ExprKind::Call { callee, args } => return self.call(callee, args, ty),
            ExprKind::Closure(closure) => {
                let captures =
                    closure.captures.iter().map(|(outside, _)| self.read_local(*outside)).collect();
                self.make_closure(id, captures, ty)
            }
            ExprKind::FnValue { .. } => self.make_closure(id, Vec::new(), ty),
            ExprKind::With { value, replaced, body } => return self.with(id, *value, replaced, *body),
            ExprKind::Trap { kind, message } => {
                let message = self.expr(*message)?;
                self.trap(*kind, Some(message));
                return None;
            }
            ExprKind::Visitor => return self.refuse("the body of a loop as a value"),
            ExprKind::Error => return self.refuse("an expression with an error"),
        })
    }

    /// Lowers expressions, first to last.
    pub(super) fn exprs(&mut self, ids: &[ExprId]) -> Option<Vec<Value>> {
        ids.iter().map(|id| self.expr(*id)).collect()
    }

    /// A case; of an enum it is a number.
    pub(super) fn make_case(&mut self, case: u32, parts: Vec<Value>, ty: Ty<'db>) -> Value {
        match shape(self.program, ty) {
            Shape::Scalar => self.emit(Op::Const(case.into()), ty),
            _ => self.emit(Op::MakeCase { case, parts, reuse: None }, ty),
        }
    }

    /// Compares two values of one type: scalars at once, all else by glue.
    pub(super) fn compare(&mut self, op: CompareOp, left: Value, right: Value) -> Option<Value> {
        let (ty, bool_ty) = (self.b.ty(left), self.bool_ty());
        if self.compares_at_once(ty) {
            return Some(self.emit(Op::Compare(op, left, right), bool_ty));
        }
        if matches!(op, CompareOp::Eq | CompareOp::Ne) {
            let equal = self.equal(left, right);
            return Some(if op == CompareOp::Eq {
                equal
            } else {
                self.emit(Op::Unary(UnaryOp::Not, equal), bool_ty)
            });
        }
        let Some(ordering) = crate::glue::ordering_ty(self.program) else {
            return self.refuse("an order without the type `Ordering`");
        };
        let glue = Instance::new(self.program.db(), InstanceKind::CompareGlue, vec![ty]);
        let order = self.emit(Op::Call(glue, vec![left, right]), ordering);
        // Less is 0, Equal 1, Greater 2: `a < b` exactly when the order is below Equal, and so on.
        let middle = self.emit(Op::Const(1), ordering);
        Some(self.emit(Op::Compare(op, order, middle), bool_ty))
    }

    /// Whether two values of one type are equal.
    pub(super) fn equal(&mut self, left: Value, right: Value) -> Value {
        let (ty, bool_ty) = (self.b.ty(left), self.bool_ty());
        if self.compares_at_once(ty) {
            return self.emit(Op::Compare(CompareOp::Eq, left, right), bool_ty);
        }
        let glue = Instance::new(self.program.db(), InstanceKind::EqGlue, vec![ty]);
        self.emit(Op::Call(glue, vec![left, right]), bool_ty)
    }

    /// Whether values of a type are numbers that compare as such: scalars that don't define their own comparisons.
    fn compares_at_once(&self, ty: Ty<'db>) -> bool {
        use own::Operation::{Compare, Equal};
        let db = self.program.db();
        shape(self.program, ty) == Shape::Scalar
            && [Equal, Compare].iter().all(|op| own::own_operation(db, ty, *op).is_none())
    }

    fn list_or_set(&mut self, parts: &[ListPart], ty: Ty<'db>) -> Option<Value> {
        let TyKind::Adt(_, args) = ty.kind(self.program.db()) else { return self.list(parts, ty) };
        let [item] = args[..] else { return self.refuse("a set without the standard library") };
        let list_ty = self.kind_ty(TyKind::List(item));
        let list = self.list(parts, list_ty)?;
        Some(self.call_std(("map_impl", "set_from_items"), vec![item], vec![list], &[ty])?[0])
    }

    fn list(&mut self, parts: &[ListPart], ty: Ty<'db>) -> Option<Value> {
        if parts.iter().all(|part| matches!(part, ListPart::Item(_))) {
            let mut items = Vec::new();
            for part in parts {
                if let ListPart::Item(item) = part {
                    items.push(self.expr(*item)?);
                }
            }
            return Some(self.emit(Op::MakeList(items), ty));
        }
        let unit = Ty::unit(self.program.db());
        let mut list = self.emit(Op::MakeList(Vec::new()), ty);
        for part in parts {
            let (op, id) = match part {
                ListPart::Item(item) => (Intrinsic::ListPush, *item),
                ListPart::Spread(other) => (Intrinsic::ListAppend, *other),
            };
            let value = self.expr(id)?;
            let site = self.site();
            let results = self.b.emit_all(Op::Intrinsic(op, vec![list, value]), &[unit, ty], site);
            list = results[1];
        }
        Some(list)
    }

    fn map(&mut self, entries: &[(ExprId, ExprId)], ty: Ty<'db>) -> Option<Value> {
        let TyKind::Adt(_, args) = ty.kind(self.program.db()) else {
            return self.refuse("a map without the standard library");
        };
        let args = args.clone();
        let mut map = self.call_std(("map_impl", "empty"), args.clone(), Vec::new(), &[ty])?[0];
        for (key, value) in entries {
            let (key, value) = (self.expr(*key)?, self.expr(*value)?);
            let old = self.kind_ty(TyKind::Option(self.b.ty(value)));
            map = self.call_std(("map_impl", "insert"), args.clone(), vec![map, key, value], &[old, ty])?[1];
        }
        Some(map)
    }

    fn index(&mut self, base: ExprId, index: ExprId, ty: Ty<'db>) -> Option<Value> {
        let (list, index) = (self.expr(base)?, self.expr(index)?);
        let list_ty = self.b.ty(list);
        match list_ty.kind(self.program.db()) {
            TyKind::Adt(_, args) => {
                let args = args.clone();
                self.map_value(list, index, args, ty)
            }
            _ => {
                let index = self.list_index(index);
                Some(self.emit(Op::ListGet(list, index), ty))
            }
        }
    }

    /// What a map has for a key; traps `key`.
    pub(super) fn map_value(
        &mut self,
        map: Value,
        key: Value,
        args: Vec<Ty<'db>>,
        ty: Ty<'db>,
    ) -> Option<Value> {
        let option = self.kind_ty(TyKind::Option(ty));
        let found = self.call_std(("map_impl", "get"), args, vec![map, key], &[option])?[0];
        let (some, none) = (self.b.block(), self.b.block());
        let is_some = self.has_case(found, 1);
        self.b.branch(is_some, some, none);
        if self.b.go_sealed(none).is_some() {
            self.trap_about(TrapKind::Key, key);
        }
        self.b.go_sealed(some)?;
        Some(self.emit(Op::CasePart { base: found, case: 1, part: 0 }, ty))
    }

    /// Whether a variant, option or result value is of a case.
    pub(super) fn has_case(&mut self, value: Value, case: u32) -> Value {
        let (u32_ty, bool_ty) = (self.u32_ty(), self.bool_ty());
        let tag = self.emit(Op::Tag(value), u32_ty);
        let case = self.const_u32(case);
        self.emit(Op::Compare(CompareOp::Eq, tag, case), bool_ty)
    }

    /// An index of any integer type as `u32`. One that doesn't fit becomes the greatest, which no list reaches.
    pub(super) fn list_index(&mut self, index: Value) -> Value {
        let (u32_ty, u64_ty) = (self.u32_ty(), self.kind_ty(TyKind::Int(IntKind::U64)));
        match self.b.ty(index).kind(self.program.db()) {
            TyKind::Int(IntKind::U32) => index,
            TyKind::Int(IntKind::U8 | IntKind::U16) => {
                self.emit(Op::Convert(ConvertMode::Widen, index), u32_ty)
            }
            TyKind::Int(IntKind::U64) => self.emit(Op::Convert(ConvertMode::Saturate, index), u32_ty),
            // A negative one becomes a large one first.
            _ => {
                let large = self.emit(Op::Convert(ConvertMode::Wrap, index), u64_ty);
                self.emit(Op::Convert(ConvertMode::Saturate, large), u32_ty)
            }
        }
    }

    /// `left op right`, for `u32` values and operations that can't trap there.
    pub(super) fn u32_binary(&mut self, op: BinaryOp, left: Value, right: Value) -> Value {
        let ty = self.u32_ty();
        self.emit(Op::Binary(op, left, right), ty)
    }
}
