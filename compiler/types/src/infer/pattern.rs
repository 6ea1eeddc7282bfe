//! Patterns.
//!
//! A pattern is checked against the type of what it is matched with, and binds its names in the scope that is
//! open. The alternatives of an or-pattern bind the same names: the first alternative makes the locals, the
//! others find them.

use super::{Infer, LiteralCheck, Mutability};
use crate::table::{Con, TypeId};
use crate::thir::{Literal, LocalId, Pattern, TextPiece};
use crate::{AdtShape, adt_def};
use dot_db::Item;
use dot_diagnostics::{TextRange, codes};
use dot_hir::body::{
    self as hir, BuiltinCase, CasePatArg, FieldPat, ListPat, Pat, PatLiteral, StringPatPart,
};
use dot_hir::{Name, Path};
use smol_str::SmolStr;

/// The names that one pattern binds.
struct Binder {
    mutability: Mutability,
    bound: Vec<(SmolStr, LocalId)>,
    /// Inside a further alternative: the names of the first one, and which of them have been met.
    alternative: Option<Vec<(SmolStr, LocalId, bool)>>,
}

impl<'db> Infer<'db> {
    /// Checks a pattern against a type and binds its names.
    pub(super) fn check_pattern(&mut self, pat: hir::PatId, ty: TypeId, mutability: Mutability) -> Pattern {
        let mut binder = Binder { mutability, bound: Vec::new(), alternative: None };
        let pattern = self.check_pat(pat, ty, &mut binder);
        for (name, local) in binder.bound {
            self.scopes.bind(name, local);
        }
        pattern
    }

    fn check_pat(&mut self, id: hir::PatId, ty: TypeId, binder: &mut Binder) -> Pattern {
        let range = self.map.pat(id);
        let hir = self.hir;
        if self.table.is_error(ty)
            && let Some(parts) = parts_of(hir.pat(id))
        {
            return self.check_anyway(parts, binder);
        }
        match hir.pat(id) {
            Pat::Wildcard | Pat::Error => Pattern::Wildcard,
            Pat::Bind { inout, name } => {
                if *inout {
                    self.report_not_yet("`inout` in a pattern", range);
                }
                self.bind_name(name, ty, binder).map_or(Pattern::Wildcard, |local| Pattern::Bind(local, None))
            }
            Pat::As { pat, name } => {
                let inner = self.check_pat(*pat, ty, binder);
                match self.bind_name(name, ty, binder) {
                    Some(local) => Pattern::Bind(local, Some(Box::new(inner))),
                    None => inner,
                }
            }
            Pat::Or(alternatives) => self.check_or(alternatives, ty, binder, range),
            Pat::Literal(literal) => match self.check_pattern_literal(literal, ty, range) {
                Some(literal) => Pattern::Literal(literal),
                None => Pattern::Wildcard,
            },
            Pat::Range { start, end, inclusive } => {
                self.check_range(start, end.as_ref(), *inclusive, ty, range)
            }
            Pat::String(parts) => self.check_text(parts, ty, binder, range),
            Pat::Builtin { case, args } => self.check_builtin(*case, args, ty, binder, range),
            Pat::Case { path, args, rest } => {
                self.check_case(path, args.as_deref(), *rest, ty, binder, range)
            }
            Pat::Record { path, fields, rest } => {
                self.check_record(path.as_ref(), fields, *rest, ty, binder, range)
            }
            Pat::Tuple(parts) => self.check_tuple(parts, ty, binder, range),
            Pat::List(parts) => self.check_list(parts, ty, binder, range),
        }
    }

    /// Binds the names of patterns whose type is not known because of an error.
    fn check_anyway(&mut self, pats: impl IntoIterator<Item = hir::PatId>, binder: &mut Binder) -> Pattern {
        for pat in pats {
            let ty = self.error_type();
            self.check_pat(pat, ty, binder);
        }
        Pattern::Wildcard
    }

