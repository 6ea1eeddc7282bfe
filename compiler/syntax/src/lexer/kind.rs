//! Which token a lexeme is.

use logos::Logos;

/// The kind of a lexeme. Those from [`Kind::Newline`] on are made by the layout filter.
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[logos(skip r"[ \t\r\f]+")]
#[rustfmt::skip]
#[expect(missing_docs, reason = "the attribute above a variant shows the token")]
pub enum Kind {
    // Trivia that the lexer looks at and drops.
    #[token("\n")] LineEnd,
    #[regex(r"//[^\n]*", allow_greedy = true)] Comment,

    // Names and numbers.
    #[regex(r"[a-z_][A-Za-z0-9_]*")] Lower,
    #[regex(r"[A-Z][A-Za-z0-9_]*")] Upper,
    #[regex(r"`[^`\n]*`")] Quoted,
    #[regex(r"[0-9][0-9A-Za-z_]*(\.[0-9][0-9A-Za-z_]*)?")]
    #[regex(r"[0-9][0-9_]*(\.[0-9][0-9_]*)?[eE][+-][0-9A-Za-z_]+")] Number,

    // Literals with quotes. The lexer reads on from the quote by itself.
    #[regex(r"b?'([^'\\\n]|\\[^\n])*'")] Char,
    #[token("\"")] Quote,
    #[token("\"\"\"")] TripleQuote,
    #[token("r\"")] RawQuote,
    #[token("b\"")] BytesQuote,
    /// A literal without interpolation.
    Text,
    /// From the opening quote to the first `{`.
    TextStart,
    /// From a `}` to the next `{`.
    TextMiddle,
    /// From the last `}` to the closing quote.
    TextEnd,
    /// A literal that can't be read, which has been reported.
    Broken,
    /// A character that begins no token.
    Unknown,

    /// `/// …`
    Doc,
    /// `//! …`
    ModuleDoc,

    // Keywords that are reserved wherever they stand.
    #[token("as")] As, #[token("assert")] Assert, #[token("break")] Break, #[token("continue")] Continue,
    #[token("else")] Else, #[token("err")] Err, #[token("false")] False, #[token("fn")] Fn, #[token("for")] For,
    #[token("if")] If, #[token("in")] In, #[token("inout")] Inout, #[token("is")] Is, #[token("let")] Let,
    #[token("match")] Match, #[token("none")] None, #[token("ok")] Ok, #[token("par")] Par,
    #[token("pure")] Pure, #[token("return")] Return, #[token("self")] SelfValue, #[token("some")] Some,
    #[token("true")] True, #[token("uses")] Uses, #[token("var")] Var, #[token("while")] While,
    #[token("with")] With, #[token("yield")] Yield,

    // Keywords that are reserved outside brackets only.
    #[token("const")] Const, #[token("dot")] DotItem, #[token("enum")] Enum, #[token("export")] Export,
    #[token("flags")] Flags, #[token("record")] Record, #[token("resource")] Resource, #[token("test")] Test,
    #[token("type")] Type, #[token("use")] Use, #[token("variant")] Variant, #[token("pub")] Pub,
    #[token("opaque")] Opaque,

    // Brackets.
    #[token("(")] OpenParen, #[token(")")] CloseParen, #[token("[")] OpenBracket, #[token("]")] CloseBracket,
    #[token("{")] OpenBrace, #[token("}")] CloseBrace,

