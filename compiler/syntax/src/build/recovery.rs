//! Where the parser recovers: an error is told, and an error node takes the place of what is missing.

use std::cell::Cell;
use std::collections::BTreeSet;

use dot_diagnostics::{Diagnostic, Reported};
use lalrpop_util::{ErrorRecovery, ParseError};

use super::at;
use crate::ast::*;
use crate::explain::explain;
use crate::lexer::Kind;
use crate::token::Token;

/// After so many recoveries in one item the parser gives up on the rest of it.
const MAX_RECOVERIES: u32 = 20;

/// What the parser carries along.
pub(crate) struct Context<'a> {
    text: &'a str,
    /// The errors so far, those of the lexer and of the brackets first.
    pub(super) errors: Vec<Diagnostic<()>>,
    /// Starts of the lines that have an error; a line tells one.
    lines: BTreeSet<usize>,
    /// From here on errors follow from a bracket or quote that does not match.
    unreliable_from: u32,
    recoveries: &'a Cell<u32>,
    told: Option<Told>,
    lost: Option<Stumble>,
}

/// The first error of the parser that is told.
pub(crate) struct Told {
    /// Its index among all errors.
    pub index: usize,
    /// Where the parser could not go on; nothing at the end of the text.
    pub at: Option<Stumble>,
}

/// A place where the parser could not go on.
#[derive(Clone, Copy)]
pub(crate) struct Stumble {
    /// The offset of the token that it could not take.
    pub at: u32,
    /// That token's kind.
    pub kind: Kind,
}

impl<'a> Context<'a> {
    /// A context in which `errors` have been told; of these the first `brackets` are about brackets and quotes.
    pub(crate) fn new(
        text: &'a str,
        errors: Vec<Diagnostic<()>>,
        brackets: usize,
        recoveries: &'a Cell<u32>,
    ) -> Context<'a> {
        let lines = errors.iter().map(|error| line_start(text, error.primary.span.range.start)).collect();
        let unreliable_from = errors
            .iter()
            .take(brackets)
            .map(|error| error.primary.span.range.start)
            .min()
            .unwrap_or(u32::MAX);
        Context { text, errors, lines, unreliable_from, recoveries, told: None, lost: None }
    }

    /// Whether the parser should be given no more tokens.
    pub(crate) fn has_given_up(recoveries: &Cell<u32>) -> bool {
        recoveries.get() > MAX_RECOVERIES
    }

    /// The parser's first error that was told, where it lost its way, and all that was told.
    pub(crate) fn finish(self) -> (Option<Told>, Option<Stumble>, Vec<Diagnostic<()>>) {
        (self.told, self.lost, self.errors)
    }

    pub(super) fn tell(&mut self, error: Diagnostic<()>) -> Reported {
        Reported::tell(&mut self.errors, error)
    }

    /// Tells what the parser could not read, unless it follows from what was told already.
    pub(crate) fn tell_parse_error(&mut self, error: ParseError<u32, Token, ()>, is_lost: bool) -> Reported {
        let found = match &error {
            ParseError::UnrecognizedToken { token, .. } => Some((token.0, token.1.kind())),
            _ => None,
        };
        let error = explain(self.text, error);
        let start = error.primary.span.range.start;
        let follows = start >= self.unreliable_from
            || found.is_some_and(|(_, kind)| kind == Kind::Broken)
            || !self.lines.insert(line_start(self.text, start))
            || (Self::has_given_up(self.recoveries) && !self.errors.is_empty());
        let stumble = found.map(|(at, kind)| Stumble { at, kind });
        if is_lost {
            self.lost = self.lost.or(stumble);
        }
        if follows {
            return Reported::earlier();
        }
        let index = self.errors.len();
        self.told.get_or_insert(Told { index, at: stumble });
        self.tell(error)
    }

    pub(crate) fn recover(&mut self, recovery: ErrorRecovery<u32, Token, ()>) -> Reported {
        self.recoveries.set(self.recoveries.get() + 1);
        let is_lost = !is_balanced(&recovery.dropped_tokens);
        self.tell_parse_error(recovery.error, is_lost)
    }

    /// An item of which nothing could be kept.
    pub(crate) fn error_item(&mut self, recovery: ErrorRecovery<u32, Token, ()>) -> ItemBody {
        self.recoveries.set(self.recoveries.get() + 1);
        ItemBody::Error(self.tell_parse_error(recovery.error, true))
    }

    /// Nothing, in a list.
    pub(crate) fn absent<T>(&mut self, recovery: ErrorRecovery<u32, Token, ()>) -> Option<T> {
        self.recover(recovery);
        None
    }

    pub(crate) fn missing_name(&mut self, recovery: ErrorRecovery<u32, Token, ()>, l: u32, r: u32) -> Name {
        self.recover(recovery);
        Name::new("", at(l, r))
    }

    pub(crate) fn error_type(&mut self, recovery: ErrorRecovery<u32, Token, ()>, l: u32, r: u32) -> Type {
        Type { kind: TypeKind::Error(self.recover(recovery)), range: at(l, r) }
    }

    pub(crate) fn error_expr(&mut self, recovery: ErrorRecovery<u32, Token, ()>, l: u32, r: u32) -> Expr {
        Expr::new(ExprKind::Error(self.recover(recovery)), at(l, r))
    }

    pub(crate) fn error_block(&mut self, recovery: ErrorRecovery<u32, Token, ()>, l: u32, r: u32) -> Block {
        let range = at(l, r);
        let kind = StmtKind::Error(self.recover(recovery));
        Block { stmts: vec![Stmt { kind, range }], range }
    }

    pub(crate) fn error_pattern(
        &mut self,
        recovery: ErrorRecovery<u32, Token, ()>,
        l: u32,
        r: u32,
    ) -> Pattern {
        Pattern { kind: PatternKind::Error(self.recover(recovery)), range: at(l, r) }
    }
}

/// Whether the tokens hold each bracket with its partner.
fn is_balanced(tokens: &[(u32, Token, u32)]) -> bool {
    let mut depth = 0usize;
    for (_, token, _) in tokens {
        let kind = token.kind();
        if kind.opens() {
            depth += 1;
        } else if kind.closes() {
            let Some(outer) = depth.checked_sub(1) else { return false };
            depth = outer;
        }
    }
    depth == 0
}

/// The offset at which the line of `offset` begins.
fn line_start(text: &str, offset: u32) -> usize {
    let offset = text.floor_char_boundary((offset as usize).min(text.len()));
    text[..offset].rfind('\n').map_or(0, |newline| newline + 1)
}
