//! Rewrites a function by a plan: slices become views, parameters become bounds, and copies are made where views are
//! kept.

use super::plan::Plan;
use super::{copy_of, is_text, keeps_lists, part_of};
use crate::ir::{Block, Function, Inst, Op, Terminator, Value, ValueData, ValueTy};
use crate::passes::Env;
use dot_types::thir::BinaryOp;
use dot_types::{IntKind, Intrinsic, Ty, TyKind};
use rustc_hash::FxHashMap;

/// Rewrites a function.
pub(super) fn apply<'db>(function: &mut Function<'db>, env: &Env<'_, 'db>, plan: &Plan) {
    let needed = needed_bounds(function, plan);
    let params = function.blocks.iter().map(|block| block.params.clone()).collect();
    let mut pass = Rewrite {
        function,
        env,
        plan,
        needed,
        params,
        bounds: FxHashMap::default(),
        parts: FxHashMap::default(),
        insts: Vec::new(),
    };
    // Bounds of parameters are used before their blocks are come to.
    for value in 0..pass.plan.roots.len() as u32 {
        pass.note(Value(value));
    }
    for b in 0..pass.function.blocks.len() {
        let block = std::mem::replace(
            &mut pass.function.blocks[b],
            Block { params: Vec::new(), insts: Vec::new(), terminator: Terminator::Unreachable },
        );
        pass.function.blocks[b] = pass.block(block);
    }
}

/// A part of a list or string: of what, and from where to where.
type Part = (Value, Value, Value);

/// The views whose bounds within their root something needs: what is passed for a parameter that becomes bounds, and
/// what that is a part of.
fn needed_bounds(function: &Function<'_>, plan: &Plan) -> Vec<bool> {
    let is_view = |value: Value| plan.roots[value.0 as usize].is_some();
    let mut needed = vec![false; function.values.len()];
    let mut todo = Vec::new();
    for block in &function.blocks {
        todo.extend(block.params.iter().copied().filter(|param| is_view(*param)));
        block.terminator.for_each_edge(&mut |target, args| {
            let params = &function.blocks[target.0 as usize].params;
            let passed = params.iter().zip(args).filter(|(param, arg)| is_view(**param) && is_view(**arg));
            todo.extend(passed.map(|(_, arg)| *arg));
        });
    }
    let mut bases = FxHashMap::default();
    for inst in function.blocks.iter().flat_map(|block| &block.insts) {
        if let (Some((base, ..)), Some(result)) = (part_of(&inst.op), inst.results.first())
            && is_view(base)
        {
            bases.insert(*result, base);
        }
    }
    while let Some(value) = todo.pop() {
        if !std::mem::replace(&mut needed[value.0 as usize], true) {
            todo.extend(bases.get(&value));
        }
    }
    needed
}

struct Rewrite<'f, 'a, 'db> {
    function: &'f mut Function<'db>,
    env: &'f Env<'a, 'db>,
    plan: &'f Plan,
    needed: Vec<bool>,
    /// The parameters of every block, as they were.
    params: Vec<Vec<Value>>,
    /// The bounds of views within their roots.
    bounds: FxHashMap<Value, (Value, Value)>,
    /// The views that were slices: what each is a part of.
    parts: FxHashMap<Value, Part>,
    /// The instructions of the block so far.
    insts: Vec<Inst<'db>>,
}

impl<'db> Rewrite<'_, '_, 'db> {
    fn root(&self, value: Value) -> Option<Value> {
        self.plan.roots.get(value.0 as usize).copied().flatten()
    }

    fn new_value(&mut self, ty: ValueTy<'db>) -> Value {
        self.function.values.push(ValueData { ty, name: None });
        Value(self.function.values.len() as u32 - 1)
    }

    fn new_u32(&mut self) -> Value {
        let ty = Ty::new(self.env.program.db(), TyKind::Int(IntKind::U32));
        self.new_value(ValueTy::Data(ty))
    }

    fn emit(&mut self, op: Op<'db>, result: Value) -> Value {
        self.insts.push(Inst { op, results: vec![result], site: None });
        result
    }

