//! Record literals.

use super::{Expected, Infer, Typed, Why};
use crate::lookup;
use crate::table::{Con, TypeId};
use crate::thir::{self, ExprKind, Stmt};
use crate::{AdtShape, FieldDef, adt_def};
use dot_db::Item;
use dot_diagnostics::{TextRange, codes};
use dot_hir::body::{self as hir, RecordInit};
use dot_hir::{Def, Name, Path};

/// A record's literal while it is being checked.
struct Literal<'db> {
    item: Item<'db>,
    fields: &'db [FieldDef<'db>],
    vars: Vec<TypeId>,
    range: TextRange,
}

/// What gives a field its value.
#[derive(Clone, Copy)]
struct Value {
    id: thir::ExprId,
    /// Where in the text it is evaluated: initializers in order, spreads among them.
    order: usize,
}

impl<'db> Infer<'db> {
    pub(super) fn infer_record(
        &mut self,
        path: Option<&Path>,
        inits: &[RecordInit],
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let item = match path {
            Some(path) => self.record_named(path),
            None => self.record_expected(hint, range),
        };
        let Some(item) = item else { return self.infer_inits(inits, range) };
        let def = adt_def(self.db, item);
        let (AdtShape::Record(fields) | AdtShape::Resource(fields)) = &def.shape else {
            let title = format!("`{}` is not a record", item.name(self.db));
            let diagnostic = self.error(codes::NOT_A_RECORD, title, range);
            self.report(diagnostic);
            return self.infer_inits(inits, range);
        };
        if self.is_hidden(item) {
            self.infer_inits(inits, range);
            return self.report_hidden(item, range, range);
        }
        let vars = self.instantiate(&def.generics, &[], range);
        let ty = self.table.app(Con::Adt(item), vars.clone());
        if let Some(hint) = hint
            && self.table.head(hint.ty) == Some(&Con::Adt(item))
        {
            // Both are this type, so only its arguments are compared; a mismatch is told by what follows.
            let _ = self.table.unify(ty, hint.ty);
        }
        let literal = Literal { item, fields, vars, range };
        match self.infer_fields(&literal, inits) {
            Some((stmts, values)) => {
                let typed = self.emit(ExprKind::Record(values), ty, range);
                self.emit_after(stmts, typed)
            }
            None => {
                let typed = self.emit_error(range);
                Typed { id: typed.id, ty }
            }
        }
    }

    fn infer_inits(&mut self, inits: &[RecordInit], range: TextRange) -> Typed {
        for init in inits {
            match init {
                RecordInit::Field { value, .. } | RecordInit::Spread(value) => self.infer(*value, None),
            };
        }
        self.emit_error(range)
    }

    fn record_expected(&mut self, hint: Option<Expected<'db>>, range: TextRange) -> Option<Item<'db>> {
        match hint.and_then(|hint| self.table.head(hint.ty)) {
            Some(Con::Adt(item)) => Some(*item),
            Some(Con::Error) => None,
            Some(_) => {
                let shown = hint.map(|hint| self.show(hint.ty)).unwrap_or_default();
                let title = format!("a record stands here, but {shown} is expected");
                let diagnostic = self.error(codes::TYPE_MISMATCH, title, range);
                self.report(diagnostic);
                None
            }
            None => {
                let diagnostic = self
                    .error(codes::TYPE_UNKNOWN, "nothing here tells which record this is", range)
                    .with_note("Name its type before the brace: `Point { x: 1 }`.");
                self.report(diagnostic);
                None
            }
        }
    }

    /// The record that a path names.
    pub(super) fn record_named(&mut self, path: &Path) -> Option<Item<'db>> {
        if path.segments.iter().any(Name::is_missing) {
            return None;
        }
        let texts = path.texts();
        let range = self.map.path(path);
        match dot_hir::resolve_path(self.db, self.module, &texts) {
            Ok(resolved) if resolved.used == texts.len() => match resolved.def {
                Def::Item(item) if lookup::is_type(self.db, item) => {
                    crate::adt::through_aliases(self.db, item).or_else(|| {
                        let title = format!("`{}` is not a record", path.display());
                        let diagnostic = self.error(codes::NOT_A_RECORD, title, range);
                        self.report(diagnostic);
                        None
                    })
                }
                _ => {
                    let title = format!("`{}` is not a record", path.display());
                    let diagnostic = self.error(codes::NOT_A_RECORD, title, range);
                    self.report(diagnostic);
                    None
                }
            },
            Ok(_) => {
                let title = format!("`{}` is not a record", path.display());
                let diagnostic = self
                    .error(codes::NOT_A_RECORD, title, range)
                    .with_note("What a case carries stands in parentheses: `Case(a, label: b)`.");
                self.report(diagnostic);
                None
            }
            Err(error) => {
                let spans: Vec<_> =
                    path.segments.iter().map(|name| self.span(self.map.name(name.id))).collect();
                let found = error.diagnostic(self.db, self.module, &texts, &[], &spans);
                if let Some(diagnostic) = found {
                    self.report(diagnostic);
                }
                None
            }
        }
    }