    fn bind_name(&mut self, name: &Name, ty: TypeId, binder: &mut Binder) -> Option<LocalId> {
        if name.is_missing() {
            return None;
        }
        let range = self.map.name(name.id);
        if let Some(first) = &mut binder.alternative {
            if let Some((_, local, met)) = first.iter_mut().find(|(bound, ..)| *bound == name.text) {
                *met = true;
                let local = *local;
                let known = self.locals[local.0 as usize].ty;
                if self.table.unify(known, ty).is_err() {
                    let (want, got) = (self.show(known), self.show(ty));
                    let title = format!("`{}` is {got} here and {want} in the first alternative", name.text);
                    let diagnostic = self.error(codes::OR_PATTERN_NAMES, title, range);
                    self.report(diagnostic);
                }
                return Some(local);
            }
            let title = format!("`{}` is not bound by the first alternative", name.text);
            let diagnostic = self
                .error(codes::OR_PATTERN_NAMES, title, range)
                .with_note("All alternatives bind the same names, so that each has a value afterwards.");
            self.report(diagnostic);
        } else if binder.bound.iter().any(|(bound, _)| *bound == name.text) {
            let title = format!("`{}` is bound twice in one pattern", name.text);
            let diagnostic = self.error(codes::DUPLICATE_BINDING, title, range);
            self.report(diagnostic);
        }
        let local = self.new_local(name.text.clone(), ty, range, binder.mutability);
        binder.bound.push((name.text.clone(), local));
        Some(local)
    }

    fn check_or(
        &mut self,
        alternatives: &[hir::PatId],
        ty: TypeId,
        binder: &mut Binder,
        range: TextRange,
    ) -> Pattern {
        let Some((first, others)) = alternatives.split_first() else { return Pattern::Wildcard };
        // Inside an alternative of an outer or-pattern the names are there already: all find them.
        let before = binder.bound.len();
        let outer = binder.alternative.clone();
        let mut out = vec![self.check_pat(*first, ty, binder)];
        let names: Vec<(SmolStr, LocalId)> = match (&outer, &binder.alternative) {
            (Some(outer), Some(now)) => outer
                .iter()
                .zip(now)
                .filter(|((.., before), (.., after))| !before && *after)
                .map(|(_, (name, local, _))| (name.clone(), *local))
                .collect(),
            _ => binder.bound[before..].to_vec(),
        };
        let after_first = binder.alternative.take();
        for other in others {
            let own = names.iter().map(|(name, local)| (name.clone(), *local, false)).collect();
            binder.alternative = Some(own);
            out.push(self.check_pat(*other, ty, binder));
            let missed: Vec<SmolStr> = binder
                .alternative
                .iter()
                .flatten()
                .filter(|(.., met)| !met)
                .map(|(name, ..)| name.clone())
                .collect();
            if let Some(name) = missed.first() {
                let title = format!("`{name}` is not bound by every alternative");
                let diagnostic = self
                    .error(codes::OR_PATTERN_NAMES, title, range)
                    .with_label(self.span(self.map.pat(*other)), format!("`{name}` is missing here"))
                    .with_note("All alternatives bind the same names, so that each has a value afterwards.");
                self.report(diagnostic);
            }
        }
        binder.alternative = after_first;
        Pattern::Or(out)
    }

    /// A literal in a pattern; nothing after an error.
    fn check_pattern_literal(
        &mut self,
        literal: &PatLiteral,
        ty: TypeId,
        range: TextRange,
    ) -> Option<Literal> {
        // What is matched is a number of a known type from here on.
        self.table.settle(ty);
        let written = self.literal_type(&literal.literal);
        if let Err(error) = self.table.unify(ty, written) {
            let expected = super::Expected { ty, why: super::Why::Plain };
            self.report_mismatch(written, expected, range, error);
            return None;
        }
        self.table.settle(ty);
        let value = self.literal_value(&literal.literal, literal.negative, range);
        if let Literal::Int(value) = &value {
            self.literals.push(LiteralCheck { ty: written, value: *value, range });
        }
        Some(match self.table.head(ty) {
            Some(Con::Float(kind)) => super::finish::float_literal(&value, *kind),
            _ => value,
        })
    }

    fn check_range(
        &mut self,
        start: &PatLiteral,
        end: Option<&PatLiteral>,
        inclusive: bool,
        ty: TypeId,
        range: TextRange,
    ) -> Pattern {
        let Some(first) = self.check_pattern_literal(start, ty, range) else { return Pattern::Wildcard };
        let last = match end {
            Some(end) => match self.check_pattern_literal(end, ty, range) {
                Some(last) => Some(last),
                None => return Pattern::Wildcard,
            },
            None => None,
        };
        let scalar = |literal: &Literal| match literal {
            Literal::Int(value) => Some(*value),
            Literal::Char(value) => Some(i128::from(u32::from(*value))),
            _ => None,
        };
        let floats = matches!(first, Literal::Float(_));
        match (scalar(&first), last.as_ref().map(scalar)) {
            (Some(from), Some(Some(to))) if from > to || (from == to && !inclusive) => {
                let diagnostic = self.error(codes::EMPTY_RANGE, "this range is empty", range);
                self.report(diagnostic.with_note("The end of a range is not before its start."));
                return Pattern::Wildcard;
            }
            (Some(_), _) => {}
            _ if floats => {}
            _ => {
                let diagnostic =
                    self.error(codes::EMPTY_RANGE, "only numbers and chars have ranges in patterns", range);
                self.report(diagnostic);
                return Pattern::Wildcard;
            }
        }
        Pattern::Range { start: first, end: last, inclusive }
    }

