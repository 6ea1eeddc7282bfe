//! Lists, sets and maps.

use super::{Expected, Infer, Patch, Typed, Why};
use crate::Bound;
use crate::table::{Con, TypeId};
use crate::thir::{Arg, Callee, ExprId, ExprKind, ListPart, Place, Projection, Stmt};
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
            Some(Con::List | Con::FixedList(_) | Con::Set) => {
                Some(Expected { ty: *self.table.args(hint.ty).first()?, why: hint.why })
            }
            _ => None,
        });
        if let Some(Con::FixedList(len)) = head {
            return self.infer_fixed_list(entries, element_hint, len, range);
        }
        let (parts, element) = self.infer_elements(entries, element_hint);
        let is_set = head == Some(Con::Set);
        if is_set {
            self.require(element, Bound::Key, range, "a set finds its elements by their value");
        }
        let ty = self.table.app(if is_set { Con::Set } else { Con::List }, vec![element]);
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
                    let head = match self.table.head(spread.ty) {
                        Some(Con::FixedList(len)) => Con::FixedList(*len),
                        _ => Con::List,
                    };
                    let ty = self.table.app(head, vec![element]);
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
        let (mut keys, mut values, mut spreads) = (Vec::new(), Vec::new(), Vec::new());
        for entry in entries {
            match entry {
                MapEntry::Pair(key, value) => {
                    let key_hint = self.entry_hint(hints.map(|hints| hints.0), &keys, &spreads, 0);
                    let value_hint = self.entry_hint(hints.map(|hints| hints.1), &values, &spreads, 1);
                    keys.push(self.infer(*key, key_hint));
                    values.push(self.infer(*value, value_hint));
                }
                MapEntry::Spread(map) => spreads.push(self.infer(*map, hint)),
            }
        }
        let (key_hint, value_hint) = match hints {
            Some((key, value)) => (Some(key), Some(value)),
            None => (self.spread_hint(&spreads, 0), self.spread_hint(&spreads, 1)),
        };
        let (keys, key) = self.join_entries(keys, key_hint);
        let (values, value) = self.join_entries(values, value_hint);
        self.require(key, Bound::Key, range, "a map finds its entries by their keys");
        self.require(value, Bound::Data, range, "a map holds data");
        let ty = self.table.app(Con::Map, vec![key, value]);
        let pairs = keys.into_iter().zip(values).map(|(key, value)| (key.id, value.id));
        if spreads.is_empty() {
            return self.emit(ExprKind::Map(pairs.collect()), ty, range);
        }
        let (mut pairs, mut spreads) = (pairs, spreads.into_iter());
        let mut parts = Vec::new();
        for entry in entries {
            match entry {
                MapEntry::Pair(..) => parts.extend(pairs.next().map(MapPart::Entry)),
                MapEntry::Spread(_) => {
                    let Some(spread) = spreads.next() else { continue };
                    parts.push(MapPart::Spread(self.coerce(spread, Expected { ty, why: Why::Plain })));
                }
            }
        }
        self.emit_spread_map(parts, ty, range)
    }

    /// What is hinted at a key (`part` 0) or value (1): what is expected, or what stands before.
    fn entry_hint(
        &mut self,
        hint: Option<Expected<'db>>,
        known: &[Typed],
        spreads: &[Typed],
        part: usize,
    ) -> Option<Expected<'db>> {
        let hint = hint.or_else(|| self.spread_hint(spreads, part));
        // The first known entries are enough of a hint; asking all would take quadratic time.
        self.branch_hint(hint, &known[..known.len().min(4)])
    }

    fn spread_hint(&self, spreads: &[Typed], part: usize) -> Option<Expected<'db>> {
        let spread = spreads.first()?;
        let ty = *self.table.args(spread.ty).get(part)?;
        Some(Expected { ty, why: Why::Sibling(self.range_of(spread.id)) })
    }

    /// A map literal with spreads: a map that is filled entry by entry.
    fn emit_spread_map(&mut self, parts: Vec<MapPart>, ty: TypeId, range: TextRange) -> Typed {
        let extend = crate::lookup::method(self.db, self.module, &Con::Map, &self.generics, "extend");
        let Some(extend) = extend else { return self.not_yet("a spread in a map", range) };
        let empty = self.emit(ExprKind::Map(Vec::new()), ty, range);
        let (map, bind) = self.bind_temporary(empty);
        let ExprKind::Local(root) = self.exprs[map.id.0 as usize].0 else { return self.emit_error(range) };
        let mut stmts = vec![bind];
        for part in parts {
            match part {
                MapPart::Entry((key, value)) => {
                    let place = Place { root, path: vec![Projection::Key { key, default: None }] };
                    stmts.push(Stmt::Assign { place, op: None, value });
                }
                MapPart::Spread(spread) => {
                    let args = vec![Arg::InOut(Place { root, path: Vec::new() }), Arg::Value(spread.id)];
                    let callee = Callee::Item { item: extend, type_args: Vec::new() };
                    let unit = self.unit_type();
                    let call = self.emit(ExprKind::Call { callee, args }, unit, range);
                    let vars = self.table.args(ty).to_vec();
                    self.patches.insert(call.id, Patch::TypeArgs(vars));
                    self.note_call(extend, range);
                    stmts.push(Stmt::Expr(call.id));
                }
            }
        }
        self.emit_after(stmts, map)
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

/// An entry of a map literal, inferred.
enum MapPart {
    Entry((ExprId, ExprId)),
    Spread(Typed),
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
