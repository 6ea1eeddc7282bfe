//! Real programs, which the generated packages are made of.

use dot_syntax::lexer::{Kind, Lexeme, lex};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A program that stands alone.
pub struct Program {
    /// The file's stem.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// The examples and the programs of the tests that can stand in a package together.
///
/// # Errors
///
/// When a folder can't be read.
pub fn read(root: &Path) -> Result<Vec<Program>, String> {
    let mut programs = Vec::new();
    for folder in ["examples", "tests/programs"] {
        let folder = root.join(folder);
        let entries = folder.read_dir().map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.extension().is_some_and(|extension| extension == "dot") {
                programs.extend(Program::read(path)?);
            }
        }
    }
    programs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(programs)
}

impl Program {
    fn read(path: PathBuf) -> Result<Option<Self>, String> {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let program = Self { name, path, text };
        Ok(program.can_be_copied().then_some(program))
    }

    /// Whether it uses nothing of other modules, and all its methods are of types of its own: a method of `list` may be
    /// there once in a package.
    fn can_be_copied(&self) -> bool {
        let alone =
            dot_syntax::split(&self.text).chunks.iter().all(|chunk| chunk.kind != dot_syntax::ItemKind::Use);
        let words = Words::new(&self.text);
        let own: Vec<&str> = words.own_types().collect();
        alone && words.receivers().all(|receiver| own.contains(&receiver))
    }

    /// How many lines it has.
    pub fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// The program with its own names changed, so that no two copies hold the same code: `Tree` becomes `Tree7`, and
    /// `count`, where it is never more than called, `count_7`.
    pub fn copy(&self, number: usize) -> String {
        let words = Words::new(&self.text);
        let types = words.own_types().map(|name| (name, format!("{name}{number}")));
        let functions = words.own_functions().map(|name| (name, format!("{name}_{number}")));
        let renamed: BTreeMap<&str, String> = types.chain(functions).collect();
        let mut out = String::with_capacity(self.text.len() + self.text.len() / 8);
        let mut end = 0;
        for lexeme in &words.lexemes {
            if let Some(new) = renamed.get(lexeme.range.slice(&self.text)) {
                out += &self.text[end..lexeme.range.start as usize];
                out += new;
                end = lexeme.range.end as usize;
            }
        }
        out + &self.text[end..]
    }
}

/// The tokens of a program.
struct Words<'t> {
    text: &'t str,
    lexemes: Vec<Lexeme>,
}

impl<'t> Words<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, lexemes: lex(text).lexemes }
    }

    fn word(&self, at: usize) -> &'t str {
        self.lexemes.get(at).map_or("", |lexeme| lexeme.range.slice(self.text))
    }

    fn is(&self, at: usize, kind: Kind) -> bool {
        self.lexemes.get(at).is_some_and(|lexeme| lexeme.kind == kind)
    }

    /// The types that it declares, but for aliases.
    fn own_types(&self) -> impl Iterator<Item = &'t str> {
        let declares = [Kind::Record, Kind::Variant, Kind::Enum, Kind::Flags];
        let found = self.lexemes.iter().enumerate().filter(move |(_, l)| declares.contains(&l.kind));
        found.filter(|(at, _)| self.is(at + 1, Kind::Upper)).map(|(at, _)| self.word(at + 1))
    }

    /// What stands as the type of `self`.
    fn receivers(&self) -> impl Iterator<Item = &'t str> {
        let selfs = self.lexemes.iter().enumerate().filter(|(_, lexeme)| lexeme.kind == Kind::SelfValue);
        selfs.filter(|(at, _)| self.is(at + 1, Kind::Colon)).map(|(at, _)| self.word(at + 2))
    }

    /// The functions whose name stands nowhere but where they are declared and called.
    fn own_functions(&self) -> impl Iterator<Item = &'t str> {
        let declared = |at: usize| at > 0 && (self.is(at - 1, Kind::Fn) || self.is(at - 1, Kind::DotItem));
        let called =
            move |at: usize| self.is(at + 1, Kind::OpenParen) && (at == 0 || !self.is(at - 1, Kind::Dot));
        let method = move |at: usize| {
            declared(at) && self.word(at + 2).contains("self") || declared(at) && self.word(at + 3) == "self"
        };
        let mut plain: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
        for at in (0..self.lexemes.len()).filter(|at| self.is(*at, Kind::Lower)) {
            let (is_declared, is_plain) = plain.entry(self.word(at)).or_insert((false, true));
            *is_declared |= declared(at);
            *is_plain &= called(at) && !method(at);
        }
        plain.into_iter().filter(|(_, both)| *both == (true, true)).map(|(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::Program;

    #[test]
    fn a_copy_has_names_of_its_own() {
        let text = "record Tree { n: u32 }\nfn grow(n: u32) -> Tree { { n, } }\nfn size(self: Tree) -> u32 { self.n }\n\
                    dot run(n: u32) -> u32 { \"{grow(n)}\".byte_len() + grow(n).size() }\n";
        let program = Program { name: String::new(), path: "x.dot".into(), text: text.to_owned() };
        let expected = "record Tree7 { n: u32 }\nfn grow_7(n: u32) -> Tree7 { { n, } }\n\
                        fn size(self: Tree7) -> u32 { self.n }\n\
                        dot run_7(n: u32) -> u32 { \"{grow_7(n)}\".byte_len() + grow_7(n).size() }\n";
        assert_eq!(program.copy(7), expected);
    }

    #[test]
    fn what_is_more_than_called_keeps_its_name() {
        let text = "fn twice(n: u32) -> u32 { n * 2 }\nfn count(n: u32) -> u32 { n }\n\
                    dot run(xs: list<u32>) -> list<u32> { let _ = xs.count(|x| x == count(1)); xs.map(twice) }\n";
        let program = Program { name: String::new(), path: "x.dot".into(), text: text.to_owned() };
        assert_eq!(program.copy(7), text.replace("run", "run_7"));
    }

    #[test]
    fn methods_of_foreign_types_stand_once() {
        let program =
            |text: &str| Program { name: String::new(), path: "x.dot".into(), text: text.to_owned() };
        assert!(program("record A {}\nfn f(inout self: A) {}\n").can_be_copied());
        assert!(!program("fn f(self: list<u8>) {}\n").can_be_copied());
        assert!(!program("use std/list\n").can_be_copied());
    }
}
