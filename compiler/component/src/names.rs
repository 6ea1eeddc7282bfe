//! Names in WIT: how `lower_snake`, `Pascal` and `SCREAMING` become kebab-case.
//!
//! A WIT name is words joined by `-`, each of which starts with a letter. So a word boundary of a Dot name
//! that would leave a word starting with a digit is none: `point_2d` is `point2d`. The mapping is not
//! injective; names of one interface that collide are an error of the front end.

use dot_db::{Db, Item};
use dot_hir::attribute::{Attribute, string_argument};
use dot_hir::item_signature;

/// The WIT name of a Dot name: `find_all` → `find-all`, `HttpError` → `http-error`, `MAX_SIZE` → `max-size`.
#[must_use]
pub fn kebab(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut boundary = false;
    let mut previous_lower = false;
    let chars: Vec<char> = name.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            boundary = !out.is_empty();
            previous_lower = false;
            continue;
        }
        let ends_acronym = c.is_ascii_uppercase()
            && at > 0
            && chars[at - 1].is_ascii_uppercase()
            && chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
        if c.is_ascii_uppercase() && (previous_lower || ends_acronym) {
            boundary = true;
        }
        if boundary && c.is_ascii_alphabetic() {
            out.push('-');
        }
        boundary = false;
        out.push(c.to_ascii_lowercase());
        previous_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    if !out.starts_with(|c: char| c.is_ascii_lowercase()) {
        out.insert(0, 'm');
    }
    out
}

/// The WIT name of a function or type: what `@wit` says, else its name in kebab-case.
#[must_use]
pub fn wit_item(db: &dyn Db, item: Item<'_>) -> String {
    given(&item_signature(db, item).attributes, item.name(db))
}

/// The WIT name of a function's parameter, by index.
#[must_use]
pub fn wit_param(db: &dyn Db, item: Item<'_>, index: usize) -> String {
    let param = item_signature(db, item).params().get(index);
    param.map_or_else(String::new, |param| given(&param.attributes, &param.name.text))
}

/// The WIT name of a field, case or flag of a type, by index and name.
#[must_use]
pub fn wit_member(db: &dyn Db, item: Item<'_>, index: usize, name: &str) -> String {
    given(dot_types::member_attributes(db, item, index), name)
}

fn given(attributes: &[Attribute], name: &str) -> String {
    string_argument(attributes, "wit").map_or_else(|| kebab(name), ToString::to_string)
}

/// The WIT identifier of a lone file's stem: `04_calc` → `m04-calc`.
#[must_use]
pub fn stem_identifier(stem: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let lower = stem.to_ascii_lowercase();
    for word in lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()) {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            words.push(format!("m{word}"));
        } else {
            words.push(word.to_owned());
        }
    }
    if words.is_empty() { "m".to_owned() } else { words.join("-") }
}

/// Words that WIT reserves; as names they are written with a `%`.
const KEYWORDS: &[&str] = &[
    "as",
    "async",
    "bool",
    "borrow",
    "char",
    "constructor",
    "enum",
    "error-context",
    "export",
    "f32",
    "f64",
    "flags",
    "from",
    "func",
    "future",
    "import",
    "include",
    "interface",
    "list",
    "map",
    "option",
    "own",
    "package",
    "record",
    "resource",
    "result",
    "s16",
    "s32",
    "s64",
    "s8",
    "static",
    "stream",
    "string",
    "tuple",
    "type",
    "u16",
    "u32",
    "u64",
    "u8",
    "use",
    "variant",
    "with",
    "world",
];

/// The full name of an interface as it is written in a WIT file: `demo:app/%interface@1.0.0`.
#[must_use]
pub fn escaped_path(path: &str) -> String {
    let (path, version) = path.split_once('@').map_or((path, None), |(path, version)| (path, Some(version)));
    let mut out = String::new();
    for part in path.split_inclusive([':', '/']) {
        let name = part.trim_end_matches([':', '/']);
        out.push_str(&escaped(name));
        out.push_str(&part[name.len()..]);
    }
    version.map_or_else(|| out.clone(), |version| format!("{out}@{version}"))
}

/// A WIT name as it is written in a WIT file.
#[must_use]
pub fn escaped(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("%{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{escaped, escaped_path, kebab, stem_identifier};

    #[test]
    fn kebab_joins_words_that_start_with_letters() {
        for (dot, wit) in [
            ("hello", "hello"),
            ("find_all", "find-all"),
            ("HttpError", "http-error"),
            ("HTTPError", "http-error"),
            ("MAX_SIZE", "max-size"),
            ("point_2d", "point2d"),
            ("Point2D", "point2-d"),
            ("u8_list", "u8-list"),
            ("A", "a"),
            ("_x", "x"),
        ] {
            assert_eq!(kebab(dot), wit, "{dot}");
        }
    }

    #[test]
    // r[item.stem]
    fn stems_become_identifiers() {
        for (stem, wit) in [
            ("hello", "hello"),
            ("04_calc", "m04-calc"),
            ("a--b", "a-b"),
            ("Größe", "gr-e"),
            ("", "m"),
            ("_", "m"),
        ] {
            assert_eq!(stem_identifier(stem), wit, "{stem}");
        }
    }

    #[test]
    fn keywords_are_escaped() {
        assert_eq!(escaped_path("use:b/list@1.0.0"), "%use:b/%list@1.0.0");
        assert_eq!(escaped_path("here"), "here");
        assert_eq!(escaped("list"), "%list");
        assert_eq!(escaped("lists"), "lists");
    }
}
