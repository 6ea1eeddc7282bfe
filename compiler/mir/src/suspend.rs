//! Where a function can be suspended: at the calls that may wait (`effect.wait`).
//!
//! The source has no marks for them, and neither has MIR: whether a call waits follows from what is called, so it is asked
//! here, of functions as they were lowered and as they were optimised alike.

use crate::ir::{Instance, Op};
use crate::queries::lowered;
use dot_db::{Db, Item, Module, Origin, modules_of, packages_of};
use dot_hir::wit::component_effects;
use dot_hir::{import_of, items_of};

/// Whether an instruction may wait.
#[must_use]
pub fn waits<'db>(db: &'db dyn Db, op: &Op<'db>) -> bool {
    match op {
        Op::CallImport(item, _) => import_waits(db, *item),
        Op::Call(callee, _) => may_suspend(db, *callee),
        // Which function a value is isn't known here. In a project that uses nothing that waits, none does.
        Op::CallClosure(..) => project_waits(db),
        _ => false,
    }
}

/// Whether a call of an imported function may wait: by what is known of it, or since the component that has it may call
/// one that waits.
fn import_waits(db: &dyn Db, item: Item<'_>) -> bool {
    import_of(db, item).is_some_and(|import| import.waits)
        || dot_hir::wit::provider_of(db, item.module(db)).is_some_and(|component| {
            component_effects(db, component).iter().any(|module| interface_waits(db, *module))
        })
}

/// Whether an interface has a function that waits.
fn interface_waits(db: &dyn Db, module: Module<'_>) -> bool {
    items_of(db, module).iter().any(|function| import_of(db, *function).is_some_and(|import| import.waits))
}

/// Whether a call of an instance may be suspended. Depends on the bodies of all that it calls, but changes seldom.
#[salsa::tracked(returns(copy), cycle_initial = never)]
pub fn may_suspend<'db>(db: &'db dyn Db, instance: Instance<'db>) -> bool {
    let function = lowered(db, instance);
    function.is_some_and(|f| f.blocks.iter().flat_map(|b| &b.insts).any(|inst| waits(db, &inst.op)))
}

/// The assumption that the fixpoint starts from: what only calls itself waits for nothing.
fn never<'db>(_db: &'db dyn Db, _id: salsa::Id, _instance: Instance<'db>) -> bool {
    false
}

/// Whether some function of the project's packages uses an interface that has a function which waits.
fn project_waits(db: &dyn Db) -> bool {
    let user = packages_of(db).iter().filter(|package| package.origin(db) == Origin::User);
    let modules = user.flat_map(|package| modules_of(db, *package));
    let items = modules.flat_map(|module| items_of(db, *module));
    let mut effects = items.flat_map(|item| dot_types::effects_of(db, *item));
    effects.any(|module| interface_waits(db, *module))
}
