//! Options, results, tuples and what is declared.

use super::{Form, Maker, share};
use crate::model::{Case, Expr, Field, Piece, Type, Wants};

pub(super) const OPTION: &[(usize, Form)] =
    &[(8, Maker::built), (5, Maker::found), (4, Maker::option_method), (2, Maker::tried)];

pub(super) const RESULT: &[(usize, Form)] = &[(8, Maker::built), (4, Maker::result_method)];

pub(super) const BUILT: &[(usize, Form)] =
    &[(10, Maker::built), (2, Maker::spread), (2, Maker::flags), (1, Maker::par_tuple)];

impl Maker {
    /// A value made of literals as far as its type has any; of variables where it has none.
    pub(super) fn literal_value(&mut self, ty: &Type, depth: usize) -> Expr {
        match ty {
            Type::Unit => Expr::word(ty, "()"),
            Type::Bool => Expr::word(ty, if self.chance(50) { "true" } else { "false" }),
            Type::Int(int) => self.int_literal(*int),
            Type::Float(float) => self.float_literal(*float),
            Type::Char => Expr::word(ty, self.char_text()),
            Type::String => self.string_literal(),
            Type::List(_) if depth == 0 => Expr::of(ty).text("[]").unsettled(),
            Type::Set(_) => Expr::of(ty).text("[]").unsettled(),
            Type::List(item) => {
                let count = self.random.below(4);
                let items: Vec<_> = (0..count)
                    .map(|_| Expr::of(item).inherited(self.literal_value(item, depth - 1)))
                    .collect();
                let shows = count > 0 && items.iter().all(Expr::shows_type);
                let items = items.into_iter().map(|item| item.pieces).collect();
                let list = Expr::of(ty).text("[").many(items, ", ").text("]");
                if shows { list } else { list.unsettled() }
            }
            Type::Map(..) => Expr::of(ty).text("[:]").unsettled(),
            Type::Option(_) if depth == 0 => Expr::of(ty).text("none").unsettled(),
            Type::Param(_) => self.read(ty, 0).unwrap_or_else(|| Expr::word(ty, "unreachable(\"no value\")")),
            Type::Fn(params, result) => self.closure_of(params, result, 0),
            _ => {
                self.build(ty, depth.saturating_sub(1), &mut |this, ty, depth| this.literal_value(ty, depth))
            }
        }
    }

    /// A value put together from its parts.
    fn built(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        Some(self.build(ty, share(size, 2), &mut |this, ty, size| this.expr(ty, size)))
    }

    /// A value put together from parts that `part` makes, each with the size `size`.
    fn build(
        &mut self,
        ty: &Type,
        size: usize,
        part: &mut dyn FnMut(&mut Maker, &Type, usize) -> Expr,
    ) -> Expr {
        match ty {
            Type::Option(item) if self.chance(75) => {
                Expr::of(ty).text("some(").inherited(part(self, item, size)).text(")")
            }
            Type::Option(_) => Expr::of(ty).text("none").unsettled(),
            Type::Result(ok, err) => {
                let (word, inner) = if self.chance(65) { ("ok(", ok) } else { ("err(", err) };
                let inner = if **inner == Type::Unit { None } else { Some(part(self, inner, size)) };
                let expr = Expr::of(ty).text(word).unsettled();
                inner.into_iter().fold(expr, Expr::given).text(")")
            }
            Type::Tuple(parts) => {
                let made: Vec<_> = parts.iter().map(|ty| part(self, ty, size)).collect();
                let mut expr = Expr::of(ty).text("(");
                let only_one = made.len() == 1;
                for (index, made) in made.into_iter().enumerate() {
                    expr = if index > 0 { expr.text(", ") } else { expr }.inherited(made);
                }
                expr.text(if only_one { ",)" } else { ")" })
            }
            Type::Fixed(item, count) => {
                let mut expr = Expr::of(ty).text("[").unsettled();
                for index in 0..*count {
                    expr = if index > 0 { expr.text(", ") } else { expr }.given(part(self, item, size));
                }
                expr.text("]")
            }
            Type::Named(..) => self.build_declared(ty, size, part),
            _ => part(self, ty, size),
        }
    }

