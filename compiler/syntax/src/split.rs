//! Text to items: where each begins and ends, before anything is parsed.
//!
//! An item begins at one of the words `use export record variant enum flags resource type const fn dot
//! test` that is followed by a name, a path or a string, and stands
//!
//! - in the first column, however many brackets are open: so an unclosed brace spoils its own item only;
//! - or outside all brackets, first on its line or after a `}` or `;`.
//!
//! A word in the first column outside all brackets begins an item whatever follows, since someone may be
//! about to write it. Docs, attributes, `pub` and `opaque` directly before the word belong to the item.
//!
//! An item with a body ends at the brace that closes it, any other at the end of its line (with the
//! rules for line breaks that hold in blocks). What is left over lies outside of all items.

use dot_diagnostics::TextRange;
use smol_str::SmolStr;

use crate::lexer::{Kind, Lexed, Lexeme, lex};

/// What kind of item a keyword opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    /// `use`
    Use,
    /// `export`
    Export,
    /// `record`
    Record,
    /// `variant`
    Variant,
    /// `enum`
    Enum,
    /// `flags`
    Flags,
    /// `resource`
    Resource,
    /// `type`
    Type,
    /// `const`
    Const,
    /// `fn`
    Fn,
    /// `dot`
    Dot,
    /// `test`
    Test,
}

impl ItemKind {
    /// The keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            ItemKind::Use => "use",
            ItemKind::Export => "export",
            ItemKind::Record => "record",
            ItemKind::Variant => "variant",
            ItemKind::Enum => "enum",
            ItemKind::Flags => "flags",
            ItemKind::Resource => "resource",
            ItemKind::Type => "type",
            ItemKind::Const => "const",
            ItemKind::Fn => "fn",
            ItemKind::Dot => "dot",
            ItemKind::Test => "test",
        }
    }

    fn of(kind: Kind) -> Option<ItemKind> {
        Some(match kind {
            Kind::Use => ItemKind::Use,
            Kind::Export => ItemKind::Export,
            Kind::Record => ItemKind::Record,
            Kind::Variant => ItemKind::Variant,
            Kind::Enum => ItemKind::Enum,
            Kind::Flags => ItemKind::Flags,
            Kind::Resource => ItemKind::Resource,
            Kind::Type => ItemKind::Type,
            Kind::Const => ItemKind::Const,
            Kind::Fn => ItemKind::Fn,
            Kind::DotItem => ItemKind::Dot,
            Kind::Test => ItemKind::Test,
            _ => return None,
        })
    }

    /// Whether its end is a closing brace.
    fn has_body(self) -> bool {
        !matches!(self, ItemKind::Use | ItemKind::Export | ItemKind::Type | ItemKind::Const)
    }
}

/// The text of one item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chunk {
    /// From the first doc line, attribute or modifier to the item's last token.
    pub range: TextRange,
    /// What its keyword says it is.
    pub kind: ItemKind,
    /// Its name: what is declared, for a test its text, for a `use` what its path ends in. For
    /// `fn Lru.new` it is `new`.
    pub name: Option<SmolStr>,
    /// `Lru` in `fn Lru.new`.
    pub owner: Option<SmolStr>,
}

/// A file, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// The items, in order.
    pub chunks: Vec<Chunk>,
    /// The `//!` lines at the top.
    pub module_docs: Vec<TextRange>,
    /// What belongs to no item, in order; neighbours are joined.
    pub outside: Vec<TextRange>,
}

/// Takes a file apart into its items.
pub fn split(text: &str) -> Split {
    split_lexed(text, &lex(text))
}

/// As [`split`], where the text has been lexed already.
pub(crate) fn split_lexed(text: &str, lexed: &Lexed) -> Split {
    let docs = lexed.lexemes.iter().take_while(|lexeme| lexeme.kind == Kind::ModuleDoc).count();
    let mut splitter = Splitter { text, lexemes: &lexed.lexemes, out: Split::default() };
    splitter.out.module_docs = lexed.lexemes[..docs].iter().map(|lexeme| lexeme.range).collect();
    splitter.run(docs);
    splitter.out
}

struct Splitter<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    out: Split,
}

