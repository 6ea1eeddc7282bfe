//! Calls of functions and function values.

use super::argument::{First, Slot, Target};
use super::path::Named;
use super::{Expected, Infer, Patch, Typed, Why};
use crate::lookup::{self, Found};
use crate::table::{Con, TypeId, VarKind};
use crate::thir::{Arg, Callee, ExprKind};
use crate::{Generic, Intrinsic, Mode, TyKind, fn_signature, signature};
use dot_db::{Item, Module};
use dot_diagnostics::{TextRange, codes};
use dot_hir::Name;
use dot_hir::body::{self as hir, Expr};
use dot_hir::type_ref::TypeArg;
use dot_syntax::ItemKind;
use smol_str::SmolStr;

/// What stands around the callee of a call.
#[derive(Clone, Copy)]
pub(super) struct CallParts<'a, 'db> {
    pub(super) type_args: &'a [TypeArg],
    pub(super) first: Option<First>,
    pub(super) args: &'a [hir::Arg],
    pub(super) hint: Option<Expected<'db>>,
    pub(super) range: TextRange,
}

impl<'db> Infer<'db> {
    pub(super) fn infer_call(
        &mut self,
        callee: hir::ExprId,
        type_args: &[TypeArg],
        args: &[hir::Arg],
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        self.infer_call_of(callee, CallParts { type_args, first: None, args, hint, range })
    }

    pub(super) fn infer_pipe(
        &mut self,
        value: hir::ExprId,
        callee: hir::ExprId,
        type_args: &[TypeArg],
        args: &[hir::Arg],
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let value = self.infer(value, None);
        self.infer_call_of(
            callee,
            CallParts { type_args, first: Some(First::Piped(value)), args, hint, range },
        )
    }

    fn infer_call_of(&mut self, callee: hir::ExprId, parts: CallParts<'_, 'db>) -> Typed {
        let hir = self.hir;
        match hir.expr(callee) {
            Expr::Builtin(case) => self.infer_builtin_call(*case, parts),
            Expr::Name(name) if self.scopes.find(&name.text).is_none() => {
                self.infer_call_by_name(name, parts)
            }
            Expr::Field { base, name } => match self.named(*base) {
                Some(Named::Module(module)) => self.call_in_module(module, name, parts),
                Some(Named::Type(item)) if lookup::is_case_name(&name.text) => {
                    match crate::adt::through_aliases(self.db, item) {
                        Some(item) => {
                            self.infer_qualified_case(item, name, Some(parts), parts.hint, parts.range)
                        }
                        None => self.emit_error(parts.range),
                    }
                }
                Some(Named::Type(item)) => self.call_of_type(item, name, parts),
                Some(Named::Builtin(ty)) => self.call_of_builtin(&ty, name, parts),
                None => self.call_value(callee, parts),
            },
            _ => self.call_value(callee, parts),
        }
    }

    fn infer_call_by_name(&mut self, name: &Name, parts: CallParts<'_, 'db>) -> Typed {
        if name.is_missing() {
            return self.emit_error(parts.range);
        }
        if lookup::is_case_name(&name.text)
            && let Some(typed) = self.infer_case_call(name, parts)
        {
            return typed;
        }
        let at = self.map.name(name.id);
        match lookup::resolve(self.db, self.module, &name.text) {
            Some(Found::Item(item)) if matches!(item.kind(self.db), ItemKind::Fn | ItemKind::Dot) => {
                self.call_item(item, parts)
            }
            Some(Found::Item(item)) if item.kind(self.db) == ItemKind::Const => {
                let callee = self.infer_item(item, at);
                self.call_typed(callee, parts)
            }
            Some(Found::Item(_) | Found::Module(_)) => {
                let title = format!("`{}` can't be called", name.text);
                let diagnostic = self.error(codes::NOT_CALLABLE, title, at).with_note(
                    "Records are made by `Name { … }`, cases by `Case(…)`, and functions are called by name.",
                );
                self.report(diagnostic);
                self.infer_arguments(parts)
            }
            Some(Found::Broken) => self.infer_arguments(parts),
            None => self.call_unknown(name, parts),
        }
    }

