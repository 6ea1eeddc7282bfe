//! Functions that exist for a type: drop, dup, equality, order, hash, printing, encoding and constraints, made as MIR.
//!
//! Each follows the parts of its type ([`walk`]) and calls the glue of those that have parts of their own. Lists are
//! walked by a loop, and so are values that nest without bound: no glue calls itself. Who owns the parameters is
//! fixed, as [`InstanceKind`] says, since every back end and pass relies on it. Where an opaque type does something by
//! a method of its own, that is called.
//!
//! What the functions compute is laid down in the spec's chapters on structural operations, printing and encoding;
//! the evaluator's modules `structural`, `show` and `encoding` are the other implementation.

pub(crate) mod check;
mod compare;
mod decode;
mod encode;
mod hash;
mod ownership;
pub(crate) mod show;
mod walk;

pub(crate) use walk::nests;

use crate::build::Builder;
use crate::ir::{Function, Instance, InstanceKind, Op, Passing, Terminator, Value};
use crate::print::instance_name;
use crate::program::Program;
use crate::repr::{Shape, lower_ty, shape};
use dot_types::thir::{BinaryOp, CompareOp};
use dot_types::{IntKind, Intrinsic, Ty, TyKind, own};

/// Who owns the parameters of glue.
#[must_use]
pub fn glue_passing(kind: InstanceKind<'_>) -> Option<Vec<Passing>> {
    use Passing::{Borrowed, Owned};
    Some(match kind {
        InstanceKind::DropGlue => vec![Owned],
        InstanceKind::DupGlue | InstanceKind::CheckGlue => vec![Borrowed],
        InstanceKind::EqGlue | InstanceKind::CompareGlue => vec![Borrowed, Borrowed],
        InstanceKind::HashGlue | InstanceKind::ShowGlue | InstanceKind::EncodeGlue => vec![Owned, Borrowed],
        InstanceKind::DecodeGlue => vec![Borrowed, Owned],
        InstanceKind::Item(_)
        | InstanceKind::Closure(..)
        | InstanceKind::Const(_)
        | InstanceKind::Copy(..)
        | InstanceKind::Visitor(_)
        | InstanceKind::ItemIn(..)
        | InstanceKind::ClosureIn(..)
        | InstanceKind::Entry(_) => return None,
    })
}

/// Makes the glue of an instance. `None` for instances that are no glue, or whose type lacks the operation.
pub(crate) fn glue<'db>(program: &dyn Program<'db>, instance: Instance<'db>) -> Option<Function<'db>> {
    let db = program.db();
    let passing = glue_passing(instance.kind(db))?;
    if let InstanceKind::CheckGlue = instance.kind(db) {
        return check::check_glue(program, instance);
    }
    let ty = *instance.type_args(db).first()?;
    let mut glue = Glue { program, b: Builder::new() };
    let results = match instance.kind(db) {
        InstanceKind::DropGlue => vec![glue.drop_body(ty)?],
        InstanceKind::DupGlue => vec![glue.dup_body(ty)?],
        InstanceKind::EqGlue => vec![glue.equal_body(ty)?],
        InstanceKind::CompareGlue => vec![glue.compare_body(ty)?],
        InstanceKind::HashGlue => vec![glue.hash_body(ty)?],
        InstanceKind::ShowGlue => vec![glue.show_body(ty)?],
        InstanceKind::EncodeGlue => vec![glue.encode_body(ty)?],
        InstanceKind::DecodeGlue => decode::decode_body(&mut glue, ty)?,
        _ => return None,
    };
    let name = instance_name(db, instance).into();
    Some(glue.b.finish(instance, name, passing, results))
}

/// The type `Ordering` of the prelude: `Less`, `Equal`, `Greater`.
pub(crate) fn ordering_ty<'db>(program: &dyn Program<'db>) -> Option<Ty<'db>> {
    let item = program.std_item("prelude", "Ordering")?;
    Some(Ty::new(program.db(), TyKind::Adt(item, Vec::new())))
}

/// The key and value types of what stands for a map.
pub(crate) fn map_args<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> Option<Vec<Ty<'db>>> {
    match ty.kind(program.db()) {
        TyKind::Adt(item, args) if program.std_item("map_impl", "HashMap") == Some(*item) => {
            Some(args.clone())
        }
        _ => None,
    }
}

/// What is done for a case: its index and the types of its parts are given.
type EachCase<'a, G, T> = &'a mut dyn FnMut(&mut G, usize, &[T]) -> Option<()>;

/// What is done in each turn of a loop: the index and the state are given, the next state is wanted.
type EachTurn<'a, G> = &'a mut dyn FnMut(&mut G, Value, Option<Value>) -> Option<Value>;

/// A glue function being made.
pub(crate) struct Glue<'a, 'db> {
    program: &'a dyn Program<'db>,
    b: Builder<'db>,
}

