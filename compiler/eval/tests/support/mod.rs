//! Typed HIR by hand: a world of a few items, and a builder of bodies.

#![allow(dead_code, reason = "every test binary uses a part of it")]

use dot_db::{Database, Db, Item, Module, Origin, Package, PackageTexts};
use dot_eval::{Failure, Limits, Program, Value, call};
use dot_syntax::ItemKind;
use dot_types::thir::{
    Arg, Body, Callee, Expr, ExprId, ExprKind, Literal, Local, LocalId, Param, Pattern, Place, Stmt,
};
use dot_types::{AdtDef, FloatKind, IntKind, Intrinsic, Mode, Ty, TyKind};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

#[salsa::tracked(returns(clone))]
fn items<'db>(db: &'db dyn Db, package: Package) -> Vec<Item<'db>> {
    let module = Module::new(db, package, smol_str::SmolStr::from("test"), None);
    let kinds = [
        (ItemKind::Fn, "f"),
        (ItemKind::Fn, "g"),
        (ItemKind::Fn, "h"),
        (ItemKind::Const, "K"),
        (ItemKind::Record, "Point"),
        (ItemKind::Record, "Nothing"),
        (ItemKind::Variant, "Expr"),
        (ItemKind::Flags, "Perm"),
    ];
    let make = |(kind, name): (ItemKind, &str)| {
        Item::new(db, module, kind, "".into(), name.into(), 0, Arc::from(""), 0)
    };
    kinds.map(make).to_vec()
}

/// A program made by hand.
pub struct World<'db> {
    pub db: &'db Database,
    items: Vec<Item<'db>>,
    bodies: RefCell<BTreeMap<&'static str, &'db Body<'db>>>,
    adts: RefCell<BTreeMap<&'static str, &'db AdtDef<'db>>>,
}

impl<'db> Program<'db> for World<'db> {
    fn db(&self) -> &'db dyn Db {
        self.db
    }

    fn body(&self, item: Item<'db>) -> Option<&'db Body<'db>> {
        self.bodies.borrow().get(item.name(self.db).as_str()).copied()
    }

    fn adt(&self, item: Item<'db>) -> Option<&'db AdtDef<'db>> {
        self.adts.borrow().get(item.name(self.db).as_str()).copied()
    }

    fn intrinsic(&self, item: Item<'db>) -> Option<Intrinsic> {
        (item.name(self.db) == "h" && !self.bodies.borrow().contains_key("h")).then_some(Intrinsic::ListLen)
    }
}

/// Runs a test in a world of its own.
pub fn in_world(test: impl FnOnce(&World<'_>)) {
    let db = Database::default();
    let package = PackageTexts::new("local:test", Origin::User, &[]).add_to(&db);
    let items = items(&db, package);
    test(&World { db: &db, items, bodies: RefCell::default(), adts: RefCell::default() });
}

impl<'db> World<'db> {
    pub fn item(&self, name: &str) -> Item<'db> {
        *self.items.iter().find(|item| item.name(self.db) == name).expect("an item of the world")
    }

    /// Gives an item its body. Bodies live as long as the process, which is a test.
    pub fn define(&self, name: &'static str, body: Body<'db>) {
        self.bodies.borrow_mut().insert(name, Box::leak(Box::new(body)));
    }

    pub fn define_adt(&self, name: &'static str, def: AdtDef<'db>) {
        self.adts.borrow_mut().insert(name, Box::leak(Box::new(def)));
    }

    pub fn run(&self, name: &str, args: Vec<Value<'db>>) -> Result<Value<'db>, Failure<'db>> {
        call(self, self.item(name), &[], args, Limits::PROGRAM)
    }

    pub fn run_with(
        &self,
        limits: Limits,
        name: &str,
        args: Vec<Value<'db>>,
    ) -> Result<Value<'db>, Failure<'db>> {
        call(self, self.item(name), &[], args, limits)
    }

    pub fn ty(&self, kind: TyKind<'db>) -> Ty<'db> {
        Ty::new(self.db, kind)
    }

    pub fn int(&self, kind: IntKind) -> Ty<'db> {
        self.ty(TyKind::Int(kind))
    }

    pub fn s64(&self) -> Ty<'db> {
        self.int(IntKind::S64)
    }

    pub fn f64(&self) -> Ty<'db> {
        self.ty(TyKind::Float(FloatKind::F64))
    }

    pub fn string(&self) -> Ty<'db> {
        self.ty(TyKind::String)
    }

    pub fn list(&self, item: Ty<'db>) -> Ty<'db> {
        self.ty(TyKind::List(item))
    }

    pub fn unit(&self) -> Ty<'db> {
        Ty::unit(self.db)
    }

    pub fn code(&self) -> Code<'db> {
        Code {
            db: self.db,
            body: Body {
                params: Vec::new(),
                ret: Ty::unit(self.db),
                locals: Vec::new(),
                exprs: Vec::new(),
                root: ExprId(0),
            },
        }
    }

    /// Defines `f` as an expression and evaluates it.
    pub fn eval(&self, build: impl FnOnce(&mut Code<'db>) -> ExprId) -> Result<Value<'db>, Failure<'db>> {
        let mut code = self.code();
        let root = build(&mut code);
        self.define("f", code.finish(root));
        self.run("f", Vec::new())
    }
}

