//! Typed HIR to MIR: one instance of one function.
//!
//! Lowering substitutes type arguments, turns variables into values ([`crate::build`]) and spells out everything
//! that the tree says at once: patterns become tests and projections, loops become blocks, a place that is changed
//! is taken apart and put together again so that a value nobody else has is changed in place.
//!
//! A lowering function gives `None` when control never comes out of what it lowered; `?` passes that on, and
//! nothing is emitted after it.
//!
//! | | |
//! |---|---|
//! | [`expr`] | expressions that aren't one of those below |
//! | [`control`] | conditions, `if`, `match`, blocks, `return` |
//! | [`loops`] | `while`, `for` |
//! | [`each`] | `for` over an `each` |
//! | [`pattern`], [`text`] | tests and bindings |
//! | [`place`] | assignments and `inout` arguments |
//! | [`call`] | calls and closures |
//! | [`string`] | interpolation |
//! | [`handle`] | the ends of scopes |
//! | [`with`] | replaced functions |

mod call;
mod control;
mod each;
mod expr;
mod handle;
mod literal;
mod loops;
mod pattern;
mod place;
mod string;
mod text;
mod with;

use crate::build::{Builder, Variable};
use crate::ir::{
    BlockId, Function, Instance, InstanceKind, Op, Passing, Replacements, Site, Terminator, Value,
};
use crate::print::instance_name;
use crate::program::Program;
use crate::repr::lower_ty;
use dot_db::Item;
use dot_types::thir::{Body, ExprId, ExprKind, LocalId, Param, TrapKind};
use dot_types::{IntKind, Mode, Ty, TyKind};
use rustc_hash::FxHashMap;
use with::OpenWith;

/// Something that a program may say and this compiler doesn't compile yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Refusal<'db> {
    /// Where.
    pub site: Site<'db>,
    /// What, as the subject of "… can't be compiled yet".
    pub what: &'static str,
}

/// A lowered function, and what had to be left out of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Lowered<'db> {
    /// The function, uncounted.
    pub function: Function<'db>,
    /// What was refused; where there is something, the function must not be run.
    pub refusals: Vec<Refusal<'db>>,
}

/// Expressions that nest deeper are refused, so that no input overflows the stack.
const DEEPEST: u32 = 1_000;

/// Where `break` and `continue` go.
struct LoopBlocks {
    leave: BlockId,
    next: BlockId,
    /// How many scopes are open around the loop's body.
    scopes: usize,
}

/// How a function's code is left.
#[derive(Clone, Copy)]
enum Exit<'db> {
    /// With its value.
    Plain,
    /// With its value, or because a visitor that it calls said so.
    Fallible { result: Ty<'db> },
    /// The code is the body of a loop: with a turn's end, or the loop's, or that of the function around.
    Loop { result: Ty<'db>, left: Ty<'db> },
}

/// The state of lowering one function.
pub(crate) struct Lowerer<'a, 'db> {
    program: &'a dyn Program<'db>,
    instance: Instance<'db>,
    item: Item<'db>,
    body: &'a Body<'db>,
    type_args: &'a [Ty<'db>],
    b: Builder<'db>,
    locals: FxHashMap<LocalId, Variable>,
    types: FxHashMap<Ty<'db>, Ty<'db>>,
    loops: Vec<LoopBlocks>,
    /// The open scopes with the locals in them that hold handles, and whether those still do.
    scopes: Vec<Vec<LocalId>>,
    held: FxHashMap<LocalId, Variable>,
    /// The `inout` parameters, whose final values are results.
    inout: Vec<LocalId>,
    exit: Exit<'db>,
    /// The visitors that stand in the place of parameters.
    visitors: FxHashMap<LocalId, each::Known<'db>>,
    /// What visitors may change, whose final values are results too.
    states: Vec<each::State>,
    /// What is replaced where the code stands that is being lowered.
    replaced: Option<Replacements<'db>>,
    /// The blocks of `with` around it.
    open_withs: Vec<OpenWith<'db>>,
    refusals: Vec<Refusal<'db>>,
    /// The expression being lowered, for sites.
    at: ExprId,
    depth: u32,
}

