//! Patterns of cases, flags, constants and records.

use super::Infer;
use super::inout_match::Step;
use super::pattern::Binder;
use crate::own::Operation;
use crate::table::{Con, TypeId};
use crate::thir::{Literal, Pattern};
use crate::{AdtShape, adt_def};
use dot_db::Item;
use dot_diagnostics::{TextRange, codes};
use dot_hir::body::{CasePatArg, FieldPat};
use dot_hir::{Name, Path};
use dot_syntax::ItemKind;

impl<'db> Infer<'db> {
    pub(super) fn check_case(
        &mut self,
        path: &Path,
        args: Option<&[CasePatArg]>,
        rest: bool,
        ty: TypeId,
        binder: &mut Binder,
        range: TextRange,
    ) -> Pattern {
        let all = args.unwrap_or_default();
        if let Some(constant) = self.constant_of_pattern(path, ty)
            && args.is_none()
        {
            return self.check_constant(constant, path, ty, range);
        }
        let Some((item, index)) = self.case_of_pattern(path, ty, range) else {
            return self.check_anyway(all.iter().map(|arg| arg.pat), binder);
        };
        let def = adt_def(self.db, item);
        let vars = self.instantiate(&def.generics, &[], range);
        let whole = self.table.app(Con::Adt(item), vars.clone());
        if let Err(error) = self.table.unify(ty, whole) {
            self.report_pattern_mismatch(&format!("`{}`", path.display()), ty, range, error);
            return self.check_anyway(all.iter().map(|arg| arg.pat), binder);
        }
        if self.is_hidden(item) {
            self.report_hidden(item, range, range);
            return self.check_anyway(all.iter().map(|arg| arg.pat), binder);
        }
        let case = match &def.shape {
            AdtShape::Variant(cases) => cases.get(index as usize),
            AdtShape::Flags(_) => return self.check_flag(index, args, binder, range),
            AdtShape::Record(_) | AdtShape::Resource(_) => None,
        };
        let Some(case) = case else { return self.check_anyway(all.iter().map(|arg| arg.pat), binder) };
        let mut slots: Vec<Option<Pattern>> = case.parts.iter().map(|_| None).collect();
        let mut next = 0;
        let mut fine = true;
        for arg in all {
            let slot = match &arg.label {
                Some(label) => case.parts.iter().position(|part| part.label.as_ref() == Some(&label.text)),
                None => {
                    next += 1;
                    Some(next - 1)
                }
            };
            let part = slot.and_then(|slot| Some((slot, case.parts.get(slot)?)));
            let Some((slot, part)) = part.filter(|(slot, _)| slots[*slot].is_none()) else {
                fine = false;
                self.check_anyway([arg.pat], binder);
                continue;
            };
            let ty = self.table.import(part.ty, &vars);
            let number = u32::try_from(slot).unwrap_or(u32::MAX);
            let effects = crate::effects::said::of_part(self.db, item, index, number);
            self.take_out(effects, self.map.pat(arg.pat));
            let step = Step::Part { case: index, index: number };
            slots[slot] = Some(self.check_inside(arg.pat, ty, step, binder));
        }
        if !fine || (!rest && slots.iter().any(Option::is_none)) {
            let names: Vec<String> = case
                .parts
                .iter()
                .map(|part| part.label.as_ref().map_or_else(|| "_".to_owned(), |label| format!("{label}: _")))
                .collect();
            let form = if names.is_empty() {
                case.name.to_string()
            } else {
                format!("{}({})", case.name, names.join(", "))
            };
            let title = format!("the pattern does not have the parts of `{form}`");
            let diagnostic = self
                .error(codes::WRONG_ARGUMENTS, title, range)
                .with_note("`..` stands for the parts that are not named.");
            self.report(diagnostic);
        }
        let parts = slots.into_iter().map(|slot| slot.unwrap_or(Pattern::Wildcard)).collect();
        Pattern::Case { case: index, parts }
    }

