//! Which variable a name in code means, from the text alone.
//!
//! Variables are bound in the order of the text, so this needs no types, and works in code that has mistakes. Names that
//! `is` binds are known to the right of `&&` and where the condition holds (`pattern.is`).

use dot_db::{Db, Item};
use dot_diagnostics::TextRange;
use dot_hir::body::{
    Arg, BinaryOp, Body, BodySourceMap, Expr, ExprId, ListEntry, ListPat, MapEntry, Pat, PatId, RecordInit,
    Stmt, StringPart, StringPatPart,
};
use dot_hir::{Name, item_signature, signature_source_map};
use smol_str::SmolStr;

/// A variable: a parameter, or a name that a pattern binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Local {
    /// Its name.
    pub(crate) name: SmolStr,
    /// Where it is declared, relative to the item.
    pub(crate) place: TextRange,
    /// From where to where its name means it, if no other variable of the name comes between.
    pub(crate) known: TextRange,
    /// The pattern that binds it; none for a parameter of the item.
    pub(crate) pat: Option<PatId>,
}

/// The variables of a body, and where their names stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Locals {
    /// In the order of their declarations; the item's parameters come first.
    pub(crate) all: Vec<Local>,
    /// Where a name stands for a variable: the place and its number.
    pub(crate) uses: Vec<(TextRange, usize)>,
    /// Where a later alternative of a pattern binds it again.
    pub(crate) rebound: Vec<(TextRange, usize)>,
}

impl Locals {
    /// The variable that the name at this place stands for.
    pub(crate) fn at(&self, place: TextRange) -> Option<&Local> {
        let is_here = |entry: &&(TextRange, usize)| entry.0 == place;
        let used = self.uses.iter().chain(&self.rebound).find(is_here).and_then(|(_, at)| self.all.get(*at));
        used.or_else(|| self.all.iter().find(|local| local.place == place))
    }

    /// The variables that are known at an offset, innermost first, each name once.
    pub(crate) fn known_at(&self, offset: u32) -> Vec<&Local> {
        let mut found: Vec<&Local> = Vec::new();
        for local in self.all.iter().rev() {
            let is_hidden = found.iter().any(|other| other.name == local.name);
            if local.known.touches(offset) && !is_hidden {
                found.push(local);
            }
        }
        found
    }
}

/// The variables of a body of an item.
pub(crate) fn locals(db: &dyn Db, item: Item<'_>, hir: &Body, map: &BodySourceMap) -> Locals {
    let mut walk = Walk { hir, map, scope: Vec::new(), out: Locals::default(), pattern: None };
    let names = signature_source_map(db, item);
    let everywhere = TextRange::new(0, u32::MAX);
    for param in item_signature(db, item).params().iter().filter(|param| !param.name.is_missing()) {
        let place = names.name(param.name.id);
        walk.declare(&param.name, place, everywhere, None);
    }
    walk.expr(hir.root);
    walk.out
}

struct Walk<'a> {
    hir: &'a Body,
    map: &'a BodySourceMap,
    /// The numbers of the variables that are known, innermost last.
    scope: Vec<usize>,
    out: Locals,
    /// How many variables there were when the pattern began that is being walked.
    pattern: Option<usize>,
}

impl<'a> Walk<'a> {
    fn declare(&mut self, name: &Name, place: TextRange, known: TextRange, pat: Option<PatId>) {
        self.scope.push(self.out.all.len());
        self.out.all.push(Local { name: name.text.clone(), place, known, pat });
    }

    /// Walks something in a scope of its own that ends at `end`.
    fn scoped(&mut self, end: u32, walk: impl FnOnce(&mut Self)) {
        let before = self.scope.len();
        walk(self);
        for at in self.scope.drain(before..) {
            if let Some(local) = self.out.all.get_mut(at) {
                local.known.end = local.known.end.min(end);
            }
        }
    }

