//! Lists and maps.

use super::{Expected, Infer, Typed, Why};
use crate::Bound;
use crate::table::{Con, TypeId};
use crate::thir::{ExprKind, ListPart};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body::{self as hir, ListEntry, MapEntry};

impl<'db> Infer<'db> {
    pub(super) fn infer_list(
        &mut self,
        entries: &[ListEntry],
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let head = hint.and_then(|hint| self.table.head(hint.ty).cloned());
        let element_hint = hint.and_then(|hint| match head {
            Some(Con::List | Con::FixedList(_)) => {
                Some(Expected { ty: *self.table.args(hint.ty).first()?, why: hint.why })
            }
            _ => None,
        });
        match head {
            Some(Con::Set) => return self.not_yet("a list literal for a set", range),
            Some(Con::FixedList(len)) => return self.infer_fixed_list(entries, element_hint, len, range),
            _ => {}
        }
        let (parts, element) = self.infer_elements(entries, element_hint);
        let ty = self.table.app(Con::List, vec![element]);
        self.emit(ExprKind::List(parts), ty, range)
    }

    fn infer_fixed_list(
        &mut self,
        entries: &[ListEntry],
        hint: Option<Expected<'db>>,
        len: u32,
        range: TextRange,
    ) -> Typed {
        let spread = entries.iter().any(|entry| matches!(entry, ListEntry::Spread(_)));
        if spread || entries.len() != len as usize {
            let title = format!("a list of exactly {len} elements is expected, this has {}", entries.len());
            let diagnostic = self.error(codes::TYPE_MISMATCH, title, range);
            self.report(diagnostic);
            return self.emit_error(range);
        }
        let (parts, element) = self.infer_elements(entries, hint);
        let ty = self.table.app(Con::FixedList(len), vec![element]);
        self.emit(ExprKind::List(parts), ty, range)
    }

    /// Elements, joined to one type.
    fn infer_elements(
        &mut self,
        entries: &[ListEntry],
        hint: Option<Expected<'db>>,
    ) -> (Vec<ListPart>, TypeId) {
        let mut items: Vec<Typed> = Vec::new();
        let mut shape: Vec<Option<Typed>> = Vec::new();
        for entry in entries {
            match entry {
                ListEntry::Element(expr) => {
                    // The first known element is enough of a hint; asking all would take quadratic time.
                    let known = items.iter().take(4).copied().collect::<Vec<_>>();
                    let hint = self.branch_hint(hint, &known);
                    items.push(self.infer(*expr, hint));
                    shape.push(None);
                }
                ListEntry::Spread(expr) => {
                    let hint = self
                        .branch_hint(hint, &items)
                        .map(|hint| Expected { ty: self.table.app(Con::List, vec![hint.ty]), why: hint.why });
                    shape.push(Some(self.infer(*expr, hint)));
                }
            }
        }
        let spread = shape.iter().flatten().next().copied();
        let joined = hint.or_else(|| {
            let element = *self.table.args(spread?.ty).first()?;
            Some(Expected { ty: element, why: Why::Sibling(self.range_of(spread?.id)) })
        });
        let (items, element) = self.join(items, joined);
        let element = match (items.is_empty() || self.table.is_never(element), joined) {
            (true, Some(joined)) => joined.ty,
            (true, None) => self.fresh(),
            (false, _) => element,
        };
        let mut items = items.into_iter();
        let mut parts = Vec::new();
        for spread in shape {
            match spread {
                None => parts.extend(items.next().map(|item| ListPart::Item(item.id))),
                Some(spread) => {
                    let ty = self.table.app(Con::List, vec![element]);
                    let spread = self.coerce(spread, Expected { ty, why: Why::Plain });
                    parts.push(ListPart::Spread(spread.id));
                }
            }
        }
        (parts, element)
    }

    pub(super) fn infer_map(
        &mut self,
        entries: &[MapEntry],
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let hints = hint.and_then(|hint| match (self.table.head(hint.ty), self.table.args(hint.ty)) {
            (Some(Con::Map), [key, value]) => {
                Some((Expected { ty: *key, why: hint.why }, Expected { ty: *value, why: hint.why }))
            }
            _ => None,
        });
        let (mut keys, mut values): (Vec<Typed>, Vec<Typed>) = (Vec::new(), Vec::new());
        for entry in entries {
            let MapEntry::Pair(key, value) = entry else {
                return self.not_yet("a spread in a map", range);
            };
            let (known_keys, known_values) = (
                keys.iter().take(4).copied().collect::<Vec<_>>(),
                values.iter().take(4).copied().collect::<Vec<_>>(),
            );
            let key_hint = self.branch_hint(hints.map(|hints| hints.0), &known_keys);
            let value_hint = self.branch_hint(hints.map(|hints| hints.1), &known_values);
            keys.push(self.infer(*key, key_hint));
            values.push(self.infer(*value, value_hint));
        }
        let (keys, key) = self.join_entries(keys, hints.map(|hints| hints.0));
        let (values, value) = self.join_entries(values, hints.map(|hints| hints.1));
        self.require(key, Bound::Key, range, "a map finds its entries by their keys");
        self.require(value, Bound::Data, range, "a map holds data");
        let ty = self.table.app(Con::Map, vec![key, value]);
        let entries = keys.into_iter().zip(values).map(|(key, value)| (key.id, value.id)).collect();
        self.emit(ExprKind::Map(entries), ty, range)
    }

    fn join_entries(&mut self, parts: Vec<Typed>, hint: Option<Expected<'db>>) -> (Vec<Typed>, TypeId) {
        let (parts, ty) = self.join(parts, hint);
        let ty = match hint {
            _ if !parts.is_empty() && !self.table.is_never(ty) => ty,
            Some(hint) => hint.ty,
            None => self.fresh(),
        };
        (parts, ty)
    }
}

/// What stands in an index's brackets.
pub(super) struct IndexArgs {
    /// The index or key.
    pub(super) index: hir::ExprId,
    /// `or:`
    pub(super) default: Option<hir::ExprId>,
}

impl IndexArgs {
    /// Reads `[i]` and `[k, or: d]`; nothing for anything else.
    pub(super) fn read(args: &[hir::Arg]) -> Option<Self> {
        let plain = |arg: &hir::Arg| arg.label.is_none() && !arg.inout;
        match args {
            [index] if plain(index) => Some(Self { index: index.value, default: None }),
            [index, default]
                if plain(index)
                    && !default.inout
                    && default.label.as_ref().is_some_and(|label| label.text == "or") =>
            {
                Some(Self { index: index.value, default: Some(default.value) })
            }
            _ => None,
        }
    }
}
