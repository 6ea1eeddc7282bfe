//! Closures and function values.

use super::{Form, Maker, share};
use crate::model::{Block, Expr, Type, Wants};

pub(super) const FUNCTION: &[(usize, Form)] =
    &[(6, Maker::new_closure), (4, Maker::read), (3, Maker::named_function)];

/// About how often a closure that is passed to a function is called.
const CALLS: u64 = 4;

impl Maker {
    /// A closure that is passed directly: its parameters' types are known from there, and its result's too unless
    /// `states_result`.
    pub(super) fn lambda(
        &mut self,
        params: &[(bool, Type)],
        result: &Type,
        size: usize,
        states_result: bool,
    ) -> Expr {
        let ty = Type::Fn(params.to_vec(), Box::new(result.clone()));
        self.write_closure(&ty, size, false, states_result)
    }

    /// A closure with everything written.
    pub(super) fn closure_of(&mut self, params: &[(bool, Type)], result: &Type, size: usize) -> Expr {
        let ty = Type::Fn(params.to_vec(), Box::new(result.clone()));
        self.write_closure(&ty, size, true, true)
    }

    fn new_closure(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Fn(params, result) = ty else { return None };
        Some(self.closure_of(params, result, share(size, 1)))
    }

    fn write_closure(&mut self, ty: &Type, size: usize, states_params: bool, states_result: bool) -> Expr {
        let Type::Fn(params, result) = ty else { return Expr::of(ty) };
        let outer = (self.frame.result.replace((**result).clone()), self.frame.loops, self.frame.own_left);
        (self.frame.loops, self.frame.own_left) = (0, 0);
        let expr = self.repeated(CALLS, |this| {
            this.behind_barrier(|this| {
                let head = this.closure_params(params, states_params);
                this.closure_body(ty, &head, result, size, states_result)
            })
        });
        (self.frame.result, self.frame.loops, self.frame.own_left) = outer;
        expr.loose()
    }

    fn closure_params(&mut self, params: &[(bool, Type)], states_types: bool) -> String {
        let mut written = Vec::new();
        for (inout, ty) in params {
            let (pattern, bindings) = if *inout || self.chance(75) {
                let name = self.name("v");
                (name.clone(), vec![(name, ty.clone())])
            } else {
                self.irrefutable(ty, 2)
            };
            for (name, ty) in &bindings {
                self.bind(name, ty, *inout);
            }
            let mark = if *inout { "inout " } else { "" };
            let stated = if states_types { format!(": {}", self.world.show(ty)) } else { String::new() };
            written.push(format!("{mark}{pattern}{stated}"));
        }
        if written.is_empty() { "||".to_owned() } else { format!("|{}|", written.join(", ")) }
    }

    fn closure_body(
        &mut self,
        ty: &Type,
        head: &str,
        result: &Type,
        size: usize,
        states_result: bool,
    ) -> Expr {
        let expr = Expr::of(ty).text(head);
        if *result == Type::Unit {
            let stmts = self.stmts(1 + self.random.clone().below(2), size);
            return expr.text(" ").block(Block { stmts, value: None });
        }
        let stmts = if self.chance(30) { 1 } else { 0 };
        if states_result {
            let block = self.block(result, stmts, size, Wants::Given);
            return expr.text(format!(" -> {} ", self.atom(result))).block(block);
        }
        if stmts > 0 {
            let block = self.block(result, stmts, size, Wants::Given);
            return expr.text(" ").block(block);
        }
        let value = self.expr(result, size);
        expr.text(" ").hole(value, Wants::Given, true)
    }

    /// A type where only a short form stands: a function type in parentheses.
    pub(super) fn atom(&self, ty: &Type) -> String {
        let shown = self.world.show(ty);
        if matches!(ty, Type::Fn(..)) { format!("({shown})") } else { shown }
    }

    /// A declared function as a value.
    fn named_function(&mut self, ty: &Type, _: usize) -> Option<Expr> {
        let Type::Fn(params, result) = ty else { return None };
        let fits = |function: &crate::model::Function| {
            !function.is_method
                && !function.is_countdown
                && function.generics.is_empty()
                && function.result == **result
                && function.params.iter().map(|p| (p.inout, &p.ty)).eq(params.iter().map(|p| (p.0, &p.1)))
        };
        let found: Vec<_> =
            self.world.functions.iter().filter(|f| fits(f)).map(|f| (f.name.clone(), f.cost)).collect();
        let (name, cost) = self.random.pick(&found)?.clone();
        self.pay(cost.saturating_mul(CALLS)).then(|| Expr::word(ty, name))
    }

    /// A call of a function that a variable holds, or a list in one.
    pub(super) fn call_value(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let visible = self.frame.visible();
        let paths = self.paths(&visible, &|part| gives(part, ty), 1);
        let path = self.random.pick(&paths)?.clone();
        let Type::Fn(params, _) = self.type_at(&path) else { return None };
        if !self.pay(8) {
            return None;
        }
        self.note_use(path.root());
        let callee = self.write_path(&path, 0, false);
        let mut expr = Expr::of(ty);
        // Without parentheses a field would be read as a method.
        expr = if path.is_whole() { expr } else { expr.text("(") };
        expr = expr.pieces(callee.pieces).text(if path.is_whole() { "(" } else { ")(" });
        for (index, (_, ty)) in params.iter().enumerate() {
            let arg = self.expr(ty, share(size, params.len()));
            expr = if index > 0 { expr.text(", ") } else { expr }.given(arg);
        }
        Some(expr.text(")"))
    }
}

/// Whether a type is that of functions without `inout` that give `wanted`.
fn gives(ty: &Type, wanted: &Type) -> bool {
    matches!(ty, Type::Fn(params, result) if **result == *wanted && params.iter().all(|(inout, _)| !inout))
}
