//! Ambient effects: those that a package's manifest says of all its functions, so that these needn't.
//!
//! They are effects like any other: they are found, shown and imported. Only what is written is less. A package that depends
//! on this one doesn't see its manifest, so there its functions have what they say *and* what of the ambient they use.

use super::{declared_effects, effects_of};
use dot_db::{Db, Item, Module, Package};

/// Whether functions of a package needn't say that they use an interface.
pub(super) fn is_ambient(db: &dyn Db, package: Package, interface: Module<'_>) -> bool {
    let path = interface.path(db).as_str();
    let name = path.split_once('@').map_or(path, |(name, _)| name);
    package.ambient(db).iter().any(|ambient| ambient == path || ambient == name)
}

/// The interfaces that a function of another package may touch: those that it says, and the ambient ones that it uses.
pub(super) fn effects_outside<'db>(db: &'db dyn Db, callee: Item<'db>) -> Vec<Module<'db>> {
    let mut effects = declared_effects(db, callee).clone();
    let package = callee.module(db).package(db);
    // Without ambient effects nobody looks at bodies of others.
    if !package.ambient(db).is_empty() {
        effects.extend(effects_of(db, callee).iter().filter(|effect| is_ambient(db, package, **effect)));
    }
    super::sort(db, &mut effects);
    effects
}
