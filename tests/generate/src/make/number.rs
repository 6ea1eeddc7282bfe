//! Bools, integers and floats.

use super::{Form, Maker, share};
use crate::model::{Bound, Expr, FloatTy, IntTy, Type, Wants};

pub(super) const BOOL: &[(usize, Form)] = &[
    (10, Maker::comparison),
    (4, Maker::logic),
    (2, Maker::not),
    (3, Maker::is_pattern),
    (4, Maker::bool_method),
    (1, Maker::bits),
];

pub(super) const INT: &[(usize, Form)] = &[
    (12, Maker::int_arithmetic),
    (3, Maker::bits),
    (2, Maker::shift),
    (2, Maker::sign),
    (6, Maker::int_method),
    (5, Maker::conversion),
    (3, Maker::widening),
    (4, Maker::count),
    (2, Maker::sum),
    (1, Maker::bound_of_type),
];

pub(super) const FLOAT: &[(usize, Form)] = &[
    (10, Maker::float_arithmetic),
    (2, Maker::sign),
    (6, Maker::float_method),
    (4, Maker::conversion),
    (1, Maker::widening),
    (2, Maker::sum),
];

pub(super) const PARAM: &[(usize, Form)] =
    &[(6, Maker::param_arithmetic), (4, Maker::read), (4, Maker::call), (2, Maker::element)];

impl Maker {
    pub(super) fn binary(&mut self, ty: &Type, op: &str, left: Expr, right: Expr) -> Expr {
        let expr = Expr::of(ty).hole(left, Wants::Inherited, true).text(format!(" {op} "));
        expr.hole(right, Wants::Given, true).loose()
    }

    fn comparison(&mut self, _: &Type, size: usize) -> Option<Expr> {
        let ty = self.some_type();
        let (left, right) = (self.expr(&ty, share(size, 2)), self.expr(&ty, share(size, 2)));
        let op = ["==", "!=", "<", "<=", ">", ">="][self.random.below(6)];
        let expr = Expr::of(&Type::Bool).receiver(left).text(format!(" {op} "));
        Some(expr.hole(right, Wants::Given, true).loose())
    }

    fn logic(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let (left, right) = (self.expr(ty, share(size, 2)), self.expr(ty, share(size, 2)));
        let op = if self.chance(50) { "&&" } else { "||" };
        Some(self.binary(ty, op, left, right))
    }

    fn not(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let operand = self.expr(ty, share(size, 1));
        Some(Expr::of(ty).text("!").receiver(operand).loose())
    }

    fn bits(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let (left, right) = (self.expr(ty, share(size, 2)), self.expr(ty, share(size, 2)));
        let op = ["&", "|", "^"][self.random.below(3)];
        Some(self.binary(ty, op, left, right))
    }

    /// A question that a value of some type is asked.
    fn bool_method(&mut self, _: &Type, size: usize) -> Option<Expr> {
        let item = self.some_type();
        let (receiver, call): (Type, &[&str]) = match self.random.below(6) {
            5 => return Some(self.set_question(size)),
            0 => (Type::String, &["is_empty()", "starts_with(\"a\")", "ends_with(\"é\")", "contains(\"b\")"]),
            1 => (Type::option(item), &["is_some()", "is_none()"]),
            2 => (Type::Result(Box::new(item), Box::new(Type::String)), &["is_ok()", "is_err()"]),
            3 => (Type::Char, &["is_digit()", "is_ascii_lower()", "is_whitespace()"]),
            _ => return self.list_question(&item, size),
        };
        let call = call[self.random.below(call.len())];
        let value = self.expr(&receiver, share(size, 1));
        Some(Expr::of(&Type::Bool).receiver(value).text(format!(".{call}")))
    }

    fn list_question(&mut self, item: &Type, size: usize) -> Option<Expr> {
        let list = self.expr(&Type::list(item.clone()), share(size, 2));
        let expr = Expr::of(&Type::Bool).receiver(list);
        Some(match self.random.below(3) {
            0 => expr.text(".is_empty()"),
            1 => {
                let value = self.expr(item, share(size, 2));
                expr.text(".contains(").given(value).text(")")
            }
            _ => {
                let name = if self.chance(50) { "any" } else { "all" };
                let test = self.lambda(&[(false, item.clone())], &Type::Bool, share(size, 2), false);
                expr.text(format!(".{name}(")).given(test).text(")")
            }
        })
    }