    fn build_declared(
        &mut self,
        ty: &Type,
        size: usize,
        part: &mut dyn FnMut(&mut Maker, &Type, usize) -> Expr,
    ) -> Expr {
        if let Some(fields) = self.world.fields(ty) {
            return self.build_record(ty, &fields, size, part);
        }
        if let Some(cases) = self.world.cases(ty) {
            // The first case is the one that ends what holds itself.
            let case = if size == 0 { 0 } else { self.random.below(cases.len()) };
            return self.build_case(ty, &cases[case], size, part);
        }
        let (names, is_flags) = self.bare_names(ty);
        let type_name = self.world.show(ty);
        if is_flags && self.chance(20) {
            return Expr::word(ty, format!("{type_name}.none()"));
        }
        let name = self.random.pick(&names).cloned().unwrap_or_default();
        if is_flags || self.chance(50) {
            Expr::word(ty, format!("{type_name}.{name}"))
        } else {
            Expr::word(ty, name)
        }
    }

    fn build_record(
        &mut self,
        ty: &Type,
        fields: &[Field],
        size: usize,
        part: &mut dyn FnMut(&mut Maker, &Type, usize) -> Expr,
    ) -> Expr {
        let mut inits = Vec::new();
        for field in fields {
            if field.default.is_some() && self.chance(40) {
                continue;
            }
            let value = part(self, &field.ty, size);
            inits.push(vec![Piece::Text(format!("{}: ", field.name)), hole(value, Wants::Given)]);
        }
        // Without a field, `{}` would be a block.
        let is_anonymous = !inits.is_empty() && self.chance(30);
        let start = self.record_start(ty, is_anonymous);
        let expr = if is_anonymous { start.some_of(inits, ", ") } else { start.many(inits, ", ") };
        expr.text(" }").loose()
    }

    /// `T { ` or only `{ `, whose type doesn't show. A generic record's type arguments don't either.
    fn record_start(&self, ty: &Type, is_anonymous: bool) -> Expr {
        let Type::Named(decl, args) = ty else { return Expr::of(ty) };
        let name = if is_anonymous { String::new() } else { format!("{} ", self.world.types[*decl].name) };
        let expr = Expr::of(ty).text(format!("{name}{{ "));
        if is_anonymous || !args.is_empty() { expr.unsettled() } else { expr }
    }

    fn build_case(
        &mut self,
        ty: &Type,
        case: &Case,
        size: usize,
        part: &mut dyn FnMut(&mut Maker, &Type, usize) -> Expr,
    ) -> Expr {
        let Type::Named(decl, args) = ty else { return Expr::of(ty) };
        let qualifier =
            if self.chance(40) { format!("{}.", self.world.types[*decl].name) } else { String::new() };
        let mut expr = Expr::of(ty).text(format!("{qualifier}{}", case.name));
        if !args.is_empty() {
            expr = expr.unsettled();
        }
        if case.parts.is_empty() {
            return expr;
        }
        let by_label = self.chance(40);
        expr = expr.text("(");
        for (index, declared) in case.parts.iter().enumerate() {
            let value = part(self, &declared.ty, size);
            expr = if index > 0 { expr.text(", ") } else { expr };
            expr = match &declared.label {
                Some(label) if by_label => expr.text(format!("{label}: ")).given(value),
                _ => expr.given(value),
            };
        }
        expr.text(")")
    }

    /// A record that takes its other fields from another.
    fn spread(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let fields = self.world.fields(ty)?;
        let from = self.expr(ty, share(size, 2));
        let is_anonymous = self.chance(40);
        let expr = self.record_start(ty, is_anonymous);
        let mut inits = Vec::new();
        for field in fields {
            if self.chance(40) {
                let value = self.expr(&field.ty, share(size, 3));
                inits.push(vec![Piece::Text(format!(", {}: ", field.name)), hole(value, Wants::Given)]);
            }
        }
        Some(expr.text("..").hole(from, Wants::Nothing, true).many(inits, "").text(" }").loose())
    }

    fn flags(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let (_, true) = self.bare_names(ty) else { return None };
        let (left, right) = (self.expr(ty, share(size, 2)), self.expr(ty, share(size, 2)));
        let op = ["|", "&", "^"][self.random.below(3)];
        Some(self.binary(ty, op, left, right))
    }

    /// What a list or map has, or has not.
    fn found(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Option(item) = ty else { return None };
        if !self.is_data(item) {
            return None;
        }
        if self.chance(25) {
            let key = self.key_type();
            let map = self.expr(&Type::map(key.clone(), (**item).clone()), share(size, 2));
            let key = self.expr(&key, share(size, 2));
            return Some(Expr::of(ty).receiver(map).text(".get(").given(key).text(")"));
        }
        let list = self.expr(&Type::List(item.clone()), share(size, 2));
        let expr = Expr::of(ty).receiver(list);
        Some(match self.random.below(6) {
            0 => expr.text(".first()"),
            1 => expr.text(".last()"),
            2 => expr.text(if self.chance(50) { ".min()" } else { ".max()" }),
            3 => {
                let test = self.lambda(&[(false, (**item).clone())], &Type::Bool, share(size, 2), false);
                expr.text(".find(").given(test).text(")")
            }
            4 => {
                let key = self.some_type();
                let f = self.lambda(&[(false, (**item).clone())], &key, share(size, 2), true);
                let name = if self.chance(50) { "min_by_key" } else { "max_by_key" };
                expr.text(format!(".{name}(")).given(f).text(")")
            }
            _ => {
                let index = self.expr(&Type::U32, share(size, 3));
                expr.text(".get(").given(index).text(")")
            }
        })
    }

