//! The built-in types by name, and where in the standard library their methods are.

use crate::scope::std_module;
use dot_db::{Db, Module};

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
