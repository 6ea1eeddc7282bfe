//! Chars and strings.

use super::literal::escaped;
use super::{Form, Maker, share};
use crate::model::{Expr, IntTy, Piece, Type};

pub(super) const CHAR: &[(usize, Form)] = &[(3, Maker::char_method), (2, Maker::char_from_code)];

pub(super) const STRING: &[(usize, Form)] = &[
    (14, Maker::interpolation),
    (8, Maker::string_method),
    (2, Maker::join),
    (1, Maker::string_from_chars),
    (2, Maker::slice_of_string),
];

impl Maker {
    fn char_method(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let value = self.expr(ty, share(size, 1));
        Some(Expr::of(ty).receiver(value).text(if self.chance(50) { ".to_upper()" } else { ".to_lower()" }))
    }

    fn char_from_code(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let code = self.expr(&Type::U32, share(size, 1));
        let other = self.char_text();
        Some(Expr::of(ty).text("(char.from_u32(").given(code).text(format!(") ?? {other})")))
    }

    /// Text with values in it.
    pub(super) fn interpolation(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let count = 1 + self.random.below(3);
        let mut line = Expr::of(ty).text("\"");
        for _ in 0..count {
            let text = self.words();
            let value_type = self.some_type();
            let value = self.expr(&value_type, share(size, count));
            line = line.text(escaped(&text)).text("{").receiver(value).text("}");
        }
        Some(Expr { pieces: vec![Piece::Line(line.text("\"").pieces)], ..Expr::of(ty) })
    }

    fn string_method(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let value = self.expr(ty, share(size, 2));
        let expr = Expr::of(ty).receiver(value);
        let plain = [
            ".trim()",
            ".trim_start()",
            ".trim_end()",
            ".to_upper()",
            ".to_lower()",
            ".reversed()",
            ".skip_chars(1)",
            ".repeat(2)",
            ".pad_left(4)",
            ".pad_right(5, fill: '.')",
        ];
        Some(match self.random.below(3) {
            0 => {
                let (from, to) = (self.string_literal(), self.expr(ty, share(size, 2)));
                expr.text(".replace(").given(from).text(", ").given(to).text(")")
            }
            _ => expr.text(plain[self.random.below(plain.len())]),
        })
    }

    fn join(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let item = self.some_type();
        let list = self.expr(&Type::list(item), share(size, 2).max(1));
        let separator = self.string_literal();
        Some(Expr::of(ty).receiver(list).text(".join(").given(separator).text(")"))
    }

    fn string_from_chars(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let chars = self.expr(&Type::list(Type::Char), share(size, 1));
        Some(Expr::of(ty).text("string.from_chars(").given(chars).text(")"))
    }

    /// A slice by bytes: it traps where it cuts a char, or is out of range.
    fn slice_of_string(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let value = self.expr(ty, share(size, 1));
        let (start, end) = (self.small(IntTy::U32, 2), self.small(IntTy::U32, 4));
        let expr = Expr::of(ty).receiver(value).text(".byte_slice(").given(start).text(", ");
        Some(expr.given(end).text(")"))
    }
}
