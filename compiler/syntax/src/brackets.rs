//! Brackets, before parsing: each gets its partner, and nesting stays within bounds.
//!
//! The parser sees only balanced brackets. A bracket that was never closed is reported here and closed
//! where it ought to have been, a closing one that nothing opened is reported and dropped. Where the
//! brackets of an item don't match, indentation says which is to blame: a `}` that stands first on its
//! line belongs to the `{` whose line is indented as far.
//!
//! The cost of an item is found here too: two for each bracket and one for each operator that stands
//! around the deepest place. It bounds the depth of the tree and of the parser's stack from above, so
//! what keeps below the limit can be walked recursively.

use dot_diagnostics::{Diagnostic, TextRange, codes};

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
    let mut balancer = Balancer::new(text, lexemes.len(), false);
    lexemes.iter().for_each(|lexeme| balancer.token(*lexeme));
    if !balancer.open.is_empty() || !balancer.errors.is_empty() {
        balancer = Balancer::new(text, lexemes.len(), true);
        lexemes.iter().for_each(|lexeme| balancer.token(*lexeme));
        balancer.end();
    }
    errors.append(&mut balancer.errors);
    let balanced = Balanced { lexemes: balancer.out, partner: balancer.partner };
    match too_deep(&balanced.lexemes) {
        None => Some(balanced),
        Some(range) => {
            let title = "this is nested too deep";
            let note = format!(
                "Brackets may be nested {MAX_NESTING} deep, and brackets and operators together {MAX_DEPTH} \
                 (a bracket counts two)."
            );
            errors.push(
                Diagnostic::error_at(codes::NESTING_TOO_DEEP, title, range)
                    .with_message("the limit is reached here")
                    .with_note(note),
            );
            None
        }
    }
}

struct Balancer<'a> {
    text: &'a str,
    by_indentation: bool,
    out: Vec<Lexeme>,
    partner: Vec<usize>,
    /// Indices in `out` of the brackets that are open.
    open: Vec<usize>,
    errors: Vec<Diagnostic<()>>,
}

impl<'a> Balancer<'a> {
    fn new(text: &'a str, len: usize, by_indentation: bool) -> Balancer<'a> {
        let (out, partner) = (Vec::with_capacity(len), Vec::with_capacity(len));
        Balancer { text, by_indentation, out, partner, open: Vec::new(), errors: Vec::new() }
    }

    fn token(&mut self, lexeme: Lexeme) {
        match lexeme.kind {
            Kind::OpenParen | Kind::OpenBracket | Kind::OpenBrace | Kind::TextStart => {
                self.open.push(self.out.len());
            }
            Kind::CloseParen | Kind::CloseBracket | Kind::CloseBrace | Kind::TextEnd | Kind::TextMiddle => {
                self.close(lexeme);
                return;
            }
            _ => {}
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
            self.partner[open] = self.out.len();
        }
        self.push(lexeme);
    }

    /// The place in `open` of the bracket that this one closes.
    fn partner_of(&self, close: &Lexeme) -> Option<usize> {
        let opener = match close.kind {
            Kind::CloseParen => Kind::OpenParen,
            Kind::CloseBracket => Kind::OpenBracket,
            Kind::CloseBrace => Kind::OpenBrace,
            _ => Kind::TextStart,
        };
        let matches = |index: &usize| self.out[*index].kind == opener;
        // The end of a string closes whatever is open in its expression, and nothing goes past its start.
        let floor = match opener {
            Kind::TextStart => 0,
            _ => self
                .open
                .iter()
                .rposition(|index| self.out[*index].kind == Kind::TextStart)
                .map_or(0, |at| at + 1),
        };
        let innermost = floor + self.open[floor..].iter().rposition(matches)?;
        if self.by_indentation && close.kind == Kind::CloseBrace && close.starts_line {
            let column = self.indentation(close);
            let opened_here = |index: &usize| matches(index) && self.indentation(&self.out[*index]) == column;
            if let Some(at) = self.open[floor..].iter().rposition(opened_here) {
                return Some(floor + at);
            }
        }
        // A bracket of another kind in between is rather left open by a brace than by a parenthesis.
        let crosses_brace =
            self.open[innermost + 1..].iter().any(|index| self.out[*index].kind == Kind::OpenBrace);
        (opener == Kind::OpenBrace || opener == Kind::TextStart || !crosses_brace).then_some(innermost)
    }

    /// How far the line of a token is indented.
    fn indentation(&self, lexeme: &Lexeme) -> usize {
        let before = &self.text[..lexeme.range.start as usize];
        let line = &before[before.rfind('\n').map_or(0, |newline| newline + 1)..];
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }

    /// Closes the innermost bracket right after the last token, since its partner is missing.
    fn close_missing(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let opener = self.out[open];
        let (kind, mark) = match opener.kind {
            Kind::OpenParen => (Kind::CloseParen, ")"),
            Kind::OpenBracket => (Kind::CloseBracket, "]"),
            Kind::OpenBrace => (Kind::CloseBrace, "}"),
            _ => (Kind::TextEnd, "\""),
        };
        let end = self.out.last().map_or(opener.range, |last| last.range).end;
        let range = TextRange::empty(end);
        self.partner[open] = self.out.len();
        self.push(Lexeme { kind, range, starts_line: false, glued: false, string: opener.string });
        // A string without an end is the lexer's to report.
        if kind != Kind::TextEnd {
            let title = format!("this `{}` is never closed", opener.range.slice(self.text));
            let inserted = if kind == Kind::CloseBrace { format!("\n{mark}") } else { mark.to_owned() };
            self.errors.push(
                Diagnostic::error_at(codes::UNCLOSED_BRACKET, title, opener.range)
                    .with_label(span(range), format!("`{mark}` is missing by here"))
                    .with_fix(format!("add a `{mark}`"), span(range), inserted),
            );
        }
    }

    fn end(&mut self) {
        while !self.open.is_empty() {
            self.close_missing();
        }
    }
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
    let mut previous = Kind::Newline;
    for (index, lexeme) in lexemes.iter().enumerate() {
        let level = stack.last_mut()?;
        match lexeme.kind {
            Kind::OpenParen | Kind::OpenBracket | Kind::OpenBrace | Kind::TextStart => {
                stack.push(Level::new(lexeme.kind));
            }
            Kind::CloseParen | Kind::CloseBracket | Kind::CloseBrace | Kind::TextEnd => {
                let inner = level.worst.max(level.total()) + 2;
                stack.pop();
                let outer = stack.last_mut()?;
                outer.deepest = outer.deepest.max(inner);
            }
            kind => level.token(kind, previous),
        }
        previous = lexeme.kind;
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
