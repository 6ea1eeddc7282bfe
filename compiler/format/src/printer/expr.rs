//! Expressions.

use super::Printer;
use super::bracketed::{ARGUMENTS, ARMS, LIST, LONE_NAME, RECORD, TUPLE};
use crate::doc::{Doc, Fit, Hug, Node};
use dot_syntax::ast::{
    Arg, Arm, Block, Closure, Expr, ExprKind, ListEntry, MapEntry, Path, RecordInit, Stmt, StmtKind,
};
use dot_syntax::lexer::Kind;

/// So much stack is left before it is made larger, and so much it is made larger by.
const RED_ZONE: usize = 128 << 10;
const MORE_STACK: usize = 2 << 20;

impl Printer<'_> {
    /// An expression.
    pub(super) fn expr(&mut self, expr: &Expr) -> Doc {
        stacker::maybe_grow(RED_ZONE, MORE_STACK, || self.expr_here(expr))
    }

    fn expr_here(&mut self, expr: &Expr) -> Doc {
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::String(_) => {
                let doc = self.next();
                self.lost |= self.pos() < expr.range.end;
                doc
            }
            ExprKind::Name(_) | ExprKind::Builtin(_) | ExprKind::Break | ExprKind::Continue => self.next(),
            ExprKind::Paren(inner) => self.paren(inner),
            ExprKind::Tuple(elements) => {
                let style = if elements.len() == 1 { TUPLE } else { ARGUMENTS };
                self.each(style, elements, Self::expr)
            }
            ExprKind::List(entries) => self.list(entries),
            ExprKind::Map(entries) => self.map(entries),
            ExprKind::Record { path, inits } => self.record(path.as_ref(), inits),
            ExprKind::Field { .. }
            | ExprKind::TupleField { .. }
            | ExprKind::Index { .. }
            | ExprKind::Call { .. }
            | ExprKind::MethodCall { .. } => self.chain(expr),
            ExprKind::Try(inner) if is_pipe(inner) => self.pipeline(expr),
            ExprKind::Try(_) => self.chain(expr),
            ExprKind::Pipe { .. } => self.pipeline(expr),
            ExprKind::Unary { operand, .. } => {
                let (op, operand) = (self.next(), self.expr(operand));
                self.arena.concat(&[op, operand])
            }
            ExprKind::Binary { .. } => self.binary(expr),
            ExprKind::Coalesce { .. } => self.coalesce(expr),
            ExprKind::Range { start, end, .. } => {
                let mut parts = vec![self.expr(start), self.next()];
                parts.extend(end.as_ref().map(|end| self.expr(end)));
                self.arena.concat(&parts)
            }
            ExprKind::Is { value, pattern } => self.is(value, pattern),
            ExprKind::Block(block) => self.block_group(block),
            ExprKind::If { condition, then, otherwise } => {
                let (condition, inner) = self.if_(condition, then, otherwise.as_deref());
                self.arena.headed_group(&[condition], inner)
            }
            ExprKind::Match { inout, scrutinee, arms } => self.match_(inout.is_some(), scrutinee, arms),
            ExprKind::Closure(closure) => self.closure(closure),
            ExprKind::Par(branches) => {
                let (word, space) = (self.word(Kind::Par), self.arena.text(" "));
                let branches = self.each_unbroken(ARMS, branches, Self::expr);
                let inner = self.arena.concat(&[word, space, branches]);
                self.arena.hugging_group(inner, Hug::Strong)
            }
            ExprKind::ParFor { pattern, iterable, body } => {
                let word = self.word(Kind::Par);
                self.for_loop(Some(word), pattern, iterable, body)
            }
            ExprKind::With { effect, value, body } => {
                let space = self.arena.text(" ");
                let word = self.word(Kind::With);
                let effect = self.glued(effect.range.end);
                let equals = self.word(Kind::Eq);
                let value = self.head(value);
                self.headed(&[word, space, effect, space, equals, value], body)
            }
            ExprKind::Return(None) => self.word(Kind::Return),
            ExprKind::Return(Some(value)) => self.after_word(Kind::Return, value),
            ExprKind::Do(stmt) => self.action(stmt),
            ExprKind::Error(_) => {
                self.lost = true;
                self.next()
            }
        }
    }

    /// Each of `items` in brackets.
    pub(super) fn each<T>(
        &mut self,
        style: super::bracketed::Style,
        items: &[T],
        mut print: impl FnMut(&mut Self, &T) -> Doc,
    ) -> Doc {
        let mut items = items.iter();
        self.hugging(style, |printer| items.next().map(|item| print(printer, item)))
    }

    /// Each of `items` in brackets, whose lines break with what stands around them.
    pub(super) fn each_unbroken<T>(
        &mut self,
        style: super::bracketed::Style,
        items: &[T],
        mut print: impl FnMut(&mut Self, &T) -> Doc,
    ) -> Doc {
        let mut items = items.iter();
        self.unbroken(style, |printer| items.next().map(|item| print(printer, item)))
    }

    fn paren(&mut self, inner: &Expr) -> Doc {
        let open = self.word(Kind::OpenParen);
        let leading = self.leading();
        let inner = self.expr(inner);
        let soft = self.soft_line();
        let mut inside = vec![soft];
        inside.extend(&leading);
        inside.push(inner);
        let inside = self.arena.concat(&inside);
        let inside = self.arena.indent(inside);
        let close = self.word(Kind::CloseParen);
        let all = self.arena.concat(&[open, inside, soft, close]);
        let group = self.arena.group(all);
        let Some((hugged, hug)) = self.arena.hug(inner).filter(|_| leading.is_empty()) else { return group };
        let hugged = self.arena.concat(&[open, hugged, close]);
        let broken = self.arena.add(Node::Broken(all));
        let layouts = vec![(hugged, Fit::FirstLine)];
        let choice = self.arena.add(Node::Choice { flat: group, layouts, last: broken });
        self.arena.set_hug(choice, hugged, hug);
        choice
    }

    fn list(&mut self, entries: &[ListEntry]) -> Doc {
        let mut entries = entries.iter();
        let print = |printer: &mut Self| {
            Some(match entries.next()? {
                ListEntry::Element(element) => printer.expr(element),
                ListEntry::Spread(inner) => printer.spread(inner),
            })
        };
        self.bracketed(LIST, print)
    }

    /// `..e`
    fn spread(&mut self, inner: &Expr) -> Doc {
        let (dots, inner) = (self.word(Kind::DotDot), self.expr(inner));
        self.arena.concat(&[dots, inner])
    }

    fn map(&mut self, entries: &[MapEntry]) -> Doc {
        if entries.is_empty() {
            let parts = [self.word(Kind::OpenBracket), self.word(Kind::Colon), self.word(Kind::CloseBracket)];
            return self.arena.concat(&parts);
        }
        let mut entries = entries.iter();
        let print = |printer: &mut Self| {
            Some(match entries.next()? {
                MapEntry::Spread(inner) => printer.spread(inner),
                MapEntry::Pair(key, value) => {
                    let parts = [printer.expr(key), printer.word(Kind::Colon), printer.value(value)];
                    printer.arena.concat(&parts)
                }
            })
        };
        self.bracketed(LIST, print)
    }

    fn record(&mut self, path: Option<&Path>, inits: &[RecordInit]) -> Doc {
        let path = path.map(|path| self.glued(path.range.end));
        // `{ x }` would be a block.
        let is_lone_name = matches!(inits, [RecordInit::Field { value: None, .. }]);
        let style = if path.is_none() && is_lone_name { LONE_NAME } else { RECORD };
        let mut inits = inits.iter();
        let print = |printer: &mut Self| {
            Some(match inits.next()? {
                RecordInit::Spread(inner) => printer.spread(inner),
                RecordInit::Field { value: None, .. } => printer.next(),
                RecordInit::Field { value: Some(value), .. } => {
                    let parts = [printer.next(), printer.word(Kind::Colon), printer.value(value)];
                    printer.arena.concat(&parts)
                }
            })
        };
        let braces = self.bracketed(style, print);
        match path {
            Some(path) => self.after(path, " ", braces),
            None => braces,
        }
    }

    /// `first`, `between`, and `last`, which may be broken in `last`.
    pub(super) fn after(&mut self, first: Doc, between: &'static str, last: Doc) -> Doc {
        let between = self.arena.text(between);
        let doc = self.arena.concat(&[first, between, last]);
        if let Some((broken, hug)) = self.arena.hug(last) {
            let broken = self.arena.concat(&[first, between, broken]);
            self.arena.set_hug(doc, broken, hug);
        }
        doc
    }

    /// Arguments in parentheses.
    pub(super) fn args(&mut self, args: &[Arg]) -> Doc {
        self.each(ARGUMENTS, args, Self::arg)
    }

    /// An argument.
    pub(super) fn arg(&mut self, arg: &Arg) -> Doc {
        if arg.label.is_some() {
            let parts = [self.next(), self.word(Kind::Colon), self.value(&arg.value)];
            return self.arena.concat(&parts);
        }
        if arg.inout.is_some() {
            return self.after_word(Kind::Inout, &arg.value);
        }
        self.expr(&arg.value)
    }

    /// The condition, and all of it.
    fn if_(&mut self, condition: &Expr, then: &Block, otherwise: Option<&Expr>) -> (Doc, Doc) {
        let space = self.arena.text(" ");
        let word = self.word(Kind::If);
        let condition = self.head(condition);
        let mut parts = vec![word, condition, space, self.block(then)];
        if let Some(otherwise) = otherwise {
            parts.extend([space, self.word(Kind::Else), space]);
            parts.push(match &otherwise.kind {
                ExprKind::If { condition, then, otherwise } => {
                    stacker::maybe_grow(RED_ZONE, MORE_STACK, || {
                        self.if_(condition, then, otherwise.as_deref()).1
                    })
                }
                ExprKind::Block(block) => self.block(block),
                _ => self.expr(otherwise),
            });
        }
        (condition, self.arena.concat(&parts))
    }

    fn match_(&mut self, inout: bool, scrutinee: &Expr, arms: &[Arm]) -> Doc {
        let space = self.arena.text(" ");
        let mut parts = vec![self.word(Kind::Match)];
        if inout {
            parts.extend([space, self.word(Kind::Inout)]);
        }
        let head = self.head(scrutinee);
        parts.extend([head, space]);
        parts.push(self.each_unbroken(ARMS, arms, Self::arm));
        let inner = self.arena.concat(&parts);
        self.arena.headed_group(&[head], inner)
    }

    fn arm(&mut self, arm: &Arm) -> Doc {
        let space = self.arena.text(" ");
        let mut parts = vec![self.pattern(&arm.pattern)];
        if let Some(guard) = &arm.guard {
            // A line that began with `if` would begin anew.
            parts.extend([space, self.word(Kind::If), space]);
            let guard = self.expr(guard);
            parts.push(self.arena.indent(guard));
        }
        parts.extend([space, self.word(Kind::FatArrow)]);
        let body = self.expr(&arm.body);
        let same_line = self.arena.concat(&[space, body]);
        let below = self.on_next_line(body);
        let hugged = self.arena.hug(body).map(|(broken, hug)| (self.arena.concat(&[space, broken]), hug));
        let mut layouts = match hugged {
            Some((hugged, Hug::Strong)) => vec![(hugged, Fit::FirstLine), (below, Fit::SecondLine)],
            Some((hugged, Hug::Weak)) => vec![(below, Fit::SecondLine), (hugged, Fit::FirstLine)],
            None => vec![(below, Fit::SecondLine)],
        };
        if self.arena.is_forced(body) {
            layouts.retain(|(_, fit)| *fit == Fit::FirstLine);
        }
        parts.push(self.arena.add(Node::Choice { flat: same_line, layouts, last: same_line }));
        self.arena.concat(&parts)
    }

    fn closure(&mut self, closure: &Closure) -> Doc {
        let space = self.arena.text(" ");
        let mut head = Vec::new();
        if closure.params.is_empty() {
            head.push(self.word(Kind::OrOr));
        } else {
            head.push(self.word(Kind::Or));
            for (index, param) in closure.params.iter().enumerate() {
                if index > 0 {
                    head.push(space);
                }
                head.push(self.pattern(&param.pattern));
                if let Some(ty) = &param.ty {
                    head.extend([self.word(Kind::Colon), space, self.ty(ty)]);
                }
                if index + 1 < closure.params.len() {
                    head.push(self.word(Kind::Comma));
                } else {
                    head.extend(self.separator());
                }
            }
            head.push(self.word(Kind::Or));
        }
        if let Some(result) = &closure.result {
            head.extend([space, self.word(Kind::Arrow), space, self.ty(result)]);
        }
        let head = self.arena.concat(&head);
        let head = self.arena.add(Node::Flat(head));
        let body = self.expr(&closure.body);
        self.after(head, " ", body)
    }

    /// A statement where a closure's or an arm's body stands.
    fn action(&mut self, stmt: &Stmt) -> Doc {
        let doc = self.stmt(stmt);
        // The space of its value is all that an assignment could break at.
        if matches!(stmt.kind, StmtKind::Assign { .. }) {
            self.arena.set_stays(doc);
        }
        doc
    }
}

/// Whether it is a pipeline, perhaps with `?` after its last stage.
pub(super) fn is_pipe(expr: &Expr) -> bool {
    let mut expr = expr;
    while let ExprKind::Try(inner) = &expr.kind {
        expr = inner;
    }
    matches!(expr.kind, ExprKind::Pipe { .. })
}
