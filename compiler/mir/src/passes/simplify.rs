//! Computes what is known: constants folded, parts of what was just made taken directly, choices with one outcome
//! decided. Works on uncounted functions, where a value may be used any number of times.
//!
//! No trap is added or removed: an operation that would trap stays, and one that might isn't removed.

use crate::ir::{Function, Op, Terminator, Value, ValueTy};
use crate::queries::has_handles;
use dot_eval::number::{NumberTrap, fits, int_binary, int_neg, int_not, int_to_int, wrap};
use dot_types::thir::{BinaryOp, CompareOp, ConvertMode, UnaryOp};
use dot_types::{IntKind, Ty, TyKind};
use rustc_hash::FxHashMap;

/// Simplifies every block once. Says whether anything changed.
pub(crate) fn simplify<'db>(db: &'db dyn dot_db::Db, function: &mut Function<'db>) -> bool {
    let mut pass = Simplify {
        db,
        types: function.values.iter().map(|data| data.ty).collect(),
        known: FxHashMap::default(),
        rename: (0..function.values.len() as u32).map(Value).collect(),
        changed: false,
    };
    for block in &mut function.blocks {
        let mut insts = Vec::with_capacity(block.insts.len());
        for mut inst in std::mem::take(&mut block.insts) {
            inst.op.map_operands(&mut |v| *v = pass.resolve(*v));
            if pass.take_parts(&inst.op, &inst.results) {
                continue;
            }
            if let Some(op) = pass.fold(&inst.op, &inst.results) {
                pass.changed = true;
                inst.op = op;
            }
            pass.note(&inst.op, &inst.results);
            insts.push(inst);
        }
        block.insts = insts;
        block.terminator.map_operands(&mut |v| *v = pass.resolve(*v));
        if let Some(decided) = pass.decide(&block.terminator) {
            pass.changed = true;
            block.terminator = decided;
        }
    }
    // A value of a loop may be used in a block that stands before its definition.
    for block in &mut function.blocks {
        block.insts.iter_mut().for_each(|inst| inst.op.map_operands(&mut |v| *v = pass.resolve(*v)));
        block.terminator.map_operands(&mut |v| *v = pass.resolve(*v));
    }
    pass.changed
}

/// What is known of a value.
#[derive(Clone)]
enum Known {
    /// Its bits.
    Bits(u64),
    /// The parts that a record or case was made of.
    Parts(Option<u32>, Vec<Value>),
}

struct Simplify<'db> {
    db: &'db dyn dot_db::Db,
    types: Vec<ValueTy<'db>>,
    known: FxHashMap<Value, Known>,
    rename: Vec<Value>,
    changed: bool,
}

impl<'db> Simplify<'db> {
    fn resolve(&self, mut value: Value) -> Value {
        while self.rename[value.0 as usize] != value {
            value = self.rename[value.0 as usize];
        }
        value
    }

    fn same(&mut self, value: Value, as_value: Value) {
        self.rename[value.0 as usize] = as_value;
        self.changed = true;
    }

    fn kind(&self, value: Value) -> Option<&'db TyKind<'db>> {
        match self.types[value.0 as usize] {
            ValueTy::Data(ty) => Some(kind_of(self.db, ty)),
            ValueTy::Token(_) => None,
        }
    }

    fn bits(&self, value: Value) -> Option<u64> {
        match self.known.get(&value) {
            Some(Known::Bits(bits)) => Some(*bits),
            _ => None,
        }
    }

    fn number(&self, value: Value) -> Option<(IntKind, i128)> {
        let TyKind::Int(kind) = self.kind(value)? else { return None };
        let bits = self.bits(value)?;
        Some((*kind, if kind.is_signed() { i128::from(bits as i64) } else { i128::from(bits) }))
    }

    /// Remembers what an instruction tells of its result.
    fn note(&mut self, op: &Op<'db>, results: &[Value]) {
        let Some(result) = results.first() else { return };
        let known = match op {
            Op::Const(bits) => Known::Bits(*bits),
            Op::MakeRecord { parts, .. } => Known::Parts(None, parts.clone()),
            Op::MakeCase { case, parts, .. } => Known::Parts(Some(*case), parts.clone()),
            _ => return,
        };
        self.known.insert(*result, known);
    }