    /// No item has the name: a conversion `u8(x)`, or an error.
    fn call_unknown(&mut self, name: &Name, parts: CallParts<'_, 'db>) -> Typed {
        if let Some(target) = super::convert::numeric_type(&name.text) {
            return self.infer_conversion(target, parts);
        }
        let at = self.map.name(name.id);
        if dot_hir::is_builtin_type(&name.text) {
            let title = format!("the type `{}` has no conversion that is called by its name", name.text);
            let diagnostic = self
                .error(codes::NOT_CALLABLE, title, at)
                .with_note("Only numeric types have one: `u8(x)`. Interpolation, `\"{x}\"`, makes a string.");
            self.report(diagnostic);
        } else {
            let locals: Vec<&str> = self.scopes.names().collect();
            let span = self.span(at);
            let mut diagnostic = dot_hir::unknown_name(self.db, self.module, &name.text, &locals, span);
            if !dot_hir::methods_named(self.db, self.module, &name.text).is_empty() {
                diagnostic = diagnostic
                    .with_note(format!("There is a method of that name, called as `x.{}(…)`.", name.text));
            }
            self.report(diagnostic);
        }
        self.infer_arguments(parts)
    }

    /// Infers arguments of a call that can't be understood, so that mistakes inside them are told.
    pub(super) fn infer_arguments(&mut self, parts: CallParts<'_, 'db>) -> Typed {
        for arg in parts.args {
            if !matches!(self.hir.expr(arg.value), Expr::Closure(_)) {
                // What would have told the argument's type has been told of.
                let ty = self.error_type();
                self.infer(arg.value, Some(Expected { ty, why: Why::Plain }));
            }
        }
        self.emit_error(parts.range)
    }

    pub(super) fn call_in_module(
        &mut self,
        module: Module<'db>,
        name: &Name,
        parts: CallParts<'_, 'db>,
    ) -> Typed {
        match lookup::resolve_in(self.db, self.module, module, &name.text) {
            Some(Found::Item(item)) if matches!(item.kind(self.db), ItemKind::Fn | ItemKind::Dot) => {
                self.call_item(item, parts)
            }
            Some(Found::Item(item)) if item.kind(self.db) == ItemKind::Const => {
                let callee = self.infer_item(item, self.map.name(name.id));
                self.call_typed(callee, parts)
            }
            Some(Found::Item(_) | Found::Module(_)) => {
                let at = self.map.name(name.id);
                let title = format!("`{}` can't be called", name.text);
                let diagnostic = self.error(codes::NOT_CALLABLE, title, at);
                self.report(diagnostic);
                self.infer_arguments(parts)
            }
            Some(Found::Broken) => self.infer_arguments(parts),
            None => {
                self.report_not_in_module(module, name, parts.range);
                self.infer_arguments(parts)
            }
        }
    }

    /// `Type.name(…)`: a static, or a method with its receiver as first argument.
    pub(super) fn call_of_type(&mut self, item: Item<'db>, name: &Name, parts: CallParts<'_, 'db>) -> Typed {
        let Some(item) = crate::adt::through_aliases(self.db, item) else {
            return self.infer_arguments(parts);
        };
        match lookup::member_of_type(self.db, self.module, item, &name.text) {
            Some(function) => self.call_item(function, parts),
            None if crate::adt::is_flags(self.db, item) && name.text == "none" && parts.args.is_empty() => {
                let ty = self.table.app(Con::Adt(item), Vec::new());
                self.emit(ExprKind::Flags(0), ty, parts.range)
            }
            None => {
                let members = lookup::members_of_type(self.db, item);
                self.report_no_member(item.name(self.db), name, &members, parts.range);
                self.infer_arguments(parts)
            }
        }
    }