/// A body in the making.
pub struct Code<'db> {
    db: &'db Database,
    body: Body<'db>,
}

impl<'db> Code<'db> {
    pub fn finish(mut self, root: ExprId) -> Body<'db> {
        self.body.root = root;
        self.body.ret = self.body.expr(root).ty;
        self.body
    }

    pub fn expr(&mut self, ty: Ty<'db>, kind: ExprKind<'db>) -> ExprId {
        self.body.exprs.push(Expr { kind, ty });
        ExprId(self.body.exprs.len() as u32 - 1)
    }

    pub fn local(&mut self, ty: Ty<'db>) -> LocalId {
        self.body.locals.push(Local { name: "".into(), ty });
        LocalId(self.body.locals.len() as u32 - 1)
    }

    pub fn param(&mut self, ty: Ty<'db>, mode: Mode) -> LocalId {
        let local = self.local(ty);
        self.body.params.push(Param { local, mode });
        local
    }

    pub fn get(&mut self, local: LocalId) -> ExprId {
        let ty = self.body.local(local).ty;
        self.expr(ty, ExprKind::Local(local))
    }

    fn ty(&self, kind: TyKind<'db>) -> Ty<'db> {
        Ty::new(self.db, kind)
    }

    pub fn type_of(&self, id: ExprId) -> Ty<'db> {
        self.body.expr(id).ty
    }

    pub fn int(&mut self, kind: IntKind, value: i128) -> ExprId {
        let ty = self.ty(TyKind::Int(kind));
        self.expr(ty, ExprKind::Literal(Literal::Int(value)))
    }

    pub fn s64(&mut self, value: i128) -> ExprId {
        self.int(IntKind::S64, value)
    }

    pub fn float(&mut self, value: f64) -> ExprId {
        let ty = self.ty(TyKind::Float(FloatKind::F64));
        self.expr(ty, ExprKind::Literal(Literal::Float(value.to_bits())))
    }

    pub fn text(&mut self, text: &str) -> ExprId {
        let ty = self.ty(TyKind::String);
        self.expr(ty, ExprKind::Literal(Literal::String(text.into())))
    }

    pub fn bool(&mut self, value: bool) -> ExprId {
        let ty = self.ty(TyKind::Bool);
        self.expr(ty, ExprKind::Literal(Literal::Bool(value)))
    }

    pub fn list(&mut self, item: Ty<'db>, items: &[ExprId]) -> ExprId {
        let ty = self.ty(TyKind::List(item));
        let parts = items.iter().map(|id| dot_types::thir::ListPart::Item(*id)).collect();
        self.expr(ty, ExprKind::List(parts))
    }

    pub fn unit(&mut self) -> ExprId {
        let ty = Ty::unit(self.db);
        self.expr(ty, ExprKind::Tuple(Vec::new()))
    }

    pub fn binary(&mut self, op: dot_types::thir::BinaryOp, left: ExprId, right: ExprId) -> ExprId {
        let ty = self.type_of(left);
        self.expr(ty, ExprKind::Binary { op, left, right })
    }

    pub fn compare(&mut self, op: dot_types::thir::CompareOp, left: ExprId, right: ExprId) -> ExprId {
        let ty = self.ty(TyKind::Bool);
        self.expr(ty, ExprKind::Compare { op, left, right })
    }

    pub fn if_else(&mut self, cond: ExprId, then_branch: ExprId, else_branch: ExprId) -> ExprId {
        let ty = self.type_of(then_branch);
        self.expr(ty, ExprKind::If { cond, then_branch, else_branch: Some(else_branch) })
    }

    pub fn block(&mut self, stmts: Vec<Stmt>, tail: ExprId) -> ExprId {
        let ty = self.type_of(tail);
        self.expr(ty, ExprKind::Block { stmts, tail: Some(tail) })
    }

    pub fn body(&mut self, stmts: Vec<Stmt>) -> ExprId {
        let ty = Ty::unit(self.db);
        self.expr(ty, ExprKind::Block { stmts, tail: None })
    }

    pub fn call(&mut self, ty: Ty<'db>, item: Item<'db>, args: Vec<Arg>) -> ExprId {
        self.expr(ty, ExprKind::Call { callee: Callee::Item { item, type_args: Vec::new() }, args })
    }

    pub fn intrinsic(&mut self, op: Intrinsic, type_arg: Ty<'db>, ret: Ty<'db>, args: Vec<Arg>) -> ExprId {
        self.expr(ret, ExprKind::Call { callee: Callee::Intrinsic { op, type_args: vec![type_arg] }, args })
    }
}

pub fn bind(local: LocalId, init: ExprId) -> Stmt {
    Stmt::Let { pattern: Pattern::Bind(local, None), init, otherwise: None }
}

pub fn set(local: LocalId, value: ExprId) -> Stmt {
    Stmt::Assign { place: place(local), op: None, value }
}

pub fn place(root: LocalId) -> Place {
    Place { root, path: Vec::new() }
}

pub fn inout(root: LocalId) -> Arg {
    Arg::InOut(place(root))
}

pub fn values(ids: &[ExprId]) -> Vec<Arg> {
    ids.iter().map(|id| Arg::Value(*id)).collect()
}

pub fn ints(items: &[i128]) -> Value<'static> {
    Value::list(items.iter().map(|item| Value::int(*item)).collect())
}
