//! Patterns.
//!
//! A pattern is checked against the type of what it is matched with, and binds its names in the scope that is
//! open. The alternatives of an or-pattern bind the same names: the first alternative makes the locals, the
//! others find them.

use super::inout_match::{Step, Trail};
use super::{Infer, LiteralCheck, Mutability};
use crate::table::{Con, TypeId};
use crate::thir::{Literal, LocalId, Pattern, TextPiece};
use dot_diagnostics::{TextRange, codes};
use dot_hir::Name;
use dot_hir::body::{self as hir, BuiltinCase, ListPat, Pat, PatLiteral, StringPatPart};
use smol_str::SmolStr;

/// The names that one pattern binds.
pub(super) struct Binder {
    /// Where what is matched lies, while it is a part of the place of a `match inout`.
    pub(super) trail: Option<Trail>,
    /// Whether it is one of a `match inout` of what is no place, which has been told.
    pub(super) of_no_place: bool,
    mutability: Mutability,
    bound: Vec<(SmolStr, LocalId)>,
    /// Inside a further alternative: the names of the first one, and which of them have been met.
    alternative: Option<Vec<(SmolStr, LocalId, bool)>>,
}

impl Binder {
    pub(super) fn new(mutability: Mutability) -> Self {
        Self { trail: None, of_no_place: false, mutability, bound: Vec::new(), alternative: None }
    }
}

impl<'db> Infer<'db> {
    /// Checks a pattern against a type and binds its names.
    pub(super) fn check_pattern(&mut self, pat: hir::PatId, ty: TypeId, mutability: Mutability) -> Pattern {
        self.check_and_bind(pat, ty, Binder::new(mutability))
    }

    pub(super) fn check_and_bind(&mut self, pat: hir::PatId, ty: TypeId, mut binder: Binder) -> Pattern {
        let pattern = self.check_pat(pat, ty, &mut binder);
        for (name, local) in binder.bound {
            self.scopes.bind(name, local);
        }
        pattern
    }

    pub(super) fn check_pat(&mut self, id: hir::PatId, ty: TypeId, binder: &mut Binder) -> Pattern {
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
                let Some(local) = self.bind_name(name, ty, binder) else { return Pattern::Wildcard };
                if *inout {
                    self.bind_inout(local, binder, range);
                    return Pattern::Wildcard;
                }
                Pattern::Bind(local, None)
            }
            Pat::As { pat, name } => {
                let inner = self.check_pat(*pat, ty, binder);
                match self.bind_name(name, ty, binder) {
                    Some(local) => Pattern::Bind(local, Some(Box::new(inner))),
                    None => inner,
                }
            }
            Pat::Or(alternatives) => {
                let trail = binder.trail.take();
                let pattern = self.check_or(alternatives, ty, binder, range);
                binder.trail = trail;
                pattern
            }
            Pat::Literal(literal) => match self.check_pattern_literal(literal, ty, range) {
                Some(literal) => Pattern::Literal(literal),
                None => Pattern::Wildcard,
            },
            Pat::Range { start, end, inclusive } => {
                self.check_range(start, end.as_ref(), *inclusive, ty, range)
            }
            Pat::String(parts) => {
                let trail = binder.trail.take();
                let pattern = self.check_text(parts, ty, binder, range);
                binder.trail = trail;
                pattern
            }
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

    /// Checks a pattern for a part of what is matched.
    pub(super) fn check_inside(
        &mut self,
        pat: hir::PatId,
        ty: TypeId,
        step: Step,
        binder: &mut Binder,
    ) -> Pattern {
        binder.enter(step, ty);
        let pattern = self.check_pat(pat, ty, binder);
        binder.leave();
        pattern
    }

    /// Binds the names of patterns whose type is not known because of an error.
    pub(super) fn check_anyway(
        &mut self,
        pats: impl IntoIterator<Item = hir::PatId>,
        binder: &mut Binder,
    ) -> Pattern {
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
            let first = binder.bound.iter().find(|(bound, _)| *bound == name.text).map(|(_, local)| *local);
            let mut diagnostic = self
                .error(codes::DUPLICATE_BINDING, title, range)
                .with_note("To ask whether two parts are equal, bind both and compare them in a guard.");
            if let Some(first) = first {
                let at = self.span(self.locals[first.0 as usize].range);
                diagnostic = diagnostic.with_label(at, "it is bound here first");
            }
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
            let told = self.diagnostics.last().is_some_and(|last| {
                last.code == codes::OR_PATTERN_NAMES && range.covers(last.primary.span.range)
            });
            if let Some(name) = missed.first().filter(|_| !told) {
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
            if let Some(diagnostic) = self.mismatch(written, expected, range, error) {
                self.report(diagnostic);
            }
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
        match (scalar(&first), last.as_ref().map(scalar)) {
            (Some(from), Some(Some(to))) if from > to || (from == to && !inclusive) => {
                let diagnostic = self.error(codes::EMPTY_RANGE, "this range is empty", range);
                self.report(diagnostic.with_note("The end of a range is not before its start."));
                return Pattern::Wildcard;
            }
            (Some(_), _) => {}
            _ => {
                let shown = self.show(ty);
                let title = format!("only integers and chars have ranges in patterns, this is {shown}");
                let diagnostic = self.error(codes::TYPE_MISMATCH, title, range);
                self.report(diagnostic.with_note("A guard compares other values: `x if x < 1.0 => …`."));
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
            if let Some(diagnostic) = self.mismatch(string, expected, range, error) {
                self.report(diagnostic);
            }
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
            (_, [arg]) => vec![self.check_inside(*arg, part, Step::Part { case: index, index: 0 }, binder)],
        };
        Pattern::Case { case: index, parts }
    }

    pub(super) fn report_pattern_mismatch(
        &mut self,
        what: &str,
        ty: TypeId,
        range: TextRange,
        error: crate::table::UnifyError,
    ) {
        if error == crate::table::UnifyError::TooLarge {
            let expected = super::Expected { ty, why: super::Why::Plain };
            if let Some(diagnostic) = self.mismatch(ty, expected, range, error) {
                self.report(diagnostic);
            }
            return;
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
            .map(|(index, (part, ty))| (index, self.check_inside(*part, ty, Step::Field(index), binder)));
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
        let count = |from: &[ListPat]| {
            u32::try_from(from.iter().filter(|part| matches!(part, ListPat::Element(_))).count()).unwrap_or(0)
        };
        for (position, part) in parts.iter().enumerate() {
            match part {
                ListPat::Element(pat) => {
                    let step = if rest.is_some() {
                        Step::FromEnd(count(&parts[position..]))
                    } else {
                        Step::Nth(position)
                    };
                    let pattern = self.check_inside(*pat, item, step, binder);
                    if rest.is_some() { after.push(pattern) } else { before.push(pattern) }
                }
                ListPat::Rest(name) if rest.is_none() => {
                    let list = self.table.app(Con::List, vec![item]);
                    rest = Some(name.as_ref().and_then(|name| self.bind_name(name, list, binder)));
                }
                // A second one was told by the parser.
                ListPat::Rest(_) => {}
            }
        }
        Pattern::List { before, rest, after }
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
