//! Puts a function in order: no unreachable blocks, no trivial block parameters, no unused pure instructions,
//! blocks in reverse postorder, values numbered as they are defined.
//!
//! A block parameter is trivial when every edge passes the same value, or the parameter itself; Braun et al.
//! ("Simple and Efficient Construction of Static Single Assignment Form", CC 2013) show that without trivial ones
//! the form is minimal for reducible graphs.

use crate::cfg::Cfg;
use crate::ir::{Block, BlockId, Function, Op, Value};
use rustc_hash::FxHashMap;

/// Tidies a function, counted or not.
pub(crate) fn tidy(function: &mut Function<'_>) {
    let cfg = Cfg::new(function);
    cut_unreachable(function, &cfg);
    if !function.counted {
        remove_trivial_params(function, &cfg);
        remove_unused(function, &cfg);
    }
    reorder(function, &cfg);
    renumber(function);
}

fn cut_unreachable(function: &mut Function<'_>, cfg: &Cfg) {
    for (index, block) in function.blocks.iter_mut().enumerate() {
        if !cfg.is_reachable(BlockId(index as u32)) {
            block.params.clear();
            block.insts.clear();
            block.terminator = crate::ir::Terminator::Unreachable;
        }
    }
}

/// What each value has been found to be the same as.
struct Same(Vec<Value>);

impl Same {
    fn find(&mut self, value: Value) -> Value {
        let mut root = value;
        while self.0[root.0 as usize] != root {
            root = self.0[root.0 as usize];
        }
        let mut at = value;
        while self.0[at.0 as usize] != root {
            at = std::mem::replace(&mut self.0[at.0 as usize], root);
        }
        root
    }
}

fn remove_trivial_params(function: &mut Function<'_>, cfg: &Cfg) {
    let mut same = Same((0..function.values.len() as u32).map(Value).collect());
    let mut changed = true;
    while changed {
        changed = false;
        for block in cfg.order.iter().skip(1) {
            changed |= find_trivial(function, cfg, &mut same, *block);
        }
    }
    for block in &mut function.blocks {
        let keep: Vec<bool> = block.params.iter().map(|v| same.0[v.0 as usize] == *v).collect();
        let mut keep = keep.into_iter();
        block.params.retain(|_| keep.next().unwrap_or(true));
        let mut rename = |value: &mut Value| *value = same.find(*value);
        block.insts.iter_mut().for_each(|inst| inst.op.map_operands(&mut rename));
        block.terminator.map_operands(&mut rename);
    }
}

/// Finds trivial parameters of a block and takes the arguments for them off the edges.
fn find_trivial(function: &mut Function<'_>, cfg: &Cfg, same: &mut Same, target: BlockId) -> bool {
    let live: Vec<usize> = {
        let params = &function.blocks[target.0 as usize].params;
        (0..params.len()).filter(|n| same.0[params[*n].0 as usize] == params[*n]).collect()
    };
    let mut candidates: Vec<Option<Option<Value>>> = vec![Some(None); live.len()];
    for pred in &cfg.preds[target.0 as usize] {
        function.blocks[pred.0 as usize].terminator.for_each_edge(&mut |block, args| {
            if block != target {
                return;
            }
            for (n, candidate) in candidates.iter_mut().enumerate() {
                let param = function.blocks[target.0 as usize].params[live[n]];
                let arg = same.find(args[n]);
                *candidate = match *candidate {
                    Some(other) if arg == param => Some(other),
                    Some(None) => Some(Some(arg)),
                    Some(Some(other)) if other == arg => Some(Some(arg)),
                    _ => None,
                };
            }
        });
    }
    let trivial: Vec<(usize, Value)> =
        candidates.iter().enumerate().filter_map(|(n, c)| c.flatten().map(|value| (n, value))).collect();
    for (n, value) in &trivial {
        let param = function.blocks[target.0 as usize].params[live[*n]];
        same.0[param.0 as usize] = *value;
        if function.values[value.0 as usize].name.is_none() {
            let name = function.values[param.0 as usize].name.clone();
            function.values[value.0 as usize].name = name;
        }
    }
    let mut preds = cfg.preds[target.0 as usize].clone();
    preds.dedup();
    for pred in preds {
        function.blocks[pred.0 as usize].terminator.map_edges(&mut |block, args| {
            if *block == target
                && let Some(args) = args
            {
                for (n, _) in trivial.iter().rev() {
                    args.remove(*n);
                }
            }
        });
    }
    !trivial.is_empty()
}

