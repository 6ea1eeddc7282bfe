//! Cases of variants, enums, flags, `option` and `result`.

use super::argument::{Slot, Target};
use super::call::CallParts;
use super::{Expected, Infer, Mutability, Patch, Typed};
use crate::table::{Con, TypeId};
use crate::thir::{Closure, ExprKind, Param};
use crate::{AdtShape, CaseDef, Mode, adt_def};
use dot_db::Item;
use dot_diagnostics::{TextRange, codes};
use dot_hir::Name;
use dot_hir::body::BuiltinCase;
use smol_str::SmolStr;

impl<'db> Infer<'db> {
    /// `none`, and `some`, `ok`, `err` as functions.
    pub(super) fn infer_builtin_case(
        &mut self,
        case: BuiltinCase,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        if case != BuiltinCase::None {
            return self.builtin_case_value(case, hint, range);
        }
        let item = match self.part_hint(hint, &Con::Option, 0) {
            Some(hint) => hint.ty,
            None => self.fresh(),
        };
        let ty = self.table.app(Con::Option, vec![item]);
        self.emit(ExprKind::Case { case: 0, args: Vec::new() }, ty, range)
    }

    /// `xs.map(some)`: the case as a function of what it carries.
    fn builtin_case_value(
        &mut self,
        case: BuiltinCase,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let part = self.fresh();
        let (index, whole) = match case {
            BuiltinCase::None | BuiltinCase::Some => (1, self.table.app(Con::Option, vec![part])),
            BuiltinCase::Ok => {
                let err = self.fresh();
                (0, self.table.app(Con::Result, vec![part, err]))
            }
            BuiltinCase::Err => {
                let ok = self.fresh();
                (1, self.table.app(Con::Result, vec![ok, part]))
            }
        };
        self.emit_case_value(index, &[part], whole, hint, range)
    }

    /// A case that carries something as a function: the closure that makes it.
    fn emit_case_value(
        &mut self,
        case: u32,
        parts: &[TypeId],
        whole: TypeId,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let types: Vec<(Mode, TypeId)> = parts.iter().map(|ty| (Mode::In, *ty)).collect();
        let ty = self.table.function(&types, whole);
        if let Some(hint) = hint {
            // Settles what the case itself leaves open; a mismatch is told by what follows.
            let _ = self.table.unify(hint.ty, ty);
        }
        let (mut params, mut args) = (Vec::new(), Vec::new());
        for ty in parts {
            let local = self.new_local(SmolStr::default(), *ty, range, Mutability::Fixed);
            self.locals[local.0 as usize].depth = self.frames.len();
            params.push(Param { local, mode: Mode::In });
            args.push(self.emit_local(local, range).id);
        }
        let body = self.emit(ExprKind::Case { case, args }, whole, range);
        let ret = crate::Ty::unit(self.db);
        let closure = Closure { params, captures: Vec::new(), ret, body: body.id };
        let typed = self.emit(ExprKind::Closure(Box::new(closure)), ty, range);
        self.patches.insert(typed.id, Patch::ClosureRet(whole));
        typed
    }

    /// `some(x)`, `ok(x)`, `ok()`, `err(e)`.
    pub(super) fn infer_builtin_call(&mut self, case: BuiltinCase, parts: CallParts<'_, 'db>) -> Typed {
        let (head, index, position) = match case {
            BuiltinCase::Some => (Con::Option, 1, 0),
            BuiltinCase::Ok => (Con::Result, 0, 0),
            BuiltinCase::Err => (Con::Result, 1, 1),
            BuiltinCase::None => {
                let diagnostic = self
                    .error(codes::NOT_CALLABLE, "`none` carries nothing", parts.range)
                    .with_note("It is written without parentheses.");
                self.report(diagnostic);
                return self.infer_arguments(parts);
            }
        };
        let part = self.part_hint(parts.hint, &head, position);
        let arg = match (parts.first, parts.args) {
            (None, [arg]) if arg.label.is_none() && !arg.inout => match part {
                Some(part) => self.check_part(arg.value, part),
                None => self.infer(arg.value, None),
            },
            (Some(first), []) => match part {
                Some(part) => self.coerce(first.value(), part),
                None => first.value(),
            },
            (None, []) if head == Con::Result => self.emit_unit(parts.range),
            _ => {
                let title = format!("`{}` takes one value", case.as_str());
                let diagnostic = self.error(codes::WRONG_ARGUMENTS, title, parts.range);
                self.report(diagnostic);
                return self.infer_arguments(parts);
            }
        };
        let ty = self.builtin_case_type(head, position, arg.ty, parts.hint);
        self.emit(ExprKind::Case { case: index, args: vec![arg.id] }, ty, parts.range)
    }

