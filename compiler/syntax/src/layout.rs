//! The layout filter: lexemes to the tokens of the grammar.
//!
//! Some tokens mean different things in different places, and an LR(1) parser can't look far enough to
//! tell them apart. This pass can, since it knows which bracket is open and where that one is closed:
//!
//! - A line break becomes [`Kind::Newline`] where the innermost bracket is `{`, the token before it can
//!   end an expression and the one after it can start one.
//! - The `{` that opens the body of `if`, `while`, `match`, `for` or `with` becomes [`Kind::BodyBrace`].
//!   After `e is Path`, a `{` opens the body too unless what follows its `}` goes on with the condition.
//! - A `<` glued to a name becomes [`Kind::TypeArgs`] if there are only tokens of types up to its `>`,
//!   and a `(` is glued to that. Anywhere else the grammar tells types from comparisons.
//! - Two `>` become [`Kind::ShiftRight`] unless they close type arguments.
//! - A keyword becomes a name after `.` and `@`, before `:` (but not in `[ ]`), and after `fn` and `dot`;
//!   a keyword that only begins items becomes a name in brackets.
//! - The path of WIT after `use` or `export` becomes one token.
//!
//! Literals get their values here.

use dot_diagnostics::{Diagnostic, Span, TextRange, codes};
use smol_str::SmolStr;

use crate::brackets::{Balanced, is_in_types};
use crate::lexer::{Kind, Lexed, Lexeme, StringInfo};
use crate::literal::{self, Piece};
use crate::token::{Spanned, Token};

/// Turns balanced lexemes into tokens. Begins with no begin marker; the parser puts one in front.
pub(crate) fn layout(
    text: &str,
    lexed: &Lexed,
    balanced: &Balanced,
    errors: &mut Vec<Diagnostic<()>>,
) -> Vec<Spanned> {
    let type_args = find_type_args(&balanced.lexemes);
    let mut layout = Layout {
        text,
        lexemes: &balanced.lexemes,
        partner: &balanced.partner,
        strings: &lexed.strings,
        type_args,
        errors,
        out: Vec::with_capacity(balanced.lexemes.len() + balanced.lexemes.len() / 8),
        levels: vec![Level::new(Kind::Newline)],
        at: 0,
    };
    while let Some(lexeme) = layout.lexemes.get(layout.at) {
        layout.token(*lexeme);
    }
    layout.out
}

/// An open bracket.
struct Level {
    opener: Kind,
    /// `if`, `while`, `match`, `in` and `with` whose body has not come yet.
    heads: Vec<Kind>,
    /// Whether this is the body of a `match`, in the pattern of an arm.
    in_arm_pattern: Option<bool>,
    /// Type arguments that seem to be open.
    angles: u32,
    /// Whether we are in the pattern after `is`.
    in_pattern: bool,
}

impl Level {
    fn new(opener: Kind) -> Level {
        Level { opener, heads: Vec::new(), in_arm_pattern: None, angles: 0, in_pattern: false }
    }
}

struct Layout<'a, 'e> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    partner: &'a [usize],
    strings: &'a [StringInfo],
    /// For each `<`, whether it opens type arguments in an expression.
    type_args: Vec<bool>,
    errors: &'e mut Vec<Diagnostic<()>>,
    out: Vec<Spanned>,
    levels: Vec<Level>,
    at: usize,
}

