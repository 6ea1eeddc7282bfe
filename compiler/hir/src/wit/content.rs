//! What stands in an interface or a world, on the side from which it is looked at.

use super::universe::{Unit, WitUniverse};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use wit_parser::{
    Function, Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner, WorldId, WorldItem,
    WorldKey,
};

/// From which side an interface is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// By who imports it.
    Import,
    /// By who exports it, with all that the package exports.
    Export(FxHashSet<InterfaceId>),
}

/// The types and functions of an interface or a world.
pub(super) struct Content<'a> {
    /// Its documentation.
    pub docs: &'a str,
    /// What its own types say that they belong to.
    pub owner: TypeOwner,
    /// The module of its functions among a core module's imports and exports: `wasi:io/streams@0.2.12`, `$root`.
    pub core: SmolStr,
    /// Its types, by name.
    pub types: Vec<(&'a str, TypeId)>,
    /// Its functions.
    pub functions: Vec<&'a Function>,
    /// The names of the interfaces that stand in it, if it is a world.
    pub inner: Vec<&'a str>,
    /// Whether it is an interface under a name that a world gives it.
    pub is_renamed: bool,
}

impl<'a> Content<'a> {
    /// What has the full name `id`; none if that is not there on this side.
    pub fn of(universe: &'a WitUniverse, id: &str, side: &Side) -> Option<Self> {
        match (universe.unit(id)?, side) {
            (Unit::Interface(interface), _) => Some(Self::of_interface(&universe.resolve, interface, id)),
            (Unit::World(world), side) => Some(Self::of_world(&universe.resolve, world, side)),
            (Unit::Inner { import: Some(interface), .. }, Side::Import)
            | (Unit::Inner { export: Some(interface), .. }, Side::Export(_)) => {
                let label = id.rsplit_once('/').map_or(id, |(_, label)| label);
                let label = label.split_once('@').map_or(label, |(label, _)| label);
                let is_renamed = universe.resolve.interfaces[interface].name.is_some();
                Some(Self { is_renamed, ..Self::of_interface(&universe.resolve, interface, label) })
            }
            (Unit::Inner { .. }, _) => None,
        }
    }

    fn of_interface(resolve: &'a Resolve, id: InterfaceId, core: &str) -> Self {
        let interface = &resolve.interfaces[id];
        Self {
            docs: interface.docs.contents.as_deref().unwrap_or_default(),
            owner: TypeOwner::Interface(id),
            core: core.into(),
            types: interface.types.iter().map(|(name, id)| (name.as_str(), *id)).collect(),
            functions: interface.functions.values().collect(),
            inner: Vec::new(),
            is_renamed: false,
        }
    }

    /// A world's types are imported, whichever side uses them.
    fn of_world(resolve: &'a Resolve, id: WorldId, side: &Side) -> Self {
        let world = &resolve.worlds[id];
        let here = if *side == Side::Import { &world.imports } else { &world.exports };
        let types = world.imports.iter().filter_map(|(key, item)| match (key, item) {
            (WorldKey::Name(name), WorldItem::Type { id, .. }) => Some((name.as_str(), *id)),
            _ => None,
        });
        let functions = here.values().filter_map(|item| match item {
            WorldItem::Function(function) => Some(function),
            _ => None,
        });
        let inner = here.iter().filter_map(|(key, item)| match (key, item) {
            (WorldKey::Name(name), WorldItem::Interface { .. }) => Some(name.as_str()),
            _ => None,
        });
        Self {
            docs: world.docs.contents.as_deref().unwrap_or_default(),
            owner: TypeOwner::World(id),
            core: "$root".into(),
            types: types.collect(),
            functions: functions.collect(),
            inner: inner.collect(),
            is_renamed: false,
        }
    }
}

/// Whether a type of an exported interface is another one than for who imports it: it is, or holds, a resource that the
/// package has to supply.
pub(super) fn is_supplied(resolve: &Resolve, id: TypeId, exported: &FxHashSet<InterfaceId>) -> bool {
    let mut seen = FxHashSet::default();
    let mut todo = vec![id];
    while let Some(id) = todo.pop() {
        let def = &resolve.types[id];
        let is_here = match def.owner {
            TypeOwner::Interface(owner) => exported.contains(&owner),
            TypeOwner::World(_) => false,
            TypeOwner::None => true,
        };
        if !is_here || !seen.insert(id) {
            continue;
        }
        match &def.kind {
            TypeDefKind::Resource => return true,
            TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => todo.push(*id),
            other => todo.extend(parts(other).filter_map(|part| match part {
                Type::Id(id) => Some(*id),
                _ => None,
            })),
        }
    }
    false
}

/// The types of which a type is made.
pub(super) fn parts(kind: &TypeDefKind) -> Box<dyn Iterator<Item = &Type> + '_> {
    match kind {
        TypeDefKind::Record(record) => Box::new(record.fields.iter().map(|field| &field.ty)),
        TypeDefKind::Variant(variant) => Box::new(variant.cases.iter().filter_map(|case| case.ty.as_ref())),
        TypeDefKind::Tuple(tuple) => Box::new(tuple.types.iter()),
        TypeDefKind::Option(ty)
        | TypeDefKind::List(ty)
        | TypeDefKind::FixedLengthList(ty, _)
        | TypeDefKind::Type(ty) => Box::new(std::iter::once(ty)),
        TypeDefKind::Result(result) => Box::new(result.ok.iter().chain(&result.err)),
        TypeDefKind::Map(key, value) => Box::new([key, value].into_iter()),
        TypeDefKind::Future(ty) | TypeDefKind::Stream(ty) => Box::new(ty.iter()),
        TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Flags(_)
        | TypeDefKind::Enum(_)
        | TypeDefKind::Unknown => Box::new(std::iter::empty()),
    }
}
