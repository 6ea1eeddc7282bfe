//! Walking typed trees.

use crate::thir::{
    Arg, Body, Callee, ExprId, ExprKind, Iter, ListPart, LocalId, Pattern, Piece, Place, Projection, Stmt,
    TextPiece,
};
use std::collections::BTreeSet;

/// Visits the expressions that stand directly in one.
pub fn for_each_child(kind: &ExprKind<'_>, visit: &mut dyn FnMut(ExprId)) {
    match kind {
        ExprKind::Literal(_)
        | ExprKind::Const(_)
        | ExprKind::Local(_)
        | ExprKind::Break
        | ExprKind::Continue
        | ExprKind::Flags(_)
        | ExprKind::FnValue { .. }
        | ExprKind::Visitor
        | ExprKind::Error => {}
        ExprKind::Block { stmts, tail } => {
            stmts.iter().for_each(|stmt| in_stmt(stmt, visit));
            tail.iter().copied().for_each(visit);
        }
        ExprKind::If { cond, then_branch, else_branch } => {
            [*cond, *then_branch].into_iter().chain(*else_branch).for_each(visit);
        }
        ExprKind::Match { scrutinee, arms } => {
            visit(*scrutinee);
            for arm in arms {
                in_pattern(&arm.pattern, visit);
                arm.guard.iter().copied().for_each(&mut *visit);
                visit(arm.body);
            }
        }
        ExprKind::Is { scrutinee, pattern } => {
            visit(*scrutinee);
            in_pattern(pattern, visit);
        }
        ExprKind::ShortCircuit { left, right, .. }
        | ExprKind::Binary { left, right, .. }
        | ExprKind::Compare { left, right, .. }
        | ExprKind::While { cond: left, body: right }
        | ExprKind::Index { base: left, index: right } => [*left, *right].into_iter().for_each(visit),
        ExprKind::For { pattern, iter, body } => {
            match iter {
                Iter::Range { start, end, .. } => {
                    visit(*start);
                    end.iter().copied().for_each(&mut *visit);
                }
                Iter::List(id) | Iter::Map(id) | Iter::Set(id) | Iter::Chars(id) | Iter::Each(id) => {
                    visit(*id)
                }
            }
            in_pattern(pattern, visit);
            visit(*body);
        }
        ExprKind::Return(value) => value.iter().copied().for_each(visit),
        ExprKind::Unary { operand: one, .. }
        | ExprKind::Convert { operand: one, .. }
        | ExprKind::Field { base: one, .. }
        | ExprKind::Part { base: one, .. }
        | ExprKind::FromEnd { base: one, .. }
        | ExprKind::Trap { message: one, .. } => visit(*one),
        ExprKind::Record(parts) | ExprKind::Tuple(parts) | ExprKind::Case { args: parts, .. } => {
            parts.iter().copied().for_each(visit);
        }
        ExprKind::List(parts) => parts.iter().for_each(|part| match part {
            ListPart::Item(id) | ListPart::Spread(id) => visit(*id),
        }),
        ExprKind::Map(entries) => {
            entries.iter().flat_map(|(key, value)| [*key, *value]).for_each(visit);
        }
        ExprKind::Interpolate(pieces) => pieces.iter().for_each(|piece| {
            if let Piece::Value(id) = piece {
                visit(*id);
            }
        }),
        ExprKind::Call { callee, args } => {
            if let Callee::Value(id) = callee {
                visit(*id);
            }
            args.iter().for_each(|arg| match arg {
                Arg::Value(id) => visit(*id),
                Arg::InOut(place) => in_place(place, visit),
            });
        }
        ExprKind::Closure(closure) => visit(closure.body),
        ExprKind::With { value, body, .. } => [*value, *body].into_iter().for_each(visit),
    }
}

fn in_stmt(stmt: &Stmt, visit: &mut dyn FnMut(ExprId)) {
    match stmt {
        Stmt::Let { pattern, init, otherwise } => {
            visit(*init);
            otherwise.iter().copied().for_each(&mut *visit);
            in_pattern(pattern, visit);
        }
        Stmt::Expr(id) => visit(*id),
        Stmt::Assign { place, value, .. } => {
            in_place(place, visit);
            visit(*value);
        }
    }
}

fn in_place(place: &Place, visit: &mut dyn FnMut(ExprId)) {
    for step in &place.path {
        match step {
            Projection::Field(_) | Projection::Part { .. } | Projection::FromEnd(_) => {}
            Projection::Index(id) => visit(*id),
            Projection::Key { key, default } => [*key].into_iter().chain(*default).for_each(&mut *visit),
        }
    }
}

