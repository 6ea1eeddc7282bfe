//! What a component takes of a world besides interfaces with names of their own: functions, types, and interfaces that
//! have a name in that world only.

use std::collections::BTreeSet;
use wit_parser::{InterfaceId, Resolve, Type, TypeDefKind, TypeId, WorldId, WorldItem, WorldKey};

/// A part of a world.
#[derive(Clone, Debug)]
pub struct WorldPart {
    /// The world.
    pub world: WorldId,
    /// The names of the functions and interfaces that are imported.
    pub imports: BTreeSet<String>,
    /// The names of the functions and interfaces that are exported.
    pub exports: BTreeSet<String>,
}

/// Makes a world the part of it that is taken: its types, the functions and interfaces that are named, and the interfaces
/// on which they depend.
pub(crate) fn reduce(resolve: &mut Resolve, part: &WorldPart) {
    let is_named = |key: &WorldKey, names: &BTreeSet<String>| match key {
        WorldKey::Name(name) => names.contains(name),
        WorldKey::Interface(_) => false,
    };
    let mut world = resolve.worlds[part.world].clone();
    world.exports.retain(|key, _| is_named(key, &part.exports));
    let is_type = |item: &WorldItem| matches!(item, WorldItem::Type { .. });
    let is_taken = |key: &WorldKey, item: &WorldItem| is_type(item) || is_named(key, &part.imports);
    let taken = world.imports.iter().filter(|(key, item)| is_taken(key, item)).map(|(_, item)| item);
    let mut needed = BTreeSet::new();
    for item in taken.chain(world.exports.values()) {
        match item {
            WorldItem::Interface { id, .. } => {
                resolve.interface_direct_deps(*id).for_each(|id| need(resolve, id, &mut needed));
            }
            WorldItem::Type { id, .. } => need_home(resolve, *id, &mut needed),
            // What a function mentions are types of its world.
            WorldItem::Function(_) => {}
        }
    }
    world.imports.retain(|key, item| match key {
        WorldKey::Interface(id) => needed.contains(id),
        WorldKey::Name(_) => is_taken(key, item),
    });
    resolve.worlds[part.world] = world;
}

/// An interface is needed, and those on which it depends.
fn need(resolve: &Resolve, id: InterfaceId, needed: &mut BTreeSet<InterfaceId>) {
    if needed.insert(id) {
        resolve.interface_direct_deps(id).for_each(|id| need(resolve, id, needed));
    }
}

fn need_home(resolve: &Resolve, id: TypeId, needed: &mut BTreeSet<InterfaceId>) {
    if let TypeDefKind::Type(Type::Id(target)) = resolve.types[id].kind
        && let wit_parser::TypeOwner::Interface(home) = resolve.types[target].owner
    {
        need(resolve, home, needed);
    }
}
