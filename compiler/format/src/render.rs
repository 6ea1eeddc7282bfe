//! Documents to text.
//!
//! Every decision looks ahead no further than one line, so the time is linear in the document, times the width.

use crate::doc::{Arena, Doc, Fit, Node};
use dot_diagnostics::TextRange;

/// How a group's lines are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Break,
}

/// A document that is still to be printed.
#[derive(Clone, Copy)]
struct Command {
    indent: usize,
    mode: Mode,
    doc: Doc,
}

/// Prints a document over `source` in lines of at most `width` characters where that can be, without a line break at
/// the end.
pub(crate) fn render(arena: &Arena, doc: Doc, source: &str, width: usize, step: usize) -> String {
    let mut renderer = Renderer {
        arena,
        source,
        width,
        step,
        out: String::new(),
        column: 0,
        indent: 0,
        at_start: true,
        must_break: false,
        pending: Vec::new(),
        stack: vec![Command { indent: 0, mode: Mode::Break, doc }],
    };
    while let Some(command) = renderer.stack.pop() {
        renderer.print(command);
    }
    renderer.flush_comments();
    renderer.out
}

struct Renderer<'a> {
    arena: &'a Arena,
    source: &'a str,
    width: usize,
    step: usize,
    out: String,
    /// Characters on the line so far.
    column: usize,
    /// What the line is indented by.
    indent: usize,
    at_start: bool,
    /// A comment on its own line was printed: nothing may follow it there.
    must_break: bool,
    /// Comments that end the line.
    pending: Vec<TextRange>,
    stack: Vec<Command>,
}