    /// Replaces parts of what was made here by what they were made of. Says whether the instruction is done with.
    fn take_parts(&mut self, op: &Op<'db>, results: &[Value]) -> bool {
        let (base, case, index) = match op {
            Op::Field(base, index) => (*base, None, Some(*index)),
            Op::CasePart { base, case, part } => (*base, Some(*case), Some(*part)),
            Op::Unpack { base, case, token: false } => (*base, *case, None),
            _ => return false,
        };
        let Some(Known::Parts(made, parts)) = self.known.get(&base).cloned() else { return false };
        if made != case {
            return false;
        }
        // A handle has one owner, and that is what was made: a part of it is only looked at.
        let holds_handles = |value: &Value| match self.types[value.0 as usize] {
            ValueTy::Data(ty) => has_handles(self.db, ty),
            ValueTy::Token(_) => false,
        };
        if index.is_some() && results.iter().any(holds_handles) {
            return false;
        }
        match index {
            Some(index) => match (results, parts.get(index as usize)) {
                ([result], Some(part)) => self.same(*result, *part),
                _ => return false,
            },
            None if parts.len() == results.len() => {
                results.iter().zip(parts).for_each(|(result, part)| self.same(*result, part));
            }
            None => return false,
        }
        true
    }

    fn fold(&self, op: &Op<'db>, results: &[Value]) -> Option<Op<'db>> {
        let bool_op = |value: bool| Some(Op::Const(value.into()));
        match op {
            Op::Binary(op, left, right) => self.fold_binary(*op, *left, *right),
            Op::Compare(op, left, right) => {
                if let (Some((_, a)), Some((_, b))) = (self.number(*left), self.number(*right)) {
                    return bool_op(holds(*op, &a, &b));
                }
                match self.kind(*left)? {
                    TyKind::Float(_) | TyKind::Int(_) => None,
                    _ => bool_op(holds(*op, &self.bits(*left)?, &self.bits(*right)?)),
                }
            }
            Op::Unary(UnaryOp::Not, value) => Some(Op::Const(self.bits(*value)? ^ 1)),
            Op::Unary(op, value) => {
                let (kind, value) = self.number(*value)?;
                match op {
                    UnaryOp::Neg => int_neg(kind, value).ok().map(|value| Op::Const(value as u64)),
                    _ => Some(Op::Const(int_not(kind, value) as u64)),
                }
            }
            Op::Convert(mode, value) => {
                let (_, value) = self.number(*value)?;
                let TyKind::Int(to) = self.kind(*results.first()?)? else { return None };
                match (mode, int_to_int(*mode, *to, value)) {
                    (ConvertMode::Try, _) => None,
                    (_, Ok(Some(value))) => Some(Op::Const(value as u64)),
                    _ => None,
                }
            }
            Op::Tag(value) => match self.known.get(value)? {
                Known::Parts(Some(case), _) => Some(Op::Const(u64::from(*case))),
                Known::Parts(None, _) => None,
                Known::Bits(bits) => Some(Op::Const(*bits)),
            },
            _ => None,
        }
    }

    fn fold_binary(&self, op: BinaryOp, left: Value, right: Value) -> Option<Op<'db>> {
        match (self.number(left), self.number(right)) {
            (Some((kind, a)), Some((_, b))) => {
                let result: Result<i128, NumberTrap> = int_binary(op, kind, a, b);
                let value = result.ok()?;
                debug_assert!(fits(kind, value) && wrap(kind, value) == value);
                Some(Op::Const(value as u64))
            }
            (None, None) if matches!(self.kind(left)?, TyKind::Bool) => {
                let (a, b) = (self.bits(left)?, self.bits(right)?);
                match op {
                    BinaryOp::And => Some(Op::Const(a & b)),
                    BinaryOp::Or => Some(Op::Const(a | b)),
                    BinaryOp::Xor => Some(Op::Const(a ^ b)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The jump that a choice comes down to.
    fn decide(&self, terminator: &Terminator<'db>) -> Option<Terminator<'db>> {
        match terminator {
            Terminator::Branch { cond, then_block, then_args, else_block, else_args } => {
                Some(match self.bits(*cond)? {
                    0 => Terminator::Jump(*else_block, else_args.clone()),
                    _ => Terminator::Jump(*then_block, then_args.clone()),
                })
            }
            Terminator::Switch { on, targets, default } => {
                let target = usize::try_from(self.bits(*on)?).ok().and_then(|n| targets.get(n).copied());
                Some(match target.or(*default) {
                    Some(target) => Terminator::Jump(target, Vec::new()),
                    None => Terminator::Unreachable,
                })
            }
            _ => None,
        }
    }
}

fn kind_of<'db>(db: &'db dyn dot_db::Db, ty: Ty<'db>) -> &'db TyKind<'db> {
    ty.kind(db)
}

fn holds<T: Ord>(op: CompareOp, a: &T, b: &T) -> bool {
    match op {
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        CompareOp::Lt => a < b,
        CompareOp::Le => a <= b,
        CompareOp::Gt => a > b,
        CompareOp::Ge => a >= b,
    }
}
