//! Brackets, before parsing: each gets its partner, and nesting stays within bounds.
//!
//! The parser sees only balanced brackets. A bracket that was never closed is reported here and closed
//! where it ought to have been, a closing one that nothing opened is reported and dropped. Where the
//! brackets of an item don't match, indentation says which is to blame: a `}` that stands first on its
//! line belongs to the `{` whose line is indented as far.
//!
//! The cost of an item is found here too: one for each bracket and each operator that stands around the
//! deepest place. It bounds the depth of the tree and of the parser's stack from above, so
//! what keeps below the limit can be walked recursively.

mod causes;

pub(crate) use causes::keep_causes;

use dot_diagnostics::{Diagnostic, TextRange, codes};
use rustc_hash::FxHashSet;

use crate::lexer::{Kind, Lexeme};
use crate::{MAX_DEPTH, MAX_NESTING};

/// Tokens with balanced brackets.
pub(crate) struct Balanced {
    /// The tokens.
    pub lexemes: Vec<Lexeme>,
    /// For each opening bracket the index of its partner; for other tokens their own.
    pub partner: Vec<usize>,
}

/// Mends brackets; `None` if they are nested too deep to go on.
pub(crate) fn balance(text: &str, lexemes: &[Lexeme], errors: &mut Vec<Diagnostic<()>>) -> Option<Balanced> {
    let mut balancer = Balancer::new(text, lexemes.len(), Mode::Plain);
    balancer.run(lexemes);
    // Brackets that match may be nested too deep all the same; then there is nothing to mend.
    let is_deep_only = balancer.limit_reached.is_some() && is_well_formed(lexemes);
    if !balancer.is_right() && !is_deep_only {
        let suspects = balancer.limit_reached.is_none().then_some(balancer.unclosed);
        balancer = Balancer::new(text, lexemes.len(), Mode::ByIndentation { suspects });
        balancer.run(lexemes);
    }
    let too_deep = balancer.limit_reached.or_else(|| too_deep(&balancer.out));
    if let Some(range) = too_deep {
        let title = "this is nested too deep";
        let note = format!(
            "Brackets may be nested {MAX_NESTING} deep, brackets and operators together {MAX_DEPTH}."
        );
        errors.push(
            Diagnostic::error_at(codes::NESTING_TOO_DEEP, title, range)
                .with_message("the limit is reached here")
                .with_note(note),
        );
        return None;
    }
    errors.append(&mut balancer.errors);
    Some(Balanced { lexemes: balancer.out, partner: balancer.partner })
}

/// Whether each bracket has its partner.
fn is_well_formed(lexemes: &[Lexeme]) -> bool {
    let mut open = Vec::new();
    lexemes.iter().all(|lexeme| match lexeme.kind {
        kind if kind.opens() => {
            open.push(kind);
            true
        }
        Kind::CloseParen => open.pop() == Some(Kind::OpenParen),
        Kind::CloseBracket => open.pop() == Some(Kind::OpenBracket),
        Kind::CloseBrace => open.pop() == Some(Kind::OpenBrace),
        Kind::TextEnd => open.pop() == Some(Kind::TextStart),
        Kind::TextMiddle => open.last() == Some(&Kind::TextStart),
        _ => true,
    }) && open.is_empty()
}

/// How the partner of a closing bracket is found.
enum Mode {
    /// It is the innermost of its kind.
    Plain,
    /// Indentation is looked at as well, since the brackets don't match.
    ByIndentation {
        /// Where those brackets start that were unclosed in plain mode, if that got to the end.
        suspects: Option<FxHashSet<u32>>,
    },
}

/// A bracket that is open.
#[derive(Clone, Copy)]
struct Opener {
    /// Its place among the tokens that go out.
    index: usize,
    kind: Kind,
    start: u32,
    /// How far its line is indented.
    indentation: usize,
}

