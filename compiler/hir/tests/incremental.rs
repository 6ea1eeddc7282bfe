//! What does not run again after an edit.
//!
//! Each test asks everything once, edits the file, asks again, and reads from the log which queries ran. Names in the
//! log are the queries' own.

mod support;

use dot_db::{Database, Module};
use dot_hir::items_of;
use salsa::Setter;
use std::collections::BTreeMap;
use std::sync::Arc;
use support::{file, module, project, project_with_wit};

const START: &str = "\
/// Doubles.
fn twice(x: u32) -> u32 {
  x + x
}

fn four() -> u32 {
  twice(2)
}
";

/// Asks what the layers above ask of a module.
fn ask(db: &Database, path: &str) {
    let module: Module<'_> = module(db, path);
    for &item in items_of(db, module) {
        dot_hir::item_signature(db, item);
        dot_hir::item_body(db, item);
        dot_hir::body_source_map(db, item);
        dot_hir::default_bodies(db, item);
        dot_hir::item_docs(db, item);
        dot_hir::item_diagnostics(db, item);
    }
    dot_hir::module_diagnostics(db, module);
    for name in ["twice", "four", "min"] {
        assert!(dot_hir::resolve_name(db, module, name).is_ok(), "{name}");
    }
}

/// How often each query ran for `after`, when all was known for `before`.
fn ran(before: &str, after: &str) -> BTreeMap<String, usize> {
    let mut db = project(&[("main", before)]);
    ask(&db, "main");
    file(&db, "main").set_text(&mut db).to(Arc::from(after));
    db.events().start();
    ask(&db, "main");
    let mut counts = BTreeMap::new();
    for event in db.events().take() {
        let query = event.split('(').next().unwrap_or_default().to_owned();
        *counts.entry(query).or_insert(0) += 1;
    }
    counts
}

fn count(ran: &BTreeMap<String, usize>, query: &str) -> usize {
    ran.get(query).copied().unwrap_or(0)
}

#[test]
fn without_an_edit_nothing_runs() {
    let db = project(&[("main", START)]);
    ask(&db, "main");
    db.events().start();
    ask(&db, "main");
    assert_eq!(db.events().take(), Vec::<String>::new());
}

#[test]
fn the_log_sees_queries_run() {
    let db = project(&[("main", START)]);
    db.events().start();
    ask(&db, "main");
    let first = db.events().take();
    for query in ["item_tree", "item_signature", "item_body", "module_scope", "lookup_inside", "file_chunks"]
    {
        assert!(first.iter().any(|event| event.starts_with(query)), "{query} is not in {first:?}");
    }
}

#[test]
fn an_edit_in_a_body_touches_that_body_only() {
    let ran = ran(START, &START.replace("x + x", "2 * x"));
    assert_eq!(count(&ran, "item_tree"), 1, "one item is parsed: {ran:?}");
    assert_eq!(count(&ran, "item_body"), 1, "one body is made: {ran:?}");
    assert_eq!(count(&ran, "item_header"), 0, "{ran:?}");
    assert_eq!(count(&ran, "module_scope"), 0, "{ran:?}");
    assert_eq!(count(&ran, "lookup_inside"), 0, "{ran:?}");
    assert_eq!(count(&ran, "package_index"), 0, "{ran:?}");
}

#[test]
fn a_comment_changes_no_body_and_no_signature() {
    let mut db = project(&[("main", START)]);
    let bodies = |db: &Database| {
        let items = items_of(db, module(db, "main"));
        items.iter().map(|item| dot_hir::item_body(db, *item).cloned()).collect::<Vec<_>>()
    };
    let before = bodies(&db);
    let text = START.replace("  x + x", "  // Why not a shift? It would not trap.\n  x + x");
    file(&db, "main").set_text(&mut db).to(Arc::from(text.as_str()));
    assert_eq!(bodies(&db), before);
    let ran = ran(START, &text);
    assert_eq!(count(&ran, "item_tree"), 1, "{ran:?}");
    assert_eq!(count(&ran, "module_scope"), 0, "{ran:?}");
    assert_eq!(count(&ran, "lookup_inside"), 0, "{ran:?}");
}

#[test]
fn a_doc_comment_changes_no_signature() {
    let ran = ran(START, &START.replace("/// Doubles.", "/// Gives twice as much."));
    assert_eq!(count(&ran, "item_docs"), 1, "{ran:?}");
    assert_eq!(count(&ran, "item_header"), 0, "{ran:?}");
    assert_eq!(count(&ran, "module_scope"), 0, "{ran:?}");
}

#[test]
fn an_item_added_above_moves_the_others_and_no_more() {
    let ran = ran(START, &format!("const LIMIT: u32 = 3\n\n{START}"));
    assert_eq!(count(&ran, "item_tree"), 1, "only the new item is parsed: {ran:?}");
    assert_eq!(count(&ran, "item_body"), 1, "{ran:?}");
    assert_eq!(count(&ran, "item_signature"), 1, "{ran:?}");
    // The scope has a new name, so what was looked up is looked up again, and found to be the same.
    assert_eq!(count(&ran, "module_scope"), 1, "{ran:?}");
    assert_eq!(count(&ran, "lookup_inside"), 3, "{ran:?}");
}

#[test]
fn a_changed_signature_leaves_scope_and_names_alone() {
    let ran = ran(START, &START.replace("x: u32", "x: u64"));
    assert_eq!(count(&ran, "item_signature"), 1, "{ran:?}");
    assert_eq!(count(&ran, "item_header"), 1, "{ran:?}");
    assert_eq!(count(&ran, "module_scope"), 0, "the header is the same: {ran:?}");
    assert_eq!(count(&ran, "lookup_inside"), 0, "{ran:?}");
}

#[test]
fn an_edit_of_another_module_leaves_this_one_alone() {
    let mut db = project(&[("main", START), ("other", "fn f() -> u8 { 1 }")]);
    ask(&db, "main");
    file(&db, "other").set_text(&mut db).to(Arc::from("fn f() -> u8 { 2 }"));
    db.events().start();
    ask(&db, "main");
    assert_eq!(db.events().take(), Vec::<String>::new());
}

#[test]
fn wit_is_read_once() {
    let wit = "package acme:a@1.0.0;\ninterface one { f: func(); }";
    let start = format!("use acme:a/one as one\n{START}");
    let mut db = project_with_wit(&[("main", &start)], &[("wit/a.wit", wit)]);
    let ask_all = |db: &Database| {
        ask(db, "main");
        assert!(dot_hir::resolve_path(db, module(db, "main"), &["one", "f"]).is_ok());
    };
    db.events().start();
    ask_all(&db);
    let first = db.events().take();
    assert!(first.iter().any(|event| event.starts_with("rendered_interface")), "{first:?}");
    file(&db, "main").set_text(&mut db).to(Arc::from(start.replace("x + x", "2 * x").as_str()));
    db.events().start();
    ask_all(&db);
    let ran = db.events().take();
    for query in ["wit_universe", "rendered_interface", "interface_items", "module_scope"] {
        assert!(!ran.iter().any(|event| event.starts_with(query)), "{query} is in {ran:?}");
    }
}

#[test]
fn a_moved_item_is_the_same_item() {
    let mut db = project(&[("main", START)]);
    let handles = |db: &Database| format!("{:?}", items_of(db, module(db, "main")));
    let before = handles(&db);
    file(&db, "main").set_text(&mut db).to(Arc::from(format!("\n\n// Moved.\n{START}").as_str()));
    assert_eq!(handles(&db), before);
}
