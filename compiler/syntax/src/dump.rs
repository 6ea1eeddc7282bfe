//! Trees and tokens as text, for people and for tests.
//!
//! A tree is shown as an S-expression: `1 + x` is `(+ 1 x)`, `s.area(2)` is `(.area s 2)`. Ranges are
//! left out; what was written is there, and nothing else.

mod expr;
mod item;

use std::fmt::Write;

use crate::ast;
use crate::parser::ParsedFile;
use crate::token::{Spanned, Token};

/// Wider than this, a list is broken over lines.
const WIDTH: usize = 100;

/// A tree of words.
pub(crate) enum Sexpr {
    Atom(String),
    List(Vec<Sexpr>),
}

/// A list that begins with a word.
pub(crate) fn node(head: &str, rest: impl IntoIterator<Item = Sexpr>) -> Sexpr {
    Sexpr::List(std::iter::once(atom(head)).chain(rest).collect())
}

pub(crate) fn atom(text: impl Into<String>) -> Sexpr {
    Sexpr::Atom(text.into())
}

impl Sexpr {
    fn write(&self, indent: usize, out: &mut String) {
        match self {
            Sexpr::Atom(text) => out.push_str(text),
            Sexpr::List(parts) => {
                let flat = self.flat(WIDTH.saturating_sub(indent));
                if let Some(flat) = flat {
                    out.push_str(&flat);
                    return;
                }
                out.push('(');
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        out.push('\n');
                        out.push_str(&"  ".repeat(indent / 2 + 1));
                    }
                    part.write(indent + 2, out);
                }
                out.push(')');
            }
        }
    }

    /// On one line, if that has at most `width` characters.
    fn flat(&self, width: usize) -> Option<String> {
        let mut out = String::new();
        self.write_flat(width, &mut out).then_some(out)
    }

    fn write_flat(&self, width: usize, out: &mut String) -> bool {
        match self {
            Sexpr::Atom(text) => out.push_str(text),
            Sexpr::List(parts) => {
                out.push('(');
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        out.push(' ');
                    }
                    if !part.write_flat(width, out) {
                        return false;
                    }
                }
                out.push(')');
            }
        }
        out.len() <= width
    }
}

/// A file's items, one after the other.
pub fn dump_file(file: &ParsedFile) -> String {
    let mut out = String::new();
    for line in &file.module_docs {
        let _ = writeln!(out, "(module-doc {:?})", line.text.as_str());
    }
    for (_, parsed) in &file.items {
        match &parsed.item {
            Some(item) => out.push_str(&dump_item(item)),
            None => out.push_str("(error)\n"),
        }
    }
    out
}

/// An item, with a newline at the end.
pub fn dump_item(item: &ast::Item) -> String {
    let mut out = String::new();
    item::item(item).write(0, &mut out);
    out.push('\n');
    out
}

/// An expression.
pub fn dump_expr(value: &ast::Expr) -> String {
    let mut out = String::new();
    expr::expr(value).write(0, &mut out);
    out
}

/// The tokens of a file as the parser reads them, item by item, a token a line with its range in the file.
pub fn dump_tokens(text: &str) -> String {
    let mut out = String::new();
    for chunk in crate::split(text).chunks {
        let _ = writeln!(out, "{} {}", chunk.kind.keyword(), chunk.name.as_deref().unwrap_or("?"));
        let inside = chunk.range.slice(text);
        for token in crate::tokens(inside) {
            let (start, end) = (token.0 + chunk.range.start, token.2 + chunk.range.start);
            let _ = writeln!(out, "  {start}..{end} {}", token_text(&token, inside));
        }
    }
    out
}

fn token_text((start, token, end): &Spanned, text: &str) -> String {
    match token {
        Token::Plain(kind) => {
            let written = text.get(*start as usize..*end as usize).unwrap_or("");
            if written.is_empty() { format!("{kind:?}") } else { format!("{kind:?} {written}") }
        }
        other => format!("{other:?}"),
    }
}
