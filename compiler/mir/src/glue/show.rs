//! Printing: the text of a value inside another one, appended to a string.

use super::Glue;
use super::walk::{At, Inside, Operation, Place, Role, walk};
use crate::build::{Builder, Variable};
use crate::ir::{Instance, InstanceKind, Op, Site, Terminator, Value};
use crate::program::Program;
use crate::repr::Shape;
use dot_types::thir::{BinaryOp, CompareOp, ConvertMode};
use dot_types::{AdtShape, FloatKind, IntKind, Intrinsic, Ty, TyKind, own};

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
    if let Some((method, type_args)) = own::own_operation(db, ty, own::Operation::Show) {
        let method = Instance::new(db, InstanceKind::Item(method), type_args.to_vec());
        let text = b.emit(Op::Call(method, vec![value]), b.ty(out), site);
        let append = Op::Intrinsic(Intrinsic::StringAppend, vec![out, text]);
        return Some(b.emit_all(append, &[Ty::unit(db), b.ty(out)], site)[1]);
    }
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
        match (self.shape(ty), ty.kind(db)) {
            _ if self.is_own(own::Operation::Show, ty) => {
                let out = push_nested(self.program, &mut self.b, out, value, None)?;
                self.ret(out);
            }
            (_, TyKind::Bool) => self.show_bool(out, value)?,
            (Shape::Scalar, TyKind::Adt(item, _)) => self.show_bits(out, value, *item)?,
            (Shape::Handle | Shape::Counted, TyKind::Fn(..) | TyKind::Handle(_)) => return None,
            (Shape::Scalar, _) | (_, TyKind::String) => {
                let out = push_nested(self.program, &mut self.b, out, value, None)?;
                self.ret(out);
            }
            _ => {
                let text = self.b.variable(string_ty, None);
                self.b.write(text, out);
                walk(self, &mut Show { text, silent: false }, &[value])?;
            }
        }
        Some(string_ty)
    }

    /// An enum or flags.
    fn show_bits(&mut self, out: Value, value: Value, item: dot_db::Item<'db>) -> Option<()> {
        match &self.program.adt(item)?.clone().shape {
            AdtShape::Variant(cases) => {
                let ty = self.u32_ty();
                let on = self.emit(Op::Tag(value), ty);
                let targets: Vec<_> = cases.iter().map(|_| self.b.block()).collect();
                self.b.end(Terminator::Switch { on, targets: targets.clone(), default: None });
                for (case, target) in cases.iter().zip(targets) {
                    self.b.go_sealed(target)?;
                    self.text_and_return(out, &case.name);
                }
                Some(())
            }
            AdtShape::Flags(names) => self.show_flags(out, value, names),
            AdtShape::Record(_) | AdtShape::Resource(_) => None,
        }
    }

    fn show_bool(&mut self, out: Value, value: Value) -> Option<()> {
        let (yes, no) = (self.b.block(), self.b.block());
        self.b.branch(value, yes, no);
        for (block, name) in [(yes, "true"), (no, "false")] {
            self.b.go_sealed(block)?;
            self.text_and_return(out, name);
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
}

/// Appends the text of a value, piece by piece.
struct Show {
    /// The text so far.
    text: Variable,
    /// Whether the next part prints nothing: the unit in `ok()`.
    silent: bool,
}

/// What stands before, between and behind the parts of a value.
struct Texts {
    open: String,
    /// Before each part but the first: `, `, and of a record the field's name.
    labels: Vec<String>,
    close: &'static str,
}

impl Texts {
    fn plain(open: impl Into<String>, close: &'static str) -> Self {
        Self { open: open.into(), labels: Vec::new(), close }
    }
}

impl Show {
    fn push(&self, glue: &mut Glue<'_, '_>, text: &str) {
        if !text.is_empty() {
            let out = glue.b.read(self.text);
            let out = glue.text(out, text);
            glue.b.write(self.text, out);
        }
    }

    fn texts<'db>(&self, glue: &Glue<'_, 'db>, place: &Place<'_, 'db>) -> Option<Texts> {
        let kind = place.node.ty.kind(glue.program.db());
        Some(match (place.inside, place.node.role) {
            (_, Role::Entry | Role::Element) => Texts::plain("", ""),
            (Inside::Record(parts), _) => match kind {
                TyKind::Tuple(_) => Texts::plain("(", if parts.len() == 1 { ",)" } else { ")" }),
                TyKind::Adt(item, _) => record_texts(glue, *item)?,
                _ => return None,
            },
            (Inside::Variant(cases), _) => {
                let case = place.case?;
                let name = case_name(glue, kind, case)?;
                match cases.get(case)?.is_empty() {
                    true => Texts::plain(name, ""),
                    false => Texts::plain(format!("{name}("), ")"),
                }
            }
            _ => Texts::plain("[", "]"),
        })
    }

    /// `[:]` for a map without entries; else the bracket that opens it.
    fn open_map(&self, glue: &mut Glue<'_, '_>, list: Value) -> Option<()> {
        let (len, zero) = (glue.len(list, Intrinsic::ListLen), glue.const_u32(0));
        let bool_ty = glue.bool_ty();
        let is_empty = glue.emit(Op::Compare(CompareOp::Eq, len, zero), bool_ty);
        let (empty, some, join) = (glue.b.block(), glue.b.block(), glue.b.block());
        glue.b.branch(is_empty, empty, some);
        for (block, text) in [(empty, "[:"), (some, "[")] {
            glue.b.go_sealed(block)?;
            self.push(glue, text);
            glue.b.jump(join);
        }
        glue.b.go_sealed(join)
    }
}

