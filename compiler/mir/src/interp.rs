//! Runs counted MIR and checks the counts.
//!
//! Heap objects are modelled one by one, each with its count, so that a mistake in ownership shows where it happens:
//! a value consumed twice, a freed object touched, a borrowed value used after what it was borrowed from died, memory
//! left over at the end. What a program computes has to agree with the evaluator; what it costs (objects allocated,
//! most objects alive) is counted too.
//!
//! The machine keeps its own stack of frames and frees by a work list, so neither depth of calls nor of values can
//! overflow. Every value knows where it lives ([`heap`]); operations on numbers are the evaluator's.

mod convert;
mod exec;
mod heap;
mod intrinsic;
mod number;

use crate::ir::{Function, Instance, Passing, Site, StandIn, Terminator, Value, ValueTy};
use crate::passes::Env;
use crate::passes::liveness::{Owner, owners};
use crate::program::Program;
use crate::queries::{Queries, counted, counted_release, passing, release_passing};
use crate::recursion::Recursion;
use crate::{Level, repr};
use dot_db::{Db, Item};
use dot_eval::{Limit, Limits};
use dot_types::thir::TrapKind;
use dot_types::{Ty, TyKind, trap_text};
use heap::{Heap, Val};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// What a call gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<'db> {
    /// The results: the value, then the final values of `inout` parameters.
    pub values: Vec<dot_eval::Value<'db>>,
    /// How many objects were allocated.
    pub allocations: u64,
    /// How many were alive at once, at most.
    pub peak: u64,
    /// How many dups and drops were done.
    pub counted: u64,
}

/// Why a call gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure<'db> {
    /// The program ended itself.
    Trap {
        /// Which trap.
        kind: TrapKind,
        /// What it says, where the program says something.
        message: Option<String>,
        /// Where.
        site: Option<Site<'db>>,
    },
    /// A limit was reached.
    Limit(Limit),
    /// An imported function was called; it exists only in a host.
    Import(Item<'db>),
    /// The function breaks the rules of MIR: the compiler made a mistake.
    Fault(Fault),
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A value was used after it had been consumed.
    UsedAfterConsumed(String),
    /// An object was touched after it had been freed.
    UsedAfterFree(String),
    /// A borrowed value was used after what it was borrowed from had been consumed.
    OutlivedBase(String),
    /// An object that others see was about to be changed.
    SharedMutation(String),
    /// That many objects were left at the end.
    Leak(u64),
    /// Something that no compiled function does.
    Malformed(String),
}

/// Where the machine gets its functions from.
pub struct Code<'a, 'db> {
    /// The program.
    pub program: &'a dyn Program<'db>,
    /// The counted body of an instance.
    pub body: &'a dyn Fn(Instance<'db>) -> Option<Function<'db>>,
    /// Who owns its parameters.
    pub passing: &'a dyn Fn(Instance<'db>) -> Vec<Passing>,
}

/// Calls a function of the program in the database.
///
/// # Errors
///
/// The trap, limit or fault that ended the call.
pub fn call<'db>(
    db: &'db dyn Db,
    instance: Instance<'db>,
    args: Vec<dot_eval::Value<'db>>,
    limits: Limits,
    level: Level,
) -> Result<Outcome<'db>, Failure<'db>> {
    let program = Queries::new(db);
    let body = |instance| match level {
        Level::Debug => counted(db, instance).cloned(),
        Level::Release => counted_release(db, instance).cloned(),
    };
    let passing = |instance| match level {
        Level::Debug => passing(db, instance).clone(),
        Level::Release => release_passing(db, instance).clone(),
    };
    call_code(&Code { program: &program, body: &body, passing: &passing }, instance, args, limits)
}

