//! What a component takes of a world besides interfaces with names of their own: functions, types, and interfaces that
//! have a name in that world only.

use std::collections::BTreeSet;
use wit_parser::{
    Docs, InterfaceId, Resolve, Stability, Type, TypeDefKind, TypeOwner, WorldId, WorldItem, WorldKey,
};

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
/// on which they depend, each before what depends on it. Those in `exported` are exported, the others imported.
pub(crate) fn reduce(resolve: &mut Resolve, part: &WorldPart, exported: &BTreeSet<InterfaceId>) {
    let is_named = |key: &WorldKey, names: &BTreeSet<String>| match key {
        WorldKey::Name(name) => names.contains(name),
        WorldKey::Interface(_) => false,
    };
    let world = &resolve.worlds[part.world];
    let is_type = |item: &WorldItem| matches!(item, WorldItem::Type { .. });
    let taken_in: Vec<(WorldKey, WorldItem)> = world
        .imports
        .iter()
        .filter(|(key, item)| is_type(item) || is_named(key, &part.imports))
        .map(|(key, item)| (key.clone(), item.clone()))
        .collect();
    let taken_out: Vec<(WorldKey, WorldItem)> = world
        .exports
        .iter()
        .filter(|(key, _)| is_named(key, &part.exports))
        .map(|(key, item)| (key.clone(), item.clone()))
        .collect();
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    // What is imported depends on imports alone.
    taken_in.iter().for_each(|(_, item)| need_of(resolve, item, &mut inside));
    taken_out.iter().for_each(|(_, item)| need_of(resolve, item, &mut outside));
    let (out, more): (Vec<_>, Vec<_>) = outside.into_iter().partition(|id| exported.contains(id));
    inside.extend(more.into_iter().filter(|id| !inside.contains(id)).collect::<Vec<_>>());
    let interface = |id: InterfaceId| (WorldKey::Interface(id), plain(id));
    let world = &mut resolve.worlds[part.world];
    world.imports = inside.into_iter().map(interface).chain(taken_in).collect();
    world.exports = out.into_iter().map(interface).chain(taken_out).collect();
}

/// Leaves out the names that things have outside of WIT (`@external-id`): not every target takes them, and they mean
/// nothing to one that does.
pub(crate) fn forget_external_ids(resolve: &mut Resolve) {
    resolve.types.iter_mut().for_each(|(_, def)| def.external_id = None);
    let of_interfaces =
        resolve.interfaces.iter_mut().flat_map(|(_, interface)| interface.functions.values_mut());
    of_interfaces.for_each(|function| function.external_id = None);
    let worlds = resolve.worlds.iter_mut();
    for item in worlds.flat_map(|(_, world)| world.imports.values_mut().chain(world.exports.values_mut())) {
        match item {
            WorldItem::Interface { external_id, .. } => *external_id = None,
            WorldItem::Function(function) => function.external_id = None,
            WorldItem::Type { .. } => {}
        }
    }
}

/// An interface as an item of a world.
fn plain(id: InterfaceId) -> WorldItem {
    WorldItem::Interface {
        id,
        stability: Stability::Unknown,
        external_id: None,
        docs: Docs::default(),
        span: Default::default(),
    }
}

/// Adds the interfaces on which an item depends.
fn need_of(resolve: &Resolve, item: &WorldItem, needed: &mut Vec<InterfaceId>) {
    match item {
        WorldItem::Interface { id, .. } => {
            resolve.interface_direct_deps(*id).for_each(|id| need(resolve, id, needed));
        }
        WorldItem::Type { id, .. } => {
            if let TypeDefKind::Type(Type::Id(target)) = resolve.types[*id].kind
                && let TypeOwner::Interface(home) = resolve.types[target].owner
            {
                need(resolve, home, needed);
            }
        }
        // What a function mentions are types of its world.
        WorldItem::Function(_) => {}
    }
}

/// An interface is needed, behind those on which it depends.
fn need(resolve: &Resolve, id: InterfaceId, needed: &mut Vec<InterfaceId>) {
    if needed.contains(&id) {
        return;
    }
    resolve.interface_direct_deps(id).for_each(|id| need(resolve, id, needed));
    needed.push(id);
}
