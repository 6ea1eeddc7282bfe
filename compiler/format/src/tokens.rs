//! The tokens of an item, each with the comments that belong to it.
//!
//! A comment behind a token on its line belongs to that token; any other belongs to the token after it. A string with
//! its expressions is one token, printed as it was written.

use dot_diagnostics::TextRange;
use dot_syntax::lexer::{Kind, Lexeme, lex};

/// A token.
#[derive(Clone, Debug)]
pub(crate) struct Tok {
    /// Which token; [`Kind::Text`] for every string.
    pub(crate) kind: Kind,
    /// Where it stands.
    pub(crate) range: TextRange,
    /// For a bracket, the index of the one that it belongs to; its own index otherwise.
    pub(crate) partner: usize,
    /// The comments before it, each on a line of its own.
    pub(crate) comments: Vec<Comment>,
    /// Whether it begins a line.
    pub(crate) starts_line: bool,
    /// Whether an empty line stands before it, after its comments.
    pub(crate) after_blank: bool,
    /// The comment behind it on its line.
    pub(crate) trailing: Option<TextRange>,
}

/// A comment on a line of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comment {
    /// Where it stands, without white space at its end.
    pub(crate) range: TextRange,
    /// Whether an empty line stands before it.
    pub(crate) after_blank: bool,
}

/// The tokens of a text.
pub(crate) fn tokens(text: &str) -> Vec<Tok> {
    let lexed = lex(text);
    let mut comments = lexed.comments.iter().peekable();
    let mut out: Vec<Tok> = Vec::with_capacity(lexed.lexemes.len());
    let mut open = Vec::new();
    let mut end = 0;
    for (kind, range) in joined(&lexed.lexemes) {
        let mut own = Vec::new();
        while let Some(comment) = comments.next_if(|comment| comment.start < range.end) {
            // What stands in a string's expression is printed with the string.
            if comment.start > range.start {
                continue;
            }
            let trimmed = trimmed(text, *comment);
            let breaks = line_breaks(text, end, comment.start);
            match out.last_mut() {
                Some(last) if breaks == 0 => last.trailing = Some(trimmed),
                _ => own.push(Comment { range: trimmed, after_blank: breaks > 1 }),
            }
            end = comment.end;
        }
        let breaks = line_breaks(text, end, range.start);
        let index = out.len();
        let mut partner = index;
        if matches!(kind, Kind::OpenParen | Kind::OpenBracket | Kind::OpenBrace) {
            open.push(index);
        } else if matches!(kind, Kind::CloseParen | Kind::CloseBracket | Kind::CloseBrace)
            && let Some(opener) = open.pop()
        {
            out[opener].partner = index;
            partner = opener;
        }
        end = range.end;
        out.push(Tok {
            kind,
            range: if kind == Kind::Doc { trimmed(text, range) } else { range },
            partner,
            comments: own,
            starts_line: breaks > 0,
            after_blank: breaks > 1,
            trailing: None,
        });
    }
    out
}

/// The lexemes, with each string made one.
fn joined(lexemes: &[Lexeme]) -> impl Iterator<Item = (Kind, TextRange)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let first = lexemes.get(at)?;
        at += 1;
        if first.kind != Kind::TextStart {
            return Some((first.kind, first.range));
        }
        let (mut depth, mut range) = (1usize, first.range);
        while depth > 0
            && let Some(next) = lexemes.get(at)
        {
            at += 1;
            range = range.join(next.range);
            match next.kind {
                Kind::TextStart => depth += 1,
                Kind::TextEnd => depth -= 1,
                _ => {}
            }
        }
        Some((Kind::Text, range))
    })
}

/// A comment without the white space at its end.
pub(crate) fn trimmed(text: &str, range: TextRange) -> TextRange {
    let kept = range.slice(text).trim_end().len();
    TextRange::from_usize(range.start as usize, range.start as usize + kept)
}

/// How many line breaks stand between two offsets.
pub(crate) fn line_breaks(text: &str, from: u32, to: u32) -> usize {
    TextRange::new(from, to).slice(text).bytes().filter(|byte| *byte == b'\n').count()
}
