//! Every code has a kebab-case name of its own, a summary, and a page of the agreed form.

use dot_diagnostics::{ALL_CODES, Code, explain};

#[test]
// r[diag.code]
fn names_are_kebab_case_and_unique() {
    for (index, entry) in ALL_CODES.iter().enumerate() {
        let name = entry.code.as_str();
        assert!(
            name.split('-').all(|word| !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())),
            "{name} is not kebab-case"
        );
        assert!(ALL_CODES[..index].iter().all(|earlier| earlier.code != entry.code), "{name} stands twice");
        assert_eq!(Code::find(name), Some(entry.code));
    }
}

#[test]
// r[diag.page]
fn pages_begin_with_the_code_and_end_with_a_right_example() {
    for entry in ALL_CODES {
        let name = entry.code.as_str();
        let page = explain(name).expect("a registered code has a page");
        assert_eq!(page.lines().next(), Some(format!("# {name}").as_str()));
        let wrong = page.find("```dot,wrong").or(page.find("```text"));
        let right = page.find("```dot,right");
        assert!(wrong.is_some() && wrong < right, "{name}: a wrong example, then a right one");
        assert_eq!(page.matches("```").count() % 2, 0, "{name}: a fence is not closed");
        assert!(entry.summary.ends_with('.'), "{name}: the summary is a sentence");
    }
}

#[test]
fn every_page_is_registered() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/codes");
    for file in std::fs::read_dir(folder).expect("the pages") {
        let path = file.expect("a page").path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name in UTF-8");
        assert!(Code::find(stem).is_some(), "{stem}.md has no entry in the registry");
    }
}

#[test]
fn an_unknown_code_has_no_page() {
    assert_eq!(explain("no-such-code"), None);
}
