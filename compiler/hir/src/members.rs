//! What is found through a type: methods and statics.
//!
//! This layer doesn't know the type of any receiver, but it does know what a declaration *names* as its receiver: the
//! head of the type of `self`, aliases followed, or what stands before the dot of `fn Type.name`. Functions are
//! indexed by that head and their name, so that a look-up touches the few that may fit, however many functions of
//! that name a package has. Whoever knows types picks among those.

use crate::builtin::{builtin_home, is_builtin_type};
use crate::query::{is_visible_from, item_header, item_signature, items_of};
use crate::resolve::{Def, NameIn, resolve_name, resolve_path};
use crate::scope::{Binding, is_member, module_scope};
use crate::signature::{ItemSignature, SignatureKind};
use crate::type_ref::{TypeRef, TypeRefId};
use crate::wit::is_export_module;
use dot_db::{Db, Item, Module, Package, modules_of};
use dot_syntax::ItemKind;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// What a function is found through.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub enum Owner<'db> {
    /// A declared type, or an `export` of an interface.
    Item(Item<'db>),
    /// A built-in type, by name.
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
    if is_builtin_type(owner) {
        return Some(Owner::Builtin(owner.clone()));
    }
    // Goes by the text alone, so that an exported interface can be looked into for its dots.
    let items = items_of(db, item.module(db)).iter();
    if let Some(export) = items.copied().find(|it| it.kind(db) == ItemKind::Export && it.name(db) == owner) {
        return Some(Owner::Item(export));
    }
    match resolve_name(db, item.module(db), owner) {
        Ok(Def::Item(found)) => match found.kind(db) {
            ItemKind::Fn | ItemKind::Dot | ItemKind::Const | ItemKind::Test | ItemKind::Use => None,
            ItemKind::Type => head_of_alias(db, found, ALIASES),
            _ => Some(Owner::Item(found)),
        },
        _ => None,
    }
}

/// The head of the type that a method is for, or the owner of a static: what tells functions of one name apart.
/// None where it is open (`self: T`) or a function type.
#[salsa::tracked]
pub fn receiver_of<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Owner<'db>> {
    if !item.owner(db).is_empty() {
        return owner_of(db, item).clone();
    }
    let signature = item_signature(db, item);
    let function = signature.function().filter(|function| function.is_method())?;
    head_of(db, item.module(db), signature, function.params.first()?.ty, ALIASES)
}

/// How many aliases are followed; a longer chain is taken for a circle.
const ALIASES: u32 = 64;

fn head_of<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    signature: &ItemSignature,
    ty: TypeRefId,
    aliases: u32,
) -> Option<Owner<'db>> {
    let path = match signature.type_ref(ty) {
        TypeRef::Named { path, .. } => path,
        TypeRef::Tuple(_) => return Some(Owner::Builtin("tuple".into())),
        TypeRef::Function(_) | TypeRef::Infer | TypeRef::Error => return None,
    };
    if let [only] = path.segments.as_slice() {
        if signature.generics().iter().any(|generic| generic.name.text == only.text) {
            return None;
        }
        if is_builtin_type(&only.text) {
            return Some(Owner::Builtin(only.text.clone()));
        }
    }
    match resolve_path(db, module, &path.texts()).ok()?.def {
        Def::Item(item) if item.kind(db) == ItemKind::Type => head_of_alias(db, item, aliases),
        Def::Item(item) => Some(Owner::Item(item)),
        Def::Module(_) => None,
    }
}

fn head_of_alias<'db>(db: &'db dyn Db, alias: Item<'db>, aliases: u32) -> Option<Owner<'db>> {
    let signature = item_signature(db, alias);
    match signature.kind {
        SignatureKind::Alias { ty, .. } => {
            head_of(db, alias.module(db), signature, ty, aliases.checked_sub(1)?)
        }
        _ => None,
    }
}

