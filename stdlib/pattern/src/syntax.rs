//! The syntax of patterns.
//!
//! ```text
//! pattern = branch ("|" branch)*
//! branch  = piece*
//! piece   = atom ("*" | "+" | "?" | "{" m ("," n?)? "}")?
//! atom    = char | "." | "^" | "$" | class | escape | "(" ("?:")? pattern ")"
//! class   = "[" "^"? (member | member "-" member)+ "]"
//! ```

use crate::chars::CharSet;
use std::fmt;
use std::ops::Range;

/// Groups that nest deeper are refused.
const DEEPEST: usize = 50;
/// The largest number in braces.
const MOST_TURNS: u32 = 1_000;

/// A pattern, as a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(pub(crate) Node);

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// One char of a set.
    Set(CharSet),
    /// `^`: nothing, at the text's beginning.
    Start,
    /// `$`: nothing, at the text's end.
    End,
    /// One after the other; nothing, if there are none.
    Sequence(Vec<Node>),
    /// One of these.
    Choice(Vec<Node>),
    /// Repeated from `least` to `most` times, or without an upper bound.
    Repeat { inner: Box<Node>, least: u32, most: Option<u32> },
}

/// What is wrong with a pattern, and where in it, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub range: Range<usize>,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// The first mistake in it.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        let node = parser.choice()?;
        match parser.peek() {
            None => Ok(Self(node)),
            Some(_) => Err(parser.wrong("this `)` closes nothing", parser.at..parser.at + 1)),
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

type Parsed<T> = Result<T, PatternError>;

impl Parser<'_> {
    fn wrong(&self, message: impl Into<String>, range: Range<usize>) -> PatternError {
        PatternError { message: message.into(), range }
    }

    /// What is wrong with the text from `start` to here.
    fn wrong_since<T>(&self, start: usize, message: impl Into<String>) -> Parsed<T> {
        Err(self.wrong(message, start..self.at))
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.text[self.at..].starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn choice(&mut self) -> Parsed<Node> {
        let mut branches = vec![self.sequence()?];
        while self.eat("|") {
            branches.push(self.sequence()?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Choice(branches) })
    }

    fn sequence(&mut self) -> Parsed<Node> {
        let mut pieces = Vec::new();
        while self.peek().is_some_and(|c| !matches!(c, '|' | ')')) {
            pieces.push(self.piece()?);
        }
        Ok(if pieces.len() == 1 { pieces.remove(0) } else { Node::Sequence(pieces) })
    }

    fn piece(&mut self) -> Parsed<Node> {
        let atom = self.atom()?;
        let start = self.at;
        let Some((least, most)) = self.times()? else { return Ok(atom) };
        if matches!(atom, Node::Start | Node::End) {
            return self.wrong_since(start, "there is nothing here to repeat");
        }
        let again = self.at;
        if self.eat("?") {
            return self.wrong_since(again, "a pattern has no lazy repetition: it describes a whole text");
        }
        if self.times()?.is_some() {
            return self.wrong_since(again, "a repetition of a repetition needs parentheses");
        }
        Ok(Node::Repeat { inner: Box::new(atom), least, most })
    }

    /// How often the piece before is repeated, if that is said.
    fn times(&mut self) -> Parsed<Option<(u32, Option<u32>)>> {
        let start = self.at;
        Ok(match self.peek() {
            Some('*') => self.next().map(|_| (0, None)),
            Some('+') => self.next().map(|_| (1, None)),
            Some('?') => self.next().map(|_| (0, Some(1))),
            Some('{') => {
                self.next();
                let least = self.number(start)?;
                let most = match self.eat(",") {
                    false => Some(least),
                    true if self.peek() == Some('}') => None,
                    true => Some(self.number(start)?),
                };
                if !self.eat("}") {
                    return self.wrong_since(start, "a repetition in braces is `{m}`, `{m,}` or `{m,n}`");
                }
                if most.is_some_and(|most| most < least) {
                    return self.wrong_since(start, "the upper bound is below the lower one");
                }
                Some((least, most))
            }
            _ => None,
        })
    }

    fn number(&mut self, start: usize) -> Parsed<u32> {
        let first = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.next();
        }
        match self.text[first..self.at].parse() {
            Ok(number) if number <= MOST_TURNS => Ok(number),
            _ if first < self.at => {
                self.wrong_since(first, format!("a part is repeated at most {MOST_TURNS} times"))
            }
            _ => self.wrong_since(
                start,
                "a repetition in braces is `{m}`, `{m,}` or `{m,n}`; write `\\{` for a brace",
            ),
        }
    }

    fn atom(&mut self) -> Parsed<Node> {
        let start = self.at;
        Ok(match self.next() {
            Some('.') => Node::Set(CharSet::any()),
            Some('^') => Node::Start,
            Some('$') => Node::End,
            Some('[') => Node::Set(self.class(start)?),
            Some('(') => self.group(start)?,
            Some('\\') => Node::Set(self.escape(start)?.into_set()),
            Some('*' | '+' | '?' | '{') => {
                return self.wrong_since(start, "there is nothing here to repeat");
            }
            Some(c @ (']' | '}')) => {
                return self.wrong_since(start, format!("write `\\{c}` for a `{c}`"));
            }
            Some(c) => Node::Set(CharSet::single(c)),
            None => Node::Sequence(Vec::new()),
        })
    }

    fn group(&mut self, start: usize) -> Parsed<Node> {
        if self.eat("?") && !self.eat(":") {
            self.next();
            return self.wrong_since(start, "the only groups are `( )` and `(?: )`");
        }
        if self.depth == DEEPEST {
            return self.wrong_since(start, format!("groups nest at most {DEEPEST} deep"));
        }
        self.depth += 1;
        let inner = self.choice()?;
        self.depth -= 1;
        if !self.eat(")") {
            return Err(self.wrong("this `(` is never closed", start..start + 1));
        }
        Ok(inner)
    }

    fn class(&mut self, start: usize) -> Parsed<CharSet> {
        let negated = self.eat("^");
        let mut set = CharSet::default();
        let mut is_empty = true;
        loop {
            if self.eat("]") {
                break;
            }
            is_empty = false;
            let at = self.at;
            let member = self.member(start)?;
            // A hyphen before the closing bracket is itself.
            let is_range = self.text[self.at..].starts_with('-') && !self.text[self.at..].starts_with("-]");
            match (member, is_range) {
                (Escape::Char(first), true) => {
                    self.next();
                    let Escape::Char(last) = self.member(start)? else {
                        return self.wrong_since(at, "a range goes from a char to a char");
                    };
                    if last < first {
                        return self.wrong_since(at, "this range holds no char");
                    }
                    set.add(first, last);
                }
                (Escape::Char(c), false) => set.add(c, c),
                (Escape::Set(_), true) => {
                    self.next();
                    return self.wrong_since(at, "a range goes from a char to a char");
                }
                (Escape::Set(other), false) => set.add_all(&other),
            }
        }
        if is_empty {
            return self.wrong_since(start, "this class holds no char");
        }
        Ok(if negated { set.negated() } else { set })
    }

    fn member(&mut self, start: usize) -> Parsed<Escape> {
        let at = self.at;
        match self.next() {
            Some('\\') => self.escape(at),
            Some('[') => self.wrong_since(at, "write `\\[` for a `[` in a class"),
            Some(c) => Ok(Escape::Char(c)),
            None => Err(self.wrong("this `[` is never closed", start..start + 1)),
        }
    }

    fn escape(&mut self, start: usize) -> Parsed<Escape> {
        Ok(match self.next() {
            Some('d') => Escape::Set(CharSet::digits()),
            Some('D') => Escape::Set(CharSet::digits().negated()),
            Some('w') => Escape::Set(CharSet::word()),
            Some('W') => Escape::Set(CharSet::word().negated()),
            Some('s') => Escape::Set(CharSet::space()),
            Some('S') => Escape::Set(CharSet::space().negated()),
            Some('n') => Escape::Char('\n'),
            Some('r') => Escape::Char('\r'),
            Some('t') => Escape::Char('\t'),
            Some('u') => Escape::Char(self.code_point(start)?),
            Some(c) if c.is_ascii_punctuation() || c == ' ' => Escape::Char(c),
            Some(c) => return self.wrong_since(start, format!("there is no escape `\\{c}`")),
            None => return self.wrong_since(start, "a `\\` needs something after it"),
        })
    }

    /// `{1F600}` after `\u`.
    fn code_point(&mut self, start: usize) -> Parsed<char> {
        let rest = &self.text[self.at..];
        let digits = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(digits, _)| digits);
        let fits = digits.filter(|digits| (1..=6).contains(&digits.len()));
        let is_hex = |digits: &&str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let code = fits.filter(is_hex).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match (code.and_then(char::from_u32), digits) {
            (Some(c), Some(digits)) => {
                self.at += digits.len() + 2;
                Ok(c)
            }
            _ => self.wrong_since(start, "a char by its number is `\\u{1F600}`"),
        }
    }
}

