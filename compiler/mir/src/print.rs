//! MIR as text, for `--emit mir`, for tests and for people.
//!
//! ```text
//! fn lists.total(%0: list<u32>, borrowed) -> u32
//! b0(%0: list<u32>):
//!   %1: u32 = list.len %0
//!   %2: u32 = const 0
//!   jump b1(%2)
//! ```
//!
//! An instruction that consumes an operand shows it with a `^` when ownership is explicit, so that a reader can
//! follow every count. A call that may wait, where the function can be suspended, begins with `await`.

use crate::ir::{
    Block, BlockId, Function, Inst, Instance, InstanceKind, Op, Passing, Terminator, Value, ValueTy,
};
use crate::suspend::waits;
use dot_db::Db;
use dot_types::{Mode, Ty, TyKind};
use std::fmt::Write;

/// Prints a function. `owns` says whether the callee of a direct call consumes its n-th argument.
#[must_use]
pub fn print_function<'db>(
    db: &'db dyn Db,
    function: &Function<'db>,
    owns: &dyn Fn(&Op<'db>, usize) -> bool,
) -> String {
    let mut printer = Printer { db, function, owns, out: String::new() };
    printer.function();
    printer.out
}

/// The readable name of an instance: `geo/places.find<u32>`, `drop<list<string>>`.
#[must_use]
pub fn instance_name<'db>(db: &'db dyn Db, instance: Instance<'db>) -> String {
    let item = |item: dot_db::Item<'db>| {
        let owner = item.owner(db);
        let dot = if owner.is_empty() { "" } else { "." };
        format!("{}.{owner}{dot}{}", item.module(db).path(db), item.name(db))
    };
    let mut name = match instance.kind(db) {
        InstanceKind::Item(i) => item(i),
        InstanceKind::Closure(i, expr) => format!("{}.closure{}", item(i), expr.0),
        InstanceKind::ItemIn(i, _) => format!("{}.with", item(i)),
        InstanceKind::ClosureIn(i, expr, _) => format!("{}.with.closure{}", item(i), expr.0),
        InstanceKind::Const(i) => item(i),
        InstanceKind::Entry(i) => format!("{}.entry", item(i)),
        InstanceKind::Copy(i, visitors, _) => {
            let of = visitors.of(db).iter();
            let of: Vec<String> = of.map(|(_, visitor)| visitor_name(db, *visitor)).collect();
            format!("{}({})", item(i), of.join(", "))
        }
        InstanceKind::Visitor(visitor) => return visitor_name(db, visitor),
        InstanceKind::DropGlue => "drop".to_owned(),
        InstanceKind::DupGlue => "dup".to_owned(),
        InstanceKind::EqGlue => "eq".to_owned(),
        InstanceKind::CompareGlue => "compare".to_owned(),
        InstanceKind::HashGlue => "hash".to_owned(),
        InstanceKind::ShowGlue => "show".to_owned(),
        InstanceKind::CheckGlue => "check".to_owned(),
        InstanceKind::EncodeGlue => "encode".to_owned(),
        InstanceKind::DecodeGlue => "decode".to_owned(),
    };
    let args = instance.type_args(db);
    if !args.is_empty() {
        let _ = write!(name, "<{}>", type_list(db, args));
    }
    name
}

fn visitor_name<'db>(db: &'db dyn Db, visitor: crate::ir::Visitor<'db>) -> String {
    format!("{}.body{}", instance_name(db, visitor.around(db)), visitor.expr(db).0)
}