impl<'db> Glue<'_, 'db> {
    fn kind_ty(&self, kind: TyKind<'db>) -> Ty<'db> {
        Ty::new(self.program.db(), kind)
    }

    fn u32_ty(&self) -> Ty<'db> {
        self.kind_ty(TyKind::Int(IntKind::U32))
    }

    fn bool_ty(&self) -> Ty<'db> {
        self.kind_ty(TyKind::Bool)
    }

    fn emit(&mut self, op: Op<'db>, ty: Ty<'db>) -> Value {
        self.b.emit(op, ty, None)
    }

    fn const_u32(&mut self, number: u32) -> Value {
        let ty = self.u32_ty();
        self.emit(Op::Const(number.into()), ty)
    }

    fn ret(&mut self, value: Value) {
        self.b.end(Terminator::Return(vec![value]));
    }

    /// The parts of a value of a record or tuple type.
    fn fields(&mut self, value: Value, parts: &[Ty<'db>]) -> Vec<Value> {
        let field = |(index, ty): (usize, &Ty<'db>)| {
            let ty = lower_ty(self.program, *ty);
            self.b.emit(Op::Field(value, index as u32), ty, None)
        };
        parts.iter().enumerate().map(field).collect()
    }

    /// The parts of a value that is of a case.
    fn case_parts(&mut self, base: Value, case: usize, parts: &[Ty<'db>]) -> Vec<Value> {
        let part = |(index, ty): (usize, &Ty<'db>)| {
            let ty = lower_ty(self.program, *ty);
            let op = Op::CasePart { base, case: case as u32, part: index as u32 };
            self.b.emit(op, ty, None)
        };
        parts.iter().enumerate().map(part).collect()
    }

    /// Does something for each case of a variant; control ends in each.
    fn switch(
        &mut self,
        value: Value,
        cases: &[Vec<Ty<'db>>],
        each: EachCase<'_, Self, Ty<'db>>,
    ) -> Option<()> {
        let ty = self.u32_ty();
        let on = self.emit(Op::Tag(value), ty);
        let targets: Vec<_> = cases.iter().map(|_| self.b.block()).collect();
        self.b.end(Terminator::Switch { on, targets: targets.clone(), default: None });
        for (case, target) in targets.into_iter().enumerate() {
            self.b.go_sealed(target)?;
            each(self, case, &cases[case])?;
        }
        Some(())
    }

    /// Counts from 0 up to `len`. `each` gets the index and the state and gives the next state, or ends control.
    fn count(&mut self, len: Value, start: Option<Value>, each: EachTurn<'_, Self>) -> Option<Value> {
        let (u32_ty, bool_ty) = (self.u32_ty(), self.bool_ty());
        let index = self.b.variable(u32_ty, None);
        let zero = self.const_u32(0);
        self.b.write(index, zero);
        let state = start.map(|start| {
            let variable = self.b.variable(self.b.ty(start), None);
            self.b.write(variable, start);
            variable
        });
        let (head, body, done) = (self.b.block(), self.b.block(), self.b.block());
        self.b.jump(head);
        self.b.go(head);
        let i = self.b.read(index);
        let more = self.emit(Op::Compare(CompareOp::Lt, i, len), bool_ty);
        self.b.branch(more, body, done);
        self.b.go_sealed(body)?;
        let now = state.map(|state| self.b.read(state));
        let next_state = each(self, i, now);
        if self.b.current().is_some() {
            if let (Some(state), Some(next)) = (state, next_state) {
                self.b.write(state, next);
            }
            let one = self.const_u32(1);
            let next = self.emit(Op::Binary(BinaryOp::WrappingAdd, i, one), u32_ty);
            self.b.write(index, next);
            self.b.jump(head);
        }
        self.b.seal(head);
        self.b.go_sealed(done)?;
        state.map(|state| self.b.read(state))
    }

    fn len(&mut self, value: Value, of: Intrinsic) -> Value {
        let ty = self.u32_ty();
        self.emit(Op::Intrinsic(of, vec![value]), ty)
    }

    fn byte_at(&mut self, text: Value, index: Value) -> Value {
        let ty = self.kind_ty(TyKind::Int(IntKind::U8));
        self.emit(Op::Intrinsic(Intrinsic::StringByteAt, vec![text, index]), ty)
    }

    /// Calls a function of std's maps.
    fn call_map(
        &mut self,
        name: &str,
        type_args: Vec<Ty<'db>>,
        args: Vec<Value>,
        ty: Ty<'db>,
    ) -> Option<Value> {
        self.call_std(("map_impl", name), type_args, args, ty)
    }

    /// Calls a function of std that has one result.
    fn call_std(
        &mut self,
        (module, name): (&str, &str),
        type_args: Vec<Ty<'db>>,
        args: Vec<Value>,
        ty: Ty<'db>,
    ) -> Option<Value> {
        let item = self.program.std_item(module, name)?;
        let instance = Instance::new(self.program.db(), InstanceKind::Item(item), type_args);
        Some(self.emit(Op::Call(instance, args), ty))
    }

    /// Whether values of a type do this by a method of their own.
    fn is_own(&self, op: own::Operation, ty: Ty<'db>) -> bool {
        own::own_operation(self.program.db(), ty, op).is_some()
    }

    /// Calls the method by which the type of these values does this, if it has one.
    fn call_own(&mut self, op: own::Operation, values: &[Value], ty: Ty<'db>) -> Option<Value> {
        let db = self.program.db();
        let (method, type_args) = own::own_operation(db, self.b.ty(*values.first()?), op)?;
        let method = Instance::new(db, InstanceKind::Item(method), type_args.to_vec());
        Some(self.emit(Op::Call(method, values.to_vec()), ty))
    }

    fn shape(&self, ty: Ty<'db>) -> Shape<'db> {
        shape(self.program, ty)
    }
}
