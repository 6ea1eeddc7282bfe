//! What is known where: bounds of registers, and how two of them compare.
//!
//! The dominator tree is gone down, so that what has been learnt on the way holds in all that is below, and is
//! forgotten on the way up. Something is learnt by a branch (in the block that only it leads to), by a check that did
//! not trap, and at the head of a loop for what the loop counts up: it is never below what it began with.

use super::params::{edges, rename, resolve};
use super::range::{Range, of_load, of_num};
use crate::emit::graph::{Graph, successors};
use crate::lir::{Address, End, Func, Inst, NumOp, Op, Reg, RuntimeFn, Symbol, Val};
use rustc_hash::FxHashMap;

/// How two integers can compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Relation {
    Equal,
    BelowUnsigned,
    BelowSigned,
}

/// A comparison as one of three relations, or the negation of one.
#[derive(Clone, Copy)]
struct Comparison {
    relation: Relation,
    left: Reg,
    right: Reg,
    negated: bool,
}

/// Removes checks that can't fail, and branches and selections of which the outcome is known.
pub(super) fn decide_what_is_known(func: &mut Func<'_>) {
    let graph = Graph::new(func);
    let ranges = func.regs.iter().map(|val| Range::of(*val)).collect();
    let same = (0..func.regs.len() as u32).map(Reg).collect();
    let mut walk = Walk {
        defs: definitions(func),
        ways_in: ways_in(func, &graph),
        func,
        graph: &graph,
        ranges,
        facts: FxHashMap::default(),
        numbers: FxHashMap::default(),
        same,
        replaced: Vec::new(),
        undo: Vec::new(),
        dead: Vec::new(),
        decided: Vec::new(),
    };
    walk.run();
    let Walk { replaced, dead, decided, .. } = walk;
    for (block, inst) in dead.into_iter().rev() {
        func.blocks[block].insts.remove(inst);
    }
    for (block, outcome) in decided {
        if let End::Branch(_, yes, no) = std::mem::replace(&mut func.blocks[block].end, End::Unreachable) {
            func.blocks[block].end = End::Jump(if outcome { yes } else { no });
        }
    }
    let mut same: Vec<Reg> = (0..func.regs.len() as u32).map(Reg).collect();
    for (reg, by) in replaced {
        same[reg.0 as usize] = by;
    }
    rename(func, &same);
}

/// Where each register is defined by an instruction: block and place.
fn definitions(func: &Func<'_>) -> FxHashMap<Reg, (usize, usize)> {
    let mut found = FxHashMap::default();
    for (b, block) in func.blocks.iter().enumerate() {
        for (n, inst) in block.insts.iter().enumerate() {
            found.extend(inst.results.iter().map(|reg| (*reg, (b, n))));
        }
    }
    found
}

/// How many edges lead to each block from where control comes.
fn ways_in(func: &Func<'_>, graph: &Graph) -> Vec<u32> {
    let mut ways = vec![0; func.blocks.len()];
    for label in &graph.order {
        for to in successors(&func.blocks[label.0 as usize].end) {
            ways[to.0 as usize] += 1;
        }
    }
    ways
}

/// What is taken back on the way up.
enum Undo {
    Range(Reg, Range),
    Fact((Relation, Reg, Reg), Option<bool>),
    Number((NumOp, Vec<Reg>)),
}

struct Walk<'f, 'db> {
    func: &'f Func<'db>,
    graph: &'f Graph,
    defs: FxHashMap<Reg, (usize, usize)>,
    ways_in: Vec<u32>,
    ranges: Vec<Range>,
    facts: FxHashMap<(Relation, Reg, Reg), bool>,
    /// What has been computed already, by operation and operands.
    numbers: FxHashMap<(NumOp, Vec<Reg>), Reg>,
    /// By register: one that holds the same number.
    same: Vec<Reg>,
    /// The results of selections of which the outcome is known, and what they are.
    replaced: Vec<(Reg, Reg)>,
    undo: Vec<Undo>,
    /// Checks that can't fail, and what does nothing, by block and place, ascending within a block.
    dead: Vec<(usize, usize)>,
    /// Branches by block, and the way they go.
    decided: Vec<(usize, bool)>,
}