    fn builtin_case_type(
        &mut self,
        head: Con<'db>,
        position: usize,
        arg: TypeId,
        hint: Option<Expected<'db>>,
    ) -> TypeId {
        // What never gives a value tells nothing of the type.
        let arg = if self.table.is_never(arg) { self.fresh() } else { arg };
        let args = match head {
            Con::Option => vec![arg],
            _ => {
                let other = match self.part_hint(hint, &head, 1 - position) {
                    Some(hint) => hint.ty,
                    None => self.fresh(),
                };
                if position == 0 { vec![arg, other] } else { vec![other, arg] }
            }
        };
        self.table.app(head, args)
    }

    /// The case of that name: of the expected type, or the only one in scope. `Err` when more than one is.
    pub(super) fn find_case(
        &self,
        name: &str,
        expected: Option<TypeId>,
    ) -> Result<Option<(Item<'db>, u32)>, ()> {
        if let Some(Con::Adt(item)) = expected.and_then(|ty| self.table.head(ty))
            && let Some(index) = case_index(&adt_def(self.db, *item).shape, name)
        {
            return Ok(Some((*item, index)));
        }
        match dot_hir::cases_named(self.db, self.module, name) {
            [] => Ok(None),
            [case] => Ok(Some((case.item, case.index))),
            _ => Err(()),
        }
    }

    pub(super) fn report_ambiguous(&mut self, name: &str, range: TextRange) {
        let cases = dot_hir::cases_named(self.db, self.module, name);
        let types: Vec<String> =
            cases.iter().map(|case| format!("`{}.{name}`", case.item.name(self.db))).collect();
        let title = format!("`{name}` is a case of several types");
        let mut diagnostic = self
            .error(codes::AMBIGUOUS_CASE, title, range)
            .with_note(format!("Nothing here tells which is meant. Write one of {}.", types.join(", ")));
        if let Some(case) = cases.first() {
            let owner = case.item.name(self.db);
            diagnostic = diagnostic.with_fix(
                format!("name the type, for example `{owner}`"),
                self.span(TextRange::empty(range.start)),
                format!("{owner}."),
            );
        }
        self.report(diagnostic);
    }

