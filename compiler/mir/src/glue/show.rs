//! Printing: the text of a value inside another one, appended to a string.

use super::Glue;
use crate::build::Builder;
use crate::ir::{Instance, InstanceKind, Op, Site, Value};
use crate::program::Program;
use crate::repr::Shape;
use dot_types::thir::{BinaryOp, CompareOp, ConvertMode};
use dot_types::{AdtShape, FloatKind, IntKind, Intrinsic, Ty, TyKind};

/// Appends a value in nested form: numbers, strings and chars by std's `fmt`, all else by glue. `None` when std
/// lacks the function.
pub(crate) fn push_nested<'db>(
    program: &dyn Program<'db>,
    b: &mut Builder<'db>,
    out: Value,
    value: Value,
    site: Option<Site<'db>>,
) -> Option<Value> {
    let db = program.db();
    let ty = b.ty(value);
    let (name, wide) = match ty.kind(db) {
        TyKind::Int(kind) if kind.is_signed() => ("push_s64", Some(IntKind::S64)),
        TyKind::Int(_) => ("push_u64", Some(IntKind::U64)),
        TyKind::Float(FloatKind::F64) => ("push_f64", None),
        TyKind::Float(FloatKind::F32) => ("push_f32", None),
        TyKind::String => ("push_quoted", None),
        TyKind::Char => ("push_quoted_char", None),
        _ => {
            let glue = Instance::new(db, InstanceKind::ShowGlue, vec![ty]);
            return Some(b.emit(Op::Call(glue, vec![out, value]), b.ty(out), site));
        }
    };
    let value = match wide.map(|kind| Ty::new(db, TyKind::Int(kind))) {
        Some(wide) if wide != ty => b.emit(Op::Convert(ConvertMode::Widen, value), wide, site),
        _ => value,
    };
    let instance = Instance::new(db, InstanceKind::Item(program.std_item("fmt", name)?), Vec::new());
    let tys = [Ty::unit(db), b.ty(out)];
    Some(b.emit_all(Op::Call(instance, vec![out, value]), &tys, site)[1])
}