struct Balancer<'a> {
    text: &'a str,
    mode: Mode,
    out: Vec<Lexeme>,
    partner: Vec<usize>,
    open: Vec<Opener>,
    /// How far the present line is indented.
    indentation: usize,
    /// Where those start that were closed because their partners are missing.
    unclosed: FxHashSet<u32>,
    errors: Vec<Diagnostic<()>>,
    /// The bracket that is nested too deep. That there is a limit also keeps the searches short.
    limit_reached: Option<TextRange>,
}

impl<'a> Balancer<'a> {
    fn new(text: &'a str, len: usize, mode: Mode) -> Balancer<'a> {
        Balancer {
            text,
            mode,
            out: Vec::with_capacity(len),
            partner: Vec::with_capacity(len),
            open: Vec::new(),
            indentation: 0,
            unclosed: FxHashSet::default(),
            errors: Vec::new(),
            limit_reached: None,
        }
    }

    fn run(&mut self, lexemes: &[Lexeme]) {
        for lexeme in lexemes {
            self.token(*lexeme);
            if self.open.len() > MAX_NESTING {
                self.limit_reached = Some(lexeme.range);
                return;
            }
        }
        while !self.open.is_empty() {
            self.close_missing();
        }
    }

    fn is_right(&self) -> bool {
        self.errors.is_empty() && self.unclosed.is_empty() && self.limit_reached.is_none()
    }

    fn token(&mut self, lexeme: Lexeme) {
        if lexeme.starts_line {
            self.indentation = indentation(self.text, lexeme.range.start);
            if !lexeme.kind.closes() {
                self.close_suspects();
            }
        }
        if lexeme.kind.closes() || lexeme.kind == Kind::TextMiddle {
            self.close(lexeme);
            return;
        }
        if lexeme.kind.opens() {
            let (index, start, indentation) = (self.out.len(), lexeme.range.start, self.indentation);
            self.open.push(Opener { index, kind: lexeme.kind, start, indentation });
        }
        self.push(lexeme);
    }

    fn push(&mut self, lexeme: Lexeme) {
        self.partner.push(self.out.len());
        self.out.push(lexeme);
    }

    fn close(&mut self, lexeme: Lexeme) {
        let Some(depth) = self.partner_of(&lexeme) else {
            let mark = lexeme.range.slice(self.text);
            self.errors.push(
                Diagnostic::error_at(
                    codes::UNOPENED_BRACKET,
                    format!("nothing opened this `{mark}`"),
                    lexeme.range,
                )
                .with_fix(format!("remove the `{mark}`"), span(lexeme.range), ""),
            );
            return;
        };
        while self.open.len() > depth + 1 {
            self.close_missing();
        }
        if lexeme.kind == Kind::TextMiddle {
            self.push(lexeme);
            return;
        }
        if let Some(open) = self.open.pop() {
            self.partner[open.index] = self.out.len();
        }
        self.push(lexeme);
    }

    /// The place in `open` of the bracket that this one closes.
    fn partner_of(&self, close: &Lexeme) -> Option<usize> {
        let kind = match close.kind {
            Kind::CloseParen => Kind::OpenParen,
            Kind::CloseBracket => Kind::OpenBracket,
            Kind::CloseBrace => Kind::OpenBrace,
            _ => Kind::TextStart,
        };
        // The end of a string closes whatever is open in its expression, and nothing goes past its start.
        let floor = match kind {
            Kind::TextStart => 0,
            _ => self.open.iter().rposition(|open| open.kind == Kind::TextStart).map_or(0, |at| at + 1),
        };
        let within = &self.open[floor..];
        let innermost = within.iter().rposition(|open| open.kind == kind)?;
        if matches!(self.mode, Mode::ByIndentation { .. }) && kind == Kind::OpenBrace && close.starts_line {
            let as_far = |open: &Opener| open.kind == kind && open.indentation == self.indentation;
            if let Some(at) = within.iter().rposition(as_far) {
                return Some(floor + at);
            }
        }
        // Where a parenthesis would close over an open brace, the parenthesis is the one too many.
        let crosses_brace = within[innermost + 1..].iter().any(|open| open.kind == Kind::OpenBrace);
        let may_cross = matches!(kind, Kind::OpenBrace | Kind::TextStart);
        (may_cross || !crosses_brace).then_some(floor + innermost)
    }

    /// Closes unclosed parentheses and square brackets before a line that is no further indented than the
    /// line that they stand on: what follows is not meant to be in them.
    fn close_suspects(&mut self) {
        let Mode::ByIndentation { suspects } = &self.mode else { return };
        let is_suspect = |open: &Opener| {
            matches!(open.kind, Kind::OpenParen | Kind::OpenBracket)
                && suspects.as_ref().is_none_or(|suspects| suspects.contains(&open.start))
                && self.indentation <= open.indentation
        };
        let count = self.open.iter().rev().take_while(|open| is_suspect(open)).count();
        for _ in 0..count {
            self.close_missing();
        }
    }

    /// Where a brace without a partner was meant to be closed, and what stands before the partner there: before the
    /// first line that is indented no further than the brace's own, or after the last token.
    fn end_by_indentation(&self, open: Opener) -> (TextRange, String) {
        let inside = self.out.get(open.index + 1..).unwrap_or_default();
        let is_outside = |lexeme: &Lexeme| {
            lexeme.starts_line && indentation(self.text, lexeme.range.start) <= open.indentation
        };
        let count = inside.iter().position(is_outside).unwrap_or(inside.len());
        let last = inside[..count].last().unwrap_or(&self.out[open.index]);
        let indent = line_indent(self.text, self.out[open.index].range.start);
        (TextRange::empty(last.range.end), format!("\n{indent}"))
    }

    /// Closes the innermost bracket right after the last token, since its partner is missing.
    fn close_missing(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.unclosed.insert(open.start);
        let opener = self.out[open.index];
        let (kind, mark) = match opener.kind {
            Kind::OpenParen => (Kind::CloseParen, ")"),
            Kind::OpenBracket => (Kind::CloseBracket, "]"),
            Kind::OpenBrace => (Kind::CloseBrace, "}"),
            _ => (Kind::TextEnd, "\""),
        };
        let end = self.out.last().map_or(opener.range, |last| last.range).end;
        let range = TextRange::empty(end);
        let (at, gap) = match kind {
            Kind::CloseBrace => self.end_by_indentation(open),
            _ => (range, String::new()),
        };
        self.partner[open.index] = self.out.len();
        self.push(Lexeme { kind, range, starts_line: false, glued: false, string: opener.string });
        // A string without an end is the lexer's to report.
        if kind != Kind::TextEnd {
            let title = format!("this `{}` is never closed", opener.range.slice(self.text));
            self.errors.push(
                Diagnostic::error_at(codes::UNCLOSED_BRACKET, title, opener.range)
                    .with_label(span(at), format!("`{mark}` is missing by here"))
                    .with_fix(format!("add a `{mark}`"), span(at), format!("{gap}{mark}")),
            );
        }
    }
}

/// How far a token that is the first on its line is indented.
fn indentation(text: &str, start: u32) -> usize {
    let before = &text[..start as usize];
    before.len() - before.trim_end_matches([' ', '\t']).len()
}

/// What the line of an offset is indented by.
fn line_indent(text: &str, offset: u32) -> &str {
    let start = text[..offset as usize].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

fn span(range: TextRange) -> dot_diagnostics::Span<()> {
    dot_diagnostics::Span::new((), range)
}

/// What an open bracket holds so far, in the present statement or entry.
#[derive(Clone, Copy)]
struct Level {
    /// The bracket.
    opener: Kind,
    operators: u32,
    /// The most costly bracket that is closed already.
    deepest: u32,
    /// The most costly statement or entry that is past.
    worst: u32,
    /// Type arguments that seem to be open; a comma in them separates no entries.
    angles: u32,
    /// Whether we are in the parameters of a closure, where a comma separates no entries either.
    in_bars: bool,
}

impl Level {
    fn new(opener: Kind) -> Level {
        Level { opener, operators: 0, deepest: 0, worst: 0, angles: 0, in_bars: false }
    }

    fn total(self) -> u32 {
        self.operators + self.deepest
    }

    fn next_entry(&mut self) {
        *self = Level { worst: self.worst.max(self.total()), ..Level::new(self.opener) };
    }

    fn token(&mut self, kind: Kind, previous: Kind) {
        if is_operator(kind) {
            self.operators += 1;
        }
        match kind {
            Kind::Comma if self.angles == 0 && !self.in_bars => self.next_entry(),
            Kind::Semicolon | Kind::TextMiddle => self.next_entry(),
            Kind::Or => self.in_bars = !self.in_bars && !previous.can_end(),
            Kind::Less => self.angles += 1,
            Kind::Greater => self.angles = self.angles.saturating_sub(1),
            kind if !is_in_types(kind) => self.angles = 0,
            _ => {}
        }
    }
}

/// Where the limit is passed, if it is.
fn too_deep(lexemes: &[Lexeme]) -> Option<TextRange> {
    let mut stack = vec![Level::new(Kind::Newline)];
    // The last token and the one before it.
    let (mut previous, mut second_last) = (Kind::Newline, Kind::Newline);
    for (index, lexeme) in lexemes.iter().enumerate() {
        let level = stack.last_mut()?;
        match lexeme.kind {
            Kind::OpenParen | Kind::OpenBracket | Kind::OpenBrace | Kind::TextStart => {
                // A call or an index goes around what it applies to; the dot of a method has been counted.
                let is_postfix = matches!(lexeme.kind, Kind::OpenParen | Kind::OpenBracket)
                    && previous.can_end()
                    && second_last != Kind::Dot;
                level.operators += u32::from(is_postfix);
                stack.push(Level::new(lexeme.kind));
            }
            Kind::CloseParen | Kind::CloseBracket | Kind::CloseBrace | Kind::TextEnd => {
                let inner = level.worst.max(level.total()) + 1;
                stack.pop();
                let outer = stack.last_mut()?;
                outer.deepest = outer.deepest.max(inner);
            }
            kind => level.token(kind, previous),
        }
        (second_last, previous) = (previous, lexeme.kind);
        let level = stack.last_mut()?;
        if level.total() > u32::from(MAX_DEPTH) {
            return Some(lexeme.range);
        }
        let next = lexemes.get(index + 1);
        let ends_line = next.is_some_and(|next| next.starts_line && next.kind.can_start());
        if ends_line && lexeme.kind.can_end() && level.opener == Kind::OpenBrace {
            level.next_entry();
        }
        if stack.len() > MAX_NESTING + 1 {
            return Some(lexeme.range);
        }
    }
    None
}

/// Whether a token may put one expression, type or pattern into another.
fn is_operator(kind: Kind) -> bool {
    let is_mark = (Kind::Dot as u8..=Kind::ShiftLeftEq as u8).contains(&(kind as u8));
    let is_separator = matches!(kind, Kind::Colon | Kind::Comma | Kind::Semicolon | Kind::Greater);
    let is_word = matches!(
        kind,
        Kind::As
            | Kind::Else
            | Kind::For
            | Kind::If
            | Kind::Is
            | Kind::Match
            | Kind::Par
            | Kind::Return
            | Kind::While
            | Kind::With
            | Kind::Fn
    );
    is_mark && !is_separator || is_word
}

/// Whether a token can stand among type arguments.
pub(crate) fn is_in_types(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Lower
            | Kind::Upper
            | Kind::Quoted
            | Kind::Number
            | Kind::Dot
            | Kind::Comma
            | Kind::Underscore
            | Kind::OpenParen
            | Kind::CloseParen
            | Kind::Arrow
            | Kind::Fn
            | Kind::Pure
            | Kind::Inout
            | Kind::Uses
            | Kind::Plus
            | Kind::Less
            | Kind::Greater
    )
}