    fn int_arithmetic(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Int(int) = ty else { return None };
        let ops = ["+", "-", "*", "+%", "-%", "*%", "+|", "-|", "*|", "+%", "*%", "-%", "/", "%"];
        let op = ops[self.random.below(ops.len())];
        let left = self.expr(ty, share(size, 2));
        // A divisor that is often not zero.
        let right = if matches!(op, "/" | "%") && self.chance(80) {
            let value = 1 + self.random.below(9);
            Expr::of(&Type::Int(*int)).text(value.to_string()).unsettled()
        } else {
            self.expr(ty, share(size, 2))
        };
        Some(self.binary(ty, op, left, right))
    }

    fn shift(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Int(int) = ty else { return None };
        let left = self.expr(ty, share(size, 2));
        let by = self.int_type();
        let right = if self.chance(85) {
            self.small(by, int.bits as usize)
        } else {
            self.expr(&Type::Int(by), share(size, 2))
        };
        let op = if self.chance(50) { "<<" } else { ">>" };
        // What is shifted tells nothing of the type of the count.
        let expr = Expr::of(ty).hole(left, Wants::Inherited, true).text(format!(" {op} "));
        Some(expr.receiver(right).loose())
    }

    fn sign(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let operand = self.expr(ty, share(size, 1));
        let op = match ty {
            Type::Int(int) if !int.signed || self.chance(50) => "~",
            _ => "-",
        };
        Some(
            Expr::of(ty)
                .text(op)
                .hole(Expr::of(ty).text("(").inherited(operand).text(")"), Wants::Inherited, false)
                .loose(),
        )
    }

    fn int_method(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let value = self.expr(ty, share(size, 2));
        if *ty == Type::U32 && self.chance(40) {
            let from = Type::Int(self.int_type());
            let value = self.expr(&from, share(size, 1));
            let call = ["leading_zeros()", "trailing_zeros()", "count_ones()"][self.random.below(3)];
            return Some(Expr::of(ty).receiver(value).text(format!(".{call}")));
        }
        let expr = Expr::of(ty).receiver(value);
        Some(match self.random.below(6) {
            0 => expr.text(".abs()"),
            1 | 2 => {
                let other = self.expr(ty, share(size, 2));
                let name = if self.chance(50) { "min" } else { "max" };
                expr.text(format!(".{name}(")).given(other).text(")")
            }
            3 => {
                let Type::Int(int) = *ty else { return None };
                let (low, high) = (self.small(int, 4), self.small(int, 100));
                expr.text(".clamp(").given(low).text(", ").given(high).text(")")
            }
            4 => {
                let by = self.small(IntTy::U32, 3);
                expr.text(".pow(").given(by).text(")")
            }
            _ => {
                let by = self.small(IntTy::U32, 9);
                let name = if self.chance(50) { "rotate_left" } else { "rotate_right" };
                expr.text(format!(".{name}(")).given(by).text(")")
            }
        })
    }

    /// `T(x)`, `T.wrap(x)`, `T.saturate(x)` from another number, or a char.
    fn conversion(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let name = self.world.show(ty);
        if let Type::Float(_) = ty {
            let from = if self.chance(70) { Type::Int(self.int_type()) } else { Type::Float(FloatTy::F64) };
            let value = self.expr(&from, share(size, 1));
            return Some(Expr::of(ty).text(format!("{name}(")).free(value).text(")"));
        }
        let (from, way) = match self.random.below(10) {
            0 | 1 => (Type::Float(FloatTy::F64), ".saturate"),
            2 => (Type::Char, ""),
            3 => (Type::Int(self.int_type()), ""),
            4 | 5 => (Type::Int(self.int_type()), ".saturate"),
            6 => (Type::Float(FloatTy::F32), ""),
            _ => (Type::Int(self.int_type()), ".wrap"),
        };
        let value = self.expr(&from, share(size, 1));
        Some(Expr::of(ty).text(format!("{name}{way}(")).free(value).text(")"))
    }

