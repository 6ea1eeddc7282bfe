//! Names and methods, as inference asks for them.
//!
//! `hir` finds names without knowing types; here types pick among what it found.

use crate::table::Con;
use crate::{Bound, Generic, Ty, TyKind, fn_signature};
use dot_db::{Db, Item, Module};
use dot_hir::{Def, Missing, Owner};
use dot_syntax::ItemKind;
use smol_str::SmolStr;

/// What a name means.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found<'db> {
    /// An item.
    Item(Item<'db>),
    /// A module.
    Module(Module<'db>),
    /// Something that is not there, which has been reported.
    Broken,
}

fn found(result: Result<Def<'_>, Missing>) -> Option<Found<'_>> {
    match result {
        Ok(Def::Item(item)) => Some(Found::Item(item)),
        Ok(Def::Module(module)) => Some(Found::Module(module)),
        Err(Missing::Reported) => Some(Found::Broken),
        Err(Missing::Unknown) => None,
    }
}

/// What `name` means in `module`.
pub(crate) fn resolve<'db>(db: &'db dyn Db, module: Module<'db>, name: &str) -> Option<Found<'db>> {
    found(dot_hir::resolve_name(db, module, name))
}

/// What `name` means after `inside` and a dot, for code in `module`.
pub(crate) fn resolve_in<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    inside: Module<'db>,
    name: &str,
) -> Option<Found<'db>> {
    found(dot_hir::resolve_exported(db, inside, name)).filter(|found| match found {
        Found::Item(item) => dot_hir::is_visible_from(db, *item, module),
        Found::Module(_) | Found::Broken => true,
    })
}

/// Whether a name is written as a case is.
pub(crate) fn is_case_name(name: &str) -> bool {
    dot_hir::NameCase::Pascal.fits(name)
}

/// Whether an item declares a type.
pub(crate) fn is_type<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    matches!(
        item.kind(db),
        ItemKind::Record
            | ItemKind::Variant
            | ItemKind::Enum
            | ItemKind::Flags
            | ItemKind::Resource
            | ItemKind::Type
    )
}

/// The name of a built-in type constructor.
pub(crate) fn builtin_name(head: &Con<'_>) -> Option<&'static str> {
    Some(match head {
        Con::Bool => "bool",
        Con::Int(kind) => kind.name(),
        Con::Float(kind) => kind.name(),
        Con::Char => "char",
        Con::String => "string",
        Con::Tuple => "tuple",
        Con::List | Con::FixedList(_) => "list",
        Con::Option => "option",
        Con::Result => "result",
        Con::Map => "map",
        Con::Set => "set",
        Con::Stream => "stream",
        Con::Future => "future",
        Con::Adt(_) | Con::Handle(_) | Con::Fn(_) | Con::Param(_) | Con::Never | Con::Error => return None,
    })
}

/// The module that declares the methods of a type, if it has one.
fn home<'db>(db: &'db dyn Db, head: &Con<'db>, generics: &[Generic]) -> Option<Module<'db>> {
    match head {
        Con::Adt(item) | Con::Handle(item) => Some(item.module(db)),
        Con::Param(index) => match generics.get(*index as usize)?.bound {
            Bound::Integer => dot_hir::builtin_home(db, "s64"),
            Bound::Float => dot_hir::builtin_home(db, "f64"),
            Bound::Any | Bound::Data | Bound::Key | Bound::Number => None,
        },
        head => dot_hir::builtin_home(db, builtin_name(head)?),
    }
}

/// The method `name` for receivers of a type: this package's, an import's, or that of the type's home.
pub(crate) fn method<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    head: &Con<'db>,
    generics: &[Generic],
    name: &str,
) -> Option<Item<'db>> {
    let near = dot_hir::methods_of(db, module, owner(head).as_ref(), name).into_iter();
    let far = home(db, head, generics).map(|home| dot_hir::methods_of_home(db, home, module, name));
    let mut all = near.chain(far.into_iter().flatten());
    all.find(|item| takes(db, *item, head, generics))
}