    /// The values of all fields in order of declaration, and what is done before; nothing after an error.
    fn infer_fields(
        &mut self,
        literal: &Literal<'db>,
        inits: &[RecordInit],
    ) -> Option<(Vec<Stmt>, Vec<thir::ExprId>)> {
        let mut values: Vec<Option<Value>> = literal.fields.iter().map(|_| None).collect();
        let mut spreads: Vec<(Typed, usize)> = Vec::new();
        let mut fine = true;
        for (order, init) in inits.iter().enumerate() {
            match init {
                RecordInit::Field { name, value } => {
                    fine &= self.infer_init(literal, name, *value, order, &mut values);
                }
                RecordInit::Spread(value) => spreads.push((self.infer(*value, None), order)),
            }
        }
        let mut stmts = Vec::new();
        let simple = spreads.is_empty();
        if simple {
            let orders: Vec<usize> = values.iter().flatten().map(|value| value.order).collect();
            if !orders.is_sorted() {
                self.bind_values(&mut values, &mut [], &mut stmts);
            }
        } else {
            self.bind_values(&mut values, &mut spreads, &mut stmts);
        }
        let mut missing = Vec::new();
        let mut out = Vec::new();
        for (index, (field, value)) in literal.fields.iter().zip(values).enumerate() {
            if let Some(value) = value {
                out.push(value.id);
            } else if let Some(id) = self.take_from_spread(literal, field, &spreads, &mut fine) {
                out.push(id);
            } else if literal.fields[..index].iter().any(|other| other.name == field.name) {
                // That there are two of one name is told where they are declared.
                out.push(self.emit_error(literal.range).id);
            } else if field.has_default {
                out.push(self.emit_default(literal.item, index, &literal.vars, literal.range).id);
            } else {
                missing.push(format!("`{}`", field.name));
            }
        }
        if fine && !missing.is_empty() {
            let name = literal.item.name(self.db);
            let what = if missing.len() == 1 { "field" } else { "fields" };
            let title = format!("the {what} {} of `{name}` are not given", missing.join(", "));
            let title = if missing.len() == 1 { title.replace(" are not", " is not") } else { title };
            let mut diagnostic = self.error(codes::MISSING_FIELD, title, literal.range);
            if let Some(span) = crate::signature::name_span(self.db, literal.item) {
                diagnostic = diagnostic.with_label(span, "declared here");
            }
            let names: Vec<Option<smol_str::SmolStr>> =
                missing.iter().map(|name| Some(name.trim_matches('`').into())).collect();
            let diagnostic = self.suggest_parts(diagnostic, literal.range, ('{', '}'), &names, true);
            self.report(diagnostic);
            fine = false;
        }
        fine.then_some((stmts, out))
    }

    fn infer_init(
        &mut self,
        literal: &Literal<'db>,
        name: &Name,
        value: hir::ExprId,
        order: usize,
        values: &mut [Option<Value>],
    ) -> bool {
        let Some(index) = literal.fields.iter().position(|field| field.name == name.text) else {
            self.infer(value, None);
            self.report_no_such_field(literal.item, literal.fields, name);
            return false;
        };
        let ty = self.table.import(literal.fields[index].ty, &literal.vars);
        let typed = self.check_part(value, Expected { ty, why: Why::Field(literal.item) });
        if values[index].is_some() {
            let title = format!("the field `{}` is given twice", name.text);
            let mut diagnostic = self.error(codes::DUPLICATE_FIELD, title, self.map.name(name.id));
            if let Some(first) = values[index] {
                diagnostic = diagnostic.with_label(self.span(self.range_of(first.id)), "its first value");
            }
            self.report(diagnostic);
            return false;
        }
        values[index] = Some(Value { id: typed.id, order });
        true
    }

