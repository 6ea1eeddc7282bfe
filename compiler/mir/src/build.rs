//! Putting a function together, block by block, with variables that become values.
//!
//! Braun, Buchwald, Hack, Leißa, Mallon, Zwinkau: "Simple and Efficient Construction of Static Single Assignment
//! Form" (CC 2013). A variable is written in a block and read in a block. A read that finds no definition in its
//! block asks the predecessors; where several meet, a block parameter is made. A block whose predecessors are not
//! all known yet (a loop's head) is *unsealed*: a read makes a parameter at once, and its arguments are filled in
//! when the block is sealed. Parameters that turn out to be trivial are removed at the end, by
//! [`tidy`](crate::passes::tidy).

use crate::ir::{
    Block, BlockId, Function, Inst, Instance, Op, Passing, Site, Terminator, Value, ValueData, ValueTy,
};
use crate::passes::threads::thread_jumps;
use dot_types::Ty;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

/// A variable of the function being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Variable(pub(crate) u32);

/// A block being built.
struct Draft<'db> {
    block: Block<'db>,
    preds: Vec<BlockId>,
    sealed: bool,
    /// Parameters that were made before the predecessors were known.
    incomplete: Vec<Variable>,
}

/// A function being built.
pub(crate) struct Builder<'db> {
    values: Vec<ValueData<'db>>,
    drafts: Vec<Draft<'db>>,
    definitions: FxHashMap<(Variable, BlockId), Value>,
    variables: Vec<ValueData<'db>>,
    current: Option<BlockId>,
    /// Block parameters whose arguments have still to be looked for. A list rather than recursion: a function may
    /// have as many places where paths meet as it likes.
    unfilled: Vec<(Variable, BlockId)>,
    /// The values of constants, and the places of block parameters, for [`Builder::constant`].
    constants: FxHashMap<Value, u64>,
    param_of: FxHashMap<Value, (BlockId, usize)>,
}

impl<'db> Builder<'db> {
    /// An empty function, at its entry.
    pub(crate) fn new() -> Self {
        let mut builder = Self {
            values: Vec::new(),
            drafts: Vec::new(),
            definitions: FxHashMap::default(),
            variables: Vec::new(),
            current: None,
            unfilled: Vec::new(),
            constants: FxHashMap::default(),
            param_of: FxHashMap::default(),
        };
        let entry = builder.block();
        builder.drafts[entry.0 as usize].sealed = true;
        builder.current = Some(entry);
        builder
    }

    /// A new variable.
    pub(crate) fn variable(&mut self, ty: Ty<'db>, name: Option<SmolStr>) -> Variable {
        self.variables.push(ValueData { ty: ValueTy::Data(ty), name });
        Variable(self.variables.len() as u32 - 1)
    }

