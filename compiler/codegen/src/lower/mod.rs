//! MIR to LIR: values become rows of core values, operations become instructions and calls.
//!
//! One idea a module: [`arith`] and [`convert`] do numbers, [`aggregate`] records and cases, [`list`] lists and
//! strings, [`call`] calls and closures, [`intrinsic`] what std asks for by name.

mod aggregate;
mod arith;
mod call;
mod convert;
mod intrinsic;
mod list;

use crate::counts::Context;
use crate::lir::{Address, Builder, Func, Label, NumOp, Reg, Trap, TrapId, TrapValue};
use crate::repr::{Repr, Scalar};
use dot_db::Db;
use dot_mir::ir::{Function, Inst, InstanceKind, Op, Site, Terminator, Value, ValueTy};
use dot_types::thir::{CompareOp, UnaryOp};
use dot_types::{FloatKind, IntKind, Ty, TyKind, thir_body, trap_text};
use smol_str::SmolStr;

/// Something that the language has and this crate can't compile yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct Unsupported<'db> {
    /// What it is.
    pub what: String,
    /// Where it was written.
    pub site: Option<Site<'db>>,
}

pub(crate) type Outcome<'db, T> = Result<T, Unsupported<'db>>;

/// Lowers a function whose ownership is explicit.
///
/// # Errors
///
/// What can't be compiled yet.
pub fn lower<'db>(context: Context<'_, '_, 'db>, function: &Function<'db>) -> Outcome<'db, Func<'db>> {
    let reprs = context.reprs;
    let entry = function.blocks.first().map(|entry| entry.params.as_slice()).unwrap_or_default();
    let params: Vec<_> = entry.iter().flat_map(|v| flat_of(context, function, *v)).collect();
    let b = Builder::new(function.name.clone(), &params, &reprs.flat_all(&function.results));
    let mut lower =
        Lower { context, function, b, values: vec![Vec::new(); function.values.len()], labels: Vec::new() };
    // The depth of data doesn't count: what follows it, glue, may nest as deep as data does.
    let kind = function.instance.kind(reprs.program().db());
    let is_glue = dot_mir::glue::glue_passing(kind).is_some();
    // Nor does the body of a loop, which is no function in the source.
    lower.b.func_mut().counts_depth = !is_glue && !matches!(kind, InstanceKind::Visitor(_));
    lower.b.func_mut().site = own_site(reprs.program().db(), kind);
    lower.b.func_mut().keeps_values = context.options.keeps_values;
    lower.open_blocks();
    for (n, block) in function.blocks.iter().enumerate() {
        lower.b.at(lower.labels[n]);
        for inst in &block.insts {
            lower.b.site = inst.site;
            lower.inst(inst)?;
        }
        lower.b.site = None;
        lower.terminator(&block.terminator)?;
    }
    lower.name_values();
    Ok(lower.b.finish())
}

/// Where the body of a function stands, if it is one of the source.
fn own_site<'db>(db: &'db dyn Db, kind: InstanceKind<'db>) -> Option<Site<'db>> {
    match kind {
        InstanceKind::Item(item)
        | InstanceKind::ItemIn(item, _)
        | InstanceKind::Copy(item, ..)
        | InstanceKind::Const(item) => {
            let body = thir_body(db, item)?.as_ref().ok()?;
            Some(Site { item, expr: body.root })
        }
        InstanceKind::Closure(item, expr) | InstanceKind::ClosureIn(item, expr, _) => {
            Some(Site { item, expr })
        }
        _ => None,
    }
}

fn flat_of<'db>(
    context: Context<'_, '_, 'db>,
    function: &Function<'db>,
    value: Value,
) -> Vec<crate::lir::Val> {
    match function.values[value.0 as usize].ty {
        ValueTy::Data(ty) => context.reprs.flat(ty).to_vec(),
        // Only boxed values have memory to reuse.
        ValueTy::Token(ty) => match *context.reprs.repr(ty) {
            Repr::Boxed => vec![crate::lir::Val::I32],
            _ => Vec::new(),
        },
    }
}

struct Lower<'a, 'db> {
    context: Context<'a, 'a, 'db>,
    function: &'a Function<'db>,
    b: Builder<'db>,
    /// By MIR value: its core values.
    values: Vec<Vec<Reg>>,
    /// By MIR block.
    labels: Vec<Label>,
}