/// What functions for a type with this head are indexed by; none for a type parameter or a function.
fn owner<'db>(head: &Con<'db>) -> Option<Owner<'db>> {
    match head {
        Con::Adt(item) | Con::Handle(item) => Some(Owner::Item(*item)),
        head => builtin_name(head).map(|name| Owner::Builtin(name.into())),
    }
}

/// Whether a method's `self` may be of a type with this head.
fn takes<'db>(db: &'db dyn Db, method: Item<'db>, head: &Con<'db>, generics: &[Generic]) -> bool {
    let signature = fn_signature(db, method);
    let Some(first) = signature.params.first() else { return false };
    match (first.ty.kind(db), head) {
        (TyKind::Param(index), head) => {
            let bound = signature.generics.get(*index as usize).map_or(Bound::Data, |generic| generic.bound);
            head_meets(head, bound, generics)
        }
        (kind, head) => same_head(kind, head),
    }
}

fn same_head<'db>(kind: &TyKind<'db>, head: &Con<'db>) -> bool {
    match (kind, head) {
        (TyKind::Bool, Con::Bool)
        | (TyKind::Char, Con::Char)
        | (TyKind::String, Con::String)
        | (TyKind::Tuple(_), Con::Tuple)
        | (TyKind::List(_), Con::List)
        | (TyKind::Option(_), Con::Option)
        | (TyKind::Result(..), Con::Result)
        | (TyKind::Map(..), Con::Map)
        | (TyKind::Set(_), Con::Set)
        | (TyKind::Stream(_), Con::Stream)
        | (TyKind::Future(_), Con::Future)
        | (TyKind::Fn(..), Con::Fn(_)) => true,
        (TyKind::Int(a), Con::Int(b)) => a == b,
        (TyKind::Float(a), Con::Float(b)) => a == b,
        (TyKind::FixedList(_, a), Con::FixedList(b)) => a == b,
        (TyKind::Adt(a, _), Con::Adt(b)) | (TyKind::Handle(a), Con::Handle(b)) => a == b,
        _ => false,
    }
}

/// Whether the head alone already rules out that a type meets a bound.
fn head_meets(head: &Con<'_>, bound: Bound, generics: &[Generic]) -> bool {
    if let Con::Param(index) = head {
        let own = generics.get(*index as usize).map_or(Bound::Any, |generic| generic.bound);
        return crate::bounds::implies(own, bound);
    }
    match bound {
        Bound::Any => true,
        Bound::Data => !matches!(head, Con::Fn(_) | Con::Handle(_) | Con::Stream | Con::Future),
        Bound::Key => {
            !matches!(head, Con::Fn(_) | Con::Handle(_) | Con::Stream | Con::Future | Con::Float(_))
        }
        Bound::Number => matches!(head, Con::Int(_) | Con::Float(_)),
        Bound::Integer => matches!(head, Con::Int(_)),
        Bound::Float => matches!(head, Con::Float(_)),
    }
}

/// `Type.name`: a static of the type, or a method of it as a function.
pub(crate) fn member_of_type<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    ty: Item<'db>,
    name: &str,
) -> Option<Item<'db>> {
    let statics = dot_hir::statics_named(db, module, &Owner::Item(ty), name);
    statics.first().copied().or_else(|| {
        let heads = [Con::Adt(ty), Con::Handle(ty)];
        heads.iter().find_map(|head| method(db, module, head, &[], name))
    })
}

/// `string.name`: a static of a built-in type, or a method of it as a function.
pub(crate) fn member_of_builtin<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    ty: &str,
    name: &str,
) -> Option<Item<'db>> {
    let owner = Owner::Builtin(ty.into());
    let statics = dot_hir::statics_named(db, module, &owner, name);
    statics.first().copied().or_else(|| {
        let home = dot_hir::builtin_home(db, ty)?;
        dot_hir::methods_of(db, module, Some(&owner), name).into_iter().find(|item| {
            let signature = fn_signature(db, *item);
            let first = signature.params.first().map(|param| param.ty.kind(db));
            match first {
                Some(TyKind::Param(_)) => item.module(db) == home,
                Some(kind) => kind_name(kind) == Some(ty),
                None => false,
            }
        })
    })
}

