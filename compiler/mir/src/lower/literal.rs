//! Literals and constants.
//!
//! A constant is evaluated while compiling; its instance is a function that makes the value, which release builds put
//! in the place of its uses when it is small.

use super::Lowerer;
use crate::ir::{Instance, InstanceKind, Op, Value};
use crate::repr::{Shape, lower_ty, shape};
use dot_db::Item;
use dot_eval::Value as Evaluated;
use dot_types::thir::Literal;
use dot_types::{Ty, TyKind};

/// How deep a constant's value may nest to be written down.
const DEEPEST: usize = 200;

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
            Literal::Flags(bits) => Op::Const((*bits).into()),
        };
        self.emit(op, ty)
    }

    /// Makes a value that the evaluator found. `None` for one that can't be written down, such as a closure.
    pub(super) fn made(&mut self, value: &Evaluated<'db>, ty: Ty<'db>, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let db = self.program.db();
        Some(match value {
            Evaluated::Bool(value) => self.emit(Op::Const((*value).into()), ty),
            Evaluated::Int(value) => self.emit(Op::Const(value.bits()), ty),
            Evaluated::Float(value) => self.emit(Op::Float(value.to_bits()), ty),
            Evaluated::Char(c) => self.emit(Op::Const(u32::from(*c).into()), ty),
            Evaluated::Flags(bits) => self.emit(Op::Const((*bits).into()), ty),
            Evaluated::String(text) => self.emit(Op::StaticString(text.as_bytes().into()), ty),
            Evaluated::List(items) => {
                let (TyKind::List(item) | TyKind::FixedList(item, _)) = ty.kind(db) else { return None };
                let items: Option<Vec<Value>> =
                    items.0.iter().map(|value| self.made(value, *item, depth + 1)).collect();
                self.emit(Op::MakeList(items?), ty)
            }
            Evaluated::Unit | Evaluated::Tuple(_) => {
                let Shape::Record(tys) = shape(self.program, ty) else { return None };
                let parts = self.made_parts(value.as_parts()?, tys, depth)?;
                self.emit(Op::MakeRecord { parts, reuse: None }, ty)
            }
            Evaluated::Bare(_) | Evaluated::Case(_) => {
                let (case, parts) = value.as_case()?;
                let tys = match shape(self.program, ty) {
                    Shape::Variant(cases) => cases.into_iter().nth(case as usize)?,
                    _ => Vec::new(),
                };
                let parts = self.made_parts(parts, tys, depth)?;
                self.make_case(case, parts, ty)
            }
            Evaluated::Map(_)
            | Evaluated::Set(_)
            | Evaluated::Closure(_)
            | Evaluated::Fn(_)
            | Evaluated::Visitor(_) => return None,
        })
    }

    fn made_parts(
        &mut self,
        values: &[Evaluated<'db>],
        tys: Vec<Ty<'db>>,
        depth: usize,
    ) -> Option<Vec<Value>> {
        let tys: Vec<Ty<'db>> = tys.into_iter().map(|ty| lower_ty(self.program, ty)).collect();
        values.iter().zip(tys).map(|(value, ty)| self.made(value, ty, depth + 1)).collect()
    }

    /// The value of a constant.
    pub(super) fn constant(&mut self, item: Item<'db>, ty: Ty<'db>) -> Value {
        let instance = Instance::new(self.program.db(), InstanceKind::Const(item), Vec::new());
        self.emit(Op::Call(instance, Vec::new()), ty)
    }
}