impl Layout<'_, '_> {
    fn token(&mut self, lexeme: Lexeme) {
        let kind = self.effective_kind(lexeme);
        self.newline(lexeme, kind);
        let next = self.lexemes.get(self.at + 1).copied();
        let range = lexeme.range;
        match kind {
            Kind::Unknown | Kind::ModuleDoc => {
                self.report_stray(lexeme);
                self.at += 1;
            }
            Kind::Greater | Kind::GreaterEq => self.greater(lexeme, next),
            Kind::Less if self.type_args[self.at] => {
                self.level().angles += 1;
                self.emit(Token::Plain(Kind::TypeArgs), range);
            }
            Kind::OpenBrace => {
                let (kind, head) = self.brace();
                let in_arm_pattern = (head == Some(Kind::Match)).then_some(true);
                self.levels.push(Level { in_arm_pattern, ..Level::new(Kind::OpenBrace) });
                self.emit(Token::Plain(kind), range);
            }
            Kind::Coalesce if self.ends_line(lexeme, next) => self.two_questions(range),
            _ if self.begins_wit_path() => self.wit_path(range),
            _ => {
                self.track(kind, lexeme);
                let token = self.value(kind, lexeme);
                self.emit(token, range);
            }
        }
    }

    fn emit(&mut self, token: Token, range: TextRange) {
        self.out.push((range.start, token, range.end));
        self.at += 1;
    }

    fn level(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::new(Kind::Newline));
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    fn previous(&self) -> Option<Kind> {
        self.out.last().map(|token| token.1.kind())
    }

    fn opener(&self) -> Kind {
        self.levels.last().map_or(Kind::Newline, |level| level.opener)
    }

    /// The kind of a token, where keywords that stand for names are names.
    fn effective_kind(&self, lexeme: Lexeme) -> Kind {
        let kind = lexeme.kind;
        if kind == Kind::Quoted {
            let is_upper = lexeme.range.slice(self.text)[1..].starts_with(|c: char| c.is_ascii_uppercase());
            return if is_upper { Kind::Upper } else { Kind::Lower };
        }
        if !kind.is_keyword() {
            return kind;
        }
        let outside = self.levels.len() <= 1;
        let next = self.lexemes.get(self.at + 1).map(|next| next.kind);
        let is_name = match self.previous() {
            Some(Kind::Dot | Kind::At) => true,
            Some(Kind::Fn | Kind::DotItem) if outside => true,
            _ if next == Some(Kind::Colon) && self.opener() != Kind::OpenBracket => kind != Kind::SelfValue,
            Some(Kind::Slash | Kind::As) if outside => true,
            Some(Kind::Use) if outside => next == Some(Kind::Slash),
            _ => !outside && !kind.is_reserved(),
        };
        if is_name { Kind::Lower } else { kind }
    }

    /// Ends a statement or entry before `lexeme`, if it stands on a line of its own.
    fn newline(&mut self, lexeme: Lexeme, kind: Kind) {
        if !lexeme.starts_line || self.opener() != Kind::OpenBrace || !kind.can_start() {
            return;
        }
        let Some((start, token, end)) = self.out.last() else { return };
        if kind == Kind::Or && self.levels.last().is_some_and(|level| level.in_arm_pattern == Some(true)) {
            if token.kind().can_end() {
                let end = *end;
                self.report_broken_pattern(lexeme.range, end);
            }
            return;
        }
        // A `>` that stands free is an operator.
        let is_operator = matches!(token, Token::Plain(Kind::Greater))
            && self.text[..*start as usize].ends_with([' ', '\t', '\n']);
        // A line that ends with `.` is being written: the name is missing, it does not stand below.
        let is_open_dot = matches!(token, Token::Plain(Kind::Dot));
        if (token.kind().can_end() && !is_operator) || is_open_dot || is_cut_off(token.kind(), kind) {
            let end = *end;
            self.out.push((end, Token::Plain(Kind::Newline), end));
            let level = self.level();
            let in_arm_pattern = level.in_arm_pattern.map(|_| true);
            *level = Level { in_arm_pattern, ..Level::new(level.opener) };
        }
    }

