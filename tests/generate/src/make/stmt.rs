//! Statements.

use super::{Maker, share};
use crate::model::{Block, Body, Expr, IntTy, Stmt, Type, Wants};

type StmtForm = fn(&mut Maker, usize) -> Option<Body>;

const FORMS: &[(usize, StmtForm)] = &[
    (14, Maker::let_stmt),
    (12, Maker::var_stmt),
    (4, Maker::taken_apart),
    (4, Maker::let_else),
    (5, Maker::stored_closure),
    (14, Maker::assignment),
    (12, Maker::operation),
    (14, Maker::change),
    (8, Maker::call_stmt),
    (6, Maker::if_stmt),
    (4, Maker::match_form),
    (5, Maker::match_inout),
    (8, Maker::for_stmt),
    (3, Maker::while_stmt),
    (4, Maker::part_by_part),
    (2, Maker::early_leave),
    (1, Maker::assertion),
];

impl Maker {
    /// Some statements, in the scope that is open.
    pub(super) fn stmts(&mut self, count: usize, size: usize) -> Vec<Stmt> {
        (0..count).map(|_| self.stmt(size)).collect()
    }

    fn stmt(&mut self, size: usize) -> Stmt {
        self.pay(1);
        for _ in 0..6 {
            let Some(form) = self.random.weighted(FORMS).copied() else { continue };
            if let Some(body) = form(self, size) {
                return body.stmt();
            }
        }
        let ty = self.some_type();
        Body::new("let _ = ").free(self.leaf(&ty)).stmt()
    }

    /// ` = e`, with the type written or not.
    fn initialised(&mut self, start: &str, name: &str, ty: &Type, value: Expr) -> Body {
        if self.chance(50) {
            return Body::new(format!("{start} {name}: {} = ", self.world.show(ty))).given(value);
        }
        Body::new(format!("{start} {name} = ")).free(value)
    }

    fn let_stmt(&mut self, size: usize) -> Option<Body> {
        let ty = self.some_or_any();
        let value = self.expr(&ty, size);
        let name = self.variable_name();
        let body = self.initialised("let", &name, &ty, value);
        self.bind(&name, &ty, false);
        Some(body)
    }

    fn some_or_any(&mut self) -> Type {
        if self.chance(50) { self.some_type() } else { self.any_type(2) }
    }

    fn var_stmt(&mut self, size: usize) -> Option<Body> {
        let ty = self.some_or_any();
        let value = self.expr(&ty, size);
        let name = self.variable_name();
        let body = self.initialised("var", &name, &ty, value);
        self.bind(&name, &ty, true);
        Some(body)
    }

    fn taken_apart(&mut self, size: usize) -> Option<Body> {
        let ty = if self.chance(50) {
            Type::Tuple(vec![self.some_type(), self.any_type(1)])
        } else {
            self.some_type()
        };
        let value = self.expr(&ty, size);
        let (text, bound) = self.irrefutable(&ty, 2);
        let is_mutable = self.chance(30);
        for (name, ty) in &bound {
            self.bind(name, ty, is_mutable);
        }
        Some(Body::new(if is_mutable { "var " } else { "let " }).text(text).text(" = ").free(value))
    }

    fn let_else(&mut self, size: usize) -> Option<Body> {
        let ty = self.some_type();
        let value = self.expr(&ty, share(size, 2));
        let (text, bound) = self.pattern(&ty, 2);
        let leaving = self.leaving(share(size, 2))?;
        self.bind_all(&bound);
        let body = Body::new(format!("let {text} = ")).receiver(value).text(" else ");
        Some(body.block(Block { stmts: vec![leaving.stmt()], value: None }))
    }

    /// A statement that doesn't end normally.
    fn leaving(&mut self, size: usize) -> Option<Body> {
        if self.frame.loops > 0 && self.chance(60) {
            return Some(Body::new(if self.chance(50) { "break" } else { "continue" }));
        }
        let result = self.frame.result.clone()?;
        if result == Type::Unit {
            return Some(Body::new("return"));
        }
        let value = self.expr(&result, size);
        Some(Body::new("return ").given(value))
    }

    /// A closure that a variable holds, or a list of some. What they captured is not changed from here on.
    fn stored_closure(&mut self, size: usize) -> Option<Body> {
        let params = (0..self.random.below(3)).map(|_| (false, self.some_type())).collect::<Vec<_>>();
        let result = self.some_type();
        let outer = std::mem::take(&mut self.frame.captured);
        let outer_barrier = self.frame.barrier;
        let count = if self.chance(25) { 1 + self.random.below(2) } else { 0 };
        let closure = self.closure_of(&params, &result, size);
        let mut closures = vec![closure];
        for _ in 0..count {
            closures.push(self.closure_of(&params, &result, share(size, 2)));
        }
        for at in std::mem::replace(&mut self.frame.captured, outer) {
            self.frame.scope[at].is_mutable = false;
            if at < outer_barrier && !self.frame.captured.contains(&at) {
                self.frame.captured.push(at);
            }
        }
        let function = Type::Fn(params, Box::new(result));
        let name = self.name("v");
        let body = Body::new(format!("let {name} = "));
        if count == 0 {
            self.bind(&name, &function, false);
            return closures.pop().map(|closure| body.given(closure));
        }
        self.bind(&name, &Type::list(function), false);
        let closures = closures.into_iter().map(|closure| Body::default().given(closure).pieces).collect();
        Some(body.text("[").many(closures, ", ").text("]"))
    }