impl Renderer<'_> {
    fn print(&mut self, command: Command) {
        let Command { indent, mode, doc } = command;
        let arena = self.arena;
        match arena.node(doc) {
            Node::Source(range) => self.write(range.slice(self.source), indent),
            Node::Verbatim(range) => self.write_verbatim(range.slice(self.source), indent),
            Node::Text(text) => self.write(text, indent),
            Node::Separator(text) => self.write_separator(text),
            Node::IfBroken(broken, _) if mode == Mode::Break => self.write_separator(broken),
            Node::IfBroken(_, flat) => self.write(flat, indent),
            Node::Line if mode == Mode::Flat => self.write(" ", indent),
            Node::SoftLine if mode == Mode::Flat => {}
            Node::Fill if mode == Mode::Flat => self.write(" ", indent),
            Node::Fill => {
                if self.pending.is_empty() && self.next_fits() {
                    self.write(" ", indent);
                } else {
                    self.newline(indent);
                }
            }
            Node::Line | Node::SoftLine | Node::Hard => self.newline(indent),
            Node::Blank => {
                self.newline(indent);
                self.newline(indent);
            }
            Node::Trailing(range) => self.pending.push(*range),
            Node::Own(range) => {
                if !self.at_start {
                    self.newline(indent);
                }
                self.write(range.slice(self.source), indent);
                self.must_break = true;
            }
            Node::Concat(start, end) => {
                let parts = arena.list(*start, *end).iter().rev();
                self.stack.extend(parts.map(|doc| Command { indent, mode, doc: *doc }));
            }
            Node::Indent(doc) => self.stack.push(Command { indent: indent + self.step, mode, doc: *doc }),
            Node::Group(inner) => {
                let flat = mode == Mode::Flat || self.is_flat(*inner, indent);
                let mode = if flat { Mode::Flat } else { Mode::Break };
                self.stack.push(Command { indent, mode, doc: *inner });
            }
            Node::Broken(inner) => self.stack.push(Command { indent, mode: Mode::Break, doc: *inner }),
            Node::Flat(inner) => {
                let mode = if arena.is_forced(*inner) { mode } else { Mode::Flat };
                self.stack.push(Command { indent, mode, doc: *inner });
            }
            Node::Choice { flat, layouts, last } => {
                let chosen = self.choose(indent, mode, *flat, layouts, *last);
                self.stack.push(chosen);
            }
        }
    }

    /// Whether what comes next fits on this line behind a space, without a break inside it if that can be.
    fn next_fits(&self) -> bool {
        let Some((next, rest)) = self.stack.split_last() else { return true };
        let mode = if self.arena.is_forced(next.doc) { Mode::Break } else { Mode::Flat };
        self.fits_before(&[Command { mode, ..*next }], rest.len(), 1, 0)
    }

    fn is_flat(&self, doc: Doc, indent: usize) -> bool {
        !self.arena.is_forced(doc) && self.fits(&[Command { indent, mode: Mode::Flat, doc }], 0)
    }

    fn choose(&self, indent: usize, mode: Mode, flat: Doc, layouts: &[(Doc, Fit)], last: Doc) -> Command {
        if mode == Mode::Flat || self.is_flat(flat, indent) {
            return Command { indent, mode: Mode::Flat, doc: flat };
        }
        let fits = |(doc, fit): &&(Doc, Fit)| {
            let skip = if *fit == Fit::SecondLine { 1 } else { 0 };
            self.fits(&[Command { indent, mode: Mode::Break, doc: *doc }], skip)
        };
        let doc = layouts.iter().find(fits).map_or(last, |(doc, _)| *doc);
        Command { indent, mode: Mode::Break, doc }
    }

    /// Whether `first`, and what comes after it, fit on this line up to the first line break; or, where `skip` is 1, up
    /// to the second.
    fn fits(&self, first: &[Command], skip: usize) -> bool {
        self.fits_before(first, self.stack.len(), 0, skip)
    }

    /// The same `extra` characters further on, where the lowest `rest` commands come after.
    fn fits_before(&self, first: &[Command], mut rest: usize, extra: usize, skip: usize) -> bool {
        let column = if self.at_start { self.indent } else { self.column };
        let mut look = Look {
            left: self.width.checked_sub(column + extra),
            width: self.width,
            skip,
            after_comment: !self.pending.is_empty() || self.must_break,
            is_rest: false,
        };
        let mut todo: Vec<Command> = first.to_vec();
        loop {
            let command = match todo.pop() {
                Some(command) => command,
                None if rest == 0 => return look.left.is_some(),
                None => {
                    look.is_rest = true;
                    rest -= 1;
                    self.stack[rest]
                }
            };
            if let Some(answer) = self.look_at(command, &mut look, &mut todo) {
                return answer;
            }
        }
    }

    /// One step of [`Renderer::fits`]; an answer if there is one.
    fn look_at(&self, command: Command, look: &mut Look, todo: &mut Vec<Command>) -> Option<bool> {
        let Command { indent, mode, doc } = command;
        let arena = self.arena;
        if mode == Mode::Flat && arena.is_forced(doc) {
            return Some(false);
        }
        match arena.node(doc) {
            Node::Source(range) => look.text(range.slice(self.source)),
            Node::Text(text) => look.text(text),
            Node::Verbatim(range) => look.verbatim(range.slice(self.source)),
            Node::Separator(text) => look.separator(text),
            Node::IfBroken(broken, flat) => look.separator(if mode == Mode::Break { broken } else { flat }),
            Node::Line if mode == Mode::Flat => look.text(" "),
            Node::SoftLine if mode == Mode::Flat => None,
            Node::Fill if mode == Mode::Flat => look.text(" "),
            Node::Line | Node::SoftLine | Node::Fill | Node::Hard | Node::Blank => look.newline(indent),
            Node::Trailing(_) => {
                look.after_comment = true;
                None
            }
            Node::Own(_) => look.newline(indent),
            Node::Concat(start, end) => {
                let parts = arena.list(*start, *end).iter().rev();
                todo.extend(parts.map(|doc| Command { indent, mode, doc: *doc }));
                None
            }
            Node::Indent(doc) => {
                todo.push(Command { indent: indent + self.step, mode, doc: *doc });
                None
            }
            // What comes after will break if it must.
            Node::Group(inner) => {
                let breaks = look.is_rest || arena.is_forced(*inner);
                todo.push(Command { indent, mode: if breaks { mode } else { Mode::Flat }, doc: *inner });
                None
            }
            Node::Flat(inner) => {
                let mode = if arena.is_forced(*inner) { mode } else { Mode::Flat };
                todo.push(Command { indent, mode, doc: *inner });
                None
            }
            Node::Broken(inner) => {
                todo.push(Command { indent, mode: Mode::Break, doc: *inner });
                None
            }
            Node::Choice { flat, .. } if mode == Mode::Flat || !(look.is_rest || arena.is_forced(*flat)) => {
                todo.push(Command { indent, mode: Mode::Flat, doc: *flat });
                None
            }
            Node::Choice { layouts, .. } if layouts.iter().any(|(_, fit)| *fit == Fit::SecondLine) => {
                look.newline(indent)
            }
            Node::Choice { layouts, last, .. } => {
                let doc = layouts.first().map_or(*last, |(doc, _)| *doc);
                todo.push(Command { indent, mode: Mode::Break, doc });
                None
            }
        }
    }

    fn write(&mut self, text: &str, indent: usize) {
        if text.is_empty() {
            return;
        }
        if !self.pending.is_empty() || self.must_break {
            if text == " " {
                return;
            }
            self.newline(indent);
        }
        let text = if self.at_start { text.trim_start_matches(' ') } else { text };
        self.begin_line();
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn begin_line(&mut self) {
        if self.at_start {
            self.out.extend(std::iter::repeat_n(' ', self.indent));
            self.column = self.indent;
            self.at_start = false;
        }
    }

    fn write_verbatim(&mut self, text: &str, indent: usize) {
        self.write(text, indent);
        let last = text.rsplit('\n').next().unwrap_or(text);
        self.column = last.chars().count();
    }

    /// Before the comments that wait for the end of the line.
    fn write_separator(&mut self, text: &str) {
        if self.must_break {
            self.newline(self.indent);
            self.begin_line();
        }
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn newline(&mut self, indent: usize) {
        self.flush_comments();
        self.trim();
        self.out.push('\n');
        self.column = 0;
        self.indent = indent;
        self.at_start = true;
        self.must_break = false;
    }

    fn trim(&mut self) {
        let kept = self.out.trim_end_matches(' ').len();
        self.out.truncate(kept);
    }

    fn flush_comments(&mut self) {
        for (index, range) in std::mem::take(&mut self.pending).into_iter().enumerate() {
            self.trim();
            if index > 0 {
                self.out.push('\n');
                self.out.extend(std::iter::repeat_n(' ', self.indent));
            } else if !self.at_start {
                self.out.push(' ');
            }
            self.out.push_str(range.slice(self.source));
        }
    }
}

/// How far the look ahead has come.
struct Look {
    /// Characters that are left on the line; none where there is no room any more.
    left: Option<usize>,
    width: usize,
    skip: usize,
    after_comment: bool,
    /// Whether it is past what is to be laid out.
    is_rest: bool,
}

impl Look {
    fn text(&mut self, text: &str) -> Option<bool> {
        if text.is_empty() {
            return None;
        }
        if self.after_comment {
            return Some(false);
        }
        self.separator(text)
    }

    fn separator(&mut self, text: &str) -> Option<bool> {
        self.left = self.left.and_then(|left| left.checked_sub(text.chars().count()));
        if self.left.is_none() && self.skip == 0 { Some(false) } else { None }
    }

    /// Only the first line of it must fit here.
    fn verbatim(&mut self, text: &str) -> Option<bool> {
        let first = text.split('\n').next().unwrap_or(text);
        self.text(first).or(Some(self.skip == 0))
    }

    fn newline(&mut self, indent: usize) -> Option<bool> {
        if self.skip == 0 {
            return Some(self.left.is_some());
        }
        self.skip -= 1;
        self.left = self.width.checked_sub(indent);
        self.after_comment = false;
        None
    }
}