    /// Keeps count of what is open.
    fn track(&mut self, kind: Kind, lexeme: Lexeme) {
        match kind {
            Kind::OpenParen | Kind::OpenBracket | Kind::TextStart => {
                self.levels.push(Level::new(kind));
                return;
            }
            Kind::CloseParen | Kind::CloseBracket | Kind::CloseBrace | Kind::TextEnd => {
                self.levels.pop();
                return;
            }
            _ => {}
        }
        let level = self.level();
        match kind {
            Kind::If | Kind::While | Kind::Match | Kind::In | Kind::With => level.heads.push(kind),
            Kind::FatArrow | Kind::Semicolon => level.heads.clear(),
            Kind::Is => level.in_pattern = true,
            Kind::Less if lexeme.glued => level.angles += 1,
            _ => {}
        }
        if let Some(in_pattern) = &mut level.in_arm_pattern {
            match kind {
                Kind::FatArrow => *in_pattern = false,
                Kind::Comma | Kind::Semicolon => *in_pattern = true,
                _ => {}
            }
        }
        if !is_in_types(kind) {
            level.angles = 0;
        }
        if matches!(kind, Kind::AndAnd | Kind::OrOr | Kind::Comma | Kind::Semicolon | Kind::FatArrow) {
            level.in_pattern = false;
        }
    }

    /// Which `{` this is, and of what it is the body.
    fn brace(&mut self) -> (Kind, Option<Kind>) {
        let previous = self.previous();
        let follower = self.lexemes.get(self.partner[self.at] + 1).copied();
        let level = self.level();
        let goes_on = follower.is_some_and(|next| {
            !next.starts_line
                && matches!(next.kind, Kind::OpenBrace | Kind::AndAnd | Kind::OrOr | Kind::Or | Kind::As)
        });
        let is_pattern = level.in_pattern
            && match previous {
                Some(Kind::Is | Kind::Or) => true,
                Some(Kind::Upper) => goes_on,
                _ => false,
            };
        // After an operator a `{` begins an operand; after a head's own word its condition is missing.
        let may_follow = previous.is_some_and(|previous| {
            previous.can_end()
                || matches!(previous, Kind::If | Kind::While | Kind::Match | Kind::In | Kind::With)
        });
        if level.heads.is_empty() || is_pattern || !may_follow {
            return (Kind::OpenBrace, None);
        }
        level.in_pattern = false;
        (Kind::BodyBrace, level.heads.pop())
    }

    /// `>`, `>>`, `>=`, `>>=`, where type arguments may be open.
    fn greater(&mut self, lexeme: Lexeme, next: Option<Lexeme>) {
        let closes_types = lexeme.glued && self.level().angles > 0;
        let (start, end) = (lexeme.range.start, lexeme.range.end);
        if closes_types {
            self.level().angles -= 1;
            self.out.push((start, Token::Plain(Kind::Greater), start + 1));
            if lexeme.kind == Kind::GreaterEq {
                // `let xs: list<u8>= []`
                self.out.push((start + 1, Token::Plain(Kind::Eq), end));
            }
            self.at += 1;
            return;
        }
        self.level().angles = 0;
        if let Some(next) = next.filter(|next| next.glued && lexeme.kind == Kind::Greater) {
            let joined = match next.kind {
                Kind::Greater => Some(Kind::ShiftRight),
                Kind::GreaterEq => Some(Kind::ShiftRightEq),
                _ => None,
            };
            if let Some(joined) = joined {
                self.out.push((start, Token::Plain(joined), next.range.end));
                self.at += 2;
                return;
            }
        }
        self.emit(Token::Plain(lexeme.kind), lexeme.range);
    }

    /// Whether a path of WIT begins here: a namespace, whose words are joined by `-`, and a colon.
    fn begins_wit_path(&self) -> bool {
        if self.levels.len() > 1 || !matches!(self.previous(), Some(Kind::Use | Kind::Export)) {
            return false;
        }
        let glued = self.lexemes[self.at + 1..].iter().take_while(|lexeme| lexeme.glued);
        let is_word = |kind: Kind| {
            matches!(kind, Kind::Lower | Kind::Upper | Kind::Number | Kind::Minus) || kind.is_keyword()
        };
        glued.map(|lexeme| lexeme.kind).find(|kind| !is_word(*kind)) == Some(Kind::Colon)
    }

