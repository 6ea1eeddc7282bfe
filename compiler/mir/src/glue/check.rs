//! Constraints, checked where a call comes in.
//!
//! A dot that has anything to check is exported through an *entry*: a function of the same parameters that checks
//! them and then calls the dot. What a type's fields demand is checked by glue of the type, `fn(borrowed T) -> string`,
//! which gives what is wrong, or nothing. So no value is described unless it is wrong, and types that many others
//! hold are followed once.
//!
//! For `record Order { @min(1) quantity: u32 }` and `dot total(orders: list<Order>)`, the glue of `Order` gives
//! ``.quantity` breaks `@min(1)``, that of `list<Order>` puts `[2]` before it, and the entry traps `constraint` with
//! `` `orders `` before that. The spec's chapter on attributes says what is checked in which order; the evaluator's module
//! `constraint` is the other implementation.

use super::{Glue, map_args};
use crate::build::Builder;
use crate::glue::show::push_nested;
use crate::ir::{Function, Instance, InstanceKind, Op, Passing, Site, Terminator, Value};
use crate::print::instance_name;
use crate::program::Program;
use crate::repr::lower_ty;
use dot_db::Item;
use dot_types::constraint::{
    Check, Constraint, Within, field_constraints, holds_constraints, param_constraints, within,
};
use dot_types::thir::{CompareOp, ExprId, Literal, TrapKind};
use dot_types::{AdtShape, Intrinsic, Mode, Ty, TyKind, fn_signature};

/// The function that is exported for a dot with something to check.
pub(crate) fn entry<'db>(program: &dyn Program<'db>, instance: Instance<'db>) -> Option<Function<'db>> {
    let db = program.db();
    let InstanceKind::Entry(dot) = instance.kind(db) else { return None };
    let signature = fn_signature(db, dot);
    let mut checks = Checks::new(program);
    let mut args = Vec::new();
    for param in &signature.params {
        args.push(checks.glue.b.param(lower_ty(program, param.ty), Some(param.name.clone())));
    }
    for (index, param) in signature.params.iter().enumerate() {
        checks.outcome = Outcome::Trap(Site { item: dot, expr: ExprId::of_param(index as u32) });
        checks.path = vec![Step::Text(format!("`{}", param.name))];
        let own = param_constraints(db, dot).get(index).map_or(&[][..], Vec::as_slice);
        checks.value(args[index], param.ty, own)?;
    }
    let called = Instance::new(db, InstanceKind::Item(dot), Vec::new());
    // The `self` of a resource's method may be changed.
    let changed = signature.params.iter().filter(|param| param.mode == Mode::InOut).map(|param| param.ty);
    let results: Vec<Ty<'db>> =
        std::iter::once(signature.ret).chain(changed).map(|ty| lower_ty(program, ty)).collect();
    let values = checks.glue.b.emit_all(Op::Call(called, args), &results, None);
    checks.glue.b.end(Terminator::Return(values));
    let passing = vec![Passing::Owned; signature.params.len()];
    Some(checks.glue.b.finish(instance, instance_name(db, instance).into(), passing, results))
}

/// The function that says what a value breaks of what its type's fields demand.
pub(super) fn check_glue<'db>(program: &dyn Program<'db>, instance: Instance<'db>) -> Option<Function<'db>> {
    let db = program.db();
    let ty = *instance.type_args(db).first()?;
    let mut checks = Checks::new(program);
    let value = checks.glue.b.param(lower_ty(program, ty), None);
    checks.parts(value, ty)?;
    if checks.glue.b.current().is_some() {
        checks.nothing_wrong();
    }
    let string = checks.glue.kind_ty(TyKind::String);
    let name = instance_name(db, instance).into();
    Some(checks.glue.b.finish(instance, name, vec![Passing::Borrowed], vec![string]))
}

/// A step from a value to a part of it, as it is told.
#[derive(Clone)]
enum Step {
    Text(String),
    Index(Value),
}