    /// `u8.try(x)`, `f64.parse(s)`, `list.of(n, x)`.
    pub(super) fn call_of_builtin(&mut self, ty: &str, name: &Name, parts: CallParts<'_, 'db>) -> Typed {
        if let Some(target) = super::convert::numeric_type(ty)
            && let Some(mode) = super::convert::mode_named(&name.text)
        {
            return self.infer_conversion_by(target, mode, parts);
        }
        match lookup::member_of_builtin(self.db, self.module, ty, &name.text) {
            Some(function) => self.call_item(function, parts),
            None => {
                let members = lookup::members_of_builtin(self.db, ty);
                self.report_no_member(ty, name, &members, parts.range);
                self.infer_arguments(parts)
            }
        }
    }

    /// A call of a declared function.
    pub(super) fn call_item(&mut self, item: Item<'db>, parts: CallParts<'_, 'db>) -> Typed {
        if self.refuse_for_target(item, parts.range) {
            self.infer_arguments(parts);
            return self.emit_error(parts.range);
        }
        // How it is called nobody can tell; that has been told where it is declared.
        if crate::check::is_signature_misread(self.db, item) {
            self.note_call(item, parts.range);
            return self.infer_arguments(parts);
        }
        let signature = fn_signature(self.db, item);
        let vars = self.instantiate(&signature.generics, parts.type_args, parts.range);
        let intrinsic = signature::intrinsic_of(self.db, item);
        let ret = match intrinsic {
            Some(Intrinsic::Unreachable | Intrinsic::MemExhausted) => self.never_type(),
            _ => self.table.import(signature.ret, &vars),
        };
        // A result such as `list<T>` can only be what is expected; a bare `T` may still be widened.
        if let Some(hint) = parts.hint
            && !vars.is_empty()
            && !matches!(signature.ret.kind(self.db), TyKind::Param(_))
            && self.table.head(hint.ty) == self.table.head(ret)
        {
            // Where this fails, the arguments or the result tell the mistake.
            let _ = self.table.unify(ret, hint.ty);
        }
        let slots: Vec<Slot> = signature
            .params
            .iter()
            .map(|param| Slot {
                name: Some(param.name.clone()),
                mode: param.mode,
                ty: self.table.import(param.ty, &vars),
                has_default: param.has_default,
            })
            .collect();
        self.note_call(item, parts.range);
        self.take_out(crate::effects::said::of_result(self.db, item), parts.range);
        let target = Target { name: item.name(self.db).clone(), item: Some(item), vars: vars.clone() };
        let Some(passed) = self.pass(&target, &slots, parts.first, parts.args, parts.range) else {
            let typed = self.emit_error(parts.range);
            return Typed { id: typed.id, ty: ret };
        };
        let callee = match intrinsic {
            Some(op) => Callee::Intrinsic { op, type_args: Vec::new() },
            None => Callee::Item { item, type_args: Vec::new() },
        };
        let typed = self.emit(ExprKind::Call { callee, args: passed.args }, ret, parts.range);
        self.patches.insert(typed.id, Patch::TypeArgs(vars));
        self.emit_after(passed.stmts, typed)
    }

    /// Type arguments: those that are written, or variables.
    pub(super) fn instantiate(
        &mut self,
        generics: &[Generic],
        written: &[TypeArg],
        range: TextRange,
    ) -> Vec<TypeId> {
        if !written.is_empty() && written.len() != generics.len() {
            let verb = if written.len() == 1 { "is" } else { "are" };
            let takes = crate::lower_type::counted(generics.len());
            let title = format!("this takes {takes}, {} {verb} given", written.len());
            let diagnostic = self.error(codes::WRONG_TYPE_ARGUMENTS, title, range);
            self.report(diagnostic);
        }
        let mut vars = Vec::new();
        for (index, generic) in generics.iter().enumerate() {
            let ty = match written.get(index) {
                Some(TypeArg::Type(ty)) => self.lower_type(*ty),
                Some(TypeArg::Length(_)) => self.error_type(),
                None => self.fresh(),
            };
            self.require(ty, generic.bound, range, "the type parameter's bound asks for it");
            vars.push(ty);
        }
        vars
    }

    /// A call of a function value.
    fn call_value(&mut self, callee: hir::ExprId, parts: CallParts<'_, 'db>) -> Typed {
        let callee = self.infer(callee, None);
        self.call_typed(callee, parts)
    }

