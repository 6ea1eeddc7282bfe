//! From a chunk of text to a tree and its errors.

use std::cell::Cell;

use dot_diagnostics::{Diagnostic, TextRange, codes};
use smol_str::SmolStr;

use crate::ast::{self, DocLine};
use crate::brackets::{balance, keep_causes};
use crate::build::{Context, Parsed, Stumble, Told};
use crate::layout::layout;
use crate::lexer::{Kind, Lexed, lex};
use crate::split::{Chunk, split_lexed};
use crate::token::{Spanned, Token};

lalrpop_util::lalrpop_mod!(
    #[allow(missing_docs, clippy::all, unused_imports, unused_qualifications)]
    #[rustfmt::skip]
    grammar
);

/// One item, parsed. All ranges count from the start of its chunk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ParsedItem {
    /// The tree; `None` only where nothing of an item could be made out.
    pub item: Option<ast::Item>,
    /// What is wrong with it.
    pub errors: Vec<Diagnostic<()>>,
    /// The statements and entries that a parse error is in. What the tree has there may be something else than what is meant.
    pub unread: Vec<TextRange>,
    /// Its comments other than doc comments.
    pub comments: Vec<TextRange>,
}

/// A lone expression, parsed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ParsedExpr {
    /// The tree.
    pub expr: Option<ast::Expr>,
    /// What is wrong with it.
    pub errors: Vec<Diagnostic<()>>,
}

/// A file, parsed item by item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ParsedFile {
    /// The `//!` lines, with ranges in the file.
    pub module_docs: Vec<DocLine>,
    /// The items: where each stands in the file, and its tree with ranges from there.
    pub items: Vec<(Chunk, ParsedItem)>,
    /// What is wrong outside of all items, with ranges in the file.
    pub errors: Vec<Diagnostic<()>>,
    /// The comments of the whole file other than doc comments, with ranges in the file.
    pub comments: Vec<TextRange>,
}

impl ParsedFile {
    /// All errors in the order of the text, with ranges in the file.
    pub fn all_errors(&self) -> Vec<Diagnostic<()>> {
        let mut errors = self.errors.clone();
        for (chunk, parsed) in &self.items {
            let shift = |mut span: dot_diagnostics::Span<()>| {
                span.range = span.range.shifted(chunk.range.start);
                span
            };
            errors.extend(parsed.errors.iter().map(|error| error.clone().map_spans(shift)));
        }
        errors.sort_by_key(|error| error.primary.span.range);
        errors
    }
}

/// Parses a file.
pub fn parse(text: &str) -> ParsedFile {
    let lexed = lex(text);
    let split = split_lexed(text, &lexed);
    let items = split
        .chunks
        .into_iter()
        .map(|chunk| {
            let parsed = parse_item(chunk.range.slice(text));
            (chunk, parsed)
        })
        .collect();
    ParsedFile {
        module_docs: split.module_docs.iter().map(|range| module_doc(text, *range)).collect(),
        items,
        errors: outside_errors(text, &split.outside),
        comments: lexed.comments,
    }
}

/// A `//!` line of a file.
pub fn module_doc(text: &str, range: TextRange) -> DocLine {
    let line = range.slice(text);
    let line = line.strip_prefix("//!").unwrap_or(line);
    DocLine { text: SmolStr::from(line.strip_prefix(' ').unwrap_or(line)), range }
}

/// What is to be said about the parts of a file that belong to no item.
pub fn outside_errors(text: &str, outside: &[TextRange]) -> Vec<Diagnostic<()>> {
    outside.iter().map(|range| outside_error(text, *range)).collect()
}

fn outside_error(text: &str, range: TextRange) -> Diagnostic<()> {
    let inside = range.slice(text);
    if let Some(mark) = [")", "]", "}"].into_iter().find(|mark| inside.starts_with(mark)) {
        let first = TextRange::new(range.start, range.start + 1);
        return Diagnostic::error_at(codes::UNOPENED_BRACKET, format!("nothing opened this `{mark}`"), first)
            .with_fix(format!("remove the `{mark}`"), dot_diagnostics::Span::new((), first), "");
    }
    // What it begins with is enough to find it; a label over many lines hides the rest.
    let first_line = inside.lines().next().unwrap_or("").len() as u32;
    let first = TextRange::new(range.start, range.start + first_line);
    let title = if inside.starts_with("///") || inside.starts_with('@') {
        "this belongs to no item"
    } else {
        "expected an item"
    };
    let known = [
        ("function", "fn"),
        ("func", "fn"),
        ("fun", "fn"),
        ("def", "fn"),
        ("struct", "record"),
        ("class", "record"),
        ("interface", "record"),
        ("union", "variant"),
        ("import", "use"),
        ("let", "const"),
        ("var", "const"),
        ("static", "const"),
    ];
    let word = inside.split([' ', '\t', '\n']).next().unwrap_or("");
    if let Some((_, dot)) = known.iter().find(|(foreign, _)| *foreign == word) {
        let at = TextRange::new(range.start, range.start + word.len() as u32);
        return Diagnostic::error_at(codes::OUTSIDE_ITEM, format!("`{word}` begins no item"), at)
            .with_note(format!("What comes nearest is `{dot}`."))
            .with_fix(format!("write `{dot}`"), dot_diagnostics::Span::new((), at), *dot);
    }
    Diagnostic::error_at(codes::OUTSIDE_ITEM, title, first).with_note(
        "A file is made of items: `use`, `export`, `record`, `variant`, `enum`, `flags`, `resource`, `type`, \
         `const`, `fn`, `dot` and `test`.",
    )
}

