//! What the parser reads: tokens with their values.

use dot_diagnostics::TextRange;
use smol_str::SmolStr;

use crate::lexer::Kind;

/// A token of the grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A token that is no more than its kind.
    Plain(Kind),
    /// A name that begins with a small letter or `_`.
    Lower(SmolStr),
    /// A name that begins with a capital letter.
    Upper(SmolStr),
    /// An integer.
    Int(u64),
    /// A float, without underscores.
    Float(SmolStr),
    /// A character literal.
    Char(char),
    /// `b'x'`
    Byte(u8),
    /// A string without interpolation.
    Text(SmolStr),
    /// A bytes literal.
    Bytes(Vec<u8>),
    /// The text before the first `{` of a string.
    TextStart(SmolStr),
    /// The text between two expressions of a string.
    TextMiddle(SmolStr),
    /// The text after the last `}` of a string.
    TextEnd(SmolStr),
    /// A line of documentation.
    Doc(SmolStr),
    /// A path of WIT, as written.
    WitPath(SmolStr),
    /// In place of a literal that could not be read, which has been reported.
    Broken,
}

impl Token {
    /// Which kind of lexeme it comes from.
    pub fn kind(&self) -> Kind {
        match self {
            Token::Plain(kind) => *kind,
            Token::Lower(_) => Kind::Lower,
            Token::Upper(_) => Kind::Upper,
            Token::Int(_) | Token::Float(_) => Kind::Number,
            Token::Char(_) | Token::Byte(_) => Kind::Char,
            Token::Text(_) | Token::Bytes(_) => Kind::Text,
            Token::TextStart(_) => Kind::TextStart,
            Token::TextMiddle(_) => Kind::TextMiddle,
            Token::TextEnd(_) => Kind::TextEnd,
            Token::Doc(_) => Kind::Doc,
            Token::WitPath(_) => Kind::WitPath,
            Token::Broken => Kind::Broken,
        }
    }
}

/// A token and where it stands, in the form that the parser takes.
pub type Spanned = (u32, Token, u32);

/// Where a token stands.
pub fn range_of(token: &Spanned) -> TextRange {
    TextRange::new(token.0, token.2)
}
