//! Whole programs parse without an error.

use std::path::Path;

fn check(path: &Path) {
    let text = std::fs::read_to_string(path).expect("a program");
    let parsed = dot_syntax::parse(&text);
    let errors = parsed.all_errors();
    let shown: Vec<String> = errors
        .iter()
        .map(|error| {
            let start = error.primary.span.range.start as usize;
            let line = text[..start].matches('\n').count() + 1;
            format!("{}:{line}: {}: {}", path.display(), error.code, error.title)
        })
        .collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    assert!(!parsed.items.is_empty(), "{} has items", path.display());
    assert!(parsed.items.iter().all(|(_, item)| item.item.is_some()));
}

#[test]
fn the_programs_in_the_tree_parse() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs"));
    for name in ["shapes.dot", "shop.dot"] {
        check(&folder.join(name));
    }
}

#[test]
fn the_sample_programs_parse() {
    let Ok(shared) = std::env::var("DOT_SHARED") else {
        eprintln!("skipped: DOT_SHARED is not set");
        return;
    };
    let folder = Path::new(&shared).join("language/programs");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the sample programs") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "dot") {
            check(&path);
            count += 1;
        }
    }
    assert!(count > 0, "there are sample programs");
}
