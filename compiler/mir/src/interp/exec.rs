//! One instruction.

use super::heap::{Data, Val, check_len};
use super::{Failure, Fault, Machine, Ready, Step, malformed, number};
use crate::ir::{Inst, Op, Value, ValueTy};
use crate::repr::Shape;
use dot_types::thir::TrapKind;
use dot_types::{FloatKind, Ty, TyKind};
use std::rc::Rc;

impl<'db> Machine<'_, '_, 'db> {
    /// Does an instruction. A call only opens a frame: its results come when that returns.
    pub(super) fn exec(&mut self, ready: &Ready<'db>, inst: &Inst<'db>, consumes: &[bool]) -> Step<'db> {
        let args = self.operands(ready, &inst.op.operands(), consumes)?;
        self.counted += u64::from(matches!(inst.op, Op::Dup(_) | Op::Drop(_)));
        let results = match &inst.op {
            Op::Call(callee, _) => return self.enter(*callee, args, false),
            Op::CallClosure(..) => return self.call_closure(args),
            Op::CallImport(item, _) => return Err(Failure::Import(*item)),
            op => self.compute(ready, op, inst, args).map_err(|failure| at_site(failure, inst))?,
        };
        if results.len() != inst.results.len() {
            return malformed("an instruction with another number of results");
        }
        let Some(frame) = self.frames.last_mut() else { return malformed("no frame") };
        for (value, result) in inst.results.iter().zip(results) {
            frame.slots[value.0 as usize] = super::Slot::Live(result);
        }
        Ok(())
    }

    fn call_closure(&mut self, mut args: Vec<Val>) -> Step<'db> {
        let rest = args.split_off(1);
        let Some(Val::Object(id)) = args.pop() else { return malformed("a call of something else") };
        let Data::Closure(code, captures) = self.heap.data(id)? else {
            return malformed("a call of something else");
        };
        let (code, mut all) = (*code, captures.clone());
        all.extend(rest);
        self.enter(code, all, true)
    }

    fn data_ty(&self, ready: &Ready<'db>, value: Value) -> Step<'db, Ty<'db>> {
        match ready.function.values[value.0 as usize].ty {
            ValueTy::Data(ty) => Ok(ty),
            ValueTy::Token(_) => malformed("a token as data"),
        }
    }

    /// Computes the results of all but calls.
    fn compute(
        &mut self,
        ready: &Ready<'db>,
        op: &Op<'db>,
        inst: &Inst<'db>,
        mut args: Vec<Val>,
    ) -> Step<'db, Vec<Val>> {
        let db = self.code.program.db();
        let result_ty = match inst.results.first() {
            Some(value) => match ready.function.values[value.0 as usize].ty {
                ValueTy::Data(ty) => Some(ty),
                ValueTy::Token(_) => None,
            },
            None => None,
        };
        Ok(match (op, args.as_slice()) {
            (Op::Const(bits), _) => vec![Val::Bits(*bits)],
            (Op::Float(bits), _) => {
                let kind = match result_ty.map(|ty| ty.kind(db)) {
                    Some(TyKind::Float(kind)) => *kind,
                    _ => FloatKind::F64,
                };
                vec![Val::Float(number::float(kind, *bits))]
            }
            (Op::StaticString(bytes), _) => vec![Val::Static(bytes.clone())],
            (Op::Binary(op, left, right), [a, b]) => {
                let (left, right) = (self.data_ty(ready, *left)?, self.data_ty(ready, *right)?);
                vec![number::binary(*op, left.kind(db), right.kind(db), a, b)?]
            }
            (Op::Compare(op, left, _), [a, b]) => {
                let ty = self.data_ty(ready, *left)?;
                vec![Val::Bits(number::compare(*op, ty.kind(db), a, b)?.into())]
            }
            (Op::Unary(op, value), [a]) => {
                let ty = self.data_ty(ready, *value)?;
                vec![number::unary(*op, ty.kind(db), a)?]
            }
            (Op::Convert(mode, value), [a]) => {
                let from = self.data_ty(ready, *value)?;
                let to = match result_ty.map(|ty| ty.kind(db)) {
                    Some(TyKind::Option(to)) => to.kind(db),
                    Some(to) => to,
                    None => return malformed("a conversion to nothing"),
                };
                vec![number::convert(*mode, from.kind(db), to, a)?]
            }
            (Op::MakeRecord { reuse, .. }, _) => {
                let token = reuse.and_then(|_| args.pop());
                vec![self.make(result_ty, 0, args, token, false)?]
            }
            (Op::MakeCase { case, reuse, .. }, _) => {
                let token = reuse.and_then(|_| args.pop());
                vec![self.make(result_ty, *case, args, token, true)?]
            }
            (Op::Tag(_), [a]) => vec![Val::Bits(self.tag(a)?)],
            (Op::Field(_, index), [a]) => vec![self.part(a, None, *index)?],
            (Op::CasePart { case, part, .. }, [a]) => vec![self.part(a, Some(*case), *part)?],
            (Op::Unpack { case, token, .. }, [a]) => self.unpack(a.clone(), *case, *token)?,
            (Op::DropToken(_), [Val::Token(_)]) => Vec::new(),
            (Op::MakeList(_), _) => vec![self.heap.alloc(Data::List(args))],
            (Op::Dup(_), [a]) => {
                self.heap.dup(a)?;
                vec![a.clone()]
            }
            (Op::Drop(_) | Op::DropHandle(_), [a]) => {
                self.heap.drop_value(a.clone())?;
                Vec::new()
            }
            (Op::Swap(stand_in, _), [a]) => {
                let before = self.stand_ins.insert(*stand_in, a.clone());
                vec![before.unwrap_or_else(|| Val::Case(0, Rc::from([])))]
            }
            (Op::MakeClosure(code, _), _) => vec![self.heap.alloc(Data::Closure(*code, args))],
            (Op::Concat(_), parts) => {
                let mut bytes = Vec::new();
                for part in parts {
                    self.heap.with_bytes(part, |part| bytes.extend_from_slice(part))?;
                }
                check_len(bytes.len(), 1, self.limits.bytes)?;
                vec![self.heap.alloc(Data::Bytes(bytes))]
            }
            (Op::View { base, checked, .. }, _) => {
                let is_text = *self.data_ty(ready, *base)?.kind(db) == TyKind::String;
                vec![self.view(&args, is_text, *checked)?]
            }
            (Op::Cut { base, .. }, _) => {
                let is_text = *self.data_ty(ready, *base)?.kind(db) == TyKind::String;
                vec![self.cut(args, is_text)?]
            }
            (Op::Intrinsic(op, values), _) => {
                let first = match values.first() {
                    Some(value) => Some(self.data_ty(ready, *value)?),
                    None => None,
                };
                self.intrinsic(*op, first, result_ty, args)?
            }
            (_, _) => return self.list_op(op, args),
        })
    }

    fn list_op(&mut self, op: &Op<'db>, args: Vec<Val>) -> Step<'db, Vec<Val>> {
        let len = self.heap.list_len(args.first().unwrap_or(&Val::Hole))?;
        let index = args.get(1).map_or(Ok(u64::MAX), Val::bits)?;
        let Some(at) = usize::try_from(index).ok().filter(|at| *at < len) else {
            let message = format!("index {index} is out of range for a list of length {len}");
            return Err(Failure::Trap { kind: TrapKind::Index, message: Some(message), site: None });
        };
        match (op, <[Val; 3]>::try_from(args)) {
            (Op::ListGet(..), Err(args)) => match self.heap.element(&args[0], index)? {
                Some(Val::Hole) => malformed("a look into a hole"),
                Some(item) => Ok(vec![item]),
                None => malformed("an element that isn't there"),
            },
            (Op::ListTake(..), Err(args)) => {
                let [list, _] = args.as_slice() else { return malformed("operands") };
                let id = self.heap.own_list(list.clone())?;
                let item = std::mem::replace(&mut self.heap.items(id)?[at], Val::Hole);
                Ok(vec![Val::Object(id), item])
            }
            (Op::ListSet { .. }, Ok([list, _, value])) => {
                let id = self.heap.own_list(list)?;
                let old = std::mem::replace(&mut self.heap.items(id)?[at], value);
                self.heap.drop_value(old)?;
                Ok(vec![Val::Object(id)])
            }
            (Op::ListPut { .. }, Ok([Val::Object(id), _, value])) => {
                let old = std::mem::replace(&mut self.heap.items(id)?[at], value);
                match old {
                    Val::Hole => Ok(vec![Val::Object(id)]),
                    _ => malformed("an element put where there is no hole"),
                }
            }
            _ => malformed("an unknown instruction"),
        }
    }

    /// A record or case: flat, or a cell of its own. A boxed case without parts needs no memory.
    fn make(
        &mut self,
        ty: Option<Ty<'db>>,
        case: u32,
        parts: Vec<Val>,
        token: Option<Val>,
        is_case: bool,
    ) -> Step<'db, Val> {
        let Some(ty) = ty else { return malformed("a record without a type") };
        if self.is_boxed(ty) && !parts.is_empty() {
            let data = Data::Cell(case, parts);
            return Ok(match token {
                Some(Val::Token(true)) => self.heap.place(data),
                _ => self.heap.alloc(data),
            });
        }
        if token.is_some() {
            return malformed("a token for what needs no memory");
        }
        Ok(if is_case { Val::Case(case, Rc::from(parts)) } else { Val::Record(Rc::from(parts)) })
    }

    fn tag(&self, value: &Val) -> Step<'db, u64> {
        match value {
            Val::Bits(bits) => Ok(*bits),
            Val::Case(case, _) => Ok(u64::from(*case)),
            Val::Object(id) => match self.heap.data(*id)? {
                Data::Cell(case, _) => Ok(u64::from(*case)),
                _ => malformed("the case of something else"),
            },
            _ => malformed("the case of something else"),
        }
    }

    fn part(&self, value: &Val, case: Option<u32>, index: u32) -> Step<'db, Val> {
        let parts: &[Val] = match value {
            Val::Record(parts) if case.is_none() => parts,
            Val::Case(is, parts) if case == Some(*is) => parts,
            Val::Object(id) => match self.heap.data(*id)? {
                Data::Cell(is, parts) if case.is_none_or(|case| case == *is) => parts,
                _ => return malformed("a part of another case"),
            },
            _ => return malformed("a part of another case"),
        };
        match parts.get(index as usize) {
            Some(part) => Ok(part.clone()),
            None => malformed("a part that isn't there"),
        }
    }

    fn unpack(&mut self, value: Val, case: Option<u32>, token: bool) -> Step<'db, Vec<Val>> {
        let (mut parts, freed) = match value {
            Val::Record(parts) if case.is_none() => (parts.to_vec(), false),
            Val::Case(is, parts) if case == Some(is) => (parts.to_vec(), false),
            Val::Object(id) => {
                let Data::Cell(is, parts) = self.heap.data(id)? else {
                    return malformed("unpacks something else");
                };
                if case.is_some_and(|case| case != *is) {
                    return malformed("unpacks another case");
                }
                let parts = parts.clone();
                if self.heap.is_unique(id)? {
                    self.heap.free(id)?;
                    (parts, true)
                } else {
                    for part in &parts {
                        self.heap.dup(part)?;
                    }
                    self.heap.drop_value(Val::Object(id))?;
                    (parts, false)
                }
            }
            _ => return malformed("unpacks something else"),
        };
        if token {
            parts.push(Val::Token(freed));
        }
        Ok(parts)
    }

    /// Whether a type's values are numbers of cases.
    pub(super) fn is_scalar(&self, ty: Ty<'db>) -> bool {
        self.shape(ty) == Shape::Scalar
    }
}

/// Adds where an instruction stands.
fn at_site<'db>(failure: Failure<'db>, inst: &Inst<'db>) -> Failure<'db> {
    match failure {
        Failure::Trap { kind, message, site: None } => Failure::Trap { kind, message, site: inst.site },
        Failure::Fault(Fault::UsedAfterFree(what)) => {
            Failure::Fault(Fault::UsedAfterFree(format!("{what}, by {:?}", inst.op)))
        }
        other => other,
    }
}
