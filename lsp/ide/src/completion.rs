//! Completion: what may stand where the cursor is.
//!
//! After a `.` it is fields and methods of the value before it, or what a module or type has; in the parentheses of a call,
//! names of parameters too; elsewhere variables, names in scope, cases, keywords, and names of other modules with the
//! `use` that brings them. Ranking and fuzzy search are the editor's.

use crate::locals::locals;
use crate::names::item_at;
use crate::symbols::has_letters;
use crate::view::{View, views};
use dot_db::{Db, Item, Module, SourceFile, module_of_file, modules_of, packages_of};
use dot_diagnostics::TextRange;
use dot_format::TextEdit;
use dot_hir::body::{Expr, ExprId};
use dot_hir::{Def, Owner, resolve_exported, resolve_name, resolve_path};
use dot_syntax::ItemKind;
use dot_types::{AdtShape, Ty, TyKind, adt_def, display_type};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// What kind of thing is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CompletionKind {
    /// A parameter of what is called.
    Argument,
    /// A variable.
    Local,
    /// A field.
    Field,
    /// A method.
    Method,
    /// A case or flag.
    Case,
    /// A function.
    Function,
    /// A type.
    Type,
    /// A constant.
    Const,
    /// A module.
    Module,
    /// A word of the language.
    Keyword,
}

/// Something that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown and written.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// Its type, or where it comes from; may be empty.
    pub detail: String,
    /// What it replaces: the word at the cursor.
    pub replaces: TextRange,
    /// What else must change: a `use`.
    pub import: Option<TextEdit>,
}

const IN_CODE: [&str; 19] = [
    "assert", "break", "continue", "else", "err", "false", "for", "if", "inout", "is", "let", "match",
    "none", "ok", "par", "return", "some", "true", "var",
];
const OF_ITEMS: [&str; 14] = [
    "const", "dot", "enum", "export", "flags", "fn", "opaque", "pub", "record", "resource", "test", "type",
    "use", "variant",
];

/// What may stand at an offset of a file, by kind and name.
#[must_use]
pub fn completions(db: &dyn Db, file: SourceFile, offset: u32) -> Vec<Completion> {
    let text = file.text(db);
    let Some(module) = module_of_file(db, file) else { return Vec::new() };
    let before = text.get(..offset as usize).unwrap_or(text);
    let word = before.len() - before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
    let replaces = TextRange::new(offset - u32::try_from(word).unwrap_or(0), offset);
    let mut list = List { db, file, module, replaces, prefix: replaces.slice(text), found: Vec::new() };
    let before_word = before[..before.len() - word].trim_end();
    let item = item_at(db, file, offset).filter(|item| offset > item.offset(db));
    match (before_word.strip_suffix('.').filter(|rest| !rest.ends_with('.')), item) {
        (Some(rest), Some(item)) => {
            let dot = u32::try_from(rest.len()).unwrap_or(u32::MAX) - item.offset(db);
            list.members(item, dot);
        }
        (Some(_), None) => {}
        (None, Some(item)) => {
            list.arguments(item, offset - item.offset(db));
            list.in_scope(item, offset - item.offset(db));
        }
        (None, None) => list.words(&OF_ITEMS),
    }
    list.finish()
}

struct List<'a, 'db> {
    db: &'db dyn Db,
    file: SourceFile,
    module: Module<'db>,
    replaces: TextRange,
    prefix: &'a str,
    found: Vec<Completion>,
}

