//! Conditions, `if`, `match`, blocks, `return`.

use super::Lowerer;
use crate::ir::{BlockId, Op, Terminator, Value};
use crate::repr::{Shape, shape};
use dot_types::thir::{Arm, AssignOp, ExprId, ExprKind, LocalId, Pattern, Stmt, UnaryOp};
use dot_types::{Ty, TyKind};

impl<'db> Lowerer<'_, 'db> {
    pub(super) fn block(&mut self, stmts: &[Stmt], tail: Option<ExprId>) -> Option<Value> {
        self.scopes.push(Vec::new());
        let value = self.statements(stmts, tail);
        self.end_scope();
        value
    }

    fn statements(&mut self, stmts: &[Stmt], tail: Option<ExprId>) -> Option<Value> {
        for stmt in stmts {
            self.stmt(stmt)?;
        }
        match tail {
            Some(tail) => self.expr(tail),
            None => Some(self.unit()),
        }
    }

    fn stmt(&mut self, stmt: &Stmt) -> Option<()> {
        match stmt {
            Stmt::Let { pattern, init, otherwise } => {
                let value = self.expr(*init)?;
                if let Some(otherwise) = otherwise {
                    let fail = self.b.block();
                    self.test(pattern, value, fail)?;
                    let fits = self.b.current();
                    if self.b.go_sealed(fail).is_some() && self.expr(*otherwise).is_some() {
                        // It is checked never to give a value.
                        self.b.end(Terminator::Unreachable);
                    }
                    self.b.go(fits?);
                }
                if otherwise.is_some() {
                    self.bind(pattern, value)?;
                } else {
                    self.destructure(pattern, value)?;
                }
                for local in locals_of(pattern) {
                    self.bound(local);
                }
            }
            Stmt::Expr(expr) => {
                self.expr(*expr)?;
            }
            Stmt::Assign { place, op, value } => {
                let path = self.place(place)?;
                let right = self.expr(*value)?;
                // A statement is no expression: what its operator traps with is blamed on its right side.
                self.blaming(*value, |this| match op {
                    None => this.assign(&path, right),
                    Some(AssignOp::Binary(op)) => this.update_binary(&path, *op, right),
                    Some(AssignOp::Append) => this.append_text(&path, right),
                })?;
            }
        }
        Some(())
    }

    /// Goes to one of two blocks as a condition says. Where it holds, what its `is` binds is bound.
    pub(super) fn condition(&mut self, id: ExprId, yes: BlockId, no: BlockId) {
        let body = self.body;
        let around = std::mem::replace(&mut self.at, id);
        self.depth += 1;
        match &body.expr(id).kind {
            _ if self.depth > super::DEEPEST => {
                let _: Option<()> = self.refuse("a condition nested this deep");
            }
            ExprKind::ShortCircuit { and, left, right } => {
                let between = self.b.block();
                if *and {
                    self.condition(*left, between, no);
                } else {
                    self.condition(*left, yes, between);
                }
                if self.b.go_sealed(between).is_some() {
                    self.condition(*right, yes, no);
                }
            }
            ExprKind::Unary { op: UnaryOp::Not, operand } => self.condition(*operand, no, yes),
            ExprKind::Is { scrutinee, pattern } => {
                if let Some(value) = self.expr(*scrutinee)
                    && self.test(pattern, value, no).is_some()
                    && self.bind(pattern, value).is_some()
                {
                    self.b.jump(yes);
                }
            }
            _ => {
                if let Some(value) = self.expr(id) {
                    self.b.branch(value, yes, no);
                }
            }
        }
        self.depth -= 1;
        self.at = around;
    }

    /// A condition as a value.
    pub(super) fn condition_value(&mut self, id: ExprId) -> Option<Value> {
        let ty = self.bool_ty();
        if let ExprKind::Unary { op: UnaryOp::Not, operand } = self.body.expr(id).kind
            && !matches!(self.body.expr(operand).kind, ExprKind::ShortCircuit { .. } | ExprKind::Is { .. })
        {
            let operand = self.expr(operand)?;
            return Some(self.emit(Op::Unary(UnaryOp::Not, operand), ty));
        }
        let (yes, no, join) = (self.b.block(), self.b.block(), self.b.block());
        let result = self.b.variable(ty, None);
        self.condition(id, yes, no);
        for (block, holds) in [(yes, true), (no, false)] {
            if self.b.go_sealed(block).is_some() {
                let value = self.emit(Op::Const(holds.into()), ty);
                self.b.write(result, value);
                self.b.jump(join);
            }
        }
        self.b.go_sealed(join)?;
        Some(self.b.read(result))
    }

    pub(super) fn if_else(
        &mut self,
        cond: ExprId,
        then_branch: ExprId,
        else_branch: Option<ExprId>,
        ty: Ty<'db>,
    ) -> Option<Value> {
        let (yes, no, join) = (self.b.block(), self.b.block(), self.b.block());
        let result = self.b.variable(ty, None);
        self.condition(cond, yes, no);
        if self.b.go_sealed(yes).is_some()
            && let Some(value) = self.expr(then_branch)
        {
            self.b.write(result, value);
            self.b.jump(join);
        }
        if self.b.go_sealed(no).is_some() {
            let value = match else_branch {
                Some(branch) => self.expr(branch),
                None => Some(self.unit()),
            };
            if let Some(value) = value {
                self.b.write(result, value);
                self.b.jump(join);
            }
        }
        self.b.go_sealed(join)?;
        Some(self.b.read(result))
    }

    pub(super) fn return_value(&mut self, value: Option<ExprId>) -> Option<Value> {
        let value = match value {
            Some(value) => self.expr(value)?,
            None => self.unit(),
        };
        self.return_with(value);
        None
    }

    /// The first arm that fits.
    ///
    /// Arms are tried in order. A run of neighbouring arms that each ask for cases of the value's own type is
    /// tried by one switch on its tag, which comes to the same; all else is tested one after the other. Every
    /// arm's body stands once: where several ways lead there, what the pattern binds meets in its block.
    pub(super) fn match_arms(&mut self, scrutinee: ExprId, arms: &[Arm], ty: Ty<'db>) -> Option<Value> {
        let value = self.expr(scrutinee)?;
        let bodies: Vec<BlockId> = arms.iter().map(|_| self.b.block()).collect();
        let mut rest = 0;
        while rest < arms.len() && self.b.current().is_some() {
            let run = arms[rest..].iter().take_while(|arm| cases_of(&arm.pattern).is_some()).count();
            if run > 1 {
                self.switch_run(value, &arms[rest..rest + run], &bodies[rest..rest + run]);
                rest += run;
            } else {
                let next = self.b.block();
                if self.test(&arms[rest].pattern, value, next).is_some() {
                    self.take_arm(&arms[rest], &arms[rest].pattern, value, bodies[rest], next);
                }
                let _ = self.b.go_sealed(next);
                rest += 1;
            }
        }
        // The arms are exhaustive: nothing is left.
        self.b.end(Terminator::Unreachable);
        let join = self.b.block();
        let result = self.b.variable(ty, None);
        for (arm, block) in arms.iter().zip(bodies) {
            if self.b.go_sealed(block).is_none() {
                continue;
            }
            self.scopes.push(Vec::new());
            for local in locals_of(&arm.pattern) {
                self.bound(local);
            }
            let given = self.expr(arm.body);
            self.end_scope();
            if let Some(given) = given {
                self.b.write(result, given);
                self.b.jump(join);
            }
        }
        self.b.go_sealed(join)?;
        Some(self.b.read(result))
    }

    /// The pattern fits: binds it and evaluates the guard, then goes to the arm's body or to `next`.
    fn take_arm(&mut self, arm: &Arm, pattern: &Pattern, value: Value, body: BlockId, next: BlockId) {
        if self.bind(pattern, value).is_none() {
            return;
        }
        let Some(guard) = arm.guard else { return self.b.jump(body) };
        let holds = self.b.block();
        self.condition(guard, holds, next);
        // Bound anew behind the guard, so that the projections stand together where the value may be taken apart.
        if self.b.go_sealed(holds).is_some() && self.bind(pattern, value).is_some() {
            self.b.jump(body);
        }
    }

    /// Tries arms that all ask for cases by one switch; what fits none of them goes on behind.
    fn switch_run(&mut self, value: Value, arms: &[Arm], bodies: &[BlockId]) {
        let ty = self.b.ty(value);
        let count = match shape(self.program, ty) {
            Shape::Variant(cases) => cases.len(),
            _ => self.case_count(ty),
        };
        let u32_ty = self.u32_ty();
        let on = self.emit(Op::Tag(value), u32_ty);
        let targets: Vec<BlockId> = (0..count).map(|_| self.b.block()).collect();
        let next = self.b.block();
        self.b.end(Terminator::Switch { on, targets: targets.clone(), default: None });
        for (case, target) in targets.iter().enumerate() {
            if self.b.go_sealed(*target).is_none() {
                continue;
            }
            for (arm, body) in arms.iter().zip(bodies) {
                for pattern in alternatives(&arm.pattern) {
                    if let Pattern::Case { case: asked, parts } = pattern
                        && *asked as usize == case
                        && self.b.current().is_some()
                    {
                        let other = self.b.block();
                        if self.test_parts(*asked, parts, value, other).is_some() {
                            self.take_arm(arm, pattern, value, *body, other);
                        }
                        let _ = self.b.go_sealed(other);
                    }
                }
            }
            if self.b.current().is_some() {
                self.b.jump(next);
            }
        }
        let _ = self.b.go_sealed(next);
    }

    /// How many cases an enum has.
    fn case_count(&self, ty: Ty<'db>) -> usize {
        let TyKind::Adt(item, _) = ty.kind(self.program.db()) else { return 0 };
        match self.program.adt(*item).map(|adt| &adt.shape) {
            Some(dot_types::AdtShape::Variant(cases)) => cases.len(),
            _ => 0,
        }
    }
}