impl<'db> Glue<'_, 'db> {
    pub(super) fn show_body(&mut self, ty: Ty<'db>) -> Option<Ty<'db>> {
        let db = self.program.db();
        let string_ty = self.kind_ty(TyKind::String);
        let (out, value) = (self.b.param(string_ty, None), self.b.param(ty, None));
        if let Some(args) = super::map_args(self.program, ty) {
            self.show_map(out, value, &args)?;
            return Some(string_ty);
        }
        if let TyKind::Adt(item, args) = ty.kind(db)
            && self.program.std_item("map_impl", "HashSet") == Some(*item)
        {
            self.show_set(out, value, args)?;
            return Some(string_ty);
        }
        match (self.shape(ty), ty.kind(db)) {
            (_, TyKind::Bool) => self.show_choice(out, value, &["false".into(), "true".into()])?,
            (_, TyKind::List(item) | TyKind::FixedList(item, _)) => {
                let out = self.text(out, "[");
                let out = self.show_items(out, value, *item)?;
                self.text_and_return(out, "]");
            }
            (Shape::Record(parts), TyKind::Tuple(_)) => {
                let out = self.text(out, "(");
                let values = self.fields(value, &parts);
                let out = self.show_parts(out, &values)?;
                self.text_and_return(out, if parts.len() == 1 { ",)" } else { ")" });
            }
            (Shape::Variant(cases), TyKind::Option(_)) => {
                self.show_cases(out, value, &cases, &["none".into(), "some".into()])?;
            }
            (Shape::Variant(cases), TyKind::Result(..)) => {
                self.show_cases(out, value, &cases, &["ok".into(), "err".into()])?;
            }
            (shape, TyKind::Adt(item, _)) => self.show_declared(out, value, *item, shape)?,
            (Shape::Handle | Shape::Counted, TyKind::Fn(..) | TyKind::Handle(_)) => return None,
            _ => {
                let out = push_nested(self.program, &mut self.b, out, value, None)?;
                self.ret(out);
            }
        }
        Some(string_ty)
    }

    fn show_declared(
        &mut self,
        out: Value,
        value: Value,
        item: dot_db::Item<'db>,
        shape: Shape<'db>,
    ) -> Option<()> {
        let adt = self.program.adt(item)?.clone();
        match (&adt.shape, shape) {
            (AdtShape::Record(fields) | AdtShape::Resource(fields), Shape::Record(parts)) => {
                let name = item.name(self.program.db());
                if parts.is_empty() {
                    self.text_and_return(out, &format!("{name} {{}}"));
                    return Some(());
                }
                let values = self.fields(value, &parts);
                let mut out = out;
                for (index, (field, value)) in fields.iter().zip(values).enumerate() {
                    let before = if index == 0 { format!("{name} {{ ") } else { ", ".to_owned() };
                    out = self.text(out, &format!("{before}{}: ", field.name));
                    out = push_nested(self.program, &mut self.b, out, value, None)?;
                }
                self.text_and_return(out, " }");
            }
            (AdtShape::Variant(names), Shape::Variant(cases)) => {
                let names: Vec<String> = names.iter().map(|case| case.name.to_string()).collect();
                self.show_cases(out, value, &cases, &names)?;
            }
            (AdtShape::Variant(names), _) => {
                let names: Vec<String> = names.iter().map(|case| case.name.to_string()).collect();
                self.show_choice(out, value, &names)?;
            }
            (AdtShape::Flags(names), _) => self.show_flags(out, value, names)?,
            _ => return None,
        }
        Some(())
    }

    pub(super) fn text(&mut self, out: Value, text: &str) -> Value {
        let (unit, ty) = (Ty::unit(self.program.db()), self.b.ty(out));
        let text = self.emit(Op::StaticString(text.as_bytes().into()), ty);
        self.b.emit_all(Op::Intrinsic(Intrinsic::StringAppend, vec![out, text]), &[unit, ty], None)[1]
    }

    fn text_and_return(&mut self, out: Value, text: &str) {
        let out = self.text(out, text);
        self.ret(out);
    }

    fn show_parts(&mut self, mut out: Value, parts: &[Value]) -> Option<Value> {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                out = self.text(out, ", ");
            }
            out = push_nested(self.program, &mut self.b, out, *part, None)?;
        }
        Some(out)
    }

    /// One of several names, by a bool's or enum's number.
    fn show_choice(&mut self, out: Value, value: Value, names: &[String]) -> Option<()> {
        if let ([no, yes], TyKind::Bool) = (names, self.b.ty(value).kind(self.program.db())) {
            let (if_yes, if_no) = (self.b.block(), self.b.block());
            self.b.branch(value, if_yes, if_no);
            for (block, name) in [(if_yes, yes), (if_no, no)] {
                self.b.go_sealed(block)?;
                self.text_and_return(out, name);
            }
            return Some(());
        }
        let cases = vec![Vec::new(); names.len()];
        self.show_cases(out, value, &cases, names)
    }

    fn show_cases(
        &mut self,
        out: Value,
        value: Value,
        cases: &[Vec<Ty<'db>>],
        names: &[String],
    ) -> Option<()> {
        let unit = Ty::unit(self.program.db());
        let is_result = matches!(self.b.ty(value).kind(self.program.db()), TyKind::Result(..));
        self.switch(value, cases, &mut |this, case, parts| {
            let name = names.get(case)?;
            match parts {
                [] => this.text_and_return(out, name),
                [only] if is_result && *only == unit => this.text_and_return(out, &format!("{name}()")),
                parts => {
                    let values = this.case_parts(value, case, parts);
                    let out = this.text(out, &format!("{name}("));
                    let out = this.show_parts(out, &values)?;
                    this.text_and_return(out, ")");
                }
            }
            Some(())
        })
    }

    /// The names of the bits that are set.
    fn show_flags(&mut self, out: Value, value: Value, names: &[smol_str::SmolStr]) -> Option<()> {
        let (ty, bool_ty, string_ty) = (self.b.ty(value), self.bool_ty(), self.b.ty(out));
        let text = self.b.variable(string_ty, None);
        let separator = self.b.variable(string_ty, None);
        let out = self.text(out, "[");
        self.b.write(text, out);
        let nothing = self.emit(Op::StaticString([].into()), string_ty);
        self.b.write(separator, nothing);
        let unit = Ty::unit(self.program.db());
        for (bit, name) in names.iter().enumerate() {
            let mask = self.emit(Op::Const(1 << bit), ty);
            let masked = self.emit(Op::Binary(BinaryOp::And, value, mask), ty);
            let is_set = self.emit(Op::Compare(CompareOp::Eq, masked, mask), bool_ty);
            let (set, next) = (self.b.block(), self.b.block());
            self.b.branch(is_set, set, next);
            self.b.go_sealed(set)?;
            let (so_far, comma) = (self.b.read(text), self.b.read(separator));
            let op = Op::Intrinsic(Intrinsic::StringAppend, vec![so_far, comma]);
            let out = self.b.emit_all(op, &[unit, string_ty], None)[1];
            let out = self.text(out, name);
            self.b.write(text, out);
            let comma = self.emit(Op::StaticString(b", ".as_slice().into()), string_ty);
            self.b.write(separator, comma);
            self.b.jump(next);
            self.b.go_sealed(next)?;
        }
        let out = self.b.read(text);
        self.text_and_return(out, "]");
        Some(())
    }

    /// `1, 2`: the elements of a list.
    fn show_items(&mut self, out: Value, list: Value, item: Ty<'db>) -> Option<Value> {
        self.show_each(out, list, &mut |this, out, index| {
            let item = this.emit(Op::ListGet(list, index), item);
            push_nested(this.program, &mut this.b, out, item, None)
        })
    }

    fn show_each(
        &mut self,
        out: Value,
        list: Value,
        each: &mut dyn FnMut(&mut Self, Value, Value) -> Option<Value>,
    ) -> Option<Value> {
        let bool_ty = self.bool_ty();
        let len = self.len(list, Intrinsic::ListLen);
        let mut complete = true;
        let out = self.count(len, Some(out), &mut |this, index, out| {
            let text = this.b.variable(this.b.ty(out?), None);
            this.b.write(text, out?);
            let zero = this.const_u32(0);
            let first = this.emit(Op::Compare(CompareOp::Eq, index, zero), bool_ty);
            let (comma, item) = (this.b.block(), this.b.block());
            this.b.branch(first, item, comma);
            this.b.go_sealed(comma)?;
            let with_comma = this.text(out?, ", ");
            this.b.write(text, with_comma);
            this.b.jump(item);
            this.b.go_sealed(item)?;
            let out = this.b.read(text);
            let shown = each(this, out, index);
            complete &= shown.is_some();
            shown
        })?;
        complete.then_some(out)
    }

    /// `["k": 1]`, `[:]`, in the order of keys.
    fn show_map(&mut self, out: Value, map: Value, args: &[Ty<'db>]) -> Option<()> {
        let [key_ty, value_ty] = args else { return None };
        let (bool_ty, entry) = (self.bool_ty(), self.kind_ty(TyKind::Tuple(args.to_vec())));
        let entries = self.sorted_entries(map, args)?;
        let len = self.len(entries, Intrinsic::ListLen);
        let zero = self.const_u32(0);
        let is_empty = self.emit(Op::Compare(CompareOp::Eq, len, zero), bool_ty);
        let (empty, some) = (self.b.block(), self.b.block());
        self.b.branch(is_empty, empty, some);
        self.b.go_sealed(empty)?;
        self.text_and_return(out, "[:]");
        self.b.go_sealed(some)?;
        let out = self.text(out, "[");
        let out = self.show_each(out, entries, &mut |this, out, index| {
            let item = this.emit(Op::ListGet(entries, index), entry);
            let key = this.emit(Op::Field(item, 0), *key_ty);
            let value = this.emit(Op::Field(item, 1), *value_ty);
            let out = push_nested(this.program, &mut this.b, out, key, None)?;
            let out = this.text(out, ": ");
            push_nested(this.program, &mut this.b, out, value, None)
        })?;
        self.text_and_return(out, "]");
        Some(())
    }

    /// `[1, 2]`, in order: a set is a map whose values are unit.
    fn show_set(&mut self, out: Value, set: Value, args: &[Ty<'db>]) -> Option<()> {
        let [item_ty] = args else { return None };
        let Shape::Record(fields) = self.shape(self.b.ty(set)) else { return None };
        let map = self.fields(set, &fields).first().copied()?;
        let args = super::map_args(self.program, self.b.ty(map))?;
        let entry = self.kind_ty(TyKind::Tuple(args.clone()));
        let entries = self.sorted_entries(map, &args)?;
        let out = self.text(out, "[");
        let out = self.show_each(out, entries, &mut |this, out, index| {
            let item = this.emit(Op::ListGet(entries, index), entry);
            let key = this.emit(Op::Field(item, 0), *item_ty);
            push_nested(this.program, &mut this.b, out, key, None)
        })?;
        self.text_and_return(out, "]");
        Some(())
    }
}
