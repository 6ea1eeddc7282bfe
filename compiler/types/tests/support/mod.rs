//! Projects in memory, and short ways to ask about them.
#![allow(dead_code, reason = "each test file uses its part")]

mod validate;

use dot_db::{Database, Db, Diagnostic, Item, Module, Origin, PackageTexts, Project, SourceFile};
use dot_db::{module_named, new_project, resolve};
use dot_hir::items_of;

/// The std that these tests stand on: a few methods of each kind.
pub const STD: &[(&str, &str)] = &[
    (
        "prelude",
        r#"
pub enum Ordering { Less, Equal, Greater }
@intrinsic("compare") pub fn compare<T>(a: T, b: T) -> Ordering {}
@intrinsic("unreachable") pub fn unreachable(message: string) -> never {}
@intrinsic("drop") pub fn drop<T: any>(value: T) {}
pub fn min<T>(a: T, b: T) -> T { if compare(b, a) == Less { b } else { a } }
"#,
    ),
    (
        "list",
        r#"
@intrinsic("list.len") pub fn len<T: any>(self: list<T>) -> u32 {}
@intrinsic("list.push") pub fn push<T: any>(inout self: list<T>, value: T) {}
@intrinsic("list.pop") pub fn pop<T: any>(inout self: list<T>) -> option<T> {}
@intrinsic("list.swap") pub fn swap<T: any>(inout self: list<T>, i: u32, j: u32) {}
@intrinsic("list.of") pub fn list.of<T>(count: u32, value: T) -> list<T> {}
pub fn is_empty<T: any>(self: list<T>) -> bool { self.len() == 0 }
pub fn get<T>(self: list<T>, index: u32) -> option<T> { if index < self.len() { some(self[index]) } else { none } }
pub fn last<T>(self: list<T>) -> option<T> { if self.is_empty() { none } else { some(self[self.len() - 1]) } }
pub fn map<T, U>(self: list<T>, f: fn(T) -> U) -> list<U> {
  var out: list<U> = []
  for x in self { out.push(f(x)) }
  out
}
pub fn filter<T>(self: list<T>, keep: fn(T) -> bool) -> list<T> {
  var out: list<T> = []
  for x in self { if keep(x) { out.push(x) } }
  out
}
pub fn fold<T, A>(self: list<T>, start: A, step: fn(A, T) -> A) -> A {
  var total = start
  for x in self { total = step(total, x) }
  total
}
"#,
    ),
    (
        "string",
        r#"
@intrinsic("string.byte_len") pub fn byte_len(self: string) -> u32 {}
@intrinsic("string.bytes") pub fn bytes(self: string) -> list<u8> {}
pub fn first_char(self: string) -> option<char> {
  for c in self { return some(c) }
  none
}
pub fn trim(self: string) -> string { self }
"#,
    ),
    (
        "int",
        r#"
@intrinsic("int.count_ones") pub fn count_ones<T: integer>(self: T) -> u32 {}
pub fn abs(self: s64) -> s64 { if self < 0 { -self } else { self } }
"#,
    ),
    (
        "float",
        r#"
@intrinsic("float.sqrt") pub fn sqrt<T: float>(self: T) -> T {}
pub fn f64.parse(text: string) -> option<f64> { none }
"#,
    ),
    (
        "option",
        "pub fn unwrap<T>(self: option<T>) -> T { match self { some(x) => x\n none => unreachable(\"none\") } }\npub fn expect<T>(self: option<T>, message: string) -> T { match self { some(x) => x\n none => unreachable(message) } }\n",
    ),
    (
        "map",
        "pub fn get<K: key, V>(self: map<K, V>, key: K) -> option<V> {\n for (k, v) in self { if k == key { return some(v) } }\n none\n}\n",
    ),
    ("char", "pub fn is_digit(self: char) -> bool { self is '0'..='9' }\n"),
];