    // Operators and other marks. There is no `>>`, since `list<list<u8>>` ends in two `>`.
    #[token("_", priority = 9)] Underscore, #[token("@")] At, #[token(".")] Dot, #[token(",")] Comma, #[token(":")] Colon,
    #[token(";")] Semicolon, #[token("?")] Question, #[token("??")] Coalesce, #[token("..")] DotDot,
    #[token("..=")] DotDotEq, #[token("=>")] FatArrow, #[token("->")] Arrow, #[token("|>")] Pipe,
    #[token("||")] OrOr, #[token("&&")] AndAnd, #[token("==")] EqEq, #[token("!=")] NotEq,
    #[token("<=")] LessEq, #[token(">=")] GreaterEq, #[token("<")] Less, #[token(">")] Greater,
    #[token("+")] Plus, #[token("-")] Minus, #[token("*")] Star, #[token("/")] Slash, #[token("%")] Percent,
    #[token("+%")] PlusWrap, #[token("-%")] MinusWrap, #[token("*%")] StarWrap, #[token("+|")] PlusSat,
    #[token("-|")] MinusSat, #[token("*|")] StarSat, #[token("<<")] ShiftLeft, #[token("&")] And,
    #[token("|")] Or, #[token("^")] Caret, #[token("!")] Not, #[token("~")] Tilde, #[token("=")] Eq,
    #[token("+=")] PlusEq, #[token("-=")] MinusEq, #[token("*=")] StarEq, #[token("/=")] SlashEq,
    #[token("%=")] PercentEq, #[token("|=")] OrEq, #[token("&=")] AndEq, #[token("^=")] CaretEq,
    #[token("+%=")] PlusWrapEq, #[token("-%=")] MinusWrapEq, #[token("*%=")] StarWrapEq,
    #[token("+|=")] PlusSatEq, #[token("-|=")] MinusSatEq, #[token("*|=")] StarSatEq,
    #[token("<<=")] ShiftLeftEq,

    // Made by the layout filter.
    /// A line break that ends a statement or an entry.
    Newline,
    /// The `{` that opens the body of `if`, `while`, `match`, `for` and `with`.
    BodyBrace,
    /// The `<` that opens type arguments in an expression.
    TypeArgs,
    /// `>>` outside type arguments.
    ShiftRight,
    /// `>>=`
    ShiftRightEq,
    /// `namespace:package/interface@version`
    WitPath,
    /// Stands before the tokens of an item.
    BeginItem,
    /// Stands before the tokens of a lone expression.
    BeginExpr,
}

impl Kind {
    /// Whether it is a word that begins an item.
    pub fn begins_item(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Use | Export | Record | Variant | Enum | Flags | Resource | Type | Const | Fn | DotItem | Test
        )
    }

    /// Whether it may stand before the word that begins an item, on the same line.
    pub fn is_modifier(self) -> bool {
        matches!(self, Kind::Pub | Kind::Opaque)
    }

    /// Whether it is a keyword wherever it stands.
    pub fn is_reserved(self) -> bool {
        (Kind::As as u8..=Kind::Yield as u8).contains(&(self as u8))
    }

    /// Whether it is a keyword of either kind.
    pub fn is_keyword(self) -> bool {
        (Kind::As as u8..=Kind::Opaque as u8).contains(&(self as u8))
    }

    /// Whether it opens a bracket, the start of an interpolated string included.
    pub fn opens(self) -> bool {
        use Kind::*;
        matches!(self, OpenParen | OpenBracket | OpenBrace | BodyBrace | TextStart)
    }

    /// Whether it closes a bracket, the end of an interpolated string included.
    pub fn closes(self) -> bool {
        matches!(self, Kind::CloseParen | Kind::CloseBracket | Kind::CloseBrace | Kind::TextEnd)
    }

    /// Whether it stands between statements or entries.
    pub fn separates(self) -> bool {
        matches!(self, Kind::Comma | Kind::Semicolon | Kind::Newline | Kind::TextMiddle)
    }

    /// Whether an expression, a type or a pattern can end with it. (For `>`, see the layout filter.)
    pub fn can_end(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Lower
                | Upper
                | Quoted
                | Number
                | Char
                | Text
                | TextEnd
                | Broken
                | CloseParen
                | CloseBracket
                | CloseBrace
                | Question
                | Greater
                | Underscore
                | SelfValue
                | True
                | False
                | None
                | Ok
                | Err
                | Some
                | Return
                | Break
                | Continue
                | DotDot
                | WitPath
        )
    }

    /// Whether a line that begins with it begins a statement or an entry.
    pub fn can_start(self) -> bool {
        use Kind::*;
        self.is_keyword() && !matches!(self, As | Else | In | Is | Uses)
            || matches!(
                self,
                Lower
                    | Upper
                    | Quoted
                    | Number
                    | Char
                    | Text
                    | TextStart
                    | Broken
                    | Doc
                    | OpenParen
                    | OpenBracket
                    | OpenBrace
                    | Minus
                    | Not
                    | Tilde
                    | Or
                    | At
                    | Underscore
                    | DotDot
            )
    }
}
