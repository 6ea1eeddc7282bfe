//! What is to be printed, with the places where a line may break: a document algebra after Wadler ("A prettier
//! printer", 1998) and Oppen ("Prettyprinting", TOPLAS 1980).
//!
//! A [`Group`](Node::Group) is printed on one line if it fits there, and otherwise each [`Line`](Node::Line) that is
//! directly in it breaks; the groups inside decide for themselves. So `f(a, g(b, c))` first breaks around the arguments
//! of `f`, and those of `g` only where they are still too long.
//!
//! Beyond that:
//!
//! - a [`Choice`](Node::Choice) lists layouts from the one that is liked best to the one that always works;
//! - a [`Fill`](Node::Fill) breaks by itself, where what follows doesn't fit, as in a paragraph of words;
//! - a comment at the end of a line ends that line, whatever follows it: the renderer breaks there if nothing else
//!   did, so that no document can lose code in a comment.
//!
//! Documents live in an [`Arena`], so a document may stand in several layouts of a choice and is still built once.

use dot_diagnostics::TextRange;

/// A document in an arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doc(u32);

/// When a layout of a choice is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// What stands before its first line break fits.
    FirstLine,
    /// What stands between its first and its second line break fits.
    SecondLine,
}

/// The forms of documents.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// A piece of the source without line breaks.
    Source(TextRange),
    /// A piece of the source, printed as it is, that has line breaks.
    Verbatim(TextRange),
    /// A text of ours.
    Text(&'static str),
    /// A text of ours that stands before the comments that end the line: a comma goes to what it follows.
    Separator(&'static str),
    /// The first text, as a separator, where the group is broken, and otherwise the second.
    IfBroken(&'static str, &'static str),
    /// A space, or a line break where the group is broken.
    Line,
    /// Nothing, or a line break where the group is broken.
    SoftLine,
    /// A space, or a line break where what follows, up to the next break, doesn't fit.
    Fill,
    /// A line break.
    Hard,
    /// A line break and an empty line.
    Blank,
    /// A comment behind what it is about: it ends the line.
    Trailing(TextRange),
    /// A comment on a line of its own.
    Own(TextRange),
    /// One after the other; a range of the arena's list.
    Concat(u32, u32),
    /// With lines indented by one step more.
    Indent(Doc),
    /// On one line if that fits.
    Group(Doc),
    /// A group that is broken, whatever fits.
    Broken(Doc),
    /// On one line, whether that fits or not, if it can be on one.
    Flat(Doc),
    /// On one line as `flat`, if that fits; or else the first of `layouts` that fits; or else `last`.
    Choice {
        /// What is tried first.
        flat: Doc,
        /// What is tried next, with what must fit.
        layouts: Vec<(Doc, Fit)>,
        /// What is taken otherwise.
        last: Doc,
    },
}

/// How well a document can begin on the line of what stands before it and go on over several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hug {
    /// A call: only where it is all there is.
    Weak,
    /// A block, a `match`, a closure with a block, a literal in brackets.
    Strong,
}

/// What a document ends with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    /// Something that other things may follow.
    #[default]
    Other,
    /// A comment that ends the line.
    Comment,
    /// Nothing, or a separator, which goes before such a comment: it ends with what stands before it.
    Open,
}

/// What is known of a document.
#[derive(Clone, Copy, Debug, Default)]
struct Facts {
    /// It can't be on one line.
    forced: bool,
    /// The document with its outermost bracket broken, if it has one that ends it.
    hug: Option<(Doc, Hug)>,
    /// What it ends with.
    ends: End,
    /// It looks best on the line of the `=` before it, however long it is.
    stays: bool,
}

/// Where documents live.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    nodes: Vec<Node>,
    facts: Vec<Facts>,
    lists: Vec<Doc>,
}

impl Arena {
    /// The node of a document.
    pub(crate) fn node(&self, doc: Doc) -> &Node {
        &self.nodes[doc.0 as usize]
    }

