//! Evaluating expressions: what each form of typed HIR means.
//!
//! Operands are evaluated from left to right. Whatever leaves an expression early (`break`, `return`, a trap)
//! travels as the error of a [`Flow`].

use crate::machine::{Exit, Flow, Frame, Machine, Number, Target, internal};
use crate::map::MapValue;
use crate::number;
use crate::replaced::Replacements;
use crate::structural;
use crate::value::{ClosureValue, Parts, Value};
use dot_types::own::holds_own;
use dot_types::thir::{
    Arg, BinaryOp, Callee, Closure, CompareOp, ConvertMode, ExprId, ExprKind, Iter, ListPart, Literal,
    Pattern, Piece, Stmt, TrapKind, UnaryOp,
};
use dot_types::walk::for_each_binding;
use dot_types::{TyKind, trap_text};
use std::cmp::Ordering;
use std::sync::Arc;

impl<'db> Machine<'_, 'db> {
    /// The value of an expression.
    pub(crate) fn eval(&mut self, frame: &mut Frame<'db>, id: ExprId) -> Flow<'db> {
        self.burn(1).map_err(|cause| frame.fail(id, cause))?;
        let body = frame.instance.body;
        match &body.expr(id).kind {
            ExprKind::Literal(literal) => Ok(literal_value(literal)),
            ExprKind::Local(local) => {
                if frame.instance.moves.moves(id) {
                    return Ok(std::mem::replace(frame.local(*local), Value::Unit));
                }
                Ok(frame.local(*local).clone())
            }
            ExprKind::Const(item) => self.constant(*item).map_err(|exit| called_from(frame, id, exit)),
            ExprKind::Block { stmts, tail } => self.block(frame, stmts, *tail),
            ExprKind::If { cond, then_branch, else_branch } => {
                if self.condition(frame, *cond)? {
                    return self.eval(frame, *then_branch);
                }
                else_branch.map_or(Ok(Value::Unit), |branch| self.eval(frame, branch))
            }
            ExprKind::Match { scrutinee, arms } => {
                let mut value = self.eval(frame, *scrutinee)?;
                for arm in arms {
                    if !self.fits(frame, &arm.pattern, &value)? {
                        continue;
                    }
                    if let Some(guard) = arm.guard
                        && !self.condition(frame, guard)?
                    {
                        continue;
                    }
                    // What the pattern bound is then held by its locals alone.
                    value = Value::Unit;
                    let _ = value;
                    return self.eval(frame, arm.body);
                }
                Err(frame.malformed(id))
            }
            ExprKind::Is { scrutinee, pattern } => {
                let value = self.eval(frame, *scrutinee)?;
                Ok(Value::Bool(self.fits(frame, pattern, &value)?))
            }
            ExprKind::ShortCircuit { and, left, right } => {
                if self.condition(frame, *left)? == *and {
                    return self.eval(frame, *right);
                }
                Ok(Value::Bool(!*and))
            }
            ExprKind::While { cond, body } => {
                while self.condition(frame, *cond)? {
                    if !self.turn(frame, *body)? {
                        break;
                    }
                }
                Ok(Value::Unit)
            }
            ExprKind::For { pattern, iter, body } => self.visit_all(frame, id, pattern, *iter, *body),
            ExprKind::Break => Err(Exit::Break),
            ExprKind::Continue => Err(Exit::Continue),
            ExprKind::Return(None) => Err(Exit::Return(Value::Unit)),
            ExprKind::Return(Some(value)) => Err(Exit::Return(self.eval(frame, *value)?)),
            ExprKind::Call { callee, args } => self.call_expr(frame, id, callee, args),
            _ => self.operation(frame, id),
        }
    }

    /// The expressions that evaluate their operands and put something together.
    fn operation(&mut self, frame: &mut Frame<'db>, id: ExprId) -> Flow<'db> {
        let body = frame.instance.body;
        match &body.expr(id).kind {
            ExprKind::Binary { op, left, right } => {
                let a = self.eval(frame, *left)?;
                let b = self.eval(frame, *right)?;
                let numbers = frame.instance.numbers[left.0 as usize];
                self.binary(frame, id, *op, numbers, &a, &b)
            }
            ExprKind::Compare { op, left, right } => {
                let a = self.eval(frame, *left)?;
                let b = self.eval(frame, *right)?;
                let ty = a.may_hold_own().then(|| frame.ty(self.db, *left));
                if let Some(ty) = ty.filter(|ty| holds_own(self.db, *ty)) {
                    let compared = self.compared(*op, ty, &a, &b);
                    return compared.map(Value::Bool).map_err(|exit| called_from(frame, id, exit));
                }
                Ok(Value::Bool(compare(*op, &a, &b)))
            }
            ExprKind::Unary { op, operand } => {
                let value = self.eval(frame, *operand)?;
                unary(frame, id, *op, &value)
            }
            ExprKind::Convert { mode, operand } => {
                let value = self.eval(frame, *operand)?;
                convert(frame, id, *mode, &value)
            }
            ExprKind::Record(parts) | ExprKind::Tuple(parts) => Ok(Value::tuple(self.all(frame, parts)?)),
            ExprKind::Case { case, args } => Ok(Value::case(*case, self.all(frame, args)?)),
            ExprKind::Flags(bits) => Ok(Value::Flags(*bits)),
            ExprKind::List(parts) => self.list(frame, id, parts),
            ExprKind::Map(entries) => {
                let TyKind::Map(key_ty, _) = *frame.ty(self.db, id).kind(self.db) else {
                    return Err(frame.malformed(id));
                };
                let mut map = MapValue::default();
                for (key, value) in entries {
                    let key = self.eval(frame, *key)?;
                    let value = self.eval(frame, *value)?;
                    self.insert_in(key_ty, &mut map, key, value)
                        .map_err(|exit| called_from(frame, id, exit))?;
                }
                Ok(Value::Map(Arc::new(map)))
            }
            ExprKind::Field { base, index } => {
                let base = self.eval(frame, *base)?;
                let part = base.as_parts().and_then(|parts| parts.get(*index as usize));
                part.cloned().ok_or_else(|| frame.malformed(id))
            }
            ExprKind::Part { base, case, index } => {
                let base = self.eval(frame, *base)?;
                let parts = base.as_case().filter(|(found, _)| found == case).map(|(_, parts)| parts);
                let part = parts.and_then(|parts| parts.get(*index as usize));
                part.cloned().ok_or_else(|| frame.malformed(id))
            }
            ExprKind::FromEnd { base, back } => {
                let base = self.eval(frame, *base)?;
                let Value::List(items) = &base else { return Err(frame.malformed(id)) };
                let at = items.0.len().checked_sub(*back as usize);
                at.and_then(|at| items.0.get(at)).cloned().ok_or_else(|| frame.malformed(id))
            }
            ExprKind::Index { base, index } => {
                let base = self.eval(frame, *base)?;
                let key = self.eval(frame, *index)?;
                let key = match &base {
                    Value::Map(map) if key.may_hold_own() => {
                        let ty = frame.ty(self.db, *index);
                        self.key_in(ty, map, &key).map_err(|exit| called_from(frame, id, exit))?
                    }
                    _ => key,
                };
                element(frame, id, &base, &key).cloned()
            }
            ExprKind::Interpolate(pieces) => self.interpolate(frame, id, pieces),
            ExprKind::Closure(closure) => {
                let replaced = self.replaced.clone();
                Ok(make_closure(frame, id, closure, replaced))
            }
            ExprKind::With { value, replaced, body } => self.with(frame, id, *value, replaced, *body),
            ExprKind::FnValue { item, type_args } => {
                let type_args = self.substitute_all(type_args, &frame.instance.type_args);
                let replaced = self.replaced.clone();
                Ok(Value::Fn(Arc::new(crate::value::FnValue { item: *item, type_args, replaced })))
            }
            ExprKind::Trap { kind, message } => {
                let message = self.eval(frame, *message)?;
                Err(frame.trap(id, *kind, message.as_str().unwrap_or_default()))
            }
            _ => Err(frame.malformed(id)),
        }
    }

    pub(crate) fn substitute_all(
        &self,
        tys: &[dot_types::Ty<'db>],
        args: &[dot_types::Ty<'db>],
    ) -> Arc<[dot_types::Ty<'db>]> {
        tys.iter().map(|ty| ty.substitute(self.db, args)).collect()
    }

    fn all(&mut self, frame: &mut Frame<'db>, ids: &[ExprId]) -> Flow<'db, Vec<Value<'db>>> {
        ids.iter().map(|id| self.eval(frame, *id)).collect()
    }

    fn condition(&mut self, frame: &mut Frame<'db>, id: ExprId) -> Flow<'db, bool> {
        match self.eval(frame, id)? {
            Value::Bool(holds) => Ok(holds),
            _ => Err(frame.malformed(id)),
        }
    }

    fn block(&mut self, frame: &mut Frame<'db>, stmts: &'db [Stmt], tail: Option<ExprId>) -> Flow<'db> {
        let result = stmts
            .iter()
            .try_for_each(|stmt| self.stmt(frame, stmt))
            .and_then(|()| tail.map_or(Ok(Value::Unit), |tail| self.eval(frame, tail)));
        // The block's locals end here; what they hold may be the only other copy of something.
        for stmt in stmts {
            if let Stmt::Let { pattern, .. } = stmt {
                for_each_binding(pattern, &mut |local| *frame.local(local) = Value::Unit);
            }
        }
        result
    }

    fn stmt(&mut self, frame: &mut Frame<'db>, stmt: &'db Stmt) -> Flow<'db, ()> {
        match stmt {
            Stmt::Let { pattern, init, otherwise } => {
                let value = self.eval(frame, *init)?;
                if let Pattern::Bind(local, None) = pattern {
                    *frame.local(*local) = value;
                } else if !self.fits(frame, pattern, &value)? {
                    let Some(otherwise) = otherwise else { return Err(frame.malformed(*init)) };
                    self.eval(frame, *otherwise)?;
                    return Err(frame.malformed(*otherwise));
                }
                Ok(())
            }
            Stmt::Expr(value) => self.eval(frame, *value).map(drop),
            Stmt::Assign { place, op, value } => self.assign(frame, place, *op, *value),
        }
    }

    /// One turn of a loop. Whether there may be another.
    fn turn(&mut self, frame: &mut Frame<'db>, body: ExprId) -> Flow<'db, bool> {
        match self.eval(frame, body) {
            Ok(_) | Err(Exit::Continue) => Ok(true),
            Err(Exit::Break) => Ok(false),
            Err(exit) => Err(exit),
        }
    }

    fn visit_all(
        &mut self,
        frame: &mut Frame<'db>,
        id: ExprId,
        pattern: &'db Pattern,
        iter: Iter,
        body: ExprId,
    ) -> Flow<'db> {
        match iter {
            Iter::Range { start, end, inclusive } => {
                self.visit_range(frame, id, pattern, (start, end, inclusive), body)?;
            }
            Iter::List(list) => {
                let Value::List(items) = self.eval(frame, list)? else { return Err(frame.malformed(list)) };
                for item in &items.0 {
                    if !self.visit(frame, pattern, item.clone(), body)? {
                        break;
                    }
                }
            }
            Iter::Map(map) => {
                let Value::Map(map) = self.eval(frame, map)? else { return Err(frame.malformed(map)) };
                for (key, value) in map.iter() {
                    let entry = Value::tuple(vec![key.clone(), value.clone()]);
                    if !self.visit(frame, pattern, entry, body)? {
                        break;
                    }
                }
            }
            Iter::Set(set) => {
                let Value::Set(set) = self.eval(frame, set)? else { return Err(frame.malformed(set)) };
                for (value, _) in set.iter() {
                    if !self.visit(frame, pattern, value.clone(), body)? {
                        break;
                    }
                }
            }
            Iter::Chars(text) => {
                let Value::String(text) = self.eval(frame, text)? else { return Err(frame.malformed(text)) };
                for c in text.chars() {
                    if !self.visit(frame, pattern, Value::Char(c), body)? {
                        break;
                    }
                }
            }
            Iter::Each(call) => self.visit_each(frame, call, pattern, body)?,
        }
        Ok(Value::Unit)
    }

    fn visit_range(
        &mut self,
        frame: &mut Frame<'db>,
        id: ExprId,
        pattern: &Pattern,
        (start, end, inclusive): (ExprId, Option<ExprId>, bool),
        body: ExprId,
    ) -> Flow<'db, ()> {
        let first = self.eval(frame, start)?;
        let end_value = end.map(|end| self.eval(frame, end)).transpose()?;
        let Number::Int(kind) = frame.instance.numbers[start.0 as usize] else {
            return Err(frame.malformed(start));
        };
        let (Some(mut at), end_value) = (first.as_int(), end_value.as_ref().and_then(Value::as_int)) else {
            return Err(frame.malformed(start));
        };
        // One past the last; an endless range runs into the end of its type.
        let past = end_value.map_or(kind.max() + 1, |end| if inclusive { end + 1 } else { end });
        while at < past {
            if !self.visit(frame, pattern, Value::int(at), body)? {
                return Ok(());
            }
            at += 1;
        }
        if end.is_none() {
            return Err(frame.trap(id, TrapKind::Overflow, "the range has no end and its type has one"));
        }
        Ok(())
    }

    /// Binds an element and runs the loop's body. Whether there may be another turn.
    pub(crate) fn visit(
        &mut self,
        frame: &mut Frame<'db>,
        pattern: &Pattern,
        value: Value<'db>,
        body: ExprId,
    ) -> Flow<'db, bool> {
        if let Pattern::Bind(local, None) = pattern {
            *frame.local(*local) = value;
        } else if !self.fits(frame, pattern, &value)? {
            return Err(frame.malformed(body));
        }
        self.turn(frame, body)
    }

    fn call_expr(
        &mut self,
        frame: &mut Frame<'db>,
        id: ExprId,
        callee: &Callee<'db>,
        args: &[Arg],
    ) -> Flow<'db> {
        let target = match callee {
            Callee::Item { item, type_args } => self.call_target(frame, id, |machine, outer| {
                let type_args = machine.substitute_all(type_args, outer);
                machine.target(*item, type_args)
            }),
            Callee::Intrinsic { op, type_args } => self.call_target(frame, id, |machine, outer| {
                Target::Intrinsic(*op, machine.substitute_all(type_args, outer))
            }),
            Callee::Value(callee) => Target::Value(self.eval(frame, *callee)?),
        };
        let mut values = Vec::with_capacity(args.len());
        let mut places = Vec::new();
        for (index, arg) in args.iter().enumerate() {
            match arg {
                Arg::Value(value) => values.push(self.eval(frame, *value)?),
                Arg::InOut(place) => {
                    places.push((index, self.resolve(frame, place)?));
                    values.push(Value::Unit);
                }
            }
        }
        for (index, place) in &places {
            values[*index] = self.take(frame, id, place)?;
        }
        let result = match callee {
            Callee::Item { item, .. } => self.call_item(*item, &target, &mut values),
            _ => self.invoke(&target, &mut values),
        };
        let result = result.map_err(|exit| called_from(frame, id, exit))?;
        for (index, place) in &places {
            let value = std::mem::replace(&mut values[*index], Value::Unit);
            self.put(frame, id, place, value)?;
        }
        Ok(result)
    }

    pub(crate) fn binary(
        &self,
        frame: &Frame<'db>,
        id: ExprId,
        op: BinaryOp,
        numbers: Number,
        left: &Value<'db>,
        right: &Value<'db>,
    ) -> Flow<'db> {
        match (left, right, numbers) {
            (Value::Int(a), Value::Int(b), Number::Int(kind)) => {
                number::int_binary(op, kind, a.get(), b.get())
                    .map(Value::int)
                    .map_err(|trap| frame.number_trap(id, trap))
            }
            (Value::Float(a), Value::Float(b), Number::Float(kind)) => {
                number::float_binary(op, kind, *a, *b).map(Value::Float).ok_or_else(|| frame.malformed(id))
            }
            (Value::Bool(a), Value::Bool(b), _) => match op {
                BinaryOp::And => Ok(Value::Bool(a & b)),
                BinaryOp::Or => Ok(Value::Bool(a | b)),
                BinaryOp::Xor => Ok(Value::Bool(a ^ b)),
                _ => Err(frame.malformed(id)),
            },
            (Value::Flags(a), Value::Flags(b), _) => match op {
                BinaryOp::And => Ok(Value::Flags(a & b)),
                BinaryOp::Or => Ok(Value::Flags(a | b)),
                BinaryOp::Xor => Ok(Value::Flags(a ^ b)),
                _ => Err(frame.malformed(id)),
            },
            _ => Err(frame.malformed(id)),
        }
    }

    fn list(&mut self, frame: &mut Frame<'db>, id: ExprId, parts: &[ListPart]) -> Flow<'db> {
        let mut items = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                ListPart::Item(value) => items.push(self.eval(frame, *value)?),
                ListPart::Spread(list) => {
                    let Value::List(more) = self.eval(frame, *list)? else {
                        return Err(frame.malformed(*list));
                    };
                    self.grow_list(items.len() + more.0.len(), more.0.len())
                        .map_err(|cause| frame.fail(id, cause))?;
                    items.extend(more.0.iter().cloned());
                }
            }
        }
        if let TyKind::Set(ty) = *frame.ty(self.db, id).kind(self.db) {
            let mut set = MapValue::default();
            for item in items {
                self.insert_in(ty, &mut set, item, Value::Unit)
                    .map_err(|exit| called_from(frame, id, exit))?;
            }
            return Ok(Value::Set(Arc::new(set)));
        }
        Ok(Value::list(items))
    }

    fn interpolate(&mut self, frame: &mut Frame<'db>, id: ExprId, pieces: &[Piece]) -> Flow<'db> {
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Value(value) => {
                    let ty = frame.ty(self.db, *value);
                    let value = self.eval(frame, *value)?;
                    let text = self.text(ty, &value).map_err(|exit| called_from(frame, id, exit))?;
                    out.push_str(&text);
                }
            }
        }
        self.grow_string(out.len(), out.len()).map_err(|cause| frame.fail(id, cause))?;
        Ok(Value::string(out))
    }
}