/// The alternatives of a pattern, outermost `|` only.
fn alternatives(pattern: &Pattern) -> &[Pattern] {
    match pattern {
        Pattern::Or(alternatives) => alternatives,
        one => std::slice::from_ref(one),
    }
}

/// The cases that a pattern asks for, one for each alternative; none if it may fit without asking.
fn cases_of(pattern: &Pattern) -> Option<Vec<u32>> {
    alternatives(pattern)
        .iter()
        .map(|pattern| match pattern {
            Pattern::Case { case, .. } => Some(*case),
            _ => None,
        })
        .collect()
}

/// The locals that a pattern binds. Alternatives bind the same ones.
fn locals_of(pattern: &Pattern) -> Vec<LocalId> {
    let of_all =
        |patterns: &mut dyn Iterator<Item = &Pattern>| patterns.flat_map(locals_of).collect::<Vec<_>>();
    match pattern {
        Pattern::Wildcard
        | Pattern::Literal(_)
        | Pattern::Equals(_)
        | Pattern::Range { .. }
        | Pattern::Text(_) => Vec::new(),
        Pattern::Bind(local, inner) => {
            [*local].into_iter().chain(inner.iter().flat_map(|inner| locals_of(inner))).collect()
        }
        Pattern::Case { parts, .. } => of_all(&mut parts.iter()),
        Pattern::Fields(fields) => of_all(&mut fields.iter().map(|(_, inner)| inner)),
        Pattern::List { before, after, .. } => of_all(&mut before.iter().chain(after)),
        Pattern::Or(alternatives) => of_all(&mut alternatives.iter().take(1)),
    }
}