fn in_pattern(pattern: &Pattern, visit: &mut dyn FnMut(ExprId)) {
    match pattern {
        Pattern::Wildcard | Pattern::Literal(_) | Pattern::Range { .. } => {}
        Pattern::Equals(id) => visit(*id),
        Pattern::Bind(_, inner) => inner.iter().for_each(|inner| in_pattern(inner, visit)),
        Pattern::Case { parts, .. } | Pattern::Or(parts) => {
            parts.iter().for_each(|part| in_pattern(part, visit));
        }
        Pattern::Fields(fields) => fields.iter().for_each(|(_, part)| in_pattern(part, visit)),
        Pattern::List { before, after, .. } => {
            before.iter().chain(after).for_each(|part| in_pattern(part, visit));
        }
        Pattern::Text(pieces) => pieces.iter().for_each(|piece| {
            if let TextPiece::Hole(inner) = piece {
                in_pattern(inner, visit);
            }
        }),
    }
}

/// Visits the locals that a pattern binds.
pub fn for_each_binding(pattern: &Pattern, visit: &mut dyn FnMut(LocalId)) {
    match pattern {
        Pattern::Wildcard | Pattern::Literal(_) | Pattern::Equals(_) | Pattern::Range { .. } => {}
        Pattern::Bind(local, inner) => {
            visit(*local);
            inner.iter().for_each(|inner| for_each_binding(inner, visit));
        }
        Pattern::Case { parts, .. } | Pattern::Or(parts) => {
            parts.iter().for_each(|part| for_each_binding(part, visit));
        }
        Pattern::Fields(fields) => fields.iter().for_each(|(_, part)| for_each_binding(part, visit)),
        Pattern::List { before, rest, after } => {
            before.iter().chain(after).for_each(|part| for_each_binding(part, visit));
            rest.iter().flatten().copied().for_each(visit);
        }
        Pattern::Text(pieces) => pieces.iter().for_each(|piece| {
            if let TextPiece::Hole(inner) = piece {
                for_each_binding(inner, visit);
            }
        }),
    }
}

/// The locals of around that a part of a body mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Free {
    /// Those that it reads, assigns to, or captures.
    pub mentioned: BTreeSet<LocalId>,
    /// Those that it may change.
    pub changed: BTreeSet<LocalId>,
}

/// The free locals of an expression, given those that are bound for it.
#[must_use]
pub fn free_locals(body: &Body<'_>, root: ExprId, bound: &[LocalId]) -> Free {
    let mut free = Free::default();
    let mut inside: BTreeSet<LocalId> = bound.iter().copied().collect();
    let mut todo = vec![root];
    while let Some(id) = todo.pop() {
        let kind = &body.expr(id).kind;
        mentions(kind, &mut free, &mut inside);
        for_each_child(kind, &mut |child| todo.push(child));
    }
    free.mentioned.retain(|local| !inside.contains(local));
    free.changed.retain(|local| !inside.contains(local));
    free
}

/// What one expression mentions and binds itself.
fn mentions(kind: &ExprKind<'_>, free: &mut Free, inside: &mut BTreeSet<LocalId>) {
    let mut change = |place: &Place| {
        free.mentioned.insert(place.root);
        free.changed.insert(place.root);
    };
    let mut bind = |pattern: &Pattern| {
        for_each_binding(pattern, &mut |local| {
            inside.insert(local);
        });
    };
    match kind {
        ExprKind::Local(local) => {
            free.mentioned.insert(*local);
        }
        ExprKind::Block { stmts, .. } => stmts.iter().for_each(|stmt| match stmt {
            Stmt::Let { pattern, .. } => bind(pattern),
            Stmt::Assign { place, .. } => change(place),
            Stmt::Expr(_) => {}
        }),
        ExprKind::Match { arms, .. } => arms.iter().for_each(|arm| bind(&arm.pattern)),
        ExprKind::Is { pattern, .. } | ExprKind::For { pattern, .. } => bind(pattern),
        ExprKind::Call { args, .. } => args.iter().for_each(|arg| {
            if let Arg::InOut(place) = arg {
                change(place);
            }
        }),
        ExprKind::Closure(closure) => {
            inside.extend(closure.params.iter().map(|param| param.local));
            for (outer, inner) in &closure.captures {
                free.mentioned.insert(*outer);
                inside.insert(*inner);
            }
        }
        _ => {}
    }
}