/// A type as it is written.
#[must_use]
pub fn type_name<'db>(db: &'db dyn Db, ty: Ty<'db>) -> String {
    let generic = |name: &str, args: &[Ty<'db>]| match args {
        [] => name.to_owned(),
        _ => format!("{name}<{}>", type_list(db, args)),
    };
    match ty.kind(db) {
        TyKind::Bool => "bool".to_owned(),
        TyKind::Int(kind) => kind.name().to_owned(),
        TyKind::Float(kind) => kind.name().to_owned(),
        TyKind::Char => "char".to_owned(),
        TyKind::String => "string".to_owned(),
        TyKind::Tuple(parts) => match parts.as_slice() {
            [one] => format!("({},)", type_name(db, *one)),
            parts => format!("({})", type_list(db, parts)),
        },
        TyKind::List(item) => generic("list", &[*item]),
        TyKind::FixedList(item, len) => format!("list<{}, {len}>", type_name(db, *item)),
        TyKind::Option(item) => generic("option", &[*item]),
        TyKind::Result(ok, err) => generic("result", &[*ok, *err]),
        TyKind::Map(key, value) => generic("map", &[*key, *value]),
        TyKind::Set(item) => generic("set", &[*item]),
        TyKind::Adt(item, args) => generic(item.name(db), args),
        TyKind::Handle(item) => item.name(db).to_string(),
        TyKind::Fn(params, ret) => {
            let params: Vec<String> = params
                .iter()
                .map(|p| {
                    let mode = if p.mode == Mode::InOut { "inout " } else { "" };
                    format!("{mode}{}", type_name(db, p.ty))
                })
                .collect();
            format!("fn({}) -> {}", params.join(", "), type_name(db, *ret))
        }
        TyKind::Stream(item) => generic("stream", &[*item]),
        TyKind::Future(item) => generic("future", &[*item]),
        TyKind::Param(index) => format!("#{index}"),
        TyKind::Never => "!".to_owned(),
        TyKind::Error => "?".to_owned(),
    }
}

fn type_list<'db>(db: &'db dyn Db, tys: &[Ty<'db>]) -> String {
    tys.iter().map(|ty| type_name(db, *ty)).collect::<Vec<_>>().join(", ")
}

struct Printer<'a, 'db> {
    db: &'db dyn Db,
    function: &'a Function<'db>,
    owns: &'a dyn Fn(&Op<'db>, usize) -> bool,
    out: String,
}

