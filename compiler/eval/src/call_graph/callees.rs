//! What a function calls by name, takes as a value, or leads to by what it does with the values of opaque types.

use super::Node;
use crate::encoding::{cases, record_parts};
use crate::program::Program;
use dot_types::own::{Operation, holds_own, own_operation};
use dot_types::thir::{Arg, Body, Callee, CompareOp, ExprId, ExprKind, Piece, Place, Projection, Stmt};
use dot_types::{Intrinsic, Ty, TyKind, is_too_large};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// The functions that a function may call, each once.
pub(super) fn callees<'db>(program: &dyn Program<'db>, node: &Node<'db>) -> Vec<Node<'db>> {
    let (item, type_args) = node;
    let Some(body) = program.body(*item) else { return Vec::new() };
    let mut search = Search {
        program,
        body,
        type_args,
        found: Vec::new(),
        known: FxHashSet::default(),
        looked: FxHashSet::default(),
    };
    body.exprs.iter().for_each(|expr| search.expr(&expr.kind, expr.ty));
    search.found
}

/// What finding a key in a map or set takes.
const KEY: [Operation; 3] = [Operation::Hash, Operation::Equal, Operation::Compare];

struct Search<'a, 'db> {
    program: &'a dyn Program<'db>,
    body: &'a Body<'db>,
    type_args: &'a [Ty<'db>],
    found: Vec<Node<'db>>,
    known: FxHashSet<Node<'db>>,
    /// What has been done with which types.
    looked: FxHashSet<(Ty<'db>, Operation)>,
}

impl<'db> Search<'_, 'db> {
    fn expr(&mut self, kind: &ExprKind<'db>, ty: Ty<'db>) {
        match kind {
            ExprKind::Call { callee, args } => {
                match callee {
                    Callee::Item { item, type_args } => match self.program.intrinsic(*item) {
                        Some(op) => self.intrinsic(op, type_args),
                        None => self.add(*item, type_args),
                    },
                    Callee::Intrinsic { op, type_args } => self.intrinsic(*op, type_args),
                    Callee::Value(_) => {}
                }
                for arg in args {
                    if let Arg::InOut(place) = arg {
                        self.place(place);
                    }
                }
            }
            ExprKind::FnValue { item, type_args } => self.add(*item, type_args),
            ExprKind::Compare { op: CompareOp::Eq | CompareOp::Ne, left, .. } => {
                self.does(&[Operation::Equal], *left);
            }
            ExprKind::Compare { left, .. } => self.does(&[Operation::Compare], *left),
            ExprKind::Interpolate(pieces) => {
                for piece in pieces {
                    if let Piece::Value(value) = piece {
                        self.does(&[Operation::Show], *value);
                    }
                }
            }
            ExprKind::Index { index, .. } => self.does(&KEY, *index),
            ExprKind::List(_) | ExprKind::Map(_) => {
                let ty = ty.substitute(self.program.db(), self.type_args);
                if let TyKind::Set(key) | TyKind::Map(key, _) = ty.kind(self.program.db()) {
                    KEY.iter().for_each(|op| self.own(*key, *op));
                }
            }
            ExprKind::Block { stmts, .. } => {
                for stmt in stmts {
                    if let Stmt::Assign { place, .. } = stmt {
                        self.place(place);
                    }
                }
            }
            _ => {}
        }
    }

    fn place(&mut self, place: &Place) {
        for step in &place.path {
            if let Projection::Key { key, .. } = step {
                self.does(&KEY, *key);
            }
        }
    }

    /// Something is done with the value of an expression.
    fn does(&mut self, ops: &[Operation], value: ExprId) {
        let ty = self.body.expr(value).ty.substitute(self.program.db(), self.type_args);
        ops.iter().for_each(|op| self.own(ty, *op));
    }

    fn intrinsic(&mut self, op: Intrinsic, type_args: &[Ty<'db>]) {
        let Some(ty) = type_args.first() else { return };
        let ty = ty.substitute(self.program.db(), self.type_args);
        match op {
            Intrinsic::Compare => self.own(ty, Operation::Compare),
            Intrinsic::Hash => self.own(ty, Operation::Hash),
            Intrinsic::Show => self.own(ty, Operation::Show),
            Intrinsic::Encode | Intrinsic::Decode => self.own(ty, Operation::Encode),
            Intrinsic::MapGet
            | Intrinsic::MapInsert
            | Intrinsic::MapRemove
            | Intrinsic::SetContains
            | Intrinsic::SetInsert
            | Intrinsic::SetRemove => KEY.iter().for_each(|op| self.own(ty, *op)),
            _ => {}
        }
    }

    fn add(&mut self, item: dot_db::Item<'db>, type_args: &[Ty<'db>]) {
        let db = self.program.db();
        let type_args: Arc<[Ty<'db>]> =
            type_args.iter().map(|ty| ty.substitute(db, self.type_args)).collect();
        // Instances without end are an error, told elsewhere.
        let ends = !type_args.iter().any(|ty| is_too_large(db, *ty));
        let node = (item, type_args);
        if ends && self.known.insert(node.clone()) {
            self.found.push(node);
        }
    }

    /// Adds the methods that an operation on values of a type leads to.
    fn own(&mut self, ty: Ty<'db>, op: Operation) {
        let db = self.program.db();
        let mut todo = vec![(ty, op)];
        while let Some((ty, op)) = todo.pop() {
            if !holds_own(db, ty) || !self.looked.insert((ty, op)) {
                continue;
            }
            if let Some((method, args)) = own_operation(db, ty, op) {
                self.add_instance(method, args);
                continue;
            }
            match ty.kind(db) {
                TyKind::Map(key, value) => {
                    todo.extend(of_keys(op).iter().map(|op| (*key, *op)));
                    todo.extend([(*key, op), (*value, op)]);
                }
                TyKind::Set(key) => {
                    todo.extend(of_keys(op).iter().map(|op| (*key, *op)));
                    todo.push((*key, op));
                }
                TyKind::List(item) | TyKind::FixedList(item, _) => todo.push((*item, op)),
                _ => {
                    let parts = record_parts(self.program, ty);
                    let cases = cases(self.program, ty).into_iter().flatten().flatten();
                    todo.extend(parts.into_iter().flatten().chain(cases).map(|part| (part, op)));
                }
            }
        }
    }

    fn add_instance(&mut self, item: dot_db::Item<'db>, type_args: &[Ty<'db>]) {
        let node = (item, Arc::from(type_args));
        if self.known.insert(node.clone()) {
            self.found.push(node);
        }
    }
}

/// What an operation on a map or set does with keys besides: it finds them in another one, or takes them in order.
fn of_keys(op: Operation) -> &'static [Operation] {
    match op {
        Operation::Equal | Operation::Encode => &KEY,
        Operation::Compare | Operation::Show => &[Operation::Compare],
        Operation::Hash => &[],
    }
}
