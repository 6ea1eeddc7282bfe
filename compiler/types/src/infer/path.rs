//! Names and dotted names: locals, functions, constants, cases, fields.

use super::{Expected, Infer, Mutability, Typed};
use crate::lookup::{self, Found};
use crate::table::Con;
use crate::thir::{self, ExprKind};
use crate::{AdtShape, FloatKind, IntKind, adt_def, const_type};
use dot_db::{Item, Module};
use dot_diagnostics::{TextRange, codes};
use dot_hir::Name;
use dot_hir::body::{self as hir, Expr};
use dot_syntax::ItemKind;
use smol_str::SmolStr;

/// What a dotted name means that is no value.
#[derive(Clone, Debug)]
pub(super) enum Named<'db> {
    /// A module.
    Module(Module<'db>),
    /// A declared type or an alias.
    Type(Item<'db>),
    /// A built-in type, by its name.
    Builtin(SmolStr),
}

impl<'db> Infer<'db> {
    pub(super) fn infer_name(&mut self, name: &Name, hint: Option<Expected<'db>>, range: TextRange) -> Typed {
        if name.is_missing() {
            return self.emit_error(range);
        }
        if let Some(local) = self.scopes.find(&name.text) {
            return self.use_local(local, range);
        }
        if lookup::is_case_name(&name.text)
            && let Some(typed) = self.infer_bare_case(&name.text, hint, range)
        {
            return typed;
        }
        match lookup::resolve(self.db, self.module, &name.text) {
            Some(Found::Item(item)) => self.infer_item(item, range),
            Some(Found::Module(_)) => self.report_not_a_value("a module", &name.text, range),
            Some(Found::Broken) => self.emit_error(range),
            None if dot_hir::is_builtin_type(&name.text) => {
                self.report_not_a_value("a type", &name.text, range)
            }
            None => self.report_unknown_name(&name.text, range),
        }
    }

    /// A local where it is used: in a closure that doesn't own it, its copy.
    pub(super) fn use_local(&mut self, local: thir::LocalId, range: TextRange) -> Typed {
        if let Some(part) = self.use_inout_name(local, range) {
            return part;
        }
        let local = self.capture(local);
        self.emit_local(local, range)
    }

    /// A local as the innermost closure knows it: itself, or the closure's copy.
    pub(super) fn capture(&mut self, local: thir::LocalId) -> thir::LocalId {
        let data = &mut self.locals[local.0 as usize];
        data.used = true;
        let (depth, ty, name, range) = (data.depth, data.ty, data.name.clone(), data.range);
        let mut current = local;
        for level in depth + 1..self.frames.len() {
            let known = self.frames[level].captures.iter().find(|(outer, _)| *outer == current);
            if let Some((_, inner)) = known {
                current = *inner;
                continue;
            }
            let inner = self.new_local(name.clone(), ty, range, Mutability::Fixed);
            self.locals[inner.0 as usize].depth = level;
            self.locals[inner.0 as usize].used = true;
            self.frames[level].captures.push((current, inner));
            self.copy_of.insert(inner, current);
            current = inner;
        }
        current
    }

    /// An item as a value: a constant, or a function that is not called.
    pub(super) fn infer_item(&mut self, item: Item<'db>, range: TextRange) -> Typed {
        match item.kind(self.db) {
            ItemKind::Const => {
                let ty = self.table.import(const_type(self.db, item), &[]);
                self.emit(ExprKind::Const(item), ty, range)
            }
            ItemKind::Fn | ItemKind::Dot => self.infer_function_value(item, range),
            _ => {
                let name = item.name(self.db).clone();
                self.report_not_a_value("a type", &name, range)
            }
        }
    }

    fn infer_function_value(&mut self, item: Item<'db>, range: TextRange) -> Typed {
        if self.refuse_for_target(item, range) {
            return self.emit_error(range);
        }
        let signature = crate::fn_signature(self.db, item);
        let vars = self.instantiate(&signature.generics, &[], range);
        let params: Vec<_> =
            signature.params.iter().map(|param| (param.mode, self.table.import(param.ty, &vars))).collect();
        let ret = self.table.import(signature.ret, &vars);
        let ty = self.table.function(&params, ret);
        let typed = self.emit(ExprKind::FnValue { item, type_args: Vec::new() }, ty, range);
        self.patches.insert(typed.id, super::Patch::TypeArgs(vars));
        self.note_call(item, range);
        typed
    }

    fn report_not_a_value(&mut self, what: &str, name: &str, range: TextRange) -> Typed {
        let mut diagnostic =
            self.error(codes::NOT_A_VALUE, format!("`{name}` is {what}, not a value"), range);
        if let Some(Found::Item(item)) = lookup::resolve(self.db, self.module, name)
            && let Some(span) = crate::signature::name_span(self.db, item)
        {
            diagnostic = diagnostic.with_label(span, "it is declared here");
        }
        self.report(diagnostic);
        self.emit_error(range)
    }

    fn report_unknown_name(&mut self, name: &str, range: TextRange) -> Typed {
        let cases = dot_hir::case_names_in_scope(self.db, self.module);
        let locals: Vec<&str> = self.scopes.names().chain(cases.iter().map(SmolStr::as_str)).collect();
        let span = self.span(range);
        let diagnostic = dot_hir::unknown_name(self.db, self.module, name, &locals, span);
        self.report(diagnostic);
        self.emit_error(range)
    }

    /// What a name or dotted name means, if it is no value.
    pub(super) fn named(&self, expr: hir::ExprId) -> Option<Named<'db>> {
        match self.hir.expr(expr) {
            Expr::Name(name) if self.scopes.find(&name.text).is_some() => None,
            Expr::Name(name) => match lookup::resolve(self.db, self.module, &name.text) {
                Some(found) => named_of(self.db, found),
                None => dot_hir::is_builtin_type(&name.text).then(|| Named::Builtin(name.text.clone())),
            },
            Expr::Field { base, name } => match self.named(*base)? {
                Named::Module(module) => {
                    named_of(self.db, lookup::resolve_in(self.db, self.module, module, &name.text)?)
                }
                Named::Type(_) | Named::Builtin(_) => None,
            },
            _ => None,
        }
    }

    pub(super) fn infer_field(
        &mut self,
        base: hir::ExprId,
        name: &Name,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        match self.named(base) {
            Some(_) if name.is_missing() => self.emit_error(range),
            Some(Named::Module(module)) => self.infer_member_of_module(module, name, range),
            Some(Named::Type(item)) => self.infer_member_of_type(item, name, hint, range),
            Some(Named::Builtin(ty)) => self.infer_member_of_builtin(&ty, name, range),
            None => {
                let base = self.infer(base, None);
                self.infer_field_of(base, name, range)
            }
        }
    }

    fn infer_member_of_module(&mut self, module: Module<'db>, name: &Name, range: TextRange) -> Typed {
        match lookup::resolve_in(self.db, self.module, module, &name.text) {
            Some(Found::Item(item)) => self.infer_item(item, range),
            Some(Found::Module(_)) => self.report_not_a_value("a module", &name.text, range),
            Some(Found::Broken) => self.emit_error(range),
            None => self.report_not_in_module(module, name, range),
        }
    }

    pub(super) fn report_not_in_module(
        &mut self,
        module: Module<'db>,
        name: &Name,
        range: TextRange,
    ) -> Typed {
        let at = self.map.name(name.id);
        let span = self.span(at);
        let diagnostic = match dot_hir::resolve_exported(self.db, module, &name.text) {
            Ok(dot_hir::Def::Item(hidden)) => dot_hir::private_item(self.db, hidden, &name.text, span),
            _ => dot_hir::unknown_in_module(self.db, module, self.module, &name.text, span),
        };
        self.report(diagnostic);
        self.emit_error(range)
    }

    /// `Type.Case`, `Flags.Name`, `Type.method` as a value.
    fn infer_member_of_type(
        &mut self,
        item: Item<'db>,
        name: &Name,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let Some(item) = crate::adt::through_aliases(self.db, item) else { return self.emit_error(range) };
        if lookup::is_case_name(&name.text) {
            return self.infer_qualified_case(item, name, None, hint, range);
        }
        match lookup::member_of_type(self.db, self.module, item, &name.text) {
            Some(function) => self.infer_item(function, range),
            None => {
                let members = lookup::members_of_type(self.db, item);
                self.report_no_member(item.name(self.db), name, &members, range)
            }
        }
    }

    pub(super) fn report_no_member(
        &mut self,
        ty: &str,
        name: &Name,
        members: &[SmolStr],
        range: TextRange,
    ) -> Typed {
        let at = self.map.name(name.id);
        let mut diagnostic =
            self.error(codes::UNKNOWN_METHOD, format!("the type `{ty}` has no `{}`", name.text), at);
        if let Some(meant) = dot_hir::suggest::nearest(&name.text, members.iter().map(SmolStr::as_str)) {
            diagnostic = diagnostic.with_fix(format!("write `{meant}`"), self.span(at), meant);
        }
        self.report(diagnostic);
        self.emit_error(range)
    }

    /// `u8.MAX`, `f64.EPSILON`, `string.len` as a value.
    fn infer_member_of_builtin(&mut self, ty: &str, name: &Name, range: TextRange) -> Typed {
        if let Some(kind) = IntKind::ALL.into_iter().find(|kind| kind.name() == ty) {
            let value = match name.as_str() {
                "MAX" => Some(kind.max()),
                "MIN" => Some(kind.min()),
                _ => None,
            };
            if let Some(value) = value {
                let ty = self.table.con(Con::Int(kind));
                return self.emit(ExprKind::Literal(thir::Literal::Int(value)), ty, range);
            }
        }
        let float = [FloatKind::F32, FloatKind::F64].into_iter().find(|kind| kind.name() == ty);
        if let Some(kind) = float
            && let Some(value) = float_constant(kind, name.as_str())
        {
            let ty = self.table.con(Con::Float(kind));
            return self.emit(ExprKind::Literal(thir::Literal::Float(value.to_bits())), ty, range);
        }
        match lookup::member_of_builtin(self.db, self.module, ty, &name.text) {
            Some(function) => self.infer_item(function, range),
            None => {
                let members = lookup::members_of_builtin(self.db, ty);
                self.report_no_member(ty, name, &members, range)
            }
        }
    }

    /// The field of a value.
    pub(super) fn infer_field_of(&mut self, base: Typed, name: &Name, range: TextRange) -> Typed {
        if name.is_missing() || self.table.is_error(base.ty) {
            return self.emit_error(range);
        }
        let Some(Con::Adt(item)) = self.table.head(base.ty) else {
            if self.table.var_kind(base.ty) == Some(crate::table::VarKind::General) {
                return self.type_unknown("this value", self.range_of(base.id));
            }
            return self.report_unknown_field(base, name, range);
        };
        let item = *item;
        let fields = match &adt_def(self.db, item).shape {
            AdtShape::Record(fields) | AdtShape::Resource(fields) => fields,
            AdtShape::Variant(_) | AdtShape::Flags(_) => return self.report_unknown_field(base, name, range),
        };
        let Some(index) = fields.iter().position(|field| field.name == name.text) else {
            return self.report_unknown_field(base, name, range);
        };
        if self.is_hidden(item) {
            return self.report_hidden(item, self.map.name(name.id), range);
        }
        let args = self.table.args(base.ty).to_vec();
        let ty = self.table.import(fields[index].ty, &args);
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        self.take_out(crate::effects::said::of_field(self.db, item, index), range);
        self.emit(ExprKind::Field { base: base.id, index }, ty, range)
    }

    /// Whether a type's structure is hidden here.
    pub(super) fn is_hidden(&self, item: Item<'db>) -> bool {
        !dot_hir::is_structure_visible_from(self.db, item, self.module)
    }

    pub(super) fn report_hidden(&mut self, item: Item<'db>, at: TextRange, range: TextRange) -> Typed {
        let title = format!("what `{}` is made of is hidden here", item.name(self.db));
        let diagnostic = self
            .error(codes::OPAQUE_TYPE, title, at)
            .with_note("An `opaque` type shows its structure only in the file that declares it.");
        self.report(diagnostic);
        self.emit_error(range)
    }

    fn report_unknown_field(&mut self, base: Typed, name: &Name, range: TextRange) -> Typed {
        let (shown, at) = (self.show(base.ty), self.map.name(name.id));
        let title = format!("there is no field `{}` in {shown}", name.text);
        let mut diagnostic = self.error(codes::UNKNOWN_FIELD, title, at);
        let head = self.table.head(base.ty).cloned();
        if let Some(Con::Adt(item)) = &head
            && let AdtShape::Record(fields) | AdtShape::Resource(fields) = &adt_def(self.db, *item).shape
        {
            let names = fields.iter().map(|field| field.name.as_str());
            if let Some(meant) = dot_hir::suggest::nearest(&name.text, names) {
                diagnostic = diagnostic.with_fix(format!("write `{meant}`"), self.span(at), meant);
            }
        }
        if head.is_some_and(|head| self.has_method(&head, &name.text)) {
            diagnostic = diagnostic
                .with_note("There is a method of that name; a method is called with parentheses.")
                .with_fix("call the method", self.span(TextRange::empty(at.end)), "()");
        }
        let foreign = lookup::known_as(&name.text);
        if let Some((head, meant)) =
            self.table.head(base.ty).zip(foreign).filter(|_| diagnostic.fix.is_none())
            && self.has_method(head, meant)
        {
            let call = format!("{meant}()");
            diagnostic = diagnostic.with_fix(format!("write `{call}`"), self.span(at), call);
        }
        let diagnostic = self.suggest_question(diagnostic, base.ty, name, |this, inner| {
            let Some(Con::Adt(item)) = this.table.head(inner) else { return false };
            match &adt_def(this.db, *item).shape {
                AdtShape::Record(fields) | AdtShape::Resource(fields) => {
                    fields.iter().any(|field| field.name == name.text)
                }
                AdtShape::Variant(_) | AdtShape::Flags(_) => false,
            }
        });
        self.report(diagnostic);
        self.emit_error(range)
    }

    pub(super) fn infer_tuple_field(&mut self, base: hir::ExprId, index: u32, range: TextRange) -> Typed {
        let base = self.infer(base, None);
        self.infer_tuple_field_of(base, index, range)
    }

    pub(super) fn infer_tuple_field_of(&mut self, base: Typed, index: u32, range: TextRange) -> Typed {
        if self.table.is_error(base.ty) {
            return self.emit_error(range);
        }
        if self.table.head(base.ty).is_none() {
            return self.type_unknown("this value", self.range_of(base.id));
        }
        let part = match self.table.head(base.ty) {
            Some(Con::Tuple) => self.table.args(base.ty).get(index as usize).copied(),
            _ => None,
        };
        let Some(ty) = part else {
            let shown = self.show(base.ty);
            let diagnostic =
                self.error(codes::UNKNOWN_FIELD, format!("there is no part `.{index}` in {shown}"), range);
            self.report(diagnostic);
            return self.emit_error(range);
        };
        self.emit(ExprKind::Field { base: base.id, index }, ty, range)
    }
}

fn named_of<'db>(db: &'db dyn dot_db::Db, found: Found<'db>) -> Option<Named<'db>> {
    match found {
        Found::Module(module) => Some(Named::Module(module)),
        Found::Item(item) if lookup::is_type(db, item) => Some(Named::Type(item)),
        Found::Item(_) | Found::Broken => None,
    }
}

fn float_constant(kind: FloatKind, name: &str) -> Option<f64> {
    let (max, epsilon) = match kind {
        FloatKind::F32 => (f64::from(f32::MAX), f64::from(f32::EPSILON)),
        FloatKind::F64 => (f64::MAX, f64::EPSILON),
    };
    Some(match name {
        "MAX" => max,
        "MIN" => -max,
        "EPSILON" => epsilon,
        "INFINITY" => f64::INFINITY,
        "NAN" => f64::NAN,
        _ => return None,
    })
}