/// What comes after the path.
enum Rest<'a> {
    /// The constraint that is broken here.
    Breaks(&'a str),
    /// What a part breaks.
    Told(Value),
}

/// What is done with what is wrong.
#[derive(Clone, Copy)]
enum Outcome<'db> {
    /// The function gives it.
    Return,
    /// The program ends with it.
    Trap(Site<'db>),
}

struct Checks<'a, 'db> {
    glue: Glue<'a, 'db>,
    path: Vec<Step>,
    outcome: Outcome<'db>,
}

impl<'a, 'db> Checks<'a, 'db> {
    fn new(program: &'a dyn Program<'db>) -> Self {
        let glue = Glue { program, b: Builder::new() };
        Self { glue, path: Vec::new(), outcome: Outcome::Return }
    }

    fn text(&mut self, text: &str) -> Value {
        let ty = self.glue.kind_ty(TyKind::String);
        self.glue.emit(Op::StaticString(text.as_bytes().into()), ty)
    }

    fn nothing_wrong(&mut self) {
        let nothing = self.text("");
        self.glue.ret(nothing);
    }

    fn at(&mut self, step: Step, check: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.path.push(step);
        let done = check(self);
        self.path.pop();
        done
    }

    /// Ends with what is wrong: the path to here, then `rest`.
    fn fail(&mut self, rest: Rest<'_>) -> Option<()> {
        let mut steps = self.path.clone();
        if let Rest::Breaks(written) = rest {
            steps.push(Step::Text(format!("` breaks `{written}`")));
        }
        // What is known now is one text.
        let mut known = String::new();
        let mut message: Option<Value> = None;
        for step in steps {
            match step {
                Step::Text(text) => known.push_str(&text),
                Step::Index(index) => {
                    let so_far = self.with_text(message, &std::mem::take(&mut known));
                    message = Some(push_nested(self.glue.program, &mut self.glue.b, so_far, index, None)?);
                }
            }
        }
        let mut message = self.with_text(message, &known);
        if let Rest::Told(rest) = rest {
            let tys = [Ty::unit(self.glue.program.db()), self.glue.b.ty(message)];
            let append = Op::Intrinsic(Intrinsic::StringAppend, vec![message, rest]);
            message = self.glue.b.emit_all(append, &tys, None)[1];
        }
        match self.outcome {
            Outcome::Return => self.glue.ret(message),
            Outcome::Trap(site) => {
                let (kind, site) = (TrapKind::Constraint, Some(site));
                self.glue.b.end(Terminator::Trap { kind, message: Some(message), about: None, site });
            }
        }
        Some(())
    }

    /// A message so far with more text.
    fn with_text(&mut self, so_far: Option<Value>, text: &str) -> Value {
        match so_far {
            Some(so_far) => self.glue.text(so_far, text),
            None => self.text(text),
        }
    }

    /// Fails unless a condition holds.
    fn require(&mut self, holds: Value, rest: Rest<'_>) -> Option<()> {
        let (right, broken) = (self.glue.b.block(), self.glue.b.block());
        self.glue.b.branch(holds, right, broken);
        self.glue.b.go_sealed(broken)?;
        self.fail(rest)?;
        self.glue.b.go_sealed(right)
    }

    /// Checks a value: its own constraints, then those of its parts.
    fn value(&mut self, value: Value, ty: Ty<'db>, own: &[Constraint]) -> Option<()> {
        for constraint in own {
            self.constraint(value, ty, constraint)?;
        }
        let db = self.glue.program.db();
        if !holds_constraints(db, ty) {
            return Some(());
        }
        let string = self.glue.kind_ty(TyKind::String);
        let glue = Instance::new(db, InstanceKind::CheckGlue, vec![ty]);
        let wrong = self.glue.emit(Op::Call(glue, vec![value]), string);
        let len = self.glue.len(wrong, Intrinsic::StringByteLen);
        let zero = self.glue.const_u32(0);
        let holds = self.compare(CompareOp::Eq, len, zero);
        self.require(holds, Rest::Told(wrong))
    }

