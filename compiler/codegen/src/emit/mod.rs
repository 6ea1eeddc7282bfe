//! LIR to the body of a WebAssembly function, with holes where the linker's numbers go.
//!
//! Four steps, each a module: the shape of the graph ([`graph`]), which values stay on the operand stack
//! ([`stack`]), which of the others share a local ([`locals`]), structured control flow ([`mod@structure`]); then the
//! bytes are written here.

pub(crate) mod graph;
mod locals;
mod stack;
mod structure;
mod thread;

use crate::lir::{
    Address, Edge, End, Func, Global, Inst, Label, NumOp, Op, Reg, Sig, Symbol, Trap, TrapId, Val,
};
use dot_mir::ir::Site;
use graph::Graph;
use locals::Locals;
use smol_str::SmolStr;
use stack::Plan;
use structure::{Frame, Item, structure};

/// A function's code before it is linked. Equal functions are equal here, wherever they will stand.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct CompiledFunction<'db> {
    /// A readable name.
    pub name: SmolStr,
    /// Its type.
    pub sig: Sig,
    /// The types of the locals beyond the parameters.
    pub locals: Vec<Val>,
    /// The instructions, the last `end` included, without what is in `holes`.
    pub code: Vec<u8>,
    /// What the linker puts in, by place in `code`, ascending.
    pub holes: Vec<Hole<'db>>,
    /// The instructions that can trap, and calls, by place in `code`, ascending.
    pub sites: Vec<TrapSite<'db>>,
    /// Names of locals.
    pub names: Vec<(u32, SmolStr)>,
    /// Whether calls of it count as nested when it can reach itself.
    pub counts_depth: bool,
    /// Where its body stands.
    pub site: Option<Site<'db>>,
    /// Whether it has a loop.
    pub loops: bool,
    /// Whether it has an instruction on memory.
    pub uses_memory: bool,
}

/// A place in the code where the linker puts something.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Hole<'db> {
    /// The place in the code.
    pub at: u32,
    /// What goes there.
    pub filler: Filler<'db>,
}

/// What goes into a hole.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Filler<'db> {
    /// The index of a function, as an operand of `call`.
    Function(Symbol<'db>),
    /// An address, as an operand of `i32.const`.
    Address(Address<'db>),
    /// The index of a type, as an operand of `call_indirect`.
    Type(Sig),
    /// The index of a global.
    Global(Global),
    /// The code that counts a call, if this function can reach itself.
    Enter,
    /// The code that takes it back.
    Leave,
}

/// An instruction that can trap, or a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct TrapSite<'db> {
    /// The place of the instruction's opcode in the code.
    pub at: u32,
    /// How many bytes before it the branch stands that leads to it alone. Engines that merge the two report the branch.
    pub lead: u32,
    /// Why, and where it was written; the values are those that a local holds.
    pub trap: Trap<'db>,
}

/// Writes a function.
#[must_use]
pub fn emit<'db>(func: &Func<'db>) -> CompiledFunction<'db> {
    let mut func = func.clone();
    thread::thread_jumps(&mut func);
    let func = &func;
    let graph = Graph::new(func);
    let plan = Plan::new(func, &graph.order);
    let locals = Locals::new(func, &graph, &plan);
    let needs_moves = |edge: &Edge| moves(func, &plan, &locals, edge).next().is_some();
    let items = structure(func, &graph, &needs_moves);
    let mut writer = Writer {
        func,
        plan: &plan,
        locals: &locals,
        code: Vec::new(),
        holes: Vec::new(),
        sites: Vec::new(),
        frames: Vec::new(),
        last_set: None,
        statement: (Label(0), 0),
    };
    writer.hole(Filler::Enter);
    writer.write_items(&items);
    let (code, holes, sites) = (writer.code, writer.holes, writer.sites);
    let params: Vec<Val> =
        func.blocks.first().map_or(&[][..], |b| &b.params).iter().map(|p| val(func, *p)).collect();
    let extra = locals.vals[params.len()..].to_vec();
    let mut names: Vec<(u32, SmolStr)> = Vec::new();
    for (reg, name) in &func.names {
        if let Some(local) = locals.of[reg.0 as usize]
            && names.iter().all(|(other, _)| *other != local)
        {
            names.push((local, name.clone()));
        }
    }
    names.sort();
    CompiledFunction {
        name: func.name.clone(),
        sig: Sig { params, results: func.results.clone() },
        locals: extra,
        code,
        holes,
        sites,
        names,
        counts_depth: func.counts_depth,
        site: func.site,
        loops: graph.is_loop.contains(&true),
        uses_memory: func.blocks.iter().flat_map(|block| &block.insts).any(|inst| on_memory(&inst.op)),
    }
}

