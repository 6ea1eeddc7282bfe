//! Inlay hints: types of variables that don't say theirs, and names of parameters before literals.

use crate::view::{View, views};
use dot_db::{Db, SourceFile, module_of_file};
use dot_diagnostics::TextRange;
use dot_hir::body::{Expr, ExprId, Pat, PatId, Stmt};
use dot_types::{TyKind, display_type};

/// Types longer than this are cut: a hint is no place to read them.
const MAX_TYPE: usize = 40;

/// Something that is shown and not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Where it is shown.
    pub offset: u32,
    /// What: `: u32`, or `width:`.
    pub label: String,
    /// Whether it is a type.
    pub is_type: bool,
}

/// The hints of a part of a file, in the order of the text.
#[must_use]
pub fn hints(db: &dyn Db, file: SourceFile, range: TextRange) -> Vec<Hint> {
    let Some(module) = module_of_file(db, file) else { return Vec::new() };
    let mut found = Vec::new();
    for item in dot_hir::items_of(db, module) {
        let start = item.offset(db);
        let end = start.saturating_add(u32::try_from(item.text(db).len()).unwrap_or(u32::MAX));
        if start > range.end || end < range.start {
            continue;
        }
        for view in views(db, *item) {
            let before = found.len();
            types(&view, &mut found);
            arguments(&view, &mut found);
            found[before..].iter_mut().for_each(|hint| hint.offset += start);
        }
    }
    found.retain(|hint| range.touches(hint.offset));
    found.sort_by_key(|hint| hint.offset);
    found
}

/// After each variable of a `let`, a `var` and a closure that has no type beside it.
fn types(view: &View<'_>, found: &mut Vec<Hint>) {
    let mut bare: Vec<PatId> = Vec::new();
    let mut statement = |stmt: &Stmt| match stmt {
        Stmt::Let { pat, ty: None, .. } | Stmt::Var { pat, ty: None, .. } => bare.push(*pat),
        _ => {}
    };
    for expr in &view.hir.exprs {
        if let Expr::Block(block) = expr {
            block.stmts.iter().for_each(&mut statement);
        }
    }
    for expr in &view.hir.exprs {
        if let Expr::Closure(closure) = expr {
            bare.extend(closure.params.iter().filter(|param| param.ty.is_none()).map(|param| param.pat));
        }
    }
    for pat in bare {
        let Some(Pat::Bind { name, .. }) = view.pat(pat) else { continue };
        let place = view.map.name(name.id);
        let Some(typed) = view.typed else { continue };
        let locals = typed.map.locals.iter().zip(&typed.body.locals);
        let Some((_, local)) =
            locals.into_iter().find(|(at, local)| **at == place && local.name == name.text)
        else {
            continue;
        };
        if matches!(local.ty.kind(view.db), TyKind::Error | TyKind::Never) {
            continue;
        }
        let mut label = format!(": {}", display_type(view.db, local.ty, &view.generics));
        if label.chars().count() > MAX_TYPE {
            label = label.chars().take(MAX_TYPE).chain(['…']).collect();
        }
        found.push(Hint { offset: place.end, label, is_type: true });
    }
}

/// Before each literal argument whose parameter's name says more than the literal.
fn arguments(view: &View<'_>, found: &mut Vec<Hint>) {
    let Some(typed) = view.typed else { return };
    let exprs = (0u32..).map(ExprId).zip(&view.hir.exprs);
    for (id, expr) in exprs {
        let (args, is_method) = match expr {
            Expr::Call { args, .. } => (args, false),
            Expr::MethodCall { args, .. } => (args, true),
            _ => continue,
        };
        let range = view.map.expr(id);
        let Some(site) = typed.calls.iter().rfind(|site| site.range == range) else { continue };
        let params = &dot_types::fn_signature(view.db, site.callee).params;
        let takes_self = params.first().is_some_and(|param| param.name == "self");
        let skipped = usize::from(is_method && takes_self && params.len() > args.len());
        for (arg, param) in args.iter().zip(params.iter().skip(skipped)) {
            let is_literal = matches!(view.hir.exprs.get(arg.value.0 as usize), Some(Expr::Literal(_)));
            if is_literal && arg.label.is_none() && param.name.len() > 1 {
                let offset = view.map.expr(arg.value).start;
                found.push(Hint { offset, label: format!("{}:", param.name), is_type: false });
            }
        }
    }
}
