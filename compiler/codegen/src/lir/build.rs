//! Makes LIR, one instruction after another, folding constants as it goes.

use super::{
    Address, Block, Edge, End, Func, Global, Helper, Inst, Label, LoadOp, NumOp, Op, Reg, RuntimeFn, Sig,
    StoreOp, Symbol, Trap, TrapId, Val,
};
use dot_mir::ir::Site;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// The largest constant that is folded into the offset of a load or store.
const MOST_FOLDED: i64 = 0xffff;

/// A function in the making. Instructions go to the end of the current block; once a block has ended, what
/// follows goes to one that nothing reaches, until [`Builder::at`] names another.
#[derive(Debug)]
pub struct Builder<'db> {
    func: Func<'db>,
    current: Label,
    ended: bool,
    constants: FxHashMap<Reg, i64>,
    /// Registers that are another one plus a constant.
    sums: FxHashMap<Reg, (Reg, u32)>,
    /// Where in the source stands what is made now; none for what the compiler adds.
    pub(crate) site: Option<Site<'db>>,
}

impl<'db> Builder<'db> {
    /// A function with these parameters and results, at its entry.
    #[must_use]
    pub fn new(name: impl Into<SmolStr>, params: &[Val], results: &[Val]) -> Self {
        let func = Func {
            name: name.into(),
            results: results.to_vec(),
            regs: Vec::new(),
            blocks: Vec::new(),
            traps: Vec::new(),
            names: Vec::new(),
            counts_depth: false,
            site: None,
            keeps_values: false,
        };
        let mut builder = Self {
            func,
            current: Label(0),
            ended: false,
            constants: FxHashMap::default(),
            sums: FxHashMap::default(),
            site: None,
        };
        builder.block(params);
        builder
    }

