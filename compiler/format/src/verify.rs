//! Whether two texts mean the same: their trees are equal but for where things stand, and so are their tokens but for
//! line breaks and separators, and their comments.

use dot_syntax::lexer::{Kind, lex};
use dot_syntax::token::Token;
use dot_syntax::{dump, parse_item};
use std::borrow::Cow;

/// Whether two texts of one item mean the same, comments included.
pub(crate) fn is_same_item(before: &str, after: &str) -> bool {
    let (before, after) = (&*without_trailing_space(before), &*without_trailing_space(after));
    let (old, new) = (parse_item(before), parse_item(after));
    let (Some(old_tree), Some(new_tree)) = (&old.item, &new.item) else { return false };
    old.errors.is_empty()
        && new.errors.is_empty()
        && dump::dump_item(old_tree) == dump::dump_item(new_tree)
        && tokens(before) == tokens(after)
        && comments(before) == comments(after)
}

/// Whether two files without errors mean the same, comments included.
#[must_use]
pub fn is_same_file(before: &str, after: &str) -> bool {
    let (old, new) = (dot_syntax::split(before), dot_syntax::split(after));
    let docs = |text: &str, split: &dot_syntax::Split| -> Vec<String> {
        split.module_docs.iter().map(|range| range.slice(text).trim_end().to_owned()).collect()
    };
    old.chunks.len() == new.chunks.len()
        && docs(before, &old) == docs(after, &new)
        && comments(before) == comments(after)
        && old
            .chunks
            .iter()
            .zip(&new.chunks)
            .all(|(old, new)| is_same_item(old.range.slice(before), new.range.slice(after)))
}

/// The text without white space at the ends of its lines of documentation, which no one sees.
fn without_trailing_space(text: &str) -> Cow<'_, str> {
    let docs = lex(text).lexemes.into_iter().filter(|lexeme| lexeme.kind == Kind::Doc);
    let mut out = Cow::Borrowed(text);
    for doc in docs.collect::<Vec<_>>().into_iter().rev() {
        let kept = doc.range.start as usize + doc.range.slice(text).trim_end().len();
        if kept < doc.range.end as usize {
            out.to_mut().replace_range(kept..doc.range.end as usize, "");
        }
    }
    out
}

fn tokens(text: &str) -> Vec<Token> {
    let is_layout =
        |token: &Token| matches!(token, Token::Plain(Kind::Newline | Kind::Comma | Kind::Semicolon));
    // In a declaration the two are the same; elsewhere the trees tell them apart.
    let plain = |token| if token == Token::Plain(Kind::TypeArgs) { Token::Plain(Kind::Less) } else { token };
    let tokens = dot_syntax::tokens(text).into_iter().map(|(_, token, _)| plain(token));
    tokens.filter(|token| !is_layout(token)).collect()
}

fn comments(text: &str) -> Vec<&str> {
    lex(text).comments.into_iter().map(|range| range.slice(text).trim_end()).collect()
}
