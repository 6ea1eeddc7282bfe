//! Text to lexemes: total, linear, without decoding anything.
//!
//! Logos knows every token but the strings. A string is read here, since it may hold expressions that
//! hold strings: at a `{` the lexer puts a frame on a stack and goes on with code, and at the `}` that
//! matches it goes on with text. So `"a {f("b")} c"` gives `TextStart`, `Lower`, `(`, `Text`, `)`,
//! `TextEnd`.
//!
//! Only a `"""` string may span lines. Any other string that is still open at the end of its line ends
//! there, whatever expression it is in the middle of. A `"""` string that is never closed ends at the
//! next line that begins an item; see `limit` in `lexer/text.rs`.

mod kind;
mod text;

use dot_diagnostics::TextRange;
use logos::Logos;

pub use kind::Kind;
use text::Stop;

/// One token as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lexeme {
    /// Which token.
    pub kind: Kind,
    /// Where it stands.
    pub range: TextRange,
    /// Whether a line break stands between it and the token before.
    pub starts_line: bool,
    /// Whether nothing at all stands between it and the token before.
    pub glued: bool,
    /// For parts of strings: the index in [`Lexed::strings`].
    pub string: u32,
}

/// How a string was opened, for whoever decodes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StringInfo {
    /// Its quotes.
    pub flavour: Flavour,
    /// For a `"""` string: where the white space stands that all its lines begin with.
    pub indent: Option<TextRange>,
}

/// The forms of string literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// `"…"`
    Plain,
    /// `"""…"""`
    Triple,
    /// `r"…"`
    Raw,
    /// `b"…"`
    Bytes,
}

impl Flavour {
    /// The number of bytes of the opening quote.
    pub fn open_len(self) -> usize {
        match self {
            Flavour::Plain => 1,
            Flavour::Triple => 3,
            Flavour::Raw | Flavour::Bytes => 2,
        }
    }

    /// The number of bytes of the closing quote.
    pub fn close_len(self) -> usize {
        if self == Flavour::Triple { 3 } else { 1 }
    }
}

/// What a text is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lexed {
    /// The tokens.
    pub lexemes: Vec<Lexeme>,
    /// The comments that document nothing, in order.
    pub comments: Vec<TextRange>,
    /// The strings, in the order of their opening quotes.
    pub strings: Vec<StringInfo>,
    /// The opening quotes of the strings and characters that have no end.
    pub unclosed: Vec<TextRange>,
}

/// Splits a text into tokens. Whatever the text, every byte of it is in a token, a comment, or white
/// space.
pub fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer::new(text);
    while let Some(result) = lexer.logos.next() {
        lexer.token(result.unwrap_or(Kind::Unknown));
    }
    lexer.end_strings(|_| true);
    lexer.out
}

/// An open string in whose expression the lexer is.
struct Frame {
    string: u32,
    flavour: Flavour,
    quote: TextRange,
    /// Where the string ends even if it is not closed.
    limit: usize,
    /// Braces opened in the expression.
    braces: u32,
}