    /// The function, done.
    #[must_use]
    pub fn finish(self) -> Func<'db> {
        self.func
    }

    /// The function so far.
    pub fn func_mut(&mut self) -> &mut Func<'db> {
        &mut self.func
    }

    /// The function's parameters.
    #[must_use]
    pub fn params(&self) -> Vec<Reg> {
        self.params_of(Label(0))
    }

    /// A new register.
    pub fn reg(&mut self, val: Val) -> Reg {
        self.func.regs.push(val);
        Reg(self.func.regs.len() as u32 - 1)
    }

    /// The type of a register.
    #[must_use]
    pub fn val(&self, reg: Reg) -> Val {
        self.func.regs[reg.0 as usize]
    }

    /// A new block with parameters of these types.
    pub fn block(&mut self, params: &[Val]) -> Label {
        let params = params.iter().map(|val| self.reg(*val)).collect();
        self.func.blocks.push(Block { params, insts: Vec::new(), end: End::Unreachable });
        Label(self.func.blocks.len() as u32 - 1)
    }

    /// A block's parameters.
    #[must_use]
    pub fn params_of(&self, label: Label) -> Vec<Reg> {
        self.func.blocks[label.0 as usize].params.clone()
    }

    /// Goes on at the end of that block.
    pub fn at(&mut self, label: Label) {
        self.current = label;
        self.ended = false;
    }

    /// Adds a reason to trap.
    pub fn trap(&mut self, trap: Trap<'db>) -> TrapId {
        self.func.traps.push(trap);
        TrapId(self.func.traps.len() as u32 - 1)
    }

    /// Adds an instruction.
    pub fn inst(&mut self, op: Op<'db>, args: Vec<Reg>, results: &[Val]) -> Vec<Reg> {
        if self.ended {
            let unreached = self.block(&[]);
            self.at(unreached);
        }
        let results: Vec<Reg> = results.iter().map(|val| self.reg(*val)).collect();
        let inst = Inst { op, args, results: results.clone() };
        self.func.blocks[self.current.0 as usize].insts.push(inst);
        results
    }

    fn one(&mut self, op: Op<'db>, args: Vec<Reg>, result: Val) -> Reg {
        self.inst(op, args, &[result])[0]
    }

    fn end(&mut self, end: End) {
        if !self.ended {
            self.func.blocks[self.current.0 as usize].end = end;
        }
        self.ended = true;
    }

    // Constants

    /// An `i32`.
    pub fn i32(&mut self, value: i32) -> Reg {
        let reg = self.one(Op::I32(value), Vec::new(), Val::I32);
        self.constants.insert(reg, i64::from(value));
        reg
    }

    /// An `i32` by its bits.
    pub fn u32(&mut self, value: u32) -> Reg {
        self.i32(value.cast_signed())
    }

    /// An `i64`.
    pub fn i64(&mut self, value: i64) -> Reg {
        let reg = self.one(Op::I64(value), Vec::new(), Val::I64);
        self.constants.insert(reg, value);
        reg
    }

    /// An `f32` by its bits.
    pub fn f32(&mut self, bits: u32) -> Reg {
        self.one(Op::F32(bits), Vec::new(), Val::F32)
    }

    /// An `f64` by its bits.
    pub fn f64(&mut self, bits: u64) -> Reg {
        self.one(Op::F64(bits), Vec::new(), Val::F64)
    }

    /// Zero of a type.
    pub fn zero(&mut self, val: Val) -> Reg {
        match val {
            Val::I32 => self.i32(0),
            Val::I64 => self.i64(0),
            Val::F32 => self.f32(0),
            Val::F64 => self.f64(0),
        }
    }

    /// An integer of that width.
    pub fn int(&mut self, val: Val, value: i64) -> Reg {
        if val == Val::I64 { self.i64(value) } else { self.i32(value as i32) }
    }

    /// What the linker knows.
    pub fn address(&mut self, address: Address<'db>) -> Reg {
        self.one(Op::Address(address), Vec::new(), Val::I32)
    }

    /// The integer that a register is known to hold.
    #[must_use]
    pub fn constant(&self, reg: Reg) -> Option<i64> {
        self.constants.get(&reg).copied()
    }

    // Instructions

    /// Arithmetic that can't trap.
    pub fn num(&mut self, op: NumOp, args: &[Reg]) -> Reg {
        let known: Option<Vec<i64>> = args.iter().map(|arg| self.constant(*arg)).collect();
        if let Some(value) = known.and_then(|known| fold(op, &known)) {
            return self.int(op.result(), value);
        }
        match (op, args) {
            (NumOp::I32Add | NumOp::I32Sub | NumOp::I64Add | NumOp::I64Sub, [a, b])
                if self.constant(*b) == Some(0) =>
            {
                *a
            }
            (NumOp::I32Add | NumOp::I64Add, [a, b]) if self.constant(*a) == Some(0) => *b,
            (NumOp::I32Mul | NumOp::I64Mul, [a, b]) if self.constant(*b) == Some(1) => *a,
            (NumOp::I32Eq, [a, b]) if self.constant(*b) == Some(0) => self.num(NumOp::I32Eqz, &[*a]),
            (NumOp::I64Eq, [a, b]) if self.constant(*b) == Some(0) => self.num(NumOp::I64Eqz, &[*a]),
            (NumOp::I32Add, [a, b]) => {
                let sum = self.one(Op::Num(op, None), args.to_vec(), Val::I32);
                if let Some(by @ 0..=MOST_FOLDED) = self.constant(*b) {
                    self.sums.insert(sum, (*a, by as u32));
                }
                sum
            }
            (NumOp::I32Mul, [a, b]) => match self.constant(*b) {
                Some(n) if n > 0 && (n as u64).is_power_of_two() => {
                    let shift = self.i32(n.trailing_zeros() as i32);
                    self.one(Op::Num(NumOp::I32Shl, None), vec![*a, shift], Val::I32)
                }
                _ => self.one(Op::Num(op, None), args.to_vec(), op.result()),
            },
            _ => self.one(Op::Num(op, None), args.to_vec(), op.result()),
        }
    }

    /// Arithmetic that traps by itself.
    pub fn num_or_trap(&mut self, op: NumOp, args: &[Reg], trap: TrapId) -> Reg {
        self.one(Op::Num(op, Some(trap)), args.to_vec(), op.result())
    }

    /// Adds a constant to an `i32`.
    pub fn offset(&mut self, base: Reg, by: i32) -> Reg {
        let by = self.i32(by);
        self.num(NumOp::I32Add, &[base, by])
    }

    /// `cond ? yes : no`
    pub fn select(&mut self, yes: Reg, no: Reg, cond: Reg) -> Reg {
        let val = self.val(yes);
        self.one(Op::Select, vec![yes, no, cond], val)
    }

    /// An address as a base and the offset that an instruction adds itself. It adds without wrapping, which is
    /// the same for every address of something that exists.
    fn fold_offset(&self, base: Reg, offset: u32) -> (Reg, u32) {
        match self.sums.get(&base) {
            Some((base, by)) => (*base, offset + by),
            None => (base, offset),
        }
    }

    /// Loads.
    pub fn load(&mut self, op: LoadOp, base: Reg, offset: u32) -> Reg {
        let (base, offset) = self.fold_offset(base, offset);
        self.one(Op::Load(op, offset), vec![base], op.spec().1)
    }

    /// Stores.
    pub fn store(&mut self, op: StoreOp, base: Reg, offset: u32, value: Reg) {
        let (base, offset) = self.fold_offset(base, offset);
        self.inst(Op::Store(op, offset), vec![base, value], &[]);
    }

    /// Reads a global.
    pub fn global(&mut self, global: Global) -> Reg {
        self.one(Op::GlobalGet(global), Vec::new(), Val::I32)
    }

    /// Writes a global.
    pub fn set_global(&mut self, global: Global, value: Reg) {
        self.inst(Op::GlobalSet(global), vec![value], &[]);
    }

    /// `memory.copy`
    pub fn copy(&mut self, to: Reg, from: Reg, bytes: Reg) {
        self.inst(Op::MemoryCopy, vec![to, from, bytes], &[]);
    }

    /// Calls.
    pub fn call(
        &mut self,
        symbol: Symbol<'db>,
        args: &[Reg],
        results: &[Val],
        place: Option<TrapId>,
    ) -> Vec<Reg> {
        self.inst(Op::Call(symbol, place), args.to_vec(), results)
    }

    /// The place of a call, for backtraces: where what is made now stands.
    pub(crate) fn place(&mut self) -> Option<TrapId> {
        let site = Some(self.site?);
        Some(self.trap(Trap {
            kind: "call",
            message: SmolStr::default(),
            site,
            values: Vec::new(),
            overflow: None,
        }))
    }

    /// Calls a helper.
    pub fn helper(&mut self, helper: Helper<'db>, args: &[Reg], results: &[Val]) -> Vec<Reg> {
        let place = if helper.allocates() { self.place() } else { None };
        self.call(Symbol::Helper(helper), args, results, place)
    }

    /// Calls the runtime.
    pub fn runtime(&mut self, function: RuntimeFn, args: &[Reg]) -> Vec<Reg> {
        let place = if function.allocates() { self.place() } else { None };
        self.call(Symbol::Runtime(function), args, &function.sig().results, place)
    }

    /// Calls through the table.
    pub fn call_indirect(&mut self, sig: Sig, args: &[Reg], index: Reg, place: Option<TrapId>) -> Vec<Reg> {
        let results = sig.results.clone();
        let args = args.iter().copied().chain([index]).collect();
        self.inst(Op::CallIndirect(sig, place), args, &results)
    }

    /// Traps when `cond` isn't zero.
    pub fn trap_if(&mut self, cond: Reg, trap: TrapId) {
        match self.constant(cond) {
            Some(0) => {}
            Some(_) => self.end(End::Trap(trap)),
            None => drop(self.inst(Op::TrapIf(trap), vec![cond], &[])),
        }
    }

    // Control

    /// Ends the block: goes on there.
    pub fn jump(&mut self, to: Label, args: &[Reg]) {
        self.end(End::Jump(Edge { to, args: args.to_vec() }));
    }

    /// Ends the block: goes on at one of two.
    pub fn branch(&mut self, cond: Reg, yes: (Label, &[Reg]), no: (Label, &[Reg])) {
        match self.constant(cond) {
            Some(0) => self.jump(no.0, no.1),
            Some(_) => self.jump(yes.0, yes.1),
            None => {
                let edge = |(to, args): (Label, &[Reg])| Edge { to, args: args.to_vec() };
                self.end(End::Branch(cond, edge(yes), edge(no)));
            }
        }
    }

    /// Ends the block: goes on by number.
    pub fn switch(&mut self, on: Reg, targets: Vec<Label>, default: Label) {
        match self.constant(on) {
            Some(n) => {
                let to = usize::try_from(n).ok().and_then(|n| targets.get(n).copied()).unwrap_or(default);
                self.jump(to, &[]);
            }
            None => self.end(End::Switch(on, targets, default)),
        }
    }

    /// Ends the block: returns.
    pub fn ret(&mut self, values: &[Reg]) {
        self.end(End::Return(values.to_vec()));
    }

    /// Ends the block: traps.
    pub fn trap_now(&mut self, trap: TrapId) {
        self.end(End::Trap(trap));
    }

    /// Ends the block: control never comes here.
    pub fn unreachable(&mut self) {
        self.end(End::Unreachable);
    }

    /// Does something when `cond` isn't zero.
    pub fn when(&mut self, cond: Reg, then: impl FnOnce(&mut Self)) {
        let (yes, after) = (self.block(&[]), self.block(&[]));
        self.branch(cond, (yes, &[]), (after, &[]));
        self.at(yes);
        then(self);
        self.jump(after, &[]);
        self.at(after);
    }

    /// One of two ways to values of these types.
    pub fn either(
        &mut self,
        cond: Reg,
        vals: &[Val],
        yes: impl FnOnce(&mut Self) -> Vec<Reg>,
        no: impl FnOnce(&mut Self) -> Vec<Reg>,
    ) -> Vec<Reg> {
        let (yes_block, no_block, after) = (self.block(&[]), self.block(&[]), self.block(vals));
        self.branch(cond, (yes_block, &[]), (no_block, &[]));
        self.at(yes_block);
        let values = yes(self);
        self.jump(after, &values);
        self.at(no_block);
        let values = no(self);
        self.jump(after, &values);
        self.at(after);
        self.params_of(after)
    }

    /// Runs `body` with an address that goes from `start` by `step` to `end`, while they differ.
    pub fn walk(&mut self, start: Reg, end: Reg, step: u32, body: impl FnOnce(&mut Self, Reg)) {
        let (head, inside, after) = (self.block(&[Val::I32]), self.block(&[]), self.block(&[]));
        self.jump(head, &[start]);
        self.at(head);
        let at = self.params_of(head)[0];
        let more = self.num(NumOp::I32Ne, &[at, end]);
        self.branch(more, (inside, &[]), (after, &[]));
        self.at(inside);
        body(self, at);
        let next = self.offset(at, step.cast_signed());
        self.jump(head, &[next]);
        self.at(after);
    }
}

