//! Decoding: the value whose encoding stands in bytes, or the offset of what can't be read.
//!
//! The counterpart of [`super::encode`]; numbers and texts are read by std's `encoding`. A value is put together from
//! the inside. Values of types that contain themselves are decoded without recursion, as [`super::walk`] goes over
//! them: what has been read of a record or list is saved while the next part is read, and when a value is complete,
//! what was saved last goes on with it.

mod deep;

use super::Glue;
use super::walk::{Inside, Node, Role, Sight, cycle, inside};
use crate::build::Variable;
use crate::ir::{BlockId, Instance, InstanceKind, Op, Terminator, Value};
use crate::program::Program;
use crate::repr::{Shape, lower_ty};
use deep::{Deep, Member};
use dot_types::thir::{BinaryOp, CompareOp, ConvertMode};
use dot_types::{AdtShape, FloatKind, IntKind, Ty, TyKind, own};

/// Decoding sees what encoding sees.
const SIGHT: Sight = Sight { sets: true, operation: own::Operation::Encode };

/// What a value is put together from.
enum Source<'db> {
    /// A number or text, or what glue of its own decodes.
    Whole,
    /// A list that std makes it from, by a function that refuses one that is out of order.
    Sorted(Ty<'db>, &'static str),
    /// Elements, so many where their number is part of the type.
    List(Ty<'db>, Option<u32>),
    /// Parts.
    Record(Vec<Ty<'db>>),
    /// A number and the parts of a case.
    Variant(Vec<Vec<Ty<'db>>>),
}

fn made_from<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> Source<'db> {
    let db = program.db();
    let tys = |nodes: Vec<Node<'db>>| nodes.into_iter().map(|node| node.ty).collect::<Vec<_>>();
    match inside(program, Node { ty, role: Role::Plain }, SIGHT) {
        Inside::Whole => Source::Whole,
        Inside::Map(list) => Source::Sorted(list.ty, "from_sorted"),
        Inside::Set(list) => match list.ty.kind(db) {
            TyKind::List(entry) => match entry.kind(db) {
                TyKind::Tuple(parts) if !parts.is_empty() => {
                    Source::Sorted(Ty::new(db, TyKind::List(parts[0])), "set_from_sorted")
                }
                _ => Source::Whole,
            },
            _ => Source::Whole,
        },
        Inside::List(item) => match ty.kind(db) {
            TyKind::FixedList(_, len) => Source::List(item.ty, Some(*len)),
            _ => Source::List(item.ty, None),
        },
        Inside::Record(parts) => Source::Record(tys(parts)),
        Inside::Variant(cases) => Source::Variant(cases.into_iter().map(tys).collect()),
    }
}

/// Makes the body; gives the types of the results.
pub(super) fn decode_body<'db>(glue: &mut Glue<'_, 'db>, ty: Ty<'db>) -> Option<Vec<Ty<'db>>> {
    let (bytes_ty, u32_ty) = (glue.bytes_ty(), glue.u32_ty());
    let (bytes, start) = (glue.b.param(bytes_ty, None), glue.b.param(u32_ty, None));
    let at = glue.b.variable(u32_ty, None);
    glue.b.write(at, start);
    let option = glue.kind_ty(TyKind::Option(ty));
    let fail = glue.b.block();
    let program = glue.program;
    let step = |node: Node<'db>| -> Vec<Node<'db>> {
        let parts = match made_from(program, node.ty) {
            Source::Whole => Vec::new(),
            Source::Sorted(list, _) => vec![list],
            Source::List(item, _) => vec![item],
            Source::Record(parts) => parts,
            Source::Variant(cases) => cases.into_iter().flatten().collect(),
        };
        parts.into_iter().map(|ty| Node { ty, role: Role::Plain }).collect()
    };
    let cycle: Vec<Ty<'db>> =
        cycle(program, Node { ty, role: Role::Plain }, &step).into_iter().map(|node| node.ty).collect();
    let mut decode = Decode { glue, bytes, at, fail, members: Vec::new(), deep: None };
    if cycle.is_empty() {
        let value = decode.value(ty, true)?;
        decode.return_some(value, option);
    } else {
        decode.deep(&cycle, ty)?;
    }
    if glue.b.go_sealed(fail).is_some() {
        let none = glue.emit(Op::MakeCase { case: 0, parts: Vec::new(), reuse: None }, option);
        let at = glue.b.read(at);
        glue.b.end(Terminator::Return(vec![none, at]));
    }
    Some(vec![option, u32_ty])
}