    fn check_text(
        &mut self,
        parts: &[StringPatPart],
        ty: TypeId,
        binder: &mut Binder,
        range: TextRange,
    ) -> Pattern {
        let string = self.table.con(Con::String);
        if let Err(error) = self.table.unify(ty, string) {
            let expected = super::Expected { ty, why: super::Why::Plain };
            self.report_mismatch(string, expected, range, error);
            let captures = parts.iter().filter_map(|part| match part {
                StringPatPart::Capture(pat) => Some(*pat),
                StringPatPart::Text(_) => None,
            });
            return self.check_anyway(captures.collect::<Vec<_>>(), binder);
        }
        let mut pieces = Vec::new();
        for part in parts {
            match part {
                StringPatPart::Text(text) => pieces.push(TextPiece::Text(text.clone())),
                StringPatPart::Capture(pat) => {
                    if matches!(pieces.last(), Some(TextPiece::Hole(_))) {
                        let at = self.map.pat(*pat);
                        let diagnostic =
                            self.error(codes::TOUCHING_CAPTURES, "two captures touch", at).with_note(
                                "Nothing says where one ends and the next begins. Put text between them.",
                            );
                        self.report(diagnostic);
                    }
                    pieces.push(TextPiece::Hole(self.check_pat(*pat, string, binder)));
                }
            }
        }
        Pattern::Text(pieces)
    }

    fn check_builtin(
        &mut self,
        case: BuiltinCase,
        args: &[hir::PatId],
        ty: TypeId,
        binder: &mut Binder,
        range: TextRange,
    ) -> Pattern {
        let (whole, index, part) = match case {
            BuiltinCase::None | BuiltinCase::Some => {
                let item = self.fresh();
                let index = u32::from(case == BuiltinCase::Some);
                (self.table.app(Con::Option, vec![item]), index, item)
            }
            BuiltinCase::Ok | BuiltinCase::Err => {
                let (ok, err) = (self.fresh(), self.fresh());
                let is_ok = case == BuiltinCase::Ok;
                let whole = self.table.app(Con::Result, vec![ok, err]);
                (whole, u32::from(!is_ok), if is_ok { ok } else { err })
            }
        };
        if let Err(error) = self.table.unify(ty, whole) {
            self.report_pattern_mismatch(&format!("`{}`", case.as_str()), ty, range, error);
            return self.check_anyway(args.iter().copied(), binder);
        }
        let parts = match (case, args) {
            (BuiltinCase::None, []) => Vec::new(),
            (BuiltinCase::Ok | BuiltinCase::Err, []) => {
                let unit = self.unit_type();
                if let Err(error) = self.table.unify(part, unit) {
                    self.report_pattern_mismatch("`()`", part, range, error);
                }
                vec![Pattern::Wildcard]
            }
            (BuiltinCase::None, _) | (_, [] | [_, _, ..]) => {
                let title = format!(
                    "`{}` carries {}",
                    case.as_str(),
                    if index == 0 { "nothing" } else { "one value" }
                );
                let diagnostic = self.error(codes::WRONG_ARGUMENTS, title, range);
                self.report(diagnostic);
                return self.check_anyway(args.iter().copied(), binder);
            }
            (_, [arg]) => vec![self.check_pat(*arg, part, binder)],
        };
        Pattern::Case { case: index, parts }
    }

    fn report_pattern_mismatch(
        &mut self,
        what: &str,
        ty: TypeId,
        range: TextRange,
        error: crate::table::UnifyError,
    ) {
        if error == crate::table::UnifyError::TooLarge {
            let expected = super::Expected { ty, why: super::Why::Plain };
            return self.report_mismatch(ty, expected, range, error);
        }
        let shown = self.show(ty);
        let title = format!("the pattern {what} does not fit a value of type {shown}");
        let diagnostic = self.error(codes::TYPE_MISMATCH, title, range);
        self.report(diagnostic);
    }

