//! What literals mean: numbers, characters, the text of strings.

use dot_diagnostics::{Code, Diagnostic, Span, TextRange, codes};
use smol_str::SmolStr;

use crate::lexer::Flavour;
use crate::token::Token;

/// Reads a number: `10`, `1_000`, `0xff`, `0o17`, `0b101`, `1.5`, `1e-9`.
pub(crate) fn number(text: &str) -> Result<Token, String> {
    for (prefix, base, what) in [("0x", 16, "hexadecimal"), ("0o", 8, "octal"), ("0b", 2, "binary")] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return integer(digits, base, what).map(Token::Int);
        }
    }
    if !text.contains(['.', 'e', 'E']) {
        return integer(text, 10, "decimal").map(Token::Int);
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    for part in mantissa.split('.') {
        check_digits(part, 10, "decimal")?;
    }
    if let Some(exponent) = exponent {
        check_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent), 10, "decimal")?;
    }
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    match plain.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Token::Float(SmolStr::from(plain))),
        _ => Err("this number is beyond the largest float".to_owned()),
    }
}

fn integer(digits: &str, base: u32, what: &str) -> Result<u64, String> {
    check_digits(digits, base, what)?;
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    u64::from_str_radix(&plain, base).map_err(|_| "this integer does not fit in 64 bits".to_owned())
}

/// Digits of the base, with single underscores between them.
fn check_digits(digits: &str, base: u32, what: &str) -> Result<(), String> {
    if digits.is_empty() {
        return Err(format!("a {what} number needs digits"));
    }
    if let Some(wrong) = digits.chars().find(|c| *c != '_' && !c.is_digit(base)) {
        return Err(format!("`{wrong}` is no {what} digit"));
    }
    if digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return Err("an underscore in a number stands between two digits".to_owned());
    }
    Ok(())
}

/// Reads `'x'` or `b'x'`, which stands at `start`.
pub(crate) fn character(text: &str, start: u32, errors: &mut Vec<Diagnostic<()>>) -> Token {
    let is_byte = text.starts_with('b');
    let open = if is_byte { 2 } else { 1 };
    let inner = text.get(open..text.len().saturating_sub(1)).unwrap_or("");
    let at = start + open as u32;
    let range = TextRange::new(start, start + text.len() as u32);
    let told = errors.len();
    let wrong = if is_byte {
        match decode(inner, at, &Piece::plain(Flavour::Bytes), errors).bytes().as_slice() {
            [byte] => return Token::Byte(*byte),
            _ => "a byte literal holds exactly one byte",
        }
    } else {
        let decoded = decode(inner, at, &Piece::plain(Flavour::Plain), errors).text();
        let mut chars = decoded.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => return Token::Char(only),
            _ => "a character literal holds exactly one character",
        }
    };
    if errors.len() == told {
        let diagnostic = Diagnostic::error_at(codes::INVALID_LITERAL, wrong, range);
        let is_text = !is_byte && inner.len() > 1 && !inner.contains('"');
        errors.push(if is_text {
            diagnostic.with_fix("write a string", Span::new((), range), format!("\"{inner}\""))
        } else {
            diagnostic
        });
    }
    Token::Broken
}

/// Which piece of a string is decoded.
pub(crate) struct Piece<'a> {
    /// The string's quotes.
    pub flavour: Flavour,
    /// For a `"""` string: what is cut from the start of each line.
    pub indent: &'a str,
    /// Whether the opening quote stands before it.
    pub first: bool,
    /// Whether the closing quote stands after it.
    pub last: bool,
}

impl Piece<'_> {
    fn plain(flavour: Flavour) -> Piece<'static> {
        Piece { flavour, indent: "", first: true, last: true }
    }
}

/// Decoded text: bytes that are UTF-8 unless it is a bytes literal.
pub(crate) struct Decoded(Vec<u8>);

impl Decoded {
    /// As the text of a string.
    pub fn text(self) -> SmolStr {
        SmolStr::from(String::from_utf8_lossy(&self.0))
    }

    /// As bytes.
    pub fn bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Decodes a piece of a string, `raw`, which stands at `start`.
///
/// In a `"""` string the line break after the opening quote, the last line break if only white space
/// follows it, and the common indentation of the lines are not part of the text; a line of white space
/// is an empty line, and a line break is `\n` however the file has it.
pub(crate) fn decode(raw: &str, start: u32, piece: &Piece<'_>, errors: &mut Vec<Diagnostic<()>>) -> Decoded {
    let mut decoder = Decoder { raw, start, at: 0, end: raw.len(), piece, out: Vec::new(), errors };
    if piece.flavour == Flavour::Triple {
        decoder.trim_triple();
    }
    while decoder.at < decoder.end {
        decoder.step();
    }
    Decoded(decoder.out)
}

struct Decoder<'a, 'e> {
    raw: &'a str,
    start: u32,
    at: usize,
    end: usize,
    piece: &'a Piece<'a>,
    out: Vec<u8>,
    errors: &'e mut Vec<Diagnostic<()>>,
}

impl Decoder<'_, '_> {
    fn trim_triple(&mut self) {
        let is_blank = |text: &str| text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        if self.piece.last
            && let Some(newline) = self.raw.rfind('\n')
            && is_blank(&self.raw[newline + 1..])
        {
            self.end = if self.raw[..newline].ends_with('\r') { newline - 1 } else { newline };
        }
        if self.piece.first
            && let Some(newline) = self.raw.find('\n')
            && is_blank(&self.raw[..newline])
        {
            self.at = newline + 1;
            self.skip_indent();
        }
    }