/// A project whose root package `acme:geo` has these modules.
pub fn project(modules: &[(&'static str, &str)]) -> Database {
    project_with_wit(modules, &[])
}

/// The same with WIT files.
pub fn project_with_wit(modules: &[(&'static str, &str)], wit: &[(&'static str, &str)]) -> Database {
    let db = Database::default();
    let root = PackageTexts::new("acme:geo", Origin::User, modules).with_wit(wit);
    let std = PackageTexts::new("dot:std", Origin::Std, STD).with_wit(dot_stdlib::WIT);
    new_project(&db, &root, &std);
    db
}

/// A project of one module `main`.
pub fn program(text: &str) -> Database {
    project(&[("main", text)])
}

/// The module of the root package at `path`.
pub fn module<'db>(db: &'db dyn Db, path: &str) -> Module<'db> {
    module_named(db, Project::get(db).root(db), path).expect("the module is there")
}

/// The file of the module of the root package at `path`.
pub fn file(db: &dyn Db, path: &str) -> SourceFile {
    module(db, path).file(db).expect("a module of the package is a file")
}

/// The first item of that name in `main`.
pub fn item<'db>(db: &'db dyn Db, name: &str) -> Item<'db> {
    let all = items_of(db, module(db, "main"));
    let found = all.iter().find(|item| item.name(db) == name);
    *found.unwrap_or_else(|| panic!("no `{name}`"))
}

/// A diagnostic as `code: text at the place`.
pub fn show(db: &dyn Db, diagnostic: &Diagnostic<'_>) -> String {
    let place =
        resolve(db, diagnostic.primary.span).map(|(file, range)| range.slice(file.text(db)).to_owned());
    format!("{}: {}", diagnostic.code, place.unwrap_or_default())
}

/// What is told about a module `main` of that text, as `code: text at the place`.
pub fn told(text: &str) -> Vec<String> {
    let db = program(text);
    let all = dot_types::module_diagnostics(&db, module(&db, "main"));
    all.iter().map(|diagnostic| show(&db, diagnostic)).collect()
}

/// The same with titles, for a test that fails.
pub fn told_fully(text: &str) -> Vec<String> {
    let db = program(text);
    let all = dot_types::module_diagnostics(&db, module(&db, "main"));
    all.iter().map(|diagnostic| format!("{} [{}]", show(&db, diagnostic), diagnostic.title)).collect()
}

/// Asserts that nothing is wrong with a module of that text, nor to be warned of, and that its bodies are well formed.
#[track_caller]
pub fn fine(text: &str) {
    assert_eq!(told_fully(text), Vec::<String>::new(), "{text}");
    let db = program(text);
    for item in items_of(&db, module(&db, "main")) {
        if let Some(Ok(body)) = dot_types::thir_body(&db, *item) {
            validate::validate(&db, body);
        }
    }
}

/// Asserts that the standard library of these tests is fine too.
pub fn std_is_fine() {
    let db = program("");
    let std = Project::get(&db).std(&db);
    let all = dot_types::package_diagnostics(&db, std);
    let shown: Vec<String> = all.iter().map(|one| format!("{} [{}]", show(&db, one), one.title)).collect();
    assert_eq!(shown, Vec::<String>::new());
}

/// Asserts that this, and nothing else, is told.
#[track_caller]
pub fn tells(text: &str, expected: &[&str]) {
    assert_eq!(told(text), expected, "{:#?}\n{text}", told_fully(text));
}

/// The types of the locals of `main`'s function `name` that have a name, as `name: type`.
pub fn locals(text: &str, name: &str) -> Vec<String> {
    let db = program(text);
    let typed = dot_types::typed_body(&db, item(&db, name)).expect("it has a body");
    let body = &typed.body;
    let named = body.locals.iter().filter(|local| !local.name.is_empty());
    named.map(|local| format!("{}: {}", local.name, dot_types::display_type(&db, local.ty, &[]))).collect()
}