/// The methods and statics of one module, in order of appearance.
#[salsa::tracked]
fn module_members<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<Item<'db>> {
    // What an exported interface asks for is no function; its dots are.
    if is_export_module(db, module) {
        return Vec::new();
    }
    let is_function = |item: &Item<'db>| matches!(item.kind(db), ItemKind::Fn | ItemKind::Dot);
    let functions = items_of(db, module).iter().copied().filter(is_function);
    functions.filter(|item| is_member(db, *item)).collect()
}

/// A head and a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
struct MemberKey<'db> {
    receiver: Option<Owner<'db>>,
    name: SmolStr,
}

/// Methods and statics by head and name. Never iterated.
type MemberIndex<'db> = FxHashMap<MemberKey<'db>, Vec<Item<'db>>>;

fn index<'db>(db: &'db dyn Db, members: impl Iterator<Item = Item<'db>>) -> MemberIndex<'db> {
    let mut index = MemberIndex::default();
    for item in members {
        let key = MemberKey { receiver: receiver_of(db, item).clone(), name: item.name(db).clone() };
        index.entry(key).or_default().push(item);
    }
    index
}

/// The index of one module's functions. Runs again when one of them changes its name or receiver.
#[salsa::tracked]
fn module_index<'db>(db: &'db dyn Db, module: Module<'db>) -> MemberIndex<'db> {
    index(db, module_members(db, module).iter().copied())
}

/// The index of a package's functions, in the order of its modules.
#[salsa::tracked]
fn package_index<'db>(db: &'db dyn Db, package: Package) -> MemberIndex<'db> {
    let modules = modules_of(db, package).iter();
    index(db, modules.flat_map(|module| module_members(db, *module).iter().copied()))
}

/// A function looked for: the key of the look-ups.
#[salsa::interned(debug)]
struct MemberIn<'db> {
    #[returns(copy)]
    module: Module<'db>,
    receiver: Option<Owner<'db>>,
    name: SmolStr,
}

/// All functions with this head and name that code in the module may call, each once: its package's, then those of
/// the modules that it uses, then those of the type's home.
#[salsa::tracked]
fn members_in<'db>(db: &'db dyn Db, key: MemberIn<'db>) -> Vec<Item<'db>> {
    let module = key.module(db);
    let wanted = MemberKey { receiver: key.receiver(db).clone(), name: key.name(db).clone() };
    let mut found: Vec<Item<'db>> =
        package_index(db, module.package(db)).get(&wanted).cloned().unwrap_or_default();
    let home = wanted.receiver.as_ref().and_then(|receiver| home_of(db, receiver));
    for other in used_modules(db, module).iter().copied().chain(home) {
        for item in module_index(db, other).get(&wanted).into_iter().flatten() {
            if is_visible_from(db, *item, module) && !found.contains(item) {
                found.push(*item);
            }
        }
    }
    found
}

/// The functions named `name` with `self` that code in `module` may call on a receiver whose type has this head (none
/// for a type parameter or a function), in the order in which they are looked through: this package's, those of the
/// modules used, those of the type's home. In each of these, those for the head come before those that are open to
/// any (`fn largest<T>(self: T)`).
///
/// Depends on functions of this name and head only.
pub fn methods_of<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    head: Option<&Owner<'db>>,
    name: &str,
) -> Vec<Item<'db>> {
    let look_up =
        |receiver| members_in(db, MemberIn::new(db, module, receiver, SmolStr::from(name))).iter().copied();
    let mut found: Vec<Item<'db>> = look_up(head.cloned()).collect();
    if head.is_some() {
        found.extend(look_up(None));
    }
    if let Some(home) = head.and_then(|head| home_of(db, head)) {
        let open = methods_of_home(db, home, module, name).into_iter();
        found.extend(
            open.filter(|item| receiver_of(db, *item).is_none())
                .filter(|item| !found.contains(item))
                .collect::<Vec<_>>(),
        );
    }
    found.retain(|item| item_header(db, *item).is_method);
    if found.len() > 1 {
        found.sort_by_key(|item| distance(db, *item, module));
    }
    found
}