    /// Everything that is glued to the name, but for a `.` before `{`.
    fn wit_path(&mut self, first: TextRange) {
        let mut end = self.at + 1;
        while let Some(lexeme) = self.lexemes.get(end) {
            let before_brace = self.lexemes.get(end + 1).is_some_and(|next| next.kind == Kind::OpenBrace);
            if !lexeme.glued || lexeme.kind == Kind::OpenBrace || (lexeme.kind == Kind::Dot && before_brace) {
                break;
            }
            end += 1;
        }
        let range = first.join(self.lexemes[end - 1].range);
        let path = SmolStr::from(range.slice(self.text));
        self.out.push((range.start, Token::WitPath(path), range.end));
        self.at = end;
    }

    /// Whether a `??` is glued to what stands before it and nothing follows it on its line.
    fn ends_line(&self, lexeme: Lexeme, next: Option<Lexeme>) -> bool {
        lexeme.glued && next.is_none_or(|next| next.starts_line || next.kind.closes())
    }

    /// A `??` that ends its line was meant as two `?`.
    fn two_questions(&mut self, range: TextRange) {
        let diagnostic = Diagnostic::error_at(codes::UNEXPECTED_TOKEN, "`??` has nothing to fall back on here", range)
            .with_note("`a ?? b` is the value in `a`, or `b`; to leave the function by two `?`, put a space between them.")
            .with_fix("write two `?`", Span::new((), range), "? ?");
        self.errors.push(diagnostic);
        let middle = range.start + 1;
        self.out.push((range.start, Token::Plain(Kind::Question), middle));
        self.out.push((middle, Token::Plain(Kind::Question), range.end));
        self.at += 1;
    }

    /// An alternative of a pattern on a line of its own, behind what ended at `end`.
    fn report_broken_pattern(&mut self, bar: TextRange, end: u32) {
        let after =
            self.text[bar.end as usize..].len() - self.text[bar.end as usize..].trim_start_matches(' ').len();
        let span = |range| Span::new((), range);
        let mut diagnostic =
            Diagnostic::error_at(codes::UNEXPECTED_TOKEN, "a line that begins with `|` starts anew", bar)
                .with_note("A pattern goes on over the end of a line that ends with `|`.")
                .with_fix("put the `|` at the end of the line before", span(TextRange::empty(end)), " |");
        if let Some(fix) = &mut diagnostic.fix {
            let gone = TextRange::new(bar.start, bar.end + after as u32);
            fix.edits.push(dot_diagnostics::Edit { span: span(gone), replacement: String::new() });
        }
        self.errors.push(diagnostic);
    }

    fn report_stray(&mut self, lexeme: Lexeme) {
        let text = lexeme.range.slice(self.text);
        let span = Span::new((), lexeme.range);
        let diagnostic = if lexeme.kind == Kind::ModuleDoc {
            let title = "a module is documented at the top of its file";
            let (at, fix) = (lexeme.range.start, "write `///` to document what follows");
            Diagnostic::error_at(codes::UNEXPECTED_TOKEN, title, lexeme.range).with_fix(
                fix,
                Span::new((), TextRange::new(at, at + 3)),
                "///",
            )
        } else {
            let title = format!("`{text}` means nothing in Dot");
            let diagnostic = Diagnostic::error_at(codes::UNKNOWN_CHARACTER, title, lexeme.range);
            if text == "'" { diagnostic } else { diagnostic.with_fix(format!("remove `{text}`"), span, "") }
        };
        self.errors.push(diagnostic);
    }

    /// The token of a lexeme that is one token.
    fn value(&mut self, kind: Kind, lexeme: Lexeme) -> Token {
        let text = lexeme.range.slice(self.text);
        match kind {
            Kind::Lower | Kind::Upper => self.name(kind, lexeme),
            Kind::Number => literal::number(text).unwrap_or_else(|title| {
                self.errors.push(Diagnostic::error_at(codes::INVALID_LITERAL, title, lexeme.range));
                Token::Broken
            }),
            Kind::Char => literal::character(text, lexeme.range.start, self.errors),
            Kind::Text | Kind::TextStart | Kind::TextMiddle | Kind::TextEnd => self.string(kind, lexeme),
            Kind::Doc => {
                let line = text.strip_prefix("///").unwrap_or(text);
                Token::Doc(SmolStr::from(line.strip_prefix(' ').unwrap_or(line)))
            }
            Kind::Broken => Token::Broken,
            _ => Token::Plain(kind),
        }
    }