fn on_memory(op: &Op<'_>) -> bool {
    matches!(
        op,
        Op::Load(..) | Op::Store(..) | Op::MemoryCopy | Op::MemoryFill | Op::MemoryGrow | Op::MemorySize
    )
}

fn val(func: &Func<'_>, reg: Reg) -> Val {
    func.regs[reg.0 as usize]
}

/// The moves of an edge: which register goes to which local. What is there already, and what goes to a parameter
/// that nobody uses, is no move.
fn moves<'a>(
    func: &'a Func<'_>,
    plan: &'a Plan,
    locals: &'a Locals,
    edge: &'a Edge,
) -> impl Iterator<Item = (Reg, u32)> + 'a {
    let params = &func.blocks[edge.to.0 as usize].params;
    edge.args.iter().zip(params).filter_map(|(arg, param)| {
        let to = locals.of[param.0 as usize]?;
        let stays = plan.in_place(func, *arg).is_none() && locals.of[arg.0 as usize] == Some(to);
        (plan.uses[param.0 as usize] > 0 && !stays).then_some((*arg, to))
    })
}

struct Writer<'a, 'db> {
    func: &'a Func<'db>,
    plan: &'a Plan,
    locals: &'a Locals,
    code: Vec<u8>,
    holes: Vec<Hole<'db>>,
    sites: Vec<TrapSite<'db>>,
    /// The open constructs, innermost last; an `if` has no name.
    frames: Vec<Option<Frame>>,
    /// Where the last instruction begins, if it sets a local.
    last_set: Option<usize>,
    /// What is being written: the n-th statement of a block; its end is one more.
    statement: (Label, usize),
}

const BLOCK: u8 = 0x02;
const LOOP: u8 = 0x03;
const IF: u8 = 0x04;
const ELSE: u8 = 0x05;
const END: u8 = 0x0b;
const BR: u8 = 0x0c;
const BR_IF: u8 = 0x0d;
const BR_TABLE: u8 = 0x0e;
const RETURN: u8 = 0x0f;
const UNREACHABLE: u8 = 0x00;
const DROP: u8 = 0x1a;
const SELECT: u8 = 0x1b;
const LOCAL_GET: u8 = 0x20;
const LOCAL_SET: u8 = 0x21;
const LOCAL_TEE: u8 = 0x22;
const EMPTY: u8 = 0x40;