    fn emit_u32(&mut self, op: Op<'db>) -> Value {
        let result = self.new_u32();
        self.emit(op, result)
    }

    /// Makes room for the bounds of a parameter.
    fn note(&mut self, value: Value) {
        let is_param = self.params.iter().any(|params| params.contains(&value));
        if is_param && self.root(value).is_some() {
            let bounds = (self.new_u32(), self.new_u32());
            self.bounds.insert(value, bounds);
        }
    }

    fn block(&mut self, block: Block<'db>) -> Block<'db> {
        let mut params = Vec::new();
        for param in block.params {
            match (self.bounds.get(&param).copied(), self.root(param)) {
                (Some((start, end)), Some(base)) => {
                    params.extend([start, end]);
                    self.emit(Op::View { base, start, end, checked: false }, param);
                }
                _ => params.push(param),
            }
        }
        for inst in block.insts {
            self.inst(inst);
        }
        let mut terminator = block.terminator;
        self.terminator(&mut terminator);
        Block { params, insts: std::mem::take(&mut self.insts), terminator }
    }

    fn inst(&mut self, mut inst: Inst<'db>) {
        if let (Some(part), Some(result)) = (part_of(&inst.op), inst.results.first().copied())
            && self.root(result).is_some()
        {
            return self.view(inst, result, part);
        }
        let keeps_all = matches!(&inst.op, Op::Call(callee, _) if keeps_lists(self.env.program, *callee));
        let mut kept = Vec::new();
        self.env.for_each_operand(&inst.op, &mut |_, consumes| kept.push(consumes || keeps_all));
        let mut kept = kept.into_iter();
        inst.op.map_operands(&mut |value| {
            if kept.next() == Some(true) {
                *value = self.own(*value);
            }
        });
        self.insts.push(inst);
    }

    /// A slice becomes a view.
    fn view(&mut self, inst: Inst<'db>, result: Value, (base, start, end): Part) {
        let op = Op::View { base, start, end, checked: true };
        self.insts.push(Inst { op, ..inst });
        self.parts.insert(result, (base, start, end));
        if !self.needed[result.0 as usize] {
            return;
        }
        let bounds = match self.bounds.get(&base).copied() {
            Some((from, _)) => {
                let add = |by| Op::Binary(BinaryOp::WrappingAdd, from, by);
                (self.emit_u32(add(start)), self.emit_u32(add(end)))
            }
            None => (start, end),
        };
        self.bounds.insert(result, bounds);
    }

    /// What a place that keeps a value takes: for a view, a value of its own.
    fn own(&mut self, value: Value) -> Value {
        let Some(root) = self.root(value) else { return value };
        let ty = self.function.values[value.0 as usize].ty;
        let copy = match (self.parts.get(&value).copied(), self.bounds.get(&value).copied()) {
            (Some(part), _) => copy_of(self.env.program, ty, part),
            (None, Some((start, end))) => Op::Cut { base: root, start, end },
            (None, None) => return value,
        };
        let result = self.new_value(ty);
        self.emit(copy, result)
    }

    fn terminator(&mut self, terminator: &mut Terminator<'db>) {
        match terminator {
            Terminator::Return(values) => {
                for value in values {
                    *value = self.own(*value);
                }
            }
            other => other.map_edges(&mut |target, args| {
                let Some(args) = args else { return };
                let params = self.params[target.0 as usize].clone();
                let passed = std::mem::take(args);
                for (param, arg) in params.into_iter().zip(passed) {
                    match self.root(param) {
                        Some(root) => args.extend(self.bounds_of(arg, root)),
                        None => args.push(self.own(arg)),
                    }
                }
            }),
        }
    }

    /// The bounds of what is passed, within the root: all of it, for the root itself.
    fn bounds_of(&mut self, value: Value, root: Value) -> [Value; 2] {
        if let Some((start, end)) = self.bounds.get(&value) {
            return [*start, *end];
        }
        let text = is_text(self.env.program, self.function.values[root.0 as usize].ty);
        let len = if text { Intrinsic::StringByteLen } else { Intrinsic::ListLen };
        [self.emit_u32(Op::Const(0)), self.emit_u32(Op::Intrinsic(len, vec![root]))]
    }
}
