//! What is found through a type: methods, statics and cases.
//!
//! This layer doesn't know the type of any receiver. It gives the functions of the right name from the right
//! modules, in the order in which they are looked through, and whoever knows types picks those that fit.

use crate::query::{is_visible_from, item_header, item_signature, items_of};
use crate::resolve::{Def, NameIn, resolve_name, resolve_path};
use crate::scope::{Binding, is_member, module_scope, prelude, std_module};
use crate::type_ref::TypeRef;
use dot_db::{Db, Item, Module, Package, modules_of};
use dot_syntax::ItemKind;
use smol_str::SmolStr;

/// A function that is found through a type, and its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
struct Member<'db> {
    name: SmolStr,
    item: Item<'db>,
}

/// The methods and statics of one module, sorted by name, of one name in order of appearance.
#[salsa::tracked]
fn module_members<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<Member<'db>> {
    let is_function = |item: &Item<'db>| matches!(item.kind(db), ItemKind::Fn | ItemKind::Dot);
    let mut members: Vec<Member<'db>> = items_of(db, module)
        .iter()
        .copied()
        .filter(|item| is_function(item) && is_member(db, *item))
        .map(|item| Member { name: item.name(db).clone(), item })
        .collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    members
}

/// The methods and statics of all modules of a package, sorted by name, then by module.
#[salsa::tracked]
fn package_members<'db>(db: &'db dyn Db, package: Package) -> Vec<Member<'db>> {
    let modules = modules_of(db, package).iter();
    let mut members: Vec<Member<'db>> =
        modules.flat_map(|module| module_members(db, *module).iter().cloned()).collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    members
}

fn named<'a, 'db>(members: &'a [Member<'db>], name: &str) -> impl Iterator<Item = Item<'db>> + use<'a, 'db> {
    let start = members.partition_point(|member| member.name.as_str() < name);
    let count = members[start..].iter().take_while(|member| member.name.as_str() == name).count();
    members[start..start + count].iter().map(|member| member.item)
}

/// The functions named `name` whose first parameter is `self` that code in `module` may call, but for those of the
/// receiver's home module: this package's first, then those of the modules that this one uses.
///
/// Depends on methods of this name only.
pub fn methods_named<'db>(db: &'db dyn Db, module: Module<'db>, name: &str) -> &'db [Item<'db>] {
    methods_in_scope(db, NameIn::new(db, module, SmolStr::from(name)))
}

#[salsa::tracked]
fn methods_in_scope<'db>(db: &'db dyn Db, key: NameIn<'db>) -> Vec<Item<'db>> {
    let is_method = |item: &Item<'db>| item_header(db, *item).is_method;
    members_in_scope(db, key).into_iter().filter(is_method).collect()
}

fn members_in_scope<'db>(db: &'db dyn Db, key: NameIn<'db>) -> Vec<Item<'db>> {
    let (module, name) = (key.module(db), key.name(db));
    let mut found: Vec<Item<'db>> = named(package_members(db, module.package(db)), name).collect();
    for used in used_modules(db, module) {
        let visible =
            named(module_members(db, *used), name).filter(|item| is_visible_from(db, *item, module));
        found.extend(visible);
    }
    unique(found)
}

/// Each item once, in the order found; there are few.
fn unique<'db>(items: Vec<Item<'db>>) -> Vec<Item<'db>> {
    let mut unique: Vec<Item<'db>> = Vec::with_capacity(items.len());
    for item in items {
        if !unique.contains(&item) {
            unique.push(item);
        }
    }
    unique
}

/// The modules that a module uses, as a whole or names of, in the order of their names in the scope.
#[salsa::tracked]
pub fn used_modules<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<Module<'db>> {
    let mut modules: Vec<Module<'db>> = Vec::new();
    for entry in module_scope(db, module).entries() {
        let (Binding::Module { module, .. } | Binding::Import { module, .. }) = &entry.binding else {
            continue;
        };
        if !modules.contains(module) {
            modules.push(*module);
        }
    }
    modules
}

/// The functions named `name` with `self` that `home` declares, for a receiver whose type is declared in `home` (for
/// a built-in type, see [`builtin_home`]), as far as code in `from` may call them.
pub fn methods_of_home<'db>(
    db: &'db dyn Db,
    home: Module<'db>,
    from: Module<'db>,
    name: &str,
) -> Vec<Item<'db>> {
    let members = members_of_home(db, NameIn::new(db, home, SmolStr::from(name))).iter().copied();
    members.filter(|item| item_header(db, *item).is_method && is_visible_from(db, *item, from)).collect()
}

#[salsa::tracked]
fn members_of_home<'db>(db: &'db dyn Db, key: NameIn<'db>) -> Vec<Item<'db>> {
    named(module_members(db, key.module(db)), key.name(db)).collect()
}

/// What the name before the dot of `fn Type.name` means.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Owner<'db> {
    /// A declared type, or an `export` of an interface.
    Item(Item<'db>),
    /// A built-in type, by name; only std declares statics of those.
    Builtin(SmolStr),
}

