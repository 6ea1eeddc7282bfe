//! `with`: functions of effects replaced in a block.
//!
//! What is replaced is a function that is named and known here, so every call that the block leads to can be bound
//! now, once and for all: `thir` says which function is replaced by what, and whoever runs the block needs no search.
//! The replacement itself, and its methods, mean what they mean outside the block.

use super::{Expected, Infer, Typed, Why};
use crate::bounds::is_affine;
use crate::table::{Con, Shape, TypeId};
use crate::thir::{ExprKind, Replaced, Replacement};
use crate::{FnSignature, Mode, Ty, display_type, fn_signature, lookup};
use dot_db::{Item, Module};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body as hir;
use dot_hir::{Def, ImportKind, Path, import_of, items_of};
use dot_syntax::ItemKind;

impl<'db> Infer<'db> {
    pub(super) fn infer_with(
        &mut self,
        effect: &Path,
        value: hir::ExprId,
        body: hir::ExprId,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let (value, replaced) = self.replacement(effect, value);
        let Some(replaced) = replaced else {
            self.lacks_replacement = true;
            return self.infer(body, hint);
        };
        let before = self.replaced.len();
        self.replaced.extend(replaced.iter().map(|one| one.function));
        let body = self.infer(body, hint);
        self.replaced.truncate(before);
        let kind = ExprKind::With { value: value.id, replaced, body: body.id };
        self.emit(kind, body.ty, range)
    }

    /// The value that stands for an effect or a function of one, and what it replaces; nothing where that is wrong,
    /// and has been told.
    fn replacement(&mut self, effect: &Path, value: hir::ExprId) -> (Typed, Option<Vec<Replaced<'db>>>) {
        let spans: Vec<_> = effect.segments.iter().map(|name| self.span(self.map.name(name.id))).collect();
        let range = match (effect.segments.first(), effect.segments.last()) {
            (Some(first), Some(last)) => self.map.name(first.id).join(self.map.name(last.id)),
            _ => TextRange::default(),
        };
        let texts = effect.texts();
        match dot_hir::resolve_path(self.db, self.module, &texts) {
            Ok(resolved) => match resolved.def {
                Def::Item(function) if self.can_be_replaced(function) => {
                    self.replace_function(function, value, range)
                }
                Def::Module(module) => self.replace_module(module, value, range),
                Def::Item(_) => (self.infer(value, None), self.no_effect(effect, range)),
            },
            Err(error) => {
                let told = error.diagnostic(self.db, self.module, &texts, &[], &spans);
                told.into_iter().for_each(|diagnostic| {
                    self.report(diagnostic);
                });
                (self.infer(value, None), None)
            }
        }
    }

