//! Lists in brackets.

use super::Printer;
use crate::doc::{Doc, Fit, Hug, Node};
use dot_syntax::lexer::Kind;

/// How a list looks.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// Whether a space stands inside the brackets on one line: `{ a }`.
    space: bool,
    /// Whether a break between elements is enough, and no comma stands there where the list is broken.
    by_lines: bool,
    /// Whether a line break after the opening bracket keeps the list broken, and those between elements keep rows.
    as_written: bool,
    /// Whether one element alone has a comma behind it: `(a,)`.
    comma_after_one: bool,
}

impl Style {
    /// The same without a space inside the brackets.
    pub(super) const fn tight(self) -> Style {
        Style { space: false, ..self }
    }
}

/// `(a, b)`: on one line, or one a line.
pub(super) const ARGUMENTS: Style =
    Style { space: false, by_lines: false, as_written: false, comma_after_one: false };
/// `(a,)`
pub(super) const TUPLE: Style = Style { comma_after_one: true, ..ARGUMENTS };
/// `[a, b]`: in rows.
pub(super) const LIST: Style = Style { as_written: true, ..ARGUMENTS };
/// `{ a: 1, b: 2 }`: in rows.
pub(super) const RECORD: Style = Style { space: true, ..LIST };
/// `{ a, }`
pub(super) const LONE_NAME: Style = Style { comma_after_one: true, ..RECORD };
/// The arms of a `match`, the branches of a `par`: one a line.
pub(super) const ARMS: Style = Style { by_lines: true, ..RECORD };

/// An element with what surrounds it.
struct Element {
    /// An empty line stands before it.
    after_blank: bool,
    starts_line: bool,
    /// Documentation comes first, which wants a line of its own.
    starts_with_doc: bool,
    doc: Doc,
    /// Comments behind its separator.
    after: Vec<Doc>,
    /// It is one short token, so that many may stand in a line.
    is_word: bool,
}

/// A list, taken apart.
struct Pieces {
    open: Doc,
    elements: Vec<Element>,
    /// Comments before the closing bracket.
    dangling: Vec<Doc>,
    close: Doc,
    /// The first element, or the closing bracket, begins a line.
    is_written_broken: bool,
}

