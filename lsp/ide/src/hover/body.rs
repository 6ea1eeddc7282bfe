//! Names and expressions in code.

use super::declaration::type_name;
use super::{Hover, contains, describe};
use crate::view::View;
use dot_db::{Db, Item};
use dot_diagnostics::TextRange;
use dot_hir::body::{Arg, Expr, ExprId, RecordInit};
use dot_hir::type_ref::TypeRef;
use dot_hir::{Def, Name, NameCase, resolve_path};
use dot_types::thir::{self, ExprKind};
use dot_types::{Ty, TyKind};

impl<'db> View<'db> {
    /// What the name at this offset means. A name that stands for two things, as in `{ x }`, is taken for the value.
    pub(super) fn hover_name(&self, offset: u32, holds: fn(TextRange, u32) -> bool) -> Option<Hover> {
        let at = |name: &Name| !name.is_missing() && holds(self.map.name(name.id), offset);
        let shown = |name: &Name, markdown| Hover { range: self.map.name(name.id), markdown };
        for (id, expr) in (0u32..).zip(&self.hir.exprs).map(|(id, expr)| (ExprId(id), expr)) {
            if let Some(name) = value_name(expr).filter(|name| at(name))
                && let Some(said) = self.value(id, expr)
            {
                return Some(shown(name, said));
            }
        }
        for (id, expr) in (0u32..).zip(&self.hir.exprs).map(|(id, expr)| (ExprId(id), expr)) {
            if let Some((name, said)) = self.in_expr(id, expr, &at) {
                return Some(shown(name, said));
            }
        }
        if let Some((name, said)) = self.in_patterns(&at) {
            return Some(shown(name, said));
        }
        self.hir.types.iter().find_map(|ty| {
            let TypeRef::Named { path, .. } = ty else { return None };
            let index = path.segments.iter().position(at)?;
            let names: Vec<&Name> = path.segments.iter().take(index + 1).collect();
            Some(shown(names.last()?, type_name(self.db, self.module, &self.generics, &names)?))
        })
    }

    /// What the expression is that is a name, or ends in one.
    fn value(&self, id: ExprId, expr: &'db Expr) -> Option<String> {
        let range = self.map.expr(id);
        match expr {
            Expr::Name(name) => {
                if let Some(said) = self.local_at(range, &name.text) {
                    return Some(said);
                }
                let call = self.call_of(id).map(|call| self.map.expr(call));
                if let Some(said) = self.item_or_case(&name.text, [Some(range), call]) {
                    return Some(said);
                }
                // A local that was not understood must not be taken for an item of its name.
                let is_local = self.typed?.body.locals.iter().any(|local| local.name == name.text);
                if is_local { self.part_named(range, &name.text) } else { self.unqualified(name) }
            }
            Expr::Field { base, name } => {
                let call = self.call_of(id).map(|call| self.map.expr(call));
                self.field(*base, name)
                    .or_else(|| self.item_or_case(&name.text, [Some(range), call]))
                    .or_else(|| self.qualified(id))
            }
            Expr::MethodCall { name, .. } => {
                self.item_or_case(&name.text, [Some(range), None]).or_else(|| self.qualified(id))
            }
            _ => None,
        }
    }

    /// Labels of arguments, fields of literals, and the names before them.
    fn in_expr(
        &self,
        id: ExprId,
        expr: &'db Expr,
        at: &dyn Fn(&Name) -> bool,
    ) -> Option<(&'db Name, String)> {
        match expr {
            Expr::Call { args, .. } | Expr::MethodCall { args, .. } | Expr::Pipe { args, .. } => {
                let label = args.iter().filter_map(|arg: &Arg| arg.label.as_ref()).find(|label| at(label))?;
                Some((label, self.argument(self.map.expr(id), &label.text)?))
            }
            Expr::Record { path, inits } => {
                let segments = path.iter().flat_map(|path| &path.segments);
                let names: Vec<&Name> = segments.collect();
                if let Some(index) = names.iter().position(|name| at(name)) {
                    let said = type_name(self.db, self.module, &self.generics, names.get(..=index)?)?;
                    return Some((names.get(index)?, said));
                }
                let name = inits.iter().find_map(|init| match init {
                    RecordInit::Field { name, .. } if at(name) => Some(name),
                    _ => None,
                })?;
                let ty = self.type_at(self.map.expr(id))?;
                Some((name, describe::field(self.db, ty, &name.text, &self.generics)?))
            }
            Expr::With { effect, .. } => {
                let index = effect.segments.iter().position(at)?;
                let names: Vec<&Name> = effect.segments.iter().take(index + 1).collect();
                Some((names.last()?, type_name(self.db, self.module, &self.generics, &names)?))
            }
            _ => None,
        }
    }