    fn option_method(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Option(item) = ty else { return None };
        let from = self.some_type();
        Some(match self.random.below(5) {
            0 => {
                let value = self.expr(&Type::option(from.clone()), share(size, 2).max(1));
                let f = self.lambda(&[(false, from)], item, share(size, 2), true);
                Expr::of(ty).receiver(value).text(".map(").given(f).text(")")
            }
            1 => {
                let value = self.expr(&Type::option(from.clone()), share(size, 2).max(1));
                let f = self.lambda(&[(false, from)], ty, share(size, 2), true);
                Expr::of(ty).receiver(value).text(".and_then(").given(f).text(")")
            }
            2 if self.is_data(item) => {
                let value = self.expr(ty, share(size, 2));
                let f = self.lambda(&[(false, (**item).clone())], &Type::Bool, share(size, 2), false);
                Expr::of(ty).receiver(value).text(".filter(").given(f).text(")")
            }
            3 => {
                let value = self.expr(ty, share(size, 2));
                let f = self.lambda(&[], ty, share(size, 2), false);
                Expr::of(ty).receiver(value).text(".or_else(").given(f).text(")")
            }
            _ => {
                let result = Type::Result(item.clone(), Box::new(from));
                let value = self.expr(&result, share(size, 1));
                Expr::of(ty).receiver(value).text(".ok()")
            }
        })
    }

    /// What is none where it would trap, or isn't understood.
    fn tried(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Option(item) = ty else { return None };
        let name = self.world.show(item);
        Some(match &**item {
            Type::Int(_) if self.chance(60) => {
                let from = if self.chance(80) {
                    Type::Int(self.int_type())
                } else {
                    Type::Float(crate::model::FloatTy::F64)
                };
                let value = self.expr(&from, share(size, 1));
                Expr::of(ty).text(format!("{name}.try(")).free(value).text(")")
            }
            Type::Int(_) | Type::Float(_) => {
                let text = self.expr(&Type::String, share(size, 1));
                Expr::of(ty).text(format!("{name}.parse(")).given(text).text(")")
            }
            Type::String => {
                let text = self.expr(&Type::String, share(size, 1));
                let prefix = self.string_literal();
                let name = if self.chance(50) { "strip_prefix" } else { "strip_suffix" };
                Expr::of(ty).receiver(text).text(format!(".{name}(")).given(prefix).text(")")
            }
            Type::Char => {
                let text = self.expr(&Type::String, share(size, 1));
                Expr::of(ty).receiver(text).text(".first_char()")
            }
            _ => return None,
        })
    }

    fn result_method(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Result(ok, err) = ty else { return None };
        if matches!(**ok, Type::Unit) || matches!(**err, Type::Unit) {
            return None;
        }
        let from = self.some_type();
        Some(match self.random.below(4) {
            0 => {
                let value = self.expr(&Type::Option(ok.clone()), share(size, 2).max(1));
                let error = self.expr(err, share(size, 2));
                Expr::of(ty).receiver(value).text(".ok_or(").free(error).text(")")
            }
            1 => {
                let value =
                    self.expr(&Type::Result(Box::new(from.clone()), err.clone()), share(size, 2).max(1));
                let f = self.lambda(&[(false, from)], ok, share(size, 2), true);
                Expr::of(ty).receiver(value).text(".map(").given(f).text(")")
            }
            2 => {
                let value =
                    self.expr(&Type::Result(ok.clone(), Box::new(from.clone())), share(size, 2).max(1));
                let f = self.lambda(&[(false, from)], err, share(size, 2), true);
                Expr::of(ty).receiver(value).text(".map_err(").given(f).text(")")
            }
            _ => {
                let value =
                    self.expr(&Type::Result(Box::new(from.clone()), err.clone()), share(size, 2).max(1));
                let f = self.lambda(&[(false, from)], ty, share(size, 2), true);
                Expr::of(ty).receiver(value).text(".and_then(").given(f).text(")")
            }
        })
    }
}

fn hole(expr: Expr, wants: Wants) -> Piece {
    Piece::Hole(Box::new(crate::model::Hole { expr, wants, is_tight: false }))
}
