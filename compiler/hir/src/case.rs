//! Cases named alone: which types in scope have one of that name.

use crate::query::item_header;
use crate::resolve::{Def, NameIn, resolve_name};
use crate::scope::{Binding, module_scope, prelude};
use dot_db::{Db, Item, Module};
use dot_syntax::ItemKind;
use smol_str::SmolStr;

/// A case of a variant or enum, or a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct CaseRef<'db> {
    /// The type that declares it.
    pub item: Item<'db>,
    /// Its index in the declaration.
    pub index: u32,
}

/// The cases named `name` of the types in scope of `module`, to be taken when the expected type doesn't decide: those
/// of its own and imported types; the prelude's only if there are none of those. More than one is ambiguous.
pub fn cases_named<'db>(db: &'db dyn Db, module: Module<'db>, name: &str) -> &'db [CaseRef<'db>] {
    cases_in_scope(db, NameIn::new(db, module, SmolStr::from(name)))
}

#[salsa::tracked]
fn cases_in_scope<'db>(db: &'db dyn Db, key: NameIn<'db>) -> Vec<CaseRef<'db>> {
    let found = cases_of_module(db, key.module(db), key.name(db));
    match prelude(db) {
        Some(prelude) if found.is_empty() => cases_of_module(db, prelude, key.name(db)),
        _ => found,
    }
}

fn cases_of_module<'db>(db: &'db dyn Db, module: Module<'db>, name: &str) -> Vec<CaseRef<'db>> {
    let all = module_cases(db, module);
    let start = all.partition_point(|case| case.name.as_str() < name);
    all[start..].iter().take_while(|case| case.name.as_str() == name).map(|case| case.case).collect()
}

/// A case and its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
struct NamedCase<'db> {
    name: SmolStr,
    case: CaseRef<'db>,
}

/// The cases of a module's own and imported types, sorted by name.
#[salsa::tracked]
fn module_cases<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<NamedCase<'db>> {
    let mut cases: Vec<NamedCase<'db>> = Vec::new();
    let mut seen: Vec<Item<'db>> = Vec::new();
    for entry in module_scope(db, module).entries() {
        let item = match &entry.binding {
            Binding::Item(item) => *item,
            Binding::Import { .. } => match resolve_name(db, module, &entry.name) {
                Ok(Def::Item(item)) => item,
                _ => continue,
            },
            Binding::Module { .. } | Binding::Broken { .. } => continue,
        };
        if !matches!(item.kind(db), ItemKind::Variant | ItemKind::Enum | ItemKind::Flags)
            || seen.contains(&item)
        {
            continue;
        }
        seen.push(item);
        let named = item_header(db, item).cases.iter().zip(0u32..);
        cases.extend(
            named.map(|(name, index)| NamedCase { name: name.clone(), case: CaseRef { item, index } }),
        );
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// Every case that code in `module` can name alone, in alphabetical order; for suggestions and completion.
pub fn case_names_in_scope<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<SmolStr> {
    let names = |module| module_cases(db, module).iter().map(|case| case.name.clone());
    let mut all: Vec<SmolStr> = names(module).collect();
    all.extend(prelude(db).into_iter().flat_map(names));
    all.sort();
    all.dedup();
    all
}