    pub(super) fn report_no_such_field(&mut self, item: Item<'db>, fields: &[FieldDef<'db>], name: &Name) {
        if name.is_missing() {
            return;
        }
        let at = self.map.name(name.id);
        let title = format!("`{}` has no field `{}`", item.name(self.db), name.text);
        let mut diagnostic = self.error(codes::UNKNOWN_FIELD, title, at);
        let names = fields.iter().map(|field| field.name.as_str());
        if let Some(meant) = dot_hir::suggest::nearest(&name.text, names) {
            diagnostic = diagnostic.with_fix(format!("write `{meant}`"), self.span(at), meant);
        }
        self.report(diagnostic);
    }

    /// Evaluates initializers and spreads by statements, in the order of the text.
    fn bind_values(
        &mut self,
        values: &mut [Option<Value>],
        spreads: &mut [(Typed, usize)],
        stmts: &mut Vec<Stmt>,
    ) {
        let mut steps: Vec<(usize, Option<usize>)> = Vec::new();
        steps.extend(
            values.iter().enumerate().filter_map(|(index, value)| Some((value.as_ref()?.order, Some(index)))),
        );
        steps.extend(spreads.iter().map(|(_, order)| (*order, None)));
        steps.sort_unstable();
        for (order, index) in steps {
            match index {
                Some(index) => {
                    if let Some(value) = &mut values[index] {
                        value.id = self.bind_in_order(value.id, stmts);
                    }
                }
                None => {
                    if let Some((spread, _)) = spreads.iter_mut().find(|(_, at)| *at == order) {
                        let (local, stmt) = self.bind_temporary(*spread);
                        stmts.push(stmt);
                        *spread = local;
                    }
                }
            }
        }
    }

    /// The field of the last spread that has it.
    fn take_from_spread(
        &mut self,
        literal: &Literal<'db>,
        field: &FieldDef<'db>,
        spreads: &[(Typed, usize)],
        fine: &mut bool,
    ) -> Option<thir::ExprId> {
        for (spread, _) in spreads.iter().rev() {
            let at = self.range_of(spread.id);
            let item = match self.table.head(spread.ty) {
                Some(Con::Adt(item)) => *item,
                Some(Con::Error) => {
                    *fine = false;
                    return None;
                }
                _ => {
                    if *fine {
                        let shown = self.show(spread.ty);
                        let title = format!("only a record can be spread, this is {shown}");
                        let diagnostic = self.error(codes::NOT_A_RECORD, title, at);
                        self.report(diagnostic);
                    }
                    *fine = false;
                    return None;
                }
            };
            let (AdtShape::Record(fields) | AdtShape::Resource(fields)) = &adt_def(self.db, item).shape
            else {
                continue;
            };
            let Some(index) = fields.iter().position(|other| other.name == field.name) else { continue };
            if self.is_hidden(item) {
                self.report_hidden(item, at, at);
                *fine = false;
                return None;
            }
            let args = self.table.args(spread.ty).to_vec();
            let ty = self.table.import(fields[index].ty, &args);
            let wanted = self.table.import(field.ty, &literal.vars);
            let base = self.emit_again(*spread);
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let typed = self.emit(ExprKind::Field { base, index }, ty, at);
            if self.table.unify(wanted, ty).is_err() {
                let (want, got) = (self.show(wanted), self.show(ty));
                let title = format!("the field `{}` of the spread is {got}, not {want}", field.name);
                let diagnostic = self
                    .error(codes::TYPE_MISMATCH, title, at)
                    .with_note("A spread takes fields of the same names and types.");
                self.report(diagnostic);
                *fine = false;
            }
            return Some(typed.id);
        }
        None
    }
}
