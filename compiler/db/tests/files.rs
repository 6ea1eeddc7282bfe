//! Files, their items, and everything an editor may do to them.

use dot_db::{
    Anchor, Database, Db, Diagnostic, FileStatus, Module, Origin, PackageTexts, Project, SourceFile,
    file_diagnostics, item_syntax_diagnostics, item_tree, module_items, module_named, module_of_file,
    modules_of, new_project, resolve,
};
use dot_diagnostics::{Span, TextRange};
use dot_syntax::ItemKind;
use salsa::Setter;
use std::sync::Arc;

fn project(modules: &[(&'static str, &str)]) -> Database {
    let db = Database::default();
    let root = PackageTexts::new("acme:geo", Origin::User, modules);
    new_project(&db, &root, &PackageTexts::new("dot:std", Origin::Std, &[("list", "")]));
    db
}

fn module<'db>(db: &'db dyn Db, path: &str) -> Module<'db> {
    module_named(db, Project::get(db).root(db), path).expect("the module is there")
}

fn file(db: &dyn Db) -> SourceFile {
    module(db, "main").file(db).expect("it is a file")
}

fn write(db: &mut Database, text: &str) {
    file(db).set_text(db).to(Arc::from(text));
}

/// Kind, owner, name, disambiguator and text of each item of `main`.
fn items(db: &dyn Db) -> Vec<(ItemKind, String, String, u32, String)> {
    module_items(db, module(db, "main"))
        .iter()
        .map(|item| {
            let (owner, name) = (item.owner(db).to_string(), item.name(db).to_string());
            (item.kind(db), owner, name, item.disambiguator(db), item.text(db).to_string())
        })
        .collect()
}