impl<'db> Walk<'_, 'db> {
    /// Goes down the tree, without recursion: it may be as deep as there are blocks.
    fn run(&mut self) {
        if self.graph.order.is_empty() {
            return;
        }
        let mut path: Vec<(u32, usize, usize)> = vec![(0, 0, 0)];
        self.block(0);
        while let Some((number, child, _)) = path.last_mut() {
            let next = self.graph.children[*number as usize].get(*child).copied();
            let parent = *number;
            *child += 1;
            match next {
                Some(next) => {
                    path.push((next, 0, self.undo.len()));
                    self.learn_on_the_way(parent, next);
                    self.block(next);
                }
                None => {
                    if let Some((_, _, learnt)) = path.pop() {
                        self.forget(learnt);
                    }
                }
            }
        }
    }

    fn forget(&mut self, learnt: usize) {
        for undo in self.undo.drain(learnt..).rev() {
            match undo {
                Undo::Range(reg, range) => self.ranges[reg.0 as usize] = range,
                Undo::Fact(key, Some(known)) => drop(self.facts.insert(key, known)),
                Undo::Fact(key, None) => drop(self.facts.remove(&key)),
                Undo::Number(key) => drop(self.numbers.remove(&key)),
            }
        }
    }

    fn label(&self, number: u32) -> usize {
        self.graph.order[number as usize].0 as usize
    }

    /// Learns from the branch that leads from one block to another one, if it is the only way there.
    fn learn_on_the_way(&mut self, from: u32, to: u32) {
        let (from, to) = (self.label(from), self.label(to));
        let End::Branch(cond, yes, no) = &self.func.blocks[from].end else { return };
        if self.ways_in[to] == 1 && yes.to != no.to {
            let taken = yes.to.0 as usize == to;
            if taken || no.to.0 as usize == to {
                self.assume(*cond, taken);
            }
        }
    }

    fn block(&mut self, number: u32) {
        let func = self.func;
        let label = self.label(number);
        if self.graph.is_loop[number as usize] {
            self.bound_counters(number);
        }
        let first = self.dead.len();
        for (n, inst) in func.blocks[label].insts.iter().enumerate() {
            self.inst((label, n), inst);
        }
        debug_assert!(self.dead[first..].is_sorted());
        if let End::Branch(cond, ..) = &func.blocks[label].end
            && let Some(outcome) = self.decide(*cond)
        {
            self.decided.push((label, outcome));
        }
    }

    fn inst(&mut self, place: (usize, usize), inst: &Inst<'db>) {
        match (&inst.op, inst.args.as_slice(), inst.results.as_slice()) {
            (Op::I32(value), _, [result]) => {
                self.ranges[result.0 as usize] = Range::exactly(Val::I32, i64::from(*value));
            }
            (Op::I64(value), _, [result]) => {
                self.ranges[result.0 as usize] = Range::exactly(Val::I64, *value);
            }
            (Op::Load(load, _), _, [result]) => self.ranges[result.0 as usize] = of_load(*load),
            (Op::TrapIf(_), [cond], _) => match self.decide(*cond) {
                Some(false) => self.dead.push(place),
                Some(true) => {}
                None => self.assume(*cond, false),
            },
            (Op::Select, [yes, no, cond], [result]) => match self.decide(*cond) {
                Some(outcome) => {
                    let chosen = if outcome { *yes } else { *no };
                    self.replaced.push((*result, chosen));
                    self.same[result.0 as usize] = self.canonical(chosen);
                    self.ranges[result.0 as usize] = self.range(chosen);
                }
                None => self.ranges[result.0 as usize] = self.range(*yes).or(self.range(*no)),
            },
            (Op::Num(op, _), args, [result]) => self.number(*op, args, *result),
            (Op::Call(Symbol::Runtime(RuntimeFn::Release), _), [payload], _) if self.is_static(*payload) => {
                self.dead.push(place);
            }
            _ => {}
        }
    }

    fn canonical(&self, reg: Reg) -> Reg {
        resolve(&self.same, reg)
    }

    fn range(&self, reg: Reg) -> Range {
        self.ranges[self.canonical(reg).0 as usize]
    }

    fn val(&self, reg: Reg) -> Val {
        self.func.regs[reg.0 as usize]
    }

    fn definition(&self, reg: Reg) -> Option<&'_ Inst<'db>> {
        self.defs.get(&reg).map(|(block, inst)| &self.func.blocks[*block].insts[*inst])
    }

    /// The operation that computes a register, and its operands.
    fn computed_by(&self, reg: Reg) -> Option<(NumOp, &[Reg])> {
        match self.definition(reg)? {
            Inst { op: Op::Num(op, _), args, .. } => Some((*op, args)),
            _ => None,
        }
    }

    /// What an operation gives: bounds, and whether that is in a register already.
    fn number(&mut self, op: NumOp, args: &[Reg], result: Reg) {
        let operands: Vec<Range> = args.iter().map(|arg| self.range(*arg)).collect();
        self.ranges[result.0 as usize] = of_num(op, &operands);
        if let Some(there) = self.narrowed_and_widened(op, args) {
            self.same[result.0 as usize] = there;
            return;
        }
        let key = (op, args.iter().map(|arg| self.canonical(*arg)).collect());
        match self.numbers.get(&key) {
            Some(there) => self.same[result.0 as usize] = *there,
            None => {
                self.numbers.insert(key.clone(), result);
                self.undo.push(Undo::Number(key));
            }
        }
    }

    /// What is cut to fewer bits and widened again, where nothing was cut off.
    fn narrowed_and_widened(&self, op: NumOp, args: &[Reg]) -> Option<Reg> {
        let arg = *args.first()?;
        let fits = |range: Range, narrow: Range| match op {
            NumOp::I64ExtendI32U => range.u.1 <= narrow.u.1,
            _ => range.s.0 >= narrow.s.0 && range.s.1 <= narrow.s.1,
        };
        match op {
            NumOp::I64ExtendI32U | NumOp::I64ExtendI32S => match self.computed_by(self.canonical(arg))? {
                (NumOp::I32WrapI64, [wide]) if fits(self.range(*wide), Range::of(Val::I32)) => {
                    Some(self.canonical(*wide))
                }
                _ => None,
            },
            NumOp::I32Extend8S | NumOp::I32Extend16S => {
                let range = self.range(arg);
                let narrow = of_num(op, &[range]);
                fits(range, narrow).then(|| self.canonical(arg))
            }
            _ => None,
        }
    }

    /// Whether an address is known to be that of static data, or of nothing.
    fn is_static(&self, address: Reg) -> bool {
        match self.definition(self.canonical(address)).map(|inst| &inst.op) {
            Some(Op::Address(address)) => *address != Address::HeapBase,
            Some(Op::I32(0)) => true,
            _ => false,
        }
    }

    fn is_heap_base(&self, address: Reg) -> bool {
        self.definition(address).is_some_and(|inst| inst.op == Op::Address(Address::HeapBase))
    }

    // Conditions

    /// A condition as a comparison; of numbers with zero too.
    fn comparison(&self, cond: Reg) -> Option<Comparison> {
        use NumOp::*;
        use Relation::{BelowSigned, BelowUnsigned, Equal};
        let (op, args) = self.computed_by(cond)?;
        let [left, right] = args else { return None };
        let (relation, swapped, negated) = match op {
            I32Eq | I64Eq => (Equal, false, false),
            I32Ne | I64Ne => (Equal, false, true),
            I32LtU | I64LtU => (BelowUnsigned, false, false),
            I32GeU | I64GeU => (BelowUnsigned, false, true),
            I32GtU | I64GtU => (BelowUnsigned, true, false),
            I32LeU | I64LeU => (BelowUnsigned, true, true),
            I32LtS | I64LtS => (BelowSigned, false, false),
            I32GeS | I64GeS => (BelowSigned, false, true),
            I32GtS | I64GtS => (BelowSigned, true, false),
            I32LeS | I64LeS => (BelowSigned, true, true),
            _ => return None,
        };
        let (left, right) = if swapped { (*right, *left) } else { (*left, *right) };
        Some(Comparison { relation, left: self.canonical(left), right: self.canonical(right), negated })
    }

    /// Whether a condition, any number that isn't zero, is known to hold or not to.
    fn decide(&self, cond: Reg) -> Option<bool> {
        let range = self.range(cond);
        if range.u == (0, 0) {
            return Some(false);
        }
        if range.u.0 > 0 {
            return Some(true);
        }
        if let Some(compared) = self.comparison(cond) {
            return self.compare(compared).map(|holds| holds != compared.negated);
        }
        match self.computed_by(cond)? {
            (NumOp::I32Eqz | NumOp::I64Eqz, [inner]) => self.decide(*inner).map(|holds| !holds),
            (NumOp::I32Or, [one, other]) => match (self.decide(*one), self.decide(*other)) {
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn compare(&self, Comparison { relation, left, right, .. }: Comparison) -> Option<bool> {
        if left == right {
            return Some(relation == Relation::Equal);
        }
        if let Some(known) = self.facts.get(&(relation, left, right)) {
            return Some(*known);
        }
        let (a, b) = (self.range(left), self.range(right));
        match relation {
            Relation::Equal => {
                let apart = a.u.1 < b.u.0 || b.u.1 < a.u.0 || a.s.1 < b.s.0 || b.s.1 < a.s.0;
                apart.then_some(false)
            }
            Relation::BelowUnsigned if a.u.1 < b.u.0 => Some(true),
            Relation::BelowUnsigned if self.is_static(left) && self.is_heap_base(right) => Some(true),
            Relation::BelowUnsigned if a.u.0 >= b.u.1 || self.did_not_wrap(left, right) => Some(false),
            Relation::BelowSigned if a.s.1 < b.s.0 => Some(true),
            Relation::BelowSigned if a.s.0 >= b.s.1 => Some(false),
            Relation::BelowSigned if self.went_the_right_way(left, right) => Some(false),
            _ => None,
        }
    }

    /// Whether `sum` is a sum that can't be below one of its operands, since it can't be too large.
    fn did_not_wrap(&self, sum: Reg, operand: Reg) -> bool {
        match self.computed_by(sum) {
            Some((NumOp::I32Add | NumOp::I64Add, [a, b])) => {
                let of = |reg: &Reg| self.canonical(*reg) == operand;
                let fits = self.range(*a).u.1.checked_add(self.range(*b).u.1);
                (of(a) || of(b)) && fits.is_some_and(|most| most <= Range::of(self.val(sum)).u.1)
            }
            _ => false,
        }
    }

    /// Whether a sum with a known number can't be on the wrong side of the other operand: it is not below it for one that
    /// isn't negative, and the operand is not below it for one that isn't positive.
    fn went_the_right_way(&self, left: Reg, right: Reg) -> bool {
        let moved = |result: Reg, from: Reg, up: bool| {
            let Some((op, [a, b])) = self.computed_by(result) else { return false };
            let (of, by) = match op {
                NumOp::I32Add | NumOp::I64Add => (self.range(*a), self.range(*b)),
                NumOp::I32Sub | NumOp::I64Sub => {
                    let by = self.range(*b);
                    if by.s.0 == i64::MIN {
                        return false;
                    }
                    (self.range(*a), Range { u: by.u, s: (-by.s.1, -by.s.0) })
                }
                _ => return false,
            };
            let all = Range::of(self.val(result)).s;
            let right_way = if up { by.s.0 >= 0 } else { by.s.1 <= 0 };
            let fits = of.s.1.checked_add(by.s.1).is_some_and(|most| most <= all.1)
                && of.s.0.checked_add(by.s.0).is_some_and(|least| least >= all.0);
            self.canonical(*a) == from && right_way && fits
        };
        moved(left, right, true) || moved(right, left, false)
    }

    // Learning

    /// Learns that a condition holds, or that it doesn't.
    fn assume(&mut self, cond: Reg, holds: bool) {
        if let Some(compared) = self.comparison(cond) {
            return self.assume_compared(compared, holds != compared.negated);
        }
        match self.computed_by(cond) {
            Some((NumOp::I32Eqz | NumOp::I64Eqz, [inner])) => {
                let inner = *inner;
                self.assume(inner, !holds);
            }
            Some((NumOp::I32Or, [one, other])) if !holds => {
                let (one, other) = (*one, *other);
                self.assume(one, false);
                self.assume(other, false);
            }
            _ => {
                let val = self.val(cond);
                let zero = Range::exactly(val, 0);
                let least = Range { u: (1, u64::MAX), s: (i64::MIN, i64::MAX) };
                self.narrow(self.canonical(cond), if holds { least } else { zero });
            }
        }
    }

    fn assume_compared(&mut self, Comparison { relation, left, right, .. }: Comparison, holds: bool) {
        let key = (relation, left, right);
        let before = self.facts.insert(key, holds);
        self.undo.push(Undo::Fact(key, before));
        let (a, b) = (self.range(left), self.range(right));
        let any = Range { u: (0, u64::MAX), s: (i64::MIN, i64::MAX) };
        let (for_left, for_right) = match (relation, holds) {
            (Relation::Equal, true) => (b, a),
            (Relation::Equal, false) => (without(a, b), without(b, a)),
            (Relation::BelowUnsigned, true) => (
                Range { u: (0, b.u.1.saturating_sub(1)), ..any },
                Range { u: (a.u.0.saturating_add(1), u64::MAX), ..any },
            ),
            (Relation::BelowUnsigned, false) => {
                (Range { u: (b.u.0, u64::MAX), ..any }, Range { u: (0, a.u.1), ..any })
            }
            (Relation::BelowSigned, true) => (
                Range { s: (i64::MIN, b.s.1.saturating_sub(1)), ..any },
                Range { s: (a.s.0.saturating_add(1), i64::MAX), ..any },
            ),
            (Relation::BelowSigned, false) => {
                (Range { s: (b.s.0, i64::MAX), ..any }, Range { s: (i64::MIN, a.s.1), ..any })
            }
        };
        self.narrow(left, for_left);
        self.narrow(right, for_right);
    }

    /// Learns bounds. Where they leave nothing, control never comes, and anything holds.
    fn narrow(&mut self, reg: Reg, to: Range) {
        let old = self.ranges[reg.0 as usize];
        if let Some(new) = old.and(to, self.val(reg))
            && new != old
        {
            self.ranges[reg.0 as usize] = new;
            self.undo.push(Undo::Range(reg, old));
        }
    }

    // Loops

    /// A parameter of a loop's head that is counted up, and only while it is below something, is never below what it
    /// began with.
    fn bound_counters(&mut self, number: u32) {
        let func = self.func;
        let head = self.label(number);
        let End::Branch(cond, yes, no) = &func.blocks[head].end else { return };
        let Some(compared) = self.comparison(*cond) else { return };
        let goes_on = if compared.negated { no } else { yes };
        let counter = compared.left;
        let inside = goes_on.to.0 as usize;
        let Some(place) = func.blocks[head].params.iter().position(|param| *param == counter) else { return };
        if compared.relation == Relation::Equal || self.ways_in[inside] != 1 {
            return;
        }
        let Some(first) = self.first_of(number, inside, place, counter) else { return };
        let any = Range::of(self.val(counter));
        let bound = match compared.relation {
            Relation::BelowSigned => Range { s: (first.s.0, any.s.1), ..any },
            _ => Range { u: (first.u.0, any.u.1), ..any },
        };
        self.narrow(counter, bound);
    }

    /// Bounds of what a counter begins with, if all that the loop does to it is to add one, in `inside` or below.
    fn first_of(&self, number: u32, inside: usize, place: usize, counter: Reg) -> Option<Range> {
        let head = self.label(number);
        let mut first: Option<Range> = None;
        for (n, from) in self.graph.order.iter().enumerate() {
            let block = &self.func.blocks[from.0 as usize];
            for edge in edges(&block.end).into_iter().filter(|edge| edge.to.0 as usize == head) {
                let arg = *edge.args.get(place)?;
                if (n as u32) < number {
                    let range = self.range(arg);
                    first = Some(first.map_or(range, |first| first.or(range)));
                } else if arg != counter {
                    let (block, _) = self.defs.get(&arg)?;
                    let (op, args) = self.computed_by(arg)?;
                    let [of, by] = args else { return None };
                    let by_one =
                        self.definition(*by).is_some_and(|by| matches!(by.op, Op::I32(1) | Op::I64(1)));
                    let adds = matches!(op, NumOp::I32Add | NumOp::I64Add);
                    if !adds || !by_one || *of != counter || !self.dominates(inside, *block) {
                        return None;
                    }
                }
            }
        }
        first
    }

    /// Whether every way to a block leads through another one.
    fn dominates(&self, above: usize, below: usize) -> bool {
        let (Some(above), Some(below)) = (self.graph.number[above], self.graph.number[below]) else {
            return false;
        };
        let mut todo = vec![above];
        while let Some(next) = todo.pop() {
            if next == below {
                return true;
            }
            todo.extend(&self.graph.children[next as usize]);
        }
        false
    }
}

/// The bounds of a number that isn't a certain other one: sharper where that one is at an end.
fn without(range: Range, other: Range) -> Range {
    let Some(other_s) = other.only() else { return range };
    let (mut out, other_u) = (range, other.u.0);
    if out.u.0 == other_u {
        out.u.0 = out.u.0.saturating_add(1);
    }
    if out.u.1 == other_u {
        out.u.1 = out.u.1.saturating_sub(1);
    }
    if out.s.0 == other_s {
        out.s.0 = out.s.0.saturating_add(1);
    }
    if out.s.1 == other_s {
        out.s.1 = out.s.1.saturating_sub(1);
    }
    out
}