impl<'a, 'db> Lower<'a, 'db> {
    /// Makes a block for each of MIR's, and gives the core values of their parameters.
    fn open_blocks(&mut self) {
        for (n, block) in self.function.blocks.iter().enumerate() {
            let flats: Vec<Vec<_>> =
                block.params.iter().map(|v| flat_of(self.context, self.function, *v)).collect();
            let label = if n == 0 { Label(0) } else { self.b.block(&flats.concat()) };
            let mut regs = self.b.params_of(label);
            for (param, flat) in block.params.iter().zip(flats) {
                let rest = regs.split_off(flat.len());
                self.values[param.0 as usize] = std::mem::replace(&mut regs, rest);
            }
            self.labels.push(label);
        }
    }

    /// Gives the names of variables to the registers of those that are one core value.
    fn name_values(&mut self) {
        let mut names = Vec::new();
        for (data, regs) in self.function.values.iter().zip(&self.values) {
            if let (Some(name), [reg]) = (&data.name, regs.as_slice()) {
                names.push((*reg, name.clone()));
            }
        }
        self.b.func_mut().names = names;
    }

    /// The core values of a value.
    fn regs(&self, value: Value) -> Vec<Reg> {
        self.values[value.0 as usize].clone()
    }

    /// The one core value of a value.
    fn reg(&mut self, value: Value) -> Reg {
        match self.values[value.0 as usize].first() {
            Some(reg) => *reg,
            None => self.b.i32(0),
        }
    }

