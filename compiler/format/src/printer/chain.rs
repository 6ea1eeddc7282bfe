//! Chains: `a.b(c)?.d(e)` and `a |> b(c) |> d`.

use super::Printer;
use super::expr::is_pipe;
use crate::doc::{Doc, Fit, Hug, Node};
use dot_syntax::ast::{Arg, Expr, ExprKind, TypeArg};
use dot_syntax::lexer::Kind;

/// A method call of a chain with what stands behind it, up to the next one.
#[derive(Default)]
struct Link {
    docs: Vec<Doc>,
    /// The line was broken before it.
    starts_line: bool,
    has_call: bool,
}

impl Printer<'_> {
    /// A chain of fields, calls, indices and `?`.
    ///
    /// What is short stays together: `self.rest` and the first call of a name. The calls after it stand on one line,
    /// or one a line where they don't fit or were written so.
    pub(super) fn chain(&mut self, expr: &Expr) -> Doc {
        let mut nodes = Vec::new();
        let mut base = expr;
        while let Some(inner) = before_last(base) {
            nodes.push(base);
            base = inner;
        }
        nodes.reverse();
        let is_name = matches!(base.kind, ExprKind::Name(_) | ExprKind::Builtin(_));
        let mut head = Link { docs: vec![self.expr(base)], ..Link::default() };
        let mut links: Vec<Link> = Vec::new();
        let is_plain = nodes.iter().all(|node| has_plain_args(node));
        for node in nodes {
            let begins = matches!(node.kind, ExprKind::MethodCall { .. });
            let starts_line = self.starts_line();
            let (doc, is_call) = self.link(node);
            let joins = links.is_empty() && is_name && !head.has_call && !takes_block(node);
            if !begins || joins {
                let last = links.last_mut().unwrap_or(&mut head);
                last.docs.push(doc);
                last.has_call |= is_call;
            } else {
                links.push(Link { docs: vec![doc], starts_line, has_call: is_call });
            }
        }
        self.assemble_chain(head, links, is_plain)
    }

    /// One step of a chain, and whether it is a call.
    fn link(&mut self, node: &Expr) -> (Doc, bool) {
        match &node.kind {
            ExprKind::Field { .. } | ExprKind::TupleField { .. } => {
                let parts = [self.word(Kind::Dot), self.next()];
                (self.arena.concat(&parts), false)
            }
            ExprKind::MethodCall { type_args, args, .. } => {
                let name = [self.word(Kind::Dot), self.next()];
                let name = self.arena.concat(&name);
                (self.call(name, type_args, args), true)
            }
            ExprKind::Call { type_args, args, .. } => {
                let nothing = self.arena.text("");
                (self.call(nothing, type_args, args), true)
            }
            ExprKind::Index { args, .. } => (self.each(LIST_OF_INDICES, args, Self::arg), false),
            _ => (self.question(), false),
        }
    }

    /// `?`; two of them are told from `??` by the space between.
    fn question(&mut self) -> Doc {
        let is_second = self.at.checked_sub(1).is_some_and(|at| self.toks[at].kind == Kind::Question);
        let parts = [self.arena.text(if is_second { " " } else { "" }), self.word(Kind::Question)];
        self.arena.concat(&parts)
    }

    fn call(&mut self, name: Doc, type_args: &[TypeArg], args: &[Arg]) -> Doc {
        let types = self.type_args(type_args);
        let args = self.args(args);
        let name = self.arena.concat(&[name, types]);
        self.after(name, "", args)
    }

    fn assemble_chain(&mut self, head: Link, links: Vec<Link>, is_plain: bool) -> Doc {
        let calls = links.iter().filter(|link| link.has_call).count();
        let written_broken = links.iter().any(|link| link.starts_line) && (calls > 1 || head.has_call);
        let all: Vec<Doc> =
            head.docs.iter().chain(links.iter().flat_map(|link| &link.docs)).copied().collect();
        let flat = self.arena.concat(&all);
        let base = if is_plain { self.hugged_base(&all, calls) } else { None };
        let hugged = base.or_else(|| self.hugged_chain(&all));
        if calls == 0 {
            if let Some((hugged, hug)) = hugged
                && all.len() > 1
            {
                self.arena.set_hug(flat, hugged, hug);
            }
            return flat;
        }
        let mut lines = Vec::new();
        for link in &links {
            lines.push(self.hard());
            lines.extend(&link.docs);
        }
        let lines = self.arena.concat(&lines);
        let lines = self.arena.indent(lines);
        let head = self.arena.concat(&head.docs);
        let broken = self.arena.concat(&[head, lines]);
        if written_broken {
            self.arena.set_stays(broken);
            return broken;
        }
        let hugged = hugged.filter(|(_, hug)| *hug == Hug::Strong || base.is_some());
        let layouts = hugged.map(|(hugged, _)| (hugged, Fit::FirstLine)).into_iter().collect();
        // With one call on a short name there is nothing to be won by a line of its own.
        let last = if calls == 1 && all.len() <= 2 { flat } else { broken };
        let choice = self.arena.add(Node::Choice { flat, layouts, last });
        if let Some((hugged, hug)) = hugged {
            self.arena.set_hug(choice, hugged, hug);
        }
        self.arena.set_stays(choice);
        choice
    }

    /// The chain with the literal broken that it begins with, if one call follows: `[…].join(", ")`.
    fn hugged_base(&mut self, all: &[Doc], calls: usize) -> Option<(Doc, Hug)> {
        let (base, rest) = all.split_first()?;
        let (broken, hug) = self.arena.hug(*base).filter(|(_, hug)| *hug == Hug::Strong)?;
        if calls == 0 || (calls > 1 && !self.arena.is_forced(*base)) {
            return None;
        }
        let parts: Vec<Doc> = [broken].into_iter().chain(rest.iter().copied()).collect();
        // Beside other arguments a literal with a call behind it is hard to read.
        Some((self.arena.concat(&parts), hug.min(Hug::Weak)))
    }

    /// The chain with the arguments of its last call broken, if nothing before that is.
    fn hugged_chain(&mut self, all: &[Doc]) -> Option<(Doc, Hug)> {
        let at = all.iter().rposition(|doc| self.arena.hug(*doc).is_some())?;
        let (before, rest) = all.split_at(at);
        let (last, after) = rest.split_first()?;
        let (broken, hug) = self.arena.hug(*last)?;
        if before.is_empty() || before.iter().chain(after).any(|doc| self.arena.is_forced(*doc)) {
            return None;
        }
        // Only `?` and fields may follow.
        let parts: Vec<Doc> = before.iter().copied().chain([broken]).chain(after.iter().copied()).collect();
        Some((self.arena.concat(&parts), hug))
    }

    /// `x |> f(a) |> g`: on one line, or one stage a line.
    pub(super) fn pipeline(&mut self, expr: &Expr) -> Doc {
        let mut stages = Vec::new();
        let mut first = expr;
        let mut tries = 0;
        loop {
            match &first.kind {
                ExprKind::Try(inner) if is_pipe(inner) => {
                    tries += 1;
                    first = inner;
                }
                ExprKind::Pipe { value, callee, type_args, args } => {
                    stages.push((first.range.end, callee, type_args, args, std::mem::take(&mut tries)));
                    first = value;
                }
                _ => break,
            }
        }
        let value = self.expr(first);
        let mut breaks = false;
        let (mut rest, mut lines, mut hugged) = (vec![value], vec![value], None);
        let (space, line) = (self.arena.text(" "), self.hard());
        let count = stages.len();
        for (end, callee, type_args, args, tries) in stages.into_iter().rev() {
            breaks |= self.starts_line();
            let head = [self.word(Kind::Pipe), space, self.expr(callee)];
            let head = self.arena.concat(&head);
            let called = if self.pos() < end { self.call(head, type_args, args) } else { head };
            let mut stage = vec![called];
            for _ in 0..tries {
                stage.push(self.question());
            }
            if count == 1
                && let Some((broken, Hug::Strong)) = self.arena.hug(called)
            {
                let parts: Vec<Doc> =
                    [value, space, broken].into_iter().chain(stage[1..].iter().copied()).collect();
                hugged = Some(self.arena.concat(&parts));
            }
            let stage = self.arena.concat(&stage);
            rest.extend([space, stage]);
            lines.extend([line, stage]);
        }
        let flat = self.arena.concat(&rest);
        let below = self.arena.concat(&lines[1..]);
        let below = self.arena.indent(below);
        let broken = self.arena.concat(&[value, below]);
        if breaks {
            self.arena.set_stays(broken);
            return broken;
        }
        let layouts = hugged.map(|hugged| (hugged, Fit::FirstLine)).into_iter().collect();
        let choice = self.arena.add(Node::Choice { flat, layouts, last: broken });
        self.arena.set_stays(choice);
        choice
    }
}