    fn compare(&mut self, op: CompareOp, left: Value, right: Value) -> Value {
        let ty = self.glue.bool_ty();
        self.glue.emit(Op::Compare(op, left, right), ty)
    }

    /// Checks one constraint of a value, or of what it leads to in it.
    fn constraint(&mut self, value: Value, ty: Ty<'db>, constraint: &Constraint) -> Option<()> {
        match within(self.glue.program.db(), ty, constraint.check.goes()) {
            Within::Here => {
                let holds = self.holds(value, ty, &constraint.check)?;
                self.require(holds, Rest::Breaks(&constraint.written))
            }
            Within::Option(inner) => {
                self.in_option(value, inner, |this, part| this.constraint(part, inner, constraint))
            }
            Within::Elements(item) => {
                self.in_elements(value, ty, item, &mut |this, part| this.constraint(part, item, constraint))
            }
            Within::Nowhere => Some(()),
        }
    }

    fn holds(&mut self, value: Value, ty: Ty<'db>, check: &Check) -> Option<Value> {
        let (op, bound) = match check {
            Check::Min(bound) => (CompareOp::Ge, bound),
            Check::Max(bound) => (CompareOp::Le, bound),
            Check::Len(n) => return self.length_is(value, ty, CompareOp::Eq, *n),
            Check::MinLen(n) => return self.length_is(value, ty, CompareOp::Ge, *n),
            Check::MaxLen(n) => return self.length_is(value, ty, CompareOp::Le, *n),
            Check::Pattern(_) | Check::Format(_) => return self.is_described(value, check),
        };
        let bound = match bound {
            // The low half of the two's complement.
            Literal::Int(n) => Op::Const(*n as u64),
            Literal::Float(bits) => Op::Float(*bits),
            _ => return None,
        };
        let bound = self.glue.emit(bound, ty);
        Some(self.compare(op, value, bound))
    }

    fn length_is(&mut self, value: Value, ty: Ty<'db>, op: CompareOp, n: u32) -> Option<Value> {
        let len = match ty.kind(self.glue.program.db()) {
            TyKind::String => {
                self.call_std("char_count", vec![value], TyKind::Int(dot_types::IntKind::U32))?
            }
            TyKind::Map(..) | TyKind::Set(_) => {
                let (map, args) = self.map_of(value)?;
                let u32_ty = self.glue.u32_ty();
                self.glue.call_map("len", args, vec![map], u32_ty)?
            }
            _ => self.glue.len(value, Intrinsic::ListLen),
        };
        let n = self.glue.const_u32(n);
        Some(self.compare(op, len, n))
    }

    fn is_described(&mut self, text: Value, check: &Check) -> Option<Value> {
        let table = check.pattern()?.automaton().ok()?.to_bytes();
        let byte = self.glue.kind_ty(TyKind::Int(dot_types::IntKind::U8));
        let bytes = self.glue.kind_ty(TyKind::List(byte));
        let table = self.glue.emit(Op::StaticString(table.into()), bytes);
        self.call_std("accepts", vec![table, text], TyKind::Bool)
    }

    /// Calls a function of std's module for this.
    fn call_std(&mut self, name: &str, args: Vec<Value>, ret: TyKind<'db>) -> Option<Value> {
        let item = self.glue.program.std_item("constraint", name)?;
        let instance = Instance::new(self.glue.program.db(), InstanceKind::Item(item), Vec::new());
        let ty = self.glue.kind_ty(ret);
        Some(self.glue.emit(Op::Call(instance, args), ty))
    }

    /// The map that a map or set is, and its key and value types.
    fn map_of(&mut self, value: Value) -> Option<(Value, Vec<Ty<'db>>)> {
        let program = self.glue.program;
        if let Some(args) = map_args(program, self.glue.b.ty(value)) {
            return Some((value, args));
        }
        let crate::repr::Shape::Record(fields) = self.glue.shape(self.glue.b.ty(value)) else { return None };
        let map = *self.glue.fields(value, &fields).first()?;
        Some((map, map_args(program, self.glue.b.ty(map))?))
    }

