//! Names in code.

use super::head::{path_targets, target_of};
use super::{Occurrence, Target};
use crate::locals::{Locals, locals};
use crate::view::View;
use dot_db::{Db, Item};
use dot_diagnostics::TextRange;
use dot_hir::body::{Expr, ExprId, RecordInit, Stmt};
use dot_hir::type_ref::{EffectRef, TypeRef};
use dot_hir::{Def, Name, NameCase, item_signature, resolve_path, signature_source_map};
use dot_syntax::ItemKind;
use dot_types::thir::ExprKind;
use dot_types::{AdtShape, Ty, TyKind, adt_def};
use smol_str::SmolStr;

/// Adds the names of a body.
pub(super) fn collect<'db>(view: &View<'db>, found: &mut Vec<Occurrence<'db>>) {
    let locals = locals(view.db, view.item, view.hir, view.map);
    let mut names = Names { view, locals, found };
    let ids = (0u32..).zip(&view.hir.exprs).map(|(id, expr)| (ExprId(id), expr));
    for (id, expr) in ids {
        names.expr(id, expr);
    }
    names.patterns();
    for ty in &view.hir.types {
        names.type_ref(ty);
    }
    names.mark_writes();
}

pub(super) struct Names<'a, 'db> {
    pub(super) view: &'a View<'db>,
    pub(super) locals: Locals,
    pub(super) found: &'a mut Vec<Occurrence<'db>>,
}