/// What an escape stands for, or a char as it is.
enum Escape {
    Char(char),
    Set(CharSet),
}

impl Escape {
    fn into_set(self) -> CharSet {
        match self {
            Self::Char(c) => CharSet::single(c),
            Self::Set(set) => set,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    /// The pattern with the place of the mistake in brackets, and what is told.
    fn mistake(text: &str) -> (String, String) {
        let error = Pattern::parse(text).expect_err(text);
        let (before, rest) = text.split_at(error.range.start);
        let (at, after) = rest.split_at(error.range.len());
        (format!("{before}⟦{at}⟧{after}"), error.message)
    }

    // r[attr.pattern.invalid]
    #[test]
    fn mistakes_are_told_where_they_are() {
        for (text, place) in [
            ("a)b", "a⟦)⟧b"),
            ("x(a", "x⟦(⟧a"),
            ("[a", "⟦[⟧a"),
            ("[]", "⟦[]⟧"),
            ("*a", "⟦*⟧a"),
            ("a**", "a*⟦*⟧"),
            ("a*?", "a*⟦?⟧"),
            ("^*", "^⟦*⟧"),
            ("a{2,1}", "a⟦{2,1}⟧"),
            ("a{x}", "a⟦{⟧x}"),
            ("a{1001}", "a{⟦1001⟧}"),
            ("a{1", "a⟦{1⟧"),
            ("{", "⟦{⟧"),
            ("a]", "a⟦]⟧"),
            ("[z-a]", "[⟦z-a⟧]"),
            (r"[\d-z]", r"[⟦\d-⟧z]"),
            ("[a-\\w]", "[⟦a-\\w⟧]"),
            ("[[a]]", "[⟦[⟧a]]"),
            (r"a\q", r"a⟦\q⟧"),
            ("a\\", "a⟦\\⟧"),
            (r"\u{110000}", r"⟦\u⟧{110000}"),
            (r"\u{D800}", r"⟦\u⟧{D800}"),
            ("(?=a)", "⟦(?=⟧a)"),
            (r"(a)\1", r"(a)⟦\1⟧"),
        ] {
            assert_eq!(mistake(text).0, place, "{}", mistake(text).1);
        }
    }

    #[test]
    fn groups_nest_fifty_deep() {
        assert!(Pattern::parse(&format!("{}{}", "(".repeat(50), ")".repeat(50))).is_ok());
        assert!(Pattern::parse(&"(".repeat(100_000)).is_err());
    }
}
