//! Sets.

use super::{Form, Maker, share};
use crate::model::{Body, Expr, Piece, Type, Wants};

pub(super) const SET: &[(usize, Form)] =
    &[(6, Maker::set_literal), (4, Maker::set_of), (5, Maker::set_operation), (2, Maker::set_filter)];

impl Maker {
    fn set_literal(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Set(item) = ty else { return None };
        let count = self.random.below(4);
        let element = |this: &mut Maker| -> Vec<Piece> {
            let value = this.expr(item, share(size, count));
            Expr::of(ty).hole(value, Wants::Given, false).pieces
        };
        let items = (0..count).map(|_| element(self)).collect();
        // Alone it would be a list.
        Some(Expr::of(ty).text("[").many(items, ", ").text("]").unsettled())
    }

    fn set_of(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Set(item) = ty else { return None };
        let items = self.expr(&Type::List(item.clone()), share(size, 1));
        Some(Expr::of(ty).text("set.of(").free(items).text(")"))
    }

    fn set_operation(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let (one, other) = (self.expr(ty, share(size, 2)), self.expr(ty, share(size, 2)));
        let name = ["union", "intersection", "difference"][self.random.below(3)];
        Some(Expr::of(ty).receiver(one).text(format!(".{name}(")).given(other).text(")"))
    }

    fn set_filter(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Set(item) = ty else { return None };
        let set = self.expr(ty, share(size, 2));
        let test = self.lambda(&[(false, (**item).clone())], &Type::Bool, share(size, 2), false);
        Some(Expr::of(ty).receiver(set).text(".filter(").given(test).text(")"))
    }

    /// A question that a set is asked.
    pub(super) fn set_question(&mut self, size: usize) -> Expr {
        let item = self.key_type();
        let ty = Type::Set(Box::new(item.clone()));
        let set = self.expr(&ty, share(size, 2));
        let expr = Expr::of(&Type::Bool).receiver(set);
        if self.chance(30) {
            let other = self.expr(&ty, share(size, 2));
            return expr.text(".is_subset(").given(other).text(")");
        }
        let value = self.expr(&item, share(size, 2));
        expr.text(".contains(").given(value).text(")")
    }

    /// A method that changes a set.
    pub(super) fn change_set(&mut self, place: Body, item: &Type, size: usize) -> Body {
        if self.chance(20) {
            let other = self.expr(&Type::Set(Box::new(item.clone())), share(size, 1));
            return place.text(".extend(").given(other).text(")");
        }
        let value = self.expr(item, share(size, 1));
        let name = if self.chance(70) { "insert" } else { "remove" };
        Body::new("let _ = ").pieces(place.pieces).text(format!(".{name}(")).given(value).text(")")
    }
}