    fn assignment(&mut self, size: usize) -> Option<Body> {
        let not_function = |ty: &Type| !matches!(ty, Type::Fn(..));
        let (ty, _, place) = self.place_where(&not_function, share(size, 3))?;
        let value = self.expr(&ty, share(size, 2));
        Some(place.text(" = ").given(value))
    }

    /// `place += e` and its like.
    fn operation(&mut self, size: usize) -> Option<Body> {
        let wanted = |ty: &Type| matches!(ty, Type::Int(_) | Type::Float(_) | Type::String | Type::Bool);
        let (ty, _, place) = self.place_where(&wanted, share(size, 3))?;
        let ops: &[&str] = match ty {
            Type::Int(_) => {
                &["+=", "-=", "*=", "+%=", "-%=", "*%=", "+|=", "-|=", "*|=", "&=", "|=", "^=", "/=", "%="]
            }
            Type::Float(_) => &["+=", "-=", "*=", "/=", "%="],
            Type::String => &["+="],
            _ => &["&=", "|=", "^="],
        };
        let op = ops[self.random.below(ops.len())];
        let value = self.expr(&ty, share(size, 2));
        Some(place.text(format!(" {op} ")).given(value))
    }

    /// A method that changes its receiver.
    fn change(&mut self, size: usize) -> Option<Body> {
        let wanted = |ty: &Type| matches!(ty, Type::List(_) | Type::Map(..) | Type::Set(_) | Type::String);
        let (ty, _, place) = self.place_where(&wanted, share(size, 3))?;
        match ty {
            Type::List(item) => self.change_list(place, &item, size),
            Type::Set(item) => Some(self.change_set(place, &item, size)),
            Type::Map(key, value) => {
                let key = self.expr(&key, share(size, 2));
                if self.chance(30) {
                    return Some(
                        Body::new("let _ = ").pieces(place.pieces).text(".remove(").given(key).text(")"),
                    );
                }
                let value = self.expr(&value, share(size, 2));
                Some(place.text("[").given(key).text("] = ").given(value))
            }
            _ => {
                let c = self.expr(&Type::Char, share(size, 2));
                Some(place.text(".push(").given(c).text(")"))
            }
        }
    }

    fn change_list(&mut self, place: Body, item: &Type, size: usize) -> Option<Body> {
        let small = |this: &mut Maker| this.small(IntTy::U32, 3);
        Some(match self.random.below(12) {
            0..=3 => {
                let value = self.expr(item, share(size, 1));
                place.text(".push(").given(value).text(")")
            }
            4 => Body::new("let _ = ").pieces(place.pieces).text(".pop()"),
            5 => {
                let value = self.expr(item, share(size, 1));
                let index = if self.chance(70) { Expr::word(&Type::U32, "0") } else { small(self) };
                place.text(".insert(").given(index).text(", ").given(value).text(")")
            }
            6 => {
                let other = self.expr(&Type::list(item.clone()), share(size, 1));
                let name = if self.chance(50) { "extend" } else { "append" };
                place.text(format!(".{name}(")).given(other).text(")")
            }
            7 => {
                let (a, b) = (small(self), small(self));
                place.text(".swap(").given(a).text(", ").given(b).text(")")
            }
            8 => place.text(".reverse()"),
            9 if self.is_data(item) => place.text(".sort()"),
            10 => {
                let count = small(self);
                place.text(".truncate(").given(count).text(")")
            }
            _ => {
                let index = small(self);
                Body::new("let _ = ").pieces(place.pieces).text(".remove(").given(index).text(")")
            }
        })
    }

    /// A call for what it changes.
    fn call_stmt(&mut self, size: usize) -> Option<Body> {
        let changes = |at: &usize| self.world.functions[*at].params.iter().any(|param| param.inout);
        let changing: Vec<_> = (0..self.world.functions.len())
            .filter(|at| changes(at) && !self.frame.own.contains(at))
            .collect();
        let at = *self.random.pick(&changing)?;
        // The type of a place that could be passed tells the type arguments.
        let function = self.world.functions[at].clone();
        let mut known = vec![None; function.generics.len()];
        if let Some(param) = function.params.iter().find(|param| param.inout) {
            let arity = function.generics.len();
            let (ty, ..) = self.place_where(&|ty| param.ty.fits(ty, &mut vec![None; arity]), 0)?;
            param.ty.fits(&ty, &mut known);
        }
        let call = self.call_of(at, known, size)?;
        if call.ty == Type::Unit {
            return Some(Body::default().given(call));
        }
        let name = self.name("v");
        self.bind(&name, &call.ty.clone(), false);
        Some(self.initialised("let", &name, &call.ty.clone(), call))
    }

