//! The types of what patterns are matched with.
//!
//! Typed HIR has no types for patterns, since each follows from what is matched. So they are worked out here again,
//! from the value inwards.

use super::View;
use dot_db::Item;
use dot_hir::body::{BuiltinCase, Expr, ListPat, Pat, PatId, Stmt};
use dot_types::{AdtShape, Ty, TyKind, adt_def};

impl<'db> View<'db> {
    /// The type of what a pattern is matched with.
    pub(crate) fn pattern_type(&self, wanted: PatId) -> Option<Ty<'db>> {
        self.roots().into_iter().find_map(|(root, ty)| self.inside(root, ty, wanted))
    }

    /// The patterns that are inside no other, with the types of their values, as far as they are known.
    fn roots(&self) -> Vec<(PatId, Ty<'db>)> {
        let mut roots = Vec::new();
        let mut add = |pat: PatId, ty: Option<Ty<'db>>| roots.extend(ty.map(|ty| (pat, ty)));
        for (range, expr) in self.map.exprs.iter().zip(&self.hir.exprs) {
            let value = |id| self.type_at(self.map.expr(id));
            match expr {
                Expr::Match { scrutinee, arms, .. } => {
                    arms.iter().for_each(|arm| add(arm.pat, value(*scrutinee)));
                }
                Expr::Is { value: scrutinee, pat } => add(*pat, value(*scrutinee)),
                Expr::ParFor { pat, iterable, .. } => {
                    add(*pat, value(*iterable).and_then(|ty| self.element(ty)));
                }
                Expr::Closure(closure) => {
                    for (index, param) in closure.params.iter().enumerate() {
                        add(param.pat, self.closure_param_type(*range, index));
                    }
                }
                Expr::Block(block) => block.stmts.iter().for_each(|stmt| match stmt {
                    Stmt::Let { pat, value: init, .. } | Stmt::Var { pat, value: init, .. } => {
                        add(*pat, value(*init));
                    }
                    Stmt::For { pat, iterable, .. } => match self.hir.exprs.get(iterable.0 as usize) {
                        Some(Expr::Range { start, .. }) => add(*pat, value(*start)),
                        _ => add(*pat, value(*iterable).and_then(|ty| self.element(ty))),
                    },
                    _ => {}
                }),
                _ => {}
            }
        }
        roots
    }

    /// What a loop over a value of this type visits.
    fn element(&self, ty: Ty<'db>) -> Option<Ty<'db>> {
        match ty.kind(self.db) {
            TyKind::List(item) | TyKind::FixedList(item, _) | TyKind::Set(item) | TyKind::Stream(item) => {
                Some(*item)
            }
            TyKind::Map(key, value) => Some(Ty::new(self.db, TyKind::Tuple(vec![*key, *value]))),
            TyKind::String => Some(Ty::new(self.db, TyKind::Char)),
            _ => None,
        }
    }

    /// The type of what `wanted` is matched with, if it is `pat`, matched with a value of type `ty`, or inside it.
    fn inside(&self, pat: PatId, ty: Ty<'db>, wanted: PatId) -> Option<Ty<'db>> {
        if pat == wanted {
            return Some(ty);
        }
        match self.pat(pat)? {
            Pat::As { pat, .. } => self.inside(*pat, ty, wanted),
            Pat::Or(pats) => pats.iter().find_map(|pat| self.inside(*pat, ty, wanted)),
            Pat::Tuple(pats) => {
                let TyKind::Tuple(parts) = ty.kind(self.db) else { return None };
                pats.iter().zip(parts).find_map(|(pat, ty)| self.inside(*pat, *ty, wanted))
            }
            Pat::List(parts) => {
                let item = self.element(ty)?;
                parts.iter().find_map(|part| match part {
                    ListPat::Element(pat) => self.inside(*pat, item, wanted),
                    ListPat::Rest(_) => None,
                })
            }
            Pat::Builtin { case, args } => {
                let part = match (case, ty.kind(self.db)) {
                    (BuiltinCase::Some, TyKind::Option(item)) => *item,
                    (BuiltinCase::Ok, TyKind::Result(ok, _)) => *ok,
                    (BuiltinCase::Err, TyKind::Result(_, err)) => *err,
                    _ => return None,
                };
                args.iter().find_map(|pat| self.inside(*pat, part, wanted))
            }
            Pat::Case { path, args, .. } => {
                let name = path.last()?;
                let (item, type_args) = self.adt(ty)?;
                let AdtShape::Variant(cases) = &adt_def(self.db, item).shape else { return None };
                let parts = &cases.iter().find(|case| case.name == name.text)?.parts;
                args.iter().flatten().enumerate().find_map(|(index, arg)| {
                    let part = match &arg.label {
                        Some(label) => parts.iter().find(|part| part.label.as_ref() == Some(&label.text)),
                        None => parts.get(index),
                    };
                    self.inside(arg.pat, part?.ty.substitute(self.db, type_args), wanted)
                })
            }
            Pat::Record { fields, .. } => {
                let (item, type_args) = self.adt(ty)?;
                let AdtShape::Record(declared) = &adt_def(self.db, item).shape else { return None };
                fields.iter().find_map(|field| {
                    let found = declared.iter().find(|declared| declared.name == field.name.text)?;
                    self.inside(field.pat, found.ty.substitute(self.db, type_args), wanted)
                })
            }
            _ => None,
        }
    }

    fn adt(&self, ty: Ty<'db>) -> Option<(Item<'db>, &'db [Ty<'db>])> {
        match ty.kind(self.db) {
            TyKind::Adt(item, args) => Some((*item, args)),
            _ => None,
        }
    }
}
