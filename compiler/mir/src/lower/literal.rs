//! Literals and constants.

use super::Lowerer;
use crate::ir::{Instance, InstanceKind, Op, Value};
use dot_db::Item;
use dot_types::Ty;
use dot_types::thir::Literal;

impl<'db> Lowerer<'_, 'db> {
    /// A literal of a type.
    pub(super) fn literal(&mut self, literal: &Literal, ty: Ty<'db>) -> Value {
        let op = match literal {
            Literal::Bool(value) => Op::Const((*value).into()),
            Literal::Int(value) => Op::Const(*value as u64),
            Literal::Float(bits) => Op::Float(*bits),
            Literal::Char(c) => Op::Const(u32::from(*c).into()),
            Literal::String(text) => Op::StaticString(text.as_bytes().into()),
            Literal::Bytes(bytes) => Op::StaticString(bytes.clone()),
        };
        self.emit(op, ty)
    }

    /// The value of a constant.
    pub(super) fn constant(&mut self, item: Item<'db>, ty: Ty<'db>) -> Value {
        let instance = Instance::new(self.program.db(), InstanceKind::Const(item), Vec::new());
        self.emit(Op::Call(instance, Vec::new()), ty)
    }
}