/// What a method is called here that other languages call so.
pub(crate) fn known_as(name: &str) -> Option<&'static str> {
    Some(match name {
        "length" | "size" | "count" => "len",
        "add" | "push_back" => "push",
        "pop_back" => "pop",
        "includes" | "has" => "contains",
        "lower" | "lowercase" | "to_lowercase" => "to_lower",
        "upper" | "uppercase" | "to_uppercase" => "to_upper",
        "strip" => "trim",
        "reduce" => "fold",
        "for_each" => "each",
        "is_null" | "is_nothing" => "is_none",
        _ => return None,
    })
}

/// The names of all methods that code in `module` could call on a type, for suggestions; others are among them.
pub(crate) fn method_names<'db>(
    db: &'db dyn Db,
    module: Module<'db>,
    head: &Con<'db>,
    generics: &[Generic],
) -> Vec<SmolStr> {
    let mut names = dot_hir::method_names_in_scope(db, module);
    let far = home(db, head, generics).map(|home| dot_hir::items_of(db, home)).unwrap_or_default();
    names.extend(
        far.iter()
            .filter(|item| dot_hir::item_header(db, **item).is_method)
            .map(|item| item.name(db).clone()),
    );
    names
}

/// What may stand after a declared type and a dot, for suggestions.
pub(crate) fn members_of_type<'db>(db: &'db dyn Db, ty: Item<'db>) -> Vec<SmolStr> {
    let functions = dot_hir::items_of(db, ty.module(db)).iter().filter(|item| {
        item.owner(db) == ty.name(db) || dot_hir::receiver_of(db, **item) == &Some(Owner::Item(ty))
    });
    let cases = dot_hir::item_header(db, ty).cases.iter().cloned();
    functions.map(|item| item.name(db).clone()).chain(cases).collect()
}

/// What may stand after a built-in type and a dot, for suggestions.
pub(crate) fn members_of_builtin(db: &dyn Db, ty: &str) -> Vec<SmolStr> {
    let mut out: Vec<SmolStr> = Vec::new();
    if let Some(home) = dot_hir::builtin_home(db, ty) {
        let is_member = |item: &&Item<'_>| match dot_hir::receiver_of(db, **item) {
            Some(Owner::Builtin(name)) => name == ty,
            _ => false,
        };
        out.extend(dot_hir::items_of(db, home).iter().filter(is_member).map(|item| item.name(db).clone()));
    }
    let is_int = crate::IntKind::ALL.into_iter().any(|kind| kind.name() == ty);
    let own: &[&str] = match ty {
        _ if is_int => &["MIN", "MAX", "try", "wrap", "saturate"],
        "f32" | "f64" => &["MIN", "MAX", "EPSILON", "INFINITY", "NAN", "try", "saturate"],
        _ => &[],
    };
    out.extend(own.iter().map(|name| SmolStr::new_static(name)));
    out
}

fn kind_name(kind: &TyKind<'_>) -> Option<&'static str> {
    Some(match kind {
        TyKind::Bool => "bool",
        TyKind::Int(kind) => kind.name(),
        TyKind::Float(kind) => kind.name(),
        TyKind::Char => "char",
        TyKind::String => "string",
        TyKind::List(_) => "list",
        TyKind::Option(_) => "option",
        TyKind::Result(..) => "result",
        TyKind::Map(..) => "map",
        TyKind::Set(_) => "set",
        _ => return None,
    })
}

/// Whether a type is the handle of an imported resource; inside the package that declares a resource, it is a value.
pub(crate) fn is_imported<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    item.module(db).file(db).is_none()
}

/// The type that an item of a type without arguments stands for.
pub(crate) fn handle_or_adt<'db>(db: &'db dyn Db, item: Item<'db>, args: Vec<Ty<'db>>) -> Ty<'db> {
    let kind = if item.kind(db) == ItemKind::Resource && is_imported(db, item) {
        TyKind::Handle(item)
    } else {
        TyKind::Adt(item, args)
    };
    Ty::new(db, kind)
}