impl<'db> Names<'_, 'db> {
    pub(super) fn push(
        &mut self,
        name: &Name,
        target: Target<'db>,
        is_declaration: bool,
        is_shorthand: bool,
    ) {
        if name.is_missing() {
            return;
        }
        let range = self.view.map.name(name.id);
        self.found.push(Occurrence { range, target, is_declaration, is_write: false, is_shorthand });
    }

    pub(super) fn mention(&mut self, name: &Name, target: Option<Target<'db>>) {
        if let Some(target) = target {
            self.push(name, target, false, false);
        }
    }

    pub(super) fn path(&mut self, path: &dot_hir::Path) {
        for (name, target) in path_targets(self.view.db, self.view.item, path) {
            self.push(name, target, false, false);
        }
    }

    fn expr(&mut self, id: ExprId, expr: &'db Expr) {
        match expr {
            Expr::Name(name) => {
                let target = self.value(id, name);
                let is_shorthand = self.is_shorthand(name);
                if let Some(target) = target {
                    self.push(name, target, false, is_shorthand);
                }
            }
            Expr::Field { base, name } => {
                let target = self.field_or_path(id, *base, name);
                self.mention(name, target);
            }
            Expr::MethodCall { name, args, .. } => {
                let range = self.view.map.expr(id);
                let target = self.called(&name.text, &[range]).or_else(|| self.qualified(id));
                self.mention(name, target);
                self.labels(id, args);
            }
            Expr::Call { args, .. } | Expr::Pipe { args, .. } => self.labels(id, args),
            Expr::Record { path, inits } => {
                path.iter().for_each(|path| self.path(path));
                let ty = self.view.type_at(self.view.map.expr(id));
                for init in inits {
                    if let RecordInit::Field { name, .. } = init
                        && let Some(field) = ty.and_then(|ty| field_target(self.view.db, ty, &name.text))
                    {
                        let is_shorthand = self.is_shorthand(name);
                        self.push(name, field, false, is_shorthand);
                    }
                }
            }
            Expr::With { effect, .. } => self.path(effect),
            _ => {}
        }
    }

    /// Whether a name stands for a field of a literal and its value at once.
    fn is_shorthand(&self, name: &Name) -> bool {
        let place = self.view.map.name(name.id);
        let holds = |expr: &Expr| match expr {
            Expr::Record { inits, .. } => inits.iter().any(|init| match init {
                RecordInit::Field { name, value } => {
                    self.view.map.name(name.id) == place && self.view.map.expr(*value) == place
                }
                RecordInit::Spread(_) => false,
            }),
            _ => false,
        };
        self.view.hir.exprs.iter().any(holds)
    }

    /// A name alone: a variable, an item, a case.
    fn value(&self, id: ExprId, name: &Name) -> Option<Target<'db>> {
        let view = self.view;
        let place = view.map.name(name.id);
        if let Some(local) = self.locals.at(place) {
            return Some(Target::Local(view.item, local.place));
        }
        let range = view.map.expr(id);
        let call = view.call_of(id).map(|call| view.map.expr(call));
        let ranges: Vec<TextRange> = [Some(range), call].into_iter().flatten().collect();
        self.called(&name.text, &ranges).or_else(|| self.unqualified(name))
    }

    /// A name alone where nothing was understood: a case, an item, a module, a built-in type.
    pub(super) fn unqualified(&self, name: &Name) -> Option<Target<'db>> {
        let view = self.view;
        if NameCase::Pascal.fits(&name.text)
            && let [case] = dot_hir::cases_named(view.db, view.module, &name.text)
        {
            return Some(Target::Case(case.item, name.text.clone()));
        }
        super::head::type_target(view.db, view.item, &[name])
    }

    /// The function, constant or case of that name which was found for one of these places.
    fn called(&self, name: &str, ranges: &[TextRange]) -> Option<Target<'db>> {
        let view = self.view;
        let db = view.db;
        ranges.iter().find_map(|range| {
            let calls = view.typed?.calls.iter().filter(|call| call.range == *range);
            if let Some(call) = calls.map(|call| call.callee).rfind(|item| item.name(db) == name) {
                return Some(Target::Item(call));
            }
            view.exprs_at(*range).find_map(|expr| match &expr.kind {
                ExprKind::Const(item) | ExprKind::FnValue { item, .. } if item.name(db) == name => {
                    Some(Target::Item(*item))
                }
                ExprKind::Case { .. } | ExprKind::Flags(_) => match expr.ty.kind(db) {
                    TyKind::Adt(item, _) => case_target(db, *item, name),
                    _ => None,
                },
                _ => None,
            })
        })
    }

    fn field_or_path(&self, id: ExprId, base: ExprId, name: &Name) -> Option<Target<'db>> {
        let view = self.view;
        let ty = view.type_at(view.map.expr(base));
        if let Some(field) = ty.and_then(|ty| field_target(view.db, ty, &name.text)) {
            return Some(field);
        }
        let call = view.call_of(id).map(|call| view.map.expr(call));
        let ranges: Vec<TextRange> = [Some(view.map.expr(id)), call].into_iter().flatten().collect();
        self.called(&name.text, &ranges).or_else(|| self.qualified(id))
    }

    /// Names joined by dots: what the last one means, after a module or a type.
    fn qualified(&self, id: ExprId) -> Option<Target<'db>> {
        let view = self.view;
        let names = view.dotted(id)?;
        let first = names.first()?;
        if self.locals.at(view.map.name(first.id)).is_some() {
            return None;
        }
        let texts: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        let resolved = resolve_path(view.db, view.module, &texts).ok()?;
        match resolved.def {
            def if resolved.used == texts.len() => Some(target_of(def)),
            Def::Item(item) if resolved.used + 1 == texts.len() => case_target(view.db, item, texts.last()?),
            _ => None,
        }
    }

    /// Labels of arguments: parameters of what is called, or parts of a case.
    fn labels(&mut self, id: ExprId, args: &[dot_hir::body::Arg]) {
        let range = self.view.map.expr(id);
        for label in args.iter().filter_map(|arg| arg.label.as_ref()) {
            let target = self.argument(range, &label.text);
            self.mention(label, target);
        }
    }

    fn argument(&self, call: TextRange, label: &SmolStr) -> Option<Target<'db>> {
        let view = self.view;
        let db = view.db;
        let calls = view.typed?.calls.iter().filter(|site| site.range == call);
        let mut params = calls.filter_map(|site| param_target(db, site.callee, label));
        params.next().or_else(|| {
            view.exprs_at(call).find_map(|expr| {
                let ExprKind::Case { case, .. } = expr.kind else { return None };
                let TyKind::Adt(item, _) = expr.ty.kind(db) else { return None };
                let case = dot_hir::item_header(db, *item).cases.get(case as usize)?;
                Some(Target::Part(*item, case.clone(), label.clone()))
            })
        })
    }

    fn type_ref(&mut self, ty: &TypeRef) {
        match ty {
            TypeRef::Named { path, .. } => self.path(path),
            TypeRef::Function(function) => {
                for effect in function.uses.iter().flatten() {
                    if let EffectRef::Named(path) = effect {
                        self.path(path);
                    }
                }
            }
            TypeRef::Tuple(_) | TypeRef::Infer | TypeRef::Error => {}
        }
    }

    /// Marks the names that are assigned to, or given to be changed.
    fn mark_writes(&mut self) {
        let view = self.view;
        let mut written = Vec::new();
        let mut places = |stmt: &Stmt| {
            if let Stmt::Assign { place, .. } = stmt {
                written.extend(root_of(view, *place));
            }
        };
        for expr in &view.hir.exprs {
            match expr {
                Expr::Block(block) => block.stmts.iter().for_each(&mut places),
                Expr::Do(stmt) => places(stmt),
                _ => {}
            }
        }
        for expr in &view.hir.exprs {
            if let Expr::Call { args, .. } | Expr::MethodCall { args, .. } | Expr::Pipe { args, .. } = expr {
                let changed = args.iter().filter(|arg| arg.inout);
                written.extend(changed.filter_map(|arg| root_of(view, arg.value)));
            }
        }
        for occurrence in self.found.iter_mut().filter(|occurrence| written.contains(&occurrence.range)) {
            occurrence.is_write = true;
        }
    }
}