    /// The type of a variable.
    pub(crate) fn variable_ty(&self, variable: Variable) -> Ty<'db> {
        match self.variables[variable.0 as usize].ty {
            ValueTy::Data(ty) | ValueTy::Token(ty) => ty,
        }
    }

    /// A new block without predecessors, to be sealed when all of them are known.
    pub(crate) fn block(&mut self) -> BlockId {
        let block = Block { params: Vec::new(), insts: Vec::new(), terminator: Terminator::Unreachable };
        self.drafts.push(Draft { block, preds: Vec::new(), sealed: false, incomplete: Vec::new() });
        BlockId(self.drafts.len() as u32 - 1)
    }

    /// Goes on at a block, or nowhere if nothing leads there. The block must be sealed by `seal` in the end.
    pub(crate) fn go(&mut self, block: BlockId) {
        self.current = Some(block);
    }

    /// Seals a block that has all its predecessors, and goes on there. `None` when nothing leads there.
    pub(crate) fn go_sealed(&mut self, block: BlockId) -> Option<()> {
        self.seal(block);
        let reached = !self.drafts[block.0 as usize].preds.is_empty();
        self.current = reached.then_some(block);
        reached.then_some(())
    }

    /// Where instructions are put now; none after a terminator.
    pub(crate) fn current(&self) -> Option<BlockId> {
        self.current
    }

    /// A parameter of the function.
    pub(crate) fn param(&mut self, ty: Ty<'db>, name: Option<SmolStr>) -> Value {
        let value = self.value(ValueData { ty: ValueTy::Data(ty), name });
        self.drafts[0].block.params.push(value);
        value
    }

    /// How many parameters the function has.
    pub(crate) fn param_count(&self) -> usize {
        self.drafts[0].block.params.len()
    }

    fn value(&mut self, data: ValueData<'db>) -> Value {
        self.values.push(data);
        Value(self.values.len() as u32 - 1)
    }

    /// The type of a value.
    pub(crate) fn ty(&self, value: Value) -> Ty<'db> {
        match self.values[value.0 as usize].ty {
            ValueTy::Data(ty) | ValueTy::Token(ty) => ty,
        }
    }

    /// Adds an instruction with one result.
    pub(crate) fn emit(&mut self, op: Op<'db>, ty: Ty<'db>, site: Option<Site<'db>>) -> Value {
        let value = self.value(ValueData { ty: ValueTy::Data(ty), name: None });
        if let Op::Const(bits) = op {
            self.constants.insert(value, bits);
        }
        self.push(op, vec![value], site);
        value
    }

    /// Adds an instruction with these results.
    pub(crate) fn emit_all(&mut self, op: Op<'db>, tys: &[Ty<'db>], site: Option<Site<'db>>) -> Vec<Value> {
        let results: Vec<Value> =
            tys.iter().map(|ty| self.value(ValueData { ty: ValueTy::Data(*ty), name: None })).collect();
        self.push(op, results.clone(), site);
        results
    }

    fn push(&mut self, op: Op<'db>, results: Vec<Value>, site: Option<Site<'db>>) {
        if let Some(current) = self.current {
            self.drafts[current.0 as usize].block.insts.push(Inst { op, results, site });
        }
    }

    /// Ends the current block.
    pub(crate) fn end(&mut self, terminator: Terminator<'db>) {
        if let Some(current) = self.current.take() {
            for succ in terminator.successors() {
                debug_assert!(!self.drafts[succ.0 as usize].sealed, "an edge to a sealed block");
                self.drafts[succ.0 as usize].preds.push(current);
            }
            self.drafts[current.0 as usize].block.terminator = terminator;
        }
    }

    /// Ends the current block by a jump.
    pub(crate) fn jump(&mut self, block: BlockId) {
        self.end(Terminator::Jump(block, Vec::new()));
    }

    /// Ends the current block by a branch.
    pub(crate) fn branch(&mut self, cond: Value, then_block: BlockId, else_block: BlockId) {
        let (then_args, else_args) = (Vec::new(), Vec::new());
        self.end(Terminator::Branch { cond, then_block, then_args, else_block, else_args });
    }

    /// Gives a variable a value from here on.
    pub(crate) fn write(&mut self, variable: Variable, value: Value) {
        if let Some(current) = self.current {
            let name = &self.variables[variable.0 as usize].name;
            let data = &mut self.values[value.0 as usize];
            if data.name.is_none() {
                data.name.clone_from(name);
            }
            self.definitions.insert((variable, current), value);
        }
    }

    /// What a variable holds here. One that was never written holds nothing meaningful.
    pub(crate) fn read(&mut self, variable: Variable) -> Value {
        let value = self.read_in(variable, self.current.unwrap_or(BlockId(0)));
        self.fill_all();
        value
    }

    /// Walks up chains of single predecessors; where paths meet, leaves a parameter to be filled.
    fn read_in(&mut self, variable: Variable, start: BlockId) -> Value {
        let mut chain = Vec::new();
        let mut block = start;
        let value = loop {
            if let Some(value) = self.definitions.get(&(variable, block)) {
                break *value;
            }
            chain.push(block);
            let draft = &self.drafts[block.0 as usize];
            match draft.preds.as_slice() {
                _ if !draft.sealed => {
                    let value = self.block_param(variable, block);
                    self.drafts[block.0 as usize].incomplete.push(variable);
                    break value;
                }
                [] => break self.undefined(variable),
                [pred] => block = *pred,
                _ => {
                    let value = self.block_param(variable, block);
                    self.unfilled.push((variable, block));
                    break value;
                }
            }
        };
        for block in chain {
            self.definitions.insert((variable, block), value);
        }
        value
    }

    fn block_param(&mut self, variable: Variable, block: BlockId) -> Value {
        let data = self.variables[variable.0 as usize].clone();
        let value = self.value(data);
        let params = &mut self.drafts[block.0 as usize].block.params;
        self.param_of.insert(value, (block, params.len()));
        params.push(value);
        value
    }

    fn fill_all(&mut self) {
        while let Some((variable, block)) = self.unfilled.pop() {
            self.fill(variable, block);
        }
    }

    /// Adds what the variable holds at the end of every predecessor to the edge from there.
    fn fill(&mut self, variable: Variable, block: BlockId) {
        let mut preds = self.drafts[block.0 as usize].preds.clone();
        preds.dedup();
        for pred in preds {
            let value = self.read_in(variable, pred);
            self.drafts[pred.0 as usize].block.terminator.map_edges(&mut |target, args| {
                if *target == block
                    && let Some(args) = args
                {
                    args.push(value);
                }
            });
        }
    }

    /// The value of a variable that no path has written: control never gets where it is used.
    fn undefined(&mut self, variable: Variable) -> Value {
        let data = self.variables[variable.0 as usize].clone();
        let value = self.value(data);
        let inst = Inst { op: Op::Const(0), results: vec![value], site: None };
        self.drafts[0].block.insts.insert(0, inst);
        value
    }

    /// Says that all predecessors of a block are known.
    pub(crate) fn seal(&mut self, block: BlockId) {
        if std::mem::replace(&mut self.drafts[block.0 as usize].sealed, true) {
            return;
        }
        for variable in std::mem::take(&mut self.drafts[block.0 as usize].incomplete) {
            self.unfilled.push((variable, block));
            // One after the other: the arguments of an edge are in the order of the parameters.
            self.fill_all();
        }
    }

    /// The bits that a value has on every path, as far as that is known by now: a constant, or a place where only such
    /// meet.
    pub(crate) fn constant(&self, value: Value) -> Option<u64> {
        let mut seen = FxHashSet::default();
        let mut todo = vec![value];
        let mut found = None;
        while let Some(value) = todo.pop() {
            if !seen.insert(value) {
                continue;
            }
            if let Some(bits) = self.constants.get(&value) {
                if found.is_some_and(|other| other != *bits) {
                    return None;
                }
                found = Some(*bits);
                continue;
            }
            let (block, index) = *self.param_of.get(&value)?;
            let draft = &self.drafts[block.0 as usize];
            if !draft.sealed {
                return None;
            }
            for pred in &draft.preds {
                self.drafts[pred.0 as usize].block.terminator.for_each_edge(&mut |target, args| {
                    if target == block {
                        todo.extend(args.get(index));
                    }
                });
            }
        }
        found
    }

    /// The function, tidied.
    pub(crate) fn finish(
        self,
        instance: Instance<'db>,
        name: SmolStr,
        params: Vec<Passing>,
        results: Vec<Ty<'db>>,
    ) -> Function<'db> {
        let blocks = self.drafts.into_iter().map(|draft| draft.block).collect();
        let values = self.values;
        let mut function = Function { instance, name, params, results, values, blocks, counted: false };
        thread_jumps(&mut function);
        function
    }
}