    fn name(&mut self, kind: Kind, lexeme: Lexeme) -> Token {
        let text = lexeme.range.slice(self.text);
        let name = if lexeme.kind == Kind::Quoted { &text[1..text.len() - 1] } else { text };
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_name {
            let title = format!("`{name}` can't be a name");
            let note = "A name has ASCII letters, digits and underscores, and begins with no digit.";
            self.errors.push(Diagnostic::error_at(codes::INVALID_NAME, title, lexeme.range).with_note(note));
        }
        if kind == Kind::Upper { Token::Upper(name.into()) } else { Token::Lower(name.into()) }
    }

    fn string(&mut self, kind: Kind, lexeme: Lexeme) -> Token {
        let Some(info) = self.strings.get(lexeme.string as usize) else { return Token::Broken };
        let first = matches!(kind, Kind::Text | Kind::TextStart);
        let last = matches!(kind, Kind::Text | Kind::TextEnd);
        let open = if first { info.flavour.open_len() } else { 1 };
        let close = if last { info.flavour.close_len() } else { 1 };
        let text = lexeme.range.slice(self.text);
        // The end that was put where a string has none is empty.
        let raw = text.get(open..text.len().saturating_sub(close)).unwrap_or("");
        let indent = info.indent.map_or("", |indent| indent.slice(self.text));
        let piece = Piece { flavour: info.flavour, indent, first, last };
        let decoded = literal::decode(raw, lexeme.range.start + open as u32, &piece, self.errors);
        match kind {
            Kind::Text if info.flavour == crate::lexer::Flavour::Bytes => Token::Bytes(decoded.bytes()),
            Kind::Text => Token::Text(decoded.text()),
            Kind::TextStart => Token::TextStart(decoded.text()),
            Kind::TextMiddle => Token::TextMiddle(decoded.text()),
            _ => Token::TextEnd(decoded.text()),
        }
    }
}

/// Whether a line that ends with `last` is being written, as the next one begins with a word that no expression goes on
/// with.
fn is_cut_off(last: Kind, next: Kind) -> bool {
    let begins_statement = match next {
        Kind::Let | Kind::Var | Kind::Assert | Kind::While => true,
        Kind::For => last != Kind::Par,
        _ => false,
    };
    begins_statement && !last.opens() && !last.separates() && !matches!(last, Kind::FatArrow | Kind::Doc)
}

/// For each token, whether it is a `<` that opens type arguments in an expression.
fn find_type_args(lexemes: &[Lexeme]) -> Vec<bool> {
    let mut found = vec![false; lexemes.len()];
    // Open `<` and `(` since the last token that no type has.
    let mut open: Vec<usize> = Vec::new();
    for (index, lexeme) in lexemes.iter().enumerate() {
        match lexeme.kind {
            Kind::Less | Kind::OpenParen => open.push(index),
            Kind::CloseParen => while open.pop().is_some_and(|at| lexemes[at].kind == Kind::Less) {},
            Kind::Greater => {
                let Some(at) = open.pop_if(|at| lexemes[*at].kind == Kind::Less) else { continue };
                let after_name = at.checked_sub(1).is_some_and(|before| {
                    matches!(lexemes[before].kind, Kind::Lower | Kind::Upper | Kind::Quoted)
                });
                let before_call =
                    lexemes.get(index + 1).is_some_and(|next| next.glued && next.kind == Kind::OpenParen);
                found[at] = lexemes[at].glued && after_name && before_call;
            }
            kind if is_in_types(kind) => {}
            _ => open.clear(),
        }
    }
    found
}