struct Lexer<'a> {
    text: &'a str,
    logos: logos::Lexer<'a, Kind>,
    out: Lexed,
    frames: Vec<Frame>,
    starts_line: bool,
    /// Where the last token ended, if nothing followed it yet.
    last_end: usize,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str) -> Lexer<'a> {
        let mut logos = Kind::lexer(text);
        if text.starts_with('\u{feff}') {
            logos.bump('\u{feff}'.len_utf8());
        }
        let last_end = usize::MAX;
        Lexer { text, logos, out: Lexed::default(), frames: Vec::new(), starts_line: true, last_end }
    }

    fn token(&mut self, kind: Kind) {
        let span = self.logos.span();
        if let Some(frame) = self.frames.last()
            && span.start >= frame.limit
        {
            self.end_strings(|_| true);
        }
        match kind {
            Kind::LineEnd => {
                self.end_strings(|frame| frame.flavour != Flavour::Triple);
                self.starts_line = true;
            }
            Kind::Comment => self.comment(span),
            Kind::Quote => self.open_string(Flavour::Plain, span),
            Kind::TripleQuote => self.open_string(Flavour::Triple, span),
            Kind::RawQuote => self.open_string(Flavour::Raw, span),
            Kind::BytesQuote => self.open_string(Flavour::Bytes, span),
            Kind::Number => self.number(span),
            Kind::OpenBrace => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.braces += 1;
                }
                self.push(kind, span.start, span.end, 0);
            }
            Kind::CloseBrace => self.close_brace(span),
            Kind::Unknown => self.unknown(span),
            _ => self.push(kind, span.start, span.end, 0),
        }
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize, string: u32) {
        let glued = self.last_end == start;
        let range = TextRange::from_usize(start, end);
        self.out.lexemes.push(Lexeme { kind, range, starts_line: self.starts_line, glued, string });
        self.starts_line = false;
        self.last_end = end;
    }

    fn comment(&mut self, span: std::ops::Range<usize>) {
        // A comment in a string's expression would hide the string's end, which the end of the line is.
        let text = &self.text[span.clone()];
        let text = text.strip_suffix('\r').unwrap_or(text);
        let end = span.start + text.len();
        if text.starts_with("//!") {
            self.push(Kind::ModuleDoc, span.start, end, 0);
        } else if text.starts_with("///") && !text.starts_with("////") {
            self.push(Kind::Doc, span.start, end, 0);
        } else {
            self.out.comments.push(TextRange::from_usize(span.start, end));
        }
    }

    /// After a dot a number is only digits, so that `t.0.1` has two of them.
    fn number(&mut self, span: std::ops::Range<usize>) {
        let after_dot = self.out.lexemes.last().is_some_and(|last| last.kind == Kind::Dot);
        let text = &self.text[span.clone()];
        let len = if after_dot { text.find('.').unwrap_or(text.len()) } else { text.len() };
        self.push(Kind::Number, span.start, span.start + len, 0);
        if len < text.len() {
            self.push(Kind::Dot, span.start + len, span.start + len + 1, 0);
            self.push(Kind::Number, span.start + len + 1, span.end, 0);
        }
    }

    /// Characters that begin no token; a quote among them begins a character literal without an end.
    fn unknown(&mut self, span: std::ops::Range<usize>) {
        let text = &self.text[span.clone()];
        if text.starts_with('\'') || text.starts_with("b'") || text.starts_with('`') {
            self.out.unclosed.push(TextRange::from_usize(span.start, span.end));
            self.push(Kind::Broken, span.start, span.end, 0);
            return;
        }
        if let Some(last) = self.out.lexemes.last_mut()
            && last.kind == Kind::Unknown
            && last.range.end as usize == span.start
        {
            last.range.end = span.end as u32;
            self.last_end = span.end;
            return;
        }
        self.push(Kind::Unknown, span.start, span.end, 0);
    }

    fn open_string(&mut self, flavour: Flavour, span: std::ops::Range<usize>) {
        let string = self.out.strings.len() as u32;
        let outer = self.frames.last().map_or(self.text.len(), |frame| frame.limit);
        let (limit, indent) = if flavour == Flavour::Triple {
            (text::limit(self.text, span.end).min(outer), text::indent(self.text, span.end))
        } else {
            (outer, None)
        };
        self.out.strings.push(StringInfo { flavour, indent });
        let quote = TextRange::from_usize(span.start, span.end);
        self.frames.push(Frame { string, flavour, quote, limit, braces: 0 });
        self.read_text(span.start, span.end, true);
    }

    fn close_brace(&mut self, span: std::ops::Range<usize>) {
        match self.frames.last_mut() {
            Some(frame) if frame.braces == 0 => self.read_text(span.start, span.end, false),
            Some(frame) => {
                frame.braces -= 1;
                self.push(Kind::CloseBrace, span.start, span.end, 0);
            }
            None => self.push(Kind::CloseBrace, span.start, span.end, 0),
        }
    }

    /// Reads the text of the innermost string from `from` on; its token begins at `start`.
    fn read_text(&mut self, start: usize, from: usize, first: bool) {
        let Some(frame) = self.frames.last() else { return };
        let (string, flavour, limit) = (frame.string, frame.flavour, frame.limit);
        let (at, stop) = text::scan(&self.text[..limit.max(from)], from, flavour);
        let end = match stop {
            Stop::Close => at + flavour.close_len(),
            Stop::Brace => at + 1,
            Stop::End => at,
        };
        self.logos.bump(end - from);
        let kind = match (stop, first) {
            (Stop::Brace, true) => Kind::TextStart,
            (Stop::Brace, false) => Kind::TextMiddle,
            (Stop::Close, true) => Kind::Text,
            (Stop::End, true) => Kind::Broken,
            (_, false) => Kind::TextEnd,
        };
        if stop != Stop::Brace
            && let Some(frame) = self.frames.pop()
            && stop == Stop::End
        {
            self.out.unclosed.push(frame.quote);
        }
        self.push(kind, start, end, string);
        // A `"""` string that was cut off took the end of its last line with it.
        self.starts_line = stop == Stop::End && self.text[..end].ends_with('\n');
    }

    /// Ends the innermost strings, while `ends` holds for them, in the middle of an expression.
    fn end_strings(&mut self, ends: impl Fn(&Frame) -> bool) {
        while let Some(frame) = self.frames.pop_if(|frame| ends(frame)) {
            self.out.unclosed.push(frame.quote);
            // Its end stands right after what was read of it, and takes no line start from what follows.
            let end = self.out.lexemes.last().map_or(0, |last| last.range.end);
            let range = TextRange::empty(end);
            let (kind, string) = (Kind::TextEnd, frame.string);
            self.out.lexemes.push(Lexeme { kind, range, starts_line: false, glued: true, string });
        }
    }
}
