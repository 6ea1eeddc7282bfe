//! Parse errors in words.
//!
//! The parser knows which tokens it could have taken. They are told as a person would: all that begin an
//! expression are "an expression"; after a whole expression the operators go without saying. Mistakes
//! that people make often have a message of their own.

use dot_diagnostics::{Diagnostic, Edit, Span, TextRange, codes};
use lalrpop_util::ParseError;

use crate::lexer::Kind;
use crate::token::Token;

/// The diagnostic for a parse error in `text`.
pub(crate) fn explain(text: &str, error: ParseError<u32, Token, ()>) -> Diagnostic<()> {
    match error {
        ParseError::UnrecognizedToken { token: (start, token, end), expected } => {
            found_token(text, &token, TextRange::new(start, end), &Expected::new(&expected))
        }
        ParseError::ExtraToken { token: (start, token, end) } => {
            found_token(text, &token, TextRange::new(start, end), &Expected::new(&[]))
        }
        ParseError::UnrecognizedEof { location, expected } => {
            let title = format!("expected {}, found the end", Expected::new(&expected).in_words());
            Diagnostic::error_at(codes::UNEXPECTED_TOKEN, title, TextRange::empty(location))
        }
        ParseError::InvalidToken { location } => {
            let title = "this can't be read";
            Diagnostic::error_at(codes::UNEXPECTED_TOKEN, title, TextRange::empty(location))
        }
        ParseError::User { error: () } => {
            Diagnostic::error_at(codes::UNEXPECTED_TOKEN, "this can't be read", TextRange::empty(0))
        }
    }
}

fn found_token(text: &str, token: &Token, range: TextRange, expected: &Expected<'_>) -> Diagnostic<()> {
    let kind = token.kind();
    if let Some(known) = common_mistake(text, kind, range, expected) {
        return known;
    }
    let title = format!("expected {}, found {}", expected.in_words(), describe(text, token, range));
    let diagnostic = Diagnostic::error_at(codes::UNEXPECTED_TOKEN, title, range);
    if kind.is_reserved() && expected.has("LOWER") && !expected.has("match") {
        let word = range.slice(text);
        return diagnostic.with_note(format!("`{word}` is a keyword; in backticks it is a name.")).with_fix(
            format!("write `` `{word}` ``"),
            Span::new((), range),
            format!("`{word}`"),
        );
    }
    diagnostic
}