struct Decode<'w, 'a, 'db> {
    glue: &'w mut Glue<'a, 'db>,
    bytes: Value,
    /// The offset of what is read next; where something can't be read, its offset.
    at: Variable,
    fail: BlockId,
    members: Vec<Member<'db>>,
    deep: Option<Deep<'db>>,
}

impl<'db> Decode<'_, '_, 'db> {
    fn some(&mut self, value: Value, option: Ty<'db>) -> Value {
        self.glue.emit(Op::MakeCase { case: 1, parts: vec![value], reuse: None }, option)
    }

    fn return_some(&mut self, value: Value, option: Ty<'db>) {
        let (some, at) = (self.some(value, option), self.glue.b.read(self.at));
        self.glue.b.end(Terminator::Return(vec![some, at]));
    }

    /// Takes what was read out of an option; where nothing was, decoding fails at `next`.
    fn take(&mut self, found: Value, next: Value, ty: Ty<'db>) -> Option<Value> {
        self.glue.b.write(self.at, next);
        self.need(found, ty)
    }

    fn need(&mut self, found: Value, ty: Ty<'db>) -> Option<Value> {
        let (u32_ty, bool_ty) = (self.glue.u32_ty(), self.glue.bool_ty());
        let tag = self.glue.emit(Op::Tag(found), u32_ty);
        let one = self.glue.const_u32(1);
        let is_some = self.glue.emit(Op::Compare(CompareOp::Eq, tag, one), bool_ty);
        let on = self.glue.b.block();
        self.glue.b.branch(is_some, on, self.fail);
        self.glue.b.go_sealed(on)?;
        Some(self.glue.emit(Op::CasePart { base: found, case: 1, part: 0 }, ty))
    }

    /// Reads by a function of std.
    fn read(&mut self, by: &str, more: &[Value], ty: Ty<'db>) -> Option<Value> {
        let at = self.glue.b.read(self.at);
        let option = self.glue.kind_ty(TyKind::Option(ty));
        let u32_ty = self.glue.u32_ty();
        let pair = self.glue.kind_ty(TyKind::Tuple(vec![option, u32_ty]));
        let args = [self.bytes, at].into_iter().chain(more.iter().copied()).collect();
        let read = self.glue.call_std(("encoding", by), Vec::new(), args, pair)?;
        let found = self.glue.emit(Op::Field(read, 0), option);
        let next = self.glue.emit(Op::Field(read, 1), u32_ty);
        self.take(found, next, ty)
    }

    fn below(&mut self, limit: u64) -> Option<Value> {
        let (u32_ty, u64_ty) = (self.glue.u32_ty(), self.glue.kind_ty(TyKind::Int(IntKind::U64)));
        let limit = self.glue.emit(Op::Const(limit), u64_ty);
        self.read("read_below", &[limit], u32_ty)
    }

    /// An integer; `size` is how many bits, or bytes, are read at most.
    fn number(&mut self, by: &str, size: u32, wide: IntKind, ty: Ty<'db>) -> Option<Value> {
        let wide = self.glue.kind_ty(TyKind::Int(wide));
        let size = self.glue.const_u32(size);
        let value = self.read(by, &[size], wide)?;
        Some(if wide == ty { value } else { self.glue.emit(Op::Convert(ConvertMode::Wrap, value), ty) })
    }