/// Adds a call to the trace of a failure that went through it; one without a place gets its place here.
pub(crate) fn called_from<'db>(frame: &Frame<'db>, id: ExprId, exit: Exit<'db>) -> Exit<'db> {
    match exit {
        Exit::Fail(mut failure) => {
            if failure.trace.len() < crate::Failure::MAX_TRACE {
                failure.trace.push((frame.instance.item, id));
            }
            Exit::Fail(failure)
        }
        Exit::Leave(_) => exit,
        Exit::Break | Exit::Continue | Exit::Return(_) => internal("a call was left by a jump"),
    }
}

pub(crate) fn literal_value<'db>(literal: &Literal) -> Value<'db> {
    match literal {
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::int(*value),
        Literal::Float(bits) => Value::Float(f64::from_bits(*bits)),
        Literal::Char(c) => Value::Char(*c),
        Literal::String(text) => Value::string(text.as_str()),
        Literal::Bytes(bytes) => Value::list(bytes.iter().map(|byte| Value::int(*byte)).collect()),
        Literal::Flags(bits) => Value::Flags(*bits),
    }
}

/// Two floats compare by IEEE 754; for all else see [`structural`].
fn compare(op: CompareOp, left: &Value<'_>, right: &Value<'_>) -> bool {
    let order = match (op, left, right) {
        (CompareOp::Eq, ..) => return structural::equal(left, right),
        (CompareOp::Ne, ..) => return !structural::equal(left, right),
        (_, Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        _ => Some(structural::compare(left, right)),
    };
    order.is_some_and(|order| holds(op, order))
}

/// Whether an order is what an operator asks for.
pub(crate) fn holds(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }
}

