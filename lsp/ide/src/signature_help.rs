//! Signature help: what the call around the cursor takes, and which argument is being written.
//!
//! The call is found by its bracket, so it may lack its end and everything behind the cursor.

use crate::hover::{params_of, signature_of};
use crate::names::{Target, item_at, occurrences};
use dot_db::{Db, Item, SourceFile};
use dot_diagnostics::TextRange;
use dot_hir::item_docs;
use dot_syntax::ItemKind;
use dot_syntax::lexer::{Kind, Lexeme, lex};

/// What a call takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureHelp {
    /// The signature.
    pub label: String,
    /// Its parameters, as they stand in the label.
    pub params: Vec<String>,
    /// The one that is being written, by number; none past the last.
    pub active: Option<usize>,
    /// Documentation, in Markdown.
    pub docs: String,
}

/// What the innermost call around an offset takes.
#[must_use]
pub fn signature_help(db: &dyn Db, file: SourceFile, offset: u32) -> Option<SignatureHelp> {
    let item = item_above(db, file, offset)?;
    let at = offset.checked_sub(item.offset(db))?;
    let text = item.text(db);
    let lexemes = lex(text).lexemes;
    let before = &lexemes[..lexemes.partition_point(|lexeme| lexeme.range.end <= at)];
    let open = enclosing(before)?;
    let name = name_before(before.get(..open)?)?;
    let found = occurrences(db, item).into_iter().find(|occurrence| occurrence.range == name.range)?;
    let Target::Item(callee) = found.target else { return None };
    if !matches!(callee.kind(db), ItemKind::Fn | ItemKind::Dot) {
        return None;
    }
    let params = params_of(db, callee);
    let names: Vec<_> = dot_types::fn_signature(db, callee).params.iter().map(|param| &param.name).collect();
    let (index, label) = argument(text, before.get(open + 1..)?);
    // The receiver stands before the dot; what is piped, before the `|>`.
    let dot = before.get(..open)?.iter().rposition(|lexeme| lexeme.range == name.range)?.checked_sub(1);
    let is_method = names.first().is_some_and(|name| *name == "self")
        && dot.is_some_and(|at| before[at].kind == Kind::Dot && !is_type_name(text, before, at));
    let is_piped = dot.is_some_and(|at| before[at].kind == Kind::Pipe);
    let index = index + usize::from(is_method || is_piped);
    let named = label.and_then(|label| names.iter().position(|name| **name == *label));
    let active = named.or((index < params.len()).then_some(index));
    let docs = item_docs(db, callee).text.to_string();
    Some(SignatureHelp { label: signature_of(db, callee), params, active, docs })
}

/// The item that an offset is in, or behind with white space between: the end of a call may be missing.
fn item_above(db: &dyn Db, file: SourceFile, offset: u32) -> Option<Item<'_>> {
    item_at(db, file, offset).or_else(|| {
        let before = file.text(db).get(..offset as usize)?.trim_end();
        item_at(db, file, u32::try_from(before.len()).ok()?)
    })
}

/// The bracket of the innermost call that is open at the end.
fn enclosing(lexemes: &[Lexeme]) -> Option<usize> {
    let mut depth = 0usize;
    for (index, lexeme) in lexemes.iter().enumerate().rev() {
        if lexeme.kind.closes() {
            depth += 1;
        } else if lexeme.kind.opens() {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return (lexeme.kind == Kind::OpenParen).then_some(index),
            }
        }
    }
    None
}

/// The name before a bracket, and before its type arguments.
fn name_before(lexemes: &[Lexeme]) -> Option<&Lexeme> {
    let mut depth = 0usize;
    for lexeme in lexemes.iter().rev() {
        match lexeme.kind {
            Kind::Greater => depth += 1,
            Kind::Less => depth = depth.checked_sub(1)?,
            Kind::Lower | Kind::Upper | Kind::Quoted if depth == 0 => return Some(lexeme),
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Whether the name before a dot is a type's: then `self` is an argument like others.
fn is_type_name(text: &str, lexemes: &[Lexeme], dot: usize) -> bool {
    let before = dot.checked_sub(1).and_then(|at| lexemes.get(at));
    before.is_some_and(|name| name.kind == Kind::Upper || dot_hir::is_builtin_type(name.range.slice(text)))
}

/// How many arguments stand before the end, and the label of the last.
fn argument<'a>(text: &'a str, lexemes: &[Lexeme]) -> (usize, Option<&'a str>) {
    let (mut depth, mut count, mut start) = (0usize, 0, 0);
    for (index, lexeme) in lexemes.iter().enumerate() {
        match lexeme.kind {
            kind if kind.opens() => depth += 1,
            kind if kind.closes() => depth = depth.saturating_sub(1),
            Kind::Comma if depth == 0 => {
                count += 1;
                start = index + 1;
            }
            _ => {}
        }
    }
    let label = match lexemes.get(start..) {
        Some([name, colon, ..]) if colon.kind == Kind::Colon => Some(TextRange::slice(name.range, text)),
        _ => None,
    };
    (count, label)
}