    /// The type of a value; of a token, that of what its memory held.
    fn ty(&self, value: Value) -> Ty<'db> {
        match self.function.values[value.0 as usize].ty {
            ValueTy::Data(ty) | ValueTy::Token(ty) => ty,
        }
    }

    fn scalar(&self, value: Value) -> Option<Scalar> {
        match *self.context.reprs.repr(self.ty(value)) {
            Repr::Scalar(scalar) => Some(scalar),
            Repr::Handle => Some(Scalar::Int(IntKind::U32)),
            _ => None,
        }
    }

    fn unsupported(&self, what: impl Into<String>) -> Unsupported<'db> {
        Unsupported { what: what.into(), site: self.b.site }
    }

    // Traps

    /// A reason to trap at the current instruction.
    fn trap(&mut self, kind: &'static str, message: &str) -> TrapId {
        self.trap_with(kind, message, Vec::new())
    }

    fn trap_with(&mut self, kind: &'static str, message: &str, values: Vec<TrapValue>) -> TrapId {
        let site = self.b.site;
        let message = self.say_known(message, &values);
        self.b.trap(Trap { kind, message, site, values, overflow: None })
    }

    /// A message with the values that are known now: a constant needs no place where it is found.
    fn say_known(&self, message: &str, values: &[TrapValue]) -> SmolStr {
        let mut message = message.to_owned();
        for value in values {
            if let (Some(known), None) = (self.b.constant(value.reg), value.length)
                && let Some(known) = shown(known, value.ty)
            {
                message = message.replace(&format!("{{{}}}", value.name), &known);
            }
        }
        message.into()
    }

    fn trap_value(&self, name: &str, reg: Reg, kind: IntKind) -> TrapValue {
        TrapValue { name: name.into(), reg, length: None, ty: kind.name() }
    }

    // Instructions

    fn inst(&mut self, inst: &Inst<'db>) -> Outcome<'db, ()> {
        let mut results = self.op(inst)?;
        for result in &inst.results {
            let count = flat_of(self.context, self.function, *result).len();
            let rest = results.split_off(count.min(results.len()));
            self.values[result.0 as usize] = std::mem::replace(&mut results, rest);
        }
        Ok(())
    }

    /// The core values of the results, one after another.
    fn op(&mut self, inst: &Inst<'db>) -> Outcome<'db, Vec<Reg>> {
        let result = inst.results.first().copied();
        Ok(match &inst.op {
            Op::Const(bits) => vec![self.constant(result, *bits)],
            Op::Float(bits) => vec![self.float_constant(result, *bits)],
            Op::Binary(op, left, right) => vec![self.binary(*op, *left, *right)?],
            Op::Compare(op, left, right) => vec![self.compare(*op, *left, *right)?],
            Op::Unary(op, value) => vec![self.unary(*op, *value)?],
            Op::Convert(mode, value) => self.conversion(*mode, *value, result)?,
            Op::MakeRecord { .. }
            | Op::MakeCase { .. }
            | Op::Tag(_)
            | Op::Field(..)
            | Op::CasePart { .. }
            | Op::Unpack { .. }
            | Op::DropToken(_) => self.aggregate(&inst.op, result)?,
            Op::StaticString(_)
            | Op::MakeList(_)
            | Op::ListGet(..)
            | Op::ListSet { .. }
            | Op::ListTake(..)
            | Op::ListPut { .. }
            | Op::View { .. }
            | Op::Cut { .. }
            | Op::Concat(_) => self.list_op(&inst.op, result)?,
            Op::Dup(value) => {
                let (ty, regs) = (self.ty(*value), self.regs(*value));
                self.context.dup(&mut self.b, ty, &regs);
                regs
            }
            Op::Drop(value) => {
                let (ty, regs) = (self.ty(*value), self.regs(*value));
                self.context.drop(&mut self.b, ty, &regs);
                Vec::new()
            }
            Op::DropHandle(value) => {
                let (ty, handle) = (self.ty(*value), self.reg(*value));
                self.context.drop_handle(&mut self.b, ty, handle);
                Vec::new()
            }
            Op::Swap(stand_in, value) => {
                let (ty, regs) = (self.ty(*value), self.regs(*value));
                let reprs = self.context.reprs;
                let at = self.b.address(Address::StandIn(*stand_in, reprs.layout(ty).size));
                let before = reprs.load(&mut self.b, ty, at, 0);
                reprs.store(&mut self.b, ty, at, 0, &regs);
                before
            }
            Op::Call(..) | Op::CallImport(..) | Op::CallClosure(..) | Op::MakeClosure(..) => {
                self.call_op(&inst.op, &inst.results)?
            }
            Op::Intrinsic(op, args) => self.intrinsic(*op, args, &inst.results)?,
        })
    }

    fn constant(&mut self, result: Option<Value>, bits: u64) -> Reg {
        match result.and_then(|result| self.scalar(result)) {
            Some(Scalar::Int(kind)) if kind.bits() == 64 => self.b.i64(bits.cast_signed()),
            // Small numbers are normalised, whatever the upper bits say.
            Some(Scalar::Int(kind)) => {
                let unused = 64 - kind.bits();
                let high = bits << unused;
                let value =
                    if kind.is_signed() { high.cast_signed() >> unused } else { (high >> unused) as i64 };
                self.b.i32(value as i32)
            }
            _ => self.b.i32(bits as i32),
        }
    }

    fn float_constant(&mut self, result: Option<Value>, bits: u64) -> Reg {
        match result.and_then(|result| self.scalar(result)) {
            Some(Scalar::Float(FloatKind::F32)) => self.b.f32((f64::from_bits(bits) as f32).to_bits()),
            _ => self.b.f64(bits),
        }
    }

    fn binary(&mut self, op: dot_types::thir::BinaryOp, left: Value, right: Value) -> Outcome<'db, Reg> {
        let (a, b) = (self.reg(left), self.reg(right));
        match self.scalar(left) {
            Some(Scalar::Float(kind)) => self.float_binary(op, kind, a, b),
            Some(scalar) => {
                let kind = scalar.int().unwrap_or(IntKind::U32);
                let count = self.scalar(right).and_then(Scalar::int).unwrap_or(kind);
                self.int_binary(op, kind, (a, b), count)
            }
            None => Err(self.unsupported("arithmetic on values that are no numbers")),
        }
    }

    fn unary(&mut self, op: UnaryOp, value: Value) -> Outcome<'db, Reg> {
        let reg = self.reg(value);
        Ok(match (op, self.scalar(value)) {
            (UnaryOp::Neg, Some(Scalar::Float(FloatKind::F32))) => self.b.num(NumOp::F32Neg, &[reg]),
            (UnaryOp::Neg, Some(Scalar::Float(FloatKind::F64))) => self.b.num(NumOp::F64Neg, &[reg]),
            (UnaryOp::Neg, Some(Scalar::Int(kind))) => self.int_neg(kind, reg),
            (UnaryOp::Not, _) => self.b.num(NumOp::I32Eqz, &[reg]),
            (UnaryOp::BitNot, Some(Scalar::Int(kind))) => {
                let ones = self.int(kind, -1);
                let flipped = self.b.num(arith::ops(kind).xor, &[reg, ones]);
                self.normalise(kind, flipped)
            }
            (UnaryOp::BitNot, Some(Scalar::Flags(count))) => {
                let mask = self.b.i32((1u64 << count.min(32)).wrapping_sub(1) as i32);
                self.b.num(NumOp::I32Xor, &[reg, mask])
            }
            _ => return Err(self.unsupported("this operation on this type")),
        })
    }

    fn compare(&mut self, op: CompareOp, left: Value, right: Value) -> Outcome<'db, Reg> {
        use crate::lir::NumOp;
        let (a, b) = (self.reg(left), self.reg(right));
        let op = match self.scalar(left) {
            Some(Scalar::Float(FloatKind::F32)) => match op {
                CompareOp::Eq => NumOp::F32Eq,
                CompareOp::Ne => NumOp::F32Ne,
                CompareOp::Lt => NumOp::F32Lt,
                CompareOp::Le => NumOp::F32Le,
                CompareOp::Gt => NumOp::F32Gt,
                CompareOp::Ge => NumOp::F32Ge,
            },
            Some(Scalar::Float(FloatKind::F64)) => match op {
                CompareOp::Eq => NumOp::F64Eq,
                CompareOp::Ne => NumOp::F64Ne,
                CompareOp::Lt => NumOp::F64Lt,
                CompareOp::Le => NumOp::F64Le,
                CompareOp::Gt => NumOp::F64Gt,
                CompareOp::Ge => NumOp::F64Ge,
            },
            Some(scalar) => {
                let kind = scalar.int().unwrap_or(IntKind::U32);
                let o = arith::ops(kind);
                match (op, kind.is_signed()) {
                    (CompareOp::Eq, _) => o.eq,
                    (CompareOp::Ne, _) => o.ne,
                    (CompareOp::Lt, true) => o.lt_s,
                    (CompareOp::Lt, false) => o.lt_u,
                    (CompareOp::Le, true) => o.le_s,
                    (CompareOp::Le, false) => o.le_u,
                    (CompareOp::Gt, true) => o.gt_s,
                    (CompareOp::Gt, false) => o.gt_u,
                    (CompareOp::Ge, true) => o.ge_s,
                    (CompareOp::Ge, false) => o.ge_u,
                }
            }
            None => return Err(self.unsupported("a comparison of values that are no scalars")),
        };
        Ok(self.b.num(op, &[a, b]))
    }

    fn conversion(
        &mut self,
        mode: dot_types::thir::ConvertMode,
        value: Value,
        result: Option<Value>,
    ) -> Outcome<'db, Vec<Reg>> {
        let from = self.scalar(value);
        let to_ty = result.map(|result| self.ty(result));
        let to = to_ty.and_then(|ty| match &*self.context.reprs.repr(ty) {
            Repr::Scalar(scalar) => Some(*scalar),
            // Mode `Try` gives an option of the target.
            Repr::Variant(cases) => match *self.context.reprs.repr(*cases.get(1)?.first()?) {
                Repr::Scalar(scalar) => Some(scalar),
                _ => None,
            },
            _ => None,
        });
        let (Some(from), Some(to)) = (from, to) else { return Err(self.unsupported("this conversion")) };
        let reg = self.reg(value);
        let (converted, fits) = self.convert(mode, from, to, reg)?;
        Ok(match fits {
            Some(fits) => vec![fits, converted],
            None => vec![converted],
        })
    }

    // Control

    fn args(&self, args: &[Value]) -> Vec<Reg> {
        args.iter().flat_map(|v| self.regs(*v)).collect()
    }

    fn label(&self, block: dot_mir::BlockId) -> Label {
        self.labels[block.0 as usize]
    }

    fn terminator(&mut self, terminator: &Terminator<'db>) -> Outcome<'db, ()> {
        match terminator {
            Terminator::Jump(to, args) => {
                let args = self.args(args);
                self.b.jump(self.label(*to), &args);
            }
            Terminator::Branch { cond, then_block, then_args, else_block, else_args } => {
                let cond = self.reg(*cond);
                let (then_args, else_args) = (self.args(then_args), self.args(else_args));
                let yes = (self.label(*then_block), then_args.as_slice());
                self.b.branch(cond, yes, (self.label(*else_block), &else_args));
            }
            Terminator::Switch { on, targets, default } => self.switch(*on, targets, *default),
            Terminator::Return(values) => {
                let values = self.args(values);
                self.b.ret(&values);
            }
            Terminator::Trap { kind, message, about, site } => {
                self.b.site = *site;
                let trap = match about {
                    Some(key) => self.key_trap(kind.name(), *key),
                    None => self.explicit_trap(kind.name(), *message),
                };
                self.b.trap_now(trap);
            }
            Terminator::Unreachable => self.b.unreachable(),
        }
        Ok(())
    }

    fn switch(&mut self, on: Value, targets: &[dot_mir::BlockId], default: Option<dot_mir::BlockId>) {
        let on = self.reg(on);
        let mut labels: Vec<Label> = targets.iter().map(|to| self.label(*to)).collect();
        let Some(default) = default.map(|to| self.label(to)).or_else(|| labels.pop()) else {
            return self.b.unreachable();
        };
        // The last targets need no entry when they are the default anyway.
        while labels.last() == Some(&default) {
            labels.pop();
        }
        match labels.as_slice() {
            [] => self.b.jump(default, &[]),
            [zero] => self.b.branch(on, (default, &[]), (*zero, &[])),
            _ => self.b.switch(on, labels, default),
        }
    }

    /// A trap with a message: known now, or computed by the program and then read from memory by the host.
    fn explicit_trap(&mut self, kind: &'static str, message: Option<Value>) -> TrapId {
        let Some(message) = message else { return self.trap(kind, "") };
        if let Some(text) = self.static_text(message) {
            return self.trap(kind, &text.replace('{', "{{").replace('}', "}}"));
        }
        match self.regs(message).as_slice() {
            [address, length] => {
                let length = &self.in_local(*length, *address);
                let value =
                    TrapValue { name: "message".into(), reg: *address, length: Some(*length), ty: "string" };
                self.trap_with(kind, "{message}", vec![value])
            }
            _ => self.trap(kind, ""),
        }
    }

    /// A number in a local, where a host can read it: constants have none. `other` is any number that has.
    fn in_local(&mut self, number: Reg, other: Reg) -> Reg {
        if self.b.constant(number).is_none() {
            return number;
        }
        let zero = self.b.i32(0);
        let nothing = self.b.num(NumOp::I32And, &[other, zero]);
        self.b.num(NumOp::I32Or, &[nothing, number])
    }

    /// A trap that tells the key that isn't there, where a host can read it.
    fn key_trap(&mut self, kind: &'static str, key: Value) -> TrapId {
        if let Some(text) = self.static_text(key) {
            let text = text.replace('{', "{{").replace('}', "}}");
            return self.trap(kind, &trap_text::KEY.replace("{key}", &text));
        }
        let is_string = matches!(self.ty(key).kind(self.context.reprs.program().db()), TyKind::String);
        let (length, ty) = match (self.regs(key).as_slice(), self.scalar(key)) {
            ([address, length], _) if is_string => {
                let (address, length) = (*address, *length);
                (Some(self.in_local(length, address)), "string")
            }
            ([_], Some(scalar)) => match scalar.name() {
                Some(name) => (None, name),
                None => return self.trap(kind, trap_text::SUCH_KEY),
            },
            _ => return self.trap(kind, trap_text::SUCH_KEY),
        };
        let value = TrapValue { name: "key".into(), reg: self.reg(key), length, ty };
        self.trap_with(kind, trap_text::KEY, vec![value])
    }

    /// The text of a value that is a string constant.
    fn static_text(&self, value: Value) -> Option<String> {
        let insts = self.function.blocks.iter().flat_map(|block| &block.insts);
        let found = insts.filter(|inst| inst.results.contains(&value)).find_map(|inst| match &inst.op {
            Op::StaticString(bytes) => Some(bytes),
            _ => None,
        })?;
        Some(String::from_utf8_lossy(found).into_owned())
    }
}

/// A constant as a message shows it; nothing for a type whose constants are not kept as integers.
fn shown(known: i64, ty: &str) -> Option<String> {
    Some(match ty {
        "u64" => known.cast_unsigned().to_string(),
        "u8" | "u16" | "u32" => (known as u32).to_string(),
        "s8" | "s16" | "s32" | "s64" => known.to_string(),
        "bool" => (known != 0).to_string(),
        "char" => char::from_u32(known as u32)?.to_string(),
        _ => return None,
    })
}