/// The item that is being read.
struct Open {
    first: usize,
    word: usize,
    kind: ItemKind,
    /// The token after the last, once the end is known.
    end: Option<usize>,
}

impl Splitter<'_> {
    fn run(&mut self, from: usize) {
        let mut depth = 0usize;
        let mut open: Option<Open> = None;
        let mut free = from;
        for at in from..self.lexemes.len() {
            if let Some(kind) = self.item_at(at, depth) {
                let first = self.prefix_start(at, free);
                free = self.close(open.take(), first, free);
                self.leave_outside(free, first);
                open = Some(Open { first, word: at, kind, end: None });
                depth = 0;
                continue;
            }
            let lexeme = self.lexemes[at];
            if depth == 0
                && let Some(item) = open.as_mut().filter(|item| item.end.is_none() && !item.kind.has_body())
                && lexeme.starts_line
                && at > item.word
                && self.lexemes[at - 1].kind.can_end()
                && (lexeme.kind.can_start() || lexeme.kind.closes())
            {
                item.end = Some(at);
            }
            match lexeme.kind {
                Kind::OpenParen | Kind::OpenBracket | Kind::OpenBrace | Kind::TextStart => depth += 1,
                Kind::CloseParen | Kind::CloseBracket | Kind::CloseBrace | Kind::TextEnd => {
                    let closes = depth == 1 && lexeme.kind == Kind::CloseBrace;
                    depth = depth.saturating_sub(1);
                    if closes
                        && let Some(item) =
                            open.as_mut().filter(|item| item.end.is_none() && item.kind.has_body())
                    {
                        item.end = Some(at + 1);
                    }
                }
                _ => {}
            }
        }
        let end = self.lexemes.len();
        free = self.close(open, end, free);
        self.leave_outside(free, end);
    }

    /// Ends an item before the token `next`, and gives the first token after it.
    fn close(&mut self, open: Option<Open>, next: usize, free: usize) -> usize {
        let Some(open) = open else { return free };
        let end = open.end.unwrap_or(next).clamp(open.word + 1, next.max(open.word + 1));
        let range = self.lexemes[open.first].range.join(self.lexemes[end - 1].range);
        let (name, owner) = self.name(&open, end);
        self.out.chunks.push(Chunk { range, kind: open.kind, name, owner });
        end
    }

    fn leave_outside(&mut self, from: usize, to: usize) {
        if from < to {
            let range = self.lexemes[from].range.join(self.lexemes[to - 1].range);
            self.out.outside.push(range);
        }
    }

    /// Whether an item begins with the word at `at`.
    fn item_at(&self, at: usize, depth: usize) -> Option<ItemKind> {
        let word = self.lexemes[at];
        let kind = ItemKind::of(word.kind)?;
        let before = at.checked_sub(1).map(|before| self.lexemes[before]);
        let mut first = at;
        while first > 0 && self.lexemes[first - 1].kind.is_modifier() && !self.lexemes[first].starts_line {
            first -= 1;
        }
        let starts_line = self.lexemes[first].starts_line || first == 0;
        let in_first_column = starts_line && self.is_first_column(self.lexemes[first].range.start);
        // After an attribute on the same line, as in `@get("/") dot home()`.
        let after_attribute = depth == 0 && self.attribute_before(first, 0).is_some();
        let after_end = before.is_none_or(|before| matches!(before.kind, Kind::CloseBrace | Kind::Semicolon));
        let continues = before.is_some_and(|before| {
            matches!(before.kind, Kind::As | Kind::Slash | Kind::Dot | Kind::Colon | Kind::At | Kind::Eq)
        });
        let is_followed = self.is_followed_by_name(at, kind);
        let begins = match depth {
            0 => {
                let separate = starts_line || first < at || after_attribute || after_end;
                (is_followed && separate && !continues) || (in_first_column && !continues)
            }
            _ => is_followed && in_first_column,
        };
        begins.then_some(kind)
    }

    fn is_first_column(&self, offset: u32) -> bool {
        let before = &self.text[..offset as usize];
        before.is_empty() || before.ends_with('\n') || before == "\u{feff}"
    }

    fn is_followed_by_name(&self, at: usize, kind: ItemKind) -> bool {
        let Some(next) = self.lexemes.get(at + 1) else { return false };
        if next.starts_line {
            return false;
        }
        match next.kind {
            Kind::Lower | Kind::Upper | Kind::Quoted => true,
            Kind::Text | Kind::TextStart | Kind::Broken => kind == ItemKind::Test,
            next if next.is_keyword() => {
                matches!(kind, ItemKind::Use | ItemKind::Export | ItemKind::Fn | ItemKind::Dot)
            }
            _ => false,
        }
    }

    /// The first of the docs, attributes and modifiers before the word at `at`, none before `floor`.
    fn prefix_start(&self, at: usize, floor: usize) -> usize {
        let mut first = at;
        while first > floor {
            let before = self.lexemes[first - 1].kind;
            if before.is_modifier() || before == Kind::Doc {
                first -= 1;
            } else if let Some(attribute) = self.attribute_before(first, floor) {
                first = attribute;
            } else {
                break;
            }
        }
        first
    }

    /// The `@` of an attribute that ends right before `end`.
    fn attribute_before(&self, end: usize, floor: usize) -> Option<usize> {
        let mut name = end.checked_sub(1)?;
        if self.lexemes[name].kind == Kind::CloseParen {
            let mut depth = 0usize;
            loop {
                match self.lexemes[name].kind {
                    Kind::CloseParen => depth += 1,
                    Kind::OpenParen => depth -= 1,
                    // An attribute's arguments are short and hold no statements.
                    Kind::OpenBrace | Kind::CloseBrace => return None,
                    _ => {}
                }
                name = name.checked_sub(1).filter(|name| *name >= floor)?;
                if depth == 0 {
                    break;
                }
            }
        }
        let at = name.checked_sub(1).filter(|at| *at >= floor)?;
        let is_name = self.lexemes[name].kind == Kind::Lower || self.lexemes[name].kind.is_keyword();
        (is_name && self.lexemes[at].kind == Kind::At).then_some(at)
    }

    /// The name and the owner.
    fn name(&self, open: &Open, end: usize) -> (Option<SmolStr>, Option<SmolStr>) {
        let text = |at: usize| -> Option<SmolStr> {
            let lexeme = self.lexemes.get(at).filter(|_| at < end)?;
            let is_name = matches!(lexeme.kind, Kind::Lower | Kind::Upper | Kind::Quoted);
            let word = lexeme.range.slice(self.text).trim_matches('`');
            (is_name || lexeme.kind.is_keyword()).then(|| SmolStr::from(word))
        };
        let first = open.word + 1;
        match open.kind {
            ItemKind::Test => {
                let lexeme = self.lexemes.get(first).filter(|lexeme| lexeme.kind == Kind::Text);
                (lexeme.map(|lexeme| SmolStr::from(lexeme.range.slice(self.text).trim_matches('"'))), None)
            }
            ItemKind::Use | ItemKind::Export => (self.bound_name(first, end), None),
            ItemKind::Fn | ItemKind::Dot
                if self.lexemes.get(first + 1).is_some_and(|dot| dot.kind == Kind::Dot) =>
            {
                (text(first + 2), text(first))
            }
            _ => (text(first), None),
        }
    }

    /// What a `use` or `export` binds: the name after `as`, or else the last name of the path.
    fn bound_name(&self, from: usize, end: usize) -> Option<SmolStr> {
        let mut last = None;
        for lexeme in self.lexemes.get(from..end)? {
            match lexeme.kind {
                Kind::OpenBrace | Kind::At => break,
                Kind::Lower | Kind::Upper | Kind::Quoted => last = Some(lexeme),
                kind if kind.is_keyword() && kind != Kind::As => last = Some(lexeme),
                _ => {}
            }
        }
        // `use wasi:http/types@0.2.8 as types`: the version is not part of the name.
        let after_as =
            self.lexemes[from..end].windows(2).find(|pair| pair[0].kind == Kind::As && !pair[0].glued);
        let bound = after_as.map(|pair| &pair[1]).or(last)?;
        Some(SmolStr::from(bound.range.slice(self.text).trim_matches('`')))
    }
}
