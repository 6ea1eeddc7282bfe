//! What runs again after an edit: of a file of 200 functions, the queries of the one that was edited.

use dot_driver::{Files, Session};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

struct OneFile(String);

impl Files for OneFile {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Ok(self.0.clone().into_bytes())
    }

    fn list(&self, _: &Path, _: &str) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }

    fn folders(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn is_folder(&self, _: &Path) -> bool {
        false
    }
}

/// Each calls the one before.
fn functions(edited: &str) -> String {
    let body = |n: u32| match n {
        0 => "n".to_owned(),
        100 => format!("step99({edited})"),
        n => format!("step{}(n + 1)", n - 1),
    };
    (0..200).map(|n| format!("/// Number {n}.\nfn step{n}(n: u64) -> u64 {{\n  {}\n}}\n", body(n))).collect()
}

#[test]
fn only_the_edited_function_is_looked_at_again() {
    let before = OneFile(functions("n"));
    let mut session = Session::open(&before, Path::new("many.dot")).expect("it can be opened");
    assert_eq!(session.check().render(dot_diagnostics::render::Colour::Never), "");

    session.db().events().start();
    assert!(session.check().diagnostics().is_empty());
    assert_eq!(session.db().events().take(), [] as [String; 0], "nothing changed");

    let file = session.file("many.dot").expect("it is there");
    session.db().events().start();
    session.set_text(file, &functions("n + 10"));
    assert!(session.check().diagnostics().is_empty());
    // Two layers have a query `item_diagnostics`; both are about the one item.
    let mut runs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for event in session.db().events().take() {
        let (query, key) = event.split_once('(').expect("a name and a key");
        runs.entry(query.to_owned()).or_default().insert(key.to_owned());
    }
    let for_several: Vec<_> = runs.iter().filter(|(_, keys)| keys.len() > 1).collect();
    assert!(for_several.is_empty(), "these ran for others too: {for_several:?}");
    let edited = runs.get("typed_body").expect("the edited body is typed again");
    for query in ["item_tree", "lowered_body", "own_diagnostics", "item_diagnostics"] {
        assert_eq!(runs.get(query), Some(edited), "{query}");
    }

    session.db().events().start();
    session.set_text(file, &format!("// A comment moves everything down.\n{}", functions("n + 10")));
    assert!(session.check().diagnostics().is_empty());
    let ran = session.db().events().take();
    let of_items =
        |name: &&String| !["file_", "module_", "line_"].iter().any(|prefix| name.starts_with(prefix));
    let of_items: Vec<_> = ran.iter().filter(of_items).collect();
    assert!(of_items.is_empty(), "no item changed: {of_items:?}");
}
