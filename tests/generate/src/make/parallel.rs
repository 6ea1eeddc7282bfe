//! `par`: bodies that may run side by side, and so neither change what is outside nor leave it.

use super::{Maker, share};
use crate::model::{Expr, Type, Wants};

/// About how many values a `par for` visits.
const TURNS: u64 = 4;

impl Maker {
    /// `par { a, b }`
    pub(super) fn par_tuple(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::Tuple(parts) = ty else { return None };
        if parts.len() < 2 {
            return None;
        }
        let bodies: Vec<_> = parts
            .iter()
            .map(|part| self.par_body(|this| this.expr(part, share(size, parts.len()))))
            .map(|body| Expr::of(&body.ty.clone()).inherited(body).pieces)
            .collect();
        Some(Expr::of(ty).text("par { ").many(bodies, ", ").text(" }").loose())
    }

    /// `par for x in xs { … }`
    pub(super) fn par_for(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let Type::List(item) = ty else { return None };
        let from = self.some_type();
        let over = self.expr(&Type::list(from.clone()), share(size, 2));
        let stmts = usize::from(self.chance(40));
        let (pattern, block) = self.repeated(TURNS, |this| {
            this.par_body(|this| {
                let (pattern, bound) = this.irrefutable(&from, 2);
                this.bind_all(&bound);
                (pattern, this.block(item, stmts, share(size, 2), Wants::Inherited))
            })
        });
        let head = Expr::of(ty).text(format!("par for {pattern} in ")).receiver(over);
        Some(head.text(" ").block(block).loose())
    }

    fn par_body<T>(&mut self, make: impl FnOnce(&mut Maker) -> T) -> T {
        let outer = (self.frame.result.take(), std::mem::take(&mut self.frame.loops));
        let made = self.behind_barrier(make);
        (self.frame.result, self.frame.loops) = outer;
        made
    }
}
