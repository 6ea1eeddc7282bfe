//! The interfaces of others that a package exports, with the dots that are their functions.

use crate::interface::{Export, Exported, ExportedDot, OwnResource, drop_of, role};
use crate::names::wit_param;
use dot_db::{Db, Item, Module, Package};
use dot_hir::wit::{core_module, demands_of, exports_of, implemented, supplied_resource};
use dot_types::fn_signature;

/// What the package exports of others, with those of `exports` that are its functions.
pub(crate) fn all<'db>(
    db: &'db dyn Db,
    package: Package,
    exports: &[(Module<'db>, Vec<Export<'db>>)],
) -> Vec<Exported<'db>> {
    let given: Vec<Item<'db>> = exports.iter().flat_map(|(_, dots)| dots).map(|export| export.item).collect();
    let mut found = Vec::new();
    for declaration in exports_of(db, package) {
        let demand = demands_of(db, declaration.item);
        let dots: Vec<ExportedDot<'db>> = demand
            .functions
            .iter()
            .filter_map(|function| function.dot)
            .filter(|dot| given.contains(dot))
            .filter_map(|dot| exported_dot(db, dot))
            .collect();
        // A component of tests exports those and nothing else.
        if dots.is_empty() && !demand.functions.is_empty() {
            continue;
        }
        let core = Some(core_module(db, declaration.module).to_string()).filter(|core| core != "$root");
        let resources = demand.resources.iter().filter_map(|supplied| supplied.item).filter_map(|item| {
            let (_, name) = supplied_resource(db, item)?;
            Some(OwnResource {
                item,
                name: name.to_string(),
                home: core.clone().unwrap_or_default(),
                text: String::new(),
                drop: drop_of(db, item, &given),
            })
        });
        let resources = resources.collect();
        found.push(Exported { id: declaration.id.to_string(), core, resources, dots });
    }
    found
}

fn exported_dot<'db>(db: &'db dyn Db, dot: Item<'db>) -> Option<ExportedDot<'db>> {
    let (export, function) = implemented(db, dot)?;
    let core = core_module(db, export.module);
    let signature = fn_signature(db, dot);
    let core_name =
        if core == "$root" { function.name.to_string() } else { format!("{core}#{}", function.name) };
    let params = signature.params.iter().enumerate();
    Some(ExportedDot {
        item: dot,
        role: role(db, dot),
        name: function.name.to_string(),
        core_name,
        params: params.map(|(index, param)| (wit_param(db, dot, index), param.ty)).collect(),
        lent: function.lent.clone(),
        result: signature.ret,
        text: String::new(),
    })
}

/// Whether a dot is among the functions of these, or the `drop` of a resource of theirs.
pub(crate) fn has<'db>(exported: &[Exported<'db>], dot: Item<'db>) -> bool {
    exported.iter().any(|exported| {
        exported.dots.iter().any(|other| other.item == dot)
            || exported.resources.iter().any(|resource| resource.drop == Some(dot))
    })
}