    /// A bare `Open`; nothing if there is no such case.
    pub(super) fn infer_bare_case(
        &mut self,
        name: &str,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Option<Typed> {
        match self.find_case(name, hint.map(|hint| hint.ty)) {
            Ok(Some((item, index))) => Some(self.emit_case(item, index, None, hint, range)),
            Ok(None) => None,
            Err(()) => {
                self.report_ambiguous(name, range);
                Some(self.emit_error(range))
            }
        }
    }

    /// `Num(1.0)`; nothing if there is no such case.
    pub(super) fn infer_case_call(&mut self, name: &Name, parts: CallParts<'_, 'db>) -> Option<Typed> {
        match self.find_case(&name.text, parts.hint.map(|hint| hint.ty)) {
            Ok(Some((item, index))) => {
                Some(self.emit_case(item, index, Some(parts), parts.hint, parts.range))
            }
            Ok(None) => None,
            Err(()) => {
                self.report_ambiguous(&name.text, self.map.name(name.id));
                Some(self.infer_arguments(parts))
            }
        }
    }

    /// `Expr.Num(1.0)`, `Room.Hall`, `Access.Read`.
    pub(super) fn infer_qualified_case(
        &mut self,
        item: Item<'db>,
        name: &Name,
        parts: Option<CallParts<'_, 'db>>,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        match case_index(&adt_def(self.db, item).shape, &name.text) {
            Some(index) => self.emit_case(item, index, parts, hint, range),
            None => {
                self.report_unknown_case(item, name);
                match parts {
                    Some(parts) => self.infer_arguments(parts),
                    None => self.emit_error(range),
                }
            }
        }
    }

    pub(super) fn report_unknown_case(&mut self, item: Item<'db>, name: &Name) {
        let at = self.map.name(name.id);
        let title = format!("`{}` has no case `{}`", item.name(self.db), name.text);
        let mut diagnostic = self.error(codes::UNKNOWN_CASE, title, at);
        let names: Vec<&str> = match &adt_def(self.db, item).shape {
            AdtShape::Variant(cases) => cases.iter().map(|case| case.name.as_str()).collect(),
            AdtShape::Flags(flags) => flags.iter().map(|flag| flag.as_str()).collect(),
            AdtShape::Record(_) | AdtShape::Resource(_) => Vec::new(),
        };
        if let Some(meant) = dot_hir::suggest::nearest(&name.text, names) {
            diagnostic = diagnostic.with_fix(format!("write `{meant}`"), self.span(at), meant);
        }
        self.report(diagnostic);
    }

    fn emit_case(
        &mut self,
        item: Item<'db>,
        index: u32,
        parts: Option<CallParts<'_, 'db>>,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        if self.is_hidden(item) {
            if let Some(parts) = parts {
                self.infer_arguments(parts);
            }
            return self.report_hidden(item, range, range);
        }
        let def = adt_def(self.db, item);
        let cases = match &def.shape {
            AdtShape::Variant(cases) => cases,
            AdtShape::Flags(_) => return self.emit_flag(item, index, parts, range),
            AdtShape::Record(_) | AdtShape::Resource(_) => return self.emit_error(range),
        };
        let Some(case) = cases.get(index as usize) else { return self.emit_error(range) };
        let vars = self.instantiate(&def.generics, &[], range);
        let ty = self.table.app(Con::Adt(item), vars.clone());
        if let Some(hint) = hint
            && self.table.head(hint.ty) == Some(&Con::Adt(item))
        {
            // Both are this type, so only its arguments are compared; a mismatch is told by what follows.
            let _ = self.table.unify(ty, hint.ty);
        }
        match parts {
            None if case.parts.is_empty() => {
                self.emit(ExprKind::Case { case: index, args: Vec::new() }, ty, range)
            }
            None if hint.is_some_and(|hint| self.is_no_function(hint.ty)) => {
                let title = format!("`{}` carries {}", case.name, count(case.parts.len()));
                let diagnostic = self
                    .error(codes::WRONG_ARGUMENTS, title, range)
                    .with_note("What a case carries is given in parentheses.");
                self.report(diagnostic);
                self.emit_error(range)
            }
            None => {
                let parts: Vec<TypeId> =
                    case.parts.iter().map(|part| self.table.import(part.ty, &vars)).collect();
                self.emit_case_value(index, &parts, ty, hint, range)
            }
            Some(parts) => self.emit_case_call(case, index, vars, ty, parts),
        }
    }

    /// Whether a type is known, and not that of a function.
    fn is_no_function(&self, ty: TypeId) -> bool {
        !matches!(self.table.head(ty), None | Some(Con::Fn(_) | Con::Error | Con::Never))
    }

    fn emit_case_call(
        &mut self,
        case: &CaseDef<'db>,
        index: u32,
        vars: Vec<TypeId>,
        ty: TypeId,
        parts: CallParts<'_, 'db>,
    ) -> Typed {
        if case.parts.is_empty() {
            let title = format!("`{}` carries nothing", case.name);
            let diagnostic = self
                .error(codes::WRONG_ARGUMENTS, title, parts.range)
                .with_note("It is written without parentheses.");
            self.report(diagnostic);
            self.infer_arguments(parts);
            return self.emit_error(parts.range);
        }
        let slots: Vec<Slot> = case
            .parts
            .iter()
            .map(|part| Slot {
                name: part.label.clone(),
                mode: Mode::In,
                ty: self.table.import(part.ty, &vars),
                has_default: false,
            })
            .collect();
        let target = Target { name: case.name.clone(), item: None, vars };
        let Some((stmts, args)) = self.pass_parts(&target, &slots, parts) else {
            let typed = self.emit_error(parts.range);
            return Typed { id: typed.id, ty };
        };
        let typed = self.emit(ExprKind::Case { case: index, args }, ty, parts.range);
        self.emit_after(stmts, typed)
    }

    fn emit_flag(
        &mut self,
        item: Item<'db>,
        index: u32,
        parts: Option<CallParts<'_, 'db>>,
        range: TextRange,
    ) -> Typed {
        if let Some(parts) = parts {
            let diagnostic = self.error(codes::NOT_CALLABLE, "a flag carries nothing", range);
            self.report(diagnostic);
            return self.infer_arguments(parts);
        }
        let Some(bit) = 1_u32.checked_shl(index) else { return self.not_yet("more than 32 flags", range) };
        let ty = self.table.app(Con::Adt(item), Vec::new());
        self.emit(ExprKind::Flags(bit), ty, range)
    }
}

/// The index of a case or flag.
pub(super) fn case_index(shape: &AdtShape<'_>, name: &str) -> Option<u32> {
    let index = match shape {
        AdtShape::Variant(cases) => cases.iter().position(|case| case.name == name),
        AdtShape::Flags(flags) => flags.iter().position(|flag| flag == name),
        AdtShape::Record(_) | AdtShape::Resource(_) => None,
    };
    index.and_then(|index| u32::try_from(index).ok())
}

fn count(parts: usize) -> String {
    if parts == 1 { "one value".to_owned() } else { format!("{parts} values") }
}