fn unary<'db>(frame: &Frame<'db>, id: ExprId, op: UnaryOp, value: &Value<'db>) -> Flow<'db> {
    match (op, value, frame.instance.numbers[id.0 as usize]) {
        (UnaryOp::Not, Value::Bool(value), _) => Ok(Value::Bool(!value)),
        (UnaryOp::Neg, Value::Int(value), Number::Int(kind)) => {
            number::int_neg(kind, value.get()).map(Value::int).map_err(|trap| frame.number_trap(id, trap))
        }
        (UnaryOp::Neg, Value::Float(value), _) => Ok(Value::Float(-value)),
        (UnaryOp::BitNot, Value::Int(value), Number::Int(kind)) => {
            Ok(Value::int(number::int_not(kind, value.get())))
        }
        _ => Err(frame.malformed(id)),
    }
}

fn convert<'db>(frame: &Frame<'db>, id: ExprId, mode: ConvertMode, value: &Value<'db>) -> Flow<'db> {
    let to = frame.instance.numbers[id.0 as usize];
    let converted = match (value, to) {
        (Value::Int(value), Number::Int(to)) => {
            number::int_to_int(mode, to, value.get()).map(|v| v.map(Value::int))
        }
        (Value::Char(c), Number::Int(to)) => {
            number::int_to_int(mode, to, u32::from(*c).into()).map(|v| v.map(Value::int))
        }
        (Value::Float(value), Number::Int(to)) => {
            number::float_to_int(mode, to, *value).map(|v| v.map(Value::int))
        }
        (Value::Int(value), Number::Float(to)) => {
            Ok(Some(Value::Float(number::int_to_float(to, value.get()))))
        }
        (Value::Float(value), Number::Float(to)) => Ok(Some(Value::Float(number::round(to, *value)))),
        _ => return Err(frame.malformed(id)),
    };
    let converted = converted.map_err(|trap| frame.number_trap(id, trap))?;
    match mode {
        ConvertMode::Try => Ok(Value::option(converted)),
        _ => converted.ok_or_else(|| frame.malformed(id)),
    }
}

