//! What a trap says: one text for every engine.
//!
//! `{left}`, `{right}`, `{value}` and `{key}` stand for the values of the operation that failed. An interpreter has them at
//! hand and fills them in with [`fill`]; compiled code leaves the text in its trap table, beside the places where a host
//! finds the values.

use crate::IntKind;
use crate::thir::{BinaryOp, TrapKind};

/// Of a map without a key that can be told: a number, a bool, a char or a string.
pub const KEY: &str = "the map has no key {key}";

/// Of a map without any other key.
pub const SUCH_KEY: &str = "the map has no such key";

/// Of arithmetic on two integers of a type that ends in a trap of that kind.
#[must_use]
pub fn binary(op: BinaryOp, kind: IntKind, trap: TrapKind) -> String {
    let (name, bits) = (kind.name(), kind.bits());
    match (trap, op) {
        (TrapKind::DivideByZero, BinaryOp::Rem) => "remainder of {left} by zero".to_owned(),
        (TrapKind::DivideByZero, _) => "division of {left} by zero".to_owned(),
        (TrapKind::Shift, _) => {
            format!("{{left}} {} {{right}}: {} {name} shifts by less than {bits}", sign(op), article(kind))
        }
        _ => format!("{{left}} {} {{right}} is out of range for {name}", sign(op)),
    }
}

/// Of `-` on an integer.
#[must_use]
pub fn negation(kind: IntKind) -> String {
    format!("-({{value}}) is out of range for {}", kind.name())
}

/// Of a conversion of a number to an integer type.
#[must_use]
pub fn conversion(to: IntKind) -> String {
    format!("{{value}} does not fit {}", to.name())
}

/// The text with values in place of names.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    values
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), &value.to_string()))
}

const fn article(kind: IntKind) -> &'static str {
    if matches!(kind, IntKind::U8 | IntKind::U16 | IntKind::U32 | IntKind::U64) { "a" } else { "an" }
}

const fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Rem => "%",
        BinaryOp::WrappingAdd => "+%",
        BinaryOp::WrappingSub => "-%",
        BinaryOp::WrappingMul => "*%",
        BinaryOp::SaturatingAdd => "+|",
        BinaryOp::SaturatingSub => "-|",
        BinaryOp::SaturatingMul => "*|",
        BinaryOp::And => "&",
        BinaryOp::Or => "|",
        BinaryOp::Xor => "^",
        BinaryOp::Shl => "<<",
        BinaryOp::Shr => ">>",
    }
}
