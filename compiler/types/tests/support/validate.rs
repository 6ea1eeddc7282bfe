//! What every typed body without errors keeps to, checked on all programs of these tests: it is a tree, each local
//! is bound before it is used, closures use their own locals only, and nothing in it has the type of an error.

use dot_db::Database;
use dot_types::thir::{
    Arg, Body, Callee, ExprId, ExprKind, Iter, ListPart, LocalId, Pattern, Piece, Place, Projection, Stmt,
    TextPiece,
};
use dot_types::{Ty, TyKind};
use std::collections::BTreeSet;

/// Asserts that a body is well formed.
pub fn validate(db: &Database, body: &Body<'_>) {
    let mut walk = Walk { db, body, seen: BTreeSet::new(), bound: BTreeSet::new() };
    for param in &body.params {
        walk.bind(param.local);
    }
    walk.expr(body.root);
}

struct Walk<'a, 'db> {
    db: &'db Database,
    body: &'a Body<'db>,
    seen: BTreeSet<ExprId>,
    bound: BTreeSet<LocalId>,
}

impl<'db> Walk<'_, 'db> {
    fn bind(&mut self, local: LocalId) {
        self.ty(self.body.local(local).ty);
        self.bound.insert(local);
    }

    fn ty(&self, ty: Ty<'db>) {
        assert_ne!(*ty.kind(self.db), TyKind::Error, "an error's type in a body without errors");
    }

    fn local(&self, local: LocalId) {
        assert!(self.bound.contains(&local), "{local:?} {} is not bound here", self.body.local(local).name);
    }

    fn scoped(&mut self, inner: impl FnOnce(&mut Self)) {
        let before = self.bound.clone();
        inner(self);
        self.bound = before;
    }

    fn all(&mut self, ids: impl IntoIterator<Item = ExprId>) {
        ids.into_iter().for_each(|id| self.expr(id));
    }

    fn expr(&mut self, id: ExprId) {
        assert!(self.seen.insert(id), "{id:?} stands twice in the tree");
        let body = self.body;
        let expr = body.expr(id);
        self.ty(expr.ty);
        match &expr.kind {
            ExprKind::Error => panic!("an error in a body without errors"),
            ExprKind::Literal(_)
            | ExprKind::Const(_)
            | ExprKind::Break
            | ExprKind::Continue
            | ExprKind::Visitor
            | ExprKind::Flags(_) => {}
            ExprKind::FnValue { type_args, .. } => type_args.iter().for_each(|ty| self.ty(*ty)),
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Block { stmts, tail } => self.scoped(|walk| {
                stmts.iter().for_each(|stmt| walk.stmt(stmt));
                walk.all(*tail);
            }),
            ExprKind::If { cond, then_branch, else_branch } => {
                let before = self.bound.clone();
                self.expr(*cond);
                self.scoped(|walk| walk.expr(*then_branch));
                self.bound = before;
                self.all(*else_branch);
            }
            ExprKind::Match { scrutinee, arms } => {
                self.expr(*scrutinee);
                for arm in arms {
                    self.scoped(|walk| {
                        walk.pattern(&arm.pattern);
                        walk.all(arm.guard);
                        walk.expr(arm.body);
                    });
                }
            }
            ExprKind::Is { scrutinee, pattern } => {
                self.expr(*scrutinee);
                self.pattern(pattern);
            }
            ExprKind::ShortCircuit { and, left, right } => {
                self.expr(*left);
                if *and { self.expr(*right) } else { self.scoped(|walk| walk.expr(*right)) }
            }
            ExprKind::While { cond, body } => self.scoped(|walk| walk.all([*cond, *body])),
            ExprKind::For { pattern, iter, body } => {
                match iter {
                    Iter::Range { start, end, .. } => self.all([*start].into_iter().chain(*end)),
                    Iter::List(id) | Iter::Map(id) | Iter::Set(id) | Iter::Chars(id) | Iter::Each(id) => {
                        self.expr(*id);
                    }
                }
                self.scoped(|walk| {
                    walk.pattern(pattern);
                    walk.expr(*body);
                });
            }
            ExprKind::Return(value) => self.all(*value),
            ExprKind::Binary { left, right, .. }
            | ExprKind::Compare { left, right, .. }
            | ExprKind::Index { base: left, index: right } => self.all([*left, *right]),
            ExprKind::Unary { operand, .. } | ExprKind::Convert { operand, .. } => self.expr(*operand),
            ExprKind::Field { base, .. } | ExprKind::Part { base, .. } | ExprKind::FromEnd { base, .. } => {
                self.expr(*base);
            }
            ExprKind::Trap { message, .. } => self.expr(*message),
            ExprKind::Record(parts) | ExprKind::Tuple(parts) | ExprKind::Case { args: parts, .. } => {
                self.all(parts.iter().copied());
            }
            ExprKind::List(parts) => self.all(parts.iter().map(|part| match part {
                ListPart::Item(id) | ListPart::Spread(id) => *id,
            })),
            ExprKind::Map(entries) => self.all(entries.iter().flat_map(|(key, value)| [*key, *value])),
            ExprKind::Interpolate(pieces) => self.all(pieces.iter().filter_map(|piece| match piece {
                Piece::Text(_) => None,
                Piece::Value(id) => Some(*id),
            })),
            ExprKind::Call { callee, args } => {
                match callee {
                    Callee::Value(id) => self.expr(*id),
                    Callee::Item { type_args, .. } | Callee::Intrinsic { type_args, .. } => {
                        type_args.iter().for_each(|ty| self.ty(*ty));
                    }
                }
                for arg in args {
                    match arg {
                        Arg::Value(id) => self.expr(*id),
                        Arg::InOut(place) => self.place(place),
                    }
                }
            }
            ExprKind::Closure(closure) => {
                let outside = std::mem::take(&mut self.bound);
                for (outer, inner) in &closure.captures {
                    assert!(outside.contains(outer), "{outer:?} is captured and not bound");
                    self.bind(*inner);
                }
                closure.params.iter().for_each(|param| self.bind(param.local));
                self.ty(closure.ret);
                self.expr(closure.body);
                self.bound = outside;
            }
            ExprKind::With { value, replaced, body } => {
                assert!(!replaced.is_empty(), "a `with` that replaces nothing");
                self.expr(*value);
                self.expr(*body);
            }
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { pattern, init, otherwise } => {
                self.expr(*init);
                self.all(*otherwise);
                self.pattern(pattern);
            }
            Stmt::Expr(id) => self.expr(*id),
            Stmt::Assign { place, value, .. } => {
                self.place(place);
                self.expr(*value);
            }
        }
    }

    fn place(&mut self, place: &Place) {
        self.local(place.root);
        for step in &place.path {
            match step {
                Projection::Field(_) | Projection::Part { .. } | Projection::FromEnd(_) => {}
                Projection::Index(id) => self.expr(*id),
                Projection::Key { key, default } => self.all([*key].into_iter().chain(*default)),
            }
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Wildcard | Pattern::Literal(_) | Pattern::Range { .. } => {}
            Pattern::Equals(id) => self.expr(*id),
            Pattern::Bind(local, inner) => {
                self.bind(*local);
                if let Some(inner) = inner {
                    self.pattern(inner);
                }
            }
            Pattern::Case { parts, .. } | Pattern::Or(parts) => {
                parts.iter().for_each(|part| self.pattern(part))
            }
            Pattern::Fields(fields) => fields.iter().for_each(|(_, part)| self.pattern(part)),
            Pattern::List { before, rest, after } => {
                before.iter().chain(after).for_each(|part| self.pattern(part));
                if let Some(Some(local)) = rest {
                    self.bind(*local);
                }
            }
            Pattern::Text(pieces) => pieces.iter().for_each(|piece| match piece {
                TextPiece::Text(_) => {}
                TextPiece::Hole(inner) => self.pattern(inner),
            }),
        }
    }
}
