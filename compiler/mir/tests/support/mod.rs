//! Projects in memory, and what becomes of their functions.
#![allow(dead_code, reason = "each test file uses its part")]

use dot_db::{Database, Item, Origin, PackageTexts, Project, module_named, new_project};
use dot_hir::items_of;
use dot_mir::ir::{Function, Instance, InstanceKind, Op};
use dot_mir::passes::Env;
use dot_mir::print::print_function;
use dot_mir::queries::{Queries, passing};
use dot_types::Ty;

/// A project of one module `main`, whatever is wrong with it.
pub fn unchecked(text: &str) -> Database {
    let db = Database::default();
    let root = PackageTexts::new("acme:geo", Origin::User, &[("main", text)]);
    new_project(&db, &root, &PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES));
    db
}

/// A project of one module `main`; nothing may be wrong with it.
pub fn program(text: &str) -> Database {
    let db = unchecked(text);
    let module = module_named(&db, Project::get(&db).root(&db), "main").expect("the module");
    let told = dot_types::module_diagnostics(&db, module);
    let told: Vec<_> = told.iter().filter(|d| d.is_error()).collect();
    assert!(told.is_empty(), "{told:?}\n{text}");
    db
}

/// The first item of that name in `main`.
pub fn item<'db>(db: &'db Database, name: &str) -> Item<'db> {
    let module = module_named(db, Project::get(db).root(db), "main").expect("the module");
    let found = items_of(db, module).iter().find(|item| item.name(db) == name);
    *found.unwrap_or_else(|| panic!("no `{name}`"))
}

/// The instance of the item of that name without type arguments.
pub fn instance<'db>(db: &'db Database, name: &str) -> Instance<'db> {
    Instance::new(db, InstanceKind::Item(item(db, name)), Vec::<Ty<'db>>::new())
}

/// A function as text.
pub fn text<'db>(db: &'db Database, function: &Function<'db>) -> String {
    let program = Queries::new(db);
    let passing = |callee: Instance<'db>| passing(db, callee).clone();
    let env = Env { program: &program, passing: &passing };
    print_function(db, function, &|op: &Op<'db>, n| env.consumes(op, n))
}

/// The lowered function of that name, as text.
pub fn lowered(source: &str, name: &str) -> String {
    let db = program(source);
    let function = dot_mir::lowered(&db, instance(&db, name)).expect("it has a body");
    assert_eq!(dot_mir::refusals(&db, instance(&db, name)), []);
    text(&db, function)
}

/// The counted function of that name, as text.
pub fn counted(source: &str, name: &str) -> String {
    let db = program(source);
    let function = dot_mir::counted(&db, instance(&db, name)).expect("it has a body");
    text(&db, function)
}

/// Asserts that two texts are the same but for indentation at the start and the end.
#[track_caller]
pub fn same(actual: &str, expected: &str) {
    let trimmed = |text: &str| text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    assert!(trimmed(actual) == trimmed(expected), "\n--- is\n{actual}\n--- should be\n{expected}");
}

/// How a call ended, in a form in which engines can be compared.
#[derive(Debug, PartialEq)]
pub enum End<'db> {
    /// The value, then the final values of `inout` parameters.
    Values(Vec<dot_eval::Value<'db>>),
    /// The program ended itself.
    Trap(&'static str, Option<String>),
    /// A limit was reached.
    Limit(&'static str),
    /// Anything else is a mistake.
    Other(String),
}

/// Calls a function in the evaluator.
pub fn evaluate<'db>(db: &'db Database, name: &str, args: Vec<dot_eval::Value<'db>>) -> End<'db> {
    let program = Queries::new(db);
    let item = item(db, name);
    match dot_eval::call_inout(&program, item, &[], args, dot_eval::Limits::PROGRAM) {
        Ok((value, args)) => {
            let params = &dot_types::fn_signature(db, item).params;
            let inout = params.iter().zip(args).filter(|(p, _)| p.mode == dot_types::Mode::InOut);
            End::Values(std::iter::once(value).chain(inout.map(|(_, arg)| arg)).collect())
        }
        Err(failure) => match failure.cause {
            dot_eval::Cause::Trap { kind, message } => End::Trap(kind.name(), Some(message)),
            dot_eval::Cause::Limit(limit) => End::Limit(limit.name()),
            other => End::Other(format!("{other:?}")),
        },
    }
}

/// Calls a function in the interpreter.
pub fn interpret<'db>(
    db: &'db Database,
    name: &str,
    args: Vec<dot_eval::Value<'db>>,
    level: dot_mir::Level,
) -> End<'db> {
    match dot_mir::interp::call(db, instance(db, name), args, dot_eval::Limits::PROGRAM, level) {
        Ok(outcome) => End::Values(outcome.values),
        Err(dot_mir::interp::Failure::Trap { kind, message, .. }) => End::Trap(kind.name(), message),
        Err(dot_mir::interp::Failure::Limit(limit)) => End::Limit(limit.name()),
        Err(other) => End::Other(format!("{other:?}")),
    }
}

/// Asserts that both engines end alike, at both levels, and says how.
#[track_caller]
pub fn agree<'db>(db: &'db Database, name: &str, args: &[dot_eval::Value<'db>]) -> End<'db> {
    let expected = evaluate(db, name, args.to_vec());
    assert!(!matches!(expected, End::Other(_)), "{name}: {expected:?}");
    for level in [dot_mir::Level::Debug, dot_mir::Level::Release] {
        // What a trap of an operation says is for people; what the program itself says is compared.
        let actual = match (interpret(db, name, args.to_vec(), level), &expected) {
            (End::Trap(kind @ ("index" | "key"), _), End::Trap(_, message)) => {
                End::Trap(kind, message.clone())
            }
            (other, _) => other,
        };
        assert_eq!(actual, expected, "{name} at {level:?}");
    }
    expected
}

/// Runs every function of a module of that text whose name begins with `t_`, and gives what each gave, printed.
#[track_caller]
pub fn run_all(source: &str) -> Vec<String> {
    let db = program(source);
    let module = module_named(&db, Project::get(&db).root(&db), "main").expect("the module");
    let program = Queries::new(&db);
    let mut out = Vec::new();
    for item in items_of(&db, module) {
        let name = item.name(&db);
        if !name.starts_with("t_") {
            continue;
        }
        let ret = dot_types::fn_signature(&db, *item).ret;
        out.push(match agree(&db, name, &[]) {
            End::Values(values) => format!("{name}: {}", dot_eval::show_nested(&program, &values[0], ret)),
            End::Trap(kind, _) => format!("{name}: trap {kind}"),
            End::Limit(limit) => format!("{name}: limit {limit}"),
            End::Other(other) => format!("{name}: {other}"),
        });
    }
    out
}
