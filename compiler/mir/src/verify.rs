//! Checks that a function keeps the rules of [`crate::ir`]. Runs after every pass in debug builds and tests.
//!
//! * Form: every value is defined once, its definition dominates its uses, edges pass what blocks expect, and a loop is
//!   entered at its head alone.
//! * Ownership, of counted functions: on every path each owned value is consumed exactly once, and a borrowed one is
//!   used only while what it is borrowed from is held.
//!
//! Ownership is followed forwards: a block starts with the set of owned values that all its predecessors hold. What
//! only some of them hold has *leaked*, which is an error if control gets to a return; on the way to a trap nothing is
//! dropped.

use crate::cfg::Cfg;
use crate::ir::{BlockId, Function, Inst, InstanceKind, Op, Passing, Terminator, Value, ValueTy};
use crate::passes::Env;
use crate::passes::bitset::BitSet;
use crate::passes::lent::edge_consumes;
use crate::passes::liveness::{Owner, owners};
use crate::passes::uses::{At, Def, Uses};
use crate::passes::views::{is_sequence, keeps_lists};
use crate::program::Program;
use crate::repr::{Shape, shape};
use dot_types::TyKind;

/// Checks the form of a function.
///
/// # Errors
///
/// What is wrong, and where.
pub fn verify_uncounted<'db>(program: &dyn Program<'db>, function: &Function<'db>) -> Result<(), String> {
    let env = Env { program, passing: &|_| Vec::new() };
    verify_form(function, &env)
}

/// Checks the form and the ownership of a counted function.
///
/// # Errors
///
/// What is wrong, and where.
pub fn verify_counted<'db>(function: &Function<'db>, env: &Env<'_, 'db>) -> Result<(), String> {
    verify_form(function, env)?;
    if !function.counted {
        return Err("the function isn't counted".to_owned());
    }
    Ownership::new(function, env).check()
}

fn verify_form<'db>(function: &Function<'db>, env: &Env<'_, 'db>) -> Result<(), String> {
    let cfg = Cfg::new(function);
    if let Some((from, to)) = cfg.irreducible_edge() {
        return Err(format!("b{} leads into a loop at b{}, past its head", from.0, to.0));
    }
    let uses = Uses::new(function, env);
    let mut defined = vec![false; function.values.len()];
    for block in &function.blocks {
        for value in block.params.iter().chain(block.insts.iter().flat_map(|inst| &inst.results)) {
            if std::mem::replace(&mut defined[value.0 as usize], true) {
                return Err(format!("%{} is defined twice", value.0));
            }
        }
    }
    for (value, uses_of) in uses.uses.iter().enumerate() {
        for u in uses_of {
            let dominated = match uses.defs[value] {
                Some(Def::Param(block)) => cfg.dominates(block, u.at.block),
                Some(Def::Inst(at)) if at.block == u.at.block => at.inst < u.at.inst,
                Some(Def::Inst(at)) => cfg.dominates(at.block, u.at.block),
                None => false,
            };
            if !dominated {
                return Err(format!("%{value} is used in b{} where it isn't defined", u.at.block.0));
            }
        }
    }
    for (b, block) in function.blocks.iter().enumerate() {
        let id = BlockId(b as u32);
        for (n, inst) in block.insts.iter().enumerate() {
            verify_inst(function, env, inst).map_err(|e| at_place(At { block: id, inst: n }, &e))?;
        }
        verify_edges(function, &block.terminator).map_err(|e| format!("b{b}: {e}"))?;
    }
    Ok(())
}

fn at_place(at: At, error: &str) -> String {
    format!("b{}, instruction {}: {error}", at.block.0, at.inst)
}

fn ty_of<'db>(function: &Function<'db>, value: Value) -> ValueTy<'db> {
    function.values[value.0 as usize].ty
}

/// Edges pass as many arguments as there are parameters, of the same types; a return gives the results.
fn verify_edges(function: &Function<'_>, terminator: &Terminator<'_>) -> Result<(), String> {
    let mut error = None;
    terminator.for_each_edge(&mut |target, args| {
        let params = function.blocks.get(target.0 as usize).map(|block| block.params.as_slice());
        let fits = params.is_some_and(|params| {
            params.len() == args.len()
                && params.iter().zip(args).all(|(p, a)| ty_of(function, *p) == ty_of(function, *a))
        });
        if !fits {
            error = Some(format!("the edge to b{} doesn't pass what that expects", target.0));
        }
    });
    if let Terminator::Return(values) = terminator {
        let fits = values.len() == function.results.len()
            && values.iter().zip(&function.results).all(|(v, ty)| ty_of(function, *v) == ValueTy::Data(*ty));
        if !fits {
            error = Some("returns something else than the results".to_owned());
        }
    }
    error.map_or(Ok(()), Err)
}

