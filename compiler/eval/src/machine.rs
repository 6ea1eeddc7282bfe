//! The state of an evaluation, and calls.
//!
//! A function is evaluated as an *instance*: its body with type arguments, about which a few facts are worked
//! out once ([`Instance`]). Each open call has a [`Frame`] with its locals. Rust's stack is the evaluator's; it
//! grows on the heap where it runs short, so the depth of a program's calls is limited by the language's rule
//! (see [`call_graph`](crate::call_graph)) and not by the thread.

use crate::call_graph::CallGraph;
use crate::each::OpenLoop;
use crate::failure::{Cause, Failure, Limit, Limits};
use crate::moves::Moves;
use crate::number::NumberTrap;
use crate::program::Program;
use crate::replaced::{Replacements, WithSite};
use crate::value::{ClosureValue, Value};
use dot_db::{Db, Item};
use dot_types::thir::{Body, Closure, ExprId, ExprKind, LocalId, Param, TrapKind};
use dot_types::{FloatKind, IntKind, Intrinsic, Mode, Ty, TyKind};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// How an expression ends without a value.
pub(crate) enum Exit<'db> {
    Break,
    Continue,
    Return(Value<'db>),
    /// Leaves all calls down to an open loop over an `each`, which knows why.
    Leave(usize),
    Fail(Box<Failure<'db>>),
}

/// What evaluating an expression gives.
pub(crate) type Flow<'db, T = Value<'db>> = Result<T, Exit<'db>>;

/// What numbers an expression has to do with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    Int(IntKind),
    Float(FloatKind),
    None,
}

impl Number {
    /// The numeric type of a type, or of what an option of it holds.
    pub(crate) fn of<'db>(db: &'db dyn Db, ty: Ty<'db>) -> Self {
        match ty.kind(db) {
            TyKind::Int(kind) => Self::Int(*kind),
            TyKind::Float(kind) => Self::Float(*kind),
            TyKind::Option(item) => Self::of(db, *item),
            _ => Self::None,
        }
    }
}

/// A body with type arguments.
pub(crate) struct Instance<'db> {
    pub(crate) item: Item<'db>,
    pub(crate) type_args: Arc<[Ty<'db>]>,
    pub(crate) body: &'db Body<'db>,
    /// By expression.
    pub(crate) numbers: Vec<Number>,
    pub(crate) moves: Moves,
    /// Whether calls of it count for the depth.
    recursive: bool,
    /// What each call expression calls, once it has been worked out.
    targets: RefCell<FxHashMap<ExprId, Target<'db>>>,
}

/// What a call calls.
#[derive(Clone)]
pub(crate) enum Target<'db> {
    Instance(Rc<Instance<'db>>),
    Intrinsic(Intrinsic, Arc<[Ty<'db>]>),
    Import(Item<'db>),
    Value(Value<'db>),
}

/// The locals of an open call.
pub(crate) struct Frame<'db> {
    pub(crate) instance: Rc<Instance<'db>>,
    locals: Vec<Value<'db>>,
}

impl<'db> Frame<'db> {
    fn new(instance: &Rc<Instance<'db>>) -> Self {
        let locals = vec![Value::Unit; instance.body.locals.len()];
        Self { instance: Rc::clone(instance), locals }
    }

    /// Takes the frame away, to be given back; nothing is left but its instance.
    pub(crate) fn lend(&mut self) -> Self {
        Self { instance: Rc::clone(&self.instance), locals: std::mem::take(&mut self.locals) }
    }

    /// The value of a local.
    pub(crate) fn local(&mut self, id: LocalId) -> &mut Value<'db> {
        &mut self.locals[id.0 as usize]
    }

    /// The type of an expression, with the call's type arguments.
    pub(crate) fn ty(&self, db: &'db dyn Db, id: ExprId) -> Ty<'db> {
        self.instance.body.expr(id).ty.substitute(db, &self.instance.type_args)
    }

    /// A failure at an expression.
    pub(crate) fn fail(&self, id: ExprId, cause: Cause) -> Exit<'db> {
        let mut failure = Failure::new(cause);
        failure.trace.push((self.instance.item, id));
        Exit::Fail(Box::new(failure))
    }

    pub(crate) fn trap(&self, id: ExprId, kind: TrapKind, message: impl Into<String>) -> Exit<'db> {
        self.fail(id, Cause::Trap { kind, message: message.into() })
    }

    pub(crate) fn number_trap(&self, id: ExprId, trap: NumberTrap) -> Exit<'db> {
        self.trap(id, trap.kind, trap.message)
    }

    /// A tree that the checker would not have made.
    pub(crate) fn malformed(&self, id: ExprId) -> Exit<'db> {
        self.fail(id, Cause::Internal("a body that was not checked".to_owned()))
    }
}