/// What the name before the dot of `fn Type.name` means where it is declared; none if there is no such name, or it
/// means something else.
#[salsa::tracked]
pub fn owner_of<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Owner<'db>> {
    let owner = item.owner(db);
    if owner.is_empty() {
        return None;
    }
    if builtin_home_path(owner).is_some() {
        return Some(Owner::Builtin(owner.clone()));
    }
    match resolve_name(db, item.module(db), owner) {
        Ok(Def::Item(found)) => match found.kind(db) {
            ItemKind::Fn | ItemKind::Dot | ItemKind::Const | ItemKind::Test | ItemKind::Use => None,
            _ => Some(Owner::Item(found)),
        },
        _ => None,
    }
}

/// The head of the type that a method is for, or the owner of a static: what tells functions of one name apart.
/// None where it is neither a declared nor a built-in type.
#[salsa::tracked]
pub fn receiver_of<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Owner<'db>> {
    if !item.owner(db).is_empty() {
        return owner_of(db, item).clone();
    }
    let signature = item_signature(db, item);
    let function = signature.function().filter(|function| function.is_method())?;
    let TypeRef::Named { path, .. } = signature.type_ref(function.params.first()?.ty) else { return None };
    if let [only] = path.segments.as_slice() {
        if function.generics.iter().any(|generic| generic.name.text == only.text) {
            return None;
        }
        if is_builtin_type(&only.text) {
            return Some(Owner::Builtin(only.text.clone()));
        }
    }
    match resolve_path(db, item.module(db), &path.texts()).ok()?.def {
        Def::Item(item) => Some(Owner::Item(item)),
        Def::Module(_) => None,
    }
}

/// The functions of a package that stand under one name for one type, in the order of modules and of text: if there is
/// more than one, all but the first are duplicates.
pub(crate) fn rivals_of<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Item<'db>> {
    let Some(receiver) = receiver_of(db, item) else { return Vec::new() };
    named(package_members(db, item.module(db).package(db)), item.name(db))
        .filter(|rival| receiver_of(db, *rival).as_ref() == Some(receiver))
        .collect()
}

/// The functions `fn Type.name` without `self` that code in `module` may call as `Type.name(…)`: this package's,
/// those of used modules, those of the type's home. More than one is an error of the declarations.
pub fn statics_named<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    owner: &Owner<'db>,
    name: &str,
) -> Vec<Item<'db>> {
    let mut found = statics_in_scope(db, NameIn::new(db, module, SmolStr::from(name))).clone();
    let home = match owner {
        Owner::Item(item) => Some(item.module(db)),
        Owner::Builtin(builtin) => builtin_home(db, builtin),
    };
    if let Some(home) = home {
        let members = members_of_home(db, NameIn::new(db, home, SmolStr::from(name))).iter().copied();
        found.extend(members.filter(|item| is_visible_from(db, *item, module)));
    }
    found.retain(|item| owner_of(db, *item).as_ref() == Some(owner));
    unique(found)
}

#[salsa::tracked]
fn statics_in_scope<'db>(db: &'db dyn Db, key: NameIn<'db>) -> Vec<Item<'db>> {
    members_in_scope(db, key).into_iter().filter(|item| !item.owner(db).is_empty()).collect()
}

/// The built-in types, each with the module of std that is its home.
pub const BUILTIN_TYPES: &[(&str, &str)] = &[
    ("bool", "bool"),
    ("s8", "int"),
    ("s16", "int"),
    ("s32", "int"),
    ("s64", "int"),
    ("u8", "int"),
    ("u16", "int"),
    ("u32", "int"),
    ("u64", "int"),
    ("f32", "float"),
    ("f64", "float"),
    ("char", "char"),
    ("string", "string"),
    ("list", "list"),
    ("option", "option"),
    ("result", "result"),
    ("tuple", "tuple"),
    ("map", "map"),
    ("set", "set"),
    ("stream", "stream"),
    ("future", "future"),
];

fn builtin_home_path(name: &str) -> Option<&'static str> {
    BUILTIN_TYPES.iter().find(|(builtin, _)| *builtin == name).map(|(_, home)| *home)
}

/// Whether `name` is the name of a built-in type.
#[must_use]
pub fn is_builtin_type(name: &str) -> bool {
    builtin_home_path(name).is_some()
}

/// The module of std that declares the methods and statics of the built-in type `name`.
pub fn builtin_home<'db>(db: &'db dyn Db, name: &str) -> Option<Module<'db>> {
    std_module(db, builtin_home_path(name)?)
}

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

/// Every method that code in `module` could call, by name, in alphabetical order; for suggestions and completion.
pub fn method_names_in_scope<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<SmolStr> {
    let methods = |members: &'db [Member<'db>]| {
        members
            .iter()
            .filter(|member| item_header(db, member.item).is_method)
            .map(|member| member.name.clone())
    };
    let mut all: Vec<SmolStr> = methods(package_members(db, module.package(db))).collect();
    for used in used_modules(db, module) {
        all.extend(methods(module_members(db, *used)));
    }
    all.sort();
    all.dedup();
    all
}