/// Calls a function of any code.
///
/// # Errors
///
/// The trap, limit or fault that ended the call.
pub fn call_code<'db>(
    code: &Code<'_, 'db>,
    instance: Instance<'db>,
    args: Vec<dot_eval::Value<'db>>,
    limits: Limits,
) -> Result<Outcome<'db>, Failure<'db>> {
    let mut machine = Machine {
        code,
        limits,
        heap: Heap::default(),
        frames: Vec::new(),
        ready: FxHashMap::default(),
        recursion: Recursion::default(),
        depth: 0,
        counted: 0,
        boxed: FxHashMap::default(),
        stand_ins: FxHashMap::default(),
    };
    machine.whole(instance, args)
}

/// A function with what the machine wants to know at every step.
struct Ready<'db> {
    function: Function<'db>,
    owners: Vec<Owner>,
    /// By block and instruction: whether each operand is consumed.
    consumes: Vec<Vec<Vec<bool>>>,
}

/// What a value of a frame holds.
#[derive(Clone, Debug)]
enum Slot {
    Empty,
    Live(Val),
    Consumed,
}

/// An open call.
struct Frame<'db> {
    ready: Rc<Ready<'db>>,
    block: usize,
    inst: usize,
    slots: Vec<Slot>,
    /// Whether this call counts for the depth.
    counts: bool,
}

type Step<'db, T = ()> = Result<T, Failure<'db>>;

fn malformed<'db, T>(what: &str) -> Step<'db, T> {
    Err(Failure::Fault(Fault::Malformed(what.to_owned())))
}

struct Machine<'a, 'c, 'db> {
    code: &'a Code<'c, 'db>,
    limits: Limits,
    heap: Heap<'db>,
    frames: Vec<Frame<'db>>,
    ready: FxHashMap<Instance<'db>, Rc<Ready<'db>>>,
    recursion: Recursion<'db>,
    depth: u32,
    counted: u64,
    boxed: FxHashMap<Ty<'db>, bool>,
    /// What stands for replaced functions, where it isn't `none`.
    stand_ins: FxHashMap<StandIn<'db>, Val>,
}

impl<'db> Machine<'_, '_, 'db> {
    /// Calls an instance with values from outside and looks for leaks afterwards.
    fn whole(&mut self, instance: Instance<'db>, args: Vec<dot_eval::Value<'db>>) -> Step<'db, Outcome<'db>> {
        let ready = self.ready(instance)?;
        let params = ready.function.blocks.first().map(|block| block.params.clone()).unwrap_or_default();
        let mut values = Vec::new();
        for (arg, param) in args.iter().zip(&params) {
            let ValueTy::Data(ty) = ready.function.values[param.0 as usize].ty else {
                return malformed("a token as a parameter");
            };
            values.push(self.bring_in(arg, ty)?);
        }
        let lent: Vec<Val> = values
            .iter()
            .zip(&ready.function.params)
            .filter(|(_, passing)| **passing == Passing::Borrowed)
            .map(|(value, _)| value.clone())
            .collect();
        let results = self.run(instance, values)?;
        for value in lent {
            self.heap.drop_value(value)?;
        }
        let mut outside = Vec::new();
        for (result, ty) in results.into_iter().zip(&ready.function.results) {
            outside.push(self.take_out(&result, *ty)?);
            self.heap.drop_value(result)?;
        }
        match self.heap.alive() {
            0 => {
                let (allocations, peak) = (self.heap.allocations(), self.heap.peak());
                Ok(Outcome { values: outside, allocations, peak, counted: self.counted })
            }
            left => Err(Failure::Fault(Fault::Leak(left))),
        }
    }