    /// A value of a narrower type, which widens by itself where the type is known. As an operand it would not, so it gets
    /// a place of its own.
    fn widening(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let from = match ty {
            Type::Int(to) => {
                let narrower: Vec<_> = IntTy::ALL.into_iter().filter(|int| int.widens_to(*to)).collect();
                Type::Int(*self.random.pick(&narrower)?)
            }
            Type::Float(FloatTy::F64) => Type::Float(FloatTy::F32),
            _ => return None,
        };
        let value = self.expr(&from, share(size, 1));
        let wide = self.world.show(ty);
        Some(Expr::of(ty).text(format!("({{ let wide: {wide} = ")).free(value).text("; wide })"))
    }

    /// How many there are of something.
    fn count(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        if *ty != Type::U32 {
            return None;
        }
        let item = self.some_type();
        let (receiver, call) = match self.random.below(6) {
            5 => (Type::Set(Box::new(self.key_type())), "len()"),
            0 => (Type::String, "byte_len()"),
            1 => (Type::String, "char_count()"),
            2 => (Type::map(self.key_type(), item), "len()"),
            3 => (Type::Char, "code()"),
            _ => (Type::list(item), "len()"),
        };
        let value = self.expr(&receiver, share(size, 1));
        Some(Expr::of(ty).receiver(value).text(format!(".{call}")))
    }

    pub(super) fn key_type(&mut self) -> Type {
        self.type_with(Bound::Key, 0)
    }

    fn sum(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let list = self.expr(&Type::list(ty.clone()), share(size, 1));
        let call = if self.chance(80) { ".sum()" } else { ".product()" };
        Some(Expr::of(ty).receiver(list).text(call))
    }

    fn bound_of_type(&mut self, ty: &Type, _: usize) -> Option<Expr> {
        let bound = if self.chance(50) { "MIN" } else { "MAX" };
        Some(Expr::word(ty, format!("{}.{bound}", self.world.show(ty))))
    }

    fn float_arithmetic(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let op = ["+", "-", "*", "/", "%"][self.random.below(5)];
        let (left, right) = (self.expr(ty, share(size, 2)), self.expr(ty, share(size, 2)));
        Some(self.binary(ty, op, left, right))
    }

    fn float_method(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let value = self.expr(ty, share(size, 2));
        let expr = Expr::of(ty).receiver(value);
        let calls = ["sqrt()", "floor()", "ceil()", "trunc()", "round_even()", "abs()", "round()"];
        Some(match self.random.below(4) {
            0 => {
                let other = self.expr(ty, share(size, 2));
                let name = ["min", "max", "copysign"][self.random.below(3)];
                expr.text(format!(".{name}(")).given(other).text(")")
            }
            2 if self.chance(30) => {
                // Not a number, an infinity, or the zero with a sign.
                let name = if *ty == Type::Float(FloatTy::F64) { "f64" } else { "f32" };
                let special = [".NAN", ".INFINITY", ".EPSILON", ".MAX"][self.random.below(4)];
                Expr::of(ty).text(format!("{name}{special}"))
            }
            1 if *ty == Type::Float(FloatTy::F64) => {
                expr.text([".exp()", ".ln()", ".log2()", ".log10()"][self.random.below(4)])
            }
            _ => expr.text(format!(".{}", calls[self.random.below(calls.len())])),
        })
    }

    /// What a type parameter's bound promises.
    fn param_arithmetic(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Param(index) = ty else { return None };
        let bound = *self.frame.generics.get(*index)?;
        let ops: &[&str] = match bound {
            Bound::Number | Bound::Float => &["+", "-", "*", "/", "%"],
            Bound::Integer => &["+%", "-%", "*%", "+|", "-|", "*|", "&", "|", "^", "+", "/"],
            Bound::Data | Bound::Key | Bound::Any => return None,
        };
        let op = ops[self.random.below(ops.len())];
        let (left, right) = (self.expr(ty, share(size, 2)), self.expr(ty, share(size, 2)));
        Some(self.binary(ty, op, left, right))
    }
}