/// Parses the text of one item, as [`split`](crate::split()) gives it.
pub fn parse_item(text: &str) -> ParsedItem {
    let lexed = lex(text);
    let Run { parsed, errors, unread } = run(text, &lexed, Kind::BeginItem);
    let item = match parsed {
        Some(Parsed::Item(item)) => Some(*item),
        _ => None,
    };
    ParsedItem { item, errors, unread, comments: lexed.comments }
}

/// Parses a lone expression.
pub fn parse_expr(text: &str) -> ParsedExpr {
    let Run { parsed, errors, .. } = run(text, &lex(text), Kind::BeginExpr);
    let expr = match parsed {
        Some(Parsed::Expr(expr)) => Some(expr),
        _ => None,
    };
    ParsedExpr { expr, errors }
}

/// The tokens of an item's text, as the parser reads them.
pub fn tokens(text: &str) -> Vec<Spanned> {
    let lexed = lex(text);
    let mut errors = Vec::new();
    match balance(text, &lexed.lexemes, &mut errors) {
        Some(balanced) => layout(text, &lexed, &balanced, &mut errors),
        None => Vec::new(),
    }
}

/// What came of parsing.
#[derive(Default)]
struct Run {
    parsed: Option<Parsed>,
    errors: Vec<Diagnostic<()>>,
    unread: Vec<TextRange>,
}

/// Parses until nothing is left to tell. What the parser says after its first error may only follow from it; so of each
/// attempt the first one is told, the statement or entry that it is in is put out of the way, and the rest is parsed
/// again. The tree is that of the first attempt in which the parser didn't lose its way: in which no recovery cost half a
/// pair of brackets.
fn run(text: &str, lexed: &Lexed, begin: Kind) -> Run {
    let mut errors = Vec::new();
    let Some(balanced) = balance(text, &lexed.lexemes, &mut errors) else {
        return Run { errors, ..Run::default() };
    };
    keep_causes(text, &lexed.unclosed, &mut errors);
    errors.extend(lexed.unclosed.iter().map(|quote| unclosed(text, *quote)));
    let brackets = errors.len();
    let mut tokens = layout(text, lexed, &balanced, &mut errors);
    errors.truncate(MAX_ERRORS);

    let (mut tree, mut unread) = (None, Vec::new());
    for _ in 0..MAX_ATTEMPTS {
        let recoveries = Cell::new(0);
        let known = errors.len();
        let context = Context::new(text, errors.clone(), brackets, &recoveries);
        let Attempt { parsed, told, lost, errors: all } = attempt(context, &tokens, begin, &recoveries);
        if !matches!(tree, Some((_, true))) {
            tree = Some((parsed, lost.is_none()));
        }
        let stumbled = told.as_ref().map_or(lost, |told| told.at);
        let entry = stumbled.and_then(|at| enclosing_entry(&tokens, at.at, at.kind));
        // What else was found in front of it is found again, unless this is the last attempt.
        let end = told.as_ref().map_or(all.len(), |told| told.index + 1);
        let from = if entry.is_some() { told.map_or(end, |told| told.index) } else { known };
        errors.extend(all.into_iter().take(end).skip(from));
        let Some(entry) = entry else { break };
        let entry = with_its_statements(&tokens, entry);
        let (start, end) = (tokens[entry.start].0, tokens[entry.end - 1].2);
        unread.push(TextRange::new(start, end));
        tokens.splice(entry, [(start, Token::Broken, end)]);
    }
    let parsed = tree.and_then(|(parsed, _)| parsed);
    Run { parsed, errors: finish(text, errors), unread }
}

/// So often an item is parsed again.
const MAX_ATTEMPTS: usize = 10;

/// So many errors are told of one item.
const MAX_ERRORS: usize = 100;

/// What came of parsing once.
struct Attempt {
    parsed: Option<Parsed>,
    /// The first error of the parser that is told.
    told: Option<Told>,
    /// Where the parser lost its way for the first time.
    lost: Option<Stumble>,
    errors: Vec<Diagnostic<()>>,
}

