//! Conversions between numbers: `u8(x)`, `u8.try(x)`, `u8.wrap(x)`, `u8.saturate(x)`.

use super::call::CallParts;
use super::{Infer, Typed};
use crate::table::{Con, VarKind};
use crate::thir::{ConvertMode, ExprKind};
use crate::{Bound, FloatKind, IntKind};
use dot_diagnostics::codes;

/// The numeric type of that name.
pub(super) fn numeric_type<'db>(name: &str) -> Option<Con<'db>> {
    let int = IntKind::ALL.into_iter().find(|kind| kind.name() == name).map(Con::Int);
    int.or_else(|| {
        [FloatKind::F32, FloatKind::F64].into_iter().find(|kind| kind.name() == name).map(Con::Float)
    })
}

/// How the conversion of that name treats what doesn't fit.
pub(super) fn mode_named(name: &str) -> Option<ConvertMode> {
    Some(match name {
        "try" => ConvertMode::Try,
        "wrap" => ConvertMode::Wrap,
        "saturate" => ConvertMode::Saturate,
        _ => return None,
    })
}

/// The name of such a conversion, if it has one.
fn mode_name(mode: ConvertMode) -> Option<&'static str> {
    match mode {
        ConvertMode::Try => Some("try"),
        ConvertMode::Wrap => Some("wrap"),
        ConvertMode::Saturate => Some("saturate"),
        ConvertMode::Trap | ConvertMode::Widen => None,
    }
}

impl<'db> Infer<'db> {
    pub(super) fn infer_conversion(&mut self, target: Con<'db>, parts: CallParts<'_, 'db>) -> Typed {
        self.infer_conversion_by(target, ConvertMode::Trap, parts)
    }

    pub(super) fn infer_conversion_by(
        &mut self,
        target: Con<'db>,
        mode: ConvertMode,
        parts: CallParts<'_, 'db>,
    ) -> Typed {
        let Some(operand) = self.only_argument(parts, "a conversion") else {
            return self.infer_arguments(parts);
        };
        let to_int = matches!(target, Con::Int(_));
        let wraps = mode == ConvertMode::Wrap;
        // A literal is converted from the type that it would have alone.
        self.table.settle(operand.ty);
        let fits = match self.table.head(operand.ty) {
            Some(Con::Never) => true,
            Some(Con::Int(_)) => to_int || !wraps,
            Some(Con::Float(_)) => !wraps,
            Some(Con::Char) => to_int && !wraps,
            Some(Con::Param(index)) => {
                let bound = self.generics.get(*index as usize).map(|generic| generic.bound);
                match bound {
                    Some(Bound::Integer) => to_int || !wraps,
                    Some(Bound::Number | Bound::Float) => !wraps,
                    _ => false,
                }
            }
            Some(Con::Error) => return self.emit_error(parts.range),
            Some(_) => false,
            None if self.table.var_kind(operand.ty) == Some(VarKind::General) => {
                return self.type_unknown("what is converted", self.range_of(operand.id));
            }
            None => false,
        };
        let target = self.table.con(target);
        if !fits {
            let (from, to) = (self.show(operand.ty), self.show(target));
            let title = match mode_name(mode) {
                Some(name) => format!("there is no conversion by `{name}` from {from} to {to}"),
                None => format!("there is no conversion from {from} to {to}"),
            };
            let mut diagnostic = self.error(codes::INVALID_CONVERSION, title, parts.range);
            if wraps {
                diagnostic = diagnostic.with_note(
                    "`wrap` keeps the low bits of an integer. `saturate` takes the nearest value that fits.",
                );
            }
            if self.table.head(operand.ty) == Some(&Con::String) {
                diagnostic = diagnostic.with_note("Text is read by `parse`, which gives an `option`.");
            }
            if self.table.head(operand.ty) == Some(&Con::Bool) {
                diagnostic = diagnostic.with_note("A bool becomes a number by `if flag { 1 } else { 0 }`.");
            }
            self.report(diagnostic);
            return self.emit_error(parts.range);
        }
        let ty = if mode == ConvertMode::Try { self.table.app(Con::Option, vec![target]) } else { target };
        self.emit(ExprKind::Convert { mode, operand: operand.id }, ty, parts.range)
    }
}
