//! The door: each step of an instance's way as a query.
//!
//! ```text
//! thir_body ─▶ lowered ─▶ counted                            debug
//!                 │
//!                 └─▶ optimised ─▶ counted_release           release
//! ```
//!
//! Everything is per instance. A function's counts depend on who owns the parameters of the functions it calls
//! ([`passing`]), on nothing else of them; so an edit in a body is seen by callers only when it changes that.

use crate::glue::check::entry;
use crate::glue::{glue, glue_passing};
use crate::ir::{Function, Instance, InstanceKind, Op, Passing};
use crate::lower::{Lowered, Refusal, lower};
use crate::passes::Env;
use crate::passes::borrow::infer_passing;
use crate::passes::counts::count;
use crate::passes::inline::Callees;
use crate::passes::optimise::optimise;
use crate::program::Program;
use crate::repr;
use dot_db::{Db, Item};
use dot_hir::{items_of, std_module};
use dot_types::thir::Body;
use dot_types::{AdtDef, FnSignature, Intrinsic, Ty};
use rustc_hash::FxHashSet;

/// [`Program`] over the database; and the evaluator's [`dot_eval::Program`], for constants.
#[derive(Clone, Copy)]
pub struct Queries<'db> {
    db: &'db dyn Db,
}

impl<'db> Queries<'db> {
    /// The program in a database.
    #[must_use]
    pub fn new(db: &'db dyn Db) -> Self {
        Self { db }
    }
}

impl<'db> Program<'db> for Queries<'db> {
    fn db(&self) -> &'db dyn Db {
        self.db
    }

    fn adt(&self, item: Item<'db>) -> Option<&'db AdtDef<'db>> {
        Some(dot_types::adt_def(self.db, item))
    }

    fn signature(&self, item: Item<'db>) -> Option<&'db FnSignature<'db>> {
        Some(dot_types::fn_signature(self.db, item))
    }

    fn body(&self, item: Item<'db>) -> Option<&'db Body<'db>> {
        dot_types::thir_body(self.db, item)?.as_ref().ok()
    }

    fn intrinsic(&self, item: Item<'db>) -> Option<Intrinsic> {
        dot_types::intrinsic_of(self.db, item)
    }

    fn std_item(&self, module: &str, name: &str) -> Option<Item<'db>> {
        let module = std_module(self.db, module)?;
        items_of(self.db, module)
            .iter()
            .copied()
            .find(|item| item.name(self.db) == name && item.owner(self.db).is_empty())
    }

    fn const_value(&self, item: Item<'db>) -> Option<dot_eval::Value<'db>> {
        dot_eval::eval_const(self, item, dot_eval::Limits::CONSTANT).ok()
    }

    fn is_boxed(&self, ty: Ty<'db>) -> bool {
        is_boxed(self.db, ty)
    }

    fn has_counts(&self, ty: Ty<'db>) -> bool {
        has_counts(self.db, ty)
    }

    fn has_handles(&self, ty: Ty<'db>) -> bool {
        has_handles(self.db, ty)
    }

    fn as_program(&self) -> &dyn Program<'db> {
        self
    }
}

impl<'db> dot_eval::Program<'db> for Queries<'db> {
    fn db(&self) -> &'db dyn Db {
        self.db
    }

    fn body(&self, item: Item<'db>) -> Option<&'db Body<'db>> {
        Program::body(self, item)
    }

    fn adt(&self, item: Item<'db>) -> Option<&'db AdtDef<'db>> {
        Program::adt(self, item)
    }

    fn intrinsic(&self, item: Item<'db>) -> Option<Intrinsic> {
        Program::intrinsic(self, item)
    }
}

/// Whether a value of this type is a cell of its own: it is a record or variant that can contain itself without
/// passing through a list, a map or a function. Changes with the declarations of the types in it.
#[salsa::tracked(returns(copy))]
pub fn is_boxed<'db>(db: &'db dyn Db, ty: Ty<'db>) -> bool {
    repr::compute_is_boxed(&Queries::new(db), ty)
}

/// Whether a value of this type owns something, counted memory or a handle. Changes with the declarations of the
/// types in it.
#[salsa::tracked(returns(copy))]
pub fn has_counts<'db>(db: &'db dyn Db, ty: Ty<'db>) -> bool {
    repr::compute_has_counts(&Queries::new(db), ty)
}

/// Whether a value of this type holds a handle, so that it can be moved but not copied. Changes with the
/// declarations of the types in it.
#[salsa::tracked(returns(copy))]
pub fn has_handles<'db>(db: &'db dyn Db, ty: Ty<'db>) -> bool {
    repr::compute_has_handles(&Queries::new(db), ty)
}

#[salsa::tracked(returns(as_ref))]
fn lowering<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Option<Lowered<'db>> {
    let program = Queries::new(db);
    // What nests deeper is refused by `instances`, and every walk over calls ends here.
    if crate::instances::is_too_deep(&program, instance) {
        return None;
    }
    let whole = |function| Lowered { function, refusals: Vec::new() };
    let lowered = match (instance.kind(db), glue_passing(instance.kind(db))) {
        (InstanceKind::Entry(_), _) => entry(&program, instance).map(whole),
        (_, Some(_)) => glue(&program, instance).map(whole),
        (_, None) => lower(&program, instance),
    }?;
    debug_assert_eq!(crate::verify::verify_uncounted(&program, &lowered.function), Ok(()));
    Some(lowered)
}

