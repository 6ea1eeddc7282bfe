//! Interpolation.

use super::Lowerer;
use crate::glue::show;
use crate::ir::{Op, Value};
use dot_types::thir::Piece;
use dot_types::{Intrinsic, Ty, TyKind};

impl<'db> Lowerer<'_, 'db> {
    /// A string out of pieces. Where all of them are text already, one instruction allocates once; else they are
    /// appended to one string after the other. Values are evaluated first to last, before anything is printed.
    pub(super) fn interpolate(&mut self, pieces: &[Piece]) -> Option<Value> {
        let mut values = Vec::new();
        for piece in pieces {
            if let Piece::Value(expr) = piece {
                values.push(self.expr(*expr)?);
            }
        }
        let string_ty = self.string_ty();
        let all_text = values.iter().all(|value| self.b.ty(*value) == string_ty);
        let mut values = values.into_iter();
        if all_text {
            let mut parts = Vec::new();
            for piece in pieces {
                parts.extend(match piece {
                    Piece::Text(text) => Some(self.static_string(text)),
                    Piece::Value(_) => values.next(),
                });
            }
            return Some(match parts.as_slice() {
                [one] => *one,
                _ => self.emit(Op::Concat(parts), string_ty),
            });
        }
        let mut out = self.static_string("");
        for piece in pieces {
            out = match piece {
                Piece::Text(text) => {
                    let text = self.static_string(text);
                    self.append(out, text)
                }
                Piece::Value(_) => self.push_value(out, values.next()?)?,
            };
        }
        Some(out)
    }

    fn append(&mut self, out: Value, text: Value) -> Value {
        let (unit, string_ty) = (Ty::unit(self.program.db()), self.string_ty());
        let site = self.site();
        let op = Op::Intrinsic(Intrinsic::StringAppend, vec![out, text]);
        self.b.emit_all(op, &[unit, string_ty], site)[1]
    }

    /// Appends a value as it is printed at the top of an interpolation.
    pub(super) fn push_value(&mut self, out: Value, value: Value) -> Option<Value> {
        let site = self.site();
        let ty = self.b.ty(value);
        let pushed = match ty.kind(self.program.db()) {
            TyKind::String => Some(self.append(out, value)),
            TyKind::Char => {
                let (unit, string_ty) = (Ty::unit(self.program.db()), self.string_ty());
                let op = Op::Intrinsic(Intrinsic::StringPush, vec![out, value]);
                Some(self.b.emit_all(op, &[unit, string_ty], site)[1])
            }
            _ => show::push_nested(self.program, &mut self.b, out, value, site),
        };
        match pushed {
            Some(out) => Some(out),
            None => self.refuse("a printed value without the standard library"),
        }
    }
}