    /// Calls an instance and runs until it returns.
    fn run(&mut self, instance: Instance<'db>, args: Vec<Val>) -> Step<'db, Vec<Val>> {
        let floor = self.frames.len();
        self.enter(instance, args, false)?;
        loop {
            if self.limits.fuel == 0 {
                return Err(Failure::Limit(Limit::Fuel));
            }
            self.limits.fuel -= 1;
            let Some(results) = self.step()? else { continue };
            if let Some(frame) = self.frames.pop()
                && frame.counts
            {
                self.depth -= 1;
            }
            if self.frames.len() == floor {
                return Ok(results);
            }
            self.give_results(results)?;
        }
    }

    /// One instruction or terminator; results when a frame returns.
    fn step(&mut self) -> Step<'db, Option<Vec<Val>>> {
        let Some(frame) = self.frames.last_mut() else { return malformed("no frame") };
        let ready = frame.ready.clone();
        let block = &ready.function.blocks[frame.block];
        if let Some(inst) = block.insts.get(frame.inst) {
            frame.inst += 1;
            let at = (frame.block, frame.inst - 1);
            self.exec(&ready, inst, &ready.consumes[at.0][at.1])?;
            return Ok(None);
        }
        match &block.terminator {
            Terminator::Return(values) => {
                Ok(Some(self.operands(&ready, values, &vec![true; values.len()])?))
            }
            Terminator::Jump(target, args) => self.go(&ready, target.0, args),
            Terminator::Branch { cond, then_block, then_args, else_block, else_args } => {
                if self.look(&ready, *cond)?.bits()? != 0 {
                    self.go(&ready, then_block.0, then_args)
                } else {
                    self.go(&ready, else_block.0, else_args)
                }
            }
            Terminator::Switch { on, targets, default } => {
                let on = self.look(&ready, *on)?.bits()? as usize;
                match targets.get(on).or(default.as_ref()) {
                    Some(target) => self.go(&ready, target.0, &[]),
                    None => malformed("a switch without a target for its value"),
                }
            }
            Terminator::Trap { kind, message, about, site } => {
                let message = match (message, about) {
                    (Some(message), _) => {
                        let message = self.look(&ready, *message)?;
                        Some(String::from_utf8_lossy(&self.heap.bytes(&message)?).into_owned())
                    }
                    (None, Some(key)) => Some(self.key_message(&ready, *key)?),
                    (None, None) => None,
                };
                Err(Failure::Trap { kind: *kind, message, site: *site })
            }
            Terminator::Unreachable => malformed("control came where it can't"),
        }
    }