/// An element of a list, or the value of a map's key.
fn element<'v, 'db>(
    frame: &Frame<'db>,
    id: ExprId,
    base: &'v Value<'db>,
    index: &Value<'db>,
) -> Flow<'db, &'v Value<'db>> {
    match base {
        Value::List(items) => {
            let Some(index) = index.as_int() else { return Err(frame.malformed(id)) };
            let item = usize::try_from(index).ok().and_then(|index| items.0.get(index));
            item.ok_or_else(|| frame.trap(id, TrapKind::Index, index_message(index, items.0.len())))
        }
        Value::Map(map) => map.get(index).ok_or_else(|| frame.trap(id, TrapKind::Key, key_message(index))),
        _ => Err(frame.malformed(id)),
    }
}

pub(crate) fn key_message(key: &Value<'_>) -> String {
    let told: &dyn std::fmt::Display = match key {
        Value::Int(number) => &number.get(),
        Value::Bool(b) => b,
        Value::Char(c) => c,
        Value::String(text) => text,
        _ => return trap_text::SUCH_KEY.to_owned(),
    };
    trap_text::fill(trap_text::KEY, &[("key", told)])
}

pub(crate) fn index_message(index: i128, len: usize) -> String {
    format!("index {index} is out of range for a list of length {len}")
}

fn make_closure<'db>(
    frame: &mut Frame<'db>,
    id: ExprId,
    closure: &Closure<'db>,
    replaced: Replacements<'db>,
) -> Value<'db> {
    let captures = closure.captures.iter().map(|(outside, _)| frame.local(*outside).clone()).collect();
    Value::Closure(Arc::new(ClosureValue {
        item: frame.instance.item,
        type_args: Arc::clone(&frame.instance.type_args),
        expr: id,
        captures: Parts(captures),
        replaced,
    }))
}