    /// The local that is read or written at this place, or declared there.
    pub(super) fn local_at(&self, range: TextRange, name: &str) -> Option<String> {
        let typed = self.typed?;
        let used = self.exprs_at(range).find_map(|expr| match &expr.kind {
            ExprKind::Local(local) => Some(*local),
            _ => None,
        });
        let declared = || {
            let places = (0u32..).zip(&typed.map.locals);
            places.into_iter().find(|(_, place)| **place == range).map(|(index, _)| thir::LocalId(index))
        };
        let id = used.or_else(declared)?;
        let local = typed.body.locals.get(id.0 as usize).filter(|local| local.name == name)?;
        // What a closure captured is declared where the original is.
        let place = typed.map.locals.get(id.0 as usize)?;
        let is_same = |param: &thir::Param| typed.map.locals.get(param.local.0 as usize) == Some(place);
        let param = typed.body.params.iter().position(is_same);
        param
            .and_then(|index| describe::param(self.db, self.item, index))
            .or_else(|| Some(describe::local(self.db, name, local.ty, &self.generics)))
    }

    /// A name of a `match inout` at this place: what is there is the part that it stands for.
    fn part_named(&self, range: TextRange, name: &str) -> Option<String> {
        let is_part = |kind: &ExprKind<'_>| {
            matches!(
                kind,
                ExprKind::Local(_)
                    | ExprKind::Field { .. }
                    | ExprKind::Part { .. }
                    | ExprKind::FromEnd { .. }
                    | ExprKind::Index { .. }
            )
        };
        let part = self.exprs_at(range).rfind(|expr| is_part(&expr.kind))?;
        Some(describe::local(self.db, name, part.ty, &self.generics))
    }

    /// The function, constant or case of that name which was found for one of these places.
    fn item_or_case(&self, name: &str, ranges: [Option<TextRange>; 2]) -> Option<String> {
        let ranges = ranges.into_iter().flatten();
        ranges.into_iter().find_map(|range| {
            let calls = self.typed?.calls.iter();
            let mut called = calls.filter(|call| call.range == range).map(|call| call.callee);
            if let Some(item) = called.rfind(|item| item.name(self.db) == name) {
                return Some(describe::item(self.db, item, self.module));
            }
            self.exprs_at(range).find_map(|expr| match &expr.kind {
                ExprKind::Const(item) | ExprKind::FnValue { item, .. } if item.name(self.db) == name => {
                    Some(describe::item(self.db, *item, self.module))
                }
                ExprKind::Case { .. } | ExprKind::Flags(_) => match expr.ty.kind(self.db) {
                    TyKind::Adt(item, _) => describe::case(self.db, *item, name),
                    _ => None,
                },
                _ => None,
            })
        })
    }

    /// A parameter of what is called at this place, or a part of the case that is made there.
    fn argument(&self, call: TextRange, label: &str) -> Option<String> {
        let calls = self.typed?.calls.iter().filter(|site| site.range == call);
        let mut params = calls.filter_map(|site| {
            let params = &dot_types::fn_signature(self.db, site.callee).params;
            let index = params.iter().position(|param| param.name == label)?;
            describe::param(self.db, site.callee, index)
        });
        params.next().or_else(|| {
            self.exprs_at(call).find_map(|expr| {
                let ExprKind::Case { case, .. } = expr.kind else { return None };
                let TyKind::Adt(item, _) = expr.ty.kind(self.db) else { return None };
                let header = dot_hir::item_header(self.db, *item);
                describe::case_part(self.db, expr.ty, header.cases.get(case as usize)?, label)
            })
        })
    }

    /// A field of the value before the dot.
    fn field(&self, base: ExprId, name: &Name) -> Option<String> {
        let ty = self.type_at(self.map.expr(base))?;
        describe::field(self.db, ty, &name.text, &self.generics)
    }

    /// A name alone that is no local, where nothing was understood: a case, an item, a module, a built-in type.
    fn unqualified(&self, name: &Name) -> Option<String> {
        if NameCase::Pascal.fits(&name.text)
            && let [case] = dot_hir::cases_named(self.db, self.module, &name.text)
        {
            return describe::case(self.db, case.item, &name.text);
        }
        type_name(self.db, self.module, &[], &[name])
    }

    /// Names joined by dots: what the last one means, after a module or a type.
    fn qualified(&self, id: ExprId) -> Option<String> {
        let names = self.dotted(id)?;
        let texts: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        let first = texts.first()?;
        if self.typed?.body.locals.iter().any(|local| local.name == **first) {
            return None;
        }
        let resolved = resolve_path(self.db, self.module, &texts).ok()?;
        match resolved.def {
            def if resolved.used == texts.len() => Some(describe::def(self.db, def, self.module)),
            Def::Item(item) if resolved.used + 1 == texts.len() && is_type(self.db, item) => {
                describe::case(self.db, item, texts.last()?)
            }
            _ => None,
        }
    }

    /// The type of the narrowest expression or pattern around the byte at `offset`.
    pub(super) fn hover_expr(&self, offset: u32) -> Option<Hover> {
        let narrowest = |ranges: &[TextRange]| {
            let around = ranges.iter().enumerate().filter(|(_, range)| contains(**range, offset));
            around.min_by_key(|(_, range)| range.len()).map(|(index, range)| (index, *range))
        };
        // `some` of `some(1)` has no type of its own.
        let has_type = |(expr, range): &(&Expr, &TextRange)| {
            !matches!(expr, Expr::Builtin(_)) || self.type_at(**range).is_some()
        };
        let around =
            self.hir.exprs.iter().zip(&self.map.exprs).filter(|(_, range)| contains(**range, offset));
        let (expr, range) = around.filter(has_type).min_by_key(|(_, range)| range.len())?;
        let range = *range;
        if let Some((pat, in_pattern)) = narrowest(&self.map.pats)
            && in_pattern.len() < range.len()
        {
            let ty = self.pattern_type(dot_hir::body::PatId(u32::try_from(pat).ok()?))?;
            return self.type_card(ty, in_pattern);
        }
        if narrowest(&self.map.types).is_some_and(|(_, written)| written.len() < range.len()) {
            return None;
        }
        // A block is around everything in it; it is meant only at its braces.
        let at_brace = offset == range.start || offset + 1 == range.end;
        if matches!(expr, Expr::Block(_)) && !at_brace {
            return None;
        }
        self.type_card(self.type_at(range)?, range)
    }

    /// Says a type, if it says anything.
    fn type_card(&self, ty: Ty<'db>, range: TextRange) -> Option<Hover> {
        let silent = matches!(ty.kind(self.db), TyKind::Error | TyKind::Never) || ty == Ty::unit(self.db);
        let markdown = || describe::card(&describe::type_text(self.db, ty, &self.generics), &[]);
        (!silent).then(|| Hover { range, markdown: markdown() })
    }
}

/// The name that an expression is or ends in.
fn value_name(expr: &Expr) -> Option<&Name> {
    match expr {
        Expr::Name(name) | Expr::Field { name, .. } | Expr::MethodCall { name, .. } => Some(name),
        _ => None,
    }
}

fn is_type(db: &dyn Db, item: Item<'_>) -> bool {
    use dot_syntax::ItemKind;
    matches!(item.kind(db), ItemKind::Variant | ItemKind::Enum | ItemKind::Flags)
}
