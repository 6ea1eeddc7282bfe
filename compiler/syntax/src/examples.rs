//! The examples in a module's docs, as a module of tests.
//!
//! A code block marked `dot` in a doc comment is an example, and an example is the body of a test that looks at its
//! module from outside:
//!
//! ```text
//! /// How many sheep there are.
//! ///
//! /// ```dot                            ─▶      test "`count`, line 3" {
//! /// assert sheep.count([]) == 0                   assert sheep.count([]) == 0
//! /// ```                                       }
//! pub fn count(sheep: list<Sheep>) -> u32 {        use geo/sheep.{Sheep}
//! ```
//!
//! Its lines keep their number and its columns theirs, so that whatever is told of the made text is told of the right
//! place. An example may begin with `use`s of its own.

use crate::lexer::{Kind, Lexeme, lex};
use crate::split::{Chunk, ItemKind, split_lexed};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Modules of these names are the homes of built-in types: their methods need no `use`, and one would hide the type.
const HOMES: [&str; 7] = ["char", "list", "map", "option", "result", "set", "string"];

/// The tests that the examples of a module are, as the text of another one; none if it has no example.
///
/// `path` is what a `use` of the module says: `std/json`.
pub fn example_module(text: &str, path: &str) -> Option<String> {
    let lexed = lex(text);
    let split = split_lexed(text, &lexed);
    let mut writer = Writer { uses: Vec::new(), lines: Vec::new(), open: false };
    // The last line looked at: where it begins, and its number, counted from 0.
    let (mut before, mut number) = (0, 0);
    for lexeme in lexed.lexemes.iter().filter(|lexeme| matches!(lexeme.kind, Kind::Doc | Kind::ModuleDoc)) {
        let start = lexeme.range.start as usize;
        let lines = text.get(before..start)?.matches('\n').count();
        (before, number) = (start, number + lines);
        if lines != 1 {
            writer.close();
        }
        writer.take(text, *lexeme, number, &split.chunks);
    }
    writer.close();
    if writer.lines.is_empty() {
        return None;
    }
    Some(writer.finish(path, &public_types(&lexed.lexemes, &split.chunks, text)))
}

struct Writer {
    uses: Vec<String>,
    /// Numbers of lines, and what stands there.
    lines: Vec<(usize, String)>,
    /// Whether an example is open.
    open: bool,
}

impl Writer {
    fn take(&mut self, text: &str, lexeme: Lexeme, number: usize, chunks: &[Chunk]) {
        let line = lexeme.range.slice(text);
        let content = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).unwrap_or(line);
        let mark = content.trim();
        if self.open && mark == "```" {
            self.lines.push((number, "}".to_owned()));
            self.open = false;
        } else if self.open {
            self.take_code(text, lexeme, number, content);
        } else if mark == "```dot" {
            let name = documented(lexeme, chunks);
            self.lines.push((number, format!("test \"{name}, line {}\" {{", number + 1)));
            self.open = true;
        }
    }

    fn take_code(&mut self, text: &str, lexeme: Lexeme, number: usize, content: &str) {
        let is_use = content.trim_start().starts_with("use ");
        let begins = self.lines.last().is_some_and(|(_, line)| line.starts_with("test ") || line.is_empty());
        if is_use && begins {
            self.uses.push(content.trim().to_owned());
            self.lines.push((number, String::new()));
            return;
        }
        let start = lexeme.range.start as usize;
        let column = text[..start].chars().rev().take_while(|c| *c != '\n').count();
        // What marks the comment becomes as many spaces.
        self.lines.push((number, format!("{}{}", " ".repeat(column + 3), content.trim_end())));
    }

    /// Ends an example whose docs end before it does.
    fn close(&mut self) {
        if self.open
            && let Some((_, line)) = self.lines.last_mut()
        {
            line.push_str(" }");
        }
        self.open = false;
    }

    fn finish(self, path: &str, types: &[&str]) -> String {
        let mut out = String::new();
        let mut number = 0;
        for (at, line) in &self.lines {
            out.extend(std::iter::repeat_n('\n', at - number));
            number = *at;
            out.push_str(line);
        }
        out.push('\n');
        // The order of items has no meaning: what has no line of its own stands behind all that has.
        for line in self.all_uses(path, types) {
            let _ = writeln!(out, "{line}");
        }
        out
    }

    /// The `use` of the module, and those of the examples; what several take from one module stands in one.
    fn all_uses(&self, path: &str, types: &[&str]) -> Vec<String> {
        let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        if !HOMES.contains(&path.rsplit('/').next().unwrap_or(path)) {
            names.entry(path).or_default().extend(types);
        }
        for line in &self.uses {
            let used = line.trim_start_matches("use ");
            let (module, list) = used.split_once(".{").unwrap_or((used, ""));
            let list = list.trim_end_matches('}').split(',').map(str::trim).filter(|name| !name.is_empty());
            names.entry(module.trim()).or_default().extend(list);
        }
        let line = |(module, names): (&str, BTreeSet<&str>)| {
            let names: Vec<&str> = names.into_iter().collect();
            if names.is_empty() {
                format!("use {module}")
            } else {
                format!("use {module}.{{{}}}", names.join(", "))
            }
        };
        names.into_iter().map(line).collect()
    }
}