impl<'db> List<'_, 'db> {
    fn push(&mut self, label: &str, kind: CompletionKind, detail: String, import: Option<TextEdit>) {
        if !label.is_empty() && has_letters(label, self.prefix) {
            let (label, replaces) = (label.to_owned(), self.replaces);
            self.found.push(Completion { label, kind, detail, replaces, import });
        }
    }

    fn finish(mut self) -> Vec<Completion> {
        self.found.sort_by(|a, b| (a.kind, &a.label, &a.detail).cmp(&(b.kind, &b.label, &b.detail)));
        self.found.dedup_by(|second, first| second.label == first.label && second.kind == first.kind);
        self.found
    }

    fn words(&mut self, words: &[&str]) {
        words.iter().for_each(|word| self.push(word, CompletionKind::Keyword, String::new(), None));
    }

    /// What may stand behind the `.` at an offset of an item.
    fn members(&mut self, item: Item<'db>, dot: u32) {
        for view in views(self.db, item) {
            let ids = (0u32..).map(ExprId).zip(&view.hir.exprs);
            let bases = ids.filter_map(|(_, expr)| match expr {
                Expr::Field { base, .. } | Expr::MethodCall { receiver: base, .. } => Some(*base),
                _ => None,
            });
            let inside = item.text(self.db);
            let is_here = |base: &ExprId| {
                let end = view.map.expr(*base).end;
                end <= dot && TextRange::new(end, dot).slice(inside).trim().is_empty()
            };
            let Some(base) = bases.into_iter().find(is_here) else { continue };
            match view.type_at(view.map.expr(base)) {
                Some(ty) => self.of_value(&view, ty),
                None => self.of_path(&view, base),
            }
        }
        if self.found.is_empty() {
            self.of_effect(item, dot);
        }
    }

    /// Behind a module's name in a signature.
    fn of_effect(&mut self, item: Item<'db>, dot: u32) {
        let before = TextRange::new(0, dot).slice(item.text(self.db));
        let name =
            before.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
        if let Ok(Def::Module(module)) = resolve_name(self.db, self.module, name) {
            self.of_module(module);
        }
    }

    fn of_value(&mut self, view: &View<'db>, ty: Ty<'db>) {
        let db = self.db;
        let shown = |ty| display_type(db, ty, &view.generics).to_string();
        match ty.kind(db) {
            TyKind::Adt(item, args) if dot_hir::is_structure_visible_from(db, *item, self.module) => {
                if let AdtShape::Record(fields) | AdtShape::Resource(fields) = &adt_def(db, *item).shape {
                    for field in fields {
                        let ty = shown(field.ty.substitute(db, args));
                        self.push(&field.name, CompletionKind::Field, ty, None);
                    }
                }
            }
            TyKind::Tuple(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    self.push(&index.to_string(), CompletionKind::Field, shown(*part), None);
                }
            }
            _ => {}
        }
        let Some(owner) = owner_of(db, ty) else { return };
        for name in self.method_names(&owner) {
            if let Some(method) = dot_hir::methods_of(db, self.module, Some(&owner), &name).first() {
                let detail = crate::hover::signature_of(db, *method);
                self.push(&name, CompletionKind::Method, detail, None);
            }
        }
    }

    fn method_names(&self, owner: &Owner<'db>) -> BTreeSet<SmolStr> {
        let db = self.db;
        let home = match owner {
            Owner::Item(item) => Some(item.module(db)),
            Owner::Builtin(name) => dot_hir::builtin_home(db, name),
        };
        let far = home.map(|home| dot_hir::items_of(db, home)).unwrap_or_default().iter();
        let far = far.filter(|item| dot_hir::item_header(db, **item).is_method);
        let near = dot_hir::method_names_in_scope(db, self.module);
        near.into_iter().chain(far.map(|item| item.name(db).clone())).collect()
    }

    /// Behind the name of a module or type.
    fn of_path(&mut self, view: &View<'db>, base: ExprId) {
        let db = self.db;
        let Some(names) = view.dotted(base) else { return };
        let texts: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        if let [name] = texts.as_slice()
            && dot_hir::is_builtin_type(name)
        {
            self.statics(&Owner::Builtin(SmolStr::from(*name)), dot_hir::builtin_home(db, name));
            return;
        }
        match resolve_path(db, self.module, &texts).map(|resolved| resolved.def) {
            Ok(Def::Module(module)) => self.of_module(module),
            Ok(Def::Item(item)) => {
                for case in &dot_hir::item_header(db, item).cases {
                    self.push(case, CompletionKind::Case, item.name(db).to_string(), None);
                }
                self.statics(&Owner::Item(item), Some(item.module(db)));
            }
            Err(_) => {}
        }
    }

    fn statics(&mut self, owner: &Owner<'db>, home: Option<Module<'db>>) {
        let db = self.db;
        let own = modules_of(db, self.module.package(db)).iter().copied();
        let modules: Vec<Module<'db>> = own.chain(home).collect();
        for item in modules.into_iter().flat_map(|module| dot_hir::items_of(db, module)) {
            if !item.owner(db).is_empty() && dot_hir::owner_of(db, *item).as_ref() == Some(owner) {
                let detail = crate::hover::signature_of(db, *item);
                self.push(item.name(db), CompletionKind::Function, detail, None);
            }
        }
    }

    fn of_module(&mut self, module: Module<'db>) {
        for name in dot_hir::exported_names(self.db, module, self.module) {
            if let Ok(def) = resolve_exported(self.db, module, &name) {
                self.def(&name, def, None);
            }
        }
    }

    fn def(&mut self, name: &str, def: Def<'db>, import: Option<TextEdit>) {
        let db = self.db;
        let (kind, detail) = match def {
            Def::Module(module) => (CompletionKind::Module, module.path(db).to_string()),
            Def::Item(item) => match item.kind(db) {
                ItemKind::Fn | ItemKind::Dot => {
                    (CompletionKind::Function, crate::hover::signature_of(db, item))
                }
                ItemKind::Const => (CompletionKind::Const, String::new()),
                kind => (CompletionKind::Type, kind.keyword().to_owned()),
            },
        };
        self.push(name, kind, detail, import);
    }

    /// The parameters of the call that the cursor is in, which aren't named yet.
    fn arguments(&mut self, item: Item<'db>, at: u32) {
        let db = self.db;
        for view in views(db, item) {
            let calls = (0u32..).map(ExprId).zip(&view.hir.exprs).filter_map(|(id, expr)| match expr {
                Expr::Call { args, .. } | Expr::MethodCall { args, .. } => Some((view.map.expr(id), args)),
                _ => None,
            });
            let around = calls.filter(|(range, _)| range.start < at && at < range.end);
            let Some((range, args)) = around.min_by_key(|(range, _)| range.len()) else { continue };
            let sites = view.typed.iter().flat_map(|typed| &typed.calls);
            let Some(site) = sites.into_iter().rfind(|site| site.range == range) else { continue };
            for param in &dot_types::fn_signature(db, site.callee).params {
                let named = args.iter().filter_map(|arg| arg.label.as_ref());
                if param.name != "self" && named.into_iter().all(|label| label.text != param.name) {
                    let ty = display_type(db, param.ty, &[]).to_string();
                    self.push(&format!("{}: ", param.name), CompletionKind::Argument, ty, None);
                }
            }
        }
    }

    fn in_scope(&mut self, item: Item<'db>, at: u32) {
        let db = self.db;
        for view in views(db, item) {
            let types: Vec<(TextRange, String)> = view
                .typed
                .iter()
                .flat_map(|typed| typed.map.locals.iter().zip(&typed.body.locals))
                .map(|(place, local)| (*place, display_type(db, local.ty, &view.generics).to_string()))
                .collect();
            for local in locals(db, item, view.hir, view.map).known_at(at) {
                let ty = types.iter().find(|(place, _)| *place == local.place);
                let ty = ty.map(|(_, ty)| ty.clone()).unwrap_or_default();
                self.push(&local.name, CompletionKind::Local, ty, None);
            }
        }
        for name in dot_hir::names_in_scope(db, self.module) {
            if let Ok(def) = resolve_name(db, self.module, &name) {
                self.def(&name, def, None);
            }
        }
        for name in dot_hir::case_names_in_scope(db, self.module) {
            self.push(&name, CompletionKind::Case, String::new(), None);
        }
        for (name, _) in dot_hir::BUILTIN_TYPES {
            self.push(name, CompletionKind::Type, String::new(), None);
        }
        self.words(&IN_CODE);
        if !self.prefix.is_empty() {
            self.of_others();
        }
    }

    /// Names of other modules, each with the `use` that brings it.
    fn of_others(&mut self) {
        let db = self.db;
        let known: BTreeSet<SmolStr> = dot_hir::names_in_scope(db, self.module).into_iter().collect();
        for package in packages_of(db) {
            let Some(package_name) = self.name_of_package(*package) else { continue };
            let here = self.module;
            for module in modules_of(db, *package).iter().filter(|module| **module != here) {
                let path = format!("{package_name}/{}", module.path(db));
                for name in dot_hir::exported_names(db, *module, self.module) {
                    if known.contains(&name) || !has_letters(&name, self.prefix) {
                        continue;
                    }
                    if let Ok(def @ Def::Item(_)) = resolve_exported(db, *module, &name) {
                        let import = self.import(&format!("use {path}.{{{name}}}\n"));
                        self.def(&name, def, Some(import));
                    }
                }
            }
        }
    }

    /// What code of this module calls a package.
    fn name_of_package(&self, package: dot_db::Package) -> Option<String> {
        let db = self.db;
        let own = self.module.package(db);
        if package == own {
            let name = package.name(db);
            return Some(name.split_once(':').map_or(name.as_str(), |(_, name)| name).replace('-', "_"));
        }
        if dot_db::Project::try_get(db).is_some_and(|project| project.std(db) == package) {
            return Some("std".to_owned());
        }
        let dependencies = own.dependencies(db).iter();
        dependencies.into_iter().find(|known| known.package == package).map(|known| known.name.to_string())
    }

    /// The edit that puts a `use` below the others, or at the top.
    fn import(&self, line: &str) -> TextEdit {
        let db = self.db;
        let text = self.file.text(db);
        let items = dot_hir::items_of(db, self.module).iter();
        let last = items.filter(|item| item.kind(db) == ItemKind::Use).last();
        let end = last.map(|item| item.offset(db) as usize + item.text(db).len());
        let first = dot_hir::items_of(db, self.module).first().map_or(0, |item| item.offset(db) as usize);
        match end.map(|end| text[end..].find('\n').map_or(text.len(), |line| end + line + 1)) {
            Some(at) => TextEdit { range: TextRange::from_usize(at, at), replacement: line.to_owned() },
            None => TextEdit { range: TextRange::from_usize(first, first), replacement: format!("{line}\n") },
        }
    }
}

/// What the methods of a type are found by.
fn owner_of<'db>(db: &'db dyn Db, ty: Ty<'db>) -> Option<Owner<'db>> {
    let name = match ty.kind(db) {
        TyKind::Adt(item, _) | TyKind::Handle(item) => return Some(Owner::Item(*item)),
        TyKind::Bool => "bool",
        TyKind::Int(kind) => kind.name(),
        TyKind::Float(kind) => kind.name(),
        TyKind::Char => "char",
        TyKind::String => "string",
        TyKind::Tuple(_) => "tuple",
        TyKind::List(_) | TyKind::FixedList(..) => "list",
        TyKind::Option(_) => "option",
        TyKind::Result(..) => "result",
        TyKind::Map(..) => "map",
        TyKind::Set(_) => "set",
        _ => return None,
    };
    Some(Owner::Builtin(name.into()))
}