/// `[i, or: d]`
const LIST_OF_INDICES: super::bracketed::Style = super::bracketed::ARGUMENTS;

/// Whether a call's last argument is a closure of several lines, most likely: those look best below one another.
fn takes_block(node: &Expr) -> bool {
    let ExprKind::MethodCall { args, .. } = &node.kind else { return false };
    let Some(ExprKind::Closure(closure)) = args.last().map(|arg| &arg.value.kind) else { return false };
    matches!(closure.body.kind, ExprKind::Block(_) | ExprKind::Match { .. } | ExprKind::If { .. })
}

/// Whether a step of a chain has no arguments that could be long.
fn has_plain_args(node: &Expr) -> bool {
    let (ExprKind::MethodCall { args, .. } | ExprKind::Call { args, .. } | ExprKind::Index { args, .. }) =
        &node.kind
    else {
        return true;
    };
    args.iter().all(|arg| {
        matches!(
            arg.value.kind,
            ExprKind::Literal(_) | ExprKind::Name(_) | ExprKind::Builtin(_) | ExprKind::Field { .. }
        )
    })
}

/// What a step of a chain is applied to.
fn before_last(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Field { base: inner, .. }
        | ExprKind::TupleField { base: inner, .. }
        | ExprKind::Index { base: inner, .. }
        | ExprKind::Call { callee: inner, .. }
        | ExprKind::MethodCall { receiver: inner, .. } => Some(inner),
        ExprKind::Try(inner) if !is_pipe(inner) => Some(inner),
        _ => None,
    }
}
