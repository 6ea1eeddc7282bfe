//! Lists and maps.

use super::{Form, Maker, share};
use crate::model::{Bound, Expr, IntTy, Piece, Type, Wants};

pub(super) const LIST: &[(usize, Form)] = &[
    (10, Maker::list_literal),
    (8, Maker::list_method),
    (5, Maker::list_map),
    (3, Maker::list_filter),
    (3, Maker::list_sorted),
    (3, Maker::list_of_parts),
    (1, Maker::list_of),
    (1, Maker::par_for),
];

pub(super) const MAP: &[(usize, Form)] =
    &[(8, Maker::map_literal), (2, Maker::map_of), (2, Maker::map_filter), (2, Maker::map_values)];

impl Maker {
    fn list_literal(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::List(item) = ty else { return None };
        let count = self.random.below(5);
        let mut items = Vec::new();
        let mut shows = count > 0;
        for _ in 0..count {
            let piece = if self.chance(15) {
                let spread = self.expr(ty, share(size, count));
                Expr::of(ty).text("..").hole(spread, Wants::Inherited, true)
            } else {
                Expr::of(ty).inherited(self.expr(item, share(size, count)))
            };
            shows &= piece.shows_type();
            items.push(piece.pieces);
        }
        let expr = Expr::of(ty).text("[").many(items, ", ").text("]");
        Some(if shows { expr } else { expr.unsettled() })
    }

    /// A method of lists that gives a list of the same type.
    fn list_method(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::List(item) = ty else { return None };
        if !self.is_data(item) {
            return None;
        }
        let value = self.expr(ty, share(size, 2));
        let expr = Expr::of(ty).receiver(value);
        let count = self.small(IntTy::U32, 4);
        Some(match self.random.below(6) {
            0 => expr.text(".take(").given(count).text(")"),
            1 => expr.text(".skip(").given(count).text(")"),
            2 => {
                let other = self.expr(ty, share(size, 2));
                expr.text(".concat(").given(other).text(")")
            }
            3 if self.is_key(item) => expr.text(".unique()"),
            4 => {
                // A slice that is often in range.
                let start = self.small(IntTy::U32, 2);
                expr.text(".slice(").given(start).text(", 2)")
            }
            _ => expr.text(".reversed()"),
        })
    }

    fn list_map(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::List(item) = ty else { return None };
        let from = self.some_type();
        let list = self.expr(&Type::list(from.clone()), share(size, 2).max(1));
        let expr = Expr::of(ty).receiver(list);
        Some(match self.random.below(4) {
            0 => {
                let to = Type::option((**item).clone());
                let f = self.lambda(&[(false, from)], &to, share(size, 2), true);
                expr.text(".filter_map(").given(f).text(")")
            }
            1 if self.is_data(item) => {
                let f = self.lambda(&[(false, from)], ty, share(size, 2), true);
                expr.text(".flat_map(").given(f).text(")")
            }
            _ => {
                let f = self.lambda(&[(false, from)], item, share(size, 2), true);
                expr.text(".map(").given(f).text(")")
            }
        })
    }

    fn list_filter(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::List(item) = ty else { return None };
        if !self.is_data(item) {
            return None;
        }
        let list = self.expr(ty, share(size, 2));
        let f = self.lambda(&[(false, (**item).clone())], &Type::Bool, share(size, 2), false);
        Some(Expr::of(ty).receiver(list).text(".filter(").given(f).text(")"))
    }

    fn list_sorted(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::List(item) = ty else { return None };
        if !self.is_data(item) {
            return None;
        }
        let list = self.expr(ty, share(size, 2));
        let expr = Expr::of(ty).receiver(list);
        if self.chance(50) {
            return Some(expr.text(".sorted()"));
        }
        let key = self.some_type();
        let f = self.lambda(&[(false, (**item).clone())], &key, share(size, 2), true);
        Some(expr.text(".sorted_by_key(").given(f).text(")"))
    }

