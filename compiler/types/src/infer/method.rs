//! Method calls.

use super::argument::First;
use super::call::CallParts;
use super::path::Named;
use super::{Expected, Infer, Typed};
use crate::lookup;
use crate::table::{Con, Shape, TypeId};
use crate::thir::{ExprKind, ListPart};
use crate::{Diagnostic, Mode};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body as hir;
use dot_hir::type_ref::TypeArg;
use dot_hir::{Def, Name};
use smol_str::SmolStr;

impl<'db> Infer<'db> {
    pub(super) fn infer_method_call(
        &mut self,
        receiver: hir::ExprId,
        name: &Name,
        type_args: &[TypeArg],
        args: &[hir::Arg],
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let parts = CallParts { type_args, first: None, args, hint, range };
        match self.named(receiver) {
            Some(_) if name.is_missing() => self.infer_arguments(parts),
            Some(Named::Module(module)) => self.call_in_module(module, name, parts),
            Some(Named::Type(item)) => self.call_of_type(item, name, parts),
            Some(Named::Builtin(ty)) => self.call_of_builtin(&ty, name, parts),
            None => {
                let receiver = self.infer_place(receiver);
                self.call_method(
                    receiver,
                    name,
                    CallParts { first: Some(First::Receiver(receiver)), ..parts },
                )
            }
        }
    }

    fn call_method(&mut self, receiver: Typed, name: &Name, parts: CallParts<'_, 'db>) -> Typed {
        let at = self.range_of(receiver.id);
        let head = match self.known_shape(receiver.ty) {
            Shape::Var(_) => {
                self.type_unknown("what the method is called on", at);
                return self.infer_arguments(parts);
            }
            Shape::App(Con::Error | Con::Never, _) => return self.infer_arguments(parts),
            Shape::App(head, _) => head,
        };
        if name.is_missing() {
            return self.infer_arguments(parts);
        }
        match lookup::method(self.db, self.module, &head, &self.generics, &name.text) {
            Some(method) => self.call_item(method, parts),
            None if self.is_method_of_lists(&head, name) => {
                let list = self.as_list(receiver);
                self.call_method(list, name, CallParts { first: Some(First::Receiver(list)), ..parts })
            }
            None => {
                self.report_unknown_method(receiver, &head, name);
                self.infer_arguments(parts)
            }
        }
    }

    /// Whether a method that a list of fixed length doesn't have is one of lists that leaves its receiver as it is.
    fn is_method_of_lists(&self, head: &Con<'db>, name: &Name) -> bool {
        if !matches!(head, Con::FixedList(_)) {
            return false;
        }
        let method = lookup::method(self.db, self.module, &Con::List, &self.generics, &name.text);
        let first = method.and_then(|method| crate::fn_signature(self.db, method).params.first());
        first.is_some_and(|this| this.mode == Mode::In)
    }

    /// A list of the elements of a list of fixed length.
    fn as_list(&mut self, fixed: Typed) -> Typed {
        let elements = self.table.args(fixed.ty).to_vec();
        let ty = self.table.app(Con::List, elements);
        let range = self.range_of(fixed.id);
        self.emit(ExprKind::List(vec![ListPart::Spread(fixed.id)]), ty, range)
    }

    /// Whether there is a method of that name for a type.
    pub(super) fn has_method(&self, head: &Con<'db>, name: &str) -> bool {
        lookup::method(self.db, self.module, head, &self.generics, name).is_some()
    }

    fn report_unknown_method(&mut self, receiver: Typed, head: &Con<'db>, name: &Name) {
        let (shown, at) = (self.show(receiver.ty), self.map.name(name.id));
        let title = format!("there is no method `{}` for {shown}", name.text);
        let mut diagnostic = self.error(codes::UNKNOWN_METHOD, title, at);
        if let Some((declared, module)) = self.hides_module(receiver, &name.text) {
            let label = format!("this hides the module `{module}`, which has one");
            let note = "A name stands for what was bound last. Give one of the two another name; a `use` renames by `as`.";
            self.report(diagnostic.with_label(self.span(declared), label).with_note(note));
            return;
        }
        let names = lookup::method_names(self.db, self.module, head, &self.generics);
        let fitting = names.iter().map(|name| name.as_str()).filter(|name| self.has_method(head, name));
        let foreign = lookup::known_as(&name.text).filter(|meant| self.has_method(head, meant));
        let meant = foreign.or_else(|| dot_hir::suggest::nearest(&name.text, fitting));
        if let Some(meant) = meant {
            diagnostic = diagnostic.with_fix(format!("write `{meant}`"), self.span(at), meant);
        } else if let Con::Adt(item) = head
            && let crate::AdtShape::Record(fields) = &crate::adt_def(self.db, *item).shape
            && fields.iter().any(|field| field.name == name.text)
        {
            let receiver = self.range_of(receiver.id);
            let edit = |at: u32, text: &str| dot_diagnostics::Edit {
                span: self.span(TextRange::empty(at)),
                replacement: text.to_owned(),
            };
            diagnostic = diagnostic
                .with_note(
                    "There is a field of that name. What is stored in a field is called in parentheses.",
                )
                .with_edits("call what is stored", vec![edit(receiver.start, "("), edit(at.end, ")")]);
        }
        if matches!(head, Con::FixedList(_)) && self.has_method(&Con::List, &name.text) {
            diagnostic = diagnostic.with_note(
                "It would change the length, which is part of the type. `var xs = [..fixed]` is a list.",
            );
        }
        let diagnostic = self.suggest_question(diagnostic, receiver.ty, name, |this, inner| {
            this.table.head(inner).is_some_and(|head| this.has_method(head, &name.text))
        });
        self.report(diagnostic);
    }

    /// Where a local is bound that hides a module of its name in which there is something called `member`, and that name.
    fn hides_module(&self, receiver: Typed, member: &str) -> Option<(TextRange, SmolStr)> {
        let ExprKind::Local(local) = self.exprs[receiver.id.0 as usize].0 else { return None };
        let data = &self.locals[local.0 as usize];
        let Ok(Def::Module(hidden)) = dot_hir::resolve_name(self.db, self.module, &data.name) else {
            return None;
        };
        dot_hir::resolve_exported(self.db, hidden, member).is_ok().then(|| (data.range, data.name.clone()))
    }

    /// Adds a `?` before the dot of a member that what an `option` or `result` holds would have.
    pub(super) fn suggest_question(
        &self,
        diagnostic: Diagnostic<'db>,
        base: TypeId,
        name: &Name,
        has: impl Fn(&Self, TypeId) -> bool,
    ) -> Diagnostic<'db> {
        let Some(inner) = self.inside(base).filter(|_| diagnostic.fix.is_none()) else { return diagnostic };
        let text = self.item.text(self.db);
        let before = text.get(..self.map.name(name.id).start as usize).unwrap_or_default().trim_end();
        match before.strip_suffix('.').filter(|_| has(self, inner)) {
            Some(before) => {
                let at = u32::try_from(before.trim_end().len()).unwrap_or(u32::MAX);
                diagnostic.with_note(format!("What it holds, {}, has one.", self.show(inner))).with_fix(
                    "take the value out with `?`",
                    self.span(TextRange::empty(at)),
                    "?",
                )
            }
            None => diagnostic,
        }
    }
}
