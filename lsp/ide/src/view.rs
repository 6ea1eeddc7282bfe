//! A body with what was understood of it.
//!
//! A body stands twice: as it is written (`hir`, with a place for each name) and as it was understood (typed HIR, with a
//! type for each expression). The two have ids of their own; what is the same has the same place. Bodies with mistakes are
//! typed too, as far as it goes.

mod pattern;

use dot_db::{Db, Item, Module};
use dot_diagnostics::TextRange;
use dot_hir::Name;
use dot_hir::body::{Body, BodySourceMap, Expr, ExprId, Pat};
use dot_hir::signature::RecordMember;
use dot_types::thir::{self, ConvertMode, ExprKind};
use dot_types::{Generic, Ty, TyKind, TypedBody};

/// One body of an item, in both forms.
pub(crate) struct View<'db> {
    pub(crate) db: &'db dyn Db,
    pub(crate) module: Module<'db>,
    pub(crate) hir: &'db Body,
    pub(crate) map: &'db BodySourceMap,
    pub(crate) item: Item<'db>,
    pub(crate) typed: Option<&'db TypedBody<'db>>,
    pub(crate) generics: Vec<Generic>,
}

/// The bodies of an item: its code, and the default values in its head.
pub(crate) fn views<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<View<'db>> {
    let view = |hir, map, typed| View {
        db,
        module: item.module(db),
        hir,
        map,
        item,
        typed,
        generics: crate::hover::generics_of(db, item),
    };
    let mut views = Vec::new();
    if let (Some(hir), Some(map)) = (dot_hir::item_body(db, item), dot_hir::body_source_map(db, item)) {
        views.push(view(hir, map, dot_types::typed_body(db, item)));
    }
    let defaults = dot_hir::default_bodies(db, item).iter().zip(dot_hir::default_source_maps(db, item));
    for (index, (hir, map)) in (0u32..).zip(defaults) {
        if let (Some(hir), Some(map)) = (hir, map) {
            let typed = default_index(db, item, index).and_then(|at| dot_types::typed_default(db, item, at));
            views.push(view(hir, map, typed));
        }
    }
    views
}

/// The number under which the default of a parameter or member is known. Behind an included record fields count
/// differently, so the types of those defaults are not found.
fn default_index(db: &dyn Db, item: Item<'_>, member: u32) -> Option<u32> {
    let members = dot_hir::item_signature(db, item).members();
    let before = members.iter().take(member as usize);
    before.clone().all(|member| matches!(member, RecordMember::Field(_))).then_some(member)
}

impl<'db> View<'db> {
    /// The expression whose callee this is.
    pub(crate) fn call_of(&self, callee: ExprId) -> Option<ExprId> {
        let is_call = |expr: &Expr| match expr {
            Expr::Call { callee: called, .. } | Expr::Pipe { callee: called, .. } => *called == callee,
            _ => false,
        };
        let index = self.hir.exprs.iter().position(is_call)?;
        u32::try_from(index).ok().map(ExprId)
    }

    pub(crate) fn dotted(&self, id: ExprId) -> Option<Vec<&'db Name>> {
        match self.hir.exprs.get(id.0 as usize)? {
            Expr::Name(name) => Some(vec![name]),
            Expr::Field { base, name } | Expr::MethodCall { receiver: base, name, .. } => {
                let mut names = self.dotted(*base)?;
                names.push(name);
                Some(names)
            }
            _ => None,
        }
    }

    /// The typed expressions at exactly this place. Those that desugaring put around others come after them.
    pub(crate) fn exprs_at(&self, range: TextRange) -> impl DoubleEndedIterator<Item = &'db thir::Expr<'db>> {
        let exprs = self.typed.map(|typed| typed.body.exprs.iter().zip(&typed.map.exprs));
        exprs.into_iter().flatten().filter(move |(_, place)| **place == range).map(|(expr, _)| expr)
    }

    /// The type of the expression at this place, before it was widened to what was expected.
    pub(crate) fn type_at(&self, range: TextRange) -> Option<Ty<'db>> {
        let is_widened =
            |kind: &ExprKind<'_>| matches!(kind, ExprKind::Convert { mode: ConvertMode::Widen, .. });
        let known = |expr: &&thir::Expr<'db>| !matches!(expr.ty.kind(self.db), TyKind::Error);
        let own = self.exprs_at(range).filter(known).rfind(|expr| !is_widened(&expr.kind));
        own.or_else(|| self.exprs_at(range).rfind(known)).map(|expr| expr.ty)
    }

    /// The parameters of the closure that is made at this place, as locals.
    pub(crate) fn closure_param_type(&self, range: TextRange, index: usize) -> Option<Ty<'db>> {
        self.exprs_at(range).find_map(|expr| match &expr.kind {
            ExprKind::Closure(closure) => {
                let local = closure.params.get(index)?.local;
                self.typed?.body.locals.get(local.0 as usize).map(|local| local.ty)
            }
            _ => None,
        })
    }

    pub(crate) fn generics(&self) -> &[Generic] {
        &self.generics
    }

    pub(crate) fn pat(&self, id: dot_hir::body::PatId) -> Option<&'db Pat> {
        self.hir.pats.get(id.0 as usize)
    }
}