/// An instance as it was written: SSA, ownership not yet explicit. None for an imported function, and for one whose
/// body has errors. Runs again when the typed body changes, or a type in it.
#[must_use]
pub fn lowered<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Option<&'db Function<'db>> {
    lowering(db, instance).map(|lowered| &lowered.function)
}

/// What this compiler can't compile yet in an instance. A function with refusals must not be run.
#[must_use]
pub fn refusals<'db>(db: &'db dyn Db, instance: Instance<'db>) -> &'db [Refusal<'db>] {
    lowering(db, instance).map_or(&[], |lowered| &lowered.refusals)
}

/// Who owns an instance's parameters in a debug build. Depends on the bodies of what it calls, but changes seldom.
#[salsa::tracked(cycle_initial = all_borrowed)]
pub fn passing<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Vec<Passing> {
    passing_of(db, instance, lowered(db, instance), &|callee| passing(db, callee).clone())
}

/// Who owns an instance's parameters in a release build.
#[salsa::tracked(cycle_initial = all_borrowed)]
pub fn release_passing<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Vec<Passing> {
    passing_of(db, instance, optimised(db, instance), &|callee| release_passing(db, callee).clone())
}

fn passing_of<'db>(
    db: &'db dyn Db,
    instance: Instance<'db>,
    function: Option<&Function<'db>>,
    passing: &dyn Fn(Instance<'db>) -> Vec<Passing>,
) -> Vec<Passing> {
    match (function, glue_passing(instance.kind(db))) {
        (_, Some(fixed)) => fixed,
        (Some(function), None) => infer_passing(function, &Env { program: &Queries::new(db), passing }),
        (None, None) => Vec::new(),
    }
}

/// The assumption that the fixpoint starts from: of a group of functions that call each other, all borrow. A body
/// that proves the contrary for one parameter makes its callers look again.
fn all_borrowed<'db>(db: &'db dyn Db, _id: salsa::Id, instance: Instance<'db>) -> Vec<Passing> {
    let count = lowered(db, instance).map_or(0, |function| function.params.len());
    vec![Passing::Borrowed; count]
}

/// An instance of a debug build: lowered and counted.
#[salsa::tracked(returns(as_ref))]
pub fn counted<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Option<Function<'db>> {
    let callee = |callee: Instance<'db>| passing(db, callee).clone();
    counted_of(db, lowered(db, instance)?, passing(db, instance).clone(), &callee)
}

/// An instance of a release build: lowered, optimised and counted.
#[salsa::tracked(returns(as_ref))]
pub fn counted_release<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Option<Function<'db>> {
    let callee = |callee: Instance<'db>| release_passing(db, callee).clone();
    counted_of(db, optimised(db, instance)?, release_passing(db, instance).clone(), &callee)
}

fn counted_of<'db>(
    db: &'db dyn Db,
    function: &Function<'db>,
    own: Vec<Passing>,
    passing: &dyn Fn(Instance<'db>) -> Vec<Passing>,
) -> Option<Function<'db>> {
    let program = Queries::new(db);
    let env = Env { program: &program, passing };
    let mut function = function.clone();
    count(&mut function, own, &env);
    if cfg!(debug_assertions)
        && let Err(error) = crate::verify::verify_counted(&function, &env)
    {
        let text = crate::print::print_function(db, &function, &|op, n| env.consumes(op, n));
        panic!("counts are wrong: {error}\n{text}");
    }
    Some(function)
}

/// Where the edges of an instance lead in the call graph, as it was lowered; see [`crate::recursion`].
#[salsa::tracked(returns(ref))]
pub(crate) fn callees<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Vec<Instance<'db>> {
    lowered(db, instance)
        .map_or_else(Vec::new, |function| crate::recursion::edges(&Queries::new(db), function))
}

/// How many functions are looked at to find out whether one can call itself.
const LARGEST_SEARCH: usize = 200;

/// Whether a call of an instance may lead to another one of it. Function values that it makes count as called. Where
/// too many functions are reached to tell cheaply, the answer is that it may. Depends on all bodies that it reaches.
#[salsa::tracked(returns(copy))]
pub fn is_recursive<'db>(db: &'db dyn Db, instance: Instance<'db>) -> bool {
    let mut seen = FxHashSet::default();
    let mut todo = vec![instance];
    while let Some(next) = todo.pop() {
        let Some(function) = lowered(db, next) else { continue };
        for inst in function.blocks.iter().flat_map(|block| &block.insts) {
            if let Op::Call(callee, _) | Op::MakeClosure(callee, _) = &inst.op {
                if *callee == instance || seen.len() > LARGEST_SEARCH {
                    return true;
                }
                if seen.insert(*callee) {
                    todo.push(*callee);
                }
            }
        }
    }
    false
}

/// An instance with its calls inlined and its code simplified, uncounted. Depends on the bodies it inlines.
#[salsa::tracked(returns(as_ref))]
pub fn optimised<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Option<Function<'db>> {
    let program = Queries::new(db);
    let mut function = lowered(db, instance)?.clone();
    if matches!(instance.kind(db), InstanceKind::DropGlue | InstanceKind::DupGlue) {
        return Some(function);
    }
    let callees = Callees {
        program: &program,
        body: &|callee| lowered(db, callee),
        is_recursive: &|callee| is_recursive(db, callee),
    };
    optimise(&mut function, &callees);
    debug_assert_eq!(crate::verify::verify_uncounted(&program, &function), Ok(()));
    Some(function)
}