impl Printer<'_> {
    /// A list: what stands between this bracket and the one that closes it. `element` prints one of its elements, and
    /// gives none when there are no more.
    pub(super) fn bracketed(&mut self, style: Style, element: impl FnMut(&mut Self) -> Option<Doc>) -> Doc {
        let inner = self.unbroken(style, element);
        self.arena.hugging_group(inner, Hug::Strong)
    }

    /// The same, whose lines break with what stands around it.
    pub(super) fn unbroken(&mut self, style: Style, element: impl FnMut(&mut Self) -> Option<Doc>) -> Doc {
        let pieces = self.pieces(element);
        self.assemble(style, &pieces)
    }

    /// A list whose last element may begin on the line of the opening bracket: `f(a, |x| {`.
    pub(super) fn hugging(&mut self, style: Style, element: impl FnMut(&mut Self) -> Option<Doc>) -> Doc {
        let pieces = self.pieces(element);
        let inner = self.assemble(style, &pieces);
        let group = self.arena.group(inner);
        let broken = self.arena.add(Node::Broken(inner));
        let Some((hugged, hug)) = self.hugged(style, &pieces) else {
            self.arena.set_hug(group, broken, Hug::Weak);
            return group;
        };
        let choice = self.arena.add(Node::Choice {
            flat: group,
            layouts: vec![(hugged, Fit::FirstLine)],
            last: broken,
        });
        self.arena.set_hug(choice, hugged, hug);
        choice
    }

    fn pieces(&mut self, mut element: impl FnMut(&mut Self) -> Option<Doc>) -> Pieces {
        let open = self.next();
        let is_written_broken = self.starts_line();
        let mut elements: Vec<Element> = Vec::new();
        while !self.at_closer() && !self.lost {
            let (after_blank, starts_line) = (self.after_blank(), self.starts_line());
            let starts_with_doc = self.peek() == Some(Kind::Doc);
            let mut parts = self.leading();
            let from = self.at;
            let Some(doc) = element(self) else {
                self.lost = true;
                break;
            };
            let is_word = self.is_short(from);
            parts.push(doc);
            let doc = self.arena.concat(&parts);
            let after = self.separator();
            elements.push(Element { after_blank, starts_line, starts_with_doc, doc, after, is_word });
        }
        let comments = self.take_comments();
        let mut dangling = self.own_comments(&comments, false);
        dangling.pop();
        let close = self.next();
        Pieces { open, elements, dangling, close, is_written_broken }
    }

    fn at_closer(&self) -> bool {
        matches!(self.peek(), None | Some(Kind::CloseParen | Kind::CloseBracket | Kind::CloseBrace))
    }

    /// Whether the tokens since `from` are a short word, a number, or a short tuple of them.
    fn is_short(&self, from: usize) -> bool {
        let toks = self.toks.get(from..self.at).unwrap_or_default();
        let is_plain = |kind| {
            matches!(
                kind,
                Kind::Lower
                    | Kind::Upper
                    | Kind::Quoted
                    | Kind::Number
                    | Kind::Char
                    | Kind::Text
                    | Kind::Minus
                    | Kind::True
                    | Kind::False
                    | Kind::None
                    | Kind::OpenParen
                    | Kind::CloseParen
                    | Kind::Comma
                    | Kind::Colon
            )
        };
        let len: u32 = toks.iter().map(|tok| tok.range.len()).sum();
        toks.len() <= 9 && len <= 24 && toks.iter().all(|tok| is_plain(tok.kind))
    }

    fn assemble(&mut self, style: Style, pieces: &Pieces) -> Doc {
        let Pieces { open, elements, dangling, close, is_written_broken } = pieces;
        if elements.is_empty() && dangling.is_empty() {
            return self.arena.concat(&[*open, *close]);
        }
        let keeps_rows = style.as_written && *is_written_broken;
        let fills = !keeps_rows
            && style.as_written
            && !style.by_lines
            && elements.len() > 3
            && elements.iter().all(|element| element.is_word && element.after.is_empty());
        let mut inside = Vec::new();
        let edge = if style.space { Node::Line } else { Node::SoftLine };
        let first = if keeps_rows || elements.is_empty() { Node::Hard } else { edge.clone() };
        inside.push(self.arena.add(first));
        let count = elements.len();
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                let between = self.between(style, element, keeps_rows, fills);
                inside.push(between);
            }
            inside.push(element.doc);
            let is_last = index + 1 == count;
            let separator = match (is_last, style.by_lines) {
                (true, false) if count == 1 && style.comma_after_one => Some(Node::Separator(",")),
                (true, false) => Some(Node::IfBroken(",", "")),
                (true, true) => None,
                (false, false) => Some(Node::Separator(",")),
                (false, true) => Some(Node::IfBroken("", ",")),
            };
            inside.extend(separator.map(|separator| self.arena.add(separator)));
            inside.extend(&element.after);
        }
        if !dangling.is_empty() {
            if count > 0 {
                inside.push(self.arena.add(Node::Hard));
            }
            inside.extend(dangling);
        }
        let inside = self.arena.concat(&inside);
        let inside = self.arena.indent(inside);
        let last = self.arena.add(if dangling.is_empty() { edge } else { Node::Hard });
        self.arena.concat(&[*open, inside, last, *close])
    }

    /// What stands between an element and the one before it.
    fn between(&mut self, style: Style, element: &Element, keeps_rows: bool, fills: bool) -> Doc {
        let node = if keeps_rows && element.after_blank {
            Node::Blank
        } else if style.by_lines {
            Node::Line
        } else if keeps_rows {
            if element.starts_line || element.starts_with_doc { Node::Hard } else { Node::Fill }
        } else if fills {
            Node::Fill
        } else {
            Node::Line
        };
        self.arena.add(node)
    }

    /// The list with its last element broken and all else on one line, if that can be.
    fn hugged(&mut self, style: Style, pieces: &Pieces) -> Option<(Doc, Hug)> {
        let (last, before) = pieces.elements.split_last()?;
        let (doc, hug) = self.arena.hug(last.doc)?;
        let is_plain = |element: &Element| element.after.is_empty();
        let before_is_flat =
            before.iter().all(|element| is_plain(element) && !self.arena.is_forced(element.doc));
        let hugs = before.is_empty() || hug == Hug::Strong;
        if !hugs || !before_is_flat || !is_plain(last) || !pieces.dangling.is_empty() {
            return None;
        }
        let mut parts = vec![pieces.open];
        for element in before {
            parts.push(element.doc);
            parts.push(self.arena.text(", "));
        }
        parts.push(doc);
        if before.is_empty() && style.comma_after_one {
            parts.push(self.arena.add(Node::Separator(",")));
        }
        parts.push(pieces.close);
        Some((self.arena.concat(&parts), hug))
    }
}
