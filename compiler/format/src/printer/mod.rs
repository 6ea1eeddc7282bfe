//! An item's tree, walked beside its tokens.
//!
//! The tree says what belongs together, and the tokens what is printed: each is taken exactly once and in order, with
//! its comments, so that nothing can be lost. What is made up here is white space, and the separators of lists.

mod block;
mod bracketed;
mod chain;
mod expr;
mod item;
mod operator;
mod pattern;
mod types;

use crate::doc::{Arena, Doc, Node};
use crate::render::render;
use crate::tokens::{Comment, Tok, tokens};
use crate::{STEP, WIDTH};
use dot_diagnostics::TextRange;
use dot_syntax::ast;
use dot_syntax::lexer::Kind;

/// The item `item` of the text of a chunk, formatted, without a line break at the end; none where tree and tokens
/// don't go together, which is a defect.
pub(crate) fn print_item(text: &str, item: &ast::Item) -> Option<String> {
    let toks = tokens(text);
    let mut printer = Printer { text, toks, at: 0, arena: Arena::default(), lost: false };
    let doc = printer.item(item);
    let done = !printer.lost && printer.at == printer.toks.len();
    done.then(|| render(&printer.arena, doc, text, WIDTH, STEP))
}

/// The walk: where it is, and what it has built.
struct Printer<'a> {
    text: &'a str,
    toks: Vec<Tok>,
    at: usize,
    arena: Arena,
    /// The tree and the tokens didn't go together somewhere.
    lost: bool,
}

impl Printer<'_> {
    /// The kind of the next token.
    fn peek(&self) -> Option<Kind> {
        self.toks.get(self.at).map(|tok| tok.kind)
    }

    /// Where the next token begins, or the end of the text.
    fn pos(&self) -> u32 {
        self.toks.get(self.at).map_or(u32::MAX, |tok| tok.range.start)
    }

    /// Whether the next token, or a comment before it, begins a line.
    fn starts_line(&self) -> bool {
        self.toks.get(self.at).is_some_and(|tok| tok.starts_line || !tok.comments.is_empty())
    }

    /// The next token with its comments.
    fn next(&mut self) -> Doc {
        let Some(tok) = self.toks.get_mut(self.at) else {
            self.lost = true;
            return self.arena.text("");
        };
        let comments = std::mem::take(&mut tok.comments);
        let (range, trailing) = (tok.range, tok.trailing);
        self.at += 1;
        let is_long = range.slice(self.text).contains('\n');
        let token = self.arena.add(if is_long { Node::Verbatim(range) } else { Node::Source(range) });
        if comments.is_empty() && trailing.is_none() {
            return token;
        }
        let mut parts: Vec<Doc> =
            comments.iter().map(|comment| self.arena.add(Node::Own(comment.range))).collect();
        parts.push(token);
        parts.extend(trailing.map(|range| self.arena.add(Node::Trailing(range))));
        self.arena.concat(&parts)
    }

    /// The next token, which is of this kind.
    fn word(&mut self, kind: Kind) -> Doc {
        if self.peek() != Some(kind) {
            self.lost = true;
        }
        self.next()
    }

    /// The next token, if it is of this kind.
    fn word_if(&mut self, kind: Kind) -> Option<Doc> {
        (self.peek() == Some(kind)).then(|| self.next())
    }

    /// All tokens up to `end`, glued to one another.
    fn glued(&mut self, end: u32) -> Doc {
        let mut parts = Vec::new();
        while self.pos() < end {
            parts.push(self.next());
        }
        self.lost |= parts.is_empty();
        self.arena.concat(&parts)
    }

    /// The comments before the next token, taken from it.
    fn take_comments(&mut self) -> Vec<Comment> {
        self.toks.get_mut(self.at).map(|tok| std::mem::take(&mut tok.comments)).unwrap_or_default()
    }

    /// Whether an empty line stands before the next token or its first comment.
    fn after_blank(&self) -> bool {
        self.toks
            .get(self.at)
            .is_some_and(|tok| tok.comments.first().map_or(tok.after_blank, |comment| comment.after_blank))
    }

    /// Comments on lines of their own, with a line break after each; and after the last one whatever stands there.
    fn own_comments(&mut self, comments: &[Comment], then_blank: bool) -> Vec<Doc> {
        let mut parts = Vec::new();
        for (index, comment) in comments.iter().enumerate() {
            if index > 0 {
                parts.push(self.arena.add(if comment.after_blank { Node::Blank } else { Node::Hard }));
            }
            parts.push(self.arena.add(Node::Own(comment.range)));
        }
        if !parts.is_empty() {
            parts.push(self.arena.add(if then_blank { Node::Blank } else { Node::Hard }));
        }
        parts
    }

    /// The comments before the next token, each with its line break.
    fn leading(&mut self) -> Vec<Doc> {
        let then_blank = self.toks.get(self.at).is_some_and(|tok| tok.after_blank);
        let comments = self.take_comments();
        self.own_comments(&comments, then_blank)
    }

    /// Takes a `,` or `;` if it comes next; its comments stand behind what it ends.
    fn separator(&mut self) -> Vec<Doc> {
        if !matches!(self.peek(), Some(Kind::Comma | Kind::Semicolon)) {
            return Vec::new();
        }
        let comments = self.take_comments();
        let trailing = self.toks.get(self.at).and_then(|tok| tok.trailing);
        self.at += 1;
        let ranges = comments.iter().map(|comment| comment.range).chain(trailing);
        let ranges: Vec<TextRange> = ranges.collect();
        ranges.into_iter().map(|range| self.arena.add(Node::Trailing(range))).collect()
    }

    fn line(&mut self) -> Doc {
        self.arena.add(Node::Line)
    }

    fn soft_line(&mut self) -> Doc {
        self.arena.add(Node::SoftLine)
    }

    fn hard(&mut self) -> Doc {
        self.arena.add(Node::Hard)
    }
}