    /// What is said of a key that isn't there.
    fn key_message(&self, ready: &Ready<'db>, key: Value) -> Step<'db, String> {
        let value = self.look(ready, key)?;
        let ValueTy::Data(ty) = ready.function.values[key.0 as usize].ty else {
            return malformed("a token as a key");
        };
        let told = match ty.kind(self.code.program.db()) {
            TyKind::Int(kind) => number::int_of(value.bits()?, *kind).to_string(),
            TyKind::Bool => (value.bits()? != 0).to_string(),
            TyKind::Char => {
                u32::try_from(value.bits()?).ok().and_then(char::from_u32).unwrap_or_default().to_string()
            }
            TyKind::String => String::from_utf8_lossy(&self.heap.bytes(&value)?).into_owned(),
            _ => return Ok(trap_text::SUCH_KEY.to_owned()),
        };
        Ok(trap_text::fill(trap_text::KEY, &[("key", &told)]))
    }

    fn go(&mut self, ready: &Ready<'db>, target: u32, args: &[Value]) -> Step<'db, Option<Vec<Val>>> {
        let values = self.operands(ready, args, &vec![true; args.len()])?;
        let Some(frame) = self.frames.last_mut() else { return malformed("no frame") };
        frame.block = target as usize;
        frame.inst = 0;
        let params = &ready.function.blocks[frame.block].params;
        for (param, value) in params.iter().zip(values) {
            frame.slots[param.0 as usize] = Slot::Live(value);
        }
        Ok(None)
    }

    /// The function of an instance, made ready at its first call.
    fn ready(&mut self, instance: Instance<'db>) -> Step<'db, Rc<Ready<'db>>> {
        if let Some(ready) = self.ready.get(&instance) {
            return Ok(ready.clone());
        }
        let Some(function) = (self.code.body)(instance) else {
            return malformed("a call of a function without a body");
        };
        let env = Env { program: self.code.program, passing: self.code.passing };
        let consumes = function
            .blocks
            .iter()
            .map(|block| {
                let each = |inst: &crate::ir::Inst<'db>| {
                    let mut consumes = Vec::new();
                    env.for_each_operand(&inst.op, &mut |_, c| consumes.push(c));
                    consumes
                };
                block.insts.iter().map(each).collect()
            })
            .collect();
        let ready = Rc::new(Ready { owners: owners(&function, &env), consumes, function });
        self.ready.insert(instance, ready.clone());
        Ok(ready)
    }

    /// Opens a call.
    fn enter(&mut self, instance: Instance<'db>, args: Vec<Val>, through_value: bool) -> Step<'db> {
        let ready = self.ready(instance)?;
        let counts = through_value || self.recursion.counts(self.code.program.db(), instance);
        if counts {
            self.depth += 1;
            if self.depth > self.limits.depth {
                return Err(Failure::Limit(Limit::Depth));
            }
        }
        let mut slots = vec![Slot::Empty; ready.function.values.len()];
        let params = ready.function.blocks.first().map(|block| block.params.as_slice()).unwrap_or_default();
        if params.len() != args.len() {
            return malformed("a call with another number of arguments");
        }
        for (param, arg) in params.iter().zip(args) {
            slots[param.0 as usize] = Slot::Live(arg);
        }
        self.frames.push(Frame { ready, block: 0, inst: 0, slots, counts });
        Ok(())
    }

    /// Puts what a call gave into the values of the instruction that called.
    fn give_results(&mut self, results: Vec<Val>) -> Step<'db> {
        let Some(frame) = self.frames.last_mut() else { return malformed("no frame") };
        let ready = frame.ready.clone();
        let Some(inst) = ready.function.blocks[frame.block].insts.get(frame.inst.wrapping_sub(1)) else {
            return malformed("a return to no call");
        };
        for (value, result) in inst.results.iter().zip(results) {
            frame.slots[value.0 as usize] = Slot::Live(result);
        }
        Ok(())
    }

    fn is_boxed(&mut self, ty: Ty<'db>) -> bool {
        let program = self.code.program;
        *self.boxed.entry(ty).or_insert_with(|| program.is_boxed(ty))
    }

    /// Looks at a value without consuming it.
    fn look(&self, ready: &Ready<'db>, value: Value) -> Step<'db, Val> {
        let Some(frame) = self.frames.last() else { return malformed("no frame") };
        let mut root = value;
        while let Owner::Value(base) = ready.owners[root.0 as usize] {
            root = base;
            if let Slot::Consumed = frame.slots[root.0 as usize] {
                let text = format!("%{} after %{} in {}", value.0, root.0, ready.function.name);
                return Err(Failure::Fault(Fault::OutlivedBase(text)));
            }
        }
        match &frame.slots[value.0 as usize] {
            Slot::Live(val) => Ok(val.clone()),
            Slot::Consumed => {
                let text = format!("%{} in {}", value.0, ready.function.name);
                Err(Failure::Fault(Fault::UsedAfterConsumed(text)))
            }
            Slot::Empty => malformed("a value that was never defined"),
        }
    }

    /// The values of operands; those that are consumed are gone afterwards.
    fn operands(&mut self, ready: &Ready<'db>, values: &[Value], consumes: &[bool]) -> Step<'db, Vec<Val>> {
        let mut out = Vec::with_capacity(values.len());
        for (value, consumes) in values.iter().zip(consumes) {
            out.push(self.look(ready, *value)?);
            if *consumes
                && ready.owners[value.0 as usize] == Owner::Here
                && let Some(frame) = self.frames.last_mut()
            {
                frame.slots[value.0 as usize] = Slot::Consumed;
            }
        }
        Ok(out)
    }

    fn shape(&self, ty: Ty<'db>) -> repr::Shape<'db> {
        repr::shape(self.code.program, ty)
    }
}