    fn check_tuple(
        &mut self,
        parts: &[hir::PatId],
        ty: TypeId,
        binder: &mut Binder,
        range: TextRange,
    ) -> Pattern {
        let types: Vec<TypeId> = parts.iter().map(|_| self.fresh()).collect();
        let tuple = self.table.app(Con::Tuple, types.clone());
        if let Err(error) = self.table.unify(ty, tuple) {
            self.report_pattern_mismatch(&format!("of {} parts", parts.len()), ty, range, error);
            return self.check_anyway(parts.iter().copied(), binder);
        }
        let fields = (0..)
            .zip(parts.iter().zip(types))
            .map(|(index, (part, ty))| (index, self.check_pat(*part, ty, binder)));
        Pattern::Fields(fields.collect())
    }

    fn check_list(
        &mut self,
        parts: &[ListPat],
        ty: TypeId,
        binder: &mut Binder,
        range: TextRange,
    ) -> Pattern {
        let elements = parts.iter().filter_map(|part| match part {
            ListPat::Element(pat) => Some(*pat),
            ListPat::Rest(_) => None,
        });
        let elements: Vec<hir::PatId> = elements.collect();
        let item = match (self.table.head(ty), self.table.args(ty)) {
            (Some(Con::FixedList(_)), [item]) => *item,
            _ => {
                let item = self.fresh();
                let list = self.table.app(Con::List, vec![item]);
                if let Err(error) = self.table.unify(ty, list) {
                    self.report_pattern_mismatch("`[…]`", ty, range, error);
                    return self.check_anyway(elements, binder);
                }
                item
            }
        };
        let (mut before, mut rest, mut after) = (Vec::new(), None, Vec::new());
        for part in parts {
            match part {
                ListPat::Element(pat) => {
                    let pattern = self.check_pat(*pat, item, binder);
                    if rest.is_some() { after.push(pattern) } else { before.push(pattern) }
                }
                ListPat::Rest(name) if rest.is_none() => {
                    let list = self.table.app(Con::List, vec![item]);
                    rest = Some(name.as_ref().and_then(|name| self.bind_name(name, list, binder)));
                }
                ListPat::Rest(_) => {
                    let diagnostic =
                        self.error(codes::DUPLICATE_BINDING, "`..` stands twice in one list", range);
                    self.report(diagnostic);
                }
            }
        }
        Pattern::List { before, rest, after }
    }

    fn check_case(
        &mut self,
        path: &Path,
        args: Option<&[CasePatArg]>,
        rest: bool,
        ty: TypeId,
        binder: &mut Binder,
        range: TextRange,
    ) -> Pattern {
        let all = args.unwrap_or_default();
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
            AdtShape::Flags(_) => {
                self.report_not_yet("a flag as a pattern", range);
                None
            }
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
            slots[slot] = Some(self.check_pat(arg.pat, ty, binder));
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
        if dot_hir::NameCase::Screaming.fits(&name.text)
            && let Some(crate::lookup::Found::Item(_)) =
                crate::lookup::resolve(self.db, self.module, &name.text)
        {
            return self.report_not_yet("a constant as a pattern", range);
        }
        let title = format!("there is no case `{}` here", name.text);
        let mut diagnostic = self.error(codes::UNKNOWN_CASE, title, range);
        let names = dot_hir::case_names_in_scope(self.db, self.module);
        if let Some(meant) = dot_hir::suggest::nearest(&name.text, names.iter().map(|name| name.as_str())) {
            diagnostic = diagnostic.with_fix(format!("write `{meant}`"), self.span(range), meant);
        }
        self.report(diagnostic);
    }

    fn check_record(
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
            let pattern = self.check_pat(field.pat, ty, binder);
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

/// The patterns inside one that takes a value apart.
fn parts_of(pat: &Pat) -> Option<Vec<hir::PatId>> {
    Some(match pat {
        Pat::Tuple(parts) | Pat::Builtin { args: parts, .. } => parts.clone(),
        Pat::Case { args, .. } => args.iter().flatten().map(|arg| arg.pat).collect(),
        Pat::Record { fields, .. } => fields.iter().map(|field| field.pat).collect(),
        Pat::List(parts) => {
            let element = |part: &ListPat| match part {
                ListPat::Element(pat) => Some(*pat),
                ListPat::Rest(_) => None,
            };
            parts.iter().filter_map(element).collect()
        }
        _ => return None,
    })
}