fn attempt(mut context: Context<'_>, tokens: &[Spanned], begin: Kind, recoveries: &Cell<u32>) -> Attempt {
    let begin = std::iter::once((0, Token::Plain(begin), 0));
    let tokens = begin.chain(tokens.iter().cloned()).take_while(|_| !Context::has_given_up(recoveries));
    let parsed = match grammar::StartParser::new().parse(&mut context, tokens) {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            context.tell_parse_error(error, true);
            None
        }
    };
    let (told, lost, errors) = context.finish();
    Attempt { parsed, told, lost, errors }
}

/// The errors in the order of the text.
fn finish(text: &str, mut errors: Vec<Diagnostic<()>>) -> Vec<Diagnostic<()>> {
    // Brackets are in pairs by now: where the text ended too early for the parser, it had lost its way before.
    let end = text.trim_end().len() as u32;
    if errors.iter().any(|error| error.primary.span.range.end < end) {
        errors.retain(|error| !error.primary.span.range.is_empty() || error.primary.span.range.start < end);
    }
    errors.sort_by_key(|error| error.primary.span.range);
    errors.truncate(MAX_ERRORS);
    errors
}

/// The statement or entry, inside some bracket, that the token of this kind at this offset stands in.
fn enclosing_entry(tokens: &[Spanned], offset: u32, kind: Kind) -> Option<std::ops::Range<usize>> {
    let first = tokens.partition_point(|token| token.0 < offset);
    let at = first + tokens[first..].iter().position(|token| token.1.kind() == kind)?;
    let mut depth = 0usize;
    let mut start = at;
    loop {
        // Outside all brackets there is nothing to keep.
        let before = tokens.get(start.checked_sub(1)?)?.1.kind();
        match before {
            _ if before.closes() => depth += 1,
            _ if before.opens() && depth == 0 => break,
            _ if before.opens() => depth -= 1,
            _ if depth == 0 && before.separates() => break,
            _ => {}
        }
        start -= 1;
    }
    let mut end = at;
    depth = 0;
    while let Some(token) = tokens.get(end) {
        let here = token.1.kind();
        match here {
            _ if here.opens() => depth += 1,
            _ if here.closes() && depth == 0 => break,
            _ if here.closes() => depth -= 1,
            _ if depth == 0 && end > at && here.separates() => break,
            _ => {}
        }
        end += 1;
    }
    (start < end).then_some(start..end)
}

/// The entry, and where it ends with `=> let x = …` the lines below up to the next arm: statements that lack their braces.
fn with_its_statements(tokens: &[Spanned], entry: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let kind = |at: usize| tokens.get(at).map(|token| token.1.kind());
    let lacks_braces = entry
        .clone()
        .any(|at| kind(at) == Some(Kind::FatArrow) && matches!(kind(at + 1), Some(Kind::Let | Kind::Var)));
    if !lacks_braces {
        return entry;
    }
    let (mut end, mut depth) = (entry.end, 0usize);
    for (at, token) in tokens.iter().enumerate().skip(entry.end) {
        match token.1.kind() {
            here if here.opens() => depth += 1,
            here if here.closes() && depth == 0 => return entry.start..at,
            here if here.closes() => depth -= 1,
            Kind::FatArrow if depth == 0 => break,
            here if depth == 0 && here.separates() => end = at,
            _ => {}
        }
    }
    entry.start..end
}

fn unclosed(text: &str, quote: TextRange) -> Diagnostic<()> {
    let mark = quote.slice(text);
    let shown = mark.chars().next().unwrap_or('"');
    let error = if mark.starts_with(['\'', '`']) || mark.starts_with("b'") {
        Diagnostic::error_at(codes::UNCLOSED_STRING, format!("this `{shown}` is never closed"), quote)
    } else {
        Diagnostic::error_at(codes::UNCLOSED_STRING, "this string is never closed", quote)
    };
    if mark == "\"\"\"" {
        return error;
    }
    error.with_note("Only a `\"\"\"` string may go on over the end of its line.")
}

/// Turns bytes into text. Bytes that are not UTF-8 become `U+FFFD`, and the first of them is told.
pub fn decode_utf8(bytes: &[u8]) -> (String, Option<Diagnostic<()>>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(error) => {
            let at = error.valid_up_to();
            let title = format!("this file is not UTF-8: byte {at} is wrong");
            let range = TextRange::from_usize(at, at + 1);
            let diagnostic = Diagnostic::error_at(codes::INVALID_UTF8, title, range)
                .with_note("Programs are UTF-8 text. Save the file in that encoding.");
            (String::from_utf8_lossy(bytes).into_owned(), Some(diagnostic))
        }
    }
}