    /// A flag fits the value that has it and no other.
    fn check_flag(
        &mut self,
        index: u32,
        args: Option<&[CasePatArg]>,
        binder: &mut Binder,
        range: TextRange,
    ) -> Pattern {
        if let Some(args) = args {
            let diagnostic = self.error(codes::WRONG_ARGUMENTS, "a flag carries nothing", range);
            self.report(diagnostic);
            return self.check_anyway(args.iter().map(|arg| arg.pat), binder);
        }
        1_u32.checked_shl(index).map_or(Pattern::Wildcard, |bit| Pattern::Literal(Literal::Flags(bit)))
    }

    /// The constant that a path names, unless it is the name of a case.
    fn constant_of_pattern(&self, path: &Path, ty: TypeId) -> Option<Item<'db>> {
        let last = path.last().filter(|name| dot_hir::NameCase::Screaming.fits(&name.text))?;
        if path.segments.len() == 1 && !matches!(self.find_case(&last.text, Some(ty)), Ok(None)) {
            return None;
        }
        match dot_hir::resolve_path(self.db, self.module, &path.texts()).ok()?.def {
            dot_hir::Def::Item(item) if item.kind(self.db) == ItemKind::Const => Some(item),
            _ => None,
        }
    }

    /// A constant fits what `==` it.
    fn check_constant(&mut self, constant: Item<'db>, path: &Path, ty: TypeId, range: TextRange) -> Pattern {
        self.table.settle(ty);
        let typed = self.infer_item(constant, range);
        if let Err(error) = self.table.unify(ty, typed.ty) {
            self.report_pattern_mismatch(&format!("`{}`", path.display()), ty, range, error);
            return Pattern::Wildcard;
        }
        self.require_structure(ty, Operation::Equal, range, "a constant fits what equals it");
        Pattern::Equals(typed.id)
    }

    /// The case that a path names: of the type that is matched, or as in an expression.
    fn case_of_pattern(&mut self, path: &Path, ty: TypeId, range: TextRange) -> Option<(Item<'db>, u32)> {
        let last = path.last().filter(|name| !name.is_missing())?;
        if let [name] = path.segments.as_slice() {
            return match self.find_case(&name.text, Some(ty)) {
                Ok(Some(found)) => Some(found),
                Ok(None) => {
                    self.report_no_case(name, ty, range);
                    None
                }
                Err(()) => {
                    self.report_ambiguous(&name.text, range);
                    None
                }
            };
        }
        let owner = Path { segments: path.segments[..path.segments.len() - 1].to_vec() };
        let texts = owner.texts();
        match dot_hir::resolve_path(self.db, self.module, &texts) {
            Ok(resolved) => match resolved.def {
                dot_hir::Def::Item(item) if crate::lookup::is_type(self.db, item) => {
                    let item = crate::adt::through_aliases(self.db, item)?;
                    let index = super::case::case_index(&adt_def(self.db, item).shape, &last.text);
                    if index.is_none() {
                        self.report_unknown_case(item, last);
                    }
                    Some((item, index?))
                }
                _ => {
                    let title = format!("`{}` is not a type", owner.display());
                    let diagnostic = self.error(codes::NOT_A_TYPE, title, range);
                    self.report(diagnostic);
                    None
                }
            },
            Err(error) => {
                let spans: Vec<_> =
                    owner.segments.iter().map(|name| self.span(self.map.name(name.id))).collect();
                let found = error.diagnostic(self.db, self.module, &texts, &[], &spans);
                if let Some(diagnostic) = found {
                    self.report(diagnostic);
                }
                None
            }
        }
    }

    fn report_no_case(&mut self, name: &Name, ty: TypeId, range: TextRange) {
        if let Some(Con::Adt(item)) = self.table.head(ty) {
            let item = *item;
            if matches!(adt_def(self.db, item).shape, AdtShape::Variant(_)) {
                return self.report_unknown_case(item, name);
            }
        }
        let title = format!("there is no case `{}` here", name.text);
        let mut diagnostic = self.error(codes::UNKNOWN_CASE, title, range);
        let names = dot_hir::case_names_in_scope(self.db, self.module);
        let own = ["some", "none", "ok", "err"].into_iter().find(|own| name.text.eq_ignore_ascii_case(own));
        let near = || dot_hir::suggest::nearest(&name.text, names.iter().map(|name| name.as_str()));
        if let Some(meant) = own.or_else(near) {
            let at = self.span(self.map.name(name.id));
            diagnostic = diagnostic.with_fix(format!("write `{meant}`"), at, meant);
        }
        self.report(diagnostic);
    }

    pub(super) fn check_record(
        &mut self,
        path: Option<&Path>,
        fields: &[FieldPat],
        rest: bool,
        ty: TypeId,
        binder: &mut Binder,
        range: TextRange,
    ) -> Pattern {
        let pats = || fields.iter().map(|field| field.pat);
        let item = match (path, self.table.head(ty)) {
            (Some(path), _) => self.record_named(path),
            (None, Some(Con::Adt(item))) => Some(*item),
            (None, Some(Con::Error)) => None,
            (None, Some(_)) => {
                self.report_pattern_mismatch("`{ … }`", ty, range, crate::table::UnifyError::Mismatch);
                None
            }
            (None, None) => {
                self.type_unknown("what is matched", range);
                None
            }
        };
        let Some(item) = item else { return self.check_anyway(pats(), binder) };
        let def = adt_def(self.db, item);
        let vars = self.instantiate(&def.generics, &[], range);
        let whole = self.table.app(Con::Adt(item), vars.clone());
        if let Err(error) = self.table.unify(ty, whole) {
            self.report_pattern_mismatch(&format!("`{}`", item.name(self.db)), ty, range, error);
            return self.check_anyway(pats(), binder);
        }
        let (AdtShape::Record(defs) | AdtShape::Resource(defs)) = &def.shape else {
            self.report_pattern_mismatch("`{ … }`", ty, range, crate::table::UnifyError::Mismatch);
            return self.check_anyway(pats(), binder);
        };
        if self.is_hidden(item) {
            self.report_hidden(item, range, range);
            return self.check_anyway(pats(), binder);
        }
        let mut out: Vec<(u32, Pattern)> = Vec::new();
        for field in fields {
            let Some(index) = defs.iter().position(|def| def.name == field.name.text) else {
                self.report_no_such_field(item, defs, &field.name);
                self.check_anyway([field.pat], binder);
                continue;
            };
            let ty = self.table.import(defs[index].ty, &vars);
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            if out.iter().any(|(other, _)| *other == index) {
                let title = format!("the field `{}` is matched twice", field.name.text);
                let diagnostic = self.error(codes::DUPLICATE_FIELD, title, self.map.name(field.name.id));
                self.report(diagnostic);
            }
            self.take_out(crate::effects::said::of_field(self.db, item, index), self.map.pat(field.pat));
            let pattern = self.check_inside(field.pat, ty, Step::Field(index), binder);
            out.push((index, pattern));
        }
        let missing: Vec<String> = defs
            .iter()
            .filter(|def| !fields.iter().any(|field| field.name.text == def.name))
            .map(|def| format!("`{}`", def.name))
            .collect();
        if !rest && !missing.is_empty() {
            let title = format!("the pattern does not name {}", missing.join(", "));
            let end = TextRange::empty(range.end.saturating_sub(1));
            let diagnostic = self
                .error(codes::MISSING_FIELD, title, range)
                .with_note("`..` stands for the fields that are not named.")
                .with_fix("leave the rest out", self.span(end), ", .. ");
            self.report(diagnostic);
        }
        Pattern::Fields(out)
    }
}
