//! Operators: chains of one level, broken before each operator where the language lets a line begin with it.

use super::Printer;
use crate::doc::{Doc, Fit, Hug, Node};
use dot_syntax::ast::{BinaryOp, Expr, ExprKind, Pattern, PatternKind};
use dot_syntax::lexer::Kind;

impl Printer<'_> {
    /// `a + b - c`: operators of one level.
    pub(super) fn binary(&mut self, expr: &Expr) -> Doc {
        let ExprKind::Binary { op, .. } = &expr.kind else { return self.expr(expr) };
        let level = level(*op);
        let mut rights = Vec::new();
        let mut first = expr;
        while let ExprKind::Binary { op, left, right, op_range } = &first.kind
            && self::level(*op) == level
        {
            rights.push((op_range.end, &**left, &**right));
            first = left;
        }
        rights.reverse();
        let mut before = first;
        let first = self.expr(first);
        let mut operands = Vec::new();
        for (op_end, _, right) in rights {
            let starts = self.peek().is_some_and(Kind::can_start) || ends_with_record(before);
            let op = self.glued(op_end);
            operands.push((op, starts, self.expr(right)));
            before = right;
        }
        self.operation(first, &operands)
    }

    /// `a ?? b ?? c`
    pub(super) fn coalesce(&mut self, expr: &Expr) -> Doc {
        let (mut operands, mut first, mut rest) = (Vec::new(), None, expr);
        while let ExprKind::Coalesce { value, fallback } = &rest.kind {
            let value = self.expr(value);
            match (&first, operands.last_mut()) {
                (None, _) => first = Some(value),
                (_, Some((_, _, last))) => *last = value,
                _ => {}
            }
            let op = self.word(Kind::Coalesce);
            operands.push((op, false, value));
            rest = fallback;
        }
        let last = self.expr(rest);
        if let Some(operand) = operands.last_mut() {
            operand.2 = last;
        }
        self.operation(first.unwrap_or(last), &operands)
    }

    /// `value is pattern`
    pub(super) fn is(&mut self, value: &Expr, pattern: &Pattern) -> Doc {
        let value = self.expr(value);
        let op = self.word(Kind::Is);
        let pattern = self.pattern(pattern);
        self.operation(value, &[(op, false, pattern)])
    }

    /// A first operand, and the others each with its operator; `true` where no line may begin with that.
    fn operation(&mut self, first: Doc, rest: &[(Doc, bool, Doc)]) -> Doc {
        let (space, line) = (self.arena.text(" "), self.line());
        let mut inside = Vec::new();
        for (op, stays, operand) in rest {
            let (before, after) = if *stays { (space, line) } else { (line, space) };
            inside.extend([before, *op, after, *operand]);
        }
        let inside = self.arena.concat(&inside);
        let inside = self.arena.indent(inside);
        let all = self.arena.concat(&[first, inside]);
        let group = self.arena.group(all);
        let [(op, _, operand)] = rest else { return group };
        let Some((broken, Hug::Strong)) = self.arena.hug(*operand) else { return group };
        if self.arena.is_forced(first) {
            return group;
        }
        let hugged = self.arena.concat(&[first, space, *op, space, broken]);
        let layouts = vec![(hugged, Fit::FirstLine)];
        let choice = self.arena.add(Node::Choice { flat: group, layouts, last: group });
        self.arena.set_hug(choice, hugged, Hug::Strong);
        choice
    }
}

/// Operators of one level are printed as one chain.
fn level(op: BinaryOp) -> u8 {
    use BinaryOp::*;
    match op {
        Or => 0,
        And => 1,
        Eq | Ne | Lt | Le | Gt | Ge => 2,
        BitOr | BitXor | BitAnd => 3,
        Shl | Shr => 4,
        Add | Sub | AddWrap | SubWrap | AddSaturate | SubSaturate => 5,
        Mul | Div | Rem | MulWrap | MulSaturate => 6,
    }
}

/// Whether an expression ends with `is Path { … }`. What goes on after it must do so on the same line, since the brace
/// would open a body otherwise.
fn ends_with_record(expr: &Expr) -> bool {
    let mut expr = expr;
    loop {
        match &expr.kind {
            ExprKind::Is { pattern, .. } => return pattern_ends_with_record(pattern),
            ExprKind::Binary { right, .. } => expr = right,
            _ => return false,
        }
    }
}

fn pattern_ends_with_record(pattern: &Pattern) -> bool {
    match &pattern.kind {
        PatternKind::Record { .. } => true,
        PatternKind::Or(list) => list.last().is_some_and(pattern_ends_with_record),
        _ => false,
    }
}