    fn in_option(
        &mut self,
        value: Value,
        inner: Ty<'db>,
        check: impl FnOnce(&mut Self, Value) -> Option<()>,
    ) -> Option<()> {
        let u32_ty = self.glue.u32_ty();
        let tag = self.glue.emit(Op::Tag(value), u32_ty);
        let one = self.glue.const_u32(1);
        let is_some = self.compare(CompareOp::Eq, tag, one);
        let (some, after) = (self.glue.b.block(), self.glue.b.block());
        self.glue.b.branch(is_some, some, after);
        self.glue.b.go_sealed(some)?;
        let part = self.glue.case_parts(value, 1, &[inner]).pop()?;
        check(self, part)?;
        self.glue.b.jump(after);
        self.glue.b.go_sealed(after)
    }

    /// Checks every element of a list or set, at its index.
    fn in_elements(
        &mut self,
        value: Value,
        ty: Ty<'db>,
        item: Ty<'db>,
        check: &mut dyn FnMut(&mut Self, Value) -> Option<()>,
    ) -> Option<()> {
        if let TyKind::Set(_) = ty.kind(self.glue.program.db()) {
            return self.in_entries(value, &mut |this, entry| {
                let key = lower_ty(this.glue.program, item);
                let key = this.glue.emit(Op::Field(entry, 0), key);
                check(this, key)
            });
        }
        let len = self.glue.len(value, Intrinsic::ListLen);
        self.for_each(len, &mut |this, index| {
            let ty = lower_ty(this.glue.program, item);
            let element = this.glue.emit(Op::ListGet(value, index), ty);
            check(this, element)
        })
    }

    /// Checks every entry of a map or set, in order of insertion, at its index.
    fn in_entries(
        &mut self,
        value: Value,
        check: &mut dyn FnMut(&mut Self, Value) -> Option<()>,
    ) -> Option<()> {
        let (map, args) = self.map_of(value)?;
        let entry = self.glue.kind_ty(TyKind::Tuple(args.clone()));
        let list = self.glue.kind_ty(TyKind::List(entry));
        let entries = self.glue.call_map("entries", args, vec![map], list)?;
        let len = self.glue.len(entries, Intrinsic::ListLen);
        self.for_each(len, &mut |this, index| {
            let element = this.glue.emit(Op::ListGet(entries, index), entry);
            check(this, element)
        })
    }

    fn for_each(&mut self, len: Value, check: &mut dyn FnMut(&mut Self, Value) -> Option<()>) -> Option<()> {
        let u32_ty = self.glue.u32_ty();
        let index = self.glue.b.variable(u32_ty, None);
        let zero = self.glue.const_u32(0);
        self.glue.b.write(index, zero);
        let (head, body, done) = (self.glue.b.block(), self.glue.b.block(), self.glue.b.block());
        self.glue.b.jump(head);
        self.glue.b.go(head);
        let at = self.glue.b.read(index);
        let more = self.compare(CompareOp::Lt, at, len);
        self.glue.b.branch(more, body, done);
        self.glue.b.go_sealed(body)?;
        let depth = self.path.len();
        self.path.extend([Step::Text("[".to_owned()), Step::Index(at), Step::Text("]".to_owned())]);
        let checked = check(self, at);
        self.path.truncate(depth);
        checked?;
        let one = self.glue.const_u32(1);
        let next = self.glue.emit(Op::Binary(dot_types::thir::BinaryOp::WrappingAdd, at, one), u32_ty);
        self.glue.b.write(index, next);
        self.glue.b.jump(head);
        self.glue.b.seal(head);
        self.glue.b.go_sealed(done)
    }