    fn if_stmt(&mut self, size: usize) -> Option<Body> {
        let (condition, bindings) = self.chain(share(size, 3));
        let count = 1 + self.random.below(2);
        let then = self.scoped(|this| {
            this.bind_all(&bindings);
            this.stmts(count, share(size, 2))
        });
        let body = Body::new("if ").given(condition).text(" ").block(Block { stmts: then, value: None });
        if self.chance(50) {
            return Some(body);
        }
        let otherwise = self.scoped(|this| this.stmts(1, share(size, 2)));
        Some(body.text(" else ").block(Block { stmts: otherwise, value: None }))
    }

    fn match_form(&mut self, size: usize) -> Option<Body> {
        Some(self.match_stmt(size))
    }

    pub(super) fn loop_body(&mut self, times: u64, bindings: &[(String, Type)], size: usize) -> Block {
        self.frame.loops += 1;
        let count = 1 + self.random.below(3);
        let stmts = self.repeated(times, |this| {
            this.scoped(|this| {
                this.bind_all(bindings);
                let mut stmts = this.stmts(count, share(size, count));
                if this.chance(15) {
                    let condition = this.condition(1);
                    let jump = if this.chance(50) { "break" } else { "continue" };
                    let jump = Block { stmts: vec![Body::new(jump).stmt()], value: None };
                    stmts.push(Body::new("if ").receiver(condition).text(" ").block(jump).stmt());
                    stmts.extend(this.stmts(1, share(size, count)));
                }
                stmts
            })
        });
        self.frame.loops -= 1;
        Block { stmts, value: None }
    }

    fn for_stmt(&mut self, size: usize) -> Option<Body> {
        if self.frame.times > 40 {
            return None;
        }
        if self.chance(40) {
            let int = self.int_type();
            let (start, end) = (self.small(int, 3), 1 + self.random.below(5));
            let name = self.variable_name();
            let body = self.loop_body(5, &[(name.clone(), Type::Int(int))], size);
            // The start's type is the range's.
            let dots = if self.chance(30) { "..=" } else { ".." };
            let head = Body::new(format!("for {name} in ")).free(start).text(format!("{dots}{end} "));
            return Some(head.block(body));
        }
        let item = self.some_type();
        let visited = self.world.visited.clone();
        let visited = if self.chance(30) { self.random.pick(&visited) } else { None };
        let (over, item) = match self.random.below(6) {
            _ if let Some(visited) = visited => (Type::Named(visited.decl, Vec::new()), visited.item.clone()),
            0 => (Type::String, Type::Char),
            2 => {
                let key = self.key_type();
                (Type::Set(Box::new(key.clone())), key)
            }
            1 => {
                let key = self.key_type();
                (Type::map(key.clone(), item.clone()), Type::Tuple(vec![key, item]))
            }
            _ => (Type::list(item.clone()), item),
        };
        let over = self.expr(&over, share(size, 2));
        let (text, bound) = self.irrefutable(&item, 2);
        let body = self.loop_body(4, &bound, share(size, 2));
        Some(Body::new(format!("for {text} in ")).receiver(over).text(" ").block(body))
    }

    /// A loop that counts down a variable of its own, or empties a list.
    fn while_stmt(&mut self, size: usize) -> Option<Body> {
        if self.frame.times > 40 {
            return None;
        }
        let counter = self.name("left");
        let turns = 1 + self.random.below(5);
        let (more, bindings) = self.chain(share(size, 3));
        let mut body = self.loop_body(5, &bindings, size);
        body.stmts.insert(0, Body::new(format!("{counter} -= 1")).stmt());
        let inner = Body::new(format!("while {counter} > 0 && ")).given(more).text(" ").block(body);
        Some(Body::new(format!("var {counter}: u8 = {turns}; ")).pieces(inner.pieces))
    }

    /// `if c { return e }`
    fn early_leave(&mut self, size: usize) -> Option<Body> {
        let condition = self.condition(share(size, 2));
        let leaving = self.leaving(share(size, 2))?;
        let block = Block { stmts: vec![leaving.stmt()], value: None };
        Some(Body::new("if ").receiver(condition).text(" ").block(block))
    }

    fn assertion(&mut self, size: usize) -> Option<Body> {
        let condition = self.condition(size);
        let likely = Expr::of(&Type::Bool).hole(condition, Wants::Nothing, true).text(" || true").loose();
        Some(Body::new("assert ").given(likely))
    }
}