/// The value of integer arithmetic on known values.
fn fold(op: NumOp, args: &[i64]) -> Option<i64> {
    use NumOp::*;
    let a = *args.first()?;
    let b = args.get(1).copied().unwrap_or(0);
    let (a32, b32) = (a as i32, b as i32);
    Some(match op {
        I32Add => i64::from(a32.wrapping_add(b32)),
        I32Sub => i64::from(a32.wrapping_sub(b32)),
        I32Mul => i64::from(a32.wrapping_mul(b32)),
        I32And => i64::from(a32 & b32),
        I32Or => i64::from(a32 | b32),
        I32Eqz => i64::from(a32 == 0),
        I32Eq => i64::from(a32 == b32),
        I32Ne => i64::from(a32 != b32),
        I32LtS => i64::from(a32 < b32),
        I32LtU => i64::from((a32 as u32) < b32 as u32),
        I32GtU => i64::from(a32 as u32 > b32 as u32),
        I32GeU => i64::from(a32 as u32 >= b32 as u32),
        I64Add => a.wrapping_add(b),
        I64Sub => a.wrapping_sub(b),
        I64Mul => a.wrapping_mul(b),
        I64Eqz => i64::from(a == 0),
        I64Eq => i64::from(a == b),
        I64Ne => i64::from(a != b),
        I64GeU => i64::from(a as u64 >= b as u64),
        I64GtU => i64::from(a as u64 > b as u64),
        I64ExtendI32S => i64::from(a32),
        I64ExtendI32U => i64::from(a32 as u32),
        I32WrapI64 => i64::from(a32),
        _ => return None,
    })
}
