//! Literals, interpolated strings and tuples.

use super::{Expected, Infer, LiteralCheck, Patch, Typed, Why};
use crate::IntKind;
use crate::own::Operation;
use crate::table::{Con, TypeId, VarKind};
use crate::thir::{self, ExprKind, Piece};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body::{self as hir, Literal, StringPart};

impl<'db> Infer<'db> {
    pub(super) fn infer_literal(
        &mut self,
        literal: &Literal,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        if let Literal::Int(value) = literal {
            return self.emit_int(i128::from(*value), hint, range);
        }
        let ty = self.literal_type(literal);
        let value = self.literal_value(literal, false, range);
        let typed = self.emit(ExprKind::Literal(value), ty, range);
        if matches!(literal, Literal::Float(_)) {
            self.patches.insert(typed.id, Patch::Number);
        }
        typed
    }

    /// An integer literal, sign included. Its type is what is expected, if that is an integer type.
    pub(super) fn emit_int(&mut self, value: i128, hint: Option<Expected<'db>>, range: TextRange) -> Typed {
        let ty = match hint.and_then(|hint| self.table.head(hint.ty)) {
            Some(Con::Int(kind)) => {
                let kind = *kind;
                self.table.con(Con::Int(kind))
            }
            _ => self.table.fresh(VarKind::Number),
        };
        self.literals.push(LiteralCheck { ty, value, range });
        let typed = self.emit(ExprKind::Literal(thir::Literal::Int(value)), ty, range);
        self.patches.insert(typed.id, Patch::Number);
        typed
    }

    /// The type of a literal, in an expression or a pattern.
    pub(super) fn literal_type(&mut self, literal: &Literal) -> TypeId {
        let con = match literal {
            Literal::Int(_) => return self.table.fresh(VarKind::Number),
            Literal::Float(_) => return self.table.fresh(VarKind::Float),
            Literal::Char(_) => Con::Char,
            Literal::Byte(_) => Con::Int(IntKind::U8),
            Literal::String(_) => Con::String,
            Literal::Bytes(_) => {
                let byte = self.table.con(Con::Int(IntKind::U8));
                return self.table.app(Con::List, vec![byte]);
            }
            Literal::Bool(_) => Con::Bool,
        };
        self.table.con(con)
    }

    /// The value of a literal, negated if a minus stands before it.
    pub(super) fn literal_value(
        &mut self,
        literal: &Literal,
        negative: bool,
        range: TextRange,
    ) -> thir::Literal {
        match literal {
            Literal::Int(value) => {
                let value = i128::from(*value);
                thir::Literal::Int(if negative { -value } else { value })
            }
            Literal::Float(text) => {
                let value = text.parse::<f64>().unwrap_or(f64::INFINITY);
                if value.is_infinite() {
                    let title = format!("`{text}` is beyond the range of a float");
                    let diagnostic = self.error(codes::LITERAL_OUT_OF_RANGE, title, range);
                    self.report(diagnostic);
                }
                thir::Literal::Float((if negative { -value } else { value }).to_bits())
            }
            Literal::Char(value) => thir::Literal::Char(*value),
            Literal::Byte(value) => thir::Literal::Int(i128::from(*value)),
            Literal::String(text) => thir::Literal::String(text.clone()),
            Literal::Bytes(bytes) => thir::Literal::Bytes(bytes.as_slice().into()),
            Literal::Bool(value) => thir::Literal::Bool(*value),
        }
    }

    pub(super) fn infer_string(&mut self, parts: &[StringPart], range: TextRange) -> Typed {
        let mut pieces = Vec::new();
        for part in parts {
            match part {
                StringPart::Text(text) => pieces.push(Piece::Text(text.clone())),
                StringPart::Expr(expr) => {
                    let value = self.infer(*expr, None);
                    let (range, reason) = (self.range_of(value.id), "a value in a string is printed");
                    self.require_structure(value.ty, Operation::Show, range, reason);
                    pieces.push(Piece::Value(value.id));
                }
            }
        }
        let ty = self.table.con(Con::String);
        self.emit(ExprKind::Interpolate(pieces), ty, range)
    }

    pub(super) fn infer_tuple(
        &mut self,
        parts: &[hir::ExprId],
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let hints: Vec<TypeId> = match hint {
            Some(hint) if self.table.head(hint.ty) == Some(&Con::Tuple) => self.table.args(hint.ty).to_vec(),
            _ => Vec::new(),
        };
        let mut ids = Vec::new();
        let mut types = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let typed = match hints.get(index) {
                Some(ty) if hints.len() == parts.len() => {
                    let why = hint.map_or(Why::Plain, |hint| hint.why);
                    self.check_part(*part, Expected { ty: *ty, why })
                }
                _ => self.infer(*part, None),
            };
            ids.push(typed.id);
            types.push(typed.ty);
        }
        let ty = self.table.app(Con::Tuple, types);
        self.emit(ExprKind::Tuple(ids), ty, range)
    }

    /// Checks a part of a value whose type is expected. The part has the expected type afterwards, so that the
    /// whole has too.
    pub(super) fn check_part(&mut self, part: hir::ExprId, expected: Expected<'db>) -> Typed {
        let typed = self.check(part, expected);
        if self.table.is_never(typed.ty) { Typed { id: typed.id, ty: expected.ty } } else { typed }
    }
}
