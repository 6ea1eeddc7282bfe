//! Projects in memory, and short ways to ask about them.
#![allow(dead_code, reason = "each test file uses its part")]

use dot_db::{
    Database, Db, Diagnostic, Item, Module, Origin, PackageTexts, Project, SourceFile, file_diagnostics,
    item_syntax_diagnostics, module_named, new_project, resolve,
};
use dot_hir::{item_diagnostics, items_of, module_diagnostics};

/// The std that these tests stand on.
pub const STD: &[(&str, &str)] = &[
    ("prelude", "pub enum Ordering { Less, Equal, Greater }\npub fn min<T>(a: T, b: T) -> T { a }\n"),
    (
        "list",
        "pub fn len<T>(self: list<T>) -> u32 { 0 }\nfn grow<T>(self: list<T>) {}\npub fn list.of<T>(n: u32, v: T) -> list<T> { [] }\n",
    ),
    (
        "json",
        "pub variant JsonError { BadToken(u32), End }\npub fn decode<T>(bytes: list<u8>) -> T { 0 }\nfn helper() {}\n",
    ),
];

/// A project whose root package `acme:geo` has these modules.
pub fn project(modules: &[(&'static str, &str)]) -> Database {
    project_with_wit(modules, &[])
}

/// The same with WIT files.
pub fn project_with_wit(modules: &[(&'static str, &str)], wit: &[(&'static str, &str)]) -> Database {
    let db = Database::default();
    let root = PackageTexts::new("acme:geo", Origin::User, modules).with_wit(wit);
    new_project(&db, &root, &PackageTexts::new("dot:std", Origin::Std, STD));
    db
}

/// The module of the root package at `path`.
pub fn module<'db>(db: &'db dyn Db, path: &str) -> Module<'db> {
    module_named(db, Project::get(db).root(db), path).expect("the module is there")
}

/// The file of the module of the root package at `path`.
pub fn file(db: &dyn Db, path: &str) -> SourceFile {
    module(db, path).file(db).expect("a module of the package is a file")
}

/// The first item of that name.
pub fn item<'db>(db: &'db dyn Db, module: Module<'db>, name: &str) -> Item<'db> {
    let all = items_of(db, module);
    let found = all.iter().find(|item| item.name(db) == name);
    *found.unwrap_or_else(|| {
        panic!("no `{name}` among {:?}", all.iter().map(|item| item.name(db)).collect::<Vec<_>>())
    })
}

/// All diagnostics of a module: of its file, its syntax, its names.
pub fn diagnostics<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<Diagnostic<'db>> {
    let mut all: Vec<Diagnostic<'db>> = Vec::new();
    if let Some(file) = module.file(db) {
        all.extend(file_diagnostics(db, file).iter().cloned());
    }
    for &item in items_of(db, module) {
        all.extend(item_syntax_diagnostics(db, item).iter().cloned());
        all.extend(item_diagnostics(db, item).iter().cloned());
    }
    all.extend(module_diagnostics(db, module).iter().cloned());
    all
}

/// The diagnostics of a module as `code: text at the place`.
pub fn told(db: &dyn Db, path: &str) -> Vec<String> {
    let show = |diagnostic: Diagnostic<'_>| {
        let place =
            resolve(db, diagnostic.primary.span).map(|(file, range)| range.slice(file.text(db)).to_owned());
        format!("{}: {}", diagnostic.code, place.unwrap_or_default())
    };
    diagnostics(db, module(db, path)).into_iter().map(show).collect()
}
