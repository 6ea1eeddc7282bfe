//! Loops over an `each`, calls of visitors, and leaving by them: see [`crate::visit`].

use super::{Exit, Lowerer};
use crate::build::Variable;
use crate::ir::{Instance, InstanceKind, Op, Passing, Terminator, Value, Visitor, Visitors};
use crate::visit::{self, Code};
use dot_types::thir::{Arg, Callee, ExprId, ExprKind, LocalId, Param};
use dot_types::{Mode, Ty, TyKind};

/// A visitor that the function has instead of a parameter.
pub(super) struct Known<'db> {
    visitor: Visitor<'db>,
    /// What is passed to it besides its arguments and the states.
    captures: Vec<Variable>,
}

/// What a function does for a visitor: its state when the function ends.
#[derive(Clone, Copy)]
pub(super) enum State {
    /// A local of the function around the visitor.
    Local(LocalId),
    /// What the visitors that the function knows may change.
    Inherited(Variable),
}

impl<'db> Lowerer<'_, 'db> {
    /// Lowers a copy of a function, which has visitors in the place of some parameters.
    pub(super) fn copy(&mut self, visitors: Visitors<'db>) -> (Vec<Passing>, Vec<Ty<'db>>) {
        let body = self.body;
        let of = visitors.of(self.program.db());
        let params: Vec<Param> = (0..)
            .zip(&body.params)
            .filter(|(index, _)| !of.iter().any(|(param, _)| param == index))
            .map(|(_, param)| *param)
            .collect();
        let known = visit::visitors_in(self.program, self.instance);
        self.exit = Exit::Fallible { result: visit::returned_ty(self.program, self.instance) };
        self.bind_params(&params);
        self.bind_known(&known);
        self.bind_inherited(&known);
        self.finish_visit(&params, body.root)
    }

    /// Lowers a visitor.
    pub(super) fn visitor(&mut self, visitor: Visitor<'db>) -> Option<(Vec<Passing>, Vec<Ty<'db>>)> {
        let needs = visit::needs(self.program, visitor);
        let known = visit::visitors_in(self.program, self.instance);
        let (_, code) = visit::code_of(self.program, visitor)?;
        let left = visit::left_ty(self.program, visitor);
        match code {
            Code::Closure(closure) => {
                self.exit = Exit::Fallible { result: visit::returned_ty(self.program, self.instance) };
                self.bind_params(&closure.params);
                for outer in &needs.captures {
                    let inner = closure.captures.iter().find(|(other, _)| other == outer)?.1;
                    self.bind_param(inner);
                }
                self.bind_known(&known);
                self.bind_inherited(&known);
                Some(self.finish_visit(&closure.params, closure.body))
            }
            Code::Loop { pattern, body, call } => {
                let unit = Ty::unit(self.program.db());
                let result = self.kind_ty(TyKind::Result(unit, left));
                self.exit = Exit::Loop { result, left };
                let element = self.element_param(call)?;
                needs.captures.iter().for_each(|local| self.bind_param(*local));
                self.bind_known(&known);
                for local in &needs.states {
                    self.bind_param(*local);
                    self.states.push(State::Local(*local));
                }
                self.bind_inherited(&known);
                self.destructure(pattern, element)?;
                Some(self.finish_visit(&[], body))
            }
        }
    }

    /// The parameters that make up what a loop visits, and that.
    fn element_param(&mut self, call: ExprId) -> Option<Value> {
        let ExprKind::Call { args, .. } = &self.body.expr(call).kind else { return None };
        let visitor = args.iter().find_map(|arg| match arg {
            Arg::Value(id) if matches!(self.body.expr(*id).kind, ExprKind::Visitor) => Some(*id),
            _ => None,
        })?;
        let ty = self.expr_ty(visitor);
        let TyKind::Fn(params, _) = ty.kind(self.program.db()) else { return None };
        let tys: Vec<Ty<'db>> = params.iter().map(|param| param.ty).collect();
        let parts: Vec<Value> = tys.iter().map(|ty| self.b.param(*ty, None)).collect();
        if let [one] = parts[..] {
            return Some(one);
        }
        let ty = self.kind_ty(TyKind::Tuple(tys));
        Some(self.emit(Op::MakeRecord { parts, reuse: None }, ty))
    }

    fn bind_params(&mut self, params: &[Param]) {
        params.iter().for_each(|param| self.bind_param(param.local));
        params.iter().filter(|p| p.mode == Mode::In).for_each(|p| self.bound(p.local));
        self.inout = params.iter().filter(|p| p.mode == Mode::InOut).map(|p| p.local).collect();
    }

    fn bind_param(&mut self, local: LocalId) {
        let (ty, name) = (self.local_ty(local), self.body.local(local).name.clone());
        let value = self.b.param(ty, (!name.is_empty()).then_some(name));
        self.write_local(local, value);
    }

    /// Takes in what the visitors that this function knows read.
    fn bind_known(&mut self, known: &[(LocalId, Visitor<'db>)]) {
        for (local, visitor) in known {
            let tys = visit::capture_tys(self.program, *visitor);
            let captures = tys.into_iter().map(|ty| self.variable_param(ty)).collect();
            self.visitors.insert(*local, Known { visitor: *visitor, captures });
        }
    }

    /// Takes in what the visitors that this function knows may change.
    fn bind_inherited(&mut self, known: &[(LocalId, Visitor<'db>)]) {
        if let Some((_, visitor)) = known.first() {
            for ty in visit::state_tys(self.program, *visitor) {
                let state = State::Inherited(self.variable_param(ty));
                self.states.push(state);
            }
        }
    }

    fn variable_param(&mut self, ty: Ty<'db>) -> Variable {
        let variable = self.b.variable(ty, None);
        let value = self.b.param(ty, None);
        self.b.write(variable, value);
        variable
    }

    /// Lowers the code; says who owns the parameters (before counts decide) and what is returned.
    fn finish_visit(&mut self, params: &[Param], root: ExprId) -> (Vec<Passing>, Vec<Ty<'db>>) {
        if let Some(value) = self.expr(root) {
            self.end_with(value);
        }
        let mut results = match self.exit {
            Exit::Fallible { result } | Exit::Loop { result, .. } => vec![result],
            Exit::Plain => Vec::new(),
        };
        results.extend(
            params
                .iter()
                .filter(|p| p.mode == Mode::InOut)
                .map(|p| self.local_ty(p.local))
                .collect::<Vec<_>>(),
        );
        for state in self.states.clone() {
            results.push(match state {
                State::Local(local) => self.local_ty(local),
                State::Inherited(variable) => self.b.variable_ty(variable),
            });
        }
        (vec![Passing::Owned; self.b.param_count()], results)
    }

    /// What the states are now.
    pub(super) fn state_values(&mut self) -> Vec<Value> {
        let states = self.states.clone();
        states
            .into_iter()
            .map(|state| match state {
                State::Local(local) => self.read_local(local),
                State::Inherited(variable) => self.b.read(variable),
            })
            .collect()
    }

    /// Ends the function's code with its value; of a loop's body, ends the turn.
    pub(super) fn end_with(&mut self, value: Value) {
        let value = match self.exit {
            Exit::Plain => value,
            Exit::Fallible { result } => self.make_case(0, vec![value], result),
            Exit::Loop { result, .. } => {
                let unit = self.unit();
                self.make_case(0, vec![unit], result)
            }
        };
        self.give_back(value);
    }

    /// Returns from the function with a value; from a loop's body, from the function around.
    pub(super) fn return_with(&mut self, value: Value) {
        let Exit::Loop { left, .. } = self.exit else { return self.end_with(value) };
        let TyKind::Option(returned) = left.kind(self.program.db()) else { return };
        // Where the function around can be left by a visitor itself, it returns `ok` of its value.
        let value = match self.is_fallible_around() {
            true => self.make_case(0, vec![value], *returned),
            false => value,
        };
        self.return_raw(value);
    }

    /// Returns what [`visit::returned_ty`] says.
    fn return_raw(&mut self, returned: Value) {
        match self.exit {
            Exit::Plain | Exit::Fallible { .. } => self.give_back(returned),
            Exit::Loop { left, .. } => {
                let left = self.make_case(1, vec![returned], left);
                self.leave_with(left);
            }
        }
    }

    /// Leaves by a visitor that this function called.
    fn leave_with(&mut self, left: Value) {
        match self.exit {
            Exit::Fallible { result } | Exit::Loop { result, .. } => {
                let value = self.make_case(1, vec![left], result);
                self.give_back(value);
            }
            Exit::Plain => self.b.end(Terminator::Unreachable),
        }
    }

    /// Whether the function around the loops that this code is in can be left by a visitor.
    fn is_fallible_around(&self) -> bool {
        let mut instance = self.instance;
        loop {
            match instance.kind(self.program.db()) {
                InstanceKind::Copy(..) => return true,
                InstanceKind::Visitor(visitor) => match visit::code_of(self.program, visitor) {
                    Some((_, Code::Loop { .. })) => instance = visitor.around(self.program.db()),
                    _ => return true,
                },
                _ => return false,
            }
        }
    }

    /// `break` and `continue` of the loop whose body this function is.
    pub(super) fn leave_turn(&mut self, again: bool) -> Option<Value> {
        let Exit::Loop { left, .. } = self.exit else {
            return self.refuse("leaving a loop where there is none");
        };
        if again {
            let unit = self.unit();
            self.end_with(unit);
        } else {
            let none = self.make_case(0, Vec::new(), left);
            self.leave_with(none);
        }
        None
    }

    /// `for p in e { … }` by a call of `each`.
    pub(super) fn each_loop(&mut self, id: ExprId, call: ExprId) -> Option<Value> {
        let body = self.body;
        let ExprKind::Call { callee: Callee::Item { item, type_args }, args } = &body.expr(call).kind else {
            return self.refuse("a loop over something else than a call");
        };
        if self.program.body(*item).is_none() {
            return self.refuse("a loop over an imported `each`");
        }
        let db = self.program.db();
        let mut values = Vec::new();
        let mut of = Vec::new();
        let visitor = self.visitor_here(id);
        for (index, arg) in (0..).zip(args) {
            match arg {
                Arg::Value(arg) if matches!(body.expr(*arg).kind, ExprKind::Visitor) => {
                    of.push((index, visitor))
                }
                Arg::Value(arg) => values.push(self.expr(*arg)?),
                Arg::InOut(_) => return self.refuse("an `each` that changes what it visits"),
            }
        }
        let needs = visit::needs(self.program, visitor);
        for local in &needs.captures {
            values.push(self.read_local(*local));
        }
        values.extend(self.captures_of(&needs.visitors));
        let mut states: Vec<State> = needs.states.iter().map(|local| State::Local(*local)).collect();
        if !needs.visitors.is_empty() {
            states.extend(self.inherited());
        }
        let type_args = self.lower_tys(type_args);
        let copy = self.copy_here(*item, type_args, of);
        let unit = Ty::unit(db);
        let left = visit::left_ty(self.program, visitor);
        let result = self.call_with_states(copy, values, (unit, left), &[], states)?;
        let (over, left_block) = (self.b.block(), self.b.block());
        let is_err = self.has_case(result[0], 1);
        self.b.branch(is_err, left_block, over);
        if self.b.go_sealed(left_block).is_some() {
            self.end_of_loop(result[0], left, over);
        }
        self.b.go_sealed(over)?;
        Some(self.unit())
    }

    /// The loop was left: by `break`, or by a return of the function.
    fn end_of_loop(&mut self, result: Value, left_ty: Ty<'db>, over: crate::ir::BlockId) {
        let TyKind::Option(returned) = left_ty.kind(self.program.db()) else { return };
        let left = self.emit(Op::CasePart { base: result, case: 1, part: 0 }, left_ty);
        let returns = self.b.block();
        let is_return = self.has_case(left, 1);
        self.b.branch(is_return, returns, over);
        if self.b.go_sealed(returns).is_some() {
            let value = self.emit(Op::CasePart { base: left, case: 1, part: 0 }, *returned);
            self.return_raw(value);
        }
    }

    /// The visitor that an expression is where it stands.
    fn visitor_here(&self, expr: ExprId) -> Visitor<'db> {
        Visitor::new(self.program.db(), self.instance, expr, self.replaced_for(self.item))
    }

    /// The copy of a function for visitors, as it is called here.
    fn copy_here(
        &self,
        item: dot_db::Item<'db>,
        type_args: Vec<Ty<'db>>,
        visitors: Vec<(u32, Visitor<'db>)>,
    ) -> Instance<'db> {
        let db = self.program.db();
        let kind = InstanceKind::Copy(item, Visitors::new(db, visitors), self.replaced_for(item));
        Instance::new(db, kind, type_args)
    }

    /// What is passed to visitors that this function knows.
    fn captures_of(&mut self, visitors: &[(LocalId, Visitor<'db>)]) -> Vec<Value> {
        let mut variables = Vec::new();
        for (local, _) in visitors {
            variables.extend(
                self.visitors.get(local).into_iter().flat_map(|known| known.captures.iter().copied()),
            );
        }
        variables.into_iter().map(|variable| self.b.read(variable)).collect()
    }

    fn inherited(&self) -> Vec<State> {
        self.states.iter().copied().filter(|state| matches!(state, State::Inherited(_))).collect()
    }

    /// Calls a visitor or a copy: results are whether it was left, then those of `inout` parameters.
    fn call_with_states(
        &mut self,
        instance: Instance<'db>,
        mut args: Vec<Value>,
        (ok, left): (Ty<'db>, Ty<'db>),
        inout: &[Ty<'db>],
        states: Vec<State>,
    ) -> Option<Vec<Value>> {
        let mut tys = vec![self.kind_ty(TyKind::Result(ok, left))];
        tys.extend(inout);
        let first_state = tys.len();
        for state in &states {
            let value = match state {
                State::Local(local) => self.read_local(*local),
                State::Inherited(variable) => self.b.read(*variable),
            };
            tys.push(self.b.ty(value));
            args.push(value);
        }
        let site = self.site();
        let mut results = self.b.emit_all(Op::Call(instance, args), &tys, site);
        for (state, value) in states.iter().zip(results.split_off(first_state)) {
            match state {
                State::Local(local) => self.write_local(*local, value),
                State::Inherited(variable) => self.b.write(*variable, value),
            }
        }
        Some(results)
    }

    /// The visitor that an argument is, and what is passed to it besides its arguments: a parameter that stands for one,
    /// or a closure that captured such a parameter.
    pub(super) fn visitor_argument(&mut self, arg: ExprId) -> Option<(Visitor<'db>, Vec<Value>)> {
        let body = self.body;
        match &body.expr(arg).kind {
            ExprKind::Local(local) => {
                let visitor = self.visitors.get(local)?.visitor;
                Some((visitor, self.captures_of(&[(*local, visitor)])))
            }
            ExprKind::Closure(closure)
                if closure.captures.iter().any(|(outer, _)| self.visitors.contains_key(outer)) =>
            {
                let visitor = self.visitor_here(arg);
                let needs = visit::needs(self.program, visitor);
                let mut captures: Vec<Value> =
                    needs.captures.iter().map(|local| self.read_local(*local)).collect();
                captures.extend(self.captures_of(&needs.visitors));
                Some((visitor, captures))
            }
            _ => None,
        }
    }

    /// The visitor that a callee is.
    pub(super) fn visitor_callee(&self, callee: ExprId) -> Option<LocalId> {
        match self.body.expr(callee).kind {
            ExprKind::Local(local) if self.visitors.contains_key(&local) => Some(local),
            _ => None,
        }
    }

    /// Calls the visitor that a local stands for; leaves where it does.
    pub(super) fn call_visitor(
        &mut self,
        local: LocalId,
        mut args: Vec<Value>,
        tys: &[Ty<'db>],
    ) -> Option<Vec<Value>> {
        let visitor = self.visitors.get(&local)?.visitor;
        args.extend(self.captures_of(&[(local, visitor)]));
        let db = self.program.db();
        let type_args = visitor.around(db).type_args(db).clone();
        let instance = Instance::new(db, InstanceKind::Visitor(visitor), type_args);
        self.call_or_leave(instance, args, tys, visitor)
    }

    /// Calls a function that visitors are passed on to; leaves where one of them does.
    pub(super) fn call_copy(
        &mut self,
        item: dot_db::Item<'db>,
        type_args: Vec<Ty<'db>>,
        visitors: Vec<(u32, Visitor<'db>)>,
        args: Vec<Value>,
        tys: &[Ty<'db>],
    ) -> Option<Vec<Value>> {
        let visitor = visitors.first()?.1;
        let instance = self.copy_here(item, type_args, visitors);
        self.call_or_leave(instance, args, tys, visitor)
    }

    fn call_or_leave(
        &mut self,
        instance: Instance<'db>,
        args: Vec<Value>,
        tys: &[Ty<'db>],
        visitor: Visitor<'db>,
    ) -> Option<Vec<Value>> {
        let (ok, inout) = tys.split_first()?;
        let left = visit::left_ty(self.program, visitor);
        let states = self.inherited();
        let mut results = self.call_with_states(instance, args, (*ok, left), inout, states)?;
        let (leave, on) = (self.b.block(), self.b.block());
        let is_err = self.has_case(results[0], 1);
        self.b.branch(is_err, leave, on);
        if self.b.go_sealed(leave).is_some() {
            let left = self.emit(Op::CasePart { base: results[0], case: 1, part: 0 }, left);
            match self.exit {
                Exit::Loop { .. } => self.leave_around(left),
                _ => self.leave_with(left),
            }
        }
        self.b.go_sealed(on)?;
        results[0] = self.emit(Op::CasePart { base: results[0], case: 0, part: 0 }, *ok);
        Some(results)
    }

    /// In the body of a loop, a visitor of the function around says to leave that function.
    fn leave_around(&mut self, around_left: Value) {
        let Exit::Loop { left, .. } = self.exit else { return };
        let TyKind::Option(returned) = left.kind(self.program.db()) else { return };
        let returned = self.make_case(1, vec![around_left], *returned);
        self.return_raw(returned);
    }
}