/// The state of an evaluation.
pub(crate) struct Machine<'p, 'db> {
    pub(crate) program: &'p dyn Program<'db>,
    pub(crate) db: &'db dyn Db,
    pub(crate) limits: Limits,
    fuel: u64,
    depth: u32,
    instances: FxHashMap<(Item<'db>, Arc<[Ty<'db>]>), Rc<Instance<'db>>>,
    /// The constants evaluated so far; `None` while one is being evaluated.
    constants: FxHashMap<Item<'db>, Option<Value<'db>>>,
    graph: CallGraph<'db>,
    /// The loops over an `each` that are open, innermost last.
    pub(crate) loops: Vec<OpenLoop<'db>>,
    /// What is replaced where the code stands that runs now.
    pub(crate) replaced: Replacements<'db>,
    /// What stands for replaced functions, by the `with` that says so. Nothing while it is being called.
    pub(crate) stand_ins: FxHashMap<WithSite<'db>, Value<'db>>,
}

/// When less of the stack than this is left, a call goes on in a new segment. Between two calls there may be an
/// expression of the greatest depth that the parser allows.
const RED_ZONE: usize = 8 << 20;
/// How large a new segment is; only what is used of it takes memory.
const SEGMENT: usize = 64 << 20;

impl<'p, 'db> Machine<'p, 'db> {
    pub(crate) fn new(program: &'p dyn Program<'db>, limits: Limits) -> Self {
        Self {
            program,
            db: program.db(),
            limits,
            fuel: limits.fuel,
            depth: 0,
            instances: FxHashMap::default(),
            constants: FxHashMap::default(),
            graph: CallGraph::default(),
            loops: Vec::new(),
            replaced: Replacements::default(),
            stand_ins: FxHashMap::default(),
        }
    }

    /// Uses up fuel for this much work.
    pub(crate) fn burn(&mut self, work: usize) -> Result<(), Cause> {
        match self.fuel.checked_sub(work as u64) {
            Some(left) => {
                self.fuel = left;
                Ok(())
            }
            None => Err(Cause::Limit(Limit::Fuel)),
        }
    }