    fn no_effect(&mut self, effect: &Path, range: TextRange) -> Option<Vec<Replaced<'db>>> {
        let title = format!("`{}` is no effect, nor a function of one", effect.display());
        let note = "`with` replaces what reaches outside of the package: an imported interface, or a function of it.";
        let diagnostic = self.error(codes::NOT_AN_EFFECT, title, range).with_note(note);
        self.report(diagnostic);
        None
    }

    /// Whether a function is one of an effect: it is imported, or another package's and says that it uses one.
    fn can_be_replaced(&self, item: Item<'db>) -> bool {
        if item.module(self.db).file(self.db).is_none() {
            return import_of(self.db, item).is_some();
        }
        let is_function = matches!(item.kind(self.db), ItemKind::Fn | ItemKind::Dot);
        let is_near = item.module(self.db).package(self.db) == self.module.package(self.db);
        is_function && !is_near && !crate::declared_effects(self.db, item).is_empty()
    }

    /// Whether a function's values are data: a replacement has no handles to take or give.
    fn is_plain(&self, function: Item<'db>) -> bool {
        let signature = fn_signature(self.db, function);
        let is_free =
            import_of(self.db, function).is_none_or(|import| import.kind == ImportKind::Freestanding);
        let mut types = signature.params.iter().map(|param| param.ty).chain([signature.ret]);
        is_free && signature.generics.is_empty() && !types.any(|ty| is_affine(self.db, ty, &[]))
    }

    fn replace_function(
        &mut self,
        function: Item<'db>,
        value: hir::ExprId,
        range: TextRange,
    ) -> (Typed, Option<Vec<Replaced<'db>>>) {
        if !self.is_plain(function) {
            self.report_handles(&function.name(self.db).clone(), range);
            return (self.infer(value, None), None);
        }
        let signature = fn_signature(self.db, function);
        let params: Vec<(Mode, TypeId)> =
            signature.params.iter().map(|param| (param.mode, self.table.import(param.ty, &[]))).collect();
        let ret = self.table.import(signature.ret, &[]);
        let ty = self.table.function(&params, ret);
        let typed = self.check(value, Expected { ty, why: Why::Plain });
        (typed, Some(vec![Replaced { function, by: Replacement::Value }]))
    }

    /// Functions that take or give handles can't be replaced: there is no handle that the replacement could make.
    fn report_handles(&mut self, what: &str, range: TextRange) {
        let diagnostic = self
            .error(codes::REPLACEMENT_MISMATCH, format!("`{what}` takes or gives handles, so it can't be replaced"), range)
            .with_note("A handle stands for something outside. Put what uses it in a function of its own that takes data, and test that.");
        self.report(diagnostic);
    }

    fn replace_module(
        &mut self,
        module: Module<'db>,
        value: hir::ExprId,
        range: TextRange,
    ) -> (Typed, Option<Vec<Replaced<'db>>>) {
        let typed = self.infer(value, None);
        let functions: Vec<Item<'db>> =
            items_of(self.db, module).iter().copied().filter(|item| self.can_be_replaced(*item)).collect();
        if functions.is_empty() {
            let title = format!("`{}` has no functions that reach outside", module.path(self.db));
            let diagnostic = self.error(codes::NOT_AN_EFFECT, title, range);
            self.report(diagnostic);
            return (typed, None);
        }
        // What takes or gives handles reaches outside as it does without `with`.
        let functions: Vec<Item<'db>> =
            functions.into_iter().filter(|function| self.is_plain(*function)).collect();
        if functions.is_empty() {
            self.report_handles(&module.path(self.db).clone(), range);
            return (typed, None);
        }
        let head = match self.known_shape(typed.ty) {
            Shape::App(Con::Error | Con::Never, _) => return (typed, None),
            Shape::App(head, _) => head,
            Shape::Var(_) => {
                let at = self.range_of(typed.id);
                self.type_unknown("what stands for the effect", at);
                return (typed, None);
            }
        };
        let resolved = self.table.resolve(typed.ty, &mut crate::table::Resolved::default());
        if is_affine(self.db, resolved, &self.generics) {
            let (shown, at) = (self.show(typed.ty), self.range_of(typed.id));
            let title = format!("{shown} is or holds a handle, so it can't stand for an effect");
            let diagnostic = self
                .error(codes::REPLACEMENT_MISMATCH, title, at)
                .with_note("Each call is given the value, and a handle has one owner.");
            self.report(diagnostic);
            return (typed, None);
        }
        let mut replaced = Vec::new();
        let mut missing = Vec::new();
        for function in functions {
            match self.standing_in(&head, function) {
                Some(method) => {
                    self.note_call(method, range);
                    replaced.push(Replaced { function, by: Replacement::Method(method) });
                }
                None => missing.push(self.wanted_method(typed.ty, function)),
            }
        }
        if missing.is_empty() {
            return (typed, Some(replaced));
        }
        let shown = self.show(typed.ty);
        let title = format!("{shown} has no methods for all of `{}`", module.path(self.db));
        let at = self.range_of(typed.id);
        let note = format!("What is missing, or is of another type:\n{}", missing.join("\n"));
        let diagnostic = self.error(codes::REPLACEMENT_MISMATCH, title, at).with_note(note);
        self.report(diagnostic);
        (typed, None)
    }

    /// The method of a type that takes and gives what a function does.
    fn standing_in(&self, head: &Con<'db>, function: Item<'db>) -> Option<Item<'db>> {
        let method = lookup::method(self.db, self.module, head, &self.generics, function.name(self.db))?;
        let (has, wants) = (fn_signature(self.db, method), fn_signature(self.db, function));
        let (_, params) = has.params.split_first()?;
        let same = params.len() == wants.params.len()
            && params.iter().zip(&wants.params).all(|(a, b)| a.ty == b.ty && a.mode == b.mode);
        (has.generics.is_empty() && same && has.ret == wants.ret).then_some(method)
    }

    /// The declaration of the method that would do.
    fn wanted_method(&self, ty: TypeId, function: Item<'db>) -> String {
        let FnSignature { params, ret, .. } = fn_signature(self.db, function);
        let shown = |ty: Ty<'db>| display_type(self.db, ty, &[]).to_string();
        let mut list = vec![format!("self: {}", self.show(ty).trim_matches('`'))];
        list.extend(params.iter().map(|param| format!("{}: {}", param.name, shown(param.ty))));
        let ret = if *ret == Ty::unit(self.db) { String::new() } else { format!(" -> {}", shown(*ret)) };
        format!("`fn {}({}){ret}`", function.name(self.db), list.join(", "))
    }
}
