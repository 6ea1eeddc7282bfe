//! Renumbering of the expressions and locals that an expression mentions, to copy it into another body.

use crate::thir::{Arg, Callee, Closure, ExprId, ExprKind, Iter, ListPart, LocalId, Pattern, Piece, Place};
use crate::thir::{Projection, Stmt, TextPiece};

/// By how much ids grow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Renumber {
    pub(crate) exprs: u32,
    pub(crate) locals: u32,
}

impl Renumber {
    fn expr(self, id: &mut ExprId) {
        id.0 += self.exprs;
    }

    fn local(self, id: &mut LocalId) {
        id.0 += self.locals;
    }

    fn all<'a>(self, ids: impl IntoIterator<Item = &'a mut ExprId>) {
        ids.into_iter().for_each(|id| self.expr(id));
    }
}

/// Moves every id in an expression.
pub(crate) fn renumber(kind: &mut ExprKind<'_>, by: Renumber) {
    match kind {
        ExprKind::Literal(_)
        | ExprKind::Const(_)
        | ExprKind::Break
        | ExprKind::Continue
        | ExprKind::Flags(_)
        | ExprKind::FnValue { .. }
        | ExprKind::Visitor
        | ExprKind::Error => {}
        ExprKind::Local(local) => by.local(local),
        ExprKind::Block { stmts, tail } => {
            stmts.iter_mut().for_each(|stmt| renumber_stmt(stmt, by));
            by.all(tail);
        }
        ExprKind::If { cond, then_branch, else_branch } => {
            by.expr(cond);
            by.expr(then_branch);
            by.all(else_branch);
        }
        ExprKind::Match { scrutinee, arms } => {
            by.expr(scrutinee);
            for arm in arms {
                renumber_pattern(&mut arm.pattern, by);
                by.all(&mut arm.guard);
                by.expr(&mut arm.body);
            }
        }
        ExprKind::Is { scrutinee, pattern } => {
            by.expr(scrutinee);
            renumber_pattern(pattern, by);
        }
        ExprKind::ShortCircuit { left, right, .. }
        | ExprKind::Binary { left, right, .. }
        | ExprKind::Compare { left, right, .. }
        | ExprKind::While { cond: left, body: right }
        | ExprKind::Index { base: left, index: right } => by.all([left, right]),
        ExprKind::For { pattern, iter, body } => {
            renumber_pattern(pattern, by);
            renumber_iter(iter, by);
            by.expr(body);
        }
        ExprKind::Return(value) => by.all(value),
        ExprKind::Unary { operand: one, .. }
        | ExprKind::Convert { operand: one, .. }
        | ExprKind::Field { base: one, .. }
        | ExprKind::Part { base: one, .. }
        | ExprKind::FromEnd { base: one, .. }
        | ExprKind::Trap { message: one, .. } => by.expr(one),
        ExprKind::Record(parts) | ExprKind::Tuple(parts) | ExprKind::Case { args: parts, .. } => {
            by.all(parts)
        }
        ExprKind::List(parts) => by.all(parts.iter_mut().map(|part| match part {
            ListPart::Item(id) | ListPart::Spread(id) => id,
        })),
        ExprKind::Map(entries) => by.all(entries.iter_mut().flat_map(|(key, value)| [key, value])),
        ExprKind::Interpolate(pieces) => by.all(pieces.iter_mut().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Value(id) => Some(id),
        })),
        ExprKind::Call { callee, args } => {
            if let Callee::Value(id) = callee {
                by.expr(id);
            }
            args.iter_mut().for_each(|arg| match arg {
                Arg::Value(id) => by.expr(id),
                Arg::InOut(place) => renumber_place(place, by),
            });
        }
        ExprKind::Closure(closure) => renumber_closure(closure, by),
        ExprKind::With { value, body, .. } => by.all([value, body]),
    }
}

fn renumber_closure(closure: &mut Closure<'_>, by: Renumber) {
    closure.params.iter_mut().for_each(|param| by.local(&mut param.local));
    for (outer, inner) in &mut closure.captures {
        by.local(outer);
        by.local(inner);
    }
    by.expr(&mut closure.body);
}

fn renumber_iter(iter: &mut Iter, by: Renumber) {
    match iter {
        Iter::Range { start, end, .. } => {
            by.expr(start);
            by.all(end);
        }
        Iter::List(id) | Iter::Map(id) | Iter::Set(id) | Iter::Chars(id) | Iter::Each(id) => by.expr(id),
    }
}

fn renumber_stmt(stmt: &mut Stmt, by: Renumber) {
    match stmt {
        Stmt::Let { pattern, init, otherwise } => {
            renumber_pattern(pattern, by);
            by.expr(init);
            by.all(otherwise);
        }
        Stmt::Expr(id) => by.expr(id),
        Stmt::Assign { place, value, .. } => {
            renumber_place(place, by);
            by.expr(value);
        }
    }
}

fn renumber_place(place: &mut Place, by: Renumber) {
    by.local(&mut place.root);
    for step in &mut place.path {
        match step {
            Projection::Field(_) | Projection::Part { .. } | Projection::FromEnd(_) => {}
            Projection::Index(id) => by.expr(id),
            Projection::Key { key, default } => {
                by.expr(key);
                by.all(default);
            }
        }
    }
}

fn renumber_pattern(pattern: &mut Pattern, by: Renumber) {
    match pattern {
        Pattern::Wildcard | Pattern::Literal(_) | Pattern::Range { .. } => {}
        Pattern::Equals(id) => by.expr(id),
        Pattern::Bind(local, inner) => {
            by.local(local);
            if let Some(inner) = inner {
                renumber_pattern(inner, by);
            }
        }
        Pattern::Case { parts, .. } | Pattern::Or(parts) => {
            parts.iter_mut().for_each(|part| renumber_pattern(part, by));
        }
        Pattern::Fields(fields) => fields.iter_mut().for_each(|(_, part)| renumber_pattern(part, by)),
        Pattern::List { before, rest, after } => {
            before.iter_mut().chain(after).for_each(|part| renumber_pattern(part, by));
            if let Some(Some(local)) = rest {
                by.local(local);
            }
        }
        Pattern::Text(pieces) => pieces.iter_mut().for_each(|piece| match piece {
            TextPiece::Text(_) => {}
            TextPiece::Hole(inner) => renumber_pattern(inner, by),
        }),
    }
}
