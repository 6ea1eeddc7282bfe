//! Blocks and statements.

use super::Printer;
use crate::doc::{Doc, Fit, Hug, Node};
use dot_syntax::ast::{Block, Expr, ExprKind, Pattern, Stmt, StmtKind, Type};
use dot_syntax::lexer::Kind;

impl Printer<'_> {
    /// A block of its own.
    pub(super) fn block_group(&mut self, block: &Block) -> Doc {
        let inner = self.block(block);
        self.arena.hugging_group(inner, Hug::Strong)
    }

    /// A block whose lines break with what stands around it. It stays on one line where it was written on one.
    pub(super) fn block(&mut self, block: &Block) -> Doc {
        let open = self.next();
        let has_trailing = self.at.checked_sub(1).is_some_and(|at| self.toks[at].trailing.is_some());
        let mut breaks = self.starts_line() || has_trailing;
        let mut inside = Vec::new();
        for (index, stmt) in block.stmts.iter().enumerate() {
            breaks |= self.starts_line();
            let after_blank = self.after_blank();
            if index > 0 {
                inside.push(self.arena.add(Node::IfBroken("", ";")));
                let between = if after_blank { Node::Blank } else { Node::Line };
                inside.push(self.arena.add(between));
            }
            inside.extend(self.leading());
            inside.push(self.stmt(stmt));
            inside.extend(self.separator());
        }
        let comments = self.take_comments();
        let mut dangling = self.own_comments(&comments, false);
        dangling.pop();
        breaks |= !dangling.is_empty();
        let close = self.word(Kind::CloseBrace);
        if inside.is_empty() && dangling.is_empty() {
            return self.arena.concat(&[open, close]);
        }
        if !dangling.is_empty() && !inside.is_empty() {
            inside.push(self.hard());
        }
        inside.extend(dangling);
        let edge = if breaks { Node::Hard } else { Node::Line };
        inside.insert(0, self.arena.add(edge.clone()));
        let inside = self.arena.concat(&inside);
        let inside = self.arena.indent(inside);
        let last = self.arena.add(edge);
        self.arena.concat(&[open, inside, last, close])
    }

    pub(super) fn stmt(&mut self, stmt: &Stmt) -> Doc {
        match &stmt.kind {
            StmtKind::Let { pattern, ty, value, otherwise } => {
                let bound = self.binding(Kind::Let, pattern, ty.as_ref(), value);
                let Some(otherwise) = otherwise else { return bound };
                let space = self.arena.text(" ");
                let word = self.word(Kind::Else);
                let body = self.block(otherwise);
                let otherwise = self.arena.concat(&[space, word, space, body]);
                let otherwise = self.arena.group(otherwise);
                self.arena.concat(&[bound, otherwise])
            }
            StmtKind::Var { pattern, ty, value } => self.binding(Kind::Var, pattern, ty.as_ref(), value),
            StmtKind::Assign { place, value, op_range, .. } => {
                let place = self.expr(place);
                let space = self.arena.text(" ");
                let op = self.glued(op_range.end);
                let value = self.value(value);
                self.arena.concat(&[place, space, op, value])
            }
            StmtKind::For { pattern, iterable, body } => self.for_loop(None, pattern, iterable, body),
            StmtKind::While { condition, body } => {
                let word = self.word(Kind::While);
                let condition = self.head(condition);
                self.headed(&[word, condition], body)
            }
            StmtKind::Assert(value) => self.after_word(Kind::Assert, value),
            StmtKind::Yield(value) => self.after_word(Kind::Yield, value),
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Error(_) => {
                self.lost = true;
                self.next()
            }
        }
    }

    /// `for p in e { … }`, perhaps after `par`.
    pub(super) fn for_loop(
        &mut self,
        before: Option<Doc>,
        pattern: &Pattern,
        iterable: &Expr,
        body: &Block,
    ) -> Doc {
        let space = self.arena.text(" ");
        let mut parts: Vec<Doc> = before.into_iter().flat_map(|before| [before, space]).collect();
        parts.push(self.word(Kind::For));
        parts.push(space);
        parts.push(self.pattern(pattern));
        parts.push(space);
        parts.push(self.word(Kind::In));
        parts.push(self.head(iterable));
        self.headed(&parts, body)
    }

    /// A head and its body, which is on the head's line where all of it fits there.
    pub(super) fn headed(&mut self, head: &[Doc], body: &Block) -> Doc {
        let space = self.arena.text(" ");
        let body = self.block(body);
        let parts: Vec<Doc> = head.iter().copied().chain([space, body]).collect();
        let inner = self.arena.concat(&parts);
        self.arena.headed_group(head, inner)
    }

    /// What stands after `if`, `while`, `match` or `in`, with its space. Its lines are indented twice, so that they
    /// are told from the body's.
    pub(super) fn head(&mut self, value: &Expr) -> Doc {
        let space = self.arena.text(" ");
        let is_operation =
            matches!(value.kind, ExprKind::Binary { .. } | ExprKind::Is { .. } | ExprKind::Coalesce { .. });
        let value = self.expr(value);
        let value = if is_operation { self.arena.indent(value) } else { value };
        self.arena.concat(&[space, value])
    }

    fn binding(&mut self, word: Kind, pattern: &Pattern, ty: Option<&Type>, value: &Expr) -> Doc {
        let space = self.arena.text(" ");
        let mut parts = vec![self.word(word), space, self.pattern(pattern)];
        if let Some(ty) = ty {
            parts.extend([self.word(Kind::Colon), space, self.flat_type(ty)]);
        }
        parts.extend([space, self.word(Kind::Eq), self.value(value)]);
        self.arena.concat(&parts)
    }

    /// `assert e`, `return e`: the value begins on the line of the word.
    pub(super) fn after_word(&mut self, word: Kind, value: &Expr) -> Doc {
        let (word, space, value) = (self.word(word), self.arena.text(" "), self.expr(value));
        self.arena.concat(&[word, space, value])
    }

    /// A value after `=` or `:`, with its space: on the same line, or on the next if only that keeps it on one.
    pub(super) fn value(&mut self, value: &Expr) -> Doc {
        let is_jump = matches!(value.kind, ExprKind::Return(_) | ExprKind::Break | ExprKind::Continue);
        let value = self.expr(value);
        let space = self.arena.text(" ");
        let same_line = self.arena.concat(&[space, value]);
        if self.arena.stays(value) || self.arena.is_forced(value) || is_jump {
            return same_line;
        }
        let next_line = self.on_next_line(value);
        self.arena.add(Node::Choice {
            flat: same_line,
            layouts: vec![(next_line, Fit::SecondLine)],
            last: same_line,
        })
    }

    /// A document on the line below, indented.
    pub(super) fn on_next_line(&mut self, doc: Doc) -> Doc {
        let (hard, flat) = (self.hard(), self.arena.group(doc));
        let below = self.arena.concat(&[hard, flat]);
        self.arena.indent(below)
    }
}