    /// A number or text.
    fn scalar(&mut self, ty: Ty<'db>) -> Option<Value> {
        match ty.kind(self.glue.program.db()) {
            TyKind::Int(IntKind::U8 | IntKind::S8) => self.number("read_bits", 1, IntKind::U64, ty),
            TyKind::Int(kind) if kind.is_signed() => {
                self.number("read_signed", kind.bits(), IntKind::S64, ty)
            }
            TyKind::Int(kind) => self.number("read_unsigned", kind.bits(), IntKind::U64, ty),
            TyKind::Float(FloatKind::F64) => self.read("read_f64", &[], ty),
            TyKind::Float(FloatKind::F32) => self.read("read_f32", &[], ty),
            TyKind::Bool => self.read("read_bool", &[], ty),
            TyKind::Char => self.read("read_char", &[], ty),
            TyKind::String => self.read("read_text", &[], ty),
            TyKind::Adt(item, _) => {
                let item = *item;
                match &self.glue.program.adt(item)?.clone().shape {
                    AdtShape::Variant(cases) => self.enumeration(ty, cases.len()),
                    AdtShape::Flags(names) => {
                        let bits = self.below(1 << names.len())?;
                        self.flags(ty, bits, names.len())
                    }
                    AdtShape::Record(_) | AdtShape::Resource(_) => None,
                }
            }
            _ => None,
        }
    }

    fn enumeration(&mut self, ty: Ty<'db>, cases: usize) -> Option<Value> {
        let on = self.below(cases as u64)?;
        let (value, join) = (self.glue.b.variable(ty, None), self.glue.b.block());
        for (case, target) in self.choose(on, cases).into_iter().enumerate() {
            self.glue.b.go_sealed(target)?;
            let made = self.glue.emit(Op::Const(case as u64), ty);
            self.glue.b.write(value, made);
            self.glue.b.jump(join);
        }
        self.glue.b.go_sealed(join)?;
        Some(self.glue.b.read(value))
    }

    /// Flags out of the number of their bits, one by one.
    fn flags(&mut self, ty: Ty<'db>, bits: Value, count: usize) -> Option<Value> {
        let (u32_ty, bool_ty) = (self.glue.u32_ty(), self.glue.bool_ty());
        let flags = self.glue.b.variable(ty, None);
        let none = self.glue.emit(Op::Const(0), ty);
        self.glue.b.write(flags, none);
        for bit in 0..count {
            let (mask, zero) = (self.glue.const_u32(1 << bit), self.glue.const_u32(0));
            let masked = self.glue.emit(Op::Binary(BinaryOp::And, bits, mask), u32_ty);
            let is_set = self.glue.emit(Op::Compare(CompareOp::Ne, masked, zero), bool_ty);
            let (set, next) = (self.glue.b.block(), self.glue.b.block());
            self.glue.b.branch(is_set, set, next);
            self.glue.b.go_sealed(set)?;
            let (so_far, flag) = (self.glue.b.read(flags), self.glue.emit(Op::Const(1 << bit), ty));
            let more = self.glue.emit(Op::Binary(BinaryOp::Or, so_far, flag), ty);
            self.glue.b.write(flags, more);
            self.glue.b.jump(next);
            self.glue.b.go_sealed(next)?;
        }
        Some(self.glue.b.read(flags))
    }

    fn choose(&mut self, on: Value, count: usize) -> Vec<BlockId> {
        let targets: Vec<BlockId> = (0..count).map(|_| self.glue.b.block()).collect();
        self.glue.b.end(Terminator::Switch { on, targets: targets.clone(), default: None });
        targets
    }