    /// Checks the parts of a value of a type that holds constraints.
    fn parts(&mut self, value: Value, ty: Ty<'db>) -> Option<()> {
        let db = self.glue.program.db();
        match ty.kind(db) {
            TyKind::Option(inner) => {
                self.in_option(value, *inner, |this, part| this.value(part, *inner, &[]))
            }
            TyKind::List(item) | TyKind::FixedList(item, _) | TyKind::Set(item) => {
                self.in_elements(value, ty, *item, &mut |this, part| this.value(part, *item, &[]))
            }
            TyKind::Map(key, val) => self.in_entries(value, &mut |this, entry| {
                let names = ["[0]".to_owned(), "[1]".to_owned()];
                this.record(entry, &[*key, *val], &names, &[])
            }),
            TyKind::Tuple(parts) => {
                let names: Vec<String> = (0..parts.len()).map(|n| format!("[{n}]")).collect();
                self.record(value, parts, &names, &[])
            }
            TyKind::Result(ok, err) => {
                let names = [vec![".ok".to_owned()], vec![".err".to_owned()]];
                self.cases(value, &[vec![*ok], vec![*err]], &names)
            }
            TyKind::Adt(item, args) => self.declared(value, *item, args),
            _ => Some(()),
        }
    }

    fn declared(&mut self, value: Value, item: Item<'db>, args: &[Ty<'db>]) -> Option<()> {
        let program = self.glue.program;
        let db = program.db();
        match &program.adt(item)?.shape {
            AdtShape::Record(fields) => {
                let tys: Vec<Ty<'db>> = fields.iter().map(|field| field.ty.substitute(db, args)).collect();
                let names: Vec<String> = fields.iter().map(|field| format!(".{}", field.name)).collect();
                self.record(value, &tys, &names, field_constraints(db, item))
            }
            AdtShape::Variant(cases) => {
                let tys: Vec<Vec<Ty<'db>>> = cases
                    .iter()
                    .map(|case| case.parts.iter().map(|part| part.ty.substitute(db, args)).collect())
                    .collect();
                let names: Vec<Vec<String>> = cases
                    .iter()
                    .map(|case| {
                        let alone = case.parts.len() == 1;
                        let name = |(n, part): (usize, &dot_types::def::CasePart<'db>)| match &part.label {
                            _ if alone => format!(".{}", case.name),
                            Some(label) => format!(".{}.{label}", case.name),
                            None => format!(".{}[{n}]", case.name),
                        };
                        case.parts.iter().enumerate().map(name).collect()
                    })
                    .collect();
                self.cases(value, &tys, &names)
            }
            AdtShape::Flags(_) | AdtShape::Resource(_) => Some(()),
        }
    }

    /// Checks the parts of a record or tuple, each under its name.
    fn record(
        &mut self,
        value: Value,
        tys: &[Ty<'db>],
        names: &[String],
        own: &[Vec<Constraint>],
    ) -> Option<()> {
        let db = self.glue.program.db();
        for (index, (ty, name)) in tys.iter().zip(names).enumerate() {
            let own = own.get(index).map_or(&[][..], Vec::as_slice);
            if own.is_empty() && !holds_constraints(db, *ty) {
                continue;
            }
            let lowered = lower_ty(self.glue.program, *ty);
            let part = self.glue.emit(Op::Field(value, index as u32), lowered);
            self.at(Step::Text(name.clone()), |this| this.value(part, *ty, own))?;
        }
        Some(())
    }

    /// Checks what a case carries; control ends in each.
    fn cases(&mut self, value: Value, cases: &[Vec<Ty<'db>>], names: &[Vec<String>]) -> Option<()> {
        let u32_ty = self.glue.u32_ty();
        let on = self.glue.emit(Op::Tag(value), u32_ty);
        let targets: Vec<_> = cases.iter().map(|_| self.glue.b.block()).collect();
        self.glue.b.end(Terminator::Switch { on, targets: targets.clone(), default: None });
        for (case, target) in targets.into_iter().enumerate() {
            self.glue.b.go_sealed(target)?;
            let parts = self.glue.case_parts(value, case, &cases[case]);
            for ((part, ty), name) in parts.into_iter().zip(&cases[case]).zip(&names[case]) {
                self.at(Step::Text(name.clone()), |this| this.value(part, *ty, &[]))?;
            }
            self.nothing_wrong();
        }
        Some(())
    }
}