    fn expr(&mut self, id: ExprId) {
        let Some(expr) = self.hir.exprs.get(id.0 as usize) else { return };
        let range = self.map.expr(id);
        match expr {
            Expr::Name(name) => self.name(name),
            Expr::Block(block) => self.scoped(range.end, |walk| {
                block.stmts.iter().for_each(|stmt| walk.stmt(stmt));
            }),
            Expr::If { condition, then, otherwise } => {
                let end = self.map.expr(*then).end;
                self.scoped(end, |walk| {
                    walk.condition(*condition);
                    walk.expr(*then);
                });
                otherwise.iter().for_each(|otherwise| self.expr(*otherwise));
            }
            Expr::Binary { op: BinaryOp::And, .. } | Expr::Is { .. } => {
                self.scoped(range.end, |walk| walk.condition(id));
            }
            Expr::Match { scrutinee, arms, .. } => {
                self.expr(*scrutinee);
                for arm in arms {
                    let end = self.map.expr(arm.body).end;
                    self.scoped(end, |walk| {
                        walk.bind(arm.pat, walk.map.pat(arm.pat).end);
                        arm.guard.iter().for_each(|guard| walk.condition(*guard));
                        walk.expr(arm.body);
                    });
                }
            }
            Expr::Closure(closure) => self.scoped(range.end, |walk| {
                for param in &closure.params {
                    walk.bind(param.pat, walk.map.pat(param.pat).end);
                }
                walk.expr(closure.body);
            }),
            Expr::ParFor { pat, iterable, body } => self.visit(*pat, *iterable, *body, range.end),
            Expr::Do(stmt) => self.scoped(range.end, |walk| walk.stmt(stmt)),
            _ => self.children(expr),
        }
    }

    /// What binds nothing.
    fn children(&mut self, expr: &'a Expr) {
        match expr {
            Expr::String(parts) => {
                for part in parts {
                    if let StringPart::Expr(inner) = part {
                        self.expr(*inner);
                    }
                }
            }
            Expr::Tuple(parts) | Expr::Par(parts) => parts.iter().for_each(|part| self.expr(*part)),
            Expr::List(entries) => entries.iter().for_each(|entry| match entry {
                ListEntry::Element(inner) | ListEntry::Spread(inner) => self.expr(*inner),
            }),
            Expr::Map(entries) => entries.iter().for_each(|entry| match entry {
                MapEntry::Spread(inner) => self.expr(*inner),
                MapEntry::Pair(key, value) => {
                    self.expr(*key);
                    self.expr(*value);
                }
            }),
            Expr::Record { inits, .. } => inits.iter().for_each(|init| match init {
                RecordInit::Field { value, .. } | RecordInit::Spread(value) => self.expr(*value),
            }),
            Expr::Field { base, .. } | Expr::TupleField { base, .. } => self.expr(*base),
            Expr::Index { base: first, args }
            | Expr::Call { callee: first, args, .. }
            | Expr::MethodCall { receiver: first, args, .. } => {
                self.expr(*first);
                self.args(args);
            }
            Expr::Pipe { value, callee, args, .. } => {
                self.expr(*value);
                self.expr(*callee);
                self.args(args);
            }
            Expr::Try(inner) | Expr::Unary { operand: inner, .. } => self.expr(*inner),
            Expr::Binary { left, right, .. } | Expr::Coalesce { value: left, fallback: right } => {
                self.expr(*left);
                self.expr(*right);
            }
            Expr::Range { start, end, .. } => {
                self.expr(*start);
                end.iter().for_each(|end| self.expr(*end));
            }
            Expr::With { value, body, .. } => {
                self.expr(*value);
                self.expr(*body);
            }
            Expr::Return(value) => value.iter().for_each(|value| self.expr(*value)),
            _ => {}
        }
    }

    fn args(&mut self, args: &[Arg]) {
        args.iter().for_each(|arg| self.expr(arg.value));
    }