/// The types of an instruction's operands and results, where they follow from the operation.
fn verify_inst<'db>(function: &Function<'db>, env: &Env<'_, 'db>, inst: &Inst<'db>) -> Result<(), String> {
    let program = env.program;
    let data = |value: Value| match ty_of(function, value) {
        ValueTy::Data(ty) => Ok(ty),
        ValueTy::Token(_) => Err(format!("%{} is a token", value.0)),
    };
    let lowered = |tys: Vec<dot_types::Ty<'db>>| -> Vec<ValueTy<'db>> {
        tys.into_iter().map(|ty| ValueTy::Data(crate::repr::lower_ty(program, ty))).collect()
    };
    let tys =
        |values: &[Value]| -> Vec<ValueTy<'db>> { values.iter().map(|v| ty_of(function, *v)).collect() };
    let result = inst.results.first().copied();
    let expect = |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{what}: {:?}", inst.op)) };
    match (&inst.op, result) {
        (Op::MakeRecord { parts, .. }, Some(result)) => match shape(program, data(result)?) {
            Shape::Record(expected) => expect(lowered(expected) == tys(parts), "parts of other types"),
            _ => Err("a record of another type".to_owned()),
        },
        (Op::MakeCase { case, parts, .. }, Some(result)) => match shape(program, data(result)?) {
            Shape::Variant(cases) => match cases.into_iter().nth(*case as usize) {
                Some(expected) => expect(lowered(expected) == tys(parts), "parts of other types"),
                None => Err("no such case".to_owned()),
            },
            _ => Err("a case of another type".to_owned()),
        },
        (Op::Unpack { base, case, token }, _) => {
            let mut results = inst.results.clone();
            if *token {
                results.pop();
            }
            let parts = match (shape(program, data(*base)?), case) {
                (Shape::Record(parts), None) => Some(parts),
                (Shape::Variant(cases), Some(case)) => cases.into_iter().nth(*case as usize),
                _ => None,
            };
            expect(parts.map(lowered) == Some(tys(&results)), "unpacks something else")
        }
        (Op::ListGet(list, _), Some(result)) => {
            let list = data(*list)?;
            let (TyKind::List(item) | TyKind::FixedList(item, _)) = list.kind(program.db()) else {
                return Err("an element of something else than a list".to_owned());
            };
            expect(ty_of(function, result) == ValueTy::Data(*item), "an element of another type")
        }
        (Op::Binary(_, left, _), Some(result)) => {
            expect(ty_of(function, *left) == ty_of(function, result), "arithmetic changes the type")
        }
        (Op::View { base, .. } | Op::Cut { base, .. }, Some(result)) => {
            expect(ty_of(function, *base) == ty_of(function, result), "a part of another type")
        }
        (Op::Dup(value), Some(result)) => {
            expect(ty_of(function, *value) == ty_of(function, result), "a dup of another type")
        }
        _ => Ok(()),
    }
}

/// What is owned at a point.
#[derive(Clone, PartialEq)]
struct Held {
    /// On every path here.
    held: BitSet,
    /// On some path here, but not on all.
    leaked: BitSet,
}

struct Ownership<'f, 'a, 'db> {
    function: &'f Function<'db>,
    env: &'f Env<'a, 'db>,
    owners: Vec<Owner>,
    /// The values that are or may be views, which have no count.
    views: BitSet,
}

impl<'f, 'a, 'db> Ownership<'f, 'a, 'db> {
    fn new(function: &'f Function<'db>, env: &'f Env<'a, 'db>) -> Self {
        Self { function, env, owners: owners(function, env), views: views_in(function, env) }
    }

    fn check(&self) -> Result<(), String> {
        let cfg = Cfg::new(self.function);
        let empty = BitSet::new(self.function.values.len());
        let mut starts: Vec<Option<Held>> = vec![None; self.function.blocks.len()];
        starts[0] = Some(Held { held: empty.clone(), leaked: empty });
        // Facts only shrink from `held` to `leaked`, so this ends; errors are looked for once nothing changes.
        let mut changed = true;
        while changed {
            changed = false;
            for block in &cfg.order {
                let Some(start) = starts[block.0 as usize].clone() else { continue };
                for (succ, end) in self.through(*block, start).0 {
                    let merged = merge(starts[succ.0 as usize].as_ref(), &end);
                    if starts[succ.0 as usize].as_ref() != Some(&merged) {
                        starts[succ.0 as usize] = Some(merged);
                        changed = true;
                    }
                }
            }
        }
        for block in &cfg.order {
            if let Some(start) = starts[block.0 as usize].clone() {
                self.through(*block, start).1?;
            }
        }
        Ok(())
    }