/// Where the name of the variable stands that a place begins with; for `a.b = 1` the last field, too, is what changes, but
/// the variable is what a reader looks for.
fn root_of(view: &View<'_>, place: ExprId) -> Option<TextRange> {
    match view.hir.exprs.get(place.0 as usize)? {
        Expr::Name(name) => Some(view.map.name(name.id)),
        Expr::Field { base, .. } | Expr::TupleField { base, .. } | Expr::Index { base, .. } => {
            root_of(view, *base)
        }
        _ => None,
    }
}

/// A field of a value of this type, by the record that declares it.
pub(super) fn field_target<'db>(db: &'db dyn Db, ty: Ty<'db>, name: &str) -> Option<Target<'db>> {
    let TyKind::Adt(item, _) = ty.kind(db) else { return None };
    let (AdtShape::Record(fields) | AdtShape::Resource(fields)) = &adt_def(db, *item).shape else {
        return None;
    };
    let index = fields.iter().position(|field| field.name == name)?;
    let declared = dot_types::field_declaration(db, *item, index).map_or(*item, |(item, _)| item);
    Some(Target::Field(declared, name.into()))
}

/// A case of a declared type, if that has one of the name.
pub(super) fn case_target<'db>(db: &'db dyn Db, item: Item<'db>, name: &str) -> Option<Target<'db>> {
    let has_cases = matches!(item.kind(db), ItemKind::Variant | ItemKind::Enum | ItemKind::Flags);
    let case = dot_hir::item_header(db, item).cases.iter().find(|case| *case == name)?;
    has_cases.then(|| Target::Case(item, case.clone()))
}

/// A parameter of a function.
fn param_target<'db>(db: &'db dyn Db, callee: Item<'db>, label: &str) -> Option<Target<'db>> {
    let param = item_signature(db, callee).params().iter().find(|param| param.name.text == label)?;
    Some(Target::Local(callee, signature_source_map(db, callee).name(param.name.id)))
}