impl<'db> Printer<'_, 'db> {
    fn function(&mut self) {
        let function = self.function;
        let params: Vec<Value> = function.blocks.first().map_or_else(Vec::new, |entry| entry.params.clone());
        let params: Vec<String> = params
            .iter()
            .zip(&function.params)
            .map(|(value, passing)| {
                let borrowed = if *passing == Passing::Borrowed { "borrowed " } else { "" };
                format!("{borrowed}{}", self.typed(*value))
            })
            .collect();
        let results = type_list(self.db, &function.results);
        let _ = writeln!(self.out, "fn {}({}) -> {results}", function.name, params.join(", "));
        for (index, block) in function.blocks.iter().enumerate() {
            self.block(BlockId(index as u32), block);
        }
    }

    fn block(&mut self, id: BlockId, block: &Block<'db>) {
        let params: Vec<String> = block.params.iter().map(|v| self.typed(*v)).collect();
        let params = if params.is_empty() { String::new() } else { format!("({})", params.join(", ")) };
        let _ = writeln!(self.out, "b{}{params}:", id.0);
        for inst in &block.insts {
            self.inst(inst);
        }
        let text = self.terminator(&block.terminator);
        let _ = writeln!(self.out, "  {text}");
    }

    fn inst(&mut self, inst: &Inst<'db>) {
        let results: Vec<String> = inst.results.iter().map(|v| self.typed(*v)).collect();
        let equals = if results.is_empty() { String::new() } else { format!("{} = ", results.join(", ")) };
        let op = self.op(&inst.op);
        let wait = if waits(self.db, &inst.op) { "await " } else { "" };
        let _ = writeln!(self.out, "  {equals}{wait}{op}");
    }

    fn typed(&self, value: Value) -> String {
        let data = self.function.values.get(value.0 as usize);
        let ty = match data.map(|data| data.ty) {
            Some(ValueTy::Data(ty)) => type_name(self.db, ty),
            Some(ValueTy::Token(ty)) => format!("token {}", type_name(self.db, ty)),
            None => "?".to_owned(),
        };
        format!("%{}: {ty}", value.0)
    }

    fn op(&self, op: &Op<'db>) -> String {
        let mut head = self.op_name(op);
        let mut operands: Vec<String> = Vec::new();
        let owns = |n: usize| (self.owns)(op, n);
        op.for_each_operand(&owns, &mut |value, consumes| {
            let mark = if consumes && self.function.counted { "^" } else { "" };
            operands.push(format!("%{}{mark}", value.0));
        });
        if let Op::MakeRecord { reuse: Some(_), .. } | Op::MakeCase { reuse: Some(_), .. } = op
            && let Some(token) = operands.pop()
        {
            operands.push(format!("in {token}"));
        }
        if !operands.is_empty() {
            let _ = write!(head, " {}", operands.join(", "));
        }
        match op {
            Op::Field(_, index) => {
                let _ = write!(head, ".{index}");
            }
            Op::CasePart { case, part, .. } => {
                let _ = write!(head, " as {case}.{part}");
            }
            Op::Unpack { case: Some(case), .. } => {
                let _ = write!(head, " as {case}");
            }
            _ => {}
        }
        head
    }

    fn op_name(&self, op: &Op<'db>) -> String {
        match op {
            Op::Const(bits) => format!("const {}", *bits as i64),
            Op::Float(bits) => format!("float {:?}", f64::from_bits(*bits)),
            Op::StaticString(bytes) => format!("static \"{}\"", bytes.escape_ascii()),
            Op::Binary(op, ..) => snake(&format!("{op:?}")),
            Op::Compare(op, ..) => snake(&format!("{op:?}")),
            Op::Unary(op, _) => snake(&format!("{op:?}")),
            Op::Convert(mode, _) => format!("convert.{}", snake(&format!("{mode:?}"))),
            Op::MakeRecord { .. } => "record".to_owned(),
            Op::MakeCase { case, .. } => format!("case {case}"),
            Op::Tag(_) => "tag".to_owned(),
            Op::Field(..) => "field".to_owned(),
            Op::CasePart { .. } => "part".to_owned(),
            Op::Unpack { token: false, .. } => "unpack".to_owned(),
            Op::Unpack { token: true, .. } => "unpack.token".to_owned(),
            Op::DropToken(_) => "drop_token".to_owned(),
            Op::MakeList(_) => "list".to_owned(),
            Op::ListGet(..) => "list.get".to_owned(),
            Op::ListSet { .. } => "list.set".to_owned(),
            Op::ListTake(..) => "list.take".to_owned(),
            Op::ListPut { .. } => "list.put".to_owned(),
            Op::View { checked: true, .. } => "view".to_owned(),
            Op::View { checked: false, .. } => "view.within".to_owned(),
            Op::Cut { .. } => "cut".to_owned(),
            Op::Dup(_) => "dup".to_owned(),
            Op::Drop(_) => "drop".to_owned(),
            Op::Call(instance, _) => format!("call {}", instance_name(self.db, *instance)),
            Op::CallImport(item, _) => {
                format!("import {}.{}", item.module(self.db).path(self.db), item.name(self.db))
            }
            Op::CallClosure(..) => "call_closure".to_owned(),
            Op::MakeClosure(instance, _) => format!("closure {}", instance_name(self.db, *instance)),
            Op::Intrinsic(op, _) => op.name().to_owned(),
            Op::Concat(_) => "concat".to_owned(),
            Op::DropHandle(_) => "drop_handle".to_owned(),
            Op::Swap(stand_in, _) => {
                let item = stand_in.item(self.db);
                format!("swap {}.{}", item.name(self.db), stand_in.expr(self.db).0)
            }
        }
    }

    fn terminator(&self, terminator: &Terminator<'db>) -> String {
        let to = |block: BlockId, args: &[Value]| {
            let args: Vec<String> = args.iter().map(|v| format!("%{}", v.0)).collect();
            match args.as_slice() {
                [] => format!("b{}", block.0),
                args => format!("b{}({})", block.0, args.join(", ")),
            }
        };
        match terminator {
            Terminator::Jump(block, args) => format!("jump {}", to(*block, args)),
            Terminator::Branch { cond, then_block, then_args, else_block, else_args } => {
                format!(
                    "branch %{} {} else {}",
                    cond.0,
                    to(*then_block, then_args),
                    to(*else_block, else_args)
                )
            }
            Terminator::Switch { on, targets, default } => {
                let targets: Vec<String> = targets.iter().map(|b| to(*b, &[])).collect();
                let default = default.map_or_else(String::new, |b| format!(" else {}", to(b, &[])));
                format!("switch %{} [{}]{default}", on.0, targets.join(", "))
            }
            Terminator::Return(values) => {
                let values: Vec<String> = values.iter().map(|v| format!("%{}", v.0)).collect();
                format!("return {}", values.join(", "))
            }
            Terminator::Trap { kind, message, about, .. } => {
                let message = message.map_or_else(String::new, |v| format!(" %{}", v.0));
                let about = about.map_or_else(String::new, |v| format!(" of %{}", v.0));
                format!("trap {}{message}{about}", kind.name())
            }
            Terminator::Unreachable => "unreachable".to_owned(),
        }
    }
}

/// `WrappingAdd` as `wrapping_add`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
