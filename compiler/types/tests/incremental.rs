//! What does not run again after an edit.

mod support;

use dot_db::Database;
use dot_hir::items_of;
use dot_types::{effects_of, item_diagnostics, thir_body};
use salsa::Setter;
use support::{file, module, project};

const MAIN: &str = "\
record P { x: u32 = 1 }
fn helper(n: u32) -> u32 { n + 1 }
fn caller(p: P) -> u32 { helper(p.x) }
dot main() -> u32 { caller({ x: 2, }) }
";

fn ask_all(db: &Database) {
    for item in items_of(db, module(db, "main")) {
        item_diagnostics(db, *item);
        thir_body(db, *item);
        effects_of(db, *item);
    }
}

/// The queries that ran after `main` was replaced by `text`, by name, how often.
fn ran_after(text: &str) -> Vec<(String, usize)> {
    let mut db = project(&[("main", MAIN)]);
    ask_all(&db);
    let file = file(&db, "main");
    file.set_text(&mut db).to(text.into());
    db.events().start();
    ask_all(&db);
    let mut counts: Vec<(String, usize)> = Vec::new();
    for event in db.events().take() {
        let name = event.split('(').next().unwrap_or_default().to_owned();
        match counts.iter_mut().find(|(other, _)| *other == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    counts
}

fn count(ran: &[(String, usize)], name: &str) -> usize {
    ran.iter().find(|(other, _)| other == name).map_or(0, |(_, count)| *count)
}

#[test]
fn an_edit_in_a_body_checks_that_body_only() {
    let ran = ran_after(&MAIN.replace("n + 1", "n + 2"));
    assert_eq!(count(&ran, "typed_body"), 1, "{ran:?}");
    assert_eq!(count(&ran, "fn_signature"), 0, "{ran:?}");
    assert_eq!(count(&ran, "thir_body"), 1, "{ran:?}");
}

#[test]
fn an_item_added_above_checks_nothing_else() {
    let ran = ran_after(&format!("fn other() -> bool {{ true }}\n{MAIN}"));
    assert_eq!(count(&ran, "typed_body"), 1, "{ran:?}");
}

#[test]
fn a_comment_in_a_body_changes_no_body_to_run() {
    let db = project(&[("main", MAIN)]);
    let before = thir_body(&db, support::item(&db, "helper")).cloned();
    let text = MAIN.replace("{ n + 1 }", "{\n  // one more\n  n + 1\n}");
    let ran = ran_after(&text);
    assert_eq!(count(&ran, "typed_body"), 1, "{ran:?}");
    let after_db = project(&[("main", &text)]);
    let after = thir_body(&after_db, support::item(&after_db, "helper")).cloned();
    let exprs = |body: &Option<Result<dot_types::thir::Body<'_>, _>>| match body {
        Some(Ok(body)) => body.exprs.len(),
        _ => 0,
    };
    assert_eq!(exprs(&before), exprs(&after));
    assert!(exprs(&before) > 0);
}

#[test]
fn a_changed_signature_checks_its_callers() {
    let ran = ran_after(&MAIN.replace("helper(n: u32)", "helper(n: u64)"));
    // The function itself and the one that calls it; not the caller's caller.
    assert_eq!(count(&ran, "typed_body"), 2, "{ran:?}");
}
