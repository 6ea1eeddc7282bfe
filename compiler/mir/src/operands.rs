//! Walking and rewriting the operands of instructions and terminators.

use crate::ir::{BlockId, Op, Terminator, Value};

impl Op<'_> {
    /// Calls `visit` with every operand, to be replaced in place.
    pub fn map_operands(&mut self, visit: &mut dyn FnMut(&mut Value)) {
        match self {
            Op::Const(_) | Op::Float(_) | Op::StaticString(_) => {}
            Op::Binary(_, left, right) | Op::Compare(_, left, right) => {
                visit(left);
                visit(right);
            }
            Op::Unary(_, v)
            | Op::Convert(_, v)
            | Op::Tag(v)
            | Op::Field(v, _)
            | Op::Dup(v)
            | Op::CasePart { base: v, .. }
            | Op::Unpack { base: v, .. }
            | Op::DropToken(v)
            | Op::Drop(v)
            | Op::DropHandle(v)
            | Op::Swap(_, v) => visit(v),
            Op::MakeRecord { parts, reuse } | Op::MakeCase { parts, reuse, .. } => {
                parts.iter_mut().chain(reuse).for_each(visit);
            }
            Op::ListGet(list, index) | Op::ListTake(list, index) => {
                visit(list);
                visit(index);
            }
            Op::ListSet { list, index, value } | Op::ListPut { list, index, value } => {
                visit(list);
                visit(index);
                visit(value);
            }
            Op::View { base, start, end, .. } | Op::Cut { base, start, end } => {
                visit(base);
                visit(start);
                visit(end);
            }
            Op::MakeList(args)
            | Op::MakeClosure(_, args)
            | Op::Call(_, args)
            | Op::CallImport(_, args)
            | Op::Concat(args)
            | Op::Intrinsic(_, args) => args.iter_mut().for_each(visit),
            Op::CallClosure(callee, args) => {
                visit(callee);
                args.iter_mut().for_each(visit);
            }
        }
    }

    /// Every operand in order, whoever owns it.
    #[must_use]
    pub fn operands(&self) -> Vec<Value> {
        let mut operands = Vec::new();
        self.for_each_operand(&|_| false, &mut |value, _| operands.push(value));
        operands
    }
}

impl Terminator<'_> {
    /// The blocks that control may go to, one entry for each edge.
    #[must_use]
    pub fn successors(&self) -> Vec<BlockId> {
        match self {
            Terminator::Jump(block, _) => vec![*block],
            Terminator::Branch { then_block, else_block, .. } => vec![*then_block, *else_block],
            Terminator::Switch { targets, default, .. } => targets.iter().chain(default).copied().collect(),
            Terminator::Return(_) | Terminator::Trap { .. } | Terminator::Unreachable => Vec::new(),
        }
    }

    /// Calls `visit` with the target of every edge and its arguments, where the edge can have some.
    pub fn map_edges(&mut self, visit: &mut dyn FnMut(&mut BlockId, Option<&mut Vec<Value>>)) {
        match self {
            Terminator::Jump(block, args) => visit(block, Some(args)),
            Terminator::Branch { then_block, then_args, else_block, else_args, .. } => {
                visit(then_block, Some(then_args));
                visit(else_block, Some(else_args));
            }
            Terminator::Switch { targets, default, .. } => {
                targets.iter_mut().chain(default).for_each(|block| visit(block, None));
            }
            Terminator::Return(_) | Terminator::Trap { .. } | Terminator::Unreachable => {}
        }
    }

    /// Calls `visit` with the target and arguments of every edge.
    pub fn for_each_edge(&self, visit: &mut dyn FnMut(BlockId, &[Value])) {
        match self {
            Terminator::Jump(block, args) => visit(*block, args),
            Terminator::Branch { then_block, then_args, else_block, else_args, .. } => {
                visit(*then_block, then_args);
                visit(*else_block, else_args);
            }
            Terminator::Switch { targets, default, .. } => {
                targets.iter().chain(default).for_each(|block| visit(*block, &[]));
            }
            Terminator::Return(_) | Terminator::Trap { .. } | Terminator::Unreachable => {}
        }
    }

    /// Calls `visit` with every operand, arguments of edges included, and whether it is consumed.
    pub fn for_each_operand(&self, visit: &mut dyn FnMut(Value, bool)) {
        match self {
            Terminator::Branch { cond, .. } => visit(*cond, false),
            Terminator::Switch { on, .. } => visit(*on, false),
            Terminator::Return(values) => values.iter().for_each(|v| visit(*v, true)),
            Terminator::Trap { message, about, .. } => {
                message.iter().chain(about).for_each(|v| visit(*v, false));
            }
            Terminator::Jump(..) | Terminator::Unreachable => {}
        }
        self.for_each_edge(&mut |_, args| args.iter().for_each(|v| visit(*v, true)));
    }

    /// Calls `visit` with every operand, to be replaced in place.
    pub fn map_operands(&mut self, visit: &mut dyn FnMut(&mut Value)) {
        match self {
            Terminator::Branch { cond, .. } => visit(cond),
            Terminator::Switch { on, .. } => visit(on),
            Terminator::Return(values) => values.iter_mut().for_each(&mut *visit),
            Terminator::Trap { message, about, .. } => {
                message.iter_mut().chain(about).for_each(&mut *visit);
            }
            Terminator::Jump(..) | Terminator::Unreachable => {}
        }
        self.map_edges(&mut |_, args| args.into_iter().flatten().for_each(&mut *visit));
    }
}