    /// The parts of a [`Node::Concat`].
    pub(crate) fn list(&self, start: u32, end: u32) -> &[Doc] {
        self.lists.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Whether a document can't be on one line.
    pub(crate) fn is_forced(&self, doc: Doc) -> bool {
        self.facts[doc.0 as usize].forced
    }

    /// The document with its last bracket broken; see [`Hug`].
    pub(crate) fn hug(&self, doc: Doc) -> Option<(Doc, Hug)> {
        self.facts[doc.0 as usize].hug
    }

    /// Whether a document stays on the line of the `=` before it.
    pub(crate) fn stays(&self, doc: Doc) -> bool {
        self.facts[doc.0 as usize].stays
    }

    /// A new document.
    pub(crate) fn add(&mut self, node: Node) -> Doc {
        let forced = match &node {
            Node::Hard | Node::Blank | Node::Own(_) | Node::Broken(_) => true,
            Node::Concat(start, end) => self.is_list_forced(self.list(*start, *end)),
            Node::Indent(inner) | Node::Group(inner) | Node::Flat(inner) => self.is_forced(*inner),
            Node::Choice { flat, .. } => self.is_forced(*flat),
            _ => false,
        };
        let ends = match &node {
            Node::Trailing(_) => End::Comment,
            Node::Separator(_) | Node::IfBroken(..) | Node::Text("") => End::Open,
            Node::Concat(start, end) => {
                let ends = self.list(*start, *end).iter().rev().map(|part| self.facts[part.0 as usize].ends);
                ends.into_iter().find(|end| *end != End::Open).unwrap_or(End::Open)
            }
            Node::Indent(inner) | Node::Group(inner) | Node::Broken(inner) | Node::Flat(inner) => {
                self.facts[inner.0 as usize].ends
            }
            Node::Choice { flat, .. } => self.facts[flat.0 as usize].ends,
            _ => End::Other,
        };
        let doc = Doc(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        self.facts.push(Facts { forced, ends, ..Facts::default() });
        doc
    }

    /// Whether one of the parts can't be on one line, or something follows a comment that ends the line.
    fn is_list_forced(&self, parts: &[Doc]) -> bool {
        let mut after_comment = false;
        parts.iter().any(|part| {
            let facts = &self.facts[part.0 as usize];
            let forced = facts.forced || (after_comment && facts.ends != End::Open);
            after_comment = facts.ends == End::Comment;
            forced
        })
    }

    /// A text of ours.
    pub(crate) fn text(&mut self, text: &'static str) -> Doc {
        self.add(Node::Text(text))
    }

    /// Documents, one after the other.
    pub(crate) fn concat(&mut self, parts: &[Doc]) -> Doc {
        if let [only] = parts {
            return *only;
        }
        let start = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        self.lists.extend_from_slice(parts);
        let end = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        self.add(Node::Concat(start, end))
    }

    /// A document with its lines indented.
    pub(crate) fn indent(&mut self, inner: Doc) -> Doc {
        self.add(Node::Indent(inner))
    }

    /// A group.
    pub(crate) fn group(&mut self, inner: Doc) -> Doc {
        self.add(Node::Group(inner))
    }

    /// A group that can be begun on the line of what stands before it.
    pub(crate) fn hugging_group(&mut self, inner: Doc, hug: Hug) -> Doc {
        let group = self.group(inner);
        let broken = self.add(Node::Broken(inner));
        self.set_hug(group, broken, hug);
        group
    }

    /// A group that begins with `head` and ends with a body: it can be begun on the line of what stands before it if its
    /// head is on one line.
    pub(crate) fn headed_group(&mut self, head: &[Doc], inner: Doc) -> Doc {
        if head.iter().any(|part| self.is_forced(*part)) {
            let group = self.group(inner);
            self.set_stays(group);
            return group;
        }
        self.hugging_group(inner, Hug::Strong)
    }

    /// Says how a document looks with its last bracket broken.
    pub(crate) fn set_hug(&mut self, doc: Doc, broken: Doc, hug: Hug) {
        let facts = &mut self.facts[doc.0 as usize];
        facts.hug = Some((broken, hug));
        facts.stays = true;
    }

    /// Says that a document stays on the line of the `=` before it.
    pub(crate) fn set_stays(&mut self, doc: Doc) {
        self.facts[doc.0 as usize].stays = true;
    }
}