/// What the docs with this line document.
fn documented(lexeme: Lexeme, chunks: &[Chunk]) -> String {
    let inside =
        |chunk: &&Chunk| chunk.range.start <= lexeme.range.start && lexeme.range.end <= chunk.range.end;
    match chunks.iter().find(inside) {
        Some(Chunk { name: Some(name), owner: Some(owner), .. }) => format!("`{owner}.{name}`"),
        Some(Chunk { name: Some(name), .. }) => format!("`{name}`"),
        _ => "the module".to_owned(),
    }
}

/// The types that the module shows to others.
fn public_types<'a>(lexemes: &[Lexeme], chunks: &'a [Chunk], text: &str) -> Vec<&'a str> {
    let is_type = |chunk: &&Chunk| {
        matches!(
            chunk.kind,
            ItemKind::Record
                | ItemKind::Variant
                | ItemKind::Enum
                | ItemKind::Flags
                | ItemKind::Resource
                | ItemKind::Type
        )
    };
    let is_public = |chunk: &&Chunk| {
        let inside = lexemes.iter().skip_while(|lexeme| lexeme.range.start < chunk.range.start);
        let before_word = |lexeme: &&Lexeme| lexeme.range.slice(text) != chunk.kind.keyword();
        inside.take_while(before_word).any(|lexeme| lexeme.kind == Kind::Pub)
    };
    chunks.iter().filter(is_type).filter(is_public).filter_map(|chunk| chunk.name.as_deref()).collect()
}

#[cfg(test)]
mod tests {
    use super::example_module;

    const SHEEP: &str = "\
//! Sheep.
//!
//! ```dot
//! use geo/grass.{Root}
//! use geo/grass.{Blade, Root}
//! assert grass.is_green()
//! ```

/// One sheep.
pub record Sheep { wool: u32 }

  /// How many.
  ///
  /// ```dot
  /// let flock: list<Sheep> = []
  /// assert sheep.count(flock) == 0
  /// ```
pub fn count(sheep: list<Sheep>) -> u32 { sheep.len() }

/// ```text
/// no example
/// ```
fn f() {}
";

    #[test]
    fn examples_keep_their_lines_and_columns() {
        let made = example_module(SHEEP, "geo/sheep").expect("it has examples");
        let lines: Vec<&str> = made.lines().collect();
        assert_eq!(&lines[lines.len() - 2..], ["use geo/grass.{Blade, Root}", "use geo/sheep.{Sheep}"]);
        assert_eq!(lines[2], "test \"the module, line 3\" {");
        assert_eq!(lines[5], "    assert grass.is_green()");
        assert_eq!(lines[6], "}");
        assert_eq!(lines[13], "test \"`count`, line 14\" {");
        for (made, given) in lines.iter().zip(SHEEP.lines()).filter(|(made, _)| made.contains("assert")) {
            assert_eq!(made.find("assert"), given.find("assert"));
        }
        assert!(crate::parse(&made).all_errors().is_empty(), "{made}");
    }

    #[test]
    fn an_example_that_is_never_closed_ends_with_its_docs() {
        let made = example_module("/// ```dot\n/// f()\nfn f() {}\n", "geo/a").expect("an example");
        assert_eq!(made, "test \"`f`, line 1\" {\n    f() }\nuse geo/a\n");
    }

    #[test]
    fn no_example_no_module() {
        assert_eq!(example_module("/// Text.\nfn f() {}\n", "geo/a"), None);
        assert_eq!(example_module("const A: string = \"\"\"\n/// ```dot\n\"\"\"\n", "geo/a"), None);
    }
}