    fn call_typed(&mut self, callee: Typed, parts: CallParts<'_, 'db>) -> Typed {
        let at = self.range_of(callee.id);
        let Some(Con::Fn(modes)) = self.table.head(callee.ty).cloned() else {
            if self.table.var_kind(callee.ty) == Some(VarKind::General) {
                self.type_unknown("what is called", at);
            } else if !self.table.is_error(callee.ty) {
                let shown = self.show(callee.ty);
                let mut diagnostic =
                    self.error(codes::NOT_CALLABLE, format!("a value of type {shown} can't be called"), at);
                if let Some((declared, name)) = self.hides_function(callee) {
                    diagnostic = diagnostic
                        .with_label(self.span(declared), format!("this hides the function `{name}`"))
                        .with_note(
                            "A name stands for what was bound last. Give one of the two another name.",
                        );
                }
                self.report(diagnostic);
            }
            return self.infer_arguments(parts);
        };
        let types = self.table.args(callee.ty).to_vec();
        let slot = |(mode, ty): (Mode, TypeId)| Slot { name: None, mode, ty, has_default: false };
        let slots: Vec<Slot> = modes.into_iter().zip(types.iter().copied()).map(slot).collect();
        let ret = types.last().copied().unwrap_or(callee.ty);
        let target = Target { name: "this function".into(), item: None, vars: Vec::new() };
        match self.pass(&target, &slots, parts.first, parts.args, parts.range) {
            Some(passed) => {
                let kind = ExprKind::Call { callee: Callee::Value(callee.id), args: passed.args };
                let typed = self.emit(kind, ret, parts.range);
                self.emit_after(passed.stmts, typed)
            }
            None => self.emit_error(parts.range),
        }
    }

    /// Where a local is bound that hides a function of its name, and that name.
    fn hides_function(&self, callee: Typed) -> Option<(TextRange, SmolStr)> {
        let ExprKind::Local(local) = self.exprs[callee.id.0 as usize].0 else { return None };
        let data = &self.locals[local.0 as usize];
        match lookup::resolve(self.db, self.module, &data.name)? {
            Found::Item(item) if matches!(item.kind(self.db), ItemKind::Fn | ItemKind::Dot) => {
                Some((data.range, data.name.clone()))
            }
            _ => None,
        }
    }

    /// The arguments of a case as values, one for each part.
    pub(super) fn pass_parts(
        &mut self,
        target: &Target<'db>,
        slots: &[Slot],
        parts: CallParts<'_, 'db>,
    ) -> Option<(Vec<crate::thir::Stmt>, Vec<crate::thir::ExprId>)> {
        let passed = self.pass(target, slots, parts.first, parts.args, parts.range)?;
        let values = passed.args.into_iter().map(|arg| match arg {
            Arg::Value(id) => Some(id),
            Arg::InOut(_) => None,
        });
        Some((passed.stmts, values.collect::<Option<_>>()?))
    }

    /// What an argument list of one value is checked against, for conversions.
    pub(super) fn only_argument(&mut self, parts: CallParts<'_, 'db>, what: &str) -> Option<Typed> {
        match (parts.first, parts.args) {
            (Some(first), []) => Some(first.value()),
            (None, [arg]) if arg.label.is_none() && !arg.inout => Some(self.infer(arg.value, None)),
            _ => {
                let title = format!("{what} takes one argument");
                let diagnostic = self.error(codes::WRONG_ARGUMENTS, title, parts.range);
                self.report(diagnostic);
                None
            }
        }
    }

    /// What a part of a built-in case is expected to be.
    pub(super) fn part_hint(
        &self,
        hint: Option<Expected<'db>>,
        head: &Con<'_>,
        index: usize,
    ) -> Option<Expected<'db>> {
        let hint = hint?;
        let ty =
            (self.table.head(hint.ty) == Some(head)).then(|| self.table.args(hint.ty).get(index).copied());
        Some(Expected {
            ty: ty.flatten()?,
            why: match hint.why {
                Why::Statement => Why::Plain,
                why => why,
            },
        })
    }
}