/// Lowers an item's function, a closure or a constant. `None` when the instance has no body.
pub(crate) fn lower<'db>(program: &dyn Program<'db>, instance: Instance<'db>) -> Option<Lowered<'db>> {
    let db = program.db();
    let type_args = instance.type_args(db);
    let (item, closure, replaced) = match instance.kind(db) {
        InstanceKind::Item(item) | InstanceKind::Const(item) => (item, None, None),
        InstanceKind::Closure(item, expr) => (item, Some(expr), None),
        InstanceKind::ItemIn(item, replaced) => (item, None, Some(replaced)),
        InstanceKind::ClosureIn(item, expr, replaced) => (item, Some(expr), Some(replaced)),
        InstanceKind::Copy(item, _, replaced) => (item, None, replaced),
        InstanceKind::Visitor(visitor) => {
            (crate::visit::item_of(program, instance)?, Some(visitor.expr(db)), visitor.replaced(db))
        }
        _ => return None,
    };
    let body = program.body(item)?;
    let at = closure.unwrap_or(body.root);
    let new = || Lowerer {
        program,
        instance,
        item,
        body,
        type_args,
        b: Builder::new(),
        locals: FxHashMap::default(),
        types: FxHashMap::default(),
        loops: Vec::new(),
        scopes: vec![Vec::new()],
        held: FxHashMap::default(),
        inout: Vec::new(),
        exit: Exit::Plain,
        visitors: FxHashMap::default(),
        states: Vec::new(),
        replaced,
        open_withs: Vec::new(),
        refusals: Vec::new(),
        at,
        depth: 0,
    };
    if let InstanceKind::Const(_) = instance.kind(db)
        && let Some(function) = new().constant_function(instance)
    {
        return Some(Lowered { function, refusals: Vec::new() });
    }
    let mut lowerer = new();
    let (passing, results) = match (instance.kind(db), closure.map(|expr| &body.expr(expr).kind)) {
        (InstanceKind::Copy(_, visitors, _), _) => lowerer.copy(visitors),
        (InstanceKind::Visitor(visitor), _) => lowerer.visitor(visitor)?,
        (_, None) => lowerer.function(&[], &body.params, body.ret, body.root),
        (_, Some(ExprKind::Closure(closure))) => {
            let captures: Vec<LocalId> = closure.captures.iter().map(|(_, inside)| *inside).collect();
            lowerer.function(&captures, &closure.params, closure.ret, closure.body)
        }
        (_, Some(ExprKind::FnValue { item, type_args })) => lowerer.fn_value_body(*item, type_args),
        (_, Some(_)) => return None,
    };
    let Lowerer { b, refusals, .. } = lowerer;
    let function = b.finish(instance, instance_name(db, instance).into(), passing, results);
    Some(Lowered { function, refusals })
}

impl<'a, 'db> Lowerer<'a, 'db> {
    /// Lowers a whole body; says how its parameters are passed (before counts decide) and what it returns.
    fn function(
        &mut self,
        captures: &[LocalId],
        params: &[Param],
        ret: Ty<'db>,
        root: ExprId,
    ) -> (Vec<Passing>, Vec<Ty<'db>>) {
        for local in captures.iter().copied().chain(params.iter().map(|p| p.local)) {
            let (ty, name) = (self.local_ty(local), self.body.local(local).name.clone());
            let value = self.b.param(ty, (!name.is_empty()).then_some(name));
            self.write_local(local, value);
        }
        params.iter().filter(|p| p.mode == Mode::In).for_each(|p| self.bound(p.local));
        self.inout = params.iter().filter(|p| p.mode == Mode::InOut).map(|p| p.local).collect();
        if let Some(value) = self.expr(root) {
            self.give_back(value);
        }
        let passing = captures.iter().map(|_| Passing::Borrowed).chain(params.iter().map(|_| Passing::Owned));
        let mut results = vec![self.lower_ty(ret)];
        for local in self.inout.clone() {
            results.push(self.local_ty(local));
        }
        (passing.collect(), results)
    }