    /// Checks that a list may have this many elements, and pays for `new` of them.
    pub(crate) fn grow_list(&mut self, len: usize, new: usize) -> Result<(), Cause> {
        let bytes = (len as u64).saturating_mul(size_of::<Value<'_>>() as u64);
        if bytes > self.limits.bytes || u32::try_from(len).is_err() {
            return Err(Cause::Limit(Limit::Memory));
        }
        self.burn(new)
    }

    /// Checks that a string may have this many bytes, and pays for `new` of them.
    pub(crate) fn grow_string(&mut self, len: usize, new: usize) -> Result<(), Cause> {
        if len as u64 > self.limits.bytes || u32::try_from(len).is_err() {
            return Err(Cause::Limit(Limit::Memory));
        }
        self.burn(new / 8)
    }

    fn instance(&mut self, item: Item<'db>, type_args: &Arc<[Ty<'db>]>) -> Option<Rc<Instance<'db>>> {
        let key = (item, Arc::clone(type_args));
        if let Some(instance) = self.instances.get(&key) {
            return Some(Rc::clone(instance));
        }
        let body = self.program.body(item)?;
        let recursive = self.graph.is_recursive(self.program, &key);
        let instance = self.instantiate(item, type_args, body, recursive);
        self.instances.insert(key, Rc::clone(&instance));
        Some(instance)
    }

    fn instantiate(
        &self,
        item: Item<'db>,
        type_args: &Arc<[Ty<'db>]>,
        body: &'db Body<'db>,
        recursive: bool,
    ) -> Rc<Instance<'db>> {
        let numbers =
            body.exprs.iter().map(|expr| Number::of(self.db, expr.ty.substitute(self.db, type_args)));
        Rc::new(Instance {
            item,
            type_args: Arc::clone(type_args),
            body,
            numbers: numbers.collect(),
            moves: Moves::of(body),
            recursive,
            targets: RefCell::default(),
        })
    }

    /// What a function's name stands for.
    pub(crate) fn target(&mut self, item: Item<'db>, type_args: Arc<[Ty<'db>]>) -> Target<'db> {
        if let Some(op) = self.program.intrinsic(item) {
            return Target::Intrinsic(op, type_args);
        }
        self.instance(item, &type_args).map_or(Target::Import(item), Target::Instance)
    }

    /// What the call `id` by name calls, worked out at its first evaluation.
    pub(crate) fn call_target(
        &mut self,
        frame: &Frame<'db>,
        id: ExprId,
        make: impl FnOnce(&mut Self, &[Ty<'db>]) -> Target<'db>,
    ) -> Target<'db> {
        if let Some(target) = frame.instance.targets.borrow().get(&id) {
            return target.clone();
        }
        let target = make(self, &frame.instance.type_args);
        frame.instance.targets.borrow_mut().insert(id, target.clone());
        target
    }

    /// Calls with arguments in order; the final values of `inout` parameters take their arguments' places.
    pub(crate) fn invoke(&mut self, target: &Target<'db>, args: &mut [Value<'db>]) -> Flow<'db> {
        match target {
            Target::Instance(instance) => {
                let body = instance.body;
                self.enter(instance.recursive, |machine| {
                    machine.run(Frame::new(instance), &body.params, body.root, args)
                })
            }
            Target::Intrinsic(op, type_args) => {
                if matches!(op, Intrinsic::Encode | Intrinsic::Decode) {
                    return self.encoding_op(*op, type_args, args);
                }
                if let (Intrinsic::Shape, Some(ty)) = (*op, type_args.first()) {
                    let bytes = self.shape(*ty);
                    return Ok(Value::list(bytes.into_iter().map(Value::int).collect()));
                }
                if let Some(value) = self.own_intrinsic(*op, type_args, args)? {
                    return Ok(value);
                }
                self.intrinsic(*op, type_args, args)
                    .map_err(|cause| Exit::Fail(Box::new(Failure::new(cause))))
            }
            Target::Import(item) => {
                let name = item.name(self.db).to_string();
                Err(Exit::Fail(Box::new(Failure::new(Cause::Import { name }))))
            }
            Target::Value(Value::Closure(closure)) => self.where_replaced(&closure.replaced, |machine| {
                machine.enter(true, |machine| machine.run_closure(closure, args))
            }),
            Target::Value(Value::Fn(function)) => {
                let target = self.target(function.item, Arc::clone(&function.type_args));
                self.where_replaced(&function.replaced, |machine| {
                    machine.enter(true, |machine| machine.call_item(function.item, &target, args))
                })
            }
            Target::Value(Value::Visitor(number)) => {
                self.enter(false, |machine| machine.turn_of(*number, args))
            }
            Target::Value(_) => Err(internal("a call of what is no function")),
        }
    }

    fn run_closure(&mut self, closure: &ClosureValue<'db>, args: &mut [Value<'db>]) -> Flow<'db> {
        let Some(instance) = self.instance(closure.item, &closure.type_args) else {
            return Err(internal("a closure without a body"));
        };
        let ExprKind::Closure(code) = &instance.body.expr(closure.expr).kind else {
            return Err(internal("a closure that is none"));
        };
        let Closure { params, captures, body, .. } = &**code;
        let mut frame = Frame::new(&instance);
        for ((_, inside), value) in captures.iter().zip(&closure.captures.0) {
            *frame.local(*inside) = value.clone();
        }
        self.run(frame, params, *body, args)
    }

    fn run(
        &mut self,
        mut frame: Frame<'db>,
        params: &[Param],
        root: ExprId,
        args: &mut [Value<'db>],
    ) -> Flow<'db> {
        if params.len() != args.len() {
            return Err(internal("a call with the wrong number of arguments"));
        }
        for (param, arg) in params.iter().zip(args.iter_mut()) {
            *frame.local(param.local) = std::mem::replace(arg, Value::Unit);
        }
        let result = match self.eval(&mut frame, root) {
            Ok(value) | Err(Exit::Return(value)) => value,
            Err(exit) => return Err(exit),
        };
        for (param, arg) in params.iter().zip(args.iter_mut()) {
            if param.mode == Mode::InOut {
                *arg = std::mem::replace(frame.local(param.local), Value::Unit);
            }
        }
        Ok(result)
    }

    /// Opens a call: counts it, and makes sure that there is room on the stack.
    fn enter<T>(&mut self, counts: bool, call: impl FnOnce(&mut Self) -> Flow<'db, T>) -> Flow<'db, T> {
        if counts {
            if self.depth >= self.limits.depth {
                return Err(Exit::Fail(Box::new(Failure::new(Cause::Limit(Limit::Depth)))));
            }
            self.depth += 1;
        }
        let result = stacker::maybe_grow(RED_ZONE, SEGMENT, || call(self));
        self.depth -= u32::from(counts);
        result
    }

    /// The default value of a parameter or field, which sees no parameter and so has no type arguments.
    pub(crate) fn default_value(&mut self, item: Item<'db>, index: u32) -> Flow<'db> {
        let Some(body) = self.program.default_body(item, index) else {
            return Err(internal("a default value that is not there"));
        };
        let instance = self.instantiate(item, &Arc::from([]), body, false);
        self.invoke(&Target::Instance(instance), &mut [])
    }

    /// The value of a constant, evaluated once.
    pub(crate) fn constant(&mut self, item: Item<'db>) -> Flow<'db> {
        match self.constants.get(&item) {
            Some(Some(value)) => return Ok(value.clone()),
            Some(None) => return Err(internal("a constant that needs its own value")),
            None => {}
        }
        self.constants.insert(item, None);
        let target = self.target(item, Arc::from([]));
        let value = self.enter(false, |machine| machine.invoke(&target, &mut []))?;
        self.constants.insert(item, Some(value.clone()));
        Ok(value)
    }
}

pub(crate) fn internal<'db>(what: &str) -> Exit<'db> {
    Exit::Fail(Box::new(Failure::new(Cause::Internal(what.to_owned()))))
}