/// The mistakes that have a message of their own.
fn common_mistake(
    text: &str,
    kind: Kind,
    range: TextRange,
    expected: &Expected<'_>,
) -> Option<Diagnostic<()>> {
    let error = |title: &str| Diagnostic::error_at(codes::UNEXPECTED_TOKEN, title, range);
    let ends_value = matches!(
        kind,
        Kind::Newline
            | Kind::CloseBrace
            | Kind::CloseParen
            | Kind::CloseBracket
            | Kind::Comma
            | Kind::Semicolon
    );
    let is_comparison = matches!(
        kind,
        Kind::EqEq | Kind::NotEq | Kind::Less | Kind::LessEq | Kind::Greater | Kind::GreaterEq | Kind::Is
    );
    if let Some(known) = other_language(text, kind, range, expected) {
        return Some(known);
    }
    Some(match kind {
        Kind::Doc => error("this comment documents nothing")
            .with_note("`///` stands before an item, a field, a case or a parameter.")
            .with_fix(
                "make it a plain comment",
                Span::new((), TextRange::new(range.start, range.start + 3)),
                "//",
            ),
        _ if ends_value && expected.has("match") && missing_value(text, range).is_some() => {
            let (name, sign) = missing_value(text, range)?;
            Diagnostic::error_at(codes::UNEXPECTED_TOKEN, format!("`{name}` is given no value"), sign)
                .with_fix(
                    "write the rest later",
                    Span::new((), TextRange::empty(sign.end)),
                    format!(" unreachable(\"{name}\")"),
                )
        }
        _ if ends_value && expected.has("else") => error("an `if` that gives a value needs an `else`"),
        Kind::Eq if expected.has("==") || expected.has("&&") => {
            error("`=` assigns, and this is not a place for it")
                .with_note("To compare, write `==`.")
                .with_fix("write `==`", Span::new((), range), "==")
        }
        _ if is_comparison && expected.has("&&") && !expected.has("==") => {
            error("comparisons do not chain").with_note("Join two of them with `&&`.")
        }
        Kind::Fn if expected.has("UPPER") && !expected.has("let") => {
            let diagnostic = error("a function type stands in parentheses here").with_note(
                "Otherwise a `uses` after it could be the function's own. Write `-> (fn(A) -> B)`.",
            );
            let rest = text.get(range.start as usize..).unwrap_or_default();
            match rest.find(['{', '\n']).map(|end| rest[..end].trim_end()) {
                Some(ty) if !ty.contains(" uses ") => {
                    let edit = |at: u32, mark: &str| Edit {
                        span: Span::new((), TextRange::empty(at)),
                        replacement: mark.to_owned(),
                    };
                    let end = range.start + ty.len() as u32;
                    diagnostic
                        .with_edits("put it in parentheses", vec![edit(range.start, "("), edit(end, ")")])
                }
                _ => diagnostic,
            }
        }
        Kind::Fn if expected.has("let") => error("functions do not stand in functions")
            .with_note("Move it out of the body, or write a closure: `let f = |x| x + 1`."),
        _ if expected.has("NEWLINE") && kind.can_start() && behind_a_block(text, range) => {
            let end = text[..range.start as usize].trim_end().len() as u32;
            let at = Span::new((), TextRange::empty(end));
            error("a statement begins on a line of its own, or behind a `;`").with_fix("write `;`", at, ";")
        }
        Kind::Comma if expected.has("NEWLINE") => {
            error("statements are not separated by commas").with_note("A line break or `;` ends a statement.")
        }
        Kind::Lower | Kind::Upper if expected.tokens == ["{"] => {
            let name = range.slice(text);
            error("the names that are used from a module stand in braces").with_fix(
                format!("write `{{{name}}}`"),
                Span::new((), range),
                format!("{{{name}}}"),
            )
        }
        _ => return None,
    })
}

/// The variable of a `let x =` that nothing stands behind, and where its `=` is.
fn missing_value(text: &str, range: TextRange) -> Option<(&str, TextRange)> {
    let before = text.get(..range.start as usize)?.trim_end();
    let statement = before.strip_suffix('=')?.rsplit(['\n', '{', ';']).next()?.trim_start();
    let declared = statement.strip_prefix("let ").or_else(|| statement.strip_prefix("var "))?;
    let name = declared.split(':').next()?.trim();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let end = before.len() as u32;
    is_name.then_some((name, TextRange::new(end - 1, end)))
}

/// Whether a `}` stands before this on the same line.
fn behind_a_block(text: &str, range: TextRange) -> bool {
    text[..range.start as usize].trim_end_matches([' ', '\t']).ends_with('}')
}

