//! Expressions: the forms that there are for every type, and the choice among all.

use super::{Form, Maker, share};
use crate::model::{Block, Bound, Expr, Type, Wants};

/// The forms of any type.
const GENERAL: &[(usize, Form)] = &[
    (10, Maker::read),
    (2, Maker::constant_value),
    (4, Maker::branch),
    (3, Maker::scope_block),
    (4, Maker::match_value),
    (10, Maker::call),
    (3, Maker::call_value),
    (4, Maker::coalesce),
    (2, Maker::unwrap),
    (3, Maker::question),
    (3, Maker::element),
    (2, Maker::part_of_tuple),
    (2, Maker::least_or_greatest),
    (3, Maker::fold),
    (1, Maker::leave),
];

impl Maker {
    /// An expression of a type and about a size.
    pub(super) fn expr(&mut self, ty: &Type, size: usize) -> Expr {
        if size == 0 || !self.pay(1) {
            return self.leaf(ty);
        }
        for _ in 0..4 {
            let forms = if self.chance(60) { self.forms_of(ty) } else { GENERAL };
            let Some(form) = self.random.weighted(forms).copied() else { continue };
            if let Some(expr) = form(self, ty, size) {
                return expr;
            }
        }
        self.leaf(ty)
    }

    /// The forms that a type has for itself.
    fn forms_of(&self, ty: &Type) -> &'static [(usize, Form)] {
        match ty {
            Type::Unit => &[],
            Type::Bool => super::number::BOOL,
            Type::Int(_) => super::number::INT,
            Type::Float(_) => super::number::FLOAT,
            Type::Char => super::text::CHAR,
            Type::String => super::text::STRING,
            Type::List(_) => super::collection::LIST,
            Type::Map(..) => super::collection::MAP,
            Type::Option(_) => super::data::OPTION,
            Type::Result(..) => super::data::RESULT,
            Type::Set(_) => super::set::SET,
            Type::Fixed(..) | Type::Tuple(_) | Type::Named(..) => super::data::BUILT,
            Type::Param(_) => super::number::PARAM,
            Type::Fn(..) => super::closure::FUNCTION,
        }
    }

    /// The smallest expression of a type: a variable or a literal.
    pub(super) fn leaf(&mut self, ty: &Type) -> Expr {
        if self.chance(80)
            && let Some(read) = self.read(ty, 0)
        {
            return read;
        }
        self.literal_value(ty, 1)
    }

    fn constant_value(&mut self, ty: &Type, _: usize) -> Option<Expr> {
        let fitting = self.world.constants.iter().filter(|(_, other)| other == ty);
        let names: Vec<String> = fitting.map(|(name, _)| name.clone()).collect();
        self.random.pick(&names).map(|name| Expr::word(ty, name.clone()))
    }

    /// A bool that is a condition.
    pub(super) fn condition(&mut self, size: usize) -> Expr {
        self.expr(&Type::Bool, size.max(1))
    }

    /// A block of a few statements that gives the type.
    pub(super) fn block(&mut self, ty: &Type, stmts: usize, size: usize, wants: Wants) -> Block {
        self.scoped(|this| {
            let stmts = this.stmts(stmts, share(size, 2));
            let value = this.expr(ty, share(size, 2));
            Block::giving(stmts, value, wants)
        })
    }

    fn few_stmts(&mut self) -> usize {
        if self.chance(70) { 0 } else { 1 + self.random.below(2) }
    }

    fn branch(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        self.scoped(|this| {
            let (condition, bindings) = this.chain(share(size, 3));
            let few = this.few_stmts();
            let then = this.scoped(|this| {
                this.bind_all(&bindings);
                this.block(ty, few, share(size, 3), Wants::Inherited)
            });
            let mut expr = Expr::of(ty).text("if ").given(condition).text(" ").block(then);
            if this.chance(20) {
                let second = this.condition(share(size, 4));
                let block = this.block(ty, 0, share(size, 4), Wants::Inherited);
                expr = expr
                    .text(" else if ")
                    .given(Expr::of(&Type::Bool).receiver(second))
                    .text(" ")
                    .block(block);
            }
            let few = this.few_stmts();
            let otherwise = this.block(ty, few, share(size, 3), Wants::Inherited);
            Some(expr.text(" else ").block(otherwise).loose())
        })
    }

    fn scope_block(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let stmts = 1 + self.random.below(2);
        let block = self.block(ty, stmts, size, Wants::Inherited);
        Some(Expr::of(ty).block(block).loose())
    }

    fn coalesce(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let option = self.expr(&Type::option(ty.clone()), share(size, 2).max(1));
        let other = match self.jump() {
            Some(jump) if self.chance(25) => Expr::word(ty, jump),
            _ => self.expr(ty, share(size, 2)),
        };
        if self.chance(70) || !other.pieces.iter().any(|_| true) {
            // `??` hints its right side by what is on its left.
            return Some(Expr::of(ty).receiver(option).text(" ?? ").hole(other, Wants::Given, true).loose());
        }
        Some(Expr::of(ty).receiver(option).text(".unwrap_or(").given(other).text(")"))
    }

    /// `break` or `continue`, where one can stand.
    fn jump(&mut self) -> Option<&'static str> {
        if self.frame.loops == 0 {
            return None;
        }
        Some(if self.chance(50) { "break" } else { "continue" })
    }

    /// What traps when there is nothing inside.
    fn unwrap(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let wrapped = if self.chance(70) {
            Type::option(ty.clone())
        } else {
            Type::Result(Box::new(ty.clone()), Box::new(Type::String))
        };
        let inside = self.expr(ty, share(size, 2));
        // Mostly there is something.
        let value = if self.chance(75) {
            let word = if matches!(wrapped, Type::Option(_)) { "some(" } else { "ok(" };
            Expr::of(&wrapped).text(word).inherited(inside).text(")").unsettled()
        } else {
            self.expr(&wrapped, share(size, 2))
        };
        let call = if self.chance(50) { ".unwrap()" } else { ".expect(\"there\")" };
        Some(Expr::of(ty).receiver(value).text(call))
    }

    /// `e?`, where the function's result allows it.
    fn question(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let wrapped = match self.frame.result.clone()? {
            Type::Option(_) => Type::option(ty.clone()),
            Type::Result(_, error) => Type::Result(Box::new(ty.clone()), error),
            _ => return None,
        };
        let value = self.expr(&wrapped, share(size, 1).max(1));
        // `e??` would be read as `??`.
        Some(Expr::of(ty).receiver(value).text("?").loose())
    }

    pub(super) fn element(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let list = Type::list(ty.clone());
        let value = self.expr(&list, share(size, 2).max(1));
        let index = self.index(share(size, 3));
        Some(Expr::of(ty).receiver(value).index(index).text("]"))
    }

    fn part_of_tuple(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let other = self.some_type();
        let is_first = self.chance(50);
        let parts = if is_first { vec![ty.clone(), other] } else { vec![other, ty.clone()] };
        let tuple = self.expr(&Type::Tuple(parts), size);
        Some(Expr::of(ty).receiver(tuple).text(if is_first { ".0" } else { ".1" }))
    }

    fn least_or_greatest(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        if !self.is_data(ty) {
            return None;
        }
        let name = if self.chance(50) { "min" } else { "max" };
        let (a, b) = (self.expr(ty, share(size, 2)), self.expr(ty, share(size, 2)));
        Some(Expr::of(ty).text(format!("{name}(")).free(a).text(", ").given(b).text(")"))
    }

    /// `xs.fold(start, |sum, x| …)`
    fn fold(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let item = self.some_type();
        let items = self.expr(&Type::list(item.clone()), share(size, 3).max(1));
        let start = self.expr(ty, share(size, 3));
        let step = self.lambda(&[(false, ty.clone()), (false, item)], ty, share(size, 3), false);
        let expr = Expr::of(ty).receiver(items).text(".fold(").free(start).text(", ").given(step);
        Some(expr.text(")"))
    }

    /// An expression that never gives its value: it leaves the function, or traps.
    fn leave(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let result = self.frame.result.clone()?;
        let (condition, other) = (self.condition(share(size, 3)), self.expr(ty, share(size, 3)));
        let leaves = if result != Type::Unit && self.chance(80) {
            let value = self.expr(&result, share(size, 3));
            Expr::of(ty).text("return ").given(value)
        } else {
            Expr::word(ty, "unreachable(\"never\")")
        };
        let condition = Expr::of(&Type::Bool).receiver(condition);
        let left = Block::giving(Vec::new(), leaves, Wants::Given);
        let right = Block::giving(Vec::new(), other, Wants::Inherited);
        Some(
            Expr::of(ty)
                .text("if ")
                .given(condition)
                .text(" ")
                .block(left)
                .text(" else ")
                .block(right)
                .loose(),
        )
    }

    /// Whether a type is data here.
    pub(super) fn is_data(&self, ty: &Type) -> bool {
        self.world.admits(Bound::Data, ty, &self.frame.generics)
    }

    /// A type of data, likely one that something here has.
    pub(super) fn some_type(&mut self) -> Type {
        if self.chance(70) {
            let visible = self.frame.visible();
            if let Some(at) = self.random.pick(&visible).copied() {
                let ty = self.frame.scope[at].ty.clone();
                if self.is_data(&ty) {
                    return ty;
                }
            }
        }
        self.any_type(1)
    }
}