    /// Follows a block; gives what is held at the end of each edge, and the first error.
    fn through(&self, id: BlockId, mut at: Held) -> (Vec<(BlockId, Held)>, Result<(), String>) {
        let block = &self.function.blocks[id.0 as usize];
        let mut error = Ok(());
        let mut note = |result: Result<(), String>, inst: usize| {
            if error.is_ok() {
                error = result.map_err(|e| at_place(At { block: id, inst }, &e));
            }
        };
        block.params.iter().for_each(|v| self.hold(*v, &mut at));
        for (n, inst) in block.insts.iter().enumerate() {
            let mut operands = Vec::new();
            self.env.for_each_operand(&inst.op, &mut |v, consumes| operands.push((v, consumes)));
            if let Op::Dup(value) = inst.op
                && self.views.contains(value.0)
            {
                note(Err(format!("%{} may be a view, which has no count", value.0)), n);
            }
            note(self.use_all(&operands, &mut at), n);
            inst.results.iter().for_each(|v| self.hold(*v, &mut at));
        }
        let last = block.insts.len();
        let mut operands = Vec::new();
        match &block.terminator {
            Terminator::Jump(..) | Terminator::Branch { .. } => {}
            other => other.for_each_operand(&mut |v, consumes| operands.push((v, consumes))),
        }
        note(self.use_all(&operands, &mut at), last);
        if matches!(block.terminator, Terminator::Return(_)) {
            let forgotten = at.held.iter().chain(at.leaked.iter()).next();
            note(forgotten.map_or(Ok(()), |v| Err(format!("%{v} is never consumed"))), last);
        }
        // Control takes one edge only, and gives away what that one passes.
        let mut ends = Vec::new();
        block.terminator.for_each_edge(&mut |target, args| {
            let mut end = at.clone();
            let params = &self.function.blocks[target.0 as usize].params;
            let passed = params.iter().zip(args);
            let args: Vec<(Value, bool)> =
                passed.map(|(p, v)| (*v, edge_consumes(&self.owners, *p))).collect();
            note(self.use_all(&args, &mut end), last);
            ends.push((target, end));
        });
        (ends, error)
    }

    fn hold(&self, value: Value, at: &mut Held) {
        if self.owners[value.0 as usize] == Owner::Here {
            at.held.insert(value.0);
            at.leaked.remove(value.0);
        }
    }

    /// Uses operands: all have to be alive, then those that are consumed are gone.
    fn use_all(&self, operands: &[(Value, bool)], at: &mut Held) -> Result<(), String> {
        for (value, _) in operands {
            let mut root = *value;
            while let Owner::Value(base) = self.owners[root.0 as usize] {
                root = base;
            }
            if self.owners[root.0 as usize] == Owner::Here && !at.held.contains(root.0) {
                return Err(format!("%{} is used after %{} was consumed", value.0, root.0));
            }
        }
        for (value, consumes) in operands {
            match self.owners[value.0 as usize] {
                Owner::Here if *consumes && !at.held.remove(value.0) => {
                    return Err(format!("%{} is consumed twice", value.0));
                }
                Owner::Value(_) | Owner::Caller if *consumes => {
                    return Err(format!("%{} is borrowed and can't be consumed", value.0));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn merge(known: Option<&Held>, new: &Held) -> Held {
    let Some(known) = known else { return new.clone() };
    let mut merged = known.clone();
    merged.leaked.union(&new.leaked);
    for v in known.held.iter().chain(new.held.iter()).collect::<Vec<_>>() {
        if !(known.held.contains(v) && new.held.contains(v)) {
            merged.held.remove(v);
            merged.leaked.insert(v);
        }
    }
    merged
}

/// The views of a function, and the lists and strings that it borrows, where those may be views.
fn views_in<'db>(function: &Function<'db>, env: &Env<'_, 'db>) -> BitSet {
    let mut views = BitSet::new(function.values.len());
    for inst in function.blocks.iter().flat_map(|block| &block.insts) {
        if let (Op::View { .. }, [result]) = (&inst.op, inst.results.as_slice()) {
            views.insert(result.0);
        }
    }
    let captures = matches!(
        function.instance.kind(env.program.db()),
        InstanceKind::Closure(..) | InstanceKind::ClosureIn(..)
    );
    if captures || keeps_lists(env.program, function.instance) {
        return views;
    }
    let entry = function.blocks.first().map(|block| block.params.as_slice()).unwrap_or_default();
    for (param, passing) in entry.iter().zip(&function.params) {
        if *passing == Passing::Borrowed && is_sequence(env.program, ty_of(function, *param)) {
            views.insert(param.0);
        }
    }
    views
}
