//! Hands the memory of a boxed value that was taken apart to a value of the same type that is made later: drop-guided
//! reuse ("Reference Counting with Frame Limited Reuse", Lorenzen and Leijen, ICFP 2022).
//!
//! An unpacking gets a *token* as its last result; on every path the first making of a value of that type may take
//! it. Where a path makes none, the counts give the token's memory back as they drop any other value that dies.
//! If the unpacked cell was shared, the token is empty and the making allocates.

use super::Env;
use super::uses::At;
use crate::cfg::Cfg;
use crate::ir::{BlockId, Function, Op, Value, ValueData, ValueTy};
use dot_types::Ty;
use rustc_hash::FxHashMap;

/// The places where values with parts are made, by type, in order.
pub(super) fn makes<'db>(function: &Function<'db>) -> FxHashMap<Ty<'db>, Vec<At>> {
    let mut makes: FxHashMap<Ty<'db>, Vec<At>> = FxHashMap::default();
    for (b, block) in function.blocks.iter().enumerate() {
        for (n, inst) in block.insts.iter().enumerate() {
            if let Op::MakeRecord { parts, reuse: None } | Op::MakeCase { parts, reuse: None, .. } = &inst.op
                && !parts.is_empty()
                && let Some(ValueTy::Data(ty)) =
                    inst.results.first().map(|v| function.values[v.0 as usize].ty)
            {
                makes.entry(ty).or_default().push(At { block: BlockId(b as u32), inst: n });
            }
        }
    }
    makes
}

/// Gives tokens to unpackings and to the makings that may take them.
pub(crate) fn reuse_cells<'db>(function: &mut Function<'db>, env: &Env<'_, 'db>) {
    let cfg = Cfg::new(function);
    let makes = makes(function);
    let mut taken: Vec<At> = Vec::new();
    for block in &cfg.order {
        for inst in 0..function.blocks[block.0 as usize].insts.len() {
            let at = At { block: *block, inst };
            let Some(ty) = freed_cell(function, env, at) else { continue };
            let candidates = makes.get(&ty).map(Vec::as_slice).unwrap_or_default();
            let takers = takers(&cfg, at, candidates, &taken);
            if !takers.is_empty() {
                give_token(function, at, ty, &takers);
                taken.extend(takers);
            }
        }
    }
}

/// The type of the cell that an instruction frees, if it does and the cell has any memory.
fn freed_cell<'db>(function: &Function<'db>, env: &Env<'_, 'db>, at: At) -> Option<Ty<'db>> {
    let inst = &function.blocks[at.block.0 as usize].insts[at.inst];
    let Op::Unpack { base, token: false, .. } = inst.op else { return None };
    let ValueTy::Data(ty) = function.values[base.0 as usize].ty else { return None };
    (!inst.results.is_empty() && env.program.is_boxed(ty)).then_some(ty)
}

/// The first makings on the paths from an unpacking: each is dominated by it, can't be reached from another one
/// that takes the token, and isn't repeated by a loop that doesn't repeat the unpacking.
fn takers(cfg: &Cfg, unpack: At, candidates: &[At], taken: &[At]) -> Vec<At> {
    let mut takers: Vec<At> = Vec::new();
    let mut ordered: Vec<At> = candidates
        .iter()
        .filter(|at| !taken.contains(at))
        .filter(|at| match at.block == unpack.block {
            true => at.inst > unpack.inst,
            false => cfg.dominates(unpack.block, at.block),
        })
        .copied()
        .collect();
    ordered.sort_by_key(|at| (cfg.order.iter().position(|b| *b == at.block), at.inst));
    for at in ordered {
        let behind_another = takers
            .iter()
            .any(|other| other.block == at.block || reaches(cfg, other.block, at.block, unpack.block));
        if !behind_another && !reaches(cfg, at.block, at.block, unpack.block) {
            takers.push(at);
        }
    }
    takers
}

/// Whether control can come from the end of `from` to the start of `to` without passing `without`.
fn reaches(cfg: &Cfg, from: BlockId, to: BlockId, without: BlockId) -> bool {
    let mut seen = vec![false; cfg.succs.len()];
    let mut todo = cfg.succs[from.0 as usize].clone();
    while let Some(block) = todo.pop() {
        if block == without || std::mem::replace(&mut seen[block.0 as usize], true) {
            continue;
        }
        if block == to {
            return true;
        }
        todo.extend(&cfg.succs[block.0 as usize]);
    }
    false
}

fn give_token<'db>(function: &mut Function<'db>, unpack: At, ty: Ty<'db>, takers: &[At]) {
    let token_value = Value(function.values.len() as u32);
    function.values.push(ValueData { ty: ValueTy::Token(ty), name: None });
    let inst = &mut function.blocks[unpack.block.0 as usize].insts[unpack.inst];
    inst.results.push(token_value);
    if let Op::Unpack { token, .. } = &mut inst.op {
        *token = true;
    }
    for at in takers {
        let inst = &mut function.blocks[at.block.0 as usize].insts[at.inst];
        if let Op::MakeRecord { reuse, .. } | Op::MakeCase { reuse, .. } = &mut inst.op {
            *reuse = Some(token_value);
        }
    }
}