fn codes(diagnostics: &[Diagnostic<'_>]) -> Vec<&'static str> {
    diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

#[test]
fn items_are_told_apart_by_kind_owner_name_and_order() {
    let db = project(&[("main", "fn f() {}\nfn A.f() {}\nrecord F { x: u8 }\nfn f() {}\nuse std/list as l")]);
    let found: Vec<_> =
        items(&db).into_iter().map(|(kind, owner, name, which, _)| (kind, owner, name, which)).collect();
    let expected = [
        (ItemKind::Fn, "", "f", 0),
        (ItemKind::Fn, "A", "f", 0),
        (ItemKind::Record, "", "F", 0),
        (ItemKind::Fn, "", "f", 1),
        (ItemKind::Use, "", "l", 0),
    ];
    assert_eq!(
        found,
        expected.map(|(kind, owner, name, which)| (kind, owner.to_owned(), name.to_owned(), which))
    );
}

#[test]
fn a_moved_item_is_the_same_and_its_places_move_along() {
    let mut db = project(&[("main", "fn f() {}\n")]);
    let place = |db: &Database| {
        let item = module_items(db, module(db, "main"))[0];
        let tree = item_tree(db, item).item.as_ref().expect("it can be read");
        let name = tree.body.name().expect("it has a name").range;
        let (file, range) = resolve(db, Span::new(Anchor::Item(item), name)).expect("it is in a file");
        (format!("{item:?}"), range, range.slice(file.text(db)).to_owned())
    };
    let (before, at, name) = place(&db);
    assert_eq!((at, name.as_str()), (TextRange::new(3, 4), "f"));
    write(&mut db, "// Above.\n\nfn f() {}\n");
    db.events().start();
    let (after, at, name) = place(&db);
    let ran = db.events().take();
    assert_eq!((at, name.as_str()), (TextRange::new(14, 15), "f"));
    assert_eq!(after, before, "the same id");
    assert!(!ran.iter().any(|query| query.starts_with("item_tree")), "{ran:?}");
}

#[test]
fn an_empty_file_has_no_items_and_nothing_wrong() {
    for text in ["", "\n", "// Only a comment.\n", "//! Only docs.\n", "\u{feff}"] {
        let db = project(&[("main", text)]);
        assert_eq!(items(&db), [], "{text:?}");
        assert_eq!(codes(file_diagnostics(&db, file(&db))), Vec::<&str>::new(), "{text:?}");
    }
}

#[test]
fn text_outside_items_is_told_in_the_file() {
    // A word that begins an item in another language is what is meant; of anything else it is all of the text.
    for (outside, told) in [("let x = 1", "let"), ("x = 1 + 2", "x = 1 + 2")] {
        let db = project(&[("main", &format!("{outside}\nfn f() {{}}\n"))]);
        let found = file_diagnostics(&db, file(&db));
        assert_eq!(codes(found), ["outside-item"]);
        let (_, range) = resolve(&db, found[0].primary.span).expect("it is in a file");
        assert_eq!(range.slice(outside), told);
        assert_eq!(items(&db).len(), 1);
    }
}

#[test]
fn what_is_wrong_inside_an_item_is_anchored_there() {
    let db = project(&[("main", "fn f() {}\nfn g( {}\nfn h() {}\n")]);
    let main = module_items(&db, module(&db, "main"));
    let wrong: Vec<bool> = main.iter().map(|item| !item_syntax_diagnostics(&db, *item).is_empty()).collect();
    assert_eq!(wrong, [false, true, false]);
    let first = &item_syntax_diagnostics(&db, main[1])[0];
    assert_eq!(first.primary.span.anchor, Anchor::Item(main[1]));
}

#[test]
fn a_file_that_is_gone_or_not_utf8_says_so() {
    let mut db = project(&[("main", "fn f() {}")]);
    file(&db).set_status(&mut db).to(FileStatus::InvalidUtf8 { offset: 4 });
    let found = file_diagnostics(&db, file(&db));
    assert_eq!(codes(found), ["invalid-utf8"]);
    assert_eq!(found[0].primary.span.range, TextRange::new(4, 5));
    file(&db).set_status(&mut db).to(FileStatus::Missing);
    write(&mut db, "");
    assert_eq!(codes(file_diagnostics(&db, file(&db))), ["missing-file"]);
    assert_eq!(items(&db), []);
    file(&db).set_status(&mut db).to(FileStatus::Present);
    write(&mut db, "fn f() {}");
    assert_eq!(items(&db).len(), 1);
}

#[test]
fn modules_come_and_go() {
    let mut db = project(&[("main", ""), ("shapes/round", ""), ("a", "")]);
    let root = Project::get(&db).root(&db);
    let paths = |db: &Database| {
        modules_of(db, root).iter().map(|module| module.path(db).to_string()).collect::<Vec<_>>()
    };
    assert_eq!(paths(&db), ["a", "main", "shapes/round"]);
    let round = module(&db, "shapes/round");
    let its_file = round.file(&db).expect("it is a file");
    assert_eq!(module_of_file(&db, its_file), Some(round));
    let kept = root.modules(&db).iter().filter(|module| module.path != "shapes/round").cloned().collect();
    root.set_modules(&mut db).to(kept);
    assert_eq!(paths(&db), ["a", "main"]);
    assert_eq!(module_named(&db, root, "shapes/round"), None);
    assert_eq!(module_of_file(&db, its_file), None);
}

#[test]
fn any_bytes_give_items_and_diagnostics() {
    let pieces = [
        "fn ", "f", "(", ")", "{", "}", "\"", "use ", "a/b", "\n", "record ", "R", "@", "///", ":", ".",
        "\0", "é",
    ];
    // Every pair and triple that begins with an item's word or a bracket.
    for first in ["fn ", "use ", "record ", "{", "\"", "@"] {
        for second in pieces {
            for third in pieces {
                let text = [first, second, third].concat();
                let db = project(&[("main", &text)]);
                let total: usize = items(&db).iter().map(|item| item.4.len()).sum();
                assert!(total <= text.len(), "items don't overlap: {text:?}");
                for item in module_items(&db, module(&db, "main")) {
                    item_syntax_diagnostics(&db, *item);
                }
                file_diagnostics(&db, file(&db));
            }
        }
    }
}
