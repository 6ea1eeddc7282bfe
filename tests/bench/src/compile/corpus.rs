//! Real programs, which the generated packages are made of.

use dot_syntax::lexer::{Kind, lex};
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

/// The examples and the programs of the tests, but for those that use other modules: a copy of one has to mean the same
/// in a package of its own.
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
        let alone =
            dot_syntax::split(&text).chunks.iter().all(|chunk| chunk.kind != dot_syntax::ItemKind::Use);
        Ok(alone.then_some(Self { name, path, text }))
    }

    /// How many lines it has.
    pub fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// The program with each of its own names changed, so that no two copies hold the same code: `count` becomes
    /// `count_7`, `Tree` becomes `Tree7`. Names of fields, methods and variables are changed with them wherever they are
    /// spelled like an item.
    pub fn copy(&self, number: usize) -> String {
        let renamed = self.own_names(number);
        let mut out = String::with_capacity(self.text.len() + self.text.len() / 8);
        let mut end = 0;
        for lexeme in lex(&self.text).lexemes {
            let word = lexeme.range.slice(&self.text);
            if let Some(new) = renamed.get(word).filter(|_| matches!(lexeme.kind, Kind::Lower | Kind::Upper))
            {
                out += &self.text[end..lexeme.range.start as usize];
                out += new;
                end = lexeme.range.end as usize;
            }
        }
        out + &self.text[end..]
    }

    /// What each item is called in a copy. Methods keep their names: those of std are called by them too.
    fn own_names(&self, number: usize) -> BTreeMap<&str, String> {
        let lexemes = lex(&self.text).lexemes;
        let word = |at: usize| lexemes.get(at).map_or("", |lexeme| lexeme.range.slice(&self.text));
        let mut names = BTreeMap::new();
        for (at, lexeme) in lexemes.iter().enumerate() {
            let name = word(at + 1);
            let is_pascal = lexemes.get(at + 1).is_some_and(|next| next.kind == Kind::Upper);
            let takes_self = word(at + 3) == "self" || word(at + 4) == "self";
            match lexeme.kind {
                Kind::Record | Kind::Variant | Kind::Enum | Kind::Flags | Kind::Type if is_pascal => {
                    names.insert(name, format!("{name}{number}"));
                }
                Kind::Fn | Kind::DotItem if lexeme.starts_line && word(at + 2) == "(" && !takes_self => {
                    names.insert(name, format!("{name}_{number}"));
                }
                _ => {}
            }
        }
        names
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
}