/// Writes an unsigned number in LEB128.
pub(crate) fn leb_u32(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes a signed number in LEB128.
pub(crate) fn leb_i64(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = value as u8 & 0x7f;
        value >>= 7;
        if value == 0 && byte & 0x40 == 0 || value == -1 && byte & 0x40 != 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

impl<'a, 'db> Writer<'a, 'db> {
    fn hole(&mut self, filler: Filler<'db>) {
        self.holes.push(Hole { at: self.code.len() as u32, filler });
    }

    fn write_items(&mut self, items: &[Item]) {
        let mut wanted = std::collections::BTreeSet::new();
        for item in items {
            match item {
                Item::Br(frame) | Item::BrIf(frame, ..) => drop(wanted.insert(*frame)),
                Item::BrTable(_, frames) => wanted.extend(frames),
                _ => {}
            }
        }
        // For each open construct, whether it is written.
        let mut written: Vec<bool> = Vec::new();
        let mut ends_open = false;
        for (n, item) in items.iter().enumerate() {
            ends_open = !matches!(item, Item::Leave(_, true) | Item::Br(_) | Item::BrTable(..));
            match item {
                Item::Block(frame) | Item::Loop(frame) => {
                    let keep = wanted.contains(frame);
                    written.push(keep);
                    if keep {
                        let opcode = if matches!(item, Item::Block(_)) { BLOCK } else { LOOP };
                        self.code.extend([opcode, EMPTY]);
                        self.frames.push(Some(*frame));
                    }
                }
                Item::If(label, negate) => {
                    self.at_end(*label);
                    self.condition(*label, *negate);
                    self.code.extend([IF, EMPTY]);
                    self.frames.push(None);
                    written.push(true);
                }
                Item::Else if items.get(n + 1) == Some(&Item::End) => {}
                Item::Else => self.code.push(ELSE),
                Item::End => {
                    if written.pop() == Some(true) {
                        self.code.push(END);
                        self.frames.pop();
                    }
                }
                _ => self.write_item(item),
            }
        }
        if ends_open && !self.func.results.is_empty() && !matches!(items.last(), Some(Item::Leave(..))) {
            self.code.push(UNREACHABLE);
        }
        self.code.push(END);
    }

    fn write_item(&mut self, item: &Item) {
        if let Item::BrIf(_, label, _)
        | Item::BrTable(label, _)
        | Item::Moves(label, _)
        | Item::Leave(label, _) = item
        {
            self.at_end(*label);
        }
        match item {
            Item::Br(frame) => {
                self.code.push(BR);
                self.depth_of(*frame);
            }
            Item::BrIf(frame, label, negate) => {
                self.condition(*label, *negate);
                self.code.push(BR_IF);
                self.depth_of(*frame);
            }
            Item::BrTable(label, frames) => {
                if let End::Switch(on, ..) = self.block_end(*label) {
                    self.push(*on);
                }
                self.code.push(BR_TABLE);
                leb_u32(&mut self.code, frames.len() as u32 - 1);
                for frame in frames {
                    self.depth_of(*frame);
                }
            }
            Item::Body(label) => self.body(*label),
            Item::Moves(label, index) => match self.block_end(*label) {
                End::Branch(_, _, no) if *index == 1 => self.moves(no),
                End::Branch(_, edge, _) | End::Jump(edge) => self.moves(edge),
                _ => {}
            },
            Item::Leave(label, explicit) => self.leave(*label, *explicit),
            Item::Block(_) | Item::Loop(_) | Item::If(..) | Item::Else | Item::End => {}
        }
    }

    fn block_end(&self, label: Label) -> &'a End {
        let func: &'a Func<'db> = self.func;
        &func.blocks[label.0 as usize].end
    }

    fn depth_of(&mut self, frame: Frame) {
        let depth = self.frames.iter().rev().position(|open| *open == Some(frame)).unwrap_or_default();
        leb_u32(&mut self.code, depth as u32);
    }

    /// What follows belongs to the end of a block.
    fn at_end(&mut self, label: Label) {
        self.statement = (label, self.plan.roots[label.0 as usize].len());
    }

    fn leave(&mut self, label: Label, explicit: bool) {
        match self.block_end(label).clone() {
            End::Return(values) => {
                for value in values {
                    self.push(value);
                }
                self.hole(Filler::Leave);
                if explicit {
                    self.code.push(RETURN);
                }
            }
            End::Trap(trap) => {
                self.site(trap);
                self.code.push(UNREACHABLE);
            }
            _ => self.code.push(UNREACHABLE),
        }
    }

    /// Records that the next instruction can trap, and which values locals hold then.
    fn site(&mut self, trap: TrapId) {
        let (block, statement) = self.statement;
        let mut trap = self.func.traps[trap.0 as usize].clone();
        trap.values.retain_mut(|value| {
            let held = self.plan.in_place(self.func, value.reg).is_none()
                && self.locals.holds(value.reg, block, statement);
            value.reg = Reg(self.locals.of[value.reg.0 as usize].unwrap_or_default());
            let Some(length) = value.length else { return held };
            value.length = self.locals.of[length.0 as usize].map(Reg);
            held && self.locals.holds(length, block, statement)
        });
        self.sites.push(TrapSite { at: self.code.len() as u32, lead: 0, trap });
    }

    /// Puts the condition that ends a block on the stack, or its opposite.
    fn condition(&mut self, label: Label, negate: bool) {
        let End::Branch(cond, ..) = self.block_end(label) else { return };
        let cond = *cond;
        let tree = self.plan.in_place(self.func, cond).map(|(at, n)| self.inst(at, n));
        if let Some(Inst { op: Op::Num(op, None), args, .. }) = tree {
            match (op, args.as_slice(), negate) {
                (NumOp::I32Eqz, [arg], true) => return self.push(*arg),
                (NumOp::I32Ne, [arg, zero], false) | (NumOp::I32Eq, [arg, zero], true)
                    if self.is_zero(*zero) =>
                {
                    return self.push(*arg);
                }
                (op, args, true) if op.negated().is_some() => {
                    args.iter().for_each(|arg| self.push(*arg));
                    return self.opcode(op.negated().unwrap_or(*op));
                }
                _ => {}
            }
        }
        self.push(cond);
        if negate {
            self.opcode(NumOp::I32Eqz);
        }
    }

    fn is_zero(&self, reg: Reg) -> bool {
        let found = self.plan.in_place(self.func, reg).map(|(label, n)| &self.inst(label, n).op);
        matches!(found, Some(Op::I32(0)))
    }

    fn inst(&self, label: Label, n: u32) -> &'a Inst<'db> {
        let func: &'a Func<'db> = self.func;
        &func.blocks[label.0 as usize].insts[n as usize]
    }

    fn body(&mut self, label: Label) {
        let plan = self.plan;
        for (statement, n) in plan.roots[label.0 as usize].iter().enumerate() {
            let func = self.func;
            let inst = &func.blocks[label.0 as usize].insts[*n as usize];
            self.statement = (label, statement);
            self.instruction(inst);
            for result in inst.results.iter().rev() {
                match self.locals.of[result.0 as usize] {
                    Some(local) if plan.uses[result.0 as usize] > 0 => self.set(local),
                    _ => self.code.push(DROP),
                }
            }
        }
    }

    fn set(&mut self, local: u32) {
        self.last_set = Some(self.code.len());
        self.code.push(LOCAL_SET);
        leb_u32(&mut self.code, local);
    }

    fn get(&mut self, local: u32) {
        if let Some(at) = self.last_set {
            let mut set = vec![LOCAL_SET];
            leb_u32(&mut set, local);
            let open_hole = self.holes.last().is_some_and(|hole| hole.at as usize == self.code.len());
            if self.code[at..] == set && !open_hole {
                self.code[at] = LOCAL_TEE;
                self.last_set = None;
                return;
            }
        }
        self.code.push(LOCAL_GET);
        leb_u32(&mut self.code, local);
    }

    /// Puts a value on the stack.
    fn push(&mut self, reg: Reg) {
        match self.plan.in_place(self.func, reg) {
            Some((label, n)) => {
                let func = self.func;
                self.instruction(&func.blocks[label.0 as usize].insts[n as usize]);
            }
            None => self.get(self.locals.of[reg.0 as usize].unwrap_or_default()),
        }
    }

    fn moves(&mut self, edge: &Edge) {
        let moves: Vec<(Reg, u32)> = moves(self.func, self.plan, self.locals, edge).collect();
        for (arg, _) in &moves {
            self.push(*arg);
        }
        for (_, to) in moves.iter().rev() {
            self.set(*to);
        }
    }

    fn opcode(&mut self, op: NumOp) {
        let opcode = op.opcode();
        if opcode > 0xff {
            self.code.push((opcode >> 8) as u8);
        }
        self.code.push(opcode as u8);
    }

    fn instruction(&mut self, inst: &Inst<'db>) {
        for arg in &inst.args {
            self.push(*arg);
        }
        match &inst.op {
            Op::I32(_) | Op::I64(_) | Op::F32(_) | Op::F64(_) | Op::Address(_) => self.constant(&inst.op),
            Op::Num(op, trap) => {
                if let Some(trap) = trap {
                    self.site(*trap);
                }
                self.opcode(*op);
            }
            Op::Select => self.code.push(SELECT),
            Op::Load(op, offset) => self.memory(op.spec().0, op.spec().2, *offset),
            Op::Store(op, offset) => self.memory(op.spec().0, op.spec().1, *offset),
            Op::GlobalGet(global) | Op::GlobalSet(global) => {
                self.code.push(if matches!(inst.op, Op::GlobalGet(_)) { 0x23 } else { 0x24 });
                self.hole(Filler::Global(*global));
            }
            Op::MemoryCopy => self.code.extend([0xfc, 10, 0, 0]),
            Op::MemoryFill => self.code.extend([0xfc, 11, 0]),
            Op::MemoryGrow => self.code.extend([0x40, 0]),
            Op::MemorySize => self.code.extend([0x3f, 0]),
            Op::Call(symbol, place) => {
                if let Some(place) = place {
                    self.site(*place);
                }
                self.code.push(0x10);
                self.hole(Filler::Function(symbol.clone()));
            }
            Op::CallIndirect(sig, place) => {
                if let Some(place) = place {
                    self.site(*place);
                }
                self.code.push(0x11);
                self.hole(Filler::Type(sig.clone()));
                self.code.push(0);
            }
            Op::TrapIf(trap) => {
                const GUARD: [u8; 2] = [IF, EMPTY];
                self.code.extend(GUARD);
                self.site(*trap);
                if let Some(site) = self.sites.last_mut() {
                    site.lead = GUARD.len() as u32;
                }
                self.code.extend([UNREACHABLE, END]);
            }
        }
    }

    fn constant(&mut self, op: &Op<'db>) {
        match op {
            Op::I32(value) => {
                self.code.push(0x41);
                leb_i64(&mut self.code, i64::from(*value));
            }
            Op::I64(value) => {
                self.code.push(0x42);
                leb_i64(&mut self.code, *value);
            }
            Op::F32(bits) => {
                self.code.push(0x43);
                self.code.extend(bits.to_le_bytes());
            }
            Op::F64(bits) => {
                self.code.push(0x44);
                self.code.extend(bits.to_le_bytes());
            }
            Op::Address(address) => {
                self.code.push(0x41);
                self.hole(Filler::Address(address.clone()));
            }
            _ => {}
        }
    }

    fn memory(&mut self, opcode: u8, align: u8, offset: u32) {
        self.code.extend([opcode, align]);
        leb_u32(&mut self.code, offset);
    }
}