fn record_texts<'db>(glue: &Glue<'_, 'db>, item: dot_db::Item<'db>) -> Option<Texts> {
    let name = item.name(glue.program.db());
    let (AdtShape::Record(fields) | AdtShape::Resource(fields)) = &glue.program.adt(item)?.shape else {
        return None;
    };
    let Some(first) = fields.first() else { return Some(Texts::plain(format!("{name} {{}}"), "")) };
    let labels = fields.iter().map(|field| format!(", {}: ", field.name)).collect();
    Some(Texts { open: format!("{name} {{ {}: ", first.name), labels, close: " }" })
}

fn case_name<'db>(glue: &Glue<'_, 'db>, kind: &TyKind<'db>, case: usize) -> Option<String> {
    Some(match kind {
        TyKind::Option(_) => ["none", "some"].get(case)?.to_string(),
        TyKind::Result(..) => ["ok", "err"].get(case)?.to_string(),
        TyKind::Adt(item, _) => match &glue.program.adt(*item)?.shape {
            AdtShape::Variant(cases) => cases.get(case)?.name.to_string(),
            _ => return None,
        },
        _ => return None,
    })
}

impl<'db> Operation<'db> for Show {
    fn width(&self) -> usize {
        1
    }

    fn kind(&self) -> own::Operation {
        own::Operation::Show
    }

    fn sees_sets(&self) -> bool {
        true
    }

    fn leaf(&mut self, glue: &mut Glue<'_, 'db>, values: &[Value]) -> Option<()> {
        if !std::mem::take(&mut self.silent) {
            let out = glue.b.read(self.text);
            let out = push_nested(glue.program, &mut glue.b, out, *values.first()?, None)?;
            glue.b.write(self.text, out);
        }
        Some(())
    }

    fn open(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>, values: &[Value]) -> Option<()> {
        match place.inside {
            // Its name is known when its case is.
            Inside::Variant(_) => Some(()),
            _ if place.node.role == Role::Entries => self.open_map(glue, *values.first()?),
            _ => self.choose(glue, place),
        }
    }

    fn choose(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>) -> Option<()> {
        let texts = self.texts(glue, place)?;
        self.push(glue, &texts.open);
        Some(())
    }

    fn before(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>, at: At) -> Option<()> {
        match at {
            At::Part(0) => {
                let unit = Ty::unit(glue.program.db());
                self.silent = matches!(place.node.ty.kind(glue.program.db()), TyKind::Result(..))
                    && matches!(place.inside, Inside::Variant(cases)
                        if place.case.and_then(|case| cases.get(case)?.first()).is_some_and(|p| p.ty == unit));
            }
            At::Part(_) if place.node.role == Role::Entry => self.push(glue, ": "),
            At::Part(n) => {
                let texts = self.texts(glue, place)?;
                self.push(glue, texts.labels.get(n).map_or(", ", String::as_str));
            }
            At::Element(index) => {
                let (zero, bool_ty) = (glue.const_u32(0), glue.bool_ty());
                let first = glue.emit(Op::Compare(CompareOp::Eq, index, zero), bool_ty);
                let (comma, item) = (glue.b.block(), glue.b.block());
                glue.b.branch(first, item, comma);
                glue.b.go_sealed(comma)?;
                self.push(glue, ", ");
                glue.b.jump(item);
                glue.b.go_sealed(item)?;
            }
        }
        Some(())
    }

    fn close(&mut self, glue: &mut Glue<'_, 'db>, place: &Place<'_, 'db>, _: &[Value]) -> Option<()> {
        let texts = self.texts(glue, place)?;
        self.push(glue, texts.close);
        Some(())
    }

    fn closes(&self, place: &Place<'_, 'db>) -> bool {
        !matches!(place.node.role, Role::Entry | Role::Element)
    }

    fn finish(&mut self, glue: &mut Glue<'_, 'db>) -> Option<()> {
        let out = glue.b.read(self.text);
        glue.ret(out);
        Some(())
    }
}