/// What people write who come from other languages.
fn other_language(
    text: &str,
    kind: Kind,
    range: TextRange,
    expected: &Expected<'_>,
) -> Option<Diagnostic<()>> {
    let error = |title: &str, range| Diagnostic::error_at(codes::UNEXPECTED_TOKEN, title, range);
    let (before, after) = (&text[..range.start as usize], &text[range.end as usize..]);
    let instead = |title: &str, range: TextRange, by: &str| {
        error(title, range).with_fix(format!("write `{by}`"), Span::new((), range), by)
    };
    let word = range.slice(text);
    Some(match kind {
        Kind::Lower if expected.has("&&") && word == "and" => instead("`and` is written `&&`", range, "&&"),
        Kind::Lower if expected.has("&&") && word == "or" => instead("`or` is written `||`", range, "||"),
        Kind::Lower if matches!(word, "elif" | "elseif" | "elsif") => {
            instead(&format!("`{word}` is written `else if`"), range, "else if")
        }
        // `let mut x`
        Kind::Lower if before.trim_end().ends_with("let mut") => {
            let start = before.rfind("let").unwrap_or_default() as u32;
            let both = TextRange::new(start, before.trim_end().len() as u32);
            instead("a variable that changes is declared by `var`", both, "var")
        }
        Kind::Colon if after.starts_with(':') => {
            instead("names are joined by `.`", TextRange::new(range.start, range.end + 1), ".")
        }
        Kind::Plus | Kind::Minus if before.ends_with(word) => {
            let both = TextRange::new(range.start - 1, range.end);
            error(&format!("there is no `{word}{word}`"), both)
                .with_note(format!("`n {word}= 1` is a statement that counts."))
        }
        Kind::Colon if literal_in_head(before).is_some() => {
            let start = literal_in_head(before)?;
            let diagnostic = error("a record literal in a head stands in parentheses", range).with_note(
                "Otherwise its `{` would begin the body of the `if`, `while`, `match`, `for` or `with`.",
            );
            match end_of_braces(text, before.rfind('{')?) {
                Some(end) => {
                    let edit = |at: usize, replacement: &str| Edit {
                        span: Span::new((), TextRange::empty(at as u32)),
                        replacement: replacement.to_owned(),
                    };
                    diagnostic.with_edits("put it in parentheses", vec![edit(start, "("), edit(end, ")")])
                }
                None => diagnostic,
            }
        }
        Kind::Let | Kind::Var if before.trim_end().ends_with("=>") => {
            error("the statements of an arm stand in braces", range).with_note("Write `pattern => { … }`.")
        }
        Kind::Let if expected.has("match") && !expected.has("let") => error("there is no `if let`", range)
            .with_note("A condition binds by a pattern behind `is`: `if value is some(x) { … }`."),
        Kind::Colon if expected.has("=>") => instead("an arm has `=>` before its value", range, " =>"),
        Kind::Colon if expected.has("->") => {
            instead("what a function gives stands behind `->`", range, " ->")
        }
        Kind::Lower | Kind::Upper if expected.has("->") && expected.has("{") => error(
            "what a function gives stands behind `->`",
            range,
        )
        .with_fix("write `->`", Span::new((), TextRange::empty(range.start)), "-> "),
        Kind::FatArrow | Kind::Eq if expected.has("->") && expected.has("{") => {
            error("the body of a function stands in braces", range)
                .with_note("Its last expression is what it gives: `fn next(n: u32) -> u32 { n + 1 }`.")
        }
        Kind::EqEq if expected.has("=") => instead("`==` compares", range, "="),
        Kind::OpenBrace if before.trim_end().ends_with("loop") && expected.has("NEWLINE") => {
            let start = before.trim_end().len() as u32 - 4;
            instead("`loop` is written `while true`", TextRange::new(start, start + 4), "while true")
        }
        Kind::Lower if word == "mod" && expected.has("&&") => instead("`mod` is written `%`", range, "%"),
        Kind::Upper if before.trim_end().ends_with("new") && expected.has("NEWLINE") => {
            error("nothing is made by `new`", range)
                .with_note("A record is built by its name and its fields: `Point { x: 1, y: 2 }`.")
        }
        Kind::CloseParen if before.trim_end().ends_with("self") && expected.has(":") => {
            error("`self` has a type, as other parameters have", range).with_note("Write `self: Point`.")
        }
        Kind::FatArrow if !expected.has("=>") => error("`=>` stands in the arms of a `match` only", range)
            .with_note("A closure is written `|x| x + 1`."),
        _ if before.trim_end().ends_with('?') && expected.has("&&") => {
            let at = before.trim_end().len() as u32;
            error("there is no `? :`", TextRange::new(at - 1, at))
                .with_note("An `if` has a value: `if c { a } else { b }`.")
        }
        _ => return None,
    })
}

/// Where a record literal begins, by its type's name, of which `before` is all up to the colon of the first field, if it
/// stands in the head of a statement with a body.
fn literal_in_head(before: &str) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = before.trim_end();
    let brace = name.trim_end_matches(is_part).trim_end().strip_suffix('{')?.trim_end();
    let start = brace.trim_end_matches(|c: char| is_part(c) || c == '.').len();
    // `0..Point`
    let start = start + brace[start..].rfind("..").map_or(0, |at| at + 2);
    let of_type = brace[start..].rsplit('.').next()?;
    let line = before[..start].rsplit('\n').next()?;
    let in_head = ["if ", "while ", "match ", "in ", "with "].iter().any(|word| line.contains(word));
    (in_head && of_type.starts_with(|c: char| c.is_ascii_uppercase())).then_some(start)
}