    /// At the start of a line: goes past the common indentation, or all white space of a blank line.
    fn skip_indent(&mut self) {
        let rest = self.raw.get(self.at..).unwrap_or("");
        let white = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let is_blank = rest[white..].starts_with('\n') || rest[white..].starts_with("\r\n");
        if is_blank {
            self.at += white;
        } else if rest.starts_with(self.piece.indent) {
            self.at += self.piece.indent.len();
        }
    }

    fn step(&mut self) {
        let rest = &self.raw[self.at..];
        let Some(next) = rest.chars().next() else {
            self.at = self.end;
            return;
        };
        let is_triple = self.piece.flavour == Flavour::Triple;
        match next {
            '\\' if self.piece.flavour != Flavour::Raw => self.escape(),
            '\r' if is_triple && rest.starts_with("\r\n") => self.at += 1,
            '\n' if is_triple => {
                self.out.push(b'\n');
                self.at += 1;
                self.skip_indent();
            }
            _ if self.piece.flavour == Flavour::Bytes && !next.is_ascii() => {
                let message = format!("`{next}` is no single byte");
                self.error(codes::INVALID_LITERAL, message, next.len_utf8());
            }
            _ => {
                self.push(next);
                self.at += next.len_utf8();
            }
        }
    }

    fn push(&mut self, c: char) {
        self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn escape(&mut self) {
        let rest = &self.raw[self.at + 1..];
        let Some(mark) = rest.chars().next() else {
            self.error(codes::INVALID_ESCAPE, "a backslash needs something to escape".to_owned(), 1);
            return;
        };
        let simple = match mark {
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            '0' => Some('\0'),
            '\\' | '"' | '\'' | '{' | '}' => Some(mark),
            _ => None,
        };
        let is_bytes = self.piece.flavour == Flavour::Bytes;
        match (simple, mark) {
            (Some(c), _) => {
                self.push(c);
                self.at += 2;
            }
            (None, 'u') if !is_bytes => self.unicode_escape(),
            (None, 'x') if is_bytes => self.byte_escape(),
            (None, 'x') => self.escape_error("`\\x` is for bytes; in text, write `\\u{…}`", 2),
            (None, 'u') => self.escape_error("`\\u` is for text; in bytes, write `\\xHH`", 2),
            (None, '\n' | '\r') => self.escape_error("a backslash does not join lines", 1),
            (None, _) => {
                let title = format!("there is no escape `\\{mark}`");
                let at = TextRange::empty(self.start + self.at as u32);
                self.escape_error(&title, 1 + mark.len_utf8());
                if let Some(error) = self.errors.pop() {
                    self.errors.push(
                        error
                            .with_note("Escapes are `\\n`, `\\r`, `\\t`, `\\0`, `\\\\`, `\\\"`, `\\'`, `\\{`, `\\}` and `\\u{…}`.")
                            .with_fix("escape the backslash", Span::new((), at), "\\"),
                    );
                }
            }
        }
    }

    fn unicode_escape(&mut self) {
        let rest = &self.raw[self.at + 2..];
        let digits = rest
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
            .map(|(digits, _)| digits)
            .filter(|digits| digits.len() <= 6);
        let Some(digits) = digits else {
            self.escape_error("`\\u` is followed by digits in braces: `\\u{1f600}`", 2);
            return;
        };
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let scalar = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).and_then(char::from_u32);
        let len = 4 + digits.len();
        match scalar {
            Some(c) => {
                self.push(c);
                self.at += len;
            }
            None => self.escape_error(&format!("`{digits}` is not the number of a character"), len),
        }
    }

    fn byte_escape(&mut self) {
        let digits = self.raw.get(self.at + 2..self.at + 4).unwrap_or("");
        if digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            self.out.push(u8::from_str_radix(digits, 16).unwrap_or(0));
            self.at += 4;
        } else {
            self.escape_error("`\\x` is followed by two hexadecimal digits", 2);
        }
    }

    fn escape_error(&mut self, title: &str, len: usize) {
        self.error(codes::INVALID_ESCAPE, title.to_owned(), len);
    }

    fn error(&mut self, code: Code, title: String, len: usize) {
        let from = self.start + self.at as u32;
        let range = TextRange::new(from, from + len as u32);
        self.errors.push(Diagnostic::error_at(code, title, range));
        self.at += len;
    }
}