/// Whether an instruction can be left out when nobody uses its results.
pub(crate) fn is_pure(op: &Op<'_>) -> bool {
    use dot_types::thir::BinaryOp::{Add, Div, Mul, Rem, Shl, Shr, Sub};
    match op {
        Op::Const(_)
        | Op::Float(_)
        | Op::StaticString(_)
        | Op::Compare(..)
        | Op::MakeRecord { .. }
        | Op::MakeCase { .. }
        | Op::Tag(_)
        | Op::Field(..)
        | Op::CasePart { .. }
        | Op::MakeList(_)
        | Op::MakeClosure(..)
        | Op::Concat(_)
        | Op::Dup(_) => true,
        Op::Binary(op, ..) => !matches!(op, Add | Sub | Mul | Div | Rem | Shl | Shr),
        Op::Convert(mode, _) => !matches!(mode, dot_types::thir::ConvertMode::Trap),
        Op::Unary(op, _) => !matches!(op, dot_types::thir::UnaryOp::Neg),
        _ => false,
    }
}

/// Removes pure instructions and block parameters that nothing needs.
fn remove_unused(function: &mut Function<'_>, cfg: &Cfg) {
    let mut needed = vec![false; function.values.len()];
    let mut todo: Vec<Value> = Vec::new();
    // Which instruction or parameter defines a value, for going backwards.
    let mut made_by: FxHashMap<Value, (usize, usize)> = FxHashMap::default();
    let mut param_of: FxHashMap<Value, (BlockId, usize)> = FxHashMap::default();
    for (b, block) in function.blocks.iter().enumerate() {
        for (n, param) in block.params.iter().enumerate() {
            param_of.insert(*param, (BlockId(b as u32), n));
        }
        for (n, inst) in block.insts.iter().enumerate() {
            for result in &inst.results {
                made_by.insert(*result, (b, n));
            }
            if !is_pure(&inst.op) {
                todo.extend(inst.op.operands());
            }
        }
        match &block.terminator {
            crate::ir::Terminator::Jump(..) => {}
            crate::ir::Terminator::Branch { cond, .. } => todo.push(*cond),
            other => other.for_each_operand(&mut |v, _| todo.push(v)),
        }
    }
    while let Some(value) = todo.pop() {
        if std::mem::replace(&mut needed[value.0 as usize], true) {
            continue;
        }
        if let Some((b, n)) = made_by.get(&value) {
            todo.extend(function.blocks[*b].insts[*n].op.operands());
        } else if let Some((target, n)) = param_of.get(&value) {
            for pred in &cfg.preds[target.0 as usize] {
                function.blocks[pred.0 as usize].terminator.for_each_edge(&mut |block, args| {
                    if block == *target {
                        todo.push(args[*n]);
                    }
                });
            }
        }
    }
    sweep(function, &needed);
}

fn sweep(function: &mut Function<'_>, needed: &[bool]) {
    let is_needed = |value: &Value| needed[value.0 as usize];
    // The entry's parameters are the function's.
    let params: Vec<Vec<bool>> = function
        .blocks
        .iter()
        .enumerate()
        .map(|(b, block)| block.params.iter().map(|v| b == 0 || is_needed(v)).collect())
        .collect();
    for (b, block) in function.blocks.iter_mut().enumerate() {
        let mut keep = params[b].iter();
        block.params.retain(|_| keep.next().copied().unwrap_or(true));
        block.insts.retain(|inst| !is_pure(&inst.op) || inst.results.iter().any(is_needed));
        block.terminator.map_edges(&mut |target, args| {
            if let Some(args) = args {
                let mut keep = params[target.0 as usize].iter();
                args.retain(|_| keep.next().copied().unwrap_or(true));
            }
        });
    }
}

/// Blocks in reverse postorder; unreachable ones go.
fn reorder(function: &mut Function<'_>, cfg: &Cfg) {
    let mut place = vec![BlockId(0); function.blocks.len()];
    for (n, block) in cfg.order.iter().enumerate() {
        place[block.0 as usize] = BlockId(n as u32);
    }
    let mut old: Vec<Option<Block<'_>>> =
        std::mem::take(&mut function.blocks).into_iter().map(Some).collect();
    function.blocks = cfg.order.iter().filter_map(|block| old[block.0 as usize].take()).collect();
    for block in &mut function.blocks {
        block.terminator.map_edges(&mut |target, _| *target = place[target.0 as usize]);
    }
}

/// Values numbered in order of definition, without gaps.
fn renumber(function: &mut Function<'_>) {
    let mut names: Vec<Option<Value>> = vec![None; function.values.len()];
    let mut values = Vec::new();
    for block in &function.blocks {
        for value in block.params.iter().chain(block.insts.iter().flat_map(|inst| &inst.results)) {
            names[value.0 as usize] = Some(Value(values.len() as u32));
            values.push(function.values[value.0 as usize].clone());
        }
    }
    let mut rename = |value: &mut Value| {
        if let Some(new) = names[value.0 as usize] {
            *value = new;
        }
    };
    for block in &mut function.blocks {
        block.params.iter_mut().for_each(&mut rename);
        for inst in &mut block.insts {
            inst.results.iter_mut().for_each(&mut rename);
            inst.op.map_operands(&mut rename);
        }
        block.terminator.map_operands(&mut rename);
    }
    function.values = values;
}
