//! The rules of `spec/`, and the checks on the book's own form.
//!
//! `spec/src/conventions.md` says what a rule is: one paragraph, preceded by a line `r[id]`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A rule of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id, such as `lex.newline.end`.
    pub id: String,
    /// The chapter's file name.
    pub chapter: String,
    /// The line of the id, from 1.
    pub line: usize,
}

/// The folder of the chapters.
pub fn chapters_folder() -> PathBuf {
    crate::root().join("spec/src")
}

/// The chapters, by name, with their text. The conventions explain the form and hold no rule.
pub fn chapters() -> BTreeMap<String, String> {
    let mut chapters = BTreeMap::new();
    for path in crate::files(&chapters_folder(), "md") {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name != "SUMMARY.md" && name != "conventions.md" {
            chapters.insert(name, crate::read(&path));
        }
    }
    chapters
}

/// Every rule of the book, chapter by chapter.
pub fn rules() -> Vec<Rule> {
    let of = |(name, text): (&String, &String)| rules_of(name, text);
    chapters().iter().flat_map(of).collect()
}

/// The rules of one chapter.
pub fn rules_of(chapter: &str, text: &str) -> Vec<Rule> {
    let id_of = |line: &str| Some(line.strip_prefix("r[")?.strip_suffix(']')?.to_owned());
    let lines = text.lines().enumerate();
    let rule = |(at, line): (usize, &str)| {
        id_of(line).map(|id| Rule { id, chapter: chapter.to_owned(), line: at + 1 })
    };
    lines.filter_map(rule).collect()
}

/// What is wrong with a chapter's form: each id line stands after a blank line and right before text.
pub fn malformed(chapter: &str, text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let blank = |at: usize| lines.get(at).is_none_or(|line| line.trim().is_empty());
    let mut wrong = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with("r[") && !line.ends_with(']') {
            wrong.push(format!("{chapter}:{}: an id line that doesn't end with `]`", at + 1));
        }
    }
    for rule in rules_of(chapter, text) {
        let place = format!("{chapter}:{}", rule.line);
        if !well_formed_id(&rule.id) {
            wrong.push(format!("{place}: `{}` is not segments of lower-case words joined by dots", rule.id));
        }
        if blank(rule.line) || lines.get(rule.line).is_some_and(|next| next.starts_with("r[")) {
            wrong.push(format!("{place}: no paragraph follows `{}`", rule.id));
        }
        if rule.line >= 2 && !blank(rule.line - 2) {
            wrong.push(format!("{place}: no blank line before `{}`", rule.id));
        }
    }
    wrong
}

/// Two or more segments joined by dots; a segment is lower-case letters and digits with single
/// hyphens between.
pub fn well_formed_id(id: &str) -> bool {
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let segment = |s: &str| s.split('-').all(word) && s.starts_with(|c: char| c.is_ascii_lowercase());
    id.contains('.') && id.split('.').all(segment)
}

/// Rule ids that tests outside the conformance suite name in comments, as `r[…]`, with the file that does.
pub fn named_by_tests() -> BTreeMap<String, PathBuf> {
    let mut named = BTreeMap::new();
    for folder in ["compiler", "lsp", "runtime-host", "stdlib", "tests"] {
        let root = crate::root().join(folder);
        for extension in ["rs", "mjs"] {
            for path in crate::files(&root, extension) {
                // This file and its neighbours speak about the marks themselves.
                if path.starts_with(crate::root().join("tests/harness/src")) {
                    continue;
                }
                for id in marks(&crate::read(&path)) {
                    named.entry(id).or_insert_with(|| path.clone());
                }
            }
        }
    }
    named
}

/// The ids in comments of a source text.
fn marks(text: &str) -> Vec<String> {
    let comments = text.lines().filter_map(|line| line.split_once("//"));
    comments.flat_map(|(_, comment)| ids_in(comment)).collect()
}

fn ids_in(comment: &str) -> Vec<String> {
    let parts = comment.split("r[").skip(1).filter_map(|part| part.split_once(']'));
    parts.map(|(id, _)| id.to_owned()).filter(|id| well_formed_id(id)).collect()
}

/// The files that a chapter links to, relative to it, without anchors.
pub fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).filter_map(|part| part.split_once(')'));
    let files = targets.map(|(target, _)| target.split('#').next().unwrap_or_default());
    files.filter(|target| !target.is_empty() && !target.contains("://")).collect()
}

/// Whether a link's file is there.
pub fn link_holds(target: &str) -> bool {
    chapters_folder().join(Path::new(target)).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_are_well_formed() {
        let chapters = chapters();
        assert!(chapters.len() >= 15, "only {} chapters were found", chapters.len());
        let wrong: Vec<String> = chapters.iter().flat_map(|(name, text)| malformed(name, text)).collect();
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn ids_are_unique_and_a_first_segment_belongs_to_one_chapter() {
        let mut ids = BTreeMap::new();
        let mut homes: BTreeMap<String, String> = BTreeMap::new();
        for rule in rules() {
            let first = rule.id.split('.').next().unwrap_or_default().to_owned();
            let home = homes.entry(first.clone()).or_insert_with(|| rule.chapter.clone());
            assert_eq!(*home, rule.chapter, "`{first}` names two chapters");
            if let Some(other) = ids.insert(rule.id.clone(), rule.clone()) {
                panic!("{} stands in {other:?} and {rule:?}", rule.id);
            }
        }
    }

    #[test]
    fn the_summary_names_every_chapter() {
        let summary = crate::read(&chapters_folder().join("SUMMARY.md"));
        for name in chapters().keys() {
            assert!(summary.contains(&format!("({name})")), "SUMMARY.md does not name {name}");
        }
    }

    #[test]
    fn links_lead_somewhere() {
        for (name, text) in chapters() {
            for target in links(&text) {
                assert!(link_holds(target), "{name} links to {target}, which is not there");
            }
        }
    }

    #[test]
    fn broken_forms_are_told() {
        assert!(malformed("x.md", "\nr[a.b]\nText.\n").is_empty());
        assert_eq!(malformed("x.md", "\nr[a.b]\n\nText.\n").len(), 1, "no paragraph right after");
        assert_eq!(malformed("x.md", "Text.\nr[a.b]\nText.\n").len(), 1, "no blank line before");
        assert_eq!(malformed("x.md", "\nr[a.b\nText.\n").len(), 1, "not closed");
        assert_eq!(malformed("x.md", "\nr[a.b]\nr[a.c]\nText.\n").len(), 2, "two ids, one paragraph");
    }

    #[test]
    fn ids_have_a_form() {
        for good in ["a.b", "lex.newline.end", "data.min-max", "num.f64"] {
            assert!(well_formed_id(good), "{good}");
        }
        for bad in ["a", "a.", ".a", "a.B", "a.b_c", "a.-b", "a.b--c", "a.1", "…", "a b.c"] {
            assert!(!well_formed_id(bad), "{bad}");
        }
    }

    #[test]
    fn marks_are_read_from_comments_only() {
        assert_eq!(marks("let a = r[b.c]; // r[abi.list] and r[abi.box]\n"), ["abi.list", "abi.box"]);
        assert!(marks("let a = \"r[abi.list]\";\n").is_empty());
    }
}