    /// A list that some other value gives.
    fn list_of_parts(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::List(item) = ty else { return None };
        if !self.is_data(item) {
            return None;
        }
        let other = self.some_type();
        let boxed = |ty: &Type| Box::new(ty.clone());
        let (receiver, call) = match &**item {
            Type::Char if self.chance(60) => (Type::String, "chars()"),
            Type::Int(IntTy { signed: false, bits: 8 }) if self.chance(60) => (Type::String, "bytes()"),
            Type::String if self.chance(60) => {
                let calls = ["split(\",\")", "lines()", "split_words()"];
                (Type::String, calls[self.random.below(3)])
            }
            Type::Tuple(parts) if parts.len() == 2 && parts[0] == Type::U32 && self.chance(60) => {
                (Type::list(parts[1].clone()), "enumerate()")
            }
            Type::Tuple(parts) if parts.len() == 2 && self.is_key(&parts[0]) => {
                (Type::map(parts[0].clone(), parts[1].clone()), "entries()")
            }
            Type::List(inner) if self.chance(50) => (Type::List(inner.clone()), "chunks(2)"),
            _ if self.is_key(item) && self.chance(30) => (Type::Set(item.clone()), "items()"),
            _ if self.is_key(item) && self.chance(50) => (Type::Map(boxed(item), boxed(&other)), "keys()"),
            _ if self.chance(50) => (Type::map(self.key_type(), (**item).clone()), "values()"),
            _ => (Type::list(ty.clone()), "flatten()"),
        };
        let value = self.expr(&receiver, share(size, 1));
        Some(Expr::of(ty).receiver(value).text(format!(".{call}")))
    }

    fn list_of(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::List(item) = ty else { return None };
        if !self.is_data(item) {
            return None;
        }
        let (count, value) = (self.small(IntTy::U32, 4), self.expr(item, share(size, 1)));
        Some(Expr::of(ty).text("list.of(").given(count).text(", ").free(value).text(")"))
    }

    /// Whether values of the type can be keys here.
    pub(super) fn is_key(&self, ty: &Type) -> bool {
        self.world.admits(Bound::Key, ty, &self.frame.generics)
    }

    fn map_literal(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Map(key, value) = ty else { return None };
        let count = self.random.below(4);
        if count == 0 {
            return Some(Expr::of(ty).text("[:]").unsettled());
        }
        let entry = |this: &mut Maker| -> Vec<Piece> {
            let (key, value) =
                (this.expr(key, share(size, 2 * count)), this.expr(value, share(size, 2 * count)));
            // A name before `:` would be read as a label nowhere but here, so a key is a term.
            Expr::of(ty).hole(key, Wants::Inherited, true).text(": ").inherited(value).pieces
        };
        let entries = (0..count).map(|_| entry(self)).collect();
        Some(Expr::of(ty).text("[").some_of(entries, ", ").text("]").unsettled())
    }

    fn map_of(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Map(key, value) = ty else { return None };
        let pairs = Type::list(Type::Tuple(vec![(**key).clone(), (**value).clone()]));
        let pairs = self.expr(&pairs, share(size, 1));
        Some(Expr::of(ty).text("map.of(").free(pairs).text(")"))
    }

    fn map_filter(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Map(key, value) = ty else { return None };
        let map = self.expr(ty, share(size, 2));
        let params = [(false, (**key).clone()), (false, (**value).clone())];
        let f = self.lambda(&params, &Type::Bool, share(size, 2), false);
        Some(Expr::of(ty).receiver(map).text(".filter(").given(f).text(")"))
    }

    fn map_values(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Map(key, value) = ty else { return None };
        let from = self.some_type();
        let map = self.expr(&Type::map((**key).clone(), from.clone()), share(size, 2));
        let f = self.lambda(&[(false, from)], value, share(size, 2), true);
        Some(Expr::of(ty).receiver(map).text(".map_values(").given(f).text(")"))
    }
}