/// Behind the `}` of the `{` at `open`; none where a string stands between, which may hold anything.
fn end_of_braces(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.get(open..)?.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(open + at + 1),
            '}' => depth -= 1,
            '"' | '\'' => return None,
            _ => {}
        }
    }
    None
}

/// A token as a person would name it.
fn describe(text: &str, token: &Token, range: TextRange) -> String {
    match token {
        Token::Plain(Kind::Newline) => "the end of the line".to_owned(),
        Token::Text(_) | Token::TextStart(_) | Token::TextMiddle(_) | Token::TextEnd(_) => {
            "a string".to_owned()
        }
        Token::Bytes(_) => "a bytes literal".to_owned(),
        Token::Broken => "this".to_owned(),
        _ if range.is_empty() => "the end".to_owned(),
        _ => format!("`{}`", range.slice(text)),
    }
}

/// What the parser could have taken, by the names that the grammar has for tokens.
struct Expected<'a> {
    tokens: Vec<&'a str>,
}

impl<'a> Expected<'a> {
    fn new(expected: &'a [String]) -> Expected<'a> {
        Expected { tokens: expected.iter().map(|token| token.trim_matches('"')).collect() }
    }

    fn has(&self, token: &str) -> bool {
        self.tokens.contains(&token)
    }

    /// "an expression", "`,` or `)`".
    fn in_words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        let category = if self.has("let") {
            Some("a statement")
        } else if self.has("match") {
            Some("an expression")
        } else if self.has("STRING") && self.has("_") {
            Some("a pattern")
        } else if self.has("pure") || (self.has("_") && self.has("UPPER")) {
            Some("a type")
        } else {
            None
        };
        words.extend(category.map(str::to_owned));
        if category.is_none() {
            words.extend(self.names());
        }
        let after_value = self.has("*") || self.has("&&");
        let after_pattern = self.has("as") && (self.has("=>") || self.has("=") || self.has("in"));
        for token in &self.tokens {
            let is_separator = matches!(
                *token,
                ")" | "]"
                    | "}"
                    | ","
                    | ":"
                    | "="
                    | "=>"
                    | "->"
                    | "{"
                    | "("
                    | "in"
                    | "else"
                    | "as"
                    | ">"
                    | "|"
            );
            // A value can be followed by anything that goes on with it; that need not be said.
            let goes_on = after_value && matches!(*token, "(" | "|" | "=" | ">" | "{" | "->" | "as");
            // So can a pattern.
            let goes_on = goes_on || after_pattern && matches!(*token, "as" | "(" | "{" | "|" | ":");
            let begins = category.is_some() && matches!(*token, "(" | "{" | "|" | "[");
            if is_separator && !goes_on && !begins {
                words.push(format!("`{token}`"));
            }
        }
        if self.has("NEWLINE") {
            words.push("a new line".to_owned());
        }
        if self.has("BODY") {
            words.push("`{`".to_owned());
        }
        if words.is_empty() {
            words.extend(
                self.tokens.iter().filter(|token| is_shown(token)).take(4).map(|token| format!("`{token}`")),
            );
        }
        join(words)
    }

    fn names(&self) -> Option<String> {
        let name = match (self.has("LOWER"), self.has("UPPER")) {
            (true, false) => "a name in lower case",
            (false, true) => "a name in upper case",
            (true, true) => "a name",
            (false, false) => return None,
        };
        Some(name.to_owned())
    }
}

/// Whether a token's name is how it is written.
fn is_shown(token: &str) -> bool {
    !token.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn join(mut words: Vec<String>) -> String {
    words.dedup();
    match words.pop() {
        None => "something else".to_owned(),
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} or {last}", words.join(", ")),
    }
}