    /// The function that makes a constant's value, if that can be written down.
    fn constant_function(mut self, instance: Instance<'db>) -> Option<Function<'db>> {
        let ty = self.lower_ty(self.body.ret);
        let value = self.program.const_value(self.item)?;
        let made = self.made(&value, ty, 0)?;
        self.give_back(made);
        let name = instance_name(self.program.db(), instance).into();
        Some(self.b.finish(instance, name, Vec::new(), vec![ty]))
    }

    /// Returns a value and what the `inout` parameters and the states hold now.
    fn give_back(&mut self, value: Value) {
        self.leave_withs(0);
        self.drop_scopes(0);
        let mut values = vec![value];
        for local in self.inout.clone() {
            values.push(self.read_local(local));
        }
        values.extend(self.state_values());
        self.b.end(Terminator::Return(values));
    }

    /// The type that stands for `ty` here: type arguments in place, maps as std's records.
    fn lower_ty(&mut self, ty: Ty<'db>) -> Ty<'db> {
        if let Some(known) = self.types.get(&ty) {
            return *known;
        }
        let lowered = lower_ty(self.program, ty.substitute(self.program.db(), self.type_args));
        self.types.insert(ty, lowered);
        lowered
    }

    fn lower_tys(&mut self, tys: &[Ty<'db>]) -> Vec<Ty<'db>> {
        tys.iter().map(|ty| self.lower_ty(*ty)).collect()
    }

    /// The type of an expression's value.
    fn expr_ty(&mut self, expr: ExprId) -> Ty<'db> {
        self.lower_ty(self.body.expr(expr).ty)
    }

    fn local_ty(&mut self, local: LocalId) -> Ty<'db> {
        self.lower_ty(self.body.local(local).ty)
    }

    fn local(&mut self, local: LocalId) -> Variable {
        if let Some(variable) = self.locals.get(&local) {
            return *variable;
        }
        let name = self.body.local(local).name.clone();
        let ty = self.local_ty(local);
        let variable = self.b.variable(ty, (!name.is_empty()).then_some(name));
        self.locals.insert(local, variable);
        variable
    }

    fn read_local(&mut self, local: LocalId) -> Value {
        let variable = self.local(local);
        self.b.read(variable)
    }

    fn write_local(&mut self, local: LocalId, value: Value) {
        let variable = self.local(local);
        self.b.write(variable, value);
    }

    /// Runs `lower` so that what it emits stands where the expression `at` does.
    fn blaming<T>(&mut self, at: ExprId, lower: impl FnOnce(&mut Self) -> T) -> T {
        let around = std::mem::replace(&mut self.at, at);
        let lowered = lower(self);
        self.at = around;
        lowered
    }

    /// Where the expression being lowered stands.
    fn site(&self) -> Option<Site<'db>> {
        Some(Site { item: self.item, expr: self.at })
    }

    fn emit(&mut self, op: Op<'db>, ty: Ty<'db>) -> Value {
        let site = self.site();
        self.b.emit(op, ty, site)
    }

    fn kind_ty(&self, kind: TyKind<'db>) -> Ty<'db> {
        Ty::new(self.program.db(), kind)
    }

    fn bool_ty(&self) -> Ty<'db> {
        self.kind_ty(TyKind::Bool)
    }

    fn u32_ty(&self) -> Ty<'db> {
        self.kind_ty(TyKind::Int(IntKind::U32))
    }

    fn string_ty(&self) -> Ty<'db> {
        self.kind_ty(TyKind::String)
    }

    fn unit(&mut self) -> Value {
        let ty = Ty::unit(self.program.db());
        self.emit(Op::MakeRecord { parts: Vec::new(), reuse: None }, ty)
    }

    fn const_u32(&mut self, number: u32) -> Value {
        let ty = self.u32_ty();
        self.emit(Op::Const(number.into()), ty)
    }

    fn static_string(&mut self, text: &str) -> Value {
        let ty = self.string_ty();
        self.emit(Op::StaticString(text.as_bytes().into()), ty)
    }

    /// Ends the current block with a trap.
    fn trap(&mut self, kind: TrapKind, message: Option<Value>) {
        let site = self.site();
        self.b.end(Terminator::Trap { kind, message, about: None, site });
    }

    /// Ends the current block with a trap that tells a value.
    fn trap_about(&mut self, kind: TrapKind, value: Value) {
        let site = self.site();
        self.b.end(Terminator::Trap { kind, message: None, about: Some(value), site });
    }

    /// Refuses what is being lowered.
    fn refuse<T>(&mut self, what: &'static str) -> Option<T> {
        self.refusals.push(Refusal { site: Site { item: self.item, expr: self.at }, what });
        self.b.end(Terminator::Unreachable);
        None
    }

    /// Calls a function of std that has one result beside its `inout` ones.
    fn call_std(
        &mut self,
        function: (&str, &str),
        type_args: Vec<Ty<'db>>,
        args: Vec<Value>,
        results: &[Ty<'db>],
    ) -> Option<Vec<Value>> {
        let Some(item) = self.program.std_item(function.0, function.1) else {
            return self.refuse("an operation without its function in the standard library");
        };
        let instance = Instance::new(self.program.db(), InstanceKind::Item(item), type_args);
        let site = self.site();
        Some(self.b.emit_all(Op::Call(instance, args), results, site))
    }
}
