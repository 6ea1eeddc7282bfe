//! Folding and growing selections: what belongs together in a text, by its brackets, comments and items.

use crate::names::item_at;
use dot_db::{Db, SourceFile, file_chunks};
use dot_diagnostics::TextRange;
use dot_syntax::ItemKind;
use dot_syntax::lexer::{Kind, Lexeme, lex};

/// What is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    /// What stands between brackets.
    Code,
    /// Comments.
    Comment,
    /// `use`s.
    Imports,
}

/// A part of a file that can be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From the first character to the last.
    pub range: TextRange,
    /// What it is.
    pub kind: FoldKind,
}

/// The parts of a file that span lines and can be folded, in the order of the text. Brackets are looked at item by item,
/// so that one that is missing spoils one item.
#[must_use]
pub fn folds(db: &dyn Db, file: SourceFile) -> Vec<Fold> {
    let text = file.text(db);
    let chunks = &file_chunks(db, file).chunks;
    let mut found = Vec::new();
    for chunk in chunks {
        let inside = chunk.range.slice(text);
        let pairs = pairs(&lex(inside).lexemes).into_iter();
        found.extend(pairs.map(|(open, close)| Fold {
            range: open.join(close).shifted(chunk.range.start),
            kind: FoldKind::Code,
        }));
    }
    let uses = chunks.iter().filter(|chunk| chunk.kind == ItemKind::Use).map(|chunk| chunk.range);
    found.extend(neighbours(text, uses).map(|range| Fold { range, kind: FoldKind::Imports }));
    let lexed = lex(text);
    let docs = lexed.lexemes.iter().filter(|lexeme| matches!(lexeme.kind, Kind::Doc | Kind::ModuleDoc));
    let mut comments: Vec<TextRange> = lexed.comments.clone();
    comments.extend(docs.map(|lexeme| lexeme.range));
    comments.sort();
    found.extend(neighbours(text, comments.into_iter()).map(|range| Fold { range, kind: FoldKind::Comment }));
    found.retain(|fold| fold.range.slice(text).contains('\n'));
    found.sort_by_key(|fold| (fold.range.start, std::cmp::Reverse(fold.range.end)));
    found
}

/// Ranges joined with those on the lines right below them.
fn neighbours(text: &str, ranges: impl Iterator<Item = TextRange>) -> impl Iterator<Item = TextRange> {
    let mut joined: Vec<TextRange> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if is_next_line(text, *last, range) => *last = last.join(range),
            _ => joined.push(range),
        }
    }
    joined.into_iter()
}

fn is_next_line(text: &str, above: TextRange, below: TextRange) -> bool {
    let between = TextRange::new(above.end, below.start).slice(text);
    between.trim().is_empty() && between.matches('\n').count() == 1
}

/// The brackets of a text, strings with expressions included, as pairs.
fn pairs(lexemes: &[Lexeme]) -> Vec<(TextRange, TextRange)> {
    let (mut open, mut found) = (Vec::new(), Vec::new());
    for lexeme in lexemes {
        if lexeme.kind.opens() {
            open.push(lexeme);
        } else if lexeme.kind.closes() {
            let Some(at) = open.iter().rposition(|opener| fits(opener.kind, lexeme.kind)) else { continue };
            found.push((open[at].range, lexeme.range));
            open.truncate(at);
        }
    }
    found
}

fn fits(open: Kind, close: Kind) -> bool {
    matches!(
        (open, close),
        (Kind::OpenParen, Kind::CloseParen)
            | (Kind::OpenBracket, Kind::CloseBracket)
            | (Kind::OpenBrace, Kind::CloseBrace)
            | (Kind::TextStart, Kind::TextEnd)
    )
}

/// What a selection at an offset grows to, step by step: the word, the expressions and statements around it as they were
/// parsed, what stands between brackets, the item, the file.
#[must_use]
pub fn selections(db: &dyn Db, file: SourceFile, offset: u32) -> Vec<TextRange> {
    let text = file.text(db);
    let whole = TextRange::from_usize(0, text.len());
    let mut found = vec![whole];
    if let Some(item) = item_at(db, file, offset) {
        let (start, inside) = (item.offset(db), item.text(db));
        let at = offset - start;
        let mut add = |range: TextRange| {
            if range.touches(at) && !range.is_empty() {
                found.push(range.shifted(start));
            }
        };
        add(TextRange::from_usize(0, inside.len()));
        let lexemes = lex(inside).lexemes;
        lexemes.iter().for_each(|lexeme| add(lexeme.range));
        for (open, close) in pairs(&lexemes) {
            add(open.join(close));
            add(TextRange::new(open.end, close.start));
        }
        for view in crate::view::views(db, item) {
            view.map.exprs.iter().chain(&view.map.pats).chain(&view.map.types).for_each(|range| add(*range));
        }
    }
    found.sort_by_key(|range| (range.len(), range.start));
    found.dedup();
    // Each holds the one before it.
    let mut steps: Vec<TextRange> = Vec::new();
    for range in found {
        if steps.last().is_none_or(|last| range.covers(*last)) {
            steps.push(range);
        }
    }
    steps
}
