//! Loops that go through a list or a string part by part.

use super::{Maker, share};
use crate::model::{Body, Type};

impl Maker {
    /// ```text
    /// var rest = e; while rest is [x, ..tail] { rest = tail; … }
    /// ```
    ///
    /// Each turn takes something away, so it ends. The variable is known behind the loop only.
    pub(super) fn part_by_part(&mut self, size: usize) -> Option<Body> {
        if self.frame.times > 40 {
            return None;
        }
        let (rest, tail) = (self.name("rest"), self.name("v"));
        let item = self.some_type();
        let ty = if self.chance(60) { Type::list(item.clone()) } else { Type::String };
        let over = self.expr(&ty, share(size, 2));
        let (pattern, mut bound) = match &ty {
            Type::String => self.cut_text(&tail),
            _ => {
                let (first, bound) = self.irrefutable(&item, 2);
                let parts = if self.chance(70) {
                    format!("[{first}, ..{tail}]")
                } else {
                    format!("[..{tail}, {first}]")
                };
                (parts, bound)
            }
        };
        bound.push((tail.clone(), ty.clone()));
        let step = Body::new(format!("{rest} = {tail}")).stmt();
        // At the start of the turn: what comes later may hide the name.
        let mut body = self.loop_body(4, &bound, share(size, 2));
        body.stmts.insert(0, step);
        self.bind(&rest, &ty, true);
        let start = Body::new(format!("var {rest}: {} = ", self.world.show(&ty))).given(over);
        Some(start.text(format!("; while {rest} is {pattern} ")).block(body))
    }

    /// A string pattern that takes a char away: what stands before it, and the rest.
    fn cut_text(&mut self, tail: &str) -> (String, Vec<(String, Type)>) {
        let (first, separator) = (self.name("v"), [' ', ',', 'a', 'e'][self.random.below(4)]);
        (format!("\"{{{first}}}{separator}{{{tail}}}\""), vec![(first, Type::String)])
    }
}