    /// A value outside the cycle: in place if it is the one that is wanted, else by its glue.
    fn value(&mut self, ty: Ty<'db>, here: bool) -> Option<Value> {
        let ty = lower_ty(self.glue.program, ty);
        if *ty.kind(self.glue.program.db()) == TyKind::String || self.glue.shape(ty) == Shape::Scalar {
            return self.scalar(ty);
        }
        if !here {
            let at = self.glue.b.read(self.at);
            let (option, u32_ty) = (self.glue.kind_ty(TyKind::Option(ty)), self.glue.u32_ty());
            let instance = Instance::new(self.glue.program.db(), InstanceKind::DecodeGlue, vec![ty]);
            let call = Op::Call(instance, vec![self.bytes, at]);
            let results = self.glue.b.emit_all(call, &[option, u32_ty], None);
            return self.take(results[0], results[1], ty);
        }
        match made_from(self.glue.program, ty) {
            Source::Whole => None,
            Source::Sorted(list, by) => {
                let start = self.glue.b.read(self.at);
                let list = self.value(list, false)?;
                self.put_in_order(ty, by, list, start)
            }
            Source::List(item, len) => self.list(ty, item, len),
            Source::Record(parts) => {
                let parts = self.parts_in_place(&parts)?;
                Some(self.glue.emit(Op::MakeRecord { parts, reuse: None }, ty))
            }
            Source::Variant(cases) => {
                let on = self.below(cases.len() as u64)?;
                let (value, join) = (self.glue.b.variable(ty, None), self.glue.b.block());
                for (case, target) in self.choose(on, cases.len()).into_iter().enumerate() {
                    self.glue.b.go_sealed(target)?;
                    let parts: Option<Vec<Value>> =
                        cases[case].iter().map(|part| self.value(*part, false)).collect();
                    let op = Op::MakeCase { case: case as u32, parts: parts?, reuse: None };
                    let made = self.glue.emit(op, ty);
                    self.glue.b.write(value, made);
                    self.glue.b.jump(join);
                }
                self.glue.b.go_sealed(join)?;
                Some(self.glue.b.read(value))
            }
        }
    }

    /// The parts of a record outside the cycle. None at all are one byte, 0.
    fn parts_in_place(&mut self, parts: &[Ty<'db>]) -> Option<Vec<Value>> {
        if parts.is_empty() {
            self.below(1)?;
        }
        parts.iter().map(|part| self.value(*part, false)).collect()
    }

    /// A map or set from its entries; where they are out of order, decoding fails where it begins.
    fn put_in_order(&mut self, ty: Ty<'db>, by: &str, list: Value, start: Value) -> Option<Value> {
        let db = self.glue.program.db();
        let args = match (super::map_args(self.glue.program, ty), ty.kind(db)) {
            (Some(args), _) => args,
            (None, TyKind::Adt(_, args)) => args.clone(),
            _ => return None,
        };
        let option = self.glue.kind_ty(TyKind::Option(ty));
        let behind = self.glue.b.read(self.at);
        let made = self.glue.call_map(by, args, vec![list], option)?;
        self.glue.b.write(self.at, start);
        let made = self.need(made, ty)?;
        self.glue.b.write(self.at, behind);
        Some(made)
    }

    /// How many elements a list has: what is read, or what its type says.
    fn len(&mut self, len: Option<u32>) -> Option<Value> {
        let u32_ty = self.glue.u32_ty();
        match len {
            Some(0) => self.below(1),
            Some(len) => Some(self.glue.const_u32(len)),
            None => self.read("read_len", &[], u32_ty),
        }
    }

    fn list(&mut self, ty: Ty<'db>, item: Ty<'db>, len: Option<u32>) -> Option<Value> {
        let (u32_ty, bool_ty) = (self.glue.u32_ty(), self.glue.bool_ty());
        let len = self.len(len)?;
        let (items, left) = (self.glue.b.variable(ty, None), self.glue.b.variable(u32_ty, None));
        let empty = self.glue.emit(Op::MakeList(Vec::new()), ty);
        self.glue.b.write(items, empty);
        self.glue.b.write(left, len);
        let (head, body, done) = (self.glue.b.block(), self.glue.b.block(), self.glue.b.block());
        self.glue.b.jump(head);
        self.glue.b.go(head);
        let (now, zero) = (self.glue.b.read(left), self.glue.const_u32(0));
        let more = self.glue.emit(Op::Compare(CompareOp::Ne, now, zero), bool_ty);
        self.glue.b.branch(more, body, done);
        self.glue.b.go_sealed(body)?;
        let element = self.value(item, false)?;
        self.glue.push_to(items, element);
        let less = self.one_less(now);
        self.glue.b.write(left, less);
        self.glue.b.jump(head);
        self.glue.b.seal(head);
        self.glue.b.go_sealed(done)?;
        Some(self.glue.b.read(items))
    }

    fn one_less(&mut self, number: Value) -> Value {
        let (one, ty) = (self.glue.const_u32(1), self.glue.u32_ty());
        self.glue.emit(Op::Binary(BinaryOp::WrappingSub, number, one), ty)
    }
}