/// How far a function is looked for: 0 in the package of `from`, 1 in what that uses, 2 in the home of a type.
fn distance<'db>(db: &'db dyn Db, item: Item<'db>, from: Module<'db>) -> u8 {
    let home = item.module(db);
    if home.package(db) == from.package(db) {
        0
    } else if used_modules(db, from).contains(&home) {
        1
    } else {
        2
    }
}

/// The module whose functions go with a type: that which declares it, or a module of std.
fn home_of<'db>(db: &'db dyn Db, owner: &Owner<'db>) -> Option<Module<'db>> {
    match owner {
        Owner::Item(item) => Some(item.module(db)),
        Owner::Builtin(name) => builtin_home(db, name),
    }
}

/// The functions named `name` with `self` that `home` declares, for whatever receiver, as far as code in `from` may
/// call them.
pub fn methods_of_home<'db>(
    db: &'db dyn Db,
    home: Module<'db>,
    from: Module<'db>,
    name: &str,
) -> Vec<Item<'db>> {
    let named = members_of_name(db, NameIn::new(db, home, SmolStr::from(name))).iter().copied();
    named.filter(|item| item_header(db, *item).is_method && is_visible_from(db, *item, from)).collect()
}

#[salsa::tracked]
fn members_of_name<'db>(db: &'db dyn Db, key: NameIn<'db>) -> Vec<Item<'db>> {
    let members = module_members(db, key.module(db)).iter().copied();
    members.filter(|item| item.name(db) == key.name(db)).collect()
}

/// The functions named `name` with `self`, for whatever receiver, of the package of `module` and of the modules that it
/// uses. [`methods_of`] is faster where the receiver's head is known.
pub fn methods_named<'db>(db: &'db dyn Db, module: Module<'db>, name: &str) -> &'db [Item<'db>] {
    methods_of_name(db, NameIn::new(db, module, SmolStr::from(name)))
}

#[salsa::tracked]
fn methods_of_name<'db>(db: &'db dyn Db, key: NameIn<'db>) -> Vec<Item<'db>> {
    let module = key.module(db);
    let mut found: Vec<Item<'db>> = Vec::new();
    for other in modules_of(db, module.package(db)).iter().chain(used_modules(db, module)) {
        for item in methods_of_home(db, *other, module, key.name(db)) {
            if !found.contains(&item) {
                found.push(item);
            }
        }
    }
    found
}

/// The functions `fn Type.name` that code in `module` may call as `Type.name(…)`: this package's, those of used
/// modules, those of the type's home. More than one is an error of the declarations.
pub fn statics_named<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    owner: &Owner<'db>,
    name: &str,
) -> Vec<Item<'db>> {
    let key = MemberIn::new(db, module, Some(owner.clone()), SmolStr::from(name));
    let found = members_in(db, key).iter().copied();
    found.filter(|item| !item.owner(db).is_empty()).collect()
}

/// The functions of a package that stand under one name for one type, in the order of modules and of text: if there is
/// more than one, all but the first are duplicates.
pub(crate) fn rivals_of<'db>(db: &'db dyn Db, item: Item<'db>) -> &'db [Item<'db>] {
    let Some(receiver) = receiver_of(db, item) else { return &[] };
    let key = MemberKey { receiver: Some(receiver.clone()), name: item.name(db).clone() };
    package_index(db, item.module(db).package(db)).get(&key).map_or(&[], Vec::as_slice)
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

/// Every method that code in `module` could call, by name, in alphabetical order; for suggestions and completion.
pub fn method_names_in_scope<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<SmolStr> {
    let own = modules_of(db, module.package(db)).iter();
    let modules = own.chain(used_modules(db, module));
    let members = modules.flat_map(|module| module_members(db, *module).iter().copied());
    let methods = members.filter(|item| item_header(db, *item).is_method);
    let mut all: Vec<SmolStr> = methods.map(|item| item.name(db).clone()).collect();
    all.sort();
    all.dedup();
    all
}