    /// A condition, whose names stay known after it.
    fn condition(&mut self, id: ExprId) {
        match self.hir.exprs.get(id.0 as usize) {
            Some(Expr::Binary { op: BinaryOp::And, left, right, .. }) => {
                self.condition(*left);
                self.condition(*right);
            }
            Some(Expr::Is { value, pat }) => {
                self.expr(*value);
                self.bind(*pat, self.map.pat(*pat).end);
            }
            _ => self.expr(id),
        }
    }

    fn visit(&mut self, pat: PatId, iterable: ExprId, body: ExprId, end: u32) {
        self.expr(iterable);
        self.scoped(end, |walk| {
            walk.bind(pat, walk.map.expr(body).start);
            walk.expr(body);
        });
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Let { pat, value, otherwise, .. } => {
                self.expr(*value);
                otherwise.iter().for_each(|otherwise| self.expr(*otherwise));
                let end = otherwise.map_or(*value, |otherwise| otherwise);
                self.bind(*pat, self.map.expr(end).end);
            }
            Stmt::Var { pat, value, .. } => {
                self.expr(*value);
                self.bind(*pat, self.map.expr(*value).end);
            }
            Stmt::Assign { place, value, .. } => {
                self.expr(*place);
                self.expr(*value);
            }
            Stmt::For { pat, iterable, body } => {
                let end = self.map.expr(*body).end;
                self.visit(*pat, *iterable, *body, end);
            }
            Stmt::While { condition, body } => {
                let end = self.map.expr(*body).end;
                self.scoped(end, |walk| {
                    walk.condition(*condition);
                    walk.expr(*body);
                });
            }
            Stmt::Assert(inner) | Stmt::Yield(inner) | Stmt::Expr(inner) => self.expr(*inner),
            Stmt::Error => {}
        }
    }

    fn name(&mut self, name: &Name) {
        let found = self.scope.iter().rev().find(|at| self.out.all[**at].name == name.text);
        if let Some(at) = found {
            self.out.uses.push((self.map.name(name.id), *at));
        }
    }

    /// Binds what a pattern binds, known from `from` on.
    fn bind(&mut self, pat: PatId, from: u32) {
        let outer = self.pattern.replace(self.out.all.len());
        self.pat(pat, from);
        self.pattern = outer;
    }

    fn bound(&mut self, pat: PatId, name: &Name, from: u32) {
        if name.is_missing() {
            return;
        }
        let place = self.map.name(name.id);
        let first = self.pattern.unwrap_or(self.out.all.len());
        let own = self.out.all.get(first..).unwrap_or_default();
        match own.iter().position(|local| local.name == name.text) {
            Some(at) => self.out.rebound.push((place, first + at)),
            None => self.declare(name, place, TextRange::new(from, u32::MAX), Some(pat)),
        }
    }

    fn pat(&mut self, id: PatId, from: u32) {
        let Some(pat) = self.hir.pats.get(id.0 as usize) else { return };
        match pat {
            Pat::Bind { name, .. } => self.bound(id, name, from),
            Pat::As { pat, name } => {
                self.pat(*pat, from);
                self.bound(id, name, from);
            }
            Pat::Or(parts) | Pat::Tuple(parts) | Pat::Builtin { args: parts, .. } => {
                parts.iter().for_each(|part| self.pat(*part, from));
            }
            Pat::String(parts) => {
                for part in parts {
                    if let StringPatPart::Capture(part) = part {
                        self.pat(*part, from);
                    }
                }
            }
            Pat::Case { args, .. } => {
                args.iter().flatten().for_each(|arg| self.pat(arg.pat, from));
            }
            Pat::Record { fields, .. } => fields.iter().for_each(|field| self.pat(field.pat, from)),
            Pat::List(parts) => {
                for part in parts {
                    match part {
                        ListPat::Element(part) => self.pat(*part, from),
                        ListPat::Rest(Some(name)) => self.bound(id, name, from),
                        ListPat::Rest(None) => {}
                    }
                }
            }
            Pat::Wildcard | Pat::Literal(_) | Pat::Range { .. } | Pat::Error => {}
        }
    }
}
