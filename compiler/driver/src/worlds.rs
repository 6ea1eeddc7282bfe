//! What a package imports and exports of worlds, besides interfaces with names of their own.

use dot_component::Surface;
use dot_component::world::WorldPart;
use dot_db::{Db, Item, Package};
use dot_hir::import_of;
use dot_hir::wit::{Unit, WitUniverse, wit_universe};
use std::collections::BTreeMap;
use wit_parser::WorldId;

/// Sorts what a surface imports and exports into interfaces with names of their own and parts of worlds, and gives the
/// latter. `imports` are the imported functions that it reaches.
pub(crate) fn take(
    db: &dyn Db,
    package: Package,
    surface: &mut Surface<'_>,
    imports: &[Item<'_>],
) -> Vec<WorldPart> {
    surface.imports.sort();
    surface.imports.dedup();
    let universe = wit_universe(db, package);
    let mut parts: BTreeMap<WorldId, WorldPart> = BTreeMap::new();
    let called = || imports.iter().filter_map(|item| import_of(db, *item));
    for id in &surface.imports {
        if let Some((part, label)) = part_of(universe, id, &mut parts) {
            let functions = called().filter(|import| *import.interface == **id && label.is_none());
            part.imports.extend(functions.map(|import| import.name.to_string()));
            part.imports.extend(label);
            surface.of_worlds.push(id.clone());
        }
    }
    for exported in &surface.exported {
        if let Some((part, label)) = part_of(universe, &exported.id, &mut parts) {
            if label.is_none() {
                part.exports.extend(exported.dots.iter().map(|dot| dot.name.clone()));
            }
            part.exports.extend(label);
            surface.of_worlds.push(exported.id.clone());
        }
    }
    parts.into_values().collect()
}

/// The part of a world to which a full name belongs, and the name of the interface there; none for an interface with a
/// name of its own.
fn part_of<'a>(
    universe: &WitUniverse,
    id: &str,
    parts: &'a mut BTreeMap<WorldId, WorldPart>,
) -> Option<(&'a mut WorldPart, Option<String>)> {
    let (world, label) = match universe.unit(id)? {
        Unit::Interface(_) => return None,
        Unit::World(world) => (world, None),
        Unit::Inner { .. } => {
            let (path, version) =
                id.split_once('@').map_or((id, None), |(path, version)| (path, Some(version)));
            let (home, label) = path.rsplit_once('/')?;
            let home = version.map_or_else(|| home.to_owned(), |version| format!("{home}@{version}"));
            (universe.world(&home)?, Some(label.to_owned()))
        }
    };
    let part = parts.entry(world).or_insert_with(|| WorldPart {
        world,
        imports: Default::default(),
        exports: Default::default(),
    });
    Some((part, label))
}
